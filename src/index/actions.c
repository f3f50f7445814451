/* Rows of action items and events. */
#include "index_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/vec.h"

const char action_select[] =
    "SELECT d.name || '#' || i.label, d.name, d.path, i.line, i.text, i.state, i.reason, i.owners, i.due, "
    "i.type, i.priority, i.tracker, i.links, i.slips, i.slipped_days, i.reopened, "
    "ol.id, ol.at, oc.author, oc.email, cl.id, cl.at, cc.author, cc.email, i.nested, "
    "i.successor, i.document, i.number, i.slot IS NULL OR NOT d.present AS gone "
    "FROM items i JOIN documents d ON d.n = i.document "
    "LEFT JOIN commits ol ON ol.n = i.opened_landing "
    "LEFT JOIN commits oc ON oc.n = i.opened_change "
    "LEFT JOIN commits cl ON cl.n = i.closed_landing "
    "LEFT JOIN commits cc ON cc.n = i.closed_change ";
enum { COLUMN_OPENED = 16, COLUMN_CLOSED = 20, COLUMN_NESTED = 24, COLUMN_DOCUMENT = 26, COLUMN_NUMBER,
       COLUMN_GONE };

void stamp_read(sqlite3_stmt *s, int column, struct stamp *out, struct arena *a)
{
    if (!column_oid(s, column, &out->commit))
        return;
    out->uncommitted = oid_is_zero(&out->commit);
    out->known = !out->uncommitted;
    out->at = sqlite3_column_int64(s, column + 1);
    out->author = column_text(s, column + 2, a);
    out->email = column_text(s, column + 3, a);
}

void action_read(sqlite3_stmt *s, struct action_row *row, struct arena *a)
{
    row->ref = column_text(s, 0, a);
    row->postmortem = column_text(s, 1, a);
    row->path = column_text(s, 2, a);
    row->line = (uint32_t)sqlite3_column_int64(s, 3);
    row->text = column_text(s, 4, a);
    row->state = (enum item_state)sqlite3_column_int(s, 5);
    row->reason = column_text(s, 6, a);
    row->owners = column_text(s, 7, a);
    if (sqlite3_column_type(s, 8) != SQLITE_NULL)
        row->due = date_from_days(sqlite3_column_int64(s, 8));
    row->type = column_text(s, 9, a);
    row->priority = column_text(s, 10, a);
    row->tracker = column_text(s, 11, a);
    row->links = column_text(s, 12, a);
    row->slips = (uint32_t)sqlite3_column_int64(s, 13);
    row->slipped_days = sqlite3_column_int(s, 14);
    row->reopened = (uint32_t)sqlite3_column_int64(s, 15);
    stamp_read(s, COLUMN_OPENED, &row->opened, a);
    stamp_read(s, COLUMN_CLOSED, &row->closed, a);
    row->nested = column_text(s, COLUMN_NESTED, a);
    row->gone = sqlite3_column_int(s, COLUMN_GONE);
    row->document = sqlite3_column_int64(s, COLUMN_DOCUMENT);
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

/* ---- the list ---- */

/* Rows in the order of their documents and numbers. Sorted here: SQLite would carry whole rows
 * through its sorter, which takes longer than reading them. */
static struct row_place place_of(sqlite3_stmt *s, const struct action_row *row, size_t n)
{
    return (struct row_place){row->path, sqlite3_column_int64(s, COLUMN_DOCUMENT),
                          sqlite3_column_int64(s, COLUMN_NUMBER), n};
}

static int by_place(const void *x, const void *y)
{
    const struct row_place *a = x, *b = y;
    int order = slice_cmp(a->path, b->path);
    if (order)
        return order;
    if (a->document != b->document)
        return a->document < b->document ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* All that may be asked for, with where each stands. */
static int read_rows(struct index *i, const struct query *q, bool all, struct action_rows *rows,
                     row_places *places, struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    int next = -1;
    str_addz(&sql, action_select);
    if (!all && !query_names_state(q)) /* proposed, open, in progress */
        str_addf(&sql, "WHERE i.state <= %d ", ITEM_IN_PROGRESS);
    if (db_prepare(i->ledger.db, sql.p, &s, e) == 0) {
        while ((next = db_next(s, e)) > 0) {
            struct action_row *row = vec_add(rows);
            action_read(s, row, &rows->arena);
            vec_push(places, place_of(s, row, rows->n - 1));
        }
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next;
}

static int matching(struct index *i, const struct query *q, const struct query_context *ctx,
                    bool all, struct action_rows *out, struct err *e)
{
    struct asked k;
    struct action_rows rows = {0};
    row_places places = VEC_INIT;
    asked_init(&k, i, q, ctx);
    int failed = read_rows(i, q, all, &rows, &places, e) ||
                 asked_load(&k, places.v, places.n, e);
    if (!failed) {
        struct action_row *found = xcalloc(rows.n + 1, sizeof *found);
        size_t n = 0;
        vec_sort(&places, by_place);
        for (size_t j = 0; j < places.n; j++)
            if (asked_holds(&k, &rows.v[places.v[j].row], places.v[j].document))
                found[n++] = rows.v[places.v[j].row];
        *out = (struct action_rows){rows.arena, found, n, rows.n + 1};
        free(rows.v);
    } else {
        action_rows_release(&rows);
    }
    asked_release(&k);
    vec_release(&places);
    return failed ? -1 : 0;
}

int index_actions(struct index *i, const struct query *q, const struct query_context *ctx, bool all,
                  struct action_rows *out, struct err *e)
{
    int failed;
    do
        failed = matching(i, q, ctx, all, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}

static int standing(struct index *i, struct slice path, bool gone, struct action_rows *out,
                    struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    struct action_rows rows = {0};
    int next = -1;
    str_addf(&sql, "%sWHERE d.path = ?1%s ORDER BY gone, i.slot, i.n", action_select,
             gone ? "" : " AND NOT gone");
    if (db_prepare(i->ledger.db, sql.p, &s, e) == 0) {
        bind_text(s, 1, path);
        while ((next = db_next(s, e)) > 0)
            action_read(s, vec_add(&rows), &rows.arena);
    }
    sqlite3_finalize(s);
    str_release(&sql);
    if (next)
        action_rows_release(&rows);
    else
        *out = rows;
    return next;
}

int index_actions_of(struct index *i, struct slice path, bool gone, struct action_rows *out,
                     struct err *e)
{
    int failed;
    do
        failed = standing(i, path, gone, out, e);
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

static int count(sqlite3 *db, const char *sql, int64_t parameter, size_t *out, struct err *e)
{
    int64_t n = 0;
    if (db_number(db, sql, parameter, &n, e))
        return -1;
    *out = (size_t)n;
    return 0;
}

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

/* Tracked elsewhere: unresolved with a ticket, unless the schema says that the document decides. */
static int totals(struct index *i, struct date today, struct index_totals *out, struct err *e)
{
    struct str dropped = STR_INIT, unresolved = STR_INIT, overdue = STR_INIT, elsewhere = STR_INIT;
    bool authority = i->state->schema->actions.authority_document;
    struct index_totals t = {0};
    sqlite3 *db = i->ledger.db;
    str_addf(&dropped, "SELECT count(*) FROM items WHERE state = %d", ITEM_DROPPED);
    str_addf(&unresolved, "SELECT count(*) FROM items WHERE state <= %d ", ITEM_IN_PROGRESS);
    str_addf(&overdue, "%sAND due < ?1%s", unresolved.p, authority ? "" : " AND tracker = ''");
    str_addf(&elsewhere, "%sAND tracker <> ''%s", unresolved.p, authority ? " AND 0" : "");
    int failed = limits(i, &t.limits, e) || known(db, "documents", &t.documents, e) ||
                 count(db, unresolved.p, 0, &t.open, e) ||
                 count(db, overdue.p, date_days(today), &t.overdue, e) ||
                 count(db, elsewhere.p, 0, &t.tracked_elsewhere, e) ||
                 count(db, dropped.p, 0, &t.dropped, e);
    str_release(&dropped);
    str_release(&unresolved);
    str_release(&elsewhere);
    str_release(&overdue);
    if (!failed)
        *out = t;
    return failed ? -1 : 0;
}

int index_totals(struct index *i, struct date today, struct index_totals *out, struct err *e)
{
    int failed;
    do
        failed = totals(i, today, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}
