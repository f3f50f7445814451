#include "pm/ledger.h"

#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

const char *event_name(enum event_kind k)
{
    static const char *const names[] = {
#define X(name, word) word,
        EVENT_KINDS(X)
#undef X
    };
    return names[k];
}

const char *item_state_name(enum item_state s)
{
    static const char *const gone[] = {"dropped", "withdrawn", "moved", "folded", "cleared"};

    return item_present(s) ? action_state_name((enum action_state)s) : gone[s - ITEM_DROPPED];
}

bool item_present(enum item_state s)
{
    return s < ITEM_DROPPED;
}

bool item_unresolved(enum item_state s)
{
    return s < ITEM_DONE;
}

struct ledger *ledger_new(void)
{
    struct ledger *l = xcalloc(1, sizeof *l);

    l->previous = LEDGER_NONE;
    return l;
}

void ledger_free(struct ledger *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->ndocuments; i++) {
        free(l->documents[i].current);
        free(l->documents[i].numbered);
    }
    map_release(&l->paths);
    map_release(&l->gone);
    map_release(&l->ids);
    map_release(&l->gone_items);
    free(l->documents);
    free(l->items);
    free(l->events);
    free(l->fresh);
    arena_release(&l->arena);
    free(l);
}

int fold_likeness(const struct fold *f, const struct version *a, const struct version *b)
{
    if (a == b)
        return 100;
    return f->step->likeness && a && b ? f->step->likeness(f->step->ctx, a, b) : 0;
}

static int by_path_and_side(const void *x, const void *y)
{
    const struct side_edit *a = x, *b = y;
    int c = slice_cmp(a->edit->path, b->edit->path);

    if (c)
        return c;
    if (a->side != b->side)
        return a->side < b->side ? -1 : 1;
    return (a->edit > b->edit) - (a->edit < b->edit);
}

static void gather_sides(struct fold *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->step->nsides; i++)
        n += f->step->sides[i].nedits;
    f->sides = xcalloc(n, sizeof *f->sides);
    f->renames = xcalloc(f->step->nsides, sizeof *f->renames);
    for (size_t i = 0; i < f->step->nsides; i++)
        for (size_t k = 0; k < f->step->sides[i].nedits; k++)
            f->sides[f->nsides++] = (struct side_edit){.edit = &f->step->sides[i].edits[k], .side = (uint32_t)i};
    qsort(f->sides, n, sizeof *f->sides, by_path_and_side);
}

/* What appeared in the step before counts too ("moved"), so the last step's list is kept. */
static void keep_fresh(struct fold *f)
{
    struct ledger *l = f->l;

    free(l->fresh);
    l->fresh = f->fresh.v;
    l->nfresh = f->fresh.n;
    l->fresh_cap = f->fresh.cap;
    l->previous = f->step->landing;
}

void ledger_step(struct ledger *l, const struct ledger_step *step)
{
    struct fold f = {.l = l, .step = step};
    size_t first = l->nevents;

    gather_sides(&f);
    documents_pass(&f);
    sides_find_unknown(&f);
    for (size_t i = 0; i < f.passages.n; i++)
        f.passages.v[i].lineage = lineage_trace(&f, &f.passages.v[i]);
    items_pass(&f);
    events_sort(l, first);
    for (size_t i = 0; i < f.passages.n; i++) {
        lineage_free(f.passages.v[i].lineage);
        free(f.passages.v[i].paired);
        free(f.passages.v[i].items_before);
    }
    keep_fresh(&f);
    vec_release(&f.passages);
    vec_release(&f.births);
    for (size_t i = 0; i < step->nsides; i++)
        free(f.renames[i]);
    free(f.renames);
    free(f.sides);
}

/* ---- going on from stored rows ----------------------------------------------------------------
 */

uint32_t ledger_restore_document(struct ledger *l, const struct ledger_document *d)
{
    uint32_t index = (uint32_t)l->ndocuments;

    l->documents = room_for(l->documents, &l->documents_cap, l->ndocuments + 1, sizeof *d);
    struct ledger_document *own = &l->documents[l->ndocuments++];
    *own = *d;
    own->path = arena_dup(&l->arena, d->path);
    own->id = d->id.n ? arena_dup(&l->arena, d->id) : slice_from(NULL, 0);
    own->numbered = xcalloc(d->items, sizeof *own->numbered);
    for (uint32_t i = 0; i < d->items; i++)
        own->numbered[i] = LEDGER_NONE;
    own->current = NULL;
    if (d->present && d->version) {
        own->current = xcalloc(d->version->nitems, sizeof *own->current);
        for (size_t i = 0; i < d->version->nitems; i++)
            own->current[i] = LEDGER_NONE;
    }
    if (d->present)
        map_index_put(&l->paths, own->path, index);
    else
        document_link_gone(l, index);
    document_link_id(l, index);
    return index;
}

uint32_t ledger_restore_item(struct ledger *l, const struct ledger_item *item, uint32_t slot)
{
    uint32_t index = item_add(l, item);
    struct ledger_document *d = &l->documents[item->document];

    item_keep(l, index);
    d->numbered[item->number - 1] = index;
    gone_add(l, index);
    if (slot != LEDGER_NONE && d->current && slot < d->version->nitems)
        d->current[slot] = index;
    if (item->since == l->previous && item_present(item->state)) {
        l->fresh = room_for(l->fresh, &l->fresh_cap, l->nfresh + 1, sizeof *l->fresh);
        l->fresh[l->nfresh++] = index;
    }
    return index;
}
