#include "match_private.h"

#include "pm/caps.h"
#include "pm/utf8.h"
#include "pm/vec.h"

#include <stdlib.h>
#include <string.h>

#define SIMILAR       0.6
#define SIMILAR_PLACE 0.35 /* where number, group, and owner or due date agree */
#define MOST_WORDS    0.75 /* of the shorter text, which then say as much as owner or due date */
#define TELLING       3    /* words that stand whole in another text by no chance */
#define COMPARED      5000 /* pairs, one by one; then all at once is faster, */
#define TABLE         ((size_t)CAP_ITEMS * CAP_ITEMS) /* unless that takes too much memory */
#define ELABORATED    20000 /* pairs of one text that is searched for in the other */

/* Two versions being paired: to[x] = y, from[y] = x. */
struct matching {
    const struct version *before, *after;
    uint32_t *to, *from;
    size_t compared, elaborated;
    uint32_t *common; /* words in common of all pairs, row by row of before; NULL: not counted yet */
};

static bool free_before(const struct matching *m, uint32_t x)
{
    return m->to[x] == MATCH_NONE;
}

static bool free_after(const struct matching *m, uint32_t y)
{
    return m->from[y] == MATCH_NONE;
}

static void pair(struct matching *m, uint32_t x, uint32_t y)
{
    m->to[x] = y;
    m->from[y] = x;
}

/* Words in common of item x of before and item y of after. */
static size_t common_of(struct matching *m, uint32_t x, uint32_t y)
{
    bool large = m->before->nitems * m->after->nitems > TABLE;

    if (!m->common && (large || m->compared++ < COMPARED))
        return match_words_in_common(&m->before->items[x], &m->after->items[y]);
    if (!m->common)
        m->common = match_all_in_common(m->before, m->after);
    return m->common[x * m->after->nitems + y];
}

static double dice(const struct version_item *a, const struct version_item *b, size_t common)
{
    return common ? 2.0 * (double)common / (double)(a->nwords + b->nwords) : 0.0;
}

double match_similarity(const struct version_item *a, const struct version_item *b)
{
    return dice(a, b, match_words_in_common(a, b));
}

static bool same_key(const struct version_item *a, const struct version_item *b)
{
    return a->key.n > 0 && slice_eq(a->key, b->key);
}

/* 1 for the same text, however short. */
static double likeness(struct matching *m, uint32_t x, uint32_t y)
{
    const struct version_item *a = &m->before->items[x], *b = &m->after->items[y];

    return same_key(a, b) ? 1.0 : dice(a, b, common_of(m, x, y));
}

/* ---- texts within texts ------------------------------------------------------------------- */

/* May a word end between these two bytes of folded text? CJK is not spaced into words. */
static bool word_edge(struct slice text, size_t at)
{
    if (at == 0 || at >= text.n)
        return true;
    size_t before = at - 1, after = at;
    while (before > 0 && ((unsigned char)text.p[before] & 0xc0) == 0x80)
        before--;
    uint32_t a = utf8_next(text, &before), b = utf8_next(text, &after);
    return !utf8_is_letter(a) || !utf8_is_letter(b) || utf8_is_cjk(a) || utf8_is_cjk(b);
}

bool match_stands_whole(struct finder *find, struct slice text)
{
    size_t at;

    finder_start(find, text);
    while ((at = finder_next(find)) != SIZE_MAX)
        if (word_edge(text, at) && word_edge(text, at + find->needle.n))
            return true;
    return false;
}

/* Does one say all that the other says, word by word? The same promise at another length. */
static bool is_elaborated(struct matching *m, const struct version_item *a,
                          const struct version_item *b, size_t common)
{
    const struct version_item *shorter = a->key.n <= b->key.n ? a : b;
    const struct version_item *longer = shorter == a ? b : a;
    struct finder find;

    if (common < TELLING || common < shorter->nwords || m->elaborated++ >= ELABORATED)
        return false;
    finder_init(&find, shorter->key);
    bool whole = match_stands_whole(&find, longer->key);
    finder_release(&find);
    return whole;
}

/* ---- what two versions both have ---------------------------------------------------------- */

/* A non-empty slice of an item, for joining two versions on it. */
struct entry {
    struct slice s;
    uint32_t item;
};

static int by_slice(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int c = slice_cmp(a->s, b->s);

    return c ? c : (a->item > b->item) - (a->item < b->item);
}

static size_t gather(struct entry **out, const struct version *v, size_t member)
{
    struct entry *entries = xcalloc(v->nitems, sizeof *entries);
    size_t n = 0;

    for (size_t i = 0; i < v->nitems; i++) {
        const char *item = (const char *)&v->items[i];
        const struct slice *s = (const struct slice *)(const void *)(item + member);
        if (s->n)
            entries[n++] = (struct entry){*s, (uint32_t)i};
    }
    qsort(entries, n, sizeof *entries, by_slice);
    *out = entries;
    return n;
}

static size_t run_length(const struct entry *v, size_t n)
{
    size_t k = 1;

    while (k < n && slice_eq(v[k].s, v[0].s))
        k++;
    return k;
}

/* Items of both versions that have the same value of a member. */
struct shared {
    const struct entry *before, *after;
    size_t nbefore, nafter;
};
typedef void shared_seen(struct matching *m, const struct shared *run, void *ctx);

static void join(struct matching *m, size_t member, shared_seen *seen, void *ctx)
{
    struct entry *b = NULL, *a = NULL;
    size_t nb = gather(&b, m->before, member), na = gather(&a, m->after, member);

    for (size_t i = 0, j = 0; i < nb && j < na;) {
        size_t in_b = run_length(b + i, nb - i), in_a = run_length(a + j, na - j);
        int c = slice_cmp(b[i].s, a[j].s);
        if (c == 0)
            seen(m, &(struct shared){b + i, a + j, in_b, in_a}, ctx);
        i += c <= 0 ? in_b : 0;
        j += c >= 0 ? in_a : 0;
    }
    free(b);
    free(a);
}

/* The only item on either side, both still free; false otherwise. */
static bool only_pair(const struct matching *m, const struct shared *run, uint32_t *x, uint32_t *y)
{
    if (run->nbefore != 1 || run->nafter != 1)
        return false;
    *x = run->before[0].item;
    *y = run->after[0].item;
    return free_before(m, *x) && free_after(m, *y);
}

/* ---- 1. explicit ids --------------------------------------------------------------------------
 */

/* Items that share a unique id but not their text. */
struct claim {
    uint32_t before, after;
    double likeness;
    bool yields; /* to somebody's text */
};

struct claims {
    VEC(struct claim) list;
    double *own_before, *own_after;   /* likeness to the partner of the same id; 0 without */
    bool *exact_before, *exact_after; /* the very text stands in the other version */
};

static void id_seen(struct matching *m, const struct shared *run, void *ctx)
{
    struct claims *c = ctx;
    uint32_t x, y;

    if (!only_pair(m, run, &x, &y))
        return;
    if (same_key(&m->before->items[x], &m->after->items[y])) {
        pair(m, x, y);
        return;
    }
    double s = match_similarity(&m->before->items[x], &m->after->items[y]);
    c->own_before[x] = c->own_after[y] = s;
    vec_push(&c->list, (struct claim){x, y, s, false});
}

static void mark_exact(struct matching *m, const struct shared *run, void *ctx)
{
    struct claims *c = ctx;
    bool left = false;

    for (size_t i = 0; i < run->nafter; i++)
        left |= free_after(m, run->after[i].item);
    for (size_t i = 0; left && i < run->nbefore; i++)
        c->exact_before[run->before[i].item] = free_before(m, run->before[i].item);
    left = false;
    for (size_t i = 0; i < run->nbefore; i++)
        left |= free_before(m, run->before[i].item);
    for (size_t i = 0; left && i < run->nafter; i++)
        c->exact_after[run->after[i].item] = free_after(m, run->after[i].item);
}

/* Is t, of an item of the claim with a third one, better evidence than the id? Not where the third
 * has a better explanation: its own id, or its own text elsewhere. */
static bool outdoes(const struct claim *c, double t, double own, bool exact)
{
    if (t < SIMILAR || t <= c->likeness)
        return false;
    return t >= 1.0 || (!exact && t > own);
}

static bool text_says_otherwise(struct matching *m, const struct claims *cs, const struct claim *c)
{
    for (uint32_t j = 0; j < m->after->nitems; j++)
        if (j != c->after && free_after(m, j) &&
            outdoes(c, likeness(m, c->before, j), cs->own_after[j], cs->exact_after[j]))
            return true;
    for (uint32_t i = 0; i < m->before->nitems; i++)
        if (i != c->before && free_before(m, i) &&
            outdoes(c, likeness(m, i, c->after), cs->own_before[i], cs->exact_before[i]))
            return true;
    return false;
}

static void pair_by_id(struct matching *m, struct claims *c)
{
    join(m, offsetof(struct version_item, id), id_seen, c);
    if (!c->list.n)
        return;
    join(m, offsetof(struct version_item, key), mark_exact, c);
    for (size_t i = 0; i < c->list.n; i++)
        c->list.v[i].yields = text_says_otherwise(m, c, &c->list.v[i]);
    for (size_t i = 0; i < c->list.n; i++)
        if (!c->list.v[i].yields)
            pair(m, c->list.v[i].before, c->list.v[i].after);
}

/* The text went to neither: an id that yielded for nothing stands after all. */
static void pair_by_claims_left(struct matching *m, const struct claims *c)
{
    for (size_t i = 0; i < c->list.n; i++)
        if (free_before(m, c->list.v[i].before) && free_after(m, c->list.v[i].after))
            pair(m, c->list.v[i].before, c->list.v[i].after);
}

/* ---- 2. folded text, 3. tracker ---------------------------------------------------------------
 */

static bool same_group(const struct version_item *a, const struct version_item *b)
{
    return slice_eq(a->group, b->group);
}

/* Who, until when, and how far it is. */
static bool same_stated(const struct stated *a, const struct stated *b)
{
    return slice_eq(a->owners, b->owners) && date_cmp(a->due, b->due) == 0 && a->state == b->state;
}

enum { AGREE = 5 };

/* How much says that of several equal texts these two are one: AGREE to 0. */
static int agreement(const struct version_item *a, const struct version_item *b)
{
    bool same = same_stated(&a->stated, &b->stated), here = a->position == b->position;

    if (a->id.n && slice_eq(a->id, b->id))
        return AGREE;
    if (!same_group(a, b))
        return 0;
    return same && here ? 4 : same ? 3 : here ? 2 : 1;
}

static void key_seen(struct matching *m, const struct shared *run, void *ctx)
{
    (void)ctx;
    for (int wanted = run->nbefore > 1 || run->nafter > 1 ? AGREE : 0; wanted >= 0; wanted--)
        for (size_t i = 0; i < run->nbefore; i++)
            for (size_t j = 0; j < run->nafter; j++) {
                uint32_t x = run->before[i].item, y = run->after[j].item;
                if (free_before(m, x) && free_after(m, y) &&
                    agreement(&m->before->items[x], &m->after->items[y]) >= wanted)
                    pair(m, x, y);
            }
}

static void tracker_seen(struct matching *m, const struct shared *run, void *ctx)
{
    uint32_t x, y;

    (void)ctx;
    if (only_pair(m, run, &x, &y))
        pair(m, x, y);
}

/* ---- 4. similar text ---------------------------------------------------------------------- */

struct candidate {
    double likeness;
    double distance; /* of their positions */
    uint32_t before, after;
};

static int best_first(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    if (a->before != b->before)
        return a->before < b->before ? -1 : 1;
    return (a->after > b->after) - (a->after < b->after);
}

static bool same_place(const struct version_item *a, const struct version_item *b)
{
    return a->position == b->position && same_group(a, b);
}

static bool same_facts(const struct version_item *a, const struct version_item *b)
{
    bool owner = a->stated.owners.n && slice_eq(a->stated.owners, b->stated.owners);
    bool due = a->stated.due.year && date_cmp(a->stated.due, b->stated.due) == 0;

    return owner || due;
}

static bool most_words(const struct version_item *a, const struct version_item *b, size_t common)
{
    size_t fewer = a->nwords < b->nwords ? a->nwords : b->nwords;

    return common >= TELLING && (double)common >= MOST_WORDS * (double)fewer;
}

typedef bool similar_enough(struct matching *m, const struct version_item *a,
                            const struct version_item *b, size_t common);

static bool similar_in_place(struct matching *m, const struct version_item *a,
                             const struct version_item *b, size_t common)
{
    double likeness = dice(a, b, common);

    if (likeness >= SIMILAR || is_elaborated(m, a, b, common))
        return true;
    return likeness >= SIMILAR_PLACE && same_place(a, b) &&
           (same_facts(a, b) || most_words(a, b, common));
}

static void pair_by_similarity(struct matching *m, similar_enough *enough)
{
    VEC(struct candidate) found = VEC_INIT;

    for (uint32_t x = 0; x < m->before->nitems; x++)
        for (uint32_t y = 0; free_before(m, x) && y < m->after->nitems; y++) {
            const struct version_item *a = &m->before->items[x], *b = &m->after->items[y];
            if (!free_after(m, y))
                continue;
            size_t common = common_of(m, x, y);
            double distance = (double)a->position - (double)b->position;
            if (enough(m, a, b, common))
                vec_push(&found, (struct candidate){dice(a, b, common),
                                                    distance < 0 ? -distance : distance, x, y});
        }
    vec_sort(&found, best_first);
    for (size_t i = 0; i < found.n; i++)
        if (free_before(m, found.v[i].before) && free_after(m, found.v[i].after))
            pair(m, found.v[i].before, found.v[i].after);
    vec_release(&found);
}

/* ---- all of them ------------------------------------------------------------------------------
 */

/* Most versions leave most items alone: same text, id and group in the same order. */
static bool unchanged(const struct version *before, const struct version *after)
{
    if (before->nitems != after->nitems)
        return false;
    for (size_t i = 0; i < before->nitems; i++)
        if (!same_key(&before->items[i], &after->items[i]) ||
            !same_group(&before->items[i], &after->items[i]) ||
            !slice_eq(before->items[i].id, after->items[i].id))
            return false;
    return true;
}

static void matching_init(struct matching *m, const struct version *before,
                          const struct version *after, uint32_t *to)
{
    *m = (struct matching){.before = before, .after = after, .to = to,
                           .from = xcalloc(after->nitems, sizeof *m->from)};
    for (size_t i = 0; i < after->nitems; i++)
        m->from[i] = MATCH_NONE;
    for (size_t i = 0; i < before->nitems; i++)
        if (to[i] != MATCH_NONE)
            m->from[to[i]] = (uint32_t)i;
}

static void matching_release(struct matching *m)
{
    free(m->from);
    free(m->common);
}

static bool all_paired(const struct matching *m)
{
    bool before = true, after = true;

    for (uint32_t i = 0; before && i < m->before->nitems; i++)
        before = !free_before(m, i);
    for (uint32_t i = 0; after && i < m->after->nitems; i++)
        after = !free_after(m, i);
    return before || after;
}

static void pair_by_rules(struct matching *m)
{
    size_t nb = m->before->nitems, na = m->after->nitems;
    struct claims c = {.own_before = xcalloc(nb, sizeof(double)),
                       .own_after = xcalloc(na, sizeof(double)),
                       .exact_before = xcalloc(nb, sizeof(bool)),
                       .exact_after = xcalloc(na, sizeof(bool))};

    pair_by_id(m, &c);
    join(m, offsetof(struct version_item, key), key_seen, NULL);
    join(m, offsetof(struct version_item, stated.tracker), tracker_seen, NULL);
    pair_by_similarity(m, similar_in_place);
    pair_by_claims_left(m, &c);
    vec_release(&c.list);
    free(c.own_before);
    free(c.own_after);
    free(c.exact_before);
    free(c.exact_after);
}

void match_rest(const struct version *before, const struct version *after, uint32_t *to)
{
    struct matching m;

    matching_init(&m, before, after, to);
    if (!all_paired(&m))
        pair_by_rules(&m);
    matching_release(&m);
}

void match_items(const struct version *before, const struct version *after, uint32_t *to)
{
    bool same = before == after || unchanged(before, after);

    for (size_t i = 0; i < before->nitems; i++)
        to[i] = same ? (uint32_t)i : MATCH_NONE;
    if (!same)
        match_rest(before, after, to);
}

/* ---- back after a gap -------------------------------------------------------------------------
 */

static bool similar_or_same_id(struct matching *m, const struct version_item *a,
                               const struct version_item *b, size_t common)
{
    double likeness = dice(a, b, common);

    if (likeness >= SIMILAR || is_elaborated(m, a, b, common))
        return true;
    if (a->stated.tracker.n && slice_eq(a->stated.tracker, b->stated.tracker))
        return true;
    return likeness >= SIMILAR_PLACE && a->id.n && slice_eq(a->id, b->id);
}

static void latest_key_seen(struct matching *m, const struct shared *run, void *ctx)
{
    (void)ctx;
    for (size_t i = run->nbefore; i-- > 0;)
        for (size_t j = 0; j < run->nafter && free_before(m, run->before[i].item); j++)
            if (free_after(m, run->after[j].item))
                pair(m, run->before[i].item, run->after[j].item);
}

void match_returning(const struct version *before, const struct version *after, const bool *taken,
                     uint32_t *to)
{
    struct matching m;

    for (size_t i = 0; i < before->nitems; i++)
        to[i] = MATCH_NONE;
    matching_init(&m, before, after, to);
    for (size_t j = 0; j < after->nitems; j++)
        if (taken[j])
            m.from[j] = MATCH_NONE - 1; /* not free; nobody asks whose */
    join(&m, offsetof(struct version_item, key), latest_key_seen, NULL);
    pair_by_similarity(&m, similar_or_same_id);
    matching_release(&m);
}
