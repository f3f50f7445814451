/* What a change did to a document that was more than a draft. */
#include "report.h"

static void severity_lowered(struct report *r)
{
    const struct fact *now = postmortem_fact(r->pm, "severity");
    size_t was = postmortem_severity(r->before), is = postmortem_severity(r->pm);
    if (was == SIZE_MAX || is == SIZE_MAX || is <= was)
        return;
    struct slice then = postmortem_text(r->before, "severity");
    struct finding *f = report_at(r, RULE_SEVERITY_LOWERED, now->span,
                                  "the severity was " SLICE_FMT " and is " SLICE_FMT,
                                  SLICE_ARG(then), SLICE_ARG(postmortem_text(r->pm, "severity")));
    report_hint(r, f, "say in the document why: less is asked of a lower severity");
}

/* A day to which a time is added was not edited. */
static bool same_time(const struct value *a, const struct value *b)
{
    enum { DAY = 86400 };
    int64_t later = b->number - a->number;
    return later == 0 || (a->day_only && later > 0 && later < DAY);
}

static void time_edited(struct report *r, const char *name)
{
    const struct fact *was = postmortem_fact(r->before, name), *is = postmortem_fact(r->pm, name);
    if (!was || !was->nvalues || !is || is->invalid || is->origin == FACT_DERIVED)
        return;
    if (is->nvalues && same_time(&was->values[0], &is->values[0]))
        return;
    struct finding *f =
        report_at(r, RULE_TIMES_EDITED, is->span, "%s was " SLICE_FMT " when this was published",
                  name, SLICE_ARG(slice_trim(was->values[0].raw)));
    report_hint(r, f, "where a correction is meant, say so: others may have counted with it");
}

void rules_change(struct report *r)
{
    static const char *const times[] = {"started", "detected", "mitigated", "resolved"};
    if (!r->before || !r->before->readable || r->before->status == STATUS_DRAFT)
        return;
    severity_lowered(r);
    for (size_t i = 0; r->before->status == STATUS_PUBLISHED && i < sizeof times / sizeof *times;
         i++)
        time_edited(r, times[i]);
}

bool checker_changed_id(const struct checker *c, const struct postmortem *before,
                        const struct postmortem *pm, struct findings *out, struct claim *claim)
{
    struct findings list = FINDINGS_INIT;
    struct report r = {.checker = c, .pm = pm, .judged = pm, .out = &list, .secrets = true};
    r.limit = 1;
    if (!checker_asks(c, RULE_ID_CHANGED) || !before || before->id_from != ID_STATED ||
        before->status == STATUS_DRAFT || pm->status == STATUS_DRAFT || !pm->readable ||
        !before->readable || slice_eq(before->id, pm->id) ||
        waivers_allow(pm, RULE_ID_CHANGED, c->options.today))
        return false;
    bool stated = pm->id_from == ID_STATED;
    if (!stated)
        r.pm = before;
    struct finding *f =
        report_at(&r, RULE_ID_CHANGED, postmortem_fact(r.pm, "id")->span,
                  stated ? "the id was '" SLICE_FMT "': whatever names it leads nowhere"
                         : "the id '" SLICE_FMT "' is gone: whatever names it leads nowhere",
                  SLICE_ARG(before->id));
    report_hint(&r, f, "an id stays for good: write `id: " SLICE_FMT "`", SLICE_ARG(before->id));
    f->before = !stated;
    claim->id = arena_dup(&out->arena, before->id);
    claim->finding = *f;
    arena_take(&out->arena, &list.arena);
    findings_release(&list);
    return true;
}

bool checker_draft(const struct checker *c, const struct postmortem *pm, struct findings *out,
                   struct claim *claim)
{
    struct findings list = FINDINGS_INIT;
    struct report r = {.checker = c, .pm = pm, .judged = pm, .out = &list, .secrets = true};
    const struct fact *status = postmortem_fact(pm, "status");
    r.limit = 1;
    r.draft = true;
    if (!checker_asks(c, RULE_STALE_DRAFT) || !pm->readable || pm->status != STATUS_DRAFT ||
        !status || waivers_allow(pm, RULE_STALE_DRAFT, c->options.today))
        return false;
    struct finding *f = report_at(&r, RULE_STALE_DRAFT, status->span,
                                  "this has been a draft for more than %d days", STALE_DRAFT_DAYS);
    report_hint(&r, f, "set `status: review`, with what is known: `unknown` is an accepted answer");
    claim->id = arena_dup(&out->arena, pm->path);
    claim->finding = *f;
    arena_take(&out->arena, &list.arena);
    findings_release(&list);
    return true;
}
