/* Action items: a promise has an owner and a day, a refusal has a reason. */
#include "report.h"

/* How to add a fact depends on where the item stands. */
static void hint_by_form(struct report *r, struct finding *f, const struct action *a,
                         const char *column, const char *key, const char *tail)
{
    if (a->form == FORM_TABLE)
        report_hint(r, f, "fill the column '%s' of the table; add it where there is none", column);
    else if (a->form == FORM_FRONT)
        report_hint(r, f, "add '%s' to the item", key);
    else
        report_hint(r, f, "%s", tail);
}

static void check_open(struct report *r, const struct action *a)
{
    const struct action_rules *rules = &r->checker->schema->actions;
    struct finding *f;
    if (rules->required[ACTION_OWNER] && !a->nowners) {
        f = report_at(r, RULE_ACTION_MISSING_OWNER, a->text_span, "this action item has no owner");
        report_several(r, f, "action items have no owner");
        hint_by_form(r, f, a, "Owner", "owner: alice",
                     "name who is accountable: `@alice` at the end of the item");
    }
    if (rules->required[ACTION_DUE] && !a->due.year && !a->tracker.n) {
        f = report_at(r, RULE_ACTION_MISSING_DUE, a->text_span,
                      "this action item has neither a due date nor a ticket");
        report_several(r, f, "action items have neither a due date nor a ticket");
        hint_by_form(r, f, a, "Due", "due: 2026-04-01",
                     "add `due 2026-04-01` or a link to its ticket at the end of the item");
    }
}

void rules_actions(struct report *r)
{
    for (size_t i = 0; i < r->pm->actions.n; i++) {
        const struct action *a = &r->pm->actions.v[i];
        if (a->state == STATE_OPEN || a->state == STATE_IN_PROGRESS)
            check_open(r, a);
        if (a->state == STATE_WONTDO && !a->reason.n) {
            struct finding *f = report_at(r, RULE_WONTDO_NEEDS_REASON, a->text_span,
                                          "this action item will not be done, and nothing says why");
            report_several(r, f, "action items will not be done, and nothing says why");
            hint_by_form(r, f, a, "Note", "reason: replaced by A1",
                         "add `won't do: replaced by A1`, or whatever the reason is");
        }
    }
}
