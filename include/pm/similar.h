/* pm/similar.h - git: how much of one file is in another
 *
 * By libgit2's git_hashsig, as git's rename detection would: hashes of lines, white space at line
 * ends and carriage returns left out; small files count too.
 */
#ifndef PM_SIMILAR_H
#define PM_SIMILAR_H

#include "pm/object.h"

struct similar; /* the signature of a file: a few hundred bytes, whatever its size */

int similar_of(struct similar **out, struct slice bytes, struct err *e);
/* The same of a blob; one of more than max bytes has the signature of an empty file. */
int similar_of_blob(struct similar **out, struct repo *r, const struct oid *id, size_t max,
                    struct err *e);
void similar_free(struct similar *s);

/* 0 to 100. Symmetric. An empty file is like nothing. */
int similar_percent(const struct similar *a, const struct similar *b);

#endif
