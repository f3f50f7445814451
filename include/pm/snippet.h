/* pm/snippet.h - query: the piece of a document that shows why it was found
 */
#ifndef PM_SNIPPET_H
#define PM_SNIPPET_H

#include "pm/query.h"
#include "pm/token.h"

struct snippet {
    struct str text;    /* one line: white space folded; "…" where it was cut */
    struct span *marks; /* the words found, in text, in order */
    size_t nmarks, cap;
};

/* The line of the body with the most different words of the query, the first of them when several
 * have as many; cut to about `width` columns around the first word. False when no line has one (the
 * words stand in facts, or the query has none). The snippet may be used again for the next. */
bool snippet_find(struct snippet *out, const struct query *q, const struct postmortem *pm,
                  struct tokenizer *t, size_t width);
void snippet_release(struct snippet *s);

#endif
