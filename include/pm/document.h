/* pm/document.h - doc: one Markdown file, parsed; what everything else reads from
 *
 * A document owns its bytes and everything parsed from them: one free. All text in it is a slice of
 * these bytes or of its arena; every span is a range of these bytes. Parsing is pure and never
 * fails: what cannot be read is in `problems`, and the rest is as complete as it can be (after an
 * unreadable front matter the body is read all the same when its end is known).
 */
#ifndef PM_DOCUMENT_H
#define PM_DOCUMENT_H

#include "pm/block.h"
#include "pm/inline.h"
#include "pm/table.h"
#include "pm/yamltree.h"

enum front { FRONT_NONE, FRONT_YAML, FRONT_BROKEN, FRONT_TOML };

/* A heading and what it heads. Headings inside quotes and lists head nothing. */
struct section {
    struct slice title;    /* plain text of the heading */
    struct slice name;     /* folded for comparing: see section_fold */
    struct slice note;     /* what a trailing parenthesis says: "all times UTC" */
    int level;
    struct span heading;   /* its content */
    struct span body;      /* up to the next heading of the same or a higher level */
    struct span own;       /* up to the next heading of any level */
    const struct block *block;  /* the heading */
    const struct block *first;  /* first block after it; siblings follow by ->next */
    const struct block *end;    /* first block not in body; NULL at the end of the document */
    size_t parent;         /* index of the enclosing section; SIZE_MAX at the top */
};

struct document {
    struct arena arena;
    struct slice bytes;   /* owned */
    struct lines lines;
    enum front front;
    struct span front_span; /* from the opening --- to the closing line, both included */
    struct span front_text; /* between them */
    struct yaml *yaml;      /* root map; NULL unless FRONT_YAML */
    struct span body;
    struct block *root;
    struct linkrefs *refs;
    struct section *sections; /* in document order */
    size_t nsections;
    struct problems problems;
};

/* Takes ownership of bytes (from malloc). A BOM and CRLF are fine. Too large, NUL bytes, UTF-16 and
 * invalid UTF-8 are problems, and nothing else is read then. */
struct document *document_parse(char *bytes, size_t n);
void document_free(struct document *d);

struct place document_place(const struct document *d, uint32_t offset);
struct slice document_slice(const struct document *d, struct span s);

/* Folds a heading or a field label for comparison: case, Unicode compatibility, surrounding
 * punctuation, emoji and :shortcodes:, closing hashes, numbering ("3.", "3)"), a trailing
 * parenthesis and inner runs of white space do not matter. */
void section_fold(struct str *out, struct slice title);
/* Folds a field name: the above, and '_', '-' and camelCase boundaries become single spaces. */
void name_fold(struct str *out, struct slice name);

#endif
