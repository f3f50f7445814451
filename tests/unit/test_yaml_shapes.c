/* The shapes of YAML, in small documents: each is read as it says here, or refused at a place with
 * one sentence. A quoted scalar is told from a plain one by its quotes, nothing is ~. */
#include "../lib/doc.h"

static const struct {
    const char *text, *expected; /* a tree, or LINE:COLUMN (in bytes) and a sentence */
} shapes[] = {
    /* plain scalars */
    {"a: b\n", "{a: b}"},
    {"a: b c d\n", "{a: b c d}"},
    {"a: b\n   c\n", "{a: b c}"},
    {"a: b\n\n   c\n", "{a: b\nc}"},
    {"a: b\n c: d\n", "2:2 indented below a field that already has a value"},
    {"a: b:c\n", "{a: b:c}"},
    {"a: b #c\n", "{a: b}"},
    {"a: b#c\n", "{a: b#c}"},
    {"a: -1\n", "{a: -1}"},
    {"a: - b\n", "1:4 a list item on the line of its field"},
    {"a: ?x\n", "{a: ?x}"},
    {"a: :x\n", "{a: :x}"},
    {"a: 'x' y\n", "1:8 text after the closing quote"},
    {"a: http://x.org/#y\n", "{a: http://x.org/#y}"},
    {"a: [b\n", "1:4 a bracket that is not closed, or a comma that is missing"},
    {"a: @b\n", "1:4 a value cannot begin with '@': it has a meaning of its own in YAML"},
    {"a: `b\n", "1:4 a value cannot begin with '`': it has a meaning of its own in YAML"},
    {"a: %b\n", "1:4 a value cannot begin with '%': it has a meaning of its own in YAML"},
    {"a: *b\n",
     "1:4 a value cannot begin with '*': it refers to an anchor in YAML, which pm does not read"},
    {"a: &b c\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"a: !b c\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: |b\n",
     "1:4 a value cannot begin with '|': it starts a block of text, which begins on the next line"},
    {"a: }b\n", "1:4 a value cannot begin with '}': it has a meaning of its own in YAML"},
    {"a: ,b\n", "1:4 a value cannot begin with ',': it has a meaning of its own in YAML"},
    {"a:\n", "{a: ~}"},
    {"a: ~\n", "{a: ~}"},
    {"a: null\n", "{a: ~}"},
    {"a: Null\n", "{a: ~}"},
    {"a: no\n", "{a: no}"},
    {"a: 0x1F\n", "{a: 0x1F}"},
    {"a: 1_000\n", "{a: 1_000}"},
    {"a: .inf\n", "{a: .inf}"},
    {"a: 2026-01-01\n", "{a: 2026-01-01}"},
    {"a: 12:30\n", "{a: 12:30}"},
    {"a b: c d\n", "{a b: c d}"},
    {"a: b: c\n", "1:5 ': ' in a value that is not quoted"},
    /* quoted scalars */
    {"a: 'b'\n", "{a: \"b\"}"},
    {"a: 'it''s'\n", "{a: \"it's\"}"},
    {"a: 'b\n  c'\n", "{a: \"b c\"}"},
    {"a: 'b\n\n  c'\n", "{a: \"b\nc\"}"},
    {"a: ' b '\n", "{a: \" b \"}"},
    {"a: ''\n", "{a: \"\"}"},
    {"a: \"\"\n", "{a: \"\"}"},
    {"a: \"b\\nc\"\n", "{a: \"b\nc\"}"},
    {"a: \"\\x41\\u00e9\\U0001F600\"\n", "{a: \"A\303\251\360\237\230\200\"}"},
    {"a: \"\\t\\e\"\n", "{a: \"\t\033\"}"},
    {"a: \"b \\\n   c\"\n", "{a: \"b c\"}"},
    {"a: \"b\n   c\"\n", "{a: \"b c\"}"},
    {"a: \"\\q\"\n", "1:5 an unknown escape in double quotes"},
    {"a: \"\\ud800\"\n", "1:7 an unknown escape in double quotes"},
    {"a: 'b\n", "1:4 a quote that is never closed"},
    {"a: \"b\n", "1:4 a quote that is never closed"},
    {"'a': b\n", "{\"a\": b}"},
    {"\"a b\": c\n", "{\"a b\": c}"},
    {"a: \"b\" c\n", "1:8 text after the closing quote"},
    {"a: 'b': c\n", "1:7 text after the closing quote"},
    {"a: \"\\N\\L\\P\"\n", "{a: \"\302\205\342\200\250\342\200\251\"}"},
    /* block scalars */
    {"a: |\n  b\n  c\n", "{a: \"b\nc\n\"}"},
    {"a: >\n  b\n  c\n", "{a: \"b c\n\"}"},
    {"a: >\n  b\n\n  c\n", "{a: \"b\nc\n\"}"},
    {"a: >\n  b\n    c\n  d\n", "{a: \"b\n  c\nd\n\"}"},
    {"a: |-\n  b\n", "{a: \"b\"}"},
    {"a: |+\n  b\n\n", "{a: \"b\n\n\"}"},
    {"a: >-\n  b\n  c\n", "{a: \"b c\"}"},
    {"a: |2\n    b\n", "{a: \"  b\n\"}"},
    {"a: |\n\n  b\n", "{a: \"\nb\n\"}"},
    {"a: |\n    b\n  c\n", "3:3 this line does not continue what stands above"},
    {"a: | # c\n  b\n", "{a: \"b\n\"}"},
    {"a: |x\n  b\n",
     "1:4 a value cannot begin with '|': it starts a block of text, which begins on the next line"},
    {"a: |0\n  b\n",
     "1:4 a value cannot begin with '|': it starts a block of text, which begins on the next line"},
    {"a: |\n", "{a: \"\"}"},
    {"a: |\nb: c\n", "{a: \"\", b: c}"},
    {"a: |\n  # b\n", "{a: \"# b\n\"}"},
    {"a: |\n\tb\n", "2:1 a tab in the indentation"},
    {"a: >\n  b\n  \n  c\n\nd: e\n", "{a: \"b\nc\n\", d: e}"},
    {"- |\n b\n- >\n c\n", "[\"b\n\", \"c\n\"]"},
    /* lists and maps */
    {"- a\n- b\n", "[a, b]"},
    {"a:\n- b\n- c\n", "{a: [b, c]}"},
    {"a:\n  - b\n  - c\n", "{a: [b, c]}"},
    {"a:\n  b:\n    c: d\n", "{a: {b: {c: d}}}"},
    {"a:\n  - b: c\n    d: e\n  - f: g\n", "{a: [{b: c, d: e}, {f: g}]}"},
    {"a:\n  - - b\n    - c\n", "{a: [[b, c]]}"},
    {"a:\n  -\n    b: c\n", "{a: [{b: c}]}"},
    {"a:\n  -\n  - b\n", "{a: [~, b]}"},
    {"a:\n b: c\n  d: e\n", "3:3 indented below a field that already has a value"},
    {"a:\n  b: c\n d: e\n", "3:2 this line does not continue what stands above"},
    {"a: b\n- c\n", "2:1 this list item does not continue what stands above"},
    {"- a\nb: c\n", "2:1 this line does not continue what stands above"},
    {"a:\n  - b\n - c\n", "3:2 this list item does not continue what stands above"},
    {"a\n", "a"},
    {"a\nb\n", "a b"},
    {"", "{}"},
    {"\n\n", "{}"},
    {"# a\n", "{}"},
    {"a: b\nc\n", "2:1 a line that is not 'field: value'"},
    {"-a: b\n", "{-a: b}"},
    {"a:b\n", "a:b"},
    {"a : b\n", "{a: b}"},
    {": b\n", "1:1 a ':' without a field name before it"},
    {"a: b\na: c\n", "2:1 field 'a' stands here a second time"},
    {"a: {b: 1, b: 2}\n", "1:11 field 'b' stands here a second time"},
    {" a: b\n", "{a: b}"},
    {"a: - b\n   - c\n", "1:4 a list item on the line of its field"},
    /* flow */
    {"a: []\n", "{a: []}"},
    {"a: {}\n", "{a: {}}"},
    {"a: [b, c]\n", "{a: [b, c]}"},
    {"a: [b, c,]\n", "{a: [b, c]}"},
    {"a: [b,, c]\n", "1:7 a value cannot begin with ',': it has a meaning of its own in YAML"},
    {"a: [,]\n", "1:5 a value cannot begin with ',': it has a meaning of its own in YAML"},
    {"a: [b c, 'd, e']\n", "{a: [b c, \"d, e\"]}"},
    {"a: [\n  b,\n  c\n]\n", "{a: [b, c]}"},
    {"a: [\n  b,\n  c\n  ]\n", "{a: [b, c]}"},
    {"a: {b: c, d: [e, {f: g}]}\n", "{a: {b: c, d: [e, {f: g}]}}"},
    {"a: {b, c: d}\n", "{a: {b: ~, c: d}}"},
    {"a: {b: , c: d}\n", "{a: {b: ~, c: d}}"},
    {"a: {b:c}\n", "{a: {b:c: ~}}"},
    {"a: {'b':c}\n", "{a: {\"b\": c}}"},
    {"a: [b: c]\n", "{a: [{b: c}]}"},
    {"a: [? b : c]\n", "{a: [{b: c}]}"},
    {"a: [b\n", "1:4 a bracket that is not closed, or a comma that is missing"},
    {"a: {b: c\n", "1:4 a bracket that is not closed, or a comma that is missing"},
    {"a: b]\n", "{a: b]}"},
    {"a: [b]]\n", "1:7 text after the closing bracket"},
    {"a: [b] c\n", "1:8 text after the closing bracket"},
    {"a: [b, # c\n  d]\n", "{a: [b, d]}"},
    {"[a, b]\n", "[a, b]"},
    {"{a: b}\n", "{a: b}"},
    {"a: [[[b]]]\n", "{a: [[[b]]]}"},
    {"a: [-1, - 2]\n", "1:9 a value cannot begin with '-': it has a meaning of its own in YAML"},
    {"a: [b, *c]\n",
     "1:8 a value cannot begin with '*': it refers to an anchor in YAML, which pm does not read"},
    {"a: [#b]\n", "2:1 a value is missing"},
    {"{a: b, c}: d\n", "1:1 a field name cannot be a list or a map"},
    /* complex keys */
    {"? a\n: b\n", "{a: b}"},
    {"? a\n", "{a: ~}"},
    {"? [a, b]\n: c\n", "1:3 a field name cannot be a list or a map"},
    {"? {a: b}\n: c\n", "1:3 a field name cannot be a list or a map"},
    {"[a]: b\n", "1:1 a field name cannot be a list or a map"},
    {"? |\n  a\n: b\n", "{\"a\n\": b}"},
    {"? - a\n: b\n", "1:3 a field name cannot be a list or a map"},
    {"1: a\n", "{1: a}"},
    {"true: a\n", "{true: a}"},
    {"null: a\n", "{null: a}"},
    {"~: a\n", "{~: a}"},
    {"2026-01-01: a\n", "{2026-01-01: a}"},
    {"1.5: a\n", "{1.5: a}"},
    {"'': a\n", "{\"\": a}"},
    /* anchors, aliases, tags */
    {"a: &x b\nc: *x\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"a: &x\n  b: c\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"&a b: c\n",
     "1:1 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"a: *x\n",
     "1:4 a value cannot begin with '*': it refers to an anchor in YAML, which pm does not read"},
    {"*a : b\n",
     "1:1 a value cannot begin with '*': it refers to an anchor in YAML, which pm does not read"},
    {"a: !!str b\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: !!int 1\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: !x b\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: !<tag:x> b\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: ! b\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"!!map {a: b}\n",
     "1:1 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: &x [*x]\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"<<: {a: b}\n", "1:1 merge key '<<', which pm does not read"},
    {"a: &x {b: c}\nd:\n  <<: *x\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"a: &\n",
     "1:4 a value cannot begin with '&': it names an anchor in YAML, which pm does not read"},
    {"a: !!binary aGk=\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    {"a: !!set {b, c}\n",
     "1:4 a value cannot begin with '!': it starts a tag in YAML, which pm does not read"},
    /* directives and documents */
    {"%YAML 1.2\n---\na: b\n", "1:1 a YAML directive, which pm does not read"},
    {"%YAML 1.1\n---\na: b\n", "1:1 a YAML directive, which pm does not read"},
    {"%YAML 3.0\n---\na: b\n", "1:1 not YAML: found incompatible YAML document"},
    {"%TAG ! x\n---\na: b\n", "1:1 a YAML directive, which pm does not read"},
    {"%FOO x\n---\na: b\n",
     "1:1 a value cannot begin with '%': it has a meaning of its own in YAML"},
    {"%a: b\n", "1:1 a value cannot begin with '%': it has a meaning of its own in YAML"},
    {"---\na: b\n", "{a: b}"},
    {"---\na: b\n---\nc: d\n", "3:1 a second YAML document"},
    {"a: b\n---\nc: d\n", "2:1 a second YAML document"},
    {"a: b\n...\n", "{a: b}"},
    {"a: b\n...\nc: d\n", "3:1 this line does not continue what stands above"},
    {"--- a\n", "a"},
    {"--- |\n  a\n", "\"a\n\""},
    {"---\n---\n", "2:1 a second YAML document"},
    {"...\n", "1:1 a value cannot begin with '.': it has a meaning of its own in YAML"},
    /* tabs and blanks */
    {"a:\tb\n", "{a: b}"},
    {"\ta: b\n", "1:1 a tab in the indentation"},
    {"a:\n\tb: c\n", "2:1 a tab in the indentation"},
    {"a: b\t# c\n", "{a: b}"},
    {"a: [b,\tc]\n", "{a: [b, c]}"},
    {"a: [\n\tb\n]\n", "{a: [b]}"},
    {"a: b\t\n", "{a: b}"},
    {"a: 'b\tc'\n", "{a: \"b\tc\"}"},
    {"a: \"b\\\tc\"\n", "{a: \"b\tc\"}"},
    {"-\ta\n", "1:2 a value cannot begin with '\t': it has a meaning of its own in YAML"},
    {"a:\n  -\tb\n", "2:4 a value cannot begin with '\t': it has a meaning of its own in YAML"},
    {"a: b \n", "{a: b}"},
    {"a:   b\n", "{a: b}"},
    {"  \na: b\n", "{a: b}"},
    {"a: b\r\nc: d\r\n", "{a: b, c: d}"},
    {"a: b\rc: d\r", "{a: b, c: d}"},
    {"a:\n  b: c\n\t\n", "3:1 a tab in the indentation"},
    /* comments */
    {"# x\na: b # y\n# z\n", "{a: b}"},
    {"a: # x\n  b\n", "{a: b}"},
    {"a: b\n  # x\n  c\n", "3:3 this line does not continue what stands above"},
    {"a:\n  # x\n  - b\n  # y\n  - c\n", "{a: [b, c]}"},
    {"a: 'b # c'\n", "{a: \"b # c\"}"},
    {"a: [b, c] # d\n", "{a: [b, c]}"},
    {"a: b\n#c: d\n", "{a: b}"},
    {"a: |\n  b\n # c\nd: e\n", "{a: \"b\n\", d: e}"},
    {"a: #b\n", "{a: ~}"},
    /* bytes */
    {"a: \303\251\n", "{a: \303\251}"},
    {"\303\251: \346\227\245\346\234\254\n", "{\303\251: \346\227\245\346\234\254}"},
    {"a: \360\237\230\200\n", "{a: \360\237\230\200}"},
    {"a: \302\205\n", "1:4 control character U+0085 in YAML"},
    {"a: \342\200\250\n", "1:4 control character U+2028 in YAML"},
    {"a: \357\273\277b\n", "{a: \357\273\277b}"},
    {"\357\273\277a: b\n", "{a: b}"},
    {"a: \007\n", "1:4 control character U+0007 in YAML"},
    {"a: \177\n", "1:4 control character U+007F in YAML"},
    {"a: \342\200\213\n", "{a: \342\200\213}"},
    {"a: \357\277\276\n", "1:4 control character U+FFFE in YAML"},
};

static void show(struct str *out, const struct yaml *y)
{
    if (y->kind == YAML_NULL) {
        str_addc(out, '~');
    } else if (y->kind == YAML_SCALAR) {
        str_addf(out, y->plain ? SLICE_FMT : "\"" SLICE_FMT "\"", SLICE_ARG(y->value));
    } else {
        str_addc(out, y->kind == YAML_MAP ? '{' : '[');
        for (const struct yaml *child = y->first; child; child = child->next) {
            str_addz(out, child == y->first ? "" : ", ");
            if (child->key) {
                show(out, child->key);
                str_addz(out, ": ");
            }
            show(out, child);
        }
        str_addc(out, y->kind == YAML_MAP ? '}' : ']');
    }
}

static void show_problem(struct str *out, const char *text, const struct problem *p)
{
    size_t line = 1, column = 1;
    assert_true(p->span.start <= strlen(text));
    for (size_t i = 0; i < p->span.start; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    str_addf(out, "%zu:%zu %s", line, column, p->text);
}

static bool as_expected(const char *text, const char *expected)
{
    struct arena arena = ARENA_INIT;
    struct problems problems = {0};
    struct str is = STR_INIT;
    struct yaml *root = yaml_parse(slice_of(text), 0, &arena, &problems);
    assert_int_equal(problems.n, root ? 0 : 1);
    if (root)
        show(&is, root);
    else
        show_problem(&is, text, &problems.v[0]);
    bool same = strcmp(is.p, expected) == 0;
    if (!same)
        print_error("%s--- expected %s\n--- is       %s\n", text, expected, is.p);
    str_release(&is);
    problems_release(&problems);
    arena_release(&arena);
    return same;
}

static void each_shape_is_read_or_refused_with_a_place(void **state)
{
    size_t different = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        different += !as_expected(shapes[i].text, shapes[i].expected);
    assert_int_equal(different, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shape_is_read_or_refused_with_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
