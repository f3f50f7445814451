#include "pm/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

char str_empty[1]; /* never written: stays "" */

void str_init(struct str *s)
{
    *s = (struct str)STR_INIT;
}

void str_release(struct str *s)
{
    if (s->cap)
        free(s->p);
    str_init(s);
}

void str_clear(struct str *s)
{
    str_truncate(s, 0);
}

void str_truncate(struct str *s, size_t n)
{
    if (n > s->n)
        BUG("string of %zu bytes truncated to %zu", s->n, n);
    s->n = n;
    if (s->cap)
        s->p[n] = '\0';
}

void str_reserve(struct str *s, size_t more)
{
    if (more >= SIZE_MAX / 2 - s->n)
        BUG("string of %zu bytes to grow by %zu", s->n, more);
    size_t need = s->n + more + 1;
    if (need <= s->cap)
        return;
    size_t cap = s->cap + s->cap / 2;
    if (cap < need)
        cap = need < 32 ? 32 : need;
    s->p = xrealloc(s->cap ? s->p : NULL, cap);
    s->p[s->n] = '\0';
    s->cap = cap;
}

void str_add(struct str *s, const void *p, size_t n)
{
    if (!n)
        return;
    str_reserve(s, n);
    memcpy(s->p + s->n, p, n);
    s->n += n;
    s->p[s->n] = '\0';
}

void str_addz(struct str *s, const char *z)
{
    str_add(s, z, strlen(z));
}

void str_adds(struct str *s, struct slice v)
{
    str_add(s, v.p, v.n);
}

void str_pad(struct str *s, char c, size_t count)
{
    if (!count)
        return;
    str_reserve(s, count);
    memset(s->p + s->n, c, count);
    s->n += count;
    s->p[s->n] = '\0';
}

void str_addf(struct str *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    str_vaddf(s, fmt, ap);
    va_end(ap);
}

/* Most texts are short: what is formatted fits at the first attempt. */
void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
    enum { SHORT = 96 };
    va_list again;

    va_copy(again, ap);
    str_reserve(s, SHORT);
    int n = vsnprintf(s->p + s->n, s->cap - s->n, fmt, ap);
    if (n < 0)
        BUG("cannot format '%s'", fmt);
    if ((size_t)n >= s->cap - s->n) {
        str_reserve(s, (size_t)n);
        vsnprintf(s->p + s->n, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    s->n += (size_t)n;
}

char *str_detach(struct str *s, size_t *n)
{
    str_reserve(s, 0); /* an empty string is the caller's to free as well */
    char *p = s->p;
    if (n)
        *n = s->n;
    str_init(s);
    return p;
}

struct slice str_slice(const struct str *s)
{
    return slice_from(s->p, s->n);
}
