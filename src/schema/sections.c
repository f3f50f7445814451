#include "build.h"

#include "pm/document.h"

#define ALTERNATIVE_SECTIONS 4 /* as many as struct one_of has places */

static const char *const section_keys[] = {"kind",      "aliases",     "required", "recommended",
                                           "min_words", "min_entries", NULL};
static const char *const one_of_keys[] = {"sections", "required", NULL};
static const char *const kind_names[] = {
    [SECTION_TEXT] = "text",   [SECTION_TIMELINE] = "timeline", [SECTION_ACTIONS] = "actions",
    [SECTION_FACTS] = "facts", [SECTION_WHYS] = "whys",
};
#define KIND_COUNT (sizeof kind_names / sizeof *kind_names)

const char *section_kind_name(enum section_kind k)
{
    return kind_names[k];
}

static void apply_kind(struct builder *b, struct draft_section *d, const struct yaml *node)
{
    struct spell contest;
    struct slice word;

    if (!node_text(b, node, "kind", &word))
        return;
    spell_init(&contest, word);
    for (size_t k = 0; k < KIND_COUNT; k++) {
        if (slice_eqz(word, kind_names[k])) {
            d->r.kind = (enum section_kind)k;
            d->r.kind_source = node_source(b, node);
            return;
        }
        spell_offer(&contest, slice_of(kind_names[k]));
    }
    struct problem *p =
        COMPLAIN(b, node->span, "unknown kind of section '" SLICE_FMT "'", SLICE_ARG(shown(word)));
    hint_spelling(b->a, p, &contest, "the kinds are text, timeline, actions, facts and whys");
}

/* The section that a name speaks of, by any of its names; a new one where there is none. */
static struct draft_section *section_of(struct builder *b, const struct yaml *name)
{
    struct holder *h = naming_find(&b->sections_named, name->value);
    struct draft_section *d;

    if (h)
        return h->thing;
    d = arena_alloc(b->a, sizeof *d);
    d->r.name = slice_trim(name->value);
    d->r.source = node_source(b, name);
    if (!naming_claim(b, &b->sections_named, d, d->r.name, name))
        return NULL;
    list_push(b->a, &b->sections, d);
    return d;
}

static void apply_section(struct builder *b, struct yaml *spec)
{
    struct draft_section *d = section_of(b, spec->key);

    if (!d)
        return;
    if (d->given) {
        COMPLAIN(b, spec->key->span, "section '" SLICE_FMT "' is given twice",
                 SLICE_ARG(shown(d->r.name)));
        return;
    }
    d->given = true;
    if (!node_map(b, spec, "a section", section_keys))
        return;
    apply_kind(b, d, yaml_get(spec, "kind"));
    naming_aliases(b, &b->sections_named, d, d->r.name, yaml_get(spec, "aliases"));
    node_need(b, yaml_get(spec, "required"), "required", &d->r.required);
    node_need(b, yaml_get(spec, "recommended"), "recommended", &d->r.recommended);
    if (node_size(b, yaml_get(spec, "min_words"), "min_words", &d->r.min_words))
        d->r.min_words_source = node_source(b, yaml_get(spec, "min_words"));
    if (node_size(b, yaml_get(spec, "min_entries"), "min_entries", &d->r.min_entries))
        d->r.min_entries_source = node_source(b, yaml_get(spec, "min_entries"));
    d->r.source = node_source(b, spec->key);
}

void apply_sections(struct builder *b, struct yaml *node)
{
    if (!node_map(b, node, "sections", NULL))
        return;
    for (size_t i = 0; i < b->sections.n; i++)
        ((struct draft_section *)b->sections.v[i])->given = false;
    for (struct yaml *spec = node->first; spec; spec = spec->next)
        apply_section(b, spec);
}

void apply_facts(struct builder *b, struct yaml *node)
{
    struct list names = node_texts(b, node, "facts");

    for (size_t i = 0; i < names.n; i++) {
        struct draft_section *d = section_of(b, names.v[i]);
        if (!d)
            continue;
        d->r.kind = SECTION_FACTS;
        d->r.kind_source = node_source(b, names.v[i]);
    }
}

/* ---- one_of ---- */

static struct draft_section *section_known(struct builder *b, const struct yaml *name)
{
    struct holder *h = naming_find(&b->sections_named, name->value);
    struct spell contest;

    if (h)
        return h->thing;
    struct problem *p = COMPLAIN(b, name->span, "one_of names the unknown section '" SLICE_FMT "'",
                                 SLICE_ARG(shown(name->value)));
    spell_init(&contest, name->value);
    naming_offer(b, &b->sections_named, &contest);
    hint_spelling(b->a, p, &contest, NULL);
    return NULL;
}

/* One alternative: a section, or several that must all stand there. */
static void add_alternative(struct builder *b, struct draft_one_of *one, struct yaml *node)
{
    struct list names = node_texts(b, node, "an alternative of one_of"), found = {0};

    if (names.n > ALTERNATIVE_SECTIONS) {
        COMPLAIN(b, node->span, "an alternative of one_of names at most %d sections",
                 ALTERNATIVE_SECTIONS);
        return;
    }
    for (size_t i = 0; i < names.n; i++) {
        struct draft_section *d = section_known(b, names.v[i]);
        if (d)
            list_push(b->a, &found, d);
    }
    if (!names.n || found.n < names.n)
        return;
    for (size_t i = 0; i < found.n; i++)
        list_push(b->a, &one->sections, found.v[i]);
    list_push(b->a, &one->sections, NULL);
    one->n++;
}

static void add_one_of(struct builder *b, struct yaml *node)
{
    struct draft_one_of *one = arena_alloc(b->a, sizeof *one);
    struct yaml *sections = node;

    one->source = node_source(b, node);
    one->required = (struct need){
        .kind = NEED_WHEN, .when = SLICE("NOT status:draft"), .source = one->source};
    if (node->kind == YAML_MAP) {
        node_map(b, node, "one_of", one_of_keys);
        node_need(b, yaml_get(node, "required"), "required", &one->required);
        sections = yaml_get(node, "sections");
    }
    if (!sections || sections->kind != YAML_LIST) {
        COMPLAIN(b, node->span, "one_of is a list of lists of sections");
        return;
    }
    const size_t complaints = b->s->problems.n;
    for (struct yaml *child = sections->first; child; child = child->next)
        add_alternative(b, one, child);
    /* Without the alternative that was meant, the group would ask for another. */
    if (one->n && b->s->problems.n == complaints)
        list_push(b->a, &b->one_of, one);
}

/* What a file says here replaces what the one before it said. */
void apply_one_of(struct builder *b, struct yaml *node)
{
    if (!node)
        return;
    if (node->kind != YAML_LIST && node->kind != YAML_NULL) {
        COMPLAIN(b, node->span, "one_of is a list of lists of sections");
        return;
    }
    b->one_of.n = 0;
    b->s->one_of_source = node_source(b, node);
    for (struct yaml *child = node->first; child; child = child->next)
        add_one_of(b, child);
}

/* ---- the tables at the end ---- */

static void finish_one_of(struct builder *b)
{
    struct schema *s = b->s;

    s->nalternatives = b->one_of.n;
    s->one_of = arena_array(b->a, s->nalternatives, sizeof *s->one_of);
    for (size_t i = 0; i < s->nalternatives; i++) {
        const struct draft_one_of *one = b->one_of.v[i];
        struct one_of *o = &s->one_of[i];
        size_t alternative = 0, place = 0;
        o->n = one->n;
        o->required = one->required;
        o->source = one->source;
        o->sections = arena_array(b->a, o->n, sizeof *o->sections);
        for (size_t k = 0; k < one->sections.n; k++) {
            const struct draft_section *d = one->sections.v[k];
            if (place < ALTERNATIVE_SECTIONS)
                o->sections[alternative][place++] = d ? d->r.index : SIZE_MAX;
            if (!d) {
                alternative++;
                place = 0;
            }
        }
    }
}

void finish_sections(struct builder *b)
{
    struct schema *s = b->s;

    naming_deal(&b->sections_named, b->a);
    s->nsections = b->sections.n;
    s->sections = arena_array(b->a, s->nsections, sizeof *s->sections);
    for (size_t i = 0; i < s->nsections; i++) {
        struct draft_section *d = b->sections.v[i];
        struct section_rule *r = &s->sections[i];
        d->r.index = i;
        d->r.names = names_of(&d->named, b->a);
        *r = d->r;
        for (size_t k = 0; k < r->names.n; k++)
            map_put(&s->section_names, r->names.folded[k], r);
    }
    finish_one_of(b);
}
