/* Timelines in their four forms: dates carried over, midnight, zones, labels that state times. */
#include "pm/postmortem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct schema *schema;

static int load(void **state)
{
    schema = schema_load((struct slice){NULL, 0}, false, (struct slice){NULL, 0}, false);
    return 0;
}

static int unload(void **state)
{
    schema_free(schema);
    return 0;
}

static struct postmortem *read_text(const char *path, const char *text)
{
    struct reader rd = {schema, NULL, NULL};
    return postmortem_read(&rd, xstrdup(text), strlen(text), slice_of(path));
}

/* One line an entry: "2026-03-17T14:10:00Z text", with '?' after a zone that nobody stated. */
static void assert_timeline_of(const char *path, const char *text, const char *expected)
{
    struct postmortem *pm = read_text(path, text);
    struct str all = STR_INIT;
    for (size_t i = 0; i < pm->timeline.n; i++) {
        const struct timeline_entry *e = &pm->timeline.v[i];
        if (e->dated)
            time_format_offset(&all, e->at, e->offset);
        else
            str_addz(&all, "undated");
        str_addf(&all, "%s %.*s\n", e->zone_known ? "" : "?", SLICE_ARG(e->text));
    }
    assert_string_equal(all.p, expected);
    str_release(&all);
    postmortem_free(pm);
}

static void assert_timeline(const char *body, const char *expected)
{
    struct str text = STR_INIT;
    str_addf(&text, "---\nstarted: 2026-03-17T12:00Z\n---\n# T\n\n%s", body);
    assert_timeline_of("x.md", text.p, expected);
    str_release(&text);
}

static void a_table(void **state)
{
    assert_timeline("## Timeline (UTC)\n\n| Time | Event |\n|---|---|\n"
                    "| 2026-03-17 12:20 | Pushed `a1` |\n| 14:10 | **Found** it |\n",
                    "2026-03-17T12:20:00+00:00 Pushed a1\n2026-03-17T14:10:00+00:00 Found it\n");
}

static void a_list(void **state)
{
    assert_timeline("## Timeline\n\n- 12:20 UTC: pushed\n- **14:10** - found\n- `14:20` fixed\n"
                    "- no time here\n",
                    "2026-03-17T12:20:00+00:00 pushed\n2026-03-17T14:10:00+00:00 found\n"
                    "2026-03-17T14:20:00+00:00 fixed\n");
    assert_timeline("## Timeline\n\n- 12:20 UTC\n  – pushed\n",
                    "2026-03-17T12:20:00+00:00 pushed\n");
    assert_timeline("## Timeline\n\n- 2026-03-16\n  - 23:50 a\n  - 00:10 b\n- 2026-03-18\n  - 01:00 c\n",
                    "2026-03-16T23:50:00+00:00 a\n2026-03-17T00:10:00+00:00 b\n"
                    "2026-03-18T01:00:00+00:00 c\n");
}

static void paragraphs(void **state)
{
    assert_timeline("## Timeline\n\n12:20 pushed the\nconfig\n\n14:10 – found\n14:20 – fixed\n\nThe end.\n",
                    "2026-03-17T12:20:00+00:00 pushed the config\n"
                    "2026-03-17T14:10:00+00:00 found\n2026-03-17T14:20:00+00:00 fixed\n");
}

static void headings(void **state)
{
    assert_timeline("## Timeline\n\nAll times in PST\n\n### 2018-02-12 14:03\n\nHigh usage.\n\nMore.\n\n"
                    "### 14:08 - Pods deleted\n\n### Feb 13, 07:00\n\n- It works\n",
                    "2018-02-12T14:03:00-08:00 High usage.\n2018-02-12T14:08:00-08:00 Pods deleted\n"
                    "2018-02-13T07:00:00-08:00 It works\n");
    assert_timeline("## Timeline\n\n### 12:20\n\nOne.\n\n## 14:10\n\nTwo.\n\n## Impact\n\n15:00 no entry\n",
                    "2026-03-17T12:20:00+00:00 One.\n2026-03-17T14:10:00+00:00 Two.\n");
}

static void columns_of_day_and_clock(void **state)
{
    assert_timeline("## Timeline\n\n| Date | Time (CET) | Who | What |\n|-|-|-|-|\n"
                    "| 2026-03-17 | 12:20 | bob | pushed |\n| | 14:10 | eve | found |\n",
                    "2026-03-17T12:20:00+01:00 bob; pushed\n2026-03-17T14:10:00+01:00 eve; found\n");
}

static void midnight(void **state)
{
    assert_timeline("## Timeline\n\n- 22:00 a\n- 23:59 b\n- 00:05 c\n- 00:01 d\n- 13:00 e\n- 02:00 f\n",
                    "2026-03-17T22:00:00+00:00 a\n2026-03-17T23:59:00+00:00 b\n"
                    "2026-03-18T00:05:00+00:00 c\n2026-03-18T00:01:00+00:00 d\n"
                    "2026-03-18T13:00:00+00:00 e\n2026-03-18T02:00:00+00:00 f\n");
}

static void the_first_date_comes_from_elsewhere(void **state)
{
    assert_timeline_of("2026-05-04-x.md", "## Timeline\n\n- 10:00 a\n",
                       "2026-05-04T10:00:00+00:00? a\n");
    assert_timeline_of("x.md", "## Timeline\n\nAll times on 2026-05-04, UTC.\n\n- 10:00 a\n",
                       "2026-05-04T10:00:00+00:00 a\n");
    assert_timeline_of("x.md", "- Detected: 2026-05-04 09:00 UTC\n\n## Timeline\n\n- 10:00 a\n",
                       "2026-05-04T10:00:00+00:00? a\n");
    assert_timeline_of("x.md", "## Timeline\n\n- 10:00 a\n", "undated? a\n");
}

static void zones_of_heading_before_front_matter_before_utc(void **state)
{
    static const char table[] = "| Time%s | E |\n|--|--|\n| 2026-03-17 12:00 | a |\n";
    static const struct {
        const char *front, *heading, *column, *expected;
    } cases[] = {
        {"", "", "", "2026-03-17T12:00:00+00:00? a\n"},
        {"started: 2026-03-17T12:00+02:00\n", "", "", "2026-03-17T12:00:00+02:00 a\n"},
        {"timezone: JST\n", "", "", "2026-03-17T12:00:00+09:00 a\n"},
        {"started: 2026-03-17T12:00+02:00\n", " (all times CET)", "",
         "2026-03-17T12:00:00+01:00 a\n"},
        {"started: 2026-03-17T12:00+02:00\n", "", " (JST)", "2026-03-17T12:00:00+09:00 a\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = STR_INIT;
        str_addf(&text, "---\n%s---\n# T\n\n## Timeline%s\n\n", cases[i].front, cases[i].heading);
        size_t mark = slice_find(slice_of(table), SLICE("%s"), 0);
        str_add(&text, table, mark);
        str_addz(&text, cases[i].column);
        str_addz(&text, table + mark + 2);
        assert_timeline_of("x.md", text.p, cases[i].expected);
        str_release(&text);
    }
}

static void a_stated_zone_holds_for_the_next(void **state)
{
    assert_timeline_of("x.md", "## Timeline\n\n- 2026-03-17 12:00 PST a\n- 12:10 b\n",
                       "2026-03-17T12:00:00-08:00 a\n2026-03-17T12:10:00-08:00 b\n");
}

static void labels_state_times(void **state)
{
    struct postmortem *pm = read_text(
        "x.md", "---\nstarted: 2026-03-17T12:00Z\n---\n## Timeline\n\n"
                "| Time | E |\n|--|--|\n| 12:20 | **Started:** no |\n| 12:30 | **Detected:** users |\n"
                "| 13:00 | **Mitigated** |\n| 13:30 | **Detected:** again |\n| 14:00 | **Bob** did |\n");
    const struct fact *detected = postmortem_fact(pm, "detected");
    int64_t started, at;
    assert_non_null(detected);
    assert_int_equal(detected->origin, FACT_TIMELINE);
    assert_true(slice_eqz(document_slice(pm->doc, detected->span), "12:30"));
    assert_true(slice_eqz(detected->values[0].text, "2026-03-17T12:30:00+00:00"));
    assert_true(postmortem_time(pm, "started", &started));
    assert_true(postmortem_time(pm, "mitigated", &at));
    assert_int_equal(at - started, 3600);
    assert_int_equal(postmortem_fact(pm, "started")->origin, FACT_FRONT);
    assert_true(slice_eqz(pm->timeline.v[1].label, "Detected"));
    assert_non_null(pm->timeline.v[1].field);
    assert_null(pm->timeline.v[4].field);
    int64_t seconds;
    assert_int_equal(postmortem_derived(pm, DERIVED_TTD, &seconds), FACT_VALUE);
    assert_int_equal(seconds, 1800);
    postmortem_free(pm);
}

static void a_question_states_no_time(void **state)
{
    struct postmortem *pm = read_text("x.md", "## Timeline\n\n- 2026-03-17 12:00 **Mitigated?**\n"
                                              "- 12:10 **Resolved (?):** perhaps\n");
    assert_int_equal(pm->timeline.n, 2);
    assert_null(postmortem_fact(pm, "mitigated"));
    assert_null(postmortem_fact(pm, "resolved"));
    postmortem_free(pm);
}

static void prose_is_no_entry(void **state)
{
    assert_timeline("## Timeline\n\nIn 2026 we had 14 hosts.\n\n- 2 minutes later it was over\n"
                    "- May be 5 hosts\n- 10 pods\n",
                    "");
}

static void more_than_the_cap_is_told(void **state)
{
    struct str text = STR_INIT;
    str_addz(&text, "## Timeline\n\n");
    for (unsigned i = 0; i < 2100; i++)
        str_addf(&text, "- 2026-03-17 12:00 x%u\n", i);
    struct postmortem *pm = read_text("x.md", text.p);
    assert_int_equal(pm->timeline.n, 2000);
    assert_int_equal(pm->problems.n, 1);
    postmortem_free(pm);
    str_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table),
        cmocka_unit_test(a_list),
        cmocka_unit_test(paragraphs),
        cmocka_unit_test(headings),
        cmocka_unit_test(columns_of_day_and_clock),
        cmocka_unit_test(midnight),
        cmocka_unit_test(the_first_date_comes_from_elsewhere),
        cmocka_unit_test(zones_of_heading_before_front_matter_before_utc),
        cmocka_unit_test(a_stated_zone_holds_for_the_next),
        cmocka_unit_test(labels_state_times),
        cmocka_unit_test(a_question_states_no_time),
        cmocka_unit_test(prose_is_no_entry),
        cmocka_unit_test(more_than_the_cap_is_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
