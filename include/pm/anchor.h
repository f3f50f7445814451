/* pm/anchor.h - doc: places of a document that a link can name: [x](#anchor)
 *
 * Programs make anchors of headings in different ways (GitHub: lower case, punctuation dropped,
 * blanks to '-', -1 for the second of a name), so what counts is letters and digits, whatever their
 * case, accents and what stands between; also where a number in front of a heading is left out.
 */
#ifndef PM_ANCHOR_H
#define PM_ANCHOR_H

#include "pm/document.h"

struct anchors;

/* Of all headings, inside quotes and lists too. Lives in the arena, borrows the document, and is
 * asked by one thread: what the text declares is looked for with the first name that is no heading. */
struct anchors *anchors_collect(const struct document *doc, struct arena *a);
/* Does a heading have that anchor, or does the document declare it (<a name="x">, id="x", {#x}, (x)=)?
 * True, too, where headings may come from HTML or a template. */
bool anchors_have(struct anchors *anchors, struct slice name);

#endif
