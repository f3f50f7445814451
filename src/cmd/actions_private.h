/* What the files of `pm actions` share:
 *
 *   actions.c       the command, the list and the log
 *   actions_diff.c  what a range does to the action items
 *   actions_groups.c  --by: the same items in groups
 */
#ifndef PM_ACTIONS_PRIVATE_H
#define PM_ACTIONS_PRIVATE_H

#include "pm/command.h"

/* What --by takes. */
extern const char *const actions_by[];
struct tally actions_tally(const struct action_view *v, size_t n);
/* Groups of action items, in the order of their names (severities: worst first). Names live in the
 * arena. */
void actions_group(struct groups_view *out, const char *by, const struct schema *s,
                   const struct rows_view *rows, struct arena *a);
void actions_groups_release(struct groups_view *g);

/* pm actions diff RANGE. format: NULL for the table. */
int actions_diff(struct context *c, const char *range, const char *format, struct err *e);

#endif
