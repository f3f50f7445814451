/* Any bytes as .pm/baseline: every complaint has its place, and what is read, written again, is read
 * the same. */
#include "pm/baseline.h"

#include "../lib/hostile.h"

static void write_lines(struct str *out, const struct baseline *b)
{
    struct str lines = STR_INIT;
    for (size_t i = 0; i < b->n; i++)
        baseline_add_kept(&lines, &b->v[i]);
    baseline_print(out, str_slice(&lines));
    str_release(&lines);
}

static void check_same(const struct baseline *a, const struct baseline *b)
{
    check_that(a->n == b->n && !b->problems.n, "all lines are read again");
    for (size_t i = 0; i < a->n; i++)
        check_that(a->v[i].rule == b->v[i].rule && slice_eq(a->v[i].path, b->v[i].path) &&
                       slice_eq(a->v[i].text, b->v[i].text),
                   "a line says the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct baseline first, again;
    struct str once = STR_INIT, twice = STR_INIT;
    baseline_parse(&first, slice_from((const char *)data, size), false);
    for (size_t i = 0; i < first.problems.n; i++) {
        struct span span = first.problems.v[i].span;
        check_that(span.start <= span.end && span.end <= size, "a complaint lies in the file");
    }
    write_lines(&once, &first);
    baseline_parse(&again, str_slice(&once), false);
    check_same(&first, &again);
    write_lines(&twice, &again);
    check_that(slice_eq(str_slice(&once), str_slice(&twice)), "writing is deterministic");
    baseline_release(&first);
    baseline_release(&again);
    str_release(&once);
    str_release(&twice);
    return 0;
}
