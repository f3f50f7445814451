#include "../lib/doc.h"

#include "pm/caps.h"

struct reading {
    struct arena arena;
    struct problems problems;
    struct slice text;
    struct yaml *root;
};

static struct reading read_bytes(const char *text, size_t n)
{
    struct reading r = {.text = {text, n}};
    r.root = yaml_parse(r.text, 0, &r.arena, &r.problems);
    return r;
}

static void done(struct reading *r)
{
    problems_release(&r->problems);
    arena_release(&r->arena);
}

static void assert_at(const struct reading *r, const struct yaml *y, const char *expected)
{
    assert_non_null(y);
    assert_slice(slice_sub(r->text, y->span.start, y->span.end - y->span.start), expected);
}

static void every_node_has_its_bytes(void **state)
{
    static const char text[] =
        "# c\n\xC3\xA9: \"\xE6\x97\xA5\\n\" # c\nlist: [a, 'b''c' , {d: e}]\nmap:\n"
        "  x: |\n    one\n    two\n\n  y: 1 2  # c\nitems:\n- a\n- b: c\n  d: e\n"
        "none:\nlast: ~\n";
    struct reading r = read_bytes(text, sizeof text - 1);
    assert_non_null(r.root);
    assert_int_equal(r.root->count, 6);
    const struct yaml *y = r.root->first;
    assert_at(&r, y->key, "\xC3\xA9");
    assert_at(&r, y, "\"\xE6\x97\xA5\\n\"");
    assert_slice(y->value, "\xE6\x97\xA5\n");
    assert_false(y->plain);
    y = yaml_get(r.root, "list");
    assert_at(&r, y, "[a, 'b''c' , {d: e}]");
    assert_true(y->flow);
    assert_slice(y->first->next->value, "b'c");
    assert_at(&r, y->first->next->next, "{d: e}");
    y = yaml_get(r.root, "map");
    assert_at(&r, yaml_get(y, "x"), "|\n    one\n    two");
    assert_slice(yaml_get(y, "x")->value, "one\ntwo\n");
    assert_at(&r, yaml_get(y, "y"), "1 2");
    y = yaml_get(r.root, "items");
    assert_at(&r, y, "- a\n- b: c\n  d: e");
    assert_int_equal(y->count, 2);
    assert_at(&r, y->first->next, "b: c\n  d: e");
    assert_int_equal(yaml_get(r.root, "none")->kind, YAML_NULL);
    assert_at(&r, yaml_get(r.root, "none"), "");
    assert_int_equal(yaml_get(r.root, "last")->kind, YAML_NULL);
    assert_null(yaml_get(r.root, "absent"));
    done(&r);
}

static void scalars_are_typed_by_yaml_12(void **state)
{
    static const char text[] = "a: no\nb: on\nc: \"null\"\nd: NULL\ne: null\nf: 0x1F\nnull: x\n";
    struct reading r = read_bytes(text, sizeof text - 1);
    assert_true(yaml_is(yaml_get(r.root, "a"), "no"));
    assert_true(yaml_is(yaml_get(r.root, "b"), "on"));
    assert_true(yaml_is(yaml_get(r.root, "c"), "null"));
    assert_int_equal(yaml_get(r.root, "d")->kind, YAML_NULL);
    assert_int_equal(yaml_get(r.root, "e")->kind, YAML_NULL);
    assert_true(yaml_is(yaml_get(r.root, "f"), "0x1F"));
    assert_true(yaml_is(yaml_get(r.root, "null"), "x"));
    done(&r);
}

static void nothing_is_an_empty_map(void **state)
{
    static const char *const texts[] = {"", "\n", "# only a comment\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading r = read_bytes(texts[i], strlen(texts[i]));
        assert_non_null(r.root);
        assert_int_equal(r.root->kind, YAML_MAP);
        assert_int_equal(r.root->count, 0);
        done(&r);
    }
}

/* Each mistake is one problem, where it stands, in words of ours, with what to do. */
static void mistakes_are_told_with_a_place_and_a_hint(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says, *hint;
    } cases[] = {
        {"title: Outage: db down # x\n", 1, 14, "': '", "\"Outage: db down\""},
        {"a: 1\nt: \xC3\xA9: x\n", 2, 5, "': '", "\"\xC3\xA9: x\""},
        {"- a: b: c\n", 1, 7, "': '", "\"b: c\""},
        {"t: a \"b\": c\n", 1, 9, "': '", "'a \"b\": c'"},
        {"host: *.example.com\n", 1, 7, "'*'", "\"*.example.com\""},
        {"host: *anchor\n", 1, 7, "'*'", "\"*anchor\""},
        {"h: [*.x, b]\n", 1, 5, "'*'", "\"*.x\""},
        {"- *.x\n", 1, 3, "'*'", "quote"},
        {"a: &b c\n", 1, 4, "'&'", "quote"},
        {"a: &b [x, x]\nb: &c [*b, *b]\n", 1, 4, "'&'", "quote"},
        {"a: !tag b\n", 1, 4, "'!'", "quote"},
        {"a: 50%\nb: %x\n", 2, 4, "'%'", "\"%x\""},
        {"owner: @alice\n", 1, 8, "'@'", "\"@alice\""},
        {"a: `b`\n", 1, 4, "'`'", "quote"},
        {"a: > 5 minutes\n", 1, 4, "'>'", "\"> 5 minutes\""},
        {"a: , b\n", 1, 4, "','", "quote"},
        {"a:\n\tb: 2\n", 2, 1, "tab", "spaces"},
        {"a: 1\n  \tb: 2\n", 2, 3, "tab", "spaces"},
        {"a: 1\nb: 2\na: 3\n", 3, 1, "'a' stands here a second time", "keep one"},
        {"<<: {a: b}\n", 1, 1, "merge key", "write the fields out"},
        {"a: 1\n--- x\n", 2, 1, "second YAML document", "keep one"},
        {"%YAML 1.1\n", 1, 1, "directive", "delete"},
        {"a: \"b\nc: d\n", 1, 4, "never closed", "close it"},
        {"a: 'it's'\n", 1, 8, "after the closing quote", "whole value"},
        {"a: \"b\": c\n", 1, 7, "after the closing quote", "whole value"},
        {"a: [b] c\n", 1, 8, "after the closing bracket", "whole value"},
        {"a: \"\\d\"\n", 1, 5, "escape", "single quotes"},
        {"a: [b, c\nd: e\n", 1, 4, "bracket", "close"},
        {"a: {{ b }}\n", 1, 5, "'{{'", "quotes"},
        {"? [a]\n: b\n", 1, 3, "field name", "quote"},
        {"a: - b\n", 1, 4, "list item", "next line"},
        {"a: 1\n  b: 2\n", 2, 3, "indented", "line above"},
        {"a: 1\nfoo\nb: c\n", 2, 1, "not 'field: value'", "colon"},
        {"foo\nb: c\n", 1, 1, "not 'field: value'", "colon"},
        {"a:\n  b: 1\n c: 2\n", 3, 2, "does not continue", "indent"},
        {"a: b\n- c\n", 2, 1, "list item", "indent"},
        {": x\n", 1, 1, "':'", "quote"},
        {"a: b\x01\n", 1, 5, "U+0001", "delete"},
        {"a: b\xC2\x85\n", 1, 5, "U+0085", "delete"},
        {"a: b\xE2\x80\xA8\n", 1, 5, "U+2028", "delete"},
        {"a: b\xFF\n", 1, 5, "UTF-8", "UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r = read_bytes(cases[i].text, strlen(cases[i].text));
        struct lines lines;
        lines_init(&lines, r.text);
        if (r.root || r.problems.n != 1)
            fail_msg("%zu problems of: %s", r.problems.n, cases[i].text);
        const struct problem *p = &r.problems.v[0];
        struct place place = lines_place(&lines, p->span.start);
        if (place.line != cases[i].line || place.column != cases[i].column ||
            !strstr(p->text, cases[i].says) || !p->hint || !strstr(p->hint, cases[i].hint))
            fail_msg("%u:%u %s (%s) of: %s", place.line, place.column, p->text,
                     p->hint ? p->hint : "no hint", cases[i].text);
        assert_int_equal(p->kind, PROBLEM_UNREADABLE);
        lines_release(&lines);
        done(&r);
    }
}

static void assert_too_large(const char *piece, size_t times, const char *says)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < times; i++)
        str_addz(&text, piece);
    struct reading r = read_bytes(text.p, text.n);
    assert_null(r.root);
    assert_int_equal(r.problems.n, 1);
    assert_int_equal(r.problems.v[0].kind, PROBLEM_TOO_LARGE);
    assert_non_null(strstr(r.problems.v[0].text, says));
    done(&r);
    str_release(&text);
}

static void caps_are_named(void **state)
{
    assert_too_large("[", CAP_YAML_DEPTH + 1, "20 levels");
    assert_too_large("- ", 30000, "20 levels");
    assert_too_large("- a\n", 10000, "10000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_has_its_bytes),
        cmocka_unit_test(scalars_are_typed_by_yaml_12),
        cmocka_unit_test(nothing_is_an_empty_map),
        cmocka_unit_test(mistakes_are_told_with_a_place_and_a_hint),
        cmocka_unit_test(caps_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
