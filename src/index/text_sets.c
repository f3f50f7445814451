#include "text_sets.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"

static size_t words_of(const struct set *s)
{
    return (size_t)s->most / 64 + 1;
}

static uint64_t bit_of(int64_t n)
{
    return UINT64_C(1) << (n % 64);
}

void set_init(struct set *s, int64_t most)
{
    s->most = most;
    s->bits = xcalloc(words_of(s), sizeof *s->bits);
}

void set_release(struct set *s)
{
    free(s->bits);
    *s = (struct set){0};
}

struct set set_copy(const struct set *s)
{
    return (struct set){xmemdup(s->bits, words_of(s) * sizeof *s->bits), s->most};
}

void set_add(struct set *s, int64_t n)
{
    if (n >= 0 && n <= s->most)
        s->bits[n / 64] |= bit_of(n);
}

bool set_has(const struct set *s, int64_t n)
{
    return n >= 0 && n <= s->most && (s->bits[n / 64] & bit_of(n));
}

size_t set_count(const struct set *s)
{
    size_t n = 0;
    for (size_t i = 0; i < words_of(s); i++)
        for (uint64_t rest = s->bits[i]; rest; rest &= rest - 1)
            n++;
    return n;
}

int64_t set_next(const struct set *s, int64_t n)
{
    for (; n <= s->most; n++)
        if (n % 64 == 0 && !s->bits[n / 64])
            n += 63;
        else if (set_has(s, n))
            return n;
    return -1;
}

void set_unite(struct set *s, const struct set *with)
{
    for (size_t i = 0; i < words_of(s); i++)
        s->bits[i] |= with->bits[i];
}

void set_intersect(struct set *s, const struct set *with)
{
    for (size_t i = 0; i < words_of(s); i++)
        s->bits[i] &= with->bits[i];
}

void set_subtract(struct set *s, const struct set *without)
{
    for (size_t i = 0; i < words_of(s); i++)
        s->bits[i] &= ~without->bits[i];
}
