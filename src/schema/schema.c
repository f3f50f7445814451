#include "pm/schema.h"

#include <stdlib.h>

#include "build.h"
#include "pm/caps.h"
#include "pm/embed.h"
#include "pm/glob.h"
#include "pm/section.h"

#define LANGUAGE_VERSION "1"

static const char *const schema_keys[] = {
    "version", "extends",  "documents", "timezone", "id",      "slow_detection", "late_postmortem",
    "fields",  "sections", "one_of",    "facts",    "actions", "rules",          NULL};
static const char *const id_keys[] = {"pattern", NULL};

/* ---- the parts that are small ---- */

static void apply_version(struct builder *b, const struct yaml *node)
{
    if (node && !yaml_is(node, LANGUAGE_VERSION))
        COMPLAIN(b, node->span,
                 "version must be " LANGUAGE_VERSION ": this is the only one that this pm knows");
}

static bool glob_is_sound(struct slice glob, const char **why)
{
    if (slice_starts(glob, SLICE("/")))
        *why = "paths are relative to the top of the repository, without a leading '/'";
    else if (slice_eqz(glob, "..") || slice_starts(glob, SLICE("../")) ||
             slice_find(glob, SLICE("/../"), 0) != SIZE_MAX)
        *why = "it leaves the repository";
    else
        return glob_valid(glob, why);
    return false;
}

static void apply_documents(struct builder *b, struct yaml *node)
{
    struct list globs = node_texts(b, node, "documents");
    struct schema *s = b->s;
    const char *why;

    if (!globs.n)
        return;
    struct slice *documents = arena_array(b->a, globs.n, sizeof *documents);
    size_t n = 0;
    for (size_t i = 0; i < globs.n; i++) {
        const struct yaml *glob = globs.v[i];
        struct slice text = slice_trim(glob->value);
        if (glob_is_sound(text, &why))
            documents[n++] = text;
        else
            COMPLAIN(b, glob->span, "glob '" SLICE_FMT "': %s", SLICE_ARG(shown(text)), why);
    }
    if (!n)
        return;
    s->documents = documents;
    s->ndocuments = n;
    s->documents_own = b->origin == ORIGIN_OWN;
    s->documents_source = node_source(b, node);
}

/* Whether there is such a zone is known where zones are looked up; here only what cannot be one. */
static void apply_timezone(struct builder *b, const struct yaml *node)
{
    struct slice zone;

    if (!node_text(b, node, "timezone", &zone))
        return;
    for (size_t i = 0; i < zone.n; i++) {
        unsigned char c = (unsigned char)zone.p[i];
        if (!ascii_is_alnum(c) && slice_chr(SLICE("/_+-:"), (char)c, 0) == SIZE_MAX) {
            COMPLAIN(b, node->span,
                     "timezone must be a name such as Europe/Berlin or an offset "
                     "such as +01:00");
            return;
        }
    }
    b->s->timezone = zone;
    b->s->timezone_source = node_source(b, node);
}

static void apply_id(struct builder *b, const struct yaml *node)
{
    const struct yaml *pattern;
    struct slice text;
    const char *why;

    if (!node_map(b, node, "id", id_keys))
        return;
    pattern = yaml_get(node, "pattern");
    if (!node_text(b, pattern, "pattern", &text))
        return;
    if (!pattern_valid(text, &why)) {
        COMPLAIN(b, pattern->span, "id pattern '" SLICE_FMT "' %s", SLICE_ARG(shown(text)), why);
        return;
    }
    b->s->id_pattern = text;
    b->s->id_source = node_source(b, pattern);
}

static void apply_limit(struct builder *b, const struct yaml *node, const char *name,
                        int64_t *seconds, struct source *source)
{
    if (node_seconds(b, node, name, seconds))
        *source = node_source(b, node);
}

static void apply_levels(struct builder *b, struct yaml *node)
{
    struct schema *s = b->s;

    if (!node_map(b, node, "rules", NULL))
        return;
    s->levels = arena_array(b->a, node->count, sizeof *s->levels);
    s->nlevels = 0;
    for (const struct yaml *level = node->first; level; level = level->next) {
        struct slice text;
        if (node_text(b, level, "a rule's level", &text))
            s->levels[s->nlevels++] =
                (struct named_level){level->key->value, text, node_source(b, level->key)};
    }
}

static void apply(struct builder *b, const struct yaml *root)
{
    if (!node_map(b, root, "the schema", schema_keys))
        return;
    apply_version(b, yaml_get(root, "version"));
    apply_documents(b, yaml_get(root, "documents"));
    apply_timezone(b, yaml_get(root, "timezone"));
    apply_id(b, yaml_get(root, "id"));
    apply_limit(b, yaml_get(root, "slow_detection"), "slow_detection", &b->s->slow_detection,
                &b->s->slow_detection_source);
    apply_limit(b, yaml_get(root, "late_postmortem"), "late_postmortem", &b->s->late_postmortem,
                &b->s->late_postmortem_source);
    apply_fields(b, yaml_get(root, "fields"));
    apply_sections(b, yaml_get(root, "sections"));
    apply_one_of(b, yaml_get(root, "one_of"));
    apply_facts(b, yaml_get(root, "facts"));
    apply_actions(b, yaml_get(root, "actions"));
    apply_levels(b, yaml_get(root, "rules"));
}

/* ---- which files, in which order ---- */

static void apply_built_in(struct builder *b, const char *name, enum origin origin)
{
    const struct embedded *file = embedded_find(name);

    if (!file)
        BUG("'%s' is not built in", name);
    b->origin = origin;
    apply(b, yaml_parse(slice_from(file->data, file->n), 0, b->a, &b->s->problems));
    if (b->s->problems.n)
        BUG("%s: %s", name, b->s->problems.v[0].text);
}

static void forget_fields(struct builder *b)
{
    for (size_t i = 0; i < b->fields.n; i++)
        naming_release(&((struct draft_field *)b->fields.v[i])->value_names);
    naming_release(&b->fields_named);
    b->fields.n = 0;
}

/* `extends: none`: nothing is asked for and no field or section is known. Which files are documents
 * and the words of action items stay: without these nothing could be read at all. */
static void forget_what_is_asked(struct builder *b, const struct yaml *extends)
{
    forget_fields(b);
    naming_release(&b->sections_named);
    b->sections.n = b->one_of.n = 0;
    b->s->one_of_source = (struct source){0};
    for (size_t c = 0; c < ACTION_COLUMNS; c++)
        b->s->actions.required[c] = false;
    b->s->actions.required_source = node_source(b, extends);
    b->s->slow_detection = b->s->late_postmortem = 0;
}

static void apply_extends(struct builder *b, const struct yaml *root)
{
    const struct yaml *node = root && root->kind == YAML_MAP ? yaml_get(root, "extends") : NULL;
    struct slice base = SLICE("default");

    b->origin = ORIGIN_OWN;
    node_text(b, node, "extends", &base);
    if (slice_eqz(base, "none"))
        forget_what_is_asked(b, node);
    else if (slice_eqz(base, "strict"))
        apply_built_in(b, "schema/strict.yaml", ORIGIN_STRICT);
    else if (!slice_eqz(base, "default"))
        COMPLAIN(b, node->span, "extends must be default, strict or none");
}

static struct yaml *read_own(struct builder *b, struct slice text)
{
    struct problems *ps = &b->s->problems;

    if (text.n > CAP_SCHEMA_BYTES) {
        COMPLAIN(b, ((struct span){0, 0}), "the schema is larger than %u bytes", CAP_SCHEMA_BYTES);
        b->s->broken = true;
        return NULL;
    }
    struct yaml *root = yaml_parse(arena_dup(b->a, text), 0, b->a, ps);
    for (size_t i = 0; i < ps->n; i++)
        ps->v[i].kind = PROBLEM_SCHEMA;
    b->s->broken = !root && ps->n;
    return root;
}

static void builder_release(struct builder *b)
{
    forget_fields(b);
    naming_release(&b->sections_named);
    naming_release(&b->columns_named);
    naming_release(&b->states_named);
    naming_release(&b->types_named);
}

struct schema *schema_load(struct slice schema_yaml, bool has_schema, struct slice tags_yaml,
                           bool has_tags)
{
    struct schema *s = xcalloc(1, sizeof *s);
    struct builder b = {.s = s,
                        .a = &s->arena,
                        .fields_named = {MAP_INIT, fold_word, "field"},
                        .sections_named = {MAP_INIT, section_fold, "section"}};

    s->text = arena_dup(&s->arena, schema_yaml);
    s->tags_text = arena_dup(&s->arena, tags_yaml);
    words_init(&b);
    apply_built_in(&b, "schema/default.yaml", ORIGIN_DEFAULT);
    s->own = has_schema;
    if (has_schema) {
        struct yaml *root = read_own(&b, schema_yaml);
        apply_extends(&b, root);
        b.origin = ORIGIN_OWN;
        apply(&b, root);
    }
    finish_documents(&b);
    finish_fields(&b);
    finish_sections(&b);
    finish_actions(&b);
    builder_release(&b);
    if (has_tags)
        taxonomy_load(s, tags_yaml);
    schema_digest(s);
    return s;
}

void schema_free(struct schema *s)
{
    if (!s)
        return;
    map_release(&s->field_names);
    map_release(&s->from_names);
    map_release(&s->section_names);
    map_release(&s->column_names);
    map_release(&s->state_names);
    map_release(&s->type_names);
    map_release(&s->taxonomy.names);
    problems_release(&s->problems);
    problems_release(&s->tag_problems);
    arena_release(&s->arena);
    free(s);
}
