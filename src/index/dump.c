/* Everything in an index as text. Two indexes of one tip have the same text, however they came to be:
 * what is numbered by chance (rows, commits) is written by name, and in an order that follows from
 * names. */
#include "index_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pages.h"

/* With tabs and line ends escaped: a row is a line, its columns are separated by tabs. */
static void add_column(struct str *out, struct slice text)
{
    str_addc(out, '\t');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\t' || text.p[i] == '\n' || text.p[i] == '\\')
            str_addf(out, "\\%03o", (unsigned)text.p[i]);
        else
            str_addc(out, text.p[i]);
    }
}

/* NULL is "-". */
static void add_row(struct str *out, const char *what, sqlite3_stmt *s)
{
    str_addz(out, what);
    for (int i = 0; i < sqlite3_column_count(s); i++) {
        const char *text = (const char *)sqlite3_column_text(s, i);
        add_column(out, text ? slice_from(text, (size_t)sqlite3_column_bytes(s, i)) : SLICE("-"));
    }
    str_addc(out, '\n');
}

static int add_rows(struct str *out, const char *what, sqlite3 *db, const char *sql,
                    struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(db, sql, &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        add_row(out, what, s);
        next = 0;
    }
    sqlite3_finalize(s);
    return next;
}

#define REF(item, document) document ".name || '#' || " item ".label"
#define COMMIT(column) "(SELECT hex(c.id) || ' ' || c.at || ' ' || " \
                       "replace(p.text, char(10), ' <') || '>' FROM commits c " \
                       "JOIN people p ON p.n = c.author WHERE c.n = " column ")"
#define WORD(column) "(SELECT text FROM words WHERE n = " column ")"

static int dump_ledger(sqlite3 *db, struct str *out, struct err *e)
{
    return add_rows(out, "meta", db,
                    "SELECT key, value FROM meta WHERE key NOT IN ('previous', 'continued') ORDER BY key", e) ||
           add_rows(out, "previous", db,
                    "SELECT " COMMIT("value") " FROM meta WHERE key = 'previous'", e) ||
           add_rows(out, "document", db,
                    "SELECT path, name, id, present, readable, draft, numbers, hex(version), "
                    "hex(content), " COMMIT("d.created") ", " COMMIT("d.updated") ", "
                    "id_since, row_number() OVER (PARTITION BY path, present "
                    "ORDER BY gone, n) FROM documents d ORDER BY n",
                    e) ||
           add_rows(out, "item", db,
                    "SELECT " REF("i", "d") ", d.path, i.number, i.slot, i.id, i.line, i.text, "
                    "i.nested, i.state, i.stated, i.reason, " WORD("i.owners") ", i.due, "
                    "i.first_due, i.last_due, " WORD("i.type") ", " WORD("i.priority") ", "
                    "i.tracker, i.elsewhere, i.links, "
                    COMMIT("i.opened_change") ", " COMMIT("i.opened_landing") ", "
                    COMMIT("i.closed_change") ", " COMMIT("i.closed_landing") ", i.slips, "
                    "i.slipped_days, i.reopened, (SELECT " REF("x", "y") " FROM items x "
                    "JOIN documents y ON y.n = x.document WHERE x.n = i.successor), coalesce(i.key, i.text), "
                    "i.grouped, i.position, " COMMIT("i.since") ", i.promised "
                    "FROM items i JOIN documents d ON d.n = i.document ORDER BY i.n",
                    e) ||
           add_rows(out, "event", db,
                    "SELECT " REF("i", "d") ", v.kind, v.before, coalesce(v.after, i.text), v.days, "
                    COMMIT("v.change") ", " COMMIT("v.landing") " FROM events v "
                    "JOIN items i ON i.n = v.item JOIN documents d ON d.n = i.document "
                    "ORDER BY v.item, v.n",
                    e) ||
           add_rows(out, "fresh", db,
                    "SELECT d.path FROM fresh f JOIN documents d ON d.n = f.document ORDER BY d.n",
                    e) ||
           add_rows(out, "tally", db,
                    "SELECT state, elsewhere, due, items FROM tallies WHERE items <> 0 "
                    "ORDER BY state, elsewhere, due",
                    e);
}

/* ---- words ---- */

static const char *const columns[] = {"title", "facts", "body"}; /* of the table `words` */
enum { COLUMNS = sizeof columns / sizeof *columns };

/* What a document says: of every word at its place a number, added up. There are ten million of them
 * in ten thousand documents, and SQLite tells them by word. */
struct said {
    int64_t document;
    size_t words[COLUMNS];
    uint64_t sums[COLUMNS];
};

struct all_said {
    VEC(struct said) v; /* by document */
    struct said *last;  /* what follows is mostly of the same one */
    struct said nobody; /* of documents that there are not */
};

/* The last step of splitmix64 (Steele, Lea, Flood 2014): without it, sums would be alike too often. */
static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static int by_document(const void *key, const void *entry)
{
    int64_t a = *(const int64_t *)key, b = ((const struct said *)entry)->document;
    return (a > b) - (a < b);
}

static struct said *said_by(struct all_said *all, int64_t document)
{
    if (!all->last || all->last->document != document)
        all->last = all->v.n ? bsearch(&document, all->v.v, all->v.n, sizeof *all->v.v, by_document)
                             : NULL;
    return all->last ? all->last : &all->nobody;
}

/* One of doc, col, term, offset. */
static void hear(struct all_said *all, sqlite3_stmt *s)
{
    struct said *said = said_by(all, sqlite3_column_int64(s, 0));
    const char *column = (const char *)sqlite3_column_text(s, 1);
    struct slice term = slice_from((const char *)sqlite3_column_text(s, 2),
                                   (size_t)sqlite3_column_bytes(s, 2));
    uint64_t place = (uint64_t)sqlite3_column_int64(s, 3);
    for (int i = 0; i < COLUMNS && column; i++) {
        if (strcmp(column, columns[i]) != 0)
            continue;
        said->words[i]++;
        said->sums[i] += mixed(slice_hash(term) + place * UINT64_C(0x9e3779b97f4a7c15));
    }
}

static int hear_all(struct all_said *all, sqlite3 *db, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(db, "SELECT n FROM documents ORDER BY n", &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        vec_push(&all->v, (struct said){.document = sqlite3_column_int64(s, 0)});
        next = 0;
    }
    sqlite3_finalize(s);
    s = NULL;
    if (next == 0)
        next = db_prepare(db, "SELECT doc, col, term, offset FROM temp.word", &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        hear(all, s);
        next = 0;
    }
    sqlite3_finalize(s);
    return next;
}

static void add_said(struct str *out, struct slice path, const struct said *said)
{
    for (int i = 0; i < COLUMNS; i++) {
        if (!said->words[i])
            continue;
        str_addz(out, "words");
        add_column(out, path);
        str_addf(out, "\t%s\t%zu\t%016" PRIx64 "\n", columns[i], said->words[i], said->sums[i]);
    }
}

static int add_all_said(struct str *out, struct all_said *all, sqlite3 *db, struct err *e)
{
    struct arena arena = ARENA_INIT;
    sqlite3_stmt *s = NULL;
    int next = db_prepare(db, "SELECT path, n FROM documents ORDER BY path", &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        add_said(out, column_text(s, 0, &arena), said_by(all, sqlite3_column_int64(s, 1)));
        next = 0;
    }
    add_said(out, SLICE("-"), &all->nobody);
    sqlite3_finalize(s);
    arena_release(&arena);
    return next;
}

static int dump_words(sqlite3 *db, struct str *out, struct err *e)
{
    struct all_said all = {.v = VEC_INIT};
    int failed = db_exec(db, "CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, words, instance)", e) ||
                 hear_all(&all, db, e) || add_all_said(out, &all, db, e) ||
                 db_exec(db, "DROP TABLE temp.word", e);
    vec_release(&all.v);
    return failed;
}

/* ---- both parts ---- */

static int dump_text(sqlite3 *db, struct str *out, struct err *e)
{
    return add_rows(out, "meta", db, "SELECT key, value FROM meta WHERE key <> 'continued' ORDER BY key", e) ||
           add_rows(out, "document", db,
                    "SELECT path, hex(blob), id, stated, day, began, severity FROM documents "
                    "ORDER BY path",
                    e) ||
           add_rows(out, "fact", db,
                    "SELECT d.path, f.name, f.how, f.value, f.shown FROM facts f "
                    "LEFT JOIN documents d ON d.n = f.document ORDER BY 1, 2, 3, 4, 5",
                    e) ||
           add_rows(out, "number", db,
                    "SELECT d.path, f.name, f.measure, f.number, f.beside FROM numbers f "
                    "LEFT JOIN documents d ON d.n = f.document ORDER BY 1, 2, 3, 4, 5",
                    e) ||
           dump_words(db, out, e);
}

static int dump(struct index *i, struct str *out, struct err *e)
{
    return (i->ledger.db && dump_ledger(i->ledger.db, out, e)) ||
                   (i->text.db && dump_text(i->text.db, out, e))
               ? -1
               : 0;
}

int index_dump(struct index *i, struct str *out, struct err *e)
{
    size_t before = out->n;
    int failed = dump(i, out, e);
    while (failed && (index_heal(i, &i->ledger, e) || index_heal(i, &i->text, e))) {
        str_truncate(out, before);
        failed = dump(i, out, e);
    }
    if (failed)
        str_truncate(out, before);
    return failed;
}

/* ---- status ---- */

static void part_status(const struct part *p, struct index_part_status *out)
{
    struct stat st;
    int64_t continued = 0;
    *out = (struct index_part_status){.how = p->how};
    if (!p->db)
        return;
    meta_number(p->db, "continued", &continued, NULL);
    out->made = continued ? "continued" : "built";
    if (p->in_memory)
        return;
    out->file = p->file.p;
    if (stat(p->file.p, &st) == 0)
        out->bytes = (uint64_t)st.st_size + checked_pages(p->db) * PAGE;
}

static int status(struct index *i, struct index_status *out, struct err *e)
{
    static const char *const counts[] = {
        "SELECT value FROM meta WHERE key = 'documents'",
        "SELECT value FROM meta WHERE key = 'chain'",
        "SELECT count(*) FROM items",
        "SELECT count(*) FROM events",
    };
    int64_t n[4] = {0};
    for (int k = 0; k < 4; k++)
        if (db_number(i->ledger.db, counts[k], 0, &n[k], e))
            return -1;
    *out = (struct index_status){.tip = i->tip, .documents = (size_t)n[0], .commits = (size_t)n[1],
                                 .items = (size_t)n[2], .events = (size_t)n[3]};
    part_status(&i->ledger, &out->ledger);
    part_status(&i->text, &out->text);
    return 0;
}

int index_status(struct index *i, struct index_status *out, struct err *e)
{
    int failed;
    do
        failed = status(i, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}
