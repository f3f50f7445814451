/* Headings of sections that are absent: where they go, and what stands below them. */
#include "fix_private.h"

#include <stdlib.h>

static const struct section *section_of(const struct postmortem *pm, const struct found_section *f)
{
    return &pm->doc->sections[f->section];
}

/* A heading above all others is the title, even where it is called "Root cause analysis". */
static bool is_title(const struct postmortem *pm, const struct section *s)
{
    return s == pm->doc->sections && s->level == 1 && pm->doc->nsections > 1 &&
           s->body.end == pm->doc->sections[pm->doc->nsections - 1].body.end;
}

/* The section of the schema that stands around this one, if there is one below the title. */
static const struct section *outermost(const struct postmortem *pm, const struct section *s)
{
    const struct section *found = s;
    for (size_t at = s->parent; at != SIZE_MAX; at = pm->doc->sections[at].parent) {
        const struct section *above = &pm->doc->sections[at];
        if (schema_section(pm->schema, above->title) && !is_title(pm, above))
            found = above;
    }
    return found;
}

/* The neighbour in the order of the schema: the last one before the rule, else the first behind. */
static const struct section *neighbour(const struct postmortem *pm,
                                       const struct section_rule *rule, bool *before)
{
    const struct found_section *left = NULL, *right = NULL;
    for (size_t i = 0; i < pm->nsections; i++) {
        const struct found_section *f = &pm->sections[i];
        if (is_title(pm, section_of(pm, f)))
            continue;
        if (f->rule->index < rule->index && (!left || f->rule->index >= left->rule->index))
            left = f;
        if (f->rule->index > rule->index && (!right || f->rule->index < right->rule->index))
            right = f;
    }
    *before = left != NULL;
    if (!left && !right)
        return NULL;
    return outermost(pm, section_of(pm, left ? left : right));
}

static int usual_level(const struct document *doc)
{
    if (!doc->nsections)
        return 2;
    return doc->sections[0].level == 1 ? 2 : doc->sections[0].level;
}

static const struct section *in_template(const struct fixer *fx, const struct postmortem *pm,
                                         const struct section_rule *rule)
{
    const struct document *t = fx->template;
    for (size_t i = 0; i < t->nsections; i++)
        if (schema_section(pm->schema, t->sections[i].title) == rule)
            return &t->sections[i];
    return NULL;
}

static const char *line_end(struct slice bytes)
{
    size_t lf = slice_chr(bytes, '\n', 0);
    if (lf != SIZE_MAX)
        return lf && bytes.p[lf - 1] == '\r' ? "\r\n" : "\n";
    return slice_chr(bytes, '\r', 0) != SIZE_MAX ? "\r" : "\n";
}

/* The guidance below a heading of the template, without what `pm new` fills in. */
static void add_guidance(struct str *out, struct slice guidance, const char *eol)
{
    struct slice line;
    guidance = slice_trim(guidance);
    if (guidance.n)
        str_addz(out, eol);
    while (slice_split(&guidance, '\n', &line)) {
        if (slice_find(line, SLICE("{{"), 0) != SIZE_MAX)
            continue;
        str_addz(out, eol);
        str_adds(out, slice_rtrim(line));
    }
}

static void add_section(struct str *out, const struct fixer *fx, const struct postmortem *pm,
                        const struct section_rule *rule, int level)
{
    const struct section *model = in_template(fx, pm, rule);
    struct slice title = model ? document_slice(fx->template, model->heading) : rule->name;
    if (slice_find(title, SLICE("{{"), 0) != SIZE_MAX)
        title = rule->name;
    str_pad(out, '#', (size_t)level);
    str_addf(out, " " SLICE_FMT, SLICE_ARG(title));
    if (model)
        add_guidance(out, document_slice(fx->template, model->own), line_end(pm->doc->bytes));
}

void fix_section_place(const struct fixer *fx, const struct postmortem *pm,
                       const struct section_rule *rule, struct arena *a, struct fix_part *out)
{
    struct str text = STR_INIT;
    bool before;
    const struct section *next_to = neighbour(pm, rule, &before);
    uint32_t at = (uint32_t)pm->doc->bytes.n;
    if (next_to)
        at = before ? next_to->body.end : next_to->block->span.start;
    add_section(&text, fx, pm, rule, next_to ? next_to->level : usual_level(pm->doc));
    *out = (struct fix_part){{at, at}, arena_dup(a, str_slice(&text)), rule->index};
    str_release(&text);
}

/* ---- putting them in ---- */

static bool ends_line(struct slice s)
{
    return !s.n || s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r';
}

static struct slice without_line_end(struct slice s)
{
    if (s.n && s.p[s.n - 1] == '\n')
        s.n--;
    if (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    return s;
}

static bool ends_in_blank_line(struct slice s)
{
    s = without_line_end(s);
    while (s.n && ascii_is_blank((unsigned char)s.p[s.n - 1]))
        s.n--;
    return ends_line(s);
}

/* Headings stand between blank lines; a document without a last line end stays one. */
static void add_between(struct str *out, struct slice bytes, uint32_t at,
                        const struct fix_part *const *parts, size_t n)
{
    const char *eol = line_end(bytes);
    struct slice before = slice_sub(bytes, 0, at);
    if (!ends_line(before))
        str_addz(out, eol);
    if (before.n && (!ends_line(before) || !ends_in_blank_line(before)))
        str_addz(out, slice_ends(before, SLICE("\r")) ? "\r" : eol); /* CR and LF would be one end */
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_addf(out, "%s%s", eol, eol);
        str_adds(out, parts[i]->text);
    }
    if (at < bytes.n || ends_line(bytes))
        str_addz(out, eol);
    if (at < bytes.n)
        str_addz(out, eol);
}

static int by_place(const void *a, const void *b)
{
    const struct fix_part *x = *(const struct fix_part *const *)a;
    const struct fix_part *y = *(const struct fix_part *const *)b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void fixes_apply(struct str *out, struct slice bytes, const struct fixes *f, const bool *taken)
{
    VEC(const struct fix_part *) headings = VEC_INIT;
    VEC(struct splice) splices = VEC_INIT;
    struct arena texts = ARENA_INIT;
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; taken[i] && k < f->v[i].n; k++) {
            const struct fix_part *part = &f->v[i].parts[k];
            if (f->v[i].heading)
                vec_push(&headings, part);
            else
                vec_push(&splices, (struct splice){part->span, part->text});
        }
    vec_sort(&headings, by_place);
    for (size_t i = 0, end; i < headings.n; i = end) {
        struct str text = STR_INIT;
        struct span at = headings.v[i]->span;
        for (end = i; end < headings.n && headings.v[end]->span.start == at.start; end++)
            continue;
        add_between(&text, bytes, at.start, headings.v + i, end - i);
        vec_push(&splices, (struct splice){at, arena_dup(&texts, str_slice(&text))});
        str_release(&text);
    }
    edit_apply(out, bytes, splices.v, splices.n);
    arena_release(&texts);
    vec_release(&splices);
    vec_release(&headings);
}
