/* git: what the files of this folder know of each other, and nobody else */
#ifndef PM_REPO_PRIVATE_H
#define PM_REPO_PRIVATE_H

#include <git2.h>

#include "pm/map.h"
#include "pm/object.h"
#include "pm/vec.h"
#include "worktree_private.h"

/* Where a repository lies; every path is real, folders end in '/'. */
struct place {
    char *start;      /* where pm was started */
    char *git_dir;    /* of this worktree */
    char *common_dir; /* shared between worktrees */
    char *worktree;   /* NULL: none */
    char *git_file;   /* the .git file that led here, or NULL */
    bool named;       /* by GIT_DIR or --git-dir: git asks nobody who owns it */
    bool bare;        /* found as a folder that is itself a git directory */
};

/* libgit2's memory is ours, before it is started: without memory it would report that, which takes
 * memory, and crash. Only what is large it is told of: sizes that it has read from a file, which may
 * be damaged. */
void git_memory_start(void);

int place_find(struct place *out, const struct repo_where *where, struct err *e);
/* Once the configuration can be read: where the worktree is, by GIT_WORK_TREE, core.bare,
 * core.worktree, or where it was found. */
int place_worktree(struct repo *r, struct err *e);
bool place_is_linked(const struct place *p); /* a linked worktree */
void place_release(struct place *p);

/* A setting of `git -c` (GIT_CONFIG_PARAMETERS, GIT_CONFIG_COUNT); value NULL: only the key. */
struct setting {
    char *key, *value;
};
struct settings {
    struct setting *v;
    size_t n, cap;
};

int settings_of_environment(struct settings *out, struct err *e);
void settings_release(struct settings *s);

struct folders {
    char **v;
    size_t n, cap;
};
/* The object directories: own, and alternates of the environment and of info/alternates. */
void object_folders(struct folders *out, const struct place *p);
void folders_release(struct folders *f);

/* Loose objects of a folder, read by us (loose.c). */
#define OBJECT_CORRUPT GIT_EINVALID
int loose_backend(git_odb_backend **out, const char *folder);

/* lookup.c: the entry of a name in a tree: 1, 0 when there is none. Trees that were asked for stay in
 * r->trees, so that many names may be looked up in one. */
int tree_find(struct repo *r, const struct oid *tree, struct slice name, struct tree_entry *out,
              struct err *e);
int tree_malformed(const struct oid *tree, struct err *e);
void lookups_release(struct map *trees);

struct packs; /* order.c: the packs' indexes, read when first needed */
void packs_free(struct packs *p);

struct repo {
    struct place place;
    char *prefix;
    struct settings settings;
    struct folders objects;
    git_repository *git; /* for refs and revision syntax; objects are read from odb */
    git_odb *odb;
    git_config *config;
    struct oid *shallow; /* sorted */
    size_t nshallow;
    struct packs *packs;
    struct visitor reading; /* files of the worktree */
    struct map trees;       /* that were looked into, by their ids */
    size_t names;           /* in these: CAP_TREE_ENTRIES */
    bool ours;           /* owned by who runs pm */
    bool head_elsewhere; /* GIT_COMMON_DIR: git's handle is of the common directory */
};

bool repo_cuts(const struct repo *r, const struct oid *id); /* at a shallow boundary */

/* config.c: every file that git reads, in its order; r->git is open */
int config_open(struct repo *r, struct err *e);
/* A value that describes this repository, from its own files: 1, 0 when unset. */
int config_own(const struct repo *r, const char *key, struct str *value);

/* trust.c */
/* core.repositoryFormatVersion and the extensions: is this a repository that pm can read? */
int trust_format(const struct place *p, struct err *e);
/* Is it the user's, or listed in safe.directory? As in git, not asked where GIT_DIR names it. */
int trust_owner(struct repo *r, struct err *e);

/* paths.c: all results are the caller's */
char *path_under(const char *folder, const char *path); /* path, when it is absolute */
char *path_real(const char *path);                      /* NULL with errno */
char *path_real_folder(const char *path);               /* the same, with '/' at the end */
bool path_is_folder(const char *path);
bool path_is_file(const char *path);
/* The first line of a small file without its line end; NULL when there is none. */
char *path_first_line(const char *path);
/* A name in double quotes, as git writes it; *end is what follows. False when it is none. */
bool unquote_c(struct str *out, const char *quoted, const char **end);

/* libgit2's last words, after ours. */
int err_git(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A variable of the environment that is set and not empty, or NULL. */
const char *environment(const char *name);
bool environment_bool(const char *name, bool fallback);

void oid_to_git(git_oid *out, const struct oid *id);
void oid_from_git(struct oid *out, const git_oid *id);

#endif
