/* pm/chronicle.h - corpus: history → events
 *
 * Walks the first-parent chain of a tip, finds every version of every document (as the schema's
 * globs say), reads each blob once (in pack order, parsed by threads) and folds them into a ledger.
 * One schema, that of the tip, interprets all versions.
 */
#ifndef PM_CHRONICLE_H
#define PM_CHRONICLE_H

#include "pm/corpus.h"
#include "pm/ledger.h"
#include "pm/walk.h"

/* A commit that an event or an item names. */
struct chronicle_commit {
    struct oid id;
    int64_t at;               /* committer time of landings and changes alike */
    struct slice author, email; /* as written: .mailmap is applied when shown */
};

struct chronicle {
    struct arena arena;
    struct oid tip;
    struct ledger *ledger;
    struct chronicle_commit *commits; /* what ledger.h calls a commit number */
    size_t ncommits;
    size_t unreadable;        /* documents at the tip that cannot be read */
    bool shallow;             /* history is cut off: items of the first step are "on or before" */
    size_t chain;             /* commits on the first-parent chain */
    void *versions;           /* keeps the versions that the ledger borrows */
};

/* Called now and then from the calling thread; total 0: unknown. NULL: no progress. */
typedef void chronicle_progress(void *ctx, const char *what, size_t done, size_t total);

int chronicle_build(struct chronicle **out, struct repo *r, const struct oid *tip,
                    const struct selection *sel, chronicle_progress *progress, void *ctx,
                    struct err *e);
void chronicle_free(struct chronicle *c);

#endif
