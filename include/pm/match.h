/* pm/match.h - model: which item of one version is which item of the next
 *
 * The rules and their order are ledger.md's ("Identity", Item): explicit id, folded text, tracker,
 * similar text. One to one. Dice coefficient over multisets of words and CJK bigrams:
 * 2·|A ∩ B| / (|A| + |B|).
 */
#ifndef PM_MATCH_H
#define PM_MATCH_H

#include "pm/version.h"

#define MATCH_NONE UINT32_MAX

/* to[i]: the item of `after` that item i of `before` has become, or MATCH_NONE. to has
 * before->nitems places. O(n log n) for items that pair exactly, O(n·m) words for the rest. */
void match_items(const struct version *before, const struct version *after, uint32_t *to);

double match_similarity(const struct version_item *a, const struct version_item *b);

#endif
