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

/* The line of the body with the most different words of the query; when several have as many, the
 * first that is no heading, else the first. The heading that is the title is none of them. Cut to
 * about `width` columns around the first word. False when no line has one (the words stand in the
 * title or in facts, or the query has none). The snippet may be used again for the next. */
bool snippet_find(struct snippet *out, const struct query *q, const struct postmortem *pm,
                  struct tokenizer *t, size_t width);
void snippet_release(struct snippet *s);

#endif
