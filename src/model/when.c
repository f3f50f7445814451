#include "pm/when.h"

#include "pm/postmortem.h"

#include <string.h>

static const char *const about_words[] = {"ca.",    "ca",      "circa", "about", "around", "approx.",
                                          "approx", "roughly", "約",    "~",     "～",     "≈",
                                          NULL};
static const char *const about_after[] = {"頃", "ごろ", "ころ", "前後", "推定", "~", NULL};

static struct slice skip_blanks(struct slice s)
{
    return slice_ltrim(s);
}

static const char month_names[12][4] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const month_tails[12] = {"uary", "ruary", "ch",     "il",   "",      "e",
                                            "y",    "ust",   "tember", "ober", "ember", "ember"};

/* A month's name or its first three letters, at the start of s: its length. */
static size_t month_scan(struct slice s, uint8_t *month)
{
    for (uint8_t i = 0; i < 12; i++) {
        if (!slice_istarts(s, slice_of(month_names[i])))
            continue;
        struct slice tail = slice_of(month_tails[i]);
        size_t n = slice_istarts(slice_sub(s, 3, s.n - 3), tail) ? 3 + tail.n : 3;
        if (n < s.n && ascii_is_alpha((unsigned char)s.p[n]))
            return 0;
        *month = (uint8_t)(i + 1);
        return n < s.n && s.p[n] == '.' ? n + 1 : n;
    }
    return 0;
}

/* Most text begins with no time: told by its first bytes. */
static bool may_begin(struct slice s)
{
    uint8_t month;
    return s.n > 0 && (!ascii_is_alpha((unsigned char)s.p[0]) || month_scan(s, &month) > 0);
}

/* One of words at the start of s, ignoring ASCII case; words of letters end at a blank. */
static size_t starts_with(struct slice s, const char *const *words)
{
    for (; *words; words++) {
        struct slice w = slice_of(*words);
        if (!slice_istarts(s, w))
            continue;
        bool word = ascii_is_alpha((unsigned char)w.p[w.n - 1]);
        if (!word || (s.n > w.n && ascii_is_blank((unsigned char)s.p[w.n])))
            return w.n;
    }
    return 0;
}

size_t when_about(struct slice s)
{
    if (s.n == 0 || ascii_is_digit((unsigned char)s.p[0]))
        return 0;
    return starts_with(s, about_words);
}

static size_t small_number(struct slice s, uint8_t *out)
{
    size_t n = 0;
    unsigned value = 0;
    while (n < s.n && n < 3 && ascii_is_digit((unsigned char)s.p[n]))
        value = value * 10 + (unsigned)(s.p[n++] - '0');
    if (n == 0 || n > 2)
        return 0;
    *out = (uint8_t)value;
    return n;
}

/* "Feb 21", "19. April", "21st Feb", "08-01": a day whose year is that of its surroundings. The
 * all-digit form is month and day only before a time of day: "08-01 06:20". */
static size_t day_scan(struct slice s, struct date *out)
{
    struct date d = {0, 0, 0};
    size_t at = month_scan(s, &d.month);
    if (at) {
        at += slice_sub(s, at, s.n).n - skip_blanks(slice_sub(s, at, s.n)).n;
        size_t n = small_number(slice_sub(s, at, s.n), &d.day);
        if (!n)
            return 0;
        at += n;
    } else if ((at = small_number(s, &d.day)) != 0) {
        struct slice rest = slice_sub(s, at, s.n);
        if (rest.n > 0 && rest.p[0] == '-' && at == 2) {
            d.month = d.day;
            size_t n = small_number(slice_sub(rest, 1, rest.n), &d.day);
            rest = slice_sub(rest, 1 + n, rest.n);
            if (n != 2 || rest.n < 5 || rest.p[0] != ' ' || (rest.p[2] != ':' && rest.p[3] != ':'))
                return 0;
            at += 1 + n;
        } else {
            static const char *const ordinals[] = {".", "st", "nd", "rd", "th", NULL};
            for (const char *const *o = ordinals; *o; o++)
                if (slice_istarts(rest, slice_of(*o))) {
                    rest = slice_sub(rest, strlen(*o), rest.n);
                    break;
                }
            struct slice name = skip_blanks(rest);
            size_t n = month_scan(name, &d.month);
            if (!n)
                return 0;
            at = (size_t)(name.p - s.p) + n;
        }
    }
    if (at == 0 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
        return 0;
    *out = d;
    return at;
}

/* What may stand after a time: am and pm beyond doubt (17:14pm), "頃", a zone in parentheses. */
static size_t scan_after(struct slice s, struct moment *m)
{
    struct slice rest = s;
    if (m->hour > 12 && (slice_istarts(rest, SLICE("pm")) || slice_istarts(rest, SLICE("am"))))
        rest = slice_sub(rest, 2, rest.n);
    struct slice mark = skip_blanks(rest);
    bool plain = mark.n == 0 || ((unsigned char)mark.p[0] < 0x80 && mark.p[0] != '~');
    size_t n = plain ? 0 : starts_with(mark, about_after);
    if (n) {
        rest = skip_blanks(rest);
        rest = slice_sub(rest, n, rest.n);
        m->approx = true;
    }
    struct slice open = skip_blanks(rest);
    size_t paren = slice_starts(open, SLICE("(")) ? 1 : slice_starts(open, SLICE("（")) ? 3 : 0;
    if (m->zone != ZONE_NONE || m->hour < 0 || (!paren && !n))
        return s.n - rest.n;
    size_t end = paren;
    while (end < open.n && (ascii_is_alnum((unsigned char)open.p[end]) || open.p[end] == '+' ||
                            open.p[end] == '-' || open.p[end] == ':' || open.p[end] == '/' ||
                            open.p[end] == '_'))
        end++;
    struct local_zone zone;
    if (end == paren || !when_zone_named(NULL, slice_sub(open, paren, end - paren), &zone))
        return s.n - rest.n;
    struct slice other = skip_blanks(slice_sub(open, end, open.n));
    if (other.n > 0 && ascii_is_digit((unsigned char)other.p[0]))
        return s.n - rest.n; /* "18:11 (UTC 09:11)" says it again in another zone */
    m->zone = ZONE_OFFSET;
    m->offset = zone.offset;
    rest = slice_sub(open, end, open.n);
    if (paren == 1 && slice_starts(rest, SLICE(")")))
        rest = slice_sub(rest, 1, rest.n);
    else if (paren == 3 && slice_starts(rest, SLICE("）")))
        rest = slice_sub(rest, 3, rest.n);
    return s.n - rest.n;
}

bool when_scan(struct slice s, struct moment *out, size_t *used)
{
    struct moment m;
    struct date day = {0, 0, 0};
    struct slice rest = s;
    size_t n = when_about(rest);
    bool approx = n > 0;
    rest = skip_blanks(slice_sub(rest, n, rest.n));
    if (!may_begin(rest))
        return false;
    if (!moment_scan(rest, &m, &n)) {
        if (!(n = day_scan(rest, &day)))
            return false;
        m = (struct moment){.date = day, .hour = -1};
        struct slice after = slice_sub(rest, n, rest.n);
        struct slice time = skip_blanks(slice_starts(after, SLICE(","))
                                            ? slice_sub(after, 1, after.n)
                                            : after);
        struct moment clock;
        size_t more;
        if (moment_scan(time, &clock, &more) && clock.date.year == 0 && clock.hour >= 0) {
            m = clock;
            m.date = day;
            n = (size_t)(time.p - rest.p) + more;
        }
    } else if (m.date.year != 0 && m.hour < 0) {
        /* "2018-07-08 ca. 18:30" */
        struct slice after = skip_blanks(slice_sub(rest, n, rest.n));
        size_t about = when_about(after);
        struct slice time = skip_blanks(slice_sub(after, about, after.n));
        struct moment clock;
        size_t more;
        if (about && moment_scan(time, &clock, &more) && clock.date.year == 0 && clock.hour >= 0) {
            clock.date = m.date;
            clock.approx = true;
            m = clock;
            n = (size_t)(time.p - rest.p) + more;
        }
    }
    n += scan_after(slice_sub(rest, n, rest.n), &m);
    m.approx |= approx;
    *out = m;
    *used = (size_t)(rest.p - s.p) + n;
    return true;
}

bool when_zone_named(const struct reader *rd, struct slice name, struct local_zone *out)
{
    char text[72] = "2000-01-01 00:00 ";
    size_t n = strlen(text);
    struct moment m;
    if (name.n == 0 || name.n > sizeof text - n)
        return false;
    memcpy(text + n, name.p, name.n);
    if (moment_parse(slice_from(text, n + name.n), &m) && m.zone == ZONE_OFFSET) {
        *out = (struct local_zone){.known = true, .offset = m.offset};
        return true;
    }
    /* Names of places need the files of the system: "Date" is no reason to look into them. */
    if (!rd || !rd->find_zone || slice_chr(name, '/', 0) == SIZE_MAX)
        return false;
    const struct zone *z = rd->find_zone(rd->zones, name);
    if (z)
        *out = (struct local_zone){.known = true, .zone = z};
    return z != NULL;
}

static bool zone_char(char c)
{
    return ascii_is_alnum((unsigned char)c) || c == '/' || c == '_' || c == '+' || c == '-' ||
           c == ':';
}

bool when_zone(const struct reader *rd, struct slice phrase, struct local_zone *out)
{
    for (size_t i = 0; i < phrase.n && i < 200; i++) {
        if (!zone_char(phrase.p[i]))
            continue;
        size_t end = i;
        while (end < phrase.n && zone_char(phrase.p[end]))
            end++;
        struct slice word = slice_sub(phrase, i, end - i);
        bool upper = word.p[0] >= 'A' && word.p[0] <= 'Z';
        if (word.n > 1 && (upper || word.p[0] == '+') && when_zone_named(rd, word, out))
            return true;
        i = end;
    }
    return false;
}

bool when_resolve(const struct reader *rd, const struct moment *m, const struct local_zone *local,
                  int64_t *at, int32_t *offset)
{
    struct moment stated = *m;
    const struct zone *zone = local->zone;
    int64_t t;
    if (stated.date.year == 0)
        return false;
    if (stated.zone == ZONE_NAMED) {
        zone = rd->find_zone ? rd->find_zone(rd->zones, stated.zone_name) : NULL;
        if (!zone)
            return false;
        stated.zone = ZONE_NONE;
    } else if (stated.zone == ZONE_NONE && !zone) {
        stated.zone = ZONE_OFFSET;
        stated.offset = local->offset;
    }
    if (!moment_resolve(&stated, zone, rd->find_zone, rd->zones, &t))
        return false;
    *at = t;
    *offset = stated.zone == ZONE_OFFSET ? stated.offset : zone_offset_at(zone, t);
    return true;
}
