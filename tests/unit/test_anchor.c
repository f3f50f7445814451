#include "../lib/doc.h"

#include "pm/anchor.h"

static void assert_anchor(struct anchors *anchors, const char *name, bool expected)
{
    if (anchors_have(anchors, slice_of(name)) != expected)
        fail_msg("#%s is %s", name, expected ? "missing" : "there");
}

static void a_heading_has_the_anchors_that_programs_give_it(void **state)
{
    static const char text[] = "# 1. What *happened*: `x` & [why](y.md)\n\n> ## Quoted\n\n"
                               "Setext\n---\n\n```\n# code\n```\n\n## \xC3\x9C" "ber uns\n";
    struct arena a = ARENA_INIT;
    struct document *d = document_parse(xstrdup(text), sizeof text - 1);
    struct anchors *anchors = anchors_collect(d, &a);
    assert_anchor(anchors, "1-what-happened-x--why", true);
    assert_anchor(anchors, "what-happened-x-why", true);
    assert_anchor(anchors, "quoted", true);
    assert_anchor(anchors, "setext-2", true);
    assert_anchor(anchors, "uber-uns", true);
    assert_anchor(anchors, "\xC3\xBC" "ber-uns", true);
    assert_anchor(anchors, "code", false);
    assert_anchor(anchors, "what-happened", false);
    assert_anchor(anchors, "-", false);
    document_free(d);
    arena_release(&a);
}

static void a_document_declares_anchors(void **state)
{
    static const char text[] = "<a name=\"one\"></a>\n\n## Two {#zwei}\n\n(three)=\n## 3\n\n"
                               "[x](#four) five <p id='six'>\n";
    struct arena a = ARENA_INIT;
    struct document *d = document_parse(xstrdup(text), sizeof text - 1);
    struct anchors *anchors = anchors_collect(d, &a);
    assert_anchor(anchors, "one", true);
    assert_anchor(anchors, "zwei", true);
    assert_anchor(anchors, "three", true);
    assert_anchor(anchors, "six", true);
    assert_anchor(anchors, "four", false);
    assert_anchor(anchors, "five", false);
    document_free(d);
    arena_release(&a);
}

/* Each search would take milliseconds, if it went through the text. */
static void many_links_are_looked_up_in_a_long_text(void **state)
{
    struct arena a = ARENA_INIT;
    struct str text = STR_INIT;
    size_t n;
    while (text.n < 1000000)
        str_addz(&text, "[a](#b) (c)=\n");
    char *bytes = str_detach(&text, &n);
    struct document *d = document_parse(bytes, n);
    struct anchors *anchors = anchors_collect(d, &a);
    for (int i = 0; i < 2000; i++)
        assert_anchor(anchors, "b", false);
    assert_anchor(anchors, "c", true);
    document_free(d);
    arena_release(&a);
}

static void headings_of_html_and_templates_are_not_known(void **state)
{
    static const char *const texts[] = {"<h2>Impact</h2>\n\n# T\n", "# T\n\n{% include x.md %}\n"};
    for (size_t i = 0; i < 2; i++) {
        struct arena a = ARENA_INIT;
        struct document *d = document_parse(xstrdup(texts[i]), strlen(texts[i]));
        assert_anchor(anchors_collect(d, &a), "impact", true);
        document_free(d);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_heading_has_the_anchors_that_programs_give_it),
        cmocka_unit_test(a_document_declares_anchors),
        cmocka_unit_test(many_links_are_looked_up_in_a_long_text),
        cmocka_unit_test(headings_of_html_and_templates_are_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
