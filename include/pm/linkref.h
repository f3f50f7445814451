/* pm/linkref.h - doc: link reference definitions, `[label]: url "title"`
 *
 * Collected from all of a document, because a link may stand before its definition. Labels compare
 * folded, with white space single; the first definition of a label holds.
 */
#ifndef PM_LINKREF_H
#define PM_LINKREF_H

#include "pm/problem.h"
#include "pm/str.h"

#define LINK_LABEL_MAX 999u /* bytes; as CommonMark has it */

struct linkref {
    struct slice label, url; /* raw label; url without its angle brackets */
};

/* Reads one definition that starts at text.p; quote markers and indentation at the start of its
 * further lines are passed over. Returns the bytes it takes, with its line end, or 0 for none. */
size_t linkref_scan(struct slice text, struct linkref *out);

/* Reads a link's destination, `<a b>` or `a(b)c`. Returns its bytes, 0 when there is none. */
size_t link_destination(struct slice text, struct slice *url);
/* Appends a destination as it is meant: without escapes and entities, which leaves what is
 * percent-encoded. */
void link_plain(struct str *out, struct slice url);
/* Reads a link's title in quotes or parentheses. Returns its bytes, 0 when there is none. */
size_t link_title(struct slice text);

struct linkrefs;

/* All definitions of a body, those inside fences left out. NULL when there are none. */
struct linkrefs *linkrefs_collect(struct slice body, struct arena *a);
/* The url of a label; false when it is not defined. */
bool linkrefs_get(const struct linkrefs *refs, struct slice label, struct slice *url);

#endif
