#include "../lib/doc.h"

static struct table *read_table(const char *text, struct arena *a, size_t *used)
{
    size_t cells = 100;
    return table_parse(slice_of(text), 0, a, used, &cells);
}

static void assert_cells(const char *text, const struct table_row *row, size_t columns,
                         const char *expected)
{
    struct str out = STR_INIT;
    for (size_t i = 0; i < columns; i++) {
        struct cell cell = row->cells[i];
        str_addf(&out, "<" SLICE_FMT ">", SLICE_ARG(cell.text));
        if (slice_chr(cell.text, '|', 0) == SIZE_MAX)
            assert_true(slice_eq(cell.text, slice_sub(slice_of(text), cell.span.start,
                                                      cell.span.end - cell.span.start)));
    }
    assert_slice(str_slice(&out), expected);
    str_release(&out);
}

static void cells_are_split_before_anything_else(void **state)
{
    static const char text[] =
        "| a | `b | c` |\n|--|:-:|--:|\n| 1 | `x \\| y` | \\\\| |\n|| \xC3\xA9 |\n 5 | 6 | 7 | 8\n";
    struct arena a = ARENA_INIT;
    size_t used = 0;
    struct table *t = read_table(text, &a, &used);
    assert_non_null(t);
    assert_int_equal(used, sizeof text - 1);
    assert_int_equal(t->columns, 3);
    assert_int_equal(t->nrows, 3);
    assert_cells(text, &t->header, 3, "<a><`b><c`>");
    assert_cells(text, &t->rows[0], 3, "<1><`x | y`><\\|>");
    assert_cells(text, &t->rows[1], 3, "<><\xC3\xA9><>");
    assert_cells(text, &t->rows[2], 3, "<5><6><7>");
    arena_release(&a);
}

static void a_table_needs_a_fitting_delimiter_row(void **state)
{
    static const char *const none[] = {"",
                                       "| a |",
                                       "| a |\n",
                                       "| a |\n| b |\n",
                                       "| a |\n---",
                                       "| a | b |\n|--|\n",
                                       "a\n|--|--|\n",
                                       "|a|\n|-x|\n",
                                       "|a|\n||\n",
                                       "\n|--|\n",
                                       "a\n=|=\n"};
    static const char *const some[] = {"| a |\n|-|",         "a\n:-:\n",
                                       "a|b\n-|-\n",         "  | a |\r\n  |---|\r\n",
                                       "> | a |\n> |---|\n", "|a|\n|-|  "};
    struct arena a = ARENA_INIT;
    size_t used = 77;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(read_table(none[i], &a, &used));
    assert_int_equal(used, 77);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_non_null(read_table(some[i], &a, &used));
    arena_release(&a);
}

static void a_table_ends_at_an_empty_line(void **state)
{
    struct arena a = ARENA_INIT;
    size_t used;
    struct table *t = read_table("|a|\n|-|\n|b|\n  \n|c|\n", &a, &used);
    assert_int_equal(t->nrows, 1);
    assert_int_equal(used, 12);
    arena_release(&a);
}

static void cells_are_counted_with_those_that_are_padded(void **state)
{
    struct arena a = ARENA_INIT;
    size_t used, left = 7;
    assert_non_null(table_parse(SLICE("|a|b|c|\n|-|-|-|\n|1|\n"), 0, &a, &used, &left));
    assert_int_equal(left, 1);
    assert_non_null(table_parse(SLICE("|a|b|\n|-|-|\n"), 0, &a, &used, &left));
    assert_int_equal(left, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_split_before_anything_else),
        cmocka_unit_test(a_table_needs_a_fitting_delimiter_row),
        cmocka_unit_test(a_table_ends_at_an_empty_line),
        cmocka_unit_test(cells_are_counted_with_those_that_are_padded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
