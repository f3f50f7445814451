#include "pm/chronicle.h"

#include "chronicle_private.h"

#include <stdlib.h>
#include <string.h>

#define NO_COMMIT UINT32_MAX

/* One chronicle being made. */
struct making {
    struct chronicle *c;
    struct repo *repo;
    struct progress progress;
    struct walk walk;
    struct edits edits;
    uint32_t *numbers; /* commit of the walk → commit number; NO_COMMIT: it edits no document */
    VEC(struct ledger_edit) scratch; /* the edits of the step being taken */
    VEC(struct ledger_side) sides;
    struct err likeness; /* why contents could not be compared */
    bool failed;
};

void progress_tell(const struct progress *p, const char *what, size_t done, size_t total)
{
    if (p->call)
        p->call(p->ctx, what, done, total);
}

/* ---- commits ------------------------------------------------------------------------------ */

uint32_t chronicle_commit_add(struct chronicle *c, const struct chronicle_commit *commit)
{
    if (c->ncommits == c->commits_cap)
        c->commits = vec_grow(c->commits, &c->commits_cap, c->ncommits + 1, sizeof *c->commits);
    c->commits[c->ncommits] = *commit;
    c->commits[c->ncommits].author = arena_dup(&c->arena, commit->author);
    c->commits[c->ncommits].email = arena_dup(&c->arena, commit->email);
    return (uint32_t)c->ncommits++;
}

static int read_commit(struct making *m, uint32_t index, struct err *e)
{
    struct commit commit;

    if (commit_read(m->repo, &m->walk.v[index].id, &commit, e) < 0)
        return -1;
    m->numbers[index] = chronicle_commit_add(
        m->c, &(struct chronicle_commit){commit.id, commit.committer.when, commit.author.name,
                                         commit.author.email});
    commit_release(&commit);
    return 0;
}

/* Commits that edit documents, in pack order: only these can be named. */
static int read_commits(struct making *m, struct err *e)
{
    struct oid *ids = xcalloc(m->walk.n, sizeof *ids);
    uint32_t *which = xcalloc(m->walk.n, sizeof *which);
    uint32_t *order = xcalloc(m->walk.n, sizeof *order);
    size_t n = 0;
    int result = 0;

    m->numbers = xcalloc(m->walk.n, sizeof *m->numbers);
    for (size_t i = 0; i < m->walk.n; i++) {
        m->numbers[i] = NO_COMMIT;
        if (m->edits.first[i + 1] > m->edits.first[i]) {
            ids[n] = m->walk.v[i].id;
            which[n++] = (uint32_t)i;
        }
    }
    object_read_order(m->repo, ids, n, order);
    for (size_t i = 0; i < n && result == 0; i++) {
        result = read_commit(m, which[order[i]], e);
        if (i % 1024 == 0)
            progress_tell(&m->progress, "reading commits", i, n);
    }
    free(ids);
    free(which);
    free(order);
    return result;
}

/* ---- steps -------------------------------------------------------------------------------- */

static int likeness(void *ctx, const struct version *a, const struct version *b)
{
    struct making *m = ctx;
    int percent = blobs_likeness(m->c->versions, a->content, b->content, &m->likeness);

    m->failed |= percent < 0;
    return percent < 0 ? 0 : percent;
}

static void add_edits(struct making *m, size_t commit)
{
    for (size_t i = m->edits.first[commit]; i < m->edits.first[commit + 1]; i++) {
        const struct blob_edit *e = &m->edits.list.v[i];
        vec_push(&m->scratch,
                 (struct ledger_edit){e->path, blobs_version(m->c->versions, e->before),
                                      blobs_version(m->c->versions, e->after), e->left});
    }
}

/* For each commit of a merged side, the lowest parent of the merge that reaches it. */
static void find_parents(const struct making *m, size_t first, size_t merge, uint32_t *lowest)
{
    const struct walk *w = &m->walk;

    for (size_t i = first; i <= merge; i++)
        lowest[i - first] = UINT32_MAX;
    for (size_t i = merge + 1; i-- > first;) {
        const struct walk_commit *c = &w->v[i];
        for (uint32_t k = 0; k < c->nparents; k++) {
            size_t parent = w->parents[c->first_parent + k];
            uint32_t via = i == merge ? k : lowest[i - first];
            if (parent >= first && parent < merge && via < lowest[parent - first])
                lowest[parent - first] = via;
        }
    }
}

static void gather_side(struct making *m, size_t first, size_t merge)
{
    uint32_t *lowest = xcalloc(merge - first + 1, sizeof *lowest);
    size_t at = 0;

    find_parents(m, first, merge, lowest);
    for (size_t i = first; i < merge; i++) {
        size_t before = m->scratch.n;
        if (m->numbers[i] == NO_COMMIT)
            continue;
        add_edits(m, i);
        vec_push(&m->sides, (struct ledger_side){.commit = m->numbers[i],
                                                 .parent = lowest[i - first],
                                                 .nedits = m->scratch.n - before});
    }
    free(lowest);
    for (size_t i = 0; i < m->sides.n; i++) { /* only now does scratch stay where it is */
        m->sides.v[i].edits = m->scratch.v + at;
        at += m->sides.v[i].nedits;
    }
}

/* One commit of the chain, with what was merged between the one before and it. */
static void take_step(struct making *m, size_t first, size_t landing)
{
    size_t nedits = m->edits.first[landing + 1] - m->edits.first[landing];
    struct ledger_step step = {.landing = m->numbers[landing], .likeness = likeness, .ctx = m};

    vec_clear(&m->scratch);
    vec_clear(&m->sides);
    if (nedits) {
        size_t side = m->edits.first[landing] - m->edits.first[first];
        vec_reserve(&m->scratch, side + nedits);
        gather_side(m, first, landing);
        size_t own = m->scratch.n;
        add_edits(m, landing);
        step.edits = m->scratch.v + own;
        step.nedits = nedits;
        step.sides = m->sides.v;
        step.nsides = m->sides.n;
    }
    ledger_step(m->c->ledger, &step);
}

static int fold(struct making *m, size_t from, size_t to, struct err *e)
{
    size_t first = from;

    for (size_t i = from; i < to && !m->failed; i++) {
        if (m->walk.v[i].past) {
            first = i + 1;
            continue;
        }
        if (!m->walk.v[i].on_chain)
            continue;
        take_step(m, first, i);
        first = i + 1;
        if (i % 1024 == 0)
            progress_tell(&m->progress, "following items", i, m->walk.n);
    }
    if (m->failed && e)
        *e = m->likeness;
    return m->failed ? -1 : 0;
}

/* ---- all of it ---------------------------------------------------------------------------- */

static struct chronicle *chronicle_new(struct repo *r, const struct oid *tip,
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

static void making_release(struct making *m)
{
    walk_release(&m->walk);
    edits_release(&m->edits);
    free(m->numbers);
    vec_release(&m->scratch);
    vec_release(&m->sides);
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
}

int chronicle_build(struct chronicle **out, struct repo *r, const struct oid *tip,
                    const struct selection *sel, chronicle_progress *progress, void *ctx,
                    struct err *e)
{
    struct making m = {.c = chronicle_new(r, tip, sel), .repo = r, .progress = {progress, ctx}};
    int result = -1;

    progress_tell(&m.progress, "walking history", 0, 0);
    if (walk_history(&m.walk, r, tip, NULL, NULL, e) < 0 ||
        edits_read(&m.edits, m.c->versions, &m.walk, 0, &m.progress, e) < 0 ||
        read_commits(&m, e) < 0 || blobs_read(m.c->versions, &m.progress, e) < 0 ||
        fold(&m, 0, m.walk.n, e) < 0)
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
            result = read_commit(m, at, e);
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
    if (walk_merged(&m.walk, r, base, head, e) < 0 ||
        edits_read(&m.edits, m.c->versions, &m.walk, 0, &m.progress, e) < 0 ||
        read_commits(&m, e) < 0 || blobs_read(m.c->versions, &m.progress, e) < 0)
        goto out;
    size_t at = m.walk.chain[m.walk.nchain - 2];
    if (fold(&m, 0, at + 1, e) < 0)
        goto out;
    size_t events = m.c->ledger->nevents;
    if (fold(&m, at + 1, m.walk.n, e) < 0 || find_landings(&m, at, events, e) < 0)
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

int chronicle_continue(struct chronicle **out, bool *found, struct repo *r, const struct oid *tip,
                       const struct selection *sel, const struct chronicle_past *past,
                       struct err *e)
{
    struct making m = {.c = chronicle_new(r, tip, sel), .repo = r};
    bool on_chain = false;
    int result = -1;

    if (walk_history(&m.walk, r, tip, &past->tip, &on_chain, e) < 0)
        goto out;
    if (on_chain) {
        if (edits_read(&m.edits, m.c->versions, &m.walk, 1, &m.progress, e) < 0 ||
            read_commits(&m, e) < 0 || blobs_read(m.c->versions, &m.progress, e) < 0 ||
            load_past(&m, past, e) < 0 || fold(&m, 1, m.walk.n, e) < 0)
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
