/* Random queries over small random postmortems: what a query language promises. */
#include "../lib/seeds.h"

#include "random_query.h"

#define ROUNDS 1500

/* Bit i of the answer: document i; in pm actions, bit i * ITEMS + j: item j of document i. */
static uint64_t answer(struct world *w, const struct query *q)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        const struct query_document *d = &w->documents[i];
        if (!w->ctx.items)
            bits |= (uint64_t)query_match(q, &w->ctx, d, NULL) << i;
        for (unsigned j = 0; w->ctx.items && j < ITEMS; j++)
            bits |= (uint64_t)query_match(q, &w->ctx, d, &d->items[j]) << (i * ITEMS + j);
    }
    return bits;
}

static uint64_t everything(const struct world *w)
{
    return (UINT64_C(1) << (w->ctx.items ? DOCUMENTS * ITEMS : DOCUMENTS)) - 1;
}

/* ---- promises ---------------------------------------------------------------------------------
 */

static bool same_values(const struct query *a, const struct query *b)
{
    for (size_t i = 0; i < a->nvalues; i++) {
        const struct query_value *x = &a->values[i], *y = &b->values[i];
        if (x->kind != y->kind || !slice_eq(x->text, y->text) || x->has_low != y->has_low ||
            x->has_high != y->has_high || x->low != y->low || x->high != y->high)
            return false;
    }
    return true;
}

static bool same(const struct query *a, const struct query *b)
{
    if (a->kind != b->kind || a->nchildren != b->nchildren || a->items != b->items ||
        a->subject != b->subject || a->field != b->field || a->nvalues != b->nvalues ||
        a->ntokens != b->ntokens || a->phrase != b->phrase || a->prefix != b->prefix ||
        a->section != b->section || !slice_eq(a->name, b->name) || !same_values(a, b))
        return false;
    for (size_t i = 0; i < a->ntokens; i++)
        if (!slice_eq(a->tokens[i], b->tokens[i]))
            return false;
    for (size_t i = 0; i < a->nchildren; i++)
        if (!same(a->children[i], b->children[i]))
            return false;
    return true;
}

static void check_round(struct world *w)
{
    struct str a = STR_INIT, b = STR_INIT, printed = STR_INIT;
    add_query(w, &a, 3);
    add_query(w, &b, 2);
    struct query *q = parse(w, "%s", a.p);
    uint64_t x = answer(w, q), y = answer(w, parse(w, "%s", b.p));
    query_print(&printed, q);
    if (!same(q, parse(w, "%s", printed.p)))
        fail_msg("not the same: %s: %s", a.p, printed.p);
    if (answer(w, parse(w, "NOT (%s)", a.p)) != (everything(w) & ~x))
        fail_msg("no complement: %s", a.p);
    uint64_t both = answer(w, parse(w, "(%s) (%s)", a.p, b.p));
    if (both != answer(w, parse(w, "(%s) (%s)", b.p, a.p)))
        fail_msg("order matters: %s, %s", a.p, b.p);
    if (both & ~x & everything(w) && !query_has_items(q))
        fail_msg("more than one of its parts: %s, %s", a.p, b.p);
    if (answer(w, parse(w, "(%s) OR (%s)", a.p, b.p)) != (x | y))
        fail_msg("no union: %s, %s", a.p, b.p);
    str_release(&a);
    str_release(&b);
    str_release(&printed);
}

static void check_tags(struct world *w)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct slice tag = slice_of(tags[i]), parent = tag;
        while (parent.n > 0 && parent.p[parent.n - 1] != '/')
            parent.n--;
        if (parent.n == 0)
            continue;
        uint64_t narrow = answer(w, parse(w, "tag:%s", tags[i]));
        uint64_t wide = answer(w, parse(w, "tag:%.*s", (int)parent.n - 1, parent.p));
        if (narrow & ~wide)
            fail_msg("%s finds more than its parent", tags[i]);
    }
}

static void make_world(struct world *w)
{
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        for (unsigned j = 0; j < ITEMS; j++)
            random_item(w, &w->items[i][j]);
        w->documents[i] = (struct query_document){random_postmortem(w, i), w->items[i],
                                                  draw(w, ITEMS + 1), 1767225600, 0};
        if (w->ctx.items)
            w->documents[i].nitems = ITEMS;
    }
}

static void free_world(struct world *w)
{
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        struct postmortem *pm = NULL;
        memcpy(&pm, &w->documents[i].pm, sizeof pm);
        postmortem_free(pm);
    }
}

static void run_world(bool items)
{
    struct world w = {.seed = seed_from(20260320)};
    w.schema = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    w.ctx = (struct query_context){
        .schema = w.schema, .today = {2026, 3, 20}, .now = 1773964800, .items = items};
    for (unsigned round = 0; round < ROUNDS; round++) {
        bool fresh = round % 50 == 0;
        if (fresh && round > 0)
            free_world(&w);
        if (fresh) {
            make_world(&w);
            check_tags(&w);
        }
        check_round(&w);
        arena_release(&w.arena);
    }
    free_world(&w);
    schema_free(w.schema);
}

static void queries_of_postmortems_keep_their_promises(void **state)
{
    run_world(false);
}

static void queries_of_items_keep_their_promises(void **state)
{
    run_world(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_of_postmortems_keep_their_promises),
        cmocka_unit_test(queries_of_items_keep_their_promises),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
