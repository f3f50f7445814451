/* Postmortems that `pm check` would pass over in silence. */
#include "check_private.h"

/* What is added is told by the documents near it, listed or not. */
static int find_added(struct unseen_list *out, struct context *c, struct choice *k, struct err *e)
{
    return (k->added.n && choice_complete(k, c, e)) ||
           state_unseen(out, c->repo, &k->state, k->added.v, k->added.n, e);
}

int check_unseen(struct context *c, struct choice *k, bool all, const struct checker *checker,
                 struct findings *out, struct err *e)
{
    struct unseen_list unseen = UNSEEN_INIT;
    const struct oid *commit = k->of_commit ? &k->commit : NULL;
    if (all ? state_unseen_all(&unseen, c->repo, &k->state, commit, e)
            : find_added(&unseen, c, k, e))
        return -1;
    for (size_t i = 0; i < unseen.list.n; i++)
        checker_unseen(checker, &unseen.list.v[i], out);
    unseen_release(&unseen);
    return 0;
}
