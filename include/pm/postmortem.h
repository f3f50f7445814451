/* pm/postmortem.h - model: a postmortem: what one document states
 *
 * The one reader: check, search, actions, show and everything later get a postmortem from here, and
 * none parses for itself. Pure: (bytes, path, schema) → postmortem; no clock, no TZ, no other
 * document. Action items depend on bytes and schema alone, not on the path. May run on any thread.
 */
#ifndef PM_POSTMORTEM_H
#define PM_POSTMORTEM_H

#include "pm/action.h"
#include "pm/fact.h"
#include "pm/timeline.h"
#include "pm/zone.h"

enum status { STATUS_DRAFT, STATUS_REVIEW, STATUS_PUBLISHED };

/* What reading needs. One per thread: find_zone may keep a cache. */
struct reader {
    const struct schema *schema;
    zone_lookup *find_zone; /* IANA names → zones */
    void *zones;            /* its ctx */
};

/* A section of the schema as it stands in the document. */
struct found_section {
    const struct section_rule *rule;
    size_t section; /* index in doc->sections */
};

enum id_from { ID_STATED, ID_STEM, ID_PATH };

struct postmortem {
    struct document *doc;      /* owned; its arena holds everything here */
    const struct schema *schema;
    bool readable;             /* its front matter, if any, and its body could be read */
    struct slice path;
    struct slice id;           /* stated, else the file's stem (or, set by corpus, its path) */
    enum id_from id_from;
    struct slice title;        /* stated, else the H1, else the file's stem */
    struct date date;          /* of started, else in the file's name, else of the earliest time
                                  stated, else of the timeline; year 0: none */
    enum status status;        /* absent counts as review */
    bool status_stated;
    struct fact *facts;        /* at most one per field and name: front matter before body before
                                  timeline; nested facts under their dotted names */
    size_t nfacts;
    struct found_section *sections; /* in document order; a rule may be there twice */
    size_t nsections;
    struct timeline timeline;
    struct actions actions;
    struct problems problems;  /* the document's, and values that are none */
};

/* Takes ownership of bytes (from malloc). Never fails: see readable and problems. */
struct postmortem *postmortem_read(const struct reader *rd, char *bytes, size_t n,
                                   struct slice path);
/* The part of it that history is made of, and the same: readable, what it states as id and status,
 * its action items. Of the rest, which takes half of the time, there is nothing to rely on. */
struct postmortem *postmortem_read_items(const struct reader *rd, char *bytes, size_t n);
void postmortem_free(struct postmortem *pm);

/* By canonical field name, or the dotted name of a nested fact; NULL: absent. */
const struct fact *postmortem_fact(const struct postmortem *pm, const char *name);
const struct fact *postmortem_fact_named(const struct postmortem *pm, struct slice name);
/* The first value's canonical text; empty when absent, unknown, n/a or invalid. */
struct slice postmortem_text(const struct postmortem *pm, const char *name);
/* The seconds of a TIMESTAMP fact; false when it has no value. */
bool postmortem_time(const struct postmortem *pm, const char *name, int64_t *out);
/* Index of the severity (0 = worst); SIZE_MAX: none. */
size_t postmortem_severity(const struct postmortem *pm);
/* First section of a rule; NULL: not there. */
const struct section *postmortem_section(const struct postmortem *pm, const struct section_rule *r);
/* By any name that the schema has for it, else by the heading as it stands there; NULL: not there. */
const struct section *postmortem_section_named(const struct postmortem *pm, struct slice name);

/* Derived, never typed. TTD = detected - started, TTM = mitigated - detected, TTR = resolved -
 * started, duration (incident time) = mitigated - started. Source: format.md, "Derived". */
enum derived { DERIVED_TTD, DERIVED_TTM, DERIVED_TTR, DERIVED_DURATION };
enum { DERIVED_COUNT = DERIVED_DURATION + 1 };
/* FACT_VALUE with *seconds; FACT_NA when negative or n/a; FACT_UNKNOWN when a time is unknown;
 * -1 when a time is absent. A duration stated in the document (`Time to detection: 11 days`, a
 * field ttd/ttm/ttr/duration of the schema) is used where the times are absent. */
int postmortem_derived(const struct postmortem *pm, enum derived d, int64_t *seconds);
const char *derived_name(enum derived d); /* ttd ttm ttr duration */

#endif
