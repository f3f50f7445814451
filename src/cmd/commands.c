#include "pm/command.h"

const struct command *const commands[] = {
    &command_dashboard, &command_init,   &command_new,  &command_check,
    &command_explain,   &command_schema, &command_search, &command_tags,
    &command_actions,   &command_show,   &command_hook, &command_index,
    &command_complete,  &command_help,   &command_version, NULL,
};

const struct command *command_find(struct slice name)
{
    for (size_t i = 0; commands[i]; i++)
        if (slice_eqz(name, commands[i]->name))
            return commands[i];
    return NULL;
}

static const char *const colors[] = {"auto", "always", "never", NULL};

const struct opt global_opts[] = {
    {.name = "directory", .letter = 'C', .kind = OPT_STRING, .argument = "DIR",
     .offset = offsetof(struct global_options, dir), .help = "work as if started in DIR"},
    {.name = "git-dir", .kind = OPT_STRING, .argument = "DIR",
     .offset = offsetof(struct global_options, git_dir), .help = "use this git directory"},
    {.name = "at", .kind = OPT_STRING, .argument = "REV|DATE",
     .offset = offsetof(struct global_options, at),
     .help = "answer as of a commit, or as of the end of a day"},
    {.name = "worktree", .kind = OPT_FLAG, .offset = offsetof(struct global_options, worktree),
     .help = "include what is not committed"},
    {.name = "color", .kind = OPT_CHOICE, .argument = "WHEN", .choices = colors,
     .offset = offsetof(struct global_options, color), .help = "when to colour"},
    {.name = "no-pager", .kind = OPT_FLAG, .offset = offsetof(struct global_options, no_pager),
     .help = "print long answers directly"},
    {.name = "help", .letter = 'h', .kind = OPT_FLAG,
     .offset = offsetof(struct global_options, help), .help = "this text"},
    {.name = "version", .kind = OPT_FLAG, .offset = offsetof(struct global_options, version),
     .help = "versions of pm and its libraries"},
    {0},
};

/* Usage texts have a line for each way to call the command. */
static void print_synopsis(struct printer *p, const struct command *cmd)
{
    struct slice rest = slice_of(cmd->usage), line;
    bool more = slice_split(&rest, '\n', &line), first = true;
    do {
        printer_textz(p, TINT_BOLD, first ? "usage:" : "   or:");
        str_addf(p->out, " pm%s%s", *cmd->name ? " " : "", cmd->name);
        if (more && line.n)
            str_addf(p->out, " " SLICE_FMT, SLICE_ARG(line));
        str_addc(p->out, '\n');
        first = false;
    } while (slice_split(&rest, '\n', &line));
    str_addc(p->out, '\n');
}

static void print_commands(struct printer *p)
{
    printer_textz(p, TINT_BOLD, "commands");
    str_addc(p->out, '\n');
    for (size_t i = 0; commands[i]; i++) {
        if (!*commands[i]->name)
            continue;
        printer_fmt(p, TINT_NONE, "  %-10s", commands[i]->name);
        printer_textz(p, TINT_NONE, commands[i]->summary);
        str_addc(p->out, '\n');
    }
    str_addc(p->out, '\n');
}

void usage_print(struct printer *p, const struct command *cmd)
{
    bool itself = !*cmd->name;
    print_synopsis(p, cmd);
    printer_wrap(p, TINT_NONE, 0, slice_of(cmd->summary));
    str_addc(p->out, '\n');
    if (itself)
        print_commands(p);
    if (cmd->opts) {
        printer_textz(p, TINT_BOLD, "options");
        str_addc(p->out, '\n');
        opt_usage(p->out, cmd->opts);
        str_addc(p->out, '\n');
    }
    printer_textz(p, TINT_BOLD, "options of every command");
    str_addc(p->out, '\n');
    opt_usage(p->out, global_opts);
    if (itself)
        str_addz(p->out, "\nManuals: pm help COMMAND, and of topics: pm help format, pm help query\n");
    else
        str_addf(p->out, "\nThe whole manual: pm help %s\n", cmd->name);
}
