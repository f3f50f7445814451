#include "pm/table.h"

#include <string.h>

#include "pm/vec.h"

/* One line of a table: its offset in the text and what stands there behind indentation and quote
 * markers, without the line end. */
struct row_line {
    size_t at, next;
    struct slice text;
    uint32_t start; /* offset of text in the document */
};

static struct row_line read_line(struct slice text, size_t at, uint32_t base)
{
    size_t end = at;
    while (end < text.n && text.p[end] != '\n' && text.p[end] != '\r')
        end++;
    size_t next = end < text.n ? end + 1 : end;
    if (end + 1 < text.n && text.p[end] == '\r' && text.p[end + 1] == '\n')
        next++;
    size_t from = at;
    while (from < end && (text.p[from] == '>' || ascii_is_blank((unsigned char)text.p[from])))
        from++;
    while (end > from && ascii_is_blank((unsigned char)text.p[end - 1]))
        end--;
    return (struct row_line){at, next, {text.p + from, end - from}, base + (uint32_t)from};
}

/* The next cell of a row: raw, from *at to the next pipe that no backslash precedes. */
static bool next_cell(struct slice row, size_t *at, struct slice *cell)
{
    if (*at >= row.n)
        return false;
    size_t end = *at;
    while (end < row.n && (row.p[end] != '|' || (end > 0 && row.p[end - 1] == '\\')))
        end++;
    *cell = slice_sub(row, *at, end - *at);
    *at = end + 1;
    return true;
}

static size_t first_cell(struct slice row)
{
    return row.n && row.p[0] == '|';
}

static size_t count_cells(struct slice row)
{
    size_t n = 0;
    struct slice cell;
    for (size_t at = first_cell(row); next_cell(row, &at, &cell);)
        n++;
    return n;
}

/* ':--', '--:' and so on. A lone '---' line is a setext underline, not a table. */
static bool is_delimiter_cell(struct slice cell)
{
    cell = slice_trim(cell);
    if (cell.n && cell.p[0] == ':')
        cell = slice_sub(cell, 1, SIZE_MAX);
    if (cell.n && cell.p[cell.n - 1] == ':')
        cell.n--;
    for (size_t i = 0; i < cell.n; i++)
        if (cell.p[i] != '-')
            return false;
    return cell.n > 0;
}

static bool is_delimiter_row(struct slice row)
{
    if (!row.n || !strchr("|:-", row.p[0]))
        return false;
    if (slice_chr(row, '|', 0) == SIZE_MAX && slice_chr(row, ':', 0) == SIZE_MAX)
        return false;
    struct slice cell;
    for (size_t at = first_cell(row); next_cell(row, &at, &cell);)
        if (!is_delimiter_cell(cell))
            return false;
    return true;
}

static struct slice resolve_pipes(struct slice raw, struct arena *a)
{
    if (slice_find(raw, SLICE("\\|"), 0) == SIZE_MAX)
        return raw;
    char *copy = arena_alloc(a, raw.n);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++)
        if (raw.p[i] != '\\' || i + 1 == raw.n || raw.p[i + 1] != '|')
            copy[n++] = raw.p[i];
    return (struct slice){copy, n};
}

static struct cell make_cell(const struct row_line *line, struct slice raw, struct arena *a)
{
    struct slice trimmed = slice_trim(raw);
    const char *p = trimmed.n ? trimmed.p : raw.p;
    uint32_t start = line->start + (uint32_t)(p - line->text.p);
    return (struct cell){{start, start + (uint32_t)trimmed.n}, resolve_pipes(trimmed, a)};
}

static struct table_row make_row(const struct row_line *line, size_t columns, uint32_t base,
                                 struct arena *a)
{
    uint32_t end = line->start + (uint32_t)line->text.n;
    struct table_row row = {{base + (uint32_t)line->at, end}, NULL};
    row.cells = arena_array(a, columns, sizeof *row.cells);
    struct slice raw;
    size_t at = first_cell(line->text), n = 0;
    for (; n < columns && next_cell(line->text, &at, &raw); n++)
        row.cells[n] = make_cell(line, raw, a);
    for (; n < columns; n++)
        row.cells[n].span = (struct span){end, end};
    return row;
}

struct table *table_parse(struct slice text, uint32_t base, struct arena *a, size_t *used,
                          size_t *cells_left)
{
    struct row_line header = read_line(text, 0, base);
    struct row_line line = read_line(text, header.next, base);
    if (!header.text.n || !is_delimiter_row(line.text))
        return NULL;
    size_t columns = count_cells(line.text);
    if (columns != count_cells(header.text))
        return NULL;

    struct table *t = arena_alloc(a, sizeof *t);
    t->columns = columns;
    VEC(struct table_row) rows = VEC_INIT;
    bool fits = columns <= *cells_left;
    if (fits) {
        *cells_left -= columns;
        t->header = make_row(&header, columns, base, a);
    }
    while (fits && line.next < text.n) {
        struct row_line row = read_line(text, line.next, base);
        if (!row.text.n)
            break;
        line = row;
        fits = columns <= *cells_left;
        if (fits) {
            *cells_left -= columns;
            vec_push(&rows, make_row(&line, columns, base, a));
        }
    }
    if (!fits)
        *cells_left = 0;
    t->nrows = rows.n;
    t->rows = arena_array(a, rows.n, sizeof *t->rows);
    if (rows.n)
        memcpy(t->rows, rows.v, rows.n * sizeof *rows.v);
    vec_release(&rows);
    *used = line.next;
    return t;
}
