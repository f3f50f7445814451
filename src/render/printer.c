#include "pm/printer.h"

#include <stdlib.h>

#include "pm/utf8.h"

enum { WRAP_COLUMNS = 80 };

static const char *const tint_codes[] = {
    [TINT_NONE] = "",       [TINT_BOLD] = "\033[1m",     [TINT_DIM] = "\033[2m",
    [TINT_ERROR] = "\033[1;31m", [TINT_WARNING] = "\033[33m", [TINT_INFO] = "\033[36m",
    [TINT_GOOD] = "\033[32m",    [TINT_MARK] = "\033[1;31m",
};

void printer_text(struct printer *p, enum tint t, struct slice s)
{
    bool tinted = p->color && t != TINT_NONE && s.n;
    if (tinted)
        str_addz(p->out, tint_codes[t]);
    utf8_add_visible(p->out, s, false);
    if (tinted)
        str_addz(p->out, "\033[0m");
}

void printer_textz(struct printer *p, enum tint t, const char *s)
{
    printer_text(p, t, slice_of(s));
}

void printer_fmt(struct printer *p, enum tint t, const char *fmt, ...)
{
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    printer_text(p, t, str_slice(&text));
    str_release(&text);
}

void printer_wrap_at(struct printer *p, enum tint t, size_t indent, size_t column, struct slice s)
{
    size_t width = p->width ? p->width : WRAP_COLUMNS;
    struct slice word;
    bool first = true;
    if (column < indent) {
        str_pad(p->out, ' ', indent - column);
        column = indent;
    }
    for (struct slice rest = slice_trim(s); slice_split(&rest, ' ', &word);) {
        size_t n = utf8_width(word);
        if (!n)
            continue;
        if (!first && column + 1 + n > width) {
            str_addc(p->out, '\n');
            str_pad(p->out, ' ', indent);
            column = indent;
            first = true;
        }
        if (!first) {
            str_addc(p->out, ' ');
            column++;
        }
        printer_text(p, t, word);
        column += n;
        first = false;
    }
    str_addc(p->out, '\n');
}

void printer_wrap(struct printer *p, enum tint t, size_t indent, struct slice s)
{
    printer_wrap_at(p, t, indent, 0, s);
}
