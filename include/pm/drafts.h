/* pm/drafts.h - corpus: how long documents have been drafts
 */
#ifndef PM_DRAFTS_H
#define PM_DRAFTS_H

#include "pm/corpus.h"

/* older[i]: the document at paths[i] has been a draft on the first-parent chain of tip since before
 * `until`: it is one at tip, and at every commit from there back to one that is older. By the times
 * of committers: what counts is when it came to the branch, not when it was written. A version that
 * cannot be read does not end it; another path does, because renames are not followed. Reads only
 * as many commits as that takes. */
int drafts_older(bool *older, struct repo *r, const struct oid *tip, const struct selection *sel,
                 const struct slice *paths, size_t n, int64_t until, struct err *e);

#endif
