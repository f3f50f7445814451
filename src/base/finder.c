#include "pm/finder.h"

#include <stdlib.h>

#include "pm/alloc.h"

/* How much of the needle ends with c when `matched` of it ended before. */
static size_t advance(const struct finder *f, size_t matched, char c)
{
    while (matched && (matched == f->needle.n || f->needle.p[matched] != c))
        matched = f->border[matched - 1];
    return matched + (f->needle.p[matched] == c);
}

void finder_init(struct finder *f, struct slice needle)
{
    *f = (struct finder){.needle = needle, .border = xcalloc(needle.n + 1, sizeof *f->border)};
    for (size_t i = 1; i < needle.n; i++)
        f->border[i] = advance(f, f->border[i - 1], needle.p[i]);
}

void finder_start(struct finder *f, struct slice text)
{
    f->text = text;
    f->at = f->matched = 0;
}

size_t finder_next(struct finder *f)
{
    if (!f->needle.n)
        return SIZE_MAX;
    while (f->at < f->text.n) {
        if (!f->matched && (f->at = slice_chr(f->text, f->needle.p[0], f->at)) == SIZE_MAX)
            break;
        f->matched = advance(f, f->matched, f->text.p[f->at++]);
        if (f->matched == f->needle.n)
            return f->at - f->needle.n;
    }
    f->at = f->text.n;
    return SIZE_MAX;
}

void finder_release(struct finder *f)
{
    free(f->border);
    *f = (struct finder){0};
}
