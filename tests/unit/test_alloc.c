#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "pm/alloc.h"

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    struct arena a = ARENA_INIT;

    for (size_t n = 0; n < 3000; n += 7) {
        char *p = arena_alloc(&a, n);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, n);
    }
    arena_release(&a);
}

static void arena_pieces_do_not_overlap(void **state)
{
    struct arena a = ARENA_INIT;
    struct {
        char *p;
        size_t n;
    } pieces[200];

    for (size_t i = 0; i < 200; i++) { /* small ones among ones that need a block of their own */
        pieces[i].n = i % 10 ? i : 40000 + i * 1000;
        pieces[i].p = arena_alloc(&a, pieces[i].n);
        memset(pieces[i].p, (int)i, pieces[i].n);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k < pieces[i].n; k++)
            assert_int_equal((unsigned char)pieces[i].p[k], i);
    arena_release(&a);
}

static void arena_counts_and_can_be_used_again(void **state)
{
    struct arena a = ARENA_INIT;

    arena_alloc(&a, 100);
    assert_true(a.used >= 100);
    arena_release(&a);
    assert_int_equal(a.used, 0);
    assert_null(a.head);
    assert_string_equal(arena_strdup(&a, SLICE("again")), "again");
    arena_release(&a);
    arena_release(&a);
}

static void an_arena_takes_what_another_holds(void **state)
{
    struct arena a = ARENA_INIT, b = ARENA_INIT;
    (void)state;
    char *mine = arena_strdup(&a, SLICE("mine")), *other = arena_strdup(&b, SLICE("other"));
    size_t used = a.used + b.used;
    arena_take(&a, &b);
    assert_int_equal(a.used, used);
    assert_null(b.head);
    assert_int_equal(b.used, 0);
    arena_release(&b);
    assert_string_equal(mine, "mine");
    assert_string_equal(other, "other");
    arena_alloc(&a, 100000);
    arena_take(&b, &a);
    assert_string_equal(other, "other");
    arena_release(&b);
}

static void arena_copies_end_with_nul(void **state)
{
    struct arena a = ARENA_INIT;

    struct slice copy = arena_dup(&a, slice_sub(SLICE("postmortem"), 0, 4));
    assert_int_equal(copy.n, 4);
    assert_string_equal(copy.p, "post");
    assert_string_equal(arena_strdup(&a, slice_of(NULL)), "");
    struct slice nul = arena_dup(&a, SLICE("a\0b"));
    assert_memory_equal(nul.p, "a\0b", 4);
    assert_string_equal(arena_fmt(&a, "%d%%, %s", 50, "half"), "50%, half");
    arena_release(&a);
}

static void copies_are_of_what_was_asked_for(void **state)
{
    char *s = xstrndup("abcdef", 3), *all = xstrndup("ab", 100), *dup = xstrdup("");
    int *zeros = xcalloc(4, sizeof *zeros);
    void *nothing = xmalloc(0), *empty = xmemdup(NULL, 0);

    assert_string_equal(s, "abc");
    assert_string_equal(all, "ab");
    assert_string_equal(dup, "");
    assert_int_equal(zeros[0] | zeros[3], 0);
    zeros = xreallocarray(zeros, 8, sizeof *zeros);
    zeros[7] = 1;
    assert_non_null(nothing);
    assert_non_null(empty);
    free(s);
    free(all);
    free(dup);
    free(zeros);
    free(nothing);
    free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(arena_pieces_do_not_overlap),
        cmocka_unit_test(arena_counts_and_can_be_used_again),
        cmocka_unit_test(an_arena_takes_what_another_holds),
        cmocka_unit_test(arena_copies_end_with_nul),
        cmocka_unit_test(copies_are_of_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
