/* Lists of action items: whatever the index leaves to SQLite, and however few rows it reads whole,
 * the answer is that of asking every row of the ledger in memory. Random queries and options over a
 * random history, at the end of which many items come that are tracked elsewhere, or have no date.
 *
 * PM_SEED=N begins elsewhere, PM_QUERIES=N asks that many. */
#include "pm/index.h"
#include "pm/vec.h"

#include <sqlite3.h>

#include "../lib/sandbox.h"
#include "../lib/seeds.h"

#include "random_query.h"

#define states history_states
#include "random_history.h"
#undef states

#define QUERIES 600

struct asked {
    struct world world;
    struct repo *repo;
    struct state state;
    struct index *index;
    struct action_rows all; /* by path and number */
};

/* ---- the repository ---- */

static void put_line(FILE *out, struct random *dice)
{
    static const char *const days[] = {
        "", "", ", due 2026-03-19", ", due 2026-03-20", ", due 2026-04-01", ", due 2025-12-31"};
    static const char *const more[] = {"", "", ", P1, prevent", ", p2",
                                       ", [OPS-7](https://x.org/OPS-7)"};
    static const char *const who[] = {"", "@alice", "@bob", "@alice, @bob"};
    fprintf(out, "- [%s] %s\n  %s%s%s\n", pick(dice, 4) ? " " : "x", texts[pick(dice, 8)],
            who[pick(dice, 4)], days[pick(dice, 6)], more[pick(dice, 5)]);
}

/* Not in the order of their paths, so that of the rows is another one. */
static void add_documents(struct random *dice)
{
    sh("mkdir -p r/postmortems");
    for (unsigned i = 0; i < 12; i++) {
        if (i % 4 == 0)
            sh("cd r && git add . && git commit -q -m more");
        struct str path = STR_INIT;
        str_addf(&path, "r/postmortems/%u-wide.md", (i * 7) % 12);
        FILE *out = fopen(path.p, "w");
        assert_non_null(out);
        fprintf(out, "---\nstatus: published\n---\n# Wide %u\n\n## Action items\n\n", i);
        for (unsigned k = 0; k < 9; k++)
            put_line(out, dice);
        assert_int_equal(fclose(out), 0);
        str_release(&path);
    }
    sh("cd r && git add . && git commit -q -m more");
}

static void make_history(const char *schema, uint64_t seed)
{
    struct random dice = {seed * 0x9e3779b97f4a7c15u + 3};
    FILE *out = fopen("stream", "w");
    assert_non_null(out);
    random_history(out, seed, 40);
    assert_int_equal(fclose(out), 0);
    sh("git init -q -b main r && git -C r fast-import --quiet --force <stream && "
       "git -C r checkout -q main && mkdir -p r/.pm && printf '%s' >r/.pm/schema.yaml",
       schema);
    add_documents(&dice);
}

static void ask_index(struct asked *k, const struct action_question *q, struct action_rows *out,
                      struct action_totals *totals)
{
    struct err e = ERR_INIT;
    if (index_actions(k->index, q, out, totals, &e))
        fail_msg("%s", e.text);
}

/* What the dashboard counts without a look at the rows is what these say. */
static void assert_counted(struct asked *k, const struct action_totals *counted)
{
    struct index_totals kept;
    struct err e = ERR_INIT;
    if (index_totals(k->index, k->world.ctx.today, &kept, &e))
        fail_msg("%s", e.text);
    assert_memory_equal(&kept.actions, counted, sizeof *counted);
}

static void open_asked(struct asked *k, uint64_t seed)
{
    struct repo_where where = {"r", NULL};
    struct err e = ERR_INIT;
    struct oid tip;
    struct action_totals totals;
    *k = (struct asked){.world = {.seed = seed}};
    if (repo_open(&k->repo, &where, &e) ||
        commit_resolve(k->repo, zone_utc(), "HEAD", &tip, NULL, &e) ||
        state_of_commit(&k->state, k->repo, &tip, &e) ||
        index_open(&k->index, k->repo, &k->state, &tip, INDEX_LEDGER, false, NULL, NULL, &e))
        fail_msg("%s", e.text);
    k->world.schema = k->state.schema;
    k->world.ctx = (struct query_context){
        .schema = k->state.schema, .today = {2026, 3, 20}, .now = 1773964800, .items = true};
    ask_index(k,
              &(struct action_question){.query = parse(&k->world, " "),
                                        .context = &k->world.ctx,
                                        .all = true,
                                        .order = ORDER_REF,
                                        .limit = SIZE_MAX},
              &k->all, &totals);
    assert_counted(k, &totals);
}

static void close_asked(struct asked *k)
{
    action_rows_release(&k->all);
    index_close(k->index);
    state_release(&k->state);
    repo_free(k->repo);
    arena_release(&k->world.arena);
}

/* ---- in memory ---- */

struct expected {
    VEC(const struct action_row *) rows;
    struct action_totals totals;
};

static int64_t key_of(const struct asked *k, const struct action_row *row, enum action_order order)
{
    int64_t due = row->due.year ? date_days(row->due) : INT64_C(1) << 40, age = 0;
    struct query_item item = action_row_item(row);
    action_row_age(row, NULL, k->world.ctx.today, &age);
    switch (order) {
    case ORDER_OVERDUE:
        return due + (query_item_overdue(&item, &k->world.ctx) ? 0 : INT64_C(1) << 41);
    case ORDER_DUE:
        return due;
    case ORDER_AGE:
        return -age;
    case ORDER_SLIPS:
        return -(int64_t)row->slips;
    case ORDER_STATE:
        return row->state;
    case ORDER_REF:
        return 0;
    }
    return 0;
}

/* Behind those that come before it or are as far: the rows come by their places. */
static void insert(struct expected *x, const struct asked *k, const struct action_row *row,
                   enum action_order order)
{
    vec_push(&x->rows, row);
    size_t at = x->rows.n - 1;
    for (; at && key_of(k, x->rows.v[at - 1], order) > key_of(k, row, order); at--)
        x->rows.v[at] = x->rows.v[at - 1];
    x->rows.v[at] = row;
}

static void expect(struct expected *x, const struct asked *k, const struct action_question *q)
{
    const struct query_context *ctx = &k->world.ctx;
    bool authority = ctx->schema->actions.authority_document;
    for (size_t i = 0; i < k->all.n; i++) {
        const struct action_row *row = &k->all.v[i];
        struct query_item item = action_row_item(row);
        struct postmortem pm = {.schema = ctx->schema, .id = row->postmortem, .path = row->path};
        struct query_document d = {.pm = &pm, .items = &item, .nitems = 1};
        bool open = item_unresolved(row->state);
        if (!(open || q->all || query_names_state(q->query)) ||
            !query_match(q->query, ctx, &d, &item))
            continue;
        insert(x, k, row, q->order);
        x->totals.items++;
        x->totals.unresolved += open;
        x->totals.overdue += query_item_overdue(&item, ctx);
        x->totals.elsewhere += open && row->tracker.n && !authority;
        x->totals.dropped += row->state == ITEM_DROPPED;
    }
}

/* ---- both ---- */

static void add_term(struct world *w, struct str *out)
{
    static const char *const terms[] = {
        "owner:alice",
        "owner:bo*",
        "owner:nobody",
        "has:owner",
        "no:owner",
        "due:..2026-03-19",
        "due:2026-03-01..2026-04-01",
        "has:due",
        "no:due",
        "due:2026-02-01,2026-04-01",
        "slips:1..",
        "slips:0",
        "slips:..3",
        "has:slips",
        "state:open",
        "state:done,dropped",
        "state:moved",
        "state:open..done",
        "overdue:yes",
        "overdue:no",
        "overdue:yes,no",
        "dropped:yes",
        "dropped:no",
        "reopened:yes",
        "has:reopened",
        "slipped:10d..",
        "has:slipped",
        "type:prevent",
        "has:type",
        "priority:P1",
        "priority:p0..p2",
        "has:priority",
        "has:tracker",
        "no:tracker",
        "tracker:OPS-7",
        "runbook",
        "\"payment queue\"",
        "age:5d..",
        "late:yes",
        "opened:..2026-02-01",
        "ref:PM-1",
        "path:postmortems/1-wide.md",
    };
    str_addz(out, PICK(w, terms));
}

static void add_question(struct world *w, struct str *out, unsigned depth)
{
    unsigned way = draw(w, depth ? 8 : 5);
    if (way < 5) {
        add_term(w, out);
        return;
    }
    str_addz(out, way == 7 ? "NOT (" : "(");
    add_question(w, out, depth - 1);
    str_addz(out, way == 6 ? " OR " : " ");
    add_question(w, out, depth - 1);
    str_addc(out, ')');
}

static void compare(const struct action_question *q, const struct expected *x,
                    const struct action_rows *rows, const struct action_totals *totals,
                    const char *text)
{
    size_t n = x->rows.n < q->limit ? x->rows.n : q->limit;
    if (memcmp(totals, &x->totals, sizeof *totals) != 0 || rows->n != n)
        fail_msg(
            "'%s' by %d, all %d, limit %zu: %zu of %zu, not %zu of %zu (%zu, %zu, %zu overdue)",
            text, (int)q->order, q->all, q->limit, rows->n, totals->items, n, x->totals.items,
            x->totals.unresolved, x->totals.elsewhere, x->totals.overdue);
    for (size_t i = 0; i < n; i++) {
        const struct action_row *row = x->rows.v[q->reverse ? x->rows.n - 1 - i : i];
        if (!slice_eq(rows->v[i].ref, row->ref) || !slice_eq(rows->v[i].text, row->text))
            fail_msg("'%s' by %d, all %d, reverse %d, limit %zu: row %zu is " SLICE_FMT
                     ", not " SLICE_FMT,
                     text, (int)q->order, q->all, q->reverse, q->limit, i,
                     SLICE_ARG(rows->v[i].ref), SLICE_ARG(row->ref));
    }
}

static void ask_once(struct asked *k)
{
    struct world *w = &k->world;
    struct str text = STR_INIT;
    struct action_rows rows = {0};
    struct action_totals totals = {0};
    struct expected x = {VEC_INIT, {0}};
    if (draw(w, 3))
        add_question(w, &text, draw(w, 3));
    struct action_question q = {.query = parse(w, "%s ", text.p),
                                .context = &w->ctx,
                                .all = draw(w, 4) == 0,
                                .order = (enum action_order)draw(w, ORDER_STATE + 1),
                                .reverse = draw(w, 4) == 0,
                                .limit = draw(w, 5) ? draw(w, draw(w, 2) ? 40 : 140) : SIZE_MAX};
    if (draw(w, 3) == 0) {
        q.order = ORDER_OVERDUE;
        q.reverse = false;
    }
    expect(&x, k, &q);
    ask_index(k, &q, &rows, &totals);
    compare(&q, &x, &rows, &totals, text.p);
    action_rows_release(&rows);
    vec_release(&x.rows);
    str_release(&text);
}

static void check_history(const char *schema, uint64_t seed)
{
    struct asked k;
    make_history(schema, seed);
    open_asked(&k, seed);
    assert_true(k.all.n > 100);
    for (uint64_t n = asked_number("PM_QUERIES", QUERIES); n > 0; n--)
        ask_once(&k);
    close_asked(&k);
    sh("rm -rf r");
}

static void lists_are_what_memory_says(void **state)
{
    check_history("{version: 1, extends: default}", seed_from(11));
}

static void also_where_the_document_decides(void **state)
{
    check_history("{version: 1, extends: default, actions: {authority: document}}", seed_from(12));
}

/* ---- how it is read ---- */

/* Of all statements since they were set to 0. */
static int scanned, sorts;

static int see(unsigned what, void *ctx, void *statement, void *nanoseconds)
{
    scanned += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    sorts += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_SORT, 0);
    return 0;
}

static int see_all(sqlite3 *db, const char **error, const struct sqlite3_api_routines *api)
{
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, see, NULL);
}

static void read_first(struct asked *k, const char *text)
{
    struct action_rows rows;
    struct action_totals totals;
    scanned = sorts = 0;
    ask_index(k,
              &(struct action_question){
                  .query = parse(&k->world, "%s", text), .context = &k->world.ctx, .limit = 20},
              &rows, &totals);
    assert_true(rows.n > 5 && totals.items > rows.n);
    action_rows_release(&rows);
    assert_int_equal(sorts, 0);
}

/* No statement reads all of a table, or sorts. */
static void what_is_due_is_read_in_order(void **state)
{
    struct asked k;
    sqlite3_auto_extension((void (*)(void))see_all);
    make_history("{version: 1, extends: default}", 13);
    open_asked(&k, 13);
    read_first(&k, " ");
    assert_int_equal(scanned, 0);
    read_first(&k, "owner:alice"); /* all words, to find those that are her */
    assert_true(scanned < 40);
    close_asked(&k);
    sqlite3_reset_auto_extension();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_are_what_memory_says, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(also_where_the_document_decides, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(what_is_due_is_read_in_order, sandbox_setup,
                                        sandbox_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
