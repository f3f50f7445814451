/* pm/skeleton.h - doc: what of a Markdown text decides its blocks
 *
 * pm takes only the block structure from cmark, by lines; inline Markdown is its own (pm/inline.h).
 * So cmark is given a skeleton: the same lines, each cut down to its indentation, its markers and
 * one letter, wherever the rest of the line cannot change which blocks there are. That is most of a
 * document, hence faster; and no text can drive cmark's inline parser into the quadratic cases that
 * it cannot be interrupted in, because there is no inline text left to speak of.
 *
 * Kept whole (with '![', '*' and the like made harmless) are lines that may open or close a fence
 * or raw HTML, and paragraphs that may define link references. Every line keeps the columns of its
 * markers.
 */
#ifndef PM_SKELETON_H
#define PM_SKELETON_H

#include "pm/problem.h"
#include "pm/str.h"

/* Appends the skeleton of body. False when lists and quotes nest deeper than CAP_BLOCK_DEPTH or add
 * up to more than CAP_NESTED_LINES; one problem is then added. base: the offset of body. */
bool skeleton_make(struct str *out, struct slice body, uint32_t base, struct arena *a,
                   struct problems *ps);

#endif
