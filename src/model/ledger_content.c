/* Which vanished file is which added one, by content: the same, or at least half of it. */
#include "ledger_private.h"

struct slice content_key(const struct version *const *content)
{
    return slice_from((const char *)content, sizeof *content);
}

static int likeness(void *ctx, const struct rename_file *gone, const struct rename_file *added)
{
    const struct plan *p = ctx;
    const struct departure *from = gone->of;
    const struct arrival *to = added->of;

    return fold_likeness(p->f, plan_document(p, from->document)->content, to->edit->after);
}

static void settle_all(struct plan *p, const rename_list *gone, const rename_list *added)
{
    for (size_t i = 0; i < gone->n; i++) {
        const struct departure *from = gone->v[i].of;
        if (gone->v[i].other == RENAME_NONE)
            continue;
        const struct arrival *to = added->v[gone->v[i].other].of;
        plan_settle(p, &p->arrivals.v[to - p->arrivals.v], from->document);
    }
}

/* Ids are no evidence here: which of several documents has one was asked already. */
void plan_claim_by_content(struct plan *p)
{
    rename_list gone = VEC_INIT, added = VEC_INIT;

    for (size_t i = 0; i < p->departures.n; i++) {
        const struct departure *d = &p->departures.v[i];
        struct slice key = content_key(&plan_document(p, d->document)->content);
        if (!d->settled)
            vec_push(&gone, (struct rename_file){.path = d->edit->path, .content = key, .of = d});
    }
    for (size_t i = 0; gone.n && i < p->arrivals.n; i++) {
        const struct arrival *a = &p->arrivals.v[i];
        struct slice key = content_key(&a->edit->after);
        if (a->document == LEDGER_NONE)
            vec_push(&added, (struct rename_file){.path = a->edit->path, .content = key, .of = a});
    }
    renames_find(&gone, &added, likeness, p);
    settle_all(p, &gone, &added);
    vec_release(&gone);
    vec_release(&added);
}
