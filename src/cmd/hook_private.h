/* What the files of `pm hook` share. */
#ifndef PM_CMD_HOOK_PRIVATE_H
#define PM_CMD_HOOK_PRIVATE_H

#include "pm/command.h"

/* The environment variable by which 'pm hook status' asks whether a hook comes to pm. 1: it was
 * asked, and has its answer; 0: there is a hook to run. */
#define PROBE_VARIABLE "PM_HOOK_PROBE"
int hook_answer_probe(struct context *c, struct err *e);

/* Judges what git says on standard input is being pushed. An error rejects it, too. */
int hook_pre_receive(struct context *c, struct err *e);

#endif
