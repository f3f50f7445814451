/* pm/walk.h - git: the order of history
 *
 * libgit2's revwalk dies at a shallow boundary, so the walk is our own, on raw commits. Order is
 * always topological; dates are data and may run backwards.
 */
#ifndef PM_WALK_H
#define PM_WALK_H

#include "pm/object.h"

/* The commits of a history, each once, in an order where every parent comes before its children
 * (deterministic: depends on the graph alone). Light: no messages.
 *
 * What step k brought lies between chain[k - 1] and chain[k]: the merged side, parents first, in
 * the order of the merge's parents, then the merge itself. So of two commits of a side the one
 * with the higher index is the topologically later. */
struct walk_commit {
    struct oid id, tree;
    uint32_t first_parent; /* index of the parents in walk.parents; */
    uint32_t nparents;
    uint32_t step; /* the position on the first-parent chain at which it became reachable */
    bool on_chain; /* is a first-parent ancestor of the tip, or the tip */
    bool boundary; /* its parents are cut off by a shallow clone */
    bool past;     /* reachable from the stop: here only as a parent, without its own */
};
struct walk {
    struct walk_commit *v; /* parents first; grouped by step */
    size_t n;
    uint32_t *parents; /* indices into v */
    uint32_t *chain;   /* indices into v of the first-parent chain, root first */
    size_t nchain;
    bool forward;      /* no commit is younger than a child of its; the past neither, as it was said */
};

/* Everything reachable from tip. With stop (may be NULL), a commit on the first-parent chain: what
 * is reachable from it is left out, its own entry is the chain's element 0 (so that trees can be
 * compared with it) and *found (may be NULL) tells whether it is on the chain; where it is not,
 * the walk is whole. Behind the stop's entry come those commits of the past that are parents of
 * the rest (past; step 0). Memory: ~100 bytes a commit. */
int walk_history(struct walk *out, struct repo *r, const struct oid *tip, const struct oid *stop,
                 bool *found, struct err *e);

/* What a caller remembers of an earlier walk. on_chain is asked about the first-parent chain from
 * the tip downwards; the first commit for which it is true is the stop: so the newest element
 * that two chains have in common is found. reachable is asked, once there is a stop, whether a
 * merged commit is reachable from it, and must know; NULL: the stop's history is read to find out,
 * when something was merged since. All of it, because dates prove nothing; unless an earlier walk
 * found all that is reachable from the stop to be `forward`: then as far back as what was merged. */
struct walk_past {
    void *ctx;
    bool (*on_chain)(void *ctx, const struct oid *id);
    bool (*reachable)(void *ctx, const struct oid *id);
    bool forward;
};
int walk_since(struct walk *out, struct repo *r, const struct oid *tip,
               const struct walk_past *past, bool *found, struct err *e);

/* Everything reachable from base, then what head has and base has not, as if it were merged into
 * base now: the last element of the chain is that merge, which is no commit: it has the id and the
 * tree of head, and head as its second parent. Within that side the commits come in the order of
 * head's own first-parent chain: each of its commits after what it merged. */
int walk_merged(struct walk *out, struct repo *r, const struct oid *base, const struct oid *head,
                struct err *e);

/* The same without the history of base: its own entry, the stop of walk_history, is the chain's
 * element 0, followed by what is past; then what the heads have and base has not, each in the order
 * of walk_merged; then their merge into base (with the id and the tree of the head where there is
 * one). No heads: what is to be committed on base. The history of base is read only where something
 * was merged between. base NULL: no commit yet, and what would be the first is all there is. */
int walk_between(struct walk *out, struct repo *r, const struct oid *base, const struct oid *heads,
                 size_t nheads, struct err *e);
void walk_release(struct walk *w);

#endif
