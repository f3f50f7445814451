#include "instant.h"

#include <stdlib.h>

const struct value *instant_of(const struct postmortem *pm, const char *name)
{
    const struct fact *f = postmortem_fact(pm, name);
    bool one = f && f->how == FACT_VALUE && !f->invalid && f->nvalues == 1;
    return one && f->field && f->field->type == FIELD_TIMESTAMP ? &f->values[0] : NULL;
}

struct value instant_of_entry(const struct timeline_entry *e)
{
    return (struct value){.number = e->at,
                          .offset = e->offset,
                          .zone_known = e->zone_known,
                          .day_only = e->stated.hour < 0,
                          .approx = e->stated.approx,
                          .span = e->time_span};
}

struct date instant_day(const struct value *v)
{
    return time_date_utc(v->number + v->offset);
}

bool instant_before(const struct value *a, const struct value *b)
{
    if (!a->day_only && !b->day_only)
        return a->number < b->number;
    return date_cmp(instant_day(a), instant_day(b)) < 0;
}

struct precision instant_precision(const struct value *a, const struct value *b)
{
    bool days = a->day_only || b->day_only;
    return (struct precision){
        .date = days || date_cmp(instant_day(a), instant_day(b)) != 0 || a->offset != b->offset,
        .seconds = llabs(a->number - b->number) < 60,
        .zone = !days && a->offset != b->offset,
    };
}

void instant_add(struct str *out, const struct value *v, struct precision p)
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
