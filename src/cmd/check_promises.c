/* What the change that is checked did to action items. */
#include "check_private.h"

#include "pm/caps.h"

int check_read_promises(struct promises *out, struct context *c, const struct choice *k,
                        const struct checker *checker, struct err *e)
{
    struct promises_asked asked = {.after = &k->state, .before = &k->base};
    struct oid *merged = NULL;
    *out = (struct promises){0};
    if (!k->has_base || !(k->which.n + k->gone.n) || k->state.schema->broken ||
        !(checker_asks(checker, RULE_ACTION_DROPPED) ||
          checker_asks(checker, RULE_ACTION_REOPENED)))
        return 0;
    if (k->of_commit) {
        asked.heads = &k->commit;
        asked.nheads = 1;
    } else {
        if (pending_merge(&merged, &asked.nheads, c->repo, e))
            return -1;
        asked.heads = merged;
        asked.pending = &k->pending;
    }
    int failed = promises_read(out, c->repo, &asked, e);
    if (!failed && out->unheard)
        say("there are too many reasons for dropped items: %u times one was held against an item, "
            "the rest was not read",
            CAP_REASONS_COMPARED);
    free(merged);
    return failed;
}

/* It became what it is in a branch that is here already. */
static bool is_taken(const struct choice *k, struct slice path)
{
    for (size_t i = 0; i < k->taken.n; i++)
        if (slice_eq(k->taken.v[i].path, path))
            return true;
    return false;
}

int check_dropped(struct context *c, const struct choice *k, const struct checker *checker,
                  const struct promises *p, struct findings *out, struct err *e)
{
    struct zones *zones = zones_new();
    struct reader reader = {k->state.schema, zones_find, zones};
    int failed = 0;
    for (size_t i = 0, end; i < p->n && !failed; i = end) {
        struct former former = {p->v[i].content, p->v[i].path};
        struct postmortem *before = NULL;
        for (end = i; end < p->n && slice_eq(p->v[end].path, p->v[i].path); end++)
            continue;
        if (is_taken(k, p->v[i].path))
            continue;
        failed = corpus_former(&before, c->repo, &reader, &former, e);
        if (!failed)
            checker_dropped(checker, before, &p->v[i], end - i, k->of_commit, out);
        postmortem_free(before);
    }
    zones_free(zones);
    return failed;
}
