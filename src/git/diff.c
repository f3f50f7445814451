#include "pm/diff.h"

#include "repo_private.h"
#include "tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/caps.h"

#define KEPT_TREES 512u
#define KEPT_BYTES (16u * 1024u * 1024u)
#define CHUNK      4096u /* compared by memcmp */

struct tree {
    struct oid id;
    struct object raw;
    uint32_t users; /* the differ, while it keeps it, and every comparison under way */
};

/* A step along a chain compares the tree that the step before has just read. */
struct differ {
    struct repo *repo;
    struct tree *kept[KEPT_TREES]; /* by the first bytes of the name */
    size_t bytes;
    size_t hand; /* the next to go when there are too many bytes */
};

struct run {
    struct differ *differ;
    path_wanted *wanted;
    change_seen *seen;
    void *ctx;
    struct err *e;
    struct str path;
    size_t entries; /* looked at: CAP_TREE_ENTRIES */
};

struct differ *differ_new(struct repo *r)
{
    struct differ *d = xcalloc(1, sizeof *d);
    d->repo = r;
    return d;
}

static void tree_put(struct tree *t)
{
    if (!t || --t->users > 0)
        return;
    object_release(&t->raw);
    free(t);
}

static void forget(struct differ *d, size_t slot)
{
    if (!d->kept[slot])
        return;
    d->bytes -= d->kept[slot]->raw.data.n;
    tree_put(d->kept[slot]);
    d->kept[slot] = NULL;
}

void differ_free(struct differ *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < KEPT_TREES; i++)
        forget(d, i);
    free(d);
}

static void keep(struct differ *d, struct tree *t, size_t slot)
{
    forget(d, slot);
    for (size_t i = 0; i < KEPT_TREES && d->bytes + t->raw.data.n > KEPT_BYTES; i++) {
        forget(d, d->hand);
        d->hand = (d->hand + 1) % KEPT_TREES;
    }
    d->kept[slot] = t;
    d->bytes += t->raw.data.n;
    t->users++;
}

/* The tree, to be given back with tree_put; *out is NULL for the empty one. */
static int tree_get(struct tree **out, struct differ *d, const struct oid *id, struct err *e)
{
    struct object raw;
    uint32_t hash;
    if (oid_is_zero(id)) {
        *out = NULL;
        return 0;
    }
    memcpy(&hash, id->b, sizeof hash);
    size_t slot = hash % KEPT_TREES;
    struct tree *t = d->kept[slot];
    if (!t || !oid_eq(&t->id, id)) {
        if (object_read(d->repo, id, OBJECT_TREE, &raw, e) < 0)
            return -1;
        t = xcalloc(1, sizeof *t);
        t->id = *id;
        t->raw = raw;
        keep(d, t, slot);
    }
    t->users++;
    *out = t;
    return 0;
}

/* One side of a comparison. */
struct side {
    const struct oid *id;
    struct tree *tree;
    struct slice rest; /* behind the entry */
    struct tree_entry entry;
    bool has; /* an entry that is not yet dealt with */
};

static int advance(struct run *run, struct side *s)
{
    char hex[OID_HEX + 1];
    int more = tree_next(&s->rest, &s->entry);
    s->has = more == 1;
    if (more < 0) {
        oid_hex(s->id, hex);
        return err_set(run->e, "tree %s is malformed", hex);
    }
    if (more && ++run->entries > CAP_TREE_ENTRIES)
        return err_set(run->e, "a tree has more than %u entries", CAP_TREE_ENTRIES);
    return 0;
}

static size_t common_prefix(struct slice a, struct slice b)
{
    size_t max = a.n < b.n ? a.n : b.n, n = 0;
    for (size_t step = CHUNK; step >= 64; step /= 64) {
        while (max - n >= step && memcmp(a.p + n, b.p + n, step) == 0)
            n += step;
    }
    while (n < max && a.p[n] == b.p[n])
        n++;
    return n;
}

static size_t common_suffix(struct slice a, struct slice b)
{
    size_t max = a.n < b.n ? a.n : b.n, n = 0;
    for (size_t step = CHUNK; step >= 64; step /= 64) {
        while (max - n >= step && memcmp(a.p + a.n - n - step, b.p + b.n - n - step, step) == 0)
            n += step;
    }
    while (n < max && a.p[a.n - n - 1] == b.p[b.n - n - 1])
        n++;
    return n;
}

/* Leaves out the entries that both begin with. Entries end 20 bytes behind a NUL; nothing else
 * about those left out matters, and this is where a walk spends its time. */
static void skip_common(struct side *a, struct side *b)
{
    size_t same = common_prefix(a->rest, b->rest), at = 0;
    const char *start = a->rest.p, *nul;
    while ((nul = memchr(start + at, '\0', same - at))) {
        size_t next = (size_t)(nul - start) + 1 + OID_SIZE;
        if (next > same)
            break;
        at = next;
    }
    a->rest = slice_sub(a->rest, at, a->rest.n);
    b->rest = slice_sub(b->rest, at, b->rest.n);
}

static bool is_folder(const struct tree_entry *e)
{
    return (e->mode & MODE_TYPE) == MODE_FOLDER;
}

static bool is_file(const struct tree_entry *e)
{
    return (e->mode & MODE_TYPE) == MODE_FILE;
}

/* git's order: a folder sorts as if its name ended in '/'. */
static int compare_entries(const struct tree_entry *a, const struct tree_entry *b)
{
    size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
    int order = memcmp(a->name.p, b->name.p, n);
    if (order != 0)
        return order;
    unsigned char x = n < a->name.n ? (unsigned char)a->name.p[n] : is_folder(a) ? '/' : 0;
    unsigned char y = n < b->name.n ? (unsigned char)b->name.p[n] : is_folder(b) ? '/' : 0;
    return x < y ? -1 : x > y;
}

static int compare_trees(struct run *run, const struct oid *before, const struct oid *after,
                         unsigned depth);

/* Entries of one name and sort: either may be NULL. */
static int compare_pair(struct run *run, const struct tree_entry *a, const struct tree_entry *b,
                        unsigned depth)
{
    static const struct oid none;
    const struct tree_entry *any = a ? a : b;
    size_t length = run->path.n;
    int result = 0;
    if (is_folder(any)) {
        const struct oid *x = a ? &a->id : &none, *y = b ? &b->id : &none;
        if (oid_eq(x, y))
            return 0;
        str_adds(&run->path, any->name);
        str_addc(&run->path, '/');
        if (!run->wanted || run->wanted(run->ctx, str_slice(&run->path), true))
            result = compare_trees(run, x, y, depth + 1);
    } else {
        const struct oid *x = a && is_file(a) ? &a->id : &none;
        const struct oid *y = b && is_file(b) ? &b->id : &none;
        if (oid_eq(x, y))
            return 0;
        str_adds(&run->path, any->name);
        struct change change = {str_slice(&run->path), *x, *y};
        if (!run->wanted || run->wanted(run->ctx, change.path, false))
            result = run->seen(run->ctx, &change);
    }
    str_truncate(&run->path, length);
    return result;
}

static int merge(struct run *run, struct side *a, struct side *b, unsigned depth)
{
    size_t same = common_suffix(a->rest, b->rest);
    for (;;) {
        /* Entries are read from the front, so equal bytes behind two boundaries are equal entries:
         * this is where most comparisons end, right behind the one entry that changed. */
        if (!a->has && !b->has && a->rest.n == b->rest.n && a->rest.n <= same)
            return 0;
        if ((!a->has && advance(run, a) < 0) || (!b->has && advance(run, b) < 0))
            return -1;
        int order = !b->has ? -1 : !a->has ? 1 : compare_entries(&a->entry, &b->entry);
        const struct tree_entry *x = order <= 0 ? &a->entry : NULL;
        const struct tree_entry *y = order >= 0 ? &b->entry : NULL;
        int result = compare_pair(run, x, y, depth);
        if (result != 0)
            return result;
        a->has = a->has && !x;
        b->has = b->has && !y;
    }
}

static int compare_trees(struct run *run, const struct oid *before, const struct oid *after,
                         unsigned depth)
{
    struct side a = {.id = before}, b = {.id = after};
    int result = -1;
    if (depth > CAP_TREE_DEPTH)
        return err_set(run->e, "folders are nested more than %u deep", CAP_TREE_DEPTH);
    if (tree_get(&a.tree, run->differ, before, run->e) < 0 ||
        tree_get(&b.tree, run->differ, after, run->e) < 0)
        goto out;
    if (a.tree)
        a.rest = a.tree->raw.data;
    if (b.tree)
        b.rest = b.tree->raw.data;
    if (a.tree && b.tree)
        skip_common(&a, &b);
    result = merge(run, &a, &b, depth);

out:
    tree_put(a.tree);
    tree_put(b.tree);
    return result;
}

int differ_run(struct differ *d, const struct oid *before, const struct oid *after,
               path_wanted *wanted, change_seen *seen, void *ctx, struct err *e)
{
    struct run run = {d, wanted, seen, ctx, e, STR_INIT, 0};
    int result = oid_eq(before, after) ? 0 : compare_trees(&run, before, after, 0);
    str_release(&run.path);
    return result;
}
