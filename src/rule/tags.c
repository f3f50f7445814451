/* Tags: of the taxonomy, where the repository has one. */
#include "report.h"

static void unknown_tag(struct report *r, const struct fact *fact, const struct value *v)
{
    const struct tag *near = taxonomy_nearest(&r->checker->schema->taxonomy, v->text);
    struct finding *f =
        report_at(r, RULE_UNKNOWN_TAG, v->span,
                  "'" SLICE_FMT "' in '" SLICE_FMT "' is not a tag of .pm/tags.yaml",
                  SLICE_ARG(v->raw), SLICE_ARG(fact->name));
    if (near)
        report_hint(r, f, "did you mean '" SLICE_FMT "'?", SLICE_ARG(near->name));
    else
        report_hint(r, f, "use a tag that is listed there, or add this one");
}

void rules_tags(struct report *r)
{
    const struct taxonomy *t = &r->checker->schema->taxonomy;
    if (!t->closed)
        return;
    for (size_t i = 0; i < r->pm->nfacts; i++) {
        const struct fact *fact = &r->pm->facts[i];
        if (!fact->field || fact->field->type != FIELD_TAG || fact->how != FACT_VALUE)
            continue;
        for (size_t k = 0; k < fact->nvalues; k++)
            if (!taxonomy_find(t, fact->values[k].text) &&
                !report_is_placeholder(fact->values[k].raw))
                unknown_tag(r, fact, &fact->values[k]);
    }
}
