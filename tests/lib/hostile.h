/* What the tests share that feed hostile bytes: they abort on what does not hold. */
#ifndef PM_TEST_HOSTILE_H
#define PM_TEST_HOSTILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void check_that(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "# broken: %s\n", what);
    abort();
}

/* The bytes before the first NUL, and those behind it. */
static inline struct slice before_nul(const uint8_t *data, size_t size, struct slice *behind)
{
    struct slice all = slice_from((const char *)data, size);
    size_t nul = slice_chr(all, '\0', 0), end = nul == SIZE_MAX ? size : nul;
    *behind = slice_sub(all, end < size ? end + 1 : size, size);
    return slice_sub(all, 0, end);
}

/* Neither C0 (but for tab and line feed), DEL and C1 nor what turns the direction of a text. */
static inline bool is_safe(uint32_t c)
{
    if (c < 0x20 ? c != '\n' && c != '\t' : c >= 0x7f && c < 0xa0)
        return false;
    return !(c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
             (c >= 0x2066 && c <= 0x2069));
}

/* A text for people: UTF-8, and a terminal obeys nothing of it. */
static inline void check_shown(struct slice shown)
{
    check_that(utf8_valid_prefix(shown) == shown.n, "what is shown is UTF-8");
    for (size_t at = 0; at < shown.n;)
        if (shown.p[at] >= ' ' && shown.p[at] < 0x7f)
            at++;
        else
            check_that(is_safe(utf8_next(shown, &at)), "no control character reaches a terminal");
}

#endif
