#include <string.h>

#include "unit.h"

#include "pm/caps.h"
#include "pm/path.h"

static void parts_of_a_path(void **state)
{
    static const struct {
        const char *path, *base, *dir, *extension, *stem;
    } cases[] = {
        {"postmortems/2026/a.b.md", "a.b.md", "postmortems/2026", ".md", "a.b"},
        {"a.md", "a.md", "", ".md", "a"},
        {"x.y/PM2022-009", "PM2022-009", "x.y", "", "PM2022-009"},
        {".gitignore", ".gitignore", "", "", ".gitignore"},
        {"a/.md", ".md", "a", "", ".md"},
        {"a.", "a.", "", "", "a."},
        {"/a", "a", "", "", "a"},
        {"a/", "", "a", "", ""},
        {"", "", "", "", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice path = slice_of(cases[i].path);
        assert_slice(path_base(path), cases[i].base);
        assert_slice(path_dir(path), cases[i].dir);
        assert_slice(path_extension(path), cases[i].extension);
        assert_slice(path_stem(path), cases[i].stem);
    }
    assert_slice(path_base(slice_of(NULL)), "");
    assert_slice(path_stem(slice_of(NULL)), "");
}

static void assert_joins(const char *dir, const char *rel, const char *expected)
{
    struct str out = STR_INIT;

    str_addz(&out, "../"); /* what was there before is not part of the path */
    bool inside = path_join(&out, slice_of(dir), slice_of(rel));
    assert_int_equal(inside, expected != NULL);
    assert_string_equal(out.p + 3, expected ? expected : "");
    str_release(&out);
}

static void joining_never_leaves_the_root(void **state)
{
    struct str out = STR_INIT;

    assert_joins("a/b", "c.md", "a/b/c.md");
    assert_joins("a/b", "../c.md", "a/c.md");
    assert_joins("a/b", "../../c.md", "c.md");
    assert_joins("a/b", "../../../c.md", NULL);
    assert_joins("a/b", "../../../a/c.md", NULL);
    assert_joins("", "..", NULL);
    assert_joins("", "c", "c");
    assert_joins("a", "./b//c/.", "a/b/c");
    assert_joins("a", "..", "");
    assert_joins("a/b", "/c.md", "c.md");
    assert_joins("a", "/../c", NULL);
    assert_joins("a", "..b/...", "a/..b/...");
    assert_joins("a", "", "a");
    assert_false(path_join(&out, SLICE("a"), SLICE("b\0c")));
    str_release(&out);
}

static void paths_as_called_from_a_folder(void **state)
{
    static const char *const cases[][3] = {
        {"postmortems/a.md", "", "postmortems/a.md"},
        {"postmortems/a.md", "postmortems/", "a.md"},
        {"postmortems/2026/a.md", "postmortems/2025/", "../2026/a.md"},
        {"postmortems/a.md", "docs/x/", "../../postmortems/a.md"},
        {"postmortems-old/a.md", "postmortems/", "../postmortems-old/a.md"},
        {"a.md", "a/", "../a.md"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out = STR_INIT;
        path_relative(&out, slice_of(cases[i][0]), slice_of(cases[i][1]));
        assert_string_equal(out.p, cases[i][2]);
        str_release(&out);
    }
}

static void paths_on_one_line(void **state)
{
    static const char *const cases[][2] = {
        {"a b/Tr\xc3\xa4ume.md", "a b/Tr\xc3\xa4ume.md"},
        {"a\nb.md", "\"a\\nb.md\""},
        {"say \"a\\b\"", "\"say \\\"a\\\\b\\\"\""},
        {"\x1b[0m\x7f", "\"\\033[0m\\177\""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out = STR_INIT;
        path_quote(&out, slice_of(cases[i][0]));
        assert_string_equal(out.p ? out.p : "", cases[i][1]);
        str_release(&out);
    }
}

static void assert_glob(const char *pattern, const char *path, bool expected)
{
    if (path_glob(slice_of(pattern), slice_of(path)) != expected)
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
        assert_false(path_glob_valid(slice_of(wrong[i]), &why));
        assert_non_null(why);
    }
    why = NULL;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(path_glob_valid(slice_of(right[i]), &why));
    assert_null(why);
    assert_false(path_glob_valid(SLICE("a\0b"), NULL));
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
        assert_true(path_glob_valid(str_slice(&pattern), NULL));
        assert_false(path_glob(str_slice(&pattern), str_slice(&path)));
    }
    str_pad(&pattern, 'x', CAP_GLOB_BYTES);
    assert_false(path_glob_valid(str_slice(&pattern), NULL));
    assert_false(path_glob(str_slice(&pattern), str_slice(&pattern)));
    str_clear(&pattern);
    str_pad(&pattern, 'x', CAP_GLOB_BYTES);
    assert_true(path_glob(str_slice(&pattern), str_slice(&pattern)));
    str_release(&path);
    str_release(&pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_path),
        cmocka_unit_test(joining_never_leaves_the_root),
        cmocka_unit_test(paths_as_called_from_a_folder),
        cmocka_unit_test(paths_on_one_line),
        cmocka_unit_test(globs_match),
        cmocka_unit_test(globs_do_not_match),
        cmocka_unit_test(a_wrong_glob_says_why),
        cmocka_unit_test(hostile_globs_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
