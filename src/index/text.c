/* Which postmortems may match: SQL narrows, query_match decides. */
#include "index_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/vec.h"

struct sql {
    struct str text;
    VEC(struct slice) parameters; /* in the order of their numbers */
    struct arena arena;
    struct str match;             /* FTS5 terms that every hit must have, joined by AND */
    size_t conjuncts;
};

/* SQLite has a limit of 1,000 on the depth of an expression, which a chain of ANDs reaches. What is
 * left out only makes more candidates. */
enum { MOST_CONJUNCTS = 100 };

static void add_parameter(struct sql *q, struct slice s)
{
    vec_push(&q->parameters, arena_dup(&q->arena, s));
    str_addf(&q->text, "?%zu", q->parameters.n);
}

/* The words as they were written, as one FTS5 string: quotes are doubled, so nothing of a query is
 * ever syntax, and our tokenizer cuts it as it cut the documents. */
static void add_match(struct str *match, const struct query *text, const char *joint)
{
    str_addf(match, "%s(\"", match->n ? joint : "");
    for (size_t i = 0; i < text->text.n; i++) {
        if (text->text.p[i] == '"')
            str_addc(match, '"');
        str_addc(match, text->text.p[i] ? text->text.p[i] : ' ');
    }
    str_addz(match, text->prefix ? "\" *)" : "\")");
}

static bool narrows(const struct query *q)
{
    if (q->kind != QUERY_FIELD || q->subject != SUBJECT_FIELD || !q->field || !q->nvalues)
        return false;
    for (size_t i = 0; i < q->nvalues; i++) {
        bool tag = q->field->type == FIELD_TAG && q->values[i].kind == MATCH_TAG;
        bool range = q->field->type == FIELD_ENUM && q->values[i].kind == MATCH_RANGE;
        if (!tag && !range)
            return false;
    }
    return true;
}

static void add_enum_range(struct sql *q, const struct field *f, const struct query_value *v)
{
    bool first = true;
    str_addz(&q->text, "f.value IN (");
    for (size_t i = 0; i < f->nvalues; i++) {
        if ((v->has_low && (double)i < v->low) || (v->has_high && (double)i > v->high))
            continue;
        str_addz(&q->text, first ? "" : ", ");
        add_parameter(q, f->values[i].name);
        first = false;
    }
    str_addc(&q->text, ')');
}

static void add_field(struct sql *q, const struct query *node)
{
    str_addz(&q->text, " AND EXISTS (SELECT 1 FROM facts f WHERE f.document = d.n AND f.name = ");
    add_parameter(q, node->field->name);
    str_addz(&q->text, " AND (");
    for (size_t i = 0; i < node->nvalues; i++) {
        str_addz(&q->text, i ? " OR " : "");
        if (node->values[i].kind == MATCH_TAG && node->values[i].anywhere) {
            str_addz(&q->text, "instr('/' || f.value || '/', '/' || ");
            add_parameter(q, node->values[i].text);
            str_addz(&q->text, " || '/')");
        } else if (node->values[i].kind == MATCH_TAG) {
            str_addz(&q->text, "f.value = ");
            add_parameter(q, node->values[i].text);
        } else {
            add_enum_range(q, node->field, &node->values[i]);
        }
    }
    str_addz(&q->text, "))");
}

/* What every hit must have: the conjuncts at the top that SQL understands. */
static void add_conjuncts(struct sql *q, const struct query *node)
{
    if (node->kind == QUERY_AND) {
        for (size_t i = 0; i < node->nchildren; i++)
            add_conjuncts(q, node->children[i]);
        return;
    }
    if (q->conjuncts == MOST_CONJUNCTS)
        return;
    q->conjuncts++;
    if (node->kind == QUERY_TEXT && node->ntokens)
        add_match(&q->match, node, " AND ");
    else if (node->kind == QUERY_IN && node->nchildren && node->children[0]->ntokens)
        add_match(&q->match, node->children[0], " AND ");
    else if (narrows(node))
        add_field(q, node);
}

static void collect_words(struct str *match, const struct query *node)
{
    if (node->kind == QUERY_NOT)
        return;
    if (node->kind == QUERY_TEXT && node->ntokens)
        add_match(match, node, " OR ");
    for (size_t i = 0; i < node->nchildren; i++)
        collect_words(match, node->children[i]);
}

/* Ranks by the words wherever they stand in the query; title and facts weigh more than the body. */
static int read_ranks(struct index *i, const struct query *query, struct map *ranks, double **all,
                      struct err *e)
{
    struct str match = STR_INIT;
    sqlite3_stmt *s = NULL;
    VEC(double) values = VEC_INIT;
    struct arena arena = ARENA_INIT;
    int next = 0;
    collect_words(&match, query);
    if (match.n) {
        next = db_prepare(i->text.db,
                          "SELECT d.path, -bm25(words, 8.0, 4.0, 1.0) FROM words "
                          "JOIN documents d ON d.n = words.rowid WHERE words MATCH ?1",
                          &s, e);
        if (next == 0)
            bind_text(s, 1, str_slice(&match));
        while (next >= 0 && (next = db_next(s, e)) > 0) {
            vec_push(&values, sqlite3_column_double(s, 1));
            map_put(ranks, column_text(s, 0, &arena), (void *)(uintptr_t)values.n);
        }
    }
    sqlite3_finalize(s);
    arena_release(&arena);
    str_release(&match);
    *all = values.v;
    return next;
}

static int candidates(struct index *i, const struct query *query, struct hits *out, struct err *e)
{
    struct sql q = {.text = STR_INIT, .match = STR_INIT};
    sqlite3_stmt *s = NULL;
    int next = -1;
    str_addz(&q.text, "SELECT d.path FROM documents d WHERE 1");
    add_conjuncts(&q, query);
    if (q.match.n) {
        str_addz(&q.text, " AND d.n IN (SELECT rowid FROM words WHERE words MATCH ");
        add_parameter(&q, str_slice(&q.match));
        str_addc(&q.text, ')');
    }
    str_addz(&q.text, " ORDER BY d.path");
    if (db_prepare(i->text.db, q.text.p, &s, e) == 0) {
        for (size_t k = 0; k < q.parameters.n; k++)
            bind_text(s, (int)k + 1, q.parameters.v[k]);
        while ((next = db_next(s, e)) > 0) {
            struct hit hit = {.path = column_text(s, 0, &out->arena)};
            vec_push(out, hit);
        }
    }
    sqlite3_finalize(s);
    vec_release(&q.parameters);
    arena_release(&q.arena);
    str_release(&q.match);
    str_release(&q.text);
    return next;
}

static int hits_of(struct index *i, const struct query *q, struct hits *out, struct err *e)
{
    struct hits hits = {0};
    struct map ranks = MAP_INIT;
    double *values = NULL;
    int failed = candidates(i, q, &hits, e) || read_ranks(i, q, &ranks, &values, e);
    for (size_t k = 0; !failed && k < hits.n; k++) {
        uintptr_t at = (uintptr_t)map_get(&ranks, hits.v[k].path);
        hits.v[k].rank = at ? values[at - 1] : 0;
    }
    free(values);
    map_release(&ranks);
    if (failed)
        hits_release(&hits);
    else
        *out = hits;
    return failed ? -1 : 0;
}

int index_candidates(struct index *i, const struct query *q, struct hits *out, struct err *e)
{
    int failed;
    do
        failed = hits_of(i, q, out, e);
    while (failed && index_heal(i, &i->text, e));
    return failed;
}

void hits_release(struct hits *h)
{
    free(h->v);
    arena_release(&h->arena);
    *h = (struct hits){0};
}
