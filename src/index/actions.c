/* Rows of action items and events. */
#include "index_private.h"

#include <stdlib.h>

#include "pm/vec.h"
#include "pm/zone.h"

const char action_select[] =
    "SELECT d.name || '#' || i.label, d.name, d.path, i.line, i.text, i.state, i.reason, i.owners, i.due, "
    "i.type, i.priority, i.tracker, i.links, i.slips, i.slipped_days, i.reopened, "
    "ol.id, ol.at, oc.author, cl.id, cl.at, cc.author, i.nested, "
    "i.successor, i.document, i.number, i.slot IS NULL OR NOT d.present AS gone "
    "FROM items i CROSS JOIN documents d ON d.n = i.document "
    "LEFT JOIN commits ol ON ol.n = i.opened_landing "
    "LEFT JOIN commits oc ON oc.n = i.opened_change "
    "LEFT JOIN commits cl ON cl.n = i.closed_landing "
    "LEFT JOIN commits cc ON cc.n = i.closed_change ";
enum { COLUMN_OPENED = 16, COLUMN_CLOSED = 19, COLUMN_NESTED = 22, COLUMN_DOCUMENT = 24, COLUMN_NUMBER,
       COLUMN_GONE };

int stamp_read(struct index *i, sqlite3_stmt *s, int column, struct stamp *out, struct arena *a,
               struct err *e)
{
    struct slice person, author, email;
    if (!column_oid(s, column, &out->commit))
        return 0;
    out->uncommitted = oid_is_zero(&out->commit);
    out->known = !out->uncommitted;
    out->at = sqlite3_column_int64(s, column + 1);
    if (words_text(&i->ledger.people, sqlite3_column_int64(s, column + 2), &person, e))
        return -1;
    person_split(person, &author, &email);
    out->author = arena_dup(a, author);
    out->email = arena_dup(a, email);
    return 0;
}

static int read_word(struct index *i, sqlite3_stmt *s, int column, struct slice *out,
                     struct arena *a, struct err *e)
{
    if (words_text(&i->ledger.words, sqlite3_column_int64(s, column), out, e))
        return -1;
    *out = arena_dup(a, *out);
    return 0;
}

int action_read(struct index *i, sqlite3_stmt *s, struct action_row *row, struct arena *a,
                struct err *e)
{
    row->ref = column_text(s, 0, a);
    row->postmortem = column_text(s, 1, a);
    row->path = column_text(s, 2, a);
    row->line = (uint32_t)sqlite3_column_int64(s, 3);
    row->text = column_text(s, 4, a);
    row->state = (enum item_state)sqlite3_column_int(s, 5);
    row->reason = column_text(s, 6, a);
    if (sqlite3_column_type(s, 8) != SQLITE_NULL)
        row->due = date_from_days(sqlite3_column_int64(s, 8));
    row->tracker = column_text(s, 11, a);
    row->links = column_text(s, 12, a);
    row->slips = (uint32_t)sqlite3_column_int64(s, 13);
    row->slipped_days = sqlite3_column_int(s, 14);
    row->reopened = (uint32_t)sqlite3_column_int64(s, 15);
    row->nested = column_text(s, COLUMN_NESTED, a);
    row->gone = sqlite3_column_int(s, COLUMN_GONE);
    row->document = sqlite3_column_int64(s, COLUMN_DOCUMENT);
    row->number = sqlite3_column_int64(s, COLUMN_NUMBER);
    return read_word(i, s, 7, &row->owners, a, e) || read_word(i, s, 9, &row->type, a, e) ||
                   read_word(i, s, 10, &row->priority, a, e) ||
                   stamp_read(i, s, COLUMN_OPENED, &row->opened, a, e) ||
                   stamp_read(i, s, COLUMN_CLOSED, &row->closed, a, e)
               ? -1
               : 0;
}

static int64_t days_of(const struct stamp *s, const struct zone *zone)
{
    return date_days(time_date_utc(s->at + (zone ? zone_offset_at(zone, s->at) : 0)));
}

bool action_row_age(const struct action_row *row, const struct zone *zone, struct date today,
                    int64_t *days)
{
    bool ended = row->closed.known || row->closed.uncommitted;
    if (!row->opened.known && !row->opened.uncommitted)
        return false;
    int64_t end = ended ? days_of(&row->closed, zone) : date_days(today);
    int64_t age = end - days_of(&row->opened, zone);
    *days = age > 0 ? age : 0;
    return true;
}

struct query_item action_row_item(const struct action_row *row)
{
    return (struct query_item){
        .ref = row->ref, .text = row->text, .nested = row->nested, .owners = row->owners,
        .type = row->type, .priority = row->priority, .tracker = row->tracker, .due = row->due,
        .links = row->links,
        .state = (int)row->state, .opened = row->opened.at,
        .closed = row->closed.at, .slips = row->slips,
        .slipped_days = row->slipped_days, .reopened = row->reopened > 0,
    };
}

void action_rows_release(struct action_rows *rows)
{
    free(rows->v);
    arena_release(&rows->arena);
    *rows = (struct action_rows){0};
}

/* ---- of a document ---- */

static int actions_of(struct index *i, struct slice path, struct action_rows *out, struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    struct action_rows rows = {0};
    int next = -1;
    str_addf(&sql, "%sWHERE d.path = ?1 ORDER BY gone, i.slot, i.n", action_select);
    if (db_prepare(i->ledger.db, sql.p, &s, e) == 0) {
        bind_text(s, 1, path);
        while ((next = db_next(s, e)) > 0)
            if ((next = action_read(i, s, vec_add(&rows), &rows.arena, e)))
                break;
    }
    sqlite3_finalize(s);
    str_release(&sql);
    if (next)
        action_rows_release(&rows);
    else
        *out = rows;
    return next;
}

int index_actions_of(struct index *i, struct slice path, struct action_rows *out, struct err *e)
{
    int failed;
    do
        failed = actions_of(i, path, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}

static int times_of(struct index *i, struct slice path, int64_t *created, int64_t *updated,
                    struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(i->ledger.db,
                          "SELECT (SELECT at FROM commits WHERE n = created), "
                          "(SELECT at FROM commits WHERE n = updated) "
                          "FROM documents WHERE path = ?1 AND present",
                          &s, e);
    if (next == 0) {
        bind_text(s, 1, path);
        next = db_next(s, e);
    }
    *created = next > 0 ? sqlite3_column_int64(s, 0) : 0;
    *updated = next > 0 ? sqlite3_column_int64(s, 1) : 0;
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

int index_times_of(struct index *i, struct slice path, int64_t *created, int64_t *updated,
                   struct err *e)
{
    int failed;
    do
        failed = times_of(i, path, created, updated, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}

/* ---- totals ---- */

static int known(sqlite3 *db, const char *key, size_t *out, struct err *e)
{
    int64_t n = 0;
    if (meta_number(db, key, &n, e))
        return -1;
    *out = (size_t)n;
    return 0;
}

static int limits(struct index *i, struct index_limits *out, struct err *e)
{
    struct index_limits l = {0};
    size_t shallow = 0;
    if (known(i->ledger.db, "unreadable", &l.unreadable, e) ||
        known(i->ledger.db, "shallow", &shallow, e))
        return -1;
    l.shallow = shallow;
    *out = l;
    return 0;
}

int index_limits(struct index *i, struct index_limits *out, struct err *e)
{
    int failed;
    do
        failed = limits(i, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}

/* One line of the table; due is text where there is no date. */
static void add_tally(sqlite3_stmt *s, int64_t today, struct action_totals *t)
{
    enum item_state state = (enum item_state)sqlite3_column_int(s, 0);
    size_t n = (size_t)sqlite3_column_int64(s, 3);
    bool open = item_unresolved(state), elsewhere = sqlite3_column_int(s, 1);
    bool dated = sqlite3_column_type(s, 2) == SQLITE_INTEGER;
    t->items += n;
    t->unresolved += open ? n : 0;
    t->overdue += open && !elsewhere && dated && sqlite3_column_int64(s, 2) < today ? n : 0;
    t->elsewhere += open && elsewhere ? n : 0;
    t->dropped += state == ITEM_DROPPED ? n : 0;
}

int tallies_read(struct index *i, bool all, struct date today, struct action_totals *out,
                 struct err *e)
{
    struct action_totals t = {0};
    sqlite3_stmt *s = NULL;
    int next = db_prepare(i->ledger.db,
                          "SELECT state, elsewhere, due, items FROM tallies WHERE state <= ?1", &s,
                          e);
    if (next == 0)
        bind_number(s, 1, all ? ITEM_STATES : ITEM_IN_PROGRESS);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        add_tally(s, date_days(today), &t);
        next = 0;
    }
    sqlite3_finalize(s);
    if (next == 0)
        *out = t;
    return next;
}

static int totals(struct index *i, struct date today, struct index_totals *out, struct err *e)
{
    struct index_totals t = {0};
    if (limits(i, &t.limits, e) || known(i->ledger.db, "documents", &t.documents, e) ||
        tallies_read(i, true, today, &t.actions, e))
        return -1;
    *out = t;
    return 0;
}

int index_totals(struct index *i, struct date today, struct index_totals *out, struct err *e)
{
    int failed;
    do
        failed = totals(i, today, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}
