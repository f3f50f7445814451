/* pm/date.h - base: dates, times of day, durations, as people write them
 *
 * Proleptic Gregorian calendar, no leap seconds, years 1 to 9999. No clock and no time zone of the
 * process is read here: a time without a zone stays without one until somebody who knows applies
 * it (moment_resolve). Formats read: RFC 3339, its variants with a space, without seconds, with
 * +HH, +HHMM or a zone name after it; 2026/03/17 and 2026.03.17; "17 March 2026", "March 17, 2026",
 * "Mar 17 2026"; 2026年3月17日. Day and month in doubt (03/04/2026) is not read.
 */
#ifndef PM_DATE_H
#define PM_DATE_H

#include "pm/str.h"

struct zone; /* pm/zone.h */

struct date {
    int16_t year; /* 0: no date */
    uint8_t month, day;
};

bool date_valid(struct date d);
int date_cmp(struct date a, struct date b);
int64_t date_days(struct date d); /* since 1970-01-01 */
struct date date_from_days(int64_t days); /* outside the years 1 to 9999: the nearest day inside */
int date_weekday(struct date d);  /* 0 = Monday */
void date_format(struct str *out, struct date d); /* 2026-03-17 */
struct date date_add_months(struct date d, int64_t months); /* 31 January + 1 = 28 February */
/* YYYY-MM-DD and the other forms above, the whole of s. */
bool date_parse(struct slice s, struct date *out);
/* The same at the start of s; *used is the number of bytes read. */
bool date_scan(struct slice s, struct date *out, size_t *used);
/* The first YYYY-MM-DD or YYYY-MM in s (a file name), not part of a longer number; a missing day
 * is 1. False when there is none. */
bool date_find(struct slice s, struct date *out);

enum zone_known {
    ZONE_NONE,   /* nothing was written: to be resolved by a default */
    ZONE_OFFSET, /* a number, or Z, or an abbreviation with one meaning (UTC, GMT, CET, JST, PST) */
    ZONE_NAMED   /* an IANA name: zone_name */
};

/* What somebody wrote as a point in time. */
struct moment {
    struct date date;            /* year 0: time of day only */
    int8_t hour, minute, second; /* hour -1: a date only */
    bool approx;                 /* ~14:10, "around", 頃 */
    enum zone_known zone;
    int32_t offset;              /* seconds east of UTC, for ZONE_OFFSET */
    struct slice zone_name;      /* for ZONE_NAMED: of the parsed text, or static (for "PT") */
};

/* Reads a timestamp from the start of s: date, date and time, or time of day. *used is the number
 * of bytes read (trailing blanks not included). False when s does not start with one.
 *
 * The time may have seconds, a fraction (dropped), am or pm; a zone may follow it, also in
 * parentheses: (JST). A range ("14:00-14:10", "14:00〜14:10 JST", "2026-08-04〜05") reads its first
 * end, with the zone of either; used covers both. "14:00-05:00" is a range, too, unless the date is
 * joined by a T or the time has seconds, as in RFC 3339, or a blank is before the minus. */
bool moment_scan(struct slice s, struct moment *out, size_t *used);
/* The same, and nothing but blanks may be around it. */
bool moment_parse(struct slice s, struct moment *out);
/* Reads a zone from the start of s ("UTC+2", "JST", "Europe/Berlin", "+01:00") into m's zone,
 * offset and zone_name: for headings such as "all times in PST". CST and IST, which have several
 * meanings, are not read. */
bool moment_scan_zone(struct slice s, struct moment *m, size_t *used);

/* Seconds since the epoch. fallback is used for ZONE_NONE, find_zone (which may be NULL) resolves
 * IANA names; false when the name is unknown or the date is absent. A date only is its 00:00. A
 * local time that a zone skips is taken as after the gap; one it has twice as the first. */
typedef const struct zone *zone_lookup(void *ctx, struct slice name);
bool moment_resolve(const struct moment *m, const struct zone *fallback, zone_lookup *find_zone,
                    void *ctx, int64_t *out);

/* RFC 3339 in UTC with Z, or with the offset given (seconds). Times outside the years 1 to 9999
 * appear as the first or last second of them. */
void time_format_utc(struct str *out, int64_t t);
void time_format_offset(struct str *out, int64_t t, int32_t offset);
struct date time_date_utc(int64_t t);

/* Durations: 90s, 30m, 1h30m, "1 h 30 min", "11 Days", 2w, "1:30" (h:mm), PT1H30M, 約 7 時間 21 分;
 * the whole of s, in seconds. *approx when it says so (may be NULL). A bare number is not read
 * here: its unit is unknown. */
bool duration_parse(struct slice s, int64_t *seconds, bool *approx);
void duration_format(struct str *out, int64_t seconds); /* 45s, 12m, 3h 10m, 2d 4h: two units */

/* Dates of queries: a date, a month 2025-03, a quarter 2025-Q3, a year, today, yesterday, now,
 * +2w, -90d, today+2w. The first and last day meant. */
bool date_range_parse(struct slice s, struct date today, struct date *first, struct date *last);

#endif
