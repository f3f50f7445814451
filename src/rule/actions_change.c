/* What became of action items in a change. */
#include "report.h"

#include "pm/caps.h"
#include "pm/vec.h"

static bool is_how(const struct promise_event *event, const char *how)
{
    return slice_eqz(event->after, how);
}

static const char *keep_it(const struct action *a)
{
    if (a->form == FORM_TABLE)
        return "keep the row, with `won't do: reason` as its status";
    if (a->form == FORM_FRONT)
        return "keep the item, with `status: wontdo` and `reason: …`";
    return "keep the item, with `won't do: reason` at its end";
}

/* Nothing that was promised, or somebody said why it is no longer. */
static bool is_settled(const struct promise_event *event, const struct postmortem *before)
{
    return event->kind != EVENT_DROPPED || event->accepted.n ||
           event->number > before->actions.n ||
           report_is_placeholder(before->actions.v[event->number - 1].text);
}

static void dropped(struct report *r, const struct promise_event *event, bool trailers)
{
    const struct action *a = &r->pm->actions.v[event->number - 1];
    bool document = is_how(event, "document"), globs = is_how(event, "globs");
    struct str ref = STR_INIT;
    promise_ref(&ref, event);
    bool by_path = slice_starts(str_slice(&ref), event->path) && ref.n > event->path.n;
    const char *name = ref.p + (by_path ? event->path.n + 1 : 0);
    struct finding *f =
        document ? report_at(r, RULE_ACTION_DROPPED, a->text_span,
                             "this action item was not resolved, and its document is gone")
        : globs  ? report_at(r, RULE_ACTION_DROPPED, a->text_span,
                             "this action item was not resolved, and the schema no longer takes its "
                              "document for a postmortem")
                 : report_at(r, RULE_ACTION_DROPPED, a->text_span,
                             "action item %s was not resolved, and it is gone", name);
    if (document)
        report_several(r, f, "action items were not resolved, and their document is gone");
    if (globs)
        report_several(r, f,
                       "action items were not resolved, and the schema no longer takes their "
                       "document for a postmortem");
    if (f)
        f->before = true;
    if (event->accepted_bare)
        report_hint(r, f, "write the reason behind `Action-Dropped: %s`", ref.p);
    else if (trailers)
        report_hint(r, f, "%s; or write in a commit message: `Action-Dropped: %s reason`",
                    keep_it(a), ref.p);
    else
        report_hint(r, f, "%s; how a commit message accepts it: pm explain action-dropped",
                    keep_it(a));
    str_release(&ref);
}

void checker_dropped(const struct checker *c, const struct postmortem *before,
                     const struct promise_event *events, size_t n, bool trailers,
                     struct findings *out)
{
    if (!checker_asks(c, RULE_ACTION_DROPPED))
        return;
    struct findings elsewhere = FINDINGS_INIT; /* what is wrong with the document before */
    struct report r = {.checker = c, .pm = before, .judged = before, .out = &elsewhere};
    r.limit = SIZE_MAX;
    rules_secrets(&r);
    r.out = out;
    r.path = SLICE("");
    r.line_number = 0;
    r.count = 0;
    r.limit = CAP_FINDINGS;
    for (size_t i = 0; i < n; i++)
        if (!is_settled(&events[i], before))
            dropped(&r, &events[i], trailers);
    vec_release(&r.keys);
    findings_release(&elsewhere);
}

void checker_reopened(const struct checker *c, const struct postmortem *pm,
                      const struct promise_event *const *events, size_t n, struct findings *out)
{
    struct report r = {.checker = c, .pm = pm, .judged = pm, .out = out, .secrets = true};
    r.limit = CAP_FINDINGS;
    if (!checker_asks(c, RULE_ACTION_REOPENED) || !pm->readable || pm->status == STATUS_DRAFT ||
        waivers_allow(pm, RULE_ACTION_REOPENED, c->options.today))
        return;
    for (size_t i = 0; i < n; i++) {
        const struct promise_event *event = events[i];
        if (event->kind != EVENT_REOPENED || !event->number_after ||
            event->number_after > pm->actions.n)
            continue;
        const struct action *a = &pm->actions.v[event->number_after - 1];
        struct finding *f = report_at(&r, RULE_ACTION_REOPENED, a->text_span,
                                      slice_eqz(event->before, "done")
                                          ? "this action item was done and is open again"
                                          : "this action item was given up and is open again");
        report_several(&r, f, "action items were resolved and are open again");
        report_hint(&r, f, "say what was missing, and whether its due date still holds");
    }
}
