/* Ids that a document refers to: has any document of the state that one? */
#include "check_private.h"

#include <stdlib.h>

/* With more of them than these, parsing every document costs less than looking for each. */
enum { LOOKED_FOR = 16 };

/* Ids and paths. */
struct known {
    struct arena arena;
    VEC(struct slice) list;
};

struct search {
    const struct claims *references;
    struct {
        struct arena arena;
        VEC(struct slice) ids;
    } found[CORPUS_THREADS];
};

static bool contains(struct slice bytes, struct slice id)
{
    char first = ascii_lower(id.p[0]);
    for (size_t i = 0; i + id.n <= bytes.n; i++)
        if (ascii_lower(bytes.p[i]) == first && slice_istarts(slice_sub(bytes, i, SIZE_MAX), id))
            return true;
    return false;
}

static bool may_have_one(void *ctx, struct slice bytes)
{
    const struct claims *wanted = ((struct search *)ctx)->references;
    for (size_t i = 0; i < wanted->n && wanted->n <= LOOKED_FOR; i++)
        if (contains(bytes, wanted->v[i].id))
            return true;
    return wanted->n > LOOKED_FOR;
}

static void note_id(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                    struct postmortem *pm)
{
    struct search *s = ctx;
    (void)place;
    (void)before;
    if (pm->id_from == ID_STATED)
        vec_push(&s->found[thread].ids, arena_dup(&s->found[thread].arena, pm->id));
    postmortem_free(pm);
}

/* Adds ids of documents that are not checked: all that may be among those looked for. */
static int search_others(struct known *names, struct context *c, const struct choice *choice,
                         const struct claims *references, struct err *e)
{
    struct search s = {.references = references};
    const struct change_visitor visitor = {.visit = note_id, .ctx = &s, .wanted = may_have_one};
    size_t *which = xcalloc(state_count(&choice->state) + 1, sizeof *which);
    size_t n = documents_not_checked(choice, which);
    int failed = n ? corpus_each_change(c->repo, &choice->state, which, n, &visitor, e) : 0;
    for (unsigned t = 0; t < CORPUS_THREADS; t++) {
        for (size_t i = 0; i < s.found[t].ids.n; i++)
            vec_push(&names->list, s.found[t].ids.v[i]);
        arena_take(&names->arena, &s.found[t].arena);
        vec_release(&s.found[t].ids);
    }
    free(which);
    return failed;
}

int check_references(struct context *c, struct choice *choice, const struct checker *checker,
                     struct claims *references, const struct slice *ids, size_t nids,
                     struct findings *out, struct err *e)
{
    struct known names = {.arena = ARENA_INIT};
    int failed = 0;
    if (!references->n)
        return 0;
    if (choice_complete(choice, c, e))
        return -1;
    for (size_t i = 0; i < nids; i++)
        vec_push(&names.list, ids[i]);
    for (size_t i = 0; i < state_count(&choice->state); i++)
        vec_push(&names.list, snapshot_file(choice->state.files, i)->path);
    references->n = checker_unanswered(checker, references->v, references->n, names.list.v,
                                       names.list.n);
    if (references->n) {
        failed = search_others(&names, c, choice, references, e);
        references->n = checker_unanswered(checker, references->v, references->n, names.list.v,
                                           names.list.n);
    }
    for (size_t i = 0; i < references->n && !failed; i++)
        vec_push(out, references->v[i].finding);
    vec_release(&names.list);
    arena_release(&names.arena);
    return failed;
}
