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

void printer_wrap(struct printer *p, enum tint t, size_t indent, struct slice s)
{
    size_t width = p->width ? p->width : WRAP_COLUMNS;
    struct str safe = STR_INIT;
    struct slice line;
    utf8_add_visible(&safe, slice_trim(s), false);
    struct slice rest = str_slice(&safe);
    while (printer_next_line(&rest, width > indent ? width - indent : 1, &line)) {
        str_pad(p->out, ' ', indent);
        printer_text(p, t, line);
        str_addc(p->out, '\n');
    }
    str_release(&safe);
}

int printer_next_line(struct slice *rest, size_t width, struct slice *line)
{
    struct slice s = *rest = slice_ltrim(*rest);
    size_t used = 0, end = 0, i = 0; /* end: where the line may end; 0: nowhere yet */
    while (i < s.n && (used <= width || !end)) {
        size_t start = i;
        uint32_t cp = utf8_next(s, &i);
        if (start && used <= width && (cp == ' ' || utf8_is_cjk(cp)))
            end = start;
        else if (start && !end && cp == ' ')
            end = start;
        used += utf8_width(slice_sub(s, start, i - start));
    }
    if (used <= width || !end)
        end = s.n;
    *line = slice_rtrim(slice_sub(s, 0, end));
    *rest = slice_sub(s, end, s.n);
    return s.n > 0;
}
