/* Which vanished file is which added one, by content: the same, or at least half of it. */
#include "ledger_private.h"

#include "pm/caps.h"
#include "pm/path.h"

#include <stdlib.h>
#include <string.h>

/* An arrival or a departure whose counterpart is not known, by its content and its file's stem. */
struct loose {
    const struct version *content;
    struct slice stem;
    uint32_t index;
};

struct loose_list {
    VEC(struct loose) from, to; /* departures, arrivals */
};

static void gather_loose(const struct plan *p, struct loose_list *out)
{
    vec_clear(&out->from);
    vec_clear(&out->to);
    for (uint32_t i = 0; i < p->departures.n; i++) {
        const struct departure *d = &p->departures.v[i];
        if (!d->settled)
            vec_push(&out->from, (struct loose){plan_document(p, d->document)->content,
                                                path_stem(d->edit->path), i});
    }
    for (uint32_t i = 0; out->from.n && i < p->arrivals.n; i++) {
        const struct arrival *a = &p->arrivals.v[i];
        if (a->document == LEDGER_NONE)
            vec_push(&out->to, (struct loose){a->edit->after, path_stem(a->edit->path), i});
    }
}

typedef int loose_order(const struct loose *a, const struct loose *b);

/* Any order that brings equals together: which, decides nothing. Pointers into different objects
 * have none of their own. */
static int by_content(const struct loose *a, const struct loose *b)
{
    uintptr_t x = (uintptr_t)a->content, y = (uintptr_t)b->content;

    return (x > y) - (x < y);
}

static int by_stem(const struct loose *a, const struct loose *b)
{
    return slice_cmp(a->stem, b->stem);
}

static int by_content_and_stem(const struct loose *a, const struct loose *b)
{
    int c = by_content(a, b);

    return c ? c : by_stem(a, b);
}

#define SORT(order)                                                                                \
    static int order##_then_path(const void *x, const void *y)                                     \
    {                                                                                              \
        const struct loose *a = x, *b = y;                                                         \
        int c = order(a, b);                                                                       \
        return c ? c : (a->index > b->index) - (a->index < b->index);                              \
    }
SORT(by_content)
SORT(by_stem)
SORT(by_content_and_stem)
#undef SORT

/* Pairs what is equal in an order, one to one, in path order; no more than a sort however many
 * files a commit moves. Only files that are alike, where that is asked. */
static void claim_equal(struct plan *p, loose_order *order, int (*sort)(const void *, const void *),
                        bool ask)
{
    struct loose_list l = {VEC_INIT, VEC_INIT};

    gather_loose(p, &l);
    vec_sort(&l.from, sort);
    vec_sort(&l.to, sort);
    for (size_t i = 0, k = 0; i < l.from.n && k < l.to.n;) {
        int c = order(&l.from.v[i], &l.to.v[k]);
        if (c == 0 &&
            (!ask || fold_likeness(p->f, l.from.v[i].content, l.to.v[k].content) >= ALIKE))
            plan_settle(p, &p->arrivals.v[l.to.v[k].index],
                        p->departures.v[l.from.v[i].index].document);
        i += c <= 0;
        k += c >= 0;
    }
    vec_release(&l.from);
    vec_release(&l.to);
}

struct rename {
    int likeness;
    uint32_t departure, arrival;
};

static int likest_first(const void *x, const void *y)
{
    const struct rename *a = x, *b = y;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->departure != b->departure)
        return a->departure < b->departure ? -1 : 1;
    return (a->arrival > b->arrival) - (a->arrival < b->arrival);
}

static void claim_alike(struct plan *p)
{
    VEC(struct rename) found = VEC_INIT;
    struct loose_list l = {VEC_INIT, VEC_INIT};

    gather_loose(p, &l);
    for (size_t i = 0; i < l.from.n && i < CAP_RENAME_CANDIDATES; i++)
        for (size_t k = 0; k < l.to.n && k < CAP_RENAME_CANDIDATES; k++) {
            int percent = fold_likeness(p->f, l.from.v[i].content, l.to.v[k].content);
            if (percent >= ALIKE)
                vec_push(&found, (struct rename){percent, l.from.v[i].index, l.to.v[k].index});
        }
    vec_sort(&found, likest_first);
    for (size_t i = 0; i < found.n; i++) {
        const struct departure *d = &p->departures.v[found.v[i].departure];
        struct arrival *a = &p->arrivals.v[found.v[i].arrival];
        if (!d->settled && a->document == LEDGER_NONE)
            plan_settle(p, a, d->document);
    }
    vec_release(&l.from);
    vec_release(&l.to);
    vec_release(&found);
}

/* A folder may be moved with all that is in it, so only the last of these is capped. */
void plan_claim_by_content(struct plan *p)
{
    claim_equal(p, by_content_and_stem, by_content_and_stem_then_path, false);
    claim_equal(p, by_content, by_content_then_path, false);
    claim_equal(p, by_stem, by_stem_then_path, true);
    claim_alike(p);
}
