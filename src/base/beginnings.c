#include "pm/beginnings.h"

/* What a byte is, for the filter. Letters that differ in case only are of one class; what is
 * neither letter nor digit is of class 0, and what is not ASCII of the upper half. */
enum { CLASSES = 64, WORD = 64 }; /* letters and digits: with this bit */
#define LETTERS                                                                                    \
    65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87,    \
        88, 89, 90
#define BEYOND                                                                                     \
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,    \
        55, 56, 57, 58, 59, 60, 61, 62, 63
/* clang-format off */
static const unsigned char kinds[256] = {
    ['0'] = 95, 95, 95, 95, 95, 95, 95, 95, 95, 95,
    ['A'] = LETTERS,
    ['a'] = LETTERS,
    [0x80] = BEYOND, BEYOND, BEYOND, BEYOND,
};
/* clang-format on */

static unsigned class_of(unsigned kind)
{
    return kind % CLASSES;
}

static const uint64_t any = UINT64_MAX, mark = 1, beyond_ascii = UINT64_MAX << 32;

static uint64_t seconds_of(struct slice word)
{
    return word.n > 1 ? UINT64_C(1) << class_of(kinds[(unsigned char)word.p[1]]) : any;
}

static void add(struct beginnings *b, char first, uint64_t seconds)
{
    b->seconds[(unsigned char)first] |= seconds;
    if (ascii_is_alpha((unsigned char)first))
        b->seconds[(unsigned char)first ^ ('a' ^ 'A')] |= seconds;
}

void beginnings_add(struct beginnings *b, struct slice word)
{
    add(b, word.p[0], seconds_of(word));
}

void beginnings_add_exact(struct beginnings *b, struct slice word)
{
    b->seconds[(unsigned char)word.p[0]] |= seconds_of(word);
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

/* Every place is looked at, and no word is skipped: where one ends no processor can guess. */
size_t beginnings_next(const struct beginnings *b, struct slice text, size_t from)
{
    const unsigned char *p = (const unsigned char *)text.p;
    if (from >= text.n)
        return SIZE_MAX;
    unsigned before = from ? kinds[p[from - 1]] : 0, here = kinds[p[from]];
    for (size_t at = from; at < text.n; at++) {
        unsigned next = at + 1 < text.n ? kinds[p[at + 1]] : 0;
        unsigned within = (before & here) / WORD;
        if (b->seconds[p[at]] >> class_of(next) & ~within & 1)
            return at;
        before = here;
        here = next;
    }
    return SIZE_MAX;
}
