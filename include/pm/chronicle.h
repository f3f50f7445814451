/* pm/chronicle.h - corpus: history → events
 *
 * Walks the first-parent chain of a tip, finds every version of every document (as the schema's
 * globs say), reads each blob once (in pack order, parsed by threads) and folds them into a ledger.
 * One schema, that of the tip, interprets all versions.
 *
 * Nothing here is stored. A store (pm/index.h) keeps the rows of a chronicle, and later goes on
 * from them with chronicle_continue, which reads only what is new.
 */
#ifndef PM_CHRONICLE_H
#define PM_CHRONICLE_H

#include "pm/corpus.h"
#include "pm/ledger.h"
#include "pm/walk.h"

/* A commit that an event or an item names. */
struct chronicle_commit {
    struct oid id;              /* zero: not committed yet */
    int64_t at;                 /* committer time of landings and changes alike */
    struct slice author, email; /* as written: .mailmap is applied when shown */
};

struct chronicle {
    struct arena arena;
    struct oid tip;
    struct ledger *ledger;
    struct chronicle_commit *commits; /* what ledger.h calls a commit number */
    size_t ncommits, commits_cap;
    size_t unreadable;      /* documents at the tip that cannot be read; of those that the ledger
                               holds, after chronicle_continue */
    bool forward;           /* no commit is younger than a child of its: see pm/walk.h */
    bool shallow;           /* history is cut off: items of the first step are "on or before" */
    size_t chain;           /* commits on the first-parent chain; new ones, after _continue */
    size_t edits;           /* documents that its commits changed, and those of a stored past:
                               CAP_HISTORY_EDITS */
    size_t rows_besides;    /* that a store has and the ledger does not hold: CAP_LEDGER_ROWS */
    struct blobs *versions; /* keeps the versions that the ledger borrows */
};

/* Called now and then from the calling thread; total 0: unknown. NULL: no progress. */
typedef void chronicle_progress(void *ctx, const char *what, size_t done, size_t total);

int chronicle_build(struct chronicle **out, struct repo *r, const struct oid *tip,
                    const struct selection *sel, chronicle_progress *progress, void *ctx,
                    struct err *e);
/* What a range does: the chronicle of base, and then one step in which head is merged into it,
 * whether or not it is a descendant. So ledger->events from *first on are the net events: at most
 * one of a kind for an item, nothing of what the range itself took back. Each lands with the commit
 * of head's first-parent chain that brought its change there. */
int chronicle_range(struct chronicle **out, size_t *first, struct repo *r, const struct oid *base,
                    const struct oid *head, const struct selection *sel,
                    chronicle_progress *progress, void *ctx, struct err *e);
void chronicle_free(struct chronicle *c);
/* Documents, items and events of the ledger, and those besides. */
size_t chronicle_rows(const struct chronicle *c);

/* The blob that a version of the ledger (a document's version or content) was read from: what a
 * store keeps of it. */
const struct oid *chronicle_blob(const struct chronicle *c, const struct version *v);

/* ---- going on from what is stored --------------------------------------------------------- */

/* What the new steps may ask for, sorted, each once. */
struct chronicle_wanted {
    const struct slice *paths; /* edited by some step */
    size_t npaths;
    const struct slice *ids; /* stated by some new version */
    size_t nids;
};

/* A stored chronicle. load puts back, with ledger_restore_document and ledger_restore_item, every
 * document that is or was last at one of the paths or has or had last one of the ids, with all its
 * items, and the documents of items that appeared at the stored tip; then sets ledger->previous
 * (LEDGER_NONE unless the tip edited documents) and ledger->ids_taken. It gets versions from
 * chronicle_version, and commit numbers from chronicle_commit_add; it sets c->rows_besides. */
struct chronicle_past {
    void *ctx;
    struct oid tip;
    bool forward; /* chronicle.forward of it */
    size_t edits; /* chronicle.edits of it */
    int (*load)(void *ctx, struct chronicle *c, const struct chronicle_wanted *wanted,
                struct err *e);
};

/* *found: the stored tip is on tip's first-parent chain, and *out holds the ledger after the steps
 * since, with the events of these steps only; else *out is left alone, and only building anew
 * helps. */
int chronicle_continue(struct chronicle **out, bool *found, struct repo *r, const struct oid *tip,
                       const struct selection *sel, const struct chronicle_past *past,
                       struct err *e);

/* What is not committed, as one more step would commit it. */
struct uncommitted {
    const struct pending_list *pending; /* what differs from HEAD, of all files */
    const struct snapshot *files;       /* of the index or the worktree */
    const struct oid *heads;            /* the commits that are being merged; 0: none */
    size_t nheads;
    int64_t at; /* the time of that step */
};
/* That step alone: *out holds the ledger after it, with its events. What it does itself has a commit
 * with a zero id; what it merges, those of the merged side. A past with a zero tip is none: there is
 * no commit yet. */
int chronicle_uncommitted(struct chronicle **out, struct repo *r, const struct uncommitted *step,
                          const struct selection *sel, const struct chronicle_past *past,
                          struct err *e);

/* For load: the version of a blob, read now; owned by c. */
int chronicle_version(struct chronicle *c, const struct oid *blob, const struct version **out,
                      struct err *e);
/* For load: a commit that stored items name; its number. Strings are copied. */
uint32_t chronicle_commit_add(struct chronicle *c, const struct chronicle_commit *commit);

#endif
