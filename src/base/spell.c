#include "pm/spell.h"

#include "pm/utf8.h"

#define LONGEST 64u /* code points; what is longer is not a misspelt name */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t difference(size_t a, size_t b)
{
    return a < b ? b - a : a - b;
}

/* Code points of the folded word; LONGEST + 1 when there are more. */
static size_t unfold(struct slice word, uint32_t cps[LONGEST])
{
    struct str folded = STR_INIT;
    size_t n = 0;

    if (word.n > LONGEST * 4)
        return LONGEST + 1;
    for (; n < word.n && n < LONGEST && (unsigned char)word.p[n] < 0x80; n++)
        cps[n] = (uint32_t)ascii_lower(word.p[n]);
    if (n == word.n)
        return n;
    utf8_fold(&folded, word);
    n = 0;
    for (size_t at = 0; at < folded.n && n <= LONGEST; n++) {
        uint32_t cp = utf8_next(str_slice(&folded), &at);
        if (n < LONGEST)
            cps[n] = cp;
    }
    str_release(&folded);
    return n;
}

size_t spell_distance(struct slice left, struct slice right, size_t max)
{
    uint32_t a[LONGEST], b[LONGEST];
    size_t rows[3][LONGEST + 1]; /* of the matrix: this row and the two before it */

    /* A word is held against hundreds, and nearly all of them end here. */
    if (difference(left.n, right.n) > max && utf8_is_ascii(left) && utf8_is_ascii(right))
        return max + 1;
    size_t na = unfold(left, a), nb = unfold(right, b);
    if (na > LONGEST || nb > LONGEST || difference(na, nb) > max)
        return max + 1;
    /* Cells further from the diagonal than max have a distance of more than that. */
    size_t beyond = max + 1, band = least(max, LONGEST);
    for (size_t j = 0; j <= nb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        size_t from = i > band ? i - band : 1, to = least(nb, i + band);
        row[from - 1] = from == 1 ? i : beyond;
        for (size_t j = from; j <= to; j++) {
            size_t cost = above[j - 1] + (a[i - 1] != b[j - 1]);
            cost = least(cost, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = least(cost, two_above[j - 2] + 1);
            row[j] = cost;
        }
        if (to < nb)
            row[to + 1] = beyond;
    }
    return least(rows[na % 3][nb], max + 1);
}

void spell_init(struct spell *s, struct slice word)
{
    *s = (struct spell){.word = word, .distance = SIZE_MAX};
}

static bool is_prefix(struct slice a, struct slice b)
{
    return utf8_count(a) >= 3 && slice_istarts(b, a);
}

static struct slice number_at(struct slice s, size_t *at)
{
    size_t from = *at;
    while (*at < s.n && ascii_is_digit((unsigned char)s.p[*at]))
        ++*at;
    while (from < *at && s.p[from] == '0')
        from++;
    return slice_sub(s, from, *at - from);
}

/* sev1 and sev2, PM-0041 and PM-0042: the same but for a number. */
static bool is_other_number(struct slice a, struct slice b)
{
    size_t i = 0, k = 0;
    bool other = false;
    while (i < a.n && k < b.n) {
        if (ascii_is_digit((unsigned char)a.p[i]) && ascii_is_digit((unsigned char)b.p[k]))
            other |= !slice_eq(number_at(a, &i), number_at(b, &k));
        else if (ascii_lower(a.p[i++]) != ascii_lower(b.p[k++]))
            return false;
    }
    return other && i == a.n && k == b.n;
}

void spell_offer(struct spell *s, struct slice candidate)
{
    size_t third = utf8_count(s->word) / 3;
    size_t max = third ? third : 1;
    size_t distance = spell_distance(s->word, candidate, max);

    if (!s->word.n || !candidate.n)
        return;
    /* A prefix is a good guess, but a slip of the finger is a better one. */
    if (distance > max && !is_prefix(s->word, candidate) && !is_prefix(candidate, s->word))
        return;
    if (distance < s->distance) {
        s->distance = distance;
        s->best = candidate;
    } else if (distance == s->distance && is_other_number(s->best, candidate)) {
        s->best = SLICE(""); /* which of them nobody can guess */
    }
}
