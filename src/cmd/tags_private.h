/* What the files of `pm tags` share. */
#ifndef PM_CMD_TAGS_PRIVATE_H
#define PM_CMD_TAGS_PRIVATE_H

#include "pm/command.h"

struct tags_options {
    bool unknown, used, unused, dry_run;
    const char *format;
};

int tags_rename(struct context *c, const struct tags_options *o, struct slice from, struct slice to,
                struct err *e);
/* A usage error: there is no such tag, neither listed nor borne; which one was meant. */
int tags_unknown_name(struct context *c, const struct state *s, struct slice name, struct err *e);

#endif
