#include "pm/date.h"

#include "scan.h"

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
    } else if (at_colon_digit(rest)) {
        scan_char(&rest, ':');
        if (!scan_number(&rest, 2, 2, &minutes))
            return false;
    }
    if (hours > (negative ? 12 : 14) || minutes % 15 || minutes > 45 || at_alnum(rest) ||
        at_colon_digit(rest))
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
    if (n < 2 || n > 4) /* the lengths of all these names */
        return false;
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

    if (!scan_any_word(&rest, names) || at_digit(rest))
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
    set_zone_name(m, slice_sub(*s, 0, s->n - rest.n));
    *s = rest;
    return true;
}

bool scan_bare_zone(struct slice *s, struct moment *m)
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
bool scan_bracketed_zone(struct slice *s, struct moment *m)
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
    *used = s.n - rest.n;
    return true;
}
