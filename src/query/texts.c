#include "query_private.h"

#include <string.h>

/* HTML comments hold the template's guidance, which nobody looks for. */
static struct slice visible_text(struct slice markdown, struct arena *a)
{
    size_t from = slice_find(markdown, SLICE("<!--"), 0);
    if (from == SIZE_MAX || slice_find(markdown, SLICE("-->"), from + 4) == SIZE_MAX)
        return markdown;
    char *copy = arena_strdup(a, markdown);
    while (from != SIZE_MAX) {
        size_t end = slice_find(markdown, SLICE("-->"), from + 4);
        if (end == SIZE_MAX)
            break;
        memset(copy + from, ' ', end + 3 - from);
        from = slice_find(markdown, SLICE("<!--"), end + 3);
    }
    return slice_from(copy, markdown.n);
}

static void add_line(struct str *out, struct slice s)
{
    if (s.n == 0)
        return;
    str_adds(out, s);
    str_addc(out, '\n');
}

static void add_facts(struct str *out, const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        for (size_t j = 0; j < f->nvalues; j++) {
            add_line(out, f->values[j].text);
            if (f->origin == FACT_FRONT && !slice_eq(f->values[j].text, f->values[j].raw))
                add_line(out, f->values[j].raw);
        }
    }
}

static void add_front_items(struct str *out, const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->actions.n; i++) {
        const struct action *a = &pm->actions.v[i];
        if (a->form != FORM_FRONT)
            continue;
        add_line(out, a->text);
        add_line(out, a->nested);
        for (size_t j = 0; j < a->nowners; j++)
            add_line(out, a->owners[j]);
    }
}

void query_texts_of(struct query_texts *out, const struct postmortem *pm, struct arena *a)
{
    struct str facts = STR_INIT;
    add_line(&facts, pm->id);
    add_facts(&facts, pm);
    add_front_items(&facts, pm);
    out->title = pm->title;
    out->facts = arena_dup(a, str_slice(&facts));
    out->body = visible_text(document_slice(pm->doc, pm->doc->body), a);
    str_release(&facts);
}
