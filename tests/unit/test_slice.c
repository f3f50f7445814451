#include <math.h>
#include <string.h>

#include "unit.h"

static const struct slice nothing = {NULL, 0};

static void everything_takes_the_empty_slice(void **state)
{
    struct slice rest = nothing, part;
    int64_t number;
    double real;

    assert_int_equal(slice_of(NULL).n, 0);
    assert_true(slice_eq(nothing, SLICE("")));
    assert_true(slice_ieq(SLICE(""), nothing));
    assert_true(slice_eqz(nothing, ""));
    assert_int_equal(slice_cmp(nothing, SLICE("")), 0);
    assert_true(slice_cmp(nothing, SLICE("a")) < 0);
    assert_true(slice_starts(nothing, nothing) && slice_starts(SLICE("a"), nothing));
    assert_true(slice_ends(SLICE("a"), nothing));
    assert_false(slice_starts(nothing, SLICE("a")));
    assert_int_equal(slice_trim(nothing).n, 0);
    assert_int_equal(slice_sub(nothing, 3, 4).n, 0);
    assert_int_equal(slice_chr(nothing, 'a', 0), SIZE_MAX);
    assert_int_equal(slice_find(nothing, SLICE("a"), 0), SIZE_MAX);
    assert_int_equal(slice_find(nothing, nothing, 0), 0);
    assert_int_equal(slice_hash(nothing), slice_hash(SLICE("")));
    assert_int_equal(slice_split(&rest, ',', &part), 0);
    assert_false(slice_i64(nothing, INT64_MIN, INT64_MAX, &number));
    assert_false(slice_double(nothing, &real));
}

static void parts_are_clamped(void **state)
{
    struct slice s = SLICE("abcdef");

    assert_slice(slice_sub(s, 2, 3), "cde");
    assert_slice(slice_sub(s, 2, SIZE_MAX), "cdef");
    assert_slice(slice_sub(s, 6, 1), "");
    assert_slice(slice_sub(s, SIZE_MAX, SIZE_MAX), "");
}

static void order_is_by_unsigned_bytes_then_length(void **state)
{
    assert_true(slice_cmp(SLICE("a"), SLICE("\xc3\xa9")) < 0);
    assert_true(slice_cmp(SLICE("ab"), SLICE("a")) > 0);
    assert_true(slice_cmp(SLICE("a\0b"), SLICE("a\0c")) < 0);
    assert_int_equal(slice_cmp(SLICE("same"), SLICE("same")), 0);
}

static void only_ascii_letters_fold(void **state)
{
    assert_true(slice_ieq(SLICE("SEV-2 [@`{"), SLICE("sev-2 [@`{")));
    assert_false(slice_ieq(SLICE("["), SLICE("{")));
    assert_false(slice_ieq(SLICE("\xc3\x89"), SLICE("\xc3\xa9")));
    assert_true(slice_istarts(SLICE("Timeline (UTC)"), SLICE("timeLINE")));
    assert_true(slice_ieqz(SLICE("Done"), "dONE"));
}

static void trimming_takes_ascii_blanks_and_line_ends(void **state)
{
    assert_slice(slice_trim(SLICE(" \t\r\n a b \v\f ")), "a b");
    assert_slice(slice_trim(SLICE(" \r\n ")), "");
    assert_slice(slice_ltrim(SLICE("  a ")), "a ");
    assert_slice(slice_rtrim(SLICE("  a ")), "  a");
    assert_slice(slice_trim(SLICE("\xc2\xa0x")), "\xc2\xa0x");
}

static void one_colon_is_taken_from_the_end(void **state)
{
    assert_slice(slice_without_colon(SLICE("a : ")), "a");
    assert_slice(slice_without_colon(SLICE("a::")), "a:");
    assert_slice(slice_without_colon(SLICE("対応：")), "対応");
    assert_slice(slice_without_colon(SLICE("：")), "");
    assert_slice(slice_without_colon(SLICE("a:b ")), "a:b");
}

static void finding_starts_where_it_is_told(void **state)
{
    struct slice s = SLICE("aabaab");

    assert_int_equal(slice_chr(s, 'b', 0), 2);
    assert_int_equal(slice_chr(s, 'b', 3), 5);
    assert_int_equal(slice_chr(s, 'b', 6), SIZE_MAX);
    assert_int_equal(slice_find(s, SLICE("aab"), 0), 0);
    assert_int_equal(slice_find(s, SLICE("aab"), 1), 3);
    assert_int_equal(slice_find(s, SLICE("aab"), 4), SIZE_MAX);
    assert_int_equal(slice_find(s, SLICE("aabaabb"), 0), SIZE_MAX);
    assert_int_equal(slice_find(s, SLICE(""), 6), 6);
    assert_int_equal(slice_find(s, SLICE(""), 7), SIZE_MAX);
}

/* "x" for each part, the parts in brackets. */
static void assert_parts(struct slice s, const char *expected)
{
    char text[64] = "";
    struct slice part;

    while (slice_split(&s, ',', &part)) {
        strcat(text, "[");
        strncat(text, part.p, part.n);
        strcat(text, "]");
    }
    assert_string_equal(text, expected);
    assert_int_equal(slice_split(&s, ',', &part), 0);
}

static void splitting_keeps_empty_parts_but_no_last_one(void **state)
{
    assert_parts(SLICE("a,,b"), "[a][][b]");
    assert_parts(SLICE("a"), "[a]");
    assert_parts(SLICE(""), "");
    assert_parts(SLICE(",a"), "[][a]");
    assert_parts(SLICE("a,"), "[a]");
    assert_parts(SLICE(","), "[]");
}

static void assert_number(const char *text, int64_t expected)
{
    int64_t number = 77;

    assert_true(slice_i64(slice_of(text), INT64_MIN, INT64_MAX, &number));
    assert_true(number == expected);
}

static void whole_numbers_reach_both_ends(void **state)
{
    static const char *const wrong[] = {"",     "-",   "+",   " 1",  "1 ", "1x", "0x1", "1.0", "--1",
                                        "9223372036854775808", "-9223372036854775809",
                                        "99999999999999999999999999999"};
    int64_t number = 77;

    assert_number("0", 0);
    assert_number("-0", 0);
    assert_number("+12", 12);
    assert_number("007", 7);
    assert_number("9223372036854775807", INT64_MAX);
    assert_number("-9223372036854775808", INT64_MIN);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(slice_i64(slice_of(wrong[i]), INT64_MIN, INT64_MAX, &number));
    assert_false(slice_i64(SLICE("5"), 6, 9, &number));
    assert_false(slice_i64(SLICE("10"), 6, 9, &number));
    assert_int_equal(number, 77);
    assert_true(slice_i64(SLICE("9"), 9, 9, &number));
}

static void decimal_numbers_are_strict(void **state)
{
    static const char *const wrong[] = {"",    ".",     ".5",  "5.",   "1e",  "1e+", "nan", "inf",
                                        "0x1", "1e999", " 1",  "1 ",   "1,5", "--1", "1_000"};
    double value = 77;

    assert_true(slice_double(SLICE("12"), &value) && value == 12);
    assert_true(slice_double(SLICE("-3.5"), &value) && value == -3.5);
    assert_true(slice_double(SLICE("1e6"), &value) && value == 1e6);
    assert_true(slice_double(SLICE("+2.5E-1"), &value) && value == 0.25);
    assert_true(slice_double(slice_sub(SLICE("12345"), 0, 2), &value) && value == 12);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(slice_double(slice_of(wrong[i]), &value));
    assert_true(value == 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_takes_the_empty_slice),
        cmocka_unit_test(parts_are_clamped),
        cmocka_unit_test(order_is_by_unsigned_bytes_then_length),
        cmocka_unit_test(only_ascii_letters_fold),
        cmocka_unit_test(trimming_takes_ascii_blanks_and_line_ends),
        cmocka_unit_test(one_colon_is_taken_from_the_end),
        cmocka_unit_test(finding_starts_where_it_is_told),
        cmocka_unit_test(splitting_keeps_empty_parts_but_no_last_one),
        cmocka_unit_test(whole_numbers_reach_both_ends),
        cmocka_unit_test(decimal_numbers_are_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
