#include "pm/command.h"

#include "pm/manual.h"
#include "pm/spell.h"

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

static int unknown_rule(const char *name, struct err *e)
{
    struct spell spell;
    spell_init(&spell, slice_of(name));
    for (enum rule r = 0; r < RULE_COUNT; r++)
        spell_offer(&spell, slice_of(rule_name(r)));
    if (spell.best.n)
        return err_usage(e, "there is no rule '%s': did you mean '" SLICE_FMT "'?", name,
                         SLICE_ARG(spell.best));
    return err_usage(e, "there is no rule '%s': 'pm explain' lists them", name);
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
            return unknown_rule(operands->v[i], e);
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
