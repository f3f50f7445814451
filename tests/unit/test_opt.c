#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "pm/opt.h"

struct global {
    const char *directory;
    bool help;
};

struct command {
    bool verbose, all, reverse;
    const char *format, *sort;
    long count, limit;
    struct opt_list tags;
};

static const char *const formats[] = {"table", "paths", "json", NULL};
static const char *const sorts[] = {"date", "severity", NULL};

static const struct opt global_table[] = {
    {"directory", 'C', OPT_STRING, offsetof(struct global, directory), "DIR", "work in DIR", NULL, false},
    {"help", 'h', OPT_FLAG, offsetof(struct global, help), NULL, "how to use it", NULL, false},
    {0},
};

static const struct opt command_table[] = {
    {"format", 'f', OPT_CHOICE, offsetof(struct command, format), "FORMAT", "how to print", formats, false},
    {"count", 'n', OPT_COUNT, offsetof(struct command, count), "N", "at most N of them", NULL, false},
    {"limit", 0, OPT_COUNT, offsetof(struct command, limit), "N", "hidden", NULL, true},
    {"verbose", 'v', OPT_FLAG, offsetof(struct command, verbose), NULL, "say more", NULL, false},
    {"all", 'a', OPT_FLAG, offsetof(struct command, all), NULL,
     "those too that are done, will not be done, have been dropped, or are tracked elsewhere", NULL, false},
    {"reverse", 0, OPT_FLAG, offsetof(struct command, reverse), NULL, "last first", NULL, false},
    {"sort", 0, OPT_STRING, offsetof(struct command, sort), "FIELD", "by which field", sorts, false},
    {"tag", 't', OPT_LIST, offsetof(struct command, tags), "TAG", "with this tag", NULL, false},
    {"help", 'h', OPT_FLAG, offsetof(struct command, all), NULL, "never reached", NULL, true},
    {0},
};

struct result {
    struct global g;
    struct command c;
    struct operands operands;
    struct err e;
    int code;
};

/* Words separated by blanks, as a shell would. */
static struct result parse(const char *line, int flags)
{
    static char words[512];
    static char *argv[64];
    struct result r = {.e = ERR_INIT};
    int argc = 0;

    snprintf(words, sizeof words, "%s", line);
    argv[argc++] = words;
    for (char *blank = strchr(words, ' '); blank; blank = strchr(blank + 1, ' ')) {
        *blank = '\0';
        argv[argc++] = blank + 1;
    }
    argv[argc] = NULL;
    const struct opt_set sets[] = {{global_table, &r.g}, {command_table, &r.c}};
    r.code = opt_parse(sets, 2, argc, argv, flags, &r.operands, &r.e);
    return r;
}

static void done(struct result *r)
{
    operands_release(&r->operands);
    opt_list_release(&r->c.tags);
}

static void assert_operands(const char *line, int flags, const char *expected)
{
    struct result r = parse(line, flags);
    char joined[512] = "";

    if (r.code)
        fail_msg("'%s': %s", line, r.e.text);
    for (size_t i = 0; i < r.operands.n; i++) {
        strcat(joined, i ? " " : "");
        strcat(joined, r.operands.v[i]);
    }
    assert_string_equal(joined, expected);
    done(&r);
}

static void assert_refused(const char *line, int flags, const char *why)
{
    struct result r = parse(line, flags);

    assert_int_equal(r.code, -1);
    assert_true(r.e.usage);
    assert_string_equal(r.e.text, why);
    assert_int_equal(r.operands.n, 0);
    assert_null(r.operands.v);
    done(&r);
}

static void values_in_every_spelling(void **state)
{
    static const char *const lines[] = {"pm -n5",        "pm -n 5",     "pm --count=5", "pm --count 5",
                                        "pm --cou=5",    "pm -vn5",     "pm -va -n 5",  "pm x -n5 y",
                                        "pm -n4 -n5"};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct result r = parse(lines[i], 0);
        assert_int_equal(r.code, 0);
        assert_int_equal(r.c.count, 5);
        done(&r);
    }
}

static void each_table_fills_its_own_struct(void **state)
{
    struct result r = parse("pm -C dir --format json -v --tag a -tb --sort= -h", 0);

    assert_int_equal(r.code, 0);
    assert_string_equal(r.g.directory, "dir");
    assert_string_equal(r.c.format, "json");
    assert_ptr_equal(r.c.format, formats[2]);
    assert_true(r.c.verbose);
    assert_int_equal(r.c.tags.n, 2);
    assert_string_equal(r.c.tags.v[0], "a");
    assert_string_equal(r.c.tags.v[1], "b");
    assert_string_equal(r.c.sort, "");
    assert_true(r.g.help);
    assert_false(r.c.all); /* the first table has the name */
    done(&r);
}

static void operands_keep_their_order(void **state)
{
    assert_operands("pm", 0, "");
    assert_operands("pm a -v b -n 5 c", 0, "a b c");
    assert_operands("pm a - b", 0, "a - b");
    assert_operands("pm -v -- -n x -- y", 0, "-n x -- y");
    assert_operands("pm --", 0, "");
    assert_operands("pm -C -- a", 0, "a"); /* here "--" is the folder's name */
    assert_operands("pm a ", 0, "a ");
}

static void terms_of_a_query_may_begin_with_a_dash(void **state)
{
    const int terms = OPT_DASH_TERMS;

    assert_operands("pm -status:draft -v x", terms, "-status:draft x");
    assert_operands("pm -x", terms, "-x");
    assert_operands("pm -name:foo -n 5", terms, "-name:foo"); /* n wants a number */
    assert_operands("pm -foo -fjson", terms, "-foo");         /* f wants one of its choices */
    assert_operands("pm -v -\"two", terms, "-\"two");
    assert_operands("pm -vx a", terms, "-vx a");
    assert_operands("pm a -status:draft", terms, "a -status:draft");
    assert_operands("pm -a -severity:1 -- -v", terms, "-severity:1 -v");
    assert_operands("pm -n 5 -n3 -x", terms, "-x");
    assert_refused("pm -status:draft", 0, "unknown option '-s'");
    assert_refused("pm --status:draft", terms, "unknown option '--status:draft'");
}

static void mistakes_say_what_was_meant(void **state)
{
    assert_refused("pm --fromat json", 0, "unknown option '--fromat': did you mean '--format'?");
    assert_refused("pm --verbos=1", 0, "option '--verbos' takes no value");
    assert_refused("pm --verbose=1", 0, "option '--verbose' takes no value");
    assert_refused("pm --banana", 0, "unknown option '--banana'");
    assert_refused("pm --banana=split", 0, "unknown option '--banana'");
    assert_refused("pm -vz", 0, "unknown option '-z'");
    assert_refused("pm --=x", 0, "option '--' is ambiguous");
}

static void wrong_values_are_named(void **state)
{
    assert_refused("pm -n", 0, "option '-n' wants a value");
    assert_refused("pm x --count", 0, "option '--count' wants a value");
    assert_refused("pm -n x", 0, "--count wants a whole number, not 'x'");
    assert_refused("pm -n -1", 0, "--count wants a whole number, not '-1'");
    assert_refused("pm -n 99999999999999999999", 0,
                   "--count wants a whole number, not '99999999999999999999'");
    assert_refused("pm --count=", 0, "--count wants a whole number, not ''");
    assert_refused("pm -f jsn", 0, "--format cannot be 'jsn': did you mean 'json'?");
    assert_refused("pm -f xml", 0, "--format cannot be 'xml': it is one of table, paths, json");
}

static void a_parse_that_ended_badly_leaves_nothing_to_the_next(void **state)
{
    assert_refused("pm -vzan5", 0, "unknown option '-z'");
    assert_operands("pm a b", 0, "a b");
    assert_refused("pm a b c d -q", 0, "unknown option '-q'");
    assert_operands("pm -v a", 0, "a");
}

static void usage_is_aligned_and_narrow(void **state)
{
    struct str s = STR_INIT;

    opt_usage(&s, command_table);
    assert_string_equal(s.p, "  -f, --format FORMAT   how to print: table, paths, json\n"
                             "  -n, --count N         at most N of them\n"
                             "  -v, --verbose         say more\n"
                             "  -a, --all             those too that are done, will not be done, have been\n"
                             "                        dropped, or are tracked elsewhere\n"
                             "      --reverse         last first\n"
                             "      --sort FIELD      by which field\n"
                             "  -t, --tag TAG         with this tag\n");
    str_release(&s);
}

static void a_name_too_long_has_its_help_below(void **state)
{
    static const struct opt table[] = {
        {"a-name-that-is-longer-than-thirty", 0, OPT_FLAG, 0, NULL, "below", NULL, false},
        {"all", 'a', OPT_FLAG, 0, NULL, "beside", NULL, false},
        {0},
    };
    struct str s = STR_INIT;

    opt_usage(&s, table);
    assert_string_equal(s.p, "      --a-name-that-is-longer-than-thirty\n"
                             "              below\n"
                             "  -a, --all   beside\n");
    str_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_in_every_spelling),
        cmocka_unit_test(each_table_fills_its_own_struct),
        cmocka_unit_test(operands_keep_their_order),
        cmocka_unit_test(terms_of_a_query_may_begin_with_a_dash),
        cmocka_unit_test(mistakes_say_what_was_meant),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(a_parse_that_ended_badly_leaves_nothing_to_the_next),
        cmocka_unit_test(usage_is_aligned_and_narrow),
        cmocka_unit_test(a_name_too_long_has_its_help_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
