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
static const char *const approx_after[] = {"頃", "ごろ", "前後", "(approx.)", "(approx)", NULL};

static size_t consumed(struct slice s, struct slice rest)
{
    return s.n - rest.n;
}

static bool starts_alnum(struct slice s)
{
    return s.n && ascii_is_alnum((unsigned char)s.p[0]);
}

static bool starts_digit(struct slice s)
{
    return s.n && ascii_is_digit((unsigned char)s.p[0]);
}

static bool colon_and_digit(struct slice s)
{
    return s.n > 1 && s.p[0] == ':' && ascii_is_digit((unsigned char)s.p[1]);
}

static bool starts_minus(struct slice s)
{
    return slice_starts(s, SLICE("-")) || slice_starts(s, SLICE("−"));
}

static void set_offset(struct moment *m, int32_t offset)
{
    m->zone = ZONE_OFFSET;
    m->offset = offset;
    m->zone_name = slice_from(NULL, 0);
}

static void set_zone_name(struct moment *m, struct slice name)
{
    m->zone = ZONE_NAMED;
    m->offset = 0;
    m->zone_name = name;
}

/* ---- zones --------------------------------------------------------------------------------- */

/* +01:00, +0100, +01, also with the minus sign U+2212. Minutes are what zones really have, so that
 * the second half of a range is seldom taken for an offset. */
static bool scan_offset(struct slice *s, int32_t *out)
{
    struct slice rest = *s;
    bool negative = scan_char(&rest, '-') || scan_text(&rest, "−");
    int hours, minutes = 0;

    if (!negative && !scan_char(&rest, '+'))
        return false;
    if (scan_number(&rest, 4, 4, &hours)) {
        minutes = hours % 100;
        hours /= 100;
    } else if (!scan_number(&rest, 1, 2, &hours)) {
        return false;
    } else if (colon_and_digit(rest)) {
        scan_char(&rest, ':');
        if (!scan_number(&rest, 2, 2, &minutes))
            return false;
    }
    if (hours > (negative ? 12 : 14) || minutes % 15 || minutes > 45 || starts_alnum(rest) ||
        colon_and_digit(rest))
        return false;
    *s = rest;
    *out = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
    return true;
}

/* Abbreviations with one meaning among people who write postmortems. CST and IST have three each. */
static bool scan_abbreviation(struct slice *s, struct moment *m)
{
    static const struct {
        const char *name;
        int minutes;
    } fixed[] = {{"WET", 0},     {"WEST", 60},  {"BST", 60},   {"CET", 60},    {"CEST", 120},
                 {"EET", 120},   {"EEST", 180}, {"SAST", 120}, {"MSK", 180},   {"PKT", 300},
                 {"HKT", 480},   {"SGT", 480},  {"AWST", 480}, {"JST", 540},   {"KST", 540},
                 {"ACST", 570},  {"ACDT", 630}, {"AEST", 600}, {"AEDT", 660},  {"NZST", 720},
                 {"NZDT", 780},  {"BRT", -180}, {"EDT", -240}, {"EST", -300},  {"CDT", -300},
                 {"MDT", -360},  {"MST", -420}, {"PDT", -420}, {"PST", -480},  {"AKDT", -480},
                 {"AKST", -540}, {"HST", -600}};
    static const struct {
        const char *name, *zone;
    } named[] = {{"PT", "America/Los_Angeles"},
                 {"MT", "America/Denver"},
                 {"CT", "America/Chicago"},
                 {"ET", "America/New_York"}};
    struct slice rest = *s;
    size_t n = 0;

    while (n < rest.n && ascii_is_alnum((unsigned char)rest.p[n]))
        n++;
    struct slice word = slice_sub(rest, 0, n);
    rest = slice_sub(rest, n, rest.n);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (slice_eqz(word, fixed[i].name)) {
            set_offset(m, fixed[i].minutes * 60);
            *s = rest;
            return true;
        }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (slice_eqz(word, named[i].name)) {
            set_zone_name(m, slice_of(named[i].zone));
            *s = rest;
            return true;
        }
    return false;
}

/* Z, UTC, GMT, UTC+2 */
static bool scan_universal(struct slice *s, struct moment *m)
{
    static const char *const names[] = {"UTC", "GMT", "Z", NULL};
    struct slice rest = *s;
    int32_t offset = 0;

    if (!scan_any_word(&rest, names) || starts_digit(rest))
        return false;
    scan_offset(&rest, &offset);
    set_offset(m, offset);
    *s = rest;
    return true;
}

/* The areas of the database and nothing else, so that "14:10 Checkout/payments down" has no zone. */
static bool scan_iana(struct slice *s, struct moment *m)
{
    static const char *const areas[] = {"Africa/", "America/",   "Antarctica/", "Arctic/",
                                        "Asia/",   "Atlantic/",  "Australia/",  "Europe/",
                                        "Etc/",    "Indian/",    "Pacific/",    NULL};
    struct slice rest = *s;
    const char *const *area = areas;

    while (*area && !scan_text(&rest, *area))
        area++;
    if (!*area || !rest.n || !ascii_is_alpha((unsigned char)rest.p[0]))
        return false;
    size_t n = 0;
    while (n < rest.n && (ascii_is_alnum((unsigned char)rest.p[n]) || rest.p[n] == '/' ||
                          rest.p[n] == '_' || rest.p[n] == '-' || rest.p[n] == '+'))
        n++;
    while (!ascii_is_alnum((unsigned char)rest.p[n - 1]))
        n--;
    rest = slice_sub(rest, n, rest.n);
    set_zone_name(m, slice_sub(*s, 0, consumed(*s, rest)));
    *s = rest;
    return true;
}

static bool scan_bare_zone(struct slice *s, struct moment *m)
{
    int32_t offset;

    if (scan_universal(s, m) || scan_abbreviation(s, m) || scan_iana(s, m))
        return true;
    if (!scan_offset(s, &offset))
        return false;
    set_offset(m, offset);
    return true;
}

/* (JST), （JST）, [Europe/Berlin] */
static bool scan_bracketed_zone(struct slice *s, struct moment *m)
{
    static const char *const brackets[][2] = {{"(", ")"}, {"（", "）"}, {"[", "]"}};

    for (size_t i = 0; i < sizeof brackets / sizeof brackets[0]; i++) {
        struct slice rest = *s;
        struct moment zone = *m;
        if (scan_text(&rest, brackets[i][0]) && scan_bare_zone(&rest, &zone) &&
            scan_text(&rest, brackets[i][1])) {
            *m = zone;
            *s = rest;
            return true;
        }
    }
    return false;
}

bool moment_scan_zone(struct slice s, struct moment *m, size_t *used)
{
    struct slice rest = s;

    if (!scan_bare_zone(&rest, m) && !scan_bracketed_zone(&rest, m))
        return false;
    *used = consumed(s, rest);
    return true;
}

/* +3 and -10, and not +0300 or +3:00: after a time it may well be a number of something. */
static bool is_bare_number(struct slice sign)
{
    int number;

    if (!scan_char(&sign, '+') && !scan_char(&sign, '-') && !scan_text(&sign, "−"))
        return false;
    return scan_number(&sign, 1, 2, &number) && !colon_and_digit(sign);
}

/* Whether the sign that follows is that of an offset, and not a dash: see pm/date.h. */
static bool may_be_offset(const struct reading *r, struct slice rest, bool blank)
{
    if (r->m.hour < 0 || (blank && !r->m.date.year && is_bare_number(rest)))
        return false;
    return !starts_minus(rest) || (r->m.date.year && (r->formal || blank));
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
    bool sign = starts_minus(rest) || slice_starts(rest, SLICE("+"));
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
    if ((!after_noon && !scan_any_word(&rest, am)) || starts_digit(rest))
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
    if (!starts_digit(rest))
        return;
    while (starts_digit(rest))
        rest = slice_sub(rest, 1, rest.n);
    *s = rest;
}

/* :MM, :MM:SS, :MM:SS.fff after the hour. */
static bool scan_minutes(struct slice *s, struct reading *r, int *minute, int *second)
{
    struct slice rest = *s;

    if (!scan_char(&rest, ':') || !scan_number(&rest, 2, 2, minute) || *minute > 59)
        return false;
    if (colon_and_digit(rest)) {
        scan_char(&rest, ':');
        if (!scan_number(&rest, 2, 2, second) || *second > 60 || colon_and_digit(rest))
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
    if ((!clock && !r->meridiem) || starts_digit(rest))
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
        if (!blank && !joint && !approx && starts_alnum(rest))
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
        if (starts_digit(rest))
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
    *used = consumed(s, rest);
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
