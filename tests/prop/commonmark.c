/* Small documents of every kind of block that CommonMark has, each against the outline that cmark
 * itself gives: the same headings, lists, items, quotes, code, HTML and breaks, nested in the same
 * way. Tables and front matter, which cmark does not know, are not among them. */
#include "../lib/doc.h"

#include <cmark.h>

static const char *const texts[] = {
    /* atx headings */
    "# a\n",
    "## a\n",
    "###### a\n",
    "####### a\n",
    "#a\n",
    "#\ta\n",
    "# a #\n",
    "# a ##  \n",
    "# a#\n",
    "# a \\#\n",
    "\\# a\n",
    "#\n",
    "##\n",
    "### ###\n",
    "   # a\n",
    "    # a\n",
    "p\n    # a\n",
    "p\n# a\np\n",
    "# a\n# b\n",
    "#                a\n",
    "# a `b` *c*\n",
    "# a <!-- b -->\n",
    "# [a](b)\n",
    "#   \n",
    "## a ## b\n",
    "- # a\n",
    "> # a\n",
    "1. # a\n   ## b\n",
    "# a\r\n## b\r\n",
    "#\302\240a\n",
    /* setext headings */
    "a\n=\n",
    "a\n-\n",
    "a\n===\n",
    "a\n---\n",
    "a\nb\n===\n",
    "   a\n  ===\n",
    "    a\n===\n",
    "a\n    ===\n",
    "a\n= =\n",
    "a\n---   \n",
    "a\n--- -\n",
    "a\\\n---\n",
    "`a\n---\n`\n",
    "> a\n---\n",
    "> a\n> ---\n",
    "> a\nb\n===\n",
    "- a\n---\n",
    "- a\n  ---\n",
    "- a\n  b\n  ===\n",
    "p\n\n---\n",
    "p\na\n---\nq\n",
    "===\n",
    "p\n\n===\n",
    "    code\n---\n",
    "# a\n---\n",
    "a\n=\nb\n=\n",
    "a\n-\n-\n",
    "*a*\n===\n",
    "[a]: /b\n===\n",
    "[a]: /b\n[a]\n===\n",
    /* breaks */
    "p\n\n***\n",
    "***\n",
    "___\n",
    "p\n***\nq\n",
    "- a\n***\n- b\n",
    "* a\n* * *\n* b\n",
    "- a\n- * * *\n",
    " - - -\n",
    "    ***\n",
    "p\n    ***\n",
    "_ _ _ _ a\n",
    "*-*\n",
    "+++\n",
    "--\n",
    "**  * ** * ** * **\n",
    /* lists */
    "- a\n- b\n",
    "* a\n+ b\n- c\n",
    "1. a\n2. b\n",
    "1. a\n1. b\n",
    "1) a\n2. b\n",
    "3. a\n",
    "0. a\n",
    "003. a\n",
    "123456789. a\n",
    "1234567890. a\n",
    "-1. a\n",
    "p\n- a\n",
    "p\n1. a\n",
    "p\n2. a\n",
    "- a\n\n- b\n",
    "- a\n\n\n- b\n",
    "- a\n  - b\n    - c\n",
    "- a\n - b\n  - c\n   - d\n",
    "- a\n    - b\n",
    "- a\n     - b\n",
    "-a\n",
    "1.a\n",
    "-\n",
    "-\n  a\n",
    "-\n\n  a\n",
    "-\n- a\n-\n",
    "*\n",
    "- a\n\n  b\n",
    "- a\n\n b\n",
    "- a\nb\n",
    "  - a\n\n    b\n",
    "-    a\n",
    "-     a\n",
    "-\ta\n",
    "-\t\ta\n",
    "- a\n\tb\n",
    "- a\n\n\tb\n",
    "1.  a\n\n    b\n",
    "10) a\n    b\n",
    "- - a\n",
    "1. - 2. a\n",
    "- 1. a\n  2. b\n",
    "- > a\n",
    "- ```\n  a\n  ```\n",
    "- ```\n a\n",
    "- a\n> b\n",
    "- a\n# b\n",
    "- a\n  # b\n",
    "- [ ] a\n- [x] b\n",
    "- a\n  ***\n",
    "- a\n<!-- -->\n- b\n",
    "- a\n\n<!-- -->\n\n- b\n",
    "* a\n  * b\n\n    c\n",
    "1. a\n\n  2. b\n\n    3. c\n",
    "   - a\n  - b\n - c\n- d\n",
    "- a\n - b\n    - c\n",
    "[a]: /b\n- c\n",
    "- [a]: /b\n",
    "- [a]: /b\n- c\n",
    /* quotes */
    "> a\n",
    "> a\nb\n",
    ">a\n",
    "   > a\n",
    "    > a\n",
    "> a\n\n> b\n",
    "> > a\n",
    ">> a\nb\n",
    "> - a\nb\n",
    "> - a\n- b\n",
    ">     a\n",
    "> ```\na\n",
    "> a\n***\n",
    ">\n",
    ">\n> a\n",
    ">\n\n> a\n",
    "p\n> a\n",
    "> 1. > a\nb\n",
    ">\ta\n",
    /* code */
    "```\na\n```\n",
    "~~~\na\n~~~\n",
    "``\na\n``\n",
    "```\na\n~~~\n",
    "````\n```\n````\n",
    "```\n",
    "```\n\n  \n```\n",
    "   ```\n   a\n   ```\n",
    "    ```\n    a\n    ```\n",
    "```\na\n   ```\n",
    "```\na\n    ```\n",
    "``` ```\na\n",
    "```a`b\nc\n",
    "~~~ a`b ~~~\nc\n~~~\n",
    "p\n```\na\n```\nq\n",
    "```\n# a\n- b\n```\n",
    "```\n> a\n```\n",
    "> ```\n> # a\n\n# b\n",
    "    a\n    # b\n",
    "    a\n\n    b\n",
    "p\n    a\n",
    "- a\n\n      b\n",
    "- a\n\n  ```\n  # b\n  ```\n",
    "-     a\n\n  b\n",
    "1.     a\n",
    "    a\n\np\n",
    "~~~~\n~~~\n~~~~~\n# a\n",
    "```a\n```b\n```\n# c\n",
    "\ta\n",
    "  \ta\n",
    "# a\n    b\n",
    /* html blocks */
    "<div>\n# a\n</div>\n",
    "<div>\n\n# a\n\n</div>\n",
    "<!-- a\n\n# b -->\n# c\n",
    "<!-- a -->\n# b\n",
    "p\n<!-- a -->\n",
    "p\n<div>\n# a\n",
    "<b>\n# a\n\n# b\n",
    "p\n<b>\n# a\n",
    "<script>\n# a\n\n# b\n</script>\n# c\n",
    "<pre># a\n\n# b\n</pre>\n",
    "<style>\n# a\n",
    "<?a\n# b\n?>\n# c\n",
    "<!A\n# b\n>\n# c\n",
    "<![CDATA[\n# a\n]]>\n# b\n",
    "    <div>\n",
    "   <div>\n# a\n",
    "- <div>\n# a\n",
    "> <div>\n# a\n",
    "<a href='b'>\n# c\n",
    "<a href='b'> c\n# d\n",
    "</div>\n# a\n",
    "<table><tr><td>\n\n# a\n",
    "<!-->\n# a\n",
    "<details>\n<summary>a</summary>\n\n# b\n\n- c\n</details>\n",
    "<br/>\n# a\n",
    "<br\n# a\n",
    /* link reference definitions */
    "[a]: /b\n",
    "[a]: /b\n# c\n",
    "[a]: /b 'c'\n# d\n",
    "[a]:\n/b\n'c'\n# d\n",
    "[a]: /b 'c\nd'\n# e\n",
    "[a]: /b 'c\n\nd'\n# e\n",
    "[a]:\n\n# b\n",
    "[a]: <>\n- b\n",
    "[a]: <b c>\n# d\n",
    "[a]: b c\n# d\n",
    "p\n[a]: /b\n# c\n",
    "# [a]\n[a]: /b\n",
    "> [a]: /b\n\n# c\n",
    "[\n]: /b\n# a\n",
    "[a\nb]: /c\n# d\n",
    "    [a]: /b\n",
    "```\n[a]: /b\n```\n# [a]\n",
    "[a]: /b\n[c]: /d\n- e\n",
    "[a]: /b\np\n- c\n",
    "[a]: /b \"c\" d\n===\n",
    "[a\\]: /b\n- c\n",
    "[^1]: a\n    b\n\n# c\n",
    "[a]:/b\n# c\n",
    "[a] : /b\n# c\n",
    "[a]: /b\n    c\n",
    "[a]: /b\n'c' d\n---\n",
    /* tabs, ends and odd bytes */
    "",
    "\n\n",
    "   \n",
    "a",
    "# a",
    "- a",
    "```",
    "\t- a\n",
    "-\t- a\n",
    "- \ta\n\n\t  b\n",
    ">\t- a\n",
    "a\rb\r===\r",
    "\014# a\n",
    "a\013\n===\n",
    "&#35; a\n",
    "&ndash; a\n---\n",
    "\342\200\250# a\n",
    "\343\200\200# a\n",
    "- a\n\302\240\n- b\n",
    "*\302\240a\n",
};

static void line(struct str *out, size_t depth, const char *kind, const char *detail)
{
    str_addf(out, "%*s%s%s\n", (int)(2 * depth), "", kind, detail);
}

/* What cmark's tree says a heading reads as. */
static void plain_text(struct str *out, cmark_node *heading)
{
    struct str text = STR_INIT;
    cmark_iter *iter = cmark_iter_new(heading);
    for (cmark_event_type e; (e = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            str_addz(&text, cmark_node_get_literal(node));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            str_addc(&text, ' ');
    }
    cmark_iter_free(iter);
    str_adds(out, slice_trim(str_slice(&text)));
    str_release(&text);
}

static void heading_of_cmark(struct str *out, size_t depth, cmark_node *node)
{
    struct str detail = STR_INIT;
    str_addf(&detail, " %d ", cmark_node_get_heading_level(node));
    plain_text(&detail, node);
    line(out, depth, "heading", detail.p);
    str_release(&detail);
}

static void list_of_cmark(struct str *out, size_t depth, cmark_node *node)
{
    struct str detail = STR_INIT;
    if (cmark_node_get_list_type(node) == CMARK_ORDERED_LIST)
        str_addf(&detail, " from %d", cmark_node_get_list_start(node));
    line(out, depth, "list", detail.p);
    str_release(&detail);
}

static void outline_of_cmark(struct str *out, cmark_node *parent, size_t depth)
{
    for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node)) {
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_HEADING:
            heading_of_cmark(out, depth, node);
            break;
        case CMARK_NODE_LIST:
            list_of_cmark(out, depth, node);
            break;
        case CMARK_NODE_ITEM:
            line(out, depth, "item", "");
            break;
        case CMARK_NODE_BLOCK_QUOTE:
            line(out, depth, "quote", "");
            break;
        case CMARK_NODE_CODE_BLOCK:
            line(out, depth, "code", "");
            break;
        case CMARK_NODE_HTML_BLOCK:
            line(out, depth, "html", "");
            break;
        case CMARK_NODE_THEMATIC_BREAK:
            line(out, depth, "break", "");
            break;
        default:
            line(out, depth, "paragraph", "");
            continue; /* what is inside is no block */
        }
        if (cmark_node_get_type(node) != CMARK_NODE_HEADING)
            outline_of_cmark(out, node, depth + 1);
    }
}

static void detail_of(struct str *out, struct document *d, const struct block *b)
{
    if (b->kind == BLOCK_HEADING) {
        str_addf(out, " %d ", b->level);
        str_adds(out, inline_plain(document_slice(d, b->text), d->refs, &d->arena));
    } else if (b->kind == BLOCK_LIST && b->ordered) {
        str_addf(out, " from %ld", b->first->number);
    }
}

static void outline_of_pm(struct str *out, struct document *d, const struct block *parent,
                          size_t depth)
{
    static const char *const names[] = {
        [BLOCK_ROOT] = "root",   [BLOCK_HEADING] = "heading", [BLOCK_PARAGRAPH] = "paragraph",
        [BLOCK_LIST] = "list",   [BLOCK_ITEM] = "item",       [BLOCK_TABLE] = "table",
        [BLOCK_QUOTE] = "quote", [BLOCK_CODE] = "code",       [BLOCK_HTML] = "html",
        [BLOCK_BREAK] = "break",
    };
    for (const struct block *b = parent->first; b; b = b->next) {
        struct str detail = STR_INIT;
        detail_of(&detail, d, b);
        line(out, depth, names[b->kind], detail.p);
        outline_of_pm(out, d, b, depth + 1);
        str_release(&detail);
    }
}

static bool same_outline(const char *text)
{
    struct str expected = STR_INIT, is = STR_INIT;
    cmark_node *tree = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT);
    struct document *d = parse(text);
    outline_of_cmark(&expected, tree, 0);
    outline_of_pm(&is, d, d->root, 0);
    bool same = strcmp(expected.p, is.p) == 0;
    if (!same)
        print_error("--- text\n%s\n--- cmark\n%s--- pm\n%s", text, expected.p, is.p);
    cmark_node_free(tree);
    document_free(d);
    str_release(&expected);
    str_release(&is);
    return same;
}

static void headings_and_lists_are_those_of_cmark(void **state)
{
    size_t different = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        different += !same_outline(texts[i]);
    assert_int_equal(different, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_and_lists_are_those_of_cmark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
