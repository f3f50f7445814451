/* Which item is which within a document, and what becomes of those that are no longer there. */
#include "ledger_private.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

/* ---- bookkeeping ------------------------------------------------------------------------------
 */

uint32_t item_add(struct ledger *l, const struct ledger_item *item)
{
    l->items = room_for(l->items, &l->items_cap, l->nitems + 1, sizeof *l->items);
    l->items[l->nitems] = *item;
    return (uint32_t)l->nitems++;
}

void item_number(struct ledger *l, uint32_t item)
{
    struct ledger_document *d = &l->documents[l->items[item].document];

    l->items[item].number = ++d->items;
    d->numbered = xreallocarray(d->numbered, d->items, sizeof *d->numbered);
    d->numbered[d->items - 1] = item;
}

struct version_item item_as_stated(const struct ledger_item *item)
{
    return (struct version_item){.stated = item->now,
                                 .id = item->id,
                                 .position = item->position,
                                 .key = item->key,
                                 .group = item->group,
                                 .line = item->line};
}

void item_keep(struct ledger *l, uint32_t index)
{
    struct ledger_item *item = &l->items[index];
    struct version_item copy = item_as_stated(item);

    version_item_keep(&copy, &l->arena);
    item->now = copy.stated;
    item->id = copy.id;
    item->key = copy.key;
    item->group = copy.group;
}

/* ---- which is which ---------------------------------------------------------------------------
 */

static void pair_items(struct passage *p)
{
    if (!p->before || !p->after)
        return;
    p->paired = xcalloc(p->before->nitems, sizeof *p->paired);
    if (!p->lineage) {
        match_items(p->before, p->after, p->paired);
        return;
    }
    lineage_pair(p->lineage, p->paired);
    match_rest(p->before, p->after, p->paired);
}

/* Fills current for the unpaired items of p->after that were here before. */
static void restore_items(struct fold *f, const struct passage *p, uint32_t *current)
{
    struct ledger_document *d = &f->l->documents[p->document];
    size_t n = p->after->nitems, left = 0;
    uint32_t *gone = NULL;

    for (size_t i = 0; i < n; i++)
        left += current[i] == LEDGER_NONE;
    if (!left || !d->items)
        return;
    struct version *v = gone_items(f->l, p, current, &gone);
    uint32_t *to = xcalloc(v->nitems, sizeof *to);
    bool *taken = xcalloc(n, sizeof *taken);
    for (size_t i = 0; i < n; i++)
        taken[i] = current[i] != LEDGER_NONE;
    if (v->nitems)
        match_returning(v, p->after, taken, to);
    for (size_t i = 0; i < v->nitems; i++)
        if (to[i] != MATCH_NONE) {
            current[to[i]] = gone[i];
            vec_push(&f->fresh, gone[i]);
            item_restore(f, p, gone[i], to[i]);
        }
    free(to);
    free(taken);
    gone_items_free(v, gone);
}

/* New items get their numbers now; what is told of them waits until it is known who moved here. */
static void bear_items(struct fold *f, size_t passage, uint32_t *current)
{
    const struct passage *p = &f->passages.v[passage];

    for (uint32_t slot = 0; slot < p->after->nitems; slot++) {
        if (current[slot] != LEDGER_NONE)
            continue;
        const struct version_item *v = &p->after->items[slot];
        struct ledger_item item = {.document = p->document,
                                   .now = v->stated,
                                   .state = (enum item_state)v->stated.state,
                                   .key = v->key,
                                   .closed_change = LEDGER_NONE,
                                   .closed_landing = LEDGER_NONE,
                                   .successor = LEDGER_NONE,
                                   .opened_landing = f->step->landing,
                                   .since = f->step->landing};
        current[slot] = item_add(f->l, &item);
        item_number(f->l, current[slot]);
        vec_push(&f->fresh, current[slot]);
        vec_push(&f->births, (struct birth){current[slot], LEDGER_NONE, passage, slot});
    }
}

static void pass_items(struct fold *f, size_t passage)
{
    struct passage *p = &f->passages.v[passage];
    struct ledger_document *d = &f->l->documents[p->document];

    if (!p->after) { /* gone; or unreadable: the last readable version stands */
        if (!p->gone) {
            d->current = p->items_before;
            p->items_before = NULL;
        }
        return;
    }
    uint32_t *current = xcalloc(p->after->nitems, sizeof *current);
    for (size_t i = 0; i < p->after->nitems; i++)
        current[i] = LEDGER_NONE;
    pair_items(p);
    for (uint32_t i = 0; p->paired && i < p->before->nitems; i++)
        if (p->paired[i] != MATCH_NONE) {
            current[p->paired[i]] = p->items_before[i];
            item_restate(f, p, p->items_before[i], p->paired[i]);
        }
    restore_items(f, p, current);
    bear_items(f, passage, current);
    d->current = current;
    d->version = p->after;
    d->draft = p->after->draft;
}

/* ---- what went --------------------------------------------------------------------------------
 */

/* A new item by its text or its tracker, to find where a vanished one went. */
struct newcomer {
    struct slice s;
    uint32_t item;
    bool taken;     /* somebody moved there */
    uint32_t skip;  /* at the first that has this s: how many from it on are taken */
};

struct newcomers {
    VEC(struct newcomer) by_key, by_tracker;
    VEC(uint32_t) leaving; /* what this step takes away is nowhere to move to; sorted */
    bool ready;
};

static int by_slice_then_item(const void *x, const void *y)
{
    const struct newcomer *a = x, *b = y;
    int c = slice_cmp(a->s, b->s);

    return c ? c : (a->item > b->item) - (a->item < b->item);
}

static int by_index(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* Does the passage end without the item at this slot of the version before? */
static bool is_gone(const struct passage *p, uint32_t slot)
{
    return p->gone || (p->paired && p->paired[slot] == MATCH_NONE);
}

static void find_leaving(struct newcomers *n, const struct fold *f)
{
    for (size_t i = 0; i < f->passages.n; i++) {
        const struct passage *p = &f->passages.v[i];
        for (uint32_t k = 0; p->items_before && p->before && k < p->before->nitems; k++)
            if (is_gone(p, k))
                vec_push(&n->leaving, p->items_before[k]);
    }
    vec_sort(&n->leaving, by_index);
}

static bool is_leaving(const struct newcomers *n, uint32_t item)
{
    return n->leaving.n && bsearch(&item, n->leaving.v, n->leaving.n, sizeof item, by_index);
}

static void add_newcomers(struct newcomers *n, const struct ledger *l, const uint32_t *items,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct ledger_item *item = &l->items[items[i]];
        if (!item_present(item->state) || is_leaving(n, items[i]))
            continue;
        if (item->key.n)
            vec_push(&n->by_key, (struct newcomer){.s = item->key, .item = items[i]});
        if (item->now.tracker.n)
            vec_push(&n->by_tracker, (struct newcomer){.s = item->now.tracker, .item = items[i]});
    }
}

/* Steps in which nothing vanishes, nearly all, need none of this. */
static void newcomers_prepare(struct newcomers *n, const struct fold *f)
{
    if (n->ready)
        return;
    find_leaving(n, f);
    add_newcomers(n, f->l, f->fresh.v, f->fresh.n);
    add_newcomers(n, f->l, f->l->fresh, f->l->nfresh);
    vec_sort(&n->by_key, by_slice_then_item);
    vec_sort(&n->by_tracker, by_slice_then_item);
    n->ready = true;
}

static size_t first_with(const struct newcomer *v, size_t n, struct slice s)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(v[middle].s, s) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first of another document that has s, rather one where nobody has moved yet. */
static uint32_t newcomer_with(const struct ledger *l, struct newcomer *v, size_t n, struct slice s,
                              uint32_t document)
{
    size_t first = s.n ? first_with(v, n, s) : n;
    uint32_t any = LEDGER_NONE;

    while (first < n && first + v[first].skip < n && v[first + v[first].skip].taken &&
           slice_eq(v[first + v[first].skip].s, s))
        v[first].skip++;
    for (size_t i = first < n ? first + v[first].skip : n; i < n && slice_eq(v[i].s, s); i++)
        if (!v[i].taken && l->items[v[i].item].document != document) {
            v[i].taken = true;
            return v[i].item;
        }
    for (size_t i = first; i < n && slice_eq(v[i].s, s) && any == LEDGER_NONE; i++)
        if (l->items[v[i].item].document != document)
            any = v[i].item;
    return any;
}

static uint32_t moved_to(const struct fold *f, struct newcomers *n, const struct ledger_item *item)
{
    newcomers_prepare(n, f);
    uint32_t to = newcomer_with(f->l, n->by_key.v, n->by_key.n, item->key, item->document);

    if (to != LEDGER_NONE)
        return to;
    return newcomer_with(f->l, n->by_tracker.v, n->by_tracker.n, item->now.tracker, item->document);
}

/* Did item y of after say so before? Then what vanished was said twice. */
static bool said_before(const struct passage *p, uint32_t y, struct finder *key)
{
    for (size_t i = 0; p->paired && i < p->before->nitems; i++)
        if (p->paired[i] == y)
            return match_stands_whole(key, p->before->items[i].key);
    return false;
}

/* Another item of the document that says all of it in its nested points, or now in its own text
 * (two points written as one). */
static uint32_t folded_into(const struct fold *f, const struct passage *p, struct slice key)
{
    struct finder find;
    uint32_t into = LEDGER_NONE;

    finder_init(&find, key);
    for (uint32_t i = 0; into == LEDGER_NONE && p->after && i < p->after->nitems; i++) {
        const struct version_item *item = &p->after->items[i];
        if (match_stands_whole(&find, item->nested) ||
            (match_stands_whole(&find, item->key) && !said_before(p, i, &find)))
            into = f->l->documents[p->document].current[i];
    }
    finder_release(&find);
    return into;
}

/* The birth of an item; NULL: it is older than this step. */
static struct birth *birth_of(const struct fold *f, uint32_t item)
{
    if (!f->births.n || item < f->births.v[0].item)
        return NULL;
    return &f->births.v[item - f->births.v[0].item]; /* only births add items in a step */
}

/* A copy stood there since the step before: it was told as opened then, but the promise is as old
 * as the one that it replaces. */
static void adopt(struct ledger_item *to, const struct ledger_item *from, uint32_t previous)
{
    if (to->opened_landing != previous || from->opened_landing == previous)
        return;
    to->opened_change = from->opened_change;
    to->opened_landing = from->opened_landing;
    to->slips += from->slips;
    to->reopened += from->reopened;
    if (from->first_due.year)
        to->first_due = from->first_due;
    if (to->last_due.year)
        to->slipped_days = (int32_t)(date_days(to->last_due) - date_days(to->first_due));
}

/* Of several that move to one place, the first that is told of goes on there. */
static bool is_told_first(const struct ledger *l, uint32_t x, uint32_t y)
{
    const struct ledger_item *a = &l->items[x], *b = &l->items[y];
    const struct ledger_document *d = &l->documents[a->document], *e = &l->documents[b->document];
    int c = slice_cmp(d->path, e->path);

    if (c)
        return c < 0;
    return d->present != e->present ? !d->present : a->number < b->number;
}

static void move(struct fold *f, uint32_t from, uint32_t to)
{
    struct birth *b = birth_of(f, to);

    if (!b)
        adopt(&f->l->items[to], &f->l->items[from], f->l->previous);
    else if (b->predecessor == LEDGER_NONE || is_told_first(f->l, from, b->predecessor))
        b->predecessor = from;
}

static void vanish(struct fold *f, const struct passage *p, struct newcomers *n, uint32_t slot)
{
    const struct ledger_item *item = &f->l->items[p->items_before[slot]];
    bool unresolved = item_unresolved(item->state);
    enum item_state state = ITEM_DROPPED;
    uint32_t to = folded_into(f, p, item->key);

    if (to != LEDGER_NONE)
        state = ITEM_FOLDED;
    else if (unresolved && (to = moved_to(f, n, item)) != LEDGER_NONE)
        state = ITEM_MOVED;
    else if (!unresolved)
        state = ITEM_CLEARED;
    else if (!item->promised)
        state = ITEM_WITHDRAWN;
    if (state == ITEM_MOVED)
        move(f, p->items_before[slot], to);
    item_vanish(f, p, slot, state, to);
}

static void pass_vanished(struct fold *f)
{
    struct newcomers n = {.ready = false};

    for (size_t i = 0; i < f->passages.n; i++) {
        const struct passage *p = &f->passages.v[i];
        for (uint32_t k = 0; p->items_before && p->before && k < p->before->nitems; k++)
            if (is_gone(p, k))
                vanish(f, p, &n, k);
    }
    vec_release(&n.by_key);
    vec_release(&n.by_tracker);
    vec_release(&n.leaving);
}

/* ---- what came --------------------------------------------------------------------------------
 */

/* A promise that moved here goes on: its age, its slips, its last stated values. */
static void inherit(struct ledger_item *to, const struct ledger_item *from)
{
    struct ledger_item own = *to;

    *to = *from;
    to->document = own.document;
    to->number = own.number;
    to->state = (enum item_state)from->now.state;
    to->successor = LEDGER_NONE;
    to->closed_change = to->closed_landing = LEDGER_NONE;
    to->since = own.since;
}

void items_pass(struct fold *f)
{
    for (size_t i = 0; i < f->passages.n; i++)
        pass_items(f, i);
    pass_vanished(f);
    for (size_t i = 0; i < f->births.n; i++) {
        const struct birth *b = &f->births.v[i];
        const struct passage *p = &f->passages.v[b->passage];
        if (b->predecessor == LEDGER_NONE) {
            item_open(f, p, b->item, b->slot);
        } else {
            inherit(&f->l->items[b->item], &f->l->items[b->predecessor]);
            item_restate(f, p, b->item, b->slot);
        }
    }
}
