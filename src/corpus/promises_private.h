/* What the files of promises share:
 *
 *   promises.c           the change as steps of a ledger → events
 *   promises_merge.c     whose they are, where a merge is being committed
 *   promises_accepted.c  what they are called, and what commits say of them
 */
#ifndef PM_PROMISES_PRIVATE_H
#define PM_PROMISES_PRIVATE_H

#include "chronicle_private.h"
#include "pm/promises.h"

/* Is it the merge that does this? 0: one of the parents made it so. */
int promises_own(struct making *m, const struct promises_asked *asked,
                 const struct promise_event *event, struct err *e);
/* Fills `accepted` from the messages of the walk's commits. */
int promises_accept(struct making *m, struct promises *p, struct err *e);

#endif
