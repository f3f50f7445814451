/* Everything in an index as text. Two indexes of one tip have the same text, however they came to be:
 * what is numbered by chance (rows, commits) is written by name, and in an order that follows from
 * names. */
#include "index_private.h"

#include <sys/stat.h>

#include "pages.h"

/* One line a row: the columns that are not NULL, separated by tabs, with tabs and line ends inside
 * them escaped. */
static void add_row(struct str *out, const char *what, sqlite3_stmt *s)
{
    str_addz(out, what);
    for (int i = 0; i < sqlite3_column_count(s); i++) {
        const char *text = (const char *)sqlite3_column_text(s, i);
        size_t n = (size_t)sqlite3_column_bytes(s, i);
        str_addc(out, '\t');
        for (size_t k = 0; text && k < n; k++) {
            if (text[k] == '\t' || text[k] == '\n' || text[k] == '\\')
                str_addf(out, "\\%03o", (unsigned)text[k]);
            else
                str_addc(out, text[k]);
        }
        if (!text)
            str_addc(out, '-');
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

/* Of the words a sum for each document and column: each at its place counts once. */
static int dump_words(sqlite3 *db, struct str *out, struct err *e)
{
    return db_exec(db,
                   "CREATE VIRTUAL TABLE temp.word USING fts5vocab (main, words, instance);"
                   "CREATE TEMP TABLE heard (path, col, term, at)",
                   e) ||
           db_exec(db,
                   "INSERT INTO heard SELECT d.path, w.col, w.term, w.offset FROM temp.word w "
                   "LEFT JOIN documents d ON d.n = w.doc",
                   e) ||
           add_rows(out, "words", db,
                    "SELECT path, col, at, group_concat(term, ' ') FROM "
                    "(SELECT * FROM heard ORDER BY path, col, at, term) GROUP BY path, col, at",
                    e) ||
           db_exec(db, "DROP TABLE temp.heard; DROP TABLE temp.word", e);
}

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
