/* The folder of the cache. A file in it is complete, and never changed again: it is only replaced.
 * So nobody waits for a reader, and no reader sees half of anything. */
#include "index_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pm/file.h"

enum { WAIT_MILLISECONDS = 60000, POLL_MILLISECONDS = 5 };

bool files_is_plain(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool files_folder(const struct index *i, bool make)
{
    struct str path = STR_INIT;
    struct stat st;
    str_add(&path, i->folder.p, i->folder.n - 1); /* with its slash a link would be followed */
    bool made = !make || mkdir(path.p, 0777) == 0 || errno == EEXIST;
    bool there = made && lstat(path.p, &st) == 0 && S_ISDIR(st.st_mode) &&
                 (!make || access(path.p, W_OK) == 0);
    str_release(&path);
    return there;
}

/* Waiting for ever would hang on a builder that is stopped. */
int files_lock(const struct index *i)
{
    static const struct timespec pause = {0, POLL_MILLISECONDS * 1000000L};
    struct str path = STR_INIT;
    str_addf(&path, "%slock", i->folder.p);
    int fd = open(path.p, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    str_release(&path);
    for (int waited = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB); waited += POLL_MILLISECONDS) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || waited >= WAIT_MILLISECONDS) {
            close(fd);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}

void files_own(const struct index *i, const struct part *p, struct str *out)
{
    str_addf(out, "%s%s%s.sqlite", i->folder.p, p->name, i->suffix.p);
}

/* ledger.sqlite, ledger-NAME.sqlite: the NAME of a linked worktree, or "". */
static bool is_of_part(const struct part *p, const char *name, const char *ending,
                       struct slice *worktree)
{
    struct slice s = slice_of(name), part = slice_of(p->name), end = slice_of(ending);
    if (!slice_starts(s, part) || !slice_ends(s, end) || s.n < part.n + end.n)
        return false;
    *worktree = slice_sub(s, part.n, s.n - part.n - end.n);
    if (worktree->n == 0)
        return true;
    bool named = worktree->p[0] == '-' && worktree->n > 1;
    *worktree = slice_sub(*worktree, 1, worktree->n);
    return named;
}

void files_list(const struct index *i, const struct part *p, struct str *out)
{
    DIR *dir = opendir(i->folder.p);
    const struct dirent *entry;
    struct slice worktree;
    while (dir && (entry = readdir(dir)))
        if (is_of_part(p, entry->d_name, ".sqlite", &worktree)) {
            str_addf(out, "%s%s", i->folder.p, entry->d_name);
            str_addc(out, '\0');
        }
    if (dir)
        closedir(dir);
}

static bool is_stale(const struct index *i, const struct part *p, const char *name)
{
    struct slice worktree;
    struct str path = STR_INIT;
    if (is_of_part(p, name, ".sqlite.new", &worktree) ||
        is_of_part(p, name, ".sqlite-pages.new", &worktree))
        return true;
    bool whole = is_of_part(p, name, ".sqlite", &worktree);
    if ((!whole && !is_of_part(p, name, ".sqlite-pages", &worktree)) || worktree.n == 0)
        return false;
    str_addf(&path, "%sworktrees/" SLICE_FMT, repo_common_dir(i->repo), SLICE_ARG(worktree));
    bool gone = !file_exists(path.p);
    str_release(&path);
    return gone;
}

void files_tidy(const struct index *i, const struct part *p)
{
    DIR *dir = opendir(i->folder.p);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (is_stale(i, p, entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

int index_remove(struct repo *r, struct err *e)
{
    struct index i = {.repo = r, .folder = STR_INIT};
    const struct part parts[] = {{.name = "ledger"}, {.name = "text"}};
    struct str files = STR_INIT;
    int failed = 0;
    str_addf(&i.folder, "%spm/", repo_common_dir(r));
    for (size_t k = 0; files_folder(&i, false) && k < 2; k++)
        files_list(&i, &parts[k], &files);
    for (size_t at = 0; !failed && at < files.n; at += slice_of(files.p + at).n + 1) {
        if (unlink(files.p + at) && errno != ENOENT)
            failed = err_errno(e, "cannot remove '%s'", files.p + at);
        checked_forget(files.p + at);
    }
    str_release(&files);
    str_release(&i.folder);
    return failed;
}
