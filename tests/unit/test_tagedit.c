#include "pm/tagedit.h"

#include "unit.h"

#include <stdlib.h>

#include "pm/schema.h"

static const char file[] = "# kept\n"
                           "version: 1\n"
                           "tags:\n"
                           "  change:\n"
                           "    description: On purpose\n"
                           "    tags:\n"
                           "      config: A value   # and a comment\n"
                           "      deploy:\n"
                           "        description: >\n"
                           "          A long\n"
                           "          story\n"
                           "        aliases: [rollout]\n"
                           "      old: {deprecated: change/config}\n"
                           "  network: {tags: {dns: Names}}\n"
                           "  weather:\n";

/* What the file becomes; its tags are read again, so that it is a taxonomy still. */
static char *renamed(const char *text, const char *from, const char *to)
{
    struct str out = STR_INIT;
    struct err e = ERR_INIT;
    size_t n;
    if (taxonomy_rename(&out, slice_of(text), slice_of(from), slice_of(to), &e)) {
        str_release(&out);
        return NULL;
    }
    struct schema *s = schema_load(slice_of(NULL), false, str_slice(&out), true);
    assert_int_equal(s->tag_problems.n, 0);
    assert_non_null(taxonomy_find(&s->taxonomy, slice_of(to)));
    schema_free(s);
    return str_detach(&out, &n);
}

/* The file becomes what it is with each first text replaced by the second, once and in order. */
static void assert_change(const char *from, const char *to, const char *const *replaced)
{
    char *after = renamed(file, from, to);
    struct str wanted = STR_INIT;
    size_t at = 0;
    for (; replaced[0]; replaced += 2) {
        size_t found = slice_find(slice_of(file), slice_of(replaced[0]), at);
        assert_true(found != SIZE_MAX);
        str_adds(&wanted, slice_sub(slice_of(file), at, found - at));
        str_addz(&wanted, replaced[1]);
        at = found + strlen(replaced[0]);
    }
    str_addz(&wanted, file + at);
    assert_non_null(after);
    assert_string_equal(after, wanted.p);
    str_release(&wanted);
    free(after);
}

#define CHANGES(from, to, ...) assert_change(from, to, (const char *const[]){__VA_ARGS__, NULL})

static void below_the_same_parent_only_the_key_changes(void **state)
{
    CHANGES("change/config", "change/settings", "config:", "settings:", "deprecated: change/config",
            "deprecated: change/settings");
    CHANGES("change", "alteration", "  change:", "  alteration:", "deprecated: change/config",
            "deprecated: alteration/config");
    CHANGES("network/dns", "network/names", "dns:", "names:");
    CHANGES("weather", "nature/weather", "weather:", "nature/weather:");
}

static void to_another_parent_its_lines_move_to_the_end(void **state)
{
    CHANGES("change/deploy", "process/deploy",
            "      deploy:\n        description: >\n          A long\n          story\n"
            "        aliases: [rollout]\n",
            "", "  weather:\n",
            "  weather:\n  process/deploy:\n    description: >\n      A long\n      story\n"
            "    aliases: [rollout]\n");
}

static void a_name_that_is_there_deprecates_the_old_one(void **state)
{
    CHANGES("change/config", "weather", "config: A value   # and a comment",
            "config:\n        deprecated: weather\n        description: A value   # and a comment",
            "deprecated: change/config", "deprecated: weather");
    CHANGES("weather", "network/dns", "weather:\n", "weather:\n    deprecated: network/dns\n");
    CHANGES("change/deploy", "weather", "deploy:\n", "deploy:\n        deprecated: weather\n");
}

static void what_would_have_to_be_rewritten_is_refused(void **state)
{
    assert_null(renamed(file, "network/dns", "change/dns"));
    assert_null(renamed(file, "change", "weather"));
    assert_null(renamed(file, "nothing", "anything"));
    assert_null(renamed("", "a", "b"));
    assert_null(renamed("tags: [a, b]", "a", "b"));
}

static void line_ends_and_a_missing_last_one_stay(void **state)
{
    char *text = renamed("tags:\r\n  a:\r\n    tags:\r\n      x: one\r\n  b: two", "a/x", "c/x");
    assert_string_equal(text, "tags:\r\n  a:\r\n    tags:\r\n  b: two\r\n  c/x: one\r\n");
    free(text);
    text = renamed("tags:\n  a:\n    tags:\n      x: one", "a/x", "x");
    assert_string_equal(text, "tags:\n  a:\n    tags:\n  x: one");
    free(text);
    text = renamed("tags:\n  a: {}\n  b: two", "b", "a");
    assert_string_equal(text, "tags:\n  a: {}\n  b:\n    deprecated: a\n    description: two");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_the_same_parent_only_the_key_changes),
        cmocka_unit_test(to_another_parent_its_lines_move_to_the_end),
        cmocka_unit_test(a_name_that_is_there_deprecates_the_old_one),
        cmocka_unit_test(what_would_have_to_be_rewritten_is_refused),
        cmocka_unit_test(line_ends_and_a_missing_last_one_stay),
    };
    return cmocka_run_group_tests_name("tagedit", tests, NULL, NULL);
}
