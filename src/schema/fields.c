#include "build.h"

#include "pm/document.h"

static const char *const type_names[] = {
    [FIELD_TEXT] = "text",       [FIELD_ENUM] = "enum",
    [FIELD_INTEGER] = "integer", [FIELD_DECIMAL] = "decimal",
    [FIELD_MONEY] = "money",     [FIELD_DURATION] = "duration",
    [FIELD_DATE] = "date",       [FIELD_TIMESTAMP] = "timestamp",
    [FIELD_PERSON] = "person",   [FIELD_URL] = "url",
    [FIELD_TAG] = "tag",         [FIELD_ANY] = "any",
};
#define TYPE_COUNT (sizeof type_names / sizeof *type_names)

static const char *const field_keys[] = {"type", "list",     "values",      "aliases",
                                         "from", "required", "recommended", NULL};

const char *field_type_name(enum field_type t)
{
    return type_names[t];
}

/* ---- values of an enum ---- */

static struct draft_value *value_add(struct builder *b, struct draft_field *d,
                                     const struct yaml *name)
{
    struct draft_value *v = arena_alloc(b->a, sizeof *v);

    v->name = slice_trim(name->value);
    if (!naming_claim(b, &d->value_names, v, v->name, name))
        return NULL;
    list_push(b->a, &d->values, v);
    return v;
}

/* The value that has this very name; an alias is not enough. */
static struct draft_value *value_named(const struct draft_field *d, struct slice name)
{
    struct holder *h = naming_find(&d->value_names, name);

    return h && h->canonical ? h->thing : NULL;
}

/* pm itself speaks of a draft and of what is published, so these three are what there is. */
static bool values_are_fixed(const struct draft_field *d)
{
    return slice_eqz(d->f.name, "status") && d->f.source.origin != ORIGIN_OWN;
}

static void complain_value(struct builder *b, const struct draft_field *d, const struct yaml *name)
{
    struct spell contest;
    struct problem *p =
        COMPLAIN(b, name->span,
                 "'" SLICE_FMT "' is not a value of field '" SLICE_FMT "', whose values are fixed",
                 SLICE_ARG(shown(name->value)), SLICE_ARG(d->f.name));

    spell_init(&contest, name->value);
    naming_offer(b, &d->value_names, &contest);
    hint_spelling(b->a, p, &contest, NULL);
}

/* A list says which values there are. A map that speaks of inherited values adds names to them and
 * further values after them; one that speaks of none of them says which there are. */
static bool values_replace(const struct draft_field *d, const struct yaml *node)
{
    if (values_are_fixed(d))
        return false;
    if (node->kind == YAML_LIST)
        return true;
    for (const struct yaml *child = node->first; child; child = child->next)
        if (value_named(d, child->key->value))
            return false;
    return true;
}

/* Forgets the values, but not what those among them are called that node names again. */
static void values_reset(struct builder *b, struct draft_field *d, struct yaml *node)
{
    struct naming old = d->value_names;
    struct list kept = {0};

    for (struct yaml *child = node->first; child; child = child->next) {
        struct yaml *name = child->key ? child->key : child;
        struct draft_value *v = name->kind == YAML_SCALAR ? value_named(d, name->value) : NULL;
        if (v)
            list_push(b->a, &kept, v);
    }
    d->value_names.holders = (struct map)MAP_INIT;
    for (size_t i = 0; i < old.holders.n; i++) {
        struct map_entry *e = &old.holders.entries[i];
        struct holder *h = e->value;
        for (size_t k = 0; k < kept.n; k++)
            if (h->thing == kept.v[k])
                map_put(&d->value_names.holders, slice_from(e->key, e->n), h);
    }
    naming_release(&old);
    d->values = kept;
}

static void apply_value(struct builder *b, struct draft_field *d, struct yaml *name,
                        struct yaml *aliases)
{
    struct draft_value *v = NULL;

    if (name->kind != YAML_SCALAR || !slice_trim(name->value).n) {
        COMPLAIN(b, name->span, "a value must be a text");
        return;
    }
    v = value_named(d, name->value);
    if (!v && values_are_fixed(d) && b->origin != ORIGIN_DEFAULT) {
        complain_value(b, d, name);
        return;
    }
    if (!v)
        v = value_add(b, d, name);
    if (v)
        naming_aliases(b, &d->value_names, v, v->name, aliases);
}

static void apply_values(struct builder *b, struct draft_field *d, struct yaml *node)
{
    if (!node || node->kind == YAML_NULL)
        return;
    if (node->kind == YAML_SCALAR) {
        COMPLAIN(b, node->span, "values must be a list, or a map of values to their aliases");
        return;
    }
    if (d->f.type != FIELD_ENUM) {
        COMPLAIN(b, node->span, "field '" SLICE_FMT "' is a %s: only an enum has values",
                 SLICE_ARG(shown(d->f.name)), field_type_name(d->f.type));
        return;
    }
    if (values_replace(d, node))
        values_reset(b, d, node);
    for (struct yaml *child = node->first; child; child = child->next)
        apply_value(b, d, child->key ? child->key : child, child->key ? child : NULL);
}

/* ---- fields ---- */

static bool type_of(struct slice word, enum field_type *type, bool *list)
{
    bool many = slice_starts(word, SLICE("list of "));

    if (many)
        word = slice_sub(word, sizeof "list of " - 1, word.n);
    for (size_t t = 0; t < TYPE_COUNT; t++) {
        if (slice_eqz(word, type_names[t])) {
            *type = (enum field_type)t;
            *list = *list || many;
            return true;
        }
    }
    return false;
}

static void complain_type(struct builder *b, const struct yaml *node, struct slice word)
{
    struct spell contest;
    struct problem *p =
        COMPLAIN(b, node->span, "unknown type '" SLICE_FMT "'", SLICE_ARG(shown(word)));

    spell_init(&contest, word);
    for (size_t t = 0; t < TYPE_COUNT; t++)
        spell_offer(&contest, slice_of(type_names[t]));
    hint_spelling(b->a, p, &contest,
                  "the types are text, enum, integer, decimal, money, duration, "
                  "date, timestamp, person, url, tag and any");
}

/* An inherited text may become something more precise; the other types are computed with. */
static void apply_type(struct builder *b, struct draft_field *d, const struct yaml *spec)
{
    const struct yaml *type_node = yaml_get(spec, "type"), *list_node = yaml_get(spec, "list");
    const bool inherited = d->f.source.origin != b->origin;
    enum field_type type = d->f.type;
    bool list = d->f.list;
    struct slice word;

    if (!type_node && type == FIELD_TEXT && yaml_get(spec, "values"))
        type = FIELD_ENUM;
    if (node_text(b, type_node, "type", &word) && !type_of(word, &type, &list)) {
        complain_type(b, type_node, word);
        type = yaml_get(spec, "values") ? FIELD_ENUM : type; /* one mistake, one finding */
    }
    node_yes_no(b, list_node, "list", &list);
    if (inherited && type != d->f.type && d->f.type != FIELD_TEXT) {
        COMPLAIN(b, type_node->span, "field '" SLICE_FMT "' is a %s: its type cannot change",
                 SLICE_ARG(d->f.name), field_type_name(d->f.type));
    } else if (type_node || type != d->f.type) {
        d->f.type = type;
        d->f.type_source = node_source(b, type_node ? type_node : spec->key);
    }
    if (inherited && list != d->f.list) {
        COMPLAIN(b, (list_node ? list_node : type_node)->span,
                 "field '" SLICE_FMT "' holds %s: "
                 "that cannot change",
                 SLICE_ARG(d->f.name), d->f.list ? "a list" : "one value");
    } else if (list_node || list != d->f.list) {
        d->f.list = list;
        d->f.list_source = node_source(b, list_node ? list_node : type_node);
    }
}

static bool name_is_sound(struct slice name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ' ||
            slice_chr(SLICE(":,\"'()*<>=`"), name.p[i], 0) != SIZE_MAX)
            return false;
    return name.n && name.n <= 64;
}

/* A field of the repository's own says what type it is. One that does not, and is nearly called
 * like a known one, was meant to be that. */
static bool complain_typeless(struct builder *b, const struct yaml *key)
{
    struct spell contest;

    spell_init(&contest, key->value);
    naming_offer(b, &b->fields_named, &contest);
    struct problem *p =
        contest.best.n
            ? COMPLAIN(b, key->span, "unknown field '" SLICE_FMT "', and a new one states its type",
                       SLICE_ARG(shown(key->value)))
            : COMPLAIN(b, key->span, "field '" SLICE_FMT "' is new and states no type",
                       SLICE_ARG(shown(key->value)));
    p->subject = key->value;
    hint_spelling(b->a, p, &contest, "say for example `type: text`");
    return contest.best.n > 0;
}

/* Its complaint explains why there is no type, or that there is a misspelt one. */
static bool has_unknown_key(const struct yaml *spec)
{
    for (const struct yaml *child = spec->first; child; child = child->next) {
        size_t i = 0;
        while (field_keys[i] && !slice_eqz(child->key->value, field_keys[i]))
            i++;
        if (!field_keys[i])
            return true;
    }
    return false;
}

static struct draft_field *field_add(struct builder *b, const struct yaml *key,
                                     const struct yaml *spec)
{
    struct slice name = slice_trim(key->value);
    struct draft_field *d;

    if (!name_is_sound(name)) {
        COMPLAIN(b, key->span, "'" SLICE_FMT "' is no name of a field", SLICE_ARG(shown(name)));
        return NULL;
    }
    bool typed = spec->kind == YAML_MAP && (yaml_get(spec, "type") || yaml_get(spec, "values") ||
                                            has_unknown_key(spec));
    if (spec->kind != YAML_SCALAR && spec->kind != YAML_LIST && !typed && complain_typeless(b, key))
        return NULL;
    d = arena_alloc(b->a, sizeof *d);
    d->f.name = name;
    d->f.source = node_source(b, key);
    d->value_names = (struct naming){MAP_INIT, fold_word, "value"};
    if (!naming_claim(b, &b->fields_named, d, name, key))
        return NULL;
    list_push(b->a, &b->fields, d);
    return d;
}

/* The field that a key of `fields:` speaks of, by any of its names. */
static struct draft_field *field_given(struct builder *b, const struct yaml *key,
                                       const struct yaml *spec)
{
    struct holder *h = naming_find(&b->fields_named, key->value);
    struct draft_field *d = h ? h->thing : field_add(b, key, spec);

    if (d && d->given) {
        COMPLAIN(b, key->span, "field '" SLICE_FMT "' is given twice", SLICE_ARG(d->f.name));
        return NULL;
    }
    if (d)
        d->given = true;
    return d;
}

static void apply_field(struct builder *b, struct yaml *spec)
{
    struct draft_field *d = field_given(b, spec->key, spec);

    if (!d || !node_map(b, spec, "a field", field_keys))
        return;
    apply_type(b, d, spec);
    apply_values(b, d, yaml_get(spec, "values"));
    if (d->f.type == FIELD_ENUM && !d->values.n)
        COMPLAIN(b, spec->key->span, "field '" SLICE_FMT "' is an enum without values",
                 SLICE_ARG(shown(d->f.name)));
    naming_aliases(b, &b->fields_named, d, d->f.name, yaml_get(spec, "aliases"));
    if (node_text(b, yaml_get(spec, "from"), "from", &d->f.from))
        d->f.from_source = node_source(b, yaml_get(spec, "from"));
    node_need(b, yaml_get(spec, "required"), "required", &d->f.required);
    node_need(b, yaml_get(spec, "recommended"), "recommended", &d->f.recommended);
    d->f.source = node_source(b, spec->key);
}

void apply_fields(struct builder *b, struct yaml *node)
{
    if (!node_map(b, node, "fields", NULL))
        return;
    for (size_t i = 0; i < b->fields.n; i++)
        ((struct draft_field *)b->fields.v[i])->given = false;
    for (struct yaml *spec = node->first; spec; spec = spec->next)
        apply_field(b, spec);
}

/* ---- the table at the end ---- */

static void finish_values(struct builder *b, struct draft_field *d)
{
    struct field *f = &d->f;

    naming_deal(&d->value_names, b->a);
    f->nvalues = d->values.n;
    f->values = arena_array(b->a, f->nvalues, sizeof *f->values);
    for (size_t i = 0; i < f->nvalues; i++) {
        struct draft_value *v = d->values.v[i];
        v->index = i;
        f->values[i].name = v->name;
        f->values[i].names = names_of(&v->named, b->a);
    }
}

/* Which field a key of the front matter goes to when a field is read `from` it. */
static void finish_from(struct builder *b, struct field *f)
{
    struct str folded = STR_INIT;

    fold_word(&folded, f->from);
    struct field *other = map_get(&b->s->from_names, str_slice(&folded));
    if (other)
        COMPLAIN(b, f->source.span,
                 "fields '" SLICE_FMT "' and '" SLICE_FMT "' are both read from '" SLICE_FMT "'",
                 SLICE_ARG(shown(other->name)), SLICE_ARG(shown(f->name)),
                 SLICE_ARG(shown(f->from)));
    else
        map_put(&b->s->from_names, str_slice(&folded), f);
    str_release(&folded);
}

void finish_fields(struct builder *b)
{
    struct schema *s = b->s;

    naming_deal(&b->fields_named, b->a);
    s->nfields = b->fields.n;
    s->fields = arena_array(b->a, s->nfields, sizeof *s->fields);
    for (size_t i = 0; i < s->nfields; i++) {
        struct draft_field *d = b->fields.v[i];
        struct field *f = &s->fields[i];
        finish_values(b, d);
        d->f.index = i;
        d->f.names = names_of(&d->named, b->a);
        naming_release(&d->value_names);
        *f = d->f;
        for (size_t k = 0; k < f->names.n; k++)
            map_put(&s->field_names, f->names.folded[k], f);
        if (f->from.n)
            finish_from(b, f);
    }
}
