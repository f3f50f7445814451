/* mention.h - whether a text mentions something, in words of several languages */
#ifndef PM_RULE_MENTION_H
#define PM_RULE_MENTION_H

#include "pm/slice.h"

/* Whether text has one of the words (a list that NULL ends). A word in ASCII stands for all that
 * begin with it, ignoring case, and with a blank at its end for itself alone; any other is looked
 * for as it is, also within a word. */
bool mentions(struct slice text, const char *const *words);

#endif
