#include "pm/diff.h"

#include "../lib/sandbox.h"

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

struct seen {
    struct str text;
    int stop_after; /* changes; 0: never */
};

/* "+ path" for what is new, "- path" for what is gone, "~ path" for what differs. */
static int note(void *ctx, const struct change *c)
{
    struct seen *s = ctx;
    char sign = oid_is_zero(&c->before) ? '+' : oid_is_zero(&c->after) ? '-' : '~';
    str_addf(&s->text, "%c " SLICE_FMT "\n", sign, SLICE_ARG(c->path));
    return s->stop_after > 0 && --s->stop_after == 0 ? 7 : 0;
}

static bool not_in_b(void *ctx, struct slice path, bool folder)
{
    assert_true(folder == (path.p[path.n - 1] == '/'));
    return !slice_starts(path, SLICE("b/")) && !slice_ends(path, SLICE(".txt"));
}

static void make_two(void)
{
    sh("git init -q a; cd a; mkdir -p b/c d/e; echo 1 >b/c/f; echo 1 >d/e/f; echo 1 >d/e/g\n"
       "echo 1 >x.txt; echo 1 >was_file; ln -s b was_link; echo 1 >mode\n"
       "git add .; git commit -q -m one; echo 2 >b/c/f; rm d/e/f; echo 2 >d/e/h; echo 2 >x.txt\n"
       "rm was_file was_link; mkdir was_file; echo 2 >was_file/in; echo 2 >was_link\n"
       "chmod +x mode; git add -A .; git commit -q -m two");
}

static void tells_what_changed(void **state)
{
    make_two();
    struct repo *r = opened("a");
    struct differ *d = differ_new(r);
    struct oid before = id_of("HEAD~1:"), after = id_of("HEAD:");
    struct seen s = {STR_INIT, 0};
    struct err e = ERR_INIT;
    assert_int_equal(differ_run(d, &before, &after, NULL, note, &s, &e), 0);
    assert_string_equal(s.text.p, "~ b/c/f\n- d/e/f\n+ d/e/h\n- was_file\n+ was_file/in\n"
                                  "+ was_link\n~ x.txt\n");
    str_clear(&s.text);
    assert_int_equal(differ_run(d, &before, &before, NULL, note, &s, &e), 0);
    assert_string_equal(s.text.p, "");
    differ_free(d);
    repo_free(r);
    str_release(&s.text);
}

static void looks_only_where_it_is_wanted(void **state)
{
    make_two();
    /* What is not wanted is not read: it may even be missing. */
    sh("cd a; for t in HEAD:b HEAD~1:b; do rm -f .git/objects/$(git rev-parse $t | sed "
       "'s,..,&/,')\n"
       "done");
    struct repo *r = opened("a");
    struct differ *d = differ_new(r);
    struct oid before = id_of("HEAD~1:"), after = id_of("HEAD:");
    struct seen s = {STR_INIT, 0};
    struct err e = ERR_INIT;
    assert_int_equal(differ_run(d, &before, &after, not_in_b, note, &s, &e), 0);
    assert_string_equal(s.text.p, "- d/e/f\n+ d/e/h\n- was_file\n+ was_file/in\n+ was_link\n");
    str_clear(&s.text);
    assert_int_equal(differ_run(d, &before, &after, NULL, note, &s, &e), -1);
    assert_non_null(strstr(e.text, "is missing from the repository"));
    differ_free(d);
    repo_free(r);
    str_release(&s.text);
}

static void stops_when_it_is_told(void **state)
{
    make_two();
    struct repo *r = opened("a");
    struct differ *d = differ_new(r);
    struct oid before = id_of("HEAD~1:"), after = id_of("HEAD:");
    struct seen s = {STR_INIT, 2};
    struct err e = ERR_INIT;
    assert_int_equal(differ_run(d, &before, &after, NULL, note, &s, &e), 7);
    assert_string_equal(s.text.p, "~ b/c/f\n- d/e/f\n");
    differ_free(d);
    repo_free(r);
    str_release(&s.text);
}

static void refuses_damaged_and_bottomless_trees(void **state)
{
    static const struct oid none;
    sh("git init -q a; cd a; printf '100644 x' | git hash-object -t tree -w --literally --stdin "
       ">../bad\n"
       "p=$(printf 'a/%%.0s' $(seq 300)); printf 'commit refs/heads/main\\ncommitter C <c@x> 1 "
       "+0000\\ndata 0\\nM 100644 inline %%sf\\ndata 0\\n' $p | git fast-import --quiet");
    char *hex = told(NULL, "cat bad");
    struct repo *r = opened("a");
    struct differ *d = differ_new(r);
    struct oid bad, deep = id_of("main:");
    struct seen s = {STR_INIT, 0};
    struct err e = ERR_INIT;
    assert_true(oid_parse(slice_of(hex), &bad));
    assert_int_equal(differ_run(d, &none, &bad, NULL, note, &s, &e), -1);
    assert_non_null(strstr(e.text, "is malformed"));
    assert_int_equal(differ_run(d, &none, &deep, NULL, note, &s, &e), -1);
    assert_string_equal(e.text, "folders are nested more than 256 deep");
    assert_string_equal(s.text.p, "");
    differ_free(d);
    repo_free(r);
    free(hex);
    str_release(&s.text);
}

/* More trees than are kept, each compared with its neighbour and with one long forgotten. */
static void forgets_trees_without_harm(void **state)
{
    sh("git init -q a; cd a; for i in $(seq 600); do printf 'commit refs/heads/main\\ncommitter C "
       "<c@x> %%d +0000\\ndata 0\\nM 100644 inline d/f\\ndata 3\\n%%03d\\n' $i $i; done | "
       "git fast-import --quiet; git log --reverse --format=%%T main >../trees");
    char *text = told(NULL, "cat trees");
    struct repo *r = opened("a");
    struct differ *d = differ_new(r);
    struct oid first = {{0}}, last = {{0}}, now;
    struct slice rest = slice_of(text), line;
    struct err e = ERR_INIT;
    for (int i = 0; slice_split(&rest, '\n', &line); i++, last = now) {
        struct seen s = {STR_INIT, 0};
        assert_true(oid_parse(line, &now));
        assert_int_equal(differ_run(d, &last, &now, NULL, note, &s, &e), 0);
        assert_string_equal(s.text.p, i == 0 ? "+ d/f\n" : "~ d/f\n");
        str_clear(&s.text);
        if (i == 0)
            first = now;
        assert_int_equal(differ_run(d, &now, &first, NULL, note, &s, &e), 0);
        assert_string_equal(s.text.p, i == 0 ? "" : "~ d/f\n");
        str_release(&s.text);
    }
    differ_free(d);
    repo_free(r);
    free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_what_changed),         TEST(looks_only_where_it_is_wanted),
        TEST(stops_when_it_is_told),      TEST(refuses_damaged_and_bottomless_trees),
        TEST(forgets_trees_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
