#include "query_private.h"

#include "pm/utf8.h"

#include <string.h>

#define SHOWN_BEFORE 40u
#define SHOWN_AFTER  24u

/* Text around a place on one line: what breaks lines or moves the cursor is a space. */
static void add_shown(struct str *out, struct slice text, size_t from, size_t to)
{
    while (from > 0 && ((unsigned char)text.p[from] & 0xC0) == 0x80)
        from--;
    while (to < text.n && ((unsigned char)text.p[to] & 0xC0) == 0x80)
        to++;
    for (size_t i = from; i < to; i++)
        str_addc(out, (unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F ? ' ' : text.p[i]);
}

int query_fail(struct parser *p, size_t at, const char *fmt, ...)
{
    struct str sentence = STR_INIT, line = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&sentence, fmt, ap);
    va_end(ap);
    size_t from = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;
    size_t to = p->text.n - at > SHOWN_AFTER ? at + SHOWN_AFTER : p->text.n;
    add_shown(&line, p->text, from, at);
    size_t column = utf8_width(str_slice(&line));
    str_clear(&line);
    add_shown(&line, p->text, from, to);
    err_usage(p->err, "%s\n  %s\n  %*s^", sentence.p, line.p, (int)column, "");
    str_release(&sentence);
    str_release(&line);
    return -1;
}

size_t query_scan_quoted(struct parser *p, size_t at)
{
    for (size_t i = at + 1; i < p->text.n; i++) {
        if (p->text.p[i] == '\\')
            i++;
        else if (p->text.p[i] == '"')
            return i + 1;
    }
    query_fail(p, at, "the quote is never closed");
    return SIZE_MAX;
}

size_t query_scan(struct parser *p, size_t at, bool word)
{
    size_t open = 0, last_open = 0, i = at;
    while (i < p->text.n && !ascii_is_space((unsigned char)p->text.p[i])) {
        char c = p->text.p[i];
        if (c == '"' && word)
            break;
        if (c == '"') {
            i = query_scan_quoted(p, i);
            if (i == SIZE_MAX)
                return SIZE_MAX;
            continue;
        }
        if (c == ')' && open-- == 0)
            return i;
        if (c == '(') {
            open++;
            last_open = i;
        }
        i++;
    }
    if (open > 0) {
        query_fail(p, last_open, "the parenthesis is never closed: quote it if it is text");
        return SIZE_MAX;
    }
    return i;
}

struct slice query_unquote(struct parser *p, struct slice quoted)
{
    struct slice inner = slice_sub(quoted, 1, quoted.n - 2);
    if (slice_chr(inner, '\\', 0) == SIZE_MAX)
        return inner;
    struct str out = STR_INIT;
    for (size_t i = 0; i < inner.n; i++) {
        if (inner.p[i] == '\\' && i + 1 < inner.n)
            i++;
        str_addc(&out, inner.p[i]);
    }
    struct slice copy = arena_dup(p->arena, str_slice(&out));
    str_release(&out);
    return copy;
}
