#include "pm/beginnings.h"

/* Letters that differ in case only are of one class; what is neither letter nor digit is of class 0,
 * and what is not ASCII of the upper half. */
static unsigned class_of(unsigned char c)
{
    if (c >= 0x80)
        return 32 | (c & 31u);
    return ascii_is_alpha(c) ? c & 31u : ascii_is_digit(c) ? 31 : 0;
}

static const uint64_t any = UINT64_MAX, mark = 1, beyond_ascii = UINT64_MAX << 32;

static void add(struct beginnings *b, char first, uint64_t seconds)
{
    b->seconds[(unsigned char)first] |= seconds;
    if (ascii_is_alpha((unsigned char)first))
        b->seconds[(unsigned char)first ^ ('a' ^ 'A')] |= seconds;
}

void beginnings_add(struct beginnings *b, struct slice word)
{
    add(b, word.p[0], word.n > 1 ? UINT64_C(1) << class_of((unsigned char)word.p[1]) : any);
}

void beginnings_add_word(struct beginnings *b, struct slice word)
{
    if ((unsigned char)word.p[0] >= 0x80) /* its capital may begin with another byte */
        for (unsigned first = 0x80; first < 0x100; first++)
            b->seconds[first] = any;
    else if (word.n == 1)
        add(b, word.p[0], mark | beyond_ascii);
    else if ((unsigned char)word.p[1] >= 0x80)
        add(b, word.p[0], beyond_ascii);
    else
        beginnings_add(b, word);
}

static size_t word_end(struct slice text, size_t at)
{
    while (at < text.n && ascii_is_alnum((unsigned char)text.p[at]))
        at++;
    return at;
}

size_t beginnings_next(const struct beginnings *b, struct slice text, size_t from)
{
    const unsigned char *p = (const unsigned char *)text.p;
    size_t at = from;
    if (at && at < text.n && ascii_is_alnum(p[at - 1]))
        at = word_end(text, at);
    while (at < text.n) {
        uint64_t seconds = b->seconds[p[at]];
        if (seconds && seconds >> class_of(at + 1 < text.n ? p[at + 1] : 0) & 1)
            return at;
        at = ascii_is_alnum(p[at]) ? word_end(text, at + 1) : at + 1;
    }
    return SIZE_MAX;
}
