#include <string.h>

#include "unit.h"

#include "pm/date.h"

static struct date day(int year, int month, int number)
{
    return (struct date){(int16_t)year, (uint8_t)month, (uint8_t)number};
}

static void assert_date(struct date d, const char *expected)
{
    struct str s = STR_INIT;

    date_format(&s, d);
    assert_string_equal(s.p, expected);
    str_release(&s);
}

static void every_day_follows_the_one_before(void **state)
{
    struct date d = day(1, 1, 1);
    int64_t first = date_days(d), last = date_days(day(9999, 12, 31));
    int weekday = 0; /* 0001-01-01 was a Monday */

    assert_int_equal(date_days(day(1970, 1, 1)), 0);
    for (int64_t n = first; n <= last; n++) {
        struct date next = date_from_days(n);
        assert_true(date_valid(next));
        assert_int_equal(date_days(next), n);
        assert_int_equal(date_weekday(next), weekday);
        assert_true(n == first || date_cmp(d, next) < 0);
        weekday = (weekday + 1) % 7;
        d = next;
    }
    assert_date(d, "9999-12-31");
    assert_date(date_from_days(first - 1), "0001-01-01");
    assert_date(date_from_days(INT64_MIN), "0001-01-01");
    assert_date(date_from_days(INT64_MAX), "9999-12-31");
}

static void leap_years(void **state)
{
    assert_true(date_valid(day(2024, 2, 29)) && date_valid(day(2000, 2, 29)));
    assert_false(date_valid(day(2026, 2, 29)) || date_valid(day(1900, 2, 29)));
    assert_false(date_valid(day(0, 1, 1)) || date_valid(day(2026, 13, 1)));
    assert_false(date_valid(day(2026, 0, 1)) || date_valid(day(2026, 1, 0)));
    assert_false(date_valid(day(2026, 4, 31)) || date_valid((struct date){0}));
    assert_int_equal(date_weekday(day(2026, 3, 17)), 1);
}

static void months_are_added_to_their_ends(void **state)
{
    assert_date(date_add_months(day(2026, 1, 31), 1), "2026-02-28");
    assert_date(date_add_months(day(2024, 2, 29), 12), "2025-02-28");
    assert_date(date_add_months(day(2026, 3, 31), -1), "2026-02-28");
    assert_date(date_add_months(day(2026, 1, 15), -1), "2025-12-15");
    assert_date(date_add_months(day(2026, 12, 15), 1), "2027-01-15");
    assert_date(date_add_months(day(2026, 1, 1), INT64_MAX), "9999-12-31");
    assert_date(date_add_months(day(2026, 1, 1), INT64_MIN), "0001-01-01");
}

static void dates_as_people_write_them(void **state)
{
    static const char *const written[] = {
        "2026-03-17",      "2026/03/17",       "2026.03.17",          "2026/3/17",
        "17 March 2026",   "17 Mar 2026",      "17 mar. 2026",        "17th March 2026",
        "17th of March, 2026", "March 17, 2026", "March 17th, 2026",  "Mar 17 2026",
        "MARCH 17 2026",   "17-Mar-2026",      "2026年3月17日",       "2026年03月17日",
        "Tue 17 Mar 2026", "Tuesday, March 17, 2026", "  2026-03-17 \n",
    };
    struct date d;

    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        if (!date_parse(slice_of(written[i]), &d))
            fail_msg("'%s' is not read", written[i]);
        assert_date(d, "2026-03-17");
    }
}

static void what_is_no_date_or_in_doubt_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "",           "2026",       "2026-03",     "03/04/2026", "3.4.2026",  "2026-02-30",
        "2026-03/17", "20260317",   "2026-03-177", "02026-03-17", "17 2026",  "March 2026",
        "17 Marc 2026", "2026-03-17x", "2026-03-17 12:00", "0000-01-01", "31 June 2026",
        "Foo 17 Mar 2026", "2026年3月", "-2026-03-17",
    };
    struct date d = day(1, 2, 3);

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (date_parse(slice_of(wrong[i]), &d))
            fail_msg("'%s' is read", wrong[i]);
    assert_date(d, "0001-02-03");
    assert_false(date_parse(slice_of(NULL), &d));
}

static void a_date_is_found_in_a_file_name(void **state)
{
    static const struct {
        const char *name, *date;
    } cases[] = {
        {"2026-03-17-checkout.md", "2026-03-17"},
        {"postmortems/2026-03-payment.md", "2026-03-01"},
        {"PM-2026-055-x-2026-08-10.md", "2026-08-10"},
        {"outage-2019-07.md", "2019-07-01"},
        {"PM2023-001 - Total node failure.md", NULL},
        {"12026-03-17.md", NULL},
        {"2026-13-01.md", NULL},
        {"2026-02-30.md", NULL},
        {"2026-03-1.md", NULL},
        {"2026-031.md", NULL},
        {"", NULL},
    };
    struct date d;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (date_find(slice_of(cases[i].name), &d) != (cases[i].date != NULL))
            fail_msg("'%s'", cases[i].name);
        if (cases[i].date)
            assert_date(d, cases[i].date);
    }
}

static void assert_utc(int64_t t, const char *expected)
{
    struct str s = STR_INIT;

    time_format_utc(&s, t);
    assert_string_equal(s.p, expected);
    str_release(&s);
}

static void assert_local(int64_t t, int32_t offset, const char *expected)
{
    struct str s = STR_INIT;

    time_format_offset(&s, t, offset);
    assert_string_equal(s.p, expected);
    str_release(&s);
}

static void times_print_as_rfc_3339(void **state)
{
    assert_utc(0, "1970-01-01T00:00:00Z");
    assert_utc(-1, "1969-12-31T23:59:59Z");
    assert_utc(1773747060, "2026-03-17T11:31:00Z");
    assert_utc(INT64_MAX, "9999-12-31T23:59:59Z");
    assert_utc(INT64_MIN, "0001-01-01T00:00:00Z");
    assert_local(1773747060, 3600, "2026-03-17T12:31:00+01:00");
    assert_local(1773747060, -(4 * 3600 + 1800), "2026-03-17T07:01:00-04:30");
    assert_local(1773747060, 0, "2026-03-17T11:31:00+00:00");
    assert_local(INT64_MAX, 3600, "9999-12-31T23:59:59+01:00");
    assert_local(0, INT32_MIN, "1970-01-01T00:00:00+00:00");
    assert_date(time_date_utc(-1), "1969-12-31");
    assert_date(time_date_utc(INT64_MIN), "0001-01-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(leap_years),
        cmocka_unit_test(months_are_added_to_their_ends),
        cmocka_unit_test(dates_as_people_write_them),
        cmocka_unit_test(what_is_no_date_or_in_doubt_is_not_read),
        cmocka_unit_test(a_date_is_found_in_a_file_name),
        cmocka_unit_test(times_print_as_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
