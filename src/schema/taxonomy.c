#include "pm/taxonomy.h"

#include "build.h"
#include "pm/caps.h"
#include "pm/path.h"
#include "pm/utf8.h"

#define TAG_DEPTH 8u /* words of a tag */
#define TAG_BYTES 128u

static const char *const file_keys[] = {"version", "tags", NULL};
static const char *const tag_keys[] = {"description", "aliases", "deprecated", "tags", NULL};

struct draft_tag {
    struct tag t;
    size_t index;
};

struct tag_builder {
    struct schema *s;
    struct arena *a;
    struct list tags; /* of struct draft_tag */
};

#define TAG_COMPLAIN(b, span, ...)                                                                 \
    problem_add(&(b)->s->tag_problems, (b)->a, PROBLEM_SCHEMA, (span), __VA_ARGS__)

/* ---- tags as text ---- */

bool tag_valid(struct slice tag)
{
    size_t at = 0;
    bool word = false; /* the last character can end a word */

    while (at < tag.n) {
        uint32_t c = utf8_next(tag, &at);
        if (c == '/' || c == '-') {
            if (!word && (c == '/' || at == 1 || tag.p[at - 2] == '/'))
                return false;
            word = false;
        } else if (!utf8_is_letter(c)) {
            return false;
        } else {
            word = true;
        }
    }
    return word;
}

bool tag_within(struct slice tag, struct slice ancestor)
{
    return ancestor.n && slice_starts(tag, ancestor) &&
           (tag.n == ancestor.n || tag.p[ancestor.n] == '/');
}

/* Lower case, '-' for blanks and '_', none of them at the ends of a word. */
static void tag_fold(struct str *out, struct slice name)
{
    struct str folded = STR_INIT;
    const size_t start = out->n;
    bool gap = false;

    utf8_fold(&folded, name);
    for (size_t i = 0; i < folded.n; i++) {
        char c = folded.p[i];
        if (ascii_is_space((unsigned char)c) || c == '_' || c == '-') {
            gap = out->n > start && out->p[out->n - 1] != '/';
            continue;
        }
        if (gap && c != '/')
            str_addc(out, '-');
        gap = false;
        str_addc(out, c);
    }
    str_release(&folded);
}

const struct tag *taxonomy_find(const struct taxonomy *t, struct slice name)
{
    struct str folded = STR_INIT;

    tag_fold(&folded, name);
    const struct tag *tag = map_get(&t->names, str_slice(&folded));
    str_release(&folded);
    return tag;
}

static void offer(struct spell *spell, const struct tag **nearest, const struct tag *tag,
                  struct slice name)
{
    size_t before = spell->distance;
    spell_offer(spell, name);
    if (spell->distance < before)
        *nearest = tag;
}

const struct tag *taxonomy_nearest(const struct taxonomy *t, struct slice name)
{
    const struct tag *nearest = NULL;
    struct spell spell;

    for (size_t at = slice_chr(name, '/', 0); at != SIZE_MAX; at = slice_chr(name, '/', at + 1)) {
        const struct tag *last = taxonomy_find(t, slice_sub(name, at + 1, name.n));
        if (last)
            return last;
    }
    spell_init(&spell, name);
    for (size_t i = 0; i < t->ntags; i++) {
        const struct tag *tag = &t->tags[i];
        offer(&spell, &nearest, tag, tag->name);
        offer(&spell, &nearest, tag, path_base(tag->name));
        for (size_t k = 0; k < tag->naliases; k++)
            offer(&spell, &nearest, tag, tag->aliases[k]);
    }
    return spell.best.n ? nearest : NULL;
}

struct slice taxonomy_canonical(const struct taxonomy *t, struct slice name, struct arena *a)
{
    const struct tag *tag = taxonomy_find(t, name);
    struct str folded = STR_INIT;

    if (tag)
        return tag->name;
    tag_fold(&folded, name);
    struct slice canonical = arena_dup(a, str_slice(&folded));
    str_release(&folded);
    return canonical;
}

/* ---- .pm/tags.yaml ---- */

static bool claim(struct tag_builder *b, struct draft_tag *tag, const struct yaml *name,
                  struct slice folded)
{
    const struct draft_tag *other = map_get(&b->s->taxonomy.names, folded);

    if (other && other != tag) {
        TAG_COMPLAIN(b, name->span, "'" SLICE_FMT "' is a name of tag '" SLICE_FMT "' already",
                     SLICE_ARG(shown(name->value)), SLICE_ARG(shown(other->t.name)));
        return false;
    }
    map_put(&b->s->taxonomy.names, folded, tag);
    return true;
}

/* The tag of this name, with its parents: `a/b` is below `a`, stated or not. */
static struct draft_tag *tag_of(struct tag_builder *b, struct slice name, const struct yaml *key)
{
    struct draft_tag *tag = map_get(&b->s->taxonomy.names, name);

    if (tag && slice_eq(tag->t.name, name))
        return tag;
    for (size_t end = slice_chr(name, '/', 0); end != SIZE_MAX; end = slice_chr(name, '/', end + 1))
        if (!tag_of(b, slice_sub(name, 0, end), key))
            return NULL;
    tag = arena_alloc(b->a, sizeof *tag);
    tag->t.name = name;
    tag->index = b->tags.n;
    if (!claim(b, tag, key, name))
        return NULL;
    list_push(b->a, &b->tags, tag);
    return tag;
}

static void read_aliases(struct tag_builder *b, struct draft_tag *tag, const struct yaml *node)
{
    const struct yaml *first = node && node->kind == YAML_LIST ? node->first : node;
    struct str folded = STR_INIT;

    if (!node || node->kind == YAML_NULL)
        return;
    tag->t.aliases =
        arena_array(b->a, node->kind == YAML_LIST ? node->count : 1, sizeof *tag->t.aliases);
    for (const struct yaml *alias = first; alias; alias = alias == node ? NULL : alias->next) {
        str_clear(&folded);
        if (alias->kind == YAML_SCALAR)
            tag_fold(&folded, alias->value);
        if (!folded.n)
            TAG_COMPLAIN(b, alias->span, "an alias must be a text");
        else if (claim(b, tag, alias, str_slice(&folded)))
            tag->t.aliases[tag->t.naliases++] = arena_dup(b->a, str_slice(&folded));
    }
    str_release(&folded);
}

static void read_text(struct tag_builder *b, const struct yaml *node, const char *what,
                      struct slice *out)
{
    if (!node)
        return;
    if (node->kind == YAML_SCALAR)
        *out = slice_trim(node->value);
    else
        TAG_COMPLAIN(b, node->span, "%s must be a text", what);
}

static bool check_keys(struct tag_builder *b, const struct yaml *map, const char *what,
                       const char *const *known)
{
    if (map->kind != YAML_MAP) {
        TAG_COMPLAIN(b, map->span, "%s must be a map of keys and values", what);
        return false;
    }
    for (const struct yaml *child = map->first; child; child = child->next) {
        struct spell contest;
        bool found = false;
        spell_init(&contest, child->key->value);
        for (size_t i = 0; known[i]; i++) {
            found = found || slice_eqz(child->key->value, known[i]);
            spell_offer(&contest, slice_of(known[i]));
        }
        if (found)
            continue;
        struct problem *p = TAG_COMPLAIN(b, child->key->span, "unknown key '" SLICE_FMT "' in %s",
                                         SLICE_ARG(shown(child->key->value)), what);
        hint_spelling(b->a, p, &contest, "tags below a tag stand under its key `tags`");
    }
    return true;
}

static void read_tags(struct tag_builder *b, struct slice parent, const struct yaml *node,
                      size_t depth);

/* A tag is a map, or its description alone. */
static void read_tag(struct tag_builder *b, struct slice parent, const struct yaml *spec,
                     size_t depth)
{
    struct str name = STR_INIT;
    struct slice whole;
    struct draft_tag *tag = NULL;

    str_adds(&name, parent);
    if (parent.n)
        str_addc(&name, '/');
    tag_fold(&name, spec->key->value);
    whole = arena_dup(b->a, str_slice(&name));
    str_release(&name);
    if (!tag_valid(whole) || whole.n > TAG_BYTES)
        TAG_COMPLAIN(b, spec->key->span,
                     "'" SLICE_FMT "' is not a tag: words of letters, digits "
                     "and '-', joined by '/'",
                     SLICE_ARG(shown(spec->key->value)));
    else
        tag = tag_of(b, whole, spec->key);
    if (!tag)
        return;
    if (tag->t.span.end) {
        TAG_COMPLAIN(b, spec->key->span, "tag '" SLICE_FMT "' is given twice",
                     SLICE_ARG(shown(tag->t.name)));
        return;
    }
    tag->t.span = spec->key->span;
    if (spec->kind == YAML_SCALAR)
        tag->t.description = slice_trim(spec->value);
    else if (spec->kind != YAML_NULL && check_keys(b, spec, "a tag", tag_keys)) {
        read_text(b, yaml_get(spec, "description"), "description", &tag->t.description);
        read_text(b, yaml_get(spec, "deprecated"), "deprecated", &tag->t.deprecated);
        read_aliases(b, tag, yaml_get(spec, "aliases"));
        read_tags(b, tag->t.name, yaml_get(spec, "tags"), depth + 1);
    }
}

static void read_tags(struct tag_builder *b, struct slice parent, const struct yaml *node,
                      size_t depth)
{
    if (!node || node->kind == YAML_NULL)
        return;
    if (node->kind != YAML_MAP) {
        TAG_COMPLAIN(b, node->span, "tags must be a map of tags to their descriptions");
        return;
    }
    if (depth >= TAG_DEPTH) {
        TAG_COMPLAIN(b, node->span, "tags are nested deeper than %u", TAG_DEPTH);
        return;
    }
    for (const struct yaml *spec = node->first; spec; spec = spec->next)
        read_tag(b, parent, spec, depth);
}

/* Checks `deprecated: use/this` once all tags are known. */
static void check_deprecated(struct tag_builder *b, struct tag *tag)
{
    const struct tag *instead = taxonomy_find(&b->s->taxonomy, tag->deprecated);
    struct spell contest;

    if (instead && instead != tag) {
        tag->deprecated = instead->name;
        return;
    }
    struct problem *p = TAG_COMPLAIN(
        b, tag->span, "tag '" SLICE_FMT "' is deprecated for '" SLICE_FMT "', which is %s",
        SLICE_ARG(shown(tag->name)), SLICE_ARG(shown(tag->deprecated)),
        instead ? "itself" : "not a tag");
    spell_init(&contest, tag->deprecated);
    for (size_t i = 0; i < b->tags.n && b->s->tag_problems.n < GUESSES; i++)
        spell_offer(&contest, ((struct draft_tag *)b->tags.v[i])->t.name);
    if (!instead)
        hint_spelling(b->a, p, &contest, NULL);
}

/* The tags in one array, where their names lead from now on. */
static void finish(struct tag_builder *b)
{
    struct taxonomy *t = &b->s->taxonomy;

    t->ntags = b->tags.n;
    t->tags = arena_array(b->a, t->ntags, sizeof *t->tags);
    for (size_t i = 0; i < t->ntags; i++)
        t->tags[i] = ((struct draft_tag *)b->tags.v[i])->t;
    for (size_t i = 0; i < t->names.n; i++) {
        const struct map_entry *e = &t->names.entries[i];
        const struct draft_tag *draft = e->value;
        map_put(&t->names, slice_from(e->key, e->n), &t->tags[draft->index]);
    }
    for (size_t i = 0; i < t->ntags; i++)
        if (t->tags[i].deprecated.n)
            check_deprecated(b, &t->tags[i]);
}

void taxonomy_load(struct schema *s, struct slice text)
{
    struct tag_builder b = {.s = s, .a = &s->arena};
    const struct yaml *root, *version;

    s->taxonomy.closed = true;
    if (text.n > CAP_SCHEMA_BYTES) {
        TAG_COMPLAIN(&b, ((struct span){0, 0}), "the taxonomy is larger than %u bytes",
                     CAP_SCHEMA_BYTES);
        return;
    }
    root = yaml_parse(arena_dup(b.a, text), 0, b.a, &s->tag_problems);
    for (size_t i = 0; i < s->tag_problems.n; i++)
        s->tag_problems.v[i].kind = PROBLEM_SCHEMA;
    if (!root || root->kind == YAML_NULL || !check_keys(&b, root, "the taxonomy", file_keys))
        return;
    version = yaml_get(root, "version");
    if (version && !yaml_is(version, "1"))
        TAG_COMPLAIN(&b, version->span,
                     "version must be 1: this is the only one that this pm knows");
    read_tags(&b, slice_of(NULL), yaml_get(root, "tags"), 0);
    finish(&b);
}
