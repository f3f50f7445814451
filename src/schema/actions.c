#include "build.h"

#include "pm/document.h"

static const char *const action_keys[] = {"required", "due_within", "at_least_one",
                                          "tracker",  "authority",  "columns",
                                          "states",   "types",      NULL};
static const char *const at_least_one_keys[] = {"type", "when", NULL};
static const char *const column_names[] = {
    [ACTION_ID] = "id",
    [ACTION_POSITION] = "position",
    [ACTION_TEXT] = "text",
    [ACTION_OWNER] = "owner",
    [ACTION_DUE] = "due",
    [ACTION_TYPE] = "type",
    [ACTION_PRIORITY] = "priority",
    [ACTION_STATE] = "state",
    [ACTION_TRACKER] = "tracker",
    [ACTION_REASON] = "reason",
};
static const char *const state_names[] = {
    [STATE_PROPOSED] = "proposed", [STATE_OPEN] = "open",     [STATE_IN_PROGRESS] = "in-progress",
    [STATE_DONE] = "done",         [STATE_WONTDO] = "wontdo",
};

const char *action_state_name(enum action_state s)
{
    return state_names[s];
}

const char *action_column_name(enum action_column c)
{
    return column_names[c];
}

static struct draft_word *word_add(struct builder *b, struct naming *n, const struct yaml *name,
                                   size_t index)
{
    struct draft_word *w = arena_alloc(b->a, sizeof *w);

    w->name = slice_trim(name->value);
    w->index = index;
    return naming_claim(b, n, w, w->name, name) ? w : NULL;
}

static void words_add(struct builder *b, struct naming *n, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct yaml name = {.kind = YAML_SCALAR, .value = slice_of(names[i])};
        word_add(b, n, &name, i);
    }
}

void words_init(struct builder *b)
{
    b->columns_named = (struct naming){MAP_INIT, fold_word, "column"};
    b->states_named = (struct naming){MAP_INIT, fold_word, "state"};
    b->types_named = (struct naming){MAP_INIT, fold_word, "type"};
    words_add(b, &b->columns_named, column_names, ACTION_COLUMNS);
    words_add(b, &b->states_named, state_names, ACTION_STATES);
}

static void complain_word(struct builder *b, const struct naming *n, const struct yaml *name)
{
    struct spell contest;
    struct problem *p = COMPLAIN(b, name->span, "unknown %s of action items '" SLICE_FMT "'",
                                 n->what, SLICE_ARG(shown(name->value)));

    spell_init(&contest, name->value);
    naming_offer(b, n, &contest);
    hint_spelling(b->a, p, &contest, NULL);
}

static struct draft_word *word_known(struct builder *b, const struct naming *n,
                                     const struct yaml *name)
{
    struct holder *h = naming_find(n, name->value);

    if (!h)
        complain_word(b, n, name);
    return h ? h->thing : NULL;
}

/* columns: and states:, whose canonical names are fixed. */
static void apply_words(struct builder *b, struct naming *n, const char *what, struct yaml *node)
{
    if (!node_map(b, node, what, NULL))
        return;
    for (struct yaml *child = node->first; child; child = child->next) {
        struct draft_word *w = word_known(b, n, child->key);
        if (w)
            naming_aliases(b, n, w, w->name, child);
    }
}

static void apply_type(struct builder *b, struct yaml *name, struct yaml *aliases)
{
    struct naming *n = &b->types_named;
    struct holder *h = naming_find(n, name->value);
    struct draft_word *w = h ? h->thing : NULL;

    if (!w) {
        w = word_add(b, n, name, b->types.n);
        if (w)
            list_push(b->a, &b->types, w);
    }
    if (w && aliases)
        naming_aliases(b, n, w, w->name, aliases);
}

static void apply_types(struct builder *b, struct yaml *node)
{
    if (!node)
        return;
    if (node->kind == YAML_MAP) {
        for (struct yaml *child = node->first; child; child = child->next)
            apply_type(b, child->key, child);
        return;
    }
    struct list names = node_texts(b, node, "types");
    for (size_t i = 0; i < names.n; i++)
        apply_type(b, names.v[i], NULL);
}

/* A list given again replaces the one before it. */
static void apply_required(struct builder *b, struct yaml *node)
{
    struct list names = node_texts(b, node, "required");

    if (!node)
        return;
    for (size_t c = 0; c < ACTION_COLUMNS; c++)
        b->s->actions.required[c] = false;
    for (size_t i = 0; i < names.n; i++) {
        struct draft_word *w = word_known(b, &b->columns_named, names.v[i]);
        if (w)
            b->s->actions.required[w->index] = true;
    }
    b->s->actions.required_source = node_source(b, node);
}

static void apply_tracker(struct builder *b, struct yaml *node)
{
    struct list patterns = node_texts(b, node, "tracker");
    struct action_rules *rules = &b->s->actions;
    const char *why;

    if (!node)
        return;
    rules->trackers = arena_array(b->a, patterns.n, sizeof *rules->trackers);
    rules->ntrackers = 0;
    rules->trackers_source = node_source(b, node);
    for (size_t i = 0; i < patterns.n; i++) {
        const struct yaml *pattern = patterns.v[i];
        struct slice text = slice_trim(pattern->value);
        if (pattern_valid(text, &why))
            rules->trackers[rules->ntrackers++] = text;
        else
            COMPLAIN(b, pattern->span, "tracker pattern '" SLICE_FMT "' %s", SLICE_ARG(shown(text)),
                     why);
    }
}

static void apply_authority(struct builder *b, const struct yaml *node)
{
    struct slice word;

    if (!node_text(b, node, "authority", &word))
        return;
    if (!slice_eqz(word, "document") && !slice_eqz(word, "tracker")) {
        COMPLAIN(b, node->span, "authority must be document or tracker");
        return;
    }
    b->s->actions.authority_document = slice_eqz(word, "document");
    b->s->actions.authority_source = node_source(b, node);
}

static void apply_at_least_one(struct builder *b, struct yaml *node)
{
    struct action_rules *rules = &b->s->actions;
    const struct yaml *type = yaml_get(node, "type");
    struct slice word;
    struct need when = {.kind = NEED_YES, .source = node_source(b, node)};

    if (!type)
        COMPLAIN(b, node->span, "at_least_one states no type");
    if (!node_text(b, type, "type", &word))
        return;
    struct draft_word *w = word_known(b, &b->types_named, type);
    if (!w)
        return;
    node_need(b, yaml_get(node, "when"), "when", &when);
    rules->at_least_one_type = w->name;
    rules->at_least_one = when;
}

void apply_actions(struct builder *b, struct yaml *node)
{
    struct yaml *at_least_one;

    if (!node_map(b, node, "actions", action_keys))
        return;
    apply_words(b, &b->columns_named, "columns", yaml_get(node, "columns"));
    apply_words(b, &b->states_named, "states", yaml_get(node, "states"));
    apply_types(b, yaml_get(node, "types"));
    apply_required(b, yaml_get(node, "required"));
    apply_tracker(b, yaml_get(node, "tracker"));
    apply_authority(b, yaml_get(node, "authority"));
    at_least_one = yaml_get(node, "at_least_one");
    if (node_map(b, at_least_one, "at_least_one", at_least_one_keys))
        apply_at_least_one(b, at_least_one);
    if (yaml_get(node, "due_within")) {
        b->due_within = yaml_get(node, "due_within");
        b->due_within_origin = b->origin;
    }
}

/* ---- the tables at the end ---- */

/* Where the names lead, and what each word is called: words in the order of their index. */
static void finish_words(struct builder *b, const struct naming *n, struct map *out,
                         struct action_word *words)
{
    naming_deal(n, b->a);
    for (size_t i = 0; i < n->holders.n; i++) {
        const struct map_entry *e = &n->holders.entries[i];
        const struct holder *h = e->value;
        if (!h)
            continue;
        struct draft_word *w = h->thing;
        map_put(out, slice_from(e->key, e->n), w);
        if (h->canonical)
            words[w->index] = (struct action_word){w->name, names_of(&w->named, b->a)};
    }
}

static void complain_severity(struct builder *b, const struct field *severity,
                              const struct yaml *limit)
{
    struct spell contest;
    struct problem *p =
        COMPLAIN(b, limit->key->span, "due_within names the unknown severity '" SLICE_FMT "'",
                 SLICE_ARG(shown(limit->key->value)));
    struct str all = STR_INIT;
    str_addz(&all, "write one of");
    spell_init(&contest, limit->key->value);
    for (size_t i = 0; i < severity->nvalues && i < GUESSES; i++) {
        spell_offer(&contest, severity->values[i].name);
        str_addf(&all, "%s" SLICE_FMT, i ? ", " : " ", SLICE_ARG(severity->values[i].name));
    }
    hint_spelling(b->a, p, &contest, all.p);
    str_release(&all);
}

/* Limits of an extended file fall away with the severities that the repository's file replaces. */
static void finish_due(struct builder *b, const struct field *severity, const struct yaml *limit)
{
    struct action_rules *rules = &b->s->actions;
    size_t value = field_value(severity, limit->key->value);
    int64_t seconds;

    if (value == SIZE_MAX && b->due_within_origin == ORIGIN_OWN)
        complain_severity(b, severity, limit);
    if (value != SIZE_MAX && node_seconds(b, limit, "a limit of due_within", &seconds))
        rules->due_within[rules->ndue_within++] = (struct due_within){
            value, seconds, {b->due_within_origin, limit->key->span}};
}

void finish_actions(struct builder *b)
{
    struct schema *s = b->s;
    const struct field *severity = schema_field(s, SLICE("severity"));

    s->actions.ntypes = b->types.n;
    s->actions.types = arena_array(b->a, b->types.n, sizeof *s->actions.types);
    finish_words(b, &b->columns_named, &s->column_names, s->actions.columns);
    finish_words(b, &b->states_named, &s->state_names, s->actions.states);
    finish_words(b, &b->types_named, &s->type_names, s->actions.types);
    if (!node_map(b, b->due_within, "due_within", NULL) || !severity)
        return;
    s->actions.due_within = arena_array(b->a, b->due_within->count, sizeof *s->actions.due_within);
    for (const struct yaml *limit = b->due_within->first; limit; limit = limit->next)
        finish_due(b, severity, limit);
}
