#include "pm/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pm/utf8.h"
#include "pm/vec.h"

struct problem *problem_add(struct problems *ps, struct arena *a, enum problem_kind kind,
                            struct span span, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *text = arena_vfmt(a, fmt, ap);
    va_end(ap);
    vec_push(ps, (struct problem){.kind = kind, .span = span, .text = text});
    return &ps->v[ps->n - 1];
}

void problems_release(struct problems *ps)
{
    vec_release(ps);
}

/* Where the line after the one that holds `at` begins; text.n after the last. `returns`: the text
 * has carriage returns, each of which may end a line. */
static size_t next_line(struct slice text, size_t at, bool returns)
{
    if (!returns) {
        size_t end = slice_chr(text, '\n', at);
        return end == SIZE_MAX ? text.n : end + 1;
    }
    while (at < text.n && text.p[at] != '\n' && text.p[at] != '\r')
        at++;
    if (at == text.n)
        return at;
    bool crlf = text.p[at] == '\r' && at + 1 < text.n && text.p[at + 1] == '\n';
    return at + (crlf ? 2 : 1);
}

void lines_init(struct lines *l, struct slice text)
{
    VEC(uint32_t) starts = VEC_INIT;
    bool returns = slice_chr(text, '\r', 0) != SIZE_MAX;
    size_t at = 0;

    if (text.n > UINT32_MAX)
        BUG("a text of %zu bytes", text.n);
    do {
        vec_push(&starts, (uint32_t)at);
        at = next_line(text, at, returns);
    } while (at < text.n);
    *l = (struct lines){text, starts.v, starts.n};
}

void lines_release(struct lines *l)
{
    free(l->start);
    *l = (struct lines){{NULL, 0}, NULL, 0};
}

uint32_t lines_number(const struct lines *l, uint32_t offset)
{
    size_t low = 0, high = l->n; /* the line is in [low, high) */

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->start[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low + 1;
}

struct slice lines_text(const struct lines *l, size_t number)
{
    if (!number || number > l->n)
        return slice_from(NULL, 0);
    size_t start = l->start[number - 1];
    size_t end = number < l->n ? l->start[number] : l->text.n;
    while (end > start && (l->text.p[end - 1] == '\n' || l->text.p[end - 1] == '\r'))
        end--;
    return slice_sub(l->text, start, end - start);
}

struct place lines_place(const struct lines *l, uint32_t offset)
{
    uint32_t number = lines_number(l, offset);
    struct slice before = slice_sub(lines_text(l, number), 0, offset - l->start[number - 1]);

    if (number == 1 && slice_starts(before, SLICE("\xEF\xBB\xBF")))
        before = slice_sub(before, 3, before.n);
    return (struct place){number, (uint32_t)utf8_count(before) + 1};
}
