/* What the postmortems of rows say. */
#include "index_private.h"

#include <stdlib.h>

static struct slice joined(const struct postmortem *pm, const char *field, struct arena *a)
{
    const struct fact *f = postmortem_fact(pm, field);
    struct str text = STR_INIT;
    for (size_t i = 0; f && !f->invalid && i < f->nvalues; i++)
        str_addf(&text, "%s" SLICE_FMT, i ? "\n" : "", SLICE_ARG(f->values[i].text));
    struct slice s = arena_dup(a, str_slice(&text));
    str_release(&text);
    return s;
}

static void take_facts(void *ctx, size_t n, const struct asked_document *d)
{
    struct action_rows *rows = ctx;
    struct action_row *row = &rows->v[n];
    const struct postmortem *pm = asked_postmortem(d);
    if (!pm)
        return;
    row->severity = arena_dup(&rows->arena, postmortem_text(pm, "severity"));
    row->services = joined(pm, "services", &rows->arena);
    row->causes = joined(pm, "causes", &rows->arena);
    row->date = pm->date;
}

static int read_facts(struct index *i, struct action_rows *rows, struct err *e)
{
    const struct asked k = {.index = i, .needed = true};
    row_places places = VEC_INIT;
    for (size_t n = 0; n < rows->n; n++) {
        struct row_place place = {.path = rows->v[n].path, .document = rows->v[n].document};
        vec_push(&places, place);
    }
    int failed = asked_each(&k, places.v, places.n, take_facts, rows, e);
    vec_release(&places);
    return failed;
}

int index_facts(struct index *i, struct action_rows *rows, struct err *e)
{
    int failed;
    do
        failed = read_facts(i, rows, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}
