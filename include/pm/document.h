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
#include "pm/frontmatter.h"
#include "pm/inline.h"
#include "pm/section.h"
#include "pm/table.h"
#include "pm/yamltree.h"

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

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void doc_libraries(struct str *out);

#endif
