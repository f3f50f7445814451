/* Ids that are stated twice: also by documents that are not checked themselves. */
#include "check_private.h"

#include <stdlib.h>

/* With more ids than these, parsing every document costs less than looking for each of them. */
enum { IDS_LOOKED_FOR = 16 };

struct ids {
    const struct checker *checker;
    VEC(struct slice) fresh;
    struct findings held[CORPUS_THREADS]; /* what the claims of each thread borrow */
    struct claims claims[CORPUS_THREADS];
};

bool may_state_id(const struct slice *ids, size_t n, struct slice bytes)
{
    for (size_t i = 0; i < n && n <= IDS_LOOKED_FOR; i++)
        if (slice_find(bytes, ids[i], 0) != SIZE_MAX)
            return true;
    return n > IDS_LOOKED_FOR;
}

static bool may_state_one(void *ctx, struct slice bytes)
{
    const struct ids *k = ctx;
    return may_state_id(k->fresh.v, k->fresh.n, bytes);
}

static void note_claim(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                       struct postmortem *pm)
{
    struct ids *k = ctx;
    struct claim claim;
    (void)place;
    (void)before;
    if (checker_claim(k->checker, NULL, pm, &k->held[thread], &claim)) {
        claim.fresh = false;
        vec_push(&k->claims[thread], claim);
    }
    postmortem_free(pm);
}

size_t documents_not_checked(const struct choice *k, size_t *out)
{
    size_t n = 0;
    for (size_t i = 0, next = 0; i < state_count(&k->state); i++) {
        while (next < k->which.n && k->which.v[next] < i)
            next++;
        bool checked = next < k->which.n && k->which.v[next] == i;
        if (!checked && !(k->typed && slice_eq(k->typed->path, snapshot_file(k->state.files, i)->path)))
            out[n++] = i;
    }
    return n;
}

int claims_of_others(struct context *c, struct choice *choice, const struct checker *checker,
                     struct claims *claims, struct arena *arena, struct err *e)
{
    struct ids k = {.checker = checker};
    const struct change_visitor visitor = {.visit = note_claim, .ctx = &k, .wanted = may_state_one};
    int failed = 0;
    for (size_t i = 0; i < claims->n; i++)
        if (claims->v[i].fresh)
            vec_push(&k.fresh, claims->v[i].id);
    if (k.fresh.n)
        failed = choice_complete(choice, c, e);
    size_t *which = xcalloc(state_count(&choice->state) + 1, sizeof *which);
    size_t n = k.fresh.n && !failed ? documents_not_checked(choice, which) : 0;
    if (n)
        failed = corpus_each_change(c->repo, &choice->state, which, n, &visitor, e);
    for (unsigned t = 0; t < CORPUS_THREADS; t++) {
        for (size_t i = 0; i < k.claims[t].n; i++)
            vec_push(claims, k.claims[t].v[i]);
        arena_take(arena, &k.held[t].arena);
        vec_release(&k.claims[t]);
    }
    vec_release(&k.fresh);
    free(which);
    return failed;
}
