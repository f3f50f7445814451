/* pm/str.h - base: a growable byte string
 *
 * Invariants, after every operation: p is never NULL, p[n] is NUL, bytes before n may be anything.
 * Initialise with STR_INIT or str_init; release frees and leaves an empty, usable string.
 */
#ifndef PM_STR_H
#define PM_STR_H

#include <stdarg.h>

#include "pm/slice.h"

struct str {
    char *p;
    size_t n, cap;
};

extern char str_empty[]; /* what p points to before anything is stored */
#define STR_INIT {str_empty, 0, 0}

void str_init(struct str *s);
void str_release(struct str *s);
void str_clear(struct str *s);              /* length 0, memory kept */
void str_truncate(struct str *s, size_t n); /* n <= s->n */
void str_reserve(struct str *s, size_t more);
void str_add(struct str *s, const void *p, size_t n);
void str_addz(struct str *s, const char *z);
void str_adds(struct str *s, struct slice v);
void str_pad(struct str *s, char c, size_t count);
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *s, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
char *str_detach(struct str *s, size_t *n); /* the caller frees; s is empty again; n may be NULL */
struct slice str_slice(const struct str *s); /* borrowed until the next change of s */

static inline void str_addc(struct str *s, char c)
{
    if (s->cap - s->n < 2)
        str_reserve(s, 1);
    s->p[s->n++] = c;
    s->p[s->n] = '\0';
}

#endif
