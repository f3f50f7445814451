#include "pm/markup.h"

#include <string.h>

#include "pm/utf8.h"

#define ENTITY_MAX 12u

size_t markup_autolink(struct slice t, struct slice *url)
{
    size_t end = 1, colon = 0, at = 0;
    while (end < t.n && (unsigned char)t.p[end] > ' ' && t.p[end] != '<' && t.p[end] != '>') {
        if (t.p[end] == ':' && !colon)
            colon = end;
        at += t.p[end] == '@';
        end++;
    }
    if (end == t.n || t.p[end] != '>')
        return 0;
    *url = slice_sub(t, 1, end - 1);
    bool scheme = colon > 2 && colon <= 33 && ascii_is_alpha((unsigned char)t.p[1]);
    for (size_t i = 1; scheme && i < colon; i++)
        scheme = ascii_is_alnum((unsigned char)t.p[i]) || strchr("+.-", t.p[i]);
    bool mail = !colon && at == 1 && url->p[0] != '@' && url->p[url->n - 1] != '@';
    return scheme || mail ? end + 1 : 0;
}

size_t markup_tag(struct slice t)
{
    size_t at = t.n > 1 && t.p[1] == '/' ? 2 : 1;
    if (at >= t.n || !ascii_is_alpha((unsigned char)t.p[at]))
        return 0;
    while (at < t.n && (ascii_is_alnum((unsigned char)t.p[at]) || t.p[at] == '-'))
        at++;
    if (at < t.n && !ascii_is_space((unsigned char)t.p[at]) && t.p[at] != '>' && t.p[at] != '/')
        return 0;
    while (at < t.n && t.p[at] != '>' && t.p[at] != '<') {
        if (t.p[at] == '"' || t.p[at] == '\'')
            at = slice_chr(t, t.p[at], at + 1);
        if (at != SIZE_MAX)
            at++;
    }
    return at < t.n && t.p[at] == '>' ? at + 1 : 0;
}

static uint32_t numeric_entity(struct slice digits)
{
    bool hex = digits.n && (digits.p[0] == 'x' || digits.p[0] == 'X');
    uint32_t cp = 0;
    for (size_t i = hex; i < digits.n; i++) {
        unsigned char c = (unsigned char)ascii_lower(digits.p[i]);
        if (ascii_is_digit(c))
            cp = cp * (hex ? 16 : 10) + (uint32_t)(c - '0');
        else if (hex && c >= 'a' && c <= 'f')
            cp = cp * 16 + (uint32_t)(c - 'a' + 10);
        else
            return 0;
        if (cp > 0x10FFFF)
            return UTF8_REPLACEMENT;
    }
    return cp >= 0xD800 && cp < 0xE000 ? UTF8_REPLACEMENT : cp;
}

static uint32_t named_entity(struct slice name)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } known[] = {
        {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
        {"apos", '\''},     {"nbsp", 0xA0},    {"copy", 0xA9},    {"deg", 0xB0},
        {"times", 0xD7},    {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018},
        {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},
        {"hellip", 0x2026}, {"larr", 0x2190},  {"rarr", 0x2192},  {"check", 0x2713},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_eqz(name, known[i].name))
            return known[i].cp;
    return 0;
}

size_t markup_entity(struct slice t, uint32_t *cp)
{
    size_t end = slice_chr(slice_sub(t, 0, ENTITY_MAX), ';', 0);
    if (end == SIZE_MAX || end < 3 || t.p[0] != '&')
        return 0;
    *cp = t.p[1] == '#' ? numeric_entity(slice_sub(t, 2, end - 2))
                        : named_entity(slice_sub(t, 1, end - 1));
    return *cp ? end + 1 : 0;
}

static size_t trim_url(struct slice url)
{
    size_t n = url.n, opened = 0, closed = 0;
    for (size_t i = 0; i < n; i++) {
        opened += url.p[i] == '(';
        closed += url.p[i] == ')';
    }
    for (; n; n--) {
        char c = url.p[n - 1];
        if (c == ')' && closed > opened)
            closed--;
        else if (!strchr("?!.,:;*_~'\"", c))
            break;
    }
    return n;
}

static bool ends_url(struct slice t, size_t at, bool bracketed)
{
    unsigned char c = (unsigned char)t.p[at];
    if (c <= ' ' || c == '<' || c == 0x7f || (c == ']' && bracketed))
        return true;
    if (c != 0xE3 && c != 0xEF)
        return false;
    struct slice mark = slice_sub(t, at, 3); /* U+3000 to U+303F, U+FF00 to U+FF0F */
    return slice_starts(mark, SLICE("\xE3\x80")) ||
           (slice_starts(mark, SLICE("\xEF\xBC")) && mark.n == 3 &&
            (unsigned char)mark.p[2] < 0x90);
}

size_t markup_url(struct slice t, bool bracketed)
{
    size_t end = slice_starts(t, SLICE("https://")) ? 8 : slice_starts(t, SLICE("http://")) ? 7 : 0;
    if (!end || end >= t.n || !ascii_is_alnum((unsigned char)t.p[end]))
        return 0;
    while (end < t.n && !ends_url(t, end, bracketed))
        end++;
    return trim_url(slice_sub(t, 0, end));
}
