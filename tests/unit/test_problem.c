#include <string.h>

#include "unit.h"

#include "pm/problem.h"

static void problems_keep_place_and_text(void **state)
{
    struct arena a = ARENA_INIT;
    struct problems ps = {0};

    for (uint32_t i = 0; i < 100; i++) {
        struct problem *p = problem_add(&ps, &a, PROBLEM_VALUE, (struct span){i, i + 2},
                                        "'%u' is no severity", (unsigned)i);
        p->subject = SLICE("severity");
    }
    assert_int_equal(ps.n, 100);
    assert_string_equal(ps.v[42].text, "'42' is no severity");
    assert_int_equal(ps.v[42].span.start, 42);
    assert_int_equal(ps.v[42].span.end, 44);
    assert_int_equal(ps.v[42].kind, PROBLEM_VALUE);
    assert_slice(ps.v[42].subject, "severity");
    assert_null(ps.v[42].hint);
    problems_release(&ps);
    assert_int_equal(ps.n, 0);
    arena_release(&a);
}

static void assert_place(const struct lines *l, uint32_t offset, uint32_t line, uint32_t column)
{
    struct place p = lines_place(l, offset);

    assert_int_equal(p.line, line);
    assert_int_equal(p.column, column);
    assert_int_equal(lines_number(l, offset), line);
}

static void every_kind_of_line_end_ends_a_line(void **state)
{
    struct lines l;

    lines_init(&l, SLICE("a\nb\r\nc\rd\r\r\n\ne"));
    assert_int_equal(l.n, 7);
    assert_slice(lines_text(&l, 1), "a");
    assert_slice(lines_text(&l, 2), "b");
    assert_slice(lines_text(&l, 3), "c");
    assert_slice(lines_text(&l, 4), "d");
    assert_slice(lines_text(&l, 5), "");
    assert_slice(lines_text(&l, 6), "");
    assert_slice(lines_text(&l, 7), "e");
    assert_slice(lines_text(&l, 0), "");
    assert_slice(lines_text(&l, 8), "");
    assert_place(&l, 2, 2, 1);
    assert_place(&l, 5, 3, 1);
    lines_release(&l);
}

static void a_last_line_end_begins_no_line(void **state)
{
    struct lines l;

    lines_init(&l, SLICE("ab\n"));
    assert_int_equal(l.n, 1);
    assert_place(&l, 2, 1, 3);
    assert_place(&l, 3, 1, 3); /* the end of the text is a place inside it */
    lines_release(&l);
    lines_init(&l, slice_of(NULL));
    assert_int_equal(l.n, 1);
    assert_place(&l, 0, 1, 1);
    lines_release(&l);
    lines_init(&l, SLICE("\n\n"));
    assert_int_equal(l.n, 2);
    lines_release(&l);
}

static void columns_count_code_points(void **state)
{
    struct lines l;

    lines_init(&l, SLICE("\xEF\xBB\xBFx\n障害 b\n\xff\xfe!"));
    assert_place(&l, 0, 1, 1);
    assert_place(&l, 3, 1, 1); /* after a byte order mark */
    assert_place(&l, 4, 1, 2);
    assert_place(&l, 5, 2, 1);
    assert_place(&l, 8, 2, 2);
    assert_place(&l, 12, 2, 4);
    assert_place(&l, 16, 3, 3); /* malformed bytes count one each */
    lines_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_keep_place_and_text),
        cmocka_unit_test(every_kind_of_line_end_ends_a_line),
        cmocka_unit_test(a_last_line_end_begins_no_line),
        cmocka_unit_test(columns_count_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
