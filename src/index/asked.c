/* The postmortems that a query about action items asks of. */
#include "index_private.h"

#include <stdlib.h>

#include "pm/caps.h"

/* One that a row belongs to, as it was read last; also one that is gone. */
struct asked_document {
    struct postmortem *pm; /* NULL: larger than the cap */
    struct slice path;     /* borrowed from the rows */
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
    for (size_t i = 0; i < k->n; i++)
        postmortem_free(k->v[i].pm);
    document_free(k->nothing);
    map_release(&k->by_row);
    free(k->v);
}

static struct slice row_key(const int64_t *row)
{
    return slice_from((const char *)row, sizeof *row);
}

/* ---- reading ---- */

static int find_documents(struct asked *k, const struct row_place *rows, size_t n, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = db_prepare(k->index->ledger.db,
                            "SELECT coalesce(version, content), "
                            "(SELECT at FROM commits WHERE n = d.created), "
                            "(SELECT at FROM commits WHERE n = d.updated), "
                            "d.present AND coalesce(version, content) = content "
                            "AND (SELECT id FROM commits WHERE n = d.updated) = zeroblob(20) "
                            "FROM documents d WHERE n = ?1",
                            &s, e);
    for (size_t i = 0; !failed && i < n; i++) {
        struct asked_document *d = &k->v[k->n];
        if (map_get(&k->by_row, row_key(&rows[i].document)))
            continue;
        bind_number(s, 1, rows[i].document);
        int next = db_next(s, e);
        if (next > 0 && column_oid(s, 0, &d->blob)) {
            d->path = rows[i].path;
            d->created = sqlite3_column_int64(s, 1);
            d->updated = sqlite3_column_int64(s, 2);
            d->in_worktree = sqlite3_column_int(s, 3);
            map_put(&k->by_row, row_key(&rows[i].document), (void *)(uintptr_t)++k->n);
        }
        failed = next < 0;
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return failed ? -1 : 0;
}

/* 1, or 0 when it is larger than the cap, or went while we looked. */
static int read_bytes(struct asked *k, const struct asked_document *d, struct str *out,
                      struct err *e)
{
    struct repo *r = k->index->repo;
    enum object_kind kind;
    struct object blob;
    size_t size;
    bool too_large = false;
    if (d->in_worktree) {
        int got = snapshot_read_path(k->index->state->files, r, d->path, CAP_DOCUMENT_BYTES, out,
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

static int read_document(struct asked *k, struct asked_document *d, struct zones *zones,
                         struct err *e)
{
    struct reader rd = {k->index->state->schema, zones_find, zones};
    struct str bytes = STR_INIT;
    int got = read_bytes(k, d, &bytes, e);
    if (got > 0) {
        size_t n = bytes.n;
        d->pm = postmortem_read(&rd, str_detach(&bytes, NULL), n, d->path);
    }
    str_release(&bytes);
    return got < 0 ? -1 : 0;
}

static int read_documents(struct asked *k, struct err *e)
{
    struct oid *ids = xcalloc(k->n + 1, sizeof *ids);
    uint32_t *order = xcalloc(k->n + 1, sizeof *order);
    struct zones *zones = zones_new();
    int failed = 0;
    for (size_t i = 0; i < k->n; i++)
        ids[i] = k->v[i].blob;
    object_read_order(k->index->repo, ids, k->n, order);
    for (size_t i = 0; !failed && i < k->n; i++)
        failed = read_document(k, &k->v[order[i]], zones, e);
    zones_free(zones);
    free(ids);
    free(order);
    return failed;
}

int asked_load(struct asked *k, const struct row_place *rows, size_t n, struct err *e)
{
    if (!k->needed)
        return 0;
    k->v = xcalloc(n + 1, sizeof *k->v);
    return find_documents(k, rows, n, e) || read_documents(k, e) ? -1 : 0;
}

/* ---- asking ---- */

static const struct asked_document *find(const struct asked *k, int64_t document)
{
    uintptr_t known = (uintptr_t)map_get(&k->by_row, row_key(&document));
    return known ? &k->v[known - 1] : NULL;
}

const struct postmortem *asked_postmortem(const struct asked *k, int64_t document)
{
    const struct asked_document *asked = find(k, document);
    return asked ? asked->pm : NULL;
}

bool asked_holds(const struct asked *k, const struct action_row *row, int64_t document)
{
    const struct asked_document *asked = find(k, document);
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
