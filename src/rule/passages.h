/* passages.h - rule: what the author of a document says in running text
 *
 * Paragraphs, list items and the cells of tables; not headings, header rows, code, raw HTML, and
 * nothing inside a block quote: those are names, or somebody else's words.
 */
#ifndef PM_RULE_PASSAGES_H
#define PM_RULE_PASSAGES_H

#include "pm/postmortem.h"

struct passage {
    struct span span; /* of the document */
    const struct section_rule
        *rule; /* of the innermost section that the schema names; NULL: none */
};

struct passages {
    const struct postmortem *pm;
    const struct block *block; /* the next one to look at */
    const struct table *table; /* being read */
    size_t cell;
    size_t section, found;               /* the next of doc->sections and of pm->sections */
    const struct section_rule *rules[7]; /* by level of heading */
    const struct section_rule *rule;
};

void passages_start(struct passages *p, const struct postmortem *pm);
bool passages_next(struct passages *p, struct passage *out); /* false at the end */

/* The passage as long as it was, with U+001F where something else stands than the author's
 * own prose: code, comments, the targets of links, a bold label at its beginning, and what is in
 * quotation marks. In the arena. */
struct slice passage_prose(const struct postmortem *pm, struct span span, struct arena *a);

/* Appends text with every run of white space as one blank: for a message. */
void passage_add_line(struct str *out, struct slice text);

#endif
