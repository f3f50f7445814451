/* pm/alloc.h - base: memory that is there or the program ends
 *
 * Every allocation of pm goes through these, and those of its libraries end in the same way: a
 * library is given these functions, or its lack of memory becomes out_of_memory(). SQLite reports it
 * well: there it is an error. They never return NULL: a program that has no memory left for a few
 * hundred bytes cannot report that usefully either, so it says "out of memory" on stderr and aborts.
 * Sizes that come from input are capped before they arrive here (pm/caps.h);
 * products of two sizes are checked for overflow.
 */
#ifndef PM_ALLOC_H
#define PM_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

#include "pm/slice.h"

void *xmalloc(size_t n);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t n);
void *xreallocarray(void *p, size_t count, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
_Noreturn void out_of_memory(void);

/* Our own mistake, not the user's or the machine's: says where, and aborts. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* An arena hands out memory that is freed all at once. What is parsed from one document lives in
 * one arena, so a postmortem has one free. Memory is zeroed and aligned for any object. */
struct arena_block;
struct arena {
    struct arena_block *head;
    size_t used; /* bytes handed out, for statistics */
};
#define ARENA_INIT {0}

void *arena_alloc(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow checked */
char *arena_strdup(struct arena *a, struct slice s);           /* terminated copy */
struct slice arena_dup(struct arena *a, struct slice s);       /* copy; NUL follows its end */
char *arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vfmt(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void arena_take(struct arena *a, struct arena *from); /* from is empty after it; O(its blocks) */
void arena_release(struct arena *a); /* frees everything; the arena may be used again */

#endif
