/* pm/markup.h - doc: the small forms of inline Markdown, each at the start of a text
 *
 * All return the bytes that the form takes, or 0 when the text does not start with it.
 */
#ifndef PM_MARKUP_H
#define PM_MARKUP_H

#include "pm/slice.h"

size_t markup_autolink(struct slice t, struct slice *url); /* <https://…>, <a@example.com> */
size_t markup_tag(struct slice t);                         /* <b>, </b>, <img src="…"> */
size_t markup_entity(struct slice t, uint32_t *cp);        /* &amp; &#39; &#x27; */

/* http://… or https://…: up to white space, '<' or East Asian punctuation, and without what closes
 * the sentence or the parenthesis around it. bracketed: it also ends before a ']'. */
size_t markup_url(struct slice t, bool bracketed);

#endif
