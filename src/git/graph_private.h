/* git: commits by number, read when first needed */
#ifndef PM_GRAPH_PRIVATE_H
#define PM_GRAPH_PRIVATE_H

#include "repo_private.h"

struct node {
    struct oid id, tree;
    int64_t when;     /* committer's date */
    uint32_t parents; /* index into graph.edges */
    uint32_t nparents;
    uint32_t mark; /* the walker's own */
    bool loaded, boundary;
};

struct graph {
    struct repo *repo;
    struct node *v;
    size_t n, cap;
    struct {
        uint32_t *v;
        size_t n, cap;
    } edges;
    uint32_t *slots; /* node + 1; 0: free */
    size_t nslots;
};

struct nodes { /* a list or a stack of them */
    uint32_t *v;
    size_t n, cap;
};

void graph_init(struct graph *g, struct repo *r);
void graph_release(struct graph *g);
uint32_t graph_node(struct graph *g, const struct oid *id);    /* not loaded when it is new */
int graph_load(struct graph *g, uint32_t node, struct err *e); /* nothing when it is loaded */
uint32_t graph_parent(const struct graph *g, uint32_t node, uint32_t i);

#endif
