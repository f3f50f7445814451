/* The cache gives the same answers however it came to be: built at once, commit by commit, in random
 * steps, across branches and rewinds, and by other worktrees' files; and what is not committed is
 * what it will be once it is.
 *
 * PM_SEED=N tries one random history, PM_SEEDS=N that many from there on; PM_LONG=1 takes more steps
 * of real ones. */
#include "pm/index.h"
#include "pm/vec.h"
#include "pm/walk.h"

#include "../lib/sandbox.h"
#include "../lib/seeds.h"

#include "random_history.h"

struct opened {
    struct state state;
    struct index *index;
};

static struct repo *repo_at(const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    if (repo_open(&r, &where, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

static void open_parts(struct opened *o, struct repo *r, const struct oid *tip, int parts,
                       bool memory)
{
    struct err e = ERR_INIT;
    if (state_of_commit(&o->state, r, tip, &e) ||
        index_open(&o->index, r, &o->state, tip, parts, memory, NULL, NULL, &e))
        fail_msg("%s", e.text);
}

static void open_index(struct opened *o, struct repo *r, const struct oid *tip, bool memory)
{
    open_parts(o, r, tip, INDEX_LEDGER | INDEX_TEXT, memory);
}

static void close_index(struct opened *o)
{
    index_close(o->index);
    state_release(&o->state);
}

static void dump(struct str *out, struct opened *o)
{
    struct err e = ERR_INIT;
    if (index_dump(o->index, out, &e))
        fail_msg("%s", e.text);
}

/* Where two dumps differ first, as two lines. */
static void assert_same(const struct str *a, const struct str *b)
{
    size_t at = 0, line = 0;
    if (a->n == b->n && memcmp(a->p, b->p, a->n) == 0)
        return;
    while (at < a->n && at < b->n && a->p[at] == b->p[at])
        if (a->p[at++] == '\n')
            line = at;
    fail_msg("the dumps differ:\n%.300s\n--- anew:\n%.300s", a->p + line, b->p + line);
}

/* Brings the files to a tip and compares with an index made anew; how both came there. */
static const char *step(struct repo *r, const struct oid *tip)
{
    struct str kept = STR_INIT, anew = STR_INIT;
    struct opened disk, memory;
    struct index_status status;
    struct err e = ERR_INIT;
    open_index(&disk, r, tip, false);
    dump(&kept, &disk);
    assert_int_equal(index_status(disk.index, &status, &e), 0);
    assert_non_null(status.ledger.file);
    assert_non_null(status.text.file);
    const char *how = status.ledger.how;
    assert_string_equal(status.text.how, how);
    open_index(&memory, r, tip, true);
    dump(&anew, &memory);
    assert_same(&kept, &anew);
    close_index(&disk);
    close_index(&memory);
    str_release(&kept);
    str_release(&anew);
    return how;
}

/* The index finds by a reference what the ledger finds, where it began and where it goes on. */
static void assert_found(struct index *i, const struct ledger *l, const struct ledger_names *names,
                         struct slice ref)
{
    uint32_t item = ledger_find(l, names, ref);
    struct action_rows rows;
    struct event_rows events;
    struct err e = ERR_INIT;
    int failed = index_log(i, ref, &rows, &events, &e);
    if ((item == LEDGER_NONE) != (failed != 0))
        fail_msg("'" SLICE_FMT "': %s", SLICE_ARG(ref), failed ? e.text : "found");
    if (failed)
        return;
    struct str wanted = STR_INIT;
    ledger_ref(&wanted, l, names, ledger_follow(l, item));
    if (!slice_eq(rows.v[0].ref, str_slice(&wanted)))
        fail_msg("'" SLICE_FMT "' is " SLICE_FMT ", not %s", SLICE_ARG(ref),
                 SLICE_ARG(rows.v[0].ref), wanted.p);
    if (!events.n || events.v[0].kind != EVENT_OPENED)
        fail_msg("the log of '" SLICE_FMT "' does not begin where it was opened", SLICE_ARG(ref));
    str_release(&wanted);
    action_rows_release(&rows);
    event_rows_release(&events);
}

static void check_references(struct repo *r, const struct oid *tip)
{
    struct opened o;
    struct chronicle *c = NULL;
    struct ledger_names names;
    struct err e = ERR_INIT;
    struct str ref = STR_INIT;
    open_index(&o, r, tip, false);
    assert_int_equal(chronicle_build(&c, r, tip, &o.state.selection, NULL, NULL, &e), 0);
    ledger_names_init(&names, c->ledger);
    for (uint32_t i = 0; i < c->ledger->nitems; i++) {
        const struct ledger_item *item = &c->ledger->items[i];
        struct slice of[] = {names.of[item->document], c->ledger->documents[item->document].path};
        for (int k = 0; k < 2; k++) {
            str_clear(&ref);
            str_addf(&ref, SLICE_FMT "#%u", SLICE_ARG(of[k]), item->number);
            assert_found(o.index, c->ledger, &names, str_slice(&ref));
            str_clear(&ref);
            str_addf(&ref, SLICE_FMT ":" SLICE_FMT, SLICE_ARG(of[k]), SLICE_ARG(item->id));
            assert_found(o.index, c->ledger, &names, str_slice(&ref));
            str_clear(&ref);
            str_addf(&ref, SLICE_FMT "#a%u", SLICE_ARG(of[k]), i % 6);
            assert_found(o.index, c->ledger, &names, str_slice(&ref));
        }
        str_clear(&ref);
        ledger_ref(&ref, c->ledger, &names, i);
        assert_found(o.index, c->ledger, &names, str_slice(&ref));
    }
    ledger_names_release(&names);
    chronicle_free(c);
    close_index(&o);
    str_release(&ref);
}

static void chain_of(struct walk *w, struct repo *r, const char *dir, const char *rev)
{
    char *hex = told(NULL, "git -C '%s' rev-parse %s", dir, rev);
    struct oid tip;
    struct err e = ERR_INIT;
    assert_true(oid_parse(slice_of(hex), &tip));
    if (walk_history(w, r, &tip, NULL, NULL, &e) < 0)
        fail_msg("%s", e.text);
    free(hex);
}

static const struct oid *link_of(const struct walk *w, size_t k)
{
    return &w->v[w->chain[k]].id;
}

/* From the root: each commit, then random steps, some of them back. */
static void every_commit(struct repo *r, const struct walk *w)
{
    assert_string_equal(step(r, link_of(w, 0)), "built");
    for (size_t k = 1; k < w->nchain; k++)
        assert_string_equal(step(r, link_of(w, k)), "continued");
}

/* same_rules: every commit has the schema of the others, so that going on is always possible. */
static void random_steps(struct repo *r, const struct walk *w, struct random *dice, unsigned n,
                         bool same_rules)
{
    size_t at = 0;
    step(r, link_of(w, 0));
    for (unsigned i = 0; i < n; i++) {
        unsigned most = (unsigned)(w->nchain > 40 ? w->nchain / 4 : 10);
        size_t to = at + pick(dice, most);
        if (pick(dice, 8) == 0 || to >= w->nchain)
            to = pick(dice, (unsigned)w->nchain);
        const char *how = step(r, link_of(w, to));
        if (same_rules && to != at)
            assert_string_equal(how, to > at ? "continued" : "built");
        at = to;
    }
}

static void make_random(const char *dir, uint64_t seed)
{
    FILE *out = fopen("stream", "w");
    assert_non_null(out);
    random_history(out, seed, 60);
    assert_int_equal(fclose(out), 0);
    sh("git init -q -b main '%s' && git -C '%s' fast-import --quiet --force <stream", dir, dir);
}

static void random_histories_give_one_index(void **state)
{
    struct seeds seeds = seeds_from_1(3);
    for (uint64_t seed; seeds_next(&seeds, &seed);) {
        struct random dice = {seed * 0x9e3779b97f4a7c15u + 2};
        struct walk main, work;
        make_random("r", seed);
        struct repo *r = repo_at("r");
        chain_of(&main, r, "r", "main");
        chain_of(&work, r, "r", "work");
        every_commit(r, &main);
        check_references(r, link_of(&main, main.nchain - 1));
        sh("rm -r r/.git/pm");
        random_steps(r, &main, &dice, 12, true);
        for (int i = 0; i < 4; i++) { /* between two branches */
            step(r, link_of(&work, work.nchain - 1 - pick(&dice, (unsigned)work.nchain)));
            step(r, link_of(&main, main.nchain - 1 - pick(&dice, (unsigned)main.nchain)));
        }
        walk_release(&main);
        walk_release(&work);
        repo_free(r);
        sh("test \"$(ls r/.git/pm | grep -v pages | tr '\\n' ' ')\" = 'ledger.sqlite lock text.sqlite '; rm -rf r");
    }
}

/* Two worktrees keep a file each; the new one goes on from what the other has. */
static void worktrees_share_what_they_can(void **state)
{
    struct walk w;
    make_random("r", 3);
    sh("git -C r checkout -q main; git -C r worktree add -q ../linked HEAD");
    struct repo *r = repo_at("r"), *linked = repo_at("linked");
    chain_of(&w, r, "r", "main");
    size_t last = w.nchain - 1;
    assert_string_equal(step(r, link_of(&w, last - 3)), "built");
    assert_string_equal(step(linked, link_of(&w, last - 3)), "unchanged");
    assert_string_equal(step(linked, link_of(&w, last - 1)), "continued");
    assert_string_equal(step(r, link_of(&w, last - 3)), "unchanged");
    assert_string_equal(step(r, link_of(&w, last)), "continued");
    assert_string_equal(step(linked, link_of(&w, last - 1)), "unchanged");
    repo_free(linked);
    sh("ls r/.git/pm/ledger-linked.sqlite r/.git/pm/text-linked.sqlite >seen\n"
       "git -C r worktree remove ../linked");
    assert_string_equal(step(r, link_of(&w, last - 4)), "built");
    sh("test \"$(ls r/.git/pm | grep -v pages | tr '\\n' ' ')\" = 'ledger.sqlite lock text.sqlite '; rm -rf r");
    walk_release(&w);
    repo_free(r);
}

/* ---- what is not committed ------------------------------------------------------------------ */

/* The ledger's rows; a commit's name, time and author are left out. */
static void rows_without(struct str *out, struct opened *o, const char *commit)
{
    struct str all = STR_INIT;
    dump(&all, o);
    struct slice rest = str_slice(&all), line;
    while (slice_split(&rest, '\n', &line)) {
        if (slice_starts(line, SLICE("meta")) || slice_starts(line, SLICE("previous")))
            continue;
        for (size_t at; (at = slice_find(line, slice_of(commit), 0)) != SIZE_MAX;) {
            str_adds(out, slice_sub(line, 0, at));
            line = slice_sub(line, at + strlen(commit), line.n);
        }
        str_addf(out, SLICE_FMT "\n", SLICE_ARG(line));
    }
    str_release(&all);
}

static void rows_uncommitted(struct str *out, struct repo *r, const struct oid *tip, int64_t at)
{
    struct pending_list pending = {0};
    struct oid *heads = NULL;
    size_t nheads = 0;
    struct opened o;
    struct err e = ERR_INIT;
    struct str nobody = STR_INIT;
    if (state_of_worktree(&o.state, r, &e) || pending_worktree(&pending, r, &e) ||
        pending_merge(&heads, &nheads, r, &e))
        fail_msg("%s", e.text);
    struct uncommitted step = {&pending, o.state.files, heads, nheads, at};
    if (index_open_uncommitted(&o.index, r, &o.state, tip, &step, NULL, NULL, &e))
        fail_msg("%s", e.text);
    str_addf(&nobody, "%040d %lld  <>", 0, (long long)at);
    rows_without(out, &o, nobody.p);
    close_index(&o);
    pending_release(&pending);
    free(heads);
    str_release(&nobody);
}

static void rows_committed(struct str *out, struct repo *r, const struct oid *tip)
{
    struct opened o;
    struct commit commit;
    struct err e = ERR_INIT;
    struct str name = STR_INIT;
    char hex[OID_HEX + 1];
    assert_int_equal(commit_read(r, tip, &commit, &e), 0);
    oid_hex(tip, hex);
    for (char *p = hex; *p; p++)
        str_addc(&name, *p >= 'a' ? (char)(*p - 'a' + 'A') : *p);
    str_addf(&name, " %lld " SLICE_FMT " <" SLICE_FMT ">", (long long)commit.committer.when,
             SLICE_ARG(commit.author.name), SLICE_ARG(commit.author.email));
    open_parts(&o, r, tip, INDEX_LEDGER, true);
    rows_without(out, &o, name.p);
    close_index(&o);
    commit_release(&commit);
    str_release(&name);
}

static struct oid head_of(struct repo *r)
{
    struct oid tip;
    struct err e = ERR_INIT;
    assert_int_equal(commit_head(r, &tip, &e), 1);
    return tip;
}

/* A worktree at some commit whose files are those of another one, partly staged, perhaps in the
 * midst of a merge with a third. */
static void edit_at_random(struct random *dice, char **commits, unsigned n)
{
    unsigned at = pick(dice, n), other = pick(dice, 3) ? at + 1 + pick(dice, 3) : pick(dice, n);
    sh("cd r; rm -rf postmortems incidents attic; git checkout -qf --detach %s",
       commits[at]);
    sh("cd r; rm -rf postmortems incidents attic; export GIT_INDEX_FILE=$PWD/../other\n"
       "git read-tree %s; git checkout-index -qaf",
       commits[other % n]);
    if (pick(dice, 2))
        sh("cd r; test ! -d postmortems || git add -A postmortems");
    if (pick(dice, 3) == 0)
        sh("echo %s >r/.git/MERGE_HEAD; printf no-ff >r/.git/MERGE_MODE", commits[pick(dice, n)]);
}

static void edits_are_told_as_their_commit_is(void **state)
{
    struct seeds seeds = seeds_from_1(2);
    for (uint64_t seed; seeds_next(&seeds, &seed);) {
        struct random dice = {seed * 0x9e3779b97f4a7c15u + 3};
        char *commits[MOST_COMMITS];
        unsigned n = 0;
        make_random("r", seed);
        char *list = told(NULL, "git -C r rev-list --all --reverse --topo-order");
        for (char *p = strtok(list, "\n"); p; p = strtok(NULL, "\n"))
            commits[n++] = p;
        struct repo *r = repo_at("r");
        for (int i = 0; i < 4; i++) {
            struct str before = STR_INIT, after = STR_INIT;
            edit_at_random(&dice, commits, n);
            struct oid tip = head_of(r);
            if (pick(&dice, 2)) { /* else the file, if there is one, is of another commit */
                struct opened kept;
                open_parts(&kept, r, &tip, INDEX_LEDGER, false);
                close_index(&kept);
            }
            rows_uncommitted(&before, r, &tip, 1700000000);
            sh("cd r; git add -A; GIT_COMMITTER_DATE='1700000000 +0000' git commit -q "
               "--allow-empty -m made");
            tip = head_of(r);
            rows_committed(&after, r, &tip);
            assert_same(&before, &after);
            str_release(&before);
            str_release(&after);
        }
        repo_free(r);
        free(list);
        sh("rm -rf r");
    }
}

/* ---- real histories ------------------------------------------------------------------------- */

static char project[4096];

static void real_history(const char *name)
{
    const char *corpus = getenv("PM_CORPUS");
    struct str bundle = STR_INIT;
    struct random dice = {7};
    struct walk w;
    str_addf(&bundle, "%s/%s.bundle", corpus ? corpus : "../shared/corpus", name);
    if (bundle.p[0] != '/') {
        char *relative = str_detach(&bundle, NULL);
        str_addf(&bundle, "%s/%s", project, relative);
        free(relative);
    }
    bool there = access(bundle.p, R_OK) == 0;
    if (there)
        sh("git clone -q '%s' %s", bundle.p, name);
    str_release(&bundle);
    if (!there)
        skip();
    struct repo *r = repo_at(name);
    chain_of(&w, r, name, "HEAD");
    random_steps(r, &w, &dice, getenv("PM_LONG") ? 8 : 3, false);
    walk_release(&w);
    repo_free(r);
    sh("rm -rf %s", name);
}

static void dfds_gives_one_index(void **state)
{
    real_history("dfds");
}

static void mybinder_gives_one_index(void **state)
{
    real_history("mybinder");
}

static void alt_gives_one_index(void **state)
{
    real_history("alt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_histories_give_one_index, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(worktrees_share_what_they_can, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(edits_are_told_as_their_commit_is, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(dfds_gives_one_index, sandbox_setup, sandbox_teardown),
        cmocka_unit_test_setup_teardown(mybinder_gives_one_index, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(alt_gives_one_index, sandbox_setup, sandbox_teardown),
    };
    if (!getcwd(project, sizeof project))
        return 2;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
