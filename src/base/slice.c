#include "pm/slice.h"

#include "pm/finder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { D = ASCII_DIGIT, L = ASCII_LETTER, S = ASCII_SPACE, P = ASCII_PUNCT };
/* clang-format off */
const unsigned char ascii_classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, S, S, S, S, S, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    S, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,
    D, D, D, D, D, D, D, D, D, D, P, P, P, P, P, P,
    P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, P,
    P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, 0,
};
/* clang-format on */

bool slice_ieq(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool slice_ieqz(struct slice a, const char *b)
{
    for (size_t i = 0; i < a.n; i++)
        if (!b[i] || ascii_lower(a.p[i]) != ascii_lower(b[i]))
            return false;
    return !b[a.n];
}

int slice_cmp(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool slice_istarts(struct slice s, struct slice prefix)
{
    return slice_ieq(slice_sub(s, 0, prefix.n), prefix);
}

struct slice slice_trim(struct slice s)
{
    return slice_ltrim(slice_rtrim(s));
}

struct slice slice_ltrim(struct slice s)
{
    size_t i = 0;

    while (i < s.n && ascii_is_space((unsigned char)s.p[i]))
        i++;
    return slice_sub(s, i, s.n);
}

struct slice slice_rtrim(struct slice s)
{
    while (s.n && ascii_is_space((unsigned char)s.p[s.n - 1]))
        s.n--;
    return s;
}

struct slice slice_without_colon(struct slice s)
{
    static const struct slice colons[] = {{":", 1}, {"\xEF\xBC\x9A", 3}};
    s = slice_rtrim(s);
    for (size_t i = 0; i < sizeof colons / sizeof *colons; i++)
        if (slice_ends(s, colons[i]))
            return slice_rtrim(slice_sub(s, 0, s.n - colons[i].n));
    return s;
}

size_t slice_chr(struct slice s, char c, size_t from)
{
    const char *hit = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;

    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

static size_t find_linear(struct slice s, struct slice needle, size_t from)
{
    struct finder f;

    finder_init(&f, needle);
    finder_start(&f, slice_sub(s, from, s.n));
    size_t at = finder_next(&f);
    finder_release(&f);
    return at == SIZE_MAX ? SIZE_MAX : from + at;
}

/* memchr and memcmp are fastest where the first byte tells, which is nearly everywhere; a text that
 * is made to look like the needle again and again is searched in another way. */
size_t slice_find(struct slice s, struct slice needle, size_t from)
{
    size_t compared = 0, enough = needle.n + s.n;

    if (!needle.n)
        return from <= s.n ? from : SIZE_MAX;
    while ((from = slice_chr(s, needle.p[0], from)) != SIZE_MAX && s.n - from >= needle.n) {
        if (!memcmp(s.p + from, needle.p, needle.n))
            return from;
        from++;
        compared += needle.n;
        if (compared > enough)
            return find_linear(s, needle, from);
    }
    return SIZE_MAX;
}

uint64_t slice_hash(struct slice s)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return hash;
}

int slice_split(struct slice *rest, char sep, struct slice *part)
{
    if (!rest->n)
        return 0;
    size_t end = slice_chr(*rest, sep, 0);
    if (end == SIZE_MAX)
        end = rest->n;
    *part = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + 1, rest->n);
    return 1;
}

bool slice_i64(struct slice s, int64_t min, int64_t max, int64_t *out)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    bool negative = i && s.p[0] == '-';
    int64_t value = 0; /* kept negative: INT64_MIN has no positive counterpart */

    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (!ascii_is_digit((unsigned char)s.p[i]))
            return false;
        int digit = s.p[i] - '0';
        if (value < (INT64_MIN + digit) / 10)
            return false;
        value = value * 10 - digit;
    }
    if (!negative && value == INT64_MIN)
        return false;
    value = negative ? value : -value;
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

static size_t skip_digits(struct slice s, size_t at)
{
    while (at < s.n && ascii_is_digit((unsigned char)s.p[at]))
        at++;
    return at;
}

static size_t skip_sign(struct slice s, size_t at)
{
    return at < s.n && (s.p[at] == '-' || s.p[at] == '+') ? at + 1 : at;
}

/* [sign] digits [. digits] [e [sign] digits]: what strtod takes, less its hexadecimal numbers,
 * infinities, NaNs and leading blanks. */
static bool is_decimal(struct slice s)
{
    size_t start = skip_sign(s, 0);
    size_t at = skip_digits(s, start);

    if (at == start)
        return false;
    if (at < s.n && s.p[at] == '.') {
        start = at + 1;
        at = skip_digits(s, start);
        if (at == start)
            return false;
    }
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
        start = skip_sign(s, at + 1);
        at = skip_digits(s, start);
        if (at == start)
            return false;
    }
    return at == s.n;
}

bool slice_double(struct slice s, double *out)
{
    char text[64];

    if (s.n >= sizeof text || !is_decimal(s))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    /* Nothing in pm calls setlocale, so the radix character is the C locale's point. */
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}
