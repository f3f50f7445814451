/* Times as they stand in prose. The examples are from real timelines. */
#include "pm/when.h"

#include "pm/postmortem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* "2026-03-17 14:10 ~ +3600 | rest": what was read, and what was left. */
static void show(struct slice text, struct str *out)
{
    struct moment m;
    size_t used = 0;
    str_clear(out);
    if (!when_scan(text, &m, &used)) {
        str_addz(out, "none");
        return;
    }
    str_addf(out, "%04d-%02d-%02d", m.date.year, m.date.month, m.date.day);
    if (m.hour >= 0)
        str_addf(out, " %02d:%02d", m.hour, m.minute);
    str_addz(out, m.approx ? " ~" : "");
    if (m.zone == ZONE_OFFSET)
        str_addf(out, " %+d", m.offset);
    str_addf(out, " |%.*s", SLICE_ARG(slice_sub(text, used, text.n)));
}

static void moments(void **state)
{
    static const char *const cases[][2] = {
        {"2026-03-17 14:10", "2026-03-17 14:10 |"},
        {"~14:10 x", "0000-00-00 14:10 ~ | x"},
        {"ca. 14:10", "0000-00-00 14:10 ~ |"},
        {"about 3 hours", "none"},
        {"17:14pm x", "0000-00-00 17:14 | x"},
        {"2018-07-08 ca. 18:30", "2018-07-08 18:30 ~ |"},
        {"2026-08-10 12:50 頃 (JST)（報告", "2026-08-10 12:50 ~ +32400 |（報告"},
        {"2026-07-25 03:40（UTC 07-24 18:40）", "2026-07-25 03:40 |（UTC 07-24 18:40）"},
        {"18:11 (UTC 09:11)", "0000-00-00 18:11 | (UTC 09:11)"},
        {"2026-04-15 13:23 (JST)（観測", "2026-04-15 13:23 +32400 |（観測"},
        {"Feb 21, 13:00", "0000-02-21 13:00 |"},
        {"19. April, 11:00", "0000-04-19 11:00 |"},
        {"08-01 06:20 x", "0000-08-01 06:20 | x"},
        {"08-01 x", "none"},
        {"Mayor 5", "none"},
        {"5 pods", "none"},
        {"2 minutes later", "none"},
        {"10 nodes 3 down", "none"},
        {"16:59 PST", "0000-00-00 16:59 -28800 |"},
        {"", "none"},
    };
    struct str s = STR_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        show(slice_of(cases[i][0]), &s);
        assert_string_equal(s.p, cases[i][1]);
    }
    str_release(&s);
}

static void zones(void **state)
{
    static const struct {
        const char *phrase;
        bool found;
        int32_t offset;
    } cases[] = {{"Timeline (all times UTC)", true, 0},
                 {"Date and Time in CET", true, 3600},
                 {"時刻 (JST)", true, 32400},
                 {"全時刻はJST。", true, 32400},
                 {"All times in PST", true, -28800},
                 {"Times are UTC+2", true, 7200},
                 {"Time", false, 0},
                 {"When it happened", false, 0}};
    struct reader rd = {NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct local_zone z = {false, NULL, 0};
        assert_int_equal(when_zone(&rd, slice_of(cases[i].phrase), &z), cases[i].found);
        assert_int_equal(z.known, cases[i].found);
        if (cases[i].found)
            assert_int_equal(z.offset, cases[i].offset);
    }
}

static void resolved_where_it_is_said(void **state)
{
    struct reader rd = {NULL, NULL, NULL};
    struct local_zone local = {.zone = zone_utc()}, fixed = {.offset = 3600};
    struct moment m;
    int64_t at;
    int32_t offset;
    assert_true(moment_parse(SLICE("1970-01-02 01:00"), &m));
    assert_true(when_resolve(&rd, &m, &local, &at, &offset));
    assert_int_equal(at, 90000);
    assert_int_equal(offset, 0);
    assert_true(when_resolve(&rd, &m, &fixed, &at, &offset));
    assert_int_equal(at, 86400);
    assert_int_equal(offset, 3600);
    assert_true(moment_parse(SLICE("1970-01-02T01:00+02:00"), &m));
    assert_true(when_resolve(&rd, &m, &fixed, &at, &offset));
    assert_int_equal(at, 82800);
    assert_int_equal(offset, 7200);
    assert_true(moment_parse(SLICE("14:10"), &m));
    assert_false(when_resolve(&rd, &m, &fixed, &at, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments),
        cmocka_unit_test(zones),
        cmocka_unit_test(resolved_where_it_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
