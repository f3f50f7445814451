/* What the files of the ledger share. One step runs through them in this order:
 *
 *   ledger_documents.c  which document is which: edits of paths → passages of documents
 *   ledger_content.c    renames among them
 *   ledger_sides.c      merges: the names of a document on the merged side
 *   ledger_lineage.c    merges: its versions there
 *   ledger_items.c      within each passage, which item is which; what came, what went
 *   ledger_gone.c       items that may be back
 *   ledger_events.c     what is told of it
 */
#ifndef PM_LEDGER_PRIVATE_H
#define PM_LEDGER_PRIVATE_H

#include "pm/ledger.h"
#include "pm/renames.h"
#include "pm/vec.h"

/* An array of *cap elements with room for `need`. */
static inline void *room_for(void *v, size_t *cap, size_t need, size_t size)
{
    return need > *cap ? vec_grow(v, cap, need, size) : v;
}

/* What a step does to one document. */
struct passage {
    uint32_t document;
    struct slice from, to;        /* paths; from: empty when it was not there; to: when it goes */
    const struct version *before; /* last readable; NULL: it was not there, or never readable */
    const struct version *after;  /* readable now; NULL: gone, or unreadable */
    bool gone;
    bool left;               /* gone from the globs only */
    uint32_t *items_before;  /* for each item of before: its ledger item */
    uint32_t *paired;        /* for each item of before: that of after, or MATCH_NONE */
    struct slice known_as;   /* what the merged side calls it, where the chain renamed it since they
                                parted; empty: by its name here, or not at all */
    struct lineage *lineage; /* NULL: no merge, or nothing of it on the merged side */
};

/* An item that is new in its document. */
struct birth {
    uint32_t item, predecessor; /* predecessor: moved here; LEDGER_NONE */
    size_t passage;
    uint32_t slot; /* in passage.after */
};

/* An edit of the merged side, found by its path. */
struct side_edit {
    const struct ledger_edit *edit;
    uint32_t side;
};

/* One step being taken. */
struct fold {
    struct ledger *l;
    const struct ledger_step *step;
    struct side_edit *sides; /* every edit of the merged side, by path, then by side */
    size_t nsides;
    uint32_t **renames; /* by side, then by edit that takes a file away or adds one: the edit that does
                           the other to the same file, or LEDGER_NONE; NULL: not asked yet */
    VEC(struct passage) passages;
    VEC(struct birth) births;
    VEC(uint32_t) fresh; /* items that appear in this step */
};

int fold_likeness(const struct fold *f, const struct version *a, const struct version *b);

/* ---- ledger_documents.c, ledger_content.c ---- */

/* Fills f->passages and brings l->documents up to date, except for their items and versions. */
void documents_pass(struct fold *f);

/* A file that is there after the step, and the document that was at its path before. */
struct arrival {
    const struct ledger_edit *edit;
    uint32_t here;     /* LEDGER_NONE: a new path */
    uint32_t document; /* what it turns out to be; LEDGER_NONE: not known yet */
};

/* A document at a path that the step edits. */
struct departure {
    const struct ledger_edit *edit;
    uint32_t document;
    bool settled; /* it is known where it is now */
};

struct plan {
    struct fold *f;
    VEC(struct arrival) arrivals; /* both in path order */
    VEC(struct departure) departures;
    struct map settled; /* document → the arrival that it turned out to be */
};

struct ledger_document *plan_document(const struct plan *p, uint32_t index);
void plan_settle(struct plan *p, struct arrival *a, uint32_t index);
void plan_claim_by_content(struct plan *p);

/* For renames: the address of a version stands for its bytes. Borrows where the address stands. */
struct slice content_key(const struct version *const *content);

void document_link_id(struct ledger *l, uint32_t document);
void document_link_gone(struct ledger *l, uint32_t document);

uint32_t map_index(const struct map *m, struct slice key); /* LEDGER_NONE: absent */
void map_index_put(struct map *m, struct slice key, uint32_t index);

/* ---- ledger_sides.c ---- */

/* The first of the merged side's edits of a path; those behind it that are of the path, too. */
size_t sides_first(const struct fold *f, struct slice path);
bool sides_is_at(const struct fold *f, size_t i, struct slice path);
/* Where the commit renamed the file to that it takes away here, or from that it adds here; NULL: it did
 * not. */
const struct ledger_edit *sides_counterpart(const struct fold *f, const struct side_edit *s);
typedef VEC(struct slice) path_list;
/* Appends what the merged side renamed the files of these names to, all names on the way. */
void sides_later_names(const struct fold *f, path_list *names);
/* Appends all names that a document has on the merged side. */
void sides_names(const struct fold *f, const struct passage *p, path_list *names);
/* Fills known_as of all passages. */
void sides_find_unknown(struct fold *f);

/* ---- ledger_lineage.c ---- */

/* One thing that a document states about an item, whose change is an event. */
struct aspect {
    enum event_kind kind; /* of a change of state: any of its kinds */
    bool (*same)(const struct version_item *a, const struct version_item *b);
    void (*value)(struct str *out, const struct version_item *item);
};

struct lineage *lineage_trace(const struct fold *f, const struct passage *p);
void lineage_free(struct lineage *g);
/* Fills what can be paired through the versions of the merged side; the rest is MATCH_NONE. */
void lineage_pair(const struct lineage *g, uint32_t *paired);
/* The commit of the merged side that made item `after` state what it states (aspect NULL: be
 * there), or that made item `before` vanish; the other one is MATCH_NONE. LEDGER_NONE: none did. */
uint32_t lineage_change(const struct lineage *g, const struct aspect *aspect, uint32_t before,
                        uint32_t after);

/* ---- ledger_items.c ---- */

void items_pass(struct fold *f);
void item_keep(struct ledger *l, uint32_t item); /* copies what it borrows from a version */
struct version_item item_as_stated(const struct ledger_item *item);
void item_number(struct ledger *l, uint32_t item); /* enters it in its document's numbered */
uint32_t item_add(struct ledger *l, const struct ledger_item *item);

/* ---- ledger_gone.c ---- */

void gone_add(struct ledger *l, uint32_t item);    /* it went; nothing, unless it may return */
void gone_remove(struct ledger *l, uint32_t item); /* it is back */
/* The items of a document that may return, as a version to match with; gone[i]: the item. Of the
 * last ones as many as a document may have; of older ones those whose text an item of p->after has
 * that is not in current yet. */
struct version *gone_items(const struct ledger *l, const struct passage *p,
                           const uint32_t *current, uint32_t **gone);
void gone_items_free(struct version *v, uint32_t *gone);

/* ---- ledger_events.c ---- */

/* The item now states what slot of the passage's after says: events for what differs. */
void item_restate(struct fold *f, const struct passage *p, uint32_t item, uint32_t slot);
void item_open(struct fold *f, const struct passage *p, uint32_t item, uint32_t slot);
void item_restore(struct fold *f, const struct passage *p, uint32_t item, uint32_t slot);
/* The item of this slot of the passage's before is no longer there. */
void item_vanish(struct fold *f, const struct passage *p, uint32_t slot, enum item_state to,
                 uint32_t successor);
/* Puts the events of a step, those from `first` on, into their order. */
void events_sort(struct ledger *l, size_t first);

#endif
