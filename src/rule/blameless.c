/* Language: a past that did not happen, and a review that somebody leads who has a part in it. */
#include "report.h"

#include "passages.h"
#include "words.h"

/* What might have been is the subject of some sections: how bad it could have become, what users
 * would have seen, what an action would have prevented. A timeline says what was thought at the
 * time. */
static bool may_suppose(const struct report *r, const struct section_rule *rule)
{
    static const char *const names[] = {"Impact", "Where we got lucky", NULL};
    if (!rule)
        return false;
    if (rule->kind == SECTION_TIMELINE || rule->kind == SECTION_ACTIONS)
        return true;
    for (const char *const *name = names; *name; name++)
        if (rule == schema_section(r->checker->schema, slice_of(*name)))
            return true;
    return false;
}

static void counterfactual_at(struct report *r, struct span at)
{
    struct str text = STR_INIT;
    str_addc(&text, '\'');
    passage_add_line(&text, document_slice(r->pm->doc, at));
    struct finding *f =
        report_at(r, RULE_COUNTERFACTUAL, at, "%s' speaks of a past that did not happen", text.p);
    report_hint(r, f, "say what happened, and what made it reasonable with what was known then");
    str_release(&text);
}

static void counterfactuals(struct report *r, struct span passage, struct arena *scratch)
{
    struct slice prose = passage_prose(r->pm, passage, scratch);
    struct span hit;
    for (size_t from = 0; words_find_counterfactual(r->checker->words, prose, from, &hit);
         from = hit.end)
        counterfactual_at(r, (struct span){passage.start + hit.start, passage.start + hit.end});
}

static void check_passages(struct report *r)
{
    struct passages passages;
    struct passage passage;
    struct arena scratch = ARENA_INIT;
    struct span hit;
    passages_start(&passages, r->pm);
    while (passages_next(&passages, &passage))
        if (words_find_counterfactual(r->checker->words, document_slice(r->pm->doc, passage.span),
                                      0, &hit) &&
            !may_suppose(r, passage.rule))
            counterfactuals(r, passage.span, &scratch);
    arena_release(&scratch);
}

static bool same_person(const struct value *a, const struct value *b)
{
    return slice_ieq(a->text, b->text);
}

/* Whoever commanded, or spoke for the team, has something to explain; a facilitator has not. */
static void check_facilitator(struct report *r)
{
    static const char *const roles[] = {"commander", "communications", NULL};
    const struct fact *facilitator = postmortem_fact(r->pm, "roles.facilitator");
    for (const char *const *role = roles; facilitator && *role; role++) {
        struct str name = STR_INIT;
        str_addf(&name, "roles.%s", *role);
        const struct fact *responder = postmortem_fact(r->pm, name.p);
        str_release(&name);
        if (!responder || !responder->nvalues || !facilitator->nvalues ||
            !same_person(&responder->values[0], &facilitator->values[0]))
            continue;
        struct finding *f =
            report_at(r, RULE_FACILITATOR_IS_RESPONDER, facilitator->span,
                      "the facilitator of the review had a part in the response: %s", *role);
        report_hint(r, f,
                    "ask somebody to lead the review who was not there: they can ask what "
                    "everybody else takes for granted");
        return;
    }
}

void rules_blameless(struct report *r)
{
    if (r->checker->levels[RULE_COUNTERFACTUAL] != LEVEL_OFF)
        check_passages(r);
    check_facilitator(r);
    if (r->checker->levels[RULE_PERSON_AS_CAUSE] != LEVEL_OFF)
        rules_persons(r);
}
