/* Promises: what can be kept, by when, and whether all of them together prevent anything. */
#include "report.h"

#include <stdlib.h>

#include "pm/map.h"
#include "pm/utf8.h"
#include "words.h"

static bool is_open(const struct action *a)
{
    return a->state == STATE_OPEN || a->state == STATE_IN_PROGRESS;
}

/* ---- the same one twice ---- */

/* The number of the line in which it stands. */
static uint32_t line_of(const struct report *r, const struct action *a)
{
    return document_place(r->pm->doc, a->text_span.start).line;
}

static void same_id(struct report *r, const struct action *a, const struct action *first)
{
    struct finding *f = report_at(r, RULE_DUPLICATE_ACTION, a->text_span,
                                  "'" SLICE_FMT "' is the id of the action item on line %u, too",
                                  SLICE_ARG(a->id), line_of(r, first));
    report_hint(r, f, "give one of the two another id: references to '" SLICE_FMT "' mean both",
                SLICE_ARG(a->id));
}

static void same_promise(struct report *r, const struct action *a, const struct action *first)
{
    struct finding *f = report_at(r, RULE_DUPLICATE_ACTION, a->text_span,
                                  "this promise is made on line %u, too", line_of(r, first));
    report_hint(r, f, "keep one of the two, or say what tells them apart");
}

static bool same_owners(const struct action *a, const struct action *b)
{
    if (a->nowners != b->nowners)
        return !a->nowners || !b->nowners;
    for (size_t i = 0; i < a->nowners; i++)
        if (!slice_ieq(a->owners[i], b->owners[i]))
            return false;
    return true;
}

/* What several teams promise, or what is promised for several things, is said several times. */
static bool is_same(const struct action *a, const struct action *b)
{
    return a->state != STATE_WONTDO && b->state != STATE_WONTDO && slice_eq(a->group, b->group) &&
           same_owners(a, b);
}

static struct action *hold(struct map *m, struct slice key, struct action *a)
{
    struct action *first = map_get(m, key);
    if (!first && key.n)
        map_put(m, key, a);
    return first;
}

static void check_duplicates(struct report *r)
{
    struct map ids = MAP_INIT, promises = MAP_INIT;
    for (size_t i = 0; i < r->pm->actions.n; i++) {
        struct action *a = &r->pm->actions.v[i], *first;
        struct str id = STR_INIT;
        utf8_fold(&id, a->id);
        if ((first = hold(&ids, str_slice(&id), a)) != NULL)
            same_id(r, a, first);
        else if ((first = hold(&promises, a->key, a)) != NULL && is_same(a, first))
            same_promise(r, a, first);
        str_release(&id);
    }
    map_release(&ids);
    map_release(&promises);
}

/* ---- one that nobody can tell to be kept ---- */

/* A ticket says more than the line does. */
static void check_vague(struct report *r, const struct action *a)
{
    struct span hit;
    bool dated_search = slice_eqz(a->type, "investigate") && a->due.year;
    if (a->tracker.n || dated_search || !words_vague_verb(r->checker->words, a->text, &hit))
        return;
    struct finding *f = report_at(r, RULE_VAGUE_ACTION, a->text_span,
                                  "nobody can tell when '" SLICE_FMT "' is done",
                                  SLICE_ARG(slice_sub(a->text, hit.start, hit.end - hit.start)));
    report_several(r, f, "action items of which nobody can tell when they are done");
    report_hint(r, f,
                "say what will be different, or what will be known and where it will be written "
                "down; to find out is a promise with the type `investigate` and a due date");
}

/* ---- late ---- */

static void check_overdue(struct report *r, const struct action *a)
{
    const struct query_context *ctx = &r->checker->context;
    struct query_item item = {.state = (int)a->state, .due = a->due, .tracker = a->tracker};
    if (!is_open(a) || !query_item_overdue(&item, ctx))
        return;
    long long days = (long long)(date_days(ctx->today) - date_days(a->due));
    struct finding *f =
        report_at(r, RULE_ACTION_OVERDUE, a->due_span, "this action item was due %lld day%s ago",
                  days, days == 1 ? "" : "s");
    report_several(r, f, "action items are overdue");
    report_hint(r, f,
                "done: mark it so, best with a link to what did it; not yet: give it a new "
                "date; not any more: `won't do:` and why");
}

/* ---- done, but where? ---- */

/* A commit, or the number of a pull request. */
static bool names_change(struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        size_t digits = 0, hex = 0;
        unsigned char before = i ? (unsigned char)text.p[i - 1] : ' ';
        if (ascii_is_alnum(before))
            continue;
        if (text.p[i] == '#' && i + 1 < text.n && ascii_is_digit((unsigned char)text.p[i + 1]))
            return true;
        for (size_t k = i; k < text.n && ascii_is_alnum((unsigned char)text.p[k]); k++, hex++) {
            if (slice_chr(SLICE("0123456789abcdef"), text.p[k], 0) == SIZE_MAX)
                break;
            digits += ascii_is_digit((unsigned char)text.p[k]);
        }
        bool whole = i + hex == text.n || !ascii_is_alnum((unsigned char)text.p[i + hex]);
        if (whole && hex >= 7 && hex <= 40 && digits && digits < hex)
            return true;
    }
    return false;
}

/* [[a page]], or `docs/runbooks/restore.md`. */
static bool names_file(struct slice text)
{
    size_t open = 0, close;
    if (slice_find(text, SLICE("[["), 0) != SIZE_MAX)
        return true;
    for (; (open = slice_chr(text, '`', open)) != SIZE_MAX; open = close + 1) {
        close = slice_chr(text, '`', open + 1);
        if (close == SIZE_MAX)
            return false;
        struct slice code = slice_sub(text, open + 1, close - open - 1);
        size_t folder = slice_chr(code, '/', 1);
        if (folder != SIZE_MAX && code.p[0] != '/' && slice_chr(code, '.', folder) != SIZE_MAX)
            return true;
    }
    return false;
}

static void check_evidence(struct report *r, const struct action *a)
{
    struct slice text = document_slice(r->pm->doc, a->span);
    if (a->state != STATE_DONE || a->nlinks || a->tracker.n || names_change(text) ||
        names_change(a->reason) || names_file(text))
        return;
    struct finding *f = report_at(r, RULE_ACTION_DONE_WITHOUT_LINK, a->text_span,
                                  "this action item is done, and nothing shows by what");
    report_several(r, f, "action items are done, and nothing shows by what");
    report_hint(r, f, "link the change, the document or the ticket behind it");
}

/* ---- later than the policy allows ---- */

/* From the review, where promises are made; without one from the end of the harm. What an item's
 * own history says is not in the document. */
static bool policy_start(const struct postmortem *pm, struct date *day, const char **what)
{
    static const struct {
        const char *field, *what;
    } starts[] = {{"review.date", "the review"},
                  {"resolved", "the incident was resolved"},
                  {"mitigated", "the incident was mitigated"}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        const struct fact *fact = postmortem_fact(pm, starts[i].field);
        if (!fact || fact->how != FACT_VALUE || fact->invalid || fact->nvalues != 1)
            continue;
        const struct value *v = &fact->values[0];
        bool date = fact->field && fact->field->type == FIELD_DATE;
        *day = date ? date_from_days(v->number) : time_date_utc(v->number + v->offset);
        *what = starts[i].what;
        return true;
    }
    *day = pm->date;
    *what = "the incident";
    return pm->date.year != 0;
}

static const struct due_within *policy_of(const struct report *r)
{
    const struct action_rules *rules = &r->checker->schema->actions;
    size_t severity = postmortem_severity(r->pm);
    for (size_t i = 0; i < rules->ndue_within; i++)
        if (rules->due_within[i].severity == severity)
            return &rules->due_within[i];
    return NULL;
}

static void check_policy(struct report *r)
{
    enum { DAY = 24 * 3600 };
    const struct due_within *policy = policy_of(r);
    const char *what;
    struct date start;
    if (!policy || !policy_start(r->pm, &start, &what))
        return;
    int64_t allowed = (policy->seconds + DAY - 1) / DAY;
    struct str limit = STR_INIT, last = STR_INIT;
    duration_format(&limit, policy->seconds);
    date_format(&last, date_from_days(date_days(start) + allowed));
    for (size_t i = 0; i < r->pm->actions.n; i++) {
        const struct action *a = &r->pm->actions.v[i];
        int64_t days = date_days(a->due) - date_days(start);
        if (!is_open(a) || !a->due.year || days <= allowed)
            continue;
        struct finding *f =
            report_at(r, RULE_ACTION_DUE_BEYOND_POLICY, a->due_span,
                      "due %lld days after %s, where " SLICE_FMT " allows %s", (long long)days,
                      what, SLICE_ARG(postmortem_text(r->pm, "severity")), limit.p);
        report_hint(r, f,
                    "%s is the last day: make a first part of it due then, or do something "
                    "else about the risk until it is done",
                    last.p);
    }
    str_release(&limit);
    str_release(&last);
}

/* ---- what the items are together ---- */

/* Without a word of the schema: asked after the worst two severities, and where teams say of their
 * items what they are for. */
static bool wants_type(const struct report *r, struct slice *type)
{
    const struct action_rules *rules = &r->checker->schema->actions;
    const struct actions *items = &r->pm->actions;
    if (rules->at_least_one_type.n) {
        *type = rules->at_least_one_type;
        return condition_holds(r, &r->checker->at_least_one);
    }
    *type = schema_action_type(r->checker->schema, SLICE("prevent"));
    for (size_t i = 0; i < items->n; i++)
        if (!items->v[i].type.n)
            return false;
    return type->n && report_is_major(r);
}

static void check_kinds(struct report *r)
{
    const struct actions *items = &r->pm->actions;
    struct slice type;
    if (!items->n || !wants_type(r, &type))
        return;
    for (size_t i = 0; i < items->n; i++)
        if (slice_eq(items->v[i].type, type) && items->v[i].state != STATE_WONTDO)
            return;
    struct finding *f = report_at(r, RULE_NO_PREVENTIVE_ACTION, items->v[0].text_span,
                                  "no action item is of type '" SLICE_FMT "'", SLICE_ARG(type));
    report_hint(r, f,
                "what would keep this from happening, or being as bad, again? Mark such an item "
                "`" SLICE_FMT "`, or add one",
                SLICE_ARG(type));
}

void rules_promises(struct report *r)
{
    bool worst = report_is_major(r);
    check_duplicates(r);
    check_policy(r);
    check_kinds(r);
    for (size_t i = 0; i < r->pm->actions.n; i++) {
        const struct action *a = &r->pm->actions.v[i];
        r->item = i + 1;
        if (is_open(a))
            check_vague(r, a);
        check_overdue(r, a);
        if (worst)
            check_evidence(r, a);
    }
    r->item = 0;
}
