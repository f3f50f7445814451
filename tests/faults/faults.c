/* faults.c - for LD_PRELOAD, glibc: makes one call of pm fail
 *
 *   PM_FAULT=KIND:N     the Nth call of that kind fails
 *   PM_FAULT=KIND:N+    and all that follow
 *   PM_FAULT_COUNT=FILE at the end of the process: "KIND CALLS", a line a kind
 *
 * KIND is one of the names below. Allocations are told apart by their caller: "own" are those of
 * pm's program, which go through xmalloc, "library" all others. A failed read, pread, fsync or
 * rename is EIO, a write is ENOSPC, an open is EMFILE, an allocation ENOMEM. Only a process whose
 * program is called pm is disturbed, so that the git that it asks works.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OWN, LIBRARY, READ, WRITE, FSYNC, RENAME, OPEN, KINDS };
static const char *const names[KINDS] = {"own",   "library", "read", "write",
                                         "fsync", "rename",  "open"};

/* glibc's own, under the names that need no look-up, which would allocate. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static uintptr_t code_begins, code_ends; /* of the program */

static atomic_long calls[KINDS];
static atomic_bool ready;
static int kind = -1;
static long nth;
static bool onwards;
static pid_t process;

static void read_wish(const char *wish)
{
    const char *colon = wish ? strchr(wish, ':') : NULL;
    char *end;

    for (int k = 0; colon && k < KINDS; k++)
        if (strlen(names[k]) == (size_t)(colon - wish) && !strncmp(names[k], wish, strlen(names[k])))
            kind = k;
    if (colon) {
        nth = strtol(colon + 1, &end, 10);
        onwards = *end == '+';
    }
}

/* The first object is the program: look no further. */
static int find_code(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size, (void)unused;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
            code_begins = object->dlpi_addr + part->p_vaddr;
            code_ends = code_begins + part->p_memsz;
        }
    }
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    if (strcmp(program_invocation_short_name, "pm") != 0)
        return;
    dl_iterate_phdr(find_code, NULL);
    read_wish(getenv("PM_FAULT"));
    process = getpid();
    ready = true;
}

__attribute__((destructor)) static void finish(void)
{
    const char *path = getenv("PM_FAULT_COUNT");
    FILE *out;

    if (!ready || getpid() != process || !path)
        return;
    ready = false;
    if (!(out = fopen(path, "we")))
        return;
    for (int k = 0; k < KINDS; k++)
        fprintf(out, "%s %ld\n", names[k], (long)calls[k]);
    fclose(out);
}

static bool fails(int k, int number)
{
    if (!ready)
        return false;
    long n = atomic_fetch_add(&calls[k], 1) + 1;
    if (k != kind || (onwards ? n < nth : n != nth))
        return false;
    errno = number;
    return true;
}

static bool no_memory(void *caller)
{
    uintptr_t at = (uintptr_t)caller;

    return fails(at >= code_begins && at < code_ends ? OWN : LIBRARY, ENOMEM);
}

void *malloc(size_t n)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t count, size_t size)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *p, size_t n)
{
    return no_memory(__builtin_return_address(0)) ? NULL : __libc_realloc(p, n);
}

/* A function of libc with its kind, what it fails with, and its type. */
#define FAULT(kind, number, result, name, parameters, arguments)                                   \
    result name parameters                                                                         \
    {                                                                                              \
        static result(*real) parameters;                                                           \
        if (!real)                                                                                 \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                             \
        return fails(kind, number) ? -1 : real arguments;                                          \
    }

FAULT(READ, EIO, ssize_t, read, (int fd, void *p, size_t n), (fd, p, n))
FAULT(READ, EIO, ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
FAULT(READ, EIO, ssize_t, pread64, (int fd, void *p, size_t n, off64_t at), (fd, p, n, at))
FAULT(WRITE, ENOSPC, ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
FAULT(WRITE, ENOSPC, ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at),
      (fd, p, n, at))
FAULT(FSYNC, EIO, int, fsync, (int fd), (fd))
FAULT(FSYNC, EIO, int, fdatasync, (int fd), (fd))
FAULT(RENAME, EIO, int, rename, (const char *from, const char *to), (from, to))
FAULT(RENAME, EIO, int, renameat, (int d, const char *from, int g, const char *to),
      (d, from, g, to))
FAULT(RENAME, EIO, int, linkat, (int d, const char *from, int g, const char *to, int flags),
      (d, from, g, to, flags))

/* What is said is still heard. */
ssize_t write(int fd, const void *p, size_t n)
{
    static ssize_t (*real)(int fd, const void *p, size_t n);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "write");
    return fd != STDERR_FILENO && fails(WRITE, ENOSPC) ? -1 : real(fd, p, n);
}

/* The mode is passed on whether there is one or not: where it is none, nobody looks at it. */
#define FAULT_OPEN(name, parameters, last, arguments)                                              \
    int name parameters                                                                            \
    {                                                                                              \
        static int(*real) parameters;                                                              \
        va_list rest;                                                                              \
        va_start(rest, last);                                                                      \
        mode_t mode = va_arg(rest, mode_t);                                                        \
        va_end(rest);                                                                              \
        if (!real)                                                                                 \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                             \
        return fails(OPEN, EMFILE) ? -1 : real arguments;                                          \
    }

FAULT_OPEN(open, (const char *path, int flags, ...), flags, (path, flags, mode))
FAULT_OPEN(open64, (const char *path, int flags, ...), flags, (path, flags, mode))
FAULT_OPEN(openat, (int d, const char *path, int flags, ...), flags, (d, path, flags, mode))
FAULT_OPEN(openat64, (int d, const char *path, int flags, ...), flags, (d, path, flags, mode))
