/* What the files of this folder share:
 *
 *   index.c          opens, brings up to date, heals
 *   files.c          the folder of the cache: names, lock, replacing a file
 *   checked.c        pages with checksums, below SQLite; pages.c  what changed beside a file
 *   ledger_write.c   chronicle → rows; ledger_continue.c  rows → chronicle → rows
 *   words.c          texts that many rows share
 *   actions.c log.c  rows of items and events
 *   actions_list.c   those that match, in order; actions_where.c  what SQLite knows of a query
 *   asked.c          the postmortems that a query asks of;
 *   row_facts.c      what they say, for rows
 *   text_write.c     postmortems → words and facts (text_facts.c); text_continue.c  the same, in steps
 *   tokenizer.c      words, as FTS5 has them
 *   text.c           what is found; text_query.c  of which a query holds, by conditions that
 *   text_ask.c       asks of SQL, and sets (text_sets.c)
 *   dump.c           everything in it, as text;  peek.c  what a completion may offer
 */
#ifndef PM_INDEX_PRIVATE_H
#define PM_INDEX_PRIVATE_H

#include "db.h"

#include "pm/index.h"
#include "pm/vec.h"

/* Texts of a table (n, text) of the ledger, by their numbers: words.c. */
struct words {
    sqlite3 *const *db;             /* where its owner keeps the connection */
    const char *table;
    sqlite3_stmt *find, *add, *get; /* made when they are needed */
    struct map numbers;             /* text → its number, those that were asked for */
    struct map texts;               /* number → struct slice, in the arena */
    struct arena arena;
};
/* The number of a text, which is added where it is not there. */
int words_number(struct words *w, struct slice text, int64_t *out, struct err *e);
/* *out stands until words_release. */
int words_text(struct words *w, int64_t n, struct slice *out, struct err *e);
void words_release(struct words *w); /* before its database is closed */
/* A text of `people`. */
void person_split(struct slice person, struct slice *author, struct slice *email);

struct part {
    const char *name; /* "ledger": the file's stem */
    /* Fills an empty database with tables. */
    int (*write)(struct index *i, sqlite3 *db, struct err *e);
    /* From an older tip; *done false: that cannot be done, and db is spoilt. */
    int (*go_on)(struct index *i, sqlite3 *db, const struct oid *from, bool *done, struct err *e);
    sqlite3 *db;      /* NULL: not asked for */
    struct words words, people; /* the ledger's, of db */
    bool in_memory, healed;
    const char *how;  /* built, continued, unchanged */
    struct str key;   /* all that its file depends on, but the tip */
    struct str file;  /* what is open, unless in memory */
};

struct index {
    struct repo *repo;
    const struct state *state;
    struct oid tip;
    bool memory;       /* never touch the disk */
    const struct uncommitted *step; /* while it is opened: to be told behind the tip; or NULL */
    struct str folder; /* <common git dir>/pm/ */
    struct str suffix; /* of this worktree's files: "", or "-NAME" of a linked one */
    struct part ledger, text;
    chronicle_progress *progress;
    void *progress_ctx;
};

/* After a failure: was it damage of the part's file, and is it built anew? Then ask again. */
bool index_heal(struct index *i, struct part *p, struct err *e);

/* How the key of a part's file begins that this version of pm can read, whatever it is of. */
void index_key_begin(struct str *out, const char *part);
/* Fills i->suffix. */
void index_suffix(struct index *i);

/* ---- files.c ---- */

/* Is there a folder of our own? make: makes it, and asks whether it can be written. */
bool files_folder(const struct index *i, bool make);
/* Waits for whoever builds, a minute at most. A descriptor to close, or -1. */
int files_lock(const struct index *i);
/* The path of this worktree's file of a part. */
void files_own(const struct index *i, const struct part *p, struct str *out);
bool files_is_plain(const char *path);
/* The files of a part, those of other worktrees too, one after the other, NUL after each. */
void files_list(const struct index *i, const struct part *p, struct str *out);
/* Removes what a killed process left, and files of worktrees that are gone. Under the lock. */
void files_tidy(const struct index *i, const struct part *p);

/* ---- parts ---- */

int ledger_write(struct index *i, sqlite3 *db, struct err *e);
int ledger_continue(struct index *i, sqlite3 *db, const struct oid *from, bool *done,
                    struct err *e);
/* i->step, from i->tip. */
int ledger_add_uncommitted(struct index *i, sqlite3 *db, struct err *e);
int text_write(struct index *i, sqlite3 *db, struct err *e);
int text_continue(struct index *i, sqlite3 *db, const struct oid *from, bool *done,
                  struct err *e);

/* In SQL, also in schema/ledger.sql: what is unresolved has a state <= 2, what was dropped has 5. */
_Static_assert(ITEM_PROPOSED == 0 && ITEM_OPEN == 1 && ITEM_IN_PROGRESS == 2 && ITEM_DROPPED == 5,
               "SQL knows these numbers");

/* Reads one row of `items` as action_select selects it; a column of its own follows those of the
 * row. */
enum { ACTION_SUCCESSOR = 23 };
extern const char action_select[];
int action_read(struct index *i, sqlite3_stmt *s, struct action_row *row, struct arena *a,
                struct err *e);
/* Columns of commit id, time, author. NULL is not known. */
int stamp_read(struct index *i, sqlite3_stmt *s, int column, struct stamp *out, struct arena *a,
               struct err *e);

/* Totals of all items, from what was counted when they were written. all: as in action_question. */
int tallies_read(struct index *i, bool all, struct date today, struct action_totals *out,
                 struct err *e);

/* What a query asks of items as a condition on a row `i` of `items`, appended: it holds of all that
 * match, and, where *exact, of nothing else. */
int actions_where(struct index *i, const struct action_question *q, struct str *out, bool *exact,
                  struct err *e);

/* ---- asked.c ---- */

/* Where a row stands: its document's row, and its number there. */
struct row_place {
    struct slice path;
    int64_t document, number;
    size_t row;
};
typedef VEC(struct row_place) row_places;

/* A query about items, and the postmortems that it asks of. Those that are gone, or unreadable now,
 * say what they said last. */
struct asked {
    struct index *index;
    const struct query *query;
    const struct query_context *context;
    bool needed;              /* the rows alone do not know enough */
    struct document *nothing; /* what is said where no postmortem is needed */
};
struct asked_document;
/* The row at an index of those that are asked, and its document: NULL where nothing is known of it. */
typedef void asked_visit(void *ctx, size_t row, const struct asked_document *d);

void asked_init(struct asked *k, struct index *i, const struct query *q,
                const struct query_context *ctx);
/* Visits each row, those of a document together, with one postmortem at a time in memory: the documents
 * come in the order in which their contents lie. */
int asked_each(const struct asked *k, const struct row_place *rows, size_t n, asked_visit *visit,
               void *ctx, struct err *e);
bool asked_holds(const struct asked *k, const struct action_row *row,
                 const struct asked_document *d);
/* NULL where it cannot be read; d may be NULL. */
const struct postmortem *asked_postmortem(const struct asked_document *d);
void asked_release(struct asked *k);

#endif
