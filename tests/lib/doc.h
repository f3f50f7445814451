/* Helpers of the tests of src/doc: texts in, texts out. */
#ifndef TESTS_LIB_DOC_H
#define TESTS_LIB_DOC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/document.h"

#define assert_slice(s, expected)                                                                  \
    do {                                                                                           \
        struct slice slice_ = (s);                                                                 \
        char *copy_ = xmalloc(slice_.n + 1);                                                       \
        if (slice_.n)                                                                              \
            memcpy(copy_, slice_.p, slice_.n);                                                     \
        copy_[slice_.n] = '\0';                                                                    \
        if (strcmp(copy_, (expected)))                                                             \
            print_error("'%s' is not '%s'\n", copy_, (expected));                                  \
        int same_ = !strcmp(copy_, (expected));                                                    \
        free(copy_);                                                                               \
        assert_true(same_);                                                                        \
    } while (0)

static inline struct document *parse_bytes(const char *bytes, size_t n)
{
    char *copy = xmalloc(n + 1);
    memcpy(copy, bytes, n);
    return document_parse(copy, n);
}

static inline struct document *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

/* The n-th block of a kind, in document order. */
static inline const struct block *nth(const struct document *d, enum block_kind kind, size_t n)
{
    for (const struct block *b = d->root; b; b = block_next(d->root, b))
        if (b->kind == kind && !n--)
            return b;
    fail_msg("there is no such block");
    abort();
}

static inline size_t count(const struct document *d, enum block_kind kind)
{
    size_t n = 0;
    for (const struct block *b = d->root; b; b = block_next(d->root, b))
        n += b->kind == kind;
    return n;
}

#endif
