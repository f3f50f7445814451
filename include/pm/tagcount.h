/* pm/tagcount.h - corpus: how often the postmortems of a state bear each tag
 *
 * A tag counts where any field of type `tag` states it. One that is listed in .pm/tags.yaml and borne
 * by nobody is counted too, as 0; so is a tag that is only the beginning of others: change, where
 * postmortems bear change/config.
 */
#ifndef PM_TAGCOUNT_H
#define PM_TAGCOUNT_H

#include "pm/corpus.h"

struct tag_count {
    struct slice name;     /* canonical */
    const struct tag *tag; /* of the taxonomy; NULL: not listed there */
    size_t own;            /* postmortems that bear it itself */
    size_t all;            /* that bear it or a tag below it, each once */
    size_t open;           /* their unresolved action items */
    struct slice path;     /* the first of `own`, in path order; empty: none */
    struct place place;    /* where it stands there */
};

struct tag_counts {
    struct arena arena;
    struct tag_count *v; /* by name, each tag before those below it */
    size_t n;
    size_t postmortems;  /* that were read */
    size_t untagged;     /* of these */
};

int tag_counts_read(struct tag_counts *out, struct repo *r, const struct state *s, struct err *e);
void tag_counts_release(struct tag_counts *t);
/* Not listed in a taxonomy that there is, and borne by a postmortem. */
bool tag_count_unknown(const struct tag_count *t, const struct taxonomy *taxonomy);

#endif
