/* pm/ledger.h - model: what became of every promise: a pure fold over history
 *
 * ledger_step is called once per commit of the first-parent chain, oldest first, with what that
 * commit did to the documents. It keeps every item ever seen and appends events. No I/O: commits
 * are numbers here (indices into a table that pm/chronicle.h keeps), so the fold is tested by
 * tables. The promise: after each step, for each readable document, the items present are exactly
 * those that its version states, with the values stated there; an unreadable document keeps the
 * state of its last readable version.
 *
 * Going on from a stored state: a ledger need not have seen the past, only what a step can ask of
 * it. ledger_restore_document and ledger_restore_item put stored rows back (see there for which),
 * and ledger_step goes on from there to the same events and the same state.
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
#define EVENT_KIND_COUNT (EVENT_FOLDED + 1)
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
    uint32_t document; /* index in ledger.documents */
    uint32_t number;   /* #1, #2 ... by first appearance in its document; never reused */
    struct slice id;   /* explicit id last stated; empty: none */
    struct stated now; /* last stated values; now.state too, when state says it is gone; dropped:
                          now.reason is that of a commit */
    enum item_state state;
    uint32_t line; /* in the last version that had it */
    uint32_t opened_change, opened_landing;
    uint32_t closed_change, closed_landing; /* of the last resolution, or of vanishing unresolved;
                                               LEDGER_NONE: neither */
    struct date first_due, last_due;        /* stated; last_due stays when the date is taken away */
    uint32_t slips;       /* reschedulings to a later date than the last stated one */
    int32_t slipped_days; /* last due less first due; 0 without both */
    uint32_t reopened;    /* times */
    uint32_t successor;   /* MOVED, FOLDED: the item where it goes on; else LEDGER_NONE */
    /* What is needed to recognise it later. */
    struct slice key, group; /* as in struct version_item */
    long position;
    uint32_t since; /* the landing at which it last appeared in its document */
    uint32_t gone_before; /* gone, and may return: another one of this text in this document;
                             LEDGER_NONE ends */
    bool promised;  /* its document was no draft, once, while it was there */
};

struct ledger_document {
    struct slice path;             /* last */
    struct slice id;               /* stated, last; empty: none */
    bool present;                  /* in the tree and seen by the globs */
    bool readable;                 /* as it stands in the tree */
    bool draft;                    /* as last readable */
    uint32_t items;                /* numbers given so far */
    uint32_t *numbered;            /* numbered[n - 1]: the item #n, in ledger.items */
    const struct version *version; /* last readable, borrowed from the steps; NULL: none yet since
                                      it is there, or gone */
    const struct version *content; /* last, readable or not; the same object where it is */
    uint32_t *current;     /* present: for each item of version, its index in ledger.items */
    uint32_t created, updated; /* landings: the first, and the last that changed it or took it away */
    uint32_t id_since;     /* rises with each id that a document takes: who had it first */
    uint32_t next_same_id; /* documents that have or had last this id; LEDGER_NONE ends */
    uint32_t previous_same_id; /* the other way; LEDGER_NONE begins */
    uint32_t older_here;   /* gone: the one that was gone from its path before; LEDGER_NONE ends */
};

/* before and after are values as text. The kinds that have some:
 *   state changes, restored     names of states (restored: from dropped to open)
 *   opened, reworded            the text
 *   fields                      owners; dates; ...; relinked: tracker and links, one a line
 *   dropped, withdrawn, cleared from the state that it had to what vanished: "line", "document", or
 *                               "globs" when the document is still there but no longer selected
 *   moved, folded               from the text to where it goes on, as PATH#NUMBER; the item's
 *                               successor says it as well
 * An item born done, or begun, is opened and then done, or begun. An idea that is taken up (proposed
 * → open) has begun, one that is put back has stopped. A change of case, space or markup is not
 * reworded. A promise moved to an item that is new there is not opened a second time: that item
 * takes over its age, slips and last values, and what differs is told of it. */
struct ledger_event {
    uint32_t item;
    enum event_kind kind;
    struct slice before, after;
    int32_t days;             /* RESCHEDULED: after less before; 0 without both */
    uint32_t change, landing; /* commits */
};

struct ledger {
    struct arena arena;
    struct ledger_document *documents;
    size_t ndocuments, documents_cap;
    struct ledger_item *items;
    size_t nitems, items_cap;
    struct ledger_event *events; /* by step, then path, number and kind */
    size_t nevents, events_cap;
    struct map paths;   /* path → document present there (index + 1) */
    struct map gone;    /* path → the last document gone from there (index + 1) */
    struct map ids;     /* id → first of the documents chained by next_same_id (index + 1) */
    struct map gone_items; /* document and text → first of the items chained by gone_before */
    uint32_t ids_taken; /* counts up for id_since */
    uint32_t previous;  /* the landing of the last step; LEDGER_NONE: none yet */
    uint32_t *fresh;    /* items that appeared in the last step */
    size_t nfresh, fresh_cap;
};

/* What one commit did to one path, against one parent. Versions are borrowed; they must outlive
 * the step and, as a document's version or content, the next one that replaces them. */
struct ledger_edit {
    struct slice path;
    const struct version *before, *after; /* NULL: not there */
    bool left; /* vanished from the globs only: its content is still in the tree */
    bool half; /* of a merge on a side: gone against some of its parents only. Nothing is told of it,
                  unless it was renamed. */
};

/* One commit of the merged side of a merge. */
struct ledger_side {
    uint32_t commit;
    uint32_t parent; /* the lowest parent of the merge (1: the second) that reaches it */
    const struct ledger_edit *edits; /* in path order. A commit with several parents: only paths
                                        that differ from all of them, one edit for each parent; and
                                        where it adds one, what is gone against some */
    size_t nedits;
};

/* An item that is about to be dropped: where it stood. */
struct ledger_loss {
    struct slice path;
    const struct version *version; /* of its document */
    uint32_t slot;
    bool with_document; /* that is gone, too */
};
/* The reason that the commits of the step give for it; empty: none. */
typedef struct slice ledger_excuse(void *ctx, const struct ledger_loss *lost);

/* How alike the bytes of two versions are, in percent. */
typedef int version_likeness(void *ctx, const struct version *a, const struct version *b);

struct ledger_step {
    uint32_t landing;
    const struct ledger_edit *edits; /* against the first parent, in path order */
    size_t nedits;
    const struct ledger_side *sides; /* of a merge: commits not reachable from the first parent,
                                        parents before children */
    size_t nsides;
    version_likeness *likeness; /* NULL: nothing but the same is alike */
    ledger_excuse *excuse;      /* NULL: nothing is excused */
    void *ctx;                  /* of both */
};

struct ledger *ledger_new(void);
void ledger_free(struct ledger *l);
void ledger_step(struct ledger *l, const struct ledger_step *step);

/* Puts stored rows back, in an order in which numbers and id_since rise. What a step may ask for:
 * every document, present or gone, whose path it edits or whose id a new version states (with
 * content, and version where it is present), all items of those documents, and the items that
 * appeared at ledger.previous with their documents. Other rows may stay in the store. Strings are
 * copied. Set ledger.previous before, ledger.ids_taken before or afterwards. Where several
 * documents are gone from one path or share an id: oldest first. Successors are indices into this
 * ledger; LEDGER_NONE will do for items that are gone. */
uint32_t ledger_restore_document(struct ledger *l, const struct ledger_document *d);
/* Its document must be there. slot: its index in the document's version; LEDGER_NONE when gone.
 * The words of gone items are made anew. */
uint32_t ledger_restore_item(struct ledger *l, const struct ledger_item *item, uint32_t slot);

/* The displayed ids of documents: the stated id, else the file's stem, else (where another has it)
 * the path. Of two that state one id, the one that had it first has it. */
struct ledger_names {
    struct arena arena;
    struct slice *of;     /* by document */
    struct map documents; /* name → document (index + 1) */
};
void ledger_names_init(struct ledger_names *names, const struct ledger *l);
void ledger_names_release(struct ledger_names *names);

/* Appends PM-0042#A1, or PM-0042#3 for an item without an id of its own. */
void ledger_ref(struct str *out, const struct ledger *l, const struct ledger_names *names,
                uint32_t item);
/* PM-0042#A1 or PM-0042:A1: what names the document, and what the item. A name may hold both signs,
 * what names an item neither. False where one of the two is missing. */
bool ledger_ref_split(struct slice ref, struct slice *document, struct slice *item);
/* The item that a reference names: PM-0042#A1, PM-0042:A1, PM-0042#3 (also of an item that has got
 * an id since), and those of items that have gone elsewhere. A document may also be named by its
 * path. LEDGER_NONE: none. */
uint32_t ledger_find(const struct ledger *l, const struct ledger_names *names, struct slice ref);
/* Where an item goes on: itself, unless it was moved or folded. */
uint32_t ledger_follow(const struct ledger *l, uint32_t item);

#endif
