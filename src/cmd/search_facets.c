/* Counts beside an answer: what the postmortems that were found have in common. */
#include "search_private.h"

#include <stdlib.h>

struct counts {
    struct facet_counts values;
    struct map numbers; /* value → its number in values, + 1 */
    size_t counted;     /* postmortems, of which each counts once for a value */
    VEC(size_t) last;   /* for each value: the postmortem that counted last */
};

static void count(struct counts *t, struct slice value, struct arena *a)
{
    uintptr_t at = (uintptr_t)map_get(&t->numbers, value);
    if (!at) {
        vec_push(&t->values, (struct facet_count){.value = arena_dup(a, value)});
        vec_push(&t->last, SIZE_MAX);
        at = t->values.n;
        map_put(&t->numbers, value, (void *)at);
    }
    if (t->last.v[at - 1] != t->counted)
        t->values.v[at - 1].n++;
    t->last.v[at - 1] = t->counted;
}

static void count_fact(struct counts *t, const struct postmortem *pm, const char *field,
                       struct arena *a)
{
    const struct fact *f = postmortem_fact(pm, field);
    for (size_t i = 0; f && f->how == FACT_VALUE && i < f->nvalues; i++)
        if (f->values[i].text.n)
            count(t, f->values[i].text, a);
    t->counted++;
}

void search_count_facets(struct hits *found, const struct corpus *corpus)
{
    for (size_t i = 0; i < FACET_FIELDS; i++) {
        struct counts t = {0};
        for (size_t k = 0; k < corpus->n; k++)
            count_fact(&t, corpus->v[k], facet_fields[i], &found->arena);
        found->facets[i] = t.values;
        vec_release(&t.last);
        map_release(&t.numbers);
    }
}

static struct facet_counts count_years(const struct hits *found, struct arena *a)
{
    struct counts t = {0};
    for (size_t k = 0; k < found->n; k++) {
        int year = found->v[k].date.year;
        if (year)
            count(&t, slice_of(arena_fmt(a, "%d", year)), a);
        t.counted++;
    }
    vec_release(&t.last);
    map_release(&t.numbers);
    return t.values;
}

static int by_count(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return slice_cmp(x->value, y->value);
}

static struct facet_view view_of(const char *name, const struct facet_counts *counts,
                                 struct arena *a)
{
    struct facet_value *values = arena_array(a, counts->n + 1, sizeof *values);
    for (size_t k = 0; k < counts->n; k++)
        values[k] = (struct facet_value){counts->v[k].value, counts->v[k].n};
    qsort(values, counts->n, sizeof *values, by_count);
    return (struct facet_view){name, values, counts->n};
}

const struct facet_view *search_facets(const struct hits *found, struct arena *a)
{
    static const char *const names[FACET_FIELDS] = {"severity", "cause", "service"};
    struct facet_view *views = arena_array(a, FACETS, sizeof *views);
    struct facet_counts years = count_years(found, a);
    for (size_t i = 0; i < FACET_FIELDS; i++)
        views[i] = view_of(names[i], &found->facets[i], a);
    views[FACET_FIELDS] = view_of("year", &years, a);
    vec_release(&years);
    return views;
}
