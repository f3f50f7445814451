#include "../lib/doc.h"

#include "pm/caps.h"

static struct slice text_of(const struct document *d, const struct block *b)
{
    return document_slice(d, b->text);
}

static struct slice span_of(const struct document *d, const struct block *b)
{
    return document_slice(d, b->span);
}

static void headings_are_read_as_commonmark_has_them(void **state)
{
    struct document *d =
        parse("# One ##\n  ###   Two # three #\n#not\n####### seven\n\nFour\nfive\n---\n"
              "\n## #\n# a\\#\n#\tTab\t#\t\n");
    static const char *const want[] = {"One", "Two # three", "Four\nfive", "", "a\\#", "Tab"};
    static const int levels[] = {1, 3, 2, 2, 1, 1};
    /* '#not' and what follows up to the empty line is a paragraph */
    assert_int_equal(count(d, BLOCK_HEADING), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_slice(text_of(d, nth(d, BLOCK_HEADING, i)), want[i]);
        assert_int_equal(nth(d, BLOCK_HEADING, i)->level, levels[i]);
    }
    assert_slice(span_of(d, nth(d, BLOCK_HEADING, 1)), "  ###   Two # three #");
    assert_slice(span_of(d, nth(d, BLOCK_HEADING, 2)), "Four\nfive\n---");
    document_free(d);
}

static void code_holds_no_headings(void **state)
{
    struct document *d =
        parse("```md\n# a\n~~~\n```\n    # b\n\n~~~~\n# c\n~~~\n~~~~\n# real\n- x\n\n  "
              "```\n  # d\n# real too\n```\n# e");
    assert_int_equal(count(d, BLOCK_HEADING), 2);
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 0)), "real");
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 1)), "real too");
    assert_int_equal(count(d, BLOCK_CODE), 5);
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 0)), "# a\n~~~");
    assert_slice(span_of(d, nth(d, BLOCK_CODE, 0)), "```md\n# a\n~~~\n```");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 1)), "    # b");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 2)), "# c\n~~~");
    assert_slice(span_of(d, nth(d, BLOCK_CODE, 3)), "  ```\n  # d");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 4)), "# e");
    document_free(d);
}

static void indented_code_may_look_like_a_fence(void **state)
{
    struct document *d = parse("    ```\n    x\n    ```\n\n1.  a\n\n    ```\n    y\n    ```\n");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 0)), "    ```\n    x\n    ```");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 1)), "    y");
    document_free(d);
    d = parse("    ``` a ` b\n***\n");
    assert_slice(text_of(d, nth(d, BLOCK_CODE, 0)), "    ``` a ` b");
    document_free(d);
}

static void a_paragraph_goes_on_lazily(void **state)
{
    struct document *d = parse("> a\nb\n> # h\n\n- c\nd\n    e  \n===\n");
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 0)), "a\nb");
    assert_ptr_equal(nth(d, BLOCK_PARAGRAPH, 0)->parent, nth(d, BLOCK_QUOTE, 0));
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 1)), "c\nd\n    e  \n===");
    assert_slice(text_of(d, nth(d, BLOCK_ITEM, 0)), "c\nd\n    e  \n===");
    assert_int_equal(d->nsections, 0); /* a heading in a quote heads nothing */
    document_free(d);
}

static void html_and_comments_are_blocks_with_places(void **state)
{
    struct document *d =
        parse("a\n\n<!-- pm: allow x -->\n<!--\ntwo\n\n# no -->\n# yes\n<div>\n*x*\n\n"
              "p <!-- in --> q\n<!-- over\n");
    assert_int_equal(count(d, BLOCK_HTML), 4);
    assert_slice(text_of(d, nth(d, BLOCK_HTML, 0)), "<!-- pm: allow x -->");
    assert_slice(text_of(d, nth(d, BLOCK_HTML, 1)), "<!--\ntwo\n\n# no -->");
    assert_slice(text_of(d, nth(d, BLOCK_HTML, 2)), "<div>\n*x*");
    assert_slice(text_of(d, nth(d, BLOCK_HTML, 3)), "<!-- over");
    assert_int_equal(d->nsections, 1);
    document_free(d);
}

static void boxes_are_read_from_the_raw_text(void **state)
{
    struct document *d =
        parse("- [ ] open\n- [x] done\n- [X]  Done\n- [~] no\n- [-] never\n- [x](u) link\n"
              "- [y] text\n- [ ]\n- [x]done\n* - [x] deep\n\n[x]: https://example.com\n[ ]: "
              "/none\n");
    static const enum box boxes[] = {BOX_EMPTY,   BOX_CHECKED, BOX_CHECKED, BOX_DROPPED,
                                     BOX_DROPPED, BOX_NONE,    BOX_NONE,    BOX_EMPTY,
                                     BOX_NONE,    BOX_NONE,    BOX_CHECKED};
    static const char *const texts[] = {"open",     "done", "Done",    "no", "never", "[x](u) link",
                                        "[y] text", "",     "[x]done", "",   "deep"};
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        const struct block *item = nth(d, BLOCK_ITEM, i);
        assert_int_equal(item->box, boxes[i]);
        assert_slice(text_of(d, item), texts[i]);
    }
    document_free(d);
}

static void lists_nest_and_are_numbered(void **state)
{
    struct document *d = parse("3. a\n   - b\n\n     more\n4) c\n\n   d\n");
    assert_int_equal(count(d, BLOCK_LIST), 3);
    assert_true(nth(d, BLOCK_LIST, 0)->ordered);
    assert_int_equal(nth(d, BLOCK_LIST, 1)->level, 2);
    assert_false(nth(d, BLOCK_LIST, 1)->ordered);
    assert_int_equal(nth(d, BLOCK_ITEM, 0)->number, 3);
    assert_int_equal(nth(d, BLOCK_ITEM, 2)->number, 4);
    assert_slice(span_of(d, nth(d, BLOCK_ITEM, 1)), "   - b\n\n     more");
    assert_slice(span_of(d, nth(d, BLOCK_LIST, 0)), "3. a\n   - b\n\n     more");
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 2)), "more");
    document_free(d);
}

static void link_definitions_are_no_text(void **state)
{
    struct document *d =
        parse("[a]: /url\n  'title\n  more'\n[b]:\n/c\ntext [a]\n\n[c]: /d\n\n[e]: f\nHead\n==\n"
              "\n[not]: a b c\n");
    assert_int_equal(count(d, BLOCK_PARAGRAPH), 2);
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 0)), "text [a]");
    assert_slice(span_of(d, nth(d, BLOCK_PARAGRAPH, 0)), "text [a]");
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 0)), "Head");
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 1)), "[not]: a b c");
    document_free(d);
    d = parse("[x]:\n=\n=\n\n[y]: z\n===\nb\n===\n");
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 0)), "[x]:");
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 1)), "===\nb");
    document_free(d);
}

static void a_table_ends_its_paragraph(void **state)
{
    struct document *d = parse("before\n| a | b |\n|:-|-:|\n| 1 | 2 |\nlast\n\nafter\n");
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 0)), "before");
    const struct block *b = nth(d, BLOCK_TABLE, 0);
    assert_slice(span_of(d, b), "| a | b |\n|:-|-:|\n| 1 | 2 |\nlast");
    assert_int_equal(b->table->nrows, 2);
    assert_slice(b->table->rows[1].cells[0].text, "last");
    assert_slice(text_of(d, nth(d, BLOCK_PARAGRAPH, 1)), "after");
    document_free(d);
}

static void a_table_over_dashes_is_no_heading(void **state)
{
    struct document *d =
        parse("p\na | b\n--|--\n1 | 2\n---\n\n| c |\n|---|\n| d |\n===\n\n| e |\n---\n");
    assert_int_equal(count(d, BLOCK_TABLE), 2);
    assert_int_equal(nth(d, BLOCK_TABLE, 0)->table->nrows, 1);
    assert_ptr_equal(nth(d, BLOCK_TABLE, 0)->next, nth(d, BLOCK_BREAK, 0));
    assert_slice(nth(d, BLOCK_TABLE, 1)->table->rows[1].cells[0].text, "===");
    assert_int_equal(count(d, BLOCK_HEADING), 1);
    assert_slice(text_of(d, nth(d, BLOCK_HEADING, 0)), "| e |");
    document_free(d);
}

static void tables_stand_in_items_and_quotes(void **state)
{
    struct document *d =
        parse("- item\n\n  | a |\n  |---|\n  | 1 |\n- | b |\n  |---|\n\n> | c | d |\n> |---|---|\n"
              "> | x | `y\\|z` |\n");
    assert_int_equal(count(d, BLOCK_TABLE), 3);
    assert_slice(nth(d, BLOCK_TABLE, 0)->table->rows[0].cells[0].text, "1");
    assert_slice(text_of(d, nth(d, BLOCK_ITEM, 1)), "");
    const struct cell *cell = &nth(d, BLOCK_TABLE, 2)->table->rows[0].cells[1];
    assert_slice(cell->text, "`y|z`");
    assert_slice(document_slice(d, cell->span), "`y\\|z`");
    document_free(d);
}

static void places_count_characters_in_any_line_end(void **state)
{
    struct document *d = parse("# \xC3\xA9t\xC3\xA9\r\n\r\n- \xE6\x97\xA5 x\r\ry\n");
    const struct block *last = nth(d, BLOCK_PARAGRAPH, 1);
    struct place place = document_place(d, last->text.start);
    assert_int_equal(place.line, 5);
    assert_int_equal(place.column, 1);
    assert_slice(text_of(d, nth(d, BLOCK_ITEM, 0)), "\xE6\x97\xA5 x");
    place = document_place(d, nth(d, BLOCK_ITEM, 0)->text.start + 4);
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 5);
    document_free(d);
}

static struct document *parse_repeated(const char *piece, size_t bytes)
{
    struct str text = STR_INIT;
    while (text.n < bytes)
        str_addz(&text, piece);
    struct document *d = parse_bytes(text.p, text.n);
    str_release(&text);
    return d;
}

/* None of these takes more than a fraction of a second; in cmark alone some take a minute. */
static void hostile_texts_end_soon(void **state)
{
    static const struct {
        const char *piece;
        const char *problem; /* what it must say, or NULL for none at all */
    } cases[] = {
        {"![[]()", NULL},
        {"[a](<b", NULL},
        {"*a _b ", NULL},
        {"<!-- ", NULL},
        {"`a``b", NULL},
        {"\r", NULL},
        {"<a b=\"", NULL},
        {"| a | b |\n", NULL},
        {"- ", NULL},
        {"[a]: ![[]()", "in one paragraph"},
        {">", "nested deeper"},
        {"1) ", "nested deeper"},
        {"# a\n", "50000 blocks"},
        {"-\n", "50000 blocks"},
        {"a|b\n-|-\n1|2\n\n", "10000 table cells"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document *d = parse_repeated(cases[i].piece, 1000000);
        assert_int_equal(d->problems.n, cases[i].problem ? 1 : 0);
        if (cases[i].problem) {
            assert_int_equal(d->problems.v[0].kind, PROBLEM_TOO_LARGE);
            assert_non_null(strstr(d->problems.v[0].text, cases[i].problem));
            assert_null(d->root->first);
        }
        document_free(d);
    }
}

static void nesting_is_capped_over_lines_too(void **state)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < CAP_BLOCK_DEPTH; i++) {
        str_pad(&text, ' ', 2 * i);
        str_addz(&text, "- a\n");
    }
    struct document *d = parse_bytes(text.p, text.n);
    assert_int_equal(d->problems.n, 0);
    assert_int_equal(count(d, BLOCK_LIST), CAP_BLOCK_DEPTH);
    document_free(d);
    str_pad(&text, ' ', 2 * CAP_BLOCK_DEPTH);
    str_addz(&text, "- a\n");
    d = parse_bytes(text.p, text.n);
    assert_int_equal(d->problems.n, 1);
    assert_int_equal(document_place(d, d->problems.v[0].span.start).line, CAP_BLOCK_DEPTH + 1);
    document_free(d);
    str_release(&text);
}

static void a_long_rule_is_not_nested(void **state)
{
    struct document *d = parse_repeated("- ", 1000);
    assert_int_equal(d->problems.n, 0);
    assert_int_equal(count(d, BLOCK_BREAK), 1);
    document_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_read_as_commonmark_has_them),
        cmocka_unit_test(code_holds_no_headings),
        cmocka_unit_test(indented_code_may_look_like_a_fence),
        cmocka_unit_test(a_paragraph_goes_on_lazily),
        cmocka_unit_test(html_and_comments_are_blocks_with_places),
        cmocka_unit_test(boxes_are_read_from_the_raw_text),
        cmocka_unit_test(lists_nest_and_are_numbered),
        cmocka_unit_test(link_definitions_are_no_text),
        cmocka_unit_test(a_table_ends_its_paragraph),
        cmocka_unit_test(a_table_over_dashes_is_no_heading),
        cmocka_unit_test(tables_stand_in_items_and_quotes),
        cmocka_unit_test(places_count_characters_in_any_line_end),
        cmocka_unit_test(hostile_texts_end_soon),
        cmocka_unit_test(nesting_is_capped_over_lines_too),
        cmocka_unit_test(a_long_rule_is_not_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
