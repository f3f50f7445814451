/* Blobs → versions: each read once, in pack order, by threads with a repository handle of each. */
#include "chronicle_private.h"

#include "pm/caps.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MOST     8u
#define BLOBS_PER_THREAD 64u
#define BATCH            64u /* neighbours in a pack share their delta bases */

struct blobs *blobs_new(struct repo *r, const struct selection *sel)
{
    struct blobs *b = xcalloc(1, sizeof *b);

    b->repo = r;
    b->sel = *sel;
    return b;
}

void blobs_free(struct blobs *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->list.n; i++) {
        version_free(b->list.v[i].version);
        similar_free(b->list.v[i].signature);
    }
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
    size_t n;
    const struct progress *progress;
    pthread_mutex_t lock; /* guards what follows */
    size_t next;
    bool failed;
    struct err err; /* of the first that failed */
};

struct worker {
    struct job *job;
    struct repo *repo;
    struct zones *zones;
    pthread_t thread;
    bool main; /* the calling thread: it tells the progress */
};

static int read_version(struct worker *w, struct blob *b, struct err *e)
{
    struct reader rd = {w->job->blobs->sel.schema, zones_find, w->zones};
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

static size_t take(struct job *j, size_t *from)
{
    pthread_mutex_lock(&j->lock);
    *from = j->next;
    size_t n = j->failed ? 0 : j->n - j->next;
    if (n > BATCH)
        n = BATCH;
    j->next += n;
    pthread_mutex_unlock(&j->lock);
    return n;
}

static void fail(struct job *j, const struct err *e)
{
    pthread_mutex_lock(&j->lock);
    if (!j->failed)
        j->err = *e;
    j->failed = true;
    pthread_mutex_unlock(&j->lock);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *j = w->job;
    struct err e = ERR_INIT;
    size_t from, n;

    while ((n = take(j, &from)) > 0) {
        if (w->main)
            progress_tell(j->progress, "reading versions", from, j->n);
        for (size_t i = from; i < from + n; i++) {
            uint32_t index = j->order[i];
            struct blob *b = &j->blobs->list.v[index];
            if (read_version(w, b, &e) < 0) {
                fail(j, &e);
                return NULL;
            }
            b->version->content = index;
        }
    }
    return NULL;
}

static unsigned thread_count(size_t blobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = processors > 0 ? (size_t)processors : 1;

    if (n > 1 + blobs / BLOBS_PER_THREAD)
        n = 1 + blobs / BLOBS_PER_THREAD;
    return (unsigned)(n > THREADS_MOST ? THREADS_MOST : n);
}

/* A helper that cannot be had (no second handle, no thread) is done without. */
static bool start(struct worker *w, struct job *j)
{
    *w = (struct worker){.job = j};
    if (repo_again(&w->repo, j->blobs->repo, NULL) < 0)
        return false;
    w->zones = zones_new();
    if (pthread_create(&w->thread, NULL, work, w) == 0)
        return true;
    zones_free(w->zones);
    repo_free(w->repo);
    return false;
}

static void run(struct job *j)
{
    struct worker helpers[THREADS_MOST];
    struct worker own = {.job = j, .repo = j->blobs->repo, .zones = zones_new(), .main = true};
    unsigned wanted = thread_count(j->n) - 1, started = 0;

    while (started < wanted && start(&helpers[started], j))
        started++;
    work(&own);
    zones_free(own.zones);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(helpers[i].thread, NULL);
        zones_free(helpers[i].zones);
        repo_free(helpers[i].repo);
    }
}

static int read_these(struct blobs *b, const uint32_t *which, size_t n,
                      const struct progress *progress, struct err *e)
{
    struct job j = {.blobs = b, .n = n, .progress = progress};
    struct oid *ids = xcalloc(n, sizeof *ids);
    uint32_t *order = xcalloc(n, sizeof *order);

    for (size_t i = 0; i < n; i++)
        ids[i] = b->list.v[which[i]].id;
    if (n > 1)
        object_read_order(b->repo, ids, n, order);
    for (size_t i = 0; i < n; i++)
        order[i] = which[order[i]];
    j.order = order;
    pthread_mutex_init(&j.lock, NULL);
    if (n)
        run(&j);
    pthread_mutex_destroy(&j.lock);
    free(ids);
    free(order);
    if (j.failed && e)
        *e = j.err;
    return j.failed ? -1 : 0;
}

int blobs_read(struct blobs *b, const struct progress *progress, struct err *e)
{
    uint32_t *which = xcalloc(b->list.n, sizeof *which);
    size_t n = 0;

    for (size_t i = 0; i < b->list.n; i++)
        if (!b->list.v[i].version)
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
