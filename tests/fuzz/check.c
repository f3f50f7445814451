/* A document held against all rules, and against a schema of its own, told as text and as JSON.
 * Every finding has its place in the file, and nothing of a document reaches a terminal raw. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pm/caps.h"
#include "pm/checker.h"
#include "pm/render.h"
#include "pm/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_that(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "# broken: %s\n", what);
    abort();
}

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

static void check_shown(const struct findings *findings, size_t width)
{
    struct str out = STR_INIT;
    struct printer printer = {.out = &out, .color = false, .width = width};
    render_findings_text(&printer, findings, true);
    for (size_t i = 0; i < out.n; i++)
        check_that((unsigned char)out.p[i] >= ' ' || out.p[i] == '\n' || out.p[i] == '\t',
                   "no control character reaches the terminal");
    check_that(utf8_valid_prefix(str_slice(&out)) == out.n, "what is shown is UTF-8");
    str_release(&out);
}

static void check_with(const struct schema *schema, const uint8_t *data, size_t size)
{
    struct checker *checker = checker_new(schema, &(struct check_options){.as_review = size % 2});
    struct reader rd = {schema, NULL, NULL};
    struct findings findings = FINDINGS_INIT;
    struct str json = STR_INIT;
    char *bytes = xmalloc(size + 1);
    memcpy(bytes, data, size);
    struct postmortem *pm = postmortem_read(&rd, bytes, size, SLICE("x.md"));
    checker_document(checker, pm, &findings);
    findings_sort(&findings);
    check_findings(&findings, pm->doc->lines.n ? pm->doc->lines.n : 1);
    check_shown(&findings, 0);
    check_shown(&findings, 40);
    render_findings_jsonl(&json, &findings);
    str_release(&json);
    findings_release(&findings);
    postmortem_free(pm);
    checker_free(checker);
}

static void check_schema(const uint8_t *data, size_t size)
{
    struct slice text = slice_from((const char *)data, size);
    struct schema *schema = schema_load(text, true, text, true);
    struct checker *checker = checker_new(schema, &(struct check_options){.as_review = false});
    struct findings findings = FINDINGS_INIT;
    checker_schema(checker, &findings);
    findings_sort(&findings);
    check_shown(&findings, 0);
    findings_release(&findings);
    checker_free(checker);
    schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct schema *schema;
    if (!schema)
        schema = schema_load((struct slice){NULL, 0}, false, (struct slice){NULL, 0}, false);
    check_with(schema, data, size);
    check_schema(data, size);
    return 0;
}
