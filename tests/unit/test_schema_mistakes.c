#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/caps.h"
#include "pm/schema.h"
#include "pm/str.h"

static struct schema *load(const char *text)
{
    return schema_load(slice_of(text), true, slice_of(NULL), false);
}

/* The one problem of a schema: "line:column: text", and with its hint in brackets. */
static void assert_problem(const char *yaml, const char *expected)
{
    struct schema *s = load(yaml);
    struct lines lines;
    struct str got = STR_INIT;

    lines_init(&lines, slice_of(yaml));
    for (size_t i = 0; i < s->problems.n; i++) {
        const struct problem *p = &s->problems.v[i];
        struct place place = lines_place(&lines, p->span.start);
        assert_int_equal(p->kind, PROBLEM_SCHEMA);
        assert_true(p->span.start <= p->span.end && p->span.end <= strlen(yaml));
        str_addf(&got, "%s%u:%u: %s", i ? "\n" : "", place.line, place.column, p->text);
        if (p->hint)
            str_addf(&got, " (%s)", p->hint);
    }
    assert_string_equal(got.p, expected);
    str_release(&got);
    lines_release(&lines);
    schema_free(s);
}

static void assert_sound(const char *yaml)
{
    assert_problem(yaml, "");
}

static void unknown_names_get_a_place_and_a_guess(void **state)
{
    assert_problem("extend: strict",
                   "1:1: unknown key 'extend' in the schema (did you mean 'extends'?)");
    assert_problem("fields: {started: {requird: yes}}",
                   "1:20: unknown key 'requird' in a field (did you mean 'required'?)");
    assert_problem("fields: {sevrity: {required: no}}",
                   "1:10: unknown field 'sevrity', and a new one states its type "
                   "(did you mean 'severity'?)");
    assert_problem("fields: {zone: {type: txt}}",
                   "1:23: unknown type 'txt' (did you mean 'text'?)");
    assert_problem("fields: {status: {values: {drafft: [x]}}}",
                   "1:28: 'drafft' is not a value of field 'status', whose values are fixed "
                   "(did you mean 'draft'?)");
    assert_problem("sections: {X: {kind: action}}",
                   "1:22: unknown kind of section 'action' (did you mean 'actions'?)");
    assert_problem("one_of: [[Root couses]]",
                   "1:11: one_of names the unknown section 'Root couses' "
                   "(did you mean 'Root causes'?)");
    assert_problem("actions: {states: {doen: [x]}}",
                   "1:20: unknown state of action items 'doen' (did you mean 'done'?)");
    assert_problem("actions: {due_within: {sev9: 1d}}",
                   "1:24: due_within names the unknown severity 'sev9' (write one of sev1, sev2, sev3, sev4)");
}

static void two_claims_of_one_name_are_a_mistake(void **state)
{
    assert_problem("fields: {detected: {aliases: [when]}, started: {aliases: [When]}}",
                   "1:59: 'When' is a name of field 'detected' already");
    assert_problem("fields: {mitigated: {aliases: [resolved]}}",
                   "1:32: 'resolved' is a field of its own (to read that key for another field, "
                   "give the other field `from: resolved`)");
    assert_problem("fields: {status: {from: x}, kind: {from: X}}",
                   "1:29: fields 'status' and 'kind' are both read from 'X'");
    assert_problem("sections: {Impact: {}, impact: {}}", "1:24: section 'Impact' is given twice");
}

static void types_that_pm_computes_with_stay(void **state)
{
    assert_problem("fields: {started: {type: text}}",
                   "1:26: field 'started' is a timestamp: its type cannot change");
    assert_problem("fields: {started: {list: yes}}",
                   "1:26: field 'started' holds one value: that cannot change");
    assert_sound("fields: {services: {type: enum, values: [web, api]}}");
    assert_sound("fields: {services: {values: [web, api]}}");
    assert_problem("fields: {authors: {values: [a]}}",
                   "1:28: field 'authors' is a person: only an enum has values");
}

static void conditions_need_a_field(void **state)
{
    assert_sound("fields: {title: {required: \"severity:sev1\"}}");
    assert_problem("fields: {title: {required: ture}}",
                   "1:28: required must be yes, no, or a condition such as 'severity:sev1..sev2'");
}

static void wrong_shapes_are_named(void **state)
{
    assert_problem("[a, b]", "1:1: the schema must be a map of keys and values");
    assert_problem("fields: [a]", "1:9: fields must be a map of keys and values");
    assert_problem("fields: {region: text}", "1:18: a field must be a map of keys and values");
    assert_problem("documents: {a: b}", "1:12: documents must be a list");
    assert_problem("documents: [[a]]", "1:13: documents must be a list of texts");
    assert_problem("documents: ['/a/*.md']", "1:13: glob '/a/*.md': paths are relative to the top "
                                             "of the repository, without a leading '/'");
    assert_problem("documents: ['../*.md']", "1:13: glob '../*.md': it leaves the repository");
    assert_problem("sections: {Impact: {min_words: -1}}",
                   "1:32: min_words must be a number from 0 to 100000");
    assert_problem("version: 2",
                   "1:10: version must be 1: this is the only one that this pm knows");
    assert_problem("extends: base", "1:10: extends must be default, strict or none");
    assert_problem("id: {pattern: PM}",
                   "1:15: id pattern 'PM' has no '#', which stands for a digit");
    assert_problem("id: {pattern: \"../../x/PM-####\"}",
                   "1:15: id pattern '../../x/PM-####' begins with a dot, and ids name files");
    assert_problem("id: {pattern: a/PM-####}",
                   "1:15: id pattern 'a/PM-####' holds a '/', and ids name files");
    assert_problem("id: {pattern: .PM-#}",
                   "1:15: id pattern '.PM-#' begins with a dot, and ids name files");
    assert_problem("id: {pattern: \"PM\\0-#\"}",
                   "1:15: id pattern 'PM' holds a control character");
    assert_problem("id: {pattern: \"PM\\x1b-#\"}",
                   "1:15: id pattern 'PM\x1b-#' holds a control character");
    assert_problem("id: {pattern: \"PM\\u009b-#\"}",
                   "1:15: id pattern 'PM\xc2\x9b-#' holds a control character");
    assert_problem("rules: {x: [off]}", "1:12: a rule's level must be a text");
    assert_problem("fields: {x: {type: enum}}", "1:10: field 'x' is an enum without values");
    assert_problem("slow_detection: soon",
                   "1:17: slow_detection must be a duration such as 90m, 2h or 15d");
    assert_problem("late_postmortem: never",
                   "1:18: late_postmortem must be a duration such as 90m, 2h or 15d");
}

static void a_mistake_leaves_the_rest_in_force(void **state)
{
    struct schema *s = load("timezone: 'Mars, Phobos'\nfields: {started: {aliases: [begun]}}\n");

    assert_int_equal(s->problems.n, 1);
    assert_non_null(schema_field(s, SLICE("begun")));
    assert_int_equal(s->timezone.n, 0);
    schema_free(s);
}

static void what_is_no_yaml_is_one_problem(void **state)
{
    static const char *const texts[] = {"a: [",   "a: b: c",      "a: *x",
                                        "\ta: b", "a: 1\na: 2\n", "---\na: 1\n---\nb: 2\n"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct schema *s = load(texts[i]);
        assert_int_equal(s->problems.n, 1);
        assert_int_equal(s->problems.v[0].kind, PROBLEM_SCHEMA);
        assert_non_null(schema_field(s, SLICE("sev")));
        schema_free(s);
    }
}

/* A text of `count` copies of a pattern in which %zu is the number of the copy. */
static char *repeated(const char *before, const char *pattern, const char *after, size_t count)
{
    struct str text = STR_INIT;

    str_addz(&text, before);
    for (size_t i = 0; i < count; i++) {
        const char *number = strchr(pattern, '#');
        str_add(&text, pattern, (size_t)(number - pattern));
        str_addf(&text, "%zu", i);
        str_addz(&text, number + 1);
    }
    str_addz(&text, after);
    return str_detach(&text, NULL);
}

static void hostile_sizes_end_in_problems(void **state)
{
    char *texts[] = {
        repeated("fields:\n", "  misspelt#: {}\n", "", 2400),
        repeated("fields:\n", "  f#: {type: text, aliases: [a#]}\n", "", 900),
        repeated("fields: {x: {type: enum, values: [", "v#,", "]}}", 9000),
        repeated("one_of: [[", "Sumary#,", "]]", 9000),
        repeated("actions: {due_within: {", "sev0#: 1d,", "}}", 4000),
        repeated("sections:\n", "  s#: {}\n", "", 2000),
        repeated("x#", "[#,", "", 1000),
        repeated("a: \"", "padding#", "\"", CAP_SCHEMA_BYTES / 4),
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct schema *s = load(texts[i]);
        assert_non_null(schema_field(s, SLICE("sev")));
        schema_free(s);
        free(texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_names_get_a_place_and_a_guess),
        cmocka_unit_test(two_claims_of_one_name_are_a_mistake),
        cmocka_unit_test(types_that_pm_computes_with_stay),
        cmocka_unit_test(conditions_need_a_field),
        cmocka_unit_test(wrong_shapes_are_named),
        cmocka_unit_test(a_mistake_leaves_the_rest_in_force),
        cmocka_unit_test(what_is_no_yaml_is_one_problem),
        cmocka_unit_test(hostile_sizes_end_in_problems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
