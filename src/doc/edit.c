#include "pm/edit.h"

#include <stdlib.h>

#include "pm/alloc.h"

/* Insertions at one place keep the order in which they were given: ties go by address. */
static int by_place(const void *a, const void *b)
{
    const struct splice *x = *(const struct splice *const *)a;
    const struct splice *y = *(const struct splice *const *)b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    if (x->span.end != y->span.end)
        return x->span.end < y->span.end ? -1 : 1;
    return (x > y) - (x < y);
}

void edit_apply(struct str *out, struct slice bytes, const struct splice *v, size_t n)
{
    size_t at = 0;
    const struct splice **sorted = xreallocarray(NULL, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &v[i];
    if (n)
        qsort(sorted, n, sizeof *sorted, by_place);
    for (size_t i = 0; i < n; i++) {
        struct span span = sorted[i]->span;
        if (span.start < at || span.end < span.start || span.end > bytes.n)
            BUG("splice %u-%u overlaps another or is outside of %zu bytes", span.start, span.end,
                bytes.n);
        str_adds(out, slice_sub(bytes, at, span.start - at));
        str_adds(out, sorted[i]->text);
        at = span.end;
    }
    str_adds(out, slice_sub(bytes, at, bytes.n - at));
    free(sorted);
}
