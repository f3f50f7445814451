/* pm/embed.h - base: the files that are compiled into the program
 *
 * pm carries its default schema, its rules' explanations and its manuals with it, so that one copied
 * file works on a machine that has nothing of ours. The names:
 *
 *     schema/FILE     every file of schema/
 *     rule/RULE.md    every file of src/rule/explain/
 *     man/pm-X.1      every manual of src/cmd/
 *
 * The build writes the table (tools/embed.c); a new file needs no edit anywhere.
 */
#ifndef PM_EMBED_H
#define PM_EMBED_H

#include <stddef.h>

struct embedded {
    const char *name;
    const char *data; /* any bytes; a NUL that n does not count follows them */
    size_t n;
};

/* All of them, sorted by name as bytes; an entry whose name is NULL ends the table. */
extern const struct embedded embedded_files[];

/* NULL when there is no such file. */
const struct embedded *embedded_find(const char *name);

#endif
