/* The merge base, as git finds it (paint_down_to_common), but with respect for `shallow`. */
#include "graph_private.h"

#include <stdlib.h>

enum paint {
    LEFT = 1,  /* reachable from a */
    RIGHT = 2, /* reachable from b */
    STALE = 4, /* reachable from a commit that both reach */
    RESULT = 8,
    QUEUED = 16,
    SEEN = 32 /* below another candidate */
};

struct painter {
    struct graph graph;
    struct nodes heap; /* newest on top */
    size_t fresh;      /* queued and not stale */
    struct nodes candidates;
};

/* Newest first; of one second, by name, so that the answer depends on the graph alone. */
static bool is_newer(const struct graph *g, uint32_t a, uint32_t b)
{
    if (g->v[a].when != g->v[b].when)
        return g->v[a].when > g->v[b].when;
    return oid_cmp(&g->v[a].id, &g->v[b].id) < 0;
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t t = *a;
    *a = *b;
    *b = t;
}

static void heap_push(struct painter *p, uint32_t node)
{
    uint32_t *v;
    vec_push(&p->heap, node);
    v = p->heap.v;
    for (size_t i = p->heap.n - 1; i > 0 && is_newer(&p->graph, v[i], v[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&v[i], &v[(i - 1) / 2]);
}

static uint32_t heap_pop(struct painter *p)
{
    uint32_t *v = p->heap.v, top = v[0];
    size_t n = --p->heap.n, i = 0;
    v[0] = v[n];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < n && is_newer(&p->graph, v[child + 1], v[child]))
            child++;
        if (child >= n || !is_newer(&p->graph, v[child], v[i]))
            return top;
        swap(&v[i], &v[child]);
        i = child;
    }
}

static int paint(struct painter *p, uint32_t node, uint32_t colours, struct err *e)
{
    if ((p->graph.v[node].mark & colours) == colours)
        return 0;
    if (graph_load(&p->graph, node, e) < 0)
        return -1;
    uint32_t *mark = &p->graph.v[node].mark;
    bool was_fresh = (*mark & QUEUED) && !(*mark & STALE);
    *mark |= colours;
    bool is_fresh = !(*mark & STALE);
    p->fresh += (size_t)is_fresh - (size_t)was_fresh;
    if (!(*mark & QUEUED)) {
        *mark |= QUEUED;
        heap_push(p, node);
    }
    return 0;
}

static int paint_all(struct painter *p, struct err *e)
{
    while (p->fresh > 0) {
        uint32_t node = heap_pop(p), *mark = &p->graph.v[node].mark;
        uint32_t colours = *mark & (LEFT | RIGHT | STALE);
        *mark &= ~(uint32_t)QUEUED;
        p->fresh -= !(colours & STALE);
        if (colours == (LEFT | RIGHT)) {
            if (!(*mark & RESULT))
                vec_push(&p->candidates, node);
            *mark |= RESULT;
            colours |= STALE;
        }
        for (uint32_t i = 0; i < p->graph.v[node].nparents; i++) {
            if (paint(p, graph_parent(&p->graph, node, i), colours, e) < 0)
                return -1;
        }
    }
    return 0;
}

/* With clocks that run backwards a candidate may be an ancestor of another: only reading what lies
 * below them all can tell. Several candidates (a criss-cross) are rare. */
static int mark_below(struct painter *p, struct err *e)
{
    struct graph *g = &p->graph;
    struct nodes todo = VEC_INIT;
    int result = 0;
    for (size_t i = 0; i < p->candidates.n; i++)
        vec_push(&todo, p->candidates.v[i]);
    while (todo.n > 0 && result == 0) {
        uint32_t node = todo.v[--todo.n];
        result = graph_load(g, node, e);
        for (uint32_t i = 0; result == 0 && i < g->v[node].nparents; i++) {
            uint32_t parent = graph_parent(g, node, i);
            if (g->v[parent].mark & SEEN)
                continue;
            g->v[parent].mark |= SEEN;
            vec_push(&todo, parent);
        }
    }
    vec_release(&todo);
    return result;
}

static bool is_base(const struct painter *p, uint32_t node)
{
    return !(p->graph.v[node].mark & (STALE | SEEN));
}

/* The newest first. */
static void take_bases(struct painter *p, struct oids *out)
{
    struct nodes *c = &p->candidates;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (is_base(p, c->v[i]))
            c->v[n++] = c->v[i];
    c->n = n;
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && is_newer(&p->graph, c->v[k], c->v[k - 1]); k--)
            swap(&c->v[k], &c->v[k - 1]);
    for (size_t i = 0; i < n; i++)
        vec_push(out, p->graph.v[c->v[i]].id);
}

int commit_merge_bases(struct repo *r, const struct oid *tip, const struct oid *others, size_t n,
                       struct oids *out, struct err *e)
{
    struct painter p = {0};
    graph_init(&p.graph, r);
    int result = paint(&p, graph_node(&p.graph, tip), LEFT, e);
    for (size_t i = 0; result == 0 && i < n; i++)
        result = paint(&p, graph_node(&p.graph, &others[i]), RIGHT, e);
    if (result == 0)
        result = paint_all(&p, e);
    if (result == 0 && p.candidates.n > 1)
        result = mark_below(&p, e);
    if (result == 0)
        take_bases(&p, out);
    graph_release(&p.graph);
    vec_release(&p.heap);
    vec_release(&p.candidates);
    return result;
}

int commit_merge_base(struct repo *r, const struct oid *a, const struct oid *b, struct oid *out,
                      struct err *e)
{
    struct oids bases = VEC_INIT;
    int result = commit_merge_bases(r, a, b, 1, &bases, e);
    if (result == 0 && bases.n > 0) {
        *out = bases.v[0];
        result = 1;
    }
    vec_release(&bases);
    return result;
}
