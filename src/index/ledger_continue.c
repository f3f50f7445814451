/* Going on from stored rows: those that the new steps may ask for are put back into a ledger, and
 * what comes of it is written over them. See pm/chronicle.h and pm/ledger.h for which these are. */
#include "ledger_rows.h"

#include <stdlib.h>
#include <string.h>

struct past {
    struct ledger_rows rows;
    struct chronicle *c;
    row_numbers commit_of;  /* row of a commit → its number in the chronicle, -1: not there yet */
    VEC(struct ledger_document) documents; /* as they were restored */
    struct map document_of; /* row of a document → its number in the ledger, + 1 */
    VEC(struct slice) names;
    struct arena arena;
};

/* ---- which ---- */

static int want(sqlite3 *db, const char *sql, const struct slice *v, size_t n, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(db, sql, &s, e);
    for (size_t i = 0; !failed && i < n; i++) {
        bind_text(s, 1, v[i]);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

/* CROSS JOIN, here and below: from what is wanted, which is little, whatever SQLite thinks of it.
 * Where one that is gone is wanted, so are all that are gone from its path: their order counts. */
static int choose(sqlite3 *db, const struct chronicle_wanted *wanted, struct err *e)
{
    return db_exec(db, "CREATE TEMP TABLE wanted (n INTEGER PRIMARY KEY)", e) ||
           want(db, "INSERT OR IGNORE INTO wanted SELECT n FROM documents WHERE path = ?1",
                wanted->paths, wanted->npaths, e) ||
           want(db,
                "INSERT OR IGNORE INTO wanted SELECT n FROM documents WHERE id = ?1 AND id <> ''",
                wanted->ids, wanted->nids, e) ||
           db_exec(db,
                   "INSERT OR IGNORE INTO wanted SELECT document FROM fresh;"
                   "INSERT OR IGNORE INTO wanted SELECT d.n FROM wanted w "
                   "CROSS JOIN documents o ON o.n = w.n CROSS JOIN documents d ON d.path = o.path",
                   e);
}

/* ---- commits ---- */

static int read_commit(struct past *p, int64_t row, uint32_t *out, struct err *e)
{
    struct chronicle_commit commit;
    struct slice person;
    sqlite3_stmt *s = NULL;
    int next = -1;
    if (db_prepare(p->rows.db, "SELECT id, at, author FROM commits WHERE n = ?1", &s, e) == 0) {
        bind_number(s, 1, row);
        next = db_next(s, e);
    }
    if (next > 0 && column_oid(s, 0, &commit.id)) {
        commit.at = sqlite3_column_int64(s, 1);
        if (words_text(&p->rows.people, sqlite3_column_int64(s, 2), &person, e) == 0) {
            person_split(person, &commit.author, &commit.email);
            *out = chronicle_commit_add(p->c, &commit);
        } else {
            next = -1;
        }
    } else if (next >= 0) {
        next = err_set(e, "the index lacks a commit");
    }
    sqlite3_finalize(s);
    return next > 0 ? 0 : -1;
}

/* The number in the chronicle of the commit in this row, which is added the first time. */
static int commit_at(struct past *p, int64_t row, uint32_t *out, struct err *e)
{
    while (p->commit_of.n <= (size_t)row)
        vec_push(&p->commit_of, -1);
    if (p->commit_of.v[row] < 0) {
        uint32_t number = 0;
        if (read_commit(p, row, &number, e))
            return -1;
        p->commit_of.v[row] = number;
    }
    *out = (uint32_t)p->commit_of.v[row];
    return 0;
}

static int column_commit(struct past *p, sqlite3_stmt *s, int i, uint32_t *out, struct err *e)
{
    *out = LEDGER_NONE;
    return sqlite3_column_type(s, i) == SQLITE_NULL
               ? 0
               : commit_at(p, sqlite3_column_int64(s, i), out, e);
}

/* ---- documents ---- */

static struct slice row_key(const int64_t *row)
{
    return slice_from((const char *)row, sizeof *row);
}

static int column_version(struct past *p, sqlite3_stmt *s, int i, const struct version **out,
                          struct err *e)
{
    struct oid id;
    *out = NULL;
    return column_oid(s, i, &id) ? chronicle_version(p->c, &id, out, e) : 0;
}

static struct ledger_document read_document(sqlite3_stmt *s, struct arena *a)
{
    return (struct ledger_document){
        .path = column_text(s, DOC_PATH, a),
        .id = column_text(s, DOC_ID, a),
        .present = sqlite3_column_int(s, DOC_PRESENT),
        .readable = sqlite3_column_int(s, DOC_READABLE),
        .draft = sqlite3_column_int(s, DOC_DRAFT),
        .items = (uint32_t)sqlite3_column_int64(s, DOC_NUMBERS),
        .id_since = (uint32_t)sqlite3_column_int64(s, DOC_ID_SINCE),
        .next_same_id = LEDGER_NONE,
        .older_here = LEDGER_NONE,
    };
}

static int restore_document(struct past *p, sqlite3_stmt *s, struct err *e)
{
    struct ledger_document d = read_document(s, &p->arena);
    int64_t row = sqlite3_column_int64(s, DOC_N);
    if (column_version(p, s, DOC_VERSION, &d.version, e) ||
        column_version(p, s, DOC_CONTENT, &d.content, e) ||
        column_commit(p, s, DOC_CREATED, &d.created, e) ||
        column_commit(p, s, DOC_UPDATED, &d.updated, e))
        return -1;
    uintptr_t index = ledger_restore_document(p->c->ledger, &d);
    vec_push(&p->documents, d);
    vec_push(&p->names, column_text(s, DOC_NAME, &p->arena));
    vec_push(&p->rows.documents, row);
    map_put(&p->document_of, row_key(&row), (void *)(index + 1));
    return 0;
}

static int restore_documents(struct past *p, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(p->rows.db,
                          "SELECT d.* FROM wanted w CROSS JOIN documents d ON d.n = w.n "
                          "ORDER BY d.gone, d.n",
                          &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0)
        next = restore_document(p, s, e);
    sqlite3_finalize(s);
    return next;
}

/* ---- items ---- */

static struct date column_date(sqlite3_stmt *s, int i)
{
    return sqlite3_column_type(s, i) == SQLITE_NULL ? (struct date){0}
                                                    : date_from_days(sqlite3_column_int64(s, i));
}

static int column_word(struct past *p, sqlite3_stmt *s, int i, struct slice *out, struct err *e)
{
    return words_text(&p->rows.words, sqlite3_column_int64(s, i), out, e);
}

static int read_stated(struct past *p, sqlite3_stmt *s, struct stated *out, struct err *e)
{
    *out = (struct stated){
        .text = column_text(s, ITEM_TEXT, &p->arena),
        .due = column_date(s, ITEM_DUE),
        .state = (enum action_state)sqlite3_column_int(s, ITEM_STATED),
        .reason = column_text(s, ITEM_REASON, &p->arena),
        .tracker = column_text(s, ITEM_TRACKER, &p->arena),
        .links = column_text(s, ITEM_LINKS, &p->arena),
    };
    return column_word(p, s, ITEM_OWNERS, &out->owners, e) ||
           column_word(p, s, ITEM_TYPE, &out->type, e) ||
           column_word(p, s, ITEM_PRIORITY, &out->priority, e);
}

static int read_item(struct past *p, sqlite3_stmt *s, struct ledger_item *out, struct err *e)
{
    bool by_text = sqlite3_column_type(s, ITEM_KEY) == SQLITE_NULL;
    *out = (struct ledger_item){
        .number = (uint32_t)sqlite3_column_int64(s, ITEM_NUMBER),
        .id = column_text(s, ITEM_ID, &p->arena),
        .state = (enum item_state)sqlite3_column_int(s, ITEM_STATE),
        .line = (uint32_t)sqlite3_column_int64(s, ITEM_LINE),
        .first_due = column_date(s, ITEM_FIRST_DUE),
        .last_due = column_date(s, ITEM_LAST_DUE),
        .slips = (uint32_t)sqlite3_column_int64(s, ITEM_SLIPS),
        .slipped_days = sqlite3_column_int(s, ITEM_SLIPPED_DAYS),
        .reopened = (uint32_t)sqlite3_column_int64(s, ITEM_REOPENED),
        .successor = LEDGER_NONE,
        .key = column_text(s, by_text ? ITEM_TEXT : ITEM_KEY, &p->arena),
        .group = column_text(s, ITEM_GROUPED, &p->arena),
        .position = (long)sqlite3_column_int64(s, ITEM_POSITION),
        .promised = sqlite3_column_int(s, ITEM_PROMISED),
    };
    return read_stated(p, s, &out->now, e) ||
           column_commit(p, s, ITEM_OPENED_CHANGE, &out->opened_change, e) ||
           column_commit(p, s, ITEM_OPENED_LANDING, &out->opened_landing, e) ||
           column_commit(p, s, ITEM_CLOSED_CHANGE, &out->closed_change, e) ||
           column_commit(p, s, ITEM_CLOSED_LANDING, &out->closed_landing, e) ||
           column_commit(p, s, ITEM_SINCE, &out->since, e);
}

/* Row of a document → its index in the ledger. */
static uint32_t document_at(const struct past *p, int64_t row)
{
    uintptr_t known = (uintptr_t)map_get(&p->document_of, row_key(&row));
    if (!known)
        BUG("an item of document %lld, which was not wanted", (long long)row);
    return (uint32_t)(known - 1);
}

static int restore_item(struct past *p, sqlite3_stmt *s, struct err *e)
{
    struct ledger_item item;
    bool gone = sqlite3_column_type(s, ITEM_SLOT) == SQLITE_NULL;
    bool ends = sqlite3_column_type(s, ITEM_SUCCESSOR) == SQLITE_NULL;
    if (read_item(p, s, &item, e))
        return -1;
    item.document = document_at(p, sqlite3_column_int64(s, ITEM_DOCUMENT));
    ledger_restore_item(p->c->ledger, &item,
                        gone ? LEDGER_NONE : (uint32_t)sqlite3_column_int64(s, ITEM_SLOT));
    vec_push(&p->rows.items, sqlite3_column_int64(s, ITEM_N));
    vec_push(&p->rows.successors, ends ? -1 : sqlite3_column_int64(s, ITEM_SUCCESSOR));
    return 0;
}

static int restore_items(struct past *p, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(p->rows.db,
                          "SELECT i.* FROM wanted w CROSS JOIN items i ON i.document = w.n "
                          "ORDER BY i.n",
                          &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0)
        next = restore_item(p, s, e);
    sqlite3_finalize(s);
    return next;
}

/* ---- all of it ---- */

static int count_besides(struct past *p, struct err *e)
{
    int64_t documents = 0, unreadable = 0, rows = 0;
    if (meta_number(p->rows.db, "rows", &rows, e) ||
        meta_number(p->rows.db, "documents", &documents, e) ||
        meta_number(p->rows.db, "unreadable", &unreadable, e))
        return -1;
    for (size_t i = 0; i < p->documents.n; i++) {
        documents -= p->documents.v[i].present;
        unreadable -= p->documents.v[i].present && !p->documents.v[i].readable;
    }
    p->c->rows_besides = (size_t)rows - p->c->ledger->ndocuments - p->c->ledger->nitems;
    p->rows.documents_besides = documents;
    p->rows.unreadable_besides = unreadable;
    return 0;
}

static int load(void *ctx, struct chronicle *c, const struct chronicle_wanted *wanted,
                struct err *e)
{
    struct past *p = ctx;
    struct ledger *l = c->ledger;
    int64_t previous = -1, ids_taken = 0;
    p->c = c;
    /* Those of the new steps are there already. */
    for (size_t i = 0; i < c->ncommits; i++)
        vec_push(&p->rows.commits, -1);
    if (meta_number(p->rows.db, "previous", &previous, e) ||
        meta_number(p->rows.db, "ids_taken", &ids_taken, e) ||
        choose(p->rows.db, wanted, e) ||
        (previous >= 0 && commit_at(p, previous, &l->previous, e)))
        return -1;
    l->ids_taken = (uint32_t)ids_taken;
    return restore_documents(p, e) || restore_items(p, e) || count_besides(p, e) ||
                   db_exec(p->rows.db, "DROP TABLE temp.wanted", e)
               ? -1
               : 0;
}

/* What is a commit's row? New ones come behind, in the chronicle's order. */
static int number_commits(struct past *p, struct err *e)
{
    int64_t next = 0;
    if (db_number(p->rows.db, "SELECT max(n) + 1 FROM commits", 0, &next, e))
        return -1;
    while (p->rows.commits.n < p->c->ncommits)
        vec_push(&p->rows.commits, -1);
    for (size_t row = 0; row < p->commit_of.n; row++)
        if (p->commit_of.v[row] >= 0)
            p->rows.commits.v[p->commit_of.v[row]] = (int64_t)row;
    for (size_t i = 0; i < p->rows.commits.n; i++)
        if (p->rows.commits.v[i] < 0)
            p->rows.commits.v[i] = next++;
    return 0;
}

/* May any document, one that was not loaded too, be called otherwise now? */
static bool names_may_change(const struct past *p)
{
    const struct ledger *l = p->c->ledger;
    if (l->ndocuments > p->documents.n)
        return true;
    for (size_t i = 0; i < p->documents.n; i++) {
        const struct ledger_document *a = &p->documents.v[i], *b = &l->documents[i];
        if (a->present != b->present || a->id_since != b->id_since ||
            !slice_eq(a->path, b->path) || !slice_eq(a->id, b->id))
            return true;
    }
    return false;
}

static int rename_documents(sqlite3 *db, const struct ledger_names *names,
                            const row_numbers *rows, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed =
        db_prepare(db, "UPDATE documents SET name = ?2 WHERE n = ?1 AND name <> ?2", &s, e);
    for (size_t i = 0; !failed && i < rows->n; i++) {
        bind_number(s, 1, rows->v[i]);
        bind_text(s, 2, names->of[i]);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

/* Names follow from all documents, so a ledger of nothing but documents gives them. */
static int name_documents(sqlite3 *db, struct err *e)
{
    struct ledger *l = ledger_new();
    struct ledger_names names;
    struct arena arena = ARENA_INIT;
    row_numbers rows = VEC_INIT;
    sqlite3_stmt *s = NULL;
    int next = db_prepare(db, "SELECT * FROM documents ORDER BY n", &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        struct ledger_document d = read_document(s, &arena);
        d.items = 0;
        ledger_restore_document(l, &d);
        vec_push(&rows, sqlite3_column_int64(s, DOC_N));
        next = 0;
    }
    sqlite3_finalize(s);
    if (next == 0) {
        ledger_names_init(&names, l);
        next = rename_documents(db, &names, &rows, e);
        ledger_names_release(&names);
    }
    vec_release(&rows);
    arena_release(&arena);
    ledger_free(l);
    return next;
}

static int store(struct past *p, struct err *e)
{
    int64_t chain = 0;
    bool rename = names_may_change(p);
    p->rows.c = p->c;
    while (p->names.n < p->c->ledger->ndocuments)
        vec_push(&p->names, slice_of(""));
    p->rows.names = p->names.v;
    return number_commits(p, e) || ledger_rows_write(&p->rows, e) ||
                   (rename && name_documents(p->rows.db, e)) ||
                   meta_number(p->rows.db, "chain", &chain, e) ||
                   ledger_meta_write(&p->rows, chain + (int64_t)p->c->chain, e)
               ? -1
               : 0;
}

static void past_release(struct past *p)
{
    chronicle_free(p->c);
    vec_release(&p->commit_of);
    vec_release(&p->documents);
    vec_release(&p->names);
    map_release(&p->document_of);
    ledger_rows_release(&p->rows);
    arena_release(&p->arena);
}

int ledger_add_uncommitted(struct index *i, sqlite3 *db, struct err *e)
{
    struct past p = {0};
    struct chronicle_past past = {.ctx = &p, .tip = i->tip, .load = load};
    struct chronicle *c = NULL;
    ledger_rows_init(&p.rows, i, db);
    int failed =
        chronicle_uncommitted(&c, i->repo, i->step, &i->state->selection, &past, e);
    p.c = c;
    if (!failed)
        failed = store(&p, e);
    past_release(&p);
    return failed ? -1 : 0;
}

int ledger_continue(struct index *i, sqlite3 *db, const struct oid *from, bool *done,
                    struct err *e)
{
    struct past p = {0};
    struct chronicle_past past = {.ctx = &p, .tip = *from, .load = load};
    struct chronicle *c = NULL;
    int64_t forward = 0, edits = 0;
    bool found = false;
    if (meta_number(db, "forward", &forward, e) || meta_number(db, "edits", &edits, e))
        return -1;
    past.forward = forward;
    past.edits = (size_t)edits;
    ledger_rows_init(&p.rows, i, db);
    int failed =
        chronicle_continue(&c, &found, i->repo, &i->tip, &i->state->selection, &past, e);
    p.c = c;
    if (!failed && found)
        failed = store(&p, e);
    past_release(&p);
    if (!failed)
        *done = found;
    return failed ? -1 : 0;
}
