/* pm/spell.h - base: did you mean ...?
 */
#ifndef PM_SPELL_H
#define PM_SPELL_H

#include "pm/slice.h"

/* Damerau-Levenshtein distance (optimal string alignment) of the folded words, at most max + 1. */
size_t spell_distance(struct slice a, struct slice b, size_t max);

/* A contest for the word nearest to `word`: offer candidates, then read best. A candidate counts
 * when its distance is at most a third of the word's length (at least 1), or when one is a prefix
 * of the other of three or more characters. Candidates that differ in a number alone (sev1, sev2) and
 * are equally near are no guess: neither is best. */
struct spell {
    struct slice word;
    struct slice best; /* empty: nothing near, or too much */
    size_t distance;
};
void spell_init(struct spell *s, struct slice word);
void spell_offer(struct spell *s, struct slice candidate);

#endif
