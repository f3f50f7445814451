/* pm/version.h - model: what the ledger needs of one version of a document
 *
 * Small and immutable; made once per blob and shared by every commit that has it. Depends on bytes
 * and schema alone: not on the path, the history or another document.
 */
#ifndef PM_VERSION_H
#define PM_VERSION_H

#include "pm/postmortem.h"

/* What a document states about one item: the fields whose changes are events. */
struct stated {
    struct slice text;   /* plain text of the promise */
    struct slice owners; /* one a line; empty: none */
    struct date due;     /* year 0: none */
    struct slice type, priority;
    enum action_state state;
    struct slice reason;
    struct slice tracker; /* empty: none */
    struct slice links;   /* every url, one a line */
};

struct version_item {
    struct stated stated;
    struct slice id; /* explicit; empty: none */
    long position;
    struct slice key;    /* folded text */
    struct slice group;  /* folded */
    struct slice nested; /* folded text of nested points */
    uint32_t line;       /* 1-based, in this version */
    uint32_t *words;     /* sorted hashes of words and CJK bigrams of key: for similarity */
    size_t nwords;
};

/* Two versions are the same content exactly when they are the same object. */
struct version {
    bool readable;    /* false: says nothing; the last readable version stands */
    bool draft;       /* says so; no status counts as review */
    uint32_t content; /* which bytes these are, to whoever made it (the chronicle's blob) */
    struct slice id;  /* stated; empty: none */
    struct version_item *items;
    size_t nitems;
};

/* An independent copy in one allocation; unreadable, too, when there are more items than are read. */
struct version *version_of(const struct postmortem *pm);
struct version *version_unreadable(void);                /* of bytes that nobody parsed */
void version_free(struct version *v);

/* The sorted hashes of the words and CJK bigrams of a folded text. The caller frees *words. */
size_t version_words(uint32_t **words, struct slice key);

/* Points the item's slices at copies in the arena; words are left alone. */
void version_item_keep(struct version_item *item, struct arena *a);

#endif
