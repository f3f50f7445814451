/* pm/walk.h - git: the order of history
 *
 * libgit2's revwalk dies at a shallow boundary, so the walk is our own, on raw commits. Order is
 * always topological; dates are data and may run backwards.
 */
#ifndef PM_WALK_H
#define PM_WALK_H

#include "pm/object.h"

/* The commits of a history, each once, in an order where every parent comes before its children
 * (deterministic: depends on the graph alone). Light: no messages. */
struct walk_commit {
    struct oid id, tree;
    uint32_t first_parent; /* index of the parents in walk.parents; */
    uint32_t nparents;
    uint32_t step;  /* the position on the first-parent chain at which it became reachable */
    bool on_chain;  /* is a first-parent ancestor of the tip, or the tip */
    bool boundary;  /* its parents are cut off by a shallow clone */
};
struct walk {
    struct walk_commit *v; /* parents first; grouped by step: the merged side, then its merge */
    size_t n;
    uint32_t *parents;     /* indices into v */
    uint32_t *chain;       /* indices into v of the first-parent chain, root first */
    size_t nchain;
};

/* Everything reachable from tip. With stop (may be NULL), a commit on the first-parent chain: what
 * is reachable from it is left out, its own entry is the chain's element 0 (so that trees can be
 * compared with it) and *found tells whether it is on the chain. Memory: ~100 bytes a commit. */
int walk_history(struct walk *out, struct repo *r, const struct oid *tip, const struct oid *stop,
                 bool *found, struct err *e);
void walk_release(struct walk *w);

#endif
