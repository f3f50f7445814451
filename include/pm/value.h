/* pm/value.h - model: text as a value of a field's type
 */
#ifndef PM_VALUE_H
#define PM_VALUE_H

#include "pm/fact.h"
#include "pm/when.h"

/* What reading a value needs beside its text. */
struct value_reader {
    const struct reader *rd;
    struct arena *arena;
    struct local_zone local; /* of a time that states no zone */
    const struct value *start; /* lends its date to a time of day; NULL: nothing does */
};

/* How much of the text must be of the type. */
enum value_extent {
    VALUE_WHOLE,  /* front matter: all of it */
    VALUE_LEADING /* prose in the body: its beginning, "SEV-2 (no data lost)", "about 3 hours" */
};

/* Reads one value (of a list: one element). False when it is none of the field's type: *out is then
 * untouched. out->span is left empty. */
bool value_read(const struct value_reader *vr, const struct field *f, struct slice text,
                enum value_extent extent, struct value *out);

/* Appends the problem that text is no value of f, with what is allowed and a hint. */
struct problem *value_problem(struct problems *ps, struct arena *a, const struct field *f,
                              struct slice text, struct span span);

#endif
