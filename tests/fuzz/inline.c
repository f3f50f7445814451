/* Any bytes as inline Markdown, and as link definitions: runs in order, inside of the text. */
#include <stdint.h>

#include "pm/alloc.h"
#include "pm/inline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT;
    struct slice text = slice_from((const char *)data, size);
    struct runs runs;
    struct slice label;
    struct span span;
    size_t at = 0;
    inline_parse(text, 0, linkrefs_collect(text, &arena), &arena, &runs);
    for (size_t i = 0; i < runs.n; i++) {
        span = runs.v[i].span;
        if (span.start < at || span.end < span.start || span.end > size)
            BUG("run %zu at %u-%u of %zu bytes", i, span.start, span.end, size);
        at = span.end;
    }
    if (runs_label(&runs, &label, &span, &at) && at > runs.n)
        BUG("a label ends at run %zu of %zu", at, runs.n);
    arena_release(&arena);
    return 0;
}
