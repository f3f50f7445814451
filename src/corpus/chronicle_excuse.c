/* What the commits of a step say about items that it drops. */
#include "promises_private.h"

#include "pm/caps.h"

static void keep(void *ctx, struct slice value)
{
    struct excuses *x = ctx;

    if (x->list.n < CAP_REASONS)
        vec_push(&x->list, arena_dup(&x->arena, value));
}

/* Few steps drop something: only then their messages are read. */
static void read_messages(struct making *m)
{
    m->excuses.read = true;
    for (size_t i = m->step_first; i <= m->step_landing; i++) {
        struct commit commit;
        if (m->walk.v[i].past || oid_is_zero(&m->walk.v[i].id))
            continue;
        if (commit_read(m->repo, &m->walk.v[i].id, &commit, &m->why) < 0) {
            m->failed = true;
            return;
        }
        acceptances_read(commit.message, keep, &m->excuses);
        commit_release(&commit);
    }
}

struct slice making_excuse(void *ctx, const struct ledger_loss *lost)
{
    struct making *m = ctx;
    struct promise_event event = promise_at(lost->path, lost->version, lost->slot);
    struct slice reason;

    event.after = lost->with_document ? SLICE("document") : SLICE("line");
    if (!m->excuses.read)
        read_messages(m);
    for (size_t i = 0; i < m->excuses.list.n && m->excuses.compared < CAP_REASONS_COMPARED;
         i++, m->excuses.compared++)
        if (promise_named(&event, m->excuses.list.v[i], &reason) && reason.n)
            return reason;
    return slice_from(NULL, 0);
}

void excuses_release(struct excuses *x)
{
    vec_release(&x->list);
    arena_release(&x->arena);
    x->read = false;
    x->compared = 0;
}
