#include "pm/skeleton.h"

#include <string.h>

#include "pm/caps.h"

/* An open list item or quote, guessed from the markers seen so far: never fewer are open than
 * cmark believes, give or take code that looks like lists. */
struct marker {
    size_t column;
    bool quote;
};

struct skeleton {
    struct str *out;
    struct arena *arena;
    struct problems *problems;
    struct slice line; /* without its end */
    uint32_t offset;   /* of the line */
    bool reference;    /* inside a paragraph that may define links: kept until it ends */
    size_t delimiters; /* kept in this paragraph */
    size_t work;       /* open markers, summed over the lines */
    struct marker open[CAP_BLOCK_DEPTH];
    size_t depth;
};

static bool is_blank_line(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_blank((unsigned char)s.p[i]))
            return false;
    return true;
}

/* Only c and blanks from at on: a thematic break, or the line under a setext heading. */
static bool is_ruled(struct slice s, size_t at, char c)
{
    for (; at < s.n; at++)
        if (s.p[at] != c && !ascii_is_blank((unsigned char)s.p[at]))
            return false;
    return true;
}

/* Length of the list marker at `at`, 0 for none. To cmark a form feed may follow it, too. */
static size_t list_marker(struct slice s, size_t at)
{
    size_t end = at;
    if (s.p[at] == '-' || s.p[at] == '+' || s.p[at] == '*') {
        end++;
    } else {
        while (end < s.n && ascii_is_digit((unsigned char)s.p[end]))
            end++;
        if (end == at || end == s.n || (s.p[end] != '.' && s.p[end] != ')'))
            return 0;
        end++;
    }
    return end == s.n || ascii_is_space((unsigned char)s.p[end]) ? end - at : 0;
}

static bool push_marker(struct skeleton *k, size_t column, bool quote)
{
    for (size_t i = 0; quote && i < k->depth; i++)
        if (k->open[i].quote && k->open[i].column == column)
            return true;
    while (k->depth && k->open[k->depth - 1].column >= column)
        k->depth--;
    if (k->depth == CAP_BLOCK_DEPTH)
        return false;
    k->open[k->depth++] = (struct marker){column, quote};
    return true;
}

/* Where the text of the line begins, behind the markers of quotes and lists, which are noted; *deep
 * is set when there are too many. */
static size_t skip_markers(struct skeleton *k, bool *deep)
{
    struct slice s = k->line;
    size_t column = 0, i = 0;
    while (i < s.n && !*deep) {
        if (ascii_is_space((unsigned char)s.p[i])) {
            column += s.p[i] == '\t' ? 4 - column % 4 : 1;
            i++;
            continue;
        }
        bool quote = s.p[i] == '>';
        size_t length = quote ? 1 : list_marker(s, i);
        if (!length || (!quote && s.p[i] != '+' && is_ruled(s, i, s.p[i])))
            break;
        *deep = !push_marker(k, column, quote);
        column += length;
        i += length;
    }
    return i;
}

static bool may_define_link(struct slice s, size_t at)
{
    return slice_find(s, SLICE("]:"), at) != SIZE_MAX || slice_chr(s, ']', at) == SIZE_MAX;
}

/* Copies the line from at on. In HTML, from `tame` on, '|' and '=' stand for characters of their
 * own class in the grammar of tags. */
static void keep_html(struct skeleton *k, size_t at, size_t tame)
{
    for (size_t i = at; i < k->line.n; i++) {
        char c = k->line.p[i];
        bool end_tag = c == '<' && i + 1 < k->line.n && k->line.p[i + 1] == '/';
        if (i >= tame && c && strchr("[!*&", c))
            c = '|';
        else if (i >= tame && ((c == '<' && !end_tag) || c == '`'))
            c = '=';
        k->delimiters += c == '[' || c == '<';
        str_addc(k->out, c);
    }
}

/* In a definition only '[', ']', '<', '>', the backslash, the colon and quotes mean anything. */
static void keep_reference(struct skeleton *k, size_t at)
{
    for (size_t i = at; i < k->line.n; i++) {
        char c = k->line.p[i];
        if (c && strchr("!*_&", c))
            c = 'x';
        k->delimiters += c == '[' || c == '<';
        str_addc(k->out, c);
    }
}

/* How much of the text is a marker of another kind: hashes, a fence, a rule. */
static size_t marker_length(struct slice s, size_t at)
{
    size_t end = at;
    char c = s.p[at];
    if (strchr("-*_=", c))
        return is_ruled(s, at, c) ? s.n - at : 0;
    if (!strchr("#`~", c))
        return 0;
    while (end < s.n && s.p[end] == c)
        end++;
    if (c == '`' && slice_chr(s, '`', end) != SIZE_MAX)
        return 0; /* a code span, not a fence */
    while (end < s.n && ascii_is_blank((unsigned char)s.p[end]))
        end++;
    return end - at;
}

static void reduce_text(struct skeleton *k, size_t at)
{
    struct slice s = k->line;
    if (s.p[at] == '<') {
        keep_html(k, at, at + sizeof "<![CDATA[" - 1);
        return;
    }
    k->reference = k->reference || (s.p[at] == '[' && may_define_link(s, at));
    size_t marker = marker_length(s, at);
    str_add(k->out, s.p + at, marker);
    at += marker;
    if (k->reference)
        keep_reference(k, at);
    else if (slice_chr(s, '>', at) != SIZE_MAX)
        keep_html(k, at, at); /* it may end a comment */
    else if (at < s.n)
        str_addc(k->out, 'x');
}

static bool reduce_line(struct skeleton *k)
{
    bool deep = false;
    size_t at = skip_markers(k, &deep);
    k->work += k->depth;
    str_add(k->out, k->line.p, at);
    if (at < k->line.n) {
        reduce_text(k, at);
    } else if (is_blank_line(k->line)) {
        k->reference = false;
        k->delimiters = 0;
    }
    struct span line = {k->offset, k->offset + (uint32_t)k->line.n};
    if (deep)
        problem_add(k->problems, k->arena, PROBLEM_TOO_LARGE, line,
                    "lists and quotes nested deeper than %u levels", CAP_BLOCK_DEPTH);
    else if (k->work > CAP_NESTED_LINES)
        problem_add(k->problems, k->arena, PROBLEM_TOO_LARGE, line,
                    "more than %u lines, counted once for each list or quote around them",
                    CAP_NESTED_LINES);
    else if (k->delimiters > CAP_DELIMITERS)
        problem_add(k->problems, k->arena, PROBLEM_TOO_LARGE, line,
                    "more than %u '[' and '<' in one paragraph", CAP_DELIMITERS);
    else
        return true;
    return false;
}

/* The end of the line at `at`. The next LF is remembered: a text of lone CRs has one far away. */
static size_t line_end(struct slice body, size_t at, size_t *lf)
{
    if (*lf < at || at == 0) {
        const char *found = memchr(body.p + at, '\n', body.n - at);
        *lf = found ? (size_t)(found - body.p) : body.n;
    }
    const char *cr = memchr(body.p + at, '\r', *lf - at);
    return cr ? (size_t)(cr - body.p) : *lf;
}

bool skeleton_make(struct str *out, struct slice body, uint32_t base, struct arena *a,
                   struct problems *ps)
{
    struct skeleton k = {.out = out, .arena = a, .problems = ps};
    str_reserve(out, body.n / 2);
    for (size_t at = 0, lf = 0; at < body.n;) {
        k.line = slice_sub(body, at, line_end(body, at, &lf) - at);
        k.offset = base + (uint32_t)at;
        if (!reduce_line(&k))
            return false;
        at += k.line.n;
        size_t end = at;
        if (end < body.n)
            end += body.p[end] == '\r' && end + 1 < body.n && body.p[end + 1] == '\n' ? 2 : 1;
        str_add(out, body.p + at, end - at);
        at = end;
    }
    return true;
}
