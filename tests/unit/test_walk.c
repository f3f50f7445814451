#include "pm/vec.h"
#include "pm/walk.h"

#include "../lib/sandbox.h"

/* Random histories are in tests/prop/history.c; here is what they do not reach. */

static struct repo *opened(const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    if (repo_open(&r, &where, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

static struct oid id_of(const char *rev)
{
    struct oid id;
    char *hex = told(NULL, "git -C a rev-parse --verify '%s'", rev);
    assert_true(oid_parse(slice_of(hex), &id));
    free(hex);
    return id;
}

/* The subjects in the walk's order: "step:subject", a '*' for the chain, '-' for the past. */
static void is_walk(struct repo *r, const struct walk *w, const char *expected)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    for (size_t i = 0; i < w->n; i++) {
        struct commit c;
        assert_int_equal(commit_read(r, &w->v[i].id, &c, &e), 0);
        str_addf(&text, "%u:" SLICE_FMT "%s ", w->v[i].step, SLICE_ARG(slice_trim(c.message)),
                 w->v[i].on_chain ? "*"
                 : w->v[i].past   ? "-"
                                  : "");
        commit_release(&c);
    }
    assert_string_equal(text.p, expected);
    str_release(&text);
}

/* a - b - merge1 - c - merge2, with s1 s2 beside b and t (from a) beside c */
static void make_merges(void)
{
    sh("git init -q a; cd a; c() { git commit -q --allow-empty -m $1; }; c a; git branch t\n"
       "git checkout -q -b s; c s1; c s2; git checkout -q main; c b\n"
       "git merge -q --no-ff -m merge1 s; c c; git checkout -q t; c t; git checkout -q main\n"
       "git merge -q --no-ff -m merge2 t");
}

static void groups_what_each_merge_brought(void **state)
{
    make_merges();
    struct repo *r = opened("a");
    struct walk w;
    struct err e = ERR_INIT;
    struct oid tip = id_of("main"), stop = id_of("main~2"), other = id_of("s");
    bool found;
    assert_int_equal(walk_history(&w, r, &tip, NULL, NULL, &e), 0);
    is_walk(r, &w, "0:a* 1:b* 2:s1 2:s2 2:merge1* 3:c* 4:t 4:merge2* ");
    walk_release(&w);
    assert_int_equal(walk_history(&w, r, &tip, &stop, &found, &e), 0);
    assert_true(found);
    is_walk(r, &w, "0:merge1* 0:a- 1:c* 2:t 2:merge2* ");
    walk_release(&w);
    assert_int_equal(walk_history(&w, r, &tip, &tip, &found, &e), 0);
    is_walk(r, &w, "0:merge2* ");
    walk_release(&w);
    assert_int_equal(walk_history(&w, r, &tip, &other, &found, &e), 0); /* not on the chain */
    assert_false(found);
    assert_int_equal(w.n, 8);
    walk_release(&w);
    repo_free(r);
}

static void a_missing_commit_is_named(void **state)
{
    make_merges();
    sh("cd a; rm -f .git/objects/$(git rev-parse s~1 | sed 's,..,&/,')");
    struct repo *r = opened("a");
    struct walk w;
    struct err e = ERR_INIT;
    struct oid tip = id_of("main");
    assert_int_equal(walk_history(&w, r, &tip, NULL, NULL, &e), -1);
    assert_non_null(strstr(e.text, "is missing from the repository"));
    repo_free(r);
}

/* Hashes are not checked when objects are read: a damaged repository can hold a circle. */
static void a_circle_is_not_followed(void **state)
{
    sh("git init -q a; cd a; git commit -q --allow-empty -m one; t=$(git rev-parse HEAD:)\n"
       "x=1111111111111111111111111111111111111111; o=.git/objects; mkdir $o/11 $o/22\n"
       "put() { h=$(git hash-object -t commit -w --literally --stdin); "
       "mv $o/$(echo $h | sed 's,..,&/,') $o/$1; }\n"
       "printf 'tree %%s\\nparent %%s\\n\\nx' $t $x | put 11/$(echo $x | cut -c3-)\n"
       "y=2222222222222222222222222222222222222222\n"
       "printf 'tree %%s\\nparent %%s\\nparent %%s\\n\\nx' $t $(git rev-parse HEAD) $y | "
       "put 22/$(echo $y | cut -c3-)");
    struct repo *r = opened("a");
    struct walk w;
    struct oid id, base, head = id_of("HEAD");
    for (char c = '1'; c <= '2'; c++) {
        struct err e = ERR_INIT;
        memset(id.b, (c - '0') * 17, sizeof id.b);
        assert_int_equal(walk_history(&w, r, &id, NULL, NULL, &e), -1);
        assert_non_null(strstr(e.text, "is its own ancestor"));
        assert_int_equal(commit_merge_base(r, &id, &head, &base, &e), c == '2');
    }
    repo_free(r);
}

/* main and side have parted; a merge of both has all of either, side's fork only what was there when it
 * began, and an orphan nothing. */
static void what_of_a_commit_others_have(void **state)
{
    sh("git init -q a; cd a; c() { git commit -q --allow-empty -m \"$1\"; }\n"
       "c root; git branch side; c main; git checkout -q side; c side\n"
       "git checkout -q -b merge main; git merge -q --no-edit --no-ff -s ours side; c after\n"
       "git checkout -q --orphan alone; c alone");
    struct repo *r = opened("a");
    struct err e = ERR_INIT;
    struct oid merge = id_of("merge"), side = id_of("side"), root = id_of("main~1");
    struct oid others[] = {id_of("side"), id_of("main~1"), id_of("main"), id_of("alone")};
    struct oids bases = VEC_INIT;
    assert_int_equal(commit_merge_bases(r, &merge, others, 4, &bases, &e), 0);
    assert_int_equal(bases.n, 2);
    assert_true(oid_eq(&bases.v[0], &others[0]) || oid_eq(&bases.v[1], &others[0]));
    assert_true(oid_eq(&bases.v[0], &others[2]) || oid_eq(&bases.v[1], &others[2]));
    vec_clear(&bases);
    assert_int_equal(commit_merge_bases(r, &side, &others[2], 2, &bases, &e), 0);
    assert_int_equal(bases.n, 1);
    assert_true(oid_eq(&bases.v[0], &root));
    vec_clear(&bases);
    assert_int_equal(commit_merge_bases(r, &merge, &merge, 1, &bases, &e), 0);
    assert_int_equal(bases.n, 1);
    assert_true(oid_eq(&bases.v[0], &merge));
    vec_clear(&bases);
    assert_int_equal(commit_merge_bases(r, &merge, &others[3], 1, &bases, &e), 0);
    assert_int_equal(bases.n, 0);
    assert_int_equal(commit_merge_bases(r, &merge, NULL, 0, &bases, &e), 0);
    assert_int_equal(bases.n, 0);
    vec_release(&bases);
    repo_free(r);
}

static void a_tag_is_peeled_to_its_commit(void **state)
{
    sh("git init -q a; cd a; git commit -q --allow-empty -m one; git tag -a -m x once\n"
       "git -c advice.nestedTag=false tag -a -m x twice once; git tag -a -m x tree HEAD^{tree}");
    struct repo *r = opened("a");
    struct err e = ERR_INIT;
    struct oid head = id_of("HEAD"), tag = id_of("twice"), tree = id_of("tree"), commit;
    assert_int_equal(commit_peel(r, &tag, &commit, &e), 1);
    assert_true(oid_eq(&commit, &head));
    assert_int_equal(commit_peel(r, &head, &commit, &e), 1);
    assert_true(oid_eq(&commit, &head));
    assert_int_equal(commit_peel(r, &tree, &commit, &e), 0);
    memset(tag.b, 1, sizeof tag.b);
    assert_int_equal(commit_peel(r, &tag, &commit, &e), -1);
    repo_free(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(groups_what_each_merge_brought),
        TEST(a_missing_commit_is_named),
        TEST(a_circle_is_not_followed),
        TEST(what_of_a_commit_others_have),
        TEST(a_tag_is_peeled_to_its_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
