/* pm/finder.h - base: every place where some bytes occur, in time linear in the text
 *
 * The text may be an attacker's: "xa xa xa" occurs everywhere in "xa xa xa xa ...", and comparing
 * anew at each place costs the product of the two lengths. This is the search of Knuth, Morris and
 * Pratt; what was compared once is not compared again, from one occurrence to the next either.
 */
#ifndef PM_FINDER_H
#define PM_FINDER_H

#include "pm/slice.h"

struct finder {
    struct slice needle, text;
    size_t *border; /* of each beginning of the needle: the longest end that is a beginning, too */
    size_t at;      /* how much of the text is read, and how much of the needle ends there */
    size_t matched;
};

void finder_init(struct finder *f, struct slice needle); /* borrows the needle */
void finder_start(struct finder *f, struct slice text);  /* any number of texts, one by one */
/* Where the needle begins next, overlaps included; SIZE_MAX: nowhere. An empty one: nowhere. */
size_t finder_next(struct finder *f);
void finder_release(struct finder *f);

#endif
