/* pm/fact.h - model: a thing that a document states: a name, a value, a place
 *
 * The four cases stay distinct everywhere: a value, absent (there is no fact), `unknown` (asked,
 * not known) and `n/a`. Values may be approximate.
 */
#ifndef PM_FACT_H
#define PM_FACT_H

#include "pm/date.h"
#include "pm/schema.h"

enum fact_how { FACT_VALUE, FACT_UNKNOWN, FACT_NA };

enum fact_origin {
    FACT_FRONT,    /* the front matter */
    FACT_BODY,     /* a labelled line, list or two-column table */
    FACT_TIMELINE, /* a labelled entry: **Detected:** */
    FACT_DERIVED   /* from the H1, the path or other facts */
};

/* One value. `text` is canonical where the type has a canonical form (enum value, tag, person
 * without '@', RFC 3339 time as stated), else as written. */
struct value {
    struct slice text;
    struct slice raw;      /* as written */
    int64_t number;        /* INTEGER; DURATION in seconds; TIMESTAMP in seconds since the epoch;
                              DATE in days since 1970-01-01; ENUM: index in field->values */
    double amount;         /* DECIMAL, MONEY, INTEGER */
    struct slice currency; /* MONEY: EUR; empty when not said */
    int32_t offset;        /* TIMESTAMP: seconds east of UTC */
    bool zone_known;       /* TIMESTAMP: the document said its zone */
    bool day_only;         /* TIMESTAMP: only a date was written */
    bool approx;
    struct span span;
};

struct fact {
    const struct field *field; /* NULL: a key that the schema does not know */
    struct slice name;         /* canonical, or as written; nested: impact.customers */
    enum fact_how how;
    enum fact_origin origin;
    bool invalid;              /* FACT_VALUE that is not of its type: a problem says so; no values */
    struct value *values;      /* one, or the list's */
    size_t nvalues;
    struct span key;           /* where its name stands */
    struct span span;          /* where its value stands */
};

/* A plain number as people write it: 12000, 12,000, 12 000, 99.5. Whole string. */
bool number_parse(struct slice s, double *out);
/* Money as people write it: 1200 EUR, €1.2k, $3M, USD 40,000. */
bool money_parse(struct slice s, double *amount, struct slice *currency);
/* unknown, n/a, none, -, TBD and the like in their two meanings; FACT_VALUE for anything else.
 * "TBD" and "TODO" are values here: the placeholder rule looks at them. */
enum fact_how fact_how_of(struct slice text);
extern const char *const fact_unknown_words[], *const fact_na_words[]; /* NULL-terminated */

#endif
