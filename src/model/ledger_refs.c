/* How documents and items are called, and found again by these names. */
#include "ledger_private.h"

#include "pm/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- documents --------------------------------------------------------------------------------
 */

/* Of the documents that state an id: one in the tree before one that is gone, the first holder
 * before later ones. */
static uint32_t holder_of(const struct ledger *l, struct slice id)
{
    uint32_t best = LEDGER_NONE;

    for (uint32_t at = map_index(&l->ids, id); at != LEDGER_NONE;
         at = l->documents[at].next_same_id) {
        const struct ledger_document *d = &l->documents[at];
        const struct ledger_document *b = best == LEDGER_NONE ? NULL : &l->documents[best];
        if (!b || d->present > b->present ||
            (d->present == b->present && d->id_since < b->id_since))
            best = at;
    }
    return best;
}

/* For each document, has it the id that it states? */
static bool *find_holders(const struct ledger *l)
{
    bool *holds = xcalloc(l->ndocuments + 1, sizeof *holds);

    for (uint32_t i = 0; i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        if (d->id.n && map_index(&l->ids, d->id) == i) /* asked once for each id */
            holds[holder_of(l, d->id)] = true;
    }
    return holds;
}

/* Only a present document competes for a stem: one that is gone must not rename another. */
static void count_stems(struct map *shared, const struct ledger *l, const bool *holds)
{
    static char one, more;
    struct map seen = MAP_INIT;

    for (size_t i = 0; i < l->ndocuments; i++) {
        const struct ledger_document *d = &l->documents[i];
        if (!d->present || holds[i])
            continue;
        struct slice stem = path_stem(d->path);
        if (map_get(&seen, stem) || map_get(&l->ids, stem))
            map_put(shared, stem, &more);
        else
            map_put(&seen, stem, &one);
    }
    map_release(&seen);
}

void ledger_names_init(struct ledger_names *names, const struct ledger *l)
{
    struct map shared = MAP_INIT;
    bool *holds = find_holders(l);

    *names = (struct ledger_names){ARENA_INIT, NULL, MAP_INIT};
    names->of = arena_array(&names->arena, l->ndocuments, sizeof *names->of);
    count_stems(&shared, l, holds);
    for (int gone = 0; gone < 2; gone++)
        for (size_t i = 0; i < l->ndocuments; i++) {
            const struct ledger_document *d = &l->documents[i];
            if (d->present == (bool)gone)
                continue;
            struct slice name = path_stem(d->path);
            if (holds[i])
                name = d->id;
            else if (map_get(&shared, name) || map_get(&names->documents, name))
                name = d->path;
            names->of[i] = arena_dup(&names->arena, name);
            if (!map_get(&names->documents, name))
                map_index_put(&names->documents, name, (uint32_t)i);
        }
    map_release(&shared);
    free(holds);
}

void ledger_names_release(struct ledger_names *names)
{
    map_release(&names->documents);
    arena_release(&names->arena);
}

/* ---- items ------------------------------------------------------------------------------------
 */

/* The item that an explicit id names: the first that is there, else the last that was. */
static uint32_t item_with_id(const struct ledger *l, const struct ledger_document *d,
                             struct slice id)
{
    uint32_t last = LEDGER_NONE;

    for (uint32_t n = 0; n < d->items; n++) {
        uint32_t index = d->numbered[n];
        if (index == LEDGER_NONE || !slice_ieq(l->items[index].id, id))
            continue;
        if (item_present(l->items[index].state))
            return index;
        last = index;
    }
    return last;
}

void ledger_ref(struct str *out, const struct ledger *l, const struct ledger_names *names,
                uint32_t index)
{
    const struct ledger_item *item = &l->items[index];

    str_adds(out, names->of[item->document]);
    str_addc(out, '#');
    if (item->id.n && item_with_id(l, &l->documents[item->document], item->id) == index)
        str_adds(out, item->id);
    else
        str_addf(out, "%u", item->number);
}

static uint32_t item_named(const struct ledger *l, uint32_t document, struct slice name)
{
    const struct ledger_document *d = &l->documents[document];
    int64_t number;

    if (slice_i64(name, 1, d->items, &number))
        return d->numbered[number - 1];
    return item_with_id(l, d, name);
}

bool ledger_ref_split(struct slice ref, struct slice *document, struct slice *item)
{
    size_t at = ref.n;

    while (at > 0 && ref.p[at - 1] != '#' && ref.p[at - 1] != ':')
        at--;
    if (at < 2 || at == ref.n)
        return false;
    *document = slice_sub(ref, 0, at - 1);
    *item = slice_sub(ref, at, ref.n);
    return true;
}

uint32_t ledger_find(const struct ledger *l, const struct ledger_names *names, struct slice ref)
{
    struct slice name, rest;

    if (!ledger_ref_split(ref, &name, &rest))
        return LEDGER_NONE;
    uint32_t document = map_index(&names->documents, name);
    if (document == LEDGER_NONE)
        document = map_index(&l->paths, name);
    if (document == LEDGER_NONE)
        document = map_index(&l->gone, name);
    return document == LEDGER_NONE ? LEDGER_NONE : item_named(l, document, rest);
}

uint32_t ledger_follow(const struct ledger *l, uint32_t item)
{
    while (l->items[item].successor != LEDGER_NONE)
        item = l->items[item].successor;
    return item;
}
