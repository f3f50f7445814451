/* pm/yamltree.h - doc: YAML as a tree whose every node has a place
 *
 * A strict subset, read from libyaml's events: one document of maps, lists and scalars. Anchors,
 * aliases, tags, merge keys, duplicate keys and further documents are problems with a place and a
 * hint. Scalars are typed by the YAML 1.2 core schema: `no` is text, `null`, `~` and nothing are
 * null. Input is validated first: UTF-8 without NUL, NEL, LS, PS (libyaml would count those as
 * lines); tabs in indentation get a sentence of their own.
 */
#ifndef PM_YAMLTREE_H
#define PM_YAMLTREE_H

#include "pm/problem.h"

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    struct span span;   /* in the text given, shifted by `base` */
    struct slice value; /* SCALAR: the text, unescaped, trimmed as YAML says */
    bool plain;         /* SCALAR: written without quotes */
    bool flow;          /* LIST, MAP: [a, b], {a: b} */
    struct yaml *key;   /* of a map's child: its key, a SCALAR */
    struct yaml *first, *next; /* children in order */
    size_t count;       /* children */
};

/* Parses text (whose first byte has offset base in the document that places refer to). Returns the
 * root, an empty map for empty text, or NULL with exactly one problem of kind UNREADABLE or
 * TOO_LARGE appended. Everything lives in the arena. */
struct yaml *yaml_parse(struct slice text, uint32_t base, struct arena *a, struct problems *ps);

struct yaml *yaml_get(const struct yaml *map, const char *key); /* exact key; NULL when absent */
bool yaml_is(const struct yaml *scalar, const char *text);

#endif
