#include <string.h>

#include "unit.h"

#include "pm/date.h"

static void durations_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
        bool approx;
    } cases[] = {
        {"90s", 90, false},
        {"30m", 1800, false},
        {"1h30m", 5400, false},
        {"1 h 30 min", 5400, false},
        {"11 Days", 11 * 86400, false},
        {"2w", 14 * 86400, false},
        {"1:30", 5400, false},
        {"1:30:15", 5415, false},
        {"100:00", 360000, false},
        {"PT1H30M", 5400, false},
        {"P1DT2H", 93600, false},
        {"P2W", 14 * 86400, false},
        {"PT1.5H", 5400, false},
        {"約 7 時間 21 分", 26460, true},
        {"約3日23時間", 3 * 86400 + 23 * 3600, true},
        {"40分", 2400, false},
        {"15分間", 900, false},
        {"~2 hours", 7200, true},
        {"about 2 hours", 7200, true},
        {"2 hours (approx.)", 7200, true},
        {"2 days, 3 hours and 5 minutes", 2 * 86400 + 3 * 3600 + 300, false},
        {"1.5 hours", 5400, false},
        {"20 hours 20 minutes.", 73200, false},
        {"0 minutes", 0, false},
        {" 8 minutes ", 480, false},
        {"999999999w", 999999999ll * 604800, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds = -1;
        bool approx = !cases[i].approx;
        if (!duration_parse(slice_of(cases[i].text), &seconds, &approx))
            fail_msg("'%s' is not read", cases[i].text);
        assert_true(seconds == cases[i].seconds);
        assert_int_equal(approx, cases[i].approx);
    }
}

static void what_is_no_duration_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "",     "90",    "?",      "N/A",      "unknown", "1h 2h",     "30m 1h", "1:60",   "1:3",
        "h",    "-3h",   "1h foo", "P",        "PT",      "P1M",       "P1Y",    "PT1D",   "1 month",
        "12:",  "~",     "3 hourses", "9999999999s", "1.h",  "1h ..",  "PT1H30",
    };
    int64_t seconds = 77;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (duration_parse(slice_of(wrong[i]), &seconds, NULL))
            fail_msg("'%s' is read", wrong[i]);
    assert_int_equal(seconds, 77);
    assert_false(duration_parse(slice_of(NULL), &seconds, NULL));
}

static void durations_print_two_units(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        {0, "0s"},           {45, "45s"},          {60, "1m"},
        {90, "1m 30s"},      {720, "12m"},         {3600, "1h"},
        {11400, "3h 10m"},   {3605, "1h"},         {86400, "1d"},
        {187200, "2d 4h"},   {86400 * 2 + 59, "2d"}, {86400 * 400, "400d"},
        {-5400, "-1h 30m"},  {INT64_MIN, "-106751991167300d 15h"},
        {INT64_MAX, "106751991167300d 15h"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str s = STR_INIT;
        duration_format(&s, cases[i].seconds);
        assert_string_equal(s.p, cases[i].text);
        str_release(&s);
    }
}

static void dates_of_queries(void **state)
{
    static const struct {
        const char *text, *first, *last;
    } cases[] = {
        {"2025-03-09", "2025-03-09", "2025-03-09"},
        {"2025-02", "2025-02-01", "2025-02-28"},
        {"2024-2", "2024-02-01", "2024-02-29"},
        {"2025-Q3", "2025-07-01", "2025-09-30"},
        {"2025q4", "2025-10-01", "2025-12-31"},
        {"2025", "2025-01-01", "2025-12-31"},
        {"9999", "9999-01-01", "9999-12-31"},
        {"today", "2026-03-31", "2026-03-31"},
        {"Yesterday", "2026-03-30", "2026-03-30"},
        {"tomorrow", "2026-04-01", "2026-04-01"},
        {"now", "2026-03-31", "2026-03-31"},
        {"+2w", "2026-04-14", "2026-04-14"},
        {"-90d", "2025-12-31", "2025-12-31"},
        {"today+2w", "2026-04-14", "2026-04-14"},
        {"now-1m", "2026-02-28", "2026-02-28"},
        {"-1y", "2025-03-31", "2025-03-31"},
        {"-999999y", "0001-01-01", "0001-01-01"},
        {"17 March 2026", "2026-03-17", "2026-03-17"},
    };
    const struct date today = {2026, 3, 31};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct date first, last;
        struct str s = STR_INIT;
        if (!date_range_parse(slice_of(cases[i].text), today, &first, &last))
            fail_msg("'%s' is not read", cases[i].text);
        date_format(&s, first);
        assert_string_equal(s.p, cases[i].first);
        str_clear(&s);
        date_format(&s, last);
        assert_string_equal(s.p, cases[i].last);
        str_release(&s);
    }
}

static void what_is_no_date_of_a_query_is_not_read(void **state)
{
    static const char *const wrong[] = {"",       "2025-13", "2025-Q5", "2025-Q0", "0000",  "20255",
                                        "2025-",  "+w",      "2w",      "+2",      "+2x",   "today+",
                                        "todayx", "+2w+2w",  "2025-Q3x", "--2d",   "2025-1-"};
    const struct date today = {2026, 3, 31};
    struct date first = {1, 1, 1}, last = {1, 1, 1};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (date_range_parse(slice_of(wrong[i]), today, &first, &last))
            fail_msg("'%s' is read", wrong[i]);
    assert_int_equal(first.year + last.year, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_as_people_write_them),
        cmocka_unit_test(what_is_no_duration_is_not_read),
        cmocka_unit_test(durations_print_two_units),
        cmocka_unit_test(dates_of_queries),
        cmocka_unit_test(what_is_no_date_of_a_query_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
