/* Any bytes as YAML: a tree whose places lie inside the text, or exactly one problem. */
#include <stdint.h>

#include "pm/alloc.h"
#include "pm/yamltree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct yaml *y, size_t size)
{
    if (y->span.start > y->span.end || y->span.end > size)
        BUG("%u-%u is not inside of %zu bytes", y->span.start, y->span.end, size);
    for (const struct yaml *child = y->first; child; child = child->next)
        check(child, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT;
    struct problems problems = {0};
    struct yaml *y = yaml_parse(slice_from((const char *)data, size), 0, &arena, &problems);
    if (!y == !problems.n)
        BUG("%zu problems of a text that was%s read", problems.n, y ? "" : " not");
    if (y)
        check(y, size);
    problems_release(&problems);
    arena_release(&arena);
    return 0;
}
