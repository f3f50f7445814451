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

struct searching {
    struct reading reading;
    struct arena arena;
    struct query_context qc;
    struct query *query;
    struct slice text;    /* of the query */
    struct hits hits;
    struct corpus corpus; /* the postmortems found; with --worktree: all */
    char at[OID_HEX + 1];
    bool worktree;
    struct row_format format;
    const struct facet_view *facets; /* NULL unless asked for */
};

/* ---- finding ---- */

/* Does the query hold of this postmortem? ledger: not NULL where the query asks what it knows. */
static int holds(struct searching *s, struct index *ledger, struct postmortem *pm, struct err *e)
{
    struct arena arena = ARENA_INIT;
    struct action_rows rows = {0};
    struct query_document d = {.pm = pm};
    if (ledger && index_times_of(ledger, pm->path, &d.created, &d.updated, e))
        return -1;
    if (query_has_items(s->query)) {
        if (index_actions_of(ledger, pm->path, true, &rows, e))
            return -1;
        d.nitems = rows.n;
        struct query_item *items = arena_array(&arena, rows.n + 1, sizeof *items);
        for (size_t i = 0; i < rows.n; i++)
            items[i] = action_row_item(&rows.v[i]);
        d.items = items;
    }
    bool match = query_match(s->query, &s->qc, &d, NULL);
    action_rows_release(&rows);
    arena_release(&arena);
    return match;
}

/* Keeps the postmortems of which the query holds, and their hits. */
static int keep_matching(struct searching *s, struct index *ledger, struct err *e)
{
    size_t kept = 0;
    int match = 0;
    for (size_t i = 0; i < s->corpus.n; i++) {
        struct postmortem *pm = s->corpus.v[i];
        if (match >= 0)
            match = holds(s, ledger, pm, e);
        if (match > 0) {
            s->hits.v[kept] = s->hits.v[i];
            s->corpus.v[kept++] = pm;
        } else {
            postmortem_free(pm);
        }
    }
    s->corpus.n = kept;
    return match < 0 ? -1 : 0;
}

static bool needs_history(const struct query *q)
{
    return query_has_items(q) || query_has_times(q);
}

/* Committed postmortems: the index says which may match, and these are read from git. */
static int find_committed(struct context *c, struct searching *s, struct err *e)
{
    struct index *index = NULL;
    bool history = needs_history(s->query);
    size_t *which = NULL;
    int result = -1;
    if (context_index(c, &s->reading, INDEX_TEXT | (history ? INDEX_LEDGER : 0), &index, e) ||
        index_candidates(index, s->query, &s->hits, e))
        goto out;
    which = xcalloc(s->hits.n + 1, sizeof *which);
    for (size_t i = 0; i < s->hits.n; i++) {
        which[i] = snapshot_find(s->reading.state.files, s->hits.v[i].path);
        if (which[i] == SIZE_MAX) {
            err_set(e, "the index names '" SLICE_FMT "', which is not there: 'pm index --rebuild'",
                    SLICE_ARG(s->hits.v[i].path));
            goto out;
        }
    }
    if (corpus_load(&s->corpus, c->repo, &s->reading.state, which, s->hits.n, 0, e) == 0)
        result = keep_matching(s, history ? index : NULL, e);
out:
    free(which);
    index_close(index);
    return result;
}

/* The words of what is not committed are not in the index: every file of the worktree is read and
 * asked. */
static int find_in_worktree(struct context *c, struct searching *s, struct err *e)
{
    struct index *ledger = NULL;
    if (corpus_load(&s->corpus, c->repo, &s->reading.state, NULL, 0, 0, e) ||
        (needs_history(s->query) && context_index(c, &s->reading, INDEX_LEDGER, &ledger, e)))
        return -1;
    for (size_t i = 0; i < s->corpus.n; i++) {
        struct hit hit = {.path = arena_dup(&s->hits.arena, s->corpus.v[i]->path)};
        vec_push(&s->hits, hit);
    }
    int result = keep_matching(s, ledger, e);
    index_close(ledger);
    return result;
}

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

static double date_key(const struct postmortem *pm)
{
    int64_t t;
    if (postmortem_time(pm, "started", &t))
        return (double)t;
    return pm->date.year ? (double)date_days(pm->date) * 86400.0 : -1e18;
}

/* Smaller keys come first: the best rank, the newest, the worst severity. Hits are in path order,
 * which decides ties. */
static void set_key(struct ranked *r, const struct postmortem *pm, double rank, const char *sort)
{
    if (strcmp(sort, "rank") == 0)
        r->key = -rank;
    else if (strcmp(sort, "date") == 0)
        r->key = -date_key(pm);
    else if (strcmp(sort, "severity") == 0)
        r->key = (double)postmortem_severity(pm);
    else
        r->text = strcmp(sort, "id") == 0 ? pm->id : pm->path;
}

static size_t *sorted(const struct searching *s, const struct search_options *o)
{
    const char *sort = query_has_text(s->query) && !s->worktree ? "rank" : "date";
    if (o->sort)
        sort = o->sort;
    struct ranked *order = xcalloc(s->corpus.n + 1, sizeof *order);
    size_t *rows = xcalloc(s->corpus.n + 1, sizeof *rows);
    for (size_t i = 0; i < s->corpus.n; i++) {
        order[i].row = i;
        set_key(&order[i], s->corpus.v[i], s->hits.v[i].rank, sort);
    }
    qsort(order, s->corpus.n, sizeof *order, by_key);
    for (size_t i = 0; i < s->corpus.n; i++)
        rows[o->reverse ? s->corpus.n - 1 - i : i] = order[i].row;
    free(order);
    return rows;
}

/* ---- the answer ---- */

static void print_rows(struct context *c, const struct searching *s, const struct search_row *rows,
                       size_t n)
{
    const char *format = s->format.name;
    struct answer_view answer = {s->text, s->at, s->corpus.n, 0, s->facets, FACETS};
    if (strcmp(format, "json") == 0)
        render_search_json(&c->out, rows, n, &answer);
    else if (row_format_print(c, &s->format, &(struct rows_view){.postmortems = rows, .n = n}))
        return;
    else if (strcmp(format, "markdown") == 0)
        render_search_markdown(&c->out, rows, n);
    else
        render_search_table(&c->printer, rows, n);
    if (s->facets && n && strcmp(format, "table") == 0) {
        str_addc(&c->out, '\n');
        render_facets_text(&c->printer, s->facets, FACETS);
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

static void print_found(struct context *c, const struct search_options *o, struct searching *s)
{
    size_t n = o->limit && (size_t)o->limit < s->corpus.n ? (size_t)o->limit : s->corpus.n;
    struct search_row *rows = xcalloc(n + 1, sizeof *rows);
    struct snippet *snippets = xcalloc(n + 1, sizeof *snippets);
    struct tokenizer *tokenizer = tokenizer_new();
    size_t *order = sorted(s, o);
    bool has_section = false;
    bool show = !o->no_snippet && !o->section && query_has_text(s->query);
    bool fitted = strcmp(s->format.name, "table") == 0 && c->printer.width;
    size_t columns = fitted ? c->printer.width - SNIPPET_MARGIN : SNIPPET_COLUMNS;
    for (size_t i = 0; i < n; i++) {
        rows[i].pm = s->corpus.v[order[i]];
        if (o->section)
            rows[i].section = section_text(rows[i].pm, o->section);
        has_section |= rows[i].section.n > 0;
        str_init(&snippets[i].text);
        if (show && snippet_find(&snippets[i], s->query, rows[i].pm, tokenizer, columns)) {
            rows[i].snippet = str_slice(&snippets[i].text);
            rows[i].marks = snippets[i].marks;
            rows[i].nmarks = snippets[i].nmarks;
        }
    }
    if (o->facets)
        s->facets = search_facets(&s->corpus, &s->arena);
    print_rows(c, s, rows, n);
    if (o->section && n && !has_section)
        say_no_section(s->qc.schema, o->section);
    for (size_t i = 0; i < n; i++)
        snippet_release(&snippets[i]);
    free(order);
    tokenizer_free(tokenizer);
    free(snippets);
    free(rows);
}

static int search(struct context *c, const struct search_options *o, struct searching *s,
                  const struct operands *operands, struct err *e)
{
    if (context_reading(c, &s->reading, e))
        return -1;
    s->qc = (struct query_context){.schema = s->reading.state.schema, .zone = c->zone};
    s->worktree = state_count(&s->reading.state) > 0 &&
                  snapshot_kind(s->reading.state.files) == SNAPSHOT_WORKTREE;
    if (s->reading.born)
        oid_hex(&s->reading.tip, s->at);
    if (context_query(c, operands, &o->flags, &s->qc, &s->arena, &s->query, &s->text, e) ||
        (s->worktree ? find_in_worktree(c, s, e)
                     : s->reading.born ? find_committed(c, s, e) : 0))
        return -1;
    if (o->count)
        str_addf(&c->out, "%zu\n", s->corpus.n);
    else
        print_found(c, o, s);
    if (!s->corpus.n && !o->format && !o->count)
        say("no postmortem matches");
    if (!s->corpus.n)
        say_lower_or(s->text);
    return s->corpus.n ? PM_YES : PM_NO;
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
    if (o->facets && (o->count || !shows_facets(o->format)))
        return err_usage(e, "--facets goes with --format table and json, and not with --count");
    if (row_format_parse(&s.format, o->format, o->nul, postmortem_fields, e))
        return -1;
    int code = search(c, o, &s, operands, e);
    template_free(s.format.template);
    corpus_release(&s.corpus);
    hits_release(&s.hits);
    arena_release(&s.arena);
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
