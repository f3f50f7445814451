/* Rules that need more than the two versions of a document. */
#include "check_private.h"

#include <stdlib.h>

#include "pm/drafts.h"

enum { DAY = 86400 };

/* ---- ids that a change took away ---- */

/* A document that states such an id. */
struct holder {
    size_t claim, file; /* claim: the first of the id; file: index in the state's files */
};

struct holders {
    struct slice *ids; /* of the claims */
    size_t n;
    struct map first; /* id → its first claim, + 1 */
    struct {
        struct holder *v;
        size_t n, cap;
    } found[CORPUS_THREADS];
};

static bool may_hold_id(void *ctx, struct slice bytes)
{
    const struct holders *h = ctx;
    return may_state_id(h->ids, h->n, bytes);
}

static void look_for_id(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                        struct postmortem *pm)
{
    struct holders *h = ctx;
    (void)before;
    uintptr_t claim = pm->id_from == ID_STATED ? (uintptr_t)map_get(&h->first, pm->id) : 0;
    if (claim)
        vec_push(&h->found[thread], (struct holder){claim - 1, place});
    postmortem_free(pm);
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Did this document state the id before the change, too? */
static int had_it(struct context *c, const struct choice *k, const struct holder *h,
                  struct slice id, struct err *e)
{
    size_t file = h->file;
    const size_t *changed =
        k->which.n ? bsearch(&file, k->which.v, k->which.n, sizeof file, by_number) : NULL;
    if (!changed)
        return 1;
    const struct former *former = &k->former.v[changed - k->which.v];
    struct reader reader = {.schema = k->state.schema};
    struct postmortem *before = NULL;
    if (oid_is_zero(&former->id))
        return 0;
    if (corpus_former(&before, c->repo, &reader, former, e))
        return -1;
    bool had = before->id_from == ID_STATED && slice_eq(before->id, id);
    postmortem_free(before);
    return had;
}

/* Every document that may still state one of the ids is asked. */
static int find_holders(struct holders *h, struct context *c, struct choice *k, struct err *e)
{
    const struct change_visitor visitor = {.visit = look_for_id, .ctx = h, .wanted = may_hold_id};
    return choice_complete(k, c, e) ||
           corpus_each_change(c->repo, &k->state, NULL, 0, &visitor, e);
}

int check_changed_ids(struct context *c, struct choice *k, const struct claim *claims, size_t n,
                      struct findings *out, struct err *e)
{
    struct holders h = {.ids = xcalloc(n + 1, sizeof *h.ids), .n = n};
    bool *held = xcalloc(n + 1, sizeof *held);
    for (size_t i = n; i-- > 0;) {
        h.ids[i] = claims[i].id;
        map_put(&h.first, h.ids[i], (void *)(i + 1));
    }
    int failed = n ? find_holders(&h, c, k, e) : 0;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        for (size_t i = 0; i < h.found[thread].n && !failed; i++) {
            const struct holder *one = &h.found[thread].v[i];
            int had = had_it(c, k, one, claims[one->claim].id, e);
            held[one->claim] |= had > 0;
            failed = had < 0 ? -1 : 0;
        }
        vec_release(&h.found[thread]);
    }
    for (size_t i = 0; i < n && !failed; i++)
        if (!held[(uintptr_t)map_get(&h.first, h.ids[i]) - 1])
            vec_push(out, claims[i].finding);
    map_release(&h.first);
    free(h.ids);
    free(held);
    return failed;
}

/* ---- drafts ---- */

int check_drafts(struct context *c, const struct choice *k, const struct claim *claims, size_t n,
                 struct findings *out, struct err *e)
{
    struct oid tip = k->commit;
    int born = k->of_commit || !n ? 1 : commit_head(c->repo, &tip, e);
    if (born <= 0 || !n)
        return born < 0 ? -1 : 0;
    struct slice *paths = xcalloc(n, sizeof *paths);
    bool *older = xcalloc(n, sizeof *older);
    for (size_t i = 0; i < n; i++)
        paths[i] = claims[i].id;
    int failed = drafts_older(older, c->repo, &tip, &k->state.selection, paths, n,
                              c->now - (int64_t)STALE_DRAFT_DAYS * DAY, e);
    for (size_t i = 0; i < n && !failed; i++)
        if (older[i])
            vec_push(out, claims[i].finding);
    free(older);
    free(paths);
    return failed;
}
