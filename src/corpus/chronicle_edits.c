/* What each commit did to the files that are documents: nothing is read but what may have moved. */
#include "chronicle_private.h"

#include "pm/caps.h"
#include "pm/path.h"
#include "pm/renames.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct edits *out;
    struct blobs *blobs;
    struct history history;
    struct differ *differ;
    struct err *e;
};

static struct slice interned(struct edits *e, struct slice path)
{
    struct slice *known = map_get(&e->paths, path);

    if (!known) {
        known = arena_alloc(&e->arena, sizeof *known);
        *known = arena_dup(&e->arena, path);
        map_put(&e->paths, path, known);
    }
    return *known;
}

static bool wanted(void *ctx, struct slice path, bool folder)
{
    struct reading *r = ctx;

    return selection_wanted(&r->blobs->sel, path, folder);
}

static int add_change(void *ctx, const struct change *c)
{
    struct reading *r = ctx;
    struct blob_edit edit = {interned(r->out, c->path), blobs_index(r->blobs, &c->before),
                             blobs_index(r->blobs, &c->after), false, false};

    vec_push(&r->out->list, edit);
    return 0;
}

/* ---- gone, or only out of sight? ---------------------------------------------------------- */

/* A search among all files for the content of those that vanished from the globs. */
struct search {
    struct reading *reading;
    struct map by_content, by_stem; /* → the first of the commit's edits that vanished, + 1 */
    uint32_t *next_by_content, *next_by_stem; /* from the first on; + 1, 0 ends */
    size_t first; /* the commit's edits */
    size_t compared;
};

static struct slice key_of(const struct oid *id)
{
    return slice_from((const char *)id->b, sizeof id->b);
}

static void chain(struct map *m, struct slice key, uint32_t *next, size_t at)
{
    *next = (uint32_t)(uintptr_t)map_get(m, key);
    map_put(m, key, (void *)((uintptr_t)at + 1));
}

static void find_content(struct search *s, const struct oid *content)
{
    uintptr_t at = (uintptr_t)map_get(&s->by_content, key_of(content));

    if (at) /* all of them are marked at once: no later file has news of them */
        map_remove(&s->by_content, key_of(content));
    for (; at; at = s->next_by_content[at - 1])
        s->reading->out->list.v[s->first + at - 1].left = true;
}

static int find_change(void *ctx, const struct change *c)
{
    struct search *s = ctx;
    struct edits *out = s->reading->out;

    if (oid_is_zero(&c->after) || selection_wanted(&s->reading->blobs->sel, c->path, false))
        return 0;
    find_content(s, &c->after);
    uintptr_t at = (uintptr_t)map_get(&s->by_stem, path_stem(c->path));
    for (; at && s->compared < CAP_RENAME_CANDIDATES; at = s->next_by_stem[at - 1]) {
        struct blob_edit *e = &out->list.v[s->first + at - 1];
        if (e->left)
            continue;
        s->compared++;
        int percent = blobs_likeness_to(s->reading->blobs, e->before, &c->after, s->reading->e);
        if (percent < 0)
            return -1;
        e->left = percent >= RENAME_ALIKE;
    }
    return 0;
}

/* The same for what is not committed. Of a file that only the worktree has just its content is
 * looked for. */
static int find_pending(struct search *s)
{
    const struct uncommitted *u = s->reading->history.last;
    struct err *e = s->reading->e;
    int result = 0;

    for (size_t i = 0; i < u->pending->n && result == 0; i++) {
        const struct pending *p = &u->pending->v[i];
        struct str bytes = STR_INIT;
        struct oid content;
        bool too_large = false;
        if (p->gone || selection_wanted(&s->reading->blobs->sel, p->path, false))
            continue;
        if (!oid_is_zero(&p->after)) {
            result = find_change(s, &(struct change){p->path, p->before, p->after});
            continue;
        }
        int got = snapshot_read_path(u->files, s->reading->blobs->repo, p->path,
                                     CAP_DOCUMENT_BYTES, &bytes, &too_large, e);
        oid_of_blob(str_slice(&bytes), &content);
        if (got > 0 && !too_large)
            find_content(s, &content);
        result = got < 0 ? -1 : 0;
        str_release(&bytes);
    }
    return result;
}

static bool any_vanished(const struct edits *e, size_t first)
{
    for (size_t i = first; i < e->list.n; i++)
        if (e->list.v[i].after == NO_BLOB)
            return true;
    return false;
}

/* before NULL: what is not committed. */
static int mark_left(struct reading *r, size_t first, const struct oid *before,
                     const struct oid *after)
{
    size_t n = r->out->list.n - first;
    struct search s = {.reading = r, .first = first};
    int result = 0;

    if (!any_vanished(r->out, first))
        return 0;
    s.next_by_content = xcalloc(n, sizeof *s.next_by_content);
    s.next_by_stem = xcalloc(n, sizeof *s.next_by_stem);
    for (size_t i = n; i-- > 0;) {
        const struct blob_edit *e = &r->out->list.v[first + i];
        if (e->after != NO_BLOB)
            continue;
        chain(&s.by_content, key_of(&r->blobs->list.v[e->before].id), &s.next_by_content[i], i);
        chain(&s.by_stem, path_stem(e->path), &s.next_by_stem[i], i);
    }
    result = before ? differ_run(r->differ, before, after, NULL, find_change, &s, r->e)
                    : find_pending(&s);
    map_release(&s.by_content);
    map_release(&s.by_stem);
    free(s.next_by_content);
    free(s.next_by_stem);
    return result;
}

/* ---- commits ------------------------------------------------------------------------------ */

const struct walk_commit *walk_parent(const struct walk *w, const struct walk_commit *c, uint32_t i)
{
    return &w->v[w->parents[c->first_parent + i]];
}

static int by_path(const void *x, const void *y)
{
    const struct blob_edit *a = x, *b = y;
    int c = slice_cmp(a->path, b->path);

    return c ? c : (a->before > b->before) - (a->before < b->before);
}

static size_t path_end(const struct edits *e, size_t at)
{
    size_t end = at + 1;

    while (end < e->list.n && slice_eq(e->list.v[end].path, e->list.v[at].path))
        end++;
    return end;
}

/* Does it add a path that no parent has as it is now? */
static bool adds_own(const struct edits *e, size_t first, uint32_t nparents)
{
    for (size_t i = first, end; i < e->list.n; i = end) {
        end = path_end(e, i);
        for (size_t k = i; end - i == nparents && k < end; k++)
            if (e->list.v[k].before == NO_BLOB)
                return true;
    }
    return false;
}

/* Keeps the paths that differ from every parent: what the others say, a parent said before. What it
 * adds may be what it takes away from one of them, under the name that another gave it. */
static void keep_common(struct edits *e, size_t first, uint32_t nparents)
{
    size_t n = first;

    if (e->list.n - first > 1)
        qsort(e->list.v + first, e->list.n - first, sizeof *e->list.v, by_path);
    bool adds = adds_own(e, first, nparents);
    for (size_t i = first, end; i < e->list.n; i = end) {
        end = path_end(e, i);
        for (size_t k = i; k < end; k++) {
            struct blob_edit *edit = &e->list.v[k];
            edit->half = end - i != nparents;
            if (!edit->half || (adds && edit->after == NO_BLOB))
                e->list.v[n++] = *edit;
        }
    }
    e->list.n = n;
}

static int read_uncommitted(struct reading *r)
{
    const struct uncommitted *u = r->history.last;
    size_t first = r->out->list.n;

    for (size_t i = 0; i < u->pending->n; i++) {
        const struct pending *p = &u->pending->v[i];
        struct blob_edit edit = {.after = NO_BLOB};
        if (!selection_wanted(&r->blobs->sel, p->path, false))
            continue;
        edit.before = blobs_index(r->blobs, &p->before);
        if (!p->gone && !oid_is_zero(&p->after))
            edit.after = blobs_index(r->blobs, &p->after);
        else if (!p->gone && blobs_index_file(r->blobs, u->files, p->path, &edit.after, r->e) < 0)
            return -1;
        edit.path = interned(r->out, p->path);
        if (edit.before != edit.after)
            vec_push(&r->out->list, edit);
    }
    return mark_left(r, first, NULL, NULL);
}

static int take_commit(struct reading *r, const struct trees *t, size_t i)
{
    static const struct oid nothing;
    const struct walk *w = r->history.walk;
    const struct walk_commit *c = &w->v[i];
    size_t first = r->out->list.n, n;
    const struct change *changes = trees_changes(t, i, &n);

    if (r->history.last && i == w->n - 1)
        return read_uncommitted(r);
    for (size_t k = 0; k < n; k++)
        add_change(r, &changes[k]);
    if (c->on_chain)
        return mark_left(r, first, c->nparents ? &walk_parent(w, c, 0)->tree : &nothing, &c->tree);
    if (c->nparents > 1)
        keep_common(r->out, first, c->nparents);
    return 0;
}

int edits_read(struct edits *out, struct blobs *b, const struct history *h,
               const struct progress *progress, struct err *e)
{
    const struct walk *w = h->walk;
    struct trees trees = {NULL, 0};
    int result = trees_compare(&trees, b, h, progress, e);
    struct reading r = {out, b, *h, differ_new(b->repo), e};

    out->first = xcalloc(w->n + 1, sizeof *out->first);
    for (size_t i = 0; i < w->n && result == 0; i++) {
        out->first[i] = out->list.n;
        result = take_commit(&r, &trees, i);
    }
    out->first[w->n] = out->list.n;
    differ_free(r.differ);
    trees_release(&trees);
    return result;
}

int edits_compare(struct edits *out, struct blobs *b, const struct oid *before,
                  const struct oid *after, struct err *e)
{
    struct reading r = {.out = out, .blobs = b, .differ = differ_new(b->repo), .e = e};
    int result = differ_run(r.differ, before, after, wanted, add_change, &r, e);

    differ_free(r.differ);
    return result;
}

void edits_release(struct edits *e)
{
    vec_release(&e->list);
    free(e->first);
    map_release(&e->paths);
    arena_release(&e->arena);
}
