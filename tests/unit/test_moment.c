#include <string.h>

#include "unit.h"

#include "pm/date.h"
#include "pm/zone.h"

/* "~2026-03-17 14:10:00 +01:00 | rest": what was read, then what was not. */
static void describe(struct str *out, struct slice s)
{
    struct moment m;
    size_t used;

    if (!moment_scan(s, &m, &used)) {
        str_addz(out, "no");
        return;
    }
    str_addz(out, m.approx ? "~" : "");
    if (m.date.year)
        date_format(out, m.date);
    if (m.hour >= 0)
        str_addf(out, "%s%02d:%02d:%02d", m.date.year ? " " : "", m.hour, m.minute, m.second);
    if (m.zone == ZONE_NAMED)
        str_addf(out, " " SLICE_FMT, SLICE_ARG(m.zone_name));
    if (m.zone == ZONE_OFFSET)
        str_addf(out, " %+d", (int)m.offset / 60);
    if (used < s.n)
        str_addf(out, " |" SLICE_FMT, SLICE_ARG(slice_sub(s, used, s.n)));
}

struct reading {
    const char *text, *expected;
};

static void assert_readings(const struct reading *readings, size_t n)
{
    struct str s = STR_INIT;

    for (size_t i = 0; i < n; i++) {
        str_clear(&s);
        describe(&s, slice_of(readings[i].text));
        if (strcmp(s.p, readings[i].expected) != 0)
            fail_msg("'%s' is read as '%s', not '%s'", readings[i].text, s.p, readings[i].expected);
    }
    str_release(&s);
}
#define ASSERT_READINGS(table) assert_readings((table), sizeof(table) / sizeof(table)[0])

static void timestamps_of_front_matter(void **state)
{
    static const struct reading readings[] = {
        {"2026-03-17T12:31+01:00", "2026-03-17 12:31:00 +60"},
        {"2026-03-17T12:31:05Z", "2026-03-17 12:31:05 +0"},
        {"2026-03-17t12:31:05z", "2026-03-17 12:31:05 +0"},
        {"2026-03-17T12:31:05.123456-07:00", "2026-03-17 12:31:05 -420"},
        {"2023-01-19T15:30:00-00:00", "2023-01-19 15:30:00 +0"},
        {"2020-12-19T9:30:00-00:00", "2020-12-19 09:30:00 +0"},
        {"2026-03-17T12:31+01:00[Europe/Berlin]", "2026-03-17 12:31:00 +60"},
        {"2026-03-17T12:31[Europe/Berlin]", "2026-03-17 12:31:00 Europe/Berlin"},
        {"2026-03-17 12:31 Europe/Berlin", "2026-03-17 12:31:00 Europe/Berlin"},
        {"2026-03-17 12:31:00 +0100", "2026-03-17 12:31:00 +60"},
        {"2026-03-17 12:31:00 -0500", "2026-03-17 12:31:00 -300"},
        {"2026-03-17 12:31 +01", "2026-03-17 12:31:00 +60"},
        {"2026-03-17 12:31:00+05:30", "2026-03-17 12:31:00 +330"},
        {"2026-03-17 12:31:00−05:00", "2026-03-17 12:31:00 -300"},
        {"2026-03-17 12:31:00", "2026-03-17 12:31:00"},
        {"2026-03-17", "2026-03-17"},
        {"2026-03-17 UTC", "2026-03-17 +0"},
        {"Thu 13 Dec 2018 15:02 CET", "2018-12-13 15:02:00 +60"},
        {"March 17, 2026 at 2:10 pm UTC+2", "2026-03-17 14:10:00 +120"},
        {"17th March 2026, 2pm", "2026-03-17 14:00:00"},
        {"2026-03-17 12:31 PT", "2026-03-17 12:31:00 America/Los_Angeles"},
        {"2016-12-31T23:59:60Z", "2016-12-31 23:59:59 +0"},
    };

    ASSERT_READINGS(readings);
}

static void times_of_timelines(void **state)
{
    static const struct reading readings[] = {
        {"08:03", "08:03:00"},
        {"8:03", "08:03:00"},
        {"14:10 UTC", "14:10:00 +0"},
        {"14:10Z", "14:10:00 +0"},
        {"~14:10", "~14:10:00"},
        {"2:30pm", "14:30:00"},
        {"10:35 AM", "10:35:00"},
        {"12:15am", "00:15:00"},
        {"12:15 p.m.", "12:15:00"},
        {"14:10pm", "14:10:00"},
        {"14:10: Deploy", "14:10:00 |: Deploy"},
        {"14:10 - Deploy", "14:10:00 | - Deploy"},
        {"14:10:33.123 CEST", "14:10:33 +120"},
        {"14:10 (maybe earlier?)", "14:10:00 | (maybe earlier?)"},
        {"14:10 Checkout/payments down", "14:10:00 | Checkout/payments down"},
        {"14:10 Denver - Downgraded", "14:10:00 | Denver - Downgraded"},
        {"14:10 estimated", "14:10:00 | estimated"},
        {"14:10 CST", "14:10:00 | CST"},
        {"14:10 IST", "14:10:00 | IST"},
        {"14:10 +3 nodes", "14:10:00 | +3 nodes"},
        {"14:10 +10 nodes", "14:10:00 | +10 nodes"},
        {"14:10 +0300", "14:10:00 +180"},
        {"14:10 -3 nodes", "14:10:00 | -3 nodes"},
    };

    ASSERT_READINGS(readings);
}

static void japanese_and_parenthesised(void **state)
{
    static const struct reading readings[] = {
        {"2026-08-10 05:46:31 (JST)", "2026-08-10 05:46:31 +540"},
        {"2026-08-10 12:50 頃 (JST)", "~2026-08-10 12:50:00 +540"},
        {"2026-08-10 12:50頃", "~2026-08-10 12:50:00"},
        {"2026-08-10 12:50 JST 頃", "~2026-08-10 12:50:00 +540"},
        {"2026-04-20 02:38 JST 前後（x", "~2026-04-20 02:38:00 +540 |（x"},
        {"2026-08-10 12:50（JST）", "2026-08-10 12:50:00 +540"},
        {"2026-08-10 12:50（UTC 03:50）", "2026-08-10 12:50:00 |（UTC 03:50）"},
        {"2026-08-10 12:50 (UTC+9)", "2026-08-10 12:50:00 +540"},
        {"2026-08-10 12:50 (Asia/Tokyo) x", "2026-08-10 12:50:00 Asia/Tokyo | x"},
        {"2026-08-10 ~12:50", "~2026-08-10 12:50:00"},
        {"2026-08-10 ca. 12:50", "~2026-08-10 12:50:00"},
        {"2026-08-10 around 12:50", "~2026-08-10 12:50:00"},
        {"2026-08-10 頃", "~2026-08-10"},
        {"2026-08-10 12:50 (推定)", "~2026-08-10 12:50:00"},
        {"2026-08-10 午後2時30分", "2026-08-10 14:30:00"},
        {"2026-08-10 午前", "2026-08-10 | 午前"},
        {"2026年8月10日 5時46分", "2026-08-10 05:46:00"},
        {"5時間", "no"},
        {"2026-08-10　12:50", "2026-08-10 12:50:00"}, /* ideographic space */
    };

    ASSERT_READINGS(readings);
}

static void ranges_give_their_first_end(void **state)
{
    static const struct reading readings[] = {
        {"14:00-14:10", "14:00:00"},
        {"14:00 - 14:10 UTC", "14:00:00 +0"},
        {"14:00–14:10 x", "14:00:00 | x"},
        {"14:00 UTC until 15:10 UTC", "14:00:00 +0"},
        {"14:00 to 15:10", "14:00:00"},
        {"14:00 → 15:10", "14:00:00"},
        {"~14:00-14:20", "~14:00:00"},
        {"2026-08-09 05:46〜17:19", "2026-08-09 05:46:00"},
        {"2026-08-09 05:46 〜 2026-08-10 17:19 (JST)", "2026-08-09 05:46:00 +540"},
        {"2026-03-23 19:25 JST 〜 21:27 JST (約 2 時間)", "2026-03-23 19:25:00 +540 | (約 2 時間)"},
        {"2026-03-19 〜 2026-03-23（約 4 日間）", "2026-03-19 |（約 4 日間）"},
        {"2026-05-04〜05 頃", "2026-05-04"},
        {"2026-05-04〜05-07", "2026-05-04"},
        {"2026-05-04 〜 5件", "2026-05-04 | 〜 5件"},
        {"2:30-3:00pm", "14:30:00"},
        {"11:30-1:00pm", "11:30:00"},
        {"11:30am-1:00pm", "11:30:00"},
        {"14:00-05:00", "14:00:00"},
        {"2026-03-17 14:00-05:00", "2026-03-17 14:00:00"},
        {"2026-03-17 14:00 -05:00", "2026-03-17 14:00:00 -300"},
        {"2026-03-17 14:00 -14:20", "2026-03-17 14:00:00"},
        {"2026-03-17T14:00-05:00", "2026-03-17 14:00:00 -300"},
    };

    ASSERT_READINGS(readings);
}

static void what_is_no_time_is_not_read(void **state)
{
    static const char *const wrong[] = {
        "",      " ",     "24:00",      "12:60",      "12:5",        "1:30:20:40", "12:30:5",
        "12",    "5 nodes", "2026",     "2026-13-01", "03/04/2026",  "99:99",      "112:30",
        "13 am", "~",     "unknown",    "n/a",        "TBD",         "\xff",       "12:3x",
    };
    struct moment m = {.hour = 77};
    size_t used = 99;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (moment_scan(slice_of(wrong[i]), &m, &used))
            fail_msg("'%s' is read", wrong[i]);
    assert_int_equal(m.hour, 77);
    assert_int_equal(used, 99);
    assert_false(moment_scan(slice_of(NULL), &m, &used));
}

static void parsing_wants_the_whole(void **state)
{
    struct moment m;

    assert_true(moment_parse(SLICE(" 2026-03-17 14:10 UTC\n"), &m));
    assert_int_equal(m.hour, 14);
    assert_false(moment_parse(SLICE("2026-03-17 14:10 CST"), &m));
    assert_false(moment_parse(SLICE("2026-03-17T25:00"), &m));
    assert_false(moment_parse(SLICE("2026-03-17 or so"), &m));
    assert_false(moment_parse(slice_of(NULL), &m));
}

/* Every prefix of everything above is read or refused inside its bounds (for the sanitizers). */
static void cut_texts_are_read_in_bounds(void **state)
{
    static const char text[] = "Thu, 13th of Dec 2018 at ~02:30:59.5 p.m. (UTC+05:30) 頃 〜 "
                               "2026年3月17日 午後2時30分 America/Los_Angeles → 05";

    for (size_t from = 0; from < sizeof text - 1; from++)
        for (size_t n = 0; n <= sizeof text - 1 - from; n++) {
            struct str copy = STR_INIT;
            struct moment m;
            size_t used;
            str_add(&copy, text + from, n);
            if (moment_scan(str_slice(&copy), &m, &used)) {
                assert_in_range(used, 1, n);
                assert_true(m.date.year ? date_valid(m.date) : m.hour >= 0);
            }
            str_release(&copy);
        }
}

static void zones_of_headings(void **state)
{
    struct moment m = {0};
    size_t used;

    assert_true(moment_scan_zone(SLICE("PST)"), &m, &used));
    assert_int_equal(m.zone, ZONE_OFFSET);
    assert_int_equal(m.offset, -8 * 3600);
    assert_int_equal(used, 3);
    assert_true(moment_scan_zone(SLICE("UTC+2:"), &m, &used));
    assert_int_equal(m.offset, 7200);
    assert_int_equal(used, 5);
    assert_true(moment_scan_zone(SLICE("(JST) x"), &m, &used));
    assert_int_equal(used, 5);
    assert_true(moment_scan_zone(SLICE("Europe/Berlin."), &m, &used));
    assert_int_equal(m.zone, ZONE_NAMED);
    assert_slice(m.zone_name, "Europe/Berlin");
    assert_true(moment_scan_zone(SLICE("America/Argentina/Buenos_Aires"), &m, &used));
    assert_slice(m.zone_name, "America/Argentina/Buenos_Aires");
    assert_false(moment_scan_zone(SLICE("Mars/Olympus"), &m, &used));
    assert_false(moment_scan_zone(SLICE("Europe/"), &m, &used));
    assert_false(moment_scan_zone(SLICE("+15:00"), &m, &used));
    assert_false(moment_scan_zone(SLICE("-12:30:00"), &m, &used));
    assert_false(moment_scan_zone(SLICE("UTCX"), &m, &used));
    assert_false(moment_scan_zone(SLICE(""), &m, &used));
}

static const struct zone *find_plus_two(void *ctx, struct slice name)
{
    return slice_eqz(name, "Europe/Kyiv") ? ctx : NULL;
}

static void resolving_uses_what_was_written_then_the_fallback(void **state)
{
    struct zone *plus_two = zone_fixed(7200);
    struct moment m;
    int64_t t = 77;

    assert_true(moment_parse(SLICE("2026-03-17 12:31"), &m));
    assert_true(moment_resolve(&m, zone_utc(), NULL, NULL, &t));
    assert_int_equal(t, 1773750660);
    assert_true(moment_resolve(&m, plus_two, NULL, NULL, &t));
    assert_int_equal(t, 1773750660 - 7200);
    assert_true(moment_parse(SLICE("2026-03-17 12:31 JST"), &m));
    assert_true(moment_resolve(&m, plus_two, NULL, NULL, &t));
    assert_int_equal(t, 1773750660 - 9 * 3600);
    assert_true(moment_parse(SLICE("2026-03-17 12:31 Europe/Kyiv"), &m));
    assert_true(moment_resolve(&m, zone_utc(), find_plus_two, plus_two, &t));
    assert_int_equal(t, 1773750660 - 7200);
    assert_false(moment_resolve(&m, zone_utc(), NULL, NULL, &t));
    assert_true(moment_parse(SLICE("2026-03-17"), &m));
    assert_true(moment_resolve(&m, zone_utc(), NULL, NULL, &t));
    assert_int_equal(t, 1773705600);
    assert_true(moment_parse(SLICE("12:31"), &m));
    assert_false(moment_resolve(&m, zone_utc(), NULL, NULL, &t));
    assert_int_equal(t, 1773705600);
    zone_free(plus_two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_of_front_matter),
        cmocka_unit_test(times_of_timelines),
        cmocka_unit_test(japanese_and_parenthesised),
        cmocka_unit_test(ranges_give_their_first_end),
        cmocka_unit_test(what_is_no_time_is_not_read),
        cmocka_unit_test(parsing_wants_the_whole),
        cmocka_unit_test(cut_texts_are_read_in_bounds),
        cmocka_unit_test(zones_of_headings),
        cmocka_unit_test(resolving_uses_what_was_written_then_the_fallback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
