/* What the files of `pm search` share. */
#ifndef PM_CMD_SEARCH_PRIVATE_H
#define PM_CMD_SEARCH_PRIVATE_H

#include "pm/command.h"

/* search_find.c. A question, and the postmortems that answer it. */
struct searching {
    struct reading reading;
    struct arena arena;
    struct query_context qc;
    struct query *query;
    struct slice text;      /* of the query */
    bool worktree;          /* what is not committed, too: all of it is read */
    struct search_wish wish;     /* rows, ranks, facets; the rest is filled in */
    struct hits hits;
    struct corpus corpus;   /* those that were read; owned */
    struct postmortem **pm; /* of each hit; NULL: not read */
};
/* Fills hits, as far as the wish goes. */
int search_find(struct context *c, struct searching *s, struct err *e);
/* Reads the postmortems of n hits, by their numbers, into pm. */
int search_read(struct context *c, struct searching *s, const size_t *which, size_t n, struct err *e);
void searching_release(struct searching *s);

/* search_facets.c */
enum { FACETS = FACET_FIELDS + 1 };
/* Counts by severity, cause, service and year, in the arena. */
const struct facet_view *search_facets(const struct hits *found, struct arena *a);
/* For postmortems that the index does not know: fills found->facets. */
void search_count_facets(struct hits *found, const struct corpus *corpus);

#endif
