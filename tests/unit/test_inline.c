#include "../lib/doc.h"

static const char refs_text[] =
    "[Ref A]: <https://a.example/x y> 'title'\n[b]: /b\n[b]: /second\n\n```\n"
    "[fenced]: /no\n```\ntext\n[interrupts]: /no\n\n> [quoted]: /q\n";

/* Writes the runs as `kind style{text}` with the raw bytes of all but plain text, so that a test
 * reads like what it is about. */
static void assert_runs(const char *text, const char *expected)
{
    static const char *const kinds[] = {"", "code", "link", "comment", "break"};
    struct arena a = ARENA_INIT;
    struct str out = STR_INIT;
    struct runs runs;
    struct slice t = slice_of(text);
    inline_parse(t, 100, linkrefs_collect(SLICE(refs_text), &a), &a, &runs);
    for (size_t i = 0; i < runs.n; i++) {
        const struct run *r = &runs.v[i];
        assert_true(r->span.start >= 100 && r->span.end <= 100 + t.n);
        str_addf(&out, "%s%s", i ? " " : "", kinds[r->kind]);
        str_addf(&out, "%s%s%s", r->style & STYLE_STRONG ? "*" : "", r->style & STYLE_EM ? "_" : "",
                 r->style & STYLE_STRIKE ? "~" : "");
        str_addf(&out, "{" SLICE_FMT "}", SLICE_ARG(r->text));
        if (r->kind == RUN_LINK)
            str_addf(&out, "->" SLICE_FMT, SLICE_ARG(r->url));
        if (r->kind == RUN_CODE || r->kind == RUN_LINK || r->kind == RUN_COMMENT)
            str_addf(&out, "=" SLICE_FMT,
                     SLICE_ARG(slice_sub(t, r->span.start - 100, r->span.end - r->span.start)));
    }
    assert_slice(str_slice(&out), expected);
    str_release(&out);
    arena_release(&a);
}

static void emphasis_is_commonmarks(void **state)
{
    assert_runs("a **b** c", "{a } *{b} { c}");
    assert_runs("*a **b** c*", "_{a } *_{b} _{ c}");
    assert_runs("***a***", "*_{a}");
    assert_runs("***a** b*", "*_{a} _{ b}");
    assert_runs("**a*", "{*} _{a}");
    assert_runs("snake_case_name", "{snake_case_name}");
    assert_runs("a*b*c", "{a} _{b} {c}");
    assert_runs("__a__ _b_", "*{a} { } _{b}");
    assert_runs("** a **", "{** a **}");
    assert_runs("*foo**bar*", "_{foo**bar}");
    assert_runs("**a** **b**", "*{a} { } *{b}");
    assert_runs("~~**A3** x~~ y", "*~{A3} ~{ x} { y}");
    assert_runs("~a~ ~~~b~~~ ~~c~", "~{a} { ~~~b~~~ ~~c~}");
    assert_runs("*a\\*b*", "_{a*b}");
    assert_runs("**\xE6\x97\xA5**\xE6\x9C\xAC", "*{\xE6\x97\xA5} {\xE6\x9C\xAC}");
}

static void code_swallows_everything(void **state)
{
    assert_runs("`a` b", "code{a}=`a` { b}");
    assert_runs("`` a`b ``", "code{a`b}=`` a`b ``");
    assert_runs("`**a**` *`b`*", "code{**a**}=`**a**` { } code_{b}=`b`");
    assert_runs("`a", "{`a}");
    assert_runs("`a``b`", "code{a``b}=`a``b`");
    assert_runs("``a` b`", "{``a} code{ b}=` b`");
    assert_runs("`a\n  > b`", "code{a b}=`a\n  > b`");
    assert_runs("\\`a`", "{`a`}");
    assert_runs("`[x](y)`", "code{[x](y)}=`[x](y)`");
}

static void links_have_text_and_url(void **state)
{
    assert_runs("[a](b)", "link{a}->b=[a](b)");
    assert_runs("x [a *b* `c`](<d e> \"t\") y",
                "{x } link{a b c}->d e=[a *b* `c`](<d e> \"t\") { y}");
    assert_runs("[a](b(c)d)", "link{a}->b(c)d=[a](b(c)d)");
    assert_runs("[a](b c)", "{[a](b c)}");
    assert_runs("[]()", "link{}->=[]()");
    assert_runs("[a [b](c)](d)", "{[a } link{b}->c=[b](c) {](d)}");
    assert_runs("~~[a](b)~~", "link~{a}->b=[a](b)");
    assert_runs("![alt *x*](i.png) [![b](c)](d)", "{alt x } link{b}->d=[![b](c)](d)");
    assert_runs("[A1][ref  a]", "link{A1}->https://a.example/x y=[A1][ref  a]");
    assert_runs("[b] [b][] [x] [ ]", "link{b}->/b=[b] { } link{b}->/b=[b][] { [x] [ ]}");
    assert_runs("[fenced] [interrupts] [quoted]",
                "{[fenced] [interrupts] } link{quoted}->/q=[quoted]");
    assert_runs("[[b]] [[Some page]]", "{[[b]] [[Some page]]}");
    assert_runs(
        "<https://a.b/c> <d@e.f>",
        "link{https://a.b/c}->https://a.b/c=<https://a.b/c> { } link{d@e.f}->d@e.f=<d@e.f>");
}

static void bare_urls_end_where_a_reader_ends_them(void **state)
{
    assert_runs("see https://a.b/c_d_e.",
                "{see } link{https://a.b/c_d_e}->https://a.b/c_d_e=https://a.b/"
                "c_d_e {.}");
    assert_runs("(http://a.b/c(d))",
                "{(} link{http://a.b/c(d)}->http://a.b/c(d)=http://a.b/c(d) {)}");
    assert_runs("xhttp://a.b http:// https://", "{xhttp://a.b http:// https://}");
    assert_runs("[https://a.b]", "{[} link{https://a.b}->https://a.b=https://a.b {]}");
    assert_runs("https://a.b/c\xE3\x80\x82",
                "link{https://a.b/c}->https://a.b/c=https://a.b/c {\xE3\x80\x82}");
    assert_runs("**https://a.b**", "link*{https://a.b}->https://a.b=https://a.b");
}

static void comments_tags_entities_and_lines(void **state)
{
    assert_runs("a <!-- b *c* --> d", "{a } comment{b *c*}=<!-- b *c* --> { d}");
    assert_runs("a <!-- b", "{a <!-- b}");
    assert_runs("<!---->x", "comment{}=<!----> {x}");
    assert_runs("a<br/>b <b title='>'>c</b> 1 < 2 > 0", "{a} break{ } {b c 1 < 2 > 0}");
    assert_runs("&lt;b&gt; &amp;amp; &#x65E5; &nope; R&D", "{<b> &amp; \xE6\x97\xA5 &nope; R&D}");
    assert_runs("a  \r\n  > b\\\nc", "{a} break{ } {b} break{ } {c}");
    assert_runs("\\*a\\* \\q", "{*a* \\q}");
}

static void assert_plain(const char *text, const char *expected)
{
    struct arena a = ARENA_INIT;
    assert_slice(inline_plain(slice_of(text), NULL, &a), expected);
    arena_release(&a);
}

static void plain_text_is_what_a_reader_reads(void **state)
{
    assert_plain("plain", "plain");
    assert_plain("  **a**  `b`\n  [c](d) <!-- e --> f ", "a b c f");
    assert_plain("a\t\tb", "a b");
    assert_plain("", "");
    assert_plain("<!-- only -->", "");
}

static void assert_label(const char *text, const char *label, const char *rest)
{
    struct arena a = ARENA_INIT;
    struct runs runs;
    struct slice got;
    struct span span;
    size_t after;
    inline_parse(slice_of(text), 0, NULL, &a, &runs);
    bool found = runs_label(&runs, &got, &span, &after);
    assert_true(found == (label != NULL));
    if (found) {
        assert_slice(got, label);
        struct str out = STR_INIT;
        struct runs tail = {runs.v + after, runs.n - after};
        runs_plain(&tail, &out);
        assert_slice(str_slice(&out), rest);
        str_release(&out);
    }
    arena_release(&a);
}

static void labels_lead_a_text(void **state)
{
    assert_label("**Severity:** high", "Severity", "high");
    assert_label("**Severity**: high", "Severity", ": high");
    assert_label("__Detected\xEF\xBC\x9A__ x", "Detected", "x");
    assert_label("**Mitigated**", "Mitigated", "");
    assert_label("<!-- c --> **A1** Reject", "A1", "Reject");
    assert_label("~~**A3** Rewrite~~", "A3", "Rewrite");
    assert_label("a **b** c", NULL, "");
    assert_label("*em* x", NULL, "");
    assert_label("plain", NULL, "");
    assert_label("", NULL, "");
}

/* What takes time squared if done as it first comes to mind. */
static void assert_links(const char *text, const char *expected)
{
    struct arena a = ARENA_INIT;
    struct str out = STR_INIT;
    struct links links = {NULL, 0, 0};
    struct slice t = slice_of(text);
    inline_links(t, 100, linkrefs_collect(SLICE(refs_text), &a), &links);
    for (size_t i = 0; i < links.n; i++) {
        const struct link *l = &links.v[i];
        str_addf(&out, "%s%s" SLICE_FMT "=", i ? " " : "", l->image ? "!" : "", SLICE_ARG(l->url));
        str_adds(&out, slice_sub(t, l->span.start - 100, l->span.end - l->span.start));
    }
    assert_slice(str_slice(&out), expected);
    free(links.v);
    str_release(&out);
    arena_release(&a);
}

static void links_and_images_are_listed(void **state)
{
    assert_links("a [b](c.md) d", "c.md=[b](c.md)");
    assert_links("[![b](c.png)](d.md)", "!c.png=![b](c.png) d.md=[![b](c.png)](d.md)");
    assert_links("[x][b] [b] ![y](<e f>)", "/b=[x][b] /b=[b] !e f=![y](<e f>)");
    assert_links("`[a](b)` \\[a](b) <!-- [a](b) --> [[a]] https://a.example <https://b.example>", "");
}

static void a_destination_is_read_as_it_is_meant(void **state)
{
    struct str out = STR_INIT;
    link_plain(&out, SLICE("a\\_b&amp;c%20\\d\\"));
    assert_slice(str_slice(&out), "a_b&c%20\\d\\");
    str_release(&out);
}

static void hostile_texts_end_soon(void **state)
{
    static const char *const pieces[] = {
        "[",          "![",  "![a",  "[a](",   "](u)",   "[a](b \"", "*a _b ", "**a *",
        "`a``b",      "`",   "<!--", "<a b='", "~~a ",   "~a ~~",    "&amp",   "http://a(",
        "https://b)", "[[a", "\\",   "_a*",    "a*b_c~", "<",        "]",      "[a]",
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena a = ARENA_INIT;
        struct str text = STR_INIT;
        struct runs runs;
        while (text.n < 500000)
            str_addz(&text, pieces[i]);
        inline_parse(str_slice(&text), 0, linkrefs_collect(SLICE(refs_text), &a), &a, &runs);
        assert_true(a.used < 300 * text.n);
        str_release(&text);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emphasis_is_commonmarks),
        cmocka_unit_test(code_swallows_everything),
        cmocka_unit_test(links_have_text_and_url),
        cmocka_unit_test(bare_urls_end_where_a_reader_ends_them),
        cmocka_unit_test(comments_tags_entities_and_lines),
        cmocka_unit_test(plain_text_is_what_a_reader_reads),
        cmocka_unit_test(labels_lead_a_text),
        cmocka_unit_test(links_and_images_are_listed),
        cmocka_unit_test(a_destination_is_read_as_it_is_meant),
        cmocka_unit_test(hostile_texts_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
