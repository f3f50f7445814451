/* pm/table.h - doc: pipe tables
 *
 * GitHub's tables: a header line, a delimiter line, rows. Cells are split first ('\|' is a pipe of
 * the cell), their inline Markdown is read per cell (pm/inline.h). Short rows are padded with empty
 * cells, surplus cells are dropped, as GitHub does. A table may be indented (inside a list item).
 */
#ifndef PM_TABLE_H
#define PM_TABLE_H

#include "pm/problem.h"

struct cell {
    struct span span;  /* its trimmed content */
    struct slice text; /* content with '\|' resolved; mostly a slice of the document */
};

struct table_row {
    struct span span; /* the line */
    struct cell *cells;
};

struct table {
    size_t columns;
    struct table_row header;
    struct table_row *rows;
    size_t nrows;
};

/* Tries to read a table whose header is the first line of text (base: its offset in the document);
 * indentation and quote markers before each line are passed over. NULL when it is none; *used is then
 * untouched, else the bytes its lines take, up to an empty line. *cells_left shrinks by the cells,
 * padding included; a table that needs more is cut, and *cells_left is 0. */
struct table *table_parse(struct slice text, uint32_t base, struct arena *a, size_t *used,
                          size_t *cells_left);

#endif
