/* The chronicle of a tip as rows, and back. */
#ifndef PM_INDEX_LEDGER_ROWS_H
#define PM_INDEX_LEDGER_ROWS_H

#include "index_private.h"

#include "pm/vec.h"

typedef VEC(int64_t) row_numbers;

/* Where the commits, documents and items of a chronicle stand in the tables: what is new comes
 * behind all that is there, in the order of the chronicle, so that a ledger told in steps has the
 * same numbers as one told at once. */
struct ledger_rows {
    sqlite3 *db;
    const struct chronicle *c;
    row_numbers commits, documents, items; /* by index in the chronicle */
    row_numbers successors;     /* of restored items, as stored; -1: none */
    const struct slice *names;  /* of documents; NULL: '' (ledger_continue renames) */
    bool authority;             /* the schema's: what has a tracker is not followed up there */
    struct words words, people;
    /* Of those that the chronicle does not hold. */
    int64_t documents_besides, unreadable_besides;
};
void ledger_rows_init(struct ledger_rows *w, const struct index *i, sqlite3 *db);

/* Writes everything that the chronicle holds; rows that are there already are replaced. */
int ledger_rows_write(struct ledger_rows *w, struct err *e);
/* Counts what the dashboard shows, and keeps what the next step needs. */
int ledger_meta_write(struct ledger_rows *w, int64_t chain, struct err *e);
void ledger_rows_release(struct ledger_rows *w);

/* The columns of documents, and of items, in the order of the tables. */
enum {
    DOC_N, DOC_PATH, DOC_NAME, DOC_ID, DOC_PRESENT, DOC_READABLE, DOC_DRAFT, DOC_NUMBERS,
    DOC_VERSION, DOC_CONTENT, DOC_CREATED, DOC_UPDATED, DOC_ID_SINCE, DOC_GONE, DOC_COLUMNS
};
enum {
    ITEM_N, ITEM_DOCUMENT, ITEM_NUMBER, ITEM_SLOT, ITEM_ID, ITEM_LABEL, ITEM_LINE, ITEM_TEXT,
    ITEM_NESTED, ITEM_STATE, ITEM_STATED, ITEM_REASON, ITEM_OWNERS, ITEM_DUE, ITEM_FIRST_DUE,
    ITEM_LAST_DUE, ITEM_TYPE, ITEM_PRIORITY, ITEM_TRACKER, ITEM_ELSEWHERE, ITEM_LINKS, ITEM_OPENED_CHANGE,
    ITEM_OPENED_LANDING, ITEM_CLOSED_CHANGE, ITEM_CLOSED_LANDING, ITEM_SLIPS, ITEM_SLIPPED_DAYS,
    ITEM_REOPENED, ITEM_SUCCESSOR, ITEM_KEY, ITEM_GROUPED, ITEM_POSITION, ITEM_SINCE,
    ITEM_PROMISED, ITEM_COLUMNS
};

#endif
