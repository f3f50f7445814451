#include "pm/map.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

/* Open addressing with linear probing. A slot holds the index of an entry plus one, 0 when it was
 * never used. A removed entry keeps its slot, so that probes pass over it, until the next rebuild
 * drops both. At most three quarters of the slots are in use: every probe ends. */

#define FIRST_SLOTS 16u

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static inline void sip_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}

/* SipHash-1-3 (Aumasson, Bernstein). FNV would not do: which keys collide under it depends on the
 * low byte of its seed only. */
static uint64_t keyed_hash(uint64_t seed, struct slice key)
{
    uint64_t k0 = seed, k1 = rotate(seed, 29) * 0x9e3779b97f4a7c15u;
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u};
    uint64_t word;
    size_t at = 0;

    for (; key.n - at >= sizeof word; at += sizeof word) {
        memcpy(&word, key.p + at, sizeof word);
        sip_word(v, word);
    }
    word = 0;
    if (at < key.n)
        memcpy(&word, key.p + at, key.n - at);
    sip_word(v, word | (uint64_t)key.n << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Nothing printed depends on it, so it may differ from run to run: where the system put the heap,
 * the stack and the program is what the author of a document cannot know. */
static uint64_t choose_seed(const struct map *m, const void *heap)
{
    uint64_t seed = (uint64_t)(uintptr_t)heap;

    seed = rotate(seed, 21) ^ (uint64_t)(uintptr_t)m;
    seed = rotate(seed, 21) ^ (uint64_t)(uintptr_t)&seed;
    seed = rotate(seed, 21) ^ (uint64_t)(uintptr_t)&choose_seed;
    return seed * 0x9e3779b97f4a7c15u;
}

static bool is_key(const struct map_entry *e, uint64_t hash, struct slice key)
{
    return e->value && e->hash == hash && slice_eq(slice_from(e->key, e->n), key);
}

static struct map_entry *find(const struct map *m, uint64_t hash, struct slice key)
{
    if (!m->nslots)
        return NULL;
    for (size_t i = hash & (m->nslots - 1); m->slots[i]; i = (i + 1) & (m->nslots - 1)) {
        struct map_entry *e = &m->entries[m->slots[i] - 1];
        if (is_key(e, hash, key))
            return e;
    }
    return NULL;
}

static void occupy_slot(struct map *m, uint64_t hash, size_t entry)
{
    size_t i = hash & (m->nslots - 1);

    while (m->slots[i])
        i = (i + 1) & (m->nslots - 1);
    m->slots[i] = (uint32_t)(entry + 1);
}

static void drop_removed(struct map *m)
{
    size_t kept = 0;

    for (size_t i = 0; i < m->n; i++)
        if (m->entries[i].value)
            m->entries[kept++] = m->entries[i];
    m->n = kept;
}

/* After it, at most half of the slots are in use. */
static void rebuild(struct map *m)
{
    size_t nslots = FIRST_SLOTS;

    drop_removed(m);
    while (nslots / 2 <= m->n)
        nslots *= 2;
    if (nslots > UINT32_MAX)
        BUG("a map of %zu keys", m->n);
    free(m->slots);
    m->slots = xcalloc(nslots, sizeof *m->slots);
    m->nslots = nslots;
    m->cap = nslots / 4 * 3;
    m->entries = xreallocarray(m->entries, m->cap, sizeof *m->entries);
    for (size_t i = 0; i < m->n; i++)
        occupy_slot(m, m->entries[i].hash, i);
}

void *map_get(const struct map *m, struct slice key)
{
    struct map_entry *e = m->n ? find(m, keyed_hash(m->seed, key), key) : NULL;

    return e ? e->value : NULL;
}

void map_put(struct map *m, struct slice key, void *value)
{
    if (!value)
        BUG("a map cannot hold NULL");
    if (m->n == m->cap)
        rebuild(m);
    if (!m->seed)
        m->seed = choose_seed(m, m->slots);
    uint64_t hash = keyed_hash(m->seed, key);
    struct map_entry *e = find(m, hash, key);
    if (e) {
        e->value = value;
        return;
    }
    char *copy = xmalloc(key.n + 1);
    if (key.n)
        memcpy(copy, key.p, key.n);
    copy[key.n] = '\0';
    m->entries[m->n] = (struct map_entry){copy, key.n, value, hash};
    occupy_slot(m, hash, m->n++);
}

void *map_remove(struct map *m, struct slice key)
{
    struct map_entry *e = m->n ? find(m, keyed_hash(m->seed, key), key) : NULL;

    if (!e)
        return NULL;
    void *value = e->value;
    free(e->key);
    e->key = NULL;
    e->n = 0;
    e->value = NULL;
    return value;
}

void map_release(struct map *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->entries[i].key);
    free(m->entries);
    free(m->slots);
    *m = (struct map)MAP_INIT;
}
