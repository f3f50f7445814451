#include "pm/command.h"

#include <stdlib.h>
#include <string.h>

#include "pm/snippet.h"

struct search_options {
    bool reverse, count, no_snippet;
    const char *format, *sort;
    long limit;
    struct query_flags flags;
};

enum { SNIPPET_COLUMNS = 160 };

static const char *const formats[] = {"table", "paths", "json", "jsonl", NULL};
static const char *const sorts[] = {"rank", "date", "severity", "id", "path", NULL};

static const struct opt opts[] = {
    QUERY_FLAGS(struct search_options, flags),
    {.name = "format", .letter = 'f', .kind = OPT_CHOICE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct search_options, format),
     .help = "table, paths, json or jsonl"},
    {.name = "sort", .kind = OPT_CHOICE, .argument = "FIELD", .choices = sorts,
     .offset = offsetof(struct search_options, sort),
     .help = "rank (default with words), date (default without), severity, id or path"},
    {.name = "reverse", .kind = OPT_FLAG, .offset = offsetof(struct search_options, reverse),
     .help = "the other way round"},
    {.name = "limit", .letter = 'n', .kind = OPT_COUNT, .argument = "N",
     .offset = offsetof(struct search_options, limit), .help = "at most N postmortems"},
    {.name = "count", .kind = OPT_FLAG, .offset = offsetof(struct search_options, count),
     .help = "only how many there are"},
    {.name = "no-snippet", .kind = OPT_FLAG,
     .offset = offsetof(struct search_options, no_snippet),
     .help = "do not show the matching text"},
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
};

/* ---- finding ---- */

/* Committed postmortems are found by the index and read from git. */
static int find_committed(struct context *c, struct searching *s, struct err *e)
{
    struct index *index = NULL;
    int parts = INDEX_TEXT | (query_has_items(s->query) ? INDEX_LEDGER : 0);
    int failed = context_index(c, &s->reading, parts, &index, e) ||
                 index_search(index, s->query, &s->qc, &s->hits, e);
    index_close(index);
    if (failed)
        return -1;
    size_t *which = xcalloc(s->hits.n + 1, sizeof *which);
    for (size_t i = 0; i < s->hits.n; i++) {
        which[i] = snapshot_find(s->reading.state.files, s->hits.v[i].path);
        if (which[i] == SIZE_MAX)
            BUG("the index found '" SLICE_FMT "', which is not there",
                SLICE_ARG(s->hits.v[i].path));
    }
    failed = corpus_load(&s->corpus, c->repo, &s->reading.state, which, s->hits.n, 0, e);
    free(which);
    return failed;
}

static struct query_item item_of(const struct action *a, struct arena *arena)
{
    struct str owners = STR_INIT;
    for (size_t i = 0; i < a->nowners; i++)
        str_addf(&owners, "%s" SLICE_FMT, i ? ", " : "", SLICE_ARG(a->owners[i]));
    struct query_item item = {
        .text = a->text, .nested = a->nested, .type = a->type, .priority = a->priority,
        .tracker = a->tracker, .due = a->due, .state = a->state,
        .owners = arena_dup(arena, str_slice(&owners)),
    };
    str_release(&owners);
    return item;
}

static bool holds(const struct searching *s, const struct postmortem *pm, struct arena *arena)
{
    size_t n = pm->actions.n;
    struct query_item *items = arena_array(arena, n + 1, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = item_of(&pm->actions.v[i], arena);
    struct query_document d = {.pm = pm, .items = items, .nitems = n};
    return query_match(s->query, &s->qc, &d, NULL);
}

/* What is not committed is not in the index: every file of the worktree is read and asked. */
static int find_in_worktree(struct context *c, struct searching *s, struct err *e)
{
    struct arena arena = ARENA_INIT;
    size_t kept = 0;
    if (corpus_load(&s->corpus, c->repo, &s->reading.state, NULL, 0, 0, e))
        return -1;
    for (size_t i = 0; i < s->corpus.n; i++) {
        struct postmortem *pm = s->corpus.v[i];
        struct hit hit = {.path = arena_dup(&s->hits.arena, pm->path)};
        if (holds(s, pm, &arena)) {
            vec_push(&s->hits, hit);
            s->corpus.v[kept++] = pm;
        } else {
            postmortem_free(pm);
        }
        arena_release(&arena);
    }
    s->corpus.n = kept;
    return 0;
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

static void print_rows(struct context *c, const char *format, const struct searching *s,
                       const struct search_row *rows, size_t n)
{
    if (strcmp(format, "json") == 0)
        render_search_json(&c->out, rows, n, s->text, s->at, s->corpus.n);
    else if (strcmp(format, "jsonl") == 0)
        render_search_jsonl(&c->out, rows, n);
    else if (strcmp(format, "paths") == 0)
        render_search_paths(&c->out, rows, n);
    else
        render_search_table(&c->printer, rows, n);
}

static void print_found(struct context *c, const struct search_options *o, struct searching *s)
{
    size_t n = o->limit && (size_t)o->limit < s->corpus.n ? (size_t)o->limit : s->corpus.n;
    struct search_row *rows = xcalloc(n + 1, sizeof *rows);
    struct snippet *snippets = xcalloc(n + 1, sizeof *snippets);
    struct tokenizer *tokenizer = tokenizer_new();
    size_t *order = sorted(s, o);
    bool show = !o->no_snippet && query_has_text(s->query);
    for (size_t i = 0; i < n; i++) {
        rows[i].pm = s->corpus.v[order[i]];
        str_init(&snippets[i].text);
        if (show && snippet_find(&snippets[i], s->query, rows[i].pm, tokenizer, SNIPPET_COLUMNS)) {
            rows[i].snippet = str_slice(&snippets[i].text);
            rows[i].marks = snippets[i].marks;
            rows[i].nmarks = snippets[i].nmarks;
        }
    }
    print_rows(c, o->format ? o->format : "table", s, rows, n);
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
    s->qc = (struct query_context){.schema = s->reading.state.schema};
    s->worktree = snapshot_kind(s->reading.state.files) == SNAPSHOT_WORKTREE;
    if (s->reading.born)
        oid_hex(&s->reading.tip, s->at);
    if (context_query(c, operands, &o->flags, &s->qc, &s->arena, &s->query, &s->text, e) ||
        (s->worktree ? find_in_worktree(c, s, e)
                     : s->reading.born && find_committed(c, s, e)))
        return -1;
    if (o->count)
        str_addf(&c->out, "%zu\n", s->corpus.n);
    else
        print_found(c, o, s);
    return s->corpus.n ? PM_YES : PM_NO;
}

static int cmd_search(struct context *c, void *options, const struct operands *operands,
                      struct err *e)
{
    struct searching s = {0};
    int code = search(c, options, &s, operands, e);
    corpus_release(&s.corpus);
    hits_release(&s.hits);
    arena_release(&s.arena);
    reading_release(&s.reading);
    return code;
}

const struct command command_search = {
    .name = "search",
    .run = cmd_search,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "QUERY",
    .summary = "postmortems by cause, fact and word: have we seen this before?",
    .opts = opts,
    .options_size = sizeof(struct search_options),
    .opt_flags = OPT_DASH_TERMS,
};
