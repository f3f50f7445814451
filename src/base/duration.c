#include "pm/date.h"

#include "scan.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   (7 * DAY)

/* A decimal number of a unit in seconds; "1.5" of an hour is 5400. */
static bool scan_amount(struct slice *s, int64_t *whole, int64_t *millionths)
{
    struct slice rest = *s;
    int number, fraction = 0;
    int64_t scale = 1000000;

    if (!scan_number(&rest, 1, 9, &number))
        return false;
    struct slice point = rest;
    if (scan_char(&point, '.') && at_digit(point)) {
        size_t digits = point.n;
        if (!scan_number(&point, 1, 6, &fraction))
            return false;
        for (digits -= point.n; digits; digits--)
            scale /= 10;
        rest = point;
    }
    *whole = number;
    *millionths = fraction * scale;
    *s = rest;
    return true;
}

static bool scan_unit(struct slice *s, int64_t *seconds)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"weeks", WEEK},     {"week", WEEK},     {"w", WEEK},       {"週間", WEEK},
                 {"days", DAY},       {"day", DAY},       {"d", DAY},        {"日間", DAY},
                 {"日", DAY},         {"hours", HOUR},    {"hour", HOUR},    {"hrs", HOUR},
                 {"hr", HOUR},        {"h", HOUR},        {"時間", HOUR},    {"minutes", MINUTE},
                 {"minute", MINUTE},  {"mins", MINUTE},   {"min", MINUTE},   {"m", MINUTE},
                 {"分間", MINUTE},    {"分", MINUTE},     {"seconds", 1},    {"second", 1},
                 {"secs", 1},         {"sec", 1},         {"s", 1},          {"秒間", 1},
                 {"秒", 1}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (scan_word(s, units[i].name)) {
            *seconds = units[i].seconds;
            return true;
        }
    return false;
}

/* Units from the largest down, each once: "1h 30m", "2 days, 3 hours and 5 minutes". */
static bool scan_units(struct slice *s, int64_t *seconds)
{
    static const char *const joints[] = {",", "and", "&", NULL};
    int64_t total = 0, last = INT64_MAX, whole, millionths, unit;
    struct slice rest = *s;

    while (scan_amount(&rest, &whole, &millionths)) {
        scan_blanks(&rest);
        if (!scan_unit(&rest, &unit) || unit >= last)
            return false;
        total += whole * unit + millionths * unit / 1000000;
        last = unit;
        *s = rest;
        scan_blanks(&rest);
        if (scan_any_word(&rest, joints))
            scan_blanks(&rest);
    }
    *seconds = total;
    return last != INT64_MAX;
}

/* 1:30 is an hour and a half; 1:30:15 has seconds. */
static bool scan_clock(struct slice *s, int64_t *seconds)
{
    struct slice rest = *s;
    int hours, minutes, more = 0;

    if (!scan_number(&rest, 1, 4, &hours) || !scan_char(&rest, ':') ||
        !scan_number(&rest, 2, 2, &minutes) || minutes > 59)
        return false;
    if (scan_char(&rest, ':') && (!scan_number(&rest, 2, 2, &more) || more > 59))
        return false;
    *seconds = (int64_t)hours * HOUR + minutes * MINUTE + more;
    *s = rest;
    return true;
}

/* P1DT2H30M, PT45M, P2W. Years and months have no length in seconds. */
static bool scan_iso(struct slice *s, int64_t *seconds)
{
    static const struct {
        char letter;
        int64_t seconds;
        bool time;
    } units[] = {{'W', WEEK, false}, {'D', DAY, false}, {'H', HOUR, true}, {'M', MINUTE, true},
                 {'S', 1, true}};
    int64_t total = 0, whole, millionths;
    struct slice rest = *s;
    bool time = false, any = false;

    if (!scan_char(&rest, 'P'))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (!time && units[i].time && !(time = scan_char(&rest, 'T')))
            break;
        struct slice here = rest;
        if (!scan_amount(&here, &whole, &millionths) || !scan_char(&here, units[i].letter))
            continue;
        total += whole * units[i].seconds + millionths * units[i].seconds / 1000000;
        any = true;
        rest = here;
    }
    if (!any)
        return false;
    *seconds = total;
    *s = rest;
    return true;
}

bool duration_parse(struct slice s, int64_t *seconds, bool *approx)
{
    static const char *const before[] = {"~",       "～",     "≈",     "約",   "推定", "around",
                                         "about",   "approximately", "approx.", "approx", "roughly",
                                         "circa",   "ca.",    "ca",    "c.",   NULL};
    static const char *const after[] = {"頃", "ほど", "程度", "(推定)", "(approx.)", "(approx)", NULL};
    struct slice rest = slice_trim(s);
    int64_t value;

    bool vague = scan_any_word(&rest, before);
    scan_blanks(&rest);
    if (!scan_iso(&rest, &value) && !scan_clock(&rest, &value) && !scan_units(&rest, &value))
        return false;
    scan_blanks(&rest);
    vague = scan_any_word(&rest, after) || vague;
    scan_char(&rest, '.'); /* of a sentence */
    if (rest.n)
        return false;
    *seconds = value;
    if (approx)
        *approx = vague;
    return true;
}

void duration_format(struct str *out, int64_t seconds)
{
    static const struct {
        uint64_t seconds;
        char letter;
    } units[] = {{DAY, 'd'}, {HOUR, 'h'}, {MINUTE, 'm'}, {1, 's'}};
    uint64_t left = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    size_t i = 0;

    if (seconds < 0)
        str_addc(out, '-');
    while (i < 3 && left < units[i].seconds)
        i++;
    str_addf(out, "%llu%c", (unsigned long long)(left / units[i].seconds), units[i].letter);
    left %= units[i].seconds;
    if (i < 3 && left >= units[i + 1].seconds)
        str_addf(out, " %llu%c", (unsigned long long)(left / units[i + 1].seconds),
                 units[i + 1].letter);
}

/* ---- dates of queries ---------------------------------------------------------------------- */

static struct date plus(struct date d, int64_t number, char unit)
{
    switch (unit) {
    case 'y':
        return date_add_months(d, number * 12);
    case 'm':
        return date_add_months(d, number);
    case 'w':
        return date_from_days(date_days(d) + number * 7);
    default:
        return date_from_days(date_days(d) + number);
    }
}

/* today, yesterday, now, +2w, -90d, today+2w */
static bool scan_relative(struct slice *s, struct date today, struct date *out)
{
    static const struct {
        const char *name;
        int days;
    } names[] = {{"today", 0}, {"now", 0}, {"yesterday", -1}, {"tomorrow", 1}};
    struct slice rest = *s;
    struct date d = today;
    size_t i = 0, count = sizeof names / sizeof names[0];
    int number;

    while (i < count && !scan_word(&rest, names[i].name))
        i++;
    if (i < count)
        d = plus(today, names[i].days, 'd');
    bool back = scan_char(&rest, '-');
    if (back || scan_char(&rest, '+')) {
        if (!scan_number(&rest, 1, 6, &number) || rest.n != 1)
            return false;
        char unit = ascii_lower(rest.p[0]);
        if (unit != 'd' && unit != 'w' && unit != 'm' && unit != 'y')
            return false;
        d = plus(d, back ? -number : number, unit);
        scan_char(&rest, rest.p[0]);
    } else if (i == count) {
        return false;
    }
    *out = d;
    *s = rest;
    return true;
}

/* 2025, 2025-03, 2025-Q3: the first day and how many months. */
static bool scan_period(struct slice *s, struct date *first, int *months)
{
    struct slice rest = *s;
    int year, number;

    if (!scan_number(&rest, 4, 4, &year))
        return false;
    *first = (struct date){(int16_t)year, 1, 1};
    *months = 12;
    bool dash = scan_char(&rest, '-');
    if (scan_char(&rest, 'Q') || scan_char(&rest, 'q')) {
        if (!scan_number(&rest, 1, 1, &number) || number < 1 || number > 4)
            return false;
        first->month = (uint8_t)(number * 3 - 2);
        *months = 3;
    } else if (dash) {
        if (!scan_number(&rest, 1, 2, &number))
            return false;
        first->month = (uint8_t)number;
        *months = 1;
    }
    *s = rest;
    return date_valid(*first);
}

bool date_range_parse(struct slice s, struct date today, struct date *first, struct date *last)
{
    struct slice rest = slice_trim(s);
    struct date d;
    int months;

    if (date_parse(rest, &d) || (scan_relative(&rest, today, &d) && !rest.n)) {
        *first = *last = d;
        return true;
    }
    if (!scan_period(&rest, &d, &months) || rest.n)
        return false;
    *first = d;
    d = date_add_months(d, months - 1);
    while (date_valid((struct date){d.year, d.month, (uint8_t)(d.day + 1)}))
        d.day++;
    *last = d;
    return true;
}
