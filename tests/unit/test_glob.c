#include <string.h>

#include "unit.h"

#include "pm/caps.h"
#include "pm/glob.h"
#include "pm/str.h"

static void assert_glob(const char *pattern, const char *path, bool expected)
{
    if (glob_match_once(slice_of(pattern), slice_of(path)) != expected)
        fail_msg("'%s' and '%s'", pattern, path);
}

static void globs_match(void **state)
{
    static const char *const cases[][2] = {
        {"postmortems/**/*.md", "postmortems/a.md"},
        {"postmortems/**/*.md", "postmortems/2026/03/a.md"},
        {"**/postmortems/**/*.{md,markdown}", "postmortems/a.markdown"},
        {"**/postmortems/**/*.{md,markdown}", "x/y/postmortems/z/a.md"},
        {"**", "a/b/c"},
        {"**/a", "a"},
        {"a/**", "a/b/c"},
        {"a/**/b", "a/b"},
        {"a/**/b", "a/x/y/b"},
        {"*.md", "deep/down/a.md"},
        {"/*.md", "a.md"},
        {"README*", "docs/README.de.md"},
        {"a?c/*", "abc/d"},
        {"[a-c]*[!0-9].md", "bx.md"},
        {"[]x]", "]"},
        {"[\\]-a]", "^"},
        {"\\*\\{a\\,b\\}", "*{a,b}"},
        {"{a,b/**}/x", "b/y/z/x"},
        {"{**/a,b}/x", "q/a/x"},
        {"x{,y}", "x"},
        {"{a,b}{c,d}", "bd"},
        {"a,b", "a,b"},
        {"*a*b*c", "xxaxxbxxc"},
        {"障*", "障害.md"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_glob(cases[i][0], cases[i][1], true);
}

static void globs_do_not_match(void **state)
{
    static const char *const cases[][2] = {
        {"postmortems/*.md", "postmortems/2026/a.md"},
        {"postmortems/**/*.md", "xpostmortems/a.md"},
        {"postmortems/**/*.md", "a/postmortems/a.md"},
        {"**/postmortems/*.md", "a/xpostmortems/a.md"},
        {"/*.md", "docs/a.md"},
        {"*.md", "a.md/b"},
        {"a?c", "a/c"},
        {"a[/]c", "a/c"},
        {"a[!b]c", "a/c"},
        {"[a-c]", "d"},
        {"{a,b}", "c"},
        {"{a,b}", "a,b"},
        {"a", "A"},
        {"a/**/b", "ab"},
        {"a/**", "a"},
        {"", ""},
        {"{a", "{a"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_glob(cases[i][0], cases[i][1], false);
}

static void a_wrong_glob_says_why(void **state)
{
    static const char *const wrong[] = {"", "[a", "a]b[", "{a", "a}", "{a,{b}}", "a\\", "a**b", "***"};
    static const char *const right[] = {"a", "]", "a,b", "**", "{**/a,b/**}", "\\[", "[[]", "x/**/y"};
    const char *why = NULL;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        why = NULL;
        assert_false(glob_valid(slice_of(wrong[i]), &why));
        assert_non_null(why);
    }
    why = NULL;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(glob_valid(slice_of(right[i]), &why));
    assert_null(why);
    assert_false(glob_valid(SLICE("a\0b"), NULL));
}

/* Patterns that take a backtracking matcher longer than anybody waits. */
static void hostile_globs_end_soon(void **state)
{
    static const char *const pieces[] = {"*a", "**/", "{a,*}", "{*,*,*,*,*,*,*,*}", "[!b]*", "?*"};
    struct str path = STR_INIT, pattern = STR_INIT;

    for (int i = 0; i < 1000; i++)
        str_addz(&path, i % 3 ? "aa" : "a/");
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        str_clear(&pattern);
        while (pattern.n + strlen(pieces[i]) + 1 < CAP_GLOB_BYTES)
            str_addz(&pattern, pieces[i]);
        str_addz(&pattern, "b");
        assert_true(glob_valid(str_slice(&pattern), NULL));
        assert_false(glob_match_once(str_slice(&pattern), str_slice(&path)));
    }
    str_pad(&pattern, 'x', CAP_GLOB_BYTES);
    assert_false(glob_valid(str_slice(&pattern), NULL));
    assert_false(glob_match_once(str_slice(&pattern), str_slice(&pattern)));
    str_clear(&pattern);
    str_pad(&pattern, 'x', CAP_GLOB_BYTES);
    assert_true(glob_match_once(str_slice(&pattern), str_slice(&pattern)));
    str_release(&path);
    str_release(&pattern);
}

static void folded_globs_do_not_look_at_case(void **state)
{
    struct arena a = ARENA_INIT;
    const struct glob *folded = glob_new(SLICE("**/post[a-z]*/\\x*.{md,txt}"), true, &a);
    const struct glob *exact = glob_new(SLICE("post*/*.md"), false, &a);

    assert_true(glob_match(folded, SLICE("Docs/POSTmortems/Xy.MD")));
    assert_true(glob_match(folded, SLICE("postx/x.Txt")));
    assert_false(glob_match(folded, SLICE("POSTX/x.Txt")));
    assert_false(glob_match(exact, SLICE("Posts/a.md")));
    assert_false(glob_match(exact, SLICE("posts/a.MD")));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match),
        cmocka_unit_test(globs_do_not_match),
        cmocka_unit_test(a_wrong_glob_says_why),
        cmocka_unit_test(hostile_globs_end_soon),
        cmocka_unit_test(folded_globs_do_not_look_at_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
