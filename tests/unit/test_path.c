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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_path),
        cmocka_unit_test(joining_never_leaves_the_root),
        cmocka_unit_test(paths_as_called_from_a_folder),
        cmocka_unit_test(paths_on_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
