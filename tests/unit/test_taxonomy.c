#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/embed.h"
#include "pm/schema.h"
#include "pm/str.h"

static struct schema *load(const char *tags)
{
    return schema_load(slice_of(NULL), false, slice_of(tags), tags != NULL);
}

static void assert_tag(const struct schema *s, const char *name, const char *expected)
{
    const struct tag *tag = taxonomy_find(&s->taxonomy, slice_of(name));

    if (!expected) {
        assert_null(tag);
        return;
    }
    assert_non_null(tag);
    assert_int_equal(tag->name.n, strlen(expected));
    assert_memory_equal(tag->name.p, expected, tag->name.n);
}

static void assert_canonical(const struct schema *s, const char *name, const char *expected)
{
    struct arena arena = ARENA_INIT;
    struct slice got = taxonomy_canonical(&s->taxonomy, slice_of(name), &arena);

    assert_int_equal(got.n, strlen(expected));
    assert_memory_equal(got.p ? got.p : "", expected, got.n);
    arena_release(&arena);
}

static void assert_problem(const char *tags, const char *expected)
{
    struct schema *s = load(tags);
    struct lines lines;
    struct str got = STR_INIT;

    lines_init(&lines, slice_of(tags));
    for (size_t i = 0; i < s->tag_problems.n; i++) {
        const struct problem *p = &s->tag_problems.v[i];
        struct place place = lines_place(&lines, p->span.start);
        assert_int_equal(p->kind, PROBLEM_SCHEMA);
        str_addf(&got, "%s%u:%u: %s", i ? "\n" : "", place.line, place.column, p->text);
        if (p->hint)
            str_addf(&got, " (%s)", p->hint);
    }
    assert_string_equal(got.p, expected);
    str_release(&got);
    lines_release(&lines);
    schema_free(s);
}

static void without_a_file_no_tag_is_unknown(void **state)
{
    struct schema *s = load(NULL);

    assert_false(s->taxonomy.closed);
    assert_int_equal(s->taxonomy.ntags, 0);
    assert_tag(s, "change/config", NULL);
    schema_free(s);
}

static void the_built_in_taxonomy_has_no_mistakes(void **state)
{
    static const char *const top[] = {
        "change",  "capacity", "code",   "data",    "dependency",    "expiry",       "hardware",
        "network", "security", "access", "process", "observability", "organisation", "unknown"};
    const struct embedded *file = embedded_find("schema/tags.yaml");
    struct schema *s = load(file->data);

    assert_int_equal(s->tag_problems.n, 0);
    assert_true(s->taxonomy.closed);
    for (size_t i = 0; i < sizeof top / sizeof *top; i++)
        assert_tag(s, top[i], top[i]);
    for (size_t i = 0; i < s->taxonomy.ntags; i++) {
        assert_true(tag_valid(s->taxonomy.tags[i].name));
        assert_true(s->taxonomy.tags[i].description.n > 0);
    }
    assert_tag(s, "change/config", "change/config");
    assert_tag(s, "Misconfiguration", "change/config");
    assert_tag(s, "organization", "organisation");
    schema_free(s);
}

static void tags_are_a_tree(void **state)
{
    struct schema *s = load("tags:\n"
                            "  change:\n"
                            "    description: It was changed\n"
                            "    tags:\n"
                            "      config: {description: A value, aliases: [Conf Push]}\n"
                            "      typo: {deprecated: change/config}\n"
                            "  net/dns/cache: Names\n");

    assert_int_equal(s->tag_problems.n, 0);
    assert_int_equal(s->taxonomy.ntags, 6);
    assert_tag(s, "conf_push", "change/config");
    assert_tag(s, "net", "net");
    assert_tag(s, "net/dns", "net/dns");
    assert_tag(s, "NET/DNS/Cache", "net/dns/cache");
    assert_tag(s, "net/cache", NULL);
    assert_canonical(s, "conf push", "change/config");
    assert_int_equal(taxonomy_find(&s->taxonomy, SLICE("change/typo"))->deprecated.n, 13);
    for (size_t i = 0; i < s->taxonomy.ntags; i++)
        assert_ptr_equal(taxonomy_find(&s->taxonomy, s->taxonomy.tags[i].name),
                         &s->taxonomy.tags[i]);
    schema_free(s);
}

static void the_nearest_tag(void **state)
{
    static const char *const cases[][2] = {
        {"chnge/config", "change/config"},
        {"confg", "change/config"},           /* the last word of a name */
        {"conf-psh", "change/config"},        /* an alias */
        {"other/conf-push", "change/config"}, /* ends in a name */
        {"chche", "net/dns/cache"},
        {"human-error", NULL},
    };
    struct schema *s = load("tags:\n"
                            "  change:\n"
                            "    tags:\n"
                            "      config: {aliases: [Conf Push]}\n"
                            "  net/dns/cache: Names\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tag *near = taxonomy_nearest(&s->taxonomy, slice_of(cases[i][0]));
        bool meant = near ? slice_eqz(near->name, cases[i][1] ? cases[i][1] : "") : !cases[i][1];
        if (!meant)
            fail_msg("'%s' is not near to '%s'", cases[i][0], near ? near->name.p : "nothing");
    }
    schema_free(s);
}

static void tags_fold(void **state)
{
    struct schema *s = load(NULL);

    assert_canonical(s, "Change/Config", "change/config");
    assert_canonical(s, " Cloud  Infrastructure_and Source Code ",
                     "cloud-infrastructure-and-source-code");
    assert_canonical(s, "Authentication / Authorisation", "authentication/authorisation");
    assert_canonical(s, "ネットワーク", "ネットワーク");
    assert_canonical(s, "", "");
    schema_free(s);
}

static void tags_are_words_and_slashes(void **state)
{
    static const char *const good[] = {"a", "a/b", "a-b/c-d/e", "tls1", "ネットワーク/dns", "2fa"};
    static const char *const bad[] = {"",   "/a",  "a/",   "a//b", "a b", "-a",
                                      "a-", "a_b", "a/-b", "a-/b", "a.b", "a,b"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!tag_valid(slice_of(good[i])))
            fail_msg("'%s' is a tag", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (tag_valid(slice_of(bad[i])))
            fail_msg("'%s' is no tag", bad[i]);
}

static void a_tag_is_within_itself_and_its_parents(void **state)
{
    assert_true(tag_within(SLICE("a/b"), SLICE("a/b")));
    assert_true(tag_within(SLICE("a/b/c"), SLICE("a")));
    assert_false(tag_within(SLICE("ab"), SLICE("a")));
    assert_false(tag_within(SLICE("a"), SLICE("a/b")));
    assert_false(tag_within(SLICE("a"), slice_of(NULL)));
}

static void mistakes_have_a_place(void **state)
{
    assert_problem("tags: [a]", "1:7: tags must be a map of tags to their descriptions");
    assert_problem("tag: {}", "1:1: unknown key 'tag' in the taxonomy (did you mean 'tags'?)");
    assert_problem("tags: {a: {config: x}}",
                   "1:12: unknown key 'config' in a tag (tags below a tag stand under its key "
                   "`tags`)");
    assert_problem("tags: {a: {aliases: [x]}, b: {aliases: [X]}}",
                   "1:41: 'X' is a name of tag 'a' already");
    assert_problem("tags: {a: x, A: y}", "1:14: tag 'a' is given twice");
    assert_problem("tags: {'a,b': x}",
                   "1:8: 'a,b' is not a tag: words of letters, digits and '-', joined by '/'");
    assert_problem("tags: {change: x, old: {deprecated: chagne}}",
                   "1:19: tag 'old' is deprecated for 'chagne', which is not a tag "
                   "(did you mean 'change'?)");
    assert_problem("tags: {old: {deprecated: old}}",
                   "1:8: tag 'old' is deprecated for 'old', which is itself");
    assert_problem("version: 3",
                   "1:10: version must be 1: this is the only one that this pm knows");
}

static void a_mistake_leaves_the_other_tags(void **state)
{
    struct schema *s = load("tags: {'a b,': x, c: {aliases: {}}, d: y}");

    assert_int_equal(s->tag_problems.n, 2);
    assert_tag(s, "c", "c");
    assert_tag(s, "d", "d");
    schema_free(s);
    s = load("tags: {a: [");
    assert_int_equal(s->tag_problems.n, 1);
    assert_true(s->taxonomy.closed);
    schema_free(s);
}

static void depth_and_length_are_bounded(void **state)
{
    struct schema *s =
        load("tags: {a: {tags: {a: {tags: {a: {tags: {a: {tags: {a: {tags: {a: {tags:"
             " {a: {tags: {a: {tags: {a: x}}}}}}}}}}}}}}}}}}");

    assert_int_equal(s->tag_problems.n, 1);
    schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_no_tag_is_unknown),
        cmocka_unit_test(the_built_in_taxonomy_has_no_mistakes),
        cmocka_unit_test(tags_are_a_tree),
        cmocka_unit_test(the_nearest_tag),
        cmocka_unit_test(tags_fold),
        cmocka_unit_test(tags_are_words_and_slashes),
        cmocka_unit_test(a_tag_is_within_itself_and_its_parents),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(a_mistake_leaves_the_other_tags),
        cmocka_unit_test(depth_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
