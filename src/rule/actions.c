/* Action items: a promise has an owner and a day, a refusal has a reason. */
#include "report.h"

#include "words.h"

/* "`a | b`" in a row: cells are split before code is looked for. */
static bool bar_in_code(const struct report *r, const struct action *a)
{
    const struct lines *lines = &r->pm->doc->lines;
    struct slice line = lines_text(lines, lines_number(lines, a->text_span.start));
    bool code = false, bar = false;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '`' && bar)
            return true;
        if (line.p[i] == '`') {
            code = !code;
        } else if (line.p[i] == '|' && code && line.p[i - 1] != '\\') {
            bar = true;
        }
    }
    return false;
}

/* What moves the cells of a row is what is to be mended. */
static bool hint_at_bar(struct report *r, struct finding *f, const struct action *a)
{
    if (a->form != FORM_TABLE || !bar_in_code(r, a))
        return false;
    report_hint(r, f, "a bar begins the next cell, also in code: write it `\\|`");
    return true;
}

/* How to add a fact depends on where the item stands. */
static void hint_by_form(struct report *r, struct finding *f, const struct action *a,
                         const char *column, const char *key, const char *tail)
{
    if (hint_at_bar(r, f, a))
        return;
    if (a->form == FORM_TABLE)
        report_hint(r, f, "fill the column %s of the table; add one where there is none", column);
    else if (a->form == FORM_FRONT)
        report_hint(r, f, "add `%s` to the item", key);
    else
        report_hint(r, f, "%s", tail);
}

static bool is_handle_byte(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c >= 0x80;
}

/* "@alice" in the middle of a sentence: somebody may have meant an owner. */
static struct slice mention(const struct report *r, const struct action *a)
{
    struct slice text = document_slice(r->pm->doc, a->text_span);
    size_t at = slice_chr(text, '@', 0), end;
    if (at == SIZE_MAX || (at && !ascii_is_space((unsigned char)text.p[at - 1])))
        return SLICE("");
    for (end = at + 1; end < text.n && is_handle_byte((unsigned char)text.p[end]);)
        end++;
    while (text.p[end - 1] == '.')
        end--;
    return end > at + 1 ? slice_sub(text, at, end - at) : SLICE("");
}

/* "due to its age", "due diligence". */
static bool is_no_day(struct slice behind_due)
{
    static const char *const words[] = {"to", "diligence", "process", "care", NULL};
    for (const char *const *word = words; *word; word++)
        if (slice_ieqz(behind_due, *word))
            return true;
    return false;
}

/* "due next quarter" at the end of the sentence, or behind the owner: somebody meant a date, and
 * what is no fact ends the facts. Empty: there is none. */
static struct span broken_due(const struct report *r, const struct action *a)
{
    enum { WORDS = 6 };
    struct slice text = document_slice(r->pm->doc, a->text_span), word, next;
    struct span found = {0, 0};
    for (size_t at = 0; a->form != FORM_TABLE && word_next(text, &at, &word);) {
        size_t from = (size_t)(word.p - text.p), behind = at, n = 0;
        struct slice before = slice_rtrim(slice_sub(text, 0, from));
        bool set_off = before.n &&
                       (slice_chr(SLICE(",;-("), before.p[before.n - 1], 0) != SIZE_MAX ||
                        slice_chr(slice_sub(text, before.n, from - before.n), '\n', 0) != SIZE_MAX);
        if (!slice_ieqz(word, "due") || !set_off)
            continue;
        while (n <= WORDS && word_next(text, &behind, &next) && (n || !is_no_day(next)))
            n++;
        if (n && n <= WORDS)
            found = (struct span){a->text_span.start + (uint32_t)from, a->text_span.end};
    }
    return found;
}

static bool lacks_due(const struct report *r, const struct action *a)
{
    return r->checker->schema->actions.required[ACTION_DUE] && !a->due.year && !a->tracker.n;
}

static void missing_owner(struct report *r, const struct action *a)
{
    struct slice named = a->form == FORM_TABLE ? SLICE("") : mention(r, a);
    struct span due = broken_due(r, a);
    if (named.n && due.end && lacks_due(r, a))
        return; /* it is the date that is wrong: see missing_due */
    struct finding *f =
        report_at(r, RULE_ACTION_MISSING_OWNER, a->text_span, "this action item has no owner");
    if (named.n && due.end) {
        report_hint(r, f,
                    "`" SLICE_FMT "` is part of the sentence, since what follows it is no date: "
                    "write it like `due 2026-04-01`",
                    SLICE_ARG(named));
        return;
    }
    if (named.n) {
        report_hint(r, f,
                    "`" SLICE_FMT "` is part of the sentence: an owner stands at the end of "
                    "the item, with nothing but facts such as `due 2026-04-01` behind it",
                    SLICE_ARG(named));
        return;
    }
    report_several(r, f, "action items have no owner");
    hint_by_form(r, f, a, "Owner", "owner: alice",
                 "name who is accountable: `@alice` at the end of the item");
}

/* What stands where the owner should, as it is read: "TBD". Empty where nothing was written. */
static struct slice written_owner(const struct report *r, const struct action *a)
{
    struct slice text = document_slice(r->pm->doc, a->owner_span), word;
    size_t at = 0, last = 0;
    struct slice first = SLICE("");
    while (word_next(text, &at, &word)) {
        if (!first.n)
            first = word;
        last = at;
    }
    return first.n ? slice_from(first.p, last - (size_t)(first.p - text.p)) : first;
}

/* One owner who is somebody is enough. */
static bool owned_by_nobody(const struct report *r, const struct action *a)
{
    for (size_t i = 0; i < a->nowners; i++)
        if (!words_are(r->checker->words, WORDS_PLACEHOLDER_OWNER, a->owners[i]))
            return false;
    return written_owner(r, a).n > 0;
}

static void check_owner(struct report *r, const struct action *a)
{
    if (!owned_by_nobody(r, a)) {
        if (!a->nowners)
            missing_owner(r, a);
        return;
    }
    struct finding *f = report_at(r, RULE_OWNER_PLACEHOLDER, a->owner_span,
                                  "the owner '" SLICE_FMT "' is nobody in particular",
                                  SLICE_ARG(written_owner(r, a)));
    report_several(r, f, "action items are owned by nobody in particular");
    report_hint(r, f,
                "name the one person who is accountable, or one team by its name, such as "
                "`@payments-team`");
}

/* The date is not one: where, and what to write. */
static void invalid_due(struct report *r, const struct action *a, struct span span)
{
    struct slice due = slice_trim(slice_sub(document_slice(r->pm->doc, span), 4, SIZE_MAX));
    struct slice named = a->nowners ? SLICE("") : mention(r, a);
    struct finding *f =
        report_at(r, RULE_ACTION_MISSING_DUE, span,
                  "'" SLICE_FMT "' is not a date, and there is no ticket", SLICE_ARG(due));
    if (named.n)
        report_hint(r, f,
                    "write it like `due 2026-04-01`: until then `" SLICE_FMT
                    "` is read as a part of the sentence, not as the owner",
                    SLICE_ARG(named));
    else
        report_hint(r, f, "write it like `due 2026-04-01`, or link the ticket that is scheduled");
}

static bool has_link(struct slice text)
{
    return slice_chr(text, '[', 0) != SIZE_MAX || slice_find(text, SLICE("://"), 0) != SIZE_MAX;
}

/* Somebody may have meant a ticket. */
static void missing_due_beside_link(struct report *r, const struct action *a)
{
    bool list = a->form == FORM_LIST || a->form == FORM_CHECKLIST;
    bool below = list && !has_link(document_slice(r->pm->doc, a->text_span));
    struct finding *f = report_at(r, RULE_ACTION_MISSING_DUE, a->text_span,
                                  "this action item has no due date, and its link %s",
                                  below ? "stands below it" : "is part of the sentence");
    hint_by_form(r, f, a, "Due or Ticket", "due: 2026-04-01",
                 below ? "add `due 2026-04-01`, or put the link to its ticket at the end of its "
                         "first paragraph"
                       : "add `due 2026-04-01`, or put the link to its ticket behind the sentence");
}

/* OPS-# for OPS-123: what the schema would say. */
static void add_pattern(struct str *out, struct slice ticket)
{
    bool one_word = slice_chr(ticket, ' ', 0) == SIZE_MAX && slice_chr(ticket, '#', 0) == SIZE_MAX;
    if (!one_word || !ascii_is_alpha((unsigned char)ticket.p[0])) {
        str_addz(out, "OPS-#");
        return;
    }
    for (size_t i = 0; i < ticket.n; i++)
        if (!ascii_is_digit((unsigned char)ticket.p[i]))
            str_addc(out, ticket.p[i]);
        else if (!i || !ascii_is_digit((unsigned char)ticket.p[i - 1]))
            str_addc(out, '#');
}

/* "OPS-123" in the column of tickets, and the schema does not say that this is one. */
static void unknown_ticket(struct report *r, const struct action *a)
{
    struct finding *f = report_at(r, RULE_ACTION_MISSING_DUE, a->tracker_span,
                                  "'" SLICE_FMT "' is not known as a ticket, and there is no due date",
                                  SLICE_ARG(a->no_tracker));
    struct str pattern = STR_INIT;
    add_pattern(&pattern, a->no_tracker);
    report_several(r, f, "tickets are not known as such, and there is no due date");
    report_hint(r, f, "link it, or say in .pm/schema.yaml what a ticket looks like: `actions: "
                      "{tracker: \"%s\"}`", pattern.p);
    str_release(&pattern);
}

static void missing_due(struct report *r, const struct action *a)
{
    struct finding *f;
    struct span broken = broken_due(r, a);
    if (a->no_tracker.n) {
        unknown_ticket(r, a);
        return;
    }
    if (a->due_raw.n) {
        f = report_at(r, RULE_ACTION_MISSING_DUE, a->due_span,
                      "'" SLICE_FMT "' is not a date, and there is no ticket",
                      SLICE_ARG(a->due_raw));
        if (!hint_at_bar(r, f, a))
            report_hint(r, f, "write it like 2026-04-01, or link the ticket that is scheduled");
        return;
    }
    if (broken.end) {
        invalid_due(r, a, broken);
        return;
    }
    if (a->nlinks) {
        missing_due_beside_link(r, a);
        return;
    }
    f = report_at(r, RULE_ACTION_MISSING_DUE, a->text_span,
                  "this action item has neither a due date nor a ticket");
    report_several(r, f, "action items have neither a due date nor a ticket");
    hint_by_form(r, f, a, "Due", "due: 2026-04-01",
                 "add `due 2026-04-01` or a link to its ticket at the end of the item");
}

/* The columns that have no rule of their own. */
static void check_columns(struct report *r, const struct action *a)
{
    const struct {
        enum action_column column;
        bool stated;
        const char *what, *column_name, *key, *tail;
    } columns[] = {
        {ACTION_ID, a->id.n > 0, "id", "ID", "id: A1", "begin the item with one: `**A1** …`"},
        {ACTION_TYPE, a->type.n > 0, "type", "Type", "type: prevent",
         "add one behind a comma at the end of the item, such as `, prevent`"},
        {ACTION_PRIORITY, a->priority.n > 0, "priority", "Priority", "priority: P1",
         "add one behind a comma at the end of the item, such as `, P1`"},
        {ACTION_STATE, a->state_stated, "state", "State", "state: open",
         "begin the item with a box, `- [ ]`, or end it with `in progress`"},
        {ACTION_TRACKER, a->tracker.n > 0, "ticket", "Ticket", "ticket: https://…",
         "add the link to it at the end of the item"},
        {ACTION_REASON, a->reason.n > 0, "note", "Note", "note: …",
         "write it behind the state, or use a table with a column Note"},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (!r->checker->schema->actions.required[columns[i].column] || columns[i].stated)
            continue;
        struct str several = STR_INIT;
        str_addf(&several, "action items have no %s", columns[i].what);
        struct finding *f = report_at(r, RULE_ACTION_MISSING_FIELD, a->text_span,
                                      "this action item has no %s", columns[i].what);
        report_several(r, f, several.p);
        hint_by_form(r, f, a, columns[i].column_name, columns[i].key, columns[i].tail);
        str_release(&several);
    }
}

static void check_open(struct report *r, const struct action *a)
{
    if (r->checker->schema->actions.required[ACTION_OWNER])
        check_owner(r, a);
    if (lacks_due(r, a))
        missing_due(r, a);
    check_columns(r, a);
}

void rules_actions(struct report *r)
{
    for (size_t i = 0; i < r->pm->actions.n; i++) {
        const struct action *a = &r->pm->actions.v[i];
        r->item = i + 1;
        if (a->state == STATE_OPEN || a->state == STATE_IN_PROGRESS)
            check_open(r, a);
        if (a->state == STATE_WONTDO && !a->reason.n) {
            struct finding *f =
                report_at(r, RULE_WONTDO_NEEDS_REASON, a->text_span,
                          "this action item will not be done, and nothing says why");
            report_several(r, f, "action items will not be done, and nothing says why");
            hint_by_form(r, f, a, "Note", "reason: replaced by A1",
                         "add `won't do: replaced by A1`, or whatever the reason is");
        }
    }
    r->item = 0;
}
