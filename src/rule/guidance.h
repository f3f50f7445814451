/* guidance.h - rule: what a template says below its headings, to be written over
 *
 * Text of a document that equals it, line by line, is no content: it was left in place. Comments are
 * none anyway. What answers a question stays an answer, also where the template gives it: n/a.
 */
#ifndef PM_RULE_GUIDANCE_H
#define PM_RULE_GUIDANCE_H

#include "pm/document.h"
#include "pm/schema.h"

struct guidance; /* in an arena; by section of the schema */

/* template may go afterwards. */
struct guidance *guidance_read(const struct document *template, const struct schema *s,
                               struct arena *a);
/* Does every line of the text stand in the template's section? A text without any: true. */
bool guidance_holds(const struct guidance *g, const struct section_rule *rule, struct slice text);
/* What a block says itself: of the first paragraph of an item, what follows the box. */
struct span block_words(const struct block *b);

#endif
