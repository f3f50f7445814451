#include "pm/date.h"

#include "pm/utf8.h"
#include "pm/zone.h"
#include "scan.h"

/* A time while it is read: what decides about how the text after it is to be understood. */
struct reading {
    struct moment m;
    bool formal;   /* joined by T, or with seconds: RFC 3339 */
    bool meridiem; /* am or pm was written */
};

static const char *const approx_before[] = {"~",       "～",      "≈",      "約",   "around",
                                            "about",   "approximately", "approx.", "approx",
                                            "circa",   "ca.",     "ca",     "c.",   NULL};
static const char *const approx_after[] = {"頃",        "ごろ",     "前後",   "(推定)",
                                           "（推定）", "(approx.)", "(approx)", NULL};

/* +3 and -10, and not +0300 or +3:00: after a time it may well be a number of something. */
static bool is_bare_number(struct slice sign)
{
    int number;

    if (!scan_char(&sign, '+') && !scan_char(&sign, '-') && !scan_text(&sign, "−"))
        return false;
    return scan_number(&sign, 1, 2, &number) && !at_colon_digit(sign);
}

/* Whether the sign that follows is that of an offset, and not a dash: see pm/date.h. */
static bool may_be_offset(const struct reading *r, struct slice rest, bool blank)
{
    if (r->m.hour < 0 || (blank && !r->m.date.year && is_bare_number(rest)))
        return false;
    return !at_minus(rest) || (r->m.date.year && (r->formal || blank));
}

static void scan_zone_after(struct slice *s, struct reading *r)
{
    struct slice rest = *s;
    bool blank = scan_blanks(&rest);
    struct moment ignored = r->m;

    if (scan_bracketed_zone(&rest, &r->m)) {
        *s = rest;
        return;
    }
    bool sign = at_minus(rest) || slice_starts(rest, SLICE("+"));
    if ((sign && !may_be_offset(r, rest, blank)) || !scan_bare_zone(&rest, &r->m))
        return;
    if (r->m.zone == ZONE_OFFSET)
        scan_bracketed_zone(&rest, &ignored); /* RFC 9557: the offset has the last word */
    *s = rest;
}

/* ---- times --------------------------------------------------------------------------------- */

static bool scan_approx(struct slice *s, const char *const *words)
{
    struct slice rest = *s;

    scan_blanks(&rest);
    if (!scan_any_word(&rest, words))
        return false;
    if (words == approx_before)
        scan_blanks(&rest);
    *s = rest;
    return true;
}

/* am or pm after a time of the twelve hours. */
static bool scan_meridiem(struct slice *s, int *hour)
{
    static const char *const am[] = {"am", "a.m.", NULL}, *const pm[] = {"pm", "p.m.", NULL};
    struct slice rest = *s;

    scan_blanks(&rest);
    bool after_noon = scan_any_word(&rest, pm);
    if ((!after_noon && !scan_any_word(&rest, am)) || at_digit(rest))
        return false;
    if (*hour > 12 && !after_noon)
        return false;
    if (*hour <= 12) /* "14:10pm" is what some people write */
        *hour = *hour % 12 + (after_noon ? 12 : 0);
    *s = rest;
    return true;
}

static void scan_fraction(struct slice *s)
{
    struct slice rest = *s;

    if (!scan_char(&rest, '.') && !scan_char(&rest, ','))
        return;
    if (!at_digit(rest))
        return;
    while (at_digit(rest))
        rest = slice_sub(rest, 1, rest.n);
    *s = rest;
}

/* :MM, :MM:SS, :MM:SS.fff after the hour. */
static bool scan_minutes(struct slice *s, struct reading *r, int *minute, int *second)
{
    struct slice rest = *s;

    if (!scan_char(&rest, ':') || !scan_number(&rest, 2, 2, minute) || *minute > 59)
        return false;
    if (at_colon_digit(rest)) {
        scan_char(&rest, ':');
        if (!scan_number(&rest, 2, 2, second) || *second > 60 || at_colon_digit(rest))
            return false;
        *second -= *second == 60; /* no leap seconds here */
        r->formal = true;
        scan_fraction(&rest);
    }
    *s = rest;
    return true;
}

/* 14時10分, 14時 */
static bool scan_japanese_time(struct slice *s, int *minute)
{
    struct slice rest = *s;

    if (!scan_text(&rest, "時") || slice_starts(rest, SLICE("間")))
        return false;
    *s = rest;
    if (scan_number(&rest, 1, 2, minute) && *minute < 60 && scan_text(&rest, "分"))
        *s = rest;
    else
        *minute = 0;
    return true;
}

static bool scan_time(struct slice *s, struct reading *r)
{
    struct slice rest = *s;
    bool afternoon = scan_text(&rest, "午後"), morning = !afternoon && scan_text(&rest, "午前");
    int hour, minute = 0, second = 0;

    scan_blanks(&rest);
    if (!scan_number(&rest, 1, 2, &hour) || hour > 23)
        return false;
    bool clock = scan_minutes(&rest, r, &minute, &second) || scan_japanese_time(&rest, &minute);
    r->meridiem = scan_meridiem(&rest, &hour);
    if ((!clock && !r->meridiem) || at_digit(rest))
        return false;
    if ((afternoon && hour < 12) || (morning && hour == 12))
        hour = afternoon ? hour + 12 : 0;
    r->m.hour = (int8_t)hour;
    r->m.minute = (int8_t)minute;
    r->m.second = (int8_t)second;
    *s = rest;
    return true;
}

/* The time that belongs to a date: "T12:31", " 12:31", ", ~12:31", " at 12:31". */
static void scan_time_after_date(struct slice *s, struct reading *r)
{
    static const char *const joints[] = {",", "at", "@", NULL};
    struct slice rest = *s;
    bool joined = scan_char(&rest, 'T') || scan_char(&rest, 't');

    if (!joined) {
        bool blank = scan_blanks(&rest);
        bool joint = scan_any_word(&rest, joints);
        scan_blanks(&rest);
        bool approx = scan_approx(&rest, approx_before);
        if (!blank && !joint && !approx && at_alnum(rest))
            return;
        if (!scan_time(&rest, r))
            return;
        r->m.approx = r->m.approx || approx;
    } else if (!scan_time(&rest, r)) {
        return;
    }
    r->formal = r->formal || joined;
    *s = rest;
}

static bool scan_point(struct slice *s, struct reading *r)
{
    struct slice rest = *s;
    size_t used;

    *r = (struct reading){.m = {.hour = -1}};
    r->m.approx = scan_approx(&rest, approx_before);
    if (date_scan(rest, &r->m.date, &used)) {
        rest = slice_sub(rest, used, rest.n);
        if (at_digit(rest))
            return false;
        scan_time_after_date(&rest, r);
    } else if (!scan_time(&rest, r)) {
        return false;
    }
    r->m.approx = scan_approx(&rest, approx_after) || r->m.approx;
    scan_zone_after(&rest, r);
    r->m.approx = scan_approx(&rest, approx_after) || r->m.approx;
    *s = rest;
    return true;
}

/* ---- ranges -------------------------------------------------------------------------------- */

/* "2:30-3:00pm": the first end is in the same half of the day, unless that would turn it round. */
static void share_meridiem(struct reading *first, const struct reading *last)
{
    if (first->meridiem || !last->meridiem || first->m.hour < 1 || first->m.hour > 12)
        return;
    int hour = first->m.hour % 12 + (last->m.hour >= 12 ? 12 : 0);
    if (hour * 60 + first->m.minute > last->m.hour * 60 + last->m.minute)
        hour = (hour + 12) % 24;
    first->m.hour = (int8_t)hour;
}

/* The 05 of "2026-08-04〜05", or the 08-05 of "2026-08-04〜08-05". */
static bool scan_short_end(struct slice *s)
{
    struct slice rest = *s;
    int number;

    if (!scan_number(&rest, 1, 2, &number) || number < 1 || number > 31)
        return false;
    struct slice day = rest;
    if (scan_char(&day, '-') && scan_number(&day, 1, 2, &number))
        rest = day;
    scan_text(&rest, "日");
    scan_approx(&rest, approx_after);
    size_t at = 0;
    if (rest.n && (rest.p[0] == ':' || utf8_is_letter(utf8_next(rest, &at))))
        return false;
    *s = rest;
    return true;
}

/* Takes the rest of a range that begins with the point just read. */
static void scan_range_end(struct slice *s, struct reading *first)
{
    static const char *const marks[] = {"–", "—", "-", "−", "〜", "～", "~", "→", "to", "until", NULL};
    struct slice rest = *s;
    struct reading last;

    scan_blanks(&rest);
    struct slice mark = rest;
    if (!scan_any_word(&rest, marks))
        return;
    bool wave = slice_starts(mark, SLICE("〜")) || slice_starts(mark, SLICE("～"));
    scan_blanks(&rest);
    if (scan_point(&rest, &last)) {
        share_meridiem(first, &last);
        if (first->m.zone == ZONE_NONE) {
            first->m.zone = last.m.zone;
            first->m.offset = last.m.offset;
            first->m.zone_name = last.m.zone_name;
        }
        *s = rest;
    } else if (wave && first->m.hour < 0 && scan_short_end(&rest)) {
        *s = rest;
    }
}

bool moment_scan(struct slice s, struct moment *out, size_t *used)
{
    struct slice rest = s;
    struct reading r;

    if (!scan_point(&rest, &r))
        return false;
    scan_range_end(&rest, &r);
    *out = r.m;
    *used = s.n - rest.n;
    return true;
}

bool moment_parse(struct slice s, struct moment *out)
{
    struct moment m;
    size_t used;

    s = slice_trim(s);
    if (!moment_scan(s, &m, &used) || used != s.n)
        return false;
    *out = m;
    return true;
}

bool moment_resolve(const struct moment *m, const struct zone *fallback, zone_lookup *find_zone,
                    void *ctx, int64_t *out)
{
    const struct zone *zone = fallback;

    if (!m->date.year)
        return false;
    int64_t local = date_days(m->date) * 86400;
    if (m->hour >= 0)
        local += m->hour * 3600 + m->minute * 60 + m->second;
    if (m->zone == ZONE_OFFSET) {
        *out = local - m->offset;
        return true;
    }
    if (m->zone == ZONE_NAMED)
        zone = find_zone ? find_zone(ctx, m->zone_name) : NULL;
    if (!zone)
        return false;
    *out = zone_to_utc(zone, local);
    return true;
}
