/* Finding postmortems: by the index, which is asked for as little as is printed, or in the worktree. */
#include "search_private.h"

#include <stdlib.h>

static bool needs_history(const struct query *q)
{
    return query_has_items(q) || query_has_times(q);
}

/* Does the query hold of this postmortem? ledger: not NULL where the query asks what it knows. */
static int holds(const struct searching *s, struct index *ledger, const struct postmortem *pm,
                 struct err *e)
{
    struct arena arena = ARENA_INIT;
    struct action_rows rows = {0};
    struct query_document d = {.pm = pm};
    if (ledger && index_times_of(ledger, pm->path, &d.created, &d.updated, e))
        return -1;
    if (query_has_items(s->query)) {
        if (index_actions_of(ledger, pm->path, &rows, e))
            return -1;
        d.nitems = rows.n;
        struct query_item *items = arena_array(&arena, rows.n + 1, sizeof *items);
        for (size_t i = 0; i < rows.n; i++)
            items[i] = action_row_item(&rows.v[i]);
        d.items = items;
    }
    bool match = query_match(s->query, &s->qc, &d, NULL);
    action_rows_release(&rows);
    arena_release(&arena);
    return match;
}

/* ---- committed ---- */

/* The state, as if it had no other files than these. */
static struct state state_of_hits(const struct searching *s, const struct hits *hits,
                                  const size_t *which, size_t n)
{
    struct state some = {.schema = s->reading.state.schema, .selection = s->reading.state.selection};
    struct snapshot_file *files = xcalloc(n + 1, sizeof *files);
    for (size_t i = 0; i < n; i++) {
        const struct hit *hit = &hits->v[which ? which[i] : i];
        files[i] = (struct snapshot_file){hit->path, hit->blob};
    }
    some.files = snapshot_of_files(files, n);
    free(files);
    return some;
}

struct deciding {
    struct context *context;
    struct searching *searching;
    struct index *index, *ledger; /* ledger: NULL where history is not asked; else by one thread */
    const struct hits *hits;
    bool *holds;
    bool failed;
    struct err *err;
};

static void decide_one(void *ctx, unsigned thread, size_t place, struct postmortem *pm)
{
    struct deciding *d = ctx;
    (void)thread;
    pm->id = d->hits->v[place].id;
    int match = d->failed ? 0 : holds(d->searching, d->ledger, pm, d->err);
    if (match < 0)
        d->failed = true;
    d->holds[place] = match > 0;
    postmortem_free(pm);
}

static int decide(void *ctx, const struct hits *doubtful, bool *holds_of, struct err *e)
{
    struct deciding *d = ctx;
    const struct visitor visitor = {decide_one, d, d->ledger ? 1 : 0};
    struct state some = state_of_hits(d->searching, doubtful, NULL, doubtful->n);
    d->hits = doubtful;
    d->holds = holds_of;
    d->failed = false;
    d->err = e;
    int failed = corpus_each(d->context->repo, &some, NULL, 0, &visitor, e);
    snapshot_free(some.files);
    return failed || d->failed ? -1 : 0;
}

static int find_committed(struct context *c, struct searching *s, struct err *e)
{
    struct deciding d = {.context = c, .searching = s};
    bool history = needs_history(s->query);
    int parts = INDEX_TEXT | (history ? INDEX_LEDGER : 0);
    s->wish.query = s->query;
    s->wish.decide = decide;
    s->wish.ctx = &d;
    if (context_index(c, &s->reading, parts, &d.index, e))
        return -1;
    d.ledger = history ? d.index : NULL;
    int failed = index_search(d.index, &s->wish, &s->hits, e);
    index_close(d.index);
    return failed;
}

int search_read(struct context *c, struct searching *s, const size_t *which, size_t n, struct err *e)
{
    size_t *sorted = xcalloc(n + 1, sizeof *sorted);
    bool *wanted = xcalloc(s->hits.n + 1, sizeof *wanted);
    int failed = 0;
    for (size_t i = 0; i < n; i++)
        wanted[which[i]] = !s->pm[which[i]];
    n = 0;
    for (size_t i = 0; i < s->hits.n; i++)
        if (wanted[i])
            sorted[n++] = i;
    if (n) {
        struct state some = state_of_hits(s, &s->hits, sorted, n);
        failed = corpus_load(&s->corpus, c->repo, &some, NULL, 0, 0, e);
        snapshot_free(some.files);
    }
    for (size_t i = 0; i < n && !failed; i++) {
        s->pm[sorted[i]] = s->corpus.v[i];
        s->corpus.v[i]->id = s->hits.v[sorted[i]].id;
    }
    free(sorted);
    free(wanted);
    return failed;
}

/* ---- the worktree ---- */

static struct hit hit_of(const struct postmortem *pm)
{
    struct hit hit = {.path = pm->path, .id = pm->id, .date = pm->date,
                      .severity = postmortem_severity(pm)};
    hit.began_known = postmortem_time(pm, "started", &hit.began);
    return hit;
}

/* Keeps the postmortems of which the query holds. */
static int keep_matching(struct searching *s, struct index *ledger, struct err *e)
{
    size_t kept = 0;
    int match = 0;
    for (size_t i = 0; i < s->corpus.n; i++) {
        struct postmortem *pm = s->corpus.v[i];
        if (match >= 0)
            match = holds(s, ledger, pm, e);
        if (match > 0) {
            vec_push(&s->hits, hit_of(pm));
            s->corpus.v[kept++] = pm;
        } else {
            postmortem_free(pm);
        }
    }
    s->corpus.n = s->hits.total = kept;
    return match < 0 ? -1 : 0;
}

/* The words of what is not committed are not in the index: every file of the worktree is read and
 * asked. */
static int find_in_worktree(struct context *c, struct searching *s, struct err *e)
{
    struct index *ledger = NULL;
    if (corpus_load(&s->corpus, c->repo, &s->reading.state, NULL, 0, 0, e) ||
        (needs_history(s->query) && context_index(c, &s->reading, INDEX_LEDGER, &ledger, e)))
        return -1;
    int failed = keep_matching(s, ledger, e);
    index_close(ledger);
    if (!failed && s->wish.facets)
        search_count_facets(&s->hits, &s->corpus);
    return failed;
}

int search_find(struct context *c, struct searching *s, struct err *e)
{
    int failed = s->worktree ? find_in_worktree(c, s, e)
                 : s->reading.born ? find_committed(c, s, e) : 0;
    s->pm = xcalloc(s->hits.n + 1, sizeof(*s->pm));
    for (size_t i = 0; s->worktree && i < s->hits.n; i++)
        s->pm[i] = s->corpus.v[i];
    return failed;
}

void searching_release(struct searching *s)
{
    free(s->pm);
    corpus_release(&s->corpus);
    hits_release(&s->hits);
    arena_release(&s->arena);
}
