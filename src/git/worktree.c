#include "worktree_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/file.h"
#include "pm/path.h"

static bool is_absent(int number)
{
    return number == ENOENT || number == ENOTDIR || number == ELOOP || number == EMLINK;
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

mode_t visitor_type(struct visitor *v, struct slice path)
{
    struct slice folder = path_dir(path);
    struct str name = STR_INIT;
    struct stat st;
    if (!is_plain(path))
        return 0;
    if (v->fd < 0 || !slice_eq(str_slice(&v->folder), folder)) {
        leave(v);
        str_clear(&v->folder);
        str_adds(&v->folder, folder);
        v->fd = open_folder(v->root, folder);
    }
    str_adds(&name, path_base(path));
    bool there = v->fd >= 0 && fstatat(v->fd, name.p, &st, AT_SYMLINK_NOFOLLOW) == 0;
    str_release(&name);
    return there ? st.st_mode & S_IFMT : 0;
}

static int not_readable(struct slice path, struct err *e)
{
    return err_errno(e, "cannot read '" SLICE_FMT "'", SLICE_ARG(path));
}

int worktree_read(int root, struct slice path, size_t max, struct str *out, bool *too_large,
                  struct err *e)
{
    struct stat st;
    bool over = false;
    if (!is_plain(path))
        return 0;
    int result = -1, folder = open_folder(root, path_dir(path));
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
    close(folder);
    return result;
}
