/* pm/diff.h - git: which files differ between two trees
 *
 * Compares raw tree objects, skipping equal entries and equal subtrees without reading them, and
 * keeps recently read trees. No renames, no content: (path, old, new).
 */
#ifndef PM_DIFF_H
#define PM_DIFF_H

#include "pm/map.h"
#include "pm/object.h"

struct change {
    struct slice path;        /* valid during the callback */
    struct oid before, after; /* zero: was not, is not there (as a regular file) */
};

/* Asks whether to look into a folder ("docs/postmortems/", with its slash) or at a file. */
typedef bool path_wanted(void *ctx, struct slice path, bool folder);
typedef int change_seen(void *ctx, const struct change *c); /* non-zero stops with that value */

struct differ; /* keeps trees in memory between calls; one thread */
struct differ *differ_new(struct repo *r);
void differ_free(struct differ *d);

/* Calls seen for every wanted regular file that differs, in path order. A zero tree is empty.
 * Links and submodules are not files: a file that becomes one is gone. */
int differ_run(struct differ *d, const struct oid *before, const struct oid *after,
               path_wanted *wanted, change_seen *seen, void *ctx, struct err *e);

/* Puts the wanted files that the commit `theirs` changed since its history left that of `ours` into
 * *out, by path. Where the two share several commits: what differs from any of them; none: all. */
int changed_since_fork(struct map *out, struct repo *r, const struct oid *ours,
                       const struct oid *theirs, path_wanted *wanted, void *ctx, struct err *e);

#endif
