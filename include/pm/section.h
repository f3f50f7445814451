/* pm/section.h - doc: headings and what they head
 */
#ifndef PM_SECTION_H
#define PM_SECTION_H

#include "pm/block.h"
#include "pm/linkref.h"
#include "pm/str.h"

/* A heading and what it heads. Headings inside quotes and lists head nothing. */
struct section {
    struct slice title; /* plain text of the heading */
    struct slice name;  /* folded for comparing: see section_fold */
    struct slice note;  /* what a trailing parenthesis says: "all times UTC" */
    int level;
    struct span heading;       /* its content */
    struct span body;          /* up to the next heading of the same or a higher level */
    struct span own;           /* up to the next heading of any level */
    const struct block *block; /* the heading */
    const struct block *first; /* first block after it; siblings follow by ->next */
    const struct block *end;   /* first block not in body; NULL at the end of the document */
    size_t parent;             /* index of the enclosing section; SIZE_MAX at the top */
};

/* All sections of a document in order, in the arena; bytes: the whole document. Linear. */
struct section *sections_collect(struct slice bytes, const struct block *root,
                                 const struct linkrefs *refs, struct arena *a, size_t *n);

/* Folds a heading or a field label for comparison: case, Unicode compatibility, surrounding
 * punctuation, emoji and :shortcodes:, closing hashes, numbering ("3.", "3)"), a trailing
 * parenthesis, inner runs of white space and hyphens ("Follow-ups") do not matter. */
void section_fold(struct str *out, struct slice title);
/* Folds a field name: the above, and '_', '-' and camelCase boundaries become single spaces. */
void name_fold(struct str *out, struct slice name);
/* Do both fold it to itself? True for words in lower case with one blank between them; else maybe. */
bool name_is_folded(struct slice name);
/* What a trailing parenthesis says, without its brackets; empty when there is none. */
struct slice section_note(struct slice title);

#endif
