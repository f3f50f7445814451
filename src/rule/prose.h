/* prose.h - what a section says, measured */
#ifndef PM_RULE_PROSE_H
#define PM_RULE_PROSE_H

#include "pm/document.h"

struct prose {
    struct str text;   /* plain, a block or cell a line; no headings, no comments, no code blocks */
    size_t items;      /* of lists, at any depth */
    size_t rows;       /* of tables, those that are filled */
    size_t paragraphs; /* outside of lists */
    size_t sentences;  /* of these, those that only lead to a list or table excepted */
    size_t headings;
    bool unread; /* code, raw HTML or an image: it may say anything */
};

/* To be released. Linear. */
void prose_read(struct prose *p, const struct document *doc, const struct section *s);
void prose_release(struct prose *p);

/* Words of the text; two characters of a script without blanks count as one. */
size_t prose_words(const struct prose *p);
/* What the section enumerates: items and rows, or where it is told in another form, that. */
size_t prose_entries(const struct prose *p);

#endif
