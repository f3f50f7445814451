/* pm/ledger.h - model: what became of every promise: a pure fold over history
 *
 * ledger_step is called once per commit of the first-parent chain, oldest first, with what that
 * commit did to the documents. It keeps every item ever seen and appends events. No I/O: commits
 * are numbers here (indices into a table that pm/chronicle.h keeps), so the fold is tested by
 * tables. The promise: after each step, for each readable document, the items present are exactly
 * those that its version states, with the values stated there.
 */
#ifndef PM_LEDGER_H
#define PM_LEDGER_H

#include "pm/map.h"
#include "pm/match.h"

#define LEDGER_NONE UINT32_MAX

/* Generates enum, names and the list in the manual. */
#define EVENT_KINDS(X)                                                                             \
    X(OPENED, "opened")                                                                            \
    X(BEGUN, "begun")                                                                              \
    X(STOPPED, "stopped")                                                                          \
    X(DONE, "done")                                                                                \
    X(WONTDO, "wontdo")                                                                            \
    X(REOPENED, "reopened")                                                                        \
    X(REASSIGNED, "reassigned")                                                                    \
    X(RESCHEDULED, "rescheduled")                                                                  \
    X(REPRIORITIZED, "reprioritized")                                                              \
    X(RECATEGORIZED, "recategorized")                                                              \
    X(RELINKED, "relinked")                                                                        \
    X(REWORDED, "reworded")                                                                        \
    X(DROPPED, "dropped")                                                                          \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(CLEARED, "cleared")                                                                          \
    X(RESTORED, "restored")                                                                        \
    X(MOVED, "moved")                                                                              \
    X(FOLDED, "folded")

enum event_kind {
#define X(name, word) EVENT_##name,
    EVENT_KINDS(X)
#undef X
};
const char *event_name(enum event_kind k);

/* The states of an item: those a document can state (same numbers as enum action_state), then what
 * it is when it is no longer in the tree. */
enum item_state {
    ITEM_PROPOSED = STATE_PROPOSED,
    ITEM_OPEN = STATE_OPEN,
    ITEM_IN_PROGRESS = STATE_IN_PROGRESS,
    ITEM_DONE = STATE_DONE,
    ITEM_WONTDO = STATE_WONTDO,
    ITEM_DROPPED,
    ITEM_WITHDRAWN,
    ITEM_MOVED,
    ITEM_FOLDED,
    ITEM_CLEARED
};
#define ITEM_STATES 10
const char *item_state_name(enum item_state s);
bool item_present(enum item_state s);    /* in the tree */
bool item_unresolved(enum item_state s); /* proposed, open or in progress */

struct ledger_item {
    uint32_t document;     /* index in ledger.documents */
    uint32_t number;       /* #1, #2 ... by first appearance in its document; never reused */
    struct slice id;       /* explicit id last stated; empty: none */
    struct stated now;     /* last stated values */
    enum item_state state;
    uint32_t line;         /* in the last version that had it */
    uint32_t opened_change, opened_landing;
    uint32_t closed_change, closed_landing; /* of the last resolution or vanishing; LEDGER_NONE */
    struct date first_due;
    uint32_t slips;        /* reschedulings to a later date than the last stated one */
    int32_t slipped_days;  /* last due less first due; 0 without both */
    uint32_t reopened;     /* times */
    uint32_t successor;    /* MOVED, FOLDED: the item where it goes on */
};

struct ledger_document {
    struct slice path;     /* last */
    struct slice id;       /* stated, last; empty: none */
    bool present;          /* in the tree and seen by the globs */
    bool readable;         /* as it stands in the tree */
    bool draft;
    uint32_t items;        /* numbers given so far */
    const struct version *version; /* last readable; borrowed from the caller of ledger_step */
    uint32_t *current;     /* for each item of version: its index in ledger.items */
};

struct ledger_event {
    uint32_t item;
    enum event_kind kind;
    struct slice before, after; /* values as text: state names, dates, owners, paths; may be empty */
    int32_t days;               /* RESCHEDULED: after less before; 0 without both */
    uint32_t change, landing;   /* commits */
};

struct ledger {
    struct arena arena;
    struct ledger_document *documents;
    size_t ndocuments, documents_cap;
    struct ledger_item *items;
    size_t nitems, items_cap;
    struct ledger_event *events;
    size_t nevents, events_cap;
    struct map paths;      /* path → document present there */
};

/* What one commit did to one path. Versions are borrowed and must outlive the ledger (or until
 * replaced as a document's last readable one). */
struct ledger_edit {
    struct slice path;
    const struct version *before, *after; /* NULL: not there */
    /* For a path that appears: a path that vanishes in the same step and has similar content
     * (percent, 0: none), as the caller's content comparison says; empty: none. */
    struct slice renamed_from;
    int similarity;
};

/* One commit of the merged side of a merge, parents before children. */
struct ledger_side {
    uint32_t commit;
    const struct ledger_edit *edits; /* against its first parent */
    size_t nedits;
};

struct ledger_step {
    uint32_t landing;
    const struct ledger_edit *edits; /* against the first parent */
    size_t nedits;
    const struct ledger_side *sides; /* of a merge: commits not reachable from the first parent */
    size_t nsides;
};

struct ledger *ledger_new(void);
void ledger_free(struct ledger *l);
void ledger_step(struct ledger *l, const struct ledger_step *step);

#endif
