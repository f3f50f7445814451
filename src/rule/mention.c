#include "mention.h"

#include "pm/alloc.h"
#include "pm/beginnings.h"

static bool stands_at(struct slice text, size_t at, struct slice word)
{
    bool alone = slice_ends(word, SLICE(" "));
    if (alone)
        word.n--;
    if (!slice_istarts(slice_sub(text, at, text.n), word))
        return false;
    size_t end = at + word.n;
    return !alone || end == text.n || !ascii_is_alnum((unsigned char)text.p[end]);
}

/* The words that begin with a byte, as a chain of their numbers, from 1. */
struct chains {
    uint8_t first[256], next[UINT8_MAX + 1];
};

static void chain(struct chains *c, const char *const *words)
{
    memset(c->first, 0, sizeof c->first);
    for (unsigned i = 0; words[i]; i++) {
        if (i + 1 > UINT8_MAX)
            BUG("a list of more than %u words", UINT8_MAX);
        uint8_t *first = &c->first[(unsigned char)words[i][0]];
        c->next[i + 1] = *first;
        *first = (uint8_t)(i + 1);
    }
}

bool mentions(struct slice text, const char *const *words)
{
    struct beginnings beginnings = BEGINNINGS_INIT;
    struct chains chains;
    chain(&chains, words);
    for (const char *const *word = words; *word; word++)
        beginnings_add(&beginnings, slice_of(*word));
    for (size_t at = 0; (at = beginnings_next(&beginnings, text, at)) != SIZE_MAX; at++) {
        unsigned char first = (unsigned char)ascii_lower(text.p[at]);
        for (unsigned i = chains.first[first]; i; i = chains.next[i])
            if (stands_at(text, at, slice_of(words[i - 1])))
                return true;
    }
    return false;
}
