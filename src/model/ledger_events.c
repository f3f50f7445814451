/* What is told of an item: one event of a kind in a step, with what it was and what it is. */
#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- aspects: what a document states of an item -----------------------------------------------
 */

static bool same_owners(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->stated.owners, b->stated.owners);
}

static void put_owners(struct str *out, const struct version_item *item)
{
    struct slice rest = item->stated.owners, owner;

    for (const char *between = ""; slice_split(&rest, '\n', &owner); between = ", ") {
        str_addz(out, between);
        str_adds(out, owner);
    }
}

static bool same_due(const struct version_item *a, const struct version_item *b)
{
    return date_cmp(a->stated.due, b->stated.due) == 0;
}

static void put_due(struct str *out, const struct version_item *item)
{
    if (item->stated.due.year)
        date_format(out, item->stated.due);
}

static bool same_priority(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->stated.priority, b->stated.priority);
}

static void put_priority(struct str *out, const struct version_item *item)
{
    str_adds(out, item->stated.priority);
}

static bool same_type(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->stated.type, b->stated.type);
}

static void put_type(struct str *out, const struct version_item *item)
{
    str_adds(out, item->stated.type);
}

static bool same_links(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->stated.tracker, b->stated.tracker) &&
           slice_eq(a->stated.links, b->stated.links);
}

static void put_links(struct str *out, const struct version_item *item)
{
    struct slice rest = item->stated.links, link;

    str_adds(out, item->stated.tracker);
    while (slice_split(&rest, '\n', &link)) {
        if (slice_eq(link, item->stated.tracker))
            continue;
        if (out->n)
            str_addc(out, '\n');
        str_adds(out, link);
    }
}

/* Case, space and markup are no rewording: what identity folds away, a change of text is not. */
static bool same_text(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->key, b->key);
}

static void put_text(struct str *out, const struct version_item *item)
{
    str_adds(out, item->stated.text);
}

static bool same_state(const struct version_item *a, const struct version_item *b)
{
    return a->stated.state == b->stated.state;
}

static void put_state(struct str *out, const struct version_item *item)
{
    str_addz(out, action_state_name(item->stated.state));
}

static const struct aspect fields[] = {
    {EVENT_REASSIGNED, same_owners, put_owners},
    {EVENT_RESCHEDULED, same_due, put_due},
    {EVENT_REPRIORITIZED, same_priority, put_priority},
    {EVENT_RECATEGORIZED, same_type, put_type},
    {EVENT_RELINKED, same_links, put_links},
    {EVENT_REWORDED, same_text, put_text},
};
#define FIELDS (sizeof fields / sizeof fields[0])

static const struct aspect state_aspect = {EVENT_DONE, same_state, put_state};

/* An idea that is taken up has begun to be one, one that is put back has stopped. */
static enum event_kind state_event(enum action_state from, enum action_state to)
{
    if (to == STATE_DONE)
        return EVENT_DONE;
    if (to == STATE_WONTDO)
        return EVENT_WONTDO;
    if (from == STATE_DONE || from == STATE_WONTDO)
        return EVENT_REOPENED;
    return to > from ? EVENT_BEGUN : EVENT_STOPPED;
}

/* ---- events ------------------------------------------------------------------------------- */

static struct ledger_event *tell(struct fold *f, uint32_t item, enum event_kind kind,
                                 uint32_t change)
{
    struct ledger *l = f->l;

    l->events = room_for(l->events, &l->events_cap, l->nevents + 1, sizeof *l->events);
    l->events[l->nevents] = (struct ledger_event){
        .item = item, .kind = kind, .change = change, .landing = f->step->landing};
    return &l->events[l->nevents++];
}

static struct slice value_of(struct ledger *l, const struct aspect *aspect,
                             const struct version_item *item)
{
    struct str s = STR_INIT;

    aspect->value(&s, item);
    struct slice out = s.n ? arena_dup(&l->arena, str_slice(&s)) : slice_from(NULL, 0);
    str_release(&s);
    return out;
}

static uint32_t change_of(const struct fold *f, const struct passage *p,
                          const struct aspect *aspect, uint32_t before, uint32_t after)
{
    uint32_t commit = LEDGER_NONE;

    if (p->lineage)
        commit = lineage_change(p->lineage, aspect, before, after);
    return commit == LEDGER_NONE ? f->step->landing : commit;
}

/* Restored and opened come before what changed with them. */
static int rank(enum event_kind kind)
{
    return kind == EVENT_RESTORED ? -1 : (int)kind;
}

/* An event and its place among those of its step. Indices are no order: after going on from stored
 * rows they are others. */
struct placed {
    struct slice path;
    bool present; /* a document that is gone goes before the one that takes its path */
    uint32_t number;
    struct ledger_event event;
};

static int by_place_and_kind(const void *x, const void *y)
{
    const struct placed *a = x, *b = y;
    int c = slice_cmp(a->path, b->path);

    if (c)
        return c;
    if (a->present != b->present)
        return a->present ? 1 : -1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (rank(a->event.kind) > rank(b->event.kind)) -
           (rank(a->event.kind) < rank(b->event.kind));
}

void events_sort(struct ledger *l, size_t first)
{
    size_t n = l->nevents - first;

    if (n < 2)
        return;
    struct placed *v = xcalloc(n, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        const struct ledger_event *e = &l->events[first + i];
        const struct ledger_item *item = &l->items[e->item];
        const struct ledger_document *d = &l->documents[item->document];
        v[i] = (struct placed){d->path, d->present, item->number, *e};
    }
    qsort(v, n, sizeof *v, by_place_and_kind);
    for (size_t i = 0; i < n; i++)
        l->events[first + i] = v[i].event;
    free(v);
}

/* ---- what an item states now ------------------------------------------------------------------
 */

static void close_item(struct ledger_item *item, uint32_t change, uint32_t landing)
{
    item->closed_change = change;
    item->closed_landing = landing;
}

static void reschedule(struct ledger_item *item, struct ledger_event *e, struct date due)
{
    if (item->now.due.year && due.year)
        e->days = (int32_t)(date_days(due) - date_days(item->now.due));
    if (!due.year)
        return;
    if (!item->first_due.year)
        item->first_due = due;
    else if (date_cmp(due, item->last_due) > 0)
        item->slips++;
    item->last_due = due;
    item->slipped_days = (int32_t)(date_days(due) - date_days(item->first_due));
}

static void change_state(struct fold *f, uint32_t index, enum action_state from,
                         enum action_state to, uint32_t change)
{
    struct ledger_item *item = &f->l->items[index];
    struct ledger_event *e = tell(f, index, state_event(from, to), change);

    e->before = slice_of(action_state_name(from));
    e->after = slice_of(action_state_name(to));
    if (to == STATE_DONE || to == STATE_WONTDO)
        close_item(item, change, f->step->landing);
    else
        close_item(item, LEDGER_NONE, LEDGER_NONE);
    item->reopened += e->kind == EVENT_REOPENED;
}

/* Takes over what a version says, without a word. */
static void state(struct ledger_item *item, const struct passage *p, uint32_t slot)
{
    const struct version_item *v = &p->after->items[slot];

    item->now = v->stated;
    item->state = (enum item_state)v->stated.state;
    item->id = v->id;
    item->key = v->key;
    item->group = v->group;
    item->position = v->position;
    item->line = v->line;
    item->promised |= !p->after->draft;
}

void item_restate(struct fold *f, const struct passage *p, uint32_t index, uint32_t slot)
{
    const struct version_item *after = &p->after->items[slot];
    struct version_item before = item_as_stated(&f->l->items[index]);

    if (!same_state(&before, after))
        change_state(f, index, before.stated.state, after->stated.state,
                     change_of(f, p, &state_aspect, MATCH_NONE, slot));
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].same(&before, after))
            continue;
        uint32_t change = change_of(f, p, &fields[i], MATCH_NONE, slot);
        struct ledger_event *e = tell(f, index, fields[i].kind, change);
        e->before = value_of(f->l, &fields[i], &before);
        e->after = value_of(f->l, &fields[i], after);
        if (e->kind == EVENT_RESCHEDULED)
            reschedule(&f->l->items[index], e, after->stated.due);
    }
    state(&f->l->items[index], p, slot);
}

void item_open(struct fold *f, const struct passage *p, uint32_t index, uint32_t slot)
{
    const struct version_item *v = &p->after->items[slot];
    uint32_t change = change_of(f, p, NULL, MATCH_NONE, slot);
    struct ledger_event *e = tell(f, index, EVENT_OPENED, change);
    struct ledger_item *item = &f->l->items[index];

    e->after = v->stated.text.n ? arena_dup(&f->l->arena, v->stated.text) : v->stated.text;
    item->opened_change = change;
    item->first_due = item->last_due = v->stated.due;
    state(item, p, slot);
    if (v->stated.state > STATE_OPEN)
        change_state(f, index, STATE_OPEN, v->stated.state,
                     change_of(f, p, &state_aspect, MATCH_NONE, slot));
}

void item_restore(struct fold *f, const struct passage *p, uint32_t index, uint32_t slot)
{
    struct ledger_item *item = &f->l->items[index];
    struct ledger_event *e =
        tell(f, index, EVENT_RESTORED, change_of(f, p, NULL, MATCH_NONE, slot));

    gone_remove(f->l, index);
    e->before = slice_of(item_state_name(item->state));
    e->after = slice_of(action_state_name(item->now.state));
    item->successor = LEDGER_NONE;
    item->since = f->step->landing;
    item->state = (enum item_state)item->now.state;
    if (item_unresolved(item->state))
        close_item(item, LEDGER_NONE, LEDGER_NONE);
    item_restate(f, p, index, slot);
}

/* ---- gone -------------------------------------------------------------------------------------
 */

static enum event_kind vanishing(enum item_state to)
{
    switch (to) {
    case ITEM_WITHDRAWN:
        return EVENT_WITHDRAWN;
    case ITEM_MOVED:
        return EVENT_MOVED;
    case ITEM_FOLDED:
        return EVENT_FOLDED;
    case ITEM_CLEARED:
        return EVENT_CLEARED;
    default:
        return EVENT_DROPPED;
    }
}

static struct slice what_vanished(const struct passage *p)
{
    if (!p->gone)
        return SLICE("line");
    return p->left ? SLICE("globs") : SLICE("document");
}

static void excuse(const struct fold *f, const struct passage *p, uint32_t slot,
                   struct ledger_item *item)
{
    struct ledger_loss lost = {p->from, p->before, slot, p->gone && !p->left};
    struct slice reason = SLICE("");

    if (f->step->excuse)
        reason = f->step->excuse(f->step->ctx, &lost);
    if (reason.n)
        item->now.reason = reason;
}

void item_vanish(struct fold *f, const struct passage *p, uint32_t slot, enum item_state to,
                 uint32_t successor)
{
    struct ledger *l = f->l;
    uint32_t index = p->items_before[slot];
    uint32_t change = change_of(f, p, NULL, slot, MATCH_NONE);
    struct ledger_event *e = tell(f, index, vanishing(to), change);
    struct ledger_item *item = &l->items[index];

    if (successor == LEDGER_NONE) {
        e->before = slice_of(item_state_name(item->state));
        e->after = what_vanished(p);
    } else {
        const struct ledger_item *there = &l->items[successor];
        struct slice path = l->documents[there->document].path;
        e->before = item->now.text.n ? arena_dup(&l->arena, item->now.text) : item->now.text;
        e->after = slice_of(arena_fmt(&l->arena, SLICE_FMT "#%u", SLICE_ARG(path), there->number));
    }
    if (item_unresolved(item->state))
        close_item(item, change, f->step->landing);
    if (to == ITEM_DROPPED)
        excuse(f, p, slot, item);
    item->state = to;
    item->successor = successor;
    item_keep(l, index);
    gone_add(l, index);
}
