/* What stood at a few paths before, back along the first-parent chain. */
#include "chronicle_private.h"

#include "pm/caps.h"
#include "pm/renames.h"

#include <stdlib.h>

#define ASKED 200000u /* changes are looked at for former names: those of 300 files renamed at once */

struct walking_back {
    struct past *past;
    struct blobs *blobs;
    struct differ *differ;
    struct commit commit; /* where we are */
    struct oid mark;      /* a commit that was passed, to notice a circle */
    size_t steps;
    struct err *e;
    size_t asked; /* changes, for former names */
};

static struct past_path *open_at(const struct past *p, struct slice path)
{
    for (size_t i = 0; i < p->n; i++)
        if (!p->v[i].closed && slice_eq(p->v[i].at, path))
            return &p->v[i];
    return NULL;
}

static bool is_open(void *ctx, struct slice path, bool folder)
{
    const struct walking_back *w = ctx;

    for (size_t i = 0; folder && i < w->past->n; i++)
        if (!w->past->v[i].closed && slice_starts(w->past->v[i].at, path))
            return true;
    return !folder && open_at(w->past, path);
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

    return add_content(w, open_at(w->past, c->path), &c->after);
}

static int step_back(void *ctx, const struct change *c)
{
    struct walking_back *w = ctx;
    struct past_path *p = open_at(w->past, c->path);

    p->since = w->commit.committer.when;
    p->closed = p->appeared = oid_is_zero(&c->before);
    return p->closed ? 0 : add_content(w, p, &c->before);
}

/* ---- renames ------------------------------------------------------------------------------ */

/* Of the files that a commit takes away the one that is most like what it adds. */
struct likest_gone {
    struct walking_back *w;
    uint32_t added;
    int percent;
    size_t candidates;
    struct slice path;
    struct oid content;
};

static bool is_document(void *ctx, struct slice path, bool folder)
{
    const struct likest_gone *o = ctx;

    return selection_wanted(&o->w->blobs->sel, path, folder);
}

static int compare_gone(void *ctx, const struct change *c)
{
    struct likest_gone *o = ctx;
    int percent = 100;

    o->w->asked++;
    if (!oid_is_zero(&c->after) || o->candidates++ >= CAP_RENAME_CANDIDATES ||
        open_at(o->w->past, c->path))
        return 0;
    uint32_t gone = blobs_index(o->w->blobs, &c->before);
    if (gone != o->added)
        percent = blobs_likeness(o->w->blobs, gone, o->added, o->w->e);
    if (percent < 0)
        return -1;
    if (percent > o->percent) {
        o->percent = percent;
        o->path = arena_dup(&o->w->past->arena, c->path);
        o->content = c->before;
    }
    return 0;
}

/* The paths that appeared with this commit go on as what they were renamed from. */
static int follow_renames(struct walking_back *w, const struct oid *before)
{
    for (size_t i = 0; i < w->past->n; i++) {
        struct past_path *p = &w->past->v[i];
        if (!p->appeared || !p->blobs.n || w->asked >= ASKED)
            continue;
        struct likest_gone o = {.w = w, .added = p->blobs.v[p->blobs.n - 1], .percent = RENAME_ALIKE - 1};
        p->appeared = false;
        if (differ_run(w->differ, before, &w->commit.tree, is_document, compare_gone, &o, w->e) < 0)
            return -1;
        if (!o.path.n)
            continue;
        p->at = o.path;
        p->closed = false;
        if (add_content(w, p, &o.content) < 0)
            return -1;
    }
    return 0;
}

/* ---- back --------------------------------------------------------------------------------- */

/* Is there nothing left to look for? */
static bool settle(struct walking_back *w)
{
    struct past *p = w->past;
    int64_t when = w->commit.committer.when;
    bool ended = !w->commit.nparents || when < p->until, all = true;

    for (size_t i = 0; i < p->n; i++) {
        if (!p->v[i].closed && ended)
            p->v[i].since = when;
        p->v[i].closed |= ended;
        all &= p->v[i].closed;
    }
    return all;
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

    for (size_t i = 0; i < p->n; i++)
        p->v[i].at = p->v[i].path;
    if (result == 0) {
        result = differ_run(w.differ, &nothing, &w.commit.tree, is_open, begin, &w, e);
        for (size_t i = 0; i < p->n; i++)
            p->v[i].closed |= !p->v[i].blobs.n;
        while (result == 0 && !settle(&w))
            result = go_back(&w);
        commit_release(&w.commit);
    }
    differ_free(w.differ);
    return result;
}

void past_release(struct past *p)
{
    for (size_t i = 0; i < p->n; i++)
        vec_release(&p->v[i].blobs);
    arena_release(&p->arena);
    vec_release(p);
}
