#include "pm/manual.h"

#include <stdlib.h>
#include <string.h>

#include "pm/utf8.h"
#include "pm/vec.h"

enum { INDENT = 7, STEP = 4, TAG_WIDTH = 8, FULL = 80, DEPTH = 8 };

/* A word with its tint, joined to the one before it when nothing separates them. */
struct piece {
    size_t start, n; /* in text */
    enum tint tint;
    bool glued;
};

struct page {
    struct printer *p;
    struct str text; /* what the pieces of the current paragraph point into */
    VEC(struct piece) pieces;
    size_t indents[DEPTH], depth;
    size_t indent;   /* of the current paragraph */
    bool literal;    /* .nf: lines as they are */
    bool tag_next;   /* the next line is the tag of a .TP */
    bool tag_open;   /* a tag has been printed and the cursor stands behind it */
    size_t column;   /* where it stands */
    bool blank;      /* a blank line was printed last */
};

static size_t page_width(const struct page *g)
{
    return g->p->width && g->p->width < FULL ? g->p->width : FULL;
}

static void add_piece(struct page *g, struct slice s, enum tint tint, bool glued)
{
    struct piece piece = {g->text.n, s.n, tint, glued};
    str_adds(&g->text, s);
    vec_push(&g->pieces, piece);
}

/* Escapes of troff inside a line: fonts switch the tint, the rest are characters. */
static size_t unescape(struct slice s, size_t at, enum tint *tint, struct str *word)
{
    static const struct {
        const char *escape, *text;
    } table[] = {{"-", "-"},    {"e", "\\"},   {"&", ""},       {"(aq", "'"}, {"(bu", "•"},
                 {"(em", "—"}, {"(en", "–"}, {"(->", "→"}, {"(ti", "~"}, {"(ha", "^"},
                 {"(dq", "\""}, {" ", " "},   {"(ga", "`"}};
    struct slice rest = slice_sub(s, at + 1, s.n);
    if (rest.n >= 2 && rest.p[0] == 'f') {
        *tint = rest.p[1] == 'B' ? TINT_BOLD : rest.p[1] == 'I' ? TINT_INFO : TINT_NONE;
        return at + 3;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (slice_starts(rest, slice_of(table[i].escape))) {
            str_addz(word, table[i].text);
            return at + 1 + strlen(table[i].escape);
        }
    return at + 1;
}

/* Splits a line of text into words; a change of font inside a word makes glued pieces. */
static void add_text(struct page *g, struct slice s, enum tint tint, bool glue)
{
    struct str word = STR_INIT;
    enum tint now = tint;
    for (size_t i = 0; i < s.n;) {
        enum tint before = now;
        if (s.p[i] == ' ' && !g->literal) {
            if (word.n)
                add_piece(g, str_slice(&word), now, glue);
            str_clear(&word);
            glue = false;
            i++;
            continue;
        }
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'f') {
            struct slice so_far = str_slice(&word);
            i = unescape(s, i, &now, &word);
            if (so_far.n) {
                add_piece(g, so_far, before, glue);
                glue = true;
                str_clear(&word);
            }
        } else if (s.p[i] == '\\' && i + 1 < s.n) {
            i = unescape(s, i, &now, &word);
        } else {
            str_addc(&word, s.p[i++]);
        }
    }
    if (word.n)
        add_piece(g, str_slice(&word), now, glue);
    str_release(&word);
}

static void line_end(struct page *g)
{
    str_addc(g->p->out, '\n');
    g->column = 0;
    g->tag_open = false;
    g->blank = false;
}

static void blank_line(struct page *g)
{
    if (!g->blank && g->p->out->n)
        str_addc(g->p->out, '\n');
    g->blank = true;
}

static void indent_to(struct page *g, size_t column)
{
    if (g->column < column) {
        str_pad(g->p->out, ' ', column - g->column);
        g->column = column;
    }
}

static struct slice piece_text(const struct page *g, const struct piece *piece)
{
    return slice_from(g->text.p + piece->start, piece->n);
}

/* Prints the gathered words, filled to the page's width. */
static void flush(struct page *g)
{
    for (size_t i = 0; i < g->pieces.n;) {
        size_t end = i, width = 0;
        do
            width += utf8_width(piece_text(g, &g->pieces.v[end++]));
        while (end < g->pieces.n && g->pieces.v[end].glued);
        bool first = g->column <= g->indent;
        if (!first && g->column + 1 + width > page_width(g)) {
            line_end(g);
            first = true;
        }
        indent_to(g, g->indent);
        if (!first) {
            str_addc(g->p->out, ' ');
            g->column++;
        }
        for (; i < end; i++)
            printer_text(g->p, g->pieces.v[i].tint, piece_text(g, &g->pieces.v[i]));
        g->column += width;
    }
    if (g->column)
        line_end(g);
    vec_clear(&g->pieces);
    str_clear(&g->text);
}

static void print_pieces(struct page *g, size_t indent)
{
    indent_to(g, indent);
    for (size_t i = 0; i < g->pieces.n; i++) {
        struct slice s = piece_text(g, &g->pieces.v[i]);
        if (i && !g->pieces.v[i].glued) {
            str_addc(g->p->out, ' ');
            g->column++;
        }
        printer_text(g->p, g->pieces.v[i].tint, s);
        g->column += utf8_width(s);
    }
    vec_clear(&g->pieces);
    str_clear(&g->text);
}

/* The tag of a .TP stands in the margin of its text, on a line of its own when it is long. */
static void print_tag(struct page *g)
{
    size_t margin = g->indents[g->depth];
    print_pieces(g, margin);
    g->indent = margin + TAG_WIDTH;
    g->tag_next = false;
    if (g->column + 1 > g->indent)
        line_end(g);
}

/* Words of a macro line; "quoted words" are one. */
static int next_word(struct slice *rest, struct slice *word)
{
    *rest = slice_ltrim(*rest);
    if (!rest->n)
        return 0;
    bool quoted = rest->p[0] == '"';
    size_t end = slice_chr(*rest, quoted ? '"' : ' ', quoted ? 1 : 0);
    if (end == SIZE_MAX)
        end = rest->n;
    *word = slice_sub(*rest, quoted, end - quoted);
    *rest = slice_sub(*rest, end + 1, rest->n);
    return 1;
}

/* .B, .I, .BR and the like: all words in one font, or alternating between two, then glued. */
static void font_macro(struct page *g, struct slice name, struct slice rest)
{
    struct slice word;
    bool alternates = name.n == 2, glue = false;
    for (size_t i = 0; next_word(&rest, &word); i++) {
        char font = name.p[alternates ? i % 2 : 0];
        enum tint t = font == 'B' ? TINT_BOLD : font == 'I' ? TINT_INFO : TINT_NONE;
        add_text(g, word, t, glue);
        glue = alternates && word.n && word.p[word.n - 1] != ' '; /* .BR a ", " b */
    }
}

static void heading(struct page *g, struct slice rest, size_t indent)
{
    struct slice word;
    flush(g);
    blank_line(g);
    g->depth = 0;
    g->indents[0] = INDENT;
    g->indent = indent;
    while (next_word(&rest, &word))
        add_text(g, word, TINT_BOLD, false);
    print_pieces(g, indent);
    line_end(g);
    g->blank = true;
    g->indent = INDENT;
}

static void bullet(struct page *g, struct slice rest)
{
    struct slice mark = SLICE("•");
    flush(g);
    blank_line(g);
    next_word(&rest, &mark);
    g->indent = g->indents[g->depth];
    add_text(g, mark, TINT_NONE, false);
    print_pieces(g, g->indent);
    g->indent += STEP;
}

static void shift(struct page *g, bool in)
{
    flush(g);
    if (in && g->depth + 1 < DEPTH) {
        g->indents[g->depth + 1] = g->indents[g->depth] + STEP;
        g->depth++;
    } else if (!in && g->depth) {
        g->depth--;
    }
    g->indent = g->indents[g->depth];
}

static void macro(struct page *g, struct slice name, struct slice rest)
{
    if (slice_eqz(name, "SH") || slice_eqz(name, "SS")) {
        heading(g, rest, name.p[1] == 'H' ? 0 : STEP - 1);
    } else if (slice_eqz(name, "PP") || slice_eqz(name, "TP")) {
        flush(g);
        blank_line(g);
        g->indent = g->indents[g->depth];
        g->tag_next = name.p[0] == 'T';
    } else if (slice_eqz(name, "IP")) {
        bullet(g, rest);
    } else if (slice_eqz(name, "br")) {
        flush(g);
    } else if (slice_eqz(name, "RS") || slice_eqz(name, "RE")) {
        shift(g, name.p[1] == 'S');
    } else if (slice_eqz(name, "nf") || slice_eqz(name, "EX")) {
        flush(g);
        g->literal = true;
    } else if (slice_eqz(name, "fi") || slice_eqz(name, "EE")) {
        g->literal = false;
    } else if (name.n && name.n <= 2 && strchr("BIR", name.p[0])) {
        font_macro(g, name, rest);
    }
}

void manual_print(struct printer *p, struct slice source)
{
    struct page g = {.p = p, .text = STR_INIT, .indents = {INDENT}, .indent = INDENT};
    struct slice line;
    g.blank = true;
    while (slice_split(&source, '\n', &line)) {
        bool command = line.n && line.p[0] == '.';
        if (command) {
            size_t space = slice_chr(line, ' ', 0);
            size_t end = space == SIZE_MAX ? line.n : space;
            if (end > 1 && line.p[1] == '\\')
                continue;
            macro(&g, slice_sub(line, 1, end - 1), slice_sub(line, end, line.n));
        } else if (!line.n && g.literal) {
            blank_line(&g);
        } else if (line.n) {
            add_text(&g, line, TINT_NONE, false);
        }
        if (g.pieces.n && g.tag_next)
            print_tag(&g);
        else if (g.pieces.n && g.literal) {
            print_pieces(&g, g.indent);
            line_end(&g);
        }
    }
    flush(&g);
    vec_release(&g.pieces);
    str_release(&g.text);
}

void page_print(struct printer *p, struct slice markdown)
{
    struct slice line;
    while (slice_split(&markdown, '\n', &line)) {
        bool head = line.n && line.p[0] == '#';
        while (head && line.n && (line.p[0] == '#' || line.p[0] == ' '))
            line = slice_sub(line, 1, line.n);
        printer_text(p, head ? TINT_BOLD : TINT_NONE, line);
        str_addc(p->out, '\n');
    }
}
