#include "pm/block.h"

#include <stdlib.h>
#include <string.h>

#include "nodes.h"
#include "pm/caps.h"
#include "pm/linkref.h"
#include "pm/skeleton.h"
#include "pm/table.h"

/* Of cmark only kinds, nesting, first lines and the columns of markers are used: its last lines are
 * one off for fences, setext headings and raw HTML, depending on what ends the block. */

struct builder {
    struct slice body;
    uint32_t base;
    struct lines lines;
    struct arena *arena;
    size_t blocks, cells_left;
};

/* A stretch of the body while it is being turned into blocks: lines (1-based) and bytes. */
struct extent {
    size_t first, last;
    size_t from, to;
};

static size_t line_start(const struct builder *b, size_t line)
{
    return b->lines.start[line - 1];
}

static size_t line_end(const struct builder *b, size_t line)
{
    return line_start(b, line) + lines_text(&b->lines, line).n;
}

static size_t clamp_line(const struct builder *b, long line)
{
    if (line < 1)
        return 1;
    return (size_t)line > b->lines.n ? b->lines.n : (size_t)line;
}

static struct span span_of(const struct builder *b, size_t from, size_t to)
{
    return (struct span){b->base + (uint32_t)from, b->base + (uint32_t)(to > from ? to : from)};
}

/* A form feed is text to CommonMark. */
static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Indentation and quote markers, and line ends between. */
static size_t skip_gap(const struct builder *b, size_t at, size_t end)
{
    while (at < end && (b->body.p[at] == '>' || is_white(b->body.p[at])))
        at++;
    return at;
}

static size_t trim_end(const struct builder *b, size_t from, size_t end)
{
    while (end > from && is_white(b->body.p[end - 1]))
        end--;
    return end;
}

static struct block *add_block(struct builder *b, struct block *parent, enum block_kind kind,
                               size_t first, size_t last)
{
    struct block *made = arena_alloc(b->arena, sizeof *made);
    made->kind = kind;
    made->span = span_of(b, line_start(b, first), line_end(b, last < first ? first : last));
    made->text = (struct span){made->span.end, made->span.end};
    made->parent = parent;
    if (parent->last)
        parent->last->next = made;
    else
        parent->first = made;
    parent->last = made;
    b->blocks++;
    return made;
}

/* [ ] [x] [X] [~] [-] before a blank or the end. */
static enum box read_box(struct slice text)
{
    if (text.n < 3 || text.p[0] != '[' || text.p[2] != ']')
        return BOX_NONE;
    if (text.n > 3 && !ascii_is_space((unsigned char)text.p[3]))
        return BOX_NONE;
    switch (text.p[1]) {
    case ' ':
        return BOX_EMPTY;
    case 'x':
    case 'X':
        return BOX_CHECKED;
    case '~':
    case '-':
        return BOX_DROPPED;
    default:
        return BOX_NONE;
    }
}

static void add_paragraph(struct builder *b, struct block *parent, const struct extent *e)
{
    struct block *made = add_block(b, parent, BLOCK_PARAGRAPH, e->first, e->last);
    made->text = span_of(b, e->from, e->to);
}

/* A table's second line begins with one of a few characters, and most lines of text do not. */
static bool may_delimit(const struct builder *b, size_t line)
{
    size_t end = line_end(b, line);
    size_t at = skip_gap(b, line_start(b, line), end);
    return at < end && memchr("|:-", b->body.p[at], 3);
}

/* Reads the first table in the lines of e, and adds it with the paragraph before it. A table's
 * header may be the last line of a paragraph. False when there is none. */
static bool add_table(struct builder *b, struct block *parent, const struct extent *e)
{
    for (size_t line = e->first; line < e->last; line++) {
        if (!may_delimit(b, line + 1))
            continue;
        size_t from = line == e->first ? e->from : line_start(b, line), used;
        struct slice text = slice_sub(b->body, from, e->to - from);
        struct table *table =
            table_parse(text, b->base + (uint32_t)from, b->arena, &used, &b->cells_left);
        if (!table)
            continue;
        if (line > e->first) {
            size_t to = trim_end(b, e->from, line_end(b, line - 1));
            struct extent before = {e->first, line - 1, e->from, to};
            add_paragraph(b, parent, &before);
        }
        struct block *made = add_block(b, parent, BLOCK_TABLE, line, e->last);
        made->table = table;
        made->text = span_of(b, skip_gap(b, from, e->to), e->to);
        return true;
    }
    return false;
}

/* Link definitions at the head of a paragraph are no text of it, wherever cmark says it begins.
 * False, and e untouched, when nothing else is in it. */
static bool skip_definitions(const struct builder *b, struct extent *e)
{
    struct linkref ref;
    size_t from = e->from, used;
    while (from < e->to && (used = linkref_scan(slice_sub(b->body, from, e->to - from), &ref)))
        from = skip_gap(b, from + used, e->to);
    if (from >= e->to)
        return false;
    if (from > e->from)
        e->first = lines_number(&b->lines, (uint32_t)from);
    e->from = from;
    return true;
}

static struct extent extent_of(const struct builder *b, cmark_node *node, size_t last)
{
    size_t first = clamp_line(b, cmark_node_get_start_line(node));
    size_t end = line_end(b, first);
    int column = cmark_node_get_start_column(node);
    size_t from = line_start(b, first) + (column > 0 ? (size_t)column - 1 : 0);
    if (last < first)
        last = first;
    if (from > end)
        from = end;
    return (struct extent){first, last, from, trim_end(b, from, line_end(b, last))};
}

static bool line_has_text(const struct builder *b, size_t line)
{
    size_t from = line_start(b, line);
    return trim_end(b, from, line_end(b, line)) > from;
}

static size_t trim_lines(const struct builder *b, size_t first, size_t last)
{
    while (last > first && !line_has_text(b, last))
        last--;
    return last;
}

static void convert_paragraph(struct builder *b, cmark_node *node, struct block *parent)
{
    struct extent e = extent_of(b, node, clamp_line(b, cmark_node_get_end_line(node)));
    skip_definitions(b, &e);
    if (!add_table(b, parent, &e))
        add_paragraph(b, parent, &e);
}

static void convert_atx(struct builder *b, struct block *parent, struct extent *e, int level)
{
    const char *p = b->body.p;
    size_t from = e->from + (size_t)level;
    size_t to = e->to;
    while (from < to && ascii_is_blank((unsigned char)p[from]))
        from++;
    size_t hashes = to;
    while (hashes > from && p[hashes - 1] == '#')
        hashes--;
    if (hashes == from || ascii_is_blank((unsigned char)p[hashes - 1]))
        to = trim_end(b, from, hashes);
    struct block *made = add_block(b, parent, BLOCK_HEADING, e->first, e->first);
    made->level = level;
    made->text = span_of(b, from < to ? from : to, to);
}

static bool is_underline(const struct builder *b, size_t line, char c)
{
    size_t end = line_end(b, line);
    size_t at = skip_gap(b, line_start(b, line), end);
    end = trim_end(b, at, end);
    for (size_t i = at; i < end; i++)
        if (b->body.p[i] != c)
            return false;
    return end > at;
}

/* Finds the line under a setext heading, and what of e is above it. What consists of definitions
 * alone becomes no heading, and the line below it text. */
static size_t find_underline(const struct builder *b, struct extent *e, char c)
{
    struct extent text = *e;
    for (size_t rule = e->first + 1; rule < e->last; rule++) {
        if (!is_underline(b, rule, c))
            continue;
        text.last = rule - 1;
        text.to = trim_end(b, text.from, line_end(b, text.last));
        if (skip_definitions(b, &text)) {
            *e = text;
            return rule;
        }
    }
    size_t rule = e->last;
    e->last = rule > e->first ? rule - 1 : rule;
    e->to = trim_end(b, e->from, line_end(b, e->last));
    skip_definitions(b, e);
    return rule;
}

static void convert_setext(struct builder *b, struct block *parent, const struct extent *e,
                           int level)
{
    struct extent text = *e;
    size_t rule = find_underline(b, &text, level == 1 ? '=' : '-');

    /* Under a table '---' is a thematic break, and any other line one more row. */
    struct extent all = text;
    size_t dash = skip_gap(b, line_start(b, rule), line_end(b, rule));
    bool breaks = level == 2 && slice_starts(slice_sub(b->body, dash, SIZE_MAX), SLICE("---"));
    if (!breaks) {
        all.last = rule;
        all.to = trim_end(b, all.from, line_end(b, rule));
    }
    size_t end = text.last > text.first ? line_end(b, text.last) : 0;
    if (end && add_table(b, parent, &all)) {
        if (breaks)
            add_block(b, parent, BLOCK_BREAK, rule, rule);
        return;
    }
    struct block *made = add_block(b, parent, BLOCK_HEADING, text.first, rule);
    made->level = level;
    made->text = span_of(b, text.from, text.to);
}

static void convert_heading(struct builder *b, cmark_node *node, struct block *parent)
{
    int level = cmark_node_get_heading_level(node);
    struct extent e = extent_of(b, node, clamp_line(b, cmark_node_get_end_line(node)));
    size_t hashes = e.from;
    while (hashes < b->body.n && b->body.p[hashes] == '#')
        hashes++;
    bool atx =
        hashes - e.from == (size_t)level && (hashes == b->body.n || is_white(b->body.p[hashes]));
    if (atx) {
        e.to = trim_end(b, e.from, line_end(b, e.first));
        convert_atx(b, parent, &e, level);
    } else {
        convert_setext(b, parent, &e, level);
    }
}

static size_t count_lines(const char *literal)
{
    size_t n = 0;
    for (; literal && (literal = strchr(literal, '\n')); literal++)
        n++;
    return n;
}

static size_t fence_length(const struct builder *b, size_t at, size_t end)
{
    size_t n = 0;
    while (at + n < end && b->body.p[at + n] == b->body.p[at])
        n++;
    return n;
}

static bool opens_fence(const struct builder *b, size_t at, size_t end)
{
    if (at == end || (b->body.p[at] != '`' && b->body.p[at] != '~'))
        return false;
    size_t n = fence_length(b, at, end);
    return n >= 3 && (b->body.p[at] == '~' || !memchr(b->body.p + at + n, '`', end - at - n));
}

/* Indented code may begin with what looks like a fence; but then its text does, too. */
static bool is_fenced(const struct builder *b, cmark_node *node, size_t from, size_t end)
{
    const char *literal = cmark_node_get_literal(node);
    size_t blanks = from;
    if (!opens_fence(b, from, end))
        return false;
    while (blanks && ascii_is_blank((unsigned char)b->body.p[blanks - 1]))
        blanks--;
    if (from - blanks < 4 && !memchr(b->body.p + blanks, '\t', from - blanks))
        return true;
    return !literal || strncmp(literal, b->body.p + from, 3);
}

/* The first line of the block after node that is not within it; one past the end if there is none.
 */
static size_t next_start(const struct builder *b, cmark_node *node)
{
    while (node && !cmark_node_next(node))
        node = cmark_node_parent(node);
    return node ? clamp_line(b, cmark_node_get_start_line(cmark_node_next(node))) : b->lines.n + 1;
}

static bool closes_fence(const struct builder *b, size_t line, char c, size_t length)
{
    size_t at = skip_gap(b, line_start(b, line), line_end(b, line));
    return is_underline(b, line, c) && fence_length(b, at, line_end(b, line)) >= length;
}

static void convert_code(struct builder *b, cmark_node *node, struct block *parent)
{
    struct extent e = extent_of(b, node, 0);
    size_t count = count_lines(cmark_node_get_literal(node));
    size_t first = e.first, last = e.first + count - (count > 0);
    bool fenced = is_fenced(b, node, e.from, line_end(b, e.first));
    if (fenced) {
        first = e.first + 1;
        last = e.first + count;
        size_t length = fence_length(b, e.from, line_end(b, e.first));
        bool closed =
            last + 1 < next_start(b, node) && closes_fence(b, last + 1, b->body.p[e.from], length);
        e.last = closed ? last + 1 : last;
    } else {
        e.last = last;
    }
    struct block *made = add_block(b, parent, BLOCK_CODE, e.first, clamp_line(b, (long)e.last));
    if (count && first <= b->lines.n)
        made->text = span_of(b, line_start(b, first), line_end(b, clamp_line(b, (long)last)));
}

static void convert_html(struct builder *b, cmark_node *node, struct block *parent)
{
    struct extent e = extent_of(b, node, 0);
    size_t count = count_lines(cmark_node_get_literal(node));
    e.last = clamp_line(b, (long)(e.first + count - (count > 0)));
    e.last = trim_lines(b, e.first, e.last);
    struct block *made = add_block(b, parent, BLOCK_HTML, e.first, e.last);
    made->text = span_of(b, e.from, trim_end(b, e.from, line_end(b, e.last)));
}

static struct block *convert_container(struct builder *b, cmark_node *node, struct block *parent,
                                       enum block_kind kind)
{
    struct extent e = extent_of(b, node, clamp_line(b, cmark_node_get_end_line(node)));
    e.last = trim_lines(b, e.first, e.last);
    struct block *made = add_block(b, parent, kind, e.first, e.last);
    if (kind == BLOCK_LIST) {
        const struct block *outer = parent;
        while (outer && outer->kind != BLOCK_LIST)
            outer = outer->parent;
        made->level = outer ? outer->level + 1 : 1;
        made->ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    } else if (kind == BLOCK_ITEM && parent->ordered) {
        for (size_t i = e.from; i < e.to && ascii_is_digit((unsigned char)b->body.p[i]); i++)
            made->number = made->number * 10 + (b->body.p[i] - '0');
    }
    return made;
}

/* Returns the block whose children come next, or NULL for a leaf. */
static struct block *convert(struct builder *b, cmark_node *node, struct block *parent)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return convert_container(b, node, parent, BLOCK_QUOTE);
    case CMARK_NODE_LIST:
        return convert_container(b, node, parent, BLOCK_LIST);
    case CMARK_NODE_ITEM:
        return convert_container(b, node, parent, BLOCK_ITEM);
    case CMARK_NODE_HEADING:
        convert_heading(b, node, parent);
        return NULL;
    case CMARK_NODE_PARAGRAPH:
        convert_paragraph(b, node, parent);
        return NULL;
    case CMARK_NODE_CODE_BLOCK:
        convert_code(b, node, parent);
        return NULL;
    case CMARK_NODE_HTML_BLOCK:
        convert_html(b, node, parent);
        return NULL;
    case CMARK_NODE_THEMATIC_BREAK: {
        size_t line = clamp_line(b, cmark_node_get_start_line(node));
        add_block(b, parent, BLOCK_BREAK, line, line);
        return NULL;
    }
    default:
        return NULL;
    }
}

static void set_item_text(const struct builder *b, struct block *item)
{
    const struct block *paragraph = item->first;
    while (paragraph && paragraph->kind != BLOCK_PARAGRAPH)
        paragraph = paragraph->next;
    if (!paragraph)
        return;
    size_t from = paragraph->text.start - b->base, to = paragraph->text.end - b->base;
    if (paragraph == item->first)
        item->box = read_box(slice_sub(b->body, from, to - from));
    if (item->box)
        from = skip_gap(b, from + 3, to);
    item->text = span_of(b, from, to);
}

/* What is known of a container when all that is in it is. It reaches at least as far as that. */
static struct block *leave(const struct builder *b, struct block *container)
{
    if (container->last && container->last->span.end > container->span.end)
        container->span.end = container->last->span.end;
    if (container->kind == BLOCK_ITEM)
        set_item_text(b, container);
    return container->parent;
}

static void build(struct builder *b, cmark_node *document, struct block *root)
{
    struct block *parent = root;
    cmark_node *node = cmark_node_first_child(document);
    while (node && b->blocks <= CAP_BLOCKS && b->cells_left) {
        struct block *inner = convert(b, node, parent);
        if (inner && cmark_node_first_child(node)) {
            parent = inner;
            node = cmark_node_first_child(node);
            continue;
        }
        while (node != document && !cmark_node_next(node)) {
            node = cmark_node_parent(node);
            if (node != document)
                parent = leave(b, parent);
        }
        node = node == document ? NULL : cmark_node_next(node);
    }
}

static const char *over_cap(const struct builder *b)
{
    if (!b->cells_left)
        return "table cells";
    return b->blocks > CAP_BLOCKS ? "blocks (headings, paragraphs, items)" : NULL;
}

struct block *blocks_parse(struct slice body, uint32_t base, struct arena *a, struct problems *ps)
{
    struct builder b = {.body = body, .base = base, .arena = a, .cells_left = CAP_TABLE_CELLS + 1};
    struct block *root = arena_alloc(a, sizeof *root);
    struct arena nodes = ARENA_INIT;
    struct str skeleton = STR_INIT;
    *root = (struct block){.kind = BLOCK_ROOT, .span = {base, base + (uint32_t)body.n}};
    root->text = root->span;
    if (!skeleton_make(&skeleton, body, base, a, ps))
        goto out;
    lines_init(&b.lines, body);
    build(&b, nodes_parse(str_slice(&skeleton), &nodes), root);
    arena_release(&nodes);
    lines_release(&b.lines);
    if (over_cap(&b)) {
        unsigned cap = b.cells_left ? CAP_BLOCKS : CAP_TABLE_CELLS;
        problem_add(ps, a, PROBLEM_TOO_LARGE, (struct span){base, base}, "more than %u %s", cap,
                    over_cap(&b));
        root->first = root->last = NULL;
    }
out:
    str_release(&skeleton);
    return root;
}

const struct block *block_next(const struct block *root, const struct block *b)
{
    if (b->first)
        return b->first;
    while (b != root && !b->next)
        b = b->parent;
    return b == root ? NULL : b->next;
}
