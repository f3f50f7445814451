#include "pm/printer.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/utf8.h"
#include "pm/vec.h"

enum { GAP = 2, INDENT = 4, LINES_BELOW = 2 };

struct text_cell {
    enum tint tint;
    size_t start, n; /* in text: what is shown, already safe for a terminal */
    size_t width;
};

#define NO_ROW SIZE_MAX

/* Lines that follow a row, or NO_ROW: the titles. */
struct text_after {
    size_t row, start, n; /* start, n: in text */
};

struct table_text {
    const struct column *columns;
    size_t ncolumns;
    struct str text;
    VEC(struct text_cell) cells;  /* row by row */
    VEC(struct text_after) after; /* in the order of their rows */
};

struct table_text *table_text_new(const struct column *columns, size_t n)
{
    struct table_text *t = xcalloc(1, sizeof *t);
    t->columns = columns;
    t->ncolumns = n;
    str_init(&t->text);
    return t;
}

void table_text_free(struct table_text *t)
{
    if (!t)
        return;
    str_release(&t->text);
    vec_release(&t->cells);
    vec_release(&t->after);
    free(t);
}

void table_text_cell(struct table_text *t, enum tint tint, struct slice s)
{
    struct text_cell cell = {.tint = tint, .start = t->text.n};
    utf8_add_visible(&t->text, s, false);
    cell.n = t->text.n - cell.start;
    cell.width = utf8_width(slice_from(t->text.p + cell.start, cell.n));
    vec_push(&t->cells, cell);
}

void table_text_after(struct table_text *t, struct slice printed)
{
    size_t rows = t->cells.n / t->ncolumns;
    struct text_after after = {rows ? rows - 1 : NO_ROW, t->text.n, printed.n};
    str_adds(&t->text, printed);
    vec_push(&t->after, after);
}

static struct slice cell_text(const struct table_text *t, const struct text_cell *cell)
{
    return slice_from(t->text.p + cell->start, cell->n);
}

static void natural_widths(const struct table_text *t, size_t *widths)
{
    for (size_t i = 0; i < t->cells.n; i++)
        if (t->cells.v[i].width > widths[i % t->ncolumns])
            widths[i % t->ncolumns] = t->cells.v[i].width;
    for (size_t i = 0; i < t->ncolumns; i++) {
        size_t title = t->columns[i].title ? utf8_width(slice_of(t->columns[i].title)) : 0;
        if (widths[i] && widths[i] < title)
            widths[i] = title;
    }
}

static size_t total_width(const struct table_text *t, const size_t *widths)
{
    size_t total = 0;
    for (size_t i = 0; i < t->ncolumns; i++)
        if (widths[i])
            total += widths[i] + (total ? GAP : 0);
    return total;
}

/* Levels the widest columns of those that may shrink, until the table fits or none may any more. */
static void shrink(const struct table_text *t, size_t *widths, size_t limit)
{
    while (limit && total_width(t, widths) > limit) {
        size_t widest = SIZE_MAX, second = 0;
        for (size_t i = 0; i < t->ncolumns; i++) {
            const struct column *column = &t->columns[i];
            if (!column->shrink_to || widths[i] <= column->shrink_to)
                continue;
            if (widest == SIZE_MAX || widths[i] > widths[widest]) {
                second = widest == SIZE_MAX ? 0 : widths[widest];
                widest = i;
            } else if (widths[i] > second) {
                second = widths[i];
            }
        }
        if (widest == SIZE_MAX)
            return;
        size_t excess = total_width(t, widths) - limit, least = t->columns[widest].shrink_to;
        size_t target = widths[widest] > excess ? widths[widest] - excess : 0;
        if (second < widths[widest] && target < second)
            target = second;
        else if (second == widths[widest])
            target = widths[widest] - 1; /* level: take turns */
        widths[widest] = target > least ? target : least;
    }
}

/* Prints what fits and says how wide that is; the rest of a cell that wraps stays in *s. */
static size_t print_text(struct printer *p, const struct column *column, enum tint tint,
                         struct slice *s, size_t width)
{
    struct slice line = *s;
    *s = slice_of(NULL);
    if (utf8_width(line) <= width) {
        printer_text(p, tint, line);
        return utf8_width(line);
    }
    if (column->wrap) {
        *s = line;
        printer_next_line(s, width, &line);
        *s = slice_ltrim(*s);
        printer_text(p, tint, line);
        return utf8_width(line);
    }
    line = utf8_cut(line, width - 1);
    printer_text(p, tint, line);
    printer_textz(p, tint, "…");
    return utf8_width(line) + 1;
}

/* One line of a row; rest[] is what is left of its cells. Nothing is padded behind the last of them.
 * Returns whether another line follows. */
static bool print_line(const struct table_text *t, struct printer *p, const size_t *widths,
                       const struct text_cell *row, struct slice *rest)
{
    size_t last = 0, pending = 0;
    bool more = false;
    for (size_t i = 0; i < t->ncolumns; i++)
        if (rest[i].n)
            last = i;
    for (size_t i = 0; i <= last; i++) {
        const struct column *column = &t->columns[i];
        size_t width = utf8_width(rest[i]);
        if (!widths[i])
            continue;
        if (column->right && width < widths[i])
            pending += widths[i] - width;
        if (rest[i].n) {
            str_pad(p->out, ' ', pending);
            pending = 0;
        }
        if (column->whole && width > widths[i]) {
            printer_text(p, row ? row[i].tint : TINT_DIM, rest[i]);
            rest[i] = slice_of(NULL);
            more = i < last;
            break;
        }
        width = print_text(p, column, row ? row[i].tint : TINT_DIM, &rest[i], widths[i]);
        pending += (column->right || width > widths[i] ? 0 : widths[i] - width) + GAP;
        more = more || rest[i].n;
    }
    str_addc(p->out, '\n');
    return more;
}

static void print_row(const struct table_text *t, struct printer *p, const size_t *widths,
                      const struct text_cell *row)
{
    struct slice *rest = xcalloc(t->ncolumns + 1, sizeof *rest);
    for (size_t i = 0; i < t->ncolumns; i++)
        if (widths[i])
            rest[i] = row ? cell_text(t, &row[i]) : slice_of(t->columns[i].title);
    while (print_line(t, p, widths, row, rest))
        continue;
    free(rest);
}

/* What left the row, on lines of its own: cells as one text. */
static void print_below(const struct table_text *t, struct printer *p, const struct text_cell *row)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < t->ncolumns; i++)
        if (t->columns[i].below && row[i].width) {
            str_addz(&text, text.n ? " · " : "");
            str_adds(&text, cell_text(t, &row[i]));
        }
    struct slice rest = str_slice(&text), line;
    size_t width = p->width > 2 * INDENT ? p->width - INDENT - 1 : INDENT;
    for (size_t i = 0; i < LINES_BELOW && printer_next_line(&rest, width, &line); i++) {
        rest = slice_ltrim(rest);
        str_pad(p->out, ' ', INDENT);
        printer_text(p, TINT_NONE, line);
        str_addz(p->out, i + 1 == LINES_BELOW && rest.n ? "…\n" : "\n");
    }
    str_release(&text);
}

/* Whole cells have what the others leave, where even that is too little for some. */
static void give_rest(const struct table_text *t, size_t *widths, size_t limit)
{
    for (size_t i = 0; i < t->ncolumns && total_width(t, widths) > limit; i++) {
        size_t title = t->columns[i].title ? utf8_width(slice_of(t->columns[i].title)) : 1;
        size_t excess = total_width(t, widths) - limit;
        if (t->columns[i].whole && widths[i] > title)
            widths[i] = widths[i] - title > excess ? widths[i] - excess : title;
    }
}

/* True when the rows fit; else the columns that may go below have gone. */
static bool lay_out(const struct table_text *t, size_t *widths, size_t limit)
{
    natural_widths(t, widths);
    shrink(t, widths, limit);
    if (!limit || total_width(t, widths) <= limit)
        return true;
    natural_widths(t, widths);
    bool fits = true;
    for (size_t i = 0; i < t->ncolumns; i++)
        if (t->columns[i].below) {
            widths[i] = 0;
            fits = false;
        }
    shrink(t, widths, limit);
    give_rest(t, widths, limit);
    return fits;
}

/* *at: the first of the lines that were not printed yet. */
static void print_after(const struct table_text *t, struct printer *p, size_t row, size_t *at)
{
    for (; *at < t->after.n && t->after.v[*at].row == row; ++*at)
        str_add(p->out, t->text.p + t->after.v[*at].start, t->after.v[*at].n);
}

void table_text_print(struct table_text *t, struct printer *p)
{
    size_t *widths = xcalloc(t->ncolumns + 1, sizeof *widths), after = 0;
    if (t->cells.n) {
        bool fits = lay_out(t, widths, p->width);
        if (t->columns[0].title)
            print_row(t, p, widths, NULL);
        print_after(t, p, NO_ROW, &after);
        for (size_t i = 0; i + t->ncolumns <= t->cells.n; i += t->ncolumns) {
            print_row(t, p, widths, &t->cells.v[i]);
            if (!fits)
                print_below(t, p, &t->cells.v[i]);
            print_after(t, p, i / t->ncolumns, &after);
        }
    }
    free(widths);
}
