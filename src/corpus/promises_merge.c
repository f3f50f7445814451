/* A merge that is being committed does not answer for what it has as one of its parents made it: that
 * was said, and judged, on that side. */
#include "promises_private.h"

struct lookup {
    struct slice path;
    struct oid *content;
};

static bool on_the_way(void *ctx, struct slice path, bool folder)
{
    const struct lookup *l = ctx;

    return folder ? slice_starts(l->path, path) : slice_eq(l->path, path);
}

static int found(void *ctx, const struct change *c)
{
    const struct lookup *l = ctx;

    *l->content = c->after;
    return 0;
}

/* Zero: there is no such file. */
static int content_in(struct repo *r, const struct oid *id, struct slice path, struct oid *content,
                      struct err *e)
{
    static const struct oid nothing;
    struct lookup lookup = {path, content};
    struct commit commit;

    *content = nothing;
    if (commit_read(r, id, &commit, e) < 0)
        return -1;
    struct differ *d = differ_new(r);
    int result = differ_run(d, &nothing, &commit.tree, on_the_way, found, &lookup, e);
    differ_free(d);
    commit_release(&commit);
    return result;
}

/* Is it so in this parent, and is it the parent's doing? */
static int is_of_parent(struct repo *r, const struct oid *before, const struct oid *parent,
                        struct slice path, const struct oid *after, struct err *e)
{
    struct lookup lookup = {path, NULL};
    struct map brought = MAP_INIT;
    struct oid theirs;
    if (content_in(r, parent, path, &theirs, e) < 0)
        return -1;
    if (!oid_eq(&theirs, after))
        return 0;
    if (changed_since_fork(&brought, r, before, parent, on_the_way, &lookup, e) < 0)
        return -1;
    bool is = map_get(&brought, path);
    map_release(&brought);
    return is;
}

static struct oid content_after(const struct making *m, struct slice path)
{
    for (size_t i = m->edits.first[m->walk.n - 1]; i < m->edits.list.n; i++) {
        const struct blob_edit *e = &m->edits.list.v[i];
        if (slice_eq(e->path, path) && e->after != NO_BLOB)
            return m->c->versions->list.v[e->after].id;
    }
    return (struct oid){{0}};
}

int promises_own(struct making *m, const struct promises_asked *asked,
                 const struct promise_event *event, struct err *e)
{
    bool gone = !event->path_after.n;
    struct slice path = gone ? event->path : event->path_after;
    struct oid after = {{0}};
    int theirs = 0;

    if (!oid_is_zero(&event->commit))
        return 0;
    if (!gone)
        after = content_after(m, path);
    for (size_t i = 0; i < asked->nheads && !theirs; i++)
        theirs = is_of_parent(m->repo, asked->before, &asked->heads[i], path, &after, e);
    return theirs < 0 ? -1 : !theirs;
}
