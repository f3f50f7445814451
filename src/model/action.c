#include "pm/action.h"

#include "pm/actionread.h"
#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

struct action *action_add(struct action_reader *ar, struct span span)
{
    if (ar->list.n >= CAP_ITEMS) {
        if (!ar->full)
            problem_add(&ar->pm->problems, ar->items.arena, PROBLEM_TOO_LARGE, span,
                        "there are more than %u action items", CAP_ITEMS);
        ar->full = true;
        return NULL;
    }
    struct action *a = vec_add(&ar->list);
    a->state = STATE_OPEN;
    a->span = span;
    a->position = (long)ar->list.n;
    a->group = ar->group;
    return a;
}

void action_drop(struct action_reader *ar)
{
    ar->list.n--;
    vec_clear(&ar->items.owners);
    vec_clear(&ar->items.links);
}

static void place_absent(struct span *span, uint32_t end)
{
    if (span->start == span->end)
        *span = (struct span){end, end};
}

void action_finish(struct action_reader *ar, struct action *a)
{
    uint32_t end = a->text_span.end;
    if (a->type.n == 0 && a->group.n > 0)
        a->type = schema_action_type(ar->items.schema, a->group);
    item_take_lists(&ar->items, a);
    place_absent(&a->owner_span, end);
    place_absent(&a->due_span, end);
    place_absent(&a->state_span, end);
}

/* ---- "None: reason" ---------------------------------------------------------------------------- */

bool action_none(struct action_reader *ar, struct slice plain)
{
    static const char *const words[] = {
        "none", "n/a", "no actions", "no action items", "no action", "nothing", "nothing to do",
        "no action required", "no action needed", "no actions required", "なし", "該当なし", NULL};
    for (const char *const *w = words; *w; w++) {
        if (!slice_istarts(plain, slice_of(*w)))
            continue;
        struct slice rest = slice_ltrim(slice_sub(plain, strlen(*w), plain.n));
        size_t mark = 0;
        if (rest.n > 0 && memchr(":.-,;(", rest.p[0], 6))
            mark = 1;
        else if (slice_starts(rest, SLICE("—")) || slice_starts(rest, SLICE("–")) ||
                 slice_starts(rest, SLICE("：")) || slice_starts(rest, SLICE("。")))
            mark = 3;
        if (rest.n > 0 && mark == 0)
            continue;
        ar->none = true;
        rest = slice_trim(slice_sub(rest, mark, rest.n));
        if (ar->none_reason.n == 0)
            ar->none_reason = rest;
        return true;
    }
    return false;
}

/* ---- list items -------------------------------------------------------------------------------- */

static const struct block *nested_list(const struct block *item)
{
    for (const struct block *b = item->first; b; b = b->next)
        if (b->kind == BLOCK_LIST)
            return b;
    return NULL;
}

/* A paragraph that is one bold label, or (plain) a few words and a colon. */
static bool is_label(struct action_reader *ar, struct slice text, struct slice *label, bool *colon)
{
    if (text.n == 0 || text.n > 80 || slice_chr(text, '\n', 0) != SIZE_MAX)
        return false;
    bool strong = slice_starts(text, SLICE("**")) || slice_starts(text, SLICE("__"));
    bool closed = slice_ends(text, SLICE("**")) || slice_ends(text, SLICE("__"));
    struct slice inner = slice_rtrim(slice_sub(text, 0, text.n - (closed ? 2 : 0)));
    bool ends = slice_without_colon(inner).n < inner.n;
    struct runs runs;
    struct span span;
    size_t after;
    if (!strong && !ends)
        return false;
    inline_parse(text, 0, ar->items.doc->refs, ar->items.arena, &runs);
    if (strong) {
        if (!runs_label(&runs, label, &span, &after))
            return false;
        for (; after < runs.n; after++)
            if (slice_trim(runs.v[after].text).n > 1)
                return false;
    } else {
        *label = inline_plain(slice_without_colon(text), ar->items.doc->refs, ar->items.arena);
    }
    *colon = ends;
    return label->n > 0;
}

static size_t word_count(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] != ' ' && (i == 0 || s.p[i - 1] == ' ');
    return n;
}

#define GROUP_WORDS 3

/* "1. Prevent" and "- For the on-call team:", if what is below has boxes. */
static bool plain_heads_group(struct action_reader *ar, const struct block *list, struct slice text,
                              struct slice *group)
{
    *group = slice_without_colon(text);
    bool colon = group->n < text.n;
    return schema_action_type(ar->items.schema, *group).n > 0 ||
           (colon && list->first && list->first->box != BOX_NONE);
}

/* "- **Prevent:**" above a sub-list heads a group; "- **Replace the fleet**" with details below is
 * a promise. */
static bool heads_group(struct action_reader *ar, const struct block *item, struct slice text,
                        struct slice *group)
{
    const struct block *list = nested_list(item);
    struct slice label;
    bool colon;
    text = slice_trim(text);
    if (!list || item->box != BOX_NONE)
        return false;
    if (!slice_starts(text, SLICE("**")))
        return plain_heads_group(ar, list, text, group);
    if (!is_label(ar, text, &label, &colon))
        return false;
    *group = label;
    return colon || word_count(label) <= GROUP_WORDS ||
           schema_action_type(ar->items.schema, label).n > 0 ||
           (list->first && list->first->box != BOX_NONE);
}

/* Plain text of everything below an item but its first paragraph, a block a line. */
static void read_nested(struct action_reader *ar, const struct block *item, struct action *a)
{
    const struct document *doc = ar->items.doc;
    struct str text = STR_INIT;
    for (const struct block *b = item->first; b; b = block_next(item, b)) {
        struct runs runs;
        if (b->kind != BLOCK_PARAGRAPH && b->kind != BLOCK_ITEM && b->kind != BLOCK_HEADING)
            continue;
        /* An item's first paragraph is its text; the paragraph itself says it again. */
        if (b->text.start == item->text.start || b->text.start == b->text.end ||
            (b->kind == BLOCK_PARAGRAPH && b->parent->kind == BLOCK_ITEM && b->parent->first == b))
            continue;
        inline_parse(document_slice(doc, b->text), b->text.start, doc->refs, ar->items.arena, &runs);
        size_t before = text.n;
        for (size_t i = 0; i < runs.n; i++)
            if (runs.v[i].kind == RUN_LINK && runs.v[i].url.n > 0)
                vec_push(&ar->items.links, runs.v[i].url);
        if (before > 0)
            str_addc(&text, '\n');
        size_t line = text.n;
        runs_plain(&runs, &text);
        if (text.n == line)
            str_truncate(&text, before);
    }
    a->nested = arena_dup(ar->items.arena, str_slice(&text));
    str_release(&text);
}

/* [x] is done and [~] wontdo, unless a word says why it will not be done. */
static void apply_box(const struct block *item, struct action *a)
{
    bool said = a->state_stated;
    if (item->box == BOX_NONE)
        return;
    if (item->box == BOX_CHECKED && !(said && a->state == STATE_WONTDO && a->reason.n > 0))
        a->state = STATE_DONE;
    else if (item->box == BOX_DROPPED)
        a->state = STATE_WONTDO;
    a->state_stated = true;
}

static void read_item(struct action_reader *ar, const struct block *item)
{
    const struct document *doc = ar->items.doc;
    struct slice text = document_slice(doc, item->text);
    if (slice_trim(text).n == 0)
        return;
    struct action *a = action_add(ar, item->span);
    if (!a)
        return;
    a->form = item->box == BOX_NONE ? FORM_LIST : FORM_CHECKLIST;
    if (item->parent->ordered)
        a->position = item->number;
    item_read(&ar->items, text, item->text.start, a);
    if (a->text.n == 0 || (item->box == BOX_NONE && action_none(ar, inline_plain(text, doc->refs,
                                                                              ar->items.arena)))) {
        action_drop(ar);
        return;
    }
    apply_box(item, a);
    read_nested(ar, item, a);
    action_finish(ar, a);
}

void action_read_list(struct action_reader *ar, const struct block *list)
{
    struct slice outer = ar->group;
    for (const struct block *item = list->first; item; item = item->next) {
        struct slice text = document_slice(ar->items.doc, item->text), group;
        if (!heads_group(ar, item, text, &group)) {
            read_item(ar, item);
            continue;
        }
        ar->group = group;
        for (const struct block *b = item->first; b; b = b->next)
            if (b->kind == BLOCK_LIST)
                for (const struct block *sub = b->first; sub; sub = sub->next)
                    read_item(ar, sub);
        ar->group = outer;
    }
}

/* ---- sections ---------------------------------------------------------------------------------- */

static const struct section *section_of(const struct document *doc, size_t *at,
                                        const struct block *heading)
{
    while (*at < doc->nsections && doc->sections[*at].block != heading)
        ++*at;
    return *at < doc->nsections ? &doc->sections[*at] : NULL;
}

/* A sub-heading that is the name of another section ends the items ("What went wrong"), unless it
 * is a type of action or one plain word: that is how groups are called ("Communication"). */
static bool is_other_section(const struct action_reader *ar, const struct section *s)
{
    const struct section_rule *rule = map_get(&ar->items.schema->section_names, s->name);
    if (!rule || rule->kind == SECTION_ACTIONS)
        return false;
    return slice_chr(rule->name, ' ', 0) != SIZE_MAX &&
           schema_action_type(ar->items.schema, s->title).n == 0;
}

/* A bold paragraph above a list names a group, until the next one or the next heading. */
static void read_paragraph(struct action_reader *ar, const struct block *b)
{
    struct slice text = document_slice(ar->items.doc, b->text), label;
    bool colon;
    if (text.n > 0 && text.n < 200 &&
        action_none(ar, inline_plain(text, ar->items.doc->refs, ar->items.arena)))
        return;
    if (b->next && (b->next->kind == BLOCK_LIST || b->next->kind == BLOCK_TABLE) &&
        is_label(ar, text, &label, &colon) && word_count(label) <= GROUP_WORDS * 2)
        ar->group = label;
}

/* "- **Prevent:** never again - **Detect:** sooner" above a table explains the table's words. */
static bool is_legend(const struct action_reader *ar, const struct block *list)
{
    const struct document *doc = ar->items.doc;
    for (const struct block *item = list->first; item; item = item->next) {
        struct runs runs;
        struct slice label;
        struct span span;
        size_t after;
        if (item->text.start == item->text.end || item->box != BOX_NONE)
            return false;
        inline_parse(document_slice(doc, item->text), item->text.start, doc->refs, ar->items.arena,
                     &runs);
        if (!runs_label(&runs, &label, &span, &after) ||
            schema_action_type(ar->items.schema, label).n == 0)
            return false;
    }
    return list->first != NULL;
}

static bool has_action_table(const struct action_reader *ar, const struct section *s)
{
    for (const struct block *b = s->first; b && b != s->end; b = b->next)
        if (b->kind == BLOCK_TABLE && action_is_table(ar, b))
            return true;
    return false;
}

static void read_section(struct action_reader *ar, size_t index)
{
    const struct document *doc = ar->items.doc;
    const struct section *s = &doc->sections[index];
    bool table = has_action_table(ar, s);
    int skipping = 0; /* level of the other section that we are in */
    size_t at = index;
    ar->group = (struct slice){NULL, 0};
    for (const struct block *b = s->first; b && b != s->end; b = b->next) {
        if (b->kind == BLOCK_HEADING) {
            const struct section *sub = section_of(doc, &at, b);
            if (skipping && b->level > skipping)
                continue;
            skipping = sub && is_other_section(ar, sub) ? b->level : 0;
            ar->group = sub ? sub->title : (struct slice){NULL, 0};
            continue;
        }
        if (skipping)
            continue;
        if (b->kind == BLOCK_LIST && !(table && is_legend(ar, b)))
            action_read_list(ar, b);
        else if (b->kind == BLOCK_TABLE)
            action_read_table(ar, b);
        else if (b->kind == BLOCK_PARAGRAPH)
            read_paragraph(ar, b);
    }
}

void actions_read(struct postmortem *pm, struct actions *out)
{
    const struct document *doc = pm->doc;
    struct action_reader ar = {.pm = pm};
    uint32_t done = 0; /* an actions section inside one is read once */
    item_reader_init(&ar.items, pm->schema, pm->doc);
    action_read_front(&ar);
    for (size_t i = 0; i < pm->nsections; i++) {
        const struct section *s = &doc->sections[pm->sections[i].section];
        if (pm->sections[i].rule->kind != SECTION_ACTIONS || s->heading.start < done)
            continue;
        read_section(&ar, pm->sections[i].section);
        done = s->body.end;
    }
    out->n = ar.list.n;
    out->v = arena_array(ar.items.arena, ar.list.n, sizeof *out->v);
    if (ar.list.n > 0)
        memcpy(out->v, ar.list.v, ar.list.n * sizeof *out->v);
    out->cut = ar.full;
    out->none_stated = ar.none;
    out->none_reason = ar.none_reason;
    vec_release(&ar.list);
    item_reader_release(&ar.items);
}
