/* What stood at a few paths before, back along the first-parent chain. */
#include "chronicle_private.h"

#include "pm/renames.h"

#include <string.h>

struct walking_back {
    struct past *past;
    struct blobs *blobs;
    struct differ *differ;
    VEC(struct past_path *) followed; /* by where they are; some may be closed by this commit */
    struct commit commit; /* where we are */
    struct oid mark;      /* a commit that was passed, to notice a circle */
    size_t steps;
    struct err *e;
};

/* ---- the paths by where they are ---------------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
    const struct past_path *const *a = x, *const *b = y;

    return slice_cmp((*a)->at, (*b)->at);
}

/* The first that is followed there or behind. */
static size_t place_of(const struct walking_back *w, struct slice path)
{
    size_t low = 0, high = w->followed.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(w->followed.v[middle]->at, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct past_path *open_at(const struct walking_back *w, struct slice path)
{
    size_t i = place_of(w, path);
    struct past_path *p = i < w->followed.n ? w->followed.v[i] : NULL;

    return p && !p->closed && slice_eq(p->at, path) ? p : NULL;
}

static bool is_open(void *ctx, struct slice path, bool folder)
{
    const struct walking_back *w = ctx;

    if (!folder)
        return open_at(w, path);
    for (size_t i = place_of(w, path);
         i < w->followed.n && slice_starts(w->followed.v[i]->at, path); i++)
        if (!w->followed.v[i]->closed)
            return true;
    return false;
}

/* The path has this content, too, and maybe more before. */
static int add_content(struct walking_back *w, struct past_path *p, const struct oid *content)
{
    uint32_t blob = blobs_index(w->blobs, content);

    if (blobs_read_one(w->blobs, blob, w->e) < 0)
        return -1;
    p->closed = !w->past->wanted(blobs_version(w->blobs, blob));
    if (!p->closed || w->past->with_end)
        vec_push(&p->blobs, blob);
    return 0;
}

static int begin(void *ctx, const struct change *c)
{
    struct walking_back *w = ctx;

    return add_content(w, open_at(w, c->path), &c->after);
}

static int step_back(void *ctx, const struct change *c)
{
    struct walking_back *w = ctx;
    struct past_path *p = open_at(w, c->path);

    p->since = w->commit.committer.when;
    p->closed = p->appeared = oid_is_zero(&c->before);
    return p->closed ? 0 : add_content(w, p, &c->before);
}

/* ---- renames ------------------------------------------------------------------------------ */

/* What a commit takes away, and those of our files that it adds. */
struct renaming {
    struct walking_back *w;
    rename_list gone, added;
    struct arena arena;
    bool failed;
};

static bool is_document(void *ctx, struct slice path, bool folder)
{
    const struct renaming *r = ctx;

    return selection_wanted(&r->w->blobs->sel, path, folder);
}

static struct slice content_of(struct arena *a, const struct oid *id)
{
    return arena_dup(a, slice_from((const char *)id->b, sizeof id->b));
}

static int add_gone(void *ctx, const struct change *c)
{
    struct renaming *r = ctx;

    if (oid_is_zero(&c->after))
        vec_push(&r->gone, (struct rename_file){.path = arena_dup(&r->arena, c->path),
                                                .content = content_of(&r->arena, &c->before)});
    return 0;
}

static void add_appeared(struct renaming *r)
{
    const struct walking_back *w = r->w;

    for (size_t i = 0; i < w->followed.n; i++) {
        struct past_path *const *followed = &w->followed.v[i];
        const struct past_path *p = *followed;
        if (!p->appeared || !p->blobs.n)
            continue;
        const struct oid *content = &w->blobs->list.v[p->blobs.v[p->blobs.n - 1]].id;
        vec_push(&r->added, (struct rename_file){.path = p->at,
                                                 .content = content_of(&r->arena, content),
                                                 .of = followed});
    }
}

static uint32_t blob_of(const struct renaming *r, const struct rename_file *file)
{
    struct oid id;

    memcpy(id.b, file->content.p, sizeof id.b);
    return blobs_index(r->w->blobs, &id);
}

static int likeness(void *ctx, const struct rename_file *gone, const struct rename_file *added)
{
    struct renaming *r = ctx;
    int percent = r->failed ? 0
                            : blobs_likeness(r->w->blobs, blob_of(r, gone), blob_of(r, added),
                                             r->w->e);

    r->failed |= percent < 0;
    return percent < 0 ? 0 : percent;
}

static int go_on_as(struct renaming *r, struct past_path *p, const struct rename_file *former)
{
    struct oid content = r->w->blobs->list.v[blob_of(r, former)].id;

    p->at = arena_dup(&r->w->past->arena, former->path);
    p->appeared = false;
    return add_content(r->w, p, &content);
}

/* The paths that appeared with this commit go on as what they were renamed from. */
static int follow_renames(struct walking_back *w, const struct oid *before)
{
    struct renaming r = {.w = w};
    int result = 0;

    add_appeared(&r);
    if (r.added.n)
        result = differ_run(w->differ, before, &w->commit.tree, is_document, add_gone, &r, w->e);
    if (result == 0)
        renames_find(&r.gone, &r.added, likeness, &r);
    if (r.failed)
        result = -1;
    for (size_t i = 0; i < r.added.n && result == 0; i++)
        if (r.added.v[i].other != RENAME_NONE)
            result = go_on_as(&r, *(struct past_path *const *)r.added.v[i].of,
                              &r.gone.v[r.added.v[i].other]);
    vec_sort(&w->followed, by_place);
    vec_release(&r.gone);
    vec_release(&r.added);
    arena_release(&r.arena);
    return result;
}

/* ---- back --------------------------------------------------------------------------------- */

/* Is there nothing left to look for? */
static bool settle(struct walking_back *w)
{
    int64_t when = w->commit.committer.when;
    bool ended = !w->commit.nparents || when < w->past->until;
    size_t kept = 0;

    for (size_t i = 0; i < w->followed.n; i++) {
        struct past_path *p = w->followed.v[i];
        if (!p->closed && ended)
            p->since = when;
        p->closed |= ended;
        if (!p->closed)
            w->followed.v[kept++] = p;
    }
    w->followed.n = kept;
    return !kept;
}

/* Hashes are not checked when objects are read: a damaged repository can hold a circle. */
static int go_back(struct walking_back *w)
{
    struct commit parent;

    if ((w->steps & (w->steps - 1)) == 0)
        w->mark = w->commit.id;
    w->steps++;
    if (commit_read(w->blobs->repo, &w->commit.parents[0], &parent, w->e) < 0)
        return -1;
    int result = differ_run(w->differ, &parent.tree, &w->commit.tree, is_open, step_back, w, w->e);
    if (result == 0 && w->past->renamed)
        result = follow_renames(w, &parent.tree);
    commit_release(&w->commit);
    w->commit = parent;
    if (result == 0 && oid_eq(&w->mark, &parent.id))
        result = err_set(w->e, "the history is a circle: the repository is damaged");
    return result;
}

int past_read(struct past *p, struct blobs *b, const struct oid *from, struct err *e)
{
    static const struct oid nothing;
    struct walking_back w = {.past = p, .blobs = b, .differ = differ_new(b->repo), .e = e};
    int result = commit_read(b->repo, from, &w.commit, e);

    for (size_t i = 0; i < p->n; i++) {
        p->v[i].at = p->v[i].path;
        vec_push(&w.followed, &p->v[i]);
    }
    vec_sort(&w.followed, by_place);
    if (result == 0) {
        result = differ_run(w.differ, &nothing, &w.commit.tree, is_open, begin, &w, e);
        for (size_t i = 0; i < p->n; i++)
            p->v[i].closed |= !p->v[i].blobs.n;
        while (result == 0 && !settle(&w))
            result = go_back(&w);
        commit_release(&w.commit);
    }
    differ_free(w.differ);
    vec_release(&w.followed);
    return result;
}

void past_release(struct past *p)
{
    for (size_t i = 0; i < p->n; i++)
        vec_release(&p->v[i].blobs);
    arena_release(&p->arena);
    vec_release(p);
}
