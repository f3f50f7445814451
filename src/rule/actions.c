/* Action items: a promise has an owner and a day, a refusal has a reason. */
#include "report.h"

static void check_open(struct report *r, const struct action *a)
{
    const struct action_rules *rules = &r->checker->schema->actions;
    struct finding *f;
    if (rules->required[ACTION_OWNER] && !a->nowners) {
        f = report_at(r, RULE_ACTION_MISSING_OWNER, a->text_span, "this action item has no owner");
        report_hint(r, f, "name who is accountable: '@alice' behind the item");
    }
    if (rules->required[ACTION_DUE] && !a->due.year && !a->tracker.n) {
        f = report_at(r, RULE_ACTION_MISSING_DUE, a->text_span,
                      "this action item has neither a due date nor a ticket");
        report_hint(r, f, "add 'due 2026-04-01' or a link to its ticket behind the item");
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
            report_hint(r, f, "add \"won't do: reason\" behind the item");
        }
    }
}
