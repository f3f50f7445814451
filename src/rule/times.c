/* Times: what cannot have happened in that order. */
#include "report.h"

/* The fact's point in time; false when it has none to compare. A date alone is compared with
 * nothing of the same day. */
static bool time_of(const struct postmortem *pm, const char *name, const struct fact **fact)
{
    *fact = postmortem_fact(pm, name);
    return *fact && (*fact)->how == FACT_VALUE && !(*fact)->invalid && (*fact)->nvalues == 1;
}

static bool lies_before(const struct value *a, const struct value *b)
{
    if (!a->day_only && !b->day_only)
        return a->number < b->number;
    struct date day_a = time_date_utc(a->number + a->offset);
    struct date day_b = time_date_utc(b->number + b->offset);
    return date_cmp(day_a, day_b) < 0;
}

static void add_time(struct str *out, const struct value *v, bool with_date)
{
    struct str text = STR_INIT;
    time_format_offset(&text, v->number, v->offset);
    struct slice s = str_slice(&text);
    if (v->day_only)
        str_adds(out, slice_sub(s, 0, 10));
    else if (with_date)
        str_addf(out, "%.10s %.5s", text.p, text.p + 11);
    else
        str_adds(out, slice_sub(s, 11, 5));
    str_release(&text);
}

static void check_pair(struct report *r, const char *earlier, const char *later)
{
    const struct fact *a, *b;
    if (!time_of(r->pm, earlier, &a) || !time_of(r->pm, later, &b))
        return;
    const struct value *from = &a->values[0], *to = &b->values[0];
    if (!lies_before(to, from))
        return;
    struct str text = STR_INIT;
    bool other_day = date_cmp(time_date_utc(from->number + from->offset),
                              time_date_utc(to->number + to->offset)) != 0 ||
                     from->offset != to->offset;
    str_addf(&text, "%s ", later);
    add_time(&text, to, other_day);
    str_addf(&text, " is before %s ", earlier);
    add_time(&text, from, other_day);
    struct finding *f = report_at(r, RULE_TIME_ORDER, b->span, "%s", text.p);
    if (from->offset != to->offset || from->zone_known != to->zone_known)
        report_hint(r, f, "the two are in different time zones: is one of the zones wrong?");
    str_release(&text);
}

void rules_times(struct report *r)
{
    check_pair(r, "started", "mitigated");
    check_pair(r, "started", "resolved");
    check_pair(r, "mitigated", "resolved");
}
