#include "repo_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"

/* Extensions that change nothing about how pm reads. */
static const char *const harmless[] = {
    "noop", "noop-v1", "partialclone", "preciousobjects", "relativeworktrees", "worktreeconfig",
};

static int trust_extension(const git_config_entry *entry, struct err *e)
{
    const char *name = entry->name + strlen("extensions.");
    const char *value = entry->value ? entry->value : "true";
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        if (strcmp(name, harmless[i]) == 0)
            return 0;
    }
    if (strcmp(name, "objectformat") == 0) {
        if (slice_ieqz(slice_of(value), "sha1"))
            return 0;
        return err_set(e, "the repository names its objects by %s: pm reads only SHA-1", value);
    }
    if (strcmp(name, "refstorage") == 0 && slice_ieqz(slice_of(value), "files"))
        return 0;
    return err_set(e, "the repository uses the extension '%s' (%s), which pm cannot read", name,
                   value);
}

static int trust_version(git_config *config, struct err *e)
{
    int64_t version = 0;
    if (git_config_get_int64(&version, config, "core.repositoryformatversion") < 0)
        version = 0;
    if (version < 0 || version > 1)
        return err_set(e, "the repository has format version %lld: pm reads 0 and 1",
                       (long long)version);
    return 0;
}

static int trust_extensions(git_config *config, struct err *e)
{
    git_config_iterator *it = NULL;
    git_config_entry *entry = NULL;
    int result = 0;
    /* Not git_config_iterator_glob_new: libgit2 1.5 leaks 20 KB for each name that its expression
     * does not match. */
    if (git_config_iterator_new(&it, config) < 0)
        return err_git(e, "cannot read the configuration");
    while (result == 0 && git_config_next(&entry, it) == 0) {
        if (strncmp(entry->name, "extensions.", strlen("extensions.")) == 0)
            result = trust_extension(entry, e);
    }
    git_config_iterator_free(it);
    return result;
}

/* Reads the repository's own file, before libgit2 opens anything: versions of libgit2 differ in
 * what they refuse to open, and in how they say so. */
int trust_format(const struct place *p, struct err *e)
{
    git_config *config = NULL;
    char *path = path_under(p->common_dir, "config");
    int result;
    if (git_config_open_ondisk(&config, path) < 0)
        result = err_git(e, "cannot read '%s'", path);
    else
        result = trust_version(config, e) < 0 ? -1 : trust_extensions(config, e);
    git_config_free(config);
    free(path);
    return result;
}

static bool is_owned(const char *path)
{
    struct stat st;
    int64_t sudo = -1;
    if (!path)
        return true;
    if (lstat(path, &st) < 0)
        return false;
    if (st.st_uid == geteuid())
        return true;
    const char *text = geteuid() == 0 ? environment("SUDO_UID") : NULL;
    return text && slice_i64(slice_of(text), 0, UINT32_MAX, &sudo) && st.st_uid == (uid_t)sudo;
}

/* Paths of folders here end in '/', those of safe.directory may, and may begin with "~/". */
static bool is_listed(const char *value, const char *folder)
{
    const char *home = environment("HOME");
    struct str path = STR_INIT;
    if (strncmp(value, "~/", 2) == 0 && home)
        str_addz(&path, home), value++;
    str_addz(&path, value);
    size_t n = strlen(folder) - 1;
    bool below = path.n >= 2 && memcmp(path.p + path.n - 2, "/*", 2) == 0;
    while (path.n > 1 && path.p[path.n - 1] == '/')
        str_truncate(&path, path.n - 1);
    bool listed = strcmp(path.p, "*") == 0 || (path.n == n && memcmp(path.p, folder, n) == 0);
    if (below)
        listed = listed || strncmp(folder, path.p, path.n - 1) == 0;
    str_release(&path);
    return listed;
}

static void consider(bool *safe, const char *value, const char *folder)
{
    if (!value || !*value)
        *safe = false; /* an empty one takes back those before it */
    else if (is_listed(value, folder))
        *safe = true;
}

static bool is_safe(const struct repo *r, const char *folder)
{
    git_config_iterator *it = NULL;
    git_config_entry *entry = NULL;
    bool safe = false;
    if (git_config_multivar_iterator_new(&it, r->config, "safe.directory", NULL) == 0) {
        while (git_config_next(&entry, it) == 0) {
            /* A repository cannot vouch for itself. */
            if (entry->level <= GIT_CONFIG_LEVEL_GLOBAL)
                consider(&safe, entry->value, folder);
        }
    }
    git_config_iterator_free(it);
    for (size_t i = 0; i < r->settings.n; i++) {
        if (slice_ieqz(slice_of(r->settings.v[i].key), "safe.directory"))
            consider(&safe, r->settings.v[i].value, folder);
    }
    return safe;
}

/* safe.bareRepository of the user's own settings. */
static bool refuses_bare(const struct repo *r)
{
    git_config_iterator *it = NULL;
    git_config_entry *entry = NULL;
    bool refused = false;
    if (git_config_multivar_iterator_new(&it, r->config, "safe.barerepository", NULL) == 0) {
        while (git_config_next(&entry, it) == 0) {
            if (entry->level <= GIT_CONFIG_LEVEL_GLOBAL)
                refused = entry->value && strcmp(entry->value, "explicit") == 0;
        }
    }
    git_config_iterator_free(it);
    for (size_t i = 0; i < r->settings.n; i++) {
        const struct setting *s = &r->settings.v[i];
        if (slice_ieqz(slice_of(s->key), "safe.barerepository"))
            refused = s->value && strcmp(s->value, "explicit") == 0;
    }
    return refused;
}

int trust_owner(struct repo *r, struct err *e)
{
    const struct place *p = &r->place;
    const char *folder = p->worktree ? p->worktree : p->git_dir;
    r->ours = is_owned(p->git_file) && is_owned(p->worktree) && is_owned(p->git_dir) &&
              !environment_bool("GIT_TEST_ASSUME_DIFFERENT_OWNER", false);
    if (p->named)
        return 0;
    if (p->bare && refuses_bare(r))
        return err_set(e, "'%s' is a bare repository, and safe.bareRepository is 'explicit'",
                       folder);
    if (r->ours || is_safe(r, folder))
        return 0;
    int n = (int)strlen(folder) - 1;
    return err_set(e,
                   "'%.*s' belongs to somebody else; to trust it: "
                   "git config --global --add safe.directory '%.*s'",
                   n, folder, n, folder);
}
