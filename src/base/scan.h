/* scan.h - base, private: reading numbers, words and zones from the front of a slice
 *
 * scan_x takes what it recognises off the front of *s, or leaves it alone and returns false.
 * at_x only looks.
 */
#ifndef PM_BASE_SCAN_H
#define PM_BASE_SCAN_H

#include "pm/date.h"

/* An unsigned number of min to max (at most 9) digits, not followed by a further digit. */
bool scan_number(struct slice *s, int min, int max, int *out);
bool scan_char(struct slice *s, char c);
/* text, ASCII letters in any case; when it ends with a letter, none may follow. */
bool scan_word(struct slice *s, const char *text);
/* The first of a NULL-terminated list that scan_word takes. No word may begin with a digit. */
bool scan_any_word(struct slice *s, const char *const *words);
/* Blanks, the ideographic and the no-break space. False when there were none. */
bool scan_blanks(struct slice *s);
/* January, Jan, Jan.: 1 to 12 */
bool scan_month(struct slice *s, int *out);
/* UTC, UTC+2, JST, PT, Europe/Berlin, +01:00; and the same in brackets: (JST), [Europe/Berlin]. */
bool scan_bare_zone(struct slice *s, struct moment *m);
bool scan_bracketed_zone(struct slice *s, struct moment *m);

static inline bool scan_text(struct slice *s, const char *text)
{
    struct slice t = slice_of(text);
    bool there = slice_starts(*s, t);
    if (there)
        *s = slice_sub(*s, t.n, s->n);
    return there;
}
static inline bool at_digit(struct slice s)
{
    return s.n && ascii_is_digit((unsigned char)s.p[0]);
}
static inline bool at_alnum(struct slice s)
{
    return s.n && ascii_is_alnum((unsigned char)s.p[0]);
}
static inline bool at_colon_digit(struct slice s)
{
    return s.n > 1 && s.p[0] == ':' && ascii_is_digit((unsigned char)s.p[1]);
}
static inline bool at_minus(struct slice s)
{
    return slice_starts(s, SLICE("-")) || slice_starts(s, SLICE("−"));
}

#endif
