/* Sets of small numbers: a bit for each. */
#ifndef PM_INDEX_TEXT_SETS_H
#define PM_INDEX_TEXT_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two sets that are put together have the same `most`. */
struct set {
    uint64_t *bits;
    int64_t most; /* no number is greater, or less than 0 */
};

void set_init(struct set *s, int64_t most); /* empty */
void set_release(struct set *s);
struct set set_copy(const struct set *s);

void set_add(struct set *s, int64_t n); /* one that is too great is left out */
bool set_has(const struct set *s, int64_t n);
size_t set_count(const struct set *s);
/* The least number from n on; -1: there is none. */
int64_t set_next(const struct set *s, int64_t n);

void set_unite(struct set *s, const struct set *with);
void set_intersect(struct set *s, const struct set *with);
void set_subtract(struct set *s, const struct set *without);

#endif
