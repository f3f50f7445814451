/* Items that are no longer there and may be back. */
#include "ledger_private.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

static bool may_return(const struct ledger_item *item)
{
    return item->state == ITEM_DROPPED || item->state == ITEM_CLEARED || item->state == ITEM_FOLDED;
}

/* ---- by their texts --------------------------------------------------------------------------- */

static struct slice name_of(struct str *out, uint32_t document, struct slice key)
{
    str_clear(out);
    str_add(out, (const char *)&document, sizeof document);
    str_adds(out, key);
    return str_slice(out);
}

static uint32_t *find(struct ledger *l, uint32_t *first, uint32_t index)
{
    uint32_t *at = first;

    while (*at != LEDGER_NONE && *at != index)
        at = &l->items[*at].gone_before;
    return at;
}

void gone_add(struct ledger *l, uint32_t index)
{
    struct ledger_item *item = &l->items[index];
    struct str name = STR_INIT;

    if (may_return(item) && item->key.n) {
        name_of(&name, item->document, item->key);
        item->gone_before = map_index(&l->gone_items, str_slice(&name));
        map_index_put(&l->gone_items, str_slice(&name), index);
    }
    str_release(&name);
}

void gone_remove(struct ledger *l, uint32_t index)
{
    struct ledger_item *item = &l->items[index];
    struct str name = STR_INIT;

    name_of(&name, item->document, item->key);
    uint32_t first = map_index(&l->gone_items, str_slice(&name));
    uint32_t *at = find(l, &first, index);
    if (*at == index)
        *at = item->gone_before;
    if (first == LEDGER_NONE)
        map_remove(&l->gone_items, str_slice(&name));
    else
        map_index_put(&l->gone_items, str_slice(&name), first);
    str_release(&name);
}

/* ---- to match with ---------------------------------------------------------------------------- */

typedef VEC(uint32_t) item_list;

static int by_index(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* Of those that may return the last ones, as many as a document may have: where they begin in
 * d->numbered. */
static uint32_t first_of_last(const struct ledger *l, const struct ledger_document *d)
{
    uint32_t n = d->items;

    for (size_t found = 0; n > 0 && found < CAP_ITEMS; n--) {
        uint32_t index = d->numbered[n - 1];
        found += index != LEDGER_NONE && may_return(&l->items[index]);
    }
    return n;
}

/* Older ones with the text of an item of p->after that is not known yet: in the order of their
 * numbers, which is that of the items of one document. */
static void add_older(item_list *out, const struct ledger *l, const struct passage *p,
                      const uint32_t *current, uint32_t first)
{
    struct str name = STR_INIT;
    size_t kept = 0;

    for (size_t i = 0; first && i < p->after->nitems; i++) {
        if (current[i] != LEDGER_NONE)
            continue;
        uint32_t at =
            map_index(&l->gone_items, name_of(&name, p->document, p->after->items[i].key));
        for (; at != LEDGER_NONE; at = l->items[at].gone_before)
            if (l->items[at].number <= first)
                vec_push(out, at);
    }
    vec_sort(out, by_index);
    for (size_t i = 0; i < out->n; i++)
        if (!kept || out->v[kept - 1] != out->v[i])
            out->v[kept++] = out->v[i];
    out->n = kept;
    str_release(&name);
}

struct version *gone_items(const struct ledger *l, const struct passage *p,
                           const uint32_t *current, uint32_t **gone)
{
    const struct ledger_document *d = &l->documents[p->document];
    struct version *v = xcalloc(1, sizeof *v);
    uint32_t first = first_of_last(l, d);
    item_list list = VEC_INIT;

    add_older(&list, l, p, current, first);
    for (uint32_t n = first; n < d->items; n++)
        if (d->numbered[n] != LEDGER_NONE && may_return(&l->items[d->numbered[n]]))
            vec_push(&list, d->numbered[n]);
    v->items = xcalloc(list.n, sizeof *v->items);
    for (; v->nitems < list.n; v->nitems++) {
        struct version_item *item = &v->items[v->nitems];
        *item = item_as_stated(&l->items[list.v[v->nitems]]);
        item->nwords = version_words(&item->words, item->key);
    }
    *gone = list.v;
    return v;
}

void gone_items_free(struct version *v, uint32_t *gone)
{
    for (size_t i = 0; i < v->nitems; i++)
        free(v->items[i].words);
    free(v->items);
    free(v);
    free(gone);
}
