#include "../../src/index/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void what_was_put_last_is_found(void **state)
{
    unsigned char page[PAGE] = {1};
    struct pages *p = pages_new(0, 3);

    assert_true(pages_put(p, 5, page));
    page[0] = 2;
    assert_true(pages_put(p, 1, page));
    page[0] = 3;
    assert_true(pages_put(p, 5, page));
    assert_int_equal(pages_count(p), 2);
    assert_int_equal(pages_total(p), 6);
    assert_int_equal(pages_find(p, 1)[0], 2);
    assert_int_equal(pages_find(p, 5)[0], 3);
    assert_null(pages_find(p, 4));
    pages_free(p);
}

static void a_hundred_megabytes_are_held_and_no_more(void **state)
{
    enum { HELD = 32768 };
    static const unsigned char page[PAGE];
    struct pages *p = pages_new(0, 0);

    for (uint64_t i = 0; i < HELD; i++)
        assert_true(pages_put(p, i, page));
    assert_false(pages_put(p, HELD, page));
    assert_true(pages_put(p, HELD - 1, page));
    assert_int_equal(pages_count(p), HELD);
    assert_int_equal(pages_total(p), HELD);
    pages_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_last_is_found),
        cmocka_unit_test(a_hundred_megabytes_are_held_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
