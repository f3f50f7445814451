/* pm/token.h - query: the one tokenizer, for matching in memory and, registered, for FTS5
 *
 * Words are runs of letters, marks and digits, folded (case, compatibility, diacritics). English
 * words are stemmed (Porter 2); a prefix search compares unstemmed forms, so both are produced.
 * Han, Kana and Hangul runs give overlapping bigrams (a single character gives itself; looked for
 * as a prefix, it finds the pairs that it begins, not the one that it ends).
 * Punctuation separates words; text like foo_bar.baz or 0x80070005 becomes the phrase of its parts.
 */
#ifndef PM_TOKEN_H
#define PM_TOKEN_H

#include "pm/str.h"

struct token {
    struct slice text; /* folded, stemmed; valid until the next call */
    struct slice word; /* folded, not stemmed */
    size_t start, end; /* bytes in the input */
    bool cjk;          /* a bigram, or a lone character */
    bool joined;       /* follows the token before without white space: part of a phrase */
};

struct tokenizer; /* keeps a stemmer; one per thread */
struct tokenizer *tokenizer_new(void);
void tokenizer_free(struct tokenizer *t);
void tokenizer_start(struct tokenizer *t, struct slice text); /* text must stay */
int tokenizer_next(struct tokenizer *t, struct token *out);   /* 1, 0 at the end */

/* The same for who compares few of the words: text is the word, unstemmed, and a token that is not
 * cjk is stemmed when needed. A stem keeps its word's first letter. Most of the time of
 * tokenizer_next is stemming. */
int tokenizer_next_word(struct tokenizer *t, struct token *out);
struct slice tokenizer_stem(struct tokenizer *t, struct slice word); /* valid until the next call */

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void query_libraries(struct str *out);

#endif
