#include "pm/walk.h"

#include "graph_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

enum mark {
    NEW,     /* not seen */
    CHAIN,   /* on the first-parent chain, its step not yet reached */
    OPEN,    /* on the stack: meeting it again is a circle */
    DONE,    /* in the order */
    ANCIENT, /* reachable from the stop, found by reading its history */
    PAST     /* the same, and a parent of something in the order */
};

struct frame {
    uint32_t node, next; /* its parent to look at next */
};

struct walker {
    struct graph graph;
    const struct walk_past *past;
    struct nodes chain; /* root or stop first */
    struct nodes order, before;
    VEC(struct frame) stack;
    VEC(uint32_t) steps; /* of order */
    bool stopped;        /* chain.v[0] is the stop */
    struct nodes todo;   /* of the past, their parents not yet looked at: a heap, the youngest first */
    bool looked_back;
};

static int circle(const struct walker *w, uint32_t node, struct err *e)
{
    char hex[OID_HEX + 1];
    oid_hex(&w->graph.v[node].id, hex);
    return err_set(e, "commit %s is its own ancestor: the repository is damaged", hex);
}

static void reverse(struct nodes *list)
{
    for (size_t i = 0; i < list->n / 2; i++) {
        uint32_t swap = list->v[i];
        list->v[i] = list->v[list->n - 1 - i];
        list->v[list->n - 1 - i] = swap;
    }
}

/* From the tip to the root, or to the first commit that the caller knows. */
static int find_chain(struct walker *w, const struct oid *tip, struct err *e)
{
    struct graph *g = &w->graph;
    uint32_t node = graph_node(g, tip);
    for (;;) {
        if (g->v[node].mark != NEW)
            return circle(w, node, e);
        if (graph_load(g, node, e) < 0)
            return -1;
        g->v[node].mark = CHAIN;
        vec_push(&w->chain, node);
        w->stopped = w->past && w->past->on_chain(w->past->ctx, &g->v[node].id);
        if (w->stopped || g->v[node].nparents == 0)
            break;
        node = graph_parent(g, node, 0);
    }
    reverse(&w->chain);
    return 0;
}

/* An element that is no commit: what a merge of the heads into the end of the chain would be. */
static void add_virtual_merge(struct walker *w, const struct oid *heads, size_t nheads)
{
    static const struct oid nobody;
    struct graph *g = &w->graph;
    struct nodes parents = VEC_INIT;
    vec_push(&parents, w->chain.v[w->chain.n - 1]);
    for (size_t i = 0; i < nheads; i++)
        vec_push(&parents, graph_node(g, &heads[i]));
    uint32_t merge = graph_node(g, &nobody);
    struct node *n = &g->v[merge];
    n->parents = (uint32_t)g->edges.n;
    n->nparents = (uint32_t)parents.n;
    n->loaded = true;
    for (size_t i = 0; i < parents.n; i++)
        vec_push(&g->edges, parents.v[i]);
    vec_push(&w->chain, merge);
    vec_release(&parents);
}

/* Is the stop reached from this commit over commits of one parent only? */
static int is_line(struct walker *w, uint32_t from, struct err *e)
{
    struct graph *g = &w->graph;
    uint32_t node = from;
    for (size_t steps = 0; node != w->chain.v[0]; steps++) {
        if (graph_load(g, node, e) < 0)
            return -1;
        if (g->v[node].nparents != 1 || steps > g->n) /* more steps than commits: a circle */
            return 0;
        node = graph_parent(g, node, 0);
    }
    return 1;
}

static bool is_younger(const struct walker *w, size_t a, size_t b)
{
    return w->graph.v[w->todo.v[a]].when > w->graph.v[w->todo.v[b]].when;
}

static void swap_todo(struct walker *w, size_t a, size_t b)
{
    uint32_t node = w->todo.v[a];
    w->todo.v[a] = w->todo.v[b];
    w->todo.v[b] = node;
}

static void push_todo(struct walker *w, uint32_t node)
{
    vec_push(&w->todo, node);
    for (size_t at = w->todo.n - 1; at > 0 && is_younger(w, at, (at - 1) / 2); at = (at - 1) / 2)
        swap_todo(w, at, (at - 1) / 2);
}

static uint32_t pop_todo(struct walker *w)
{
    uint32_t node = w->todo.v[0];
    w->todo.v[0] = w->todo.v[--w->todo.n];
    for (size_t at = 0, child; (child = 2 * at + 1) < w->todo.n; at = child) {
        if (child + 1 < w->todo.n && is_younger(w, child + 1, child))
            child++;
        if (!is_younger(w, child, at))
            break;
        swap_todo(w, at, child);
    }
    return node;
}

/* Marks what is reachable from the stop over commits that are not older than `until`. */
static int read_past(struct walker *w, int64_t until, struct err *e)
{
    struct graph *g = &w->graph;
    if (!w->looked_back)
        push_todo(w, w->chain.v[0]);
    w->looked_back = true;
    while (w->todo.n > 0 && g->v[w->todo.v[0]].when >= until) {
        uint32_t node = pop_todo(w);
        for (uint32_t i = 0; i < g->v[node].nparents; i++) {
            uint32_t parent = graph_parent(g, node, i);
            if (g->v[parent].mark != NEW)
                continue;
            if (graph_load(g, parent, e) < 0)
                return -1;
            g->v[parent].mark = ANCIENT;
            push_todo(w, parent);
        }
    }
    return 0;
}

/* Of a commit that is loaded: 1, or 0 for a new one. Where dates run forward, nothing on a way from
 * the stop to it is older than it. */
static int is_past(struct walker *w, uint32_t node, struct err *e)
{
    const struct node *n = &w->graph.v[node];
    if (!w->stopped)
        return 0;
    if (w->past->reachable)
        return w->past->reachable(w->past->ctx, &n->id);
    if (read_past(w, w->past->forward ? n->when : INT64_MIN, e) < 0)
        return -1;
    return w->graph.v[node].mark == ANCIENT;
}

static void finish(struct walker *w, uint32_t node, uint32_t step)
{
    w->graph.v[node].mark = DONE;
    vec_push(&w->order, node);
    vec_push(&w->steps, step);
}

/* Comes to a parent: what is past or new is taken up. */
static int enter(struct walker *w, uint32_t node, struct err *e)
{
    struct node *n = &w->graph.v[node];
    if (n->mark == DONE || n->mark == PAST)
        return 0;
    if (n->mark == OPEN || n->mark == CHAIN)
        return circle(w, node, e);
    if (graph_load(&w->graph, node, e) < 0)
        return -1;
    int past = is_past(w, node, e);
    if (past < 0)
        return -1;
    w->graph.v[node].mark = past ? PAST : OPEN;
    if (past)
        vec_push(&w->before, node);
    else
        vec_push(&w->stack, (struct frame){node, 0});
    return 0;
}

/* A merged side, depth first: every parent before its children, in the order of the parents. */
static int descend(struct walker *w, uint32_t from, uint32_t step, struct err *e)
{
    if (enter(w, from, e) < 0)
        return -1;
    while (w->stack.n > 0) {
        struct frame *top = &w->stack.v[w->stack.n - 1];
        if (top->next < w->graph.v[top->node].nparents) {
            if (enter(w, graph_parent(&w->graph, top->node, top->next++), e) < 0)
                return -1;
            continue;
        }
        finish(w, top->node, step);
        w->stack.n--;
    }
    return 0;
}

static int put_in_order(struct walker *w, struct err *e)
{
    for (size_t k = 0; k < w->chain.n; k++) {
        uint32_t node = w->chain.v[k];
        bool stop = w->stopped && k == 0;
        for (uint32_t i = 1; !stop && i < w->graph.v[node].nparents; i++) {
            if (descend(w, graph_parent(&w->graph, node, i), (uint32_t)k, e) < 0)
                return -1;
        }
        finish(w, node, (uint32_t)k);
    }
    return 0;
}

static void put_commit(struct walk *out, const struct node *n, uint32_t step)
{
    struct walk_commit *c = &out->v[out->n++];
    c->id = n->id;
    c->tree = n->tree;
    c->step = step;
    c->boundary = n->boundary;
    c->past = n->mark == PAST;
}

static size_t count_edges(const struct walker *w)
{
    size_t edges = 0;
    for (size_t i = 0; i < w->order.n; i++)
        edges += w->graph.v[w->order.v[i]].nparents;
    return edges;
}

/* The stop, the past, the rest; marks become places in out->v. */
static void put_out(struct walker *w, struct walk *out)
{
    struct node *nodes = w->graph.v;
    size_t first = w->stopped, n = w->order.n + w->before.n, edges = 0;
    uint32_t *place = xcalloc(w->graph.n, sizeof *place);
    memset(out, 0, sizeof *out);
    out->forward = !w->stopped || w->past->forward;
    out->v = xcalloc(n, sizeof *out->v);
    out->parents = xcalloc(count_edges(w) + 1, sizeof *out->parents);
    for (size_t i = 0; i < w->order.n; i++) {
        for (size_t k = 0; i == first && k < w->before.n; k++) {
            place[w->before.v[k]] = (uint32_t)out->n;
            put_commit(out, &nodes[w->before.v[k]], 0);
        }
        place[w->order.v[i]] = (uint32_t)out->n;
        put_commit(out, &nodes[w->order.v[i]], w->steps.v[i]);
        if (i < first)
            continue;
        struct walk_commit *c = &out->v[out->n - 1];
        c->first_parent = (uint32_t)edges;
        c->nparents = nodes[w->order.v[i]].nparents;
        for (uint32_t k = 0; k < c->nparents; k++) {
            uint32_t parent = graph_parent(&w->graph, w->order.v[i], k);
            out->forward &= nodes[parent].when <= nodes[w->order.v[i]].when;
            out->parents[edges++] = place[parent];
        }
    }
    out->nchain = w->chain.n;
    out->chain = xcalloc(w->chain.n, sizeof *out->chain);
    for (size_t k = 0; k < w->chain.n; k++) {
        out->chain[k] = place[w->chain.v[k]];
        out->v[out->chain[k]].on_chain = true;
    }
    free(place);
}

static void walker_release(struct walker *w)
{
    graph_release(&w->graph);
    vec_release(&w->chain);
    vec_release(&w->order);
    vec_release(&w->before);
    vec_release(&w->stack);
    vec_release(&w->steps);
    vec_release(&w->todo);
}

int walk_since(struct walk *out, struct repo *r, const struct oid *tip,
               const struct walk_past *past, bool *found, struct err *e)
{
    struct walker w = {.past = past};
    graph_init(&w.graph, r);
    int result = find_chain(&w, tip, e);
    if (result == 0)
        result = put_in_order(&w, e);
    if (result == 0) {
        put_out(&w, out);
        if (found)
            *found = w.stopped;
    }
    walker_release(&w);
    return result;
}

/* The virtual merge is known by what it merges. */
static void name_merge(struct walk *out, struct walker *w, const struct oid *head)
{
    struct walk_commit *merge = &out->v[out->chain[out->nchain - 1]];
    merge->id = *head;
    merge->tree = w->graph.v[graph_node(&w->graph, head)].tree;
}

int walk_merged(struct walk *out, struct repo *r, const struct oid *base, const struct oid *head,
                struct err *e)
{
    struct walker w = {.past = NULL};
    graph_init(&w.graph, r);
    int result = find_chain(&w, base, e);
    if (result == 0) {
        add_virtual_merge(&w, head, 1);
        result = put_in_order(&w, e);
    }
    if (result == 0) {
        put_out(&w, out);
        name_merge(out, &w, head);
    }
    walker_release(&w);
    return result;
}

static bool is_stop(void *ctx, const struct oid *id)
{
    return oid_eq(*(const struct oid *const *)ctx, id);
}

static bool knows_no_commit(void *ctx, const struct oid *id)
{
    (void)ctx;
    (void)id;
    return false;
}

/* What would be the first commit. */
static void walk_first(struct walk *out)
{
    *out = (struct walk){.v = xcalloc(1, sizeof *out->v), .n = 1, .nchain = 1};
    out->v[0].on_chain = true;
    out->parents = xcalloc(1, sizeof *out->parents);
    out->chain = xcalloc(1, sizeof *out->chain);
}

int walk_between(struct walk *out, struct repo *r, const struct oid *base, const struct oid *heads,
                 size_t nheads, struct err *e)
{
    struct walk_past past = {&base, is_stop, NULL, false};
    struct walker w = {.past = &past};
    if (!base) {
        walk_first(out);
        return 0;
    }
    graph_init(&w.graph, r);
    int result = find_chain(&w, base, e);
    if (result == 0) {
        add_virtual_merge(&w, heads, nheads);
        int line = nheads == 1 ? is_line(&w, graph_node(&w.graph, &heads[0]), e) : nheads == 0;
        if (line > 0)
            past.reachable = knows_no_commit;
        result = line < 0 ? -1 : put_in_order(&w, e);
    }
    if (result == 0) {
        put_out(&w, out);
        if (nheads == 1)
            name_merge(out, &w, &heads[0]);
    }
    walker_release(&w);
    return result;
}

int walk_history(struct walk *out, struct repo *r, const struct oid *tip, const struct oid *stop,
                 bool *found, struct err *e)
{
    struct walk_past past = {&stop, is_stop, NULL, false};
    return walk_since(out, r, tip, stop ? &past : NULL, found, e);
}

void walk_release(struct walk *w)
{
    free(w->v);
    free(w->parents);
    free(w->chain);
    memset(w, 0, sizeof *w);
}
