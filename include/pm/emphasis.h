/* pm/emphasis.h - doc: which runs of '*', '_' and '~' make emphasis; a part of pm/inline.h
 *
 * The delimiter algorithm of CommonMark, on an array; GitHub's '~' besides. Linear for all
 * practical purposes: what was once looked for in vain is not looked for again.
 */
#ifndef PM_EMPHASIS_H
#define PM_EMPHASIS_H

#include "pm/inline.h"
#include "pm/vec.h"

/* A run before adjacent text is joined and styles are known. */
struct piece {
    enum run_kind kind;
    struct span span;
    struct slice text, url;
};
struct pieces {
    struct piece *v;
    size_t n, cap;
};

struct delim {
    size_t piece;
    char c;
    bool opens, closes;
    size_t length;     /* as written */
    size_t count;      /* not yet used */
    size_t prev, next; /* in the list of those that are still of use; SIZE_MAX for none */
};
struct delims {
    struct delim *v;
    size_t n, cap;
};

/* Notes a run of delimiters, which is (or becomes) the piece of that index, with the characters to
 * both sides of it. */
void delims_push(struct delims *d, size_t piece, struct slice run, uint32_t left, uint32_t right);

/* Matches the delimiters from index `first` on, takes what they use out of the pieces' texts, and
 * drops them. styles (one byte of STYLE_* for each piece) may be NULL. */
void delims_match(struct delims *d, struct pieces *p, size_t first, unsigned char *styles);

#endif
