#include "pm/command.h"

static void line(struct context *c, size_t n, enum tint tint, const char *what, const char *how)
{
    printer_fmt(&c->printer, n ? tint : TINT_NONE, "%7zu", n);
    printer_fmt(&c->printer, TINT_NONE, "  %-20s", what);
    printer_textz(&c->printer, TINT_DIM, how);
    str_addc(&c->out, '\n');
}

static void print_totals(struct context *c, const struct index_totals *t)
{
    const struct action_totals *a = &t->actions;
    line(c, t->documents, TINT_BOLD, t->documents == 1 ? "postmortem" : "postmortems", "pm search");
    line(c, a->unresolved, TINT_BOLD, "open action items", "pm actions");
    line(c, a->overdue, TINT_ERROR, "overdue", "pm actions overdue:yes");
    line(c, a->elsewhere, TINT_NONE, "tracked elsewhere", "pm actions has:tracker");
    line(c, a->dropped, TINT_WARNING, "dropped", "pm actions dropped:yes");
    if (t->limits.unreadable)
        line(c, t->limits.unreadable, TINT_ERROR, "unreadable", "pm check --all");
}

static int cmd_dashboard(struct context *c, void *options, const struct operands *operands,
                         struct err *e)
{
    struct reading reading;
    struct index *index = NULL;
    struct index_totals totals = {0};
    int code = -1;
    (void)options, (void)operands;
    if (context_history(c, &reading, e))
        return -1;
    if (!reading_has_ledger(c, &reading) || (context_index(c, &reading, INDEX_LEDGER, &index, e) == 0 &&
                          index_totals(index, c->today, &totals, e) == 0)) {
        print_totals(c, &totals);
        say_ledger_limits(&(struct index_limits){.shallow = totals.limits.shallow});
        code = PM_YES;
    }
    index_close(index);
    return reading_finish(c, &reading, code, e);
}

const struct command command_dashboard = {
    .name = "",
    .run = cmd_dashboard,
    .needs = NEEDS_REPO,
    .usage = "[COMMAND]",
    .summary = "postmortems in a git repository: write them, check them, find them, and see what "
               "became of every action item; without COMMAND: how things stand",
};
