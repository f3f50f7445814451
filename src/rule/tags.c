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

static void deprecated_tag(struct report *r, const struct fact *fact, const struct tag *tag,
                           const struct value *v)
{
    struct span at;
    struct finding *f = report_at(r, RULE_DEPRECATED_TAG, v->span,
                                  "tag '" SLICE_FMT "' is deprecated", SLICE_ARG(tag->name));
    report_hint(r, f, "use '" SLICE_FMT "' instead", SLICE_ARG(tag->deprecated));
    if (!value_beside(fact, v, tag->deprecated) && value_place(r->pm->doc, v, &at))
        report_fix(r, f, at, tag->deprecated);
}

static void check_tag(struct report *r, const struct fact *fact, const struct value *v)
{
    const struct tag *tag = taxonomy_find(&r->checker->schema->taxonomy, v->text);
    if (tag && tag->deprecated.n)
        deprecated_tag(r, fact, tag, v);
    else if (!tag && !report_is_placeholder(v->raw))
        unknown_tag(r, fact, v);
}

void rules_tags(struct report *r)
{
    if (!r->checker->schema->taxonomy.closed)
        return;
    for (size_t i = 0; i < r->pm->nfacts; i++) {
        const struct fact *fact = &r->pm->facts[i];
        if (!fact->field || fact->field->type != FIELD_TAG || fact->how != FACT_VALUE)
            continue;
        for (size_t k = 0; k < fact->nvalues; k++)
            check_tag(r, fact, &fact->values[k]);
    }
}
