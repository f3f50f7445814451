/* pm/utf8.h - base: Unicode text, by utf8proc
 *
 * Text that reaches these has been validated, unless a function says that it takes any bytes.
 */
#ifndef PM_UTF8_H
#define PM_UTF8_H

#include "pm/str.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Offset of the first byte that is not part of well-formed UTF-8 (no surrogates, no overlongs,
 * nothing above U+10FFFF), or s.n when all of s is. */
size_t utf8_valid_prefix(struct slice s);
bool utf8_is_ascii(struct slice s);

/* Decodes the code point at *at and advances it by at least one byte; any bytes: malformed ones
 * give UTF8_REPLACEMENT. *at must be below s.n. */
uint32_t utf8_next(struct slice s, size_t *at);
void utf8_add(struct str *out, uint32_t cp);
size_t utf8_count(struct slice s); /* code points */

/* Appends s with malformed sequences replaced by U+FFFD: for JSON. Any bytes. */
void utf8_add_clean(struct str *out, struct slice s);

/* Case and compatibility folding (NFKC_Casefold), for comparing names and values. */
void utf8_fold(struct str *out, struct slice s);
/* The same, with diacritics removed (é → e): for searching. */
void utf8_fold_search(struct str *out, struct slice s);

bool utf8_is_letter(uint32_t cp); /* letter, mark or number */
bool utf8_is_cjk(uint32_t cp);    /* Han, Hiragana, Katakana, Hangul: scripts searched by bigrams */
bool utf8_is_space(uint32_t cp);  /* Unicode white space, ideographic space too */
/* A terminal may obey it: C0, DEL, C1, line separators, and what turns the direction of a text. */
bool utf8_is_control(uint32_t cp);
bool utf8_is_emoji(uint32_t cp);  /* pictographs, variation selectors, joiners */

/* Columns on a terminal: wide characters two, marks and controls none. */
size_t utf8_width(struct slice s);
/* The longest prefix of s, cut between characters, not wider than width. */
struct slice utf8_cut(struct slice s, size_t width);

/* Appends s so that a terminal shows it and obeys none of it: C0 (but not \t, and not \n when
 * lines is true), DEL, C1 (also UTF-8-encoded), bidi controls and line separators appear as
 * \x1b, \u202e; malformed bytes as \xff. Any bytes. */
void utf8_add_visible(struct str *out, struct slice s, bool lines);

/* Appends a line for each library of this layer, "libgit2 1.5.1". */
void base_libraries(struct str *out);

#endif
