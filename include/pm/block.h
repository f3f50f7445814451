/* pm/block.h - doc: the block structure of a Markdown body, by lines
 *
 * Blocks come from cmark, so that a heading inside a fence, a setext underline or a `---` under a
 * paragraph are read as code hosts render them. Tables are ours (pm/table.h), recognised on raw
 * lines inside paragraphs, also where cmark sees a setext heading. Columns inside blocks are ours
 * too: every span is a range of bytes of the document.
 */
#ifndef PM_BLOCK_H
#define PM_BLOCK_H

#include "pm/problem.h"

enum block_kind {
    BLOCK_ROOT,
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_LIST,
    BLOCK_ITEM,
    BLOCK_TABLE,
    BLOCK_QUOTE,
    BLOCK_CODE,
    BLOCK_HTML, /* comments and other raw HTML blocks */
    BLOCK_BREAK /* thematic break */
};

enum box { BOX_NONE, BOX_EMPTY, BOX_CHECKED, BOX_DROPPED }; /* [ ] [x] [~] or [-] */

struct table;

struct block {
    enum block_kind kind;
    struct span span; /* its lines, from the first byte (indentation and markers too) to the last
                         byte before the final line end */
    struct span text; /* HEADING: its content, closing hashes off. PARAGRAPH: from its first to its
                         last character (continuation lines keep their indentation and quote
                         markers). ITEM: its first paragraph, after marker and box; empty when it
                         has none. CODE: the code's lines. HTML and TABLE: all of it, without the
                         indentation of the first line. Others: empty or of no use. */
    int level;        /* HEADING: 1-6. LIST: nesting depth, 1 at the top */
    bool ordered;     /* LIST */
    long number;      /* ITEM of an ordered list: the number that stands there */
    enum box box;     /* ITEM */
    struct table *table;
    struct block *parent, *first, *last, *next;
};

/* Parses body (a part of the document beginning at byte `base`). Never fails: a body beyond a cap
 * gives a root without children and a problem. Bounded: delimiter runs, nesting and block counts
 * are capped before cmark sees the text. */
struct block *blocks_parse(struct slice body, uint32_t base, struct arena *a, struct problems *ps);

/* Pre-order: the next block after b within root; NULL at the end. */
const struct block *block_next(const struct block *root, const struct block *b);

#endif
