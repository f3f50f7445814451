#include "actions_private.h"

#include <jansson.h>
#include <stdlib.h>

#include "pm/json.h"
#include "pm/utf8.h"

enum { HEAD_INDENT = 4 };

static enum tint state_tint(enum item_state s)
{
    if (s == ITEM_DROPPED)
        return TINT_ERROR;
    if (s == ITEM_DONE)
        return TINT_GOOD;
    return s == ITEM_IN_PROGRESS ? TINT_INFO : TINT_NONE;
}

static bool is_overdue(const struct action_view *v)
{
    return v->has_overdue && v->overdue_days > 0;
}

static struct slice due_of(const struct action_view *v, struct str *text)
{
    str_clear(text);
    if (v->due.year)
        date_format(text, v->due);
    else if (v->elsewhere && item_unresolved(v->state))
        str_addz(text, "tracked");
    return str_slice(text);
}

static struct slice count_of(struct str *text, int64_t n, const char *unit)
{
    str_clear(text);
    if (n > 0)
        str_addf(text, "%lld%s", (long long)n, unit);
    return str_slice(text);
}

struct slice list_words(struct str *text, struct slice lines)
{
    struct slice line;
    str_clear(text);
    while (slice_split(&lines, '\n', &line))
        str_addf(text, "%s" SLICE_FMT, text->n ? ", " : "", SLICE_ARG(line));
    return str_slice(text);
}

/* Below its own postmortem's heading an item needs no more than its sign: #A1. */
static struct slice shown_ref(const struct action_view *v, bool whole)
{
    size_t sign = whole ? SIZE_MAX : slice_chr(v->ref, '#', v->postmortem.n);
    return sign == SIZE_MAX ? v->ref : slice_sub(v->ref, sign, v->ref.n);
}

struct table_text *actions_table_new(void)
{
    static const struct column columns[] = {
        {.title = "item", .whole = true},
        {.title = "state"},
        {.title = "due"},
        {.title = "late", .right = true},
        {.title = "slips", .right = true},
        {.title = "owner", .shrink_to = 8, .below = true},
        {.title = "action", .shrink_to = 32, .below = true},
    };
    return table_text_new(columns, sizeof columns / sizeof *columns);
}

void actions_table_add(struct table_text *t, const struct action_view *v, size_t n,
                       bool whole_refs)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < n; i++) {
        enum tint late = is_overdue(&v[i]) ? TINT_ERROR : TINT_NONE;
        table_text_cell(t, TINT_BOLD, shown_ref(&v[i], whole_refs));
        table_text_cell(t, state_tint(v[i].state), slice_of(item_state_name(v[i].state)));
        table_text_cell(t, late, due_of(&v[i], &text));
        table_text_cell(t, late, count_of(&text, is_overdue(&v[i]) ? v[i].overdue_days : 0, "d"));
        table_text_cell(t, TINT_WARNING, count_of(&text, v[i].slips, ""));
        table_text_cell(t, TINT_NONE, list_words(&text, v[i].owners));
        table_text_cell(t, TINT_NONE, v[i].text);
    }
    str_release(&text);
}

void render_actions_table(struct printer *p, const struct action_view *v, size_t n, bool whole_refs)
{
    struct table_text *t = actions_table_new();
    actions_table_add(t, v, n, whole_refs);
    table_text_print(t, p);
    table_text_free(t);
}

void render_actions_paths(struct str *out, const struct action_view *v, size_t n,
                          const struct path_view *how)
{
    for (size_t i = 0; i < n; i++) {
        render_path(out, v[i].path, how);
        if (!v[i].gone)
            str_addf(out, ":%u", (unsigned)v[i].line);
        str_addc(out, how->nul ? '\0' : '\n');
    }
}

static json_t *nth_action(const void *ctx, size_t i)
{
    return json_of_action((const struct action_view *)ctx + i);
}

void render_actions_json(struct str *out, const struct action_view *v, size_t n,
                         const struct groups_view *groups, const struct answer_view *answer)
{
    json_t *j = json_answer("actions");
    json_object_set_new(j, "query", json_of_query(answer->query));
    json_object_set_new(j, "at", json_of_text(slice_of(answer->at)));
    json_object_set_new(j, "actions", json_array());
    json_object_set_new(j, "total", json_integer((json_int_t)answer->total));
    json_object_set_new(j, "unreadable", json_integer((json_int_t)answer->unreadable));
    json_object_set_new(j, "groups", json_of_groups(groups));
    json_print_list(out, j, "actions", n, nth_action, v);
}

void render_actions_jsonl(struct str *out, const struct action_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_print(out, json_of_action(&v[i]), false);
}

/* ---- the life of one item ---- */

static void print_day(struct str *text, const struct moment_view *m)
{
    str_clear(text);
    if (m->known || m->uncommitted)
        date_format(text, m->day);
}

void event_change_words(struct str *text, const struct event_view *v, struct slice current)
{
    str_clear(text);
    if (v->kind == EVENT_OPENED && slice_eq(v->after, current))
        return;
    if (v->kind == EVENT_DROPPED || v->kind == EVENT_WITHDRAWN || v->kind == EVENT_CLEARED)
        str_addf(text, "was " SLICE_FMT "; its %s gone", SLICE_ARG(v->before),
                 slice_eqz(v->after, "globs") ? "document is no longer looked at, so it is"
                 : slice_eqz(v->after, "document") ? "document is"
                                                   : "line is");
    else if (v->before.n && v->after.n)
        str_addf(text, SLICE_FMT " → " SLICE_FMT, SLICE_ARG(v->before), SLICE_ARG(v->after));
    else if (v->after.n)
        str_adds(text, v->after);
    else if (v->before.n)
        str_addf(text, "was " SLICE_FMT, SLICE_ARG(v->before));
    if (v->kind == EVENT_RESCHEDULED && v->days)
        str_addf(text, " %+dd", (int)v->days);
    for (size_t i = 0; i < text->n; i++)
        if (text->p[i] == '\n') /* between links */
            text->p[i] = ' ';
}

/* The commit of the change, and the one with which it landed when that is another. */
static void print_commits(struct str *text, const struct event_view *v)
{
    str_clear(text);
    if (v->change.known)
        str_addf(text, "%.7s", v->change.commit);
    if (v->landing.uncommitted)
        str_addf(text, "%snot committed", text->n ? " " : "");
    else if (v->change.known && v->landing.known && !slice_eqz(slice_of(v->change.commit), v->landing.commit))
        str_addf(text, " %.7s", v->landing.commit);
}

static void add_facts(struct str *out, const struct action_view *v)
{
    struct str owners = STR_INIT;
    str_addz(out, item_state_name(v->state));
    list_words(&owners, v->owners);
    if (owners.n)
        str_addf(out, ", %s", owners.p);
    if (v->due.year) {
        str_addz(out, ", due ");
        date_format(out, v->due);
    }
    if (is_overdue(v))
        str_addf(out, ", %lld day%s late", (long long)v->overdue_days,
                 v->overdue_days == 1 ? "" : "s");
    if (v->slips == 1)
        str_addf(out, ", postponed once");
    else if (v->slips)
        str_addf(out, ", postponed %u times", (unsigned)v->slips);
    if (v->slips)
        str_addf(out, " by %d days in all", (int)v->slipped_days);
    if (v->reason.n)
        str_addf(out, ": " SLICE_FMT, SLICE_ARG(v->reason));
    str_release(&owners);
}

static void print_head(struct printer *p, const struct action_view *v)
{
    struct str line = STR_INIT;
    printer_text(p, TINT_BOLD, v->ref);
    str_addc(p->out, '\n');
    printer_wrap(p, TINT_NONE, HEAD_INDENT, v->text);
    add_facts(&line, v);
    printer_wrap(p, is_overdue(v) ? TINT_ERROR : state_tint(v->state), HEAD_INDENT,
                 str_slice(&line));
    str_clear(&line);
    str_addf(&line, "%s" SLICE_FMT ":%u", v->gone ? "was at " : "", SLICE_ARG(v->path),
             (unsigned)v->line);
    printer_wrap(p, TINT_DIM, HEAD_INDENT, str_slice(&line));
    str_addc(p->out, '\n');
    str_release(&line);
}

void render_log_text(struct printer *p, const struct action_view *item, const struct event_view *v,
                     size_t n)
{
    static const struct column columns[] = {
        {0}, {0}, {.shrink_to = 24, .wrap = true}, {.shrink_to = 8}, {0}};
    struct table_text *t = table_text_new(columns, 5);
    struct str text = STR_INIT;
    print_head(p, item);
    for (size_t i = 0; i < n; i++) {
        print_day(&text, &v[i].landing);
        table_text_cell(t, TINT_NONE, str_slice(&text));
        table_text_cell(t, TINT_BOLD, slice_of(event_name(v[i].kind)));
        event_change_words(&text, &v[i], item->text);
        table_text_cell(t, TINT_NONE, str_slice(&text));
        table_text_cell(t, TINT_NONE, v[i].change.author);
        print_commits(&text, &v[i]);
        table_text_cell(t, TINT_DIM, str_slice(&text));
    }
    table_text_print(t, p);
    str_release(&text);
    table_text_free(t);
}

static json_t *events_of(const struct event_view *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of_event(&v[i]));
    return list;
}

void render_log_json(struct str *out, const struct action_view *item, const struct event_view *v,
                     size_t n)
{
    json_t *j = json_answer("log");
    json_object_set_new(j, "action", json_of_action(item));
    json_object_set_new(j, "events", events_of(v, n));
    json_print(out, j, true);
}

void render_log_jsonl(struct str *out, const struct event_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_print(out, json_of_event(&v[i]), false);
}
