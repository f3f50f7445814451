#include "pm/facts.h"

#include <stdlib.h>
#include <string.h>

void facts_init(struct facts *fs, const struct reader *rd, struct postmortem *pm)
{
    *fs = (struct facts){.pm = pm, .rd = rd};
    fs->of_field = arena_array(&pm->doc->arena, rd->schema->nfields + 1, sizeof *fs->of_field);
    fs->local = (struct local_zone){.zone = zone_utc()};
    if (rd->schema->timezone.n > 0)
        when_zone_named(rd, rd->schema->timezone, &fs->local);
}

void facts_finish(struct facts *fs)
{
    struct postmortem *pm = fs->pm;
    pm->facts = arena_array(&pm->doc->arena, fs->list.n, sizeof *pm->facts);
    pm->nfacts = fs->list.n;
    if (fs->list.n > 0)
        memcpy(pm->facts, fs->list.v, fs->list.n * sizeof *pm->facts);
    vec_release(&fs->list);
    map_release(&fs->others);
}

const struct fact *facts_get(const struct facts *fs, const struct field *f)
{
    uint32_t i = f ? fs->of_field[f->index] : 0;
    return i ? &fs->list.v[i - 1] : NULL;
}

const struct fact *facts_named(const struct facts *fs, const char *field)
{
    struct slice name = slice_of(field);
    for (size_t i = 0; i < fs->list.n; i++)
        if (slice_eq(fs->list.v[i].name, name))
            return &fs->list.v[i];
    return NULL;
}

bool facts_add(struct facts *fs, struct fact fact)
{
    bool own = fact.field && slice_eq(fact.name, fact.field->name);
    if (own ? fs->of_field[fact.field->index] != 0 : map_get(&fs->others, fact.name) != NULL)
        return false;
    vec_push(&fs->list, fact);
    if (own)
        fs->of_field[fact.field->index] = (uint32_t)fs->list.n;
    else
        map_put(&fs->others, fact.name, fs->pm);
    return true;
}

bool facts_add_value(struct facts *fs, const struct field *f, enum fact_origin origin,
                     struct value value, struct span key)
{
    if (fs->of_field[f->index])
        return false;
    struct fact fact = {.field = f, .name = f->name, .origin = origin, .nvalues = 1};
    fact.values = arena_array(&fs->pm->doc->arena, 1, sizeof *fact.values);
    fact.values[0] = value;
    fact.key = key;
    fact.span = value.span;
    return facts_add(fs, fact);
}
