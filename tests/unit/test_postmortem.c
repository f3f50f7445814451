/* Facts of front matter and body, defaults, what is derived. */
#include "pm/postmortem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct schema *schema;

static int load(void **state)
{
    static const char own[] = "version: 1\nextends: default\nfacts: [Stats]\n"
                              "fields:\n  closed: {type: text}\n"
                              "  published_on: {type: date, from: released}\n"
                              "  customers: {type: integer}\n  cost: {type: money}\n";
    schema = schema_load(slice_of(own), true, (struct slice){NULL, 0}, false);
    return schema->problems.n == 0 ? 0 : -1;
}

static int unload(void **state)
{
    schema_free(schema);
    return 0;
}

static struct postmortem *read_path(const char *path, const char *text)
{
    struct reader rd = {schema, NULL, NULL};
    return postmortem_read(&rd, xstrdup(text), strlen(text), slice_of(path));
}

static struct postmortem *read_text(const char *text)
{
    return read_path("postmortems/x.md", text);
}

static void assert_text(const struct postmortem *pm, const char *name, const char *expected)
{
    struct slice text = postmortem_text(pm, name);
    char *z = xstrndup(text.p ? text.p : "", text.n);
    assert_string_equal(z, expected);
    free(z);
}

static void front_matter_by_names_and_aliases(void **state)
{
    struct postmortem *pm = read_text("---\nid: PM-1\nsev: SEV-2\nstartTime: 2026-03-17T12:00Z\n"
                                      "detected_at: ~2026-03-17 12:10+01:00\nservices: [a, b]\n"
                                      "affected: c\nroot_causes: Change/Config Push\n"
                                      "authors: '@alice, bob'\nreleased: 2026-04-01\nother: x\n---\n");
    assert_text(pm, "id", "PM-1");
    assert_text(pm, "severity", "sev2");
    assert_int_equal(postmortem_severity(pm), 1);
    assert_text(pm, "started", "2026-03-17T12:00:00+00:00");
    assert_text(pm, "detected", "2026-03-17T12:10:00+01:00");
    assert_true(postmortem_fact(pm, "detected")->values[0].approx);
    assert_int_equal(postmortem_fact(pm, "services")->nvalues, 2);
    assert_text(pm, "causes", "change/config-push");
    assert_int_equal(postmortem_fact(pm, "authors")->nvalues, 2);
    assert_text(pm, "authors", "alice");
    assert_text(pm, "published_on", "2026-04-01");
    assert_null(postmortem_fact(pm, "other")->field);
    assert_int_equal(pm->problems.n, 1); /* affected is services, which is stated above */
    assert_int_equal(pm->problems.v[0].kind, PROBLEM_NOTE);
    postmortem_free(pm);
}

static void nested_facts(void **state)
{
    struct postmortem *pm = read_text("---\nimpact: {customers: 1200, cost: 3 EUR, more: {a: b}}\n"
                                      "roles:\n  commander: '@alice'\n  scribe: bob\n"
                                      "review: {date: 2026-04-01, approved_by: [c, d]}\n---\n");
    assert_text(pm, "impact.customers", "1200");
    assert_true(postmortem_fact(pm, "impact.customers")->values[0].amount == 1200);
    assert_text(pm, "impact.more.a", "b");
    assert_non_null(postmortem_fact(pm, "impact"));
    assert_non_null(postmortem_fact(pm, "impact.customers")->field);
    assert_text(pm, "roles.commander", "alice");
    assert_text(pm, "roles.scribe", "bob");
    assert_text(pm, "review.date", "2026-04-01");
    assert_int_equal(postmortem_fact(pm, "review.approved_by")->nvalues, 2);
    assert_null(postmortem_fact(pm, "roles"));
    assert_int_equal(pm->problems.n, 0);
    postmortem_free(pm);
}

static void four_cases_stay_distinct(void **state)
{
    struct postmortem *pm = read_text("---\nstarted: unknown\nmitigated: n/a\ndetected:\n"
                                      "severity: ''\ncauses: []\nauthors: [unknown]\n---\n");
    assert_int_equal(postmortem_fact(pm, "started")->how, FACT_UNKNOWN);
    assert_int_equal(postmortem_fact(pm, "mitigated")->how, FACT_NA);
    assert_int_equal(postmortem_fact(pm, "authors")->how, FACT_UNKNOWN);
    assert_null(postmortem_fact(pm, "detected"));
    assert_null(postmortem_fact(pm, "severity"));
    assert_null(postmortem_fact(pm, "causes"));
    int64_t at;
    assert_false(postmortem_time(pm, "started", &at));
    assert_int_equal(pm->problems.n, 0);
    postmortem_free(pm);
}

static void invalid_values(void **state)
{
    static const struct {
        const char *line, *text, *hint;
    } cases[] = {
        {"severity: sve2", "severity 'sve2' is not one of sev1, sev2, sev3, sev4",
         "did you mean 'sev2'?"},
        {"started: 14:10", "started '14:10' has no date", NULL},
        {"started: yesterday", "started 'yesterday' is not a time", NULL},
        {"started: 23.06.2026", "started '23.06.2026' is not a time", NULL},
        {"started: 2026-06-31T14:10Z", "started '2026-06-31T14:10Z' names a day that there is not",
         NULL},
        {"started: 2026-06-23 25:10", "started '2026-06-23 25:10' names a time of day that there is not",
         NULL},
        {"started: 2026-06-23T14:10 Foo/Bar",
         "started '2026-06-23T14:10 Foo/Bar' ends in a time zone that is not known", NULL},
        {"review: {date: 2026-13-1}", "review.date '2026-13-1' names a day that there is not", NULL},
        {"started: 2026-03-17T12:00Z and so on", "started '2026-03-17T12:00Z and so on' is not a time",
         NULL},
        {"ttd: 90", "ttd '90' has no unit", "write it like 90m or 1h 30m"},
        {"ttd: long", "ttd 'long' is not a duration", NULL},
        {"customers: many", "customers 'many' is not a whole number", NULL},
        {"customers: 1.5", "customers '1.5' is not a whole number", NULL},
        {"cost: a lot", "cost 'a lot' is not an amount of money", NULL},
        {"review: {date: soon}", "review.date 'soon' is not a date", NULL},
        {"causes: ['a//b']", "causes 'a//b' is not a tag", NULL},
        {"severity: {a: b}", "severity is a map; it takes a value", NULL},
        {"severity: [sev1, sev2]", "severity is a list; it takes one value", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = STR_INIT;
        str_addf(&text, "---\n%s\n---\n", cases[i].line);
        struct postmortem *pm = read_text(text.p);
        assert_int_equal(pm->problems.n, 1);
        assert_string_equal(pm->problems.v[0].text, cases[i].text);
        assert_int_equal(pm->problems.v[0].kind, PROBLEM_VALUE);
        assert_int_equal(document_place(pm->doc, pm->problems.v[0].span.start).line, 2);
        assert_non_null(pm->problems.v[0].hint);
        if (cases[i].hint)
            assert_string_equal(pm->problems.v[0].hint, cases[i].hint);
        assert_true(pm->readable);
        postmortem_free(pm);
        str_release(&text);
    }
}

static void an_invalid_value_is_a_fact_without_values(void **state)
{
    struct postmortem *pm = read_text("---\nseverity: x\n---\n- Severity: high\n");
    const struct fact *f = postmortem_fact(pm, "severity");
    assert_true(f->invalid);
    assert_int_equal(f->nvalues, 0);
    assert_int_equal(f->origin, FACT_FRONT);
    assert_int_equal(postmortem_severity(pm), SIZE_MAX);
    postmortem_free(pm);
}

static void body_facts(void **state)
{
    struct postmortem *pm = read_text("# T\n\n**Severity:** High (no data lost)\n"
                                      "**Started**: 2026-03-17 12:00 UTC, as the logs say\n\n"
                                      "- Status: resolved\n- Authors: alice, bob\n\n"
                                      "| Field | Value |\n|--|--|\n| Incident commander | @eve |\n"
                                      "| Downtime | about 3 hours |\n\n"
                                      "## Summary\n\n**Detected:** 2026-03-17 13:00 UTC\n\n"
                                      "## Impact\n\n- Trigger: nothing\n\n## Stats\n\n"
                                      "- Category: Kubernetes\n- Time to detection: 11 Days\n- Mood: good\n");
    assert_text(pm, "severity", "sev2");
    assert_int_equal(postmortem_fact(pm, "severity")->origin, FACT_BODY);
    assert_text(pm, "started", "2026-03-17T12:00:00+00:00");
    assert_text(pm, "status", "review");
    assert_int_equal(postmortem_fact(pm, "authors")->nvalues, 2);
    assert_text(pm, "roles.commander", "eve");
    assert_int_equal(postmortem_fact(pm, "duration")->values[0].number, 3 * 3600);
    assert_true(postmortem_fact(pm, "duration")->values[0].approx);
    assert_null(postmortem_fact(pm, "detected")); /* the second section has begun */
    assert_null(postmortem_fact(pm, "trigger"));
    assert_text(pm, "causes", "kubernetes");
    assert_text(pm, "Mood", "good");
    assert_int_equal(postmortem_fact(pm, "ttd")->values[0].number, 11 * 86400);
    int64_t seconds;
    assert_int_equal(postmortem_derived(pm, DERIVED_TTD, &seconds), FACT_VALUE);
    assert_int_equal(seconds, 11 * 86400);
    assert_int_equal(pm->problems.n, 0);
    postmortem_free(pm);
}

static void times_of_day_are_on_the_day_it_began(void **state)
{
    struct postmortem *pm = read_text("---\ndetected: ~00:05\nstarted: 2026-03-17 23:50 +02:00\n"
                                      "mitigated: 14:10\nresolved: 23:40\n---\n");
    assert_text(pm, "detected", "2026-03-18T00:05:00+02:00");
    assert_text(pm, "mitigated", "2026-03-17T14:10:00+02:00");
    assert_text(pm, "resolved", "2026-03-17T23:40:00+02:00");
    assert_true(postmortem_fact(pm, "detected")->values[0].approx);
    postmortem_free(pm);
    pm = read_text("---\nstarted: 2026-03-17\ndetected: 08:00\n---\n");
    assert_text(pm, "detected", "2026-03-17T08:00:00+00:00");
    postmortem_free(pm);
    pm = read_text("---\nstarted: 23:50\ndetected: 08:00\n---\n");
    assert_int_equal(pm->problems.n, 2);
    postmortem_free(pm);
}

static void prose_is_no_value(void **state)
{
    struct postmortem *pm = read_text("# T\n\n**Severity:** we are not sure yet\n\n"
                                      "**Root cause:** The config was pushed because nobody looked\n\n"
                                      "**Started:** during the night\n\n"
                                      "**Time to detection:** 19 hours 43 minutes.\n\n"
                                      "**Note:** x\n");
    assert_null(postmortem_fact(pm, "severity"));
    assert_null(postmortem_fact(pm, "causes"));
    assert_null(postmortem_fact(pm, "started"));
    assert_null(postmortem_fact(pm, "Note"));
    assert_int_equal(postmortem_fact(pm, "ttd")->values[0].number, 19 * 3600 + 43 * 60);
    assert_int_equal(pm->problems.n, 0);
    postmortem_free(pm);
}

static void front_matter_comes_before_the_body(void **state)
{
    struct postmortem *pm = read_text("---\nseverity: sev1\n---\n# T\n\n- Severity: low\n");
    assert_text(pm, "severity", "sev1");
    postmortem_free(pm);
}

static void defaults(void **state)
{
    struct postmortem *pm = read_path("postmortems/2026-03-17-cart.md", "# The cart\n");
    assert_text(pm, "id", "2026-03-17-cart");
    assert_int_equal(pm->id_from, ID_STEM);
    assert_text(pm, "title", "The cart");
    assert_int_equal(postmortem_fact(pm, "title")->origin, FACT_DERIVED);
    assert_int_equal(pm->date.year, 2026);
    assert_int_equal(pm->date.day, 17);
    assert_int_equal(pm->status, STATUS_REVIEW);
    assert_false(pm->status_stated);
    postmortem_free(pm);
    pm = read_path("x.md", "---\ntitle: T\nstarted: 2026-03-17T00:30+02:00\nstatus: draft\n---\n");
    assert_true(slice_eqz(pm->title, "T"));
    assert_int_equal(pm->date.day, 17); /* there, not in UTC */
    assert_int_equal(pm->status, STATUS_DRAFT);
    postmortem_free(pm);
    pm = read_path("x.md", "");
    assert_true(slice_eqz(pm->title, "x"));
    assert_int_equal(pm->date.year, 0);
    assert_true(pm->readable);
    postmortem_free(pm);
}

static void derived_times(void **state)
{
    static const struct {
        const char *front;
        int how;
        int64_t seconds;
    } cases[] = {
        {"started: 2026-03-17T12:00Z\ndetected: 2026-03-17T12:30Z\n", FACT_VALUE, 1800},
        {"started: 2026-03-17T12:00Z\ndetected: 2026-03-17T14:30+02:00\n", FACT_VALUE, 1800},
        {"started: 2026-03-17T12:00Z\ndetected: 2026-03-17T11:30Z\n", FACT_NA, 0},
        {"started: unknown\ndetected: 2026-03-17T11:30Z\n", FACT_UNKNOWN, 0},
        {"started: unknown\ndetected: n/a\n", FACT_NA, 0},
        {"started: 2026-03-17\ndetected: 2026-03-17T11:30Z\n", -1, 0},
        {"started: 2026-03-17T12:00Z\n", -1, 0},
        {"ttd: 2h\n", FACT_VALUE, 7200},
        {"ttd: 2h\nstarted: 2026-03-17T12:00Z\ndetected: 2026-03-17T12:30Z\n", FACT_VALUE, 1800},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = STR_INIT;
        int64_t seconds = 0;
        str_addf(&text, "---\n%s---\n", cases[i].front);
        struct postmortem *pm = read_text(text.p);
        assert_int_equal(postmortem_derived(pm, DERIVED_TTD, &seconds), cases[i].how);
        assert_int_equal(seconds, cases[i].seconds);
        postmortem_free(pm);
        str_release(&text);
    }
    assert_string_equal(derived_name(DERIVED_TTR), "ttr");
}

static void what_cannot_be_read_is_told(void **state)
{
    struct postmortem *pm = read_text("---\na: b: c\n---\n# T\n\n## Action items\n\n- Fix it\n");
    assert_false(pm->readable);
    assert_int_equal(pm->problems.n, 1);
    assert_int_equal(pm->problems.v[0].kind, PROBLEM_UNREADABLE);
    assert_true(slice_eqz(pm->title, "T"));
    assert_int_equal(pm->actions.n, 1);
    postmortem_free(pm);
    pm = read_text("\xff\xfe");
    assert_false(pm->readable);
    postmortem_free(pm);
}

static void sections_by_alias(void **state)
{
    struct postmortem *pm = read_text("# T\n\n## Root cause\n\nx\n\n## Impact\n\ny\n");
    const struct section_rule *rule = schema_section(schema, SLICE("Root causes"));
    assert_non_null(rule);
    assert_non_null(postmortem_section(pm, rule));
    assert_null(postmortem_section(pm, schema_section(schema, SLICE("Timeline"))));
    assert_int_equal(pm->nsections, 2);
    postmortem_free(pm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_matter_by_names_and_aliases),
        cmocka_unit_test(nested_facts),
        cmocka_unit_test(four_cases_stay_distinct),
        cmocka_unit_test(invalid_values),
        cmocka_unit_test(an_invalid_value_is_a_fact_without_values),
        cmocka_unit_test(body_facts),
        cmocka_unit_test(times_of_day_are_on_the_day_it_began),
        cmocka_unit_test(prose_is_no_value),
        cmocka_unit_test(front_matter_comes_before_the_body),
        cmocka_unit_test(defaults),
        cmocka_unit_test(derived_times),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(sections_by_alias),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
