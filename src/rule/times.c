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

/* How much of two times must be shown to tell them apart. */
struct precision {
    bool date, seconds, zone;
};

static void add_time(struct str *out, const struct value *v, struct precision p)
{
    struct str text = STR_INIT;
    time_format_offset(&text, v->number, v->offset); /* 2026-03-17T14:10:00+01:00 */
    struct slice s = str_slice(&text);
    if (p.date || v->day_only)
        str_adds(out, slice_sub(s, 0, 10));
    if (!v->day_only) {
        str_addz(out, p.date ? " " : "");
        str_adds(out, slice_sub(s, 11, p.seconds ? 8 : 5));
        str_adds(out, slice_sub(s, 19, p.zone ? s.n : 0));
    }
    str_release(&text);
}

static struct date day_of(const struct value *v)
{
    return time_date_utc(v->number + v->offset);
}

/* The commonest slip: the clock passed midnight, and the date stayed. */
static bool forgot_midnight(const struct value *from, const struct value *to)
{
    enum { DAY = 24 * 3600 };
    return !from->day_only && !to->day_only && date_cmp(day_of(from), day_of(to)) == 0 &&
           to->number + DAY - from->number < DAY / 2;
}

static void hint_at_slip(struct report *r, struct finding *f, const struct value *from,
                         const struct value *to)
{
    struct str next = STR_INIT;
    if (forgot_midnight(from, to)) {
        date_format(&next, time_date_utc(to->number + to->offset + 24 * 3600));
        report_hint(r, f, "after midnight it is %s", next.p);
    } else if (!from->day_only && !to->day_only &&
               (from->offset != to->offset || from->zone_known != to->zone_known)) {
        report_hint(r, f, "the two are in different time zones: is one of the zones wrong?");
    }
    str_release(&next);
}

/* Whether the two lie in the wrong order, which is then reported. */
static bool check_pair(struct report *r, const char *earlier, const char *later)
{
    const struct fact *a, *b;
    if (!time_of(r->pm, earlier, &a) || !time_of(r->pm, later, &b))
        return false;
    const struct value *from = &a->values[0], *to = &b->values[0];
    if (!lies_before(to, from))
        return false;
    struct str text = STR_INIT;
    struct precision precision = {
        .date = date_cmp(day_of(from), day_of(to)) != 0 || from->offset != to->offset ||
                from->day_only || to->day_only,
        .seconds = from->number - to->number < 60,
        .zone = from->offset != to->offset && !from->day_only && !to->day_only,
    };
    str_addf(&text, "%s ", later);
    add_time(&text, to, precision);
    str_addf(&text, " is before %s ", earlier);
    add_time(&text, from, precision);
    hint_at_slip(r, report_at(r, RULE_TIME_ORDER, b->span, "%s", text.p), from, to);
    str_release(&text);
    return true;
}

/* A time is said to be wrong once. */
void rules_times(struct report *r)
{
    bool mitigated = check_pair(r, "started", "mitigated");
    bool resolved = check_pair(r, "started", "resolved");
    if (!mitigated && !resolved)
        check_pair(r, "mitigated", "resolved");
}
