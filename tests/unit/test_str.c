#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "pm/str.h"

static void assert_holds(const struct str *s, const char *bytes, size_t n)
{
    assert_non_null(s->p);
    assert_int_equal(s->n, n);
    assert_memory_equal(s->p, bytes, n);
    assert_int_equal(s->p[n], '\0');
    assert_true(s->cap ? s->cap > s->n : s->n == 0);
}

static void is_terminated_after_every_operation(void **state)
{
    struct str s = STR_INIT;

    assert_holds(&s, "", 0);
    str_add(&s, NULL, 0);
    assert_holds(&s, "", 0);
    str_clear(&s);
    str_truncate(&s, 0);
    assert_holds(&s, "", 0);
    str_addz(&s, "ab");
    assert_holds(&s, "ab", 2);
    str_addc(&s, '\0');
    assert_holds(&s, "ab\0", 3);
    str_adds(&s, SLICE("cd"));
    assert_holds(&s, "ab\0cd", 5);
    str_pad(&s, '-', 3);
    assert_holds(&s, "ab\0cd---", 8);
    str_pad(&s, '-', 0);
    str_truncate(&s, 2);
    assert_holds(&s, "ab", 2);
    str_addf(&s, "%03d|%s", 7, "x");
    assert_holds(&s, "ab007|x", 7);
    str_reserve(&s, 1000);
    assert_holds(&s, "ab007|x", 7);
    str_release(&s);
    assert_holds(&s, "", 0);
    str_release(&s);
}

static void grows_over_every_size(void **state)
{
    struct str s = STR_INIT;

    for (size_t n = 0; n < 2000; n++) {
        str_addc(&s, (char)('a' + n % 26));
        assert_int_equal(s.n, n + 1);
        assert_int_equal(s.p[n + 1], '\0');
    }
    for (size_t n = 0; n < 2000; n++)
        assert_int_equal(s.p[n], 'a' + n % 26);
    str_release(&s);
}

static void formats_more_than_it_had_room_for(void **state)
{
    struct str s = STR_INIT;

    str_addf(&s, "%500s", "x");
    assert_int_equal(s.n, 500);
    assert_string_equal(s.p + 498, " x");
    str_addf(&s, "%s", "");
    assert_int_equal(s.n, 500);
    str_release(&s);
}

static void what_is_detached_is_the_callers(void **state)
{
    struct str s = STR_INIT;
    size_t n = 99;

    char *empty = str_detach(&s, &n);
    assert_string_equal(empty, "");
    assert_int_equal(n, 0);
    free(empty);
    str_addz(&s, "kept");
    char *kept = str_detach(&s, NULL);
    assert_string_equal(kept, "kept");
    assert_holds(&s, "", 0);
    str_addz(&s, "new");
    assert_holds(&s, "new", 3);
    free(kept);
    str_release(&s);
}

static void slice_is_what_it_holds(void **state)
{
    struct str s = STR_INIT;

    assert_slice(str_slice(&s), "");
    str_addz(&s, "text");
    assert_slice(str_slice(&s), "text");
    str_clear(&s);
    assert_slice(str_slice(&s), "");
    str_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_terminated_after_every_operation),
        cmocka_unit_test(grows_over_every_size),
        cmocka_unit_test(formats_more_than_it_had_room_for),
        cmocka_unit_test(what_is_detached_is_the_callers),
        cmocka_unit_test(slice_is_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
