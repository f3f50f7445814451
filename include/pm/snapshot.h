/* pm/snapshot.h - git: the files of one state of the repository
 *
 * One interface to three places: the tree of a commit, the staging index, the worktree. Paths are
 * relative to the top of the repository, bytes, sorted by memcmp. Only regular files are listed;
 * symbolic links and submodules never are (*others counts the wanted ones that were left out), and
 * nothing is read through a linked folder.
 */
#ifndef PM_SNAPSHOT_H
#define PM_SNAPSHOT_H

#include "pm/diff.h"

enum snapshot_kind { SNAPSHOT_COMMIT, SNAPSHOT_INDEX, SNAPSHOT_WORKTREE };

struct snapshot_file {
    struct slice path;
    struct oid id; /* zero in a worktree snapshot */
};

struct snapshot; /* immutable once made; lists in memory, reads contents on demand */

/* `wanted` prunes the walk; NULL takes everything. */
int snapshot_of_commit(struct snapshot **out, struct repo *r, const struct oid *commit,
                       path_wanted *wanted, void *ctx, struct err *e);
/* Lists the first wanted file alone: enough to know that there is one. */
int snapshot_any_of_commit(struct snapshot **out, struct repo *r, const struct oid *commit,
                           path_wanted *wanted, void *ctx, struct err *e);
/* Some files of a commit, as they were listed before, in path order: nothing is asked of the repository,
 * and nothing else can be read. */
struct snapshot *snapshot_of_files(const struct snapshot_file *files, size_t n);

/* Files and folders, from the top, whose files are to be listed and no others, so that git need not
 * list all that there are. None: git is not asked, and files are read by their paths alone. */
struct snapshot_paths {
    const char *const *v;
    size_t n;
};
/* The staging index, as git sees it (git ls-files -s -z). Unmerged entries are an error (usage:
 * false) that names the first. only: NULL for everything; else nothing else can be read, either. */
int snapshot_of_index(struct snapshot **out, struct repo *r, const struct snapshot_paths *only,
                      path_wanted *wanted, void *ctx, struct err *e);
/* The worktree: tracked files and untracked ones that are not ignored. only: NULL for everything;
 * any file can be read, whatever is listed. */
int snapshot_of_worktree(struct snapshot **out, struct repo *r, const struct snapshot_paths *only,
                         path_wanted *wanted, void *ctx, struct err *e);
/* Other files of a worktree, of those that git listed for this snapshot: it is not asked again. */
int snapshot_of_same_worktree(struct snapshot **out, const struct snapshot *listed, struct repo *r,
                              path_wanted *wanted, void *ctx, struct err *e);
void snapshot_free(struct snapshot *s);

enum snapshot_kind snapshot_kind(const struct snapshot *s);
size_t snapshot_count(const struct snapshot *s);
size_t snapshot_others(const struct snapshot *s);
const struct snapshot_file *snapshot_file(const struct snapshot *s, size_t i);
size_t snapshot_find(const struct snapshot *s, struct slice path); /* SIZE_MAX: not there */

/* Appends the bytes of a file of the snapshot; r is the handle to read with (threads use their
 * own). A file of more than max bytes: 0, *too_large is set and nothing is appended. */
int snapshot_read(const struct snapshot *s, struct repo *r, size_t i, size_t max, struct str *out,
                  bool *too_large, struct err *e);
/* Reads any one regular file of the snapshot's state, listed or not (.pm/schema.yaml): 1, or 0 when
 * it is not there. */
int snapshot_read_path(const struct snapshot *s, struct repo *r, struct slice path, size_t max,
                       struct str *out, bool *too_large, struct err *e);
/* Is there anything at a path of the snapshot's state: a file, listed or not, ignored or not, a folder,
 * a symbolic link, a submodule? 1, 0. What nobody can tell is there: behind a link, inside a submodule,
 * in a worktree of which git has checked out a part. */
int snapshot_holds(const struct snapshot *s, struct repo *r, struct slice path, struct err *e);

/* Which files differ from HEAD: in the worktree (untracked, not ignored ones too), or staged.
 * Renames are a deletion and an addition. Zero after: deleted (worktree: after is zero too when
 * the content is only in the worktree; `gone` tells). */
struct pending {
    struct slice path;
    struct oid before, after;
    bool gone;
    bool untracked; /* git status alone tells of it */
};
struct pending_list {
    struct pending *v;
    size_t n, cap;
    char *bytes; /* owns the paths */
};
int pending_worktree(struct pending_list *out, struct repo *r, struct err *e);
/* The same, while git looks at the worktree: begun and, some work later, ended. */
int pending_worktree_begin(struct question **out, struct repo *r, struct err *e);
int pending_worktree_end(struct pending_list *out, struct question *q, struct repo *r,
                         struct err *e);
int pending_staged(struct pending_list *out, struct repo *r, struct err *e);
/* What differs from another commit: in the index (staged), or in what is tracked of the worktree. */
int pending_against(struct pending_list *out, struct repo *r, const struct oid *commit, bool staged,
                    struct err *e);
void pending_release(struct pending_list *p);
/* The commits that are being merged into HEAD; none: no merge is. The caller frees *heads. */
int pending_merge(struct oid **heads, size_t *n, struct repo *r, struct err *e);

#endif
