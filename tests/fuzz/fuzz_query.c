/* Any bytes as a query: parsed or refused with a sentence; what is parsed prints to what parses to
 * the same print again, and can be matched.
 */
#include "pm/query.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "---\nid: PM-1\nseverity: sev2\nstarted: 2026-03-17T12:31+01:00\n"
                           "causes: [change/config]\nimpact: {customers: 12}\n---\n# Title\n\n"
                           "## Timeline\n- 12:31 h2c <!-- x --> 障害\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct query *parsed(struct slice s, const struct query_context *ctx, struct arena *a)
{
    struct err e = ERR_INIT;
    struct query *q = NULL;
    if (query_parse(&q, s, ctx, a, &e) == 0)
        return q;
    if (!e.usage || e.text[0] == '\0' || q)
        abort();
    return NULL;
}

static void check_print(const struct query *q, const struct query_context *ctx, struct arena *a)
{
    struct str once = STR_INIT, twice = STR_INIT;
    query_print(&once, q);
    const struct query *again = parsed(str_slice(&once), ctx, a);
    /* A print may be longer than what was typed, and what is typed may just fit. */
    if (again)
        query_print(&twice, again);
    else if (once.n < 32 * 1024)
        abort();
    if (again && !slice_eq(str_slice(&once), str_slice(&twice)))
        abort();
    str_release(&once);
    str_release(&twice);
}

/* Made once: the schema takes longer than most queries. */
static const struct postmortem *subject(void)
{
    static struct postmortem *pm;
    if (!pm) {
        struct reader rd = {schema_load(slice_of(NULL), false, slice_of(NULL), false), NULL, NULL};
        pm = postmortem_read(&rd, xmemdup(text, sizeof text - 1), sizeof text - 1,
                             SLICE("postmortems/a.md"));
    }
    return pm;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct query_item item = {.text = SLICE("Fix it"), .owners = SLICE("alice, bob")};
    struct query_document d = {subject(), &item, 1, 0, 0};
    for (int items = 0; items < 2; items++) {
        struct query_context ctx = {
            .schema = d.pm->schema, .today = {2026, 3, 20}, .now = 1773964800, .items = items};
        struct arena a = ARENA_INIT;
        struct query *q = parsed(slice_from((const char *)data, size), &ctx, &a);
        if (q) {
            check_print(q, &ctx, &a);
            query_match(q, &ctx, &d, items ? &item : NULL);
        }
        arena_release(&a);
    }
    return 0;
}
