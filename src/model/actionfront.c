#include "pm/actionread.h"

#include "pm/facts.h"
#include "pm/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The items of a list have the same keys: each is looked up once. */
static enum action_column column_of(struct action_reader *ar, struct slice key)
{
    for (size_t i = 0; i < ar->nkeys; i++)
        if (slice_eq(ar->keys[i], key))
            return ar->columns[i];
    enum action_column column = schema_action_column(ar->items.schema, key);
    if (ar->nkeys < KNOWN_KEYS) {
        ar->keys[ar->nkeys] = key;
        ar->columns[ar->nkeys++] = column;
    }
    return column;
}

static struct problem *note(struct action_reader *ar, enum problem_kind kind, struct span span,
                            const char *what, struct slice subject)
{
    struct slice shown = utf8_cut(subject, 40);
    return problem_add(&ar->pm->problems, ar->items.arena, kind, span, "'%.*s' %s",
                       SLICE_ARG(shown), what);
}

static void read_state(struct action_reader *ar, const struct yaml *node, struct action *a)
{
    struct slice text = facts_node_text(ar->pm->doc, node), reason = {NULL, 0};
    enum action_state state;
    a->state_span = node->span;
    if (!item_state(ar->items.schema, text, &state, &reason)) {
        note(ar, PROBLEM_VALUE, node->span, "is no state of an action item", text)->hint =
            arena_fmt(ar->items.arena, "use proposed, open, in-progress, done or wontdo");
        return;
    }
    a->state = state;
    a->state_stated = true;
    if (reason.n > 0)
        a->reason = reason;
}

static void read_owners(struct action_reader *ar, const struct yaml *node, struct action *a)
{
    vec_clear(&ar->items.owners);
    a->owner_span = node->span;
    if (node->kind != YAML_LIST) {
        item_add_owners(&ar->items, facts_node_text(ar->pm->doc, node));
        return;
    }
    for (const struct yaml *one = node->first; one; one = one->next)
        item_add_owner(&ar->items, facts_node_text(ar->pm->doc, one));
}

static void read_tracker(struct action_reader *ar, const struct yaml *node, struct action *a)
{
    const struct yaml *one = node->kind == YAML_LIST ? node->first : node;
    for (; one; one = node->kind == YAML_LIST ? one->next : NULL) {
        struct slice text = facts_node_text(ar->pm->doc, one);
        bool url = slice_find(text, SLICE("://"), 0) != SIZE_MAX;
        if (url)
            vec_push(&ar->items.links, text);
        if (a->tracker.n == 0)
            a->tracker = url ? text : item_tracker(ar->items.schema, text);
    }
}

static void read_key(struct action_reader *ar, const struct yaml *node, struct action *a)
{
    struct slice text = facts_node_text(ar->pm->doc, node);
    if (node->kind == YAML_NULL)
        return;
    switch (column_of(ar, node->key->value)) {
    case ACTION_ID: a->id = text; break;
    case ACTION_OWNER: read_owners(ar, node, a); break;
    case ACTION_DUE:
        item_read_due(&ar->items, text, a);
        a->due_span = node->span;
        break;
    case ACTION_TYPE: a->type = item_type(&ar->items, text); break;
    case ACTION_PRIORITY: a->priority = item_priority(&ar->items, text); break;
    case ACTION_STATE: read_state(ar, node, a); break;
    case ACTION_TRACKER: read_tracker(ar, node, a); break;
    case ACTION_REASON: a->reason = text; break;
    default: break;
    }
}

/* The promise: under a name of the text column, else under a usual one. */
static const struct yaml *text_node(struct action_reader *ar, const struct yaml *map)
{
    static const char *const usual[] = {"text", "title", "summary", "description", "name", NULL};
    for (const struct yaml *n = map->first; n; n = n->next)
        if (n->kind == YAML_SCALAR && column_of(ar, n->key->value) == ACTION_TEXT)
            return n;
    for (const char *const *key = usual; *key; key++) {
        const struct yaml *n = yaml_get(map, *key);
        if (n && n->kind == YAML_SCALAR)
            return n;
    }
    return NULL;
}

static void read_item(struct action_reader *ar, const struct yaml *node)
{
    const struct yaml *text = node->kind == YAML_MAP ? text_node(ar, node) : node;
    if (node->kind == YAML_NULL)
        return;
    if (!text || text->kind != YAML_SCALAR || slice_trim(text->value).n == 0) {
        struct problem *p = problem_add(&ar->pm->problems, ar->items.arena, PROBLEM_VALUE,
                                        node->span, "an action item says nothing");
        p->hint = arena_fmt(ar->items.arena, "give it a text: what will be done");
        return;
    }
    struct action *a = action_add(ar, node->span);
    if (!a)
        return;
    a->form = FORM_FRONT;
    item_read(&ar->items, text->value, text->span.start, a);
    if (a->text.n == 0 || action_none(ar, a->text)) {
        action_drop(ar);
        return;
    }
    a->text_span = text->span;
    if (node->kind == YAML_MAP)
        for (const struct yaml *n = node->first; n; n = n->next)
            if (n != text)
                read_key(ar, n, a);
    action_finish(ar, a);
}

void action_read_front(struct action_reader *ar)
{
    const struct yaml *root = ar->pm->doc->yaml;
    if (!root || root->kind != YAML_MAP)
        return;
    for (const struct yaml *n = root->first; n; n = n->next) {
        if (n->kind != YAML_LIST || !facts_is_actions_key(ar->items.schema, n->key->value))
            continue;
        for (const struct yaml *item = n->first; item; item = item->next)
            read_item(ar, item);
    }
}
