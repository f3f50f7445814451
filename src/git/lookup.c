/* The entries of trees, by their names. */
#include "repo_private.h"

#include <stdlib.h>

#include "pm/alloc.h"
#include "pm/caps.h"

struct names {
    struct object tree; /* whose bytes the names are */
    VEC(struct tree_entry) entries; /* sorted by name */
};

int tree_malformed(const struct oid *tree, struct err *e)
{
    char hex[OID_HEX + 1];
    oid_hex(tree, hex);
    return err_set(e, "tree %s is malformed", hex);
}

static void names_free(struct names *n)
{
    object_release(&n->tree);
    vec_release(&n->entries);
    free(n);
}

/* Of two that a tree made by hand gives one name, the first. */
static int by_name(const void *a, const void *b)
{
    const struct tree_entry *x = a, *y = b;
    int order = slice_cmp(x->name, y->name);
    return order ? order : (x->name.p > y->name.p) - (x->name.p < y->name.p);
}

static const struct tree_entry *find(const struct names *n, struct slice name)
{
    size_t low = 0, high = n->entries.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(n->entries.v[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < n->entries.n && slice_eq(n->entries.v[low].name, name);
    return found ? &n->entries.v[low] : NULL;
}

static int read_names(struct names **out, struct repo *r, const struct oid *tree, struct err *e)
{
    struct names *n = xcalloc(1, sizeof *n);
    struct tree_entry entry;
    int more;
    if (object_read(r, tree, OBJECT_TREE, &n->tree, e) < 0) {
        free(n);
        return -1;
    }
    struct slice rest = n->tree.data;
    while ((more = tree_next(&rest, &entry)) == 1)
        vec_push(&n->entries, entry);
    if (more < 0) {
        names_free(n);
        return tree_malformed(tree, e);
    }
    vec_sort(&n->entries, by_name); /* git's order takes a folder for "folder/" */
    r->names += n->entries.n;
    *out = n;
    return 0;
}

int tree_find(struct repo *r, const struct oid *tree, struct slice name, struct tree_entry *out,
              struct err *e)
{
    const struct slice key = slice_from((const char *)tree->b, sizeof tree->b);
    struct names *n = map_get(&r->trees, key);
    if (!n) {
        if (r->names > CAP_TREE_ENTRIES)
            return err_set(e, "the folders in which paths are looked up have more than %u entries",
                           CAP_TREE_ENTRIES);
        if (read_names(&n, r, tree, e) < 0)
            return -1;
        map_put(&r->trees, key, n);
    }
    const struct tree_entry *entry = find(n, name);
    if (entry)
        *out = *entry;
    return entry != NULL;
}

void lookups_release(struct map *trees)
{
    for (size_t i = 0; i < trees->n; i++)
        names_free(trees->entries[i].value);
    map_release(trees);
}
