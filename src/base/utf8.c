#include "pm/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "pm/alloc.h"

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return true;
    return false;
}
#define IN_RANGES(table, cp) in_ranges((table), sizeof(table) / sizeof(table)[0], (cp))

/* Bytes of the well-formed character at `at`, or 0. */
static size_t decode(struct slice s, size_t at, uint32_t *cp)
{
    utf8proc_int32_t value;
    size_t room = s.n - at < 4 ? s.n - at : 4;

    if ((unsigned char)s.p[at] < 0x80) {
        *cp = (unsigned char)s.p[at];
        return 1;
    }
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)s.p + at, (utf8proc_ssize_t)room, &value);
    if (n <= 0 || value < 0)
        return 0;
    *cp = (uint32_t)value;
    return (size_t)n;
}

static size_t ascii_prefix(struct slice s, size_t at)
{
    uint64_t eight;

    for (; s.n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, s.p + at, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (at < s.n && (unsigned char)s.p[at] < 0x80)
        at++;
    return at;
}

bool utf8_is_ascii(struct slice s)
{
    return ascii_prefix(s, 0) == s.n;
}

size_t utf8_valid_prefix(struct slice s)
{
    size_t at = 0, n;
    uint32_t cp;

    while ((at = ascii_prefix(s, at)) < s.n) {
        n = decode(s, at, &cp);
        if (!n)
            break;
        at += n;
    }
    return at;
}

uint32_t utf8_next(struct slice s, size_t *at)
{
    uint32_t cp;
    size_t n = decode(s, *at, &cp);

    *at += n ? n : 1;
    return n ? cp : UTF8_REPLACEMENT;
}

void utf8_add(struct str *out, uint32_t cp)
{
    utf8proc_uint8_t bytes[4];

    if (!utf8proc_codepoint_valid((utf8proc_int32_t)cp))
        cp = UTF8_REPLACEMENT;
    str_add(out, bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, bytes));
}

size_t utf8_count(struct slice s)
{
    size_t count = 0;

    for (size_t at = 0; at < s.n; count++)
        utf8_next(s, &at);
    return count;
}

void utf8_add_clean(struct str *out, struct slice s)
{
    while (s.n) {
        size_t good = utf8_valid_prefix(s);
        str_adds(out, slice_sub(s, 0, good));
        if (good == s.n)
            return;
        utf8_add(out, UTF8_REPLACEMENT);
        s = slice_sub(s, good + 1, s.n);
    }
}

static bool is_diacritic(utf8proc_int32_t cp)
{
    static const struct range marks[] = {
        {0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe20, 0xfe2f}};

    return IN_RANGES(marks, (uint32_t)cp);
}

/* Only the marks that scripts share are diacritics. Dropping every mark, as UTF8PROC_STRIPMARK does,
 * would turn the Japanese ga into ka and take the vowels out of Hindi. */
static utf8proc_ssize_t strip_diacritics(utf8proc_int32_t *cps, utf8proc_ssize_t n)
{
    utf8proc_ssize_t kept = 0;

    for (utf8proc_ssize_t i = 0; i < n; i++)
        if (!is_diacritic(cps[i]))
            cps[kept++] = cps[i];
    return kept;
}

static void fold_unicode(struct str *out, struct slice s, bool strip)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)s.p;
    const utf8proc_ssize_t len = (utf8proc_ssize_t)s.n;
    const int how = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_ssize_t n = utf8proc_decompose(bytes, len, NULL, 0, how | UTF8PROC_DECOMPOSE);

    if (n < 0)
        BUG("folding text that was not validated: %s", utf8proc_errmsg(n));
    /* One more: utf8proc_reencode ends what it writes with a NUL. */
    utf8proc_int32_t *cps = xreallocarray(NULL, (size_t)n + 1, sizeof *cps);
    n = utf8proc_decompose(bytes, len, cps, n, how | UTF8PROC_DECOMPOSE);
    if (strip)
        n = strip_diacritics(cps, n);
    n = utf8proc_reencode(cps, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (n > 0)
        str_add(out, cps, (size_t)n);
    free(cps);
}

static void fold(struct str *out, struct slice s, bool strip)
{
    struct str clean = STR_INIT;

    if (utf8_is_ascii(s)) {
        str_reserve(out, s.n);
        for (size_t i = 0; i < s.n; i++)
            out->p[out->n++] = ascii_lower(s.p[i]);
        out->p[out->n] = '\0';
        return;
    }
    if (utf8_valid_prefix(s) < s.n) {
        utf8_add_clean(&clean, s);
        s = str_slice(&clean);
    }
    fold_unicode(out, s, strip);
    str_release(&clean);
}

void utf8_fold(struct str *out, struct slice s)
{
    fold(out, s, false);
}

void utf8_fold_search(struct str *out, struct slice s)
{
    fold(out, s, true);
}

bool utf8_is_letter(uint32_t cp)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);

    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool utf8_is_cjk(uint32_t cp)
{
    static const struct range scripts[] = {
        {0x1100, 0x11ff},   {0x2e80, 0x2fdf},  {0x3005, 0x3007},  {0x3021, 0x3029},
        {0x3031, 0x3035},   {0x3041, 0x309f},  {0x30a1, 0x30fa},  {0x30fc, 0x30ff},
        {0x3131, 0x318e},   {0x31f0, 0x31ff},  {0x3400, 0x4dbf},  {0x4e00, 0x9fff},
        {0xa960, 0xa97c},   {0xac00, 0xd7fb},  {0xf900, 0xfaff},  {0xff66, 0xff9f},
        {0xffa0, 0xffdc},   {0x1b000, 0x1b16f}, {0x20000, 0x323af}};

    return cp >= scripts[0].first && IN_RANGES(scripts, cp) && cp != 0x3006;
}

bool utf8_is_space(uint32_t cp)
{
    static const struct range spaces[] = {{0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},
                                          {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
                                          {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
                                          {0x3000, 0x3000}};

    return IN_RANGES(spaces, cp);
}

bool utf8_is_emoji(uint32_t cp)
{
    static const struct range joiners[] = {
        {0x200d, 0x200d}, {0x20e3, 0x20e3}, {0xfe0e, 0xfe0f}, {0x1f1e6, 0x1f1ff}, /* flags */
        {0x1f3fb, 0x1f3ff}, {0xe0020, 0xe007f}};

    if (cp < 0x200d)
        return false; /* the copyright sign and the digits are pictographs only to the standard */
    return IN_RANGES(joiners, cp) ||
           utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
               UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

size_t utf8_width(struct slice s)
{
    size_t width = 0;

    for (size_t at = 0; at < s.n;)
        width += (size_t)utf8proc_charwidth((utf8proc_int32_t)utf8_next(s, &at));
    return width;
}

struct slice utf8_cut(struct slice s, size_t width)
{
    utf8proc_int32_t state = 0, before = 0;
    size_t end = 0, used = 0; /* up to the last boundary between characters, and up to here */

    for (size_t at = 0; at < s.n;) {
        size_t here = at;
        utf8proc_int32_t cp = (utf8proc_int32_t)utf8_next(s, &at);
        if (here && utf8proc_grapheme_break_stateful(before, cp, &state))
            end = here;
        before = cp;
        used += (size_t)utf8proc_charwidth(cp);
        if (used > width)
            return slice_sub(s, 0, end);
    }
    return s;
}

bool utf8_is_control(uint32_t cp)
{
    static const struct range controls[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
                                            {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};

    return IN_RANGES(controls, cp);
}

static void add_visible_character(struct str *out, uint32_t cp, bool lines)
{
    if (cp == '\t' || (cp == '\n' && lines) || !utf8_is_control(cp))
        utf8_add(out, cp);
    else
        str_addf(out, cp < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
}

void utf8_add_visible(struct str *out, struct slice s, bool lines)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t cp;
        size_t plain = at;
        while (at < s.n && s.p[at] >= ' ' && s.p[at] < 0x7f)
            at++;
        str_add(out, s.p + plain, at - plain);
        if (at == s.n)
            break;
        size_t n = decode(s, at, &cp);
        if (n)
            add_visible_character(out, cp, lines);
        else
            str_addf(out, "\\x%02x", (unsigned)(unsigned char)s.p[at]);
        at += n ? n : 1;
    }
}

void base_libraries(struct str *out)
{
    str_addf(out, "utf8proc %s\n", utf8proc_version());
}
