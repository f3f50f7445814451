/* pm/zone.h - base: time zones other than the process's own
 *
 * Reads TZif files (RFC 8536) from the system's zoneinfo directory, bounded and validated, with
 * the POSIX TZ footer for years after the table. A name never leads outside that directory.
 */
#ifndef PM_ZONE_H
#define PM_ZONE_H

#include "pm/err.h"
#include "pm/slice.h"

struct zone;

/* The zone of an IANA name (Europe/Berlin), of UTC, or of a fixed offset (+02:00). Where the system
 * has no zoneinfo, only the last two work. *out is owned by the caller. */
int zone_load(struct zone **out, struct slice name, struct err *e);
/* From TZif bytes: what zone_load does after reading the file. For tests and fuzzing. */
int zone_from_tzif(struct zone **out, const char *name, struct slice bytes, struct err *e);
/* A TZif file anywhere: /etc/localtime where that is no link. Its name is the path. */
int zone_from_file(struct zone **out, const char *path, struct err *e);
/* As in the variable TZ: CET-1CEST,M3.5.0,M10.5.0/3. The sign is that of POSIX: UTC+2 is two hours
 * west of it, what zone_load calls -02:00, and so does the name of the zone. */
int zone_from_posix(struct zone **out, struct slice text, struct err *e);
struct zone *zone_fixed(int32_t offset);
const struct zone *zone_utc(void); /* static; never freed */
void zone_free(struct zone *z);

const char *zone_name(const struct zone *z);
/* Seconds east of UTC in force at t. */
int32_t zone_offset_at(const struct zone *z, int64_t t);
/* Seconds since the epoch of a local time given as if it were UTC. See moment_resolve for gaps. */
int64_t zone_to_utc(const struct zone *z, int64_t local);

#endif
