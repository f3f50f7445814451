#include "build.h"

#define PATTERN_BYTES 64u

static bool is_word(char c)
{
    return ascii_is_alnum((unsigned char)c) || c == '_';
}

static size_t digits_at(struct slice s, size_t at)
{
    size_t n = 0;

    while (at + n < s.n && ascii_is_digit((unsigned char)s.p[at + n]))
        n++;
    return n;
}

static size_t hashes_at(struct slice pattern, size_t at)
{
    size_t n = 0;

    while (at + n < pattern.n && pattern.p[at + n] == '#')
        n++;
    return n;
}

size_t pattern_scan(struct slice pattern, struct slice s)
{
    size_t at = 0;

    for (size_t i = 0; i < pattern.n;) {
        size_t hashes = hashes_at(pattern, i), digits = digits_at(s, at);
        if (hashes) {
            if (digits < hashes)
                return 0;
            at += digits;
            i += hashes;
        } else if (at < s.n && s.p[at] == pattern.p[i]) {
            at++;
            i++;
        } else {
            return 0;
        }
    }
    return at && at < s.n && is_word(s.p[at]) && is_word(s.p[at - 1]) ? 0 : at;
}

/* Ids become names of files: nothing that leads elsewhere, hides a file or cannot be seen. */
static const char *why_no_name(struct slice pattern)
{
    if (pattern.n && pattern.p[0] == '.')
        return "begins with a dot, and ids name files";
    for (size_t i = 0; i < pattern.n; i++) {
        unsigned char c = (unsigned char)pattern.p[i];
        unsigned char next = i + 1 < pattern.n ? (unsigned char)pattern.p[i + 1] : 0;
        if (c == '/')
            return "holds a '/', and ids name files";
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next <= 0x9f))
            return "holds a control character";
    }
    return NULL;
}

bool pattern_valid(struct slice pattern, const char **why)
{
    *why = NULL;
    if (slice_chr(pattern, '#', 0) == SIZE_MAX)
        *why = "has no '#', which stands for a digit";
    else if (pattern.n > PATTERN_BYTES)
        *why = "is longer than 64 bytes";
    else
        *why = why_no_name(pattern);
    for (size_t i = 0; i < pattern.n && !*why; i++) {
        if (ascii_is_space((unsigned char)pattern.p[i]))
            *why = "holds a blank";
        else if (i && pattern.p[i - 1] == '#' && ascii_is_digit((unsigned char)pattern.p[i]))
            *why = "has a digit behind '#': where the number ends could not be told";
    }
    return !*why;
}
