/* pm/when.h - model: times as they stand in prose, and the zone they are in
 *
 * pm/date.h reads a time and nothing else; here is what people write around one.
 */
#ifndef PM_WHEN_H
#define PM_WHEN_H

#include "pm/date.h"
#include "pm/zone.h"

struct reader; /* pm/postmortem.h */

/* The zone of a time that states none. */
struct local_zone {
    bool known;              /* somebody wrote it: a heading, the front matter, the schema */
    const struct zone *zone; /* NULL: the fixed offset below */
    int32_t offset;          /* seconds east of UTC */
};

/* The length of "about", "ca.", "~", "約" and the like at the start of s; 0 for none. */
size_t when_about(struct slice s);

/* A moment at the start of s, with what may surround it: "~14:10", "ca. 14:10", "17:14pm",
 * "12:50 頃 (JST)", "19. April, 11:00". A moment without a year has date.year 0 and a month.
 * *used covers all of it. */
bool when_scan(struct slice s, struct moment *out, size_t *used);

/* The zone that a phrase names: "all times UTC", "Date and Time in CET", "時刻 (JST)". */
bool when_zone(const struct reader *rd, struct slice phrase, struct local_zone *out);
/* The zone of an IANA name, of UTC, or of an offset; false when it is none. */
bool when_zone_named(const struct reader *rd, struct slice name, struct local_zone *out);

/* Seconds since the epoch, and the offset in force; false without a date or with an unknown zone. */
bool when_resolve(const struct reader *rd, const struct moment *m, const struct local_zone *local,
                  int64_t *at, int32_t *offset);

#endif
