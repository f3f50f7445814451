/* tzif.h - base, private: the compiled form of a time zone (RFC 8536)
 */
#ifndef PM_BASE_TZIF_H
#define PM_BASE_TZIF_H

#include "pm/err.h"
#include "pm/slice.h"

struct tzif_type {
    int32_t offset; /* seconds east of UTC */
    bool dst;
};

/* When daylight saving begins or ends in a year. */
struct tzrule_day {
    char kind;       /* 'M': weekday of a week of a month; 'J': 1 to 365 without 29 February;
                        'N': 0 to 365 */
    int month, week; /* 'M' */
    int day;         /* weekday, 0 = Sunday, for 'M' */
    int32_t time;    /* seconds after local midnight, may be negative */
};

/* The POSIX TZ string at the end of the file: what holds after its last time. */
struct tzrule {
    bool present, has_dst;
    int32_t standard, dst; /* seconds east of UTC */
    struct tzrule_day start, end;
};

struct tzif {
    int64_t *times; /* ascending: from times[i] on types[indexes[i]] holds; before the first, types[0] */
    uint8_t *indexes;
    size_t ntimes;
    struct tzif_type *types; /* at least one */
    size_t ntypes;
    struct tzrule rule;
};

int tzif_read(struct tzif *out, struct slice bytes, struct err *e);
void tzif_release(struct tzif *d);

/* The whole of s: CET-1CEST,M3.5.0,M10.5.0/3. The empty string is a rule that is not present. */
bool tzrule_parse(struct slice s, struct tzrule *out);
int32_t tzrule_offset_at(const struct tzrule *r, int64_t t);

#endif
