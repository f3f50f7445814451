#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "pm/caps.h"
#include "pm/checker.h"
#include "pm/str.h"

#define NOW 1774000000 /* 2026-03-20 */

static struct postmortem *read(const struct schema *s, const char *text)
{
    struct reader reader = {.schema = s, .find_zone = zones_find, .zones = zones_new()};
    struct postmortem *pm =
        postmortem_read(&reader, xstrndup(text, strlen(text)), strlen(text), SLICE("x.md"));
    zones_free(reader.zones);
    return pm;
}

static struct schema *schema(const char *text)
{
    return schema_load(slice_of(text), text != NULL, slice_of(NULL), false);
}

/* The findings of one document, "rule:line " each. */
static char *judged(const char *schema_text, const char *text, bool as_review)
{
    struct schema *s = schema(schema_text);
    struct checker *c = checker_new(s, &(struct check_options){.now = NOW, .as_review = as_review});
    struct postmortem *pm = read(s, text);
    struct findings findings = FINDINGS_INIT;
    struct str out = STR_INIT;
    checker_document(c, pm, &findings);
    findings_sort(&findings);
    for (size_t i = 0; i < findings.n; i++)
        if (findings.v[i].level > LEVEL_INFO)
            str_addf(&out, "%s:%u ", rule_name(findings.v[i].rule), findings.v[i].start.line);
    findings_release(&findings);
    postmortem_free(pm);
    checker_free(c);
    schema_free(s);
    return str_detach(&out, NULL);
}

static void assert_judged(const char *schema_text, const char *text, const char *expected)
{
    char *got = judged(schema_text, text, false);
    assert_string_equal(got, expected);
    free(got);
}

static void rules_and_levels_have_names(void **state)
{
    enum rule r;
    enum level l;
    for (enum rule i = 0; i < RULE_COUNT; i++) {
        assert_true(rule_by_name(slice_of(rule_name(i)), &r));
        assert_int_equal(r, i);
        assert_true(strspn(rule_name(i), "abcdefghijklmnopqrstuvwxyz-") == strlen(rule_name(i)));
        assert_non_null(rule_page(i));
    }
    assert_false(rule_by_name(SLICE("Time-order"), &r));
    assert_true(level_by_name(SLICE("warning"), &l));
    assert_int_equal(l, LEVEL_WARNING);
    assert_false(level_by_name(SLICE("warn"), &l));
}

#define FRONT                                                                                      \
    "---\nseverity: sev3\nstarted: 2026-03-17\ndetected: unknown\nmitigated: n/a\ncauses: [a]\n"
#define BODY                                                                                       \
    "---\n## Summary\nx\n## Impact\nx\n## Timeline\n- 12:31 x\n- 12:40 x\n- 15:17 x\n"            \
    "## Root causes\nx\n## Lessons learned\nx\n## Action items\n- None: x\n"

static void only_what_names_people_is_private(void **state)
{
    for (enum rule r = 0; r < RULE_COUNT; r++)
        assert_int_equal(rule_is_private(r), slice_eqz(slice_of("person-as-cause"), rule_name(r)));
}

static void findings_stand_in_the_order_of_their_places(void **state)
{
    assert_judged(NULL, FRONT BODY, "");
    assert_judged(NULL, FRONT "servces: x\nresolved: soon\n---\n## Summary\n## Impact\nTODO\n",
                  "unknown-field:7 invalid-value:8 missing-section:9 missing-section:9 "
                  "missing-section:9 missing-section:9 empty-section:10 placeholder:12 ");
}

static void levels_come_from_the_schema(void **state)
{
    assert_judged("version: 1\nrules: {unknown-field: off, invalid-value: info}\n",
                  FRONT "servces: x\nresolved: soon\n" BODY, "");
}

static void a_draft_needs_its_summary(void **state)
{
    static const char draft[] = "---\nstatus: draft\nseverity: what\n---\n## Impact\n";
    assert_judged(NULL, draft, "missing-section:4 ");
    char *got = judged(NULL, draft, true);
    assert_non_null(
        strstr(got, "missing-field:4 missing-field:4 missing-field:4 missing-field:4 "));
    assert_non_null(strstr(got, "invalid-value:3 "));
    free(got);
}

static void what_is_unreadable_is_one_finding(void **state)
{
    assert_judged(NULL, "---\na: b: c\nd: *e\n---\n", "unreadable-front-matter:2 ");
    assert_judged(NULL, "---\na: b\n", "unreadable-front-matter:1 ");
}

static void findings_of_a_document_are_capped(void **state)
{
    struct str text = STR_INIT;
    struct schema *s = schema("version: 1\none_of: []\n");
    struct checker *c = checker_new(s, &(struct check_options){.now = NOW, .as_review = false});
    struct findings findings = FINDINGS_INIT;
    str_addz(&text, FRONT "---\n## Action items\n");
    for (int i = 0; i < 900; i++)
        str_addf(&text, "- [ ] repair part %d\n", i);
    struct postmortem *pm = read(s, text.p);
    checker_document(c, pm, &findings);
    assert_int_equal(findings.n, CAP_FINDINGS);
    findings_release(&findings);
    postmortem_free(pm);
    checker_free(c);
    schema_free(s);
    str_release(&text);
}

struct job {
    const struct checker *checker;
    const struct schema *schema;
    size_t found;
};

static void *work(void *arg)
{
    struct job *job = arg;
    for (int i = 0; i < 50; i++) {
        struct findings findings = FINDINGS_INIT;
        struct postmortem *pm = read(job->schema, FRONT "resolved: 2026-03-16\n" BODY);
        checker_document(job->checker, pm, &findings);
        job->found += findings_count(&findings, LEVEL_ERROR);
        findings_release(&findings);
        postmortem_free(pm);
    }
    return NULL;
}

static void one_checker_serves_many_threads(void **state)
{
    struct schema *s =
        schema("version: 1\nfields: {team: {type: text, required: \"severity:sev3 cause:a\"}}\n");
    struct checker *c = checker_new(s, &(struct check_options){.now = NOW, .as_review = false});
    struct job jobs[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        jobs[i] = (struct job){.checker = c, .schema = s};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(jobs[i].found, 50 * 2); /* the team, and resolved before started */
    }
    checker_free(c);
    schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_and_levels_have_names),
        cmocka_unit_test(only_what_names_people_is_private),
        cmocka_unit_test(findings_stand_in_the_order_of_their_places),
        cmocka_unit_test(levels_come_from_the_schema),
        cmocka_unit_test(a_draft_needs_its_summary),
        cmocka_unit_test(what_is_unreadable_is_one_finding),
        cmocka_unit_test(findings_of_a_document_are_capped),
        cmocka_unit_test(one_checker_serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
