/* pm/match.h - model: which item of one version is which item of the next
 *
 * The rules and their order are ledger.md's ("Identity", Item): explicit id, folded text, tracker,
 * similar text. One to one. An explicit id yields where the text says better: when another item
 * carries the text on, or the id now heads what was another item's text (a renumbered list).
 */
#ifndef PM_MATCH_H
#define PM_MATCH_H

#include "pm/version.h"

#define MATCH_NONE UINT32_MAX

/* to[i]: the item of `after` that item i of `before` has become, or MATCH_NONE. to has
 * before->nitems places. O(n log n) for items that pair exactly, O(n·m) words for the rest. */
void match_items(const struct version *before, const struct version *after, uint32_t *to);

/* The same for what is left: pairs that stand in `to` already stay. */
void match_rest(const struct version *before, const struct version *after, uint32_t *to);

/* Items that were gone and may be back. An id alone is not enough after a gap (a number is easily
 * used again): the text is the same or 0.6 similar, or the tracker is, or the id with 0.35.
 * taken[j]: item j of `after` is known to be another one. Later items of `before` go first. */
void match_returning(const struct version *before, const struct version *after, const bool *taken,
                     uint32_t *to);

/* Dice coefficient over multisets of words and CJK bigrams: 2·|A ∩ B| / (|A| + |B|); 0 when both
 * are empty. */
double match_similarity(const struct version_item *a, const struct version_item *b);

#endif
