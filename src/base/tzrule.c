#include "tzif.h"

#include "pm/date.h"
#include "scan.h"

#define HOUR        3600
#define DAY         86400
#define CAP_HOURS   167 /* RFC 8536 allows rules of up to a week */
#define DEFAULT_DAY (2 * HOUR)

/* CET, or <+0530> */
static bool scan_zone_letters(struct slice *s)
{
    size_t n = 0;

    if (scan_char(s, '<')) {
        size_t end = slice_chr(*s, '>', 0);
        if (end == SIZE_MAX || end < 3)
            return false;
        *s = slice_sub(*s, end + 1, s->n);
        return true;
    }
    while (n < s->n && ascii_is_alpha((unsigned char)s->p[n]))
        n++;
    *s = slice_sub(*s, n, s->n);
    return n >= 3;
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool scan_hms(struct slice *s, int32_t *out)
{
    bool negative = scan_char(s, '-');
    int hours, minutes = 0, seconds = 0;

    if (!negative)
        scan_char(s, '+');
    if (!scan_number(s, 1, 3, &hours) || hours > CAP_HOURS)
        return false;
    if (scan_char(s, ':') && (!scan_number(s, 2, 2, &minutes) || minutes > 59))
        return false;
    if (scan_char(s, ':') && (!scan_number(s, 2, 2, &seconds) || seconds > 59))
        return false;
    *out = (hours * HOUR + minutes * 60 + seconds) * (negative ? -1 : 1);
    return true;
}

/* Offsets are written as hours west of UTC. */
static bool scan_west(struct slice *s, int32_t *east)
{
    int32_t west;

    if (!scan_hms(s, &west) || west > 25 * HOUR || west < -26 * HOUR)
        return false;
    *east = -west;
    return true;
}

static bool in(int value, int low, int high)
{
    return value >= low && value <= high;
}

/* ,M3.5.0/2 or ,J60 or ,59 */
static bool scan_day_of_year(struct slice *s, struct tzrule_day *out)
{
    struct tzrule_day d = {.kind = 'N', .time = DEFAULT_DAY};

    if (!scan_char(s, ','))
        return false;
    if (scan_char(s, 'M')) {
        d.kind = 'M';
        if (!scan_number(s, 1, 2, &d.month) || !in(d.month, 1, 12) || !scan_char(s, '.') ||
            !scan_number(s, 1, 1, &d.week) || !in(d.week, 1, 5) || !scan_char(s, '.') ||
            !scan_number(s, 1, 1, &d.day) || !in(d.day, 0, 6))
            return false;
    } else {
        if (scan_char(s, 'J'))
            d.kind = 'J';
        if (!scan_number(s, 1, 3, &d.day) || !in(d.day, d.kind == 'J', 365))
            return false;
    }
    if (scan_char(s, '/') && !scan_hms(s, &d.time))
        return false;
    *out = d;
    return true;
}

bool tzrule_parse(struct slice s, struct tzrule *out)
{
    struct tzrule r = {0};

    if (s.n) {
        r.present = true;
        if (!scan_zone_letters(&s) || !scan_west(&s, &r.standard))
            return false;
        r.has_dst = s.n > 0;
    }
    if (r.has_dst) {
        r.dst = r.standard + HOUR;
        if (!scan_zone_letters(&s))
            return false;
        if (s.n && s.p[0] != ',' && !scan_west(&s, &r.dst))
            return false;
        if (!scan_day_of_year(&s, &r.start) || !scan_day_of_year(&s, &r.end))
            return false;
    }
    *out = r;
    return !s.n;
}

/* Days since the epoch. */
static int64_t day_in_year(const struct tzrule_day *d, int year)
{
    int64_t new_year = date_days((struct date){(int16_t)year, 1, 1});
    struct date first = {(int16_t)year, (uint8_t)d->month, 1};

    if (d->kind == 'N')
        return new_year + d->day;
    if (d->kind == 'J') {
        bool leap = date_valid((struct date){(int16_t)year, 2, 29});
        return new_year + d->day - 1 + (leap && d->day > 59);
    }
    int weekday = (date_weekday(first) + 1) % 7; /* 0 = Sunday here */
    int day = 1 + (d->day - weekday + 7) % 7 + 7 * (d->week - 1);
    while (!date_valid((struct date){first.year, first.month, (uint8_t)day}))
        day -= 7; /* week 5 is the last one */
    return date_days(first) + day - 1;
}

int32_t tzrule_offset_at(const struct tzrule *r, int64_t t)
{
    if (!r->has_dst)
        return r->standard;
    /* The calendar's ends are far from any change; it does not matter in which year they fall. */
    const int64_t limit = (int64_t)9999 * 366 * DAY;
    t = t < -limit ? -limit : t > limit ? limit : t;
    int year = time_date_utc(t + r->standard).year;
    int64_t start = day_in_year(&r->start, year) * DAY + r->start.time - r->standard;
    int64_t end = day_in_year(&r->end, year) * DAY + r->end.time - r->dst;
    bool dst = start < end ? t >= start && t < end : t >= start || t < end;
    return dst ? r->dst : r->standard;
}
