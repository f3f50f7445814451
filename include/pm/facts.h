/* pm/facts.h - model: gathering the facts of a document while it is read
 *
 * Facts come in the order of their authority: front matter, body, timeline, what is derived. The
 * first to state a field has it.
 */
#ifndef PM_FACTS_H
#define PM_FACTS_H

#include "pm/postmortem.h"
#include "pm/value.h"
#include "pm/vec.h"

struct facts {
    struct postmortem *pm;
    const struct reader *rd;
    struct local_zone local;   /* of times that state none: front matter, then schema, then UTC */
    struct value start;        /* of the front matter, for times of day; text empty: none */
    VEC(struct fact) list;
    uint32_t *of_field;        /* by index of a field: index in list + 1; 0: not stated */
    struct map others;         /* names of facts that are not those of a field */
    bool names_only;           /* of the front matter only id and status are wanted */
};

void facts_init(struct facts *fs, const struct reader *rd, struct postmortem *pm);
/* Moves the facts into the postmortem (its document's arena). */
void facts_finish(struct facts *fs);

void facts_read_front(struct facts *fs);
void facts_read_body(struct facts *fs);

/* The fact of a field; NULL: not stated yet. Holds until the next one is added. */
const struct fact *facts_get(const struct facts *fs, const struct field *f);
const struct fact *facts_named(const struct facts *fs, const char *field);
/* Appends a fact unless its name has one already: false then. */
bool facts_add(struct facts *fs, struct fact fact);
/* A fact with one value. */
bool facts_add_value(struct facts *fs, const struct field *f, enum fact_origin origin,
                     struct value value, struct span key);

/* Is this key of the front matter the list of action items? */
bool facts_is_actions_key(const struct schema *s, struct slice key);

/* What a front matter node says as one string: a scalar's text, else its text as written. */
struct slice facts_node_text(const struct document *doc, const struct yaml *node);

#endif
