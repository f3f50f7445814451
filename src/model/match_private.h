/* What the files of matching share. */
#ifndef PM_MATCH_PRIVATE_H
#define PM_MATCH_PRIVATE_H

#include "pm/match.h"

/* How many words two items have in common, as multisets. */
size_t match_words_in_common(const struct version_item *a, const struct version_item *b);
/* The same of all items of two versions, a row for each of before; the caller frees it. For hundreds of
 * long items several times faster than pair by pair: once through the items of each word. */
uint32_t *match_all_in_common(const struct version *before, const struct version *after);

#endif
