#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/match.h"

#define MOST 6

/* An item as a row says it: its key is its text. */
struct row {
    const char *id, *text;
    long position;
    const char *group, *owner, *tracker;
};

#define SAYS(text)                                                                                 \
    {                                                                                              \
        NULL, text, 0, NULL, NULL, NULL                                                            \
    }
#define NAMED(id, text)                                                                            \
    {                                                                                              \
        id, text, 0, NULL, NULL, NULL                                                              \
    }
#define AT(text, n, group, owner)                                                                  \
    {                                                                                              \
        NULL, text, n, group, owner, NULL                                                          \
    }
#define TRACKED(text, tracker)                                                                     \
    {                                                                                              \
        NULL, text, 0, NULL, NULL, tracker                                                         \
    }

static struct version *version_of_rows(const struct row *rows)
{
    struct version *v = calloc(1, sizeof *v);

    v->readable = true;
    v->items = calloc(MOST, sizeof *v->items);
    for (size_t i = 0; i < MOST && rows[i].text; i++) {
        struct version_item *item = &v->items[v->nitems++];
        item->id = slice_of(rows[i].id);
        item->key = item->stated.text = slice_of(rows[i].text);
        item->position = rows[i].position ? rows[i].position : (long)i + 1;
        item->group = slice_of(rows[i].group);
        item->stated.owners = slice_of(rows[i].owner);
        item->stated.tracker = slice_of(rows[i].tracker);
        item->nwords = version_words(&item->words, item->key);
    }
    return v;
}

static void free_rows(struct version *v)
{
    for (size_t i = 0; i < v->nitems; i++)
        free(v->items[i].words);
    free(v->items);
    free(v);
}

#define GONE MATCH_NONE

/* to: what becomes of each item of before. */
struct pairing {
    const char *rule;
    struct row before[MOST], after[MOST];
    uint32_t to[MOST];
};

static const struct pairing pairings[] = {
    {"nothing changes",
     {NAMED("A1", "one"), NAMED("A2", "two")},
     {NAMED("A1", "one"), NAMED("A2", "two")},
     {0, 1}},
    {"an id stays where the text is new",
     {NAMED("A1", "reject bad configs")},
     {NAMED("A1", "buy a lamp")},
     {0}},
    {"an id that stands twice is no id",
     {NAMED("A1", "reject bad configs"), NAMED("A1", "write a runbook")},
     {NAMED("A1", "write a runbook"), NAMED("A1", "buy a lamp")},
     {GONE, 0}},
    {"renumbered: the text wins",
     {NAMED("A1", "reject bad configs"), NAMED("A2", "write a runbook")},
     {NAMED("A1", "write a runbook")},
     {GONE, 0}},
    {"swapped: the text wins",
     {NAMED("A1", "one thing"), NAMED("A2", "another")},
     {NAMED("A1", "another"), NAMED("A2", "one thing")},
     {1, 0}},
    {"swapped and reworded: similar text wins",
     {NAMED("A1", "reject configs that fail validation"),
      NAMED("A2", "alert when errors exceed one percent")},
     {NAMED("A1", "alert when errors exceed two percent"),
      NAMED("A2", "reject all configs that fail validation")},
     {1, 0}},
    {"similar neighbours do not shake an id: each has its own text",
     {NAMED("A1", "add an alert for checkout"), NAMED("A2", "add an alert for payment")},
     {NAMED("A1", "add an alarm for payment"), NAMED("A2", "add an alert for payment")},
     {0, 1}},
    {"an old number under which another item's text now stands",
     {NAMED("A1", "reject bad configs"), SAYS("write a runbook")},
     {NAMED("A1", "write a runbook"), SAYS("reject bad configs")},
     {1, 0}},
    {"the same text", {SAYS("one"), SAYS("two")}, {SAYS("two"), SAYS("one")}, {1, 0}},
    {"the same text twice: group, then position",
     {AT("test it", 1, "a", NULL), AT("test it", 2, "b", NULL)},
     {AT("test it", 1, "b", NULL), AT("test it", 2, "a", NULL)},
     {1, 0}},
    {"the same text, once less",
     {AT("test it", 1, NULL, NULL), AT("test it", 2, NULL, NULL)},
     {AT("test it", 2, NULL, NULL)},
     {GONE, 0}},
    {"the same text twice: who has it before where it stands",
     {AT("test it", 1, NULL, "bob"), AT("test it", 2, NULL, "eve")},
     {AT("test it", 1, NULL, "eve")},
     {GONE, 0}},
    {"the same text twice, one of them changed hands: where it stands",
     {AT("test it", 1, NULL, "bob"), AT("test it", 2, NULL, "bob")},
     {AT("test it", 1, NULL, "eve"), AT("test it", 2, NULL, "bob")},
     {0, 1}},
    {"the same tracker",
     {TRACKED("reject bad configs", "OPS-1")},
     {TRACKED("something else", "OPS-1")},
     {0}},
    {"a tracker that two have says nothing",
     {TRACKED("reject bad configs", "OPS-1")},
     {TRACKED("something else", "OPS-1"), TRACKED("anything", "OPS-1")},
     {GONE}},
    {"similar text, 0.6",
     {SAYS("alert when checkout errors rise")},
     {SAYS("alert when errors rise")},
     {0}},
    {"less similar text",
     {SAYS("alert when checkout errors rise")},
     {SAYS("alert when disks are full")},
     {GONE}},
    {"less similar, but at the same place with the same owner",
     {AT("alert when checkout errors rise", 1, "g", "bob")},
     {AT("alert when disks are full", 1, "g", "bob")},
     {0}},
    {"less similar with the same owner elsewhere",
     {AT("alert when checkout errors rise", 1, "g", "bob")},
     {AT("buy a lamp", 1, "g", "eve"), AT("alert when disks are full", 2, "g", "bob")},
     {GONE}},
    {"the same text at greater length, wherever it stands",
     {SAYS("buy a lamp"), SAYS("document how to break state locks")},
     {SAYS("document how to break state locks: whoever is on call when terraform ends early finds "
           "there what to do, and whom to tell"),
      SAYS("buy a lamp")},
     {1, 0}},
    {"at smaller length",
     {SAYS("rehearse the failover: nobody had done so for years, and the two of us who knew how it "
           "is done had both left the company before")},
     {SAYS("rehearse the failover")},
     {0}},
    {"two words in a long text say too little",
     {SAYS("add alerts"), SAYS("buy a lamp")},
     {SAYS("buy a lamp"),
      SAYS("ask the people of the other team when they think that we can add alerts of our own")},
     {GONE, 0}},
    {"a text that only begins like a word of the longer one",
     {SAYS("write a run")},
     {SAYS("write a runbook that tells whoever is on call what to do when all of the disks are "
           "full")},
     {GONE}},
    {"reworded at greater length: most of its words, at its place",
     {AT("run plan in a step on commits, to tell what applying does", 2, "g", NULL)},
     {AT("run plan in a step that tests commits: a plan of every pipeline is made before changes "
         "are merged, and makes clear to whoever reviews what applying them does",
         2, "g", NULL)},
     {0}},
    {"most of its words, elsewhere",
     {AT("run plan in a step on commits, to tell what applying does", 2, "g", NULL)},
     {AT("buy a lamp", 2, "g", NULL),
      AT("run plan in a step that tests commits: a plan of every pipeline is made before changes "
         "are merged, and makes clear to whoever reviews what applying them does",
         3, "g", NULL)},
     {GONE}},
    {"few of its words, at its place",
     {AT("apply sane triggers to pipelines", 2, "g", NULL)},
     {AT("apply a baseline to all repositories, so that nothing runs outside of its context", 2,
         "g", NULL)},
     {GONE}},
    {"the most similar goes first, ties to the nearest",
     {SAYS("alert on errors of queue one"), SAYS("alert on errors of queue two")},
     {SAYS("alert on errors of queue two now"), SAYS("alert on errors of queue one now")},
     {1, 0}},
    {"Japanese text by its pairs of characters",
     {SAYS("設定の検証をデプロイ前に行う"), SAYS("監視を追加する")},
     {SAYS("監視を二つ追加する"), SAYS("設定の検証をデプロイの前に行う")},
     {1, 0}},
    {"no text is like no text", {SAYS("")}, {SAYS(""), SAYS("")}, {GONE}},
};

static void items_pair_by_the_rules(void **state)
{
    for (size_t i = 0; i < sizeof pairings / sizeof pairings[0]; i++) {
        const struct pairing *p = &pairings[i];
        struct version *before = version_of_rows(p->before), *after = version_of_rows(p->after);
        uint32_t to[MOST];

        match_items(before, after, to);
        for (size_t k = 0; k < before->nitems; k++)
            if (to[k] != p->to[k])
                fail_msg("%s: item %zu became %d, not %d", p->rule, k, (int)to[k], (int)p->to[k]);
        free_rows(before);
        free_rows(after);
    }
}

static void an_empty_version_pairs_with_nothing(void **state)
{
    struct version *none = version_of_rows((struct row[MOST]){SAYS(NULL)});
    struct version *one = version_of_rows((struct row[MOST]){NAMED("A1", "one")});
    uint32_t to[MOST] = {7};

    match_items(none, one, to);
    assert_int_equal(to[0], 7);
    match_items(one, none, to);
    assert_int_equal(to[0], MATCH_NONE);
    free_rows(none);
    free_rows(one);
}

static void pairs_that_stand_stay(void **state)
{
    struct version *before = version_of_rows((struct row[MOST]){SAYS("one"), SAYS("two")});
    struct version *after = version_of_rows((struct row[MOST]){SAYS("one"), SAYS("two")});
    uint32_t to[MOST] = {1, MATCH_NONE};

    match_rest(before, after, to);
    assert_int_equal(to[0], 1);
    assert_int_equal(to[1], MATCH_NONE);
    free_rows(before);
    free_rows(after);
}

static void what_was_gone_is_back_by_text_not_by_id_alone(void **state)
{
    struct version *gone = version_of_rows((struct row[MOST]){NAMED("A1", "reject bad configs"),
                                                              NAMED("A2", "write a runbook"),
                                                              SAYS("test it"), SAYS("test it")});
    struct version *now = version_of_rows((struct row[MOST]){
        NAMED("A1", "buy a lamp"), NAMED("A9", "write a runbook"), SAYS("test it")});
    bool taken[MOST] = {false};
    uint32_t to[MOST];

    match_returning(gone, now, taken, to);
    assert_int_equal(to[0], MATCH_NONE);
    assert_int_equal(to[1], 1);
    assert_int_equal(to[2], MATCH_NONE);
    assert_int_equal(to[3], 2); /* the last one gone */
    taken[1] = true;
    match_returning(gone, now, taken, to);
    assert_int_equal(to[1], MATCH_NONE);
    free_rows(gone);
    free_rows(now);
}

static void similarity_is_symmetric_and_between_0_and_1(void **state)
{
    struct version *v = version_of_rows((struct row[MOST]){SAYS("a b c d"), SAYS("a b e f"),
                                                           SAYS("x y"), SAYS(""), SAYS("a a b b")});
    const struct version_item *i = v->items;

    assert_true(match_similarity(&i[0], &i[0]) == 1.0);
    assert_true(match_similarity(&i[0], &i[1]) == 0.5);
    assert_true(match_similarity(&i[1], &i[0]) == 0.5);
    assert_true(match_similarity(&i[0], &i[4]) == 0.5); /* a multiset: each counts once */
    assert_true(match_similarity(&i[0], &i[2]) == 0.0);
    assert_true(match_similarity(&i[3], &i[3]) == 0.0);
    free_rows(v);
}

static void words_are_runs_of_letters_and_pairs_of_cjk(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {{"", 0},     {"one", 1},    {"one-two three", 3}, {"検", 1},
                {"検証", 1}, {"検証を", 2}, {"api検証v2", 3},     {"... --", 0}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t *words = NULL;
        assert_int_equal(version_words(&words, slice_of(rows[i].text)), rows[i].n);
        free(words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_pair_by_the_rules),
        cmocka_unit_test(an_empty_version_pairs_with_nothing),
        cmocka_unit_test(pairs_that_stand_stay),
        cmocka_unit_test(what_was_gone_is_back_by_text_not_by_id_alone),
        cmocka_unit_test(similarity_is_symmetric_and_between_0_and_1),
        cmocka_unit_test(words_are_runs_of_letters_and_pairs_of_cjk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
