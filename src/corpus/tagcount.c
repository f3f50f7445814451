#include "pm/tagcount.h"

#include <stdlib.h>
#include <string.h>

#include "pm/vec.h"

/* One tag of one postmortem. */
struct use {
    size_t postmortem; /* in path order */
    struct slice tag, path;
    struct place place;
    size_t open; /* unresolved items of the postmortem */
};

struct gathered {
    struct arena arena;
    VEC(struct use) uses;
    size_t postmortems, untagged;
};

struct counting {
    struct gathered by_thread[CORPUS_THREADS];
    struct tag_counts *out;
    VEC(struct tag_count) counts;
    struct map numbers;  /* name → number in counts, + 1 */
    VEC(size_t) counted; /* for each of counts: the postmortem that was counted last, + 1 */
};

/* ---- reading ---- */

static size_t unresolved_items(const struct postmortem *pm)
{
    size_t n = 0;
    for (size_t i = 0; i < pm->actions.n; i++)
        n += pm->actions.v[i].state < STATE_DONE;
    return n;
}

static void note_uses(void *ctx, unsigned thread, size_t number, struct postmortem *pm)
{
    struct counting *k = ctx;
    struct gathered *g = &k->by_thread[thread];
    size_t before = g->uses.n, open = unresolved_items(pm);
    struct slice path = arena_dup(&g->arena, pm->path);
    for (size_t i = 0; pm->readable && i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        if (!f->field || f->field->type != FIELD_TAG || f->how != FACT_VALUE)
            continue;
        for (size_t j = 0; j < f->nvalues; j++) {
            const struct value *v = &f->values[j];
            struct use use = {number, arena_dup(&g->arena, v->text), path,
                              document_place(pm->doc, v->span.start), open};
            if (tag_valid(v->text))
                vec_push(&g->uses, use);
        }
    }
    g->postmortems += pm->readable;
    g->untagged += pm->readable && g->uses.n == before;
    postmortem_free(pm);
}

/* ---- counting ---- */

static struct tag_count *count_of(struct counting *k, struct slice name, size_t *number)
{
    uintptr_t at = (uintptr_t)map_get(&k->numbers, name);
    if (!at) {
        struct tag_count count = {.name = arena_dup(&k->out->arena, name)};
        vec_push(&k->counts, count);
        vec_push(&k->counted, 0);
        at = k->counts.n;
        map_put(&k->numbers, name, (void *)at);
    }
    *number = at - 1;
    return &k->counts.v[at - 1];
}

/* Uses come postmortem by postmortem: so each is counted once for a tag. */
static void count_within(struct counting *k, const struct use *use, struct slice name)
{
    size_t number;
    struct tag_count *count = count_of(k, name, &number);
    if (k->counted.v[number] == use->postmortem + 1)
        return;
    k->counted.v[number] = use->postmortem + 1;
    count->all++;
    count->open += use->open;
}

static void count_use(struct counting *k, const struct use *use)
{
    size_t number;
    for (size_t end = slice_chr(use->tag, '/', 0); end != SIZE_MAX;
         end = slice_chr(use->tag, '/', end + 1))
        count_within(k, use, slice_sub(use->tag, 0, end));
    count_within(k, use, use->tag);
    struct tag_count *count = count_of(k, use->tag, &number);
    if (!count->own++) {
        count->path = arena_dup(&k->out->arena, use->path);
        count->place = use->place;
    }
}

static int by_postmortem(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    if (x->postmortem != y->postmortem)
        return x->postmortem < y->postmortem ? -1 : 1;
    int order = slice_cmp(x->tag, y->tag);
    if (order)
        return order;
    return x->place.line != y->place.line ? (x->place.line < y->place.line ? -1 : 1)
                                          : (x->place.column > y->place.column) -
                                                (x->place.column < y->place.column);
}

static void count_all(struct counting *k)
{
    VEC(struct use) uses = VEC_INIT;
    for (unsigned i = 0; i < CORPUS_THREADS; i++) {
        struct gathered *g = &k->by_thread[i];
        for (size_t j = 0; j < g->uses.n; j++)
            vec_push(&uses, g->uses.v[j]);
        k->out->postmortems += g->postmortems;
        k->out->untagged += g->untagged;
    }
    vec_sort(&uses, by_postmortem);
    for (size_t i = 0; i < uses.n; i++) {
        bool again = i && uses.v[i - 1].postmortem == uses.v[i].postmortem &&
                     slice_eq(uses.v[i - 1].tag, uses.v[i].tag);
        if (!again)
            count_use(k, &uses.v[i]);
    }
    vec_release(&uses);
}

static void add_taxonomy(struct counting *k, const struct taxonomy *t)
{
    for (size_t i = 0; i < t->ntags; i++) {
        size_t number;
        count_of(k, t->tags[i].name, &number)->tag = &t->tags[i];
    }
}

/* A tag before those below it, and these before its next sibling: '/' sorts before all else. */
static int by_name(const void *a, const void *b)
{
    struct slice x = ((const struct tag_count *)a)->name, y = ((const struct tag_count *)b)->name;
    size_t i = 0;
    while (i < x.n && i < y.n && x.p[i] == y.p[i])
        i++;
    if (i == x.n || i == y.n)
        return (x.n > y.n) - (x.n < y.n);
    if (x.p[i] == '/' || y.p[i] == '/')
        return x.p[i] == '/' ? -1 : 1;
    return (unsigned char)x.p[i] < (unsigned char)y.p[i] ? -1 : 1;
}

int tag_counts_read(struct tag_counts *out, struct repo *r, const struct state *s, struct err *e)
{
    struct tag_counts counts = {0};
    struct counting k = {.out = &counts};
    const struct visitor visitor = {note_uses, &k, 0};
    int failed = corpus_each(r, s, NULL, 0, &visitor, e);
    if (!failed) {
        add_taxonomy(&k, &s->schema->taxonomy);
        count_all(&k);
        vec_sort(&k.counts, by_name);
        counts.v = k.counts.v;
        counts.n = k.counts.n;
        *out = counts;
    }
    for (unsigned i = 0; i < CORPUS_THREADS; i++) {
        vec_release(&k.by_thread[i].uses);
        arena_release(&k.by_thread[i].arena);
    }
    vec_release(&k.counted);
    map_release(&k.numbers);
    return failed;
}

void tag_counts_release(struct tag_counts *t)
{
    free(t->v);
    arena_release(&t->arena);
    *t = (struct tag_counts){0};
}

bool tag_count_unknown(const struct tag_count *t, const struct taxonomy *taxonomy)
{
    return taxonomy->closed && !t->tag && t->own;
}
