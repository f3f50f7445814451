#include "chronicle_private.h"

#include <stdlib.h>
#include <string.h>

void progress_tell(const struct progress *p, const char *what, size_t done, size_t total)
{
    if (p->call)
        p->call(p->ctx, what, done, total);
}

struct chronicle *chronicle_new(struct repo *r, const struct oid *tip,
                                const struct selection *sel)
{
    struct chronicle *c = xcalloc(1, sizeof *c);

    c->tip = *tip;
    c->ledger = ledger_new();
    c->versions = blobs_new(r, sel);
    return c;
}

void chronicle_free(struct chronicle *c)
{
    if (!c)
        return;
    ledger_free(c->ledger);
    blobs_free(c->versions);
    free(c->commits);
    arena_release(&c->arena);
    free(c);
}

size_t chronicle_rows(const struct chronicle *c)
{
    const struct ledger *l = c->ledger;

    return c->rows_besides + l->ndocuments + l->nitems + l->nevents;
}

static void sum_up(struct making *m, size_t from)
{
    struct chronicle *c = m->c;

    for (size_t i = 0; i < c->ledger->ndocuments; i++) {
        const struct ledger_document *d = &c->ledger->documents[i];
        c->unreadable += d->present && !d->readable;
    }
    c->shallow = repo_is_shallow(m->repo) && m->walk.nchain && m->walk.v[m->walk.chain[0]].boundary;
    c->chain = m->walk.nchain - from;
    c->forward = m->walk.forward;
}

int chronicle_build(struct chronicle **out, struct repo *r, const struct oid *tip,
                    const struct selection *sel, chronicle_progress *progress, void *ctx,
                    struct err *e)
{
    struct making m = {.c = chronicle_new(r, tip, sel), .repo = r, .progress = {progress, ctx}};
    int result = -1;

    progress_tell(&m.progress, "walking history", 0, 0);
    if (walk_history(&m.walk, r, tip, NULL, NULL, e) < 0 || making_read_edits(&m, 0, e) < 0 ||
        making_fold_all(&m, e) < 0)
        goto out;
    sum_up(&m, 0);
    *out = m.c;
    m.c = NULL;
    result = 0;
out:
    making_release(&m);
    chronicle_free(m.c);
    return result;
}

/* ---- a range ------------------------------------------------------------------------------ */

/* Events name the merge that there never was as their landing. Which commit of head's own chain it
 * is follows from the order of the side: the first of them that is not before the change. */
static int find_landings(struct making *m, size_t base, size_t first, struct err *e)
{
    const struct walk *w = &m->walk;
    struct ledger *l = m->c->ledger;
    size_t merge = w->n - 1, n = merge - base;
    uint32_t *landing = xcalloc(n + 1, sizeof *landing);
    uint32_t *place = xcalloc(m->c->ncommits, sizeof *place); /* commit number → place on the side */
    int result = 0;

    for (size_t i = base + 1; i < merge; i++)
        if (m->numbers[i] != NO_COMMIT)
            place[m->numbers[i]] = (uint32_t)(i - base);
    for (size_t at = merge - 1, i = at; i > base; i--) {
        const struct walk_commit *c = &w->v[at];
        if (i < at && c->nparents && w->parents[c->first_parent] == i)
            at = i;
        landing[i - base] = (uint32_t)at;
    }
    for (size_t k = first; k < l->nevents && result == 0; k++) {
        uint32_t at = place[l->events[k].change];
        if (!at)
            continue; /* no commit of the side says so: the merge does, with head's name */
        at = landing[at];
        if (m->numbers[at] == NO_COMMIT)
            result = making_commit(m, at, e);
        l->events[k].landing = m->numbers[at];
    }
    free(landing);
    free(place);
    return result;
}

int chronicle_range(struct chronicle **out, size_t *first, struct repo *r, const struct oid *base,
                    const struct oid *head, const struct selection *sel,
                    chronicle_progress *progress, void *ctx, struct err *e)
{
    struct making m = {.c = chronicle_new(r, head, sel), .repo = r, .progress = {progress, ctx}};
    int result = -1;

    progress_tell(&m.progress, "walking history", 0, 0);
    if (walk_merged(&m.walk, r, base, head, e) < 0 || making_read(&m, 0, e) < 0)
        goto out;
    size_t at = m.walk.chain[m.walk.nchain - 2];
    if (making_fold(&m, 0, at + 1, e) < 0)
        goto out;
    size_t events = m.c->ledger->nevents;
    if (making_fold(&m, at + 1, m.walk.n, e) < 0 || find_landings(&m, at, events, e) < 0)
        goto out;
    sum_up(&m, 1);
    *first = events;
    *out = m.c;
    m.c = NULL;
    result = 0;
out:
    making_release(&m);
    chronicle_free(m.c);
    return result;
}

const struct oid *chronicle_blob(const struct chronicle *c, const struct version *v)
{
    return &c->versions->list.v[v->content].id;
}

int chronicle_version(struct chronicle *c, const struct oid *blob, const struct version **out,
                      struct err *e)
{
    uint32_t index = blobs_index(c->versions, blob);

    if (blobs_read_one(c->versions, index, e) < 0)
        return -1;
    *out = blobs_version(c->versions, index);
    return 0;
}

/* ---- going on ----------------------------------------------------------------------------- */

static int by_bytes(const void *x, const void *y)
{
    return slice_cmp(*(const struct slice *)x, *(const struct slice *)y);
}

static size_t sort_unique(struct slice *v, size_t n)
{
    size_t kept = 0;

    qsort(v, n, sizeof *v, by_bytes);
    for (size_t i = 0; i < n; i++)
        if (!kept || !slice_eq(v[kept - 1], v[i]))
            v[kept++] = v[i];
    return kept;
}

static int load_past(struct making *m, const struct chronicle_past *past, struct err *e)
{
    const struct blobs *b = m->c->versions;
    struct slice *paths = xcalloc(m->edits.list.n, sizeof *paths);
    struct slice *ids = xcalloc(b->list.n, sizeof *ids);
    size_t nids = 0;

    for (size_t i = 0; i < m->edits.list.n; i++)
        paths[i] = m->edits.list.v[i].path;
    for (size_t i = 0; i < b->list.n; i++)
        if (b->list.v[i].version->readable && b->list.v[i].version->id.n)
            ids[nids++] = b->list.v[i].version->id;
    struct chronicle_wanted wanted = {paths, sort_unique(paths, m->edits.list.n), ids,
                                      sort_unique(ids, nids)};
    int result = past->load(past->ctx, m->c, &wanted, e);
    free(paths);
    free(ids);
    return result;
}

static bool is_past_tip(void *ctx, const struct oid *id)
{
    const struct chronicle_past *past = ctx;

    return oid_eq(&past->tip, id);
}

int chronicle_continue(struct chronicle **out, bool *found, struct repo *r, const struct oid *tip,
                       const struct selection *sel, const struct chronicle_past *past,
                       struct err *e)
{
    const struct walk_past walked = {(void *)(uintptr_t)past, is_past_tip, NULL, past->forward};
    struct making m = {.c = chronicle_new(r, tip, sel), .repo = r};
    bool on_chain = false;
    int result = -1;

    m.c->edits = past->edits;
    if (walk_since(&m.walk, r, tip, &walked, &on_chain, e) < 0)
        goto out;
    if (on_chain) {
        if (making_read(&m, 1, e) < 0 || load_past(&m, past, e) < 0 ||
            making_fold(&m, 1, m.walk.n, e) < 0)
            goto out;
        sum_up(&m, 1);
        *out = m.c;
        m.c = NULL;
    }
    *found = on_chain;
    result = 0;
out:
    making_release(&m);
    chronicle_free(m.c);
    return result;
}

/* ---- what is not committed ---------------------------------------------------------------- */

/* The last element of the walk is the step itself, whatever it was called for being walked. */
static void name_uncommitted(struct making *m, const struct uncommitted *step)
{
    uint32_t number = m->numbers[m->walk.n - 1];

    if (number != NO_COMMIT)
        m->c->commits[number] = (struct chronicle_commit){.at = step->at};
}

int chronicle_uncommitted(struct chronicle **out, struct repo *r, const struct uncommitted *step,
                          const struct selection *sel, const struct chronicle_past *past,
                          struct err *e)
{
    struct making m = {.c = chronicle_new(r, &past->tip, sel), .repo = r, .last = step};
    bool born = !oid_is_zero(&past->tip);
    int result = -1;

    m.c->edits = past->edits;
    if (walk_between(&m.walk, r, born ? &past->tip : NULL, step->heads, step->nheads, e) < 0 ||
        making_read(&m, born, e) < 0)
        goto out;
    name_uncommitted(&m, step);
    if (load_past(&m, past, e) < 0 || making_fold(&m, born, m.walk.n, e) < 0)
        goto out;
    sum_up(&m, m.walk.nchain);
    *out = m.c;
    m.c = NULL;
    result = 0;
out:
    making_release(&m);
    chronicle_free(m.c);
    return result;
}
