/* Action items that match, in order. */
#include "index_private.h"

#include <stdlib.h>

/* What an item is ordered and counted by. */
struct light {
    int64_t n; /* of its row */
    int64_t key[2];
    struct slice path; /* once it is needed, as the number */
    int64_t document, number;
    size_t row; /* where it is read whole */
};
typedef VEC(struct light) lights;

struct listing {
    struct index *index;
    const struct action_question *q;
    struct action_totals totals;
    lights items;
    struct action_rows rows;
};

/* ---- order ---- */

static int by_key(const void *x, const void *y)
{
    const struct light *a = x, *b = y;
    for (int i = 0; i < 2; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return 0;
}

static int by_key_and_place(const void *x, const void *y)
{
    const struct light *a = x, *b = y;
    int order = by_key(a, b);
    if (!order)
        order = slice_cmp(a->path, b->path);
    if (order)
        return order;
    if (a->document != b->document)
        return a->document < b->document ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Counts an item, and says where it stands in the list: smaller keys come first. */
static void rank(struct listing *l, struct light *out, const struct action_row *row, bool elsewhere)
{
    int64_t today = date_days(l->q->context->today), age = 0;
    int64_t due = row->due.year ? date_days(row->due) : INT64_MAX;
    bool open = item_unresolved(row->state), overdue = open && !elsewhere && due < today;
    l->totals.items++;
    l->totals.unresolved += open;
    l->totals.overdue += overdue;
    l->totals.elsewhere += open && elsewhere;
    l->totals.dropped += row->state == ITEM_DROPPED;
    switch (l->q->order) {
    case ORDER_OVERDUE:
        out->key[0] = !overdue;
        out->key[1] = due;
        break;
    case ORDER_DUE:
        out->key[0] = due;
        break;
    case ORDER_AGE:
        action_row_age(row, l->q->context->zone, l->q->context->today, &age);
        out->key[0] = -age;
        break;
    case ORDER_REF:
        break;
    case ORDER_SLIPS:
        out->key[0] = -(int64_t)row->slips;
        break;
    case ORDER_STATE:
        out->key[0] = row->state;
    }
}

/* ---- rows that are read whole ---- */

static bool is_elsewhere(const struct listing *l, const struct action_row *row)
{
    return row->tracker.n && !l->index->state->schema->actions.authority_document;
}

/* Candidates, with where each stands, in the order in which they lie in the file: by an index over what
 * is unresolved each of them would be looked for. */
static int read_whole(struct listing *l, const char *where, row_places *places, struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    str_addf(&sql, "%sWHERE %s ORDER BY i.n", action_select, where);
    int next = db_prepare(l->index->ledger.db, sql.p, &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        struct action_row *row = vec_add(&l->rows);
        next = action_read(l->index, s, row, &l->rows.arena, e);
        vec_push(places, (struct row_place){row->path, row->document, row->number, l->rows.n - 1});
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next;
}

struct deciding {
    struct listing *listing;
    const struct row_place *places;
    struct asked asked;
};

static void decide_one(void *ctx, size_t i, const struct asked_document *d)
{
    struct deciding *k = ctx;
    struct listing *l = k->listing;
    const struct row_place *place = &k->places[i];
    const struct action_row *row = &l->rows.v[place->row];
    struct light item = {.path = place->path,
                         .document = place->document,
                         .number = place->number,
                         .row = place->row};
    if (!asked_holds(&k->asked, row, d))
        return;
    rank(l, &item, row, is_elsewhere(l, row));
    vec_push(&l->items, item);
}

static int decide(struct listing *l, const row_places *places, struct err *e)
{
    struct deciding k = {.listing = l, .places = places->v};
    asked_init(&k.asked, l->index, l->q->query, l->q->context);
    int failed = asked_each(&k.asked, places->v, places->n, decide_one, &k, e);
    asked_release(&k.asked);
    return failed;
}

/* The first ones of a list from its end are the last ones. */
static void reverse(struct listing *l)
{
    for (size_t i = 0; i < l->items.n / 2; i++) {
        struct light kept = l->items.v[i];
        l->items.v[i] = l->items.v[l->items.n - 1 - i];
        l->items.v[l->items.n - 1 - i] = kept;
    }
}

static int list_whole(struct listing *l, const char *where, struct err *e)
{
    row_places places = VEC_INIT;
    int failed = read_whole(l, where, &places, e) || decide(l, &places, e);
    vec_release(&places);
    if (failed)
        return -1;
    vec_sort(&l->items, by_key_and_place);
    if (l->q->reverse)
        reverse(l);
    if (l->items.n > l->q->limit)
        l->items.n = l->q->limit;
    struct action_row *found = xcalloc(l->items.n + 1, sizeof *found);
    for (size_t i = 0; i < l->items.n; i++)
        found[i] = l->rows.v[l->items.v[i].row];
    free(l->rows.v);
    l->rows.v = found;
    l->rows.n = l->items.n;
    l->rows.cap = l->items.n + 1;
    return 0;
}

/* ---- only those that are shown ---- */

/* No more columns than the index over what is unresolved has, where they will do: 0 is a state of
 * these, too. */
static void add_columns(const struct listing *l, struct str *sql)
{
    bool open = !l->q->all && !query_names_state(l->q->query);
    str_addf(sql, "SELECT i.n, i.document, i.number, %s, i.elsewhere, i.due, %s ",
             open && l->q->order != ORDER_STATE ? "0" : "i.state",
             l->q->order == ORDER_SLIPS ? "i.slips" : "0");
}

static void read_light(struct listing *l, sqlite3_stmt *s)
{
    struct light *item = vec_add(&l->items);
    struct action_row row = {.state = (enum item_state)sqlite3_column_int(s, 3),
                             .slips = (uint32_t)sqlite3_column_int64(s, 6)};
    item->n = sqlite3_column_int64(s, 0);
    item->document = sqlite3_column_int64(s, 1);
    item->number = sqlite3_column_int64(s, 2);
    if (sqlite3_column_type(s, 5) != SQLITE_NULL)
        row.due = date_from_days(sqlite3_column_int64(s, 5));
    rank(l, item, &row, sqlite3_column_int(s, 4));
}

static int gather(struct listing *l, const char *where, struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    add_columns(l, &sql);
    str_addf(&sql, "FROM items i WHERE %s", where);
    int next = db_prepare(l->index->ledger.db, sql.p, &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        read_light(l, s);
        next = 0;
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next;
}

/* The first ones of those in the order of the statement, and all that are due when the last is. */
static int gather_first(struct listing *l, const char *from, int64_t parameter, size_t most,
                        struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    size_t start = l->items.n;
    add_columns(l, &sql);
    str_addz(&sql, from);
    int next = db_prepare(l->index->ledger.db, sql.p, &s, e);
    if (next == 0 && sqlite3_bind_parameter_count(s))
        bind_number(s, 1, parameter);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        read_light(l, s);
        next = 0;
        size_t n = l->items.n - start;
        if (n > most && by_key(&l->items.v[l->items.n - 1], &l->items.v[l->items.n - 2]))
            break;
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next;
}

#define OPEN_DUE                                                                                   \
    "FROM items i INDEXED BY items_due WHERE i.state <= 2 AND i.elsewhere = ?1 "                   \
    "AND i.due IS NOT NULL ORDER BY i.due"

/* Where no date says which come first, it is their places: then the documents are walked through in
 * order, if most of them have such an item. */
static int gather_undated(struct listing *l, size_t most, struct err *e)
{
    static const char dense[] = "FROM documents d INDEXED BY documents_path CROSS JOIN items i "
                                "ON i.document = d.n WHERE i.state <= 2 AND i.due IS NULL "
                                "ORDER BY d.path, d.n, i.number LIMIT ?1";
    static const char sparse[] = "FROM items i INDEXED BY items_due WHERE i.state <= 2 "
                                 "AND i.elsewhere IN (0, 1) AND i.due IS NULL";
    int64_t undated = 0, documents = 0;
    if (meta_number(l->index->ledger.db, "documents", &documents, e) ||
        db_number(l->index->ledger.db,
                  "SELECT sum(items) FROM tallies WHERE state <= 2 AND due = ''", 0, &undated, e))
        return -1;
    return gather_first(l, undated > documents ? dense : sparse, (int64_t)most, SIZE_MAX, e);
}

/* All that is unresolved, by what is due: whatever the first ones are, they are among these. */
static int gather_open(struct listing *l, struct err *e)
{
    size_t most = l->q->limit;
    struct action_totals totals;
    if (tallies_read(l->index, false, l->q->context->today, &totals, e) ||
        (most && (gather_first(l, OPEN_DUE, 0, most, e) || gather_first(l, OPEN_DUE, 1, most, e) ||
                  (l->items.n < most && gather_undated(l, most - l->items.n, e)))))
        return -1;
    l->totals = totals;
    return 0;
}

/* Paths of those that stand where the list ends, or before. */
static int find_places(struct listing *l, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(l->index->ledger.db, "SELECT path FROM documents WHERE n = ?1", &s, e);
    for (size_t i = 0; next >= 0 && i < l->items.n; i++) {
        bind_number(s, 1, l->items.v[i].document);
        if ((next = db_next(s, e)) > 0)
            l->items.v[i].path = column_text(s, 0, &l->rows.arena);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

static int cut(struct listing *l, struct err *e)
{
    size_t most = l->q->limit, n;
    if (!most)
        vec_clear(&l->items);
    n = l->items.n;
    vec_sort(&l->items, by_key);
    if (l->q->reverse)
        reverse(l);
    if (n > most) {
        n = most;
        while (n < l->items.n && by_key(&l->items.v[n], &l->items.v[most - 1]) == 0)
            n++;
        l->items.n = n;
    }
    if (find_places(l, e))
        return -1;
    vec_sort(&l->items, by_key_and_place);
    if (l->q->reverse)
        reverse(l);
    if (n > most)
        l->items.n = most;
    return 0;
}

static int read_shown(struct listing *l, struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    str_addf(&sql, "%sWHERE i.n = ?1", action_select);
    int next = db_prepare(l->index->ledger.db, sql.p, &s, e);
    for (size_t i = 0; next >= 0 && i < l->items.n; i++) {
        bind_number(s, 1, l->items.v[i].n);
        if ((next = db_next(s, e)) > 0)
            next = action_read(l->index, s, vec_add(&l->rows), &l->rows.arena, e);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next < 0 ? -1 : 0;
}

/* ---- which of both ---- */

static bool is_light(const struct action_question *q)
{
    return q->limit != SIZE_MAX && q->order != ORDER_AGE && q->order != ORDER_REF;
}

static bool is_of_the_open(const struct action_question *q)
{
    return q->query->kind == QUERY_ALL && !q->all && !q->reverse &&
           (q->order == ORDER_OVERDUE || q->order == ORDER_DUE);
}

static int list(struct listing *l, struct err *e)
{
    struct str where = STR_INIT;
    bool exact;
    int failed = actions_where(l->index, l->q, &where, &exact, e);
    if (!failed && exact && is_light(l->q))
        failed = (is_of_the_open(l->q) ? gather_open(l, e) : gather(l, where.p, e)) || cut(l, e) ||
                 read_shown(l, e);
    else if (!failed)
        failed = list_whole(l, where.p, e);
    str_release(&where);
    return failed ? -1 : 0;
}

int index_actions(struct index *i, const struct action_question *q, struct action_rows *out,
                  struct action_totals *totals, struct err *e)
{
    struct listing l;
    int failed;
    do {
        l = (struct listing){.index = i, .q = q};
        failed = list(&l, e);
        vec_release(&l.items);
        if (failed)
            action_rows_release(&l.rows);
    } while (failed && index_heal(i, &i->ledger, e));
    if (failed)
        return -1;
    *out = l.rows;
    *totals = l.totals;
    return 0;
}
