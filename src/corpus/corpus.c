#include "workers.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

/* Below this many documents, opening a second repository handle costs more than it saves. */
#define DOCUMENTS_PER_THREAD 48u
/* Documents taken at a time: neighbours in a pack share their delta bases. */
#define BATCH                32u

/* One reading, shared by its threads. Each document is read by one of them. */
struct load {
    const struct state *state;
    const size_t *which;   /* place → index in state->files, in path order */
    const uint32_t *order; /* in which the places are read */
    size_t n;
    struct change_visitor visitor;
};

struct postmortem *postmortem_too_large(const struct reader *rd, struct slice path)
{
    struct postmortem *pm = postmortem_read(rd, xcalloc(1, 1), 0, path);
    pm->readable = false;
    problem_add(&pm->problems, &pm->doc->arena, PROBLEM_TOO_LARGE, (struct span){0, 0},
                "the document has more than %u bytes", CAP_DOCUMENT_BYTES);
    return pm;
}

/* Takes over bytes. */
static struct postmortem *read_bytes(const struct reader *rd, struct str *bytes, bool large,
                                     struct slice path)
{
    size_t n;
    char *p = str_detach(bytes, &n);
    if (!large)
        return postmortem_read(rd, p, n, path);
    free(p);
    return postmortem_too_large(rd, path);
}

int corpus_former(struct postmortem **out, struct repo *r, const struct reader *rd,
                  const struct former *f, struct err *e)
{
    struct object blob;
    struct str bytes = STR_INIT;
    size_t size;
    if (object_size(r, &f->id, NULL, &size, e) < 0)
        return -1;
    bool large = size > CAP_DOCUMENT_BYTES;
    if (!large) {
        if (object_read(r, &f->id, OBJECT_BLOB, &blob, e) < 0)
            return -1;
        str_adds(&bytes, blob.data);
        object_release(&blob);
    }
    *out = read_bytes(rd, &bytes, large, f->path);
    return 0;
}

static int read_one(const struct load *l, const struct worker *w, size_t place, struct err *e)
{
    const struct snapshot *files = l->state->files;
    const struct former *former = l->visitor.formers ? &l->visitor.formers[place] : NULL;
    struct reader rd = {l->state->schema, zones_find, w->zones};
    struct postmortem *before = NULL;
    struct str bytes = STR_INIT;
    bool large = false;
    size_t i = l->which[place];
    if ((former && !oid_is_zero(&former->id) &&
         corpus_former(&before, w->repo, &rd, former, e) != 0) ||
        snapshot_read(files, w->repo, i, CAP_DOCUMENT_BYTES, &bytes, &large, e) != 0) {
        str_release(&bytes);
        postmortem_free(before);
        return -1;
    }
    if (l->visitor.wanted && !l->visitor.wanted(l->visitor.ctx, str_slice(&bytes))) {
        str_release(&bytes);
        postmortem_free(before);
        return 0;
    }
    l->visitor.visit(l->visitor.ctx, w->number, place, before,
                     read_bytes(&rd, &bytes, large, snapshot_file(files, i)->path));
    return 0;
}

static int read_some(void *ctx, const struct worker *w, size_t from, size_t to, struct err *e)
{
    const struct load *l = ctx;
    for (size_t i = from; i < to; i++)
        if (read_one(l, w, l->order[i], e) != 0)
            return -1;
    return 0;
}

static void reading_order(const struct load *l, struct repo *r, uint32_t *order)
{
    const struct snapshot *files = l->state->files;
    if (!files || snapshot_kind(files) == SNAPSHOT_WORKTREE) {
        for (size_t i = 0; i < l->n; i++)
            order[i] = (uint32_t)i;
        return;
    }
    struct oid *ids = xreallocarray(NULL, l->n, sizeof *ids);
    for (size_t i = 0; i < l->n; i++)
        ids[i] = snapshot_file(files, l->which[i])->id;
    object_read_order(r, ids, l->n, order);
    free(ids);
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static size_t *sorted_choice(const size_t *which, size_t n)
{
    size_t *chosen = xreallocarray(NULL, n ? n : 1, sizeof *chosen);
    for (size_t i = 0; i < n; i++)
        chosen[i] = which ? which[i] : i;
    if (which)
        qsort(chosen, n, sizeof *chosen, by_number);
    return chosen;
}

/* A default id that two documents would share is none: each then goes by its path. */
static void settle_ids(struct corpus *c)
{
    struct map stems = MAP_INIT;
    for (size_t i = 0; i < c->n; i++) {
        struct postmortem *pm = c->v[i];
        if (pm->id_from != ID_STEM)
            continue;
        struct postmortem *other = map_get(&stems, pm->id);
        if (!other) {
            map_put(&stems, pm->id, pm);
            continue;
        }
        pm->id = pm->path;
        pm->id_from = ID_PATH;
        other->id_from = ID_PATH;
    }
    for (size_t i = 0; i < c->n; i++) {
        struct postmortem *pm = c->v[i];
        if (pm->id_from == ID_PATH)
            pm->id = pm->path;
        if (!map_get(&c->by_id, pm->id))
            map_put(&c->by_id, pm->id, pm);
    }
    map_release(&stems);
}

int corpus_limit(size_t n, struct err *e)
{
    return n <= CAP_DOCUMENTS ? 0
                              : err_set(e, "there are %zu documents, and at most %u are read at once",
                                        n, CAP_DOCUMENTS);
}

int corpus_each_change(struct repo *r, const struct state *s, const size_t *which, size_t nwhich,
                       const struct change_visitor *visitor, struct err *e)
{
    size_t n = which ? nwhich : state_count(s);
    if (corpus_limit(n, e))
        return -1;
    if (n == 0)
        return 0;
    size_t *chosen = sorted_choice(which, n);
    uint32_t *order = xreallocarray(NULL, n, sizeof *order);
    struct load l = {.state = s, .which = chosen, .order = order, .n = n, .visitor = *visitor};
    const struct work work = {read_some, &l, n, BATCH, DOCUMENTS_PER_THREAD, visitor->threads};
    reading_order(&l, r, order);
    int result = work_share(&work, r, e);
    free(chosen);
    free(order);
    return result;
}

static void visit_alone(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                        struct postmortem *pm)
{
    const struct visitor *v = ctx;
    (void)before;
    v->visit(v->ctx, thread, place, pm);
}

int corpus_each(struct repo *r, const struct state *s, const size_t *which, size_t nwhich,
                const struct visitor *visitor, struct err *e)
{
    struct visitor v = *visitor;
    const struct change_visitor alone = {
        .visit = visit_alone, .ctx = &v, .threads = v.threads};
    return corpus_each_change(r, s, which, nwhich, &alone, e);
}

static void keep(void *ctx, unsigned thread, size_t place, struct postmortem *pm)
{
    struct corpus *c = ctx;
    (void)thread;
    c->v[place] = pm;
}

int corpus_load(struct corpus *out, struct repo *r, const struct state *s, const size_t *which,
                size_t nwhich, unsigned threads, struct err *e)
{
    size_t n = which ? nwhich : state_count(s);
    struct corpus c = {.v = xcalloc(n ? n : 1, sizeof *c.v), .n = n};
    const struct visitor keeper = {keep, &c, threads};
    if (corpus_each(r, s, which, nwhich, &keeper, e) != 0) {
        corpus_release(&c);
        return -1;
    }
    settle_ids(&c);
    c.ids_complete = n == state_count(s);
    for (size_t i = 0; i < n; i++)
        c.unreadable += !c.v[i]->readable;
    *out = c;
    return 0;
}

void corpus_release(struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i])
            postmortem_free(c->v[i]);
    free(c->v);
    map_release(&c->by_id);
    *c = (struct corpus){0};
}
