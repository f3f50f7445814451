/* A document held against all rules, and against a schema of its own, told in every format. Every
 * finding has its place in the file; JSON is JSON, and nothing of a document reaches a terminal raw;
 * what a baseline accepts is gone the next time. */
#include "pm/caps.h"
#include "pm/checker.h"
#include "pm/render.h"

#include "../lib/json_check.h"
#include "../lib/reading.h"

static void check_findings(const struct findings *findings, size_t lines)
{
    check_that(findings->n <= CAP_FINDINGS, "findings are capped");
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *f = &findings->v[i];
        check_that(f->start.line >= 1 && f->start.line <= lines, "a finding lies in its file");
        check_that(f->start.column >= 1, "columns count from 1");
        check_that(f->end.line > f->start.line ||
                       (f->end.line == f->start.line && f->end.column >= f->start.column),
                   "a finding ends behind its beginning");
        check_that(f->message.n > 0, "a finding says something");
    }
}

static void check_text(const struct findings *findings, size_t width)
{
    struct str out = STR_INIT;
    struct printer printer = {.out = &out, .color = false, .width = width};
    render_findings_text(&printer, findings, true);
    check_shown(str_slice(&out));
    str_release(&out);
}

static void check_formats(const struct findings *findings)
{
    const struct check_total total = {.documents = 1, .errors = findings->n};
    struct str out = STR_INIT;
    check_text(findings, 0);
    check_text(findings, 40);
    render_findings_jsonl(&out, findings);
    check_json_lines(str_slice(&out));
    str_clear(&out);
    render_findings_json(&out, findings, &total);
    check_json(str_slice(&out));
    str_clear(&out);
    render_findings_github(&out, findings, &total);
    check_shown(str_slice(&out));
    str_clear(&out);
    /* With all rules and their pages it takes longer than everything else: now and then. */
    if (findings->n % 16 == 5) {
        render_findings_sarif(&out, findings);
        check_json(str_slice(&out));
    }
    str_release(&out);
}

/* A baseline of all findings accepts all that can be accepted. */
static void check_accepted(const struct schema *schema, const struct postmortem *pm,
                           const struct findings *findings)
{
    struct check_options options = {.as_review = true};
    struct findings left = FINDINGS_INIT;
    struct str lines = STR_INIT, text = STR_INIT;
    struct baseline baseline;
    for (size_t i = 0; i < findings->n; i++)
        if (rule_can_be_accepted(findings->v[i].rule))
            baseline_add_line(&lines, &findings->v[i]);
    baseline_print(&text, str_slice(&lines));
    baseline_parse(&baseline, str_slice(&text), false);
    check_that(!baseline.problems.n, "a baseline that pm writes can be read");
    options.baseline = &baseline;
    struct checker *checker = checker_new(schema, &options);
    checker_document(checker, pm, &left);
    for (size_t i = 0; findings->n < CAP_FINDINGS && i < left.n; i++)
        check_that(!rule_can_be_accepted(left.v[i].rule), "what is accepted is gone");
    checker_free(checker);
    baseline_release(&baseline);
    findings_release(&left);
    str_release(&lines);
    str_release(&text);
}

static void check_document(struct slice bytes)
{
    static struct checker *checker;
    if (!checker)
        checker = checker_new(default_schema(), &(struct check_options){.as_review = true});
    struct findings findings = FINDINGS_INIT;
    struct postmortem *pm = read_document(default_schema(), bytes);
    checker_document(checker, pm, &findings);
    findings_sort(&findings);
    check_findings(&findings, pm->doc->lines.n ? pm->doc->lines.n : 1);
    check_formats(&findings);
    check_accepted(default_schema(), pm, &findings);
    findings_release(&findings);
    postmortem_free(pm);
}

/* The same bytes as .pm/schema.yaml and .pm/tags.yaml, and a document under them. */
static void check_schema(struct slice text, struct slice document)
{
    struct schema *schema = schema_load(text, true, text, true);
    struct checker *checker = checker_new(schema, &(struct check_options){.as_review = false});
    struct postmortem *pm = read_document(schema, document);
    struct findings findings = FINDINGS_INIT;
    checker_schema(checker, &findings);
    checker_document(checker, pm, &findings);
    findings_sort(&findings);
    check_text(&findings, 0);
    postmortem_free(pm);
    findings_release(&findings);
    checker_free(checker);
    schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice schema, document = before_nul(data, size, &schema);
    check_document(document);
    if (schema.n)
        check_schema(schema, document);
    return 0;
}
