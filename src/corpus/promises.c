/* The ledger of one change. Three steps: the documents as the commit before the change found them,
 * that commit, the change. */
#include "chronicle_private.h"

#include "pm/promises.h"
#include "promises_private.h"

#include <stdlib.h>
#include <string.h>

/* Where an item was before the change. */
struct stood {
    const struct version *version; /* NULL: it was not there */
    struct slice path;
    uint32_t slot;
};

/* One change being looked at. */
struct looking {
    struct making *m;
    const struct promises_asked *asked;
    struct oid before_base; /* the first parent of asked->before; zero: it has none */
    struct edits base;      /* what asked->before did, in path order */
    VEC(struct blob_edit)
    untouched;           /* the documents that asked->before or the change touches, as
                            they were before both: additions */
    struct past past;    /* earlier versions of some of these */
    struct stood *stood; /* by item, for those that the ledger has before the change */
    size_t nstood;
    size_t first; /* of the change's events */
};

/* ---- the past ----------------------------------------------------------------------------- */

static int read_base(struct looking *l, struct err *e)
{
    struct oid before = {{0}}, tree;
    struct commit commit, parent;
    struct making *m = l->m;

    if (commit_read(m->repo, l->asked->before, &commit, e) < 0)
        return -1;
    tree = commit.tree;
    if (commit.nparents)
        l->before_base = commit.parents[0];
    commit_release(&commit);
    if (!oid_is_zero(&l->before_base)) {
        if (commit_read(m->repo, &l->before_base, &parent, e) < 0)
            return -1;
        before = parent.tree;
        commit_release(&parent);
    }
    return edits_compare(&l->base, m->c->versions, &before, &tree, e);
}

static void find_untouched(struct looking *l)
{
    const struct edits *base = &l->base, *change = &l->m->edits;
    size_t i = 0, k = change->first[l->m->walk.n - 1];

    while (i < base->list.n || k < change->list.n) {
        const struct blob_edit *a = i < base->list.n ? &base->list.v[i] : NULL;
        const struct blob_edit *b = k < change->list.n ? &change->list.v[k] : NULL;
        int order = !a ? 1 : !b ? -1 : slice_cmp(a->path, b->path);
        const struct blob_edit *edit = order > 0 ? b : a;
        if (edit->before != NO_BLOB)
            vec_push(&l->untouched, (struct blob_edit){.path = edit->path, .before = NO_BLOB,
                                                       .after = edit->before});
        i += order <= 0;
        k += order >= 0;
    }
}

static int take_past(struct looking *l, struct err *e)
{
    for (size_t i = 0; i < l->past.n; i++) {
        struct past_path *p = &l->past.v[i];
        struct blob_edit edit = {.path = p->path, .after = NO_BLOB};
        for (size_t k = p->blobs.n; k-- > 0;) {
            edit.before = edit.after;
            edit.after = p->blobs.v[k];
            if (making_past(l->m, &edit, 1, e) < 0)
                return -1;
        }
    }
    return making_past(l->m, l->untouched.v, l->untouched.n, e) < 0 ||
                   making_past(l->m, l->base.list.v, l->base.list.n, e) < 0
               ? -1
               : 0;
}

/* Nothing was promised in it yet, or it does not say what was. */
static bool says_too_little(const struct version *v)
{
    return !v->readable || v->draft;
}

/* Drafts and what cannot be read: was there a promise in them before? Takes them out of what is
 * untouched. */
static int read_past(struct looking *l, struct err *e)
{
    size_t kept = 0;

    l->past = (struct past){
        .wanted = says_too_little, .with_end = true, .until = INT64_MIN, .renamed = true};
    for (size_t i = 0; i < l->untouched.n; i++) {
        const struct blob_edit *edit = &l->untouched.v[i];
        if (says_too_little(blobs_version(l->m->c->versions, edit->after)))
            vec_push(&l->past, (struct past_path){.path = edit->path});
        else
            l->untouched.v[kept++] = *edit;
    }
    l->untouched.n = kept;
    return l->past.n ? past_read(&l->past, l->m->c->versions, &l->before_base, e) : 0;
}

/* ---- what is told of it ------------------------------------------------------------------- */

static size_t number_of(const struct ledger_document *d, uint32_t item)
{
    for (size_t i = 0; d->present && d->version && i < d->version->nitems; i++)
        if (d->current[i] == item)
            return i + 1;
    return 0;
}

static struct promise_event told(const struct making *m, const struct ledger_event *event,
                                 const struct stood *stood)
{
    const struct ledger *l = m->c->ledger;
    const struct ledger_item *item = &l->items[event->item];
    const struct ledger_document *d = &l->documents[item->document];
    const struct version_item *was = &stood->version->items[stood->slot];
    struct promise_event p = promise_at(stood->path, stood->version, stood->slot);

    p.kind = event->kind;
    p.before = event->before;
    p.after = event->after;
    p.content = m->c->versions->list.v[stood->version->content].id;
    p.line = was->line;
    p.was = &was->stated;
    p.path_after = d->present ? d->path : slice_from(NULL, 0);
    p.number_after = number_of(d, event->item);
    if (event->change != m->numbers[m->walk.n - 1])
        p.commit = m->c->commits[event->change].id;
    return p;
}

/* ---- all of it ---------------------------------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
    const struct promise_event *a = x, *b = y;
    int order = slice_cmp(a->path, b->path);

    if (order)
        return order;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

static int by_path_after(const void *x, const void *y)
{
    const struct promise_event *const *a = x, *const *b = y;
    int order = slice_cmp((*a)->path_after, (*b)->path_after);

    return order ? order : (*a > *b) - (*a < *b);
}

static void sort_by_path_after(struct promises *p)
{
    VEC(const struct promise_event *) there = VEC_INIT;

    for (size_t i = 0; i < p->n; i++)
        if (p->v[i].path_after.n)
            vec_push(&there, &p->v[i]);
    vec_sort(&there, by_path_after);
    size_t n = there.n;
    vec_push(&there, NULL); /* the last push: from now on they stay where they are */
    for (size_t i = n; i-- > 0;)
        map_put(&p->first, there.v[i]->path_after, &there.v[i]);
    p->after = there.v;
}

const struct promise_event *const *promises_at(const struct promises *p, struct slice path_after,
                                               size_t *n)
{
    const struct promise_event *const *first = map_get(&p->first, path_after);

    for (*n = 0; first && first[*n] && slice_eq(first[*n]->path_after, path_after);)
        ++*n;
    return first;
}

static void remember(struct looking *l)
{
    const struct ledger *ledger = l->m->c->ledger;

    free(l->stood);
    l->nstood = ledger->nitems;
    l->stood = xcalloc(l->nstood, sizeof *l->stood);
    for (size_t i = 0; i < ledger->ndocuments; i++) {
        const struct ledger_document *d = &ledger->documents[i];
        for (uint32_t k = 0; d->present && d->version && k < d->version->nitems; k++)
            l->stood[d->current[k]] = (struct stood){d->version, d->path, k};
    }
}

static int fold(struct looking *l, struct err *e)
{
    if (take_past(l, e) < 0)
        return -1;
    l->first = l->m->c->ledger->nevents;
    remember(l);
    return making_fold(l->m, 1, l->m->walk.n, e);
}

/* Would the past, where it is not known yet, tell more? */
static bool past_matters(const struct looking *l)
{
    const struct ledger *ledger = l->m->c->ledger;
    const struct blobs *versions = l->m->c->versions;

    if (oid_is_zero(&l->before_base))
        return false;
    for (size_t i = l->first; i < ledger->nevents; i++)
        if (ledger->events[i].kind == EVENT_WITHDRAWN)
            return true;
    for (size_t i = 0; i < l->untouched.n; i++)
        if (!blobs_version(versions, l->untouched.v[i].after)->readable)
            return true;
    return false;
}

static int take_events(struct looking *l, struct promises *out, struct err *e)
{
    const struct promises_asked *asked = l->asked;
    const struct ledger *ledger = l->m->c->ledger;
    VEC(struct promise_event) events = VEC_INIT;
    int own = 1;

    for (size_t i = l->first; i < ledger->nevents && own >= 0; i++) {
        const struct ledger_event *event = &ledger->events[i];
        if (event->item >= l->nstood || !l->stood[event->item].version)
            continue;
        struct promise_event promise = told(l->m, event, &l->stood[event->item]);
        own = asked->pending && asked->nheads ? promises_own(l->m, asked, &promise, e) : 1;
        if (own > 0)
            vec_push(&events, promise);
    }
    vec_sort(&events, by_place);
    out->v = events.v;
    out->n = events.n;
    sort_by_path_after(out);
    return own < 0 ? -1 : 0;
}

static int look(struct looking *l, struct promises *out, struct err *e)
{
    struct making *m = l->m;
    const struct promises_asked *asked = l->asked;

    if (walk_between(&m->walk, m->repo, asked->before, asked->heads, asked->nheads, e) < 0 ||
        read_base(l, e) < 0 || making_read(m, 1, e) < 0)
        return -1;
    find_untouched(l);
    int result = fold(l, e);
    if (result == 0 && past_matters(l)) {
        ledger_free(m->c->ledger);
        m->c->ledger = ledger_new();
        result = read_past(l, e);
        if (result == 0)
            result = fold(l, e);
    }
    return result < 0 ? -1 : take_events(l, out, e);
}

int promises_read(struct promises *out, struct repo *r, const struct promises_asked *asked,
                  struct err *e)
{
    struct promises p = {0};
    struct uncommitted uncommitted = {.pending = asked->pending, .files = asked->after->files};

    *out = p;
    if (!asked->before)
        return 0;
    p.chronicle = chronicle_new(r, asked->before, &asked->after->selection);
    struct making m = {.c = p.chronicle, .repo = r, .last = asked->pending ? &uncommitted : NULL};
    struct looking l = {.m = &m, .asked = asked};
    int result = look(&l, &p, e);
    if (result == 0 && !asked->pending)
        result = promises_accept(&m, &p, e);
    making_release(&m);
    edits_release(&l.base);
    vec_release(&l.untouched);
    past_release(&l.past);
    free(l.stood);
    if (result < 0)
        promises_release(&p);
    else
        *out = p;
    return result;
}

void promises_release(struct promises *p)
{
    free(p->v);
    free(p->after);
    map_release(&p->first);
    chronicle_free(p->chronicle);
    *p = (struct promises){0};
}
