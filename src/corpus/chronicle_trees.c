/* The trees of each commit against those before it: compared by threads, a stretch of history at a
 * time, in which most trees are read once. */
#include "chronicle_private.h"

#include "workers.h"

#include "pm/caps.h"

#include <pthread.h>
#include <stdlib.h>

struct stretch {
    VEC(struct change) changes;
    size_t ends[COMMITS_COMPARED]; /* of each commit, in changes */
    struct arena paths;
};

struct comparing {
    const struct history *history;
    struct selection *sel;
    const struct progress *progress;
    struct stretch *stretches;
    pthread_mutex_t lock; /* guards *history->edits */
};

/* One stretch, on one thread. */
struct comparison {
    struct comparing *all;
    struct stretch *stretch;
    struct differ *differ;
    const struct walk_commit *commit; /* that is compared */
    size_t first;                     /* of its changes */
    struct err *e;
};

static bool wanted(void *ctx, struct slice path, bool folder)
{
    const struct comparison *c = ctx;

    return selection_wanted(c->all->sel, path, folder);
}

/* Nothing that people do: in a few kilobytes a commit can add a million documents. */
static int too_many(const struct comparison *c)
{
    char hex[OID_HEX + 1];
    oid_hex(&c->commit->id, hex);
    return err_set(c->e, "commit %s changes too many documents: at most %u are followed", hex,
                   CAP_COMMIT_EDITS);
}

static int add_change(void *ctx, const struct change *change)
{
    const struct comparison *c = ctx;
    if (c->stretch->changes.n - c->first == CAP_COMMIT_EDITS)
        return too_many(c);
    struct change own = {arena_dup(&c->stretch->paths, change->path), change->before,
                         change->after};

    vec_push(&c->stretch->changes, own);
    return 0;
}

static int compare(struct comparison *c, const struct oid *before, const struct oid *after)
{
    return differ_run(c->differ, before, after, wanted, add_change, c, c->e);
}

/* A merge on a side against each parent; of one that is like it, it says nothing. */
static int compare_merge(struct comparison *c)
{
    const struct walk *w = c->all->history->walk;

    for (uint32_t i = 0; i < c->commit->nparents; i++) {
        size_t before = c->stretch->changes.n;
        if (compare(c, &walk_parent(w, c->commit, i)->tree, &c->commit->tree) < 0)
            return -1;
        if (c->stretch->changes.n == before) {
            c->stretch->changes.n = c->first;
            return 0;
        }
    }
    return 0;
}

/* The chain against its first parent. At a shallow boundary it begins with everything; a merged
 * side that is cut off is not known to have done anything. */
static int compare_commit(struct comparison *c, size_t i)
{
    static const struct oid nothing;
    const struct history *h = c->all->history;
    const struct walk_commit *commit = &h->walk->v[i];

    if (i < h->from || (h->last && i == h->walk->n - 1) || commit->past ||
        (!commit->on_chain && commit->boundary))
        return 0;
    c->commit = commit;
    c->first = c->stretch->changes.n;
    if (!commit->on_chain && commit->nparents > 1)
        return compare_merge(c);
    return compare(c, commit->nparents ? &walk_parent(h->walk, commit, 0)->tree : &nothing,
                   &commit->tree);
}

/* All that the commits of a history change is held in memory. */
static int count(struct comparing *all, size_t n, struct err *e)
{
    pthread_mutex_lock(&all->lock);
    bool fits = (*all->history->edits += n) <= CAP_HISTORY_EDITS;
    pthread_mutex_unlock(&all->lock);
    return fits ? 0
                : err_set(e,
                          "the history changes documents too often: at most %u changes are "
                          "followed",
                          CAP_HISTORY_EDITS);
}

static int compare_stretch(void *ctx, const struct worker *w, size_t from, size_t to,
                           struct err *e)
{
    struct comparing *all = ctx;
    struct stretch *s = &all->stretches[from / COMMITS_COMPARED];
    struct comparison c = {.all = all, .stretch = s, .differ = differ_new(w->repo), .e = e};
    int result = 0;

    if (w->number == 0)
        progress_tell(all->progress, "comparing trees", from, all->history->walk->n);
    for (size_t i = from; i < to && result == 0; i++) {
        size_t before = s->changes.n;
        result = compare_commit(&c, i) < 0 ? -1 : count(all, s->changes.n - before, e);
        s->ends[i - from] = s->changes.n;
    }
    differ_free(c.differ);
    return result;
}

int trees_compare(struct trees *out, struct blobs *b, const struct history *h,
                  const struct progress *progress, struct err *e)
{
    out->n = (h->walk->n + COMMITS_COMPARED - 1) / COMMITS_COMPARED;
    out->v = xcalloc(out->n, sizeof *out->v);
    struct comparing all = {h, &b->sel, progress, out->v, PTHREAD_MUTEX_INITIALIZER};
    const struct work work = {
        compare_stretch, &all, h->walk->n, COMMITS_COMPARED, COMMITS_COMPARED, 0};
    int result = work_share(&work, b->repo, e);

    pthread_mutex_destroy(&all.lock);
    return result;
}

const struct change *trees_changes(const struct trees *t, size_t commit, size_t *n)
{
    const struct stretch *s = &t->v[commit / COMMITS_COMPARED];
    size_t at = commit % COMMITS_COMPARED, first = at ? s->ends[at - 1] : 0;

    *n = s->ends[at] - first;
    return *n ? s->changes.v + first : NULL;
}

void trees_release(struct trees *t)
{
    for (size_t i = 0; i < t->n; i++) {
        vec_release(&t->v[i].changes);
        arena_release(&t->v[i].paths);
    }
    free(t->v);
}
