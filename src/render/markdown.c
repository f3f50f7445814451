/* Text from documents inside Markdown that somebody else will render: as text, pinging nobody. */
#include "pm/printer.h"

#include <string.h>

#include "pm/utf8.h"

static bool is_word(unsigned char c)
{
    return ascii_is_alnum(c) || c == '_';
}

/* A sign that would begin or end markup. A dot, hyphen or underscore inside a word does neither. */
static bool is_markup(struct slice s, size_t i)
{
    if (s.p[i] == '_')
        return i == 0 || i + 1 == s.n || !ascii_is_alnum((unsigned char)s.p[i - 1]) ||
               !ascii_is_alnum((unsigned char)s.p[i + 1]);
    return s.p[i] && strchr("\\`*[]<>|~", s.p[i]);
}

/* Do the n signs at i call somebody? @alice and @@alice do, alice@example.org does not. */
static bool is_mention(struct slice s, size_t i, size_t n)
{
    bool after_word = i > 0 && is_word((unsigned char)s.p[i - 1]);
    return (!after_word || n > 1) && i + n < s.n && is_word((unsigned char)s.p[i + n]);
}

/* What stands at i; returns how much of it that is. */
static size_t add_safe(struct str *out, struct slice s, size_t i)
{
    size_t n = 1;
    if (s.p[i] == '@') {
        while (i + n < s.n && s.p[i + n] == '@')
            n++;
        str_pad(out, '@', is_mention(s, i, n) ? 0 : n);
    } else if (s.p[i] == '&') {
        str_addz(out, "&amp;");
    } else {
        str_pad(out, '\\', is_markup(s, i));
        str_addc(out, s.p[i]);
    }
    return n;
}

void markdown_text(struct str *out, struct slice text)
{
    struct str clean = STR_INIT;
    utf8_add_visible(&clean, text, false);
    for (size_t i = 0; i < clean.n;)
        i += add_safe(out, str_slice(&clean), i);
    str_release(&clean);
}

void markdown_code(struct str *out, struct slice text)
{
    struct str clean = STR_INIT;
    utf8_add_visible(&clean, text, false);
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < clean.n; i++) {
        run = clean.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    bool pad = clean.n && (clean.p[0] == '`' || clean.p[clean.n - 1] == '`');
    str_pad(out, '`', longest + 1);
    str_addz(out, pad ? " " : "");
    str_adds(out, str_slice(&clean));
    str_addz(out, pad ? " " : "");
    str_pad(out, '`', longest + 1);
    str_release(&clean);
}
