#include "pm/printer.h"

#include <string.h>

#include "pm/manual.h"
#include "unit.h"

/* The lines that a text is cut into, joined by '|'. */
static void expect_lines(const char *text, size_t width, const char *expected)
{
    struct str got = STR_INIT;
    struct slice rest = slice_of(text), line;
    while (printer_next_line(&rest, width, &line))
        str_addf(&got, "%s" SLICE_FMT, got.n ? "|" : "", SLICE_ARG(line));
    assert_string_equal(got.p, expected);
    str_release(&got);
}

static void test_lines(void **state)
{
    expect_lines("", 10, "");
    expect_lines("   ", 10, "");
    expect_lines("one two three", 7, "one two|three");
    expect_lines("one two three", 8, "one two|three");
    expect_lines("  one   two", 20, "one   two");
    expect_lines("one  two", 4, "one|two");
    expect_lines("a https://example.org/long b", 6, "a|https://example.org/long|b");
    expect_lines("abcdef", 3, "abcdef");
    expect_lines("認証基盤の障害", 6, "認証基|盤の障|害");
    expect_lines("認証基盤の障害", 7, "認証基|盤の障|害");
    expect_lines("ab 認証。基盤", 7, "ab 認|証。基|盤");
    expect_lines("x", 0, "x");
}

static const struct column columns[] = {
    {.title = "id"}, {.title = "n", .right = true}, {.title = "none"},
    {.title = "text", .shrink_to = 6, .below = true}};

static struct table_text *table(void)
{
    struct table_text *t = table_text_new(columns, 4);
    const char *const cells[] = {"PM-1", "7", "", "one two three", "PM-22", "15", "", ""};
    for (size_t i = 0; i < 8; i++)
        table_text_cell(t, TINT_NONE, slice_of(cells[i]));
    return t;
}

static void expect_table(size_t width, const char *expected)
{
    struct str out = STR_INIT;
    struct printer p = {&out, false, width};
    struct table_text *t = table();
    table_text_print(t, &p);
    assert_string_equal(out.p, expected);
    table_text_free(t);
    str_release(&out);
}

static void test_table(void **state)
{
    expect_table(0, "id      n  text\nPM-1    7  one two three\nPM-22  15\n");
    expect_table(24, "id      n  text\nPM-1    7  one two three\nPM-22  15\n");
    expect_table(20, "id      n  text\nPM-1    7  one two …\nPM-22  15\n");
    expect_table(12, "id      n\nPM-1    7\n    one two\n    three\nPM-22  15\n");
}

static void test_wrapped_column(void **state)
{
    static const struct column two[] = {{.title = NULL}, {.shrink_to = 5, .wrap = true}};
    struct str out = STR_INIT;
    struct printer p = {&out, false, 12};
    struct table_text *t = table_text_new(two, 2);
    table_text_cell(t, TINT_NONE, SLICE("ab"));
    table_text_cell(t, TINT_NONE, SLICE("one two three"));
    table_text_after(t, SLICE("after\n"));
    table_text_cell(t, TINT_NONE, SLICE("c"));
    table_text_cell(t, TINT_NONE, SLICE("four"));
    table_text_print(t, &p);
    assert_string_equal(out.p, "ab  one two\n    three\nafter\nc   four\n");
    table_text_free(t);
    str_release(&out);
}

static void test_control_characters(void **state)
{
    struct str out = STR_INIT;
    struct printer p = {&out, true, 0};
    printer_text(&p, TINT_BOLD, SLICE("a\033[31m\xc2\x9b"));
    assert_string_equal(out.p, "\033[1ma\\x1b[31m\\u009b\033[0m");
    str_clear(&out);
    printer_wrap(&p, TINT_NONE, 2, SLICE("a\nb\033"));
    assert_null(strchr(out.p, '\033'));
    str_release(&out);
}

static void expect_manual(const char *source, const char *expected)
{
    struct str out = STR_INIT;
    struct printer p = {&out, false, 0};
    manual_print(&p, slice_of(source));
    assert_string_equal(out.p, expected);
    str_release(&out);
}

static void test_manual(void **state)
{
    expect_manual(".TH X 1\n.SH NAME\nx \\- a thing\n", "NAME\n       x - a thing\n");
    expect_manual(".SH A\n.BR pm (1),\n.IR b \", \" c .\n", "A\n       pm(1), b, c.\n");
    expect_manual(".SH A\n.TP\n.B \\-x\ntext\n.TP\n.B \\-\\-long\\-name\ntext\n",
                  "A\n       -x      text\n\n       --long-name\n               text\n");
    expect_manual(".SH A\n.EX\none  two\n\n  three\n.EE\n", "A\n       one  two\n\n         three\n");
    expect_manual(".SH A\nx\n.br\ny\n.PP\nz\n.IP \\(bu 4\nitem\n",
                  "A\n       x\n       y\n\n       z\n\n       •   item\n");
    expect_manual(".SH A\n.RS\nx\n.RE\ny\n.\\\" comment\n", "A\n           x\n       y\n");
    expect_manual("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),          cmocka_unit_test(test_table),
        cmocka_unit_test(test_wrapped_column), cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_manual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
