/* Blobs → versions: each read once, in pack order, by threads with a repository handle of each. */
#include "chronicle_private.h"

#include "workers.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

#define BLOBS_PER_THREAD 64u
#define BATCH            64u /* neighbours in a pack share their delta bases */

struct blobs *blobs_new(struct repo *r, const struct selection *sel)
{
    struct blobs *b = xcalloc(1, sizeof *b);

    b->repo = r;
    b->sel = *sel;
    return b;
}

static void forget(struct blob *b)
{
    version_free(b->version);
    similar_free(b->signature);
    b->version = NULL;
    b->signature = NULL;
}

void blobs_keep(struct blobs *b, const bool *kept)
{
    for (size_t i = 0; i < b->list.n; i++)
        if (!kept[i])
            forget(&b->list.v[i]);
}

void blobs_free(struct blobs *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->list.n; i++)
        forget(&b->list.v[i]);
    vec_release(&b->list);
    map_release(&b->by_id);
    free(b);
}

uint32_t blobs_index(struct blobs *b, const struct oid *id)
{
    struct slice key = slice_from((const char *)id->b, OID_SIZE);

    if (oid_is_zero(id))
        return NO_BLOB;
    uintptr_t known = (uintptr_t)map_get(&b->by_id, key);
    if (!known) {
        vec_push(&b->list, (struct blob){*id, NULL, NULL});
        known = b->list.n;
        map_put(&b->by_id, key, (void *)known);
    }
    return (uint32_t)(known - 1);
}

const struct version *blobs_version(const struct blobs *b, uint32_t index)
{
    return index == NO_BLOB ? NULL : b->list.v[index].version;
}

/* ---- what only the worktree has ------------------------------------------------------------ */

static struct version *parse(const struct reader *rd, struct slice bytes)
{
    struct postmortem *pm = postmortem_read_items(rd, xmemdup(bytes.p, bytes.n), bytes.n);
    struct version *v = version_of(pm);

    postmortem_free(pm);
    return v;
}

static uint32_t add_unreadable(struct blobs *b)
{
    struct version *v = version_unreadable();

    struct similar *empty = NULL;

    similar_of(&empty, slice_from(NULL, 0), NULL);
    v->content = (uint32_t)b->list.n;
    vec_push(&b->list, (struct blob){.version = v, .signature = empty});
    return v->content;
}

/* Read at once: there is no object to read it from later. */
static int add_bytes(struct blobs *b, struct slice bytes, uint32_t *index, struct err *e)
{
    struct oid id;

    oid_of_blob(bytes, &id);
    uint32_t at = blobs_index(b, &id);
    struct blob *blob = &b->list.v[at];
    if (!blob->signature && similar_of(&blob->signature, bytes, e) < 0)
        return -1;
    if (!blob->version) {
        struct zones *zones = zones_new();
        blob->version = parse(&(struct reader){b->sel.schema, zones_find, zones}, bytes);
        blob->version->content = at;
        zones_free(zones);
    }
    *index = at;
    return 0;
}

int blobs_index_file(struct blobs *b, const struct snapshot *files, struct slice path,
                     uint32_t *index, struct err *e)
{
    struct str bytes = STR_INIT;
    bool too_large = false;
    int got = snapshot_read_path(files, b->repo, path, CAP_DOCUMENT_BYTES, &bytes, &too_large, e);

    if (got == 0)
        *index = NO_BLOB;
    else if (got > 0 && too_large)
        *index = add_unreadable(b);
    else if (got > 0)
        got = add_bytes(b, str_slice(&bytes), index, e);
    str_release(&bytes);
    return got < 0 ? -1 : 0;
}

/* ---- parsing ------------------------------------------------------------------------------ */

/* One reading, shared by its threads. Each blob is read by one of them, into its own place. */
struct job {
    struct blobs *blobs;
    const uint32_t *order;
    const struct progress *progress;
};

static int read_version(const struct job *j, const struct worker *w, struct blob *b, struct err *e)
{
    struct reader rd = {j->blobs->sel.schema, zones_find, w->zones};
    enum object_kind kind;
    struct object blob;
    size_t size;

    if (object_size(w->repo, &b->id, &kind, &size, e) < 0)
        return -1;
    if (size > CAP_DOCUMENT_BYTES) {
        b->version = version_unreadable();
        return 0;
    }
    if (object_read(w->repo, &b->id, OBJECT_BLOB, &blob, e) < 0)
        return -1;
    b->version = parse(&rd, blob.data);
    object_release(&blob);
    return 0;
}

static int read_some(void *ctx, const struct worker *w, size_t from, size_t to, struct err *e)
{
    const struct job *j = ctx;

    if (w->number == 0)
        progress_tell(j->progress, "reading versions", j->blobs->nread + from,
                      j->blobs->list.n);
    for (size_t i = from; i < to; i++) {
        struct blob *b = &j->blobs->list.v[j->order[i]];
        if (read_version(j, w, b, e) < 0)
            return -1;
        b->version->content = j->order[i];
    }
    return 0;
}

static int read_these(struct blobs *b, const uint32_t *which, size_t n,
                      const struct progress *progress, struct err *e)
{
    struct oid *ids = xcalloc(n, sizeof *ids);
    uint32_t *order = xcalloc(n, sizeof *order);
    struct job j = {b, order, progress};
    const struct work work = {read_some, &j, n, BATCH, BLOBS_PER_THREAD, 0};

    for (size_t i = 0; i < n; i++)
        ids[i] = b->list.v[which[i]].id;
    if (n > 1)
        object_read_order(b->repo, ids, n, order);
    for (size_t i = 0; i < n; i++)
        order[i] = which[order[i]];
    int result = n ? work_share(&work, b->repo, e) : 0;
    b->nread += n;
    free(ids);
    free(order);
    return result;
}

int blobs_read(struct blobs *b, const bool *wanted, const struct progress *progress,
               struct err *e)
{
    uint32_t *which = xcalloc(b->list.n, sizeof *which);
    size_t n = 0;

    for (size_t i = 0; i < b->list.n; i++)
        if (!b->list.v[i].version && (!wanted || wanted[i]))
            which[n++] = (uint32_t)i;
    int result = read_these(b, which, n, progress, e);
    free(which);
    return result;
}

int blobs_read_one(struct blobs *b, uint32_t index, struct err *e)
{
    static const struct progress silent = {NULL, NULL};

    return b->list.v[index].version ? 0 : read_these(b, &index, 1, &silent, e);
}

/* ---- likeness ----------------------------------------------------------------------------- */

static struct similar *signature(struct blobs *b, uint32_t index, struct err *e)
{
    struct blob *blob = &b->list.v[index];

    if (!blob->signature &&
        similar_of_blob(&blob->signature, b->repo, &blob->id, CAP_DOCUMENT_BYTES, e) < 0)
        return NULL;
    return blob->signature;
}

int blobs_likeness(struct blobs *b, uint32_t x, uint32_t y, struct err *e)
{
    const struct similar *first = signature(b, x, e);
    const struct similar *second = first ? signature(b, y, e) : NULL;

    return second ? similar_percent(first, second) : -1;
}

int blobs_likeness_to(struct blobs *b, uint32_t x, const struct oid *other, struct err *e)
{
    const struct similar *first = signature(b, x, e);
    struct similar *second = NULL;

    if (!first || similar_of_blob(&second, b->repo, other, CAP_DOCUMENT_BYTES, e) < 0)
        return -1;
    int percent = similar_percent(first, second);
    similar_free(second);
    return percent;
}
