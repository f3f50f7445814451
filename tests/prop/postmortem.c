/* Documents made of the pieces that postmortems are made of, in any order: every place lies in the
 * document, every text is well-formed, reading twice says the same, and history's short reading says
 * of the items what the whole reading does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../lib/postmortem_check.h"
#include "../lib/seeds.h"

#define DOCUMENTS 3000

static const char *const pieces[] = {
    "---\n", "# T\n\n", "\n## Timeline (CET)\n\n", "\n## Action items\n\n", "\n### Process\n\n",
    "started: 2026-03-17T12:00Z\n", "severity: sev2\n", "causes: [a/b, c]\n", "status: unknown\n",
    "id: PM-1\n", "status: draft\n", "**Status:** draft\n", "- ID: x-2\n", "tz: Europe/Berlin\n",
    "action_items:\n  - text: x\n    owner: [a, b]\n", "- ", "- [ ] ", "- [x] ", "1. ", "  - ",
    "| Time | Event |\n|---|---|\n", "| # | Action | Owner | Status |\n|---|---|---|---|\n", "| ",
    " | ", " |\n", "\n", "\n\n", "2026-03-17 12:20", "14:10", "~23:59", "Feb 21", "**Detected:** ",
    "**A1** ", "Fix it", "@alice", ", ", "; ", " — ", "due 2026-04-01", "by ", "P1", "prevent",
    "done", "(DONE)", "won't do: ", "wontdo:\"", "\"", "~~", "(", ")", "[x](https://x.io/1)",
    "https://x.io", "`", "```\n", "✅", "完了", "2026年3月17日", "約 3 時間", "\\|", "&amp;", "<!-- ",
    " -->", "**Severity:** High\n", "None: reason", "in progress", "type:detect", "owner: ", ": ",
    "**", "*", "> ", "    ", "\t", "\r\n", "\xc3", "\xef\xbb\xbf", "unknown", "n/a", "- Status: x\n",
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void add_text(struct str *text, int i, uint64_t *seed)
{
    size_t n = next_random(seed) % 80;
    str_addz(text, i % 4 == 0 ? "---\n" : i % 4 == 1 ? "## Action items\n\n- " : "");
    while (n-- > 0)
        str_addz(text, pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)]);
}

static void whatever_stands_there(void **state)
{
    uint64_t seed = seed_from(20260317);
    struct reader rd = {*state, NULL, NULL};
    struct str text = STR_INIT, first = STR_INIT, second = STR_INIT;
    for (int i = 0; i < DOCUMENTS; i++) {
        str_clear(&text);
        str_clear(&first);
        str_clear(&second);
        add_text(&text, i, &seed);
        check_postmortem(&rd, text.p, text.n, &first);
        check_postmortem(&rd, text.p, text.n, &second);
        assert_string_equal(first.p, second.p);
    }
    str_release(&text);
    str_release(&first);
    str_release(&second);
}

static void history_reads_the_same_items(void **state)
{
    uint64_t seed = seed_from(20260318);
    struct reader rd = {*state, NULL, NULL};
    struct str text = STR_INIT, whole = STR_INIT, part = STR_INIT;
    for (int i = 0; i < DOCUMENTS; i++) {
        str_clear(&text);
        str_clear(&whole);
        str_clear(&part);
        add_text(&text, i, &seed);
        add_version(&whole, postmortem_read(&rd, xmemdup(text.p, text.n), text.n, slice_of("x.md")));
        add_version(&part, postmortem_read_items(&rd, xmemdup(text.p, text.n), text.n));
        assert_string_equal(whole.p, part.p);
    }
    str_release(&text);
    str_release(&whole);
    str_release(&part);
}

/* Lengths that would take minutes if anything looked back at every word. */
static void long_documents_take_no_longer_than_their_length(void **state)
{
    static const char *const units[] = {"wontdo: \"", "won't do: (", "( ", "@a ", "a by ", "due ", "a: ",
                                        "done, ", "~~x~~ ", "14:10 ", "- 14:10 a\n", "- @a\n",
                                        "| 14:10 ", "and @a "};
    struct reader rd = {*state, NULL, NULL};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str text = STR_INIT, said = STR_INIT;
        str_addz(&text, "## Timeline\n\n## Action items\n\n- ");
        while (text.n < 300000)
            str_addz(&text, units[i]);
        check_postmortem(&rd, text.p, text.n, &said);
        str_release(&text);
        str_release(&said);
    }
}

static int load(void **state)
{
    *state = schema_load((struct slice){NULL, 0}, false, (struct slice){NULL, 0}, false);
    return 0;
}

static int unload(void **state)
{
    schema_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_stands_there),
        cmocka_unit_test(history_reads_the_same_items),
        cmocka_unit_test(long_documents_take_no_longer_than_their_length),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
