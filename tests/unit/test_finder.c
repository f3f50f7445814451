#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "pm/alloc.h"
#include "pm/finder.h"

static void assert_found(const char *needle, const char *text, const char *expected)
{
    struct finder f;
    char places[256] = "";
    size_t at;
    finder_init(&f, slice_of(needle));
    finder_start(&f, slice_of("left over: aab"));
    finder_next(&f);
    finder_start(&f, slice_of(text));
    while ((at = finder_next(&f)) != SIZE_MAX)
        snprintf(places + strlen(places), sizeof places - strlen(places), "%zu ", at);
    finder_release(&f);
    assert_string_equal(places, expected);
}

static void every_occurrence_is_found(void **state)
{
    assert_found("aab", "aabaaab", "0 4 ");
    assert_found("aa", "aaaa", "0 1 2 ");
    assert_found("xa xa x", "xa xa xa xa xa", "0 3 6 ");
    assert_found("abcabd", "abcabcabd abcab", "3 ");
    assert_found("a", "bab", "1 ");
    assert_found("abc", "ab", "");
    assert_found("abc", "", "");
    assert_found("", "abc", "");
}

/* A search that compares anew at each place would compare 4 * 10^10 bytes here. */
static void repeats_are_searched_in_linear_time(void **state)
{
    enum { N = 400000 };
    char *text = xmalloc(N);
    struct slice s = slice_from(text, N);
    memset(text, 'a', N);
    text[N / 2 - 1] = 'b';
    struct slice needle = slice_sub(s, N / 4, N / 4);
    assert_int_equal(slice_find(s, needle, 0), N / 4);
    assert_int_equal(slice_find(s, needle, N / 4 + 1), SIZE_MAX);
    free(text);
}

/* The two ways to search agree, whichever of them answers. */
static void small_alphabets_are_searched_alike(void **state)
{
    char text[64];
    for (unsigned seed = 1; seed < 2000; seed++) {
        unsigned random = seed * 2654435761u;
        for (size_t i = 0; i < sizeof text; i++) {
            random = random * 1103515245u + 12345u;
            text[i] = "ab"[random >> 16 & 1];
        }
        struct slice s = slice_from(text, sizeof text), needle = slice_sub(s, 56, seed % 8 + 1);
        struct finder f;
        finder_init(&f, needle);
        finder_start(&f, s);
        size_t first = 0;
        while (memcmp(text + first, needle.p, needle.n) != 0)
            first++;
        assert_int_equal(finder_next(&f), first);
        assert_int_equal(slice_find(s, needle, 0), first);
        finder_release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_occurrence_is_found),
        cmocka_unit_test(repeats_are_searched_in_linear_time),
        cmocka_unit_test(small_alphabets_are_searched_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
