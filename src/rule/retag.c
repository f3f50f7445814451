#include "pm/retag.h"

#include "pm/edit.h"
#include "report.h"

struct retagging {
    struct retagged *out;
    struct arena arena;
    VEC(struct splice) splices;
};

static void retag_value(struct retagging *r, const struct postmortem *pm, const struct fact *f,
                        const struct value *v, struct slice name)
{
    struct splice splice = {.text = name};
    if (value_beside(f, v, name) || !value_place(pm->doc, v, &splice.span))
        vec_push(&r->out->left, v);
    else
        vec_push(&r->splices, splice);
}

static struct slice renamed(struct retagging *r, struct slice tag, struct slice from,
                            struct slice to)
{
    struct str name = STR_INIT;
    str_adds(&name, to);
    str_adds(&name, slice_sub(tag, from.n, tag.n));
    struct slice kept = arena_dup(&r->arena, str_slice(&name));
    str_release(&name);
    return kept;
}

void retag_document(struct retagged *out, const struct postmortem *pm, struct slice from,
                    struct slice to)
{
    struct retagging r = {.out = out};
    *out = (struct retagged){.text = STR_INIT};
    for (size_t i = 0; pm->readable && i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        if (!f->field || f->field->type != FIELD_TAG || f->how != FACT_VALUE)
            continue;
        for (size_t k = 0; k < f->nvalues; k++)
            if (tag_within(f->values[k].text, from))
                retag_value(&r, pm, f, &f->values[k], renamed(&r, f->values[k].text, from, to));
    }
    out->values = r.splices.n;
    if (out->values)
        edit_apply(&out->text, pm->doc->bytes, r.splices.v, r.splices.n);
    vec_release(&r.splices);
    arena_release(&r.arena);
}

void retagged_release(struct retagged *r)
{
    str_release(&r->text);
    vec_release(&r->left);
}
