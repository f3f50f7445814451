/* Documents made of what --fix mends, and of what gets in its way: mending adds no finding but those
 * about new headings, changes no other line, and mending twice changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../lib/fix_check.h"
#include "../lib/seeds.h"

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
    uint64_t seed = seed_from(20260307);
    size_t mended = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
        struct str text = STR_INIT;
        add_document(&text, &seed);
        mended += check_fix(*state, str_slice(&text));
        str_release(&text);
    }
    assert_true(mended > DOCUMENTS / 4);
}

int main(void)
{
    struct workshop workshop;
    workshop_open(&workshop);
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(whatever_is_mended, &workshop)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    workshop_close(&workshop);
    return failed;
}
