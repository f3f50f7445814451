/* pm/timeline.h - model: the timeline of an incident
 */
#ifndef PM_TIMELINE_H
#define PM_TIMELINE_H

#include "pm/date.h"
#include "pm/document.h"

struct timeline_entry {
    struct moment stated;  /* as written */
    int64_t at;            /* seconds since the epoch */
    int32_t offset;        /* of the zone it is in */
    bool dated;            /* at is known: a date was stated or could be carried over */
    bool zone_known;       /* stated in the document */
    struct slice label;    /* of a leading **Label:**; empty: none */
    const struct field *field; /* the time that the label states (detected, mitigated); or NULL */
    struct slice text;     /* plain text of the event */
    struct span span;      /* the entry */
    struct span time_span; /* the time */
};

struct timeline {
    struct timeline_entry *v;
    size_t n;
};

struct facts; /* pm/facts.h */
/* Reads every timeline section: a table, a list, time-led paragraphs or time sub-headings. Needs the
 * facts of front matter and body, and the postmortem's date; adds facts of origin FACT_TIMELINE.
 * Called by postmortem_read. More than CAP_TIMELINE entries is a problem. */
void timeline_read(struct facts *facts, struct timeline *out);

#endif
