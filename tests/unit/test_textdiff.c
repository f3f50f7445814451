#include "../lib/sandbox.h"

#include "pm/repo.h"
#include "pm/textdiff.h"
#include "pm/worktree.h"

static struct repo *repo;
static char folder[] = "/tmp/pm-test-textdiff-XXXXXX";

static int open_repo(void **state)
{
    struct repo_where where = {folder, NULL};
    struct err e = ERR_INIT;
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    sh("git init -q %s", folder);
    return repo_open(&repo, &where, &e);
}

static int remove_repo(void **state)
{
    (void)state;
    repo_free(repo);
    sh("rm -rf %s", folder);
    return 0;
}

static char *changes(const char *before, const char *after)
{
    struct line_ranges r = {NULL, 0, 0};
    struct str out = STR_INIT;
    text_changes(&r, slice_of(before), slice_of(after));
    for (size_t i = 0; i < r.n; i++)
        str_addf(&out, "%s%u-%u", i ? " " : "", (unsigned)r.v[i].first, (unsigned)r.v[i].last);
    line_ranges_release(&r);
    return str_detach(&out, NULL);
}

#define assert_changes(before, after, expected)                                                    \
    do {                                                                                           \
        char *is_ = changes(before, after);                                                        \
        assert_string_equal(is_, expected);                                                        \
        free(is_);                                                                                 \
    } while (0)

static void lines_that_are_new_or_another(void **state)
{
    (void)state;
    assert_changes("a\nb\nc\n", "a\nb\nc\n", "");
    assert_changes("a\nb\nc\n", "a\nx\nc\n", "2-2");
    assert_changes("a\nc\n", "a\nb\nb\nc\n", "2-3");
    assert_changes("", "a\nb\n", "1-2");
    assert_changes("a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n", "1-1 5-5");
}

static void a_gap_touches_the_lines_with_text_around_it(void **state)
{
    (void)state;
    assert_changes("a\nb\nc\n", "a\nc\n", "1-2");
    assert_changes("## A\n\ntext\n\n## B\n", "## A\n\n## B\n", "1-3");
    assert_changes("a\nb\n", "", "1-1");
    assert_changes("a\nb\n", "b\n", "1-1");
}

static void a_byte_zero_does_not_hide_lines(void **state)
{
    static const char before[] = "a\0\nb\n", after[] = "a\0\nc\n";
    struct line_ranges r = {NULL, 0, 0};
    (void)state;
    text_changes(&r, slice_from(before, sizeof before - 1), slice_from(after, sizeof after - 1));
    assert_int_equal(r.n, 1);
    assert_true(line_ranges_meet(&r, 2, 2));
    assert_true(line_ranges_meet(&r, 1, 9));
    assert_false(line_ranges_meet(&r, 3, 9));
    line_ranges_release(&r);
}

static void a_patch_is_one_that_git_writes(void **state)
{
    struct str out = STR_INIT;
    (void)state;
    text_patch(&out, SLICE("a b.md"), SLICE("x\n"), SLICE("x\n"));
    assert_string_equal(out.p, "");
    text_patch(&out, SLICE("a b.md"), SLICE("x\ny"), SLICE("x\nz"));
    assert_non_null(strstr(out.p, "--- a/a b.md"));
    assert_non_null(strstr(out.p, "@@ -1,2 +1,2 @@\n x\n-y\n\\ No newline at end of file\n+z\n"));
    str_release(&out);
}

static void a_file_is_replaced_only_as_it_was_read(void **state)
{
    struct err e = ERR_INIT;
    (void)state;
    sh("cd %s; mkdir d; printf old >d/a; chmod 600 d/a; ln -s a d/l; ln -s d m", folder);
    assert_int_equal(worktree_replace(repo, SLICE("d/a"), SLICE("old"), SLICE("new"), &e), 0);
    sh("cd %s; [ $(cat d/a) = new ]; [ $(ls -l d/a | cut -c1-10) = -rw------- ]", folder);
    assert_int_equal(worktree_replace(repo, SLICE("d/a"), SLICE("old"), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE("d/a"), SLICE("ne"), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE("d/l"), SLICE("new"), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE("m/a"), SLICE("new"), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE("d/b"), SLICE(""), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE("../a"), SLICE(""), SLICE("x"), &e), -1);
    assert_int_equal(worktree_replace(repo, SLICE(".git/HEAD"), SLICE(""), SLICE("x"), &e), -1);
    sh("cd %s; [ $(cat d/a) = new ]; [ \"$(ls -A d | tr '\n' ' ')\" = 'a l ' ]", folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_new_or_another),
        cmocka_unit_test(a_gap_touches_the_lines_with_text_around_it),
        cmocka_unit_test(a_byte_zero_does_not_hide_lines),
        cmocka_unit_test(a_patch_is_one_that_git_writes),
        cmocka_unit_test(a_file_is_replaced_only_as_it_was_read),
    };
    return cmocka_run_group_tests(tests, open_repo, remove_repo);
}
