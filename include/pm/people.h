/* pm/people.h - git: who a commit's author is, by .mailmap
 *
 * Applied when something is shown, never cached.
 */
#ifndef PM_PEOPLE_H
#define PM_PEOPLE_H

#include "pm/object.h"

struct people;

/* The .mailmap of HEAD's tree (bare repositories) or the worktree, and mailmap.file, mailmap.blob. */
int people_load(struct people **out, struct repo *r, struct err *e);
/* By one text alone; borrowed from it is nothing. */
struct people *people_of(struct slice mailmap);
void people_free(struct people *p);
/* The proper name and email; the same slices when the map says nothing. Borrowed from p or from
 * the arguments. p may be NULL. */
void people_resolve(const struct people *p, struct slice name, struct slice email,
                    struct slice *proper_name, struct slice *proper_email);

#endif
