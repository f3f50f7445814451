#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pm/schema.h"

static struct schema *load(const char *text)
{
    return schema_load(slice_of(text), text != NULL, slice_of(NULL), false);
}

static bool is_document(const struct schema *s, const char *path)
{
    return schema_is_document(s, slice_of(path));
}

static bool may_hold(const struct schema *s, const char *folder)
{
    return schema_may_hold(s, slice_of(folder));
}

static void documents_stand_in_well_known_folders(void **state)
{
    static const char *const yes[] = {
        "postmortems/a.md",
        "docs/postmortems/2026/03/a.markdown",
        "post-mortems/a.md",
        "x/post_mortems/a.md",
        "incidents/a.md",
        "incident-reports/a.md",
        "incident_reports/y/a.md",
        "retrospectives/a.md",
        "Docs/PostMortems/A.MD",
        "postmortems/2026-01-02-readme-lost.md",
        "postmortems/PM-7-broken-template.md",
        "postmortems/email-template-outage.md",
        "postmortems/2026-01-02-template.md",
        "postmortems/メール配信template障害.md",
        "postmortems/indexing.md",
        "postmortems/security-breach.md",
    };
    static const char *const no[] = {
        "a.md",
        "docs/a.md",
        "postmortems/a.txt",
        "postmortems.md",
        "mypostmortems/a.md",
        "postmortems/README.md",
        "postmortems/readme.markdown",
        "postmortems/README.ja.md",
        "postmortems/index.md",
        "postmortems/_index.md",
        "postmortems/template.md",
        "postmortems/Template.md",
        "incident-reports/template-incident-report.md",
        "postmortems/PMyyyy-nnn - Postmortem template.md",
        "postmortems/0000-template.md",
        "postmortems/LICENSE.md",
        "postmortems/CONTRIBUTING.md",
        "postmortems/CHANGELOG.md",
        "postmortems/CODE_OF_CONDUCT.md",
        "postmortems/code-of-conduct.md",
        "postmortems/SECURITY.md",
        ".pm/postmortems/a.md",
        "",
    };
    struct schema *s = load(NULL);

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!is_document(s, yes[i]))
            fail_msg("%s is a document", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (is_document(s, no[i]))
            fail_msg("%s is no document", no[i]);
    schema_free(s);
}

static void own_globs_are_taken_exactly(void **state)
{
    struct schema *s = load("documents: ['content/issues/*.md', 'incidents/*/README.md']");

    assert_true(is_document(s, "content/issues/a.md"));
    assert_false(is_document(s, "content/issues/A.MD"));
    assert_false(is_document(s, "content/issues/x/a.md"));
    assert_false(is_document(s, "content/issues/_index.md"));
    assert_false(is_document(s, "postmortems/a.md"));
    assert_true(is_document(s, "incidents/2026-01/README.md"));
    schema_free(s);
}

static void folders_are_pruned_only_when_certain(void **state)
{
    struct schema *s = load("documents: ['content/issues/*.md', 'a/**/p/*.md', 'x/{b/c,d}/*.md']");

    assert_true(may_hold(s, "content/"));
    assert_true(may_hold(s, "content/issues/"));
    assert_false(may_hold(s, "content/issues/deeper/"));
    assert_false(may_hold(s, "content/other/"));
    assert_false(may_hold(s, "src/"));
    assert_true(may_hold(s, "a/"));
    assert_true(may_hold(s, "a/q/r/s/"));
    assert_true(may_hold(s, "x/b/c/"));
    assert_false(may_hold(s, ".pm/"));
    schema_free(s);

    s = load("documents: ['*.pm.md']");
    assert_true(may_hold(s, "anywhere/at/all/"));
    schema_free(s);

    s = load(NULL);
    assert_true(may_hold(s, "docs/"));
    assert_false(may_hold(s, ".git/"));
    schema_free(s);
}

/* Every folder above a document may hold documents. */
static void no_document_is_lost_by_pruning(void **state)
{
    static const char *const paths[] = {"a/b/c/d.md", "a/b.md", "x/y/z.md", "a/b/c/d/e/f.md",
                                        "q.md"};
    static const char *const globs[] = {
        "**/*.md",        "a/**",           "a/**/*.md",    "*/*/*.md",
        "a/{b/c,x}/*.md", "[ax]/**/*.md",   "*.md",         "**/c/**/*.md",
        "{a/b,x}/*.md",   "a/b/c/d/e/?.md", "a/b\\/c/*.md",
    };

    for (size_t g = 0; g < sizeof globs / sizeof *globs; g++) {
        char text[100] = "documents: ['";
        strcat(strcat(text, globs[g]), "']");
        struct schema *s = load(text);
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
            struct slice path = slice_of(paths[p]);
            for (size_t i = 0; i < path.n && schema_is_document(s, path); i++)
                if (path.p[i] == '/' && !schema_may_hold(s, slice_sub(path, 0, i + 1)))
                    fail_msg("%s: %.*s is pruned", globs[g], (int)i + 1, path.p);
        }
        schema_free(s);
    }
}

static size_t scan(const char *pattern, const char *text)
{
    return pattern_scan(slice_of(pattern), slice_of(text));
}

static void patterns_are_digits_and_literal_text(void **state)
{
    assert_int_equal(scan("PM-####", "PM-0042"), 7);
    assert_int_equal(scan("PM-####", "PM-00421 x"), 8);
    assert_int_equal(scan("PM-####", "PM-042"), 0);
    assert_int_equal(scan("PM-####", "pm-0042"), 0);
    assert_int_equal(scan("PM-####", "PM-0042x"), 0);
    assert_int_equal(scan("PM-####", "PM-0042_"), 0);
    assert_int_equal(scan("PM-####", "PM-0042-A"), 7);
    assert_int_equal(scan("OPS-#", "OPS-12を参照"), 6);
    assert_int_equal(scan("OPS-#", "OPS-"), 0);
    assert_int_equal(scan("#-#", "1-2"), 3);
    assert_int_equal(scan("OPS-#", ""), 0);
    assert_int_equal(scan("", "x"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_stand_in_well_known_folders),
        cmocka_unit_test(own_globs_are_taken_exactly),
        cmocka_unit_test(folders_are_pruned_only_when_certain),
        cmocka_unit_test(no_document_is_lost_by_pruning),
        cmocka_unit_test(patterns_are_digits_and_literal_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
