/* words.h - rule: the words of schema/blameless.yaml, and where they stand in a text
 *
 * Read once for a checker, then asked from any thread. Case does not matter, diacritics do: German
 * `hatte` is what was, `hätte` what was not.
 */
#ifndef PM_RULE_WORDS_H
#define PM_RULE_WORDS_H

#include "pm/problem.h"

enum word_list {
    WORDS_COUNTERFACTUAL,
    WORDS_NOT_COUNTERFACTUAL,
    WORDS_QUESTION,
    WORDS_AND,
    WORDS_BETWEEN,
    WORDS_PARTICIPLE,
    WORDS_NOT_PARTICIPLE,
    WORDS_VAGUE_VERB,
    WORDS_CONCRETE_VERB,
    WORDS_PLACEHOLDER_OWNER,
    WORDS_TEAM,
    WORDS_PAST,
    WORDS_MONTH,
    WORDS_ARTICLE,
    WORD_LISTS
};

struct words;

/* A mistake in the built-in file is BUG(). */
struct words *words_load(void);
void words_free(struct words *w); /* NULL is fine */

/* Is the text, but for punctuation, one of the list's phrases? */
bool words_are(const struct words *w, enum word_list l, struct slice text);
/* Is one of its words in the list? */
bool words_have_one(const struct words *w, enum word_list l, struct slice text);
/* The vague verb of a promise: the first one, which in Japanese stands at its end. False: there is
 * none, or another verb says what will be done. */
bool words_vague_verb(const struct words *w, struct slice promise, struct span *hit);
/* The first phrase of a past that did not happen at or after `from`. Linear, and quick where there
 * is none. */
bool words_find_counterfactual(const struct words *w, struct slice text, size_t from,
                               struct span *hit);

/* The next word at or after *at: a run of letters, digits and marks. *at moves behind it. False at
 * the end. */
bool word_next(struct slice text, size_t *at, struct slice *word);

#endif
