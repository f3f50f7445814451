/* pm/file.h - base: files of the worktree and the git directory
 *
 * Reading never follows a symbolic link in the last component and refuses what is not a regular
 * file. Writing is atomic: a temporary file in the same folder, fsync, rename.
 */
#ifndef PM_FILE_H
#define PM_FILE_H

#include "pm/err.h"
#include "pm/str.h"

/* Appends the whole file. More than max bytes: -1, and *too_large (may be NULL) becomes true. A failure
 * leaves in *out what it held before. */
int file_read(struct str *out, const char *path, size_t max, bool *too_large, struct err *e);
/* The same, of what a descriptor of any kind gives up to its end; it stays open. */
int file_read_fd(struct str *out, int fd, size_t max, bool *too_large, struct err *e);
/* The file holds all of the data or, after a failure, what it held. Its folder must be there. mode 0:
 * that of the file that is replaced, else 0666 less the umask. */
int file_write(const char *path, struct slice data, int mode, struct err *e);
int file_write_fd(int fd, struct slice data); /* all of it, over EINTR; -1 with errno */
/* Makes the folders above a path that are not there. Links among them are followed. */
int file_make_dirs(const char *path, struct err *e);
bool file_exists(const char *path); /* anything, a dangling link too */

#endif
