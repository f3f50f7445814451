#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>

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

/* When it is due, and how far that is away or behind: "2026-04-01 (12d late)". */
static void add_due(struct table_text *t, const struct action_view *v, struct str *text)
{
    str_clear(text);
    if (v->due.year)
        date_format(text, v->due);
    else if (v->elsewhere)
        str_addz(text, "tracked");
    if (is_overdue(v))
        str_addf(text, " %lldd late", (long long)v->overdue_days);
    table_text_cell(t, is_overdue(v) ? TINT_ERROR : TINT_NONE, str_slice(text));
}

void render_actions_table(struct printer *p, const struct action_view *v, size_t n)
{
    static const struct column columns[] = {
        {"item", false, 18}, {"state", false, 0}, {"due", false, 0},
        {"slips", true, 0},  {"owner", false, 8}, {"action", false, 20},
    };
    struct table_text *t = table_text_new(columns, 6);
    struct str text = STR_INIT;
    for (size_t i = 0; i < n; i++) {
        table_text_cell(t, TINT_BOLD, v[i].ref);
        table_text_cell(t, state_tint(v[i].state), slice_of(item_state_name(v[i].state)));
        add_due(t, &v[i], &text);
        str_clear(&text);
        if (v[i].slips)
            str_addf(&text, "%u", (unsigned)v[i].slips);
        table_text_cell(t, TINT_WARNING, str_slice(&text));
        table_text_cell(t, TINT_NONE, v[i].owners);
        table_text_cell(t, TINT_NONE, v[i].text);
    }
    table_text_print(t, p);
    str_release(&text);
    table_text_free(t);
}

void render_actions_paths(struct str *out, const struct action_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_addf(out, SLICE_FMT ":%u\n", SLICE_ARG(v[i].path), (unsigned)v[i].line);
}

void render_actions_json(struct str *out, const struct action_view *v, size_t n, struct slice query,
                         const char *at, size_t unreadable)
{
    json_t *j = json_answer("actions"), *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of_action(&v[i]));
    json_object_set_new(j, "query", json_stringn(query.p ? query.p : "", query.n));
    json_object_set_new(j, "at", json_of_text(slice_of(at)));
    json_object_set_new(j, "actions", list);
    json_object_set_new(j, "total", json_integer((json_int_t)n));
    json_object_set_new(j, "unreadable", json_integer((json_int_t)unreadable));
    json_print(out, j, true);
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
    if (m->known)
        date_format(text, time_date_utc(m->at));
}

static void print_change(struct str *text, const struct event_view *v)
{
    str_clear(text);
    if (v->before.n && v->after.n)
        str_addf(text, SLICE_FMT " → " SLICE_FMT, SLICE_ARG(v->before), SLICE_ARG(v->after));
    else if (v->after.n)
        str_adds(text, v->after);
    else if (v->before.n)
        str_addf(text, "was " SLICE_FMT, SLICE_ARG(v->before));
    if (v->kind == EVENT_RESCHEDULED && v->days)
        str_addf(text, " (%+d days)", (int)v->days);
}

/* The change's commit, and where it landed when that is another one. */
static void print_commits(struct str *text, const struct event_view *v)
{
    str_clear(text);
    if (!v->change.known)
        return;
    str_addf(text, "%.8s", v->change.commit);
    if (v->landing.known && !slice_eqz(slice_of(v->change.commit), v->landing.commit))
        str_addf(text, " in %.8s", v->landing.commit);
}

static void print_head(struct printer *p, const struct action_view *v)
{
    struct str due = STR_INIT;
    printer_text(p, TINT_BOLD, v->ref);
    str_addz(p->out, "  ");
    printer_text(p, TINT_NONE, v->text);
    str_addz(p->out, "\n");
    printer_textz(p, state_tint(v->state), item_state_name(v->state));
    if (v->owners.n) {
        str_addz(p->out, ", ");
        printer_text(p, TINT_NONE, v->owners);
    }
    if (v->due.year) {
        date_format(&due, v->due);
        printer_fmt(p, TINT_NONE, ", due %s", due.p);
    }
    if (is_overdue(v))
        printer_fmt(p, TINT_ERROR, ", %lld days late", (long long)v->overdue_days);
    if (v->slips)
        printer_fmt(p, TINT_WARNING, ", postponed %s by %d days in all",
                    v->slips == 1 ? "once" : "repeatedly", (int)v->slipped_days);
    if (v->reason.n) {
        str_addz(p->out, ": ");
        printer_text(p, TINT_NONE, v->reason);
    }
    str_addz(p->out, "\n");
    printer_text(p, TINT_DIM, v->path);
    printer_fmt(p, TINT_DIM, ":%u", (unsigned)v->line);
    str_addz(p->out, "\n\n");
    str_release(&due);
}

void render_log_text(struct printer *p, const struct action_view *item, const struct event_view *v,
                     size_t n)
{
    static const struct column columns[] = {
        {NULL, false, 0}, {NULL, false, 0}, {NULL, false, 24}, {NULL, false, 8}, {NULL, false, 0}};
    struct table_text *t = table_text_new(columns, 5);
    struct str text = STR_INIT;
    print_head(p, item);
    for (size_t i = 0; i < n; i++) {
        print_day(&text, &v[i].landing);
        table_text_cell(t, TINT_NONE, str_slice(&text));
        table_text_cell(t, TINT_BOLD, slice_of(event_name(v[i].kind)));
        print_change(&text, &v[i]);
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
