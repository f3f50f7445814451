/* Words that texts of action items have in common. */
#include "match_private.h"

#include "pm/vec.h"

size_t match_words_in_common(const struct version_item *a, const struct version_item *b)
{
    size_t i = 0, j = 0, common = 0;

    while (i < a->nwords && j < b->nwords) { /* without a jump that nobody can foresee */
        uint32_t x = a->words[i], y = b->words[j];
        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    return common;
}

/* A word of an item, and how often it is there. */
struct occurrence {
    uint32_t word, item, times;
};

static int by_word(const void *x, const void *y)
{
    const struct occurrence *a = x, *b = y;

    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    return (a->item > b->item) - (a->item < b->item);
}

struct occurrences {
    struct occurrence *v;
    size_t n, cap;
};

static void gather_words(struct occurrences *out, const struct version *v)
{
    for (uint32_t i = 0; i < v->nitems; i++)
        for (size_t k = 0, from; k < v->items[i].nwords;) {
            uint32_t word = v->items[i].words[k];
            for (from = k; k < v->items[i].nwords && v->items[i].words[k] == word;)
                k++;
            vec_push(out, (struct occurrence){word, i, (uint32_t)(k - from)});
        }
    vec_sort(out, by_word);
}

static size_t same_word(const struct occurrences *o, size_t at)
{
    size_t end = at;

    while (end < o->n && o->v[end].word == o->v[at].word)
        end++;
    return end;
}

/* To a row of the table: one word of one item, with all the items that have it. */
static void add_word(uint32_t *row, uint32_t times, const struct occurrence *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[v[i].item] += times < v[i].times ? times : v[i].times;
}

uint32_t *match_all_in_common(const struct version *before, const struct version *after)
{
    uint32_t *common = xcalloc(before->nitems * after->nitems, sizeof *common);
    struct occurrences b = VEC_INIT, a = VEC_INIT;

    gather_words(&b, before);
    gather_words(&a, after);
    for (size_t i = 0, j = 0; i < b.n && j < a.n;) {
        size_t i_end = same_word(&b, i), j_end = same_word(&a, j);
        uint32_t x = b.v[i].word, y = a.v[j].word;
        for (size_t k = i; x == y && k < i_end; k++)
            add_word(common + b.v[k].item * after->nitems, b.v[k].times, &a.v[j], j_end - j);
        i = x <= y ? i_end : i;
        j = y <= x ? j_end : j;
    }
    vec_release(&b);
    vec_release(&a);
    return common;
}
