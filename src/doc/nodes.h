/* nodes.h - doc, private: cmark's tree of a text, in an arena
 *
 * cmark takes and gives back memory for each node and each of its strings: a third of what it does.
 */
#ifndef PM_DOC_NODES_H
#define PM_DOC_NODES_H

#include <cmark.h>

#include "pm/alloc.h"

/* The tree lives as long as the arena; nothing of it is to be freed. */
cmark_node *nodes_parse(struct slice text, struct arena *a);

#endif
