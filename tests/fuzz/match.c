/* Two versions of a document, the one before the first NUL and the one behind it: which item of one
 * is which item of the other. One to one, the same the other way round, and all of what is equal. */
#include "../../src/model/match_private.h"

#include "../lib/reading.h"

static struct version *version_from(struct slice bytes)
{
    struct postmortem *pm = read_document(default_schema(), bytes);
    struct version *v = version_of(pm);
    postmortem_free(pm);
    return v;
}

/* to[] of each way leads back by the other. */
static void check_both_ways(const struct version *a, const struct version *b)
{
    uint32_t *to = xcalloc(a->nitems, sizeof *to), *back = xcalloc(b->nitems, sizeof *back);
    match_items(a, b, to);
    match_items(b, a, back);
    for (size_t i = 0; i < a->nitems; i++) {
        check_that(to[i] == MATCH_NONE || to[i] < b->nitems, "an item becomes one that is there");
        check_that(to[i] == MATCH_NONE || back[to[i]] == i, "pairs are the same from both sides");
    }
    for (size_t j = 0; j < b->nitems; j++)
        check_that(back[j] == MATCH_NONE || (back[j] < a->nitems && to[back[j]] == j),
                   "pairs are the same from the other side");
    free(to);
    free(back);
}

static void check_equal(const struct version *a, const struct version *b)
{
    uint32_t *to = xcalloc(a->nitems, sizeof *to);
    match_items(a, b, to);
    for (size_t i = 0; i < a->nitems; i++)
        check_that(to[i] == i, "each item of an equal version is itself");
    free(to);
}

/* What is taken stays so, what is paired already too, and nothing is paired twice. */
static void check_returning(const struct version *a, const struct version *b)
{
    uint32_t *to = xcalloc(a->nitems, sizeof *to);
    bool *taken = xcalloc(b->nitems, sizeof *taken);
    for (size_t j = 0; j < b->nitems; j += 3)
        taken[j] = true;
    for (size_t i = 0; i < a->nitems; i++)
        to[i] = MATCH_NONE;
    match_returning(a, b, taken, to);
    for (size_t i = 0; i < a->nitems; i++) {
        if (to[i] == MATCH_NONE)
            continue;
        check_that(to[i] < b->nitems && !taken[to[i]], "what comes back was free");
        taken[to[i]] = true;
    }
    free(to);
    free(taken);
}

/* Counted for all pairs at once or for each: the same. */
static void check_common(const struct version *a, const struct version *b)
{
    uint32_t *common = match_all_in_common(a, b);
    for (size_t i = 0; i < a->nitems; i++)
        for (size_t j = 0; j < b->nitems; j++)
            check_that(common[i * b->nitems + j] ==
                           match_words_in_common(&a->items[i], &b->items[j]),
                       "words in common are counted");
    free(common);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice behind, first = before_nul(data, size, &behind);
    struct version *a = version_from(first), *b = version_from(behind), *c = version_from(first);
    check_both_ways(a, b);
    check_equal(a, c);
    check_common(a, b);
    check_returning(a, b);
    check_returning(b, a);
    version_free(a);
    version_free(b);
    version_free(c);
    return 0;
}
