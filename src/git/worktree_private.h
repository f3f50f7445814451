/* git: files of the worktree, reached without following any symbolic link */
#ifndef PM_WORKTREE_PRIVATE_H
#define PM_WORKTREE_PRIVATE_H

#include <sys/types.h>

#include "pm/err.h"
#include "pm/str.h"

/* Looks at many files, best in path order: the last folder stays open. */
struct visitor {
    int root, fd;
    struct str folder;
};
void visitor_init(struct visitor *v, int root); /* a descriptor of the worktree */
void visitor_release(struct visitor *v);        /* root stays open */
/* The file type bits of path's own mode; 0: not there, or behind a link. -1: nobody can tell. */
int visitor_type(struct visitor *v, struct slice path, mode_t *type, struct err *e);

/* Appends a regular file: 1; 0 when it is not there, is another thing or lies behind a link. More
 * than max bytes: 1, *too_large is set and nothing is appended. */
int visitor_read(struct visitor *v, struct slice path, size_t max, struct str *out,
                 bool *too_large, struct err *e);

/* Is there anything at the path (plain)? Behind a link or in an empty folder, which may be a submodule
 * that was not fetched, nobody can tell: true. */
bool worktree_holds(int root, struct slice path);

#endif
