/* Commits, edits and versions → steps of the ledger. */
#include "chronicle_private.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

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

int making_commit(struct making *m, uint32_t index, struct err *e)
{
    static const struct chronicle_commit nobody;
    struct commit commit;

    if (oid_is_zero(&m->walk.v[index].id)) {
        m->numbers[index] = chronicle_commit_add(m->c, &nobody);
        return 0;
    }
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
        result = making_commit(m, which[order[i]], e);
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
    int percent = blobs_likeness(m->c->versions, a->content, b->content, &m->why);

    m->failed |= percent < 0;
    return percent < 0 ? 0 : percent;
}

static void add_edits(struct making *m, const struct blob_edit *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        vec_push(&m->scratch,
                 (struct ledger_edit){v[i].path, blobs_version(m->c->versions, v[i].before),
                                      blobs_version(m->c->versions, v[i].after), v[i].left,
                                      v[i].half});
}

static void add_edits_of(struct making *m, size_t commit)
{
    size_t first = m->edits.first[commit];

    add_edits(m, m->edits.list.v + first, m->edits.first[commit + 1] - first);
}

/* What a step may add is known before it is taken: a few kilobytes can hold a hundred million
 * items. */
static int check_room(const struct making *m, const struct blob_edit *v, size_t n, struct err *e)
{
    size_t rows = chronicle_rows(m->c);

    for (size_t i = 0; i < n; i++) {
        const struct version *after = blobs_version(m->c->versions, v[i].after);
        rows += 1 + (after ? after->nitems : 0);
    }
    return rows <= CAP_LEDGER_ROWS
               ? 0
               : err_set(e,
                         "there are too many action items: at most %u documents, items and "
                         "events are followed",
                         CAP_LEDGER_ROWS);
}

int making_past(struct making *m, const struct blob_edit *v, size_t n, struct err *e)
{
    static const struct chronicle_commit nobody;
    struct ledger_step step = {.landing = chronicle_commit_add(m->c, &nobody),
                               .likeness = likeness,
                               .ctx = m};

    if (check_room(m, v, n, e) < 0)
        return -1;
    vec_clear(&m->scratch);
    add_edits(m, v, n);
    step.edits = m->scratch.v;
    step.nedits = n;
    ledger_step(m->c->ledger, &step);
    return 0;
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
        add_edits_of(m, i);
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
    struct ledger_step step = {.landing = m->numbers[landing],
                               .likeness = likeness,
                               .excuse = making_excuse,
                               .ctx = m};

    vec_clear(&m->scratch);
    vec_clear(&m->sides);
    excuses_release(&m->excuses);
    m->step_first = first;
    m->step_landing = landing;
    if (nedits) {
        size_t side = m->edits.first[landing] - m->edits.first[first];
        vec_reserve(&m->scratch, side + nedits);
        gather_side(m, first, landing);
        size_t own = m->scratch.n;
        add_edits_of(m, landing);
        step.edits = m->scratch.v + own;
        step.nedits = nedits;
        step.sides = m->sides.v;
        step.nsides = m->sides.n;
    }
    ledger_step(m->c->ledger, &step);
}

int making_fold(struct making *m, size_t from, size_t to, struct err *e)
{
    size_t first = from;

    for (size_t i = from; i < to && !m->failed; i++) {
        if (m->walk.v[i].past) {
            first = i + 1;
            continue;
        }
        if (!m->walk.v[i].on_chain)
            continue;
        size_t edits = m->edits.first[i], n = m->edits.first[i + 1] - edits;
        if (n && check_room(m, &m->edits.list.v[edits], n, e) < 0)
            return -1;
        take_step(m, first, i);
        first = i + 1;
    }
    if (m->failed && e)
        *e = m->why;
    return m->failed ? -1 : 0;
}

/* ---- a stretch of history at a time ------------------------------------------------------- */

/* Only whole steps. */
static size_t stretch_end(const struct walk *w, size_t from)
{
    size_t end = from + COMMITS_HELD;

    while (end < w->n && !w->v[end - 1].on_chain)
        end++;
    return end < w->n ? end : w->n;
}

static int read_versions(struct making *m, size_t from, size_t to, struct err *e)
{
    struct blobs *b = m->c->versions;
    bool *wanted = xcalloc(b->list.n, sizeof *wanted);

    for (size_t i = m->edits.first[from]; i < m->edits.first[to]; i++) {
        const struct blob_edit *edit = &m->edits.list.v[i];
        if (edit->before != NO_BLOB)
            wanted[edit->before] = true;
        if (edit->after != NO_BLOB)
            wanted[edit->after] = true;
    }
    int result = blobs_read(b, wanted, &m->progress, e);
    free(wanted);
    return result;
}

/* What a ledger borrows between steps: see pm/ledger.h. */
static void forget_versions(struct making *m)
{
    const struct ledger *l = m->c->ledger;
    bool *kept = xcalloc(m->c->versions->list.n, sizeof *kept);

    for (size_t i = 0; i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        if (d->version)
            kept[d->version->content] = true;
        if (d->content)
            kept[d->content->content] = true;
    }
    blobs_keep(m->c->versions, kept);
    free(kept);
}

int making_fold_all(struct making *m, struct err *e)
{
    for (size_t from = 0, to; from < m->walk.n; from = to) {
        to = stretch_end(&m->walk, from);
        if (read_versions(m, from, to, e) < 0 || making_fold(m, from, to, e) < 0)
            return -1;
        forget_versions(m);
    }
    return 0;
}

/* ---- all of it ---------------------------------------------------------------------------- */

void making_release(struct making *m)
{
    walk_release(&m->walk);
    edits_release(&m->edits);
    free(m->numbers);
    vec_release(&m->scratch);
    vec_release(&m->sides);
    excuses_release(&m->excuses);
}

int making_read_edits(struct making *m, size_t from, struct err *e)
{
    struct history h = {&m->walk, from, m->last, &m->c->edits};

    if (edits_read(&m->edits, m->c->versions, &h, &m->progress, e) < 0)
        return -1;
    return read_commits(m, e);
}

int making_read(struct making *m, size_t from, struct err *e)
{
    if (making_read_edits(m, from, e) < 0)
        return -1;
    return blobs_read(m->c->versions, NULL, &m->progress, e);
}
