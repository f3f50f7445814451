/* The schema and the taxonomy of a push: the bytes before the first NUL are .pm/schema.yaml, those
 * behind it .pm/tags.yaml. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pm/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every name that a schema lists must lead back to what it names. */
static void check_names(const struct schema *s)
{
    for (size_t i = 0; i < s->nfields; i++) {
        const struct field *f = &s->fields[i];
        if (f->index != i || schema_field(s, f->name) != f)
            abort();
        for (size_t v = 0; v < f->nvalues; v++)
            if (field_value(f, f->values[v].name) != v)
                abort();
    }
    for (size_t i = 0; i < s->nsections; i++)
        if (schema_section(s, s->sections[i].name) != &s->sections[i])
            abort();
    for (size_t i = 0; i < s->taxonomy.ntags; i++)
        if (taxonomy_find(&s->taxonomy, s->taxonomy.tags[i].name) != &s->taxonomy.tags[i])
            abort();
}

static void check_places(const struct problems *ps, size_t size)
{
    for (size_t i = 0; i < ps->n; i++)
        if (ps->v[i].span.start > ps->v[i].span.end || ps->v[i].span.end > size)
            abort();
}

/* No folder above a document is pruned. */
static void check_pruning(const struct schema *s, struct slice path)
{
    if (!schema_is_document(s, path))
        return;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '/' && i && !schema_may_hold(s, slice_sub(path, 0, i + 1)))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = {(const char *)data, size};
    size_t nul = slice_chr(all, '\0', 0), split = nul == SIZE_MAX ? size : nul;
    struct slice schema = slice_sub(all, 0, split);
    struct slice tags = slice_sub(all, split + 1, size);
    struct schema *s = schema_load(schema, true, tags, nul != SIZE_MAX);

    check_names(s);
    check_places(&s->problems, schema.n);
    check_places(&s->tag_problems, tags.n);
    check_pruning(s, SLICE("postmortems/2026/a.md"));
    check_pruning(s, SLICE("a/b/c.md"));
    for (size_t i = 0; i < s->actions.ntrackers; i++)
        pattern_scan(s->actions.trackers[i], tags);
    schema_free(s);
    return 0;
}
