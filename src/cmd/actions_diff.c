#include "actions_private.h"

#include <stdlib.h>
#include <string.h>

struct comparing {
    struct range range;
    struct state state;
    struct people *people;
    struct chronicle *chronicle;
    struct ledger_names names;
    struct arena arena;
    size_t first; /* of the events that the range made */
    char base[OID_HEX + 1], head[OID_HEX + 1];
};

static int compare(struct context *c, struct comparing *k, const char *range, struct err *e)
{
    struct long_work work;
    if (range_resolve(c, range, &k->range, e))
        return -1;
    if (!k->range.related)
        return err_usage(e, "the two ends of '%s' have no commit in common", range);
    oid_hex(&k->range.base, k->base);
    oid_hex(&k->range.head, k->head);
    if (state_of_commit(&k->state, c->repo, &k->range.head, e) ||
        people_load(&k->people, c->repo, e))
        return -1;
    chronicle_progress *progress = long_work_begin(&work);
    int failed = chronicle_range(&k->chronicle, &k->first, c->repo, &k->range.base,
                                 &k->range.head, &k->state.selection, progress, &work, e);
    long_work_end(&work);
    if (failed)
        return -1;
    ledger_names_init(&k->names, k->chronicle->ledger);
    say_ledger_limits(&(struct index_limits){.unreadable = k->chronicle->unreadable,
                                             .shallow = k->chronicle->shallow});
    return 0;
}

static void comparing_release(struct comparing *k)
{
    ledger_names_release(&k->names);
    chronicle_free(k->chronicle);
    people_free(k->people);
    state_release(&k->state);
    arena_release(&k->arena);
}

static struct stamp stamp_of(const struct chronicle *chronicle, uint32_t commit)
{
    const struct chronicle_commit *m = &chronicle->commits[commit];
    return (struct stamp){.known = true, .commit = m->id, .at = m->at, .author = m->author,
                          .email = m->email};
}

static struct diff_entry entry_of(struct context *c, struct comparing *k,
                                  const struct ledger_event *event, bool born)
{
    const struct ledger *l = k->chronicle->ledger;
    const struct ledger_item *item = &l->items[event->item];
    struct str ref = STR_INIT;
    ledger_ref(&ref, l, &k->names, event->item);
    struct event_row row = {
        .ref = arena_dup(&k->arena, str_slice(&ref)), .kind = event->kind,
        .before = event->before, .after = event->after, .days = event->days,
        .change = stamp_of(k->chronicle, event->change),
        .landing = stamp_of(k->chronicle, event->landing),
    };
    str_release(&ref);
    return (struct diff_entry){event_view_of(c, k->people, &row, &k->arena), item->now.text,
                               item->now.owners, item->now.reason, item->now.due, item->state,
                               born};
}

static struct diff_entry *entries_of(struct context *c, struct comparing *k, size_t n)
{
    struct diff_entry *entries = arena_array(&k->arena, n + 1, sizeof *entries);
    uint32_t born = LEDGER_NONE; /* an item's events stand together, the first is that it opened */
    for (size_t i = 0; i < n; i++) {
        const struct ledger_event *event = &k->chronicle->ledger->events[k->first + i];
        if (event->kind == EVENT_OPENED)
            born = event->item;
        entries[i] = entry_of(c, k, event, event->item == born);
    }
    return entries;
}

static void print(struct context *c, const struct diff_view *view, const char *format)
{
    if (!format || strcmp(format, "table") == 0 || strcmp(format, "text") == 0)
        render_diff_text(&c->printer, view);
    else if (strcmp(format, "json") == 0)
        render_diff_json(&c->out, view);
    else if (strcmp(format, "jsonl") == 0)
        render_diff_jsonl(&c->out, view);
    else
        render_diff_markdown(&c->out, view);
}

int actions_diff(struct context *c, const char *range, const char *format, struct err *e)
{
    static const char *const formats[] = {"table", "text", "json", "jsonl", "markdown", NULL};
    struct comparing k = {.first = 0};
    int code = -1;
    if (format && !format_among(format, formats))
        return err_usage(e, "'pm actions diff' prints text, json, jsonl or markdown, not '%s'",
                         format);
    if (c->global.at)
        return err_usage(e, "'pm actions diff' takes its commits from the range, not from --at");
    if (c->global.worktree)
        return err_usage(e, "'pm actions diff' compares commits, not the worktree");
    if (compare(c, &k, range, e) == 0) {
        size_t n = k.chronicle->ledger->nevents - k.first;
        print(c, &(struct diff_view){k.base, k.head, entries_of(c, &k, n), n}, format);
        code = PM_YES;
    }
    comparing_release(&k);
    return code;
}
