#include "pm/corpus.h"

#include "pm/alloc.h"
#include "pm/map.h"

#include <stdlib.h>

/* Names come from documents: somebody may write thousands that do not exist. */
#define ZONES_KEPT 1000u

struct known_zone {
    struct zone *zone; /* NULL: there is none of that name */
};

struct zones {
    struct map by_name; /* → struct known_zone */
    struct arena arena;
};

struct zones *zones_new(void)
{
    return xcalloc(1, sizeof(struct zones));
}

void zones_free(struct zones *z)
{
    if (!z)
        return;
    for (size_t i = 0; i < z->by_name.n; i++) {
        struct known_zone *known = z->by_name.entries[i].value;
        zone_free(known->zone);
    }
    map_release(&z->by_name);
    arena_release(&z->arena);
    free(z);
}

const struct zone *zones_find(void *ctx, struct slice name)
{
    struct zones *z = ctx;
    struct known_zone *known = map_get(&z->by_name, name);
    if (known)
        return known->zone;
    if (z->by_name.n >= ZONES_KEPT)
        return NULL;
    known = arena_alloc(&z->arena, sizeof *known);
    if (zone_load(&known->zone, name, NULL) != 0)
        known->zone = NULL;
    map_put(&z->by_name, name, known);
    return known->zone;
}
