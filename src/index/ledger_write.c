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

/* ---- tables ---- */

static int write_commits(const struct ledger_rows *w, size_t known, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = prepare_insert(w->db, "commits", 5, &s, e);
    for (size_t i = 0; !failed && i < w->c->ncommits; i++) {
        const struct chronicle_commit *commit = &w->c->commits[i];
        if (w->commits.v[i] < (int64_t)known)
            continue;
        bind_number(s, 1, w->commits.v[i]);
        bind_oid(s, 2, &commit->id);
        bind_number(s, 3, commit->at);
        bind_text(s, 4, commit->author);
        bind_text(s, 5, commit->email);
        failed = db_run(s, e);
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

static void bind_stated(sqlite3_stmt *s, const struct stated *now)
{
    bind_text(s, 1 + ITEM_TEXT, now->text);
    bind_number(s, 1 + ITEM_STATED, now->state);
    bind_text(s, 1 + ITEM_REASON, now->reason);
    bind_text(s, 1 + ITEM_OWNERS, now->owners);
    bind_date(s, 1 + ITEM_DUE, now->due);
    bind_text(s, 1 + ITEM_TYPE, now->type);
    bind_text(s, 1 + ITEM_PRIORITY, now->priority);
    bind_text(s, 1 + ITEM_TRACKER, now->tracker);
    bind_text(s, 1 + ITEM_LINKS, now->links);
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

static void bind_item(const struct ledger_rows *w, sqlite3_stmt *s, size_t i,
                      const struct slot *slot)
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
    bind_stated(s, &item->now);
    bind_history(w, s, item);
    bind_successor(w, s, i);
    bind_text(s, 1 + ITEM_KEY, item->key);
    bind_text(s, 1 + ITEM_GROUPED, item->group);
    bind_number(s, 1 + ITEM_POSITION, item->position);
}

static int write_items(const struct ledger_rows *w, struct err *e)
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
        bind_item(w, s, i, &slots[i]);
        bind_text(s, 1 + ITEM_LABEL, slice_sub(str_slice(&ref), 1, ref.n));
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    str_release(&ref);
    free(nameless.of);
    free(slots);
    return failed;
}

static int write_events(const struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    sqlite3_stmt *s = NULL;
    int64_t n = 0;
    int failed = db_number(w->db, "SELECT max(n) + 1 FROM events", 0, &n, e) ||
                 prepare_insert(w->db, "events", 8, &s, e);
    for (size_t i = 0; !failed && i < l->nevents; i++) {
        const struct ledger_event *event = &l->events[i];
        bind_number(s, 1, n++);
        bind_row(s, 2, &w->items, event->item);
        bind_number(s, 3, event->kind);
        bind_text(s, 4, event->before);
        bind_text(s, 5, event->after);
        bind_number(s, 6, event->days);
        bind_row(s, 7, &w->commits, event->change);
        bind_row(s, 8, &w->commits, event->landing);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

int ledger_rows_write(struct ledger_rows *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    int64_t known = 0;
    return db_number(w->db, "SELECT max(n) + 1 FROM commits", 0, &known, e) ||
                   number(w->db, "SELECT max(n) + 1 FROM commits", &w->commits, w->c->ncommits,
                          e) ||
                   number(w->db, "SELECT max(n) + 1 FROM documents", &w->documents,
                          l->ndocuments, e) ||
                   number(w->db, "SELECT max(n) + 1 FROM items", &w->items, l->nitems, e) ||
                   write_commits(w, (size_t)known, e) || write_documents(w, e) ||
                   write_items(w, e) || write_events(w, e)
               ? -1
               : 0;
}

int ledger_meta_write(struct ledger_rows *w, int64_t chain, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    int64_t documents = 0, unreadable = 0;
    int64_t previous = l->previous == LEDGER_NONE ? -1 : w->commits.v[l->previous];
    return db_number(w->db, "SELECT count(*) FROM documents WHERE present", 0, &documents, e) ||
                   db_number(w->db,
                             "SELECT count(*) FROM documents WHERE present AND NOT readable", 0,
                             &unreadable, e) ||
                   meta_put_number(w->db, "documents", documents, e) ||
                   meta_put_number(w->db, "unreadable", unreadable, e) ||
                   meta_put_number(w->db, "previous", previous, e) ||
                   meta_put_number(w->db, "ids_taken", l->ids_taken, e) ||
                   meta_put_number(w->db, "forward", w->c->forward, e) ||
                   meta_put_number(w->db, "chain", chain, e)
               ? -1
               : 0;
}

void ledger_rows_release(struct ledger_rows *w)
{
    vec_release(&w->commits);
    vec_release(&w->documents);
    vec_release(&w->items);
    vec_release(&w->successors);
}

int ledger_write(struct index *i, sqlite3 *db, struct err *e)
{
    struct ledger_rows w = {.db = db};
    struct ledger_names names;
    struct chronicle *c = NULL;
    if (chronicle_build(&c, i->repo, &i->tip, &i->state->selection, i->progress, i->progress_ctx,
                        e))
        return -1;
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
