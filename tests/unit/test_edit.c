#include "../lib/doc.h"

#include "pm/edit.h"

static void splices_leave_all_other_bytes(void **state)
{
    const struct splice splices[] = {
        {{9, 9}, SLICE("!")},   /* at the end */
        {{0, 1}, SLICE("Z")},   /* in any order */
        {{4, 6}, SLICE("")},    /* a deletion */
        {{3, 3}, SLICE("one")}, /* insertions at one place keep their order */
        {{3, 3}, SLICE("two")}, {{6, 7}, SLICE("longer")}, /* right behind another */
    };
    struct str out = STR_INIT;
    str_addz(&out, ">");
    edit_apply(&out, SLICE("abc\0efghi"), splices, sizeof splices / sizeof *splices);
    assert_int_equal(out.n, sizeof ">Zbconetwo\0longerhi!" - 1);
    assert_memory_equal(out.p, ">Zbconetwo\0longerhi!", out.n);
    str_release(&out);
}

static void no_splice_changes_nothing(void **state)
{
    struct str out = STR_INIT;
    edit_apply(&out, SLICE("abc"), NULL, 0);
    assert_slice(str_slice(&out), "abc");
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splices_leave_all_other_bytes),
        cmocka_unit_test(no_splice_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
