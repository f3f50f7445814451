#include "search_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/snippet.h"
#include "pm/spell.h"

struct search_options {
    bool reverse, count, no_snippet, nul, facets;
    const char *format, *sort, *section;
    long limit;
    struct query_flags flags;
};

enum { SNIPPET_COLUMNS = 160, SNIPPET_MARGIN = 6 };

static const char *const formats[] = {"table", "paths", "json", "jsonl", "csv", "tsv", "markdown", NULL};
static const char *const sorts[] = {"rank", "date", "severity", "id", "path", NULL};

static const struct opt opts[] = {
    QUERY_FLAGS(struct search_options, flags),
    {.name = "format", .letter = 'f', .kind = OPT_TEMPLATE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct search_options, format),
     .help = "how to print, or a template such as '%(id) %(title)'"},
    {.name = "null", .letter = 'z', .kind = OPT_FLAG,
     .offset = offsetof(struct search_options, nul), .help = "end each line with NUL"},
    {.name = "sort", .kind = OPT_CHOICE, .argument = "FIELD", .choices = sorts,
     .offset = offsetof(struct search_options, sort),
     .help = "in which order; with words by rank, without by date"},
    {.name = "reverse", .kind = OPT_FLAG, .offset = offsetof(struct search_options, reverse),
     .help = "the other way round"},
    {.name = "limit", .letter = 'n', .kind = OPT_COUNT, .argument = "N",
     .offset = offsetof(struct search_options, limit), .help = "at most N postmortems"},
    {.name = "count", .kind = OPT_FLAG, .offset = offsetof(struct search_options, count),
     .help = "only how many there are"},
    {.name = "no-snippet", .kind = OPT_FLAG,
     .offset = offsetof(struct search_options, no_snippet),
     .help = "do not show the matching text"},
    {.name = "section", .kind = OPT_STRING, .argument = "NAME",
     .offset = offsetof(struct search_options, section),
     .help = "print this section of each postmortem that is found"},
    {.name = "facets", .kind = OPT_FLAG, .offset = offsetof(struct search_options, facets),
     .help = "count what is found by severity, cause, service and year"},
    {0},
};

/* ---- order ---- */

struct ranked {
    double key;
    struct slice text;
    size_t row;
};

static int by_key(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = slice_cmp(x->text, y->text);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static double date_key(const struct hit *h)
{
    if (h->began_known)
        return (double)h->began;
    return h->date.year ? (double)date_days(h->date) * 86400.0 : -1e18;
}

/* Smaller keys come first: the best rank, the newest, the worst severity. Hits are in path order,
 * which decides ties. */
static void set_key(struct ranked *r, const struct hit *h, const char *sort)
{
    if (strcmp(sort, "rank") == 0)
        r->key = -h->rank;
    else if (strcmp(sort, "date") == 0)
        r->key = -date_key(h);
    else if (strcmp(sort, "severity") == 0)
        r->key = (double)h->severity;
    else
        r->text = strcmp(sort, "id") == 0 ? h->id : h->path;
}

static const char *sort_of(const struct searching *s, const struct search_options *o)
{
    if (o->sort)
        return o->sort;
    return query_has_text(s->query) && !s->worktree ? "rank" : "date";
}

/* The numbers of all hits. */
static size_t *sorted(const struct searching *s, const struct search_options *o)
{
    size_t n = s->hits.n;
    struct ranked *order = xcalloc(n + 1, sizeof *order);
    size_t *rows = xcalloc(n + 1, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        order[i].row = i;
        set_key(&order[i], &s->hits.v[i], sort_of(s, o));
    }
    qsort(order, n, sizeof *order, by_key);
    for (size_t i = 0; i < n; i++)
        rows[o->reverse ? n - 1 - i : i] = order[i].row;
    free(order);
    return rows;
}

/* ---- the answer ---- */

/* What is printed, and how. */
struct page {
    struct row_format format;
    struct search_row *rows;
    struct snippet *snippets; /* of each */
    size_t n;
    const struct facet_view *facets; /* NULL unless asked for */
};

static void print_rows(struct context *c, const struct searching *s, const struct page *p)
{
    const char *format = p->format.name;
    char at[OID_HEX + 1] = "";
    if (s->reading.born)
        oid_hex(&s->reading.tip, at);
    struct answer_view answer = {s->text, at, s->hits.total, 0, p->facets, FACETS};
    if (strcmp(format, "json") == 0)
        render_search_json(&c->out, p->rows, p->n, &answer);
    else if (row_format_print(c, &p->format,
                              &(struct rows_view){.postmortems = p->rows, .n = p->n}))
        return;
    else if (strcmp(format, "markdown") == 0)
        render_search_markdown(&c->out, p->rows, p->n);
    else
        render_search_table(&c->printer, p->rows, p->n);
    if (p->facets && p->n && strcmp(format, "table") == 0) {
        str_addc(&c->out, '\n');
        render_facets_text(&c->printer, p->facets, FACETS);
    }
}

/* Without the empty lines around it; empty where there is no such section. */
static struct slice section_text(const struct postmortem *pm, const char *name)
{
    const struct section *section = postmortem_section_named(pm, slice_of(name));
    return section ? slice_trim(document_slice(pm->doc, section->body)) : slice_of(NULL);
}

static void say_no_section(const struct schema *schema, const char *name)
{
    struct spell spell;
    spell_init(&spell, slice_of(name));
    for (size_t i = 0; i < schema->nsections; i++)
        spell_offer(&spell, schema->sections[i].name);
    if (spell.best.n && !schema_section(schema, slice_of(name)))
        say("none of them has a section '%s': did you mean '" SLICE_FMT "'?", name,
            SLICE_ARG(spell.best));
    else
        say("none of them has a section '%s'", name);
}

/* Fills the page's rows; whether any has the section that is asked for. */
static bool fill_rows(const struct context *c, const struct search_options *o,
                      const struct searching *s, const size_t *order, struct page *p)
{
    struct tokenizer *tokenizer = tokenizer_new();
    bool has_section = false;
    bool show = !o->no_snippet && !o->section && query_has_text(s->query);
    bool fitted = strcmp(p->format.name, "table") == 0 && c->printer.width;
    size_t columns = fitted ? c->printer.width - SNIPPET_MARGIN : SNIPPET_COLUMNS;
    for (size_t i = 0; i < p->n; i++) {
        struct search_row *row = &p->rows[i];
        struct snippet *snippet = &p->snippets[i];
        row->pm = s->pm[order[i]];
        if (o->section)
            row->section = section_text(row->pm, o->section);
        has_section |= row->section.n > 0;
        str_init(&snippet->text);
        if (show && snippet_find(snippet, s->query, row->pm, tokenizer, columns)) {
            row->snippet = str_slice(&snippet->text);
            row->marks = snippet->marks;
            row->nmarks = snippet->nmarks;
        }
    }
    tokenizer_free(tokenizer);
    return has_section;
}

static int print_found(struct context *c, const struct search_options *o, struct searching *s,
                       struct page *p, struct err *e)
{
    size_t *order = sorted(s, o);
    size_t all = s->hits.n, n = o->limit && (size_t)o->limit < all ? (size_t)o->limit : all;
    if (search_read(c, s, order, n, e)) {
        free(order);
        return -1;
    }
    p->n = n;
    p->rows = xcalloc(n + 1, sizeof *p->rows);
    p->snippets = xcalloc(n + 1, sizeof *p->snippets);
    bool has_section = fill_rows(c, o, s, order, p);
    if (o->facets)
        p->facets = search_facets(&s->hits, &s->arena);
    print_rows(c, s, p);
    if (o->section && n && !has_section)
        say_no_section(s->qc.schema, o->section);
    for (size_t i = 0; i < n; i++)
        snippet_release(&p->snippets[i]);
    free(p->snippets);
    free(p->rows);
    free(order);
    return 0;
}

static void say_none(struct context *c, const struct searching *s)
{
    struct str meant = STR_INIT;
    if (query_meant(&meant, c, s->qc.schema, s->query))
        say("no postmortem matches: did you mean '%s'?", meant.p);
    else
        say("no postmortem matches");
    str_release(&meant);
}

static int search(struct context *c, const struct search_options *o, struct searching *s,
                  struct page *p, const struct operands *operands, struct err *e)
{
    if (context_history(c, &s->reading, e))
        return -1;
    s->qc = (struct query_context){.schema = s->reading.state.schema, .zone = c->zone};
    s->worktree = s->reading.state.files &&
                  snapshot_kind(s->reading.state.files) == SNAPSHOT_WORKTREE;
    if (context_query(c, operands, &o->flags, &s->qc, &s->arena, &s->query, &s->text, e))
        return -1;
    s->wish = (struct search_wish){.rows = !o->count, .facets = o->facets,
                              .ranks = strcmp(sort_of(s, o), "rank") == 0};
    if (search_find(c, s, e))
        return -1;
    if (o->count)
        str_addf(&c->out, "%zu\n", s->hits.total);
    else if (print_found(c, o, s, p, e))
        return -1;
    if (!s->hits.total && !o->format && !o->count)
        say_none(c, s);
    if (!s->hits.total)
        say_lower_or(s->text);
    return s->hits.total ? PM_YES : PM_NO;
}

static bool shows_facets(const char *format)
{
    return !format || strcmp(format, "table") == 0 || strcmp(format, "json") == 0;
}

static int cmd_search(struct context *c, void *options, const struct operands *operands,
                      struct err *e)
{
    const struct search_options *o = options;
    struct searching s = {0};
    struct page page = {0};
    if (o->facets && (o->count || !shows_facets(o->format)))
        return err_usage(e, "--facets goes with --format table and json, and not with --count");
    if (row_format_parse(&page.format, o->format, o->nul, postmortem_fields, e))
        return -1;
    int code = search(c, o, &s, &page, operands, e);
    template_free(page.format.template);
    searching_release(&s);
    return reading_finish(c, &s.reading, code, e);
}

const struct command command_search = {
    .name = "search",
    .run = cmd_search,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "[QUERY]",
    .summary = "postmortems by cause, fact and word: have we seen this before?",
    .opts = opts,
    .options_size = sizeof(struct search_options),
    .opt_flags = OPT_DASH_TERMS,
};
