#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pm/schema.h"

/* The whole of format.md's example. */
static const char example[] =
    "version: 1\n"
    "extends: default\n"
    "documents: [\"postmortems/**/*.md\"]\n"
    "timezone: Europe/Berlin\n"
    "id: {pattern: \"PM-####\"}                 # then `pm new` numbers\n"
    "fields:\n"
    "  started: {aliases: [date]}\n"
    "  region:  {type: enum, values: [eu, us], required: \"severity:sev1..sev2\"}\n"
    "  status:  {from: resolved, values: {published: [\"true\", \"yes\"], review: [\"false\", "
    "\"no\"]}}\n"
    "sections:\n"
    "  Impact:       {aliases: [Auswirkung], required: \"NOT status:draft\", min_words: 20}\n"
    "  Action items: {kind: actions, aliases: [アクションアイテム, Follow up tasks]}\n"
    "one_of: [[Root causes, Contributing factors]]\n"
    "facts: [Stats]\n"
    "actions:\n"
    "  required: [owner]\n"
    "  due_within: {sev1: 15d, sev2: 30d}\n"
    "  at_least_one: {type: prevent, when: \"severity:sev1..sev2\"}\n"
    "  tracker: \"OPS-#\"\n"
    "rules: {counterfactual: off, action-dropped: error}\n";

static struct schema *load(const char *text)
{
    return schema_load(slice_of(text), true, slice_of(NULL), false);
}

static struct schema *load_default(void)
{
    return schema_load(slice_of(NULL), false, slice_of(NULL), false);
}

static const char *text_of(const struct schema *s, struct slice text)
{
    static char buffer[200]; /* for one assertion at a time */

    (void)s;
    assert_true(text.n < sizeof buffer);
    memcpy(buffer, text.n ? text.p : "", text.n);
    buffer[text.n] = '\0';
    return buffer;
}

static const char *field_of(const struct schema *s, const char *name)
{
    const struct field *f = schema_field(s, slice_of(name));

    return f ? text_of(s, f->name) : "none";
}

static const char *key_of(const struct schema *s, const char *name)
{
    const struct field *f = schema_key(s, slice_of(name));

    return f ? text_of(s, f->name) : "none";
}

static const char *value_of(const struct schema *s, const char *field, const char *word)
{
    const struct field *f = schema_field(s, slice_of(field));
    size_t v = field_value(f, slice_of(word));

    return v == SIZE_MAX ? "none" : text_of(s, f->values[v].name);
}

static const char *section_of(const struct schema *s, const char *heading)
{
    const struct section_rule *r = schema_section(s, slice_of(heading));

    return r ? text_of(s, r->name) : "none";
}

static const char *column_of(const struct schema *s, const char *header)
{
    enum action_column c = schema_action_column(s, slice_of(header));

    return c == ACTION_COLUMNS ? "none" : action_column_name(c);
}

static const char *state_of(const struct schema *s, const char *word)
{
    enum action_state state;

    return schema_action_state(s, slice_of(word), &state) ? action_state_name(state) : "none";
}

/* ---- what is built in ---- */

static void the_default_schema_has_no_mistakes(void **state)
{
    struct schema *s = load_default();

    assert_int_equal(s->problems.n, 0);
    assert_false(s->own);
    assert_false(s->documents_own);
    assert_string_equal(text_of(s, s->fields[0].name), "id");
    for (size_t i = 0; i < s->nfields; i++)
        assert_int_equal(s->fields[i].index, i);
    schema_free(s);
}

static void default_field_names_fold(void **state)
{
    static const char *const names[][2] = {
        {"startTime", "started"},
        {"start_time", "started"},
        {"start-time", "started"},
        {"started_at", "started"},
        {"occurred_on", "started"},
        {"detected_at", "detected"},
        {"resolved_at", "resolved"},
        {"end_time", "resolved"},
        {"resolvedWhen", "resolved"},
        {"sev", "severity"},
        {"affected", "services"},
        {"systems", "services"},
        {"services_affected", "services"},
        {"Incident Commander", "roles.commander"},
        {"roles.commander", "roles.commander"},
        {"root_cause", "causes"},
        {"root_causes", "causes"},
        {"categories", "causes"},
        {"factors", "contributing_factors"},
        {"Time to detection", "ttd"},
        {"Time to recovery", "ttr"},
        {"date", "none"},
        {"", "none"},
        {"colour", "none"},
    };
    struct schema *s = load_default();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(field_of(s, names[i][0]), names[i][1]);
    schema_free(s);
}

static void severities_have_many_names_and_an_order(void **state)
{
    static const char *const words[][2] = {
        {"SEV-1", "sev1"}, {"Sev1", "sev1"},     {"1", "sev1"},        {"P1", "sev1"},
        {"P0", "sev1"},    {"critical", "sev1"}, {"SEV-2", "sev2"},    {"sev2", "sev2"},
        {"2", "sev2"},     {"P2", "sev2"},       {"High", "sev2"},     {"medium", "sev3"},
        {"low", "sev4"},   {"SEV-4", "sev4"},    {"terrible", "none"}, {"", "none"},
    };
    struct schema *s = load_default();
    const struct field *severity = schema_field(s, SLICE("severity"));

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_string_equal(value_of(s, "severity", words[i][0]), words[i][1]);
    assert_int_equal(severity->nvalues, 4);
    assert_int_equal(field_value(severity, SLICE("sev1")), 0);
    assert_int_equal(field_value(severity, SLICE("sev4")), 3);
    schema_free(s);
}

static void statuses_come_in_the_order_of_life(void **state)
{
    struct schema *s = load_default();

    assert_int_equal(field_value(schema_field(s, SLICE("status")), SLICE("draft")), 0);
    assert_int_equal(field_value(schema_field(s, SLICE("status")), SLICE("review")), 1);
    assert_int_equal(field_value(schema_field(s, SLICE("status")), SLICE("published")), 2);
    assert_string_equal(value_of(s, "status", "Final"), "published");
    assert_string_equal(value_of(s, "status", "Complete, action items in progress"), "published");
    assert_string_equal(value_of(s, "status", "In Review"), "review");
    schema_free(s);
}

static void headings_are_found_however_they_are_written(void **state)
{
    static const char *const headings[][2] = {
        {"Timeline (all times UTC)", "Timeline"},
        {"TIMELINE", "Timeline"},
        {"Root cause(s)", "Root causes"},
        {"Lessons learnt", "Lessons learned"},
        {"Follow-up tasks", "Action items"},
        {"Follow-ups", "Action items"},
        {"Action Items:", "Action items"},
        {"What didn't go well?", "What went wrong"},
        {"5 Whys", "Five whys"},
        {"Where We Got Lucky", "Where we got lucky"},
        {"TL;DR", "Summary"},
        {"Contributing Factors (findings)", "Contributing factors"},
        {"Stats", "none"},
        {"", "none"},
    };
    struct schema *s = load_default();

    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        assert_string_equal(section_of(s, headings[i][0]), headings[i][1]);
    assert_int_equal(schema_section(s, SLICE("Chronology"))->kind, SECTION_TIMELINE);
    assert_int_equal(schema_section(s, SLICE("Next steps"))->kind, SECTION_ACTIONS);
    assert_int_equal(schema_section(s, SLICE("Additional action items"))->kind, SECTION_ACTIONS);
    schema_free(s);
}

static void action_words_are_found(void **state)
{
    struct schema *s = load_default();

    assert_string_equal(column_of(s, "#"), "position");
    assert_string_equal(column_of(s, "ID"), "id");
    assert_string_equal(column_of(s, "Action Item"), "text");
    assert_string_equal(column_of(s, "Assignee"), "owner");
    assert_string_equal(column_of(s, "DRI"), "owner");
    assert_string_equal(column_of(s, "Due date"), "due");
    assert_string_equal(column_of(s, "Category"), "type");
    assert_string_equal(column_of(s, "Tracking"), "tracker");
    assert_string_equal(column_of(s, "Weather"), "none");
    assert_string_equal(column_of(s, ""), "none");
    assert_string_equal(state_of(s, "TODO"), "open");
    assert_string_equal(state_of(s, "WIP"), "in-progress");
    assert_string_equal(state_of(s, "In_Progress"), "in-progress");
    assert_string_equal(state_of(s, "closed"), "done");
    assert_string_equal(state_of(s, "✅"), "done");
    assert_string_equal(state_of(s, "✅ Done"), "done");
    assert_string_equal(state_of(s, "Won't fix"), "wontdo");
    assert_string_equal(state_of(s, "wontfix"), "wontdo");
    assert_string_equal(state_of(s, "cancelled"), "wontdo");
    assert_string_equal(state_of(s, "maybe"), "none");
    assert_string_equal(text_of(s, schema_action_type(s, SLICE("Prevention"))), "prevent");
    assert_int_equal(schema_action_type(s, SLICE("banana")).n, 0);
    schema_free(s);
}

static void the_default_asks_for_what_the_format_says(void **state)
{
    struct schema *s = load_default();

    assert_int_equal(schema_section(s, SLICE("Summary"))->required.kind, NEED_YES);
    assert_int_equal(schema_section(s, SLICE("Impact"))->required.kind, NEED_WHEN);
    assert_string_equal(text_of(s, schema_section(s, SLICE("Impact"))->required.when),
                        "NOT status:draft");
    assert_int_equal(schema_field(s, SLICE("mitigated"))->required.kind, NEED_WHEN);
    assert_int_equal(schema_field(s, SLICE("resolved"))->required.kind, NEED_NO);
    assert_int_equal(schema_field(s, SLICE("resolved"))->recommended.kind, NEED_WHEN);
    assert_true(s->actions.required[ACTION_OWNER]);
    assert_true(s->actions.required[ACTION_DUE]);
    assert_false(s->actions.required[ACTION_TYPE]);
    assert_int_equal(s->actions.ntrackers, 0);
    assert_int_equal(s->id_pattern.n, 0);
    assert_int_equal(s->nalternatives, 2);
    schema_free(s);
}

static void an_alternative_can_be_two_sections_together(void **state)
{
    struct schema *s = load_default();
    const struct one_of *o = &s->one_of[1];

    assert_int_equal(o->n, 2);
    assert_int_equal(o->sections[0][0], schema_section(s, SLICE("Lessons learned"))->index);
    assert_true(o->sections[0][1] == SIZE_MAX);
    assert_int_equal(o->sections[1][0], schema_section(s, SLICE("What went well"))->index);
    assert_int_equal(o->sections[1][1], schema_section(s, SLICE("What went wrong"))->index);
    assert_true(o->sections[1][2] == SIZE_MAX);
    schema_free(s);
}

/* ---- the repository's own ---- */

static void the_example_of_the_format_is_read_whole(void **state)
{
    struct schema *s = load(example);

    assert_int_equal(s->problems.n, 0);
    assert_true(s->own);
    assert_true(s->documents_own);
    assert_int_equal(s->ndocuments, 1);
    assert_string_equal(text_of(s, s->timezone), "Europe/Berlin");
    assert_string_equal(text_of(s, s->id_pattern), "PM-####");
    assert_string_equal(field_of(s, "date"), "started");
    assert_string_equal(value_of(s, "region", "EU"), "eu");
    assert_int_equal(schema_field(s, SLICE("region"))->required.kind, NEED_WHEN);
    assert_true(schema_field(s, SLICE("region"))->required.source.origin == ORIGIN_OWN);
    assert_int_equal(s->slow_detection, 3600);
    assert_int_equal(s->late_postmortem, 30 * 86400);
    assert_string_equal(value_of(s, "status", "true"), "published");
    assert_string_equal(value_of(s, "status", "draft"), "draft");
    assert_string_equal(value_of(s, "status", "final"), "published");
    assert_string_equal(section_of(s, "Auswirkung"), "Impact");
    assert_int_equal(schema_section(s, SLICE("Impact"))->min_words, 20);
    assert_string_equal(section_of(s, "アクションアイテム"), "Action items");
    assert_int_equal(schema_section(s, SLICE("Stats"))->kind, SECTION_FACTS);
    assert_int_equal(s->nalternatives, 1);
    assert_false(s->actions.required[ACTION_DUE]);
    assert_int_equal(s->actions.ndue_within, 2);
    assert_int_equal(s->actions.due_within[1].severity, 1);
    assert_int_equal(s->actions.due_within[1].seconds, 30 * 86400);
    assert_string_equal(text_of(s, s->actions.at_least_one_type), "prevent");
    assert_int_equal(s->actions.at_least_one.kind, NEED_WHEN);
    assert_string_equal(text_of(s, s->actions.trackers[0]), "OPS-#");
    assert_int_equal(s->nlevels, 2);
    assert_string_equal(text_of(s, s->levels[0].rule), "counterfactual");
    assert_string_equal(text_of(s, s->levels[0].level), "off");
    schema_free(s);
}

static void from_takes_a_key_away_from_its_own_field(void **state)
{
    struct schema *s = load(example);

    assert_string_equal(key_of(s, "resolved"), "status");
    assert_string_equal(key_of(s, "status"), "none");
    assert_string_equal(key_of(s, "resolved_at"), "resolved");
    assert_string_equal(field_of(s, "resolved"), "resolved");
    schema_free(s);
}

static void a_field_given_again_changes_only_what_it_states(void **state)
{
    struct schema *s = load("fields:\n  severity: {required: no}\n  sev: {aliases: [grade]}\n");

    assert_int_equal(s->problems.n, 1); /* sev is severity: given twice */
    schema_free(s);
    s = load("fields: {severity: {required: no, aliases: [grade]}}");
    assert_int_equal(s->problems.n, 0);
    assert_string_equal(field_of(s, "grade"), "severity");
    assert_string_equal(field_of(s, "sev"), "severity");
    assert_int_equal(schema_field(s, SLICE("severity"))->required.kind, NEED_NO);
    assert_int_equal(schema_field(s, SLICE("severity"))->source.origin, ORIGIN_OWN);
    assert_string_equal(value_of(s, "severity", "P2"), "sev2");
    schema_free(s);
}

static void an_own_alias_goes_before_a_built_in_one(void **state)
{
    struct schema *s = load("fields: {mitigated: {aliases: [resolvedWhen, end_time]},\n"
                            "  severity: {values: {sev3: [major]}}}\n"
                            "sections: {Impact: {aliases: [Overview]}}\n"
                            "actions: {columns: {id: ['#']}, states: {wontdo: [closed]}}\n");

    assert_int_equal(s->problems.n, 0);
    assert_string_equal(field_of(s, "resolvedWhen"), "mitigated");
    assert_string_equal(field_of(s, "end_time"), "mitigated");
    assert_string_equal(field_of(s, "resolved_at"), "resolved");
    assert_string_equal(value_of(s, "severity", "major"), "sev3");
    assert_string_equal(value_of(s, "severity", "high"), "sev2");
    assert_string_equal(section_of(s, "Overview"), "Impact");
    assert_string_equal(column_of(s, "#"), "id");
    assert_string_equal(state_of(s, "closed"), "wontdo");
    schema_free(s);
}

static void a_list_of_values_replaces_them(void **state)
{
    struct schema *s = load("fields: {severity: {values: [critical, major, minor]}}");

    assert_int_equal(s->problems.n, 0);
    assert_int_equal(schema_field(s, SLICE("severity"))->nvalues, 3);
    assert_string_equal(value_of(s, "severity", "Major"), "major");
    assert_string_equal(value_of(s, "severity", "sev1"), "none");
    schema_free(s);
    s = load("fields: {severity: {values: [sev3, sev1]}}");
    assert_int_equal(field_value(schema_field(s, SLICE("severity")), SLICE("P1")), 1);
    assert_string_equal(value_of(s, "severity", "high"), "none");
    schema_free(s);
}

static void a_map_of_values_adds_or_replaces(void **state)
{
    struct schema *s = load("fields: {severity: {values: {sev4: [meh], sev5: [info]}}}");

    assert_int_equal(schema_field(s, SLICE("severity"))->nvalues, 5);
    assert_string_equal(value_of(s, "severity", "meh"), "sev4");
    assert_string_equal(value_of(s, "severity", "info"), "sev5");
    schema_free(s);
    s = load("fields: {severity: {values: {bad: [p1], worse: [p2]}}}");
    assert_int_equal(schema_field(s, SLICE("severity"))->nvalues, 2);
    assert_string_equal(value_of(s, "severity", "P1"), "bad");
    schema_free(s);
}

static void limits_of_strict_fall_away_with_its_severities(void **state)
{
    struct schema *s = load("extends: strict\nfields: {severity: {values: [critical, minor]}}");

    assert_int_equal(s->problems.n, 0);
    assert_int_equal(s->actions.ndue_within, 0);
    schema_free(s);
    s = load("extends: strict");
    assert_int_equal(s->actions.ndue_within, 2);
    assert_int_equal(schema_section(s, SLICE("Communication"))->source.origin, ORIGIN_STRICT);
    assert_int_equal(schema_section(s, SLICE("Lessons learned"))->min_entries, 3);
    schema_free(s);
}

static void none_starts_empty(void **state)
{
    struct schema *s = load("extends: none\nfields: {date: {type: date}}\nsections: {Notes: {}}\n");

    assert_int_equal(s->problems.n, 0);
    assert_int_equal(s->nfields, 1);
    assert_int_equal(s->nsections, 1);
    assert_int_equal(s->nalternatives, 0);
    assert_false(s->actions.required[ACTION_OWNER]);
    assert_int_equal(s->slow_detection, 0);
    assert_int_equal(s->late_postmortem, 0);
    assert_string_equal(state_of(s, "closed"), "done");
    assert_true(schema_is_document(s, SLICE("postmortems/a.md")));
    schema_free(s);
}

static void an_empty_file_is_the_default(void **state)
{
    struct schema *a = load(""), *b = load_default(), *c = load("# nothing\n");

    assert_int_equal(a->problems.n, 0);
    assert_int_equal(c->problems.n, 0);
    assert_memory_equal(a->digest, b->digest, sizeof a->digest);
    assert_memory_equal(c->digest, b->digest, sizeof c->digest);
    schema_free(a);
    schema_free(b);
    schema_free(c);
}

/* ---- digest ---- */

static void the_digest_is_of_what_is_in_force(void **state)
{
    struct schema *a = load("timezone: UTC\n"), *b = load("# the same\ntimezone:   'UTC'\n");
    struct schema *c = load("timezone: Asia/Tokyo\n"), *d = load_default();

    assert_memory_equal(a->digest, b->digest, sizeof a->digest);
    assert_memory_not_equal(a->digest, c->digest, sizeof a->digest);
    assert_memory_not_equal(a->digest, d->digest, sizeof a->digest);
    assert_true(a->digest[0] != a->digest[1]);
    schema_free(a);
    schema_free(b);
    schema_free(c);
    schema_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_schema_has_no_mistakes),
        cmocka_unit_test(default_field_names_fold),
        cmocka_unit_test(severities_have_many_names_and_an_order),
        cmocka_unit_test(statuses_come_in_the_order_of_life),
        cmocka_unit_test(headings_are_found_however_they_are_written),
        cmocka_unit_test(action_words_are_found),
        cmocka_unit_test(the_default_asks_for_what_the_format_says),
        cmocka_unit_test(an_alternative_can_be_two_sections_together),
        cmocka_unit_test(the_example_of_the_format_is_read_whole),
        cmocka_unit_test(from_takes_a_key_away_from_its_own_field),
        cmocka_unit_test(a_field_given_again_changes_only_what_it_states),
        cmocka_unit_test(an_own_alias_goes_before_a_built_in_one),
        cmocka_unit_test(a_list_of_values_replaces_them),
        cmocka_unit_test(a_map_of_values_adds_or_replaces),
        cmocka_unit_test(limits_of_strict_fall_away_with_its_severities),
        cmocka_unit_test(none_starts_empty),
        cmocka_unit_test(an_empty_file_is_the_default),
        cmocka_unit_test(the_digest_is_of_what_is_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
