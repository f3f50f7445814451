/* Where tests of random input begin. Each seed is printed, so that what failed can be tried again.
 *
 * PM_SEED=N begins elsewhere; where each seed is a history of its own, only that one is tried, or
 * PM_SEEDS=N from there on. */
#ifndef SEEDS_H
#define SEEDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static inline uint64_t asked_number(const char *variable, uint64_t otherwise)
{
    const char *given = getenv(variable);

    return given ? strtoull(given, NULL, 10) : otherwise;
}

/* Never 0, of which some make no other number. */
static inline uint64_t seed_from(uint64_t otherwise)
{
    uint64_t seed = asked_number("PM_SEED", otherwise);

    printf("# seed %llu\n", (unsigned long long)seed);
    return seed ? seed : 1;
}

/* struct seeds seeds = seeds_from_1(8);
 * for (uint64_t seed; seeds_next(&seeds, &seed);) */
struct seeds {
    uint64_t next, left;
};

static inline struct seeds seeds_from_1(uint64_t count)
{
    bool given = getenv("PM_SEED") != NULL;

    return (struct seeds){asked_number("PM_SEED", 1), asked_number("PM_SEEDS", given ? 1 : count)};
}

static inline bool seeds_next(struct seeds *s, uint64_t *seed)
{
    if (!s->left)
        return false;
    s->left--;
    *seed = s->next++;
    printf("# seed %llu\n", (unsigned long long)*seed);
    return true;
}

#endif
