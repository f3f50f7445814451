/* The postmortems that a query about action items asks of. */
#include "index_private.h"

#include <stdlib.h>

#include "pm/caps.h"

/* One that rows belong to, as it was read last; also one that is gone. */
struct asked_document {
    struct postmortem *pm; /* while its rows are visited; NULL: larger than the cap */
    struct slice path;     /* borrowed from the rows */
    size_t last;           /* of its rows, + 1 */
    struct oid blob;
    bool in_worktree;      /* not committed, and perhaps nowhere else */
    int64_t created, updated;
};

/* Does the query ask anything of the postmortem that a row does not know? */
static bool needs_document(const struct query *q)
{
    if (q->kind == QUERY_IN || q->kind == QUERY_TEXT)
        return true;
    if (q->kind == QUERY_FIELD || q->kind == QUERY_HAS)
        return !query_subject_is_item(q->subject) && q->subject != SUBJECT_ID &&
               q->subject != SUBJECT_PATH;
    for (size_t i = 0; i < q->nchildren; i++)
        if (needs_document(q->children[i]))
            return true;
    return false;
}

void asked_init(struct asked *k, struct index *i, const struct query *q,
                const struct query_context *ctx)
{
    *k = (struct asked){.index = i, .query = q, .context = ctx};
    k->nothing = document_parse(xstrdup(""), 0);
    k->needed = needs_document(q);
}

void asked_release(struct asked *k)
{
    document_free(k->nothing);
}

/* ---- reading ---- */

/* The rows that are asked. */
struct asking {
    struct index *index;
    const struct row_place *rows;
    size_t n;
    asked_visit *visit;
    void *ctx;
    VEC(struct asked_document) documents;
    size_t *before;    /* by row: the one before it of the same document, + 1; 0: it is the first */
    struct map by_row; /* of a document → its index, + 1 */
};

static struct slice row_key(const int64_t *row)
{
    return slice_from((const char *)row, sizeof *row);
}

/* The number of a row's document among those that are known, from 1; 0: nothing is known of it. */
static int find_document(struct asking *a, sqlite3_stmt *s, const struct row_place *row,
                         size_t *number, struct err *e)
{
    struct asked_document d = {.path = row->path};
    struct slice key = row_key(&row->document);
    *number = (uintptr_t)map_get(&a->by_row, key);
    if (*number)
        return 0;
    bind_number(s, 1, row->document);
    int next = db_next(s, e);
    if (next > 0 && column_oid(s, 0, &d.blob)) {
        d.created = sqlite3_column_int64(s, 1);
        d.updated = sqlite3_column_int64(s, 2);
        d.in_worktree = sqlite3_column_int(s, 3);
        vec_push(&a->documents, d);
        *number = a->documents.n;
        map_put(&a->by_row, key, (void *)(uintptr_t)*number);
    }
    sqlite3_reset(s);
    return next < 0 ? -1 : 0;
}

/* Rows of which nothing is known are visited here. */
static int find_documents(struct asking *a, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(a->index->ledger.db,
                            "SELECT coalesce(version, content), "
                            "(SELECT at FROM commits WHERE n = d.created), "
                            "(SELECT at FROM commits WHERE n = d.updated), "
                            "d.present AND coalesce(version, content) = content "
                            "AND (SELECT id FROM commits WHERE n = d.updated) = zeroblob(20) "
                            "FROM documents d WHERE n = ?1",
                            &s, e);
    for (size_t i = 0, number; !failed && i < a->n; i++) {
        failed = find_document(a, s, &a->rows[i], &number, e);
        if (!failed && number) {
            a->before[i] = a->documents.v[number - 1].last;
            a->documents.v[number - 1].last = i + 1;
        } else if (!failed) {
            a->visit(a->ctx, i, NULL);
        }
    }
    sqlite3_finalize(s);
    return failed ? -1 : 0;
}

/* 1, or 0 when it is larger than the cap, or went while we looked. */
static int read_bytes(const struct asking *a, const struct asked_document *d, struct str *out,
                      struct err *e)
{
    struct repo *r = a->index->repo;
    enum object_kind kind;
    struct object blob;
    size_t size;
    bool too_large = false;
    if (d->in_worktree) {
        int got = snapshot_read_path(a->index->state->files, r, d->path, CAP_DOCUMENT_BYTES, out,
                                     &too_large, e);
        return got > 0 && too_large ? 0 : got;
    }
    if (object_size(r, &d->blob, &kind, &size, e))
        return -1;
    if (size > CAP_DOCUMENT_BYTES)
        return 0;
    if (object_read(r, &d->blob, OBJECT_BLOB, &blob, e))
        return -1;
    str_adds(out, blob.data);
    object_release(&blob);
    return 1;
}

static int visit_document(const struct asking *a, struct asked_document *d, struct zones *zones,
                          struct err *e)
{
    struct reader rd = {a->index->state->schema, zones_find, zones};
    struct str bytes = STR_INIT;
    int got = read_bytes(a, d, &bytes, e);
    if (got > 0) {
        size_t n = bytes.n;
        d->pm = postmortem_read(&rd, str_detach(&bytes, NULL), n, d->path);
    }
    str_release(&bytes);
    for (size_t row = got < 0 ? 0 : d->last; row; row = a->before[row - 1])
        a->visit(a->ctx, row - 1, d);
    postmortem_free(d->pm);
    d->pm = NULL;
    return got < 0 ? -1 : 0;
}

static int visit_documents(struct asking *a, struct err *e)
{
    size_t n = a->documents.n;
    struct oid *ids = xcalloc(n + 1, sizeof *ids);
    uint32_t *order = xcalloc(n + 1, sizeof *order);
    struct zones *zones = zones_new();
    int failed = 0;
    for (size_t i = 0; i < n; i++)
        ids[i] = a->documents.v[i].blob;
    object_read_order(a->index->repo, ids, n, order);
    for (size_t i = 0; !failed && i < n; i++)
        failed = visit_document(a, &a->documents.v[order[i]], zones, e);
    zones_free(zones);
    free(ids);
    free(order);
    return failed;
}

int asked_each(const struct asked *k, const struct row_place *rows, size_t n, asked_visit *visit,
               void *ctx, struct err *e)
{
    struct asking a = {
        .index = k->index, .rows = rows, .n = n, .visit = visit, .ctx = ctx};
    for (size_t i = 0; !k->needed && i < n; i++)
        visit(ctx, i, NULL);
    if (!k->needed)
        return 0;
    a.before = xcalloc(n + 1, sizeof *a.before);
    int failed = find_documents(&a, e) || visit_documents(&a, e);
    free(a.before);
    vec_release(&a.documents);
    map_release(&a.by_row);
    return failed ? -1 : 0;
}

/* ---- asking ---- */

const struct postmortem *asked_postmortem(const struct asked_document *d)
{
    return d ? d->pm : NULL;
}

bool asked_holds(const struct asked *k, const struct action_row *row,
                 const struct asked_document *asked)
{
    struct postmortem stub = {.schema = k->index->state->schema, .doc = k->nothing};
    struct postmortem pm = asked && asked->pm ? *asked->pm : stub;
    struct query_item item = action_row_item(row);
    struct query_document d = {.pm = &pm, .items = &item, .nitems = 1};
    if (asked) {
        d.created = asked->created;
        d.updated = asked->updated;
    }
    pm.id = row->postmortem; /* as it is shown */
    pm.path = row->path;
    return query_match(k->query, k->context, &d, &item);
}
