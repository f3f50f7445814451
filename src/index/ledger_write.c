/* The chronicle of a tip as rows. */
#include "index_private.h"

#include <stdlib.h>

struct writer {
    struct index *index;
    sqlite3 *db;
    const struct chronicle *c;
    struct ledger_names names;
};

static void bind_commit(sqlite3_stmt *s, int i, uint32_t commit)
{
    if (commit == LEDGER_NONE)
        sqlite3_bind_null(s, i);
    else
        bind_number(s, i, commit);
}

static int write_commits(const struct writer *w, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db, "INSERT INTO commits VALUES (?1, ?2, ?3, ?4, ?5)", &s, e);
    for (size_t i = 0; !failed && i < w->c->ncommits; i++) {
        const struct chronicle_commit *commit = &w->c->commits[i];
        bind_number(s, 1, (int64_t)i);
        bind_oid(s, 2, &commit->id);
        bind_number(s, 3, commit->at);
        bind_text(s, 4, commit->author);
        bind_text(s, 5, commit->email);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

static int write_documents(const struct writer *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db, "INSERT INTO documents VALUES (?1, ?2, ?3, ?4, ?5)", &s, e);
    for (size_t i = 0; !failed && i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        bind_number(s, 1, (int64_t)i);
        bind_text(s, 2, d->path);
        bind_text(s, 3, w->names.of[i]);
        bind_number(s, 4, d->present);
        bind_number(s, 5, d->readable);
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

static void find_slots(const struct ledger *l, struct slot *slots)
{
    for (size_t i = 0; i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        for (size_t k = 0; d->present && d->version && k < d->version->nitems; k++)
            slots[d->current[k]] = (struct slot){true, (uint32_t)k, d->version->items[k].nested};
    }
}

static void bind_item(sqlite3_stmt *s, const struct ledger_item *item, size_t n,
                      const struct slot *slot, struct slice ref)
{
    bind_number(s, 1, (int64_t)n);
    bind_number(s, 2, item->document);
    bind_number(s, 3, item->number);
    bind_commit(s, 4, slot->known ? slot->at : LEDGER_NONE);
    bind_text(s, 5, item->id);
    bind_text(s, 6, ref);
    bind_number(s, 7, item->line);
    bind_text(s, 8, item->now.text);
    bind_text(s, 9, slot->nested);
    bind_number(s, 10, item->state);
    bind_text(s, 11, item->now.reason);
    bind_text(s, 12, item->now.owners);
    if (item->now.due.year)
        bind_number(s, 13, date_days(item->now.due));
    else
        sqlite3_bind_null(s, 13);
    bind_text(s, 14, item->now.type);
    bind_text(s, 15, item->now.priority);
    bind_text(s, 16, item->now.tracker);
    bind_text(s, 17, item->now.links);
    bind_commit(s, 18, item->opened_change);
    bind_commit(s, 19, item->opened_landing);
    bind_commit(s, 20, item->closed_change);
    bind_commit(s, 21, item->closed_landing);
    bind_number(s, 22, item->slips);
    bind_number(s, 23, item->slipped_days);
    bind_number(s, 24, item->reopened);
    bind_commit(s, 25, item->successor);
}

static int write_items(const struct writer *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    struct slot *slots = xcalloc(l->nitems + 1, sizeof *slots);
    struct str ref = STR_INIT;
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db,
                            "INSERT INTO items VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                            "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, "
                            "?25)",
                            &s, e);
    find_slots(l, slots);
    for (size_t i = 0; !failed && i < l->nitems; i++) {
        str_clear(&ref);
        ledger_ref(&ref, l, &w->names, (uint32_t)i);
        bind_item(s, &l->items[i], i, &slots[i], str_slice(&ref));
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    str_release(&ref);
    free(slots);
    return failed;
}

static int write_events(const struct writer *w, struct err *e)
{
    const struct ledger *l = w->c->ledger;
    sqlite3_stmt *s = NULL;
    int failed =
        db_prepare(w->db, "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &s, e);
    for (size_t i = 0; !failed && i < l->nevents; i++) {
        const struct ledger_event *event = &l->events[i];
        bind_number(s, 1, (int64_t)i);
        bind_number(s, 2, event->item);
        bind_number(s, 3, event->kind);
        bind_text(s, 4, event->before);
        bind_text(s, 5, event->after);
        bind_number(s, 6, event->days);
        bind_number(s, 7, event->change);
        bind_number(s, 8, event->landing);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

static int write_facts(const struct writer *w, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(w->db, "INSERT INTO meta VALUES (?1, ?2)", &s, e);
    const struct {
        const char *key;
        int64_t value;
    } facts[] = {{"unreadable", (int64_t)w->c->unreadable},
                 {"shallow", w->c->shallow},
                 {"chain", (int64_t)w->c->chain}};
    for (size_t i = 0; !failed && i < sizeof facts / sizeof *facts; i++) {
        bind_text(s, 1, slice_of(facts[i].key));
        bind_number(s, 2, facts[i].value);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

int ledger_write(struct index *i, sqlite3 *db, struct err *e)
{
    struct writer w = {.index = i, .db = db};
    struct chronicle *c = NULL;
    if (chronicle_build(&c, i->repo, &i->tip, &i->state->selection, i->progress, i->progress_ctx,
                        e))
        return -1;
    w.c = c;
    ledger_names_init(&w.names, c->ledger);
    int failed = write_facts(&w, e) || write_commits(&w, e) || write_documents(&w, e) ||
                 write_items(&w, e) || write_events(&w, e);
    ledger_names_release(&w.names);
    chronicle_free(c);
    return failed ? -1 : 0;
}
