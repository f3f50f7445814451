/* pm/promises.h - corpus: what one change does to action items
 *
 * The ledger of one change alone, for the gate: without an index, and without the history behind
 * the change. The documents as they were before are the past; the change is one step, in which
 * items are paired through the commits between, so that what was moved, folded, withdrawn with its
 * draft or reworded little by little is not gone. Only the documents that the change touches are
 * read, before and after, and those that the commit before it touched (what was copied there has
 * moved).
 *
 * The events are those of chronicle_range (pm/chronicle.h), except that a document that cannot be
 * read before the change has no items then, and that what comes back after a gap is opened.
 */
#ifndef PM_PROMISES_H
#define PM_PROMISES_H

#include "pm/corpus.h"
#include "pm/ledger.h"

struct promises_asked {
    const struct state *after; /* how it is after the change, and the rules for both */
    const struct oid *before;  /* the commit that the change is made to; NULL: there is none */
    const struct oid *heads;   /* after is a commit: that one. Else the commits that are being */
    size_t nheads;             /* merged (MERGE_HEAD); 0: no merge */
    const struct pending_list *pending; /* after is the index or the worktree: what differs from
                                           `before`; NULL for a commit */
};

/* What happens to an item that was there before. */
struct promise_event {
    enum event_kind kind;
    struct slice before, after; /* as in struct ledger_event */
    struct slice path;          /* of its document, before */
    struct oid content;          /* of its document, before: the blob */
    struct slice document_id;   /* stated before; empty: none */
    struct slice id;            /* its own, where no other item there has it; empty: none */
    size_t number;              /* 1, 2, ... among the items of the document, before */
    uint32_t line;              /* before */
    const struct stated *was;
    struct slice path_after; /* of its document; empty: gone */
    size_t number_after;       /* among its items; 0: the item is not there */
    struct oid commit;       /* of the commits between the one that did it; zero: none of them */
    struct slice accepted;   /* dropped: the reason that a commit of the range gives for it */
    bool accepted_bare;      /* dropped: a commit accepts it, but gives no reason */
};

struct promises {
    struct promise_event *v; /* by path before, number and kind */
    size_t n;
    struct chronicle *chronicle; /* keeps what the events borrow */
    const struct promise_event **after; /* those of documents that are there, by path_after */
    struct map first;                   /* path_after → in after */
    bool unheard; /* CAP_REASONS_COMPARED: of the commits' reasons the last were not compared */
};

/* Of a merge that is being committed nothing is told that it has as a parent made it. */
int promises_read(struct promises *out, struct repo *r, const struct promises_asked *asked,
                  struct err *e);
/* Those of the document at a path now, in the order of v; they may have been elsewhere before. */
const struct promise_event *const *promises_at(const struct promises *p, struct slice path_after,
                                               size_t *n);
void promises_release(struct promises *p);

/* How a commit message accepts that an item is dropped, and what `pm check` says to write there:
 * PM-0042#A1 where document and item have ids, postmortems/x.md#A1 where only the item has one,
 * else postmortems/x.md#3, the third item of the document as it stood before. (Not the number that
 * the ledger gives it: that one depends on history, which a shallow clone does not have.) Of a
 * document that is gone: PM-0042 or its path, for all of its items. */
void promise_ref(struct str *out, const struct promise_event *event);
/* Does the value of an Action-Dropped: line speak of this one? Then *reason is what follows, which
 * may be empty. Takes a document by its id, its path or its file's stem; a number only with a path;
 * ':' for '#'; ids in any case of their letters. */
bool promise_named(const struct promise_event *event, struct slice value, struct slice *reason);

#endif
