#include <errno.h>
#include <string.h>

#include "unit.h"

#include "pm/err.h"

static void all_return_minus_one_and_take_null(void **state)
{
    struct err e = ERR_INIT;

    assert_int_equal(err_set(&e, "x"), -1);
    assert_int_equal(err_usage(&e, "x"), -1);
    assert_int_equal(err_errno(&e, "x"), -1);
    assert_int_equal(err_prefix(&e, "x"), -1);
    assert_int_equal(err_set(NULL, "x"), -1);
    assert_int_equal(err_usage(NULL, "x"), -1);
    assert_int_equal(err_errno(NULL, "x"), -1);
    assert_int_equal(err_prefix(NULL, "x"), -1);
}

static void usage_is_told_from_the_environment(void **state)
{
    struct err e = ERR_INIT;

    err_usage(&e, "unknown option '%s'", "--x");
    assert_string_equal(e.text, "unknown option '--x'");
    assert_true(e.usage);
    err_prefix(&e, "pm check");
    assert_true(e.usage);
    err_set(&e, "cannot");
    assert_false(e.usage);
}

static void errno_is_added_in_lower_case(void **state)
{
    struct err e = ERR_INIT;

    errno = EACCES;
    err_errno(&e, "cannot read '%s'", "a.md");
    assert_string_equal(e.text, "cannot read 'a.md': permission denied");
    err_prefix(&e, "commit %d", 7);
    assert_string_equal(e.text, "commit 7: cannot read 'a.md': permission denied");
}

static void its_own_text_may_be_an_argument(void **state)
{
    struct err e = ERR_INIT;

    err_set(&e, "inner");
    err_set(&e, "outer (%s)", e.text);
    assert_string_equal(e.text, "outer (inner)");
}

static void long_sentences_are_cut_between_characters(void **state)
{
    struct err e = ERR_INIT;
    char text[2000];

    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "障", 3);
        text[sizeof text - 4] = '\0';
        err_set(&e, "%s", text);
        size_t n = strlen(e.text);
        assert_true(n >= sizeof e.text - 4 && n < sizeof e.text);
        assert_int_equal((n - shift) % 3, 0);
        err_prefix(&e, "%s", text);
        assert_int_equal(strlen(e.text), n);
        errno = ENOENT;
        err_errno(&e, "%s", text);
        assert_int_equal(strlen(e.text), n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_return_minus_one_and_take_null),
        cmocka_unit_test(usage_is_told_from_the_environment),
        cmocka_unit_test(errno_is_added_in_lower_case),
        cmocka_unit_test(its_own_text_may_be_an_argument),
        cmocka_unit_test(long_sentences_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
