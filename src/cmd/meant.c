/* What a query that finds nothing may have meant. */
#include "pm/command.h"

#include "pm/spell.h"

static void offer_stated(struct spell *near, struct peeked *names, struct repo *r,
                         const struct query *q)
{
    enum query_how how = query_how(q->subject, q->field);
    if (q->subject == SUBJECT_OWNER)
        index_peek(names, r, PEEK_OWNERS, slice_of(NULL), slice_of(NULL));
    else if (q->field && (how == HOW_NAME || how == HOW_PERSON))
        index_peek(names, r, PEEK_VALUES, q->field->name, slice_of(NULL));
    for (size_t i = 0; i < names->n; i++)
        spell_offer(near, names->v[i]);
}

static bool add_near(struct str *out, struct slice name, const struct spell *near)
{
    if (!near->best.n || !near->distance)
        return false;
    str_adds(out, name);
    str_addc(out, ':');
    query_add_value(out, near->best);
    return true;
}

static bool field_meant(struct str *out, struct context *c, const struct query *q)
{
    bool found = false;
    for (size_t i = 0; i < q->nvalues && !found; i++) {
        struct peeked names = {0};
        struct spell near;
        spell_init(&near, q->values[i].text);
        if (q->values[i].kind == MATCH_TEXT)
            offer_stated(&near, &names, c->repo, q);
        found = add_near(out, q->name, &near);
        peeked_release(&names);
    }
    return found;
}

static bool section_meant(struct str *out, const struct schema *s, const struct query *q)
{
    struct spell near;
    spell_init(&near, q->text);
    for (size_t i = 0; i < s->nsections && !q->section; i++)
        spell_offer(&near, s->sections[i].name);
    return add_near(out, SLICE("in"), &near);
}

bool query_meant(struct str *out, struct context *c, const struct schema *s, const struct query *q)
{
    if (q->kind == QUERY_FIELD)
        return field_meant(out, c, q);
    if (q->kind == QUERY_IN)
        return section_meant(out, s, q);
    for (size_t i = 0; q->kind == QUERY_AND && i < q->nchildren; i++)
        if (query_meant(out, c, s, q->children[i]))
            return true;
    return false;
}
