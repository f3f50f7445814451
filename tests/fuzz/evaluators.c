/* Any bytes as queries, one a line, asked of an index and in memory: of postmortems and of action items
 * the index finds those that match, in any order, and counts what it leaves out. */
#include "pm/index.h"

#include "../lib/scripted.h"

enum { DOCUMENTS = 3, ITEMS = 16, CUT = 3 };

static struct asked {
    struct repo *repo;
    struct state state;
    struct corpus corpus;
    struct index *index;
    struct query_context context;
    struct action_rows rows; /* all items */
    struct query_item items[ITEMS];
    struct query_document documents[DOCUMENTS]; /* each with its items */
} asked;

/* ---- what is asked about ---- */

static const char script[] =
    "mkdir .pm; cat >.pm/schema.yaml <<'END'\nversion: 1\nextends: default\nfields:\n"
    "  customers: {type: integer}\n  ratio: {type: decimal}\n  cost: {type: money}\n"
    "  outage: {type: duration}\n  reported: {type: date}\n  lead: {type: person}\n"
    "  report: {type: url}\n  remark: {type: any}\n  region: {type: text}\nEND\n"
    "cat >.pm/tags.yaml <<'END'\nversion: 1\ntags:\n  change:\n"
    "    tags: {config: {aliases: [misconfiguration]}, deploy: A rollout, old: {deprecated: change/deploy}}\n"
    "  network: {tags: {dns: Names}}\n  capacity: Too little\nEND\n"
    "cat >postmortems/2025-12-31-a.md <<'END'\n---\nid: PM-1\nseverity: sev2\nstatus: published\n"
    "started: 2025-12-31T23:10+01:00\ncauses: [change/config, network]\nservices: [checkout]\n"
    "customers: 12\nratio: 0.5\ncost: 1200 EUR\noutage: 1h30m\nreported: 2026-01-02\n"
    "lead: '@alice'\nreport: https://x.test/1\nremark: none so far\nregion: [eu, us-east]\n"
    "impact: {customers: 12, cost: 1200 EUR}\n---\n# Checkout timed out: 障害\n\n## Timeline\n\n"
    "- 12:31 the pool of h2c foo_bar.baz <!-- hidden --> was café\n\n## Action Items\n\n"
    "- [ ] A1: Raise the pool (@alice, due 2026-02-28) P1\n- [x] A2: Alert earlier (@bob)\n"
    "  [#12](https://x.test/12)\nEND\n"
    "cat >postmortems/2026-02-01-b.md <<'END'\n# It's DNS\n\n**Severity**: high\n\n"
    "**Customers**: 1,000\n\n**Cost**: $5\n\n**Reported**: unknown\n\n**Lead**: Bob Builder, carol\n\n"
    "**Outage**: n/a\n\n## Impact\n\n90 minutes, 障害対応\n\n## Root Causes\n\n"
    "Cause: capacity, n/a\n\n## Action Items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n"
    "| Pools of timeouts | carol, alice | 2026-03-19 | open |\n"
    "| Write it down | bob | | won't do: too late |\n| Ask around | dave | | open |\nEND\n"
    "printf 'no front matter, no title: checkout\\n' >postmortems/c.md\n"
    "git add .; git commit -q -m all\n"
    "sed s/2026-02-28/2026-04-28/ postmortems/2025-12-31-a.md >a; mv a postmortems/2025-12-31-a.md\n"
    "GIT_AUTHOR_DATE='2026-03-01T12:00:00+0000' GIT_COMMITTER_DATE='2026-03-01T12:00:00+0000' "
    "git commit -q -a -m later\n";

static void leave(void)
{
    action_rows_release(&asked.rows);
    index_close(asked.index);
    corpus_release(&asked.corpus);
    state_release(&asked.state);
    repo_free(asked.repo);
}

static struct query *parsed(struct slice text, struct arena *a)
{
    struct err e = ERR_INIT;
    struct query *q = NULL;
    return query_parse(&q, text, &asked.context, a, &e) == 0 ? q : NULL;
}

/* The items of each document, as the index tells them when nothing is asked for. */
static void learn_items(struct err *e)
{
    struct arena a = ARENA_INIT;
    struct action_question all = {.query = parsed(SLICE(""), &a), .context = &asked.context, .all = true,
                                  .order = ORDER_REF, .limit = SIZE_MAX};
    struct action_totals totals;
    size_t n = 0;
    check_that(index_actions(asked.index, &all, &asked.rows, &totals, e) == 0 &&
                   asked.rows.n <= ITEMS, "there are items");
    for (size_t i = 0; i < DOCUMENTS; i++) {
        struct query_document *d = &asked.documents[i];
        *d = (struct query_document){.pm = asked.corpus.v[i], .items = &asked.items[n]};
        for (size_t k = 0; k < asked.rows.n; k++)
            if (slice_eq(asked.rows.v[k].path, d->pm->path)) {
                asked.items[n++] = action_row_item(&asked.rows.v[k]);
                d->nitems++;
            }
        check_that(index_times_of(asked.index, d->pm->path, &d->created, &d->updated, e) == 0,
                   "a document has its times");
    }
    check_that(n == asked.rows.n && n == 5, "each item has its document");
    arena_release(&a);
}

static void start(void)
{
    struct err e = ERR_INIT;
    struct oid tip;
    scripted_make(script);
    struct repo_where where = {scripted, NULL};
    if (repo_open(&asked.repo, &where, &e) || commit_head(asked.repo, &tip, &e) != 1 ||
        state_of_commit(&asked.state, asked.repo, &tip, &e) ||
        corpus_load(&asked.corpus, asked.repo, &asked.state, NULL, 0, 1, &e) ||
        index_open(&asked.index, asked.repo, &asked.state, &tip, INDEX_TEXT | INDEX_LEDGER, true, NULL,
                   NULL, &e))
        fprintf(stderr, "# %s\n", e.text);
    check_that(asked.index && asked.corpus.n == DOCUMENTS, "there is an index");
    asked.context = (struct query_context){
        .schema = asked.state.schema, .today = {2026, 3, 20}, .now = 1773964800, .items = true};
    learn_items(&e);
    atexit(leave);
}

/* ---- the promises ---- */

static const struct query_document *document_at(struct slice path)
{
    for (size_t i = 0; i < DOCUMENTS; i++)
        if (slice_eq(asked.documents[i].pm->path, path))
            return &asked.documents[i];
    check_that(false, "the index invents nothing");
    return NULL;
}

static int decide(void *query, const struct hits *doubtful, bool *holds, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < doubtful->n; i++)
        holds[i] = query_match(query, &asked.context, document_at(doubtful->v[i].path), NULL);
    return 0;
}

static void check_postmortems(struct query *q)
{
    struct search_wish wish = {.query = q, .rows = true, .ranks = true, .facets = true,
                               .decide = decide, .ctx = q};
    struct hits hits = {0};
    struct err e = ERR_INIT;
    size_t at = 0;
    check_that(index_search(asked.index, &wish, &hits, &e) == 0, e.text);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const struct query_document *d = &asked.documents[i];
        bool found = at < hits.n && slice_eq(hits.v[at].path, d->pm->path);
        check_that(query_match(q, &asked.context, d, NULL) == found, "the index finds what matches");
        at += found;
    }
    check_that(at == hits.n && hits.total == hits.n, "the index finds nothing else");
    hits_release(&hits);
}

static void check_items(const struct query *q)
{
    struct action_question question = {.query = q, .context = &asked.context, .all = true,
                                       .order = ORDER_REF, .limit = SIZE_MAX};
    struct action_rows rows = {0};
    struct action_totals totals;
    struct err e = ERR_INIT;
    size_t matching = 0;
    check_that(index_actions(asked.index, &question, &rows, &totals, &e) == 0, e.text);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        const struct query_document *d = &asked.documents[i];
        for (size_t k = 0; k < d->nitems; k++)
            if (query_match(q, &asked.context, d, &d->items[k])) {
                check_that(matching < rows.n && slice_eq(rows.v[matching].ref, d->items[k].ref),
                           "the items that match are listed, in their order");
                matching++;
            }
    }
    check_that(matching == rows.n && matching == totals.items, "no other item is listed");
    action_rows_release(&rows);
}

/* What is cut off behind some rows begins as the whole does, and is counted as that. */
static void check_order(const struct query *q, enum action_order order, bool all, bool reverse)
{
    struct action_question question = {.query = q, .context = &asked.context, .all = all,
                                       .order = order, .reverse = reverse, .limit = SIZE_MAX};
    struct action_rows whole = {0}, cut = {0};
    struct action_totals of_whole, of_cut;
    struct err e = ERR_INIT;
    check_that(index_actions(asked.index, &question, &whole, &of_whole, &e) == 0, e.text);
    question.limit = CUT;
    check_that(index_actions(asked.index, &question, &cut, &of_cut, &e) == 0, e.text);
    check_that(whole.n == of_whole.items && cut.n == (whole.n < CUT ? whole.n : CUT) &&
                   of_cut.items == of_whole.items && of_cut.overdue == of_whole.overdue &&
                   of_cut.unresolved == of_whole.unresolved,
               "what is cut off is counted");
    for (size_t i = 0; i < cut.n; i++)
        check_that(slice_eq(cut.v[i].ref, whole.v[i].ref), "what is cut off comes last");
    action_rows_release(&whole);
    action_rows_release(&cut);
}

static void check_query(struct slice text)
{
    struct arena a = ARENA_INIT;
    for (int items = 0; items < 2; items++) {
        asked.context.items = items;
        struct query *q = parsed(text, &a);
        if (q && items) {
            check_items(q);
            check_order(q, text.n % (ORDER_STATE + 1), text.n % 2, text.n % 3);
        } else if (q) {
            check_postmortems(q);
        }
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_from((const char *)data, size), line;
    if (!asked.index)
        start();
    while (slice_split(&rest, '\n', &line))
        check_query(line);
    return 0;
}
