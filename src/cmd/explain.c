#include "pm/command.h"

#include <string.h>

#include "pm/manual.h"

static void list_rules(struct context *c)
{
    const struct column columns[] = {
        {.title = "rule"}, {.title = "level"}, {.title = "what it says", .shrink_to = 30, .wrap = true}};
    struct table_text *t = table_text_new(columns, 3);
    for (enum rule r = 0; r < RULE_COUNT; r++) {
        table_text_cell(t, TINT_BOLD, slice_of(rule_name(r)));
        table_text_cell(t, TINT_NONE, slice_of(level_name(rule_default_level(r))));
        table_text_cell(t, TINT_NONE, slice_of(rule_summary(r)));
    }
    table_text_print(t, &c->printer);
    table_text_free(t);
}

int err_no_rule(struct err *e, const char *name)
{
    struct str why = STR_INIT;
    rule_unknown(&why, slice_of(name));
    if (!strchr(why.p, ':'))
        str_addz(&why, ": 'pm explain' lists them");
    err_usage(e, "%s", why.p);
    str_release(&why);
    return -1;
}

static int cmd_explain(struct context *c, void *options, const struct operands *operands,
                       struct err *e)
{
    enum rule rule;
    (void)options;
    if (!operands->n)
        list_rules(c);
    for (size_t i = 0; i < operands->n; i++) {
        if (!rule_by_name(slice_of(operands->v[i]), &rule))
            return err_no_rule(e, operands->v[i]);
        if (i)
            str_addc(&c->out, '\n');
        page_print(&c->printer, slice_of(rule_page(rule)));
    }
    return PM_YES;
}

const struct command command_explain = {
    .name = "explain",
    .run = cmd_explain,
    .needs = NEEDS_NOTHING | USES_PAGER,
    .usage = "[RULE...]",
    .summary = "what a rule of 'pm check' wants, and why; without RULE: all rules",
};
