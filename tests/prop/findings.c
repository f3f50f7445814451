/* Documents that break rules, mutated: every finding lies inside its document, its message is one
 * line of text, the caret stands below the line that is shown, and no secret is quoted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pm/checker.h"
#include "pm/utf8.h"

#include "../lib/seeds.h"

#define DOCUMENTS 4000

static const char own_schema[] =
    "version: 1\nid: {pattern: \"PM-####\"}\n"
    "fields: {region: {type: enum, values: [eu, us], required: yes}}\n"
    "sections: {Impact: {required: yes, min_words: 5}}\nactions: {due_within: {sev1: 15d}}\n";
static const char own_tags[] = "version: 1\ntags:\n  change:\n    description: x\n    tags:\n"
                               "      deploy: {description: x}\n"
                               "      rollout: {description: x, deprecated: change/deploy}\n";

#define SECRET "glpat-q7Zr2Kd9Xw4Mb8Tn3Vf6"

static const char document[] =
    "---\nstatus: review\nseverity: sev1\nid: PM-7\nstarted: 2026-03-17T12:31+01:00\n"
    "detected: 2026-03-17T12:10+01:00\nmitigated: 2026-03-17T12:01+01:00\nsev: 2\nstats: x\n"
    "causes: [change/rollout, change/confg]\nregion: mars\nrelated: [nope, ../b.md]\n---\n\n"
    "# Ümläut 日本\n\n## Summary\n\nTBD " SECRET "\n\n## Impact\n\n<!-- how many? -->\n\n"
    "## Timeline\n\n| Time | Event |\n|---|---|\n| 2026-03-17 12:20 | **Detected:** pushed |\n"
    "| 25:10 | looked |\n| 11:00 | [x](nowhere.md) |\n\n## Root causes\n\n- @alice could have "
    "known\n\n"
    "## Impact\n\nmany\n\n## Action items\n\n- [ ] Revoke " SECRET "\n- [ ] Look into it\n"
    "      @team, due someday\n- [ ] ~~Drop it~~\n- [ ] Look into it\n";

static const char *const pieces[] = {
    "\n",
    "\n\n",
    "---\n",
    "# ",
    "## Impact\n\n",
    "## Timeline\n\n",
    "| ",
    "|---|---|\n",
    "- [ ] ",
    "- [x] ",
    "TBD",
    "<<<<<<< HEAD\n",
    "=======\n",
    ">>>>>>> b\n",
    "```\n",
    "    ",
    "\t",
    "\r\n",
    "\r",
    "日",
    "\xcc\x81",
    "\xef\xbb\xbf",
    "\xc3",
    SECRET,
    " ",
    "-----BEGIN PRIVATE KEY-----\n",
    "25:99",
    "[a](b.md)",
    "[a][b]",
    "[b]: c.md\n",
    "severity: 1\n",
    "status: draft\n",
    "@alice",
    "due 2026-01-01",
    "<!--",
    "-->",
    "> ",
    "::",
    "'",
    "[",
    "]",
    "AKIA",
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void mutate(struct str *text, uint64_t *seed)
{
    struct str made = STR_INIT;
    for (size_t n = next_random(seed) % 8; n > 0; n--) {
        size_t from = next_random(seed) % (text->n + 1), to = from;
        if (next_random(seed) % 2)
            to += next_random(seed) % (text->n - from + 1) % 60;
        str_clear(&made);
        str_add(&made, text->p, from);
        if (next_random(seed) % 4)
            str_addz(&made, pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)]);
        str_add(&made, text->p + to, text->n - to);
        struct str swap = *text;
        *text = made;
        made = swap;
    }
    str_release(&made);
}

static void check_place(const struct lines *lines, struct place p)
{
    assert_in_range(p.line, 1, lines->n ? lines->n : 1);
    assert_in_range(p.column, 1, utf8_count(lines_text(lines, p.line)) + 1);
}

/* As it stands by itself; inside a word it is none. */
static bool shows_secret(struct slice text)
{
    size_t at = slice_find(text, SLICE(SECRET), 0);
    return at != SIZE_MAX &&
           (at == 0 || !(ascii_is_alnum((unsigned char)text.p[at - 1]) || text.p[at - 1] == '_'));
}

static void check_text(struct slice text)
{
    assert_int_equal(utf8_valid_prefix(text), text.n);
    assert_true(slice_chr(text, '\n', 0) == SIZE_MAX);
    assert_false(shows_secret(text));
}

static void check_finding(const struct postmortem *pm, const struct finding *f)
{
    const struct lines *lines = &pm->doc->lines;
    assert_in_range(f->rule, 0, RULE_COUNT - 1);
    assert_in_range(f->level, LEVEL_INFO, LEVEL_ERROR);
    check_place(lines, f->start);
    check_place(lines, f->end);
    assert_true(f->start.line < f->end.line ||
                (f->start.line == f->end.line && f->start.column <= f->end.column));
    assert_true(f->message.n > 0);
    check_text(f->message);
    check_text(f->hint);
    check_text(f->several);
    check_text(f->missing);
    check_text(f->line);
    if (f->line.n)
        assert_true(f->start.column <= utf8_count(f->line) + 1);
}

struct subject {
    struct schema *schema;
    struct checker *checker, *review;
    bool seen[RULE_COUNT];
};

static void check(struct subject *s, const struct checker *checker, struct slice text)
{
    struct reader rd = {s->schema, NULL, NULL};
    struct findings found = FINDINGS_INIT;
    struct postmortem *pm =
        postmortem_read(&rd, xmemdup(text.p, text.n), text.n, slice_of("postmortems/a.md"));
    checker_document(checker, pm, &found);
    for (size_t i = 0; i < found.n; i++) {
        check_finding(pm, &found.v[i]);
        s->seen[found.v[i].rule] = true;
    }
    findings_release(&found);
    postmortem_free(pm);
}

static void findings_lie_in_their_documents(void **state)
{
    uint64_t seed = seed_from(20260319);
    struct subject *s = *state;
    struct str text = STR_INIT;
    size_t rules = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        str_clear(&text);
        str_addz(&text, document);
        mutate(&text, &seed);
        check(s, i % 2 ? s->checker : s->review, str_slice(&text));
    }
    for (enum rule r = 0; r < RULE_COUNT; r++)
        rules += s->seen[r];
    assert_true(rules >= 15); /* or the document breaks too few of them to say anything */
    str_release(&text);
}

static int load(void **state)
{
    static struct subject s;
    struct check_options options = {.today = {2026, 3, 20}, .now = 1774008000};
    s.schema = schema_load(slice_of(own_schema), true, slice_of(own_tags), true);
    s.checker = checker_new(s.schema, &options);
    options.as_review = true;
    s.review = checker_new(s.schema, &options);
    *state = &s;
    return 0;
}

static int unload(void **state)
{
    struct subject *s = *state;
    checker_free(s->checker);
    checker_free(s->review);
    schema_free(s->schema);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_lie_in_their_documents),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
