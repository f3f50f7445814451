/* pm/slice.h - base: a borrowed run of bytes with a length
 *
 * Document text is never a C string: it may hold NUL, it is not terminated, and most of what is
 * parsed is a piece of a larger buffer. A slice owns nothing and lives as long as what it points
 * into. The empty slice may have a NULL pointer; every function here accepts it.
 *
 * Letters are ASCII letters here: the locale is an input of pm, not of the C library. For Unicode
 * see pm/utf8.h.
 */
#ifndef PM_SLICE_H
#define PM_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *p;
    size_t n;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})
#define SLICE_FMT "%.*s"
#define SLICE_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct slice slice_from(const char *p, size_t n)
{
    return (struct slice){p, n};
}
/* Of a C string; NULL gives the empty slice. */
static inline struct slice slice_of(const char *s)
{
    return slice_from(s, s ? strlen(s) : 0);
}
/* Clamped to s. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t n)
{
    if (from > s.n)
        from = s.n;
    if (n > s.n - from)
        n = s.n - from;
    return slice_from(from ? s.p + from : s.p, n); /* nothing is added to NULL */
}
static inline bool slice_eq(struct slice a, struct slice b)
{
    return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}
static inline bool slice_eqz(struct slice a, const char *b)
{
    return slice_eq(a, slice_of(b));
}
static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return s.n >= prefix.n && (!prefix.n || !memcmp(s.p, prefix.p, prefix.n));
}
static inline bool slice_ends(struct slice s, struct slice suffix)
{
    return s.n >= suffix.n && slice_eq(slice_sub(s, s.n - suffix.n, suffix.n), suffix);
}

bool slice_ieq(struct slice a, struct slice b);     /* ASCII letters fold */
bool slice_ieqz(struct slice a, const char *b);
int slice_cmp(struct slice a, struct slice b);      /* by unsigned bytes, then length */
bool slice_istarts(struct slice s, struct slice prefix);
struct slice slice_trim(struct slice s);            /* ASCII blanks and line ends, both ends */
struct slice slice_ltrim(struct slice s);
struct slice slice_rtrim(struct slice s);
/* Without blanks and then one colon at its end, also the wide one of Japanese text. */
struct slice slice_without_colon(struct slice s);
/* Index of the first c (or of needle) at or after from; SIZE_MAX when there is none. Finding takes
 * s.n × needle.n at worst: a needle from a document is to be bounded. */
size_t slice_chr(struct slice s, char c, size_t from);
size_t slice_find(struct slice s, struct slice needle, size_t from);
uint64_t slice_hash(struct slice s);                /* FNV-1a 64; for tables, not for security */

/* Takes the part up to the next sep off the front of *rest. 1 with the part, 0 at the end.
 * "a,,b" gives "a", "", "b"; "a," gives "a": sep ends a part, as a line feed ends a line. */
int slice_split(struct slice *rest, char sep, struct slice *part);

/* Whole-string decimal numbers; false on anything else, on overflow, and outside [min, max]. */
bool slice_i64(struct slice s, int64_t min, int64_t max, int64_t *out);
bool slice_double(struct slice s, double *out); /* 12, -3.5, 1e6; never locale dependent */

enum { ASCII_DIGIT = 1, ASCII_LETTER = 2, ASCII_SPACE = 4, ASCII_PUNCT = 8 };
extern const unsigned char ascii_classes[256]; /* nearly every loop over text asks */

static inline bool ascii_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(unsigned char c)
{
    return ascii_classes[c] & ASCII_LETTER;
}
static inline bool ascii_is_alnum(unsigned char c)
{
    return ascii_classes[c] & (ASCII_LETTER | ASCII_DIGIT);
}
static inline bool ascii_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}
static inline bool ascii_is_space(unsigned char c)
{
    return ascii_classes[c] & ASCII_SPACE;
}
static inline bool ascii_is_punct(unsigned char c)
{
    return ascii_classes[c] & ASCII_PUNCT;
}
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

#endif
