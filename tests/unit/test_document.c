#include "../lib/doc.h"

#include "pm/caps.h"

static void assert_problem(const struct document *d, const char *says, unsigned line,
                           unsigned column)
{
    if (d->problems.n != 1)
        fail_msg("%zu problems", d->problems.n);
    const struct problem *p = &d->problems.v[0];
    struct place place = document_place(d, p->span.start);
    if (!strstr(p->text, says) || place.line != line || place.column != column)
        fail_msg("%u:%u %s", place.line, place.column, p->text);
    assert_true(p->kind == PROBLEM_TOO_LARGE || p->hint);
}

static void front_matter_ends_with_dashes_or_dots(void **state)
{
    static const char *const texts[] = {
        "---\na: b\n---\n# T\n",
        "\xEF\xBB\xBF---\r\na: b\r\n...\r\n# T\r\n",
        "--- \ra: b\r---\t\r# T",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct document *d = parse(texts[i]);
        assert_int_equal(d->front, FRONT_YAML);
        assert_slice(slice_trim(document_slice(d, d->front_text)), "a: b");
        assert_true(yaml_is(yaml_get(d->yaml, "a"), "b"));
        assert_slice(document_slice(d, yaml_get(d->yaml, "a")->span), "b");
        assert_slice(slice_trim(document_slice(d, d->body)), "# T");
        assert_int_equal(d->nsections, 1);
        assert_int_equal(d->problems.n, 0);
        document_free(d);
    }
}

static void without_front_matter_all_is_body(void **state)
{
    static const char *const texts[] = {"# T\n---\na: b\n---\n", "\n---\na: b\n---\n",
                                        "---\n\n# T\n", "----\na: b\n----\n", ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct document *d = parse(texts[i]);
        assert_int_equal(d->front, FRONT_NONE);
        assert_slice(document_slice(d, d->body), texts[i]);
        assert_int_equal(d->problems.n, 0);
        document_free(d);
    }
}

static void a_broken_front_matter_is_one_problem(void **state)
{
    static const struct {
        const char *text;
        enum front front;
        unsigned line, column;
        const char *says;
        size_t sections;
    } cases[] = {
        {"---\na: b\n\n# T\n", FRONT_BROKEN, 1, 1, "never closed", 0},
        {"---\na: b: c\n---\n# T\n", FRONT_BROKEN, 2, 5, "': '", 1},
        {"---\njust text\n---\n# T\n", FRONT_BROKEN, 2, 1, "'field: value' lines", 1},
        {"---\n- a\n---\n# T\n", FRONT_BROKEN, 2, 1, "'field: value' lines", 1},
        {"+++\na = 1\n+++\n# T\n", FRONT_TOML, 1, 1, "TOML", 1},
        {"+++\na = 1\n", FRONT_TOML, 1, 1, "TOML", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document *d = parse(cases[i].text);
        assert_int_equal(d->front, cases[i].front);
        assert_null(d->yaml);
        assert_int_equal(d->nsections, cases[i].sections);
        assert_problem(d, cases[i].says, cases[i].line, cases[i].column);
        document_free(d);
    }
}

static void what_is_no_text_is_one_problem(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *says;
        unsigned line, column;
    } cases[] = {
        {"\xFF\xFE#\0 \0T\0", 8, "UTF-16", 1, 1}, {"\xFE\xFF\0#\0T", 6, "UTF-16", 1, 1},
        {"#\0 \0T\0", 6, "UTF-16", 1, 1},         {"# T\nx\0y", 7, "NUL", 2, 2},
        {"# T\n\xC3\xA9\xC3(", 8, "UTF-8", 2, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document *d = parse_bytes(cases[i].bytes, cases[i].n);
        assert_problem(d, cases[i].says, cases[i].line, cases[i].column);
        assert_int_equal(d->problems.v[0].kind, PROBLEM_UNREADABLE);
        assert_int_equal(d->nsections, 0);
        document_free(d);
    }
}

static struct document *parse_padded(const char *head, size_t n, const char *tail)
{
    struct str text = STR_INIT;
    str_addz(&text, head);
    while (text.n < n)
        str_addz(&text, "# x\n");
    str_addz(&text, tail);
    struct document *d = parse_bytes(text.p, text.n);
    str_release(&text);
    return d;
}

static void what_is_too_large_is_one_problem(void **state)
{
    struct document *d = parse_padded("---\n", 10 << 20, "---\n# T\n");
    assert_problem(d, "1048576", 1, 1);
    assert_int_equal(d->problems.v[0].kind, PROBLEM_TOO_LARGE);
    document_free(d);
    d = parse_padded("---\n", CAP_FRONT_MATTER_BYTES + 5, "---\n# T\n");
    assert_problem(d, "front matter of", 1, 1);
    assert_int_equal(d->front, FRONT_BROKEN);
    assert_int_equal(d->nsections, 1); /* its end is known */
    document_free(d);
}

static void sections_nest_by_level(void **state)
{
    struct document *d = parse(
        "intro\n# A\n## B (all times UTC) ##\ntext\n#### C\n- # not this\n## D\n> # nor this\n"
        "# E\nlast");
    static const char *const titles[] = {"A", "B (all times UTC)", "C", "D", "E"};
    static const char *const own[] = {"", "text\n", "- # not this\n", "> # nor this\n", "last"};
    static const size_t parents[] = {SIZE_MAX, 0, 1, 0, SIZE_MAX};
    assert_int_equal(d->nsections, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct section *s = &d->sections[i];
        assert_slice(s->title, titles[i]);
        assert_slice(document_slice(d, s->own), own[i]);
        assert_true(s->parent == parents[i]);
    }
    const struct section *b = &d->sections[1];
    assert_slice(b->name, "b");
    assert_slice(b->note, "all times UTC");
    assert_slice(document_slice(d, b->body), "text\n#### C\n- # not this\n");
    assert_int_equal(b->first->kind, BLOCK_PARAGRAPH);
    assert_ptr_equal(b->end, d->sections[3].block);
    assert_null(d->sections[4].end);
    document_free(d);
}

static void assert_folds(void (*fold)(struct str *, struct slice), const char *from, const char *to)
{
    struct str out = STR_INIT;
    fold(&out, slice_of(from));
    assert_slice(str_slice(&out), to);
    str_release(&out);
}

static void headings_fold_to_what_they_say(void **state)
{
    static const char *const pairs[][2] = {
        {"Timeline", "timeline"},
        {"  Action   Items:", "action items"},
        {"\xF0\x9F\x94\xA5 Impact \xF0\x9F\x94\xA5", "impact"},
        {":rotating_light: Root Cause(s)", "root cause"},
        {"3. What went well?", "what went well"},
        {"3) Lessons", "lessons"},
        {"2.1 Detection", "detection"},
        {"5 Whys", "5 whys"},
        {"2026-03-17 12:31", "2026 03 17 12:31"},
        {"Follow-ups", "follow ups"},
        {"Follow - _ups", "follow ups"},
        {"16:11", "16:11"},
        {"Timeline (all times UTC)", "timeline"},
        {"\xE6\x97\xA5\xE4\xBB\x98\xEF\xBC\x88JST\xEF\xBC\x89", "\xE6\x97\xA5\xE4\xBB\x98"},
        {"(unknown)", "unknown"},
        {"What\xE2\x80\x99s next", "what's next"},
        {"\xEF\xBC\xB4\xEF\xBC\xB4\xEF\xBC\xA4", "ttd"},
        {"***", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_folds(section_fold, pairs[i][0], pairs[i][1]);
}

static void field_names_fold_to_words(void **state)
{
    static const char *const same[] = {"startTime",      "start_time", "start-time", "Start time:",
                                       "**Start Time**", "StartTime",  "START TIME"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_folds(name_fold, same[i], "start time");
    assert_folds(name_fold, "TTD", "ttd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_matter_ends_with_dashes_or_dots),
        cmocka_unit_test(without_front_matter_all_is_body),
        cmocka_unit_test(a_broken_front_matter_is_one_problem),
        cmocka_unit_test(what_is_no_text_is_one_problem),
        cmocka_unit_test(what_is_too_large_is_one_problem),
        cmocka_unit_test(sections_nest_by_level),
        cmocka_unit_test(headings_fold_to_what_they_say),
        cmocka_unit_test(field_names_fold_to_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
