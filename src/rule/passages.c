#include "passages.h"

#include <string.h>

void passages_start(struct passages *p, const struct postmortem *pm)
{
    *p = (struct passages){.pm = pm, .block = pm->doc->root};
}

static const struct block *after(const struct block *b)
{
    while (b && !b->next)
        b = b->parent;
    return b ? b->next : NULL;
}

/* The schema's section in which the text below this heading stands: its own, else that around it.
 */
static void enter(struct passages *p, const struct block *heading)
{
    const struct document *doc = p->pm->doc;
    if (p->section >= doc->nsections || doc->sections[p->section].block != heading)
        return; /* inside a list: it heads nothing */
    const struct section *s = &doc->sections[p->section];
    const struct section_rule *rule = NULL;
    if (s->parent != SIZE_MAX)
        rule = p->rules[doc->sections[s->parent].level];
    if (p->found < p->pm->nsections && p->pm->sections[p->found].section == p->section)
        rule = p->pm->sections[p->found++].rule;
    p->rule = p->rules[s->level] = rule;
    p->section++;
}

static bool next_cell(struct passages *p, struct passage *out)
{
    const struct table *t = p->table;
    while (p->cell < t->nrows * t->columns) {
        const struct cell *cell = &t->rows[p->cell / t->columns].cells[p->cell % t->columns];
        p->cell++;
        if (cell->span.start < cell->span.end) {
            *out = (struct passage){cell->span, p->rule};
            return true;
        }
    }
    p->table = NULL;
    return false;
}

bool passages_next(struct passages *p, struct passage *out)
{
    for (;;) {
        if (p->table && next_cell(p, out))
            return true;
        const struct block *b = p->block;
        if (!b)
            return false;
        p->block = b->first && b->kind != BLOCK_QUOTE ? b->first : after(b);
        if (b->kind == BLOCK_HEADING)
            enter(p, b);
        if (b->kind == BLOCK_TABLE && b->table) {
            p->table = b->table;
            p->cell = 0;
        }
        if (b->kind == BLOCK_PARAGRAPH && b->text.start < b->text.end) {
            *out = (struct passage){b->text, p->rule};
            return true;
        }
    }
}

/* ---- the author's own words ---- */

#define BREAK '\x1f' /* no word, and nothing that joins two */

static void blank(char *text, size_t from, size_t to)
{
    if (from < to)
        memset(text + from, BREAK, to - from);
}

/* Of [text](url) the text stays. */
static void blank_target(char *text, struct slice link, size_t from)
{
    size_t end = slice_starts(link, SLICE("[")) ? slice_find(link, SLICE("]("), 0) : 0;
    if (end != SIZE_MAX)
        blank(text, from + end, from + link.n);
}

static void blank_runs(char *text, struct slice raw, uint32_t base, const struct runs *runs)
{
    struct slice label;
    struct span at;
    size_t behind;
    for (size_t i = 0; i < runs->n; i++) {
        const struct run *run = &runs->v[i];
        size_t from = run->span.start - base, to = run->span.end - base;
        if (run->kind == RUN_CODE || run->kind == RUN_COMMENT)
            blank(text, from, to);
        else if (run->kind == RUN_LINK)
            blank_target(text, slice_sub(raw, from, to - from), from);
    }
    if (runs_label(runs, &label, &at, &behind))
        blank(text, at.start - base, at.end - base);
}

static bool in_word(struct slice s, size_t at)
{
    return at < s.n && ascii_is_alnum((unsigned char)s.p[at]);
}

/* Marks that are apostrophes, too: within a word, and behind one that no quotation holds. */
static void blank_single_quotes(char *text, size_t n, struct slice open, struct slice close)
{
    struct slice s = slice_from(text, n);
    for (size_t from = 0, end; (from = slice_find(s, open, from)) != SIZE_MAX; from = end) {
        end = from + open.n;
        if ((from && in_word(s, from - 1)) || !in_word(s, end))
            continue;
        size_t last = slice_find(s, close, end);
        while (last != SIZE_MAX && in_word(s, last + close.n))
            last = slice_find(s, close, last + close.n);
        if (last == SIZE_MAX)
            return;
        end = last + close.n;
        blank(text, from, end);
    }
}

/* A quotation ends in the paragraph in which it begins, else the mark is an inch or a slip. */
static void blank_quotes(char *text, size_t n)
{
    static const struct {
        const char *open, *close;
    } marks[] = {{"\"", "\""}, {"„", "“"},   {"“", "”"},  {"«", "»"},
                 {"»", "«"},   {"「", "」"}, {"『", "』"}};
    struct slice s = slice_from(text, n);
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        struct slice open = slice_of(marks[k].open), close = slice_of(marks[k].close);
        for (size_t from = 0, end; (from = slice_find(s, open, from)) != SIZE_MAX; from = end) {
            end = slice_find(s, close, from + open.n);
            if (end == SIZE_MAX)
                break;
            end += close.n;
            blank(text, from, end);
        }
    }
}

struct slice passage_prose(const struct postmortem *pm, struct span span, struct arena *a)
{
    struct slice raw = document_slice(pm->doc, span);
    char *text = arena_strdup(a, raw);
    struct runs runs;
    inline_parse(raw, span.start, pm->doc->refs, a, &runs);
    blank_runs(text, raw, span.start, &runs);
    blank_quotes(text, raw.n);
    blank_single_quotes(text, raw.n, SLICE("'"), SLICE("'"));
    blank_single_quotes(text, raw.n, SLICE("‘"), SLICE("’"));
    return slice_from(text, raw.n);
}

void passage_add_line(struct str *out, struct slice text)
{
    bool before = false;
    for (size_t i = 0; i < text.n; i++) {
        bool blank = ascii_is_space((unsigned char)text.p[i]);
        if (!blank || !before)
            str_addc(out, blank ? ' ' : text.p[i]);
        before = blank;
    }
}
