#include "guidance.h"

#include <stdlib.h>
#include <string.h>

#include "pm/fact.h"
#include "pm/utf8.h"
#include "pm/vec.h"

struct guide_line {
    size_t rule; /* index of the section */
    struct slice text; /* folded */
};

struct guidance {
    struct guide_line *v; /* sorted */
    size_t n;
};

struct reading {
    struct arena *arena;
    VEC(struct guide_line) lines;
};

static int by_rule_and_text(const void *a, const void *b)
{
    const struct guide_line *x = a, *y = b;
    return x->rule != y->rule ? (x->rule > y->rule) - (x->rule < y->rule)
                              : slice_cmp(x->text, y->text);
}

/* Nothing but single blanks between its words. */
static bool is_single(struct slice line)
{
    bool blank = false;
    for (size_t i = 0; i < line.n; i++) {
        bool before = blank;
        blank = ascii_is_space((unsigned char)line.p[i]);
        if (blank && (before || line.p[i] != ' '))
            return false;
    }
    return true;
}

/* What a line says, wherever it stands: in a quote, more or less indented. */
static bool fold_line(struct str *out, struct slice line)
{
    struct slice word;
    struct str single = STR_INIT;
    while (line.n && (line.p[0] == '>' || ascii_is_space((unsigned char)line.p[0])))
        line = slice_sub(line, 1, SIZE_MAX);
    line = slice_trim(line);
    str_clear(out);
    if (is_single(line)) {
        utf8_fold(out, line);
        return out->n > 0;
    }
    while (slice_split(&line, ' ', &word)) {
        word = slice_trim(word);
        if (word.n && single.n)
            str_addc(&single, ' ');
        str_adds(&single, word);
    }
    utf8_fold(out, str_slice(&single));
    str_release(&single);
    return out->n > 0;
}

static void read_lines(struct reading *r, size_t rule, struct slice text)
{
    struct slice line;
    struct str folded = STR_INIT;
    while (slice_split(&text, '\n', &line))
        if (fact_how_of(slice_trim(line)) == FACT_VALUE && fold_line(&folded, line))
            vec_push(&r->lines, (struct guide_line){rule, arena_dup(r->arena, str_slice(&folded))});
    str_release(&folded);
}

struct span block_words(const struct block *b)
{
    bool heads_item = b->parent && b->parent->kind == BLOCK_ITEM && b->parent->first == b;
    return b->kind == BLOCK_PARAGRAPH && heads_item ? b->parent->text : b->text;
}

static void read_section(struct reading *r, const struct document *doc, const struct section *s,
                         size_t rule)
{
    for (const struct block *top = s->first; top && top != s->end; top = top->next)
        for (const struct block *b = top; b; b = block_next(top, b))
            if (b->kind == BLOCK_PARAGRAPH || b->kind == BLOCK_TABLE || b->kind == BLOCK_CODE ||
                b->kind == BLOCK_HTML)
                read_lines(r, rule, document_slice(doc, block_words(b)));
}

struct guidance *guidance_read(const struct document *template, const struct schema *s,
                               struct arena *a)
{
    struct reading r = {a, VEC_INIT};
    for (size_t i = 0; i < template->nsections; i++) {
        const struct section_rule *rule = schema_section(s, template->sections[i].title);
        if (rule)
            read_section(&r, template, &template->sections[i], rule->index);
    }
    vec_sort(&r.lines, by_rule_and_text);
    struct guidance *g = arena_alloc(a, sizeof *g);
    g->n = r.lines.n;
    g->v = arena_array(a, g->n + 1, sizeof *g->v);
    if (g->n)
        memcpy(g->v, r.lines.v, g->n * sizeof *g->v);
    vec_release(&r.lines);
    return g;
}

bool guidance_holds(const struct guidance *g, const struct section_rule *rule, struct slice text)
{
    struct slice line;
    struct str folded = STR_INIT;
    bool all = true;
    while (all && slice_split(&text, '\n', &line)) {
        if (!fold_line(&folded, line))
            continue;
        const struct guide_line key = {rule->index, str_slice(&folded)};
        all = g->n && bsearch(&key, g->v, g->n, sizeof key, by_rule_and_text);
    }
    str_release(&folded);
    return all;
}
