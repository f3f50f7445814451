#include "repo_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/repository.h>

#include "pm/alloc.h"

/* libgit2 1.8 calls this level "worktree", older ones "app"; both put it above the local one. */
#define LEVEL_WORKTREE ((git_config_level_t)6)

static int add_file(struct repo *r, const char *path, git_config_level_t level, struct err *e)
{
    if (git_config_add_file_ondisk(r->config, path, level, r->git, 0) < 0)
        return err_git(e, "cannot read '%s'", path);
    return 0;
}

/* As git: what the user may not read counts as absent. */
static int add_user_file(struct repo *r, const char *folder, const char *name,
                         git_config_level_t level, struct err *e)
{
    if (!folder)
        return 0;
    char *path = path_under(folder, name);
    int result = access(path, R_OK) == 0 ? add_file(r, path, level, e) : 0;
    free(path);
    return result;
}

static int add_system(struct repo *r, struct err *e)
{
    const char *named = environment("GIT_CONFIG_SYSTEM");
    git_buf found = {0};
    if (environment_bool("GIT_CONFIG_NOSYSTEM", false))
        return 0;
    if (named)
        return add_file(r, named, GIT_CONFIG_LEVEL_SYSTEM, e);
    if (git_config_find_system(&found) < 0)
        return 0;
    int result = add_file(r, found.ptr, GIT_CONFIG_LEVEL_SYSTEM, e);
    git_buf_dispose(&found);
    return result;
}

static int add_users(struct repo *r, struct err *e)
{
    const char *named = getenv("GIT_CONFIG_GLOBAL"); /* empty: no such file */
    const char *home = environment("HOME"), *xdg = environment("XDG_CONFIG_HOME");
    if (named)
        return *named ? add_file(r, named, GIT_CONFIG_LEVEL_GLOBAL, e) : 0;
    const char *folder = xdg ? xdg : home;
    const char *name = xdg ? "git/config" : ".config/git/config";
    if (add_user_file(r, folder, name, GIT_CONFIG_LEVEL_XDG, e) < 0)
        return -1;
    return add_user_file(r, home, ".gitconfig", GIT_CONFIG_LEVEL_GLOBAL, e);
}

static int add_own(struct repo *r, struct err *e)
{
    struct str value = STR_INIT;
    char *local = path_under(r->place.common_dir, "config");
    char *worktree = path_under(r->place.git_dir, "config.worktree");
    int per_worktree = 0;
    int result = add_file(r, local, GIT_CONFIG_LEVEL_LOCAL, e);
    if (result == 0 && config_own(r, "extensions.worktreeconfig", &value))
        (void)git_config_parse_bool(&per_worktree, value.p);
    if (per_worktree)
        result = add_file(r, worktree, LEVEL_WORKTREE, e);
    free(worktree);
    free(local);
    str_release(&value);
    return result;
}

int config_open(struct repo *r, struct err *e)
{
    if (settings_of_environment(&r->settings, e) < 0)
        return -1;
    if (git_config_new(&r->config) < 0)
        return err_git(e, "cannot read the configuration");
    if (add_system(r, e) < 0 || add_users(r, e) < 0 || add_own(r, e) < 0)
        return -1;
    if (git_repository_set_config(r->git, r->config) < 0)
        return err_git(e, "cannot use the configuration");
    return 0;
}

int config_own(const struct repo *r, const char *key, struct str *value)
{
    git_config_iterator *it = NULL;
    git_config_entry *entry = NULL;
    int found = 0;
    if (git_config_multivar_iterator_new(&it, r->config, key, NULL) < 0)
        return 0;
    while (git_config_next(&entry, it) == 0) {
        /* What the main worktree says of itself does not hold for a linked one; extensions do. */
        bool own = entry->level == LEVEL_WORKTREE ||
                   (entry->level == GIT_CONFIG_LEVEL_LOCAL &&
                    (!place_is_linked(&r->place) || strncmp(key, "core.", 5) != 0));
        if (!own)
            continue;
        str_clear(value);
        str_addz(value, entry->value ? entry->value : "true");
        found = 1;
    }
    git_config_iterator_free(it);
    return found;
}

/* Sections and names fold, what is between the first and the last dot does not. */
static bool same_key(const char *a, const char *b)
{
    const char *first = strchr(a, '.'), *last = strrchr(a, '.');
    size_t n = strlen(a), from = first ? (size_t)(first - a) : n,
           to = last ? (size_t)(last - a) : n;
    if (strlen(b) != n)
        return false;
    return slice_ieq(slice_from(a, from), slice_from(b, from)) &&
           slice_eq(slice_from(a + from, to - from), slice_from(b + from, to - from)) &&
           slice_ieq(slice_from(a + to, n - to), slice_from(b + to, n - to));
}

int repo_config(const struct repo *r, const char *key, struct str *value)
{
    git_config_entry *entry = NULL;
    for (size_t i = r->settings.n; i-- > 0;) {
        const struct setting *s = &r->settings.v[i];
        if (!same_key(s->key, key))
            continue;
        str_addz(value, s->value ? s->value : "true");
        return 1;
    }
    if (git_config_get_entry(&entry, r->config, key) < 0)
        return 0;
    str_addz(value, entry->value ? entry->value : "true");
    git_config_entry_free(entry);
    return 1;
}

bool repo_config_bool(const struct repo *r, const char *key, bool fallback)
{
    struct str text = STR_INIT;
    int value = fallback;
    if (repo_config(r, key, &text) && git_config_parse_bool(&value, text.p) < 0)
        value = fallback;
    str_release(&text);
    return value != 0;
}
