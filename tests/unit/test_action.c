/* Action items in their three forms: what is a fact, and what belongs to the promise. */
#include "pm/postmortem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct schema *schema;

static int load(void **state)
{
    schema = schema_load(SLICE("version: 1\nextends: default\nactions: {tracker: \"OPS-#\"}\n"), true,
                         (struct slice){NULL, 0}, false);
    return schema->problems.n == 0 ? 0 : -1;
}

static int unload(void **state)
{
    schema_free(schema);
    return 0;
}

static struct postmortem *read_text(const char *text)
{
    struct reader rd = {schema, NULL, NULL};
    return postmortem_read(&rd, xstrdup(text), strlen(text), SLICE("postmortems/x.md"));
}

static void part(struct str *out, const char *name, struct slice value)
{
    if (value.n > 0)
        str_addf(out, " %s=%.*s", name, SLICE_ARG(value));
}

/* One line an item: "text | id=A1 @alice due=2026-04-01 …", only what is stated. */
static void show(const struct action *a, struct str *out)
{
    str_addf(out, "%.*s |", SLICE_ARG(a->text));
    part(out, "id", a->id);
    for (size_t i = 0; i < a->nowners; i++)
        str_addf(out, " @%.*s", SLICE_ARG(a->owners[i]));
    if (a->due.year != 0) {
        str_addz(out, " due=");
        date_format(out, a->due);
    } else {
        part(out, "due?", a->due_raw);
    }
    part(out, "type", a->type);
    part(out, "prio", a->priority);
    if (a->state_stated)
        str_addf(out, " %s", action_state_name(a->state));
    part(out, "reason", a->reason);
    part(out, "tracker", a->tracker);
    part(out, "group", a->group);
    part(out, "nested", a->nested);
}

static void assert_items(const char *document, const char *expected)
{
    struct postmortem *pm = read_text(document);
    struct str all = STR_INIT;
    for (size_t i = 0; i < pm->actions.n; i++) {
        show(&pm->actions.v[i], &all);
        str_addc(&all, '\n');
    }
    assert_string_equal(all.p, expected);
    str_release(&all);
    postmortem_free(pm);
}

/* One list item, as it would stand in a document. */
static void assert_item(const char *item, const char *expected)
{
    struct str document = STR_INIT, line = STR_INIT;
    str_addf(&document, "# T\n\n## Action items\n\n%s\n", item);
    str_addf(&line, "%s\n", expected);
    assert_items(document.p, line.p);
    str_release(&document);
    str_release(&line);
}

static void what_pm_new_writes(void **state)
{
    assert_item("- [ ] **A1** Reject configs that fail schema validation\n"
                "      @alice, due 2026-04-01, prevent, P1, [OPS-123](https://x.io/OPS-123)",
                "Reject configs that fail schema validation | id=A1 @alice due=2026-04-01 "
                "type=prevent prio=P1 open tracker=https://x.io/OPS-123");
    assert_item("- [x] **A2** Alert when 5xx exceeds 1% for 5 minutes\n"
                "      @bob, due 2026-03-20, detect, P1",
                "Alert when 5xx exceeds 1% for 5 minutes | id=A2 @bob due=2026-03-20 type=detect "
                "prio=P1 done");
    assert_item("- [ ] ~~**A3** Rewrite the config loader~~\n      @carol, won't do: replaced by A1",
                "Rewrite the config loader | id=A3 @carol wontdo reason=replaced by A1");
}

static void facts_of_the_tail(void **state)
{
    assert_item("- Fix it @bob", "Fix it | @bob");
    assert_item("- Fix it — @bob", "Fix it | @bob");
    assert_item("- Fix it (@bob, due 2026-04-01)", "Fix it | @bob due=2026-04-01");
    assert_item("- Fix it by 2026-04-01", "Fix it | due=2026-04-01");
    assert_item("- Fix it due:2026-04-01 type:detect", "Fix it | due=2026-04-01 type=detect");
    assert_item("- Fix it due 17 March 2026; P2", "Fix it | due=2026-03-17 prio=P2");
    assert_item("- Fix it, due March 17, 2026", "Fix it | due=2026-03-17");
    assert_item("- Fix it @a and @b", "Fix it | @a @b");
    assert_item("- Fix it @org/team-x", "Fix it | @org/team-x");
    assert_item("- Fix it [@bob](https://x.io/bob)", "Fix it | @bob");
    assert_item("- Fix it - blocked - P1", "Fix it | prio=P1 in-progress");
    assert_item("- Fix it · in progress", "Fix it | in-progress");
    assert_item("- Fix it. [Issue](https://x.io/1)", "Fix it. | tracker=https://x.io/1");
    assert_item("- Fix it ([Issue](https://x.io/1)).", "Fix it | tracker=https://x.io/1");
    assert_item("- Fix it https://x.io/1", "Fix it | tracker=https://x.io/1");
    assert_item("- Fix it (OPS-12)", "Fix it | tracker=OPS-12");
    assert_item("- Fix it, owner: Alice Smith; due: 2026-04-01",
                "Fix it | @Alice Smith due=2026-04-01");
    assert_item("- Fix it (@bob, 2026-07-01)", "Fix it | @bob due=2026-07-01");
    assert_item("- Fix it — @bob — 2026-07-01", "Fix it | @bob due=2026-07-01");
    assert_item("- Fix it @bob 2026-07-01, P1", "Fix it | @bob due=2026-07-01 prio=P1");
    assert_item("- Fix it — 2026-07-01 @bob", "Fix it | @bob due=2026-07-01");
    assert_item("- Fix it, due 2026-07-01, @bob 2026-08-01", "Fix it | @bob due=2026-07-01");
    assert_item("- Fix it, due: next sprint", "Fix it | due?=next sprint");
    assert_item("- 直す — **owner: platform チーム、due: 2026-04-30**",
                "直す | @platform チーム due=2026-04-30");
}

static void remarks(void **state)
{
    assert_item("- Fix it @bob due 2026-04-01 (carried over from March)",
                "Fix it | @bob due=2026-04-01");
    assert_item("- Fix it, **owner: bob, due: 2026-04-01** (see the notes).",
                "Fix it | @bob due=2026-04-01");
    assert_item("- Fix it — **Owner:** bob, **Due:** 2026-04-01. A page of its own tells how.",
                "Fix it | @bob due=2026-04-01");
    assert_item("- 直す。**担当: bob、due: 2026-04-01**（据え置き）", "直す。 | @bob due=2026-04-01");
    assert_item("- 直す（担当: bob、期限: 2026-04-01）", "直す | @bob due=2026-04-01");
    assert_item("- 直す（担当：田中、期限：2026年4月1日）", "直す | @田中 due=2026-04-01");
    assert_item("- 直す。担当：田中 期限：2026/04/01 状態：完了", "直す。 | @田中 due=2026-04-01 done");
    assert_item("- 直す（完了）", "直す | done");
    assert_item("- @bob：直す", "直す | @bob");
    assert_item("- 直す（重要）", "直す（重要） |");
    assert_item("- Fix it. Owner: Ann Lee Due: 2026-04-01", "Fix it. | @Ann Lee due=2026-04-01");
    assert_item("- Fix it.\n  **owner:** the platform\n  team, **due:** 2026-04-01. See the notes.",
                "Fix it. | @the platform team due=2026-04-01");
    assert_item("- Fix it.\n  owner: Alice\n  P1, due: 2026-04-01",
                "Fix it. | @Alice due=2026-04-01 prio=P1");
    assert_item("- Fix it.\n  owner: Alice\n  done, due: 2026-04-01",
                "Fix it. | @Alice due=2026-04-01 done");
    assert_item("- 直す。due: 2026-04-01。別の文書で追跡。", "直す。 | due=2026-04-01");
    assert_item("- 演習を行う。**due: 2026-05-30 初回、以降は毎月**", "演習を行う。 | due=2026-05-30");
    /* without a date nothing tells that these are facts */
    assert_item("- Fix it @bob (carried over)", "Fix it @bob (carried over) |");
    assert_item("- Ask @bob how to fix it (by phone)", "Ask @bob how to fix it (by phone) |");
    assert_item("- Renew what is due 2026-04-01 before it breaks",
                "Renew what is due 2026-04-01 before it breaks |");
    assert_item("- Fix it, due: next sprint, or later than that",
                "Fix it, due: next sprint, or later than that |");
}

static void states(void **state)
{
    assert_item("- Fix it (DONE)", "Fix it | done");
    assert_item("- Fix it (done)", "Fix it | done");
    assert_item("- Fix it DONE", "Fix it | done");
    assert_item("- Fix it ✅", "Fix it | done");
    assert_item("- ✅ Fix it", "Fix it | done");
    assert_item("- Fix it **Done**", "Fix it | done");
    assert_item("- Fix it, done", "Fix it | done");
    assert_item("- TODO: Fix it @bob, due 2026-07-01",
                "Fix it | @bob due=2026-07-01 open");
    assert_item("- **A1** DONE: Fix it @bob", "Fix it | id=A1 @bob done");
    assert_item("- [ ] In progress: fix it, P1", "fix it | prio=P1 in-progress");
    assert_item("- Fix it, done by [#12](https://x.io/12)", "Fix it | done reason=by #12");
    assert_item("- Fix it (done 2026-04-03)", "Fix it | done reason=2026-04-03");
    assert_item("- [ ] Fix it @bob wontdo:\"too much work\"",
                "Fix it | @bob wontdo reason=too much work");
    assert_item("- Fix it, won't do: replaced by A1, @carol",
                "Fix it | @carol wontdo reason=replaced by A1");
    assert_item("- Fix it (won’t do: too dear)", "Fix it | wontdo reason=too dear");
    assert_item("- [x] Fix it, won't do: too dear", "Fix it | wontdo reason=too dear");
    assert_item("- [~] Fix it", "Fix it | wontdo");
    assert_item("- ~~Fix it~~", "Fix it | wontdo");
    assert_item("- ~~Fix it~~ done", "Fix it | done");
    assert_item("- ~~Fix it @bob~~ (done)", "Fix it | @bob done");
    assert_item("- [x] ~~Fix it~~", "Fix it | done");
    assert_item("- Fix it ~~due 2026-03-01~~ due 2026-04-01", "Fix it | due=2026-04-01");
}

static void words_of_the_promise_stay(void **state)
{
    static const char *const promises[] = {
        "Finish the migration by Friday",
        "Add P2 alert",
        "Add an alert for P2",
        "Improve the deploy process",
        "Improve docs, tooling, process",
        "Get it done",
        "Explain what we won't do: nothing",
        "Ask @bob to review the change",
        "Decide what is due to fail",
        "Check whether queued jobs were canceled, planned or released",
        "Find out what to detect",
        "Deploy by 10 people at most",
        "Write down (as a checklist) the steps",
        "Upgrade to version 1.2 (see the wiki)",
        "Stop in progress",
        "Monitoring (CPU at 78% and memory)",
        "Fix bug in foo: bar",
        "Repeat the test of 2026-12-24",
        "Explain it to @bob 2026-12-24",
        "Explain it to @bob, 2026-12-24",
        "Explain it to @bob (2026-12-24)",
        "Add alarms for both, in progress jobs too",
    };
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
        struct str item = STR_INIT, expected = STR_INIT;
        str_addf(&item, "- %s", promises[i]);
        str_addf(&expected, "%s |", promises[i]);
        assert_item(item.p, expected.p);
        str_release(&item);
        str_release(&expected);
    }
    assert_item("- See [the issue](https://x.io/1) for how", "See the issue for how |");
    assert_item("- Add alarms. Related to [this](https://x.io/1)", "Add alarms. Related to this |");
    assert_item("- Add alarms (blocking on [#365](https://x.io/365))",
                "Add alarms (blocking on #365) |");
    assert_item("- Repeat the test of 2026-12-24 @bob", "Repeat the test of 2026-12-24 | @bob");
    assert_item("- Improve the alerting of our deploy\n  process", "Improve the alerting of our "
                                                                  "deploy process |");
}

static void beginnings(void **state)
{
    assert_item("- @bob: fix it", "fix it | @bob");
    assert_item("- @bob： fix it", "fix it | @bob");
    assert_item("- @bob, @eve fix it", "fix it | @bob @eve");
    assert_item("- (platform, sre) Fix it", "Fix it | @platform @sre");
    assert_item("- (optional) Fix it", "(optional) Fix it |");
    assert_item("- **AI-3**: Fix it", "Fix it | id=AI-3");
    assert_item("- **AI-3:** Fix it", "Fix it | id=AI-3");
    assert_item("- **AI-P1** Fix it", "Fix it | id=AI-P1");
    assert_item("- **PM-12-A4** Fix it", "Fix it | id=PM-12-A4");
    assert_item("- **Back-end2** is to be fixed", "Back-end2 is to be fixed |");
    assert_item("- **AI-P** Fix it", "AI-P Fix it |");
    assert_item("- **4** Fix it", "4 Fix it |");
    assert_item("- #4 Fix it", "#4 Fix it |");
    assert_item("- **Fix it now**: it is broken", "Fix it now: it is broken |");
    assert_item("- A1 Fix it", "A1 Fix it |");
}

static void only_facts_are_the_text(void **state)
{
    assert_item("- [#365](https://x.io/365)", "#365 | tracker=https://x.io/365");
    assert_item("- https://x.io/1", "https://x.io/1 | tracker=https://x.io/1");
    assert_items("# T\n\n## Action items\n\n-\n- \n- <!-- nothing -->\n", "");
}

static void groups(void **state)
{
    assert_items("# T\n\n## Action items\n\n### Process\n\n1. One\n2. Two (DONE)\n\n### Docs\n\n1. Three\n",
                 "One | type=process group=Process\nTwo | type=process done group=Process\n"
                 "Three | group=Docs\n");
    assert_items("# T\n\n## Action items\n\n- **Prevent:**\n  - One\n  - Two\n- Three\n",
                 "One | type=prevent group=Prevent\nTwo | type=prevent group=Prevent\nThree |\n");
    assert_items("# T\n\n## Action items\n\n**Later**\n\n- One\n", "One | group=Later\n");
    assert_items("## Action items\n\n1. Prevent\n   - One\n2. Detect:\n   - [ ] Two\n",
                 "One | type=prevent group=Prevent\nTwo | type=detect open group=Detect\n");
    assert_items("## Action items\n\n- For the loader:\n  - [ ] One\n- Add alerts for:\n  - a\n",
                 "One | open group=For the loader\nAdd alerts for | nested=a\n");
    assert_items("# T\n\n## Action items\n\n- **Replace the whole fleet of hosts**\n  - in steps\n",
                 "Replace the whole fleet of hosts | nested=in steps\n");
    assert_items("# T\n\n## Action items\n\n### What went wrong\n\n- No alert\n\n### Docs\n\n- One\n",
                 "One | group=Docs\n");
    assert_items("## Action items\n\n対応：\n\n- One\n", "One | group=対応\n");
    assert_items("## Action items\n\n__監視：__\n\n- One\n", "One | group=監視\n");
    assert_items("## Action items\n\n- **再発：**\n  - One\n- 監視：\n  - [ ] Two\n",
                 "One | group=再発\nTwo | open group=監視\n");
}

static void nested_points_are_not_items(void **state)
{
    assert_items("# T\n\n## Action items\n\n- One\n\n  More about it.\n\n  - a [b](https://x.io)\n"
                 "  - c\n- Two\n",
                 "One | nested=More about it.\na b\nc\nTwo |\n");
}

static void none(void **state)
{
    static const char *const ways[] = {"- None: all is well", "None: all is well.",
                                       "- No action items — all is well"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct str text = STR_INIT;
        str_addf(&text, "# T\n\n## Action items\n\n%s\n", ways[i]);
        struct postmortem *pm = read_text(text.p);
        assert_int_equal(pm->actions.n, 0);
        assert_true(pm->actions.none_stated);
        assert_true(slice_starts(pm->actions.none_reason, SLICE("all is well")));
        postmortem_free(pm);
        str_release(&text);
    }
    assert_item("- None of the alerts fired: fix them", "None of the alerts fired: fix them |");
}

static void tables(void **state)
{
    assert_items("# T\n\n## Action items\n\n"
                 "| # | Action | Owner | Due | Type | Priority | Status | Ticket |\n"
                 "|---|---|---|---|---|---|---|---|\n"
                 "| 7 | Fix it | @alice, bob | 2026-04-01 | Prevention | p1 | **DONE** (2026-03-30, "
                 "[x](https://x.io)) | OPS-9 |\n"
                 "| 8 | Try it | docs / sre | soon | | | | |\n"
                 "| 9 | Drop it | — | - | | | Won't do: too dear | |\n"
                 "| | | | | | | | |\n",
                 "Fix it | @alice @bob due=2026-04-01 type=prevent prio=P1 done reason=2026-03-30, x "
                 "tracker=OPS-9\n"
                 "Try it | @docs @sre due?=soon\n"
                 "Drop it | wontdo reason=too dear\n");
    assert_items("# T\n\n## Action items\n\n| ID | Mitigation | Owner | Due |\n|--|--|--|--|\n"
                 "| A1 | Fix it | bob | 2026-04-01 |\n",
                 "Fix it | id=A1 @bob due=2026-04-01\n");
    assert_items("# T\n\n## Action items\n\n| Word | Meaning |\n|--|--|\n| Prevent | Never again |\n",
                 "");
}

static void an_unknown_state_is_told(void **state)
{
    struct postmortem *pm = read_text("# T\n\n## Action items\n\n| Action | State |\n|--|--|\n"
                                      "| Fix it | Frobnicated |\n");
    assert_int_equal(pm->actions.n, 1);
    assert_false(pm->actions.v[0].state_stated);
    assert_int_equal(pm->actions.v[0].state, STATE_OPEN);
    assert_int_equal(pm->problems.n, 1);
    assert_int_equal(pm->problems.v[0].kind, PROBLEM_NOTE);
    assert_int_equal(document_place(pm->doc, pm->problems.v[0].span.start).line, 7);
    postmortem_free(pm);
}

static void front_matter(void **state)
{
    assert_items("---\naction_items:\n"
                 "  - id: A1\n    text: Fix it\n    owner: [alice, '@bob']\n    due: 2026-04-01\n"
                 "    state: in progress\n    tracker: https://x.io/1\n"
                 "  - title: Try it\n    status: done\n"
                 "  - Write it down @eve\n"
                 "---\n# T\n\n## Action items\n\n- One more\n",
                 "Fix it | id=A1 @alice @bob due=2026-04-01 in-progress tracker=https://x.io/1\n"
                 "Try it | done\nWrite it down | @eve\nOne more |\n");
}

static void identity_does_not_depend_on_the_form(void **state)
{
    static const char *const forms[] = {
        "## Action items\n\n- [ ] **A1** Fix *the* `loader`, now @bob\n",
        "## Action items\n\n- Fix the loader, now (DONE)\n",
        "## Action items\n\n- ~~Fix the loader, now~~\n",
        "## Action items\n\n1. Fix the [loader](https://x.io), now\n   due 2026-04-01\n",
        "## Action items\n\n| Action | Owner |\n|---|---|\n| Fix the LOADER, now. | bob |\n",
        "---\nactions: [{action: \"Fix the loader, now\", owner: bob}]\n---\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct postmortem *pm = read_text(forms[i]);
        assert_int_equal(pm->actions.n, 1);
        assert_true(slice_eqz(pm->actions.v[0].key, "fix the loader, now"));
        postmortem_free(pm);
    }
}

static void positions(void **state)
{
    struct postmortem *pm = read_text("## Action items\n\n3. One\n4. Two\n\n### G\n\n- Three\n");
    assert_int_equal(pm->actions.n, 3);
    assert_int_equal(pm->actions.v[0].position, 3);
    assert_int_equal(pm->actions.v[1].position, 4);
    assert_int_equal(pm->actions.v[2].position, 3);
    postmortem_free(pm);
}

static void places(void **state)
{
    struct postmortem *pm = read_text("## Action items\n\n- [ ] Fix it\n      @bob, due 2026-04-01, "
                                      "done\n- Try it\n");
    const struct action *a = &pm->actions.v[0], *b = &pm->actions.v[1];
    assert_true(slice_eqz(document_slice(pm->doc, a->text_span), "Fix it"));
    assert_true(slice_eqz(document_slice(pm->doc, a->owner_span), "@bob"));
    assert_true(slice_eqz(document_slice(pm->doc, a->due_span), "due 2026-04-01"));
    assert_true(slice_eqz(document_slice(pm->doc, a->state_span), "done"));
    assert_int_equal(document_place(pm->doc, a->span.start).line, 3);
    assert_int_equal(b->owner_span.start, b->text_span.end);
    assert_int_equal(b->owner_span.end, b->text_span.end);
    postmortem_free(pm);
}

static void more_than_the_cap_is_told(void **state)
{
    struct str text = STR_INIT;
    str_addz(&text, "## Action items\n\n");
    for (unsigned i = 0; i < 1100; i++)
        str_addf(&text, "- Item %u\n", i);
    struct postmortem *pm = read_text(text.p);
    assert_int_equal(pm->actions.n, 1000);
    assert_true(pm->actions.cut);
    assert_int_equal(pm->problems.n, 1);
    assert_int_equal(pm->problems.v[0].kind, PROBLEM_TOO_LARGE);
    postmortem_free(pm);
    str_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_pm_new_writes),
        cmocka_unit_test(facts_of_the_tail),
        cmocka_unit_test(remarks),
        cmocka_unit_test(states),
        cmocka_unit_test(words_of_the_promise_stay),
        cmocka_unit_test(beginnings),
        cmocka_unit_test(only_facts_are_the_text),
        cmocka_unit_test(groups),
        cmocka_unit_test(nested_points_are_not_items),
        cmocka_unit_test(none),
        cmocka_unit_test(tables),
        cmocka_unit_test(an_unknown_state_is_told),
        cmocka_unit_test(front_matter),
        cmocka_unit_test(identity_does_not_depend_on_the_form),
        cmocka_unit_test(positions),
        cmocka_unit_test(places),
        cmocka_unit_test(more_than_the_cap_is_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
