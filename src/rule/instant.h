/* instant.h - points in time as rules compare and show them */
#ifndef PM_RULE_INSTANT_H
#define PM_RULE_INSTANT_H

#include "pm/postmortem.h"

/* The value of a fact that states one point in time; NULL: absent, unknown, n/a or unreadable. */
const struct value *instant_of(const struct postmortem *pm, const char *name);
/* An entry of the timeline that is dated, as a value. */
struct value instant_of_entry(const struct timeline_entry *e);

/* On the clock that the document shows. */
struct date instant_day(const struct value *v);
/* A date alone is before nothing of the same day. */
bool instant_before(const struct value *a, const struct value *b);

/* How much of two times must be shown to tell them apart. */
struct precision {
    bool date, seconds, zone;
};
struct precision instant_precision(const struct value *a, const struct value *b);
void instant_add(struct str *out, const struct value *v, struct precision p);

#endif
