#include "pm/renames.h"

#include "pm/alloc.h"
#include "pm/caps.h"
#include "pm/path.h"
#include "pm/str.h"

#define COMPARED ((size_t)CAP_RENAME_CANDIDATES * CAP_RENAME_CANDIDATES) /* files of one name */

struct pairing {
    rename_list *gone, *added;
    rename_likeness *likeness;
    void *ctx;
    size_t compared; /* pairs of files whose names do not tell them apart */
    struct arena arena;
};

static void pair(struct pairing *p, size_t gone, size_t added)
{
    p->gone->v[gone].other = added;
    p->added->v[added].other = gone;
}

static bool is_free(const rename_list *files, size_t i)
{
    return files->v[i].other == RENAME_NONE;
}

static int alike(const struct pairing *p, size_t gone, size_t added)
{
    return p->likeness(p->ctx, &p->gone->v[gone], &p->added->v[added]);
}

/* ---- files that have something in common ------------------------------------------------------ */

/* A file without a counterpart yet, by what it may have in common with others. */
struct entry {
    struct slice key;
    size_t index;
};

struct entries {
    struct entry *v; /* by key, then in the order of the list */
    size_t n;
};

typedef struct slice key_of(struct pairing *p, const struct rename_file *file);
/* Pairs files that have the same key. */
typedef void pair_some(struct pairing *p, const struct entries *gone, const struct entries *added);

static int by_key(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int c = slice_cmp(a->key, b->key);

    return c ? c : (a->index > b->index) - (a->index < b->index);
}

static struct entries gather(struct pairing *p, const rename_list *files, key_of *key)
{
    struct entries out = {xcalloc(files->n, sizeof *out.v), 0};

    for (size_t i = 0; i < files->n; i++) {
        struct slice k = is_free(files, i) ? key(p, &files->v[i]) : slice_from(NULL, 0);
        if (k.n)
            out.v[out.n++] = (struct entry){k, i};
    }
    qsort(out.v, out.n, sizeof *out.v, by_key);
    return out;
}

static struct entries run_at(const struct entries *e, size_t at)
{
    size_t end = at + 1;

    while (end < e->n && slice_eq(e->v[end].key, e->v[at].key))
        end++;
    return (struct entries){e->v + at, end - at};
}

static void join(struct pairing *p, key_of *key, pair_some *pair_them)
{
    struct entries gone = gather(p, p->gone, key), added = gather(p, p->added, key);

    for (size_t g = 0, a = 0; g < gone.n && a < added.n;) {
        struct entries before = run_at(&gone, g), after = run_at(&added, a);
        int c = slice_cmp(gone.v[g].key, added.v[a].key);
        if (c == 0)
            pair_them(p, &before, &after);
        g += c <= 0 ? before.n : 0;
        a += c >= 0 ? after.n : 0;
    }
    free(gone.v);
    free(added.v);
}

/* ---- what they may have in common ------------------------------------------------------------- */

static struct slice id_of(struct pairing *p, const struct rename_file *file)
{
    (void)p;
    return file->id;
}

static struct slice content_of(struct pairing *p, const struct rename_file *file)
{
    (void)p;
    return file->content;
}

static struct slice name_of(struct pairing *p, const struct rename_file *file)
{
    (void)p;
    return path_stem(file->path);
}

static struct slice content_and_name_of(struct pairing *p, const struct rename_file *file)
{
    struct str both = STR_INIT;

    str_adds(&both, file->content);
    str_adds(&both, path_stem(file->path));
    struct slice out = arena_dup(&p->arena, str_slice(&both));
    str_release(&both);
    return out;
}

static struct slice nothing_of(struct pairing *p, const struct rename_file *file)
{
    (void)p;
    (void)file;
    return SLICE("any file");
}

/* ---- pairs ------------------------------------------------------------------------------------ */

static void pair_in_order(struct pairing *p, const struct entries *gone,
                          const struct entries *added)
{
    for (size_t i = 0; i < gone->n && i < added->n; i++)
        pair(p, gone->v[i].index, added->v[i].index);
}

struct candidate {
    int likeness;
    size_t gone, added;
};

static int likest_first(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->gone != b->gone)
        return a->gone < b->gone ? -1 : 1;
    return (a->added > b->added) - (a->added < b->added);
}

static void pair_likest(struct pairing *p, const struct entries *gone, const struct entries *added)
{
    VEC(struct candidate) found = VEC_INIT;

    for (size_t g = 0; g < gone->n && g < CAP_RENAME_CANDIDATES; g++)
        for (size_t a = 0; a < added->n && a < CAP_RENAME_CANDIDATES; a++) {
            struct candidate c = {.gone = gone->v[g].index, .added = added->v[a].index};
            c.likeness = alike(p, c.gone, c.added);
            if (c.likeness >= RENAME_ALIKE)
                vec_push(&found, c);
        }
    vec_sort(&found, likest_first);
    for (size_t i = 0; i < found.n; i++)
        if (is_free(p->gone, found.v[i].gone) && is_free(p->added, found.v[i].added))
            pair(p, found.v[i].gone, found.v[i].added);
    vec_release(&found);
}

static void pair_alike_in_order(struct pairing *p, const struct entries *gone,
                                const struct entries *added)
{
    for (size_t i = 0; i < gone->n && i < added->n; i++)
        if (alike(p, gone->v[i].index, added->v[i].index) >= RENAME_ALIKE)
            pair(p, gone->v[i].index, added->v[i].index);
}

/* Of too many with one name the first is compared with the first. */
static void pair_alike(struct pairing *p, const struct entries *gone, const struct entries *added)
{
    size_t pairs = gone->n * added->n;

    if (pairs > 1)
        p->compared += pairs;
    if (pairs == 1 || p->compared > COMPARED)
        pair_alike_in_order(p, gone, added);
    else
        pair_likest(p, gone, added);
}

/* ---- all of it -------------------------------------------------------------------------------- */

static void forget_others(rename_list *files)
{
    for (size_t i = 0; i < files->n; i++)
        files->v[i].other = RENAME_NONE;
}

void renames_find(rename_list *gone, rename_list *added, rename_likeness *likeness, void *ctx)
{
    struct pairing p = {.gone = gone, .added = added, .likeness = likeness, .ctx = ctx};

    forget_others(gone);
    forget_others(added);
    join(&p, id_of, pair_in_order);
    join(&p, content_and_name_of, pair_in_order);
    join(&p, content_of, pair_in_order);
    join(&p, name_of, pair_alike);
    join(&p, nothing_of, pair_likest);
    arena_release(&p.arena);
}
