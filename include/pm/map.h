/* pm/map.h - base: a hash table from bytes to a pointer
 *
 * Keys are copied; values are the caller's. Iteration follows insertion order, so that nothing pm
 * prints depends on hashing. Lookup and insertion are O(1) expected, with a hash seeded per table
 * so that a hostile document cannot choose colliding keys cheaply.
 */
#ifndef PM_MAP_H
#define PM_MAP_H

#include "pm/slice.h"

struct map_entry {
    char *key; /* terminated copy; bytes may include NUL */
    size_t n;
    void *value; /* NULL after map_remove: skip it when iterating */
    uint64_t hash;
};

struct map {
    struct map_entry *entries; /* in insertion order */
    size_t n, cap;             /* entries, removed ones included */
    uint32_t *slots;
    size_t nslots;
    uint64_t seed;
};
#define MAP_INIT {0}

void *map_get(const struct map *m, struct slice key); /* NULL when absent */
void map_put(struct map *m, struct slice key, void *value); /* value must not be NULL; replaces */
void *map_remove(struct map *m, struct slice key);    /* what was there, or NULL */
void map_release(struct map *m);                      /* frees keys, not values */

#endif
