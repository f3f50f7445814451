#include <string.h>

#include "unit.h"

#include "pm/spell.h"

static size_t distance(const char *a, const char *b, size_t max)
{
    size_t one = spell_distance(slice_of(a), slice_of(b), max);

    assert_int_equal(spell_distance(slice_of(b), slice_of(a), max), one);
    return one;
}

static void distances(void **state)
{
    assert_int_equal(distance("", "", 9), 0);
    assert_int_equal(distance("same", "same", 9), 0);
    assert_int_equal(distance("Severity", "SEVERITY", 9), 0);
    assert_int_equal(distance("", "abc", 9), 3);
    assert_int_equal(distance("severty", "severity", 9), 1);
    assert_int_equal(distance("sevreity", "severity", 9), 1);
    assert_int_equal(distance("kitten", "sitting", 9), 3);
    assert_int_equal(distance("ca", "abc", 9), 3); /* optimal string alignment, not full Damerau */
    assert_int_equal(distance("障害", "障碍", 9), 1);
    assert_int_equal(distance("kitten", "sitting", 1), 2);
}

/* What is further than asked for is not looked at: the rest is the same. */
static void a_limit_changes_no_distance_below_it(void **state)
{
    static const char *const words[] = {"", "a", "ab", "ba", "severity", "sevreity", "verity", "everityx",
                                        "services", "secirvse", "xseverityx", "abcdefghij", "bacdfeghji"};
    size_t n = sizeof words / sizeof words[0];

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t max = 0; max < 12; max++) {
                size_t whole = distance(words[i], words[k], 64);
                assert_int_equal(distance(words[i], words[k], max), whole <= max ? whole : max + 1);
            }
}

static void long_words_are_never_near(void **state)
{
    char a[400];

    memset(a, 'a', sizeof a);
    assert_int_equal(spell_distance(slice_from(a, 64), slice_from(a, 64), 3), 0);
    assert_int_equal(spell_distance(slice_from(a, 65), slice_from(a, 65), 3), 4);
    assert_int_equal(spell_distance(slice_from(a, 400), slice_from(a, 400), 3), 4);
}

static void assert_best(const char *word, const char *expected)
{
    static const char *const names[] = {"severity", "services", "status", "started", "id", "title"};
    struct spell s;

    spell_init(&s, slice_of(word));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        spell_offer(&s, slice_of(names[i]));
    assert_slice(s.best, expected);
}

static void the_nearest_name_wins(void **state)
{
    assert_best("severty", "severity");
    assert_best("stauts", "status");
    assert_best("servces", "services");
    assert_best("statrus", "status");
    assert_best("ttle", "title");
    assert_best("di", "id");
    assert_best("sev", "severity");
    assert_best("titles_of_all", "title");
    assert_best("s", "");
    assert_best("banana", "");
    assert_best("", "");
    assert_best("\xff", "");
}

static void of_numbers_none_is_guessed(void **state)
{
    static const char *const names[] = {"sev1", "sev2", "PM-0041", "PM-0142", "2026-03-17-checkout"};
    static const char *const cases[][2] = {
        {"sev9", ""},        {"sev", ""},         {"sve2", "sev2"},
        {"PM-0042", ""},     {"PM-00041", "PM-0041"}, {"2026-03-18-checkout", "2026-03-17-checkout"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spell s;
        spell_init(&s, slice_of(cases[i][0]));
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            spell_offer(&s, slice_of(names[k]));
        assert_slice(s.best, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(a_limit_changes_no_distance_below_it),
        cmocka_unit_test(long_words_are_never_near),
        cmocka_unit_test(the_nearest_name_wins),
        cmocka_unit_test(of_numbers_none_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
