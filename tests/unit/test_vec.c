#include "unit.h"

#include "pm/vec.h"

struct pair {
    int a, b;
};

static int by_a(const void *left, const void *right)
{
    const struct pair *x = left, *y = right;

    return (x->a > y->a) - (x->a < y->a);
}

static void keeps_what_was_pushed(void **state)
{
    VEC(struct pair) v = VEC_INIT;

    for (int i = 0; i < 1000; i++) {
        vec_push(&v, (struct pair){i, -i});
        assert_int_equal(v.n, i + 1);
        assert_true(v.cap >= v.n);
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(v.v[i].a + v.v[i].b, 0);
    vec_release(&v);
    assert_null(v.v);
    assert_int_equal(v.n + v.cap, 0);
}

static void an_added_element_is_zeroed_even_in_used_memory(void **state)
{
    VEC(struct pair) v = VEC_INIT;

    vec_push(&v, (struct pair){1, 2});
    vec_clear(&v);
    struct pair *p = vec_add(&v);
    assert_int_equal(v.n, 1);
    assert_ptr_equal(p, &v.v[0]);
    assert_int_equal(p->a, 0);
    assert_int_equal(p->b, 0);
    vec_release(&v);
}

static void sorts_also_nothing(void **state)
{
    VEC(struct pair) v = VEC_INIT;

    vec_sort(&v, by_a);
    for (int i = 9; i >= 0; i--)
        vec_push(&v, (struct pair){i * 7 % 10, i});
    vec_sort(&v, by_a);
    for (int i = 0; i < 10; i++)
        assert_int_equal(v.v[i].a, i);
    vec_release(&v);
}

static void reserving_is_enough_and_not_exact(void **state)
{
    VEC(int) v = VEC_INIT;

    vec_reserve(&v, 100);
    assert_true(v.cap >= 100);
    int *before = v.v;
    for (int i = 0; i < 100; i++)
        vec_push(&v, i);
    assert_ptr_equal(v.v, before);
    vec_release(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_was_pushed),
        cmocka_unit_test(an_added_element_is_zeroed_even_in_used_memory),
        cmocka_unit_test(sorts_also_nothing),
        cmocka_unit_test(reserving_is_enough_and_not_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
