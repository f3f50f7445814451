#include "pm/facts.h"

#include "pm/caps.h"

#include <stdlib.h>
#include <string.h>

struct slice facts_node_text(const struct document *doc, const struct yaml *node)
{
    return node->kind == YAML_SCALAR ? node->value : slice_trim(document_slice(doc, node->span));
}

bool facts_is_actions_key(const struct schema *s, struct slice key)
{
    struct str folded = STR_INIT;
    name_fold(&folded, key);
    const struct section_rule *rule = map_get(&s->section_names, str_slice(&folded));
    str_release(&folded);
    return rule && rule->kind == SECTION_ACTIONS;
}

static struct problem *front_problem(struct facts *fs, enum problem_kind kind, struct fact *fact,
                                     const char *text)
{
    struct problem *p = problem_add(&fs->pm->problems, &fs->pm->doc->arena, kind, fact->span,
                                    "%.*s %s", SLICE_ARG(fact->name), text);
    p->subject = fact->name;
    return p;
}

/* ---- values ------------------------------------------------------------------------------------ */

/* One more value of a fact whose array is large enough. */
static void add_value(struct facts *fs, struct fact *fact, struct slice text, struct span span)
{
    struct arena *a = &fs->pm->doc->arena;
    struct value_reader vr = {fs->rd, a, fs->local, fs->start.text.n ? &fs->start : NULL};
    struct value *v = &fact->values[fact->nvalues];
    if (!value_read(&vr, fact->field, text, VALUE_WHOLE, v)) {
        value_problem(&fs->pm->problems, a, fact->field, text, span);
        fact->invalid = true;
        return;
    }
    v->span = span;
    fact->nvalues++;
    /* The first time that says its zone lends it to those that do not. */
    if (v->zone_known && fact->field->type == FIELD_TIMESTAMP && !fs->local.known)
        fs->local = (struct local_zone){.known = true, .offset = v->offset};
}

/* A field that knows the word itself: the tag `unknown`, an enum's `none`. */
static bool is_own_word(const struct facts *fs, const struct field *f, struct slice text)
{
    if (f->type == FIELD_ENUM)
        return field_value(f, text) != SIZE_MAX;
    return f->type == FIELD_TAG && taxonomy_find(&fs->rd->schema->taxonomy, text) != NULL;
}

/* unknown and n/a: true, and the fact says so. */
static bool is_no_value(const struct facts *fs, struct fact *fact, struct slice text)
{
    enum fact_how how = fact_how_of(text);
    if (how == FACT_VALUE || (fact->field && is_own_word(fs, fact->field, text)))
        return false;
    fact->how = how;
    return true;
}

static size_t count_commas(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ',';
    return n;
}

static void read_scalar(struct facts *fs, struct fact *fact, const struct yaml *node)
{
    struct slice rest = node->value, part;
    if (is_no_value(fs, fact, node->value))
        return;
    size_t most = fact->field->list ? count_commas(rest) + 1 : 1;
    if (most > CAP_LIST_VALUES) {
        front_problem(fs, PROBLEM_TOO_LARGE, fact, "has more than 200 values");
        fact->invalid = true;
        return;
    }
    fact->values = arena_array(&fs->pm->doc->arena, most, sizeof *fact->values);
    if (!fact->field->list) {
        add_value(fs, fact, rest, node->span);
        return;
    }
    while (slice_split(&rest, ',', &part))
        if (slice_trim(part).n > 0)
            add_value(fs, fact, part, node->span);
}

static bool is_blank(const struct yaml *node)
{
    return node->kind == YAML_NULL ||
           (node->kind == YAML_SCALAR && slice_trim(node->value).n == 0) ||
           ((node->kind == YAML_LIST || node->kind == YAML_MAP) && node->count == 0);
}

static void read_list(struct facts *fs, struct fact *fact, const struct yaml *node)
{
    const struct document *doc = fs->pm->doc;
    if (node->count == 1 && node->first->kind == YAML_SCALAR &&
        is_no_value(fs, fact, node->first->value))
        return;
    if (!fact->field->list && fact->field->type != FIELD_ANY && node->count > 1) {
        front_problem(fs, PROBLEM_VALUE, fact, "is a list; it takes one value")->hint =
            arena_fmt(&fs->pm->doc->arena, "keep one value");
        fact->invalid = true;
        return;
    }
    if (node->count > CAP_LIST_VALUES) {
        front_problem(fs, PROBLEM_TOO_LARGE, fact, "has more than 200 values");
        fact->invalid = true;
        return;
    }
    fact->values = arena_array(&fs->pm->doc->arena, node->count, sizeof *fact->values);
    for (const struct yaml *item = node->first; item; item = item->next)
        if (!is_blank(item))
            add_value(fs, fact, facts_node_text(doc, item), item->span);
}

static void read_node(struct facts *fs, struct fact *fact, const struct yaml *node)
{
    if (!fact->field || (node->kind == YAML_MAP && fact->field->type == FIELD_ANY)) {
        if (node->kind == YAML_SCALAR && is_no_value(fs, fact, node->value))
            return;
        fact->values = arena_array(&fs->pm->doc->arena, 1, sizeof *fact->values);
        struct slice text = facts_node_text(fs->pm->doc, node);
        fact->values[fact->nvalues++] =
            (struct value){.text = text, .raw = text, .span = node->span};
    } else if (node->kind == YAML_MAP) {
        front_problem(fs, PROBLEM_VALUE, fact, "is a map; it takes a value")->hint =
            arena_fmt(&fs->pm->doc->arena, "write the value after the colon");
        fact->invalid = true;
    } else if (node->kind == YAML_LIST) {
        read_list(fs, fact, node);
    } else {
        read_scalar(fs, fact, node);
    }
}

/* ---- keys -------------------------------------------------------------------------------------- */

static bool is_wanted(const struct facts *fs, struct slice name)
{
    return !fs->names_only || slice_eqz(name, "id") || slice_eqz(name, "status");
}

/* A day holds all its times. */
static bool same_value(const struct value *a, const struct value *b)
{
    if (!a->day_only && !b->day_only)
        return a->number == b->number && slice_eq(a->text, b->text);
    int64_t x = a->number + a->offset, y = b->number + b->offset;
    return date_cmp(time_date_utc(x), time_date_utc(y)) == 0;
}

/* Two lists, or two texts, may each have their own reason to be there; two severities, or two times
 * that something began, have not. */
static bool contradicts(const struct fact *a, const struct fact *b)
{
    enum field_type type = a->field->type;
    bool one = type == FIELD_ENUM || type == FIELD_DATE || type == FIELD_TIMESTAMP ||
               type == FIELD_DURATION || type == FIELD_INTEGER || type == FIELD_DECIMAL;
    return one && !a->field->list && a->nvalues == 1 && b->nvalues == 1 && !a->invalid &&
           !b->invalid && !same_value(&a->values[0], &b->values[0]);
}

static void stated_again(struct facts *fs, const struct fact *first, struct fact *again,
                         const struct yaml *node)
{
    struct problems *ps = &fs->pm->problems;
    struct arena *a = &fs->pm->doc->arena;
    size_t before = ps->n;
    read_node(fs, again, node);
    ps->n = before; /* what is not read need not be right */
    struct problem *p;
    if (contradicts(first, again)) {
        p = problem_add(ps, a, PROBLEM_VALUE, node->span,
                        "%.*s is stated a second time: '%.*s' above says '%.*s'",
                        SLICE_ARG(again->name), SLICE_ARG(document_slice(fs->pm->doc, first->key)),
                        SLICE_ARG(first->values[0].raw));
        p->hint = arena_fmt(a, "keep one of the two; the first is read");
    } else {
        p = problem_add(ps, a, PROBLEM_NOTE, again->key,
                        "'%.*s' is another name of %.*s, which is stated above, and is not read",
                        SLICE_ARG(node->key->value), SLICE_ARG(again->name));
    }
    p->subject = again->name;
}

static void read_fact(struct facts *fs, const struct field *f, struct slice name,
                      const struct yaml *node)
{
    struct fact fact = {.field = f, .name = name, .origin = FACT_FRONT, .key = node->key->span,
                        .span = node->span};
    if (is_blank(node) || !is_wanted(fs, name))
        return;
    if (f && slice_eq(name, f->name) && facts_get(fs, f)) {
        stated_again(fs, facts_get(fs, f), &fact, node);
        return;
    }
    read_node(fs, &fact, node);
    if (fact.invalid)
        fact.nvalues = 0;
    if (fact.how != FACT_VALUE || fact.invalid || fact.nvalues > 0)
        facts_add(fs, fact);
}

static struct slice dotted(struct facts *fs, struct slice prefix, struct slice key)
{
    if (prefix.n == 0)
        return key;
    return slice_of(arena_fmt(&fs->pm->doc->arena, "%.*s.%.*s", SLICE_ARG(prefix), SLICE_ARG(key)));
}

static bool below(struct slice name, struct slice prefix)
{
    return name.n > prefix.n && name.p[prefix.n] == '.' && slice_starts(name, prefix);
}

/* The field that a key names below a prefix: by its whole name, or by an alias of its own. */
static const struct field *nested_field(const struct facts *fs, struct slice prefix,
                                        struct slice name, struct slice key)
{
    const struct field *f = schema_key(fs->rd->schema, name);
    if (f || prefix.n == 0)
        return f;
    f = schema_key(fs->rd->schema, key);
    return f && below(f->name, prefix) ? f : NULL;
}

static bool has_fields_below(const struct schema *s, struct slice prefix)
{
    for (size_t i = 0; i < s->nfields; i++)
        if (below(s->fields[i].name, prefix))
            return true;
    return false;
}

static void read_map(struct facts *fs, const struct yaml *map, struct slice prefix,
                     const struct field *any);

static void read_key(struct facts *fs, const struct yaml *node, struct slice prefix,
                     const struct field *any)
{
    struct slice key = node->key->value, name = dotted(fs, prefix, key);
    const struct field *f = nested_field(fs, prefix, name, key);
    if (f)
        name = f->name;
    if (node->kind == YAML_MAP) {
        if (f && f->type == FIELD_ANY)
            any = f;
        if (any || has_fields_below(fs->rd->schema, name)) {
            if (f || !has_fields_below(fs->rd->schema, name))
                read_fact(fs, f ? f : any, name, node);
            read_map(fs, node, name, any);
            return;
        }
    }
    read_fact(fs, f ? f : any, name, node);
}

/* Recursion is bounded by CAP_YAML_DEPTH. */
static void read_map(struct facts *fs, const struct yaml *map, struct slice prefix,
                     const struct field *any)
{
    for (const struct yaml *node = map->first; node; node = node->next) {
        if (prefix.n == 0 && (node->kind == YAML_LIST || node->kind == YAML_NULL) &&
            facts_is_actions_key(fs->rd->schema, node->key->value))
            continue;
        read_key(fs, node, prefix, any);
    }
}

/* `timezone: Europe/Berlin` holds for all times of the document. */
static void read_zone(struct facts *fs)
{
    static const char *const names[] = {"timezone", "time_zone", "tz", NULL};
    for (const char *const *name = names; *name; name++) {
        const struct yaml *node = yaml_get(fs->pm->doc->yaml, *name);
        if (node && node->kind == YAML_SCALAR && when_zone_named(fs->rd, node->value, &fs->local))
            return;
    }
}

/* `detected: 14:10` is on the day of `started`, wherever that stands. */
static void read_start(struct facts *fs, const struct yaml *root)
{
    const struct field *f = schema_field(fs->rd->schema, SLICE("started"));
    struct value_reader vr = {fs->rd, &fs->pm->doc->arena, fs->local, NULL};
    if (!f || f->type != FIELD_TIMESTAMP)
        return;
    for (const struct yaml *node = root->first; node; node = node->next)
        if (node->kind == YAML_SCALAR && schema_key(fs->rd->schema, node->key->value) == f &&
            value_read(&vr, f, node->value, VALUE_WHOLE, &fs->start))
            return;
}

void facts_read_front(struct facts *fs)
{
    const struct yaml *root = fs->pm->doc->yaml;
    if (!root || root->kind != YAML_MAP)
        return;
    read_zone(fs);
    if (!fs->names_only)
        read_start(fs, root);
    read_map(fs, root, (struct slice){NULL, 0}, NULL);
}
