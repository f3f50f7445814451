/* scan.h - base, private: reading numbers and words from the front of a slice
 *
 * All take what they recognise off the front of *s, or leave it alone and return false.
 */
#ifndef PM_BASE_SCAN_H
#define PM_BASE_SCAN_H

#include "pm/slice.h"

/* An unsigned number of min to max (at most 9) digits, not followed by a further digit. */
bool scan_number(struct slice *s, int min, int max, int *out);
bool scan_char(struct slice *s, char c);
bool scan_text(struct slice *s, const char *text);
/* text, ASCII letters in any case; when it ends with a letter, none may follow. */
bool scan_word(struct slice *s, const char *text);
/* The first of a NULL-terminated list that scan_word takes. */
bool scan_any_word(struct slice *s, const char *const *words);
/* Blanks, the ideographic and the no-break space. False when there were none. */
bool scan_blanks(struct slice *s);
/* January, Jan, Jan.: 1 to 12 */
bool scan_month(struct slice *s, int *out);

#endif
