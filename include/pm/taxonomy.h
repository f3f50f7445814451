/* pm/taxonomy.h - schema: the tree of causes
 *
 * Tags are paths of kebab-case words: change/config. With a .pm/tags.yaml the tags listed there are
 * the known ones, each with a description, aliases and perhaps `deprecated: use/this`; without one,
 * any tag is fine and none is unknown.
 */
#ifndef PM_TAXONOMY_H
#define PM_TAXONOMY_H

#include "pm/map.h"
#include "pm/problem.h"

struct tag {
    struct slice name;        /* whole: change/config */
    struct slice description;
    struct slice *aliases;    /* folded */
    size_t naliases;
    struct slice deprecated;  /* use this instead; empty: current */
    struct span span;
};

struct taxonomy {
    bool closed;       /* a .pm/tags.yaml exists: other tags are unknown */
    struct tag *tags;  /* parents before children, in file order */
    size_t ntags;
    struct map names;  /* folded name or alias → struct tag * */
};

/* By name or alias; NULL: not listed. */
const struct tag *taxonomy_find(const struct taxonomy *t, struct slice name);
/* The tag that was meant by one that is not listed: of a similar name or alias, or with a similar last
 * word (`confg`), or of a name that is its end (change/configuration, where `configuration` is one).
 * NULL: none is near. */
const struct tag *taxonomy_nearest(const struct taxonomy *t, struct slice name);
/* The canonical spelling of a tag: that of the list, else folded to lower case with '-' for blanks
 * and '_'. Appends to the arena. */
struct slice taxonomy_canonical(const struct taxonomy *t, struct slice name, struct arena *a);
/* Is tag the same as ancestor, or below it? Both canonical. */
bool tag_within(struct slice tag, struct slice ancestor);
/* A well-formed tag: words of letters, digits and '-', joined by single '/'. */
bool tag_valid(struct slice tag);

#endif
