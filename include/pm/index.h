/* pm/index.h - index: the cache in the git directory
 *
 * SQLite, in <common git dir>/pm/: deleting it changes no answer, only the time. Two parts, each a
 * file and brought up to date only when asked for: the ledger (items and events of HEAD's history)
 * and the text (words and facts of HEAD's postmortems). A file is keyed by the schema's digest, the
 * version of pm and of the format, where a shallow clone ends, and by its tip. Another key means a
 * rebuild, silently; never a migration.
 *
 * A file is complete and never changed. The next one is made beside it, under a lock and in one
 * transaction, and renamed over it. Where its tip is an ancestor on the first-parent chain, only the
 * pages that become others are written, into a second file (ledger.sqlite-pages), which names the one
 * that it belongs to and is replaced as well; when they are many, both become one file. So a commit
 * costs what it changes; readers take no lock and wait for nobody; a process that is killed leaves
 * a file that nobody reads and the next builder removes; there is no journal that could be missed.
 * Writing in place with a rollback journal was rejected: readers would have to hold a lock for as
 * long as they are asked, to write themselves (a hot journal) on a disk that may be read-only, and
 * a damaged file would have to be renamed over while others have it open. Nothing is flushed,
 * because what a power failure spoils is noticed.
 *
 * Each linked worktree has a file of its own, so that two branches do not replace each other's; one
 * at the same commit uses another's, and one that is behind goes on from the nearest.
 *
 * Damage is noticed by a checksum on each page as it is read (SQLite would give damaged text as an
 * answer), and the part is built anew before anybody hears of it. Where nothing can be written
 * (read-only folder, full disk, somebody else's repository), the same index lives in memory.
 */
#ifndef PM_INDEX_H
#define PM_INDEX_H

#include "pm/chronicle.h"
#include "pm/query.h"

struct index;

enum index_part { INDEX_LEDGER = 1, INDEX_TEXT = 2 };

/* Opens the index of a commit's state and brings the parts up to date. memory: never touch the disk
 * (for --at). */
int index_open(struct index **out, struct repo *r, const struct state *s, const struct oid *tip,
               int parts, bool memory, chronicle_progress *progress, void *ctx, struct err *e);
/* The ledger of a tip and, as one more step, of what is not committed: in memory, from what the disk
 * has, where nothing is written. s: the worktree's. tip: zero before the first commit. Of `step`
 * nothing is borrowed but its files, which are s's. */
int index_open_uncommitted(struct index **out, struct repo *r, const struct state *s,
                           const struct oid *tip, const struct uncommitted *step,
                           chronicle_progress *progress, void *ctx, struct err *e);
void index_close(struct index *i);

/* A point in history: commit and time of a landing, author of the change. */
struct stamp {
    bool known;
    bool uncommitted; /* not known yet: it has a time, that of the step, and nothing else */
    struct oid commit;
    int64_t at;       /* 0: neither */
    struct slice author, email;
};

/* One action item with what history says. Strings live in the rows' arena. */
struct action_row {
    struct slice ref;          /* PM-0042#A1 */
    struct slice postmortem, path;
    uint32_t line;
    bool gone;                 /* no longer in the tree: path and line are where it stood last */
    struct slice text, nested; /* nested: folded text of the points below it */
    enum item_state state;
    struct slice reason, owners; /* owners: one a line */
    struct date due;
    struct slice type, priority, tracker, links; /* links: one a line */
    struct stamp opened, closed;   /* commit and time of the landing, author of the change */
    uint32_t slips;
    int32_t slipped_days;
    uint32_t reopened;
    int64_t document;          /* the index's own number of it */
    int64_t number;            /* #3, whatever it is called */
    /* Of the postmortem, by index_facts; lists: one a line. */
    struct slice severity, services, causes;
    struct date date;
};
struct action_rows {
    struct arena arena;
    struct action_row *v;
    size_t n, cap;
};
void action_rows_release(struct action_rows *rows);

enum action_order {
    ORDER_OVERDUE, /* overdue ones, then what is due next */
    ORDER_DUE,
    ORDER_AGE,
    ORDER_REF, /* by path and number, which decides ties of the others */
    ORDER_SLIPS,
    ORDER_STATE
};

/* A list of action items. */
struct action_question {
    const struct query *query;
    const struct query_context *context;
    bool all; /* also resolved and vanished ones; else unresolved and present ones, unless the query
                 names a state */
    enum action_order order;
    bool reverse;
    size_t limit; /* rows, SIZE_MAX for all that there are; the totals are of all */
};
struct action_totals {
    size_t items, unresolved, overdue;
    size_t elsewhere; /* unresolved with a tracker, unless the schema says that the document decides */
    size_t dropped;
};

/* The items that match, in order. A postmortem that is gone or cannot be read is asked as it stood
 * last. Without a query, by what is due, the time does not grow with the number of items; where the
 * query asks only for what rows know of themselves, only the rows of the answer are read whole. */
int index_actions(struct index *i, const struct action_question *q, struct action_rows *out,
                  struct action_totals *totals, struct err *e);

/* Adds to rows what their postmortems say, as they stood last. */
int index_facts(struct index *i, struct action_rows *rows, struct err *e);

/* All items that the documents at a path ever had: first those that stand there, in document order. */
int index_actions_of(struct index *i, struct slice path, struct action_rows *out, struct err *e);
/* When the document at a path landed first, and when it was changed last: seconds; 0 unknown. */
int index_times_of(struct index *i, struct slice path, int64_t *created, int64_t *updated,
                   struct err *e);
/* A row as a query sees it. */
struct query_item action_row_item(const struct action_row *row);
/* Whole days from being opened to being closed, or to today; never negative. False: unknown. */
bool action_row_age(const struct action_row *row, const struct zone *zone, struct date today,
                    int64_t *days);

struct event_row {
    struct slice ref;
    enum event_kind kind;
    struct slice before, after;
    int32_t days;
    struct stamp change, landing;
};
struct event_rows {
    struct arena arena;
    struct event_row *v;
    size_t n, cap;
};
void event_rows_release(struct event_rows *rows);

/* The life of one item, from where it was promised to where it is now, in whatever postmortems, by any
 * of its references; the row as it is now comes too. -1 with a usage error that names near ones. */
int index_log(struct index *i, struct slice ref, struct action_rows *item, struct event_rows *out,
              struct err *e);

/* ---- search ---- */

/* A postmortem that is found. */
struct hit {
    int64_t document;  /* the index's own number of it */
    struct slice path, id;
    struct oid blob;   /* its content */
    struct date date;
    bool began_known;
    int64_t began;     /* when it started: seconds */
    size_t severity;   /* 0 is the worst; SIZE_MAX: none */
    double rank;       /* higher is better; 0 without words */
};

/* How many of them have a value, each once. */
struct facet_count {
    struct slice value;
    size_t n;
};
struct facet_counts {
    struct facet_count *v;
    size_t n, cap;
};
enum { FACET_FIELDS = 3 };
extern const char *const facet_fields[FACET_FIELDS]; /* severity causes services */

struct hits {
    struct arena arena;
    struct hit *v; /* in path order */
    size_t n, cap;
    size_t total;  /* n, or how many there would be */
    struct facet_counts facets[FACET_FIELDS]; /* in no order */
};
void hits_release(struct hits *h);

/* What is asked, and what is to be told of what is found; without rows only how many there are. */
struct search_wish {
    const struct query *query;
    bool rows, ranks, facets;
    /* The tables do not know all that a document says. Asked once at most, of those where they are in
     * doubt: does the query hold (query_match)? holds has a place for each. */
    int (*decide)(void *ctx, const struct hits *doubtful, bool *holds, struct err *e);
    void *ctx;
};
/* Needs INDEX_TEXT. Damage of the cache may make it ask for a second decision. */
int index_search(struct index *i, const struct search_wish *s, struct hits *out, struct err *e);
/* How SQLite goes about what a search may ask, a line a step: PLAN: SQL. For tests: a plan that looks at
 * each row for each other one is a thousand times slower, and nothing else tells. */
int index_text_plans(struct index *i, struct str *out, struct err *e);

/* What the ledger cannot know; needs INDEX_LEDGER. */
struct index_limits {
    size_t unreadable; /* documents */
    bool shallow;
};
int index_limits(struct index *i, struct index_limits *out, struct err *e);

/* Counts for the dashboard; needs INDEX_LEDGER. */
struct index_totals {
    struct index_limits limits;
    size_t documents;
    struct action_totals actions;
};
int index_totals(struct index *i, struct date today, struct index_totals *out, struct err *e);

/* `pm index --status`; needs INDEX_LEDGER. Borrowed from the index. */
struct index_part_status {
    const char *file;        /* NULL: in memory, or not asked for */
    const char *how;         /* now: built, continued, unchanged; NULL: not asked for */
    const char *made;        /* when it was written last: built, continued */
    uint64_t bytes;
};
struct index_status {
    struct oid tip;
    size_t documents, commits, items, events; /* commits: on the first-parent chain */
    struct index_part_status ledger, text;
};
int index_status(struct index *i, struct index_status *out, struct err *e);
/* A canonical text of everything in it, for comparing two indexes. */
int index_dump(struct index *i, struct str *out, struct err *e);
/* ---- as it stands -------------------------------------------------------------------------- */

/* Names for a completion, from the files that there are, of whatever tip; none is built or brought up
 * to date for that, and where there is none, or it cannot be read, there is nothing. Of text that
 * begins with prefix, at most PEEK_AT_MOST, each once. Values: of a field whose values are compared
 * whole (HOW_NAME, HOW_PERSON); `field` is its name, and of the others nothing. */
enum peek { PEEK_IDS, PEEK_REFS, PEEK_OWNERS, PEEK_TAGS, PEEK_VALUES };
enum { PEEK_AT_MOST = 1000 };
struct peeked {
    struct arena arena;
    struct slice *v;
    size_t n, cap;
};
void index_peek(struct peeked *out, struct repo *r, enum peek what, struct slice field,
                struct slice prefix);
void peeked_release(struct peeked *p);

/* Removes the files of all worktrees: the next command rebuilds. */
int index_remove(struct repo *r, struct err *e);

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void index_libraries(struct str *out);

#endif
