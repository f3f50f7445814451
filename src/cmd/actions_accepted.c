/* Why an item was dropped, as a commit message says: what the gate heard when it was pushed. */
#include "actions_private.h"

#include "pm/promises.h"

static void take_reason(struct action_view *v, const struct promises *p, struct arena *a)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].kind == EVENT_DROPPED && p->v[i].line == v->line &&
            slice_eq(p->v[i].path, v->path))
            v->reason = arena_dup(a, p->v[i].accepted);
}

static int ask_commit(struct repo *r, const struct commit *commit, struct promises *out,
                      struct state *state, struct err *e)
{
    const struct promises_asked asked = {.after = state, .before = &commit->parents[0],
                                         .heads = &commit->id, .nheads = 1};
    if (state_of_commit(state, r, &commit->id, e))
        return -1;
    return promises_read(out, r, &asked, e);
}

int actions_accepted(struct context *c, struct action_view *v, const struct event_view *last,
                     struct arena *a, struct err *e)
{
    struct promises promises = {0};
    struct commit commit;
    struct state state = {0};
    struct oid landing;
    if (v->state != ITEM_DROPPED || last->kind != EVENT_DROPPED || !last->landing.known ||
        !oid_parse(slice_of(last->landing.commit), &landing))
        return 0;
    if (commit_read(c->repo, &landing, &commit, e))
        return -1;
    int failed = commit.nparents ? ask_commit(c->repo, &commit, &promises, &state, e) : 0;
    if (!failed)
        take_reason(v, &promises, a);
    promises_release(&promises);
    state_release(&state);
    commit_release(&commit);
    return failed;
}
