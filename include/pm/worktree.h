/* pm/worktree.h - git: files that are written to the worktree
 *
 * What a clone brought is hostile: where one of its folders is a symbolic link, writing "below" it
 * would write elsewhere. The way to a file is walked folder by folder, and no link is followed.
 */
#ifndef PM_WORKTREE_H
#define PM_WORKTREE_H

#include "pm/repo.h"

/* Makes a file with these bytes, and the folders that its path lacks. 1; 0 when something stands
 * there already (a dangling link, too), which is left as it is: of two that make the same file at
 * the same time, one gets 0. The file appears whole or not at all. The path is relative to the top
 * of the repository, without "." and ".."; nothing is made in a git directory. */
int worktree_create(const struct repo *r, struct slice path, struct slice data, struct err *e);

/* Gives a file other bytes, at once and in one step; its permissions stay. -1, and nothing is changed,
 * where it does not hold `before` any more, where it is no regular file or lies behind a symbolic
 * link. The path is one of worktree_create. */
int worktree_replace(const struct repo *r, struct slice path, struct slice before,
                     struct slice data, struct err *e);

#endif
