#include "pm/inline.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pm/emphasis.h"
#include "pm/markup.h"
#include "pm/utf8.h"
#include "pm/vec.h"

#define IMAGES_MAX 8u  /* nested images: their texts are joined once for each */
#define TICKS_MAX  80u /* longer runs of backticks are text */
#define WIKI_MAX   256u

struct bracket {
    size_t piece;  /* the '[' or '![' itself, as text */
    size_t delims; /* delimiter runs before it */
    size_t after;  /* offset behind it */
    bool image;
    bool nested; /* another bracket was opened inside */
};

struct scanner {
    struct slice text;
    uint32_t base;
    const struct linkrefs *refs;
    struct arena *arena;
    struct pieces pieces;
    struct delims delims;
    VEC(struct bracket) brackets;
    struct links *links; /* where they go; NULL: nowhere */
    size_t dead;      /* brackets below this are inside of no link any more */
    size_t images;    /* open ones */
    size_t at, plain; /* text from plain to at is not yet a piece */
    bool ticks_known;
    size_t last_ticks[TICKS_MAX + 1]; /* where the last run of each length stands */
    bool no_comment_end;
};

static struct span span_of(const struct scanner *s, size_t from, size_t to)
{
    return (struct span){s->base + (uint32_t)from, s->base + (uint32_t)to};
}

static struct slice rest(const struct scanner *s, size_t from)
{
    return slice_sub(s->text, from, SIZE_MAX);
}

static struct piece *add_piece(struct scanner *s, enum run_kind kind, size_t from, size_t to,
                               struct slice text)
{
    vec_push(&s->pieces, (struct piece){.kind = kind, .span = span_of(s, from, to), .text = text});
    return &s->pieces.v[s->pieces.n - 1];
}

static void flush_text(struct scanner *s, size_t to)
{
    if (to > s->plain)
        add_piece(s, RUN_TEXT, s->plain, to, slice_sub(s->text, s->plain, to - s->plain));
    s->plain = to;
}

/* Ends the text before s->at, adds a piece, and goes on behind it. */
static struct piece *take(struct scanner *s, enum run_kind kind, size_t length, struct slice text)
{
    flush_text(s, s->at);
    struct piece *p = add_piece(s, kind, s->at, s->at + length, text);
    s->at += length;
    s->plain = s->at;
    return p;
}

static size_t skip_margin(struct slice s, size_t at)
{
    while (at < s.n && (s.p[at] == '>' || ascii_is_blank((unsigned char)s.p[at])))
        at++;
    return at;
}

static void scan_break(struct scanner *s)
{
    size_t end = s->at, next = s->at + 1;
    while (end > s->plain && ascii_is_blank((unsigned char)s->text.p[end - 1]))
        end--;
    if (s->text.p[s->at] == '\r' && next < s->text.n && s->text.p[next] == '\n')
        next++;
    next = skip_margin(s->text, next);
    flush_text(s, end);
    s->at = s->plain = end;
    take(s, RUN_BREAK, next - end, SLICE(" "));
}

static void scan_escape(struct scanner *s)
{
    size_t next = s->at + 1;
    if (next < s->text.n && ascii_is_punct((unsigned char)s->text.p[next])) {
        take(s, RUN_TEXT, 2, slice_sub(s->text, next, 1));
    } else if (next < s->text.n && (s->text.p[next] == '\n' || s->text.p[next] == '\r')) {
        flush_text(s, s->at);
        s->at = s->plain = next;
    } else {
        s->at = next;
    }
}

static size_t run_length(struct slice s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] == s.p[at])
        n++;
    return n;
}

/* Remembers where the last run of every length is, so that no opening run is looked up in vain. */
static void know_ticks(struct scanner *s)
{
    for (size_t at = s->at; at < s->text.n;) {
        size_t n = s->text.p[at] == '`' ? run_length(s->text, at) : 0;
        if (n && n <= TICKS_MAX)
            s->last_ticks[n] = at;
        at += n ? n : 1;
    }
    s->ticks_known = true;
}

static struct slice code_text(struct scanner *s, struct slice raw)
{
    if (slice_chr(raw, '\n', 0) != SIZE_MAX || slice_chr(raw, '\r', 0) != SIZE_MAX) {
        char *copy = arena_alloc(s->arena, raw.n);
        size_t n = 0;
        for (size_t i = 0; i < raw.n;) {
            bool end = raw.p[i] == '\n' || raw.p[i] == '\r';
            copy[n++] = end ? ' ' : raw.p[i];
            if (end && raw.p[i] == '\r' && i + 1 < raw.n && raw.p[i + 1] == '\n')
                i++;
            i = end ? skip_margin(raw, i + 1) : i + 1;
        }
        raw = (struct slice){copy, n};
    }
    if (raw.n > 2 && raw.p[0] == ' ' && raw.p[raw.n - 1] == ' ' && slice_trim(raw).n)
        raw = slice_sub(raw, 1, raw.n - 2);
    return raw;
}

static void scan_code(struct scanner *s)
{
    size_t n = run_length(s->text, s->at);
    if (!s->ticks_known)
        know_ticks(s);
    if (n > TICKS_MAX || s->last_ticks[n] <= s->at) {
        s->at += n;
        return;
    }
    size_t from = s->at + n, end = from;
    for (;;) {
        end = slice_chr(s->text, '`', end);
        size_t close = run_length(s->text, end);
        if (close == n)
            break;
        end += close;
    }
    struct slice text = code_text(s, slice_sub(s->text, from, end - from));
    take(s, RUN_CODE, end + n - s->at, text);
}

static uint32_t before(const struct scanner *s)
{
    size_t at = s->at;
    if (!at)
        return '\n';
    do
        at--;
    while (at && ((unsigned char)s->text.p[at] & 0xC0) == 0x80);
    return utf8_next(s->text, &at);
}

static void scan_delims(struct scanner *s)
{
    char c = s->text.p[s->at];
    size_t n = run_length(s->text, s->at), end = s->at + n;
    if (c == '~' && n > 2) {
        s->at = end;
        return;
    }
    uint32_t left = before(s);
    uint32_t right = end < s->text.n ? utf8_next(s->text, &end) : '\n';
    struct slice text = slice_sub(s->text, s->at, n);
    flush_text(s, s->at);
    delims_push(&s->delims, s->pieces.n, text, left, right);
    take(s, RUN_TEXT, n, text);
}

/* [[Page]] is text: what a wiki makes of it, Markdown does not say. */
static size_t wiki_link(const struct scanner *s)
{
    struct slice t = slice_sub(s->text, s->at, WIKI_MAX);
    if (!slice_starts(t, SLICE("[[")))
        return 0;
    size_t end = 2;
    while (end < t.n && !strchr("[]\r\n`", t.p[end]))
        end++;
    if (end + 1 >= t.n || end == 2 || t.p[end] != ']' || t.p[end + 1] != ']')
        return 0;
    end += 2;
    return end < t.n && t.p[end] == '(' ? 0 : end;
}

static void open_bracket(struct scanner *s, bool image)
{
    size_t n = image ? 2 : 1;
    size_t wiki = image ? 0 : wiki_link(s);
    if (wiki || (image && s->images == IMAGES_MAX)) {
        s->at += wiki ? wiki : 1;
        return;
    }
    if (s->brackets.n)
        s->brackets.v[s->brackets.n - 1].nested = true;
    flush_text(s, s->at);
    struct bracket b = {s->pieces.n, s->delims.n, s->at + n, image, false};
    vec_push(&s->brackets, b);
    s->images += image;
    take(s, RUN_TEXT, n, slice_sub(s->text, s->at, n));
}

static size_t skip_space(struct slice s, size_t at)
{
    while (at < s.n &&
           (s.p[at] == '\n' || s.p[at] == '\r' || ascii_is_blank((unsigned char)s.p[at])))
        at++;
    return at;
}

/* Length of `(url "title")` at the start of t, 0 for none. */
static size_t inline_target(struct slice t, struct slice *url)
{
    if (!t.n || t.p[0] != '(')
        return 0;
    size_t at = skip_space(t, 1);
    *url = slice_sub(t, at, 0);
    at += link_destination(slice_sub(t, at, SIZE_MAX), url);
    size_t title = skip_space(t, at);
    if (title > at)
        title += link_title(slice_sub(t, title, SIZE_MAX));
    at = skip_space(t, title);
    return at < t.n && t.p[at] == ')' ? at + 1 : 0;
}

/* Where the link that ']' at s->at closes ends, and its url; 0 when it is none. */
static size_t link_target(const struct scanner *s, const struct bracket *b, struct slice *url)
{
    size_t close = s->at + 1;
    size_t n = inline_target(rest(s, close), url);
    if (n)
        return close + n;
    if (!s->refs)
        return 0;
    struct slice t = slice_sub(s->text, close, LINK_LABEL_MAX + 2);
    size_t end = t.n && t.p[0] == '[' ? slice_chr(t, ']', 1) : SIZE_MAX;
    if (end != SIZE_MAX && end > 1 && slice_chr(slice_sub(t, 1, end), '[', 0) == SIZE_MAX)
        return linkrefs_get(s->refs, slice_sub(t, 1, end - 1), url) ? close + end + 1 : 0;
    struct slice label = slice_sub(s->text, b->after, s->at - b->after);
    if (b->nested || !linkrefs_get(s->refs, label, url))
        return 0;
    return end == 1 ? close + 2 : close;
}

/* What the pieces from `first` on read as. */
static struct slice join_pieces(struct scanner *s, size_t first)
{
    size_t n = 0;
    struct slice one = {NULL, 0};
    bool contiguous = true;
    for (size_t i = first; i < s->pieces.n; i++) {
        const struct piece *p = &s->pieces.v[i];
        if (p->kind == RUN_COMMENT || !p->text.n)
            continue;
        contiguous = contiguous && (!n || one.p + one.n == p->text.p);
        one = n ? (struct slice){one.p, one.n + p->text.n} : p->text;
        n += p->text.n;
    }
    if (contiguous)
        return one;
    char *joined = arena_alloc(s->arena, n);
    size_t at = 0;
    for (size_t i = first; i < s->pieces.n; i++) {
        const struct piece *p = &s->pieces.v[i];
        if (p->kind == RUN_COMMENT || !p->text.n)
            continue;
        memcpy(joined + at, p->text.p, p->text.n);
        at += p->text.n;
    }
    return (struct slice){joined, at};
}

static void close_bracket(struct scanner *s)
{
    if (!s->brackets.n) {
        s->at++;
        return;
    }
    struct bracket b = s->brackets.v[--s->brackets.n];
    bool alive = b.image || s->brackets.n >= s->dead;
    struct slice url;
    s->images -= b.image;
    size_t end = alive ? link_target(s, &b, &url) : 0;
    if (s->dead > s->brackets.n)
        s->dead = s->brackets.n;
    if (!end) {
        s->at++;
        return;
    }
    flush_text(s, s->at);
    delims_match(&s->delims, &s->pieces, b.delims, NULL);
    struct slice text = join_pieces(s, b.piece + 1);
    size_t from = b.after - (b.image ? 2 : 1);
    if (s->links)
        vec_push(s->links, (struct link){span_of(s, from, end), url, b.image});
    s->pieces.n = b.piece;
    s->at = s->plain = from;
    struct piece *p = take(s, b.image ? RUN_TEXT : RUN_LINK, end - from, text);
    if (!b.image) {
        p->url = url;
        s->dead = s->brackets.n;
    }
}

static void scan_url(struct scanner *s)
{
    struct slice head = slice_sub(s->text, s->plain, s->at - s->plain);
    size_t scheme = slice_ends(head, SLICE("https")) ? 5 : slice_ends(head, SLICE("http")) ? 4 : 0;
    bool apart = head.n == scheme || !ascii_is_alpha((unsigned char)head.p[head.n - scheme - 1]);
    size_t from = s->at - scheme;
    size_t n = scheme && apart ? markup_url(rest(s, from), s->brackets.n > 0) : 0;
    if (!n) {
        s->at++;
        return;
    }
    struct slice url = slice_sub(s->text, from, n);
    s->at = from;
    take(s, RUN_LINK, n, url)->url = url;
}

static bool scan_comment(struct scanner *s)
{
    struct slice t = rest(s, s->at);
    if (s->no_comment_end || !slice_starts(t, SLICE("<!--")))
        return false;
    size_t end = slice_find(t, SLICE("-->"), 2);
    if (end == SIZE_MAX) {
        s->no_comment_end = true;
        return false;
    }
    take(s, RUN_COMMENT, end + 3, slice_trim(slice_sub(t, 4, end > 4 ? end - 4 : 0)));
    return true;
}

static void scan_angle(struct scanner *s)
{
    struct slice url, t = rest(s, s->at);
    if (scan_comment(s))
        return;
    size_t n = markup_autolink(t, &url);
    if (n) {
        take(s, RUN_LINK, n, url)->url = url;
        return;
    }
    n = markup_tag(t);
    if (!n) {
        s->at++;
        return;
    }
    if (slice_istarts(t, SLICE("<br")) && !ascii_is_alpha((unsigned char)t.p[3])) {
        take(s, RUN_BREAK, n, SLICE(" "));
        return;
    }
    flush_text(s, s->at);
    s->at += n;
    s->plain = s->at;
}

static void scan_entity(struct scanner *s)
{
    uint32_t cp;
    size_t n = markup_entity(rest(s, s->at), &cp);
    if (!n) {
        s->at++;
        return;
    }
    struct str out = STR_INIT;
    utf8_add(&out, cp);
    take(s, RUN_TEXT, n, arena_dup(s->arena, str_slice(&out)));
    str_release(&out);
}

static void scan_mark(struct scanner *s)
{
    switch (s->text.p[s->at]) {
    case '\n':
    case '\r':
        scan_break(s);
        break;
    case '\\':
        scan_escape(s);
        break;
    case '`':
        scan_code(s);
        break;
    case '*':
    case '_':
    case '~':
        scan_delims(s);
        break;
    case '!':
        if (s->at + 1 < s->text.n && s->text.p[s->at + 1] == '[')
            open_bracket(s, true);
        else
            s->at++;
        break;
    case '[':
        open_bracket(s, false);
        break;
    case ']':
        close_bracket(s);
        break;
    case ':':
        scan_url(s);
        break;
    case '<':
        scan_angle(s);
        break;
    case '&':
        scan_entity(s);
        break;
    default:
        s->at++;
        break;
    }
}

/* Whether b continues a, so that the two are one run. */
static bool joins(const struct run *a, const struct piece *b, unsigned style)
{
    return a->kind == RUN_TEXT && b->kind == RUN_TEXT && a->style == style;
}

static void finish_runs(struct scanner *s, const unsigned char *styles, struct runs *out)
{
    size_t first = 0; /* piece that the last run began with */
    struct pieces all = s->pieces;
    out->v = arena_array(s->arena, all.n, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i <= all.n; i++) {
        const struct piece *p = i < all.n ? &all.v[i] : NULL;
        if (p && p->kind == RUN_TEXT && !p->text.n)
            continue;
        struct run *last = out->n ? &out->v[out->n - 1] : NULL;
        if (p && last && joins(last, p, styles[i])) {
            last->span.end = p->span.end;
            continue;
        }
        if (last && last->kind == RUN_TEXT) {
            s->pieces.n = i;
            last->text = join_pieces(s, first);
        }
        if (!p)
            break;
        out->v[out->n++] = (struct run){p->kind, styles[i], p->span, p->text, p->url};
        first = i;
    }
    s->pieces.n = all.n;
}

static size_t skip_plain(struct slice text, size_t at)
{
    static const bool marks[UCHAR_MAX + 1] = {
        ['\n'] = true, ['\r'] = true, ['\\'] = true, ['`'] = true, ['*'] = true,
        ['_'] = true,  ['~'] = true,  ['!'] = true,  ['['] = true, [']'] = true,
        [':'] = true,  ['<'] = true,  ['&'] = true};
    while (at < text.n && !marks[(unsigned char)text.p[at]])
        at++;
    return at;
}

static void scan(struct scanner *s)
{
    while ((s->at = skip_plain(s->text, s->at)) < s->text.n)
        scan_mark(s);
    flush_text(s, s->text.n);
}

static void scanner_release(struct scanner *s)
{
    vec_release(&s->pieces);
    vec_release(&s->delims);
    vec_release(&s->brackets);
}

void inline_parse(struct slice text, uint32_t base, const struct linkrefs *refs, struct arena *a,
                  struct runs *out)
{
    struct scanner s = {.text = text, .base = base, .refs = refs, .arena = a};
    scan(&s);
    unsigned char *styles = arena_array(a, s.pieces.n + 1, 1);
    delims_match(&s.delims, &s.pieces, 0, styles);
    finish_runs(&s, styles, out);
    scanner_release(&s);
}

void inline_links(struct slice text, uint32_t base, const struct linkrefs *refs, struct links *out)
{
    struct arena scratch = ARENA_INIT;
    struct scanner s = {.text = text, .base = base, .refs = refs, .arena = &scratch, .links = out};
    scan(&s);
    scanner_release(&s);
    arena_release(&scratch);
}
