/* Counts beside an answer: what the postmortems that were found have in common. */
#include "search_private.h"

#include <stdlib.h>

struct counts {
    VEC(struct facet_value) values;
    struct map numbers; /* value → its number in values, + 1 */
    size_t counted;     /* postmortems, of which each counts once for a value */
    VEC(size_t) last;   /* for each value: the postmortem that counted last */
};

static void count(struct counts *t, struct slice value, struct arena *a)
{
    uintptr_t at = (uintptr_t)map_get(&t->numbers, value);
    if (!at) {
        vec_push(&t->values, (struct facet_value){.value = arena_dup(a, value)});
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

static void count_year(struct counts *t, const struct postmortem *pm, struct arena *a)
{
    struct str year = STR_INIT;
    str_addf(&year, "%d", pm->date.year);
    if (pm->date.year)
        count(t, str_slice(&year), a);
    str_release(&year);
    t->counted++;
}

static int by_count(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return slice_cmp(x->value, y->value);
}

const struct facet_view *search_facets(const struct corpus *found, struct arena *a)
{
    static const struct {
        const char *name, *field; /* field NULL: the year */
    } facets[FACETS] = {
        {"severity", "severity"}, {"cause", "causes"}, {"service", "services"}, {"year", NULL}};
    struct facet_view *views = arena_array(a, FACETS, sizeof *views);
    for (size_t i = 0; i < FACETS; i++) {
        struct counts t = {0};
        for (size_t k = 0; k < found->n; k++)
            if (facets[i].field)
                count_fact(&t, found->v[k], facets[i].field, a);
            else
                count_year(&t, found->v[k], a);
        vec_sort(&t.values, by_count);
        struct facet_value *values = arena_array(a, t.values.n + 1, sizeof *values);
        for (size_t k = 0; k < t.values.n; k++)
            values[k] = t.values.v[k];
        views[i] = (struct facet_view){facets[i].name, values, t.values.n};
        vec_release(&t.values);
        vec_release(&t.last);
        map_release(&t.numbers);
    }
    return views;
}
