/* Postmortems as rows of the text's part, and queries about them. */
#ifndef PM_INDEX_TEXT_ROWS_H
#define PM_INDEX_TEXT_ROWS_H

#include "index_private.h"

/* ---- rows ---- */

/* Beside the three of enum fact_how: what stands behind a slash of a tag. */
enum { FACT_TAG_END = FACT_NA + 1 };

/* What a number of the table `numbers` is. What has no type is read as each that it may be, and what
 * is derived is one of three, as enum fact_how has them. */
enum measure {
    MEASURE_NUMBER,  /* an enum's order, seconds, days since 1970 */
    MEASURE_AMOUNT,  /* of a count or of money */
    MEASURE_TIME,    /* seconds since 1970 by the clock that the document shows */
    MEASURE_FREE_AMOUNT,
    MEASURE_FREE_SECONDS,
    MEASURE_DERIVED,
    MEASURE_DERIVED_UNKNOWN,
    MEASURE_DERIVED_NA
};

struct text_writer {
    bool forget;
    sqlite3_stmt *document, *words, *fact, *number;
};

/* Writes rows, or (forget) removes them: the very rows that the same postmortem was written as. On
 * failure it is to be released as well. */
int text_writer_init(struct text_writer *w, sqlite3 *db, bool forget, struct err *e);
void text_writer_release(struct text_writer *w);
/* n: the row's number. blob: its content; not asked to forget it. */
int text_put(struct text_writer *w, int64_t n, const struct postmortem *pm, const struct oid *blob,
             struct err *e);
/* text_facts.c: those in the tables `facts` and `numbers`. */
int text_put_facts(struct text_writer *w, int64_t n, const struct postmortem *pm, struct err *e);

/* Lists all postmortems of a tip: what is looked for need not know them. Its files are to be freed, and
 * nothing else. */
int text_list(struct state *out, const struct index *i, const struct oid *tip, struct err *e);

/* Reads documents of a state a batch at a time: as many as fit into memory. */
struct text_batches {
    struct index *index;
    const struct state *state;
    const size_t *places; /* in the state's files, ascending */
    size_t n;
    struct corpus batch; /* places[at] is batch.v[0] */
    size_t at;
};
/* 1: there is a batch, until the next is asked for; 0: there are no more. */
int text_next_batch(struct text_batches *b, struct err *e);
void text_batches_release(struct text_batches *b);

/* ---- queries ---- */

/* Words of pm/token.h that follow each other; the last may be the beginning of one. */
struct phrase {
    const struct slice *tokens;
    size_t n;
    bool prefix;
};
struct phrase text_phrase(const struct query *q); /* of a QUERY_TEXT */
/* Appends it as FTS5 has it. */
void text_match(struct str *out, const struct phrase *p);
/* The documents where the stem of a word begins so, and the word does not. */
void text_match_other(struct str *out, struct slice prefix);

#endif
