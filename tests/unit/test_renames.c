#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/caps.h"
#include "pm/renames.h"
#include "pm/str.h"

/* A file's content is a number of letters; two are as alike as the tenths of them at the same places. */
struct row {
    const char *path, *content, *id;
};

static size_t compared;

static int likeness(void *ctx, const struct rename_file *gone, const struct rename_file *added)
{
    int same = 0;

    compared++;
    for (size_t i = 0; i < gone->content.n && i < added->content.n; i++)
        same += gone->content.p[i] == added->content.p[i];
    return same * 10;
}

static rename_list list_of(const struct row *rows)
{
    rename_list list = VEC_INIT;

    for (; rows->path; rows++)
        vec_push(&list, (struct rename_file){.path = slice_of(rows->path),
                                             .content = slice_of(rows->content),
                                             .id = slice_of(rows->id)});
    return list;
}

/* "a>x b>y": what was found. */
static void check_found(const struct row *gone, const struct row *added, const char *expected)
{
    rename_list from = list_of(gone), to = list_of(added);
    struct str told = STR_INIT;

    renames_find(&from, &to, likeness, NULL);
    for (size_t i = 0; i < from.n; i++)
        if (from.v[i].other != RENAME_NONE)
            str_addf(&told, "%s%s>%s", told.n ? " " : "", gone[i].path, added[from.v[i].other].path);
    assert_string_equal(told.p, expected);
    for (size_t i = 0; i < to.n; i++)
        if (to.v[i].other != RENAME_NONE)
            assert_int_equal(from.v[to.v[i].other].other, i);
    str_release(&told);
    vec_release(&from);
    vec_release(&to);
}
#define FOUND(expected, gone, ...)                                                                 \
    check_found((const struct row[]){gone, {0}}, (const struct row[]){__VA_ARGS__, {0}}, expected)
#define FILES(...) __VA_ARGS__

static void an_id_says_more_than_content(void **state)
{
    FOUND("a>y b>x", FILES({"a", "aaaaaaaaaa", "1"}, {"b", "bbbbbbbbbb", "2"}),
          {"x", "aaaaaaaaaa", "2"}, {"y", "cccccccccc", "1"});
}

static void the_same_content_goes_to_the_same_name_first(void **state)
{
    FOUND("a>y/a b>x/c", FILES({"a", "same", ""}, {"b", "same", ""}), {"x/c", "same", ""}, {"y/a", "same", ""});
    FOUND("a>x", FILES({"a", "same", ""}, {"b", "same", ""}), {"x", "same", ""});
}

static void a_name_says_more_than_likeness_but_not_alone(void **state)
{
    FOUND("a>x/a", FILES({"a", "abcdefghij", ""}), {"x/a", "abcdeXXXXX", ""}, {"x/b", "abcdefghiX", ""});
    FOUND("a>x/b", FILES({"a", "abcdefghij", ""}), {"x/a", "abcdXXXXXX", ""}, {"x/b", "abcdefghiX", ""});
    FOUND("", FILES({"a", "abcdefghij", ""}), {"x/a", "abcdXXXXXX", ""}, {"x/b", "XXXXXfghiX", ""});
}

static void a_name_that_all_have_says_nothing(void **state)
{
    FOUND("a/r>z/r b/r>y/r", FILES({"a/r", "abcdefghij", ""}, {"b/r", "abcdefklmn", ""}),
          {"y/r", "abcdefklmX", ""}, {"z/r", "abcdefghiX", ""});
    FOUND("b/r>y/r", FILES({"a/r", "abcdefghij", ""}, {"b/r", "abcdefklmn", ""}), {"y/r", "abcdefklmX", ""});
}

static void the_most_alike_go_together_first(void **state)
{
    FOUND("a>y b>x", FILES({"a", "abcdefghij", ""}, {"b", "abcdefghiX", ""}), {"x", "abcdefghXX", ""},
          {"y", "abcdefgXij", ""});
    FOUND("a>x b>y", FILES({"a", "abcdefghij", ""}, {"b", "abcdefghij", ""}), {"x", "abcdefghXX", ""},
          {"y", "abcdefghYY", ""});
}

static void too_many_of_one_name_are_compared_in_their_order(void **state)
{
    static char paths[CAP_RENAME_CANDIDATES + 1][16];
    static struct row gone[CAP_RENAME_CANDIDATES + 2], added[CAP_RENAME_CANDIDATES + 2];

    for (int i = 0; i <= (int)CAP_RENAME_CANDIDATES; i++) {
        snprintf(paths[i], sizeof paths[i], "%04d/r", i);
        gone[i] = (struct row){.path = paths[i], .content = i % 2 ? "abcdefghij" : "abcdefgXXX"};
        added[i] = (struct row){.path = paths[i], .content = i % 2 ? "abcdefYhij" : "abcdefgYXX"};
    }
    rename_list from = list_of(gone), to = list_of(added);
    compared = 0;
    renames_find(&from, &to, likeness, NULL);
    assert_int_equal(compared, CAP_RENAME_CANDIDATES + 1);
    for (size_t i = 0; i < from.n; i++)
        assert_int_equal(from.v[i].other, i);
    vec_release(&from);
    vec_release(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_says_more_than_content),
        cmocka_unit_test(the_same_content_goes_to_the_same_name_first),
        cmocka_unit_test(a_name_says_more_than_likeness_but_not_alone),
        cmocka_unit_test(a_name_that_all_have_says_nothing),
        cmocka_unit_test(the_most_alike_go_together_first),
        cmocka_unit_test(too_many_of_one_name_are_compared_in_their_order),
    };
    return cmocka_run_group_tests_name("renames", tests, NULL, NULL);
}
