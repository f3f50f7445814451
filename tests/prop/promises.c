/* What the gate sees of one change is what the ledger, which knows all of history, tells of it: at
 * every commit of the chain the same items are dropped.
 *
 * PM_SEED=N tries one random history, PM_SEEDS=N that many from there on.
 * With arguments, a tool: promises --dropped DIR prints what is dropped along DIR's HEAD. */
#include "pm/chronicle.h"
#include "pm/promises.h"
#include "pm/vec.h"

#include "../lib/sandbox.h"
#include "../lib/seeds.h"

#include "random_history.h"

struct told {
    struct repo *repo;
    struct state state;
    struct oid tip;
    struct walk walk;
};

static void told_open(struct told *t, const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    *t = (struct told){.repo = NULL};
    if (repo_open(&t->repo, &where, &e) || commit_head(t->repo, &t->tip, &e) != 1 ||
        state_of_commit(&t->state, t->repo, &t->tip, &e) ||
        walk_history(&t->walk, t->repo, &t->tip, NULL, NULL, &e))
        fail_msg("%s", e.text);
}

static void told_close(struct told *t)
{
    walk_release(&t->walk);
    state_release(&t->state);
    repo_free(t->repo);
}

/* A line for each item that is dropped, sorted. */
struct lines_of {
    VEC(char *) v;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_line(struct lines_of *l, struct slice text)
{
    struct str line = STR_INIT;
    str_addf(&line, SLICE_FMT "\n", SLICE_ARG(text));
    vec_push(&l->v, str_detach(&line, NULL));
}

static char *joined(struct lines_of *l)
{
    struct str all = STR_INIT;
    vec_sort(&l->v, by_text);
    for (size_t i = 0; i < l->v.n; i++) {
        str_addz(&all, l->v.v[i]);
        free(l->v.v[i]);
    }
    vec_release(&l->v);
    return str_detach(&all, NULL);
}

static struct chronicle *chronicle_at(const struct told *t, size_t k)
{
    struct chronicle *c = NULL;
    struct err e = ERR_INIT;
    if (chronicle_build(&c, t->repo, &t->walk.v[t->walk.chain[k]].id, &t->state.selection, NULL,
                        NULL, &e))
        fail_msg("%s", e.text);
    return c;
}

/* What only the past can tell: what a draft promised under another name, what stands in a document
 * that cannot be read, and who had an id first. */
static bool needs_past(const struct ledger *before, uint32_t document)
{
    const struct ledger_document *d = &before->documents[document];
    if (d->draft || !d->readable)
        return true;
    for (size_t i = 0; d->id.n && i < before->ndocuments; i++)
        if (i != document && slice_eq(before->documents[i].id, d->id))
            return true;
    return false;
}

/* A longer history of the same chain gives its documents the same numbers. */
static char *dropped_by_ledger(const struct chronicle *c, const struct ledger *before)
{
    struct lines_of lines = {VEC_INIT};
    const struct ledger *l = c->ledger;
    for (size_t i = 0; i < l->nevents; i++) {
        const struct ledger_event *event = &l->events[i];
        const struct ledger_item *item = &l->items[event->item];
        if (event->kind == EVENT_DROPPED &&
            oid_eq(&c->commits[event->landing].id, &c->tip) && !needs_past(before, item->document))
            add_line(&lines, item->now.text);
    }
    return joined(&lines);
}

static bool path_needs_past(const struct ledger *before, struct slice path)
{
    for (uint32_t i = 0; i < before->ndocuments; i++)
        if (before->documents[i].present && slice_eq(before->documents[i].path, path))
            return needs_past(before, i);
    fail_msg("'" SLICE_FMT "' was not there", SLICE_ARG(path));
    return true;
}

static char *dropped_by_gate(const struct told *t, size_t k, const struct ledger *before)
{
    struct promises_asked asked = {.after = &t->state,
                                   .before = &t->walk.v[t->walk.chain[k - 1]].id,
                                   .heads = &t->walk.v[t->walk.chain[k]].id,
                                   .nheads = 1};
    struct lines_of lines = {VEC_INIT};
    struct promises p;
    struct err e = ERR_INIT;
    if (promises_read(&p, t->repo, &asked, &e))
        fail_msg("%s", e.text);
    for (size_t i = 0; i < p.n; i++)
        if (p.v[i].kind == EVENT_DROPPED && !path_needs_past(before, p.v[i].path))
            add_line(&lines, p.v[i].was->text);
    promises_release(&p);
    return joined(&lines);
}

static bool path_has_id(const struct ledger *l, struct slice path, struct slice id)
{
    for (size_t i = 0; i < l->ndocuments; i++)
        if (l->documents[i].present && slice_eq(l->documents[i].path, path))
            return slice_eq(l->documents[i].id, id);
    return false;
}

/* Does a document come to state the id of one that is long gone? Only the past can tell that this is
 * back, and that what stood there is another one. */
static bool revives(const struct ledger *before, const struct ledger *after)
{
    for (size_t i = 0; i < after->ndocuments; i++) {
        const struct ledger_document *d = &after->documents[i];
        if (!d->present || !d->id.n || path_has_id(before, d->path, d->id))
            continue;
        for (size_t k = 0; k < before->ndocuments; k++)
            if (!before->documents[k].present && slice_eq(before->documents[k].id, d->id))
                return true;
    }
    return false;
}

/* How many steps of the chain are seen otherwise than they are told. */
static size_t compare_history(const char *dir, bool print)
{
    struct told t;
    size_t different = 0;
    told_open(&t, dir);
    struct chronicle *before = chronicle_at(&t, 0);
    for (size_t k = 1; k < t.walk.nchain; k++) {
        struct chronicle *c = chronicle_at(&t, k);
        char hex[OID_HEX + 1];
        oid_hex(&c->tip, hex);
        char *ledger = dropped_by_ledger(c, before->ledger);
        char *gate = dropped_by_gate(&t, k, before->ledger);
        bool differ = strcmp(ledger, gate) != 0 && !revives(before->ledger, c->ledger);
        different += differ;
        if (differ)
            printf("# %s of %s\n# by the ledger:\n%s# by the gate:\n%s", hex, dir, ledger, gate);
        else if (print && *gate)
            printf("%s\n%s", hex, gate);
        free(ledger);
        free(gate);
        chronicle_free(before);
        before = c;
    }
    chronicle_free(before);
    told_close(&t);
    return different;
}

static void a_random_history_is_seen_as_it_is_told(uint64_t seed)
{
    FILE *out = fopen("stream", "w");
    assert_non_null(out);
    random_history(out, seed, 60);
    assert_int_equal(fclose(out), 0);
    sh("rm -rf random; git init -q random; git -C random fast-import --quiet --force <stream");
    assert_int_equal(compare_history("random", false), 0);
}

static void random_histories_are_seen_as_they_are_told(void **state)
{
    struct seeds seeds = seeds_from_1(12);
    (void)state;
    for (uint64_t seed; seeds_next(&seeds, &seed);)
        a_random_history_is_seen_as_it_is_told(seed);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_histories_are_seen_as_they_are_told, sandbox_setup,
                                        sandbox_teardown),
    };
    if (argc == 3 && strcmp(argv[1], "--dropped") == 0)
        return compare_history(argv[2], true) > 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
