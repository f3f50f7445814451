/* pm/repo.h - git: a repository, opened from the environment as git would
 *
 * libgit2's own reading of the environment is incomplete (it refuses GIT_WORK_TREE and
 * GIT_COMMON_DIR), so a repository is opened by its git directory, and worktree, index file and
 * object directories (quarantine: GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES with
 * git's quoting) are set from the environment by hand; never a silent fallback. Honours GIT_DIR,
 * GIT_WORK_TREE, GIT_COMMON_DIR, GIT_INDEX_FILE, GIT_CEILING_DIRECTORIES. Ownership is checked as
 * git does (safe.directory, "*" included). A SHA-256 repository is refused in one sentence.
 *
 * A struct repo is used by one thread at a time; repo_again opens a second handle for another.
 */
#ifndef PM_REPO_H
#define PM_REPO_H

#include "pm/err.h"
#include "pm/str.h"

struct repo;

struct repo_where {
    const char *dir;     /* -C: start here; NULL: the current folder */
    const char *git_dir; /* --git-dir; NULL: GIT_DIR or discovery */
};

int repo_open(struct repo **out, const struct repo_where *where, struct err *e);
int repo_again(struct repo **out, const struct repo *r, struct err *e);
void repo_free(struct repo *r);

bool repo_is_bare(const struct repo *r); /* no worktree */
bool repo_is_shallow(const struct repo *r);
uint64_t repo_shallow_digest(const struct repo *r); /* of where it is cut off; 0: nowhere */
/* Its folders belong to the user: where they do not (safe.directory let it pass), programs that its
 * configuration names (core.pager, core.editor) are not to be run. */
bool repo_is_ours(const struct repo *r);
const char *repo_worktree(const struct repo *r);   /* absolute, ends in '/'; NULL when bare */
const char *repo_git_dir(const struct repo *r);    /* absolute, ends in '/'; of this worktree */
const char *repo_common_dir(const struct repo *r); /* shared between worktrees */
/* The start folder inside the worktree: "" or "docs/postmortems/". */
const char *repo_prefix(const struct repo *r);

/* Configuration: 1 with the value, 0 when unset. Last one wins; bare `key` counts as "true". */
int repo_config(const struct repo *r, const char *key, struct str *value);
bool repo_config_bool(const struct repo *r, const char *key, bool fallback);

/* Runs git in this repository (argv without "git", NULL-terminated) and appends its output. Only
 * for what is mutable and git's own business: the staging index, the state of the worktree. git's
 * stderr ends in the sentence when it fails. */
int repo_ask(const struct repo *r, const char *const *argv, struct str *out, struct err *e);
/* The same, while git answers in a process of its own. Each that was begun is ended, which frees it.
 * argv[0] stays where it is until then. */
struct question;
int repo_ask_begin(struct question **out, const struct repo *r, const char *const *argv,
                   struct err *e);
int repo_ask_end(struct question *q, struct str *out, struct err *e);
void repo_ask_abandon(struct question *q); /* nobody waits for the answer; q may be NULL */

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void git_libraries(struct str *out);

#endif
