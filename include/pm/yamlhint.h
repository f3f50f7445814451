/* pm/yamlhint.h - doc: what is wrong with YAML that cannot be read, in words that help
 *
 * libyaml says that it "did not find expected key"; the writer forgot quotes. From the error and
 * the lines around it these make a sentence and what to do about it. Offsets are bytes of `text`.
 */
#ifndef PM_YAMLHINT_H
#define PM_YAMLHINT_H

#include "pm/alloc.h"

struct yaml_hint {
    const char *text, *hint; /* literals, or in the arena; hint may be NULL */
};

/* An error as libyaml reports it. */
struct yaml_trouble {
    struct slice text;
    const char *problem, *context; /* "" for none */
    size_t at, context_at;
};

/* Moves *at to the place that the sentence is about. */
struct yaml_hint yaml_hint_syntax(const struct yaml_trouble *t, size_t *at, struct arena *a);
/* A value that begins with one of * & ! % @ ` | > and so on: quote it. */
struct yaml_hint yaml_hint_special(struct slice text, size_t at, struct arena *a);
/* A key that is a list or a map. */
struct yaml_hint yaml_hint_key(struct slice text, size_t at);

#endif
