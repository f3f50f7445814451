#include "pm/date.h"

#include "scan.h"

#define FIRST_DAY      (-719162) /* 0001-01-01 */
#define LAST_DAY       2932896   /* 9999-12-31 */
#define DAY_SECONDS    86400
#define LONGEST_OFFSET (24 * 3600)

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool date_make(int year, int month, int day, struct date *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
        return false;
    *out = (struct date){(int16_t)year, (uint8_t)month, (uint8_t)day};
    return true;
}

bool date_valid(struct date d)
{
    return date_make(d.year, d.month, d.day, &d);
}

int date_cmp(struct date a, struct date b)
{
    int left = (a.year * 16 + a.month) * 32 + a.day;
    int right = (b.year * 16 + b.month) * 32 + b.day;

    return (left > right) - (left < right);
}

/* Years that begin in March put the leap day last, and make the lengths of their months periodic:
 * 153 days in five. An era is the 400 years, 146097 days, after which the calendar repeats. */
int64_t date_days(struct date d)
{
    int64_t year = d.year - (d.month <= 2);
    int64_t era = (year < 0 ? year - 399 : year) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = (d.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    days = days < FIRST_DAY ? FIRST_DAY : days > LAST_DAY ? LAST_DAY : days;
    int64_t since_era0 = days + 719468; /* never negative: year 0 began before FIRST_DAY */
    int64_t era = since_era0 / 146097;
    int64_t day_of_era = since_era0 % 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    int64_t year = era * 400 + year_of_era + (month >= 10);

    return (struct date){(int16_t)year, (uint8_t)(month < 10 ? month + 3 : month - 9),
                         (uint8_t)day};
}

int date_weekday(struct date d)
{
    int64_t since_monday = date_days(d) - FIRST_DAY; /* 0001-01-01 was a Monday */

    return (int)(((since_monday % 7) + 7) % 7);
}

/* A mark (none: NUL) and as many digits as are asked for: what printf would take ten times as long
 * for, and times are made by the thousand. */
static void add_number(struct str *out, char mark, int value, size_t digits)
{
    char text[8];
    size_t n = 0;

    if (mark)
        text[n++] = mark;
    for (size_t i = digits; i > 0; i--, value /= 10)
        text[n + i - 1] = (char)('0' + value % 10);
    str_add(out, text, n + digits);
}

void date_format(struct str *out, struct date d)
{
    add_number(out, '\0', d.year, 4);
    add_number(out, '-', d.month, 2);
    add_number(out, '-', d.day, 2);
}

struct date date_add_months(struct date d, int64_t months)
{
    const int64_t limit = 9999 * 12;

    months = months < -limit ? -limit : months > limit ? limit : months;
    int64_t count = (int64_t)d.year * 12 + d.month - 1 + months;
    if (count < 12)
        return date_from_days(FIRST_DAY);
    if (count >= 10000 * 12)
        return date_from_days(LAST_DAY);
    int year = (int)(count / 12), month = (int)(count % 12) + 1;
    int last = month_days(year, month);
    return (struct date){(int16_t)year, (uint8_t)month, (uint8_t)(d.day < last ? d.day : last)};
}

/* 2026-03-17, 2026/3/17, 2026.3.17 */
static bool scan_numeric(struct slice *s, struct date *out)
{
    struct slice rest = *s;
    int year, month, day;

    if (!scan_number(&rest, 4, 4, &year) || !rest.n)
        return false;
    char separator = rest.p[0];
    if ((separator != '-' && separator != '/' && separator != '.') ||
        !scan_char(&rest, separator) || !scan_number(&rest, 1, 2, &month) ||
        !scan_char(&rest, separator) || !scan_number(&rest, 1, 2, &day) ||
        !date_make(year, month, day, out))
        return false;
    *s = rest;
    return true;
}

/* 2026年3月17日 */
static bool scan_japanese(struct slice *s, struct date *out)
{
    struct slice rest = *s;
    int year, month, day;

    if (!scan_number(&rest, 4, 4, &year) || !scan_text(&rest, "年") ||
        !scan_number(&rest, 1, 2, &month) || !scan_text(&rest, "月") ||
        !scan_number(&rest, 1, 2, &day) || !scan_text(&rest, "日") ||
        !date_make(year, month, day, out))
        return false;
    *s = rest;
    return true;
}

static bool scan_day(struct slice *s, int *out)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", NULL};

    if (!scan_number(s, 1, 2, out))
        return false;
    scan_any_word(s, endings);
    return true;
}

static void scan_separator(struct slice *s)
{
    scan_char(s, ',');
    scan_blanks(s);
}

/* 17 March 2026, 17-Mar-2026, 17th of March, 2026 */
static bool scan_day_first(struct slice *s, struct date *out)
{
    struct slice rest = *s;
    int year, month, day;

    if (!scan_day(&rest, &day))
        return false;
    bool dashed = scan_char(&rest, '-');
    if (!dashed && scan_blanks(&rest) && scan_word(&rest, "of"))
        scan_blanks(&rest);
    if (!scan_month(&rest, &month) || (dashed && !scan_char(&rest, '-')))
        return false;
    scan_separator(&rest);
    if (!scan_number(&rest, 4, 4, &year) || !date_make(year, month, day, out))
        return false;
    *s = rest;
    return true;
}

/* March 17, 2026 */
static bool scan_month_first(struct slice *s, struct date *out)
{
    struct slice rest = *s;
    int year, month, day;

    if (!scan_month(&rest, &month) || !scan_blanks(&rest) || !scan_day(&rest, &day))
        return false;
    scan_separator(&rest);
    if (!scan_number(&rest, 4, 4, &year) || !date_make(year, month, day, out))
        return false;
    *s = rest;
    return true;
}

static void scan_weekday(struct slice *s)
{
    static const char *const names[] = {
        "monday", "mon.",      "mon",   "tuesday", "tues", "tue.", "tue",      "wednesday",
        "wed.",   "wed",       "thursday", "thurs", "thur", "thu.", "thu",     "friday",
        "fri.",   "fri",       "saturday", "sat.", "sat",  "sunday", "sun.",   "sun",
        NULL};

    if (scan_any_word(s, names))
        scan_separator(s);
}

bool date_scan(struct slice s, struct date *out, size_t *used)
{
    struct slice rest = s;
    struct date d;

    scan_weekday(&rest);
    if (!scan_numeric(&rest, &d) && !scan_japanese(&rest, &d) && !scan_day_first(&rest, &d) &&
        !scan_month_first(&rest, &d))
        return false;
    *out = d;
    *used = s.n - rest.n;
    return true;
}

bool date_parse(struct slice s, struct date *out)
{
    struct date d;
    size_t used;

    s = slice_trim(s);
    if (!date_scan(s, &d, &used) || used != s.n)
        return false;
    *out = d;
    return true;
}

/* YYYY-MM-DD or YYYY-MM at the front of s. */
static bool find_here(struct slice s, struct date *out)
{
    int year, month, day;

    if (!scan_number(&s, 4, 4, &year) || !scan_char(&s, '-') || !scan_number(&s, 2, 2, &month))
        return false;
    struct slice after_month = s;
    if (scan_char(&s, '-') && scan_number(&s, 2, 2, &day))
        return date_make(year, month, day, out);
    /* 2026-03-175 is an identifier, not a month. */
    if (scan_char(&after_month, '-') && at_digit(after_month))
        return false;
    return date_make(year, month, 1, out);
}

bool date_find(struct slice s, struct date *out)
{
    for (size_t i = 0; i < s.n; i++) {
        bool starts = !i || !ascii_is_digit((unsigned char)s.p[i - 1]);
        if (starts && find_here(slice_sub(s, i, s.n), out))
            return true;
    }
    return false;
}

static int64_t floor_days(int64_t t)
{
    return t / DAY_SECONDS - (t % DAY_SECONDS < 0);
}

static int64_t clamp_time(int64_t t)
{
    const int64_t first = (int64_t)FIRST_DAY * DAY_SECONDS;
    const int64_t last = (int64_t)(LAST_DAY + 1) * DAY_SECONDS - 1;

    return t < first ? first : t > last ? last : t;
}

struct date time_date_utc(int64_t t)
{
    return date_from_days(floor_days(t));
}

static void add_local(struct str *out, int64_t local)
{
    int64_t days = floor_days(local);
    int second = (int)(local - days * DAY_SECONDS);

    date_format(out, date_from_days(days));
    add_number(out, 'T', second / 3600, 2);
    add_number(out, ':', second / 60 % 60, 2);
    add_number(out, ':', second % 60, 2);
}

void time_format_utc(struct str *out, int64_t t)
{
    add_local(out, clamp_time(t));
    str_addc(out, 'Z');
}

void time_format_offset(struct str *out, int64_t t, int32_t offset)
{
    offset = offset <= -LONGEST_OFFSET || offset >= LONGEST_OFFSET ? 0 : offset / 60 * 60;
    int minutes = (offset < 0 ? -offset : offset) / 60;

    add_local(out, clamp_time(clamp_time(t) + offset));
    add_number(out, offset < 0 ? '-' : '+', minutes / 60, 2);
    add_number(out, ':', minutes % 60, 2);
}
