#include "pm/command.h"

#include "pm/about.h"
#include "pm/token.h"
#include "pm/utf8.h"

static int cmd_version(struct context *c, void *options, const struct operands *operands,
                       struct err *e)
{
    (void)options;
    if (operands->n)
        return err_usage(e, "'pm version' takes no operands");
    str_addf(&c->out, "pm %s\n", pm_version());
    git_libraries(&c->out);
    doc_libraries(&c->out);
    query_libraries(&c->out);
    index_libraries(&c->out);
    render_libraries(&c->out);
    base_libraries(&c->out);
    return PM_YES;
}

const struct command command_version = {
    .name = "version",
    .run = cmd_version,
    .usage = "",
    .summary = "versions of pm and of the libraries it is linked with",
};
