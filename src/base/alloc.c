#include "pm/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_FIRST_BLOCK 4096u
#define ARENA_LAST_BLOCK  (64u * 1024u) /* blocks double up to this */

struct arena_block {
    struct arena_block *next;
    size_t cap, used;
    max_align_t bytes[];
};

void out_of_memory(void)
{
    fputs("pm: out of memory\n", stderr);
    abort();
}

static size_t product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    return count * size;
}

void *xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *xcalloc(size_t count, size_t size)
{
    void *p = count && size ? calloc(count, size) : calloc(1, 1);
    if (!p)
        out_of_memory();
    return p;
}

void *xrealloc(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q)
        out_of_memory();
    return q;
}

void *xreallocarray(void *p, size_t count, size_t size)
{
    return xrealloc(p, product(count, size));
}

char *xstrdup(const char *s)
{
    return xmemdup(s, strlen(s) + 1);
}

char *xstrndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = xmalloc(len + 1);

    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

void *xmemdup(const void *p, size_t n)
{
    void *copy = xmalloc(n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "BUG: %s:%d: ", file, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}

static struct arena_block *block_new(size_t cap)
{
    if (cap > SIZE_MAX - sizeof(struct arena_block))
        out_of_memory();
    struct arena_block *b = xmalloc(sizeof *b + cap);
    *b = (struct arena_block){.cap = cap};
    return b;
}

/* A block with room for n bytes: the head, or a new one. What would waste much of a block gets one
 * of its own, behind the head, so that the head's room stays in use. */
static struct arena_block *block_for(struct arena *a, size_t n)
{
    struct arena_block *head = a->head;

    if (head && n <= head->cap - head->used)
        return head;
    size_t cap = head ? head->cap * 2 : ARENA_FIRST_BLOCK;
    if (cap > ARENA_LAST_BLOCK)
        cap = ARENA_LAST_BLOCK;
    if (n <= cap / 4 || !head) {
        struct arena_block *b = block_new(n > cap ? n : cap);
        b->next = head;
        return a->head = b;
    }
    struct arena_block *b = block_new(n);
    b->next = head->next;
    return head->next = b;
}

static void *take(struct arena *a, size_t n)
{
    const size_t align = _Alignof(max_align_t);

    if (n > SIZE_MAX - align)
        out_of_memory();
    size_t rounded = (n + align - 1) / align * align;
    struct arena_block *b = block_for(a, rounded);
    char *p = (char *)b->bytes + b->used;
    b->used += rounded;
    a->used += rounded;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);
    return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    return arena_alloc(a, product(count, size));
}

char *arena_strdup(struct arena *a, struct slice s)
{
    if (s.n == SIZE_MAX)
        out_of_memory();
    char *copy = take(a, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

struct slice arena_dup(struct arena *a, struct slice s)
{
    return slice_from(arena_strdup(a, s), s.n);
}

char *arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    char line[256]; /* most texts are short, and made once */
    va_list again;

    va_copy(again, ap);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    if (n < 0)
        BUG("cannot format '%s'", fmt);
    char *text = take(a, (size_t)n + 1);
    if ((size_t)n < sizeof line)
        memcpy(text, line, (size_t)n + 1);
    else
        vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

char *arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *text = arena_vfmt(a, fmt, ap);
    va_end(ap);
    return text;
}

void arena_take(struct arena *a, struct arena *from)
{
    struct arena_block *last = from->head;

    if (last && a->head) { /* behind the head, whose room stays in use: a may have many blocks */
        while (last->next)
            last = last->next;
        last->next = a->head->next;
        a->head->next = from->head;
    } else if (last) {
        a->head = last;
    }
    a->used += from->used;
    *from = (struct arena)ARENA_INIT;
}

void arena_release(struct arena *a)
{
    while (a->head) {
        struct arena_block *next = a->head->next;
        free(a->head);
        a->head = next;
    }
    a->used = 0;
}
