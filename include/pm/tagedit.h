/* pm/tagedit.h - schema: renames a tag in .pm/tags.yaml without touching any other byte
 */
#ifndef PM_TAGEDIT_H
#define PM_TAGEDIT_H

#include "pm/err.h"
#include "pm/str.h"
#include "pm/taxonomy.h"

/* Appends the text of a .pm/tags.yaml in which the tag `from` is called `to`; both canonical, to not
 * below from. The tags below it go along, and `deprecated:` follows. Where `to` is
 * listed already, `from` stays and is deprecated for it. An entry that cannot stay below its parent
 * goes to the end of the file's tags, under its whole name.
 *
 * -1 with a sentence where that takes more than replacing, inserting and moving lines, as inside of
 * { }: then it is to be done by hand. */
int taxonomy_rename(struct str *out, struct slice text, struct slice from, struct slice to,
                    struct err *e);

#endif
