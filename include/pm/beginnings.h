/* pm/beginnings.h - base: where in a text one of many words may stand
 *
 * A filter of 2 KB, made in less time than it takes to read a sentence: from the first two
 * bytes of every word it tells nearly all places of a text at which none of them begins. What it
 * finds is to be compared.
 */
#ifndef PM_BEGINNINGS_H
#define PM_BEGINNINGS_H

#include "pm/slice.h"

struct beginnings {
    uint64_t seconds[256]; /* by the first byte: a set of classes of the second one */
};
#define BEGINNINGS_INIT {{0}}

/* The case of ASCII letters makes no difference. The word must not be empty. */
void beginnings_add(struct beginnings *b, struct slice word);
/* A word that begins with this very byte. */
void beginnings_add_exact(struct beginnings *b, struct slice word);
/* A whole word, which was folded (see utf8_fold): any letter of it may have been a capital, and after
 * a single one the word is at its end. */
void beginnings_add_word(struct beginnings *b, struct slice word);
/* The first place at or after `from` that one of the words may begin at; SIZE_MAX: none. Within a
 * run of ASCII letters and digits none begins, but for a byte beyond ASCII. */
size_t beginnings_next(const struct beginnings *b, struct slice text, size_t from);

#endif
