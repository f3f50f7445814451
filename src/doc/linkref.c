#include "pm/linkref.h"

#include <stdlib.h>
#include <string.h>

#include "pm/markup.h"
#include "pm/utf8.h"
#include "pm/vec.h"

#define URL_MAX    2048u /* bytes looked at for the end of a destination or a title: what is longer \
                          */
#define TITLE_MAX  1024u /* is text, and no text makes the scanner go over it again and again */
#define PARENS_MAX 32

struct folded_ref {
    struct slice label, url;
    size_t order;
};

struct linkrefs {
    struct folded_ref *v; /* sorted by label */
    size_t n;
};

static bool at_line_end(struct slice s, size_t at)
{
    return at >= s.n || s.p[at] == '\n' || s.p[at] == '\r';
}

static size_t skip_blanks(struct slice s, size_t at)
{
    while (at < s.n && ascii_is_blank((unsigned char)s.p[at]))
        at++;
    return at;
}

static size_t skip_line_end(struct slice s, size_t at)
{
    if (at < s.n && s.p[at] == '\r')
        at++;
    if (at < s.n && s.p[at] == '\n')
        at++;
    return at;
}

/* Blanks and at most one line end, with what opens the next line. */
static size_t skip_gap(struct slice s, size_t at)
{
    at = skip_blanks(s, at);
    if (at >= s.n || !at_line_end(s, at))
        return at;
    at = skip_line_end(s, at);
    while (at < s.n && (s.p[at] == '>' || ascii_is_blank((unsigned char)s.p[at])))
        at++;
    return at;
}

/* Length of `[label]` at the start of s, 0 for none. */
static size_t scan_label(struct slice s, struct slice *label)
{
    bool seen = false;
    if (!s.n || s.p[0] != '[')
        return 0;
    for (size_t i = 1; i < s.n && i <= LINK_LABEL_MAX + 1; i++) {
        if (s.p[i] == '[')
            return 0;
        if (s.p[i] == ']') {
            *label = slice_sub(s, 1, i - 1);
            return seen ? i + 1 : 0;
        }
        seen = seen || !ascii_is_space((unsigned char)s.p[i]);
        if (s.p[i] == '\\')
            i++;
    }
    return 0;
}

static size_t angle_destination(struct slice s, struct slice *url)
{
    for (size_t i = 1; i < s.n && i < URL_MAX; i++) {
        if (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '<')
            return 0;
        if (s.p[i] == '>') {
            *url = slice_sub(s, 1, i - 1);
            return i + 1;
        }
        if (s.p[i] == '\\')
            i++;
    }
    return 0;
}

size_t link_destination(struct slice s, struct slice *url)
{
    size_t i = 0;
    int depth = 0;
    if (s.n && s.p[0] == '<')
        return angle_destination(s, url);
    for (; i < s.n && i < URL_MAX; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c == 0x7f || (c == ')' && depth == 0))
            break;
        if (c == '(' && ++depth > PARENS_MAX)
            return 0;
        if (c == ')')
            depth--;
        if (c == '\\' && i + 1 < s.n && ascii_is_punct((unsigned char)s.p[i + 1]))
            i++;
    }
    if (depth || i >= URL_MAX)
        return 0;
    *url = slice_sub(s, 0, i);
    return i;
}

void link_plain(struct str *out, struct slice url)
{
    uint32_t cp;
    for (size_t i = 0; i < url.n;) {
        struct slice rest = slice_sub(url, i, SIZE_MAX);
        size_t entity = rest.p[0] == '&' ? markup_entity(rest, &cp) : 0;
        bool escaped = rest.p[0] == '\\' && rest.n > 1 && ascii_is_punct((unsigned char)rest.p[1]);
        if (entity)
            utf8_add(out, cp);
        else
            str_addc(out, rest.p[escaped]);
        i += entity ? entity : escaped ? 2 : 1;
    }
}

size_t link_title(struct slice s)
{
    if (!s.n || (s.p[0] != '"' && s.p[0] != '\'' && s.p[0] != '('))
        return 0;
    char close = s.p[0] == '(' ? ')' : s.p[0];
    for (size_t i = 1; i < s.n && i < TITLE_MAX; i++) {
        if (s.p[i] == close)
            return i + 1;
        if (s.p[i] == '(' && close == ')')
            return 0;
        if (s.p[i] == '\\')
            i++;
    }
    return 0;
}

size_t linkref_scan(struct slice text, struct linkref *out)
{
    struct slice label, url;
    size_t at = scan_label(text, &label);
    if (!at || at >= text.n || text.p[at] != ':')
        return 0;
    at = skip_gap(text, at + 1);
    size_t length = link_destination(slice_sub(text, at, SIZE_MAX), &url);
    if (!length)
        return 0;
    at += length;

    /* A title that is none leaves the definition standing if its line ends before it. */
    size_t end = skip_blanks(text, at);
    size_t title = skip_gap(text, at);
    length = title > at ? link_title(slice_sub(text, title, SIZE_MAX)) : 0;
    if (length && at_line_end(text, skip_blanks(text, title + length)))
        end = skip_blanks(text, title + length);
    if (!at_line_end(text, end))
        return 0;
    *out = (struct linkref){label, url};
    return skip_line_end(text, end);
}

static void fold_label(struct str *out, struct slice label)
{
    struct str single = STR_INIT;
    bool gap = false;
    label = slice_trim(label);
    for (size_t i = 0; i < label.n; i++) {
        bool space = ascii_is_space((unsigned char)label.p[i]);
        if (gap && !space)
            str_addc(&single, ' ');
        if (!space)
            str_addc(&single, label.p[i]);
        gap = space;
    }
    utf8_fold(out, str_slice(&single));
    str_release(&single);
}

static int by_label(const void *a, const void *b)
{
    const struct folded_ref *x = a, *y = b;
    int order = slice_cmp(x->label, y->label);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static size_t next_line(struct slice s, size_t at)
{
    while (!at_line_end(s, at))
        at++;
    return skip_line_end(s, at);
}

/* Whether the line opens or closes a fence; *fence holds the character of the open one, or 0. */
static bool is_fence(struct slice line, char *fence)
{
    if (!slice_starts(line, SLICE("```")) && !slice_starts(line, SLICE("~~~")))
        return false;
    if (*fence && *fence != line.p[0])
        return false;
    *fence = *fence ? '\0' : line.p[0];
    return true;
}

/* Where the text of a line begins: behind indentation, quote and list markers. */
static size_t skip_markers(struct slice s, size_t at, bool *marked)
{
    for (*marked = false; at < s.n; at++) {
        bool list = (s.p[at] == '-' || s.p[at] == '*' || s.p[at] == '+') && at + 1 < s.n &&
                    ascii_is_blank((unsigned char)s.p[at + 1]);
        if (!list && s.p[at] != '>' && !ascii_is_blank((unsigned char)s.p[at]))
            break;
        *marked = *marked || list;
    }
    return at;
}

struct linkrefs *linkrefs_collect(struct slice body, struct arena *a)
{
    VEC(struct folded_ref) found = VEC_INIT;
    struct str folded = STR_INIT;
    struct linkrefs *refs = NULL;
    bool open = true; /* a definition cannot interrupt a paragraph */
    bool marked;
    char fence = '\0';

    if (slice_find(body, SLICE("]:"), 0) == SIZE_MAX)
        return NULL;
    for (size_t at = 0; at < body.n;) {
        struct linkref ref;
        size_t from = skip_markers(body, at, &marked);
        size_t used = 0;
        if (!fence && (open || marked) && from < body.n && body.p[from] == '[')
            used = linkref_scan(slice_sub(body, from, SIZE_MAX), &ref);
        if (used) {
            str_clear(&folded);
            fold_label(&folded, ref.label);
            struct folded_ref fresh = {arena_dup(a, str_slice(&folded)), ref.url, found.n};
            vec_push(&found, fresh);
            at = from + used;
            open = true;
            continue;
        }
        bool toggled = is_fence(slice_sub(body, from, SIZE_MAX), &fence);
        open = toggled || at_line_end(body, from) || body.p[from] == '#';
        at = next_line(body, from);
    }
    if (found.n) {
        vec_sort(&found, by_label);
        refs = arena_alloc(a, sizeof *refs);
        refs->n = found.n;
        refs->v = arena_array(a, found.n, sizeof *refs->v);
        memcpy(refs->v, found.v, found.n * sizeof *found.v);
    }
    vec_release(&found);
    str_release(&folded);
    return refs;
}

bool linkrefs_get(const struct linkrefs *refs, struct slice label, struct slice *url)
{
    struct str folded = STR_INIT;
    bool got = false;
    if (!refs || label.n > LINK_LABEL_MAX)
        return false;
    fold_label(&folded, label);
    size_t low = 0, high = refs->n; /* the first that is not below the label is in [low, high] */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(refs->v[middle].label, str_slice(&folded)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < refs->n && slice_eq(refs->v[low].label, str_slice(&folded))) {
        *url = refs->v[low].url;
        got = true;
    }
    str_release(&folded);
    return got;
}
