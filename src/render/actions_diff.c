/* What a range does to the action items: a table, and a comment for a pull request. */
#include "actions_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pm/json.h"

/* ---- what people look at first ---- */

/* A later date is what a reviewer should see; another date is not. */
enum heading_kind { POSTPONED = EVENT_KIND_COUNT };

static const struct heading {
    int kind; /* enum event_kind, or POSTPONED */
    enum tint tint;
    const char *word, *title;
} headings[] = {
    {EVENT_DROPPED, TINT_ERROR, "dropped", "Dropped"},
    {POSTPONED, TINT_WARNING, "postponed", "Postponed"},
    {EVENT_REOPENED, TINT_WARNING, "reopened", "Reopened"},
    {EVENT_WONTDO, TINT_WARNING, "wontdo", "Won't do"},
    {EVENT_REASSIGNED, TINT_NONE, "reassigned", "Reassigned"},
    {EVENT_REWORDED, TINT_NONE, "reworded", "Reworded"},
    {EVENT_RESCHEDULED, TINT_NONE, "rescheduled", "Rescheduled"},
    {EVENT_REPRIORITIZED, TINT_NONE, "reprioritized", "Reprioritized"},
    {EVENT_RECATEGORIZED, TINT_NONE, "recategorized", "Recategorized"},
    {EVENT_RELINKED, TINT_NONE, "relinked", "Relinked"},
    {EVENT_OPENED, TINT_INFO, "opened", "Opened"},
    {EVENT_STOPPED, TINT_NONE, "stopped", "Stopped"},
    {EVENT_BEGUN, TINT_INFO, "begun", "Begun"},
    {EVENT_DONE, TINT_GOOD, "done", "Done"},
    {EVENT_RESTORED, TINT_NONE, "restored", "Restored"},
    {EVENT_MOVED, TINT_NONE, "moved", "Moved"},
    {EVENT_FOLDED, TINT_NONE, "folded", "Folded into another item"},
    {EVENT_WITHDRAWN, TINT_DIM, "withdrawn", "Withdrawn with its draft"},
    {EVENT_CLEARED, TINT_DIM, "cleared", "Cleared away after they were resolved"},
};
enum { HEADINGS = sizeof headings / sizeof *headings };

/* A resolved item needs no priority or date any more; one that is new and resolved, or begun, is told
 * as that. */
static bool is_noise(const struct diff_entry *v)
{
    bool resolved = v->state == ITEM_DONE || v->state == ITEM_WONTDO;
    if (v->event.kind == EVENT_OPENED)
        return resolved || v->state == ITEM_IN_PROGRESS;
    return resolved && !v->event.after.n &&
           (v->event.kind == EVENT_RESCHEDULED || v->event.kind == EVENT_REPRIORITIZED ||
            v->event.kind == EVENT_RECATEGORIZED);
}

static size_t heading_of(const struct event_view *v)
{
    int kind = v->kind == EVENT_RESCHEDULED && v->days > 0 ? (int)POSTPONED : (int)v->kind;
    size_t i = 0;
    while (i < HEADINGS && headings[i].kind != kind)
        i++;
    if (i == HEADINGS)
        BUG("an event without a heading: %s", event_name(v->kind));
    return i;
}

/* The entries in the order of their headings: order[starts[h]] up to order[starts[h + 1]]. */
struct grouped {
    size_t *order;
    size_t starts[HEADINGS + 1];
};

static void group(struct grouped *g, const struct diff_view *d)
{
    size_t next[HEADINGS];
    memset(g->starts, 0, sizeof g->starts);
    g->order = xcalloc(d->n + 1, sizeof *g->order);
    for (size_t i = 0; i < d->n; i++)
        if (!is_noise(&d->entries[i]))
            g->starts[heading_of(&d->entries[i].event) + 1]++;
    for (size_t h = 0; h < HEADINGS; h++) {
        g->starts[h + 1] += g->starts[h];
        next[h] = g->starts[h];
    }
    for (size_t i = 0; i < d->n; i++)
        if (!is_noise(&d->entries[i]))
            g->order[next[heading_of(&d->entries[i].event)]++] = i;
}

/* "1 dropped, 2 postponed" */
static void add_counts(struct str *out, const struct grouped *g)
{
    const char *comma = "";
    for (size_t h = 0; h < HEADINGS; h++) {
        size_t n = g->starts[h + 1] - g->starts[h];
        if (!n)
            continue;
        str_addf(out, "%s%zu %s", comma, n, headings[h].word);
        comma = ", ";
    }
}

static void add_who_and_when(struct str *out, const struct diff_entry *v)
{
    struct str owners = STR_INIT;
    if (v->owners.n)
        str_adds(out, list_words(&owners, v->owners));
    else
        str_addz(out, "no owner");
    str_addz(out, v->due.year ? ", due " : ", no due date");
    if (v->due.year)
        date_format(out, v->due);
    str_release(&owners);
}

/* What happened, as far as the heading does not say it; of an item that is new and to be done, who is
 * to do it and until when. */
static void words_of(struct str *out, const struct diff_entry *v)
{
    enum event_kind kind = v->event.kind;
    bool born = v->born && (kind == EVENT_WONTDO || kind == EVENT_DONE || kind == EVENT_BEGUN);
    str_clear(out);
    if (born)
        str_addz(out, "new");
    else if (kind != EVENT_WONTDO && kind != EVENT_DONE && kind != EVENT_BEGUN)
        event_change_words(out, &v->event, v->text);
    if (kind == EVENT_DROPPED && v->reason.n)
        str_addf(out, ": " SLICE_FMT, SLICE_ARG(v->reason));
    if (kind == EVENT_WONTDO && v->reason.n)
        str_addf(out, "%s" SLICE_FMT, born ? ", " : "", SLICE_ARG(v->reason));
    if (kind == EVENT_BEGUN && born)
        str_addz(out, ", ");
    if ((kind == EVENT_BEGUN && born) || (kind == EVENT_OPENED && !out->n))
        add_who_and_when(out, v);
}

/* ---- a table ---- */

static void add_row(struct table_text *t, const struct heading *h, const struct diff_entry *v)
{
    struct str text = STR_INIT;
    table_text_cell(t, h->tint, slice_of(h->word));
    table_text_cell(t, TINT_BOLD, v->event.ref);
    words_of(&text, v);
    table_text_cell(t, TINT_NONE, str_slice(&text));
    table_text_cell(t, TINT_NONE, v->event.change.author);
    str_clear(&text);
    str_addf(&text, "%.7s", v->event.change.commit);
    table_text_cell(t, TINT_DIM, str_slice(&text));
    table_text_cell(t, TINT_NONE, v->text);
    str_release(&text);
}

void render_diff_text(struct printer *p, const struct diff_view *d)
{
    static const struct column columns[] = {
        {.title = "event"}, {.title = "item", .whole = true},
        {.title = "what", .shrink_to = 20, .wrap = true}, {.title = "by", .shrink_to = 8},
        {.title = "commit"}, {.title = "action", .shrink_to = 32, .below = true}};
    struct grouped g;
    if (!d->n) {
        str_addf(p->out, "no action item changes from %.7s to %.7s\n", d->base, d->head);
        return;
    }
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    group(&g, d);
    for (size_t h = 0; h < HEADINGS; h++)
        for (size_t i = g.starts[h]; i < g.starts[h + 1]; i++)
            add_row(t, &headings[h], &d->entries[g.order[i]]);
    table_text_print(t, p);
    str_addc(p->out, '\n');
    add_counts(p->out, &g);
    str_addc(p->out, '\n');
    free(g.order);
    table_text_free(t);
}

/* ---- a comment for a pull request ---- */

static void add_group(struct str *out, const struct grouped *g, size_t h,
                      const struct diff_view *d)
{
    struct str words = STR_INIT;
    if (g->starts[h] == g->starts[h + 1])
        return;
    str_addf(out, "\n**%s**\n\n", headings[h].title);
    for (size_t i = g->starts[h]; i < g->starts[h + 1]; i++) {
        const struct diff_entry *v = &d->entries[g->order[i]];
        str_addz(out, "- ");
        markdown_code(out, v->event.ref);
        str_addc(out, ' ');
        markdown_text(out, v->text);
        words_of(&words, v);
        if (words.n) {
            str_addz(out, " — ");
            markdown_text(out, str_slice(&words));
        }
        str_addz(out, " (");
        if (v->event.change.author.n) {
            markdown_text(out, v->event.change.author);
            str_addz(out, ", ");
        }
        str_addf(out, "%.7s)\n", v->event.change.commit);
    }
    str_release(&words);
}

void render_diff_markdown(struct str *out, const struct diff_view *d)
{
    struct grouped g;
    if (!d->n) {
        str_addf(out, "No action item changes from %.7s to %.7s.\n", d->base, d->head);
        return;
    }
    group(&g, d);
    str_addz(out, "### Action items: ");
    add_counts(out, &g);
    str_addc(out, '\n');
    for (size_t h = 0; h < HEADINGS; h++)
        add_group(out, &g, h, d);
    free(g.order);
}

/* ---- for programs ---- */

void render_diff_json(struct str *out, const struct diff_view *d)
{
    json_t *j = json_answer("diff"), *list = json_array();
    for (size_t i = 0; i < d->n; i++)
        json_array_append_new(list, json_of_event(&d->entries[i].event));
    json_object_set_new(j, "base", json_of_text(slice_of(d->base)));
    json_object_set_new(j, "head", json_of_text(slice_of(d->head)));
    json_object_set_new(j, "events", list);
    json_print(out, j, true);
}

void render_diff_jsonl(struct str *out, const struct diff_view *d)
{
    for (size_t i = 0; i < d->n; i++)
        json_print(out, json_of_event(&d->entries[i].event), false);
}
