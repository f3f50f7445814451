/* build.h - how a schema is put together: private to this layer
 *
 * The built-in files and the repository's own one are applied to one builder, one after the other;
 * each changes what it states. Then schema_finish copies what has come together into the arrays and
 * tables of struct schema. Everything here lives in the schema's arena, the tables of names
 * excepted.
 */
#ifndef SCHEMA_BUILD_H
#define SCHEMA_BUILD_H

#include "pm/schema.h"
#include "pm/spell.h"
#include "pm/str.h"
#include "pm/yamltree.h"

/* Pointers in an arena. */
struct list {
    void **v;
    size_t n, cap;
};
void list_push(struct arena *a, struct list *l, void *p);

/* What every thing that has names begins with. */
struct named {
    struct list names; /* of struct map_entry, once they have been dealt out */
};

/* Whose a folded name is. */
struct holder {
    void *thing;       /* begins with a struct named */
    struct slice name; /* the thing's own name, for messages */
    struct slice text; /* this name as it was written */
    struct source source;
    bool canonical; /* it is the thing's own name, not an alias */
};

typedef void fold_name(struct str *out, struct slice name);

/* What every kind of thing is called. What a later file says goes before what an earlier one does.
 */
struct naming {
    struct map holders; /* folded name → struct holder *, in the order of claims */
    fold_name *fold;
    const char *what; /* "field", for messages */
};

struct draft_value {
    struct named named;
    struct slice name;
    size_t index;
};

struct draft_field {
    struct named named;
    struct field f;
    struct naming value_names; /* → struct draft_value */
    struct list values;        /* of struct draft_value, in order */
    bool given;                /* in the file that is being applied */
};

struct draft_section {
    struct named named;
    struct section_rule r;
    bool given;
};

struct draft_one_of {
    struct list sections; /* of struct draft_section; NULL ends an alternative */
    size_t n;
    struct need required;
    struct source source;
};

/* A column, state or type of action items. */
struct draft_word {
    struct named named;
    struct slice name;
    size_t index;
};

struct builder {
    struct schema *s;
    struct arena *a;
    enum origin origin; /* of the file that is being applied */
    struct naming fields_named, sections_named, columns_named, states_named, types_named;
    struct list fields, sections, one_of, types;
    struct yaml *due_within; /* of the last file that states it: read when severities are known */
    enum origin due_within_origin;
};

/* Guessing what was meant ends where mistakes are many: it is the costly part. */
#define GUESSES 100u

/* ---- node.c: reading YAML, with complaints ---- */

/* Where a node of the file that is being applied stands. */
struct source node_source(const struct builder *b, const struct yaml *node);

#define COMPLAIN(b, span, ...)                                                                     \
    problem_add(&(b)->s->problems, (b)->a, PROBLEM_SCHEMA, (span), __VA_ARGS__)

/* A name as messages quote it: not longer than a line. */
struct slice shown(struct slice name);
/* Sets the problem's hint: "did you mean '...'?" when the contest has a winner, else what
 * `otherwise` says (NULL: nothing). */
void hint_spelling(struct arena *a, struct problem *p, const struct spell *contest,
                   const char *otherwise);
/* Is node a map of the known keys? Complains about what is not known; an empty node is no map and
 * no mistake. */
bool node_map(struct builder *b, const struct yaml *node, const char *what,
              const char *const *known);
bool node_text(struct builder *b, const struct yaml *node, const char *what, struct slice *out);
bool node_yes_no(struct builder *b, const struct yaml *node, const char *what, bool *out);
bool node_size(struct builder *b, const struct yaml *node, const char *what, size_t *out);
bool node_need(struct builder *b, const struct yaml *node, const char *what, struct need *out);
bool node_seconds(struct builder *b, const struct yaml *node, const char *what, int64_t *out);
/* The scalars of a list, or the one scalar that stands in its place. */
struct list node_texts(struct builder *b, struct yaml *node, const char *what);

/* ---- names.c ---- */

void fold_word(struct str *out, struct slice word); /* name_fold, but "#" and "✅" stay themselves */
struct holder *naming_find(const struct naming *n, struct slice name);
/* Makes name one of thing's, whose own name is `own`; complains where it is taken. */
bool naming_claim(struct builder *b, struct naming *n, void *thing, struct slice own,
                  const struct yaml *name);
/* Claims every text of node as an alias. */
void naming_aliases(struct builder *b, struct naming *n, void *thing, struct slice own,
                    struct yaml *node);
/* Offers the things' own names, while there are fewer than GUESSES problems. */
void naming_offer(const struct builder *b, const struct naming *n, struct spell *contest);
/* When all names are known: gives each thing its own; then names_of says what they are. */
void naming_deal(const struct naming *n, struct arena *a);
struct names names_of(const struct named *thing, struct arena *a);
void naming_release(struct naming *n);

/* ---- one file per part of the language ---- */

void apply_fields(struct builder *b, struct yaml *node);
void apply_sections(struct builder *b, struct yaml *node);
void apply_one_of(struct builder *b, struct yaml *node);
void apply_facts(struct builder *b, struct yaml *node);
void apply_actions(struct builder *b, struct yaml *node);
void words_init(struct builder *b); /* the columns and states that there are */

void finish_documents(struct builder *b);
void finish_fields(struct builder *b);
void finish_sections(struct builder *b);
void finish_actions(struct builder *b); /* after the fields: due_within names severities */

void schema_digest(struct schema *s);
bool pattern_valid(struct slice pattern, const char **why);

void taxonomy_load(struct schema *s, struct slice text);

#endif
