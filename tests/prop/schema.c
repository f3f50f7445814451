/* The schema that `pm schema` prints is the schema that it was printed from. */
#include "pm/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../lib/seeds.h"

#define ROUNDS 400

struct random {
    uint64_t seed;
};

static uint32_t draw(struct random *r, uint32_t below)
{
    r->seed = r->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->seed >> 33) % below;
}

#define PICK(r, list) (list)[draw((r), sizeof(list) / sizeof *(list))]

static const char *const names[] = {
    "started", "severity", "factor", "cause", "region", "Deploy id", "owner-team", "sev", "\"2026\"",
    "\"yes\"", "Über", "\"a, b\"", "\"#1\"", "\"q\\\"b\\\\c\"", "\"z\\u202ey\"", "影響", "date",
    "\"1e3\"", "resolved", "\"x: y\"", "impact.customers", "\"it's\"", "\"🚧\"", "null-ish"};
static const char *const sections[] = {"Impact", "Summary", "Cost", "Five whys", "\"Q & A\"",
                                       "\"1. Start\"", "Fazit", "教訓", "\"- dash\"", "Lessons"};
static const char *const types[] = {"text", "enum", "integer", "decimal", "money", "duration",
                                    "date", "timestamp", "person", "url", "tag", "any",
                                    "list of text"};
static const char *const needs[] = {"yes", "no", "\"severity:sev1..sev2\"",
                                    "'services:\"a b\" NOT status:draft'"};
static const char *const kinds[] = {"text", "timeline", "facts", "whys", "actions"};
static const char *const extends[] = {"default", "strict", "none"};
static const char *const spans[] = {"90s", "15d", "36h", "1h30m", "2w"};
static const char *const columns[] = {"id", "owner", "due", "state", "tracker", "reason"};

static void add_names(struct random *r, struct str *out, uint32_t most)
{
    str_addc(out, '[');
    for (uint32_t n = draw(r, most); n > 0; n--)
        str_addf(out, "%s%s", PICK(r, names), n > 1 ? ", " : "");
    str_addc(out, ']');
}

static void add_field(struct random *r, struct str *out)
{
    str_addf(out, "  %s: {type: %s", PICK(r, names), PICK(r, types));
    if (draw(r, 2)) {
        str_addz(out, ", values: ");
        add_names(r, out, 6);
    }
    if (draw(r, 2)) {
        str_addz(out, ", aliases: ");
        add_names(r, out, 6);
    }
    if (draw(r, 2))
        str_addf(out, ", required: %s", PICK(r, needs));
    if (draw(r, 4) == 0)
        str_addf(out, ", recommended: %s", PICK(r, needs));
    if (draw(r, 5) == 0)
        str_addf(out, ", from: %s", PICK(r, names));
    str_addz(out, "}\n");
}

static void add_section(struct random *r, struct str *out)
{
    str_addf(out, "  %s: {kind: %s, min_words: %u, aliases: [%s, %s]", PICK(r, sections),
             PICK(r, kinds), draw(r, 3), PICK(r, sections), PICK(r, sections));
    if (draw(r, 2))
        str_addf(out, ", required: %s", PICK(r, needs));
    str_addz(out, "}\n");
}

static void add_actions(struct random *r, struct str *out)
{
    str_addf(out, "actions:\n  required: [%s, %s]\n", PICK(r, columns), PICK(r, columns));
    if (draw(r, 2))
        str_addf(out, "  due_within: {sev1: %s, sev2: %s}\n", PICK(r, spans), PICK(r, spans));
    if (draw(r, 2))
        str_addf(out, "  at_least_one: {type: prevent, when: %s}\n", PICK(r, needs));
    str_addf(out, "  columns: {%s: [%s, lead], reason: [lead, who]}\n", PICK(r, columns),
             PICK(r, names));
    str_addf(out, "  types: {repair: [%s], fix: [%s], prevention: []}\n", PICK(r, names),
             PICK(r, names));
    str_addf(out, "  tracker: [\"OPS-#\", \"T/#\"]\n  authority: %s\n",
             draw(r, 2) ? "document" : "tracker");
}

static void random_schema(struct random *r, struct str *out)
{
    str_addf(out, "extends: %s\n", PICK(r, extends));
    if (draw(r, 2))
        str_addz(out, "documents: [\"a/**/*.md\", \"*.txt\"]\nid: {pattern: \"PM-####\"}\n");
    if (draw(r, 2))
        str_addf(out, "timezone: Europe/Berlin\nslow_detection: %s\n", PICK(r, spans));
    str_addz(out, "fields:\n");
    for (uint32_t n = 1 + draw(r, 6); n > 0; n--)
        add_field(r, out);
    str_addz(out, "sections:\n");
    for (uint32_t n = 1 + draw(r, 4); n > 0; n--)
        add_section(r, out);
    if (draw(r, 3) == 0)
        str_addz(out, "one_of: []\n");
    else if (draw(r, 2))
        str_addf(out, "one_of:\n  - [%s, [%s, %s]]\n  - {sections: [[%s]], required: %s}\n",
                 PICK(r, sections), PICK(r, sections), PICK(r, sections), PICK(r, sections),
                 PICK(r, needs));
    if (draw(r, 2))
        str_addf(out, "facts: [Stats, %s]\n", PICK(r, sections));
    if (draw(r, 2))
        add_actions(r, out);
}

static void dump(struct str *out, const struct schema *s)
{
    struct printer p = {out, false, 80};
    str_clear(out);
    render_schema_yaml(&p, s);
}

/* Without levels, of which what is printed states all and the schema only some. */
static struct slice without_rules(const struct str *text)
{
    size_t at = slice_find(str_slice(text), SLICE("\nrules:\n"), 0);
    assert_true(at != SIZE_MAX);
    return slice_sub(str_slice(text), 0, at + 1);
}

/* What stands before the origins, on all lines that are not only a comment. */
static void without_origins(struct str *out, const struct str *text)
{
    struct slice rest = str_slice(text), line;
    str_clear(out);
    while (slice_split(&rest, '\n', &line)) {
        size_t at = SIZE_MAX;
        for (size_t next = slice_find(line, SLICE(" # "), 0); next != SIZE_MAX;
             next = slice_find(line, SLICE(" # "), next + 1))
            at = next;
        str_adds(out, slice_rtrim(slice_sub(line, 0, at)));
        str_addc(out, '\n');
    }
}

/* A list may be broken elsewhere: all blank runs are one. */
static void squeeze(struct str *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        bool blank = ascii_is_space((unsigned char)s->p[i]);
        if (!blank || (n && s->p[n - 1] != ' '))
            s->p[n++] = blank ? ' ' : s->p[i];
    }
    str_truncate(s, n);
}

static void assert_same_text(const struct str *a, const struct str *b)
{
    struct str x = STR_INIT, y = STR_INIT;
    without_origins(&x, a);
    without_origins(&y, b);
    squeeze(&x);
    squeeze(&y);
    assert_string_equal(x.p, y.p);
    str_release(&x);
    str_release(&y);
}

static void assert_round_trip(const struct schema *s, const char *what)
{
    struct str text = STR_INIT, again = STR_INIT;
    dump(&text, s);
    struct slice printed = without_rules(&text);
    struct schema *back = schema_load(printed, true, slice_of(NULL), false);
    bool worse = back->problems.n && !s->problems.n;
    if (worse || back->digest[0] != s->digest[0])
        printf("# from:\n%s\n# printed:\n%s\n%s\n", what, text.p,
               worse ? back->problems.v[0].text : "");
    assert_false(worse);
    dump(&again, back);
    assert_same_text(&text, &again);
    assert_int_equal(back->digest[0], s->digest[0]);
    assert_int_equal(back->digest[1], s->digest[1]);
    schema_free(back);
    str_release(&text);
    str_release(&again);
}

static void a_printed_schema_is_the_same_schema(void **state)
{
    struct random r = {seed_from(20261121)};
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct str text = STR_INIT;
        random_schema(&r, &text);
        struct schema *s = schema_load(str_slice(&text), true, slice_of(NULL), false);
        assert_round_trip(s, text.p);
        schema_free(s);
        str_release(&text);
    }
}

static void what_is_built_in_is_printed_as_it_is(void **state)
{
    static const char *const texts[] = {"", "extends: strict\n", "extends: none\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct schema *s = schema_load(slice_of(texts[i]), i > 0, slice_of(NULL), false);
        assert_round_trip(s, texts[i]);
        schema_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_printed_schema_is_the_same_schema),
        cmocka_unit_test(what_is_built_in_is_printed_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
