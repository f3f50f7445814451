#include "pm/worktree.h"

#include "worktree_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/file.h"
#include "pm/path.h"

static bool is_absent(int number)
{
    return number == ENOENT || number == ENOTDIR || number == ELOOP || number == EMLINK ||
           number == ENAMETOOLONG;
}

/* No path leaves the worktree by "..", and each file has one name. */
static bool is_plain(struct slice path)
{
    struct slice rest = path, name = {0};
    while (slice_split(&rest, '/', &name)) {
        if (name.n == 0 || slice_eqz(name, ".") || slice_eqz(name, ".."))
            return false;
    }
    return path.n > 0 && path.p[path.n - 1] != '/' && !memchr(path.p, '\0', path.n);
}

/* Opens one component below fd. */
static int open_at(int fd, struct slice name, int flags)
{
    struct str text = STR_INIT;
    str_adds(&text, name);
    int opened = openat(fd, text.p, flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int number = errno;
    str_release(&text);
    errno = number;
    return opened;
}

/* Opens a folder, one component after the other: O_NOFOLLOW guards the last one only. */
static int open_folder(int root, struct slice folder)
{
    struct slice rest = folder, name;
    int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && slice_split(&rest, '/', &name)) {
        int next = open_at(fd, name, O_DIRECTORY);
        int number = errno;
        close(fd);
        errno = number;
        fd = next;
    }
    return fd;
}

void visitor_init(struct visitor *v, int root)
{
    v->root = root;
    v->fd = -1;
    str_init(&v->folder);
}

static void leave(struct visitor *v)
{
    if (v->fd >= 0)
        close(v->fd);
    v->fd = -1;
}

void visitor_release(struct visitor *v)
{
    leave(v);
    str_release(&v->folder);
}

static int not_readable(struct slice path, struct err *e)
{
    return err_errno(e, "cannot read '" SLICE_FMT "'", SLICE_ARG(path));
}

/* The descriptor of a folder, which stays open until another one is entered; -1 with errno. */
static int enter_folder(struct visitor *v, struct slice folder)
{
    if (v->fd >= 0 && slice_eq(str_slice(&v->folder), folder))
        return v->fd;
    leave(v);
    str_clear(&v->folder);
    str_adds(&v->folder, folder);
    return v->fd = open_folder(v->root, folder);
}

int visitor_type(struct visitor *v, struct slice path, mode_t *type, struct err *e)
{
    struct str name = STR_INIT;
    struct stat st = {0};
    *type = 0;
    if (!is_plain(path))
        return 0;
    int folder = enter_folder(v, path_dir(path));
    str_adds(&name, path_base(path));
    int number = folder >= 0 && fstatat(folder, name.p, &st, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
    str_release(&name);
    errno = number;
    if (number && !is_absent(number))
        return not_readable(path, e);
    *type = number ? 0 : st.st_mode & S_IFMT;
    return 0;
}

static bool is_empty(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    size_t names = 0;
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return true;
    }
    while (names < 3 && readdir(dir)) /* "." and ".." are there */
        names++;
    closedir(dir);
    return names < 3;
}

/* One component below a folder: the file type bits, 0 for none. */
static mode_t type_at(int folder, struct slice name, bool *unknown)
{
    struct str text = STR_INIT;
    struct stat st;
    str_adds(&text, name);
    bool there = fstatat(folder, text.p, &st, AT_SYMLINK_NOFOLLOW) == 0;
    *unknown = !there && errno != ENAMETOOLONG && (!is_absent(errno) || is_empty(folder));
    str_release(&text);
    return there ? st.st_mode & S_IFMT : 0;
}

bool worktree_holds(int root, struct slice path)
{
    struct slice rest = path, name;
    bool unknown = false;
    mode_t type = S_IFDIR;
    if (!is_plain(path))
        return false;
    int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && S_ISDIR(type) && slice_split(&rest, '/', &name)) {
        type = type_at(fd, name, &unknown);
        int next = S_ISDIR(type) ? open_at(fd, name, O_DIRECTORY) : -1;
        close(fd);
        fd = next;
        if (!S_ISDIR(type))
            return S_ISLNK(type) || unknown || (type && name.p + name.n == path.p + path.n);
    }
    if (fd >= 0)
        close(fd);
    return true;
}

int visitor_read(struct visitor *v, struct slice path, size_t max, struct str *out,
                 bool *too_large, struct err *e)
{
    struct stat st;
    bool over = false;
    if (!is_plain(path))
        return 0;
    int result = -1, folder = enter_folder(v, path_dir(path));
    if (folder < 0)
        return is_absent(errno) ? 0 : not_readable(path, e);
    /* Without O_NONBLOCK a named pipe would make us wait for its writer. */
    int fd = open_at(folder, path_base(path), O_NONBLOCK);
    if (fd < 0)
        result = is_absent(errno) || errno == ENXIO ? 0 : not_readable(path, e);
    else if (fstat(fd, &st) < 0)
        not_readable(path, e);
    else if (!S_ISREG(st.st_mode))
        result = 0;
    else if (file_read_fd(out, fd, max, &over, e) == 0 || over)
        result = 1;
    else
        err_prefix(e, "cannot read '" SLICE_FMT "'", SLICE_ARG(path));
    if (result == 1)
        *too_large = over;
    if (fd >= 0)
        close(fd);
    return result;
}

/* ---- writing ---- */

static bool in_git_directory(struct slice path)
{
    struct slice name;
    while (slice_split(&path, '/', &name))
        if (slice_ieq(name, SLICE(".git")))
            return true;
    return false;
}

/* Opens the folder of a name below fd, making it where it is missing. -1 with errno; *link tells
 * that a symbolic link stands there, which systems refuse with different errors. */
static int enter(int fd, const char *name, bool *link)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct stat st;
    int next = openat(fd, name, flags);
    if (next < 0 && errno == ENOENT && (mkdirat(fd, name, 0777) == 0 || errno == EEXIST))
        next = openat(fd, name, flags);
    int number = errno;
    *link = next < 0 && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
    errno = number;
    return next;
}

/* Opens the folder of path, making those that are missing. -1 with an error. */
static int make_folder(int root, struct slice path, struct err *e)
{
    struct slice rest = path_dir(path), name;
    struct str text = STR_INIT;
    bool link = false;
    int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && slice_split(&rest, '/', &name)) {
        str_clear(&text);
        str_adds(&text, name);
        int next = enter(fd, text.p, &link);
        int number = errno;
        close(fd);
        errno = number;
        fd = next;
    }
    if (link)
        err_set(e, "'%.*s' is a symbolic link: nothing is written through it",
                (int)(name.p + name.n - path.p), path.p);
    else if (fd < 0)
        err_errno(e, "cannot write '" SLICE_FMT "'", SLICE_ARG(path));
    str_release(&text);
    return fd;
}

enum { TEMPORARY_NAME = 64, TEMPORARY_NAMES = 100 };

/* A new file whose name nothing lists. -1 with errno. */
static int open_temporary(int folder, char *name)
{
    int fd = -1;
    for (int i = 0; i < TEMPORARY_NAMES && fd < 0; i++) {
        snprintf(name, TEMPORARY_NAME, ".pm-%ld-%d.tmp", (long)getpid(), i);
        fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            return -1;
    }
    return fd;
}

/* Gives a file its name, which must be free: 1, 0 where it is taken, -1 with errno. link() tells in
 * one step; where there are no hard links (FAT), an empty file takes the place first. */
static int settle(int folder, const char *temporary, const char *name)
{
    if (linkat(folder, temporary, folder, name, 0) == 0)
        return 1;
    if (errno == EEXIST)
        return 0;
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno == EEXIST ? 0 : -1;
    close(fd);
    if (renameat(folder, temporary, folder, name) == 0)
        return 1;
    int number = errno;
    unlinkat(folder, name, 0);
    errno = number;
    return -1;
}

/* A temporary file with these bytes; mode 0: as the umask has it. -1 with errno, and no file. */
static int write_temporary(int folder, char *temporary, struct slice data, mode_t mode)
{
    int fd = open_temporary(folder, temporary);
    if (fd < 0)
        return -1;
    int failed = (mode && fchmod(fd, mode)) || file_write_fd(fd, data) || fsync(fd);
    int number = errno;
    if (close(fd) && !failed)
        failed = 1, number = errno;
    if (failed)
        unlinkat(folder, temporary, 0);
    errno = number;
    return failed ? -1 : 0;
}

static int create_in(int folder, const char *name, struct slice data)
{
    char temporary[TEMPORARY_NAME];
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    if (write_temporary(folder, temporary, data, 0))
        return -1;
    int result = settle(folder, temporary, name);
    int number = errno;
    unlinkat(folder, temporary, 0);
    errno = number;
    return result;
}

/* The top, from which the way to a path that may be written is walked. */
static int open_root(const struct repo *r, struct slice path, struct err *e)
{
    if (!is_plain(path) || in_git_directory(path))
        return err_set(e, "cannot write '" SLICE_FMT "': it is no path of the worktree",
                       SLICE_ARG(path));
    int root = open(repo_worktree(r), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return root < 0 ? err_errno(e, "cannot open '%s'", repo_worktree(r)) : root;
}

int worktree_create(const struct repo *r, struct slice path, struct slice data, struct err *e)
{
    struct str name = STR_INIT;
    int result = -1, folder = -1;
    int root = open_root(r, path, e);
    if (root < 0)
        return -1;
    str_adds(&name, path_base(path));
    folder = make_folder(root, path, e);
    if (folder >= 0) {
        result = create_in(folder, name.p, data);
        if (result < 0)
            err_errno(e, "cannot write '" SLICE_FMT "'", SLICE_ARG(path));
        close(folder);
    }
    close(root);
    str_release(&name);
    return result;
}

/* Does the file still hold what was read from it? *mode: its permissions. */
static bool is_unchanged(int folder, const char *name, struct slice before, mode_t *mode)
{
    struct str now = STR_INIT;
    struct err why = ERR_INIT;
    struct stat st;
    bool same = false;
    int fd = open_at(folder, slice_of(name), O_NONBLOCK);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        file_read_fd(&now, fd, before.n, NULL, &why) == 0) {
        same = slice_eq(str_slice(&now), before);
        *mode = st.st_mode & 07777;
    }
    close(fd);
    str_release(&now);
    return same;
}

int worktree_replace(const struct repo *r, struct slice path, struct slice before,
                     struct slice data, struct err *e)
{
    char temporary[TEMPORARY_NAME];
    struct str name = STR_INIT;
    mode_t mode;
    int result = -1;
    int root = open_root(r, path, e);
    if (root < 0)
        return -1;
    int folder = open_folder(root, path_dir(path));
    str_adds(&name, path_base(path));
    if (folder < 0 || !is_unchanged(folder, name.p, before, &mode)) {
        err_set(e, "'" SLICE_FMT "' was changed while it was read, and is left alone",
                SLICE_ARG(path));
    } else if (write_temporary(folder, temporary, data, mode) == 0) {
        result = renameat(folder, temporary, folder, name.p);
        if (result) {
            err_errno(e, "cannot write '" SLICE_FMT "'", SLICE_ARG(path));
            unlinkat(folder, temporary, 0);
        }
    } else {
        err_errno(e, "cannot write '" SLICE_FMT "'", SLICE_ARG(path));
    }
    if (folder >= 0)
        close(folder);
    close(root);
    str_release(&name);
    return result;
}
