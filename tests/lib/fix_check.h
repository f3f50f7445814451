/* What holds for every document that --fix mends: for the property and the fuzz target. */
#ifndef PM_TEST_FIX_CHECK_H
#define PM_TEST_FIX_CHECK_H

#include "pm/fix.h"

#include "hostile.h"

/* A schema with tags to mend, and a template with guidance. */
struct workshop {
    struct schema *schema;
    struct zones *zones;
    struct checker *checker;
    struct document *template;
    struct reader reader;
    struct fixer fixer;
};

static inline void workshop_open(struct workshop *w)
{
    static const char tags[] = "tags:\n  change: {tags: {config: {aliases: [config]}}}\n"
                               "  old: {deprecated: change/config}\n";
    static const char template[] =
        "---\nid: {{id}}\n---\n\n# {{title}}\n\n## Summary\n\n<!-- What\nhappened? -->\n\n"
        "## Blast radius\n\nof {{title}}\n\n## Impact\n\n<!-- Whom? {{date}} -->\n\n## Timeline\n\n"
        "| Time | Event |\n|---|---|\n";
    const struct check_options options = {.today = {2026, 3, 20}, .now = 1774000000};
    w->schema = schema_load(SLICE(""), false, slice_of(tags), true);
    check_that(w->schema->tag_problems.n == 0, "the tags are in order");
    w->zones = zones_new();
    w->checker = checker_new(w->schema, &options);
    w->template = document_parse(xmemdup(template, sizeof template - 1), sizeof template - 1);
    w->reader = (struct reader){w->schema, zones_find, w->zones};
    w->fixer = (struct fixer){w->checker, &w->reader, w->template, true};
}

static inline void workshop_close(struct workshop *w)
{
    document_free(w->template);
    checker_free(w->checker);
    zones_free(w->zones);
    schema_free(w->schema);
}

/* ---- what a document says before and after -------------------------------------------------- */

static bool is_readable(const struct workshop *w, struct slice text, size_t *rules)
{
    struct findings f = FINDINGS_INIT;
    struct postmortem *pm =
        postmortem_read(&w->reader, xmemdup(text.p, text.n), text.n, SLICE("incidents/a.md"));
    bool readable = pm->readable;
    checker_document(w->checker, pm, &f);
    for (size_t i = 0; i < f.n; i++)
        rules[f.v[i].rule]++;
    findings_release(&f);
    postmortem_free(pm);
    return readable;
}

static void complain(struct slice text, struct slice mended, const char *what)
{
    fprintf(stderr, "# %s:\n%.*s\nis\n%.*s\n", what, SLICE_ARG(text), SLICE_ARG(mended));
    abort();
}

static struct slice body_of(struct slice text)
{
    struct document *doc = document_parse(xmemdup(text.p, text.n), text.n);
    struct span body = doc->body;
    document_free(doc);
    return slice_sub(text, body.start, body.end - body.start);
}

/* The next line and its end: LF, CRLF or CR. */
static bool take_line(struct slice *rest, struct slice *line)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
        n++;
    n += slice_starts(slice_sub(*rest, n, rest->n), SLICE("\r\n")) ? 2 : n < rest->n;
    *line = slice_sub(*rest, 0, n);
    *rest = slice_sub(*rest, n, rest->n);
    return n > 0;
}

/* All lines of the body are there still, in their order, with their line ends; but the last one may
 * have got one. */
static void check_body(struct slice text, struct slice mended)
{
    struct slice before = body_of(text), after = body_of(mended), line, other;
    while (take_line(&before, &line)) {
        bool last = !before.n;
        do {
            if (!take_line(&after, &other))
                complain(text, mended, "a line is lost");
        } while (!slice_eq(last ? slice_rtrim(line) : line, last ? slice_rtrim(other) : other));
    }
}

/* True: there was something to mend, and mending it did what pm/fix.h promises. */
static inline bool check_fix(const struct workshop *w, struct slice text)
{
    struct fixed fixed, again;
    size_t before[RULE_COUNT] = {0}, after[RULE_COUNT] = {0};
    if (!fix_document(&w->fixer, NULL, text, SLICE("incidents/a.md"), &fixed))
        return false;
    struct slice mended = str_slice(&fixed.text);
    if (is_readable(w, text, before) && !is_readable(w, mended, after))
        complain(text, mended, "what is mended cannot be read");
    for (enum rule r = 0; r < RULE_COUNT; r++)
        if (r != RULE_EMPTY_SECTION && after[r] > before[r])
            complain(text, mended, rule_name(r));
    if (fix_document(&w->fixer, NULL, mended, SLICE("incidents/a.md"), &again))
        complain(text, mended, "what is mended is mended again");
    check_body(text, mended);
    fixed_release(&fixed);
    return true;
}

#endif
