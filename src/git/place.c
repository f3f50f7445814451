#include "repo_private.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/file.h"

static bool is_hex_oid(const char *text)
{
    size_t n = strspn(text, "0123456789abcdef");
    return n == OID_HEX || n == 64;
}

static bool is_head(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n > 0) {
        target[n] = '\0';
        return strncmp(target, "refs/", 5) == 0;
    }
    char *line = path_first_line(path);
    if (!line)
        return false;
    const char *ref = line;
    if (strncmp(line, "ref:", 4) == 0)
        ref += 4 + strspn(line + 4, " \t");
    bool ok = ref == line ? is_hex_oid(line) : strncmp(ref, "refs/", 5) == 0;
    free(line);
    return ok;
}

/* The folder that a git directory shares with its worktrees; not yet checked. */
static char *find_common(const char *start, const char *git_dir)
{
    const char *named = environment("GIT_COMMON_DIR");
    if (named)
        return path_under(start, named);
    char *file = path_under(git_dir, "commondir");
    char *line = path_first_line(file);
    char *common = path_under(git_dir, line ? line : "");
    free(line);
    free(file);
    return common;
}

static bool is_folder_in(const char *folder, const char *name)
{
    char *path = path_under(folder, name);
    bool ok = path_is_folder(path);
    free(path);
    return ok;
}

static bool is_git_dir(const char *start, const char *path)
{
    char *head = path_under(path, "HEAD");
    char *common = find_common(start, path);
    bool ok = is_head(head) && is_folder_in(common, "refs") &&
              (environment("GIT_OBJECT_DIRECTORY") || is_folder_in(common, "objects"));
    free(common);
    free(head);
    return ok;
}

/* What a .git file points to: "gitdir: PATH". */
static char *read_git_file(const char *path, struct err *e)
{
    static const char key[] = "gitdir: ";
    char *line = path_first_line(path);
    if (!line || strncmp(line, key, strlen(key)) != 0 || !line[strlen(key)]) {
        free(line);
        err_set(e, "'%s' is not a git directory, nor a file that names one", path);
        return NULL;
    }
    char *folder = xstrndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    char *target = path_under(folder, line + strlen(key));
    free(folder);
    free(line);
    return target;
}

/* Takes path, a git directory or a file that names one, if it is that: 1; 0 when it is neither. */
static int take_git_dir(struct place *p, const char *path, struct err *e)
{
    char *target = NULL;
    if (path_is_file(path)) {
        target = read_git_file(path, e);
        if (!target)
            return -1;
        if (!is_git_dir(p->start, target)) {
            err_set(e, "'%s' names '%s', which is not a git repository", path, target);
            free(target);
            return -1;
        }
        p->git_file = xstrdup(path);
    } else if (!is_git_dir(p->start, path)) {
        return 0;
    }
    p->git_dir = path_real_folder(target ? target : path);
    free(target);
    return p->git_dir ? 1 : err_errno(e, "cannot open '%s'", path);
}

static int place_named(struct place *p, const char *name, struct err *e)
{
    char *path = path_under(p->start, name);
    p->named = true;
    int found = take_git_dir(p, path, e);
    free(path);
    return found == 0 ? err_set(e, "not a git repository: '%s'", name) : found < 0 ? -1 : 0;
}

/* The length of the longest of GIT_CEILING_DIRECTORIES that lies above folder; 0: none. As in git,
 * links are resolved in the entries before an empty one. */
static size_t ceiling_of(const char *folder)
{
    const char *list = environment("GIT_CEILING_DIRECTORIES");
    struct slice rest = slice_of(list), part;
    bool resolve = true;
    size_t longest = 0;
    while (slice_split(&rest, ':', &part)) {
        if (part.n == 0)
            resolve = false;
        if (part.n == 0 || part.p[0] != '/')
            continue;
        char *entry = xstrndup(part.p, part.n);
        char *real = resolve ? path_real(entry) : NULL;
        const char *ceiling = real ? real : entry;
        size_t n = strlen(ceiling);
        while (n > 0 && ceiling[n - 1] == '/')
            n--;
        if (strncmp(folder, ceiling, n) == 0 && folder[n] == '/' && folder[n + 1] &&
            n + 1 > longest)
            longest = n + 1;
        free(real);
        free(entry);
    }
    return longest;
}

/* Looks for a repository whose worktree is folder, or that folder is: 1 when it is there. */
static int look_in(struct place *p, const char *folder, struct err *e)
{
    char *dot_git = path_under(folder, ".git");
    int found = take_git_dir(p, dot_git, e);
    free(dot_git);
    if (found == 1)
        p->worktree = path_under(folder, "");
    if (found != 0)
        return found;
    if (!is_git_dir(p->start, folder))
        return 0;
    p->bare = true;
    p->git_dir = path_under(folder, "");
    return 1;
}

static int place_discover(struct place *p, struct err *e)
{
    bool across = environment_bool("GIT_DISCOVERY_ACROSS_FILESYSTEM", false);
    char *folder = xstrdup(p->start);
    size_t n = strlen(folder), ceiling = ceiling_of(folder);
    struct stat first, st;
    int result = stat(folder, &first) < 0 ? err_errno(e, "cannot read '%s'", folder) : 0;
    while (result == 0) {
        if (n > 1 && folder[n - 1] == '/')
            folder[--n] = '\0';
        if (stat(folder, &st) < 0 || (!across && st.st_dev != first.st_dev))
            break;
        result = look_in(p, folder, e);
        while (n > 0 && folder[n - 1] != '/')
            n--;
        if (n <= ceiling || (n == 1 && !folder[1]))
            break;
        folder[n] = '\0';
    }
    free(folder);
    if (result == 0)
        return err_set(e, "'%s' is not in a git repository", p->start);
    return result < 0 ? -1 : 0;
}

int place_find(struct place *out, const struct repo_where *where, struct err *e)
{
    struct place p = {0};
    const char *dir = where->dir ? where->dir : ".";
    const char *named = where->git_dir ? where->git_dir : environment("GIT_DIR");
    p.start = path_real_folder(dir);
    if (!p.start || !path_is_folder(p.start)) {
        err_errno(e, "cannot enter '%s'", dir);
        goto fail;
    }
    if ((named ? place_named(&p, named, e) : place_discover(&p, e)) < 0)
        goto fail;
    char *common = find_common(p.start, p.git_dir);
    p.common_dir = path_real_folder(common);
    if (!p.common_dir)
        err_errno(e, "cannot open '%s'", common);
    free(common);
    if (!p.common_dir)
        goto fail;
    *out = p;
    return 0;

fail:
    place_release(&p);
    return -1;
}

static int set_worktree(struct place *p, const char *base, const char *path, struct err *e)
{
    char *joined = path_under(base, path);
    char *real = path_real_folder(joined);
    if (!real)
        err_errno(e, "cannot open the worktree '%s'", joined);
    free(joined);
    if (!real)
        return -1;
    free(p->worktree);
    p->worktree = real;
    return 0;
}

int place_worktree(struct repo *r, struct err *e)
{
    struct place *p = &r->place;
    struct str text = STR_INIT;
    int bare = 0, result = 0;
    const char *named = environment("GIT_WORK_TREE");
    if (named)
        return set_worktree(p, p->start, named, e);
    if (config_own(r, "core.bare", &text) && git_config_parse_bool(&bare, text.p) < 0)
        bare = 0;
    str_clear(&text);
    if (bare) {
        free(p->worktree);
        p->worktree = NULL;
    } else if (config_own(r, "core.worktree", &text)) {
        result = set_worktree(p, p->git_dir, text.p, e);
    } else if (p->named && environment_bool("GIT_IMPLICIT_WORK_TREE", true)) {
        result = set_worktree(p, p->start, "", e);
    }
    str_release(&text);
    return result;
}

bool place_is_linked(const struct place *p)
{
    return strcmp(p->git_dir, p->common_dir) != 0;
}

void place_release(struct place *p)
{
    free(p->start);
    free(p->git_dir);
    free(p->common_dir);
    free(p->worktree);
    free(p->git_file);
    memset(p, 0, sizeof *p);
}
