#include "pm/emphasis.h"

#include <stdlib.h>
#include <string.h>

#include "pm/utf8.h"

#define NONE SIZE_MAX

struct match {
    size_t from, to; /* the pieces between are styled */
    unsigned style;
};

struct matcher {
    struct delims *delims;
    struct pieces *pieces;
    size_t bottom[3][2][3]; /* below which no opener is: by character, whether the closer opens too,
                               and its length modulo 3 */
    VEC(struct match) matches;
};

static bool is_punctuation(uint32_t cp)
{
    if (cp < 0x80)
        return ascii_is_punct((unsigned char)cp);
    return !utf8_is_letter(cp) && !utf8_is_space(cp) && !utf8_is_emoji(cp);
}

void delims_push(struct delims *d, size_t piece, struct slice run, uint32_t left, uint32_t right)
{
    bool left_space = utf8_is_space(left), left_punct = is_punctuation(left);
    bool right_space = utf8_is_space(right), right_punct = is_punctuation(right);
    bool left_flanking = !right_space && (!right_punct || left_space || left_punct);
    bool right_flanking = !left_space && (!left_punct || right_space || right_punct);
    struct delim made = {.piece = piece, .c = run.p[0], .length = run.n, .count = run.n};
    if (made.c == '_') {
        made.opens = left_flanking && (!right_flanking || left_punct);
        made.closes = right_flanking && (!left_flanking || right_punct);
    } else {
        made.opens = left_flanking;
        made.closes = right_flanking;
    }
    vec_push(d, made);
}

static bool fits(const struct delim *opener, const struct delim *closer)
{
    if (opener->c != closer->c || !opener->opens)
        return false;
    if (closer->c == '~')
        return opener->length == closer->length;
    if (!opener->closes && !closer->opens)
        return true;
    return (opener->length + closer->length) % 3 || closer->length % 3 == 0;
}

static void unlink_delim(struct delims *d, size_t i)
{
    struct delim *one = &d->v[i];
    if (one->prev != NONE)
        d->v[one->prev].next = one->next;
    if (one->next != NONE)
        d->v[one->next].prev = one->prev;
}

/* Takes n characters from the inner side of an opener or a closer. */
static void use_up(struct matcher *m, struct delim *one, size_t n, bool opener)
{
    struct piece *p = &m->pieces->v[one->piece];
    one->count -= n;
    p->text.n -= n;
    if (opener) {
        p->span.end -= (uint32_t)n;
    } else {
        p->text.p += n;
        p->span.start += (uint32_t)n;
    }
}

static void use_pair(struct matcher *m, size_t opener, size_t closer)
{
    struct delims *d = m->delims;
    struct delim *o = &d->v[opener], *c = &d->v[closer];
    size_t n = c->c == '~' ? c->count : o->count >= 2 && c->count >= 2 ? 2 : 1;
    unsigned style = c->c == '~' ? STYLE_STRIKE : n == 2 ? STYLE_STRONG : STYLE_EM;
    vec_push(&m->matches, (struct match){o->piece + 1, c->piece, style});
    use_up(m, o, n, true);
    use_up(m, c, n, false);
    o->next = closer; /* those between cannot match any more */
    c->prev = opener;
    if (!o->count)
        unlink_delim(d, opener);
    if (!c->count)
        unlink_delim(d, closer);
}

static size_t *bottom_of(struct matcher *m, const struct delim *closer)
{
    size_t c = closer->c == '*' ? 0 : closer->c == '_' ? 1 : 2;
    return &m->bottom[c][closer->opens][closer->length % 3];
}

static void match_all(struct matcher *m, size_t first)
{
    struct delims *d = m->delims;
    for (size_t i = 0; i < 18; i++)
        (&m->bottom[0][0][0])[i] = first;
    for (size_t closer = first; closer != NONE;) {
        struct delim *c = &d->v[closer];
        size_t *bottom = bottom_of(m, c);
        size_t opener = c->closes ? c->prev : NONE;
        while (opener != NONE && opener >= *bottom && !fits(&d->v[opener], c))
            opener = d->v[opener].prev;
        if (opener != NONE && opener >= *bottom && c->closes) {
            use_pair(m, opener, closer);
            closer = c->count ? closer : c->next;
            continue;
        }
        if (c->closes) {
            *bottom = closer;
            if (!c->opens)
                unlink_delim(d, closer);
        }
        closer = c->next;
    }
}

/* Ends a nested style only where the outermost of its kind ends. */
static void apply_styles(const struct matcher *m, unsigned char *styles)
{
    size_t n = m->pieces->n;
    int *change[3], open[3] = {0, 0, 0};
    for (size_t k = 0; k < 3; k++)
        change[k] = xcalloc(n + 1, sizeof *change[k]);
    for (size_t i = 0; i < m->matches.n; i++) {
        const struct match *one = &m->matches.v[i];
        size_t k = one->style == STYLE_STRONG ? 0 : one->style == STYLE_EM ? 1 : 2;
        change[k][one->from]++;
        change[k][one->to]--;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 3; k++) {
            open[k] += change[k][i];
            if (open[k] > 0)
                styles[i] |= (unsigned char)(1u << k);
        }
    for (size_t k = 0; k < 3; k++)
        free(change[k]);
}

void delims_match(struct delims *d, struct pieces *p, size_t first, unsigned char *styles)
{
    struct matcher m = {.delims = d, .pieces = p};
    if (first >= d->n)
        return;
    for (size_t i = first; i < d->n; i++) {
        d->v[i].prev = i > first ? i - 1 : NONE;
        d->v[i].next = i + 1 < d->n ? i + 1 : NONE;
    }
    match_all(&m, first);
    if (styles && m.matches.n)
        apply_styles(&m, styles);
    vec_release(&m.matches);
    d->n = first;
}
