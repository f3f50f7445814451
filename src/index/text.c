/* What a search finds: what the tables are sure of, and of the rest what whoever asks decides. */
#include "text_ask.h"

#include <stdlib.h>

struct searching {
    const struct search_wish *search;
    struct asking asking;
    struct known known; /* in the end, sure is what is found */
    struct err *e;
};

/* wanted() is asked of each row that matches. `rowid IN (SELECT ...)` would have the match made anew for
 * each that is wanted. */
enum { TELL_ROW, TELL_RANKS, TELL_FACET };
const char *const text_telling[] = {
    [TELL_ROW] = "SELECT path, id, blob, day, began, severity FROM documents WHERE n = ?1",
    [TELL_RANKS] = "SELECT rowid, -bm25(words, 8.0, 4.0, 1.0) FROM words "
                   "WHERE words MATCH ?1 AND wanted(rowid) ORDER BY rowid",
    [TELL_FACET] = "SELECT iif(shown = '', value, shown) AS text, count(*) FROM facts "
                   "WHERE name = ?1 AND how = 0 AND wanted(document) "
                   "GROUP BY value, shown HAVING text <> ''",
    NULL};

/* ---- rows ---- */

static void read_row(sqlite3_stmt *s, struct hit *hit, struct arena *a)
{
    hit->path = column_text(s, 0, a);
    hit->id = column_text(s, 1, a);
    (void)column_oid(s, 2, &hit->blob);
    if (sqlite3_column_type(s, 3) != SQLITE_NULL)
        hit->date = date_from_days(sqlite3_column_int64(s, 3));
    hit->began_known = sqlite3_column_type(s, 4) != SQLITE_NULL;
    hit->began = sqlite3_column_int64(s, 4);
    hit->severity = sqlite3_column_type(s, 5) == SQLITE_NULL ? SIZE_MAX
                                                             : (size_t)sqlite3_column_int64(s, 5);
}

/* In the order of their numbers. */
static int read_rows(const struct searching *g, const struct set *which, struct hits *out)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(g->asking.db, text_telling[TELL_ROW], &s, g->e);
    vec_reserve(out, set_count(which));
    for (int64_t n = 0; next >= 0 && (n = set_next(which, n)) >= 0; n++) {
        struct hit hit = {.document = n};
        bind_number(s, 1, n);
        next = db_next(s, g->e);
        if (next > 0) {
            read_row(s, &hit, &out->arena);
            vec_push(out, hit);
        }
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

/* ---- doubt ---- */

static int decide(struct searching *g)
{
    struct set doubtful = set_copy(&g->known.may);
    struct hits hits = {0};
    set_subtract(&doubtful, &g->known.sure);
    int failed = read_rows(g, &doubtful, &hits);
    bool *holds = xcalloc(hits.n + 1, sizeof *holds);
    if (!failed && hits.n)
        failed = g->search->decide(g->search->ctx, &hits, holds, g->e);
    for (size_t k = 0; !failed && k < hits.n; k++)
        if (holds[k])
            set_add(&g->known.sure, hits.v[k].document);
    free(holds);
    hits_release(&hits);
    set_release(&doubtful);
    return failed;
}

/* ---- ranks and facets ---- */

static void collect_words(struct str *match, const struct query *q, const char *joint)
{
    if (q->kind == QUERY_NOT)
        return;
    if (q->kind == QUERY_TEXT) {
        const struct phrase phrase = text_phrase(q);
        str_addz(match, match->n ? joint : "");
        text_match(match, &phrase);
    }
    for (size_t i = 0; i < q->nchildren; i++)
        collect_words(match, q->children[i], joint);
}

/* Are the words that count in all that is found? */
static bool all_words_stand(const struct query *q)
{
    for (size_t i = 0; q->kind == QUERY_AND && i < q->nchildren; i++)
        if (q->children[i]->kind != QUERY_TEXT && query_has_text(q->children[i]))
            return false;
    return q->kind == QUERY_AND;
}

/* By the words wherever they stand in the query; title and facts weigh more than the body. What has not
 * all of them is ranked by those that it has; a match of all is the faster one, and ranks the same. */
static int read_ranks(const struct searching *g, struct hits *hits)
{
    const struct query *q = g->search->query;
    struct str match = STR_INIT;
    sqlite3_stmt *s = NULL;
    size_t at = 0;
    int next = 0;
    collect_words(&match, q, all_words_stand(q) ? " AND " : " OR ");
    if (match.n) {
        next = db_prepare(g->asking.db, text_telling[TELL_RANKS], &s, g->e);
        bind_text(s, 1, str_slice(&match));
    }
    while (s && next >= 0 && (next = db_next(s, g->e)) > 0) {
        while (at < hits->n && hits->v[at].document < sqlite3_column_int64(s, 0))
            at++;
        if (at < hits->n)
            hits->v[at].rank = sqlite3_column_double(s, 1);
    }
    sqlite3_finalize(s);
    str_release(&match);
    return next < 0 ? -1 : 0;
}

static int read_facet(const struct searching *g, const char *field, struct facet_counts *out,
                      struct arena *a)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(g->asking.db, text_telling[TELL_FACET], &s, g->e);
    bind_text(s, 1, slice_of(field));
    while (next >= 0 && (next = db_next(s, g->e)) > 0)
        vec_push(out, (struct facet_count){column_text(s, 0, a), (size_t)sqlite3_column_int64(s, 1)});
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

/* ---- all of it ---- */

static int by_path(const void *a, const void *b)
{
    return slice_cmp(((const struct hit *)a)->path, ((const struct hit *)b)->path);
}

static int tell(struct searching *g, struct hits *out)
{
    sqlite3 *db = g->asking.db;
    int failed = text_want(db, &g->known.sure, g->e) || read_rows(g, &g->known.sure, out) ||
                 (g->search->ranks && read_ranks(g, out));
    for (size_t k = 0; k < FACET_FIELDS && g->search->facets && !failed; k++)
        failed = read_facet(g, facet_fields[k], &out->facets[k], &out->arena);
    vec_sort(out, by_path);
    return failed | text_want(db, NULL, g->e) ? -1 : 0;
}

static int search(struct index *i, const struct search_wish *s, struct hits *out, struct err *e)
{
    struct searching g = {.search = s, .e = e};
    int failed = asking_init(&g.asking, i->text.db, e);
    if (!failed && (failed = text_known(&g.asking, i->state->schema, s->query, &g.known)) == 0) {
        failed = decide(&g);
        if (!failed && s->rows)
            failed = tell(&g, out);
        out->total = set_count(&g.known.sure);
        known_release(&g.known);
    }
    asking_release(&g.asking);
    return failed ? -1 : 0;
}

int index_search(struct index *i, const struct search_wish *s, struct hits *out, struct err *e)
{
    struct hits hits = {0};
    int failed;
    do {
        hits_release(&hits);
        failed = search(i, s, &hits, e);
    } while (failed && index_heal(i, &i->text, e));
    if (failed)
        hits_release(&hits);
    else
        *out = hits;
    return failed;
}

void hits_release(struct hits *h)
{
    for (size_t k = 0; k < FACET_FIELDS; k++)
        vec_release(&h->facets[k]);
    free(h->v);
    arena_release(&h->arena);
    *h = (struct hits){0};
}
