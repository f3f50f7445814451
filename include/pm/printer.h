/* pm/printer.h - render: text for people
 *
 * Appends to a string; the command layer writes it out. Everything that comes from a document, a
 * commit or the command line goes through printer_text, which makes it safe for a terminal.
 */
#ifndef PM_PRINTER_H
#define PM_PRINTER_H

#include "pm/str.h"

enum tint {
    TINT_NONE,
    TINT_BOLD,
    TINT_DIM,
    TINT_ERROR,   /* red */
    TINT_WARNING, /* yellow */
    TINT_INFO,    /* cyan */
    TINT_GOOD,    /* green */
    TINT_MARK     /* a search hit */
};

struct printer {
    struct str *out;
    bool color;
    size_t width; /* of the terminal; 0: a pipe, which gets every word: nothing is cut, and what
                     is wrapped is wrapped at 80 */
};

void printer_text(struct printer *p, enum tint t, struct slice s); /* one line: controls escaped */
void printer_textz(struct printer *p, enum tint t, const char *s);
void printer_fmt(struct printer *p, enum tint t, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Wraps words at the width with a hanging indent; any text. */
void printer_wrap(struct printer *p, enum tint t, size_t indent, struct slice s);
/* Takes the next line of at most width columns off the front of *rest, which is a safe text: 1, or
 * 0 at the end. Lines end at blanks and before East Asian characters; a longer word is not broken. */
int printer_next_line(struct slice *rest, size_t width, struct slice *line);

/* Appends a text to Markdown that others render, where it shows as it is: markup is escaped, @alice
 * becomes alice, so that nobody is notified. One line. */
void markdown_text(struct str *out, struct slice s);
void markdown_code(struct str *out, struct slice s); /* between backticks */

/* A table: columns aligned by display width, at most as wide as the printer (when it has a width);
 * one that is empty in every row is left out. What does not fit is cut with '…' in the columns that
 * may shrink, widest first, never below their minimum. Where that is not enough, the columns marked
 * `below` leave the row for up to two lines below it, indented: so the handles that people copy (ids,
 * references) stay whole. */
struct column {
    const char *title; /* NULL in all columns: no header line */
    bool right;        /* numbers */
    size_t shrink_to;  /* 0: never cut */
    bool whole; /* what is wider than the place that the others leave ends its line; they go on below */
    bool below;        /* may go below the row */
    bool wrap;         /* goes on in the next line instead of being cut */
};
struct table_text;
struct table_text *table_text_new(const struct column *columns, size_t n);
void table_text_cell(struct table_text *t, enum tint tint, struct slice s); /* row by row */
/* Lines that follow the row whose cells were added last, or the titles where there is none yet,
 * printed as they are. */
void table_text_after(struct table_text *t, struct slice printed);
void table_text_print(struct table_text *t, struct printer *p);
void table_text_free(struct table_text *t);

#endif
