#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pm/similar.h"

static char folder[] = "/tmp/pm-test-similar-XXXXXX";
static struct repo *repo; /* libgit2 lives as long as a repository is open */

static int run(const char *what)
{
    struct str command = STR_INIT;

    str_addf(&command, "%s %s", what, folder);
    int status = system(command.p);
    str_release(&command);
    return status;
}

static int open_repo(void **state)
{
    struct repo_where where = {folder, NULL};
    struct err e = ERR_INIT;

    if (!mkdtemp(folder) || run("git init -q") != 0)
        return -1;
    return repo_open(&repo, &where, &e);
}

static int remove_repo(void **state)
{
    repo_free(repo);
    return run("rm -rf");
}

static int percent(const char *a, const char *b)
{
    struct similar *x = NULL, *y = NULL;
    struct err e = ERR_INIT;

    assert_int_equal(similar_of(&x, slice_of(a), &e), 0);
    assert_int_equal(similar_of(&y, slice_of(b), &e), 0);
    int result = similar_percent(x, y);
    assert_int_equal(result, similar_percent(y, x));
    similar_free(x);
    similar_free(y);
    return result;
}

static void the_same_is_all_alike(void **state)
{
    assert_int_equal(percent("one\ntwo\nthree\n", "one\ntwo\nthree\n"), 100);
    assert_int_equal(percent("one\ntwo\nthree\n", "one\r\ntwo\r\nthree\r\n"), 100);
}

static void half_the_lines_are_half_alike(void **state)
{
    assert_in_range(percent("a1\nb2\nc3\nd4\n", "a1\nb2\nx9\ny8\n"), 40, 60);
}

static void other_lines_are_not_alike(void **state)
{
    assert_in_range(percent("one\ntwo\nthree\n", "four\nfive\nsix\n"), 0, 10);
}

static void an_empty_file_is_like_nothing(void **state)
{
    assert_int_equal(percent("", ""), 0);
    assert_int_equal(percent("", "one\n"), 0);
}

static void a_blob_that_is_missing_is_named(void **state)
{
    struct similar *s = NULL;
    struct err e = ERR_INIT;
    struct oid id = {{1, 2, 3}};

    assert_int_equal(similar_of_blob(&s, repo, &id, 1024, &e), -1);
    assert_true(slice_find(slice_of(e.text), SLICE("010203"), 0) != SIZE_MAX);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_all_alike),
        cmocka_unit_test(half_the_lines_are_half_alike),
        cmocka_unit_test(other_lines_are_not_alike),
        cmocka_unit_test(an_empty_file_is_like_nothing),
        cmocka_unit_test(a_blob_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, open_repo, remove_repo);
}
