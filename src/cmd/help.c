#include "pm/command.h"

#include <string.h>

#include "pm/embed.h"
#include "pm/manual.h"
#include "pm/spell.h"

/* Manuals are embedded as man/pm.1, man/pm-check.1, man/pm-format.5: asked for by what stands
 * between "pm-" and the section's number. */
static struct slice topic_of(const struct embedded *file)
{
    struct slice name = slice_of(file->name);
    if (!slice_starts(name, SLICE("man/pm")))
        return SLICE("");
    size_t dot = slice_chr(name, '.', 0);
    size_t start = slice_starts(name, SLICE("man/pm-")) ? 7 : 4;
    return slice_sub(name, start, dot - start);
}

static int unknown_topic(const char *topic, struct err *e)
{
    struct spell spell;
    spell_init(&spell, slice_of(topic));
    for (const struct embedded *f = embedded_files; f->name; f++)
        if (topic_of(f).n)
            spell_offer(&spell, topic_of(f));
    if (spell.best.n)
        return err_usage(e, "there is no manual for '%s': did you mean '" SLICE_FMT "'?", topic,
                         SLICE_ARG(spell.best));
    return err_usage(e, "there is no manual for '%s': 'pm help' lists the commands", topic);
}

static int cmd_help(struct context *c, void *options, const struct operands *operands,
                    struct err *e)
{
    (void)options;
    if (operands->n > 1)
        return err_usage(e, "'pm help' takes one command or topic");
    if (!operands->n) {
        usage_print(&c->printer, commands[0]);
        return PM_YES;
    }
    const char *topic = operands->v[0];
    if (strncmp(topic, "pm-", 3) == 0) /* as man calls it */
        topic += 3;
    for (const struct embedded *f = embedded_files; f->name; f++)
        if (slice_eqz(topic_of(f), topic)) {
            manual_print(&c->printer, slice_from(f->data, f->n));
            return PM_YES;
        }
    return unknown_topic(topic, e);
}

const struct command command_help = {
    .name = "help",
    .run = cmd_help,
    .needs = NEEDS_NOTHING | USES_PAGER,
    .usage = "[COMMAND | TOPIC]",
    .summary = "the manual of a command or a topic",
};
