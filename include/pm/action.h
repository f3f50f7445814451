/* pm/action.h - model: action items as a document states them
 *
 * One reader for the three forms: list or checklist items, table rows, front matter maps. What the
 * history made of an item is pm/ledger.h.
 */
#ifndef PM_ACTION_H
#define PM_ACTION_H

#include "pm/date.h"
#include "pm/document.h"
#include "pm/schema.h"

enum action_form { FORM_LIST, FORM_CHECKLIST, FORM_TABLE, FORM_FRONT };

struct action {
    struct slice id;        /* explicit: A1, AI-3; empty: none */
    long position;          /* the bare number that stands there, else 1, 2, ... in the document */
    enum action_form form;
    struct slice text;      /* plain text of the promise: first paragraph without its facts */
    struct slice key;       /* text folded for identity: utf8_fold, single blanks, no punctuation
                               at its ends */
    struct slice group;     /* the heading or bold label that it stands under; empty: none */
    struct slice nested;    /* plain text of what is nested below it */
    struct slice *owners;   /* without '@'; the first is accountable */
    size_t nowners;
    struct date due;        /* year 0: none */
    struct slice due_raw;   /* as written, also when it is no date */
    struct slice type;      /* canonical, else as written; empty: none */
    struct slice priority;  /* P0-P4, else as written */
    enum action_state state;
    bool state_stated;      /* by a mark, word or column, not by default */
    struct slice reason;    /* why it will not be done; note beside the state */
    struct slice tracker;   /* the ticket: a link's url or a token of the schema's pattern */
    struct slice no_tracker; /* what a ticket's column says, with a digit, and is no ticket */
    struct slice *links;    /* every url of the item */
    size_t nlinks;
    struct span span;       /* the item, its row or its map */
    struct span text_span;
    struct span owner_span, due_span, state_span, tracker_span; /* empty where not stated: the end of text_span */
};

struct actions {
    struct action *v;
    size_t n;
    bool none_stated;       /* "- None: reason" */
    struct slice none_reason;
    bool cut; /* there are more than CAP_ITEMS: the rest was not read */
};

struct postmortem;
/* Reads all action items of a document (pm->doc, pm->schema), in document order: front matter
 * first. Called by postmortem_read. More than CAP_ITEMS is a problem. */
void actions_read(struct postmortem *pm, struct actions *out);

#endif
