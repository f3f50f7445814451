/* Merges: what the merged side did to a document, version by version.
 *
 * The versions of a document on the merged side are nodes, its commits edges. Items are followed
 * from the version before the merge up to each node, and from each node up to the version after the
 * merge, so that an item that was reworded little by little keeps its identity, and the commit that
 * gave a field its landed value can be found. Unreadable versions are passed over. */
#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

#define ABSENT SIZE_MAX /* in place of a node: the document is not there */

struct node {
    const struct version *v;
    uint32_t *before; /* for each item: the item before the merge; NULL: not known */
    uint32_t *after;  /* for each item: the item after the merge; NULL: not known */
    bool inner;       /* a commit starts from it: not the end of a side */
};

struct edge {
    uint32_t side;
    size_t from, to; /* may be one: a merge took the file as a parent has it, under another name */
    uint32_t *map; /* items of from → items of to; NULL when either is absent */
};

struct alias {
    const struct version *unreadable;
    size_t node; /* what stands in its place */
};

struct lineage {
    const struct fold *f;
    const struct passage *p;
    VEC(struct node) nodes;
    VEC(struct edge) edges; /* parents before children; those of one commit together */
    VEC(struct alias) aliases;
};

/* ---- the graph --------------------------------------------------------------------------------
 */

static size_t node_of(struct lineage *g, const struct version *v)
{
    for (size_t i = g->nodes.n; i-- > 0;)
        if (g->nodes.v[i].v == v)
            return i;
    vec_push(&g->nodes, (struct node){.v = v});
    return g->nodes.n - 1;
}

/* What could last be read where `v` stands. */
static size_t readable_node(struct lineage *g, const struct version *v)
{
    if (!v)
        return ABSENT;
    if (v->readable)
        return node_of(g, v);
    for (size_t i = 0; i < g->aliases.n; i++)
        if (g->aliases.v[i].unreadable == v)
            return g->aliases.v[i].node;
    return g->p->before ? node_of(g, g->p->before) : ABSENT;
}

static void add_edge(struct lineage *g, uint32_t side, const struct version *before,
                     const struct version *after)
{
    size_t from = readable_node(g, before);

    if (after && !after->readable) {
        vec_push(&g->aliases, (struct alias){after, from});
        return;
    }
    vec_push(&g->edges, (struct edge){side, from, readable_node(g, after), NULL});
}

/* A commit that touches the document under one of its names. */
struct touch {
    uint32_t side;
    const struct version *before, *after;
};

static int by_side(const void *x, const void *y)
{
    const struct touch *a = x, *b = y;

    if (a->side != b->side)
        return a->side < b->side ? -1 : 1;
    return (a->before == NULL) - (b->before == NULL); /* a rename before the bare addition */
}

static void gather_touches(const struct fold *f, struct slice name, struct touch **v, size_t *n,
                           size_t *cap)
{
    for (size_t i = sides_first(f, name); sides_is_at(f, i, name); i++) {
        const struct side_edit *s = &f->sides[i];
        struct touch t = {s->side, s->edit->before, s->edit->after};
        const struct ledger_edit *to = t.before && !t.after ? sides_counterpart(f, s) : NULL;
        if (s->edit->half && !to)
            continue;
        if (to)
            t.after = to->after;
        *v = room_for(*v, cap, *n + 1, sizeof **v);
        (*v)[(*n)++] = t;
    }
}

static void build_edges(struct lineage *g, const path_list *names)
{
    struct touch *touches = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < names->n; i++)
        gather_touches(g->f, names->v[i], &touches, &n, &cap);
    if (n)
        qsort(touches, n, sizeof *touches, by_side);
    for (size_t i = 0; i < n; i++) {
        bool renamed = false;
        for (size_t k = i; !touches[i].before && k-- > 0 && touches[k].side == touches[i].side;)
            renamed |= touches[k].after == touches[i].after;
        if (!renamed)
            add_edge(g, touches[i].side, touches[i].before, touches[i].after);
    }
    free(touches);
}

/* ---- items along the graph --------------------------------------------------------------------
 */

static uint32_t *no_items(const struct version *v)
{
    uint32_t *map = xcalloc(v->nitems, sizeof *map);

    for (size_t i = 0; i < v->nitems; i++)
        map[i] = MATCH_NONE;
    return map;
}

static uint32_t *every_item(const struct version *v)
{
    uint32_t *map = no_items(v);

    for (size_t i = 0; i < v->nitems; i++)
        map[i] = (uint32_t)i;
    return map;
}

static uint32_t *items_matched(const struct version *from, const struct version *to)
{
    uint32_t *map = xcalloc(from->nitems, sizeof *map);

    match_items(from, to, map);
    return map;
}

/* map is from `from` to `to`; the result from `to` to `from`. */
static uint32_t *inverse(const struct version *from, const struct version *to, const uint32_t *map)
{
    uint32_t *back = no_items(to);

    for (size_t i = 0; i < from->nitems; i++)
        if (map[i] != MATCH_NONE)
            back[map[i]] = (uint32_t)i;
    return back;
}

static void follow_from_before(struct lineage *g)
{
    const struct version *before = g->p->before;

    for (size_t i = 0; before && i < g->edges.n; i++) {
        const struct edge *e = &g->edges.v[i];
        if (e->from == ABSENT || e->to == ABSENT)
            continue;
        struct node *from = &g->nodes.v[e->from], *to = &g->nodes.v[e->to];
        if (!from->before) {
            uint32_t *map = items_matched(before, from->v);
            from->before = inverse(before, from->v, map);
            free(map);
        }
        if (to->before)
            continue;
        to->before = no_items(to->v);
        for (size_t k = 0; k < from->v->nitems; k++)
            if (e->map[k] != MATCH_NONE)
                to->before[e->map[k]] = from->before[k];
    }
}

static void follow_to_after(struct lineage *g)
{
    const struct version *after = g->p->after;

    for (size_t i = 0; after && i < g->nodes.n; i++)
        if (!g->nodes.v[i].inner && !g->nodes.v[i].after)
            g->nodes.v[i].after = items_matched(g->nodes.v[i].v, after);
    for (size_t i = g->edges.n; after && i-- > 0;) {
        const struct edge *e = &g->edges.v[i];
        if (e->from == ABSENT || e->to == ABSENT)
            continue;
        struct node *from = &g->nodes.v[e->from], *to = &g->nodes.v[e->to];
        if (from->after || !to->after)
            continue;
        from->after = no_items(from->v);
        for (size_t k = 0; k < from->v->nitems; k++)
            if (e->map[k] != MATCH_NONE)
                from->after[k] = to->after[e->map[k]];
    }
}

static void follow_items(struct lineage *g)
{
    if (g->p->before) {
        size_t start = node_of(g, g->p->before);
        g->nodes.v[start].before = every_item(g->p->before);
        g->nodes.v[start].inner = true; /* else it would be matched with the end directly */
    }
    if (g->p->after) {
        size_t end = node_of(g, g->p->after);
        g->nodes.v[end].after = every_item(g->p->after);
    }
    for (size_t i = 0; i < g->edges.n; i++) {
        struct edge *e = &g->edges.v[i];
        if (e->from == ABSENT)
            continue;
        g->nodes.v[e->from].inner |= e->from != e->to;
        if (e->to != ABSENT)
            e->map = items_matched(g->nodes.v[e->from].v, g->nodes.v[e->to].v);
    }
    follow_from_before(g);
    follow_to_after(g);
}

struct lineage *lineage_trace(const struct fold *f, const struct passage *p)
{
    path_list names = VEC_INIT;

    if (!f->nsides)
        return NULL;
    struct lineage *g = xcalloc(1, sizeof *g);
    g->f = f;
    g->p = p;
    sides_names(f, p, &names);
    build_edges(g, &names);
    vec_release(&names);
    if (!g->edges.n) {
        lineage_free(g);
        return NULL;
    }
    follow_items(g);
    return g;
}

void lineage_free(struct lineage *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->nodes.n; i++) {
        free(g->nodes.v[i].before);
        free(g->nodes.v[i].after);
    }
    for (size_t i = 0; i < g->edges.n; i++)
        free(g->edges.v[i].map);
    vec_release(&g->nodes);
    vec_release(&g->edges);
    vec_release(&g->aliases);
    free(g);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

void lineage_pair(const struct lineage *g, uint32_t *paired)
{
    bool *taken = xcalloc(g->p->after->nitems, sizeof *taken);

    for (size_t i = 0; i < g->p->before->nitems; i++)
        paired[i] = MATCH_NONE;
    for (size_t i = g->nodes.n; i-- > 0;) {
        const struct node *n = &g->nodes.v[i];
        for (size_t k = 0; n->before && n->after && k < n->v->nitems; k++) {
            uint32_t from = n->before[k], to = n->after[k];
            if (from == MATCH_NONE || to == MATCH_NONE || taken[to] || paired[from] != MATCH_NONE)
                continue;
            paired[from] = to;
            taken[to] = true;
        }
    }
    free(taken);
}

static uint32_t item_that(const uint32_t *map, size_t n, uint32_t is)
{
    for (size_t i = 0; map && i < n; i++)
        if (map[i] == is)
            return (uint32_t)i;
    return MATCH_NONE;
}

/* Did the item get what it has after the merge here? */
static bool edge_gives(const struct lineage *g, const struct edge *e, const struct aspect *aspect,
                       uint32_t after)
{
    if (e->to == ABSENT)
        return false;
    const struct version_item *landed = &g->p->after->items[after];
    const struct node *to = &g->nodes.v[e->to];
    uint32_t new = item_that(to->after, to->v->nitems, after);
    if (new == MATCH_NONE || (aspect && !aspect->same(&to->v->items[new], landed)))
        return false;
    if (e->from == ABSENT)
        return true;
    const struct version *from = g->nodes.v[e->from].v;
    uint32_t old = item_that(e->map, from->nitems, new);
    return old == MATCH_NONE || (aspect && !aspect->same(&from->items[old], landed));
}

/* Did the item go here? */
static bool edge_takes(const struct lineage *g, const struct edge *e, uint32_t before)
{
    if (e->from == ABSENT)
        return false;
    const struct node *from = &g->nodes.v[e->from];
    uint32_t old = item_that(from->before, from->v->nitems, before);
    return old != MATCH_NONE && (e->to == ABSENT || e->map[old] == MATCH_NONE);
}

uint32_t lineage_change(const struct lineage *g, const struct aspect *aspect, uint32_t before,
                        uint32_t after)
{
    const struct ledger_side *sides = g->f->step->sides, *best = NULL;

    for (size_t i = g->edges.n; i > 0;) {
        uint32_t side = g->edges.v[i - 1].side;
        bool did = true; /* against all of its parents */
        for (; i > 0 && g->edges.v[i - 1].side == side; i--) {
            const struct edge *e = &g->edges.v[i - 1];
            did &= after == MATCH_NONE ? edge_takes(g, e, before) : edge_gives(g, e, aspect, after);
        }
        if (did && (!best || sides[side].parent < best->parent))
            best = &sides[side];
    }
    return best ? best->commit : LEDGER_NONE;
}
