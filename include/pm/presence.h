/* pm/presence.h - corpus: does a path exist in the state that is looked at?
 *
 * Any path, postmortem or not: what a link of a document may lead to. Answers are kept.
 */
#ifndef PM_PRESENCE_H
#define PM_PRESENCE_H

#include "pm/corpus.h"

struct presence; /* borrows the state and the repository */

struct presence *presence_new(const struct state *s, const struct repo *r);
void presence_free(struct presence *p);
/* path: as a snapshot has it, "" for the top. What nobody can tell is there (snapshot_holds). From
 * any thread. */
bool presence_has(void *presence, struct slice path);
/* Why something could not be looked up: the first reason. NULL: there was none. */
const char *presence_failure(const struct presence *p);

#endif
