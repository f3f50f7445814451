/* pm/version.h - model: what the ledger needs of one version of a document
 *
 * Small and immutable; made once per blob and shared by every commit that has it. Depends on bytes
 * and schema alone.
 */
#ifndef PM_VERSION_H
#define PM_VERSION_H

#include "pm/postmortem.h"

/* What a document states about one item: the fields whose changes are events. */
struct stated {
    struct slice text;    /* plain text of the promise */
    struct slice owners;  /* "alice, bob"; empty: none */
    struct date due;      /* year 0: none */
    struct slice type, priority;
    enum action_state state;
    struct slice reason;
    struct slice tracker; /* empty: none */
    struct slice links;   /* every url, one a line */
};

struct version_item {
    struct stated stated;
    struct slice id;      /* explicit; empty: none */
    long position;
    struct slice key;     /* folded text */
    struct slice group;   /* folded */
    struct slice nested;  /* folded text of nested points */
    uint32_t line;        /* 1-based, in this version */
    uint32_t *words;      /* sorted hashes of words and CJK bigrams of key: for similarity */
    size_t nwords;
};

struct version {
    struct arena arena;
    bool readable;        /* false: says nothing; the last readable version stands */
    bool draft;
    struct slice id;      /* stated; empty: none */
    struct slice title;
    struct version_item *items;
    size_t nitems;
};

struct version *version_of(const struct postmortem *pm); /* independent copy */
void version_free(struct version *v);

#endif
