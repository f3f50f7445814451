#include "pm/beginnings.h"

#include "pm/utf8.h"
#include "unit.h"

static struct beginnings of(const char *const *words)
{
    struct beginnings b = BEGINNINGS_INIT;
    for (; *words; words++)
        beginnings_add(&b, slice_of(*words));
    return b;
}

static void places_where_none_begins_are_passed_over(void **state)
{
    const struct beginnings b = of((const char *const[]){"token", "AKIA", "-----", "全", NULL});
    struct slice text = SLICE("a token, no attoken; TOKEN x-y z--- 十全");
    const size_t expected[] = {2, 21, 32, 33, 34, 39};
    size_t at = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++, at++) {
        at = beginnings_next(&b, text, at);
        assert_int_equal(at, expected[i]);
    }
    assert_int_equal(beginnings_next(&b, text, at), SIZE_MAX);
    assert_int_equal(beginnings_next(&b, SLICE(""), 0), SIZE_MAX);
    assert_int_equal(beginnings_next(&b, text, text.n + 3), SIZE_MAX);
}

static void within_a_word_none_begins(void **state)
{
    const struct beginnings b = of((const char *const[]){"ok", NULL});
    assert_int_equal(beginnings_next(&b, SLICE("took ok"), 2), 5);
    assert_int_equal(beginnings_next(&b, SLICE("to ok"), 3), 3);
}

static void one_letter_begins_words_or_is_one(void **state)
{
    const struct beginnings b = of((const char *const[]){"a", NULL});
    struct beginnings word = BEGINNINGS_INIT;
    beginnings_add_word(&word, SLICE("a"));
    assert_int_equal(beginnings_next(&b, SLICE("x Ab a"), 0), 2);
    assert_int_equal(beginnings_next(&word, SLICE("x Ab A b"), 0), 5);
    assert_int_equal(beginnings_next(&word, SLICE("ab a"), 0), 3);
}

static void an_exact_word_begins_with_its_own_byte(void **state)
{
    struct beginnings b = BEGINNINGS_INIT;
    beginnings_add_exact(&b, SLICE("SecretKey"));
    assert_int_equal(beginnings_next(&b, SLICE("a secret of sEcret Se"), 0), 19);
    assert_int_equal(beginnings_next(&b, SLICE("x SECRET"), 0), 2);
}

/* No place is passed over at which a word stands, in whatever case. */
static void a_folded_word_may_have_had_capitals(void **state)
{
    static const char *const texts[] = {"HÄTTE", "Ärger", "öl", "Wäre", "ОШИБКА", "ошибка"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct beginnings b = BEGINNINGS_INIT;
        struct str folded = STR_INIT;
        utf8_fold(&folded, slice_of(texts[i]));
        beginnings_add_word(&b, str_slice(&folded));
        assert_int_equal(beginnings_next(&b, slice_of(texts[i]), 0), 0);
        str_release(&folded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_where_none_begins_are_passed_over),
        cmocka_unit_test(within_a_word_none_begins),
        cmocka_unit_test(one_letter_begins_words_or_is_one),
        cmocka_unit_test(an_exact_word_begins_with_its_own_byte),
        cmocka_unit_test(a_folded_word_may_have_had_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
