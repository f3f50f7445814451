#include "mention.h"

static bool begins_word(struct slice text, size_t at)
{
    return !at || !ascii_is_alnum((unsigned char)text.p[at - 1]);
}

static bool stands_at(struct slice text, size_t at, struct slice word)
{
    bool alone = slice_ends(word, SLICE(" "));
    if (alone)
        word.n--;
    if (!slice_istarts(slice_sub(text, at, text.n), word))
        return false;
    if ((unsigned char)word.p[0] >= 0x80)
        return true;
    size_t end = at + word.n;
    return begins_word(text, at) &&
           (!alone || end == text.n || !ascii_is_alnum((unsigned char)text.p[end]));
}

bool mentions(struct slice text, const char *const *words)
{
    for (; *words; words++) {
        struct slice word = slice_of(*words);
        char first = ascii_lower(word.p[0]);
        for (size_t at = 0; at + word.n <= text.n + 1; at++)
            if (at < text.n && ascii_lower(text.p[at]) == first && stands_at(text, at, word))
                return true;
    }
    return false;
}
