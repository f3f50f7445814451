/* What the files of `pm search` share. */
#ifndef PM_CMD_SEARCH_PRIVATE_H
#define PM_CMD_SEARCH_PRIVATE_H

#include "pm/command.h"

enum { FACETS = 4 };
/* Counts by severity, cause, service and year, in the arena. */
const struct facet_view *search_facets(const struct corpus *found, struct arena *a);

#endif
