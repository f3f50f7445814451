/* One condition at a time, asked of the tables of the text's part. */
#ifndef PM_INDEX_TEXT_ASK_H
#define PM_INDEX_TEXT_ASK_H

#include "text_rows.h"
#include "text_sets.h"

struct asking {
    sqlite3 *db;
    struct set all; /* the numbers of the documents */
    struct err *e;
};

/* On failure it is to be released as well. */
int asking_init(struct asking *a, sqlite3 *db, struct err *e);
void asking_release(struct asking *a);
/* What wanted(n) says in SQL: is n in the set? NULL: nothing is. The set must stay meanwhile. */
int text_want(sqlite3 *db, struct set *which, struct err *e);

/* Of which documents something holds: of those that are sure, and perhaps of those that may be. */
struct known {
    struct set sure, may; /* what is sure may be, too */
};
struct known known_nothing(const struct asking *a); /* it holds of none */
struct known known_no_idea(const struct asking *a); /* nobody knows */
void known_negate(const struct asking *a, struct known *k);
void known_put(struct known *k, const struct known *with, bool both); /* both: and; else or */
void known_release(struct known *k);

/* A statement takes of a condition what it names. */
enum condition_kind {
    ASK_EVERYTHING,    /* nothing: each document */
    ASK_STATED,        /* name, how: enum fact_how */
    ASK_NAME,          /* name, text: folded */
    ASK_NAME_PREFIX,
    ASK_PERSON,        /* the name or one of its words */
    ASK_PERSON_PREFIX,
    ASK_TAG,           /* and how: it or one below, or (FACT_TAG_END) below others */
    ASK_KNOWN,         /* name, measure */
    ASK_NUMBER,        /* name, measure, low, high */
    ASK_MONEY,         /* and text: its currency */
    ASK_INSTANT,
    ASK_HAS_DAY,
    ASK_DAY,           /* low, high */
    ASK_ID,            /* text: folded */
    ASK_ID_PREFIX,
    ASK_PATH,
    ASK_PATH_PREFIX,
    ASK_WORDS,         /* text: a match of FTS5 */
    CONDITION_KINDS
};
struct condition {
    enum condition_kind kind;
    struct slice name, text;
    int how, measure;
    double low, high;
    bool map;   /* name is that of a free map: what is below it, too. Of STATED, NUMBER and MONEY */
    bool doubt; /* of each document that is found */
};
/* Adds the documents of which it holds. */
int condition_ask(const struct asking *a, const struct condition *c, struct known *out);

/* text.c. The statements that tell what was found; NULL ends them. */
extern const char *const text_telling[];

/* text_query.c. Of which documents a query holds. */
int text_known(const struct asking *a, const struct schema *s, const struct query *q,
               struct known *out);

#endif
