/* What the files of `pm actions` share:
 *
 *   actions.c       the command, the list and the log
 *   actions_diff.c  what a range does to the action items
 */
#ifndef PM_ACTIONS_PRIVATE_H
#define PM_ACTIONS_PRIVATE_H

#include "pm/command.h"

/* pm actions diff RANGE. format: NULL for the table. */
int actions_diff(struct context *c, const char *range, const char *format, struct err *e);

#endif
