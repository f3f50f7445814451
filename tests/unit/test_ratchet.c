/* What a change answers for: checker_change, with what the document was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/caps.h"
#include "pm/checker.h"
#include "pm/str.h"

static struct postmortem *read(const struct schema *s, const char *text)
{
    struct reader reader = {.schema = s};
    return postmortem_read(&reader, xstrndup(text, strlen(text)), strlen(text), SLICE("x.md"));
}

/* The errors that a change adds, "rule:line " each, then how many it found there: "+N". before: NULL
 * for a new document. expected: NULL where it adds none, however many stood there. */
static void assert_adds(const char *before, const char *after, const char *expected)
{
    struct schema *s = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    struct checker *c = checker_new(s, &(struct check_options){.as_review = false});
    struct postmortem *then = before ? read(s, before) : NULL, *now = read(s, after);
    struct findings findings = FINDINGS_INIT;
    struct set_aside aside = {{0}, {0}};
    struct str out = STR_INIT;
    checker_change(c, then, now, &findings, &aside);
    findings_sort(&findings);
    for (size_t i = 0; i < findings.n; i++)
        if (findings.v[i].level == LEVEL_ERROR)
            str_addf(&out, "%s:%u ", rule_name(findings.v[i].rule), findings.v[i].start.line);
    str_addf(&out, "+%zu", aside.inherited[LEVEL_ERROR]);
    if (expected)
        assert_string_equal(out.p, expected);
    else
        assert_int_equal(out.p[0], '+');
    str_release(&out);
    findings_release(&findings);
    postmortem_free(then);
    postmortem_free(now);
    checker_free(c);
    schema_free(s);
}

#define FRONT                                                                                      \
    "severity: sev3\nstarted: 2026-03-17\ndetected: unknown\nmitigated: n/a\n"
#define BODY                                                                                       \
    "---\n## Summary\nx\n## Impact\nx\n## Timeline\n- 10:00 x\n## Root causes\nx\n"                \
    "## Lessons learned\nx\n## Action items\n"
#define OLD "---\n" FRONT BODY /* lacks its causes */

static void ticking_a_box_is_possible(void **state)
{
    assert_adds(OLD "- [ ] Fix it\n- [ ] Test it\n", OLD "- [x] Fix it\n- [ ] Test it\n", "+3");
}

static void what_a_change_adds_is_found(void **state)
{
    assert_adds(OLD "- [ ] Fix it\n", OLD "- [ ] Fix it\n- [ ] Test it\n",
                "action-missing-owner:19 action-missing-due:19 +3");
    assert_adds(NULL, OLD "- None: x\n", "missing-field:6 +0");
}

static void a_field_that_is_removed_is_missed(void **state)
{
    assert_adds(OLD "- None: x\n", "---\nseverity: sev3\n" BODY "- None: x\n",
                "missing-field:3 missing-field:3 missing-field:3 +1");
}

static void lines_letters_and_blanks_may_move(void **state)
{
    assert_adds(OLD "- [ ] Fix  it\n",
                "---\ntitle: T\n\n\n" FRONT BODY "- [x] Done before\n- [ ] fix\n      IT\n", "+3");
}

static void equal_findings_are_counted(void **state)
{
    assert_adds(OLD "- None: x\n## Response\nTODO\n",
                OLD "- None: x\n## Response\nTODO\n## Communication\nTODO\n", "placeholder:22 +2");
    assert_adds(OLD "- None: x\n## Response\nTODO\n## Communication\nTODO\n",
                OLD "- None: x\n## Response\nTODO\n", "+2");
}

static void a_raised_status_answers_for_all(void **state)
{
#define DRAFT     "---\nstatus: draft\n" FRONT BODY "- None: x\n"
#define REVIEW    "---\nstatus: review\n" FRONT BODY "- None: x\n"
#define PUBLISHED "---\nstatus: published\n" FRONT BODY "- None: x\n"
    assert_adds(DRAFT, REVIEW, "missing-field:7 +0");
    assert_adds(REVIEW, PUBLISHED, "missing-field:7 +0");
    assert_adds(OLD "- None: x\n", REVIEW, "+1");
    assert_adds(PUBLISHED, REVIEW, "+1");
}

static void half_of_the_front_matter_is_better_than_none(void **state)
{
    assert_adds("## Summary\nx\n", "---\nseverity: sev3\n---\n## Summary\nx\n", "+9");
}

static void what_could_not_be_read_is_no_excuse(void **state)
{
    assert_adds("---\na: b: c\n---\n", "---\nx: y\na: b: c\n---\nx\n", "+1");
    assert_adds("---\na: b: c\n" BODY "- None: x\n", OLD "- None: x\n", "missing-field:6 +0");
}

/* A change that mends one of too many findings lets another one come up below the cap. */
static void the_cap_adds_nothing(void **state)
{
    struct str before = STR_INIT, after = STR_INIT;
    str_addz(&before, OLD "- [ ] repair this\n");
    str_addz(&after, OLD "- [x] repair this\n");
    for (unsigned i = 0; i < CAP_FINDINGS / 2 + 50; i++) {
        str_addf(&before, "- [ ] repair part %u\n", i);
        str_addf(&after, "- [ ] repair part %u\n", i);
    }
    assert_adds(before.p, after.p, NULL);
    str_release(&before);
    str_release(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticking_a_box_is_possible),
        cmocka_unit_test(what_a_change_adds_is_found),
        cmocka_unit_test(a_field_that_is_removed_is_missed),
        cmocka_unit_test(lines_letters_and_blanks_may_move),
        cmocka_unit_test(equal_findings_are_counted),
        cmocka_unit_test(a_raised_status_answers_for_all),
        cmocka_unit_test(half_of_the_front_matter_is_better_than_none),
        cmocka_unit_test(what_could_not_be_read_is_no_excuse),
        cmocka_unit_test(the_cap_adds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
