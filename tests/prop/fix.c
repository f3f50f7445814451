/* Documents made of what --fix mends, and of what gets in its way: mending adds no finding but those
 * about new headings, changes no other line, and mending twice changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pm/fix.h"

#define DOCUMENTS 2000

static const char *const front[] = {
    "status: Review\n", "status: draft\n", "severity: SEV-2\n", "severity: high\n", "sevrity: sev1\n",
    "sevrity: x\n", "started: 2026-3-7\n", "started: 2026-03-07T12:00Z\n", "detcted: 2026-3-7 9:05\n",
    "mitigated: '2026-3-8'\n", "mitigated: 2026-3-1\n", "causes: [Config, old]\n",
    "causes: config, old, change/config\n", "causes: \"old\"\n", "causes:\n  - config\n  - Config\n",
    "comander: bob\n", "roles: {commander: bob}\n", "detected_bye: alert\n", "xyz: [1\n", "# text\n",
    "\"sevrity\": sev3 # a comment\n", "severity: sev2\n", "resolved: 2026-3-7T1:02\n",
};
static const char *const body[] = {
    "# Title\n\n", "# Root cause analysis\n\n", "## Summary\n\n", "## Impact\n", "### Timeline\n\n",
    "Timeline\n---\n", "## Action items\n\n", "## What went well\n\n", "##### Lessons\n", "text\n",
    "\n", "\n\n", "```\n", "<!-- ", " -->\n", "- [ ] Do it\n", "> ## Impact\n", "| a | b |\n|---|---|\n",
    "<div>\n", "    ## code\n", "text without an end", "[a]: b\n", "\t\n", "1. x\n\n   ## Impact\n",
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void count_rules(const struct fixer *fx, struct slice text, size_t *counts)
{
    struct findings f = FINDINGS_INIT;
    struct postmortem *pm =
        postmortem_read(fx->reader, xmemdup(text.p, text.n), text.n, SLICE("incidents/a.md"));
    checker_document(fx->checker, pm, &f);
    for (size_t i = 0; i < f.n; i++)
        counts[f.v[i].rule]++;
    findings_release(&f);
    postmortem_free(pm);
}

/* From the end of the front matter on, all lines are there still, in their order. */
static void check_body(struct slice before, struct slice after)
{
    struct slice line, other = {NULL, 0};
    size_t from = slice_find(before, SLICE("\n---"), 0), to = slice_find(after, SLICE("\n---"), 0);
    if (from == SIZE_MAX)
        return;
    before = slice_sub(before, from + 1, before.n);
    after = slice_sub(after, to + 1, after.n);
    while (slice_split(&before, '\n', &line)) {
        do
            assert_int_equal(slice_split(&after, '\n', &other), 1);
        while (!slice_eq(slice_rtrim(line), slice_rtrim(other)));
    }
}

static void check_document(const struct fixer *fx, struct slice text, size_t *mended)
{
    struct fixed fixed, again;
    size_t before[RULE_COUNT] = {0}, after[RULE_COUNT] = {0};
    if (!fix_document(fx, NULL, text, SLICE("incidents/a.md"), &fixed))
        return;
    ++*mended;
    count_rules(fx, text, before);
    count_rules(fx, str_slice(&fixed.text), after);
    for (enum rule r = 0; r < RULE_COUNT; r++)
        if (r != RULE_EMPTY_SECTION && after[r] > before[r])
            fail_msg("more of %s:\n%.*s\nis\n%s", rule_name(r), SLICE_ARG(text), fixed.text.p);
    if (fix_document(fx, NULL, str_slice(&fixed.text), SLICE("incidents/a.md"), &again))
        fail_msg("mended again:\n%.*s\nis\n%s\nis\n%s", SLICE_ARG(text), fixed.text.p, again.text.p);
    check_body(text, str_slice(&fixed.text));
    fixed_release(&fixed);
}

static void add_document(struct str *out, uint64_t *seed)
{
    struct str text = STR_INIT;
    bool crlf = next_random(seed) % 4 == 0;
    str_addz(out, next_random(seed) % 8 == 0 ? "\xef\xbb\xbf" : "");
    str_addz(&text, "---\n");
    for (uint64_t n = next_random(seed) % 8; n > 0; n--)
        str_addz(&text, front[next_random(seed) % (sizeof front / sizeof *front)]);
    str_addz(&text, "---\n");
    for (uint64_t n = next_random(seed) % 16; n > 0; n--)
        str_addz(&text, body[next_random(seed) % (sizeof body / sizeof *body)]);
    for (size_t i = 0; i < text.n; i++)
        str_addf(out, "%s%c", crlf && text.p[i] == '\n' ? "\r" : "", text.p[i]);
    str_release(&text);
}

static void whatever_is_mended(void **state)
{
    const char *given = getenv("PM_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) | 1 : 20260307;
    size_t mended = 0;
    printf("# seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < DOCUMENTS; i++) {
        struct str text = STR_INIT;
        add_document(&text, &seed);
        check_document(*state, str_slice(&text), &mended);
        str_release(&text);
    }
    assert_true(mended > DOCUMENTS / 4);
}

int main(void)
{
    static const char tags[] = "tags:\n  change: {tags: {config: {aliases: [config]}}}\n"
                               "  old: {deprecated: change/config}\n";
    static const char template[] =
        "---\nid: {{id}}\n---\n\n# {{title}}\n\n## Summary\n\n<!-- What\nhappened? -->\n\n"
        "## Blast radius\n\nof {{title}}\n\n## Impact\n\n<!-- Whom? {{date}} -->\n\n## Timeline\n\n"
        "| Time | Event |\n|---|---|\n";
    struct schema *schema = schema_load(SLICE(""), false, slice_of(tags), true);
    assert_int_equal(schema->tag_problems.n, 0);
    struct zones *zones = zones_new();
    const struct reader reader = {schema, zones_find, zones};
    const struct check_options options = {.today = {2026, 3, 20}, .now = 1774000000};
    struct checker *checker = checker_new(schema, &options);
    struct document *headings =
        document_parse(xmemdup(template, sizeof template - 1), sizeof template - 1);
    struct fixer fixer = {checker, &reader, headings, true};
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(whatever_is_mended, &fixer)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    document_free(headings);
    checker_free(checker);
    zones_free(zones);
    schema_free(schema);
    return failed;
}
