/* pm/frontmatter.h - doc: where the front matter of a document begins and ends
 *
 * '---' on the first line (a BOM before it is fine), up to a line '---' or '...'. TOML ('+++') is
 * recognised so that it can be refused by its name.
 */
#ifndef PM_FRONTMATTER_H
#define PM_FRONTMATTER_H

#include "pm/problem.h"

enum front { FRONT_NONE, FRONT_YAML, FRONT_BROKEN, FRONT_TOML };

struct frontmatter {
    enum front kind;
    struct span whole; /* from the opening line to the closing one, both included */
    struct span text;  /* between them */
    struct span body;  /* after it; empty at the end when it is never closed */
};

/* One problem is added when the kind is FRONT_BROKEN or FRONT_TOML. An opening '---' that an empty
 * line follows and nothing closes is a thematic break. */
void frontmatter_find(struct slice bytes, struct arena *a, struct problems *ps,
                      struct frontmatter *out);

#endif
