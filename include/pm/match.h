/* pm/match.h - model: which item of one version is which item of the next
 *
 * The rules and their order are ledger.md's ("Identity", Item): explicit id, folded text, tracker,
 * similar text. One to one. An explicit id yields where the text says better: when another item
 * carries the text on, or the id now heads what was another item's text (a renumbered list).
 *
 * Texts are similar from 0.6 on, whatever their length also where the shorter one, of three words
 * or more, stands whole in the other: a promise that is explained at length, or cut short. With the
 * same number and group 0.35 suffices, where also owner or due date are the same, or the longer
 * text has three quarters of the words of the shorter one.
 */
#ifndef PM_MATCH_H
#define PM_MATCH_H

#include "pm/finder.h"
#include "pm/version.h"

#define MATCH_NONE UINT32_MAX

/* to[i]: the item of `after` that item i of `before` has become, or MATCH_NONE. to has
 * before->nitems places. O(n log n) for items that pair exactly, O(n·m) words for the rest. */
void match_items(const struct version *before, const struct version *after, uint32_t *to);

/* The same for what is left: pairs that stand in `to` already stay. */
void match_rest(const struct version *before, const struct version *after, uint32_t *to);

/* Items that were gone and may be back. An id alone is not enough after a gap (a number is easily
 * used again): the text is the same or similar wherever it stands, or the tracker is the same, or
 * the id with 0.35.
 * taken[j]: item j of `after` is known to be another one. Later items of `before` go first. */
void match_returning(const struct version *before, const struct version *after, const bool *taken,
                     uint32_t *to);

/* Dice coefficient over multisets of words and CJK bigrams: 2·|A ∩ B| / (|A| + |B|); 0 when both
 * are empty. */
double match_similarity(const struct version_item *a, const struct version_item *b);

/* Does the folded text that `find` looks for stand in another one, from word to word? */
bool match_stands_whole(struct finder *find, struct slice text);

#endif
