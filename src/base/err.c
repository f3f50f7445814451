#include "pm/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pm/slice.h"
#include "pm/utf8.h"

struct sentence {
    char text[sizeof((struct err *)0)->text];
};

/* What was cut in the middle of a character ends before it. */
static void trim_to_character(char *text)
{
    size_t n = strlen(text);

    if (n == sizeof(struct sentence) - 1) {
        size_t whole = utf8_valid_prefix(slice_from(text, n));
        if (n - whole < 4)
            text[whole] = '\0';
    }
}

/* Built aside, because an argument may be the text that is replaced. */
__attribute__((format(printf, 1, 0))) static struct sentence format(const char *fmt, va_list ap)
{
    struct sentence s;

    vsnprintf(s.text, sizeof s.text, fmt, ap);
    return s;
}

static void store(struct err *e, const struct sentence *s)
{
    memcpy(e->text, s->text, sizeof e->text);
    trim_to_character(e->text);
}

static void set(struct err *e, bool usage, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static void set(struct err *e, bool usage, const char *fmt, va_list ap)
{
    if (e) {
        struct sentence s = format(fmt, ap);
        store(e, &s);
        e->usage = usage;
    }
}

int err_set(struct err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(e, false, fmt, ap);
    va_end(ap);
    return -1;
}

int err_usage(struct err *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(e, true, fmt, ap);
    va_end(ap);
    return -1;
}

static void join(struct sentence *out, const char *before, const char *after)
{
    size_t n = strlen(before), room = sizeof out->text - 1;

    memcpy(out->text, before, n);
    for (const char *part = ": "; *part && n < room; part++)
        out->text[n++] = *part;
    while (*after && n < room)
        out->text[n++] = *after++;
    out->text[n] = '\0';
}

int err_errno(struct err *e, const char *fmt, ...)
{
    int number = errno;
    char reason[256];
    va_list ap;

    if (!e)
        return -1;
    if (strerror_r(number, reason, sizeof reason))
        snprintf(reason, sizeof reason, "error %d", number);
    reason[0] = ascii_lower(reason[0]);
    va_start(ap, fmt);
    struct sentence what = format(fmt, ap), whole;
    va_end(ap);
    join(&whole, what.text, reason);
    store(e, &whole);
    e->usage = false;
    return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
    va_list ap;

    if (!e)
        return -1;
    va_start(ap, fmt);
    struct sentence before = format(fmt, ap), whole;
    va_end(ap);
    join(&whole, before.text, e->text);
    store(e, &whole);
    return -1;
}
