#include "mention.h"

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

/* Within a word of ASCII letters none begins. */
static bool may_begin(struct slice text, size_t at)
{
    return (unsigned char)text.p[at] >= 0x80 || !at ||
           !ascii_is_alnum((unsigned char)text.p[at - 1]);
}

bool mentions(struct slice text, const char *const *words)
{
    for (size_t at = 0; at < text.n; at++) {
        char first = ascii_lower(text.p[at]);
        if (!may_begin(text, at))
            continue;
        for (const char *const *word = words; *word; word++)
            if (**word == first && stands_at(text, at, slice_of(*word)))
                return true;
    }
    return false;
}
