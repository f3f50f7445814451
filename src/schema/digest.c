#include "build.h"

/* What the digest is of, beside the schema: raised whenever the same schema and bytes begin to mean
 * something else, so that what is cached under the old digest is never taken for it. */
#define MEANING_VERSION 5

/* FNV-1a over 64 bits, twice, from different beginnings. Every value is written with its length or
 * as eight bytes, so that no two schemas write the same run of bytes. */
struct digest {
    uint64_t h[2];
};

static void add_bytes(struct digest *d, const void *p, size_t n)
{
    const unsigned char *bytes = p;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 2; k++)
            d->h[k] = (d->h[k] ^ (bytes[i] + k)) * 0x100000001b3u;
}

static void add_number(struct digest *d, uint64_t number)
{
    unsigned char bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
    add_bytes(d, bytes, sizeof bytes);
}

static void add_text(struct digest *d, struct slice s)
{
    add_number(d, s.n);
    add_bytes(d, s.p, s.n);
}

static void add_texts(struct digest *d, const struct slice *v, size_t n)
{
    add_number(d, n);
    for (size_t i = 0; i < n; i++)
        add_text(d, v[i]);
}

static void add_names(struct digest *d, const struct names *names)
{
    add_texts(d, names->folded, names->n);
}

static void add_need(struct digest *d, const struct need *need)
{
    add_number(d, need->kind);
    add_text(d, need->when);
}

static void add_field(struct digest *d, const struct field *f)
{
    add_text(d, f->name);
    add_number(d, f->type);
    add_number(d, f->list);
    add_names(d, &f->names);
    add_text(d, f->from);
    add_need(d, &f->required);
    add_need(d, &f->recommended);
    add_number(d, f->nvalues);
    for (size_t i = 0; i < f->nvalues; i++) {
        add_text(d, f->values[i].name);
        add_names(d, &f->values[i].names);
    }
}

static void add_section(struct digest *d, const struct section_rule *r)
{
    add_text(d, r->name);
    add_number(d, r->kind);
    add_names(d, &r->names);
    add_need(d, &r->required);
    add_need(d, &r->recommended);
    add_number(d, r->min_words);
    add_number(d, r->min_entries);
}

static void add_one_of(struct digest *d, const struct one_of *o)
{
    add_need(d, &o->required);
    add_number(d, o->n);
    for (size_t i = 0; i < o->n; i++)
        for (size_t k = 0; k < sizeof o->sections[i] / sizeof o->sections[i][0]; k++)
            add_number(d, o->sections[i][k]);
}

static void add_words(struct digest *d, const struct action_word *words, size_t n)
{
    add_number(d, n);
    for (size_t i = 0; i < n; i++) {
        add_text(d, words[i].name);
        add_names(d, &words[i].names);
    }
}

static void add_actions(struct digest *d, const struct schema *s)
{
    const struct action_rules *r = &s->actions;

    for (size_t c = 0; c < ACTION_COLUMNS; c++)
        add_number(d, r->required[c]);
    add_number(d, r->ndue_within);
    for (size_t i = 0; i < r->ndue_within; i++) {
        add_number(d, r->due_within[i].severity);
        add_number(d, (uint64_t)r->due_within[i].seconds);
    }
    add_text(d, r->at_least_one_type);
    add_need(d, &r->at_least_one);
    add_texts(d, r->trackers, r->ntrackers);
    add_number(d, r->authority_document);
    add_words(d, r->columns, ACTION_COLUMNS);
    add_words(d, r->states, ACTION_STATES);
    add_words(d, r->types, r->ntypes);
}

static void add_taxonomy(struct digest *d, const struct taxonomy *t)
{
    add_number(d, t->closed);
    add_number(d, t->ntags);
    for (size_t i = 0; i < t->ntags; i++) {
        add_text(d, t->tags[i].name);
        add_text(d, t->tags[i].description);
        add_texts(d, t->tags[i].aliases, t->tags[i].naliases);
        add_text(d, t->tags[i].deprecated);
    }
}

void schema_digest(struct schema *s)
{
    struct digest d = {{0xcbf29ce484222325u, 0x84222325cbf29ce4u}};

    add_number(&d, MEANING_VERSION);
    add_texts(&d, s->documents, s->ndocuments);
    add_number(&d, s->documents_own);
    add_text(&d, s->timezone);
    add_text(&d, s->id_pattern);
    add_number(&d, (uint64_t)s->slow_detection);
    add_number(&d, (uint64_t)s->late_postmortem);
    add_number(&d, s->nfields);
    for (size_t i = 0; i < s->nfields; i++)
        add_field(&d, &s->fields[i]);
    add_number(&d, s->nsections);
    for (size_t i = 0; i < s->nsections; i++)
        add_section(&d, &s->sections[i]);
    add_number(&d, s->nalternatives);
    for (size_t i = 0; i < s->nalternatives; i++)
        add_one_of(&d, &s->one_of[i]);
    add_actions(&d, s);
    add_number(&d, s->nlevels);
    for (size_t i = 0; i < s->nlevels; i++) {
        add_text(&d, s->levels[i].rule);
        add_text(&d, s->levels[i].level);
    }
    add_taxonomy(&d, &s->taxonomy);
    s->digest[0] = d.h[0];
    s->digest[1] = d.h[1];
}
