#include "pm/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/path.h"

#define READ_STEP       (64u * 1024u)
#define TEMPORARY_NAMES 100

int file_read(struct str *out, const char *path, size_t max, bool *too_large, struct err *e)
{
    /* Without O_NONBLOCK a named pipe would keep us waiting for its writer. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    int result = -1;

    if (fd < 0) {
        if (errno == ELOOP || errno == EMLINK)
            return err_set(e, "cannot read '%s': it is a symbolic link", path);
        return err_errno(e, "cannot read '%s'", path);
    }
    if (fstat(fd, &st))
        err_errno(e, "cannot read '%s'", path);
    else if (!S_ISREG(st.st_mode))
        err_set(e, "cannot read '%s': it is not a regular file", path);
    else if ((result = file_read_fd(out, fd, max, too_large, e)))
        err_prefix(e, "cannot read '%s'", path);
    close(fd);
    return result;
}

/* read() that is not interrupted. */
static ssize_t read_some(int fd, char *p, size_t n)
{
    ssize_t got;

    do
        got = read(fd, p, n);
    while (got < 0 && errno == EINTR);
    return got;
}

int file_read_fd(struct str *out, int fd, size_t max, bool *too_large, struct err *e)
{
    const size_t before = out->n;
    struct stat st;
    size_t step = READ_STEP;

    if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0 && (uintmax_t)st.st_size <= max)
        step = (size_t)st.st_size + 1; /* one more, to see the end without more room */
    for (;;) {
        str_reserve(out, step);
        size_t room = out->cap - out->n - 1;
        ssize_t got = read_some(fd, out->p + out->n, room);
        if (got < 0) {
            int number = errno;
            str_truncate(out, before);
            errno = number;
            return err_errno(e, "input");
        }
        if (!got)
            return 0;
        out->n += (size_t)got;
        out->p[out->n] = '\0';
        if (out->n - before > max) {
            str_truncate(out, before);
            if (too_large)
                *too_large = true;
            return err_set(e, "more than %zu bytes", max);
        }
        step = (size_t)got < room ? 1 : READ_STEP;
    }
}

/* A new file next to path. Its permissions are left to the umask, which mkstemp would not do. */
static int create_temporary(struct str *name, const char *path)
{
    struct slice whole = slice_of(path), dir = path_dir(whole);
    bool has_dir = slice_chr(whole, '/', 0) != SIZE_MAX;

    for (int i = 0; i < TEMPORARY_NAMES; i++) {
        str_clear(name);
        if (has_dir)
            str_addf(name, SLICE_FMT "/", SLICE_ARG(dir));
        str_addf(name, ".pm-%ld-%d.tmp", (long)getpid(), i);
        int fd = open(name->p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    return !lstat(path, &st) && S_ISREG(st.st_mode) ? st.st_mode & 0777 : 0;
}

/* Closes fd whatever happens. -1 with errno. */
static int fill(int fd, struct slice data, mode_t mode)
{
    int failed = (mode && fchmod(fd, mode)) || file_write_fd(fd, data) || fsync(fd);
    int number = errno;

    if (close(fd) && !failed)
        return -1;
    errno = number;
    return failed ? -1 : 0;
}

int file_write(const char *path, struct slice data, int mode, struct err *e)
{
    struct str name = STR_INIT;
    int result = 0;
    int fd = create_temporary(&name, path);

    if (fd < 0) {
        result = err_errno(e, "cannot write '%s'", path);
    } else if (fill(fd, data, mode ? (mode_t)mode : mode_of(path)) || rename(name.p, path)) {
        result = err_errno(e, "cannot write '%s'", path);
        unlink(name.p);
    }
    str_release(&name);
    return result;
}

int file_write_fd(int fd, struct slice data)
{
    while (data.n) {
        ssize_t wrote = write(fd, data.p, data.n < SSIZE_MAX ? data.n : SSIZE_MAX);
        if (wrote < 0 && errno != EINTR)
            return -1;
        if (wrote > 0)
            data = slice_sub(data, (size_t)wrote, data.n);
    }
    return 0;
}

int file_make_dirs(const char *path, struct err *e)
{
    char *copy = xstrdup(path);
    int result = 0;

    for (char *slash = strchr(copy + (*copy == '/'), '/'); slash; slash = strchr(slash + 1, '/')) {
        struct stat st;
        *slash = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST) {
            result = err_errno(e, "cannot create folder '%s'", copy);
            break;
        }
        if (stat(copy, &st) || !S_ISDIR(st.st_mode)) {
            result = err_set(e, "cannot create folder '%s': it is something else", copy);
            break;
        }
        *slash = '/';
    }
    free(copy);
    return result;
}

bool file_exists(const char *path)
{
    struct stat st;

    return !lstat(path, &st);
}
