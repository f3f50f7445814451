#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "pm/map.h"

static int values[2000];

static struct slice key_of(char buffer[16], int i)
{
    return slice_from(buffer, (size_t)snprintf(buffer, 16, "key-%d", i));
}

static size_t live(const struct map *m)
{
    size_t count = 0;

    for (size_t i = 0; i < m->n; i++)
        count += m->entries[i].value != NULL;
    return count;
}

static void finds_what_was_put_and_nothing_else(void **state)
{
    struct map m = MAP_INIT;
    char buffer[16];

    assert_null(map_get(&m, SLICE("key-0")));
    assert_null(map_remove(&m, SLICE("key-0")));
    for (int i = 0; i < 2000; i++)
        map_put(&m, key_of(buffer, i), &values[i]);
    assert_int_equal(live(&m), 2000);
    for (int i = 0; i < 2000; i++)
        assert_ptr_equal(map_get(&m, key_of(buffer, i)), &values[i]);
    assert_null(map_get(&m, SLICE("key-2000")));
    assert_null(map_get(&m, SLICE("key-")));
    map_release(&m);
    assert_int_equal(m.n, 0);
    assert_null(map_get(&m, SLICE("key-1")));
}

static void putting_again_replaces_in_place(void **state)
{
    struct map m = MAP_INIT;

    map_put(&m, SLICE("a"), &values[0]);
    map_put(&m, SLICE("b"), &values[1]);
    map_put(&m, SLICE("a"), &values[2]);
    assert_int_equal(m.n, 2);
    assert_ptr_equal(m.entries[0].value, &values[2]);
    assert_string_equal(m.entries[0].key, "a");
    map_release(&m);
}

static void keys_are_copied_and_may_hold_anything(void **state)
{
    struct map m = MAP_INIT;
    char key[] = "mutable";

    map_put(&m, slice_of(key), &values[0]);
    key[0] = 'X';
    assert_ptr_equal(map_get(&m, SLICE("mutable")), &values[0]);
    map_put(&m, SLICE("a\0b"), &values[1]);
    map_put(&m, SLICE("a\0c"), &values[2]);
    map_put(&m, slice_of(NULL), &values[3]);
    assert_ptr_equal(map_get(&m, SLICE("a\0b")), &values[1]);
    assert_ptr_equal(map_get(&m, SLICE("a\0c")), &values[2]);
    assert_ptr_equal(map_get(&m, SLICE("")), &values[3]);
    assert_null(map_get(&m, SLICE("a")));
    map_release(&m);
}

static void iteration_follows_insertion(void **state)
{
    struct map m = MAP_INIT;
    char buffer[16];

    for (int i = 0; i < 500; i++)
        map_put(&m, key_of(buffer, i * 7919 % 500), &values[i]);
    for (int i = 0; i < 500; i++)
        assert_ptr_equal(m.entries[i].value, &values[i]);
    map_remove(&m, key_of(buffer, 0));
    map_put(&m, SLICE("key-0"), &values[999]); /* new again: at the end */
    assert_null(m.entries[0].value);
    assert_ptr_equal(m.entries[m.n - 1].value, &values[999]);
    map_release(&m);
}

static void what_is_removed_is_gone_and_the_rest_is_not(void **state)
{
    struct map m = MAP_INIT;
    char buffer[16];

    for (int i = 0; i < 1000; i++)
        map_put(&m, key_of(buffer, i), &values[i]);
    for (int i = 0; i < 1000; i += 3)
        assert_ptr_equal(map_remove(&m, key_of(buffer, i)), &values[i]);
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(map_get(&m, key_of(buffer, i)), i % 3 ? (void *)&values[i] : NULL);
    assert_null(map_remove(&m, SLICE("key-3")));
    map_release(&m);
}

static void coming_and_going_does_not_fill_it(void **state)
{
    struct map m = MAP_INIT;
    char buffer[16];

    for (int round = 0; round < 20000; round++) {
        map_put(&m, key_of(buffer, round), &values[0]);
        if (round >= 10)
            assert_non_null(map_remove(&m, key_of(buffer, round - 10)));
        assert_true(live(&m) <= 10);
    }
    assert_true(m.nslots <= 64);
    map_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_put_and_nothing_else),
        cmocka_unit_test(putting_again_replaces_in_place),
        cmocka_unit_test(keys_are_copied_and_may_hold_anything),
        cmocka_unit_test(iteration_follows_insertion),
        cmocka_unit_test(what_is_removed_is_gone_and_the_rest_is_not),
        cmocka_unit_test(coming_and_going_does_not_fill_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
