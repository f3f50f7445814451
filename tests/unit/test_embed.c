#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pm/about.h"
#include "pm/embed.h"

static void every_file_is_found_by_its_name(void **state)
{
    for (const struct embedded *e = embedded_files; e->name; e++)
        assert_ptr_equal(embedded_find(e->name), e);
}

static void files_are_sorted_and_terminated(void **state)
{
    for (const struct embedded *e = embedded_files; e->name; e++) {
        assert_int_equal(e->data[e->n], '\0');
        if (e[1].name)
            assert_true(strcmp(e->name, e[1].name) < 0);
    }
}

static void what_is_not_there_is_null(void **state)
{
    assert_null(embedded_find(""));
    assert_null(embedded_find("schema/"));
    assert_null(embedded_find("schema/nowhere.yaml"));
}

static void the_version_begins_with_a_number(void **state)
{
    assert_in_range(pm_version()[0], '0', '9');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_found_by_its_name),
        cmocka_unit_test(files_are_sorted_and_terminated),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(the_version_begins_with_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
