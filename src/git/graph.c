#include "graph_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

#define FIRST_SLOTS 1024u

void graph_init(struct graph *g, struct repo *r)
{
    memset(g, 0, sizeof *g);
    g->repo = r;
    g->nslots = FIRST_SLOTS;
    g->slots = xcalloc(g->nslots, sizeof *g->slots);
}

void graph_release(struct graph *g)
{
    vec_release(g);
    vec_release(&g->edges);
    free(g->slots);
    memset(g, 0, sizeof *g);
}

/* An object's name is a hash already. */
static size_t slot_of(const struct graph *g, const struct oid *id)
{
    uint64_t hash;
    memcpy(&hash, id->b, sizeof hash);
    size_t slot = (size_t)hash & (g->nslots - 1);
    while (g->slots[slot] && !oid_eq(&g->v[g->slots[slot] - 1].id, id))
        slot = (slot + 1) & (g->nslots - 1);
    return slot;
}

static void grow(struct graph *g)
{
    free(g->slots);
    g->nslots *= 2;
    g->slots = xcalloc(g->nslots, sizeof *g->slots);
    for (size_t i = 0; i < g->n; i++)
        g->slots[slot_of(g, &g->v[i].id)] = (uint32_t)i + 1;
}

uint32_t graph_node(struct graph *g, const struct oid *id)
{
    size_t slot = slot_of(g, id);
    if (g->slots[slot])
        return g->slots[slot] - 1;
    if (g->n >= UINT32_MAX - 1)
        BUG("more commits than a number holds");
    vec_push(g, (struct node){.id = *id});
    g->slots[slot] = (uint32_t)g->n;
    if (g->n * 2 > g->nslots)
        grow(g);
    return (uint32_t)g->n - 1;
}

int graph_load(struct graph *g, uint32_t node, struct err *e)
{
    struct commit c;
    struct oid id = g->v[node].id;
    if (g->v[node].loaded)
        return 0;
    if (commit_read(g->repo, &id, &c, e) < 0)
        return -1;
    uint32_t first = (uint32_t)g->edges.n;
    for (size_t i = 0; i < c.nparents; i++)
        vec_push(&g->edges, graph_node(g, &c.parents[i]));
    struct node *n = &g->v[node]; /* not before: graph_node moves them */
    n->tree = c.tree;
    n->when = c.committer.when;
    n->parents = first;
    n->nparents = (uint32_t)c.nparents;
    n->boundary = repo_cuts(g->repo, &id);
    n->loaded = true;
    commit_release(&c);
    return 0;
}

uint32_t graph_parent(const struct graph *g, uint32_t node, uint32_t i)
{
    return g->edges.v[g->v[node].parents + i];
}
