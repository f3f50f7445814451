#include "pm/query.h"

#include "pm/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char checkout[] =
    "---\n"
    "id: PM-0042\n"
    "status: published\n"
    "severity: sev2\n"
    "started: 2026-03-17T23:30-02:00\n"
    "detected: 2026-03-18T00:10-02:00\n"
    "mitigated: unknown\n"
    "services: [Checkout, payments-api]\n"
    "causes: [change/config]\n"
    "contributing_factors: [process/review]\n"
    "authors: [Alice Smith]\n"
    "impact:\n"
    "  customers: 1200\n"
    "  revenue: 40000 EUR\n"
    "  downtime: 90m\n"
    "---\n"
    "# Checkout timed out\n"
    "\n"
    "## Summary\n"
    "The connection pool of foo_bar.baz ran dry. <!-- what did users see? -->\n"
    "\n"
    "## Timeline\n"
    "- 23:30 h2c upgrade rolled out\n"
    "\n"
    "## Root causes\n"
    "Café 障害対応 config.\n";

static const char draft[] = "---\ntitle: Quiet\n---\n\n## Summary\nNothing.\n";

struct fixture {
    struct schema *schema;
    struct query_context ctx;
    struct postmortem *checkout, *draft;
    struct arena arena;
};

static const struct query_item items[] = {
    {.ref = {"PM-0042#A1", 10},
     .text = {"Reject bad configs", 18},
     .owners = {"alice\nbob", 9},
     .type = {"prevent", 7},
     .priority = {"P1", 2},
     .due = {2026, 3, 1},
     .state = ITEM_OPEN,
     .opened = 1767225600,
     .slips = 2,
     .slipped_days = 30},
    {.ref = {"PM-0042#A2", 10},
     .text = {"Alert sooner", 12},
     .owners = {"carol", 5},
     .tracker = {"OPS-123", 7},
     .due = {2026, 3, 1},
     .state = ITEM_OPEN,
     .opened = 1767225600},
    {.ref = {"PM-0042#A3", 10},
     .text = {"Rewrite loader", 14},
     .state = ITEM_DONE,
     .due = {2026, 2, 1},
     .tracker = {"https://tracker.example.com/browse/OPS-211?sort=up&from=OPS-9", 61},
     .links = {"https://tracker.example.com/browse/OPS-211?sort=up&from=OPS-9\nhttps://wiki/x", 76},
     .opened = 1767225600,
     .closed = 1772323200,
     .reopened = true},
    {.ref = {"PM-0042#A4", 10}, .text = {"Forgotten", 9}, .state = ITEM_DROPPED},
};

static struct postmortem *read_text(const struct schema *s, const char *text, const char *path)
{
    struct reader rd = {s, NULL, NULL};
    return postmortem_read(&rd, strdup(text), strlen(text), slice_of(path));
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->schema = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    f->ctx = (struct query_context){f->schema, {2026, 3, 20}, 1773964800, false, NULL};
    f->checkout = read_text(f->schema, checkout, "postmortems/2026/2026-03-17-checkout.md");
    f->draft = read_text(f->schema, draft, "postmortems/2026/2026-01-05-quiet.md");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    postmortem_free(f->checkout);
    postmortem_free(f->draft);
    schema_free(f->schema);
    arena_release(&f->arena);
    free(f);
    return 0;
}

static struct query *parse(struct fixture *f, const char *text)
{
    struct err e = ERR_INIT;
    struct query *q = NULL;
    if (query_parse(&q, slice_of(text), &f->ctx, &f->arena, &e) != 0)
        fail_msg("%s", e.text);
    return q;
}

static bool finds(struct fixture *f, const char *text)
{
    struct query_document d = {f->checkout, items, 4, 1767225600, 1772323200};
    return query_match(parse(f, text), &f->ctx, &d, NULL);
}

static void expect_found(struct fixture *f, const char *const *queries)
{
    for (; *queries; queries++)
        if (!finds(f, *queries))
            fail_msg("not found: %s", *queries);
}

static void expect_missed(struct fixture *f, const char *const *queries)
{
    for (; *queries; queries++)
        if (finds(f, *queries))
            fail_msg("found: %s", *queries);
}

#define FOUND(f, ...)  expect_found(f, (const char *const[]){__VA_ARGS__, NULL})
#define MISSED(f, ...) expect_missed(f, (const char *const[]){__VA_ARGS__, NULL})

static void test_words(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "", "checkout", "CHECKOUT timeout OR timed", "pools", "cafe", "障害", "害対", "対*",
          "\"connection pool\"", "\"connection po\"*", "conn*", "foo_bar.baz", "bar.baz", "foo_b*",
          "NOT kafka", "-kafka", "checkout -kafka", "障", "alice", "sev2", "1200",
          "(kafka OR pool) checkout", "kafka OR (pool checkout)", "checkout AND pool");
    MISSED(f, "kafka", "checkout kafka", "\"pool connection\"", "NOT checkout", "-checkout",
           "baz_foo", "users", "conn", "応害", "\"障対\"", "kafka OR redis");
}

static void test_sections(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "in:timeline h2c", "in:root-causes config", "in:\"Root causes\" cafe",
          "in:timeline h2c in:summary pool", "in:timeline (kafka OR h2c)", "in:timeline NOT pool",
          "pool (in:timeline h2c) pool");
    MISSED(f, "in:timeline pool", "in:summary users", "in:timeline h2c pool", "in:nowhere h2c");
}

static void test_a_comment_may_end_in_another_section(void **state)
{
    static const char text[] = "# Down\n\n## Summary\n\n```\n<!--\n```\n\n## Timeline\n\nhidden --> seen\n";
    struct fixture *f = *state;
    struct postmortem *pm = read_text(f->schema, text, "postmortems/comment.md");
    struct query_document d = {.pm = pm};
    assert_true(query_match(parse(f, "in:timeline seen"), &f->ctx, &d, NULL));
    assert_false(query_match(parse(f, "hidden"), &f->ctx, &d, NULL));
    assert_false(query_match(parse(f, "in:timeline hidden"), &f->ctx, &d, NULL));
    postmortem_free(pm);
}

static void test_a_field_read_from_another_key_is_not_its_own(void **state)
{
    static const char rules[] = "version: 1\nextends: default\nfields: {status: {from: phase}}\n";
    static const char text[] = "---\nstatus: whatever\nphase: published\n---\n# Down\n";
    struct fixture *f = *state;
    struct schema *s = schema_load(SLICE(rules), true, slice_of(NULL), false);
    struct postmortem *pm = read_text(s, text, "postmortems/from.md");
    struct query_document d = {.pm = pm};
    struct query_context own = f->ctx;
    struct query *q = NULL;
    struct err e = ERR_INIT;
    own.schema = s;
    assert_int_equal(query_parse(&q, SLICE("status:draft"), &own, &f->arena, &e), 0);
    assert_false(query_match(q, &own, &d, NULL));
    assert_int_equal(query_parse(&q, SLICE("status:published"), &own, &f->arena, &e), 0);
    assert_true(query_match(q, &own, &d, NULL));
    postmortem_free(pm);
    schema_free(s);
}

static void test_enums_and_text(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "severity:sev2", "sev:2", "severity:high", "severity:sev1..sev2", "severity:sev2..",
          "severity:<=sev2", "severity<sev3", "severity:sev1,sev2", "status:published",
          "service:checkout", "services:CHECKOUT", "service:pay*", "service:api,checkout",
          "author:alice", "author:\"alice smith\"", "title:checkout", "title:\"timed out\"",
          "title:time*", "id:pm-0042", "id:PM*", "path:postmortems/2026", "path:postmortems/*");
    MISSED(f, "severity:sev1", "severity:..sev1", "severity:>sev2", "status:review,draft",
           "service:payments", "title:pool", "author:al", "path:post", "id:PM-004");
}

static void test_times(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "started:2026-03-17", "started:2026-03", "started:2026-Q1", "started:2026",
          "started:2026-01-01..2026-03-17", "started:-1w..", "started:>=2026-03-17",
          "started:>2026-03-16", "started:<2026-03-18", "date:2026-03-17", "date:..today",
          "started:2026-03-18T01:30Z", "ttd:40m", "ttd:30m..", "ttd>30m", "ttd:>=40m",
          "mitigated:unknown", "ttm:unknown", "created:2026-01-01", "updated:..2026-03-01");
    MISSED(f, "started:2026-03-18", "started:..2026-03-16", "started:>2026-03-17", "ttd:>40m",
           "ttd:..30m", "ttr:1s..", "mitigated:n/a", "has:mitigated", "detected:2026-03-19..",
           "created:2026-01-02..");
}

static void test_tags(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "cause:change/config", "cause:change", "causes:config", "cause:chan*",
          "factor:process", "factors:review", "tag:change", "tag:process/review");
    MISSED(f, "cause:process", "factor:change", "cause:conf", "cause:change/config/typo",
           "cause:chang", "tag:network");
}

static void test_presence_and_nested(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "has:severity", "no:resolved", "has:impact", "has:impact.customers", "has:ttd",
          "impact.customers:1000..", "impact.customers:1200", "impact.revenue:40k",
          "impact.revenue:1000..", "impact.downtime:1h..2h", "has:owner", "no:runbook");
    MISSED(f, "no:severity", "has:resolved", "impact.customers:1201..", "impact.customers:..1199",
           "impact.downtime:2h..", "has:impact.users", "no:owner");
}

static void test_status_that_is_not_stated(void **state)
{
    struct fixture *f = *state;
    struct query_document d = {.pm = f->draft};
    assert_true(query_match(parse(f, "status:review"), &f->ctx, &d, NULL));
    assert_false(query_match(parse(f, "status:draft"), &f->ctx, &d, NULL));
    assert_false(query_match(parse(f, "has:status"), &f->ctx, &d, NULL));
}

static void test_items_of_a_postmortem(void **state)
{
    struct fixture *f = *state;
    FOUND(f, "owner:alice", "owner:@bob", "owner:alice due:2026-03-01", "overdue:yes", "late:yes",
          "slips:2..", "slipped:30d", "dropped:yes", "reopened:yes", "state:done", "state:wip,done",
          "type:prevent", "priority:P1", "priority:P0..P2", "tracker:ops-123", "ref:PM-0042#A1",
          "ref:PM-0042:A1", "ref:PM-0042", "action:configs", "age:60d..", "closed:-4w..",
          "overdue:yes owner:alice", "has:action no:owner", "slips>1", "opened:2026-01-01");
    MISSED(f, "owner:dave", "owner:carol overdue:yes", "owner:alice tracker:OPS-123", "slips:3..",
           "state:wontdo", "no:owner", "ref:PM-0042#A", "owner:alice state:done");
}

static void test_one_item(void **state)
{
    struct fixture *f = *state;
    struct query_document d = {f->checkout, items, 4, 0, 0};
    f->ctx.items = true;
    static const struct {
        const char *query;
        unsigned found; /* bit i: item i */
    } cases[] = {
        {"owner:alice", 1},
        {"no:owner", 12},
        {"overdue:yes", 1},
        {"overdue:no", 14},
        {"late:yes", 5},
        {"severity:sev2 state:open", 3},
        {"severity:sev1", 0},
        {"configs", 1},
        {"checkout", 15},
        {"pool", 0},
        {"NOT tracker:OPS-123", 13},
        {"tracker:OPS-211", 4},
        {"tracker:ops-9", 4},
        {"tracker:OPS-*", 6},
        {"tracker:OPS-21", 0},
        {"tracker:browse", 0},
        {"tracker:\"https://tracker.example.com/browse/OPS-211?sort=up&from=OPS-9\"", 4},
        {"OPS-211", 4},
        {"ops-123", 2},
        {"wiki", 4},
        {"due:2026-02-01..2026-02-28", 4},
        {"due:..today", 7},
        {"owner:alice OR state:dropped", 9},
        {"slips:0", 14},
        {"no:due", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned found = 0;
        for (unsigned j = 0; j < 4; j++)
            found |= (unsigned)query_match(parse(f, cases[i].query), &f->ctx, &d, &items[j]) << j;
        if (found != cases[i].found)
            fail_msg("%s: %u, not %u", cases[i].query, found, cases[i].found);
    }
}

static void test_tracked_elsewhere(void **state)
{
    struct fixture *f = *state;
    const char own[] = "version: 1\nextends: default\nactions: {authority: document}\n";
    struct schema *s = schema_load(slice_of(own), true, slice_of(NULL), false);
    struct query_context here = f->ctx;
    here.schema = s;
    assert_false(query_item_overdue(&items[1], &f->ctx));
    assert_true(query_item_overdue(&items[1], &here));
    schema_free(s);
}

/* Closed at 23:30 UTC of its due date: in Berlin that is the day after. */
static void test_late_in_the_readers_zone(void **state)
{
    struct fixture *f = *state;
    struct query_item item = {.state = ITEM_DONE, .due = {2026, 3, 17}, .closed = 1773790200};
    struct query_context here = f->ctx;
    struct zone *berlin = zone_fixed(3600);
    here.zone = NULL;
    assert_false(query_item_late(&item, &here));
    here.zone = berlin;
    assert_true(query_item_late(&item, &here));
    zone_free(berlin);
}

static void test_printing(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"", ""},
        {"  a   b ", "a b"},
        {"a AND b", "a b"},
        {"a OR b c", "a OR (b c)"},
        {"(a (b c)) OR (d OR e)", "(a b c) OR d OR e"},
        {"-a NOT NOT b", "NOT a b"},
        {"-(a b)", "NOT (a b)"},
        {"no:owner -no:due", "no:owner has:due"},
        {"\"a \\\"b\" c*", "\"a \\\"b\" c*"},
        {"sev:1,2 cause:\"x y\"", "severity:1,2 causes:\"x y\""},
        {"ttd>30m", "ttd:>30m"},
        {"in:timeline a b", "(in:timeline a) (in:timeline b)"},
        {"in:\"root causes\" a", "in:\"root causes\" a"},
        {"a=b a==b wow!=b wow! owner!", "a=b a==b wow!=b wow! owner!"},
        {"main() https://x.y 12:30 std::string", "main() https://x.y 12:30 std::string"},
        {"Impact.Customers:1", "impact.Customers:1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str once = STR_INIT, twice = STR_INIT;
        query_print(&once, parse(f, cases[i][0]));
        assert_string_equal(once.p, cases[i][1]);
        query_print(&twice, parse(f, once.p));
        assert_string_equal(once.p, twice.p);
        str_release(&once);
        str_release(&twice);
    }
}

static void any_value_is_written_so_that_it_is_read(void **state)
{
    struct fixture *f = *state;
    static const char *const values[] = {
        "checkout", "pay api", "a,b", "x..y", "<b", ">=2", "=", "b*", "say \"hi\"", "f(x)", "o'neil",
        "team/x", "PM-1#2", "back\\slash", "\ttab", "障害", "a:b", "-x", "OR", "https://x.io/1?a=b",
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct str term = STR_INIT;
        str_addz(&term, "services:");
        query_add_value(&term, slice_of(values[i]));
        const struct query *q = parse(f, term.p);
        assert_int_equal(q->kind, QUERY_FIELD);
        assert_int_equal(q->nvalues, 1);
        assert_int_equal(q->values[0].kind, MATCH_TEXT);
        assert_true(slice_ieqz(q->values[0].text, values[i]));
        str_release(&term);
    }
    struct str plain = STR_INIT;
    query_add_value(&plain, SLICE("team/x-1"));
    assert_string_equal(plain.p, "team/x-1");
    str_release(&plain);
}

static void test_mistakes(void **state)
{
    struct fixture *f = *state;
    static const char *const cases[][2] = {
        {"sevrity:sev1", "unknown field 'sevrity': did you mean 'severity'?\n  sevrity:sev1\n  ^"},
        {"a sev:sev9",
         "'sev9' is no value of severity: it has sev1, sev2, sev3, sev4\n  a sev:sev9\n        ^"},
        {"slips:",
         "nothing follows 'slips:': did the shell eat it? write slips:2..\n  slips:\n  ^"},
        {"a slips>", "'' is no value of slips: write slips:2..\n  a slips>\n          ^"},
        {"\"a", "the quote is never closed\n  \"a\n  ^"},
        {"(a", "the parenthesis is never closed\n  (a\n  ^"},
        {"a)", "this parenthesis was never opened\n  a)\n   ^"},
        {"()", "a word or a condition is missing here\n  ()\n   ^"},
        {"a OR", "a word or a condition is missing here\n  a OR\n      ^"},
        {"a NOT", "nothing follows: what is not wanted?\n  a NOT\n    ^"},
        {"&&", "no letters or digits to look for\n  &&\n  ^"},
        {"ttd:soon", "'soon' is no duration: s, m, h, d and w are units, as in ttd:30m..\n"
                     "  ttd:soon\n      ^"},
        {"age:5y..", "'5y' is no duration: s, m, h, d and w are units, as in age:90d..\n"
                     "  age:5y..\n      ^"},
        {"severity:sev2..sev1", "the range ends before it begins: nothing can be in it\n"
                                "  severity:sev2..sev1\n           ^"},
        {"state:ready", "'ready' is no value of state: it has proposed, open, in-progress, done, "
                        "wontdo, dropped, withdrawn, moved, folded, cleared\n"
                        "  state:ready\n        ^"},
        {"due:lastweek", "'lastweek' is no date: write due:2026-03-17, due:2026-Q1 or "
                         "due:-2w..today\n  due:lastweek\n      ^"},
        {"started:2025-13", "'2025-13' is no date: write started:2026-03-17, started:2026-Q1 or "
                            "started:-2w..today\n  started:2025-13\n          ^"},
        {"late:maybe", "late is yes or no\n  late:maybe\n       ^"},
        {"a severity=sev1", "'=' compares nothing here: write severity:sev1\n"
                            "  a severity=sev1\n            ^"},
        {"sev==sev1", "'==' compares nothing here: write sev:sev1\n  sev==sev1\n     ^"},
        {"owner!=bob", "'!=' compares nothing here: write -owner:bob\n  owner!=bob\n       ^"},
        {"owner>bob",
         "owner has no order: '<' and '>' say nothing about it\n  owner>bob\n       ^"},
        {"in:timeline",
         "no word follows 'in:': write in:SECTION before the words\n  in:timeline\n  ^"},
        {"has:zzzz", "unknown field 'zzzz'\n  has:zzzz\n      ^"},
        {"障害 x:1",
         "unknown field 'x': if it is text to look for, write '\"x:1\"'\n  障害 x:1\n       ^"},
        {"(zzzz:a/b OR c)", "unknown field 'zzzz': if it is text to look for, write '\"zzzz:a/b\"'\n"
                            "  (zzzz:a/b OR c)\n   ^"},
        {"a\xFF", "the query is not valid UTF-8"},
        {"cause:a,,b", "a value is missing here\n  cause:a,,b\n          ^"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = ERR_INIT;
        struct query *q = NULL;
        assert_int_equal(query_parse(&q, slice_of(cases[i][0]), &f->ctx, &f->arena, &e), -1);
        assert_string_equal(e.text, cases[i][1]);
        assert_true(e.usage);
        assert_null(q);
    }
}

static void test_known_tags(void **state)
{
    struct fixture *f = *state;
    const char tags[] = "tags:\n  change:\n    tags:\n      config: a setting\n";
    struct schema *s = schema_load(slice_of(NULL), false, slice_of(tags), true);
    const struct schema *before = f->ctx.schema;
    struct err e = ERR_INIT;
    struct query *q = NULL;
    f->ctx.schema = s;
    assert_int_equal(s->tag_problems.n, 0);
    assert_false(parse(f, "cause:change")->values[0].anywhere);
    assert_true(parse(f, "cause:config")->values[0].anywhere);
    assert_int_equal(query_parse(&q, SLICE("cause:chnge"), &f->ctx, &f->arena, &e), -1);
    assert_string_equal(e.text,
                        "unknown tag 'chnge': did you mean 'change'?\n  cause:chnge\n        ^");
    e = (struct err)ERR_INIT;
    assert_int_equal(query_parse(&q, SLICE("cause:confg"), &f->ctx, &f->arena, &e), -1);
    assert_string_equal(
        e.text, "unknown tag 'confg': did you mean 'change/config'?\n  cause:confg\n        ^");
    f->ctx.schema = before;
    schema_free(s);
}

static void test_caps(void **state)
{
    struct fixture *f = *state;
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    struct query *q = NULL;
    str_pad(&text, 'a', 1u << 20);
    assert_int_equal(query_parse(&q, str_slice(&text), &f->ctx, &f->arena, &e), -1);
    assert_string_equal(e.text, "the query has 1048576 bytes, and at most 65536 are read");
    str_clear(&text);
    str_pad(&text, '(', 10000);
    assert_int_equal(query_parse(&q, str_slice(&text), &f->ctx, &f->arena, &e), -1);
    assert_non_null(strstr(e.text, "more than 100 deep"));
    str_clear(&text);
    for (int i = 0; i < 5000; i++)
        str_addz(&text, "a ");
    assert_int_equal(query_parse(&q, str_slice(&text), &f->ctx, &f->arena, &e), -1);
    assert_non_null(strstr(e.text, "more than 4000 terms"));
    str_clear(&text);
    for (int i = 0; i < 10001; i++)
        str_addz(&text, "NOT ");
    str_addz(&text, "kafka");
    assert_true(finds(f, text.p));
    str_clear(&text);
    str_addz(&text, "a");
    for (int i = 0; i < 100; i++)
        str_addz(&text, ".a");
    assert_int_equal(query_parse(&q, str_slice(&text), &f->ctx, &f->arena, &e), -1);
    assert_non_null(strstr(e.text, "more than 100 words"));
    str_release(&text);
}

static void test_what_a_query_is_about(void **state)
{
    struct fixture *f = *state;
    assert_true(query_has_text(parse(f, "severity:sev1 a")));
    assert_true(query_has_text(parse(f, "in:timeline a")));
    assert_false(query_has_text(parse(f, "severity:sev1 NOT a")));
    assert_true(query_has_items(parse(f, "a OR (b no:owner)")));
    assert_false(query_has_items(parse(f, "a OR (b no:severity)")));
    assert_true(query_names_state(parse(f, "a OR NOT state:done")));
    assert_false(query_names_state(parse(f, "owner:alice")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_words),
        TEST(test_sections),
        TEST(test_a_comment_may_end_in_another_section),
        TEST(test_a_field_read_from_another_key_is_not_its_own),
        TEST(test_enums_and_text),
        TEST(test_times),
        TEST(test_tags),
        TEST(test_presence_and_nested),
        TEST(test_status_that_is_not_stated),
        TEST(test_items_of_a_postmortem),
        TEST(test_one_item),
        TEST(test_tracked_elsewhere),
        TEST(test_late_in_the_readers_zone),
        TEST(test_printing),
        TEST(any_value_is_written_so_that_it_is_read),
        TEST(test_mistakes),
        TEST(test_known_tags),
        TEST(test_caps),
        TEST(test_what_a_query_is_about),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
