#include "repo_private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <git2/sys/alloc.h>

#include "pm/alloc.h"

#define LARGE (1024u * 1024u)

static void *there_is(void *p, size_t n)
{
    if (!p && n < LARGE)
        out_of_memory();
    return p;
}

static void *take(size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return there_is(malloc(n ? n : 1), n);
}

static void *change(void *p, size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return there_is(realloc(p, n ? n : 1), n);
}

#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 7

static const git_allocator memory = {.gmalloc = take, .grealloc = change, .gfree = free};

#else

static void *take_zeroed(size_t count, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    size_t n = size && count > SIZE_MAX / size ? SIZE_MAX : count * size;
    return there_is(n ? calloc(count, size) : calloc(1, 1), n);
}

static void *change_array(void *p, size_t count, size_t size, const char *file, int line)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return change(p, count * size, file, line);
}

static void *take_array(size_t count, size_t size, const char *file, int line)
{
    return change_array(NULL, count, size, file, line);
}

static char *copy_bytes(const char *text, size_t n, const char *file, int line)
{
    char *copy = n < SIZE_MAX ? take(n + 1, file, line) : NULL;
    if (!copy)
        return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

static char *copy_some(const char *text, size_t n, const char *file, int line)
{
    return copy_bytes(text, strnlen(text, n), file, line);
}

static char *copy_text(const char *text, const char *file, int line)
{
    return copy_bytes(text, strlen(text), file, line);
}

static const git_allocator memory = {.gmalloc = take,
                                     .gcalloc = take_zeroed,
                                     .gstrdup = copy_text,
                                     .gstrndup = copy_some,
                                     .gsubstrdup = copy_bytes,
                                     .grealloc = change,
                                     .greallocarray = change_array,
                                     .gmallocarray = take_array,
                                     .gfree = free};

#endif

void git_memory_start(void)
{
    git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &memory);
}
