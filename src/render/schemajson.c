#include <jansson.h>

#include "pm/json.h"
#include "pm/utf8.h"

/* What pm accepts is wider than what a JSON Schema can say: names and values fold, and times are
 * read in many forms. So each type is what editors can complete and name, or a pattern that
 * everything matches that pm reads. */

/* ---- patterns ---- */

/* A folded name, in any case, its words joined in any way: [sS][eE][vV][ _-]*1 */
static void add_folded(struct str *out, struct slice folded)
{
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i], lower = ascii_lower(c);
        if (c == ' ' || c == '-')
            str_addz(out, "[ _-]*");
        else if (ascii_is_alpha((unsigned char)c))
            str_addf(out, "[%c%c]", lower, lower - 'a' + 'A');
        else if (slice_chr(SLICE("^$\\.*+?()[]{}|/"), c, 0) != SIZE_MAX)
            str_addf(out, "\\%c", c);
        else
            str_addc(out, c);
    }
}

struct pattern {
    struct str text;
    size_t n;
    bool key; /* of a value: punctuation around it and what follows in parentheses fold away */
};

static void pattern_add(struct pattern *p, struct slice folded)
{
    str_addz(&p->text, p->n++ ? "|" : p->key ? "^(?:" : "^[^0-9A-Za-z]*(?:");
    add_folded(&p->text, folded);
}

static json_t *pattern_end(struct pattern *p)
{
    if (p->n)
        str_addz(&p->text, p->key ? ")$" : ")[^0-9A-Za-z]*(?:[(（].*)?$");
    json_t *j = json_of_text(str_slice(&p->text));
    str_release(&p->text);
    return j;
}

/* ---- values ---- */

static json_t *reference(struct slice field)
{
    struct str to = STR_INIT;
    str_addz(&to, "#/$defs/");
    for (size_t i = 0; i < field.n; i++) {
        unsigned char c = (unsigned char)field.p[i];
        if (ascii_is_alnum(c) || c == '_' || c == '-' || c == '.')
            str_addc(&to, (char)c);
        else if (c == '~' || c == '/')
            str_addz(&to, c == '~' ? "~0" : "~1");
        else
            str_addf(&to, "%%%02X", c);
    }
    json_t *j = json_pack("{s:o}", "$ref", json_of_text(str_slice(&to)));
    str_release(&to);
    return j;
}

/* Editors read 1 and true as a number and a boolean, where pm reads what is written. */
static void add_spelling(json_t *list, struct slice spelling)
{
    int64_t number;
    json_array_append_new(list, json_of_text(spelling));
    if (slice_i64(spelling, INT64_MIN, INT64_MAX, &number))
        json_array_append_new(list, json_integer(number));
    else if (slice_eqz(spelling, "true") || slice_eqz(spelling, "false"))
        json_array_append_new(list, json_boolean(slice_eqz(spelling, "true")));
}

/* Names first: they are what editors offer first. */
static void add_enum(json_t *choices, const struct field *f)
{
    struct pattern all = {.text = STR_INIT};
    json_t *spellings = json_array();
    for (size_t i = 0; i < f->nvalues; i++)
        add_spelling(spellings, f->values[i].name);
    for (size_t i = 0; i < f->nvalues; i++) {
        const struct names *names = &f->values[i].names;
        for (size_t k = 0; k < names->n; k++) {
            if (k > 0)
                add_spelling(spellings, names->spellings[k].text);
            pattern_add(&all, names->folded[k]);
        }
    }
    json_array_append_new(choices, json_pack("{s:o}", "enum", spellings));
    json_array_append_new(choices, json_pack("{s:s, s:o}", "type", "string", "pattern",
                                             pattern_end(&all)));
}

static bool is_level(const struct schema *s, enum rule rule, enum level asked)
{
    enum level level = rule_default_level(rule);
    for (size_t i = 0; i < s->nlevels; i++)
        if (slice_eqz(s->levels[i].rule, rule_name(rule)))
            level_by_name(s->levels[i].level, &level);
    return level == asked;
}

static json_t *any_text(void)
{
    return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
}

/* Deprecated tags are read, and not offered. */
static void add_tags(json_t *choices, const struct schema *s)
{
    const struct taxonomy *t = &s->taxonomy;
    struct pattern all = {.text = STR_INIT};
    json_t *names;
    if (!t->ntags || !is_level(s, RULE_UNKNOWN_TAG, LEVEL_ERROR)) {
        json_array_append_new(choices, any_text());
        return;
    }
    names = json_array();
    for (size_t i = 0; i < t->ntags; i++) {
        if (!t->tags[i].deprecated.n)
            add_spelling(names, t->tags[i].name);
        pattern_add(&all, t->tags[i].name);
        for (size_t k = 0; k < t->tags[i].naliases; k++)
            pattern_add(&all, t->tags[i].aliases[k]);
    }
    json_array_append_new(choices, json_pack("{s:o}", "enum", names));
    json_array_append_new(choices, json_pack("{s:s, s:o}", "type", "string", "pattern",
                                             pattern_end(&all)));
}

static void add_format(json_t *choices, const char *format)
{
    json_array_append_new(choices, json_pack("{s:s, s:s}", "type", "string", "format", format));
}

static void add_digits(json_t *choices, const char *number)
{
    if (number)
        json_array_append_new(choices, json_pack("{s:s}", "type", number));
    json_array_append_new(choices,
                          json_pack("{s:s, s:s}", "type", "string", "pattern", "[0-9０-９]"));
}

static void add_type(json_t *choices, const struct schema *s, const struct field *f)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_PERSON:
        json_array_append_new(choices, any_text());
        break;
    case FIELD_ENUM:
        add_enum(choices, f);
        break;
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_MONEY:
        add_digits(choices, f->type == FIELD_INTEGER ? "integer" : "number");
        break;
    case FIELD_DURATION:
        add_digits(choices, NULL);
        break;
    case FIELD_TIMESTAMP:
        add_format(choices, "date-time");
        add_format(choices, "date");
        add_digits(choices, "integer");
        break;
    case FIELD_DATE:
        add_format(choices, "date");
        add_digits(choices, "integer");
        break;
    case FIELD_URL:
        add_format(choices, "uri");
        json_array_append_new(choices,
                              json_pack("{s:s, s:s}", "type", "string", "pattern", "^\\S*$"));
        break;
    case FIELD_TAG:
        add_tags(choices, s);
        break;
    case FIELD_ANY:
        json_array_append_new(choices, json_true());
        break;
    }
}

/* ---- fields ---- */

static json_t *description_of(const struct field *f)
{
    static const char *const how[] = {
        [FIELD_TEXT] = "Text",
        [FIELD_ENUM] = "One of the values",
        [FIELD_INTEGER] = "A whole number, such as 1200",
        [FIELD_DECIMAL] = "A number, such as 99.5",
        [FIELD_MONEY] = "Money, such as 1200 EUR",
        [FIELD_DURATION] = "A duration, such as 90m or 1h 30m",
        [FIELD_DATE] = "A date, such as 2026-03-17",
        [FIELD_TIMESTAMP] = "A time, such as 2026-03-17T14:10+01:00",
        [FIELD_PERSON] = "A person, such as alice",
        [FIELD_URL] = "A URL",
        [FIELD_TAG] = "A tag, such as change/config",
        [FIELD_ANY] = "Keys and values of your choice",
    };
    const struct need *needs[] = {&f->required, &f->recommended};
    struct str out = STR_INIT;
    str_addf(&out, "%s%s.", how[f->type], f->list ? "; one or a list" : "");
    for (size_t i = 0; i < 2; i++)
        if (needs[i]->kind != NEED_NO)
            str_addf(&out, " %s%s" SLICE_FMT ".", i ? "Recommended" : "Required",
                     needs[i]->kind == NEED_WHEN ? " where " : "", SLICE_ARG(needs[i]->when));
    if (f->names.n > 1 && !f->from.n)
        str_addz(&out, " Other names:");
    for (size_t i = 1; i < f->names.n && !f->from.n; i++)
        str_addf(&out, "%s " SLICE_FMT, i > 1 ? "," : "", SLICE_ARG(f->names.spellings[i].text));
    json_t *j = json_of_text(str_slice(&out));
    str_release(&out);
    return j;
}

/* One value, or a list: what takes one value takes a list of one. Commas separate values too. */
static json_t *definition_of(const struct schema *s, const struct field *f)
{
    if (f->type == FIELD_ANY)
        return json_pack("{s:o, s:o}", "title", json_of_text(f->name), "description",
                         description_of(f));
    json_t *choices = json_array(), *list;
    add_type(choices, s, f);
    json_array_append_new(choices, json_pack("{s:s}", "$ref", "#/$defs/no value"));
    list = json_pack("{s:s, s:{s:o}}", "type", "array", "items", "anyOf", json_copy(choices));
    if (f->list)
        json_array_append_new(choices, json_pack("{s:s, s:s}", "type", "string", "pattern", ","));
    else
        json_object_set_new(list, "maxItems", json_integer(1));
    json_array_append_new(choices, list);
    return json_pack("{s:o, s:o, s:o}", "title", json_of_text(f->name), "description",
                     description_of(f), "anyOf", choices);
}

static struct slice key_of(const struct field *f)
{
    return f->from.n ? f->from : f->name;
}

/* Below `roles`, where the key is roles.commander. */
static void add_property(json_t *properties, struct slice key, struct slice field)
{
    struct str name = STR_INIT;
    size_t dot;
    while ((dot = slice_chr(key, '.', 0)) != SIZE_MAX) {
        str_clear(&name);
        str_adds(&name, slice_sub(key, 0, dot));
        json_t *outer = json_object_get(properties, name.p);
        if (!outer) {
            outer = json_object();
            json_object_set_new(properties, name.p, outer);
        }
        properties = json_object_get(outer, "properties");
        if (!properties) {
            properties = json_object();
            json_object_set_new(outer, "properties", properties);
        }
        key = slice_sub(key, dot + 1, key.n);
    }
    str_clear(&name);
    str_adds(&name, key);
    json_t *there = json_object_get(properties, name.p), *ref = reference(field);
    if (there)
        json_object_update_new(there, ref);
    else
        json_object_set_new(properties, name.p, ref);
    str_release(&name);
}

/* The pattern of all keys that are read into a field; null: other fields are read from all of them. */
static json_t *keys_of(const struct schema *s, const struct field *f)
{
    struct pattern all = {.text = STR_INIT, .key = true};
    struct str folded = STR_INIT;
    name_fold(&folded, f->from);
    if (folded.n)
        pattern_add(&all, str_slice(&folded));
    str_release(&folded);
    for (size_t i = 0; i < f->names.n && !f->from.n; i++)
        if (schema_key(s, f->names.folded[i]) == f)
            pattern_add(&all, f->names.folded[i]);
    return pattern_end(&all);
}

/* A document's title and id are there without being stated. A key in another spelling is told by the
 * pattern: not all names of properties fail to match it. */
static void add_required(json_t *all, const struct field *f, json_t *pattern)
{
    struct slice key = key_of(f);
    if (f->required.kind != NEED_YES || slice_chr(key, '.', 0) != SIZE_MAX ||
        slice_eqz(f->name, "title") || slice_eqz(f->name, "id"))
        return;
    json_array_append_new(
        all, json_pack("{s:[{s:[o]}, {s:{s:{s:{s:O}}}}]}", "anyOf", "required", json_of_text(key),
                       "not", "propertyNames", "not", "pattern", pattern));
}

/* ---- the whole ---- */

/* The words that stand for no value; drafts have those of work to be done. */
static json_t *no_value(void)
{
    static const char *const answers[] = {"unknown", "n/a", "tbd", "todo"};
    struct pattern all = {.text = STR_INIT};
    json_t *offered = json_array();
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        pattern_add(&all, slice_of(answers[i]));
    for (size_t i = 0; i < 2; i++)
        json_array_append_new(offered, json_string(answers[i]));
    for (const char *const *w = fact_unknown_words; *w; w++)
        pattern_add(&all, slice_of(*w));
    for (const char *const *w = fact_na_words; *w; w++)
        pattern_add(&all, slice_of(*w));
    return json_pack("{s:s, s:[{s:o}, {s:s}, {s:s, s:s}, {s:s, s:o}]}", "description",
                     "Asked, and not known (unknown) or not there (n/a).", "anyOf", "enum",
                     offered, "type", "null", "type", "string", "pattern", "^\\s*$", "type",
                     "string", "pattern", pattern_end(&all));
}

static json_t *identity(const struct schema *s)
{
    struct str id = STR_INIT;
    str_addf(&id, "urn:pm:front-matter:%016llx%016llx", (unsigned long long)s->digest[0],
             (unsigned long long)s->digest[1]);
    json_t *j = json_of_text(str_slice(&id));
    str_release(&id);
    return j;
}

void render_schema_json(struct str *out, const struct schema *s)
{
    json_t *properties = json_object(), *patterns = json_object(), *all = json_array();
    json_t *definitions = json_pack("{s:o}", "no value", no_value());
    struct str name = STR_INIT;
    for (size_t i = 0; i < s->nfields; i++) {
        const struct field *f = &s->fields[i];
        json_t *pattern = keys_of(s, f);
        str_clear(&name);
        str_adds(&name, f->name);
        json_object_set_new(definitions, name.p, definition_of(s, f));
        if (schema_key(s, key_of(f)) == f)
            add_property(properties, key_of(f), f->name);
        if (json_is_string(pattern)) {
            json_object_set_new(patterns, json_string_value(pattern), reference(f->name));
            add_required(all, f, pattern);
        }
        json_decref(pattern);
    }
    json_t *schema = json_pack(
        "{s:s, s:o, s:s, s:s, s:[s,s], s:o, s:o}", "$schema",
        "https://json-schema.org/draft/2020-12/schema", "$id", identity(s), "title",
        "Front matter of a postmortem", "description",
        "Other keys are allowed. Names and values fold: case, '-', '_' and blanks do not matter.",
        "type", "object", "null", "properties", properties, "patternProperties", patterns);
    if (json_array_size(all))
        json_object_set(schema, "allOf", all);
    json_decref(all);
    json_object_set_new(schema, "$defs", definitions);
    json_print(out, schema, true);
    str_release(&name);
}
