/* Random queries over small random postmortems: what a query language promises. */
#include "pm/query.h"

#include "pm/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROUNDS    1500
#define DOCUMENTS 12
#define ITEMS     4

struct world {
    uint64_t seed;
    struct schema *schema;
    struct query_context ctx;
    struct query_document documents[DOCUMENTS];
    struct query_item items[DOCUMENTS][ITEMS];
    struct arena arena; /* of one round */
};

static uint32_t draw(struct world *w, uint32_t below)
{
    w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->seed >> 33) % below;
}

#define PICK(w, list) (list)[draw((w), sizeof(list) / sizeof *(list))]

static const char *const words[] = {"checkout",    "timed",    "timeout", "pool", "pools", "h2c",
                                    "foo_bar.baz", "障害対応", "障",      "café", "cafe",  "it's"};
static const char *const tags[] = {"change",  "change/config", "change/config/typo",
                                   "config",  "network",       "network/dns",
                                   "capacity"};
static const char *const people[] = {"alice", "bob", "Carol King"};
static const char *const dates[] = {"2025-12-31", "2026-01-01", "2026-02-28", "2026-03-19",
                                    "2026-03-20"};
static const char *const states[] = {"proposed", "open",    "in-progress", "done",
                                     "wontdo",   "dropped", "withdrawn"};

/* ---- postmortems ------------------------------------------------------------------------------
 */

static void add_words(struct world *w, struct str *out)
{
    for (uint32_t n = draw(w, 6); n > 0; n--)
        str_addf(out, "%s%s", PICK(w, words), draw(w, 4) ? " " : ".\n\n");
    str_addc(out, '\n');
}

static struct postmortem *random_postmortem(struct world *w, unsigned number)
{
    struct str text = STR_INIT, path = STR_INIT;
    struct reader rd = {w->schema, NULL, NULL};
    size_t n;
    str_addz(&text, "---\n");
    if (draw(w, 4))
        str_addf(&text, "severity: sev%u\n", 1 + draw(w, 4));
    if (draw(w, 3))
        str_addf(&text, "started: %sT%02u:00+0%u:00\n", PICK(w, dates), draw(w, 24), draw(w, 9));
    if (draw(w, 3))
        str_addf(&text, "detected: 2026-03-20T%02u:00Z\n", draw(w, 24));
    if (draw(w, 3))
        str_addf(&text, "mitigated: %s\n", draw(w, 2) ? "unknown" : "n/a");
    if (draw(w, 2))
        str_addf(&text, "causes: [%s, %s]\n", PICK(w, tags), PICK(w, tags));
    if (draw(w, 2))
        str_addf(&text, "contributing_factors: [%s]\n", PICK(w, tags));
    if (draw(w, 2))
        str_addf(&text, "services: [api, %s]\n", draw(w, 2) ? "web" : "db");
    if (draw(w, 2))
        str_addf(&text, "impact: {customers: %u}\n", draw(w, 5) * 500);
    str_addz(&text, "---\n# ");
    add_words(w, &text);
    str_addz(&text, "\n## Summary\n");
    add_words(w, &text);
    str_addz(&text, "\n## Timeline\n");
    add_words(w, &text);
    str_addf(&path, "postmortems/%u.md", number);
    char *bytes = str_detach(&text, &n);
    struct postmortem *pm = postmortem_read(&rd, bytes, n, str_slice(&path));
    str_release(&path);
    return pm;
}

static void random_item(struct world *w, struct query_item *item)
{
    *item = (struct query_item){.text = slice_of(PICK(w, words)), .slips = draw(w, 4)};
    item->ref = SLICE("1#A1");
    item->state = (int)draw(w, ITEM_STATES);
    item->reopened = draw(w, 2);
    if (draw(w, 3))
        item->owners = slice_of(PICK(w, people));
    if (draw(w, 3))
        date_parse(slice_of(PICK(w, dates)), &item->due);
    if (draw(w, 3) == 0)
        item->tracker = SLICE("OPS-1");
    if (draw(w, 2))
        item->priority = SLICE("P1");
    item->opened = 1767225600 + (int64_t)draw(w, 80) * 86400;
    item->closed = draw(w, 2) ? item->opened + (int64_t)draw(w, 40) * 86400 : 0;
}

/* ---- queries ----------------------------------------------------------------------------------
 */

static void add_range(struct world *w, struct str *out, const char *low, const char *high)
{
    switch (draw(w, 5)) {
    case 0:
        str_addf(out, "%s..", low);
        return;
    case 1:
        str_addf(out, "..%s", high);
        return;
    case 2:
        str_addf(out, "%s..%s", low, high);
        return;
    case 3:
        str_addf(out, "%s%s", PICK(w, ((const char *const[]){">", "<", ">=", "<="})), low);
        return;
    default:
        str_addz(out, high);
    }
}

static void add_field(struct world *w, struct str *out)
{
    uint32_t a = draw(w, 5), b = a + draw(w, 5 - a);
    char low[24], high[24];
    snprintf(low, sizeof low, "%u", a);
    snprintf(high, sizeof high, "%u", b);
    switch (draw(w, 14)) {
    case 0:
        str_addf(out, "sev:sev%u..sev%u", 1 + a % 2, 3 + b % 2);
        return;
    case 1:
        str_addz(out, PICK(w, ((const char *const[]){"started:", "due:", "opened:", "date:"})));
        add_range(w, out, dates[a], dates[b]);
        return;
    case 2:
        str_addf(out, "%s:%s", PICK(w, ((const char *const[]){"cause", "factor", "tag"})),
                 PICK(w, tags));
        return;
    case 3:
        str_addz(out, "slips:");
        add_range(w, out, low, high);
        return;
    case 4:
        str_addz(out, "impact.customers:");
        add_range(w, out, "500", "1000");
        return;
    case 5:
        str_addf(out, "service:%s", PICK(w, ((const char *const[]){"api", "web,db", "w*"})));
        return;
    case 6:
        str_addf(out, "owner:%s", PICK(w, ((const char *const[]){"alice", "bob,carol", "@al*"})));
        return;
    case 7:
        str_addf(out, "state:%s,%s", PICK(w, states), PICK(w, states));
        return;
    case 8:
        str_addf(out, "%s:%s",
                 PICK(w, ((const char *const[]){"overdue", "late", "dropped", "reopened"})),
                 draw(w, 2) ? "yes" : "no");
        return;
    case 9:
        str_addf(out, "%s:%s", draw(w, 2) ? "has" : "no",
                 PICK(w, ((const char *const[]){"owner", "due", "severity", "impact", "ttd"})));
        return;
    case 10:
        str_addf(out, "mitigated:%s", draw(w, 2) ? "unknown" : "n/a");
        return;
    case 11:
        str_addz(out, PICK(w, ((const char *const[]){"age:", "ttd:"})));
        add_range(w, out, "20d", "40d");
        return;
    case 12:
        str_addf(out, "(in:%s %s)", draw(w, 2) ? "timeline" : "summary", PICK(w, words));
        return;
    default:
        str_addf(out, "title:\"%s\"", PICK(w, words));
    }
}

static void add_query(struct world *w, struct str *out, unsigned depth)
{
    switch (draw(w, depth ? 9 : 4)) {
    case 0:
        str_addz(out, PICK(w, words));
        return;
    case 1:
        str_addf(out, "\"%s %s\"", PICK(w, words), PICK(w, words));
        return;
    case 2:
    case 3:
        add_field(w, out);
        return;
    case 4:
    case 5:
        str_addc(out, '(');
        add_query(w, out, depth - 1);
        str_addc(out, ' ');
        add_query(w, out, depth - 1);
        str_addc(out, ')');
        return;
    case 6:
        str_addc(out, '(');
        add_query(w, out, depth - 1);
        str_addz(out, " OR ");
        add_query(w, out, depth - 1);
        str_addc(out, ')');
        return;
    case 7:
        str_addz(out, "NOT ");
        add_query(w, out, depth - 1);
        return;
    default:
        str_addz(out, "-(");
        add_query(w, out, depth - 1);
        str_addc(out, ')');
    }
}

static struct query *parse(struct world *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static struct query *parse(struct world *w, const char *fmt, ...)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    struct query *q = NULL;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    struct slice kept = arena_dup(&w->arena, str_slice(&text));
    str_release(&text);
    if (query_parse(&q, kept, &w->ctx, &w->arena, &e) != 0)
        fail_msg("%s: %s", kept.p, e.text);
    return q;
}

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
    const char *seed = getenv("PM_SEED");
    struct world w = {.seed = seed ? strtoull(seed, NULL, 10) : 20260320};
    printf("# seed %llu\n", (unsigned long long)w.seed);
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
