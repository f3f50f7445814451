/* pm/schema.h - schema: what this repository calls things
 *
 * Fields, sections, action columns and states with all their names, read from the built-in
 * schema/default.yaml (itself in the language of .pm/schema.yaml) and the repository's own
 * .pm/schema.yaml on top. Declarations only: conditions (`required: "severity:sev1..sev2"`) stay
 * text until the rule layer parses them as queries; rule names and levels stay text too.
 *
 * A schema is immutable once loaded and may be read from many threads.
 */
#ifndef PM_SCHEMA_H
#define PM_SCHEMA_H

#include "pm/map.h"
#include "pm/problem.h"
#include "pm/taxonomy.h"

enum field_type {
    FIELD_TEXT,
    FIELD_ENUM,      /* one of values, which have an order */
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_MONEY,     /* 1200 EUR, €1.2k */
    FIELD_DURATION,
    FIELD_DATE,
    FIELD_TIMESTAMP,
    FIELD_PERSON,
    FIELD_URL,
    FIELD_TAG,       /* of the taxonomy */
    FIELD_ANY        /* free maps and lists: impact; nested facts are named impact.customers */
};

/* Where a declaration comes from: schema/default.yaml, schema/strict.yaml or .pm/schema.yaml, and
 * where it stands in that file. An empty span: no file says it. */
enum origin { ORIGIN_DEFAULT, ORIGIN_STRICT, ORIGIN_OWN };
struct source {
    enum origin origin;
    struct span span;
};

/* Whether something must be there: no, yes, or where a query holds. */
enum need_kind { NEED_NO, NEED_YES, NEED_WHEN };
struct need {
    enum need_kind kind;
    struct slice when; /* NEED_WHEN: the query */
    struct source source;
};

/* All names of something, its own first. */
struct spelling {
    struct slice text; /* as somebody wrote it */
    struct source source;
};
struct names {
    struct slice *folded;       /* what is compared */
    struct spelling *spellings; /* what each was folded from */
    size_t n;
};

struct enum_value {
    struct slice name;      /* canonical: sev1 */
    struct names names;     /* folded by name_fold */
};

struct field {
    struct slice name;      /* canonical: started, roles.commander */
    size_t index;           /* in schema.fields */
    enum field_type type;
    bool list;
    struct enum_value *values; /* FIELD_ENUM, in order: the worst severity first */
    size_t nvalues;
    struct names names;     /* folded by name_fold */
    struct slice from;      /* reads this key of the front matter instead of its own name; the key's
                               own field is then not read from it */
    struct need required, recommended;
    struct source source;   /* of the last file that speaks of it */
    struct source type_source, list_source, from_source;
};

enum section_kind { SECTION_TEXT, SECTION_TIMELINE, SECTION_ACTIONS, SECTION_FACTS, SECTION_WHYS };

struct section_rule {
    struct slice name;      /* as it is written in the template: Root causes */
    size_t index;
    enum section_kind kind;
    struct names names;     /* folded by section_fold, with '-' and '_' as blanks */
    struct need required, recommended;
    size_t min_words, min_entries; /* 0: no minimum */
    struct source source;   /* of the last file that speaks of it */
    struct source kind_source, min_words_source, min_entries_source;
};

/* One of these alternatives must stand there; an alternative is one or more sections. */
struct one_of {
    size_t (*sections)[4];  /* indices of section rules; SIZE_MAX ends an alternative */
    size_t n;
    struct need required;
    struct source source;
};

enum action_column {
    ACTION_ID,
    ACTION_POSITION, /* # */
    ACTION_TEXT,
    ACTION_OWNER,
    ACTION_DUE,
    ACTION_TYPE,
    ACTION_PRIORITY,
    ACTION_STATE,
    ACTION_TRACKER,
    ACTION_REASON,
    ACTION_COLUMNS
};

/* In the order of life; the last two are resolved. */
enum action_state {
    STATE_PROPOSED,
    STATE_OPEN,
    STATE_IN_PROGRESS,
    STATE_DONE,
    STATE_WONTDO
};
#define ACTION_STATES 5

struct named_level {
    struct slice rule, level;
    struct source source;
};

struct due_within {
    size_t severity; /* index of the value of field severity */
    int64_t seconds;
    struct source source;
};

/* A column, state or type of action items. */
struct action_word {
    struct slice name;
    struct names names;
};

struct action_rules {
    bool required[ACTION_COLUMNS]; /* of an open item: owner; due means due or tracker */
    struct due_within *due_within;
    size_t ndue_within;
    struct slice at_least_one_type; /* empty: not asked */
    struct need at_least_one;
    struct slice *trackers;         /* patterns: OPS-# */
    size_t ntrackers;
    bool authority_document;        /* tracked items count as overdue here */
    struct source required_source, trackers_source, authority_source;
    struct action_word columns[ACTION_COLUMNS], states[ACTION_STATES];
    struct action_word *types;
    size_t ntypes;
};

struct schema {
    struct arena arena;
    struct slice *documents;        /* globs */
    struct glob **globs;            /* the same, ready to be matched */
    size_t ndocuments;
    bool documents_own;             /* stated by the repository, not built in */
    struct slice timezone;          /* IANA name or offset; empty: UTC */
    struct slice id_pattern;        /* PM-####; empty: none */
    int64_t slow_detection;         /* seconds from started to detected; 0: no limit */
    int64_t late_postmortem;        /* seconds from the end to the review; 0: no limit */
    struct source documents_source, timezone_source, id_source;
    struct source slow_detection_source, late_postmortem_source;
    struct field *fields;
    size_t nfields;
    struct section_rule *sections;
    size_t nsections;
    struct one_of *one_of;
    size_t nalternatives;
    struct source one_of_source;    /* of the list: it may be empty */
    struct action_rules actions;
    struct named_level *levels;     /* rules: {...} */
    size_t nlevels;
    struct taxonomy taxonomy;
    bool own;                       /* the repository has a .pm/schema.yaml */
    bool broken;                    /* which cannot be read at all: nothing of it applies */
    uint64_t digest[2];             /* of everything above: what caches are keyed by */
    struct map field_names, from_names, section_names; /* folded name → what it names */
    struct map column_names, state_names, type_names;
    struct slice text, tags_text;   /* the files, as given: what spans point into */
    struct problems problems;       /* of kind SCHEMA: in .pm/schema.yaml */
    struct problems tag_problems;   /* in .pm/tags.yaml */
};

/* Loads the effective schema. The texts are the repository's files, empty when it has none; what
 * is wrong in them is in problems, and the rest applies. Never fails otherwise: a mistake in the
 * built-in files is BUG(). */
struct schema *schema_load(struct slice schema_yaml, bool has_schema, struct slice tags_yaml,
                           bool has_tags);
void schema_free(struct schema *s);

/* By any of its names, as written by somebody (folded here). NULL: unknown. */
const struct field *schema_field(const struct schema *s, struct slice name);
/* The field that this key of a front matter is read into: as schema_field, but where a field says
 * `from: key` it takes that key, and no longer the key of its own name. NULL: none. */
const struct field *schema_key(const struct schema *s, struct slice key);
const struct section_rule *schema_section(const struct schema *s, struct slice heading);
/* A table header, or a key of a front matter item. ACTION_COLUMNS: unknown. */
enum action_column schema_action_column(const struct schema *s, struct slice header);
bool schema_action_state(const struct schema *s, struct slice word, enum action_state *out);
/* The canonical action type (prevent, detect, mitigate, ...); empty: not a type. */
struct slice schema_action_type(const struct schema *s, struct slice word);
const char *action_state_name(enum action_state s); /* in-progress */
const char *action_column_name(enum action_column c); /* owner; not of ACTION_COLUMNS */

const char *section_kind_name(enum section_kind k); /* timeline */

/* The canonical value of an enum, by name or alias: its index in values; SIZE_MAX: unknown. */
size_t field_value(const struct field *f, struct slice word);
const char *field_type_name(enum field_type t);

/* Does a path name a postmortem? Never anything below .pm/; never README, index, template, LICENSE
 * and the like, unless the repository's own glob ends in that very name (incidents/<any>/README.md).
 * The built-in globs do not look at case. */
bool schema_is_document(const struct schema *s, struct slice path);
/* README, template, LICENSE and the like: by its name never a postmortem, wherever it is. */
bool schema_is_other(struct slice path);
/* May documents lie below this folder ("docs/", slash at the end)? Prunes tree walks; false only
 * when certain. */
bool schema_may_hold(const struct schema *s, struct slice folder);

/* Patterns of ids and trackers: '#' is a digit (a run of them any number of digits, at least as
 * many as written), all else literal. Linear, greedy. The match at the start of s: its length, 0 for none;
 * it must end at a word boundary. */
size_t pattern_scan(struct slice pattern, struct slice s);

#endif
