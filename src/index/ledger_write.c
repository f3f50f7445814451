/* The chronicle of a tip as rows. */
#include "ledger_rows.h"

#include <stdlib.h>

/* ---- numbers ---- */

/* New indices get the rows behind the last one. */
static int number(sqlite3 *db, const char *sql, row_numbers *rows, size_t n, struct err *e)
{
    int64_t next = 0;
    if (rows->n < n && db_number(db, sql, 0, &next, e))
        return -1;
    while (rows->n < n)
        vec_push(rows, next++);
    return 0;
}

static void bind_row(sqlite3_stmt *s, int i, const row_numbers *rows, uint32_t index)
{
    if (index == LEDGER_NONE)
        sqlite3_bind_null(s, i);
    else
        bind_number(s, i, rows->v[index]);
}

static void bind_date(sqlite3_stmt *s, int i, struct date date)
{
    if (date.year)
        bind_number(s, i, date_days(date));
    else
        sqlite3_bind_null(s, i);
}

/* INSERT OR REPLACE INTO table VALUES (?1, ?2, ...) */
static int prepare_insert(sqlite3 *db, const char *table, int columns, sqlite3_stmt **s,
                          struct err *e)
{
    struct str sql = STR_INIT;
    str_addf(&sql, "INSERT OR REPLACE INTO %s VALUES (?1", table);
    for (int i = 2; i <= columns; i++)
        str_addf(&sql, ", ?%d", i);
    str_addc(&sql, ')');
    int failed = db_prepare(db, sql.p, s, e);
    str_release(&sql);
    return failed;
}

static int bind_word(sqlite3_stmt *s, int i, struct words *w, struct slice text, struct err *e)
{
    int64_t n;
    if (words_number(w, text, &n, e))
        return -1;
    bind_number(s, i, n);
    return 0;
}

/* ---- tables ---- */

static int bind_person(struct ledger_rows *w, sqlite3_stmt *s, int i,
                       const struct chronicle_commit *commit, struct err *e)
{
    struct str text = STR_INIT;
    str_addf(&text, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(commit->author), SLICE_ARG(commit->email));
    int failed = bind_word(s, i, &w->people, str_slice(&text), e);
    str_release(&text);
    return failed;
}

static int write_commits(struct ledger_rows *w, size_t known, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = prepare_insert(w->db, "commits", 4, &s, e);
    for (size_t i = 0; !failed && i < w->c->ncommits; i++) {
        const struct chronicle_commit *commit = &w->c->commits[i];
        if (w->commits.v[i] < (int64_t)known)
            continue;
        bind_number(s, 1, w->commits.v[i]);
        bind_oid(s, 2, &commit->id);
        bind_number(s, 3, commit->at);
        failed = bind_person(w, s, 4, commit, e) || db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

static const struct oid *blob_of(const struct ledger_rows *w, const struct version *v)
{
    return v ? chronicle_blob(w->c, v) : NULL;
}

/* How many were gone from a document's path when it went. */
static int64_t gone_before(const struct ledger *l, const struct ledger_document *d)
{
    int64_t n = 0;
    for (uint32_t at = d->older_here; !d->present && at != LEDGER_NONE;
         at = l->documents[at].older_here)
        n++;
    return n;
}

static int write_documents(const struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    sqlite3_stmt *s = NULL;
    int failed = prepare_insert(w->db, "documents", DOC_COLUMNS, &s, e);
    for (size_t i = 0; !failed && i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        bind_number(s, 1 + DOC_N, w->documents.v[i]);
        bind_text(s, 1 + DOC_PATH, d->path);
        bind_text(s, 1 + DOC_NAME, w->names ? w->names[i] : slice_of(""));
        bind_text(s, 1 + DOC_ID, d->id);
        bind_number(s, 1 + DOC_PRESENT, d->present);
        bind_number(s, 1 + DOC_READABLE, d->readable);
        bind_number(s, 1 + DOC_DRAFT, d->draft);
        bind_number(s, 1 + DOC_NUMBERS, d->items);
        bind_oid(s, 1 + DOC_VERSION, blob_of(w, d->version));
        bind_oid(s, 1 + DOC_CONTENT, blob_of(w, d->content));
        bind_row(s, 1 + DOC_CREATED, &w->commits, d->created);
        bind_row(s, 1 + DOC_UPDATED, &w->commits, d->updated);
        bind_number(s, 1 + DOC_ID_SINCE, d->id_since);
        bind_number(s, 1 + DOC_GONE, gone_before(l, d));
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

/* Where an item stands in its document now: its place and its nested text. */
struct slot {
    bool known;
    uint32_t at;
    struct slice nested;
};

static struct slot *find_slots(const struct ledger *l)
{
    struct slot *slots = xcalloc(l->nitems + 1, sizeof *slots);
    for (size_t i = 0; i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        for (size_t k = 0; d->present && d->version && k < d->version->nitems; k++)
            slots[d->current[k]] = (struct slot){true, (uint32_t)k, d->version->items[k].nested};
    }
    return slots;
}

static int bind_stated(struct ledger_rows *w, sqlite3_stmt *s, const struct stated *now,
                       struct err *e)
{
    bind_text(s, 1 + ITEM_TEXT, now->text);
    bind_number(s, 1 + ITEM_STATED, now->state);
    bind_text(s, 1 + ITEM_REASON, now->reason);
    bind_date(s, 1 + ITEM_DUE, now->due);
    bind_text(s, 1 + ITEM_TRACKER, now->tracker);
    bind_number(s, 1 + ITEM_ELSEWHERE, now->tracker.n && !w->authority);
    bind_text(s, 1 + ITEM_LINKS, now->links);
    return bind_word(s, 1 + ITEM_OWNERS, &w->words, now->owners, e) ||
           bind_word(s, 1 + ITEM_TYPE, &w->words, now->type, e) ||
           bind_word(s, 1 + ITEM_PRIORITY, &w->words, now->priority, e);
}

static void bind_history(const struct ledger_rows *w, sqlite3_stmt *s,
                         const struct ledger_item *item)
{
    bind_number(s, 1 + ITEM_STATE, item->state);
    bind_date(s, 1 + ITEM_FIRST_DUE, item->first_due);
    bind_date(s, 1 + ITEM_LAST_DUE, item->last_due);
    bind_row(s, 1 + ITEM_OPENED_CHANGE, &w->commits, item->opened_change);
    bind_row(s, 1 + ITEM_OPENED_LANDING, &w->commits, item->opened_landing);
    bind_row(s, 1 + ITEM_CLOSED_CHANGE, &w->commits, item->closed_change);
    bind_row(s, 1 + ITEM_CLOSED_LANDING, &w->commits, item->closed_landing);
    bind_number(s, 1 + ITEM_SLIPS, item->slips);
    bind_number(s, 1 + ITEM_SLIPPED_DAYS, item->slipped_days);
    bind_number(s, 1 + ITEM_REOPENED, item->reopened);
    bind_row(s, 1 + ITEM_SINCE, &w->commits, item->since);
    bind_number(s, 1 + ITEM_PROMISED, item->promised);
}

/* A restored item that went elsewhere long ago has its successor only in the store. */
static void bind_successor(const struct ledger_rows *w, sqlite3_stmt *s, size_t i)
{
    const struct ledger_item *item = &w->c->ledger->items[i];
    bool went = item->state == ITEM_MOVED || item->state == ITEM_FOLDED;
    int64_t stored = i < w->successors.n ? w->successors.v[i] : -1;
    if (item->successor == LEDGER_NONE && went && stored >= 0)
        bind_number(s, 1 + ITEM_SUCCESSOR, stored);
    else
        bind_row(s, 1 + ITEM_SUCCESSOR, &w->items, item->successor);
}

static int bind_item(struct ledger_rows *w, sqlite3_stmt *s, size_t i, const struct slot *slot,
                     struct err *e)
{
    const struct ledger_item *item = &w->c->ledger->items[i];
    bind_number(s, 1 + ITEM_N, w->items.v[i]);
    bind_row(s, 1 + ITEM_DOCUMENT, &w->documents, item->document);
    bind_number(s, 1 + ITEM_NUMBER, item->number);
    if (slot->known)
        bind_number(s, 1 + ITEM_SLOT, slot->at);
    else
        sqlite3_bind_null(s, 1 + ITEM_SLOT);
    bind_text(s, 1 + ITEM_ID, item->id);
    bind_number(s, 1 + ITEM_LINE, item->line);
    bind_text(s, 1 + ITEM_NESTED, slot->nested);
    bind_history(w, s, item);
    bind_successor(w, s, i);
    if (slice_eq(item->key, item->now.text))
        sqlite3_bind_null(s, 1 + ITEM_KEY);
    else
        bind_text(s, 1 + ITEM_KEY, item->key);
    bind_text(s, 1 + ITEM_GROUPED, item->group);
    bind_number(s, 1 + ITEM_POSITION, item->position);
    return bind_stated(w, s, &item->now, e);
}

static int insert_items(struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    struct slot *slots = find_slots(l);
    struct str ref = STR_INIT;
    /* Documents without names: what is left of a reference is what follows the name. */
    struct ledger_names nameless = {.of = xcalloc(l->ndocuments, sizeof *nameless.of)};
    sqlite3_stmt *s = NULL;
    int failed = prepare_insert(w->db, "items", ITEM_COLUMNS, &s, e);
    for (size_t i = 0; !failed && i < l->nitems; i++) {
        str_clear(&ref);
        ledger_ref(&ref, l, &nameless, (uint32_t)i);
        failed = bind_item(w, s, i, &slots[i], e);
        bind_text(s, 1 + ITEM_LABEL, slice_sub(str_slice(&ref), 1, ref.n));
        failed = failed || db_run(s, e);
    }
    sqlite3_finalize(s);
    str_release(&ref);
    free(nameless.of);
    free(slots);
    return failed;
}

/* Events that tell an item's text, where that is to be another one now. */
static int keep_texts(struct ledger_rows *w, size_t known, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db,
                            "UPDATE events SET after = i.text FROM items i WHERE i.n = ?1 "
                            "AND item = ?1 AND after IS NULL AND i.text <> ?2",
                            &s, e);
    for (size_t i = 0; !failed && i < known; i++) {
        bind_number(s, 1, w->items.v[i]);
        bind_text(s, 2, w->c->ledger->items[i].now.text);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

#define TALLIED "SELECT state, elsewhere, iif(state <= 2, coalesce(due, ''), ''), "

/* Counts items by their rows, or takes them away from what was counted. */
static int tally(struct ledger_rows *w, size_t n, int by, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db,
                            "INSERT INTO tallies " TALLIED "?2 FROM items WHERE n = ?1 "
                            "ON CONFLICT DO UPDATE SET items = items + excluded.items",
                            &s, e);
    for (size_t i = 0; !failed && i < n; i++) {
        bind_number(s, 1, w->items.v[i]);
        bind_number(s, 2, by);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

/* known: so many are rows already. */
static int write_items(struct ledger_rows *w, size_t known, bool first, struct err *e)
{
    if (first)
        return insert_items(w, e) ||
               db_exec(w->db, "INSERT INTO tallies " TALLIED "count(*) FROM items GROUP BY 1, 2, 3",
                       e);
    return tally(w, known, -1, e) || keep_texts(w, known, e) || insert_items(w, e) ||
           tally(w, w->c->ledger->nitems, 1, e);
}

/* ---- events ---- */

/* In the order of their table, so that it is filled from its beginning. */
struct event_place {
    int64_t item;
    size_t event;
};

static int by_item(const void *x, const void *y)
{
    const struct event_place *a = x, *b = y;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

static struct event_place *events_in_order(const struct ledger_rows *w)
{
    const struct ledger *l = w->c->ledger;
    struct event_place *order = xcalloc(l->nevents + 1, sizeof *order);
    for (size_t i = 0; i < l->nevents; i++)
        order[i] = (struct event_place){w->items.v[l->events[i].item], i};
    qsort(order, l->nevents, sizeof *order, by_item);
    return order;
}

static int insert_event(const struct ledger_rows *w, sqlite3_stmt *s, int64_t n,
                        const struct ledger_event *event, struct err *e)
{
    bool tells_text = event->kind == EVENT_OPENED || event->kind == EVENT_REWORDED;
    bind_row(s, 1, &w->items, event->item);
    bind_number(s, 2, n);
    bind_number(s, 3, event->kind);
    bind_text(s, 4, event->before);
    if (tells_text && slice_eq(event->after, w->c->ledger->items[event->item].now.text))
        sqlite3_bind_null(s, 5);
    else
        bind_text(s, 5, event->after);
    bind_number(s, 6, event->days);
    bind_row(s, 7, &w->commits, event->change);
    bind_row(s, 8, &w->commits, event->landing);
    return db_run(s, e);
}

/* known: items that may have some already. */
static int write_events(const struct ledger_rows *w, size_t known, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    struct event_place *order = events_in_order(w);
    sqlite3_stmt *s = NULL;
    int64_t n = 0;
    int failed = prepare_insert(w->db, "events", 8, &s, e);
    for (size_t i = 0; !failed && i < l->nevents; i++) {
        if (i == 0 || order[i].item != order[i - 1].item) {
            n = 0;
            if (l->events[order[i].event].item < known)
                failed = db_number(w->db, "SELECT max(n) + 1 FROM events WHERE item = ?1",
                                   order[i].item, &n, e);
        }
        failed = failed || insert_event(w, s, n++, &l->events[order[i].event], e);
    }
    sqlite3_finalize(s);
    free(order);
    return failed;
}

/* ---- all of it ---- */

static int write_fresh(const struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    sqlite3_stmt *s = NULL;
    int failed = db_exec(w->db, "DELETE FROM fresh", e) ||
                 db_prepare(w->db, "INSERT OR IGNORE INTO fresh VALUES (?1)", &s, e);
    for (size_t i = 0; !failed && i < l->nitems; i++) {
        if (l->items[i].since != l->previous)
            continue;
        bind_row(s, 1, &w->documents, l->items[i].document);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

int ledger_rows_write(struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    int64_t commits = 0, items = 0;
    size_t known = w->items.n;
    return db_number(w->db, "SELECT max(n) + 1 FROM commits", 0, &commits, e) ||
                   db_number(w->db, "SELECT max(n) + 1 FROM items", 0, &items, e) ||
                   number(w->db, "SELECT max(n) + 1 FROM commits", &w->commits, w->c->ncommits,
                          e) ||
                   number(w->db, "SELECT max(n) + 1 FROM documents", &w->documents,
                          l->ndocuments, e) ||
                   number(w->db, "SELECT max(n) + 1 FROM items", &w->items, l->nitems, e) ||
                   write_commits(w, (size_t)commits, e) || write_documents(w, e) ||
                   write_items(w, known, items == 0, e) || write_events(w, known, e) ||
                   write_fresh(w, e)
               ? -1
               : 0;
}

int ledger_meta_write(struct ledger_rows *w, int64_t chain, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    int64_t documents = w->documents_besides, unreadable = w->unreadable_besides;
    int64_t previous = l->previous == LEDGER_NONE ? -1 : w->commits.v[l->previous];
    for (size_t i = 0; i < l->ndocuments; i++) {
        documents += l->documents[i].present;
        unreadable += l->documents[i].present && !l->documents[i].readable;
    }
    return meta_put_number(w->db, "documents", documents, e) ||
                   meta_put_number(w->db, "unreadable", unreadable, e) ||
                   meta_put_number(w->db, "previous", previous, e) ||
                   meta_put_number(w->db, "ids_taken", l->ids_taken, e) ||
                   meta_put_number(w->db, "forward", w->c->forward, e) ||
                   meta_put_number(w->db, "edits", (int64_t)w->c->edits, e) ||
                   meta_put_number(w->db, "rows", (int64_t)chronicle_rows(w->c), e) ||
                   meta_put_number(w->db, "chain", chain, e)
               ? -1
               : 0;
}

void ledger_rows_init(struct ledger_rows *w, const struct index *i, sqlite3 *db)
{
    *w = (struct ledger_rows){
        .db = db,
        .authority = i->state->schema->actions.authority_document,
        .words = {.db = &w->db, .table = "words"},
        .people = {.db = &w->db, .table = "people"},
    };
}

void ledger_rows_release(struct ledger_rows *w)
{
    vec_release(&w->commits);
    vec_release(&w->documents);
    vec_release(&w->items);
    vec_release(&w->successors);
    words_release(&w->words);
    words_release(&w->people);
}

int ledger_write(struct index *i, sqlite3 *db, struct err *e)
{
    struct ledger_rows w;
    struct ledger_names names;
    struct chronicle *c = NULL;
    if (chronicle_build(&c, i->repo, &i->tip, &i->state->selection, i->progress, i->progress_ctx,
                        e))
        return -1;
    ledger_rows_init(&w, i, db);
    w.c = c;
    ledger_names_init(&names, c->ledger);
    w.names = names.of;
    int failed = ledger_rows_write(&w, e) || ledger_meta_write(&w, (int64_t)c->chain, e) ||
                 meta_put_number(db, "shallow", c->shallow, e);
    ledger_names_release(&names);
    ledger_rows_release(&w);
    chronicle_free(c);
    return failed ? -1 : 0;
}
