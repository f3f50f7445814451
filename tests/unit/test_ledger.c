#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pm/ledger.h"
#include "pm/vec.h"

/* ---- versions from a few words ----------------------------------------------------------------
 */

/* A line is an item: its text, with #ID =STATE @OWNER !DUE ^TRACKER, and >NESTED to the end. Lines
 * with % say something of the document: %draft, %broken, %id PM-1, %body 3 (what its content is
 * like: versions of one body are alike). */
struct written {
    const char *text; /* what it was made of */
    struct version v;
};

static struct written versions[128];
static size_t nversions;
static struct arena kept;

static enum action_state state_named(const char *word)
{
    for (int s = STATE_PROPOSED; s <= STATE_WONTDO; s++)
        if (strcmp(action_state_name((enum action_state)s), word) == 0)
            return (enum action_state)s;
    fail_msg("no state '%s'", word);
    return STATE_OPEN;
}

static void read_word(struct version_item *item, char *word, struct str *text)
{
    switch (word[0]) {
    case '#':
        item->id = slice_of(word + 1);
        return;
    case '=':
        item->stated.state = state_named(word + 1);
        return;
    case '@':
        item->stated.owners = slice_of(word + 1);
        return;
    case '!':
        assert_true(date_parse(slice_of(word + 1), &item->stated.due));
        return;
    case '^':
        item->stated.tracker = slice_of(word + 1);
        return;
    default:
        if (text->n)
            str_addc(text, ' ');
        str_addz(text, word);
    }
}

static void read_item(struct version_item *item, char *line, long position)
{
    struct str text = STR_INIT;
    char *nested = strchr(line, '>'), *save = NULL;

    if (nested) {
        *nested = '\0';
        item->nested = slice_of(nested + 1);
    }
    item->stated.state = STATE_OPEN;
    item->position = position;
    for (char *w = strtok_r(line, " ", &save); w; w = strtok_r(NULL, " ", &save))
        read_word(item, w, &text);
    item->key = item->stated.text = arena_dup(&kept, str_slice(&text));
    item->nwords = version_words(&item->words, item->key);
    str_release(&text);
}

static const struct version *version(const char *text)
{
    char *save = NULL;

    for (size_t i = 0; i < nversions; i++)
        if (strcmp(versions[i].text, text) == 0)
            return &versions[i].v;
    struct written *w = &versions[nversions++];
    char *lines = arena_strdup(&kept, slice_of(text));
    w->text = text;
    w->v.readable = true;
    w->v.items = arena_array(&kept, 8, sizeof *w->v.items);
    for (char *l = strtok_r(lines, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
        if (strcmp(l, "%draft") == 0)
            w->v.draft = true;
        else if (strcmp(l, "%broken") == 0)
            w->v.readable = false;
        else if (strncmp(l, "%id ", 4) == 0)
            w->v.id = slice_of(l + 4);
        else if (strncmp(l, "%body ", 6) == 0)
            w->v.content = (uint32_t)atoi(l + 6);
        else {
            read_item(&w->v.items[w->v.nitems], l, (long)w->v.nitems + 1);
            w->v.nitems++;
        }
    }
    return &w->v;
}

static int likeness(void *ctx, const struct version *a, const struct version *b)
{
    return a->content && a->content == b->content ? 70 : 20;
}

/* ---- histories --------------------------------------------------------------------------------
 */

struct file {
    const char *path, *text; /* text NULL: removed */
};

struct history {
    const char *what;
    struct file steps[5][3]; /* an empty step does nothing; the first without a path ends one */
    const char *events;      /* REF KIND BEFORE>AFTER, a line each */
};

static const struct history histories[] = {
    {"a birth",
     {{{"a.md", "reject bad configs\nwrite a runbook =done\nlook =in-progress"}}},
     "a#1 opened >reject bad configs\na#2 opened >write a runbook\na#2 done open>done\n"
     "a#3 opened >look\na#3 begun open>in-progress\n"},
    {"states",
     {{{"a.md", "one"}},
      {{"a.md", "one =in-progress"}},
      {{"a.md", "one"}},
      {{"a.md", "one =wontdo"}},
      {{"a.md", "one =open"}}},
     "a#1 opened >one\na#1 begun open>in-progress\na#1 stopped in-progress>open\n"
     "a#1 wontdo open>wontdo\na#1 reopened wontdo>open\n"},
    {"an idea taken up",
     {{{"a.md", "one =proposed"}}, {{"a.md", "one =open"}}},
     "a#1 opened >one\na#1 begun proposed>open\n"},
    {"fields",
     {{{"a.md", "one"}},
      {{"a.md", "one @bob !2026-02-01 ^OPS-1"}},
      {{"a.md", "one @eve !2026-03-01 ^OPS-1"}},
      {{"a.md", "one ^OPS-2"}}},
     "a#1 opened >one\na#1 reassigned >bob\na#1 rescheduled >2026-02-01\na#1 relinked >OPS-1\n"
     "a#1 reassigned bob>eve\na#1 rescheduled 2026-02-01>2026-03-01\n"
     "a#1 reassigned eve>\na#1 rescheduled 2026-03-01>\na#1 relinked OPS-1>OPS-2\n"},
    {"dropped, cleared",
     {{{"a.md", "one\ntwo =done\nthree"}}, {{"a.md", "three"}}, {{"a.md", NULL}}},
     "a#1 opened >one\na#2 opened >two\na#2 done open>done\na#3 opened >three\n"
     "a#1 dropped open>line\na#2 cleared done>line\na#3 dropped open>document\n"},
    {"restored, with what it is now",
     {{{"a.md", "one\ntwo =done"}}, {{"a.md", ""}}, {{"a.md", "two\none @bob =done"}}},
     "a#1 opened >one\na#2 opened >two\na#2 done open>done\na#1 dropped open>line\na#2 cleared "
     "done>line\n"
     "a#1 restored dropped>open\na#1 done open>done\na#1 reassigned >bob\n"
     "a#2 restored cleared>done\na#2 reopened done>open\n"},
    {"withdrawn from a draft, not restored",
     {{{"a.md", "%draft\none"}}, {{"a.md", "%draft"}}, {{"a.md", "%draft\none"}}},
     "a#1 opened >one\na#1 withdrawn open>line\na#2 opened >one\n"},
    {"no longer a draft: dropped",
     {{{"a.md", "%draft\none\ntwo"}}, {{"a.md", "one\ntwo"}}, {{"a.md", "%draft\ntwo"}}},
     "a#1 opened >one\na#2 opened >two\na#1 dropped open>line\n"},
    {"moved by text, and by tracker",
     {{{"a.md", "one\ntwo ^OPS-1"}, {"b.md", ""}},
      {{"a.md", ""}, {"b.md", "one @bob\nquite another ^OPS-1"}}},
     "a#1 opened >one\na#2 opened >two\na#1 moved one>b.md#1\na#2 moved two>b.md#2\n"
     "b#1 reassigned >bob\nb#2 reworded two>quite another\n"},
    {"a resolved item does not move",
     {{{"a.md", "one =done"}, {"b.md", ""}}, {{"a.md", ""}, {"b.md", "one"}}},
     "a#1 opened >one\na#1 done open>done\na#1 cleared done>line\nb#1 opened >one\n"},
    {"similar text elsewhere is no move",
     {{{"a.md", "alert when errors rise"}, {"b.md", ""}},
      {{"a.md", ""}, {"b.md", "alert when errors rise now"}}},
     "a#1 opened >alert when errors rise\na#1 dropped open>line\nb#1 opened >alert when errors "
     "rise now\n"},
    {"copies that go together are dropped, both",
     {{{"a.md", "one"}, {"b.md", "one"}}, {{"a.md", NULL}, {"b.md", NULL}}},
     "a#1 opened >one\nb#1 opened >one\na#1 dropped open>document\nb#1 dropped open>document\n"},
    {"so are lines that go together",
     {{{"a.md", "one ^T-1\nrest"}, {"b.md", "two ^T-1\nlast"}},
      {{"a.md", "rest"}, {"b.md", "last"}}},
     "a#1 opened >one\na#2 opened >rest\nb#1 opened >two\nb#2 opened >last\n"
     "a#1 dropped open>line\nb#1 dropped open>line\n"},
    {"folded",
     {{{"a.md", "one\ntwo things"}}, {{"a.md", "one >then two things"}}},
     "a#1 opened >one\na#2 opened >two things\na#2 folded two things>a.md#1\n"},
    {"part of a word is not folded",
     {{{"a.md", "one\nlog"}}, {{"a.md", "one >write logs"}}},
     "a#1 opened >one\na#2 opened >log\na#2 dropped open>line\n"},
    {"unreadable, then not",
     {{{"a.md", "one\ntwo"}}, {{"a.md", "%broken"}}, {{"a.md", "two"}}},
     "a#1 opened >one\na#2 opened >two\na#1 dropped open>line\n"},
    {"gone while unreadable",
     {{{"a.md", "one"}}, {{"a.md", "%broken"}}, {{"a.md", NULL}}},
     "a#1 opened >one\na#1 dropped open>document\n"},
    {"back, but unreadable",
     {{{"a.md", "%body 1\none"}},
      {{"a.md", NULL}},
      {{"a.md", "%broken\n%body 1"}},
      {{"a.md", "%body 1\none"}}},
     "a#1 opened >one\na#1 dropped open>document\na#1 restored dropped>open\n"},
    {"renamed by exact content",
     {{{"a.md", "one"}}, {{"a.md", NULL}, {"b.txt", "one"}}, {{"b.txt", "one =done"}}},
     "b#1 opened >one\nb#1 done open>done\n"},
    {"renamed by similar content",
     {{{"a.md", "%body 1\none"}}, {{"a.md", NULL}, {"b.md", "%body 1\none =done"}}},
     "b#1 opened >one\nb#1 done open>done\n"},
    {"another file is another document",
     {{{"a.md", "%body 1\nfirst thing"}}, {{"a.md", NULL}, {"b.md", "%body 2\nsecond chance"}}},
     "a#1 opened >first thing\na#1 dropped open>document\nb#1 opened >second chance\n"},
    {"renamed by id, whatever the content",
     {{{"a.md", "%id PM-1\none"}}, {{"a.md", NULL}, {"b.md", "%id PM-1\none =done"}}},
     "PM-1#1 opened >one\nPM-1#1 done open>done\n"},
    {"files swapped: the ids say which is which",
     {{{"a.md", "%id PM-1\n%body 1\none"}, {"b.md", "%id PM-2\n%body 2\ntwo"}},
      {{"a.md", "%id PM-2\n%body 2\ntwo =done"}, {"b.md", "%id PM-1\n%body 1\none"}}},
     "PM-1#1 opened >one\nPM-2#1 opened >two\nPM-2#1 done open>done\n"},
    {"ids swapped: the content says which is which",
     {{{"a.md", "%id PM-1\n%body 1\none"}, {"b.md", "%id PM-2\n%body 2\ntwo"}},
      {{"a.md", "%id PM-2\n%body 1\none =done"}, {"b.md", "%id PM-1\n%body 2\ntwo"}}},
     "PM-2#1 opened >one\nPM-1#1 opened >two\nPM-2#1 done open>done\n"},
    {"id and content replaced: another document",
     {{{"a.md", "%id PM-1\n%body 1\none"}}, {{"a.md", "%id PM-2\n%body 2\nother"}}},
     "PM-1#1 opened >one\nPM-1#1 dropped open>document\nPM-2#1 opened >other\n"},
    {"an id given to a document without one",
     {{{"a.md", "%body 1\none"}}, {{"a.md", "%id PM-1\n%body 2\none =done"}}},
     "PM-1#1 opened >one\nPM-1#1 done open>done\n"},
    {"an id twice: the first keeps it, by path when born together",
     {{{"a.md", "%id PM-1\none"}, {"b.md", "%id PM-1\ntwo"}}, {{"b.md", "%id PM-1\ntwo =done"}}},
     "PM-1#1 opened >one\nb#1 opened >two\nb#1 done open>done\n"},
    {"the way out of a collision",
     {{{"b.md", "%id PM-1\n%body 1\none"}},
      {{"a.md", "%id PM-1\n%body 2\ntwo"}},
      {{"a.md", "%id PM-2\n%body 2\ntwo"}}},
     "PM-1#1 opened >one\nPM-2#1 opened >two\n"},
    {"a copy is a new document",
     {{{"a.md", "one"}}, {{"b.md", "one"}}},
     "a#1 opened >one\nb#1 opened >one\n"},
    {"a path that comes back with other content",
     {{{"a.md", "%body 1\nfirst"}}, {{"a.md", NULL}}, {{"a.md", "%body 2\nfirst"}}},
     "a.md#1 opened >first\na.md#1 dropped open>document\na#1 opened >first\n"},
    {"an id that comes back",
     {{{"a.md", "%id PM-1\none"}}, {{"a.md", NULL}}, {{"b.md", "%id PM-1\none"}}},
     "PM-1#1 opened >one\nPM-1#1 dropped open>document\nPM-1#1 restored dropped>open\n"},
};

/* Runs a history; files[] is what stands at each path. */
static struct ledger *run(const struct history *h)
{
    struct ledger *l = ledger_new();
    const struct version *at[3][5 + 1] = {{NULL}};
    const char *paths[] = {"a.md", "b.md", "b.txt"};

    for (uint32_t s = 0; s < 5; s++) {
        struct ledger_edit edits[3];
        size_t n = 0;
        for (size_t p = 0; p < 3; p++) {
            at[p][s + 1] = at[p][s];
            for (size_t i = 0; i < 3 && h->steps[s][i].path; i++)
                if (strcmp(h->steps[s][i].path, paths[p]) == 0)
                    at[p][s + 1] = h->steps[s][i].text ? version(h->steps[s][i].text) : NULL;
            if (at[p][s + 1] != at[p][s])
                edits[n++] =
                    (struct ledger_edit){.path = slice_of(paths[p]),
                                         .before = at[p][s],
                                         .after = at[p][s + 1]};
        }
        struct ledger_step step = {.landing = s, .edits = edits, .nedits = n, .likeness = likeness};
        if (n)
            ledger_step(l, &step);
    }
    return l;
}

static void put_events(struct str *out, const struct ledger *l)
{
    struct ledger_names names;

    ledger_names_init(&names, l);
    for (size_t i = 0; i < l->nevents; i++) {
        const struct ledger_event *e = &l->events[i];
        ledger_ref(out, l, &names, e->item);
        str_addf(out, " %s " SLICE_FMT ">" SLICE_FMT "\n", event_name(e->kind),
                 SLICE_ARG(e->before), SLICE_ARG(e->after));
    }
    ledger_names_release(&names);
}

static void every_event_when_it_is_due(void **state)
{
    for (size_t i = 0; i < sizeof histories / sizeof histories[0]; i++) {
        struct ledger *l = run(&histories[i]);
        struct str told = STR_INIT;
        put_events(&told, l);
        if (strcmp(told.p, histories[i].events) != 0)
            fail_msg("%s:\n%s-- expected:\n%s", histories[i].what, told.p, histories[i].events);
        str_release(&told);
        ledger_free(l);
    }
}

/* ---- counts and references --------------------------------------------------------------------
 */

static void slips_count_from_the_last_stated_date(void **state)
{
    static const struct history h = {"slips",
                                     {{{"a.md", "one !2026-01-10"}},
                                      {{"a.md", "one"}},
                                      {{"a.md", "one !2026-01-20"}},
                                      {{"a.md", "one !2026-01-05"}},
                                      {{"a.md", "one !2026-01-15"}}},
                                     ""};
    struct ledger *l = run(&h);

    assert_int_equal(l->items[0].slips, 2);
    assert_int_equal(l->items[0].slipped_days, 5);
    assert_int_equal(l->events[3].kind, EVENT_RESCHEDULED);
    assert_int_equal(l->events[3].days, -15);
    ledger_free(l);
}

static void closing_counts_from_the_last_resolution(void **state)
{
    static const struct history h = {"closed",
                                     {{{"a.md", "one"}},
                                      {{"a.md", "one =done"}},
                                      {{"a.md", "one"}},
                                      {{"a.md", "one =done"}},
                                      {{"a.md", ""}}},
                                     ""};
    struct ledger *l = run(&h);

    assert_int_equal(l->items[0].closed_landing, 3);
    assert_int_equal(l->items[0].reopened, 1);
    assert_int_equal(l->items[0].state, ITEM_CLEARED);
    ledger_free(l);
}

static void references_resolve_for_ever(void **state)
{
    static const struct history h = {"references",
                                     {{{"a.md", "%id PM-1\none\ntwo"}, {"b.md", "three"}},
                                      {{"a.md", "%id PM-1\n#A7 two"}, {"b.md", "three\none"}}},
                                     ""};
    struct ledger *l = run(&h);
    struct ledger_names names;
    struct str ref = STR_INIT;

    ledger_names_init(&names, l);
    uint32_t two = ledger_find(l, &names, SLICE("PM-1#A7"));
    assert_int_equal(two, ledger_find(l, &names, SLICE("PM-1#2")));
    assert_int_equal(two, ledger_find(l, &names, SLICE("PM-1:a7")));
    assert_int_equal(two, ledger_find(l, &names, SLICE("a.md#2")));
    ledger_ref(&ref, l, &names, two);
    assert_string_equal(ref.p, "PM-1#A7");
    uint32_t moved = ledger_find(l, &names, SLICE("PM-1#1"));
    assert_int_equal(l->items[moved].state, ITEM_MOVED);
    assert_int_equal(ledger_follow(l, moved), ledger_find(l, &names, SLICE("b#2")));
    assert_int_equal(l->items[ledger_follow(l, moved)].opened_landing, 0);
    assert_int_equal(ledger_find(l, &names, SLICE("PM-1#9")), LEDGER_NONE);
    assert_int_equal(ledger_find(l, &names, SLICE("PM-9#1")), LEDGER_NONE);
    assert_int_equal(ledger_find(l, &names, SLICE("nothing")), LEDGER_NONE);
    assert_int_equal(ledger_find(l, &names, SLICE("PM-1#")), LEDGER_NONE);
    assert_int_equal(ledger_find(l, &names, SLICE("#1")), LEDGER_NONE);
    assert_int_equal(ledger_find(l, &names, SLICE("")), LEDGER_NONE);
    str_release(&ref);
    ledger_names_release(&names);
    ledger_free(l);
}

/* Of items with these texts. */
static struct version *version_of_texts(const struct slice *texts, size_t n)
{
    struct version *v = arena_array(&kept, 1, sizeof *v);
    v->readable = true;
    v->nitems = n;
    v->items = arena_array(&kept, n + 1, sizeof *v->items);
    for (size_t i = 0; i < n; i++) {
        struct version_item *item = &v->items[i];
        item->stated = (struct stated){.text = texts[i], .state = STATE_OPEN};
        item->key = texts[i];
        item->position = (long)i + 1;
    }
    return v;
}

static void a_text_is_known_however_many_went_after_it(void **state)
{
    enum { MANY = 700, ROUNDS = 3 };
    static struct slice texts[MANY];
    struct ledger *l = ledger_new();
    struct slice old[] = {SLICE("Old"), SLICE("Old"), SLICE("Other")};
    const struct version *before = NULL, *first = version_of_texts(old, 3);
    for (uint32_t i = 0; i <= ROUNDS + 1; i++) {
        for (uint32_t k = 0; k < MANY; k++)
            texts[k] = slice_of(arena_fmt(&kept, "%u-%u", (unsigned)i, (unsigned)k));
        const struct version *after =
            i == 0 || i == ROUNDS + 1 ? first : version_of_texts(texts, MANY);
        struct ledger_edit edit = {.path = SLICE("a.md"), .before = before, .after = after};
        ledger_step(l, &(struct ledger_step){.landing = i, .edits = &edit, .nedits = 1});
        before = after;
    }
    assert_int_equal(l->nitems, 3 + ROUNDS * MANY);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(l->items[i].state, ITEM_OPEN);
        assert_int_equal(l->items[i].since, ROUNDS + 1);
        assert_int_equal(l->documents[0].current[i], i < 2 ? 1 - i : i);
    }
    ledger_free(l);
}

static int forget_versions(void **state)
{
    for (size_t i = 0; i < nversions; i++)
        for (size_t k = 0; k < versions[i].v.nitems; k++)
            free(versions[i].v.items[k].words);
    arena_release(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_when_it_is_due),
        cmocka_unit_test(slips_count_from_the_last_stated_date),
        cmocka_unit_test(closing_counts_from_the_last_resolution),
        cmocka_unit_test(references_resolve_for_ever),
        cmocka_unit_test(a_text_is_known_however_many_went_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, forget_versions);
}
