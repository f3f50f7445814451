/* Random histories (merges, octopuses, criss-crosses, several roots, clocks that run backwards,
 * names of any bytes, files that become folders and links) against git and against brute force. */
#include "pm/diff.h"
#include "pm/snapshot.h"
#include "pm/vec.h"
#include "pm/walk.h"

#include "../lib/sandbox.h"
#include "../lib/seeds.h"

#define MAX_COMMITS 64u
#define ROUNDS      8

static uint64_t random_state;
static bool clocks_agree;    /* of those who commit to the history being made */
static unsigned forward_walks; /* gone on with from dates that run forward */

static uint32_t below(uint32_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % n);
}

/* ---- making one ----------------------------------------------------------------------------- */

static const char *const names[] = {
    "a",       "a-b",   "a.md",       "a/x",           "a/y/z",     "a0",
    "b/a",     "b/b",   "b/c/d/e/f",  "c/one",         "c/two",     "c/three",
    "d/1",     "d/2",   "d/3",        "\"n\\nl\"",     "\"\\377\"", "\xc3\xbc/\xc3\xa4",
    "b/a.b/x", "b/a b", "d/100644 x", "postmortems/x", "d",         "b",
};

static void make_edit(FILE *f)
{
    static const char *const modes[] = {"100644", "100644", "100644", "100755", "120000"};
    const char *name = names[below(sizeof names / sizeof *names)];
    uint32_t what = below(12);
    if (what < 2)
        fprintf(f, "D %s\n", name);
    else if (what == 2)
        fprintf(f, "M 160000 %040x %s\n", below(1000) + 1, name);
    else
        fprintf(f, "M %s inline %s\ndata 3\n%03u\n", modes[below(5)], name, below(1000));
}

static void make_commit(FILE *f, uint32_t i)
{
    /* Merged in pairs both ways, two branches criss-cross; marks count from 1. */
    bool root = i == 0 || below(20) == 0;
    uint32_t parents = root ? 0 : below(4) ? 1 : 2 + below(3), recent = i < 6 ? i : 6;
    int64_t when = 1700000000 + (int64_t)(i / 2) * 60;
    if (below(6) == 0 && !clocks_agree)
        when -= below(2000000);
    fprintf(f, "%s%scommit refs/heads/main\nmark :%u\n", root ? "reset refs/heads/main\n" : "",
            root ? "\n" : "", i + 1);
    fprintf(f, "committer C <c@x> %lld +0000\ndata 2\n%c\n", (long long)when, 'a' + (int)(i % 26));
    for (uint32_t k = 0; k < parents; k++) {
        uint32_t from = below(4) ? i - below(recent) : 1 + below(i);
        fprintf(f, "%s :%u\n", k == 0 ? "from" : "merge", from);
    }
    for (uint32_t edits = below(4); edits > 0; edits--)
        make_edit(f);
    fputc('\n', f);
}

static void make_history(uint32_t commits)
{
    sh("git init -q --bare r.git");
    FILE *f = popen("git -C r.git fast-import --quiet --force --export-marks=../marks", "w");
    assert_non_null(f);
    for (uint32_t i = 0; i < commits; i++)
        make_commit(f, i);
    assert_int_equal(pclose(f), 0);
    if (below(2))
        sh("git -C r.git repack -q -a -d -f -k");
}

/* ---- what is true of it --------------------------------------------------------------------- */

struct known {
    struct oid id, tree;
    uint32_t parents[8];
    uint32_t nparents;
    uint64_t reach; /* itself and its ancestors */
};

struct truth {
    struct known v[MAX_COMMITS];
    uint32_t n;
};

static uint32_t number_of(const struct truth *t, const struct oid *id)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (oid_eq(&t->v[i].id, id))
            return i;
    }
    return UINT32_MAX;
}

/* Every commit made, reachable or not, parents first: marks are in that order. */
static void learn(struct truth *t)
{
    char *text = told(NULL, "sort -t: -k2n marks | cut -d' ' -f2 | "
                            "git -C r.git log --no-walk=unsorted --stdin --format='%%H %%T %%P'");
    struct slice rest = slice_of(text), line, word;
    t->n = 0;
    while (slice_split(&rest, '\n', &line)) {
        struct known *c = &t->v[t->n];
        memset(c, 0, sizeof *c);
        assert_true(slice_split(&line, ' ', &word) && oid_parse(word, &c->id));
        assert_true(slice_split(&line, ' ', &word) && oid_parse(word, &c->tree));
        c->reach = UINT64_C(1) << t->n;
        while (slice_split(&line, ' ', &word)) {
            struct oid id;
            assert_true(oid_parse(word, &id));
            uint32_t parent = number_of(t, &id);
            assert_int_not_equal(parent, UINT32_MAX);
            c->parents[c->nparents++] = parent;
            c->reach |= t->v[parent].reach;
        }
        t->n++;
    }
    free(text);
}

static bool reaches(const struct truth *t, uint32_t from, uint32_t to)
{
    return t->v[from].reach >> to & 1;
}

/* ---- walks ---------------------------------------------------------------------------------- */

/* All of it, each once, parents first and told rightly, each in the step that brought it. */
static void check_walk(const struct truth *t, const struct walk *w, uint32_t tip)
{
    uint64_t seen = 0;
    uint32_t node = tip;
    for (size_t k = w->nchain; k-- > 0; node = t->v[node].parents[0]) {
        assert_true(oid_eq(&w->v[w->chain[k]].id, &t->v[node].id));
        assert_true(w->v[w->chain[k]].on_chain);
        assert_int_equal(w->v[w->chain[k]].step, k);
        assert_true(k > 0 || t->v[node].nparents == 0);
        if (k == 0)
            break;
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct walk_commit *c = &w->v[i];
        uint32_t me = number_of(t, &c->id);
        assert_true(oid_eq(&c->tree, &t->v[me].tree));
        assert_int_equal(c->nparents, t->v[me].nparents);
        assert_false(c->past || c->boundary);
        for (uint32_t k = 0; k < c->nparents; k++) {
            uint32_t parent = w->parents[c->first_parent + k];
            assert_true(parent < i);
            assert_int_equal(number_of(t, &w->v[parent].id), t->v[me].parents[k]);
        }
        assert_true(c->step >= (i ? w->v[i - 1].step : 0));
        uint32_t landing = number_of(t, &w->v[w->chain[c->step]].id);
        assert_true(reaches(t, landing, me));
        if (c->step > 0)
            assert_false(reaches(t, number_of(t, &w->v[w->chain[c->step - 1]].id), me));
        assert_false(seen >> me & 1);
        seen |= UINT64_C(1) << me;
    }
    assert_true(seen == t->v[tip].reach);
}

struct memory {
    const struct truth *truth;
    uint64_t chain;
    uint32_t stop;
};

static bool remembers(void *ctx, const struct oid *id)
{
    struct memory *m = ctx;
    uint32_t i = number_of(m->truth, id);
    if (m->chain >> i & 1)
        m->stop = i;
    return m->chain >> i & 1;
}

static bool has_reached(void *ctx, const struct oid *id)
{
    struct memory *m = ctx;
    return reaches(m->truth, m->stop, number_of(m->truth, id));
}

/* From a stop on, a walk is the end of the whole walk. */
static void check_rest(const struct truth *t, const struct walk *whole, const struct walk *rest,
                       uint32_t stop)
{
    size_t from = 0, skipped = 1;
    assert_int_equal(number_of(t, &rest->v[0].id), stop);
    assert_int_equal(rest->chain[0], 0);
    assert_int_equal(rest->v[0].nparents, 0);
    for (; skipped < rest->n && rest->v[skipped].past; skipped++)
        assert_true(reaches(t, stop, number_of(t, &rest->v[skipped].id)));
    while (from < whole->n && whole->v[from].step + rest->nchain <= whole->nchain)
        from++;
    assert_int_equal(whole->n - from, rest->n - skipped);
    for (size_t i = 0; i < rest->n - skipped; i++) {
        const struct walk_commit *a = &whole->v[from + i], *b = &rest->v[skipped + i];
        assert_true(oid_eq(&a->id, &b->id));
        assert_int_equal(a->step + rest->nchain, b->step + whole->nchain);
        assert_int_equal(a->nparents, b->nparents);
        for (uint32_t k = 0; k < a->nparents; k++) {
            const struct walk_commit *x = &whole->v[whole->parents[a->first_parent + k]];
            const struct walk_commit *y = &rest->v[rest->parents[b->first_parent + k]];
            assert_true(oid_eq(&x->id, &y->id) && oid_eq(&x->tree, &y->tree));
        }
    }
}

/* Dates that run forward up to the stop tell how far back to read, and say so of the whole. */
static void check_forward(const struct truth *t, struct repo *r, const struct walk *whole,
                          uint32_t tip, struct memory *m)
{
    struct walk_past past = {m, remembers, NULL, false};
    struct walk before, rest;
    struct err e = ERR_INIT;
    bool found;
    uint32_t stop = (uint32_t)__builtin_ctzll(m->chain);
    assert_int_equal(walk_history(&before, r, &t->v[stop].id, NULL, &found, &e), 0);
    past.forward = before.forward;
    forward_walks += before.forward;
    assert_int_equal(walk_since(&rest, r, &t->v[tip].id, &past, &found, &e), 0);
    check_rest(t, whole, &rest, stop);
    assert_int_equal(rest.forward, whole->forward);
    walk_release(&before);
    walk_release(&rest);
}

static void check_walks(const struct truth *t, struct repo *r, uint32_t tip, uint32_t other)
{
    struct walk whole, rest;
    struct err e = ERR_INIT;
    bool found;
    assert_int_equal(walk_history(&whole, r, &t->v[tip].id, NULL, &found, &e), 0);
    assert_false(found);
    check_walk(t, &whole, tip);
    for (size_t k = 0; k < whole.nchain; k++) {
        struct oid stop = whole.v[whole.chain[k]].id;
        struct memory m = {t, UINT64_C(1) << number_of(t, &stop), 0};
        struct walk_past past = {&m, remembers, has_reached, false};
        assert_int_equal(walk_history(&rest, r, &t->v[tip].id, &stop, &found, &e), 0);
        assert_true(found);
        check_rest(t, &whole, &rest, number_of(t, &stop));
        walk_release(&rest);
        assert_int_equal(walk_since(&rest, r, &t->v[tip].id, &past, &found, &e), 0);
        check_rest(t, &whole, &rest, number_of(t, &stop));
        walk_release(&rest);
        check_forward(t, r, &whole, tip, &m);
    }
    /* The chain of another tip: what both have in common is found. */
    struct memory m = {t, 0, UINT32_MAX};
    struct walk_past past = {&m, remembers, NULL, false};
    for (uint32_t i = other;; i = t->v[i].parents[0]) {
        m.chain |= UINT64_C(1) << i;
        if (t->v[i].nparents == 0)
            break;
    }
    assert_int_equal(walk_since(&rest, r, &t->v[tip].id, &past, &found, &e), 0);
    if (found)
        check_rest(t, &whole, &rest, m.stop);
    else
        check_walk(t, &rest, tip);
    walk_release(&rest);
    walk_release(&whole);
}

/* What lies between two states: the side from `from` on, up to the merge that is the last element. */
static uint64_t check_side(const struct truth *t, const struct walk *w, size_t from)
{
    uint64_t side = 0;
    for (size_t i = from; i < w->n - 1; i++) {
        const struct walk_commit *c = &w->v[i];
        uint32_t me = number_of(t, &c->id);
        assert_false(c->on_chain || c->past || side >> me & 1);
        assert_int_equal(c->step, w->nchain - 1);
        assert_int_equal(c->nparents, t->v[me].nparents);
        for (uint32_t k = 0; k < c->nparents; k++) {
            uint32_t parent = w->parents[c->first_parent + k];
            assert_true(parent < i);
            assert_int_equal(number_of(t, &w->v[parent].id), t->v[me].parents[k]);
        }
        side |= UINT64_C(1) << me;
    }
    return side;
}

static void check_end(const struct truth *t, const struct walk *w, const uint32_t *parents,
                      uint32_t n)
{
    const struct walk_commit *merge = &w->v[w->n - 1];
    assert_int_equal(w->chain[w->nchain - 1], w->n - 1);
    assert_true(merge->on_chain);
    assert_int_equal(merge->nparents, n);
    for (uint32_t k = 0; k < n; k++)
        assert_int_equal(number_of(t, &w->v[w->parents[merge->first_parent + k]].id), parents[k]);
    if (n != 2) {
        assert_true(oid_is_zero(&merge->id));
        return;
    }
    assert_true(oid_eq(&merge->id, &t->v[parents[1]].id));
    assert_true(oid_eq(&merge->tree, &t->v[parents[1]].tree));
}

/* A merge that there never was: after all of its base's history, or without it. */
static void check_merged(const struct truth *t, struct repo *r, uint32_t base, uint32_t head,
                         uint32_t other)
{
    struct walk whole, merged, between;
    struct err e = ERR_INIT;
    const uint32_t parents[] = {base, head, other};
    const struct oid heads[] = {t->v[head].id, t->v[other].id};
    uint64_t side = t->v[head].reach & ~t->v[base].reach;
    assert_int_equal(walk_history(&whole, r, &t->v[base].id, NULL, NULL, &e), 0);
    assert_int_equal(walk_merged(&merged, r, &t->v[base].id, heads, &e), 0);
    assert_int_equal(merged.nchain, whole.nchain + 1);
    for (size_t i = 0; i < whole.n; i++)
        assert_true(oid_eq(&whole.v[i].id, &merged.v[i].id));
    assert_true(check_side(t, &merged, whole.n) == side);
    check_end(t, &merged, parents, 2);
    for (uint32_t n = 0; n <= 2; n++) {
        assert_int_equal(walk_between(&between, r, &t->v[base].id, heads, n, &e), 0);
        size_t first = 1;
        assert_int_equal(between.nchain, 2);
        assert_int_equal(number_of(t, &between.v[between.chain[0]].id), base);
        for (; between.v[first].past; first++)
            assert_true(reaches(t, base, number_of(t, &between.v[first].id)));
        uint64_t wanted = n > 1 ? side | (t->v[other].reach & ~t->v[base].reach) : n ? side : 0;
        assert_true(check_side(t, &between, first) == wanted);
        check_end(t, &between, parents, n + 1);
        for (size_t i = 0; n == 1 && first + i < between.n; i++)
            assert_true(oid_eq(&between.v[first + i].id, &merged.v[whole.n + i].id));
        walk_release(&between);
    }
    walk_release(&merged);
    walk_release(&whole);
}

static void check_merge_base(const struct truth *t, struct repo *r, uint32_t a, uint32_t b)
{
    struct oid id;
    struct err e = ERR_INIT;
    uint64_t common = t->v[a].reach & t->v[b].reach, best = common;
    for (uint32_t i = 0; i < t->n; i++) {
        if (common >> i & 1)
            best &= ~(t->v[i].reach & ~(UINT64_C(1) << i));
    }
    int found = commit_merge_base(r, &t->v[a].id, &t->v[b].id, &id, &e);
    assert_int_equal(found, common != 0);
    if (found)
        assert_true(best >> number_of(t, &id) & 1);
}

/* ---- trees ---------------------------------------------------------------------------------- */

static void add_change(struct str *out, struct slice path, const struct oid *x, const struct oid *y)
{
    char before[OID_HEX + 1], after[OID_HEX + 1];
    oid_hex(x, before);
    oid_hex(y, after);
    str_addf(out, "%s %s ", before, after);
    str_adds(out, path);
    str_addc(out, '\0');
}

static int note_change(void *ctx, const struct change *c)
{
    add_change(ctx, c->path, &c->before, &c->after);
    return 0;
}

/* :MODE MODE OID OID STATUS, path; what is no file counts as absent */
static void gits_changes(struct str *out, const struct oid *a, const struct oid *b)
{
    char x[OID_HEX + 1], y[OID_HEX + 1];
    size_t n;
    oid_hex(a, x);
    oid_hex(b, y);
    char *text =
        told(&n, "git -C r.git diff-tree -r --raw -z --no-abbrev --no-renames %s %s", x, y);
    struct slice rest = slice_from(text, n), meta, path;
    while (slice_split(&rest, '\0', &meta)) {
        struct oid before = {{0}}, after = {{0}};
        assert_int_equal(slice_split(&rest, '\0', &path), 1);
        if (slice_starts(slice_sub(meta, 1, 3), SLICE("100")))
            assert_true(oid_parse(slice_sub(meta, 15, OID_HEX), &before));
        if (slice_starts(slice_sub(meta, 8, 3), SLICE("100")))
            assert_true(oid_parse(slice_sub(meta, 56, OID_HEX), &after));
        if (!oid_eq(&before, &after))
            add_change(out, path, &before, &after);
    }
    free(text);
}

static void check_changes(const struct truth *t, struct differ *d, uint32_t a, uint32_t b)
{
    struct str ours = STR_INIT, gits = STR_INIT;
    struct err e = ERR_INIT;
    assert_int_equal(differ_run(d, &t->v[a].tree, &t->v[b].tree, NULL, note_change, &ours, &e), 0);
    gits_changes(&gits, &t->v[a].tree, &t->v[b].tree);
    assert_int_equal(ours.n, gits.n);
    assert_memory_equal(ours.p, gits.p, gits.n);
    str_release(&ours);
    str_release(&gits);
}

/* A snapshot of a commit, the difference to the empty tree, and git ls-tree agree. */
static void check_files(const struct truth *t, struct repo *r, struct differ *d, uint32_t commit)
{
    static const struct oid none;
    char hex[OID_HEX + 1];
    struct str ours = STR_INIT, listed = STR_INIT, gits = STR_INIT;
    struct snapshot *s = NULL;
    struct err e = ERR_INIT;
    size_t n;
    oid_hex(&t->v[commit].tree, hex);
    assert_int_equal(differ_run(d, &none, &t->v[commit].tree, NULL, note_change, &ours, &e), 0);
    assert_int_equal(snapshot_of_commit(&s, r, &t->v[commit].id, NULL, NULL, &e), 0);
    for (size_t i = 0; i < snapshot_count(s); i++)
        add_change(&listed, snapshot_file(s, i)->path, &none, &snapshot_file(s, i)->id);
    char *text = told(&n, "git -C r.git ls-tree -r -z %s", hex);
    struct slice rest = slice_from(text, n), line;
    while (slice_split(&rest, '\0', &line)) {
        struct oid id;
        if (!slice_starts(line, SLICE("100")))
            continue;
        assert_true(oid_parse(slice_sub(line, 12, OID_HEX), &id));
        add_change(&gits, slice_sub(line, 13 + OID_HEX, line.n), &none, &id);
    }
    assert_int_equal(ours.n, gits.n);
    assert_memory_equal(ours.p, gits.p, gits.n);
    assert_int_equal(listed.n, gits.n);
    assert_memory_equal(listed.p, gits.p, gits.n);
    free(text);
    snapshot_free(s);
    str_release(&ours);
    str_release(&listed);
    str_release(&gits);
}

/* ---- properties ----------------------------------------------------------------------------- */

static struct repo *opened(const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    if (repo_open(&r, &where, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

static void random_histories_are_read_as_they_are(void **state)
{
    static struct truth t;
    for (int round = 0; round < ROUNDS; round++) {
        clocks_agree = round % 2;
        make_history(8 + below(MAX_COMMITS - 8));
        learn(&t);
        struct repo *r = opened("r.git");
        struct differ *d = differ_new(r);
        for (int i = 0; i < 4; i++)
            check_walks(&t, r, i ? below(t.n) : t.n - 1, below(t.n));
        for (int i = 0; i < 300; i++)
            check_merge_base(&t, r, below(t.n), below(t.n));
        for (int i = 0; i < 60; i++)
            check_merged(&t, r, below(t.n), below(t.n), below(t.n));
        for (int i = 0; i < 25; i++) {
            uint32_t a = below(t.n), b = below(t.n);
            check_changes(&t, d, i % 2 && t.v[b].nparents ? t.v[b].parents[0] : a, b);
        }
        for (int i = 0; i < 3; i++)
            check_files(&t, r, d, below(t.n));
        differ_free(d);
        repo_free(r);
        sh("rm -rf r.git marks");
    }
    assert_true(forward_walks > 0);
}

/* In a shallow clone the walk has what git has, and ends where it ends. */
static void shallow_clones_end_at_their_boundary(void **state)
{
    for (int depth = 1; depth <= 12; depth += 1 + (int)below(3)) {
        struct walk w;
        struct err e = ERR_INIT;
        struct oid tip;
        make_history(40);
        sh("git clone -q --bare --depth %d \"file://$HOME/r.git\" s.git", depth);
        char *count = told(NULL, "git -C s.git rev-list --count HEAD");
        char *chain = told(NULL, "git -C s.git rev-list --count --first-parent HEAD");
        char *cut =
            told(NULL, "git -C s.git rev-list HEAD >list; sort list >sorted\n"
                       "touch s.git/shallow; sort s.git/shallow | comm -12 sorted - | wc -l");
        struct repo *r = opened("s.git");
        assert_int_equal(commit_head(r, &tip, &e), 1);
        if (walk_history(&w, r, &tip, NULL, NULL, &e) < 0)
            fail_msg("%s", e.text);
        size_t boundary = 0;
        for (size_t i = 0; i < w.n; i++) {
            boundary += w.v[i].boundary;
            assert_true(!w.v[i].boundary || w.v[i].nparents == 0);
        }
        assert_int_equal(w.n, atoi(count));
        assert_int_equal(w.nchain, atoi(chain));
        assert_int_equal(boundary, atoi(cut));
        assert_true(repo_is_shallow(r) == (boundary > 0));
        walk_release(&w);
        repo_free(r);
        free(count);
        free(chain);
        free(cut);
        sh("rm -rf r.git s.git marks");
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_histories_are_read_as_they_are),
        TEST(shallow_clones_end_at_their_boundary),
    };
    random_state = seed_from(20260320);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
