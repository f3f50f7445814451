/* pm/query.h - query: one language for search, actions, conditions of the schema
 *
 * Text → tree (typed by the schema) → matched in memory here, or turned into SQL by the index. The
 * grammar is cli.md's "Query language": words, "phrases", prefix*, NOT and -x, OR, ( ), field:value
 * with a,b lists, lo..hi ranges (ends included, open ends allowed), comparisons >= <= > <, has:
 * no:, in:SECTION.
 *
 * Canonical printing: query_parse(query_print(q)) gives q again.
 *
 * Words match the title, the facts and the body (query_texts_of); in pm actions the item's text,
 * what is nested below it and the title of its postmortem. A field of names (services, owner, id)
 * compares whole names, folded; one of free text (title, action, trigger) looks for the words as a
 * phrase; both take a prefix*. A tag that the taxonomy does not list stands for every tag that has
 * it as a part: cause:config finds change/config and config/typo.
 *
 * In pm search the item fields of a conjunction speak of one and the same item; NOT complements:
 * `no:owner` alone finds postmortems none of whose items has an owner, `has:action no:owner` those
 * with an item that has none.
 */
#ifndef PM_QUERY_H
#define PM_QUERY_H

#include "pm/err.h"
#include "pm/postmortem.h"
#include "pm/zone.h"

enum query_kind {
    QUERY_ALL,    /* the empty query: everything */
    QUERY_AND,    /* children */
    QUERY_OR,     /* children */
    QUERY_NOT,    /* one child */
    QUERY_TEXT,   /* a word, phrase or prefix: tokens */
    QUERY_FIELD,  /* field: values */
    QUERY_HAS,    /* has:field; `no:field` is NOT of it */
    QUERY_IN      /* in:section, its child is a QUERY_TEXT. Written once, before the words */
};

/* What a field of a query speaks of: a field of the schema, or one of these. */
enum query_subject {
    SUBJECT_FIELD,     /* node.field, or node.name for nested facts */
    SUBJECT_ID, SUBJECT_TITLE, SUBJECT_PATH, SUBJECT_DATE,
    SUBJECT_CREATED, SUBJECT_UPDATED,                     /* from history */
    SUBJECT_TTD, SUBJECT_TTM, SUBJECT_TTR, SUBJECT_DURATION,
    SUBJECT_TAG,       /* tag: any of causes and contributing factors */
    /* of an action item */
    SUBJECT_ACTION,    /* its text */
    SUBJECT_OWNER, SUBJECT_DUE, SUBJECT_STATE, SUBJECT_TYPE, SUBJECT_PRIORITY, SUBJECT_TRACKER,
    SUBJECT_REF, SUBJECT_OPENED, SUBJECT_CLOSED, SUBJECT_AGE, SUBJECT_SLIPS, SUBJECT_SLIPPED,
    SUBJECT_OVERDUE, SUBJECT_LATE, SUBJECT_DROPPED, SUBJECT_REOPENED
};
bool query_subject_is_item(enum query_subject s);

/* How the values of a field are read and compared. */
enum query_how {
    HOW_TEXT, /* free text: looked for as a phrase */
    HOW_NAME, /* whole, folded */
    HOW_PERSON,
    HOW_PATH,
    HOW_REF,
    HOW_TAG,
    HOW_TYPE,
    HOW_PRIORITY,
    HOW_YES,
    HOW_FREE, /* nested facts, which have no type: numbers, money and durations, else text */
    HOW_ENUM, /* from here on: ordered, so ranges and comparisons are possible */
    HOW_STATE,
    HOW_NUMBER,
    HOW_MONEY,
    HOW_DURATION,
    HOW_DATE,
    HOW_TIME
};
enum query_how query_how(enum query_subject subject, const struct field *field);

/* One alternative of field:a,b: a closed interval of numbers, or a text. */
enum query_match_kind {
    MATCH_TEXT,
    MATCH_PREFIX,
    MATCH_RANGE,
    MATCH_TAG,
    MATCH_YES,
    MATCH_NO,
    MATCH_UNKNOWN,
    MATCH_NA
};
struct query_value {
    enum query_match_kind kind;
    struct slice text;   /* folded for comparing; TAG: canonical */
    struct slice raw;    /* as written, for printing */
    struct slice *tokens; /* TEXT and PREFIX of free text: like those of a QUERY_TEXT */
    size_t ntokens;
    bool anywhere;       /* TAG: the taxonomy does not list it; any tag with this part */
    bool has_low, has_high;
    double low, high;    /* by type: seconds (TIMESTAMP, DURATION), days since 1970 (DATE), enum
                            index, count, amount */
    enum field_type type; /* RANGE: what low and high measure */
    bool local;          /* TIMESTAMP: low and high are days of the clock that the document shows:
                            compare with number + offset */
    struct slice currency; /* MONEY ranges that name one; empty: any */
};

#define QUERY_PHRASE_TOKENS 100u

struct query {
    enum query_kind kind;
    bool items;                 /* speaks of action items, here or below */
    enum query_subject subject; /* FIELD, HAS */
    const struct field *field;  /* SUBJECT_FIELD of the schema; NULL: a nested or free name */
    struct slice name;          /* canonical, as printed */
    struct query_value *values;
    size_t nvalues;
    struct slice text;          /* TEXT: as written; IN: as printed */
    bool phrase, prefix;        /* TEXT: was quoted; its last token is a prefix */
    struct slice *tokens;       /* TEXT: by pm/token.h, stemmed but for a prefix; several are a
                                   phrase, quoted or not. At most QUERY_PHRASE_TOKENS */
    size_t ntokens;
    const struct section_rule *section; /* IN; NULL: by folded heading in `name` */
    struct span span;           /* in the query's text */
    struct query **children;
    size_t nchildren;
};

/* What relative dates mean, and which fields exist. */
struct query_context {
    const struct schema *schema;
    struct date today;
    int64_t now;
    bool items; /* pm actions: owner:, due: ... speak of the item itself; else of any one item */
    const struct zone *zone; /* in which the days of opened:, closed:, late: ... end; NULL: UTC */
};

/* Parses text into the arena. -1 with a usage error that marks the column:
 *     unknown field 'sevrity': did you mean 'severity'?
 *       sevrity:sev1
 *       ^
 */
int query_parse(struct query **out, struct slice text, const struct query_context *ctx,
                struct arena *a, struct err *e);
/* The fields that a query may name, each by its canonical name, for a completion: those of the schema,
 * then the others. The array is in the arena. */
struct query_name {
    struct slice name;
    enum query_subject subject;
    const struct field *field; /* SUBJECT_FIELD */
};
size_t query_names(const struct schema *s, struct query_name **out, struct arena *a);
void query_print(struct str *out, const struct query *q);
/* Any text as one value or phrase: within quotes, escaped. */
void query_add_quoted(struct str *out, struct slice s);
/* The same of one value, within quotes only where it would be read as something else without. */
void query_add_value(struct str *out, struct slice s);
bool query_has_text(const struct query *q); /* words to rank by: not only negated ones */
bool query_has_items(const struct query *q);
bool query_has_times(const struct query *q);   /* created:, updated: */
bool query_names_state(const struct query *q); /* state:, dropped:, closed: ... */

/* An action item as a query sees it: what the document says and what history says. */
struct query_item {
    struct slice ref, text, nested, owners, type, priority, tracker; /* owners: one a line */
    struct slice links; /* with a line break between them */
    struct date due;
    int state;             /* enum item_state of pm/ledger.h */
    int64_t opened, closed; /* seconds; 0: never */
    uint32_t slips;
    int32_t slipped_days;
    bool reopened;
};

/* OVERDUE: unresolved, due before today, and not tracked elsewhere (unless the schema says
 * `authority: document`). LATE: overdue, or closed after its due date. */
bool query_item_overdue(const struct query_item *item, const struct query_context *ctx);
bool query_item_late(const struct query_item *item, const struct query_context *ctx);
/* Seconds from opened to closed, or to now; false when it is not known when it was opened. Never
 * negative: dates of commits may run backwards. */
bool query_item_age(const struct query_item *item, int64_t now, int64_t *seconds);

/* Everything a query can ask about one postmortem. */
struct query_document {
    const struct postmortem *pm;
    const struct query_item *items;
    size_t nitems;
    int64_t created, updated; /* seconds; 0: not known (not committed) */
};

/* Where words are looked up, by weight; a phrase never spans two. facts: the values of the front
 * matter and of items stated there, one a line. body: the document's, with comments blanked out, as
 * long as it was: offsets are those of pm->doc->body. Slices of the document or of the arena. */
struct query_texts {
    struct slice title, facts, body;
};
void query_texts_of(struct query_texts *out, const struct postmortem *pm, struct arena *a);

/* Does the query hold? With item (one of the document's items): of this item (pm actions), else of
 * the postmortem, whose item fields must hold of one and the same item. */
bool query_match(const struct query *q, const struct query_context *ctx,
                 const struct query_document *d, const struct query_item *item);

#endif
