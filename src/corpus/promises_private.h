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
/* What is behind each "Action-Dropped:" of a message. */
typedef void acceptance_heard(void *ctx, struct slice value);
void acceptances_read(struct slice message, acceptance_heard *heard, void *ctx);
/* What an item of a version may be called by in such a line; nothing else is filled in. */
struct promise_event promise_at(struct slice path, const struct version *v, uint32_t slot);

#endif
