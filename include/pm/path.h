/* pm/path.h - base: repository paths, as bytes with '/'
 */
#ifndef PM_PATH_H
#define PM_PATH_H

#include "pm/str.h"

struct slice path_base(struct slice path);      /* after the last '/' */
struct slice path_dir(struct slice path);       /* before the last '/'; empty at the root */
struct slice path_extension(struct slice path); /* ".md" with the dot; empty for none */
struct slice path_stem(struct slice path);      /* base without its extension */

/* Appends dir/rel with "." and ".." resolved lexically; false when that leaves the root. */
bool path_join(struct str *out, struct slice dir, struct slice rel);

/* Appends a repository's path as it is called from a folder of it, "" or "docs/postmortems/": with
 * "../" where that is needed. */
void path_relative(struct str *out, struct slice path, struct slice from);
/* Appends a path on one line, as git prints it: as it is, or, where it holds a control character, a
 * double quote or a backslash, in double quotes with escapes. */
void path_quote(struct str *out, struct slice path);

#endif
