#include "actions_private.h"

#include <stdlib.h>
#include <string.h>

struct actions_options {
    bool all, reverse, count, exit_code, nul;
    const char *format, *sort, *by;
    long limit;
    struct query_flags flags;
};

static const char *const formats[] = {"table", "text", "paths", "json", "jsonl", "csv", "tsv",
                                      "markdown", NULL};
/* Those for people: a total follows the list. */
static const char *const text_formats[] = {"table", "text", "markdown", NULL};
static const char *const grouped_formats[] = {"table", "text", "markdown", "json", NULL};
static const char *const sorts[] = {
    [ORDER_OVERDUE] = "overdue", [ORDER_DUE] = "due",     [ORDER_AGE] = "age",
    [ORDER_REF] = "ref",         [ORDER_SLIPS] = "slips", [ORDER_STATE] = "state",
    [ORDER_STATE + 1] = NULL,
};

static const struct opt opts[] = {
    {.name = "all", .kind = OPT_FLAG, .offset = offsetof(struct actions_options, all),
     .help = "resolved and vanished items too"},
    QUERY_FLAGS(struct actions_options, flags),
    {.name = "format", .letter = 'f', .kind = OPT_TEMPLATE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct actions_options, format),
     .help = "how to print, or a template such as '%(ref) %(owner)'"},
    {.name = "null", .letter = 'z', .kind = OPT_FLAG,
     .offset = offsetof(struct actions_options, nul), .help = "end each line with NUL"},
    {.name = "by", .kind = OPT_CHOICE, .argument = "FIELD", .choices = actions_by,
     .offset = offsetof(struct actions_options, by), .help = "in groups, with their counts"},
    {.name = "sort", .kind = OPT_CHOICE, .argument = "FIELD", .choices = sorts,
     .offset = offsetof(struct actions_options, sort),
     .help = "in which order; overdue ones first, unless told"},
    {.name = "reverse", .kind = OPT_FLAG, .offset = offsetof(struct actions_options, reverse),
     .help = "the other way round"},
    {.name = "limit", .letter = 'n', .kind = OPT_COUNT, .argument = "N",
     .offset = offsetof(struct actions_options, limit), .help = "at most N items"},
    {.name = "count", .kind = OPT_FLAG, .offset = offsetof(struct actions_options, count),
     .help = "only how many there are"},
    {.name = "exit-code", .kind = OPT_FLAG, .offset = offsetof(struct actions_options, exit_code),
     .help = "exit 1 when anything listed is overdue"},
    {0},
};

/* ---- what is asked ---- */

/* Everything that one run of the command holds on to. */
struct asking {
    struct reading reading;
    struct index *index;
    struct people *people;
    struct arena arena;
    struct query_context qc;
    struct query *query;
    struct slice text; /* of the query */
    char at[OID_HEX + 1];
    struct index_limits limits;
    struct action_totals totals;
};

static int asking_open(struct context *c, struct asking *q, struct err *e)
{
    if (context_history(c, &q->reading, e))
        return -1;
    q->qc = (struct query_context){.schema = q->reading.state.schema,
                                   .zone = c->zone,
                                   .items = true};
    if (!reading_has_ledger(c, &q->reading))
        return 0;
    if (q->reading.born)
        oid_hex(&q->reading.tip, q->at);
    if (people_load(&q->people, c->repo, e) ||
        context_index(c, &q->reading, INDEX_LEDGER, &q->index, e) ||
        index_limits(q->index, &q->limits, e))
        return -1;
    say_ledger_limits(&q->limits);
    return 0;
}

static int asking_finish(struct context *c, struct asking *q, int code, struct err *e)
{
    index_close(q->index);
    people_free(q->people);
    arena_release(&q->arena);
    return reading_finish(c, &q->reading, code, e);
}

/* ---- the list ---- */

/* Does this, with a word put in, ask for a field? */
static const struct query *asks(struct asking *q, const char *before, const char *after)
{
    struct str text = STR_INIT;
    struct err ignored = ERR_INIT;
    struct query *found = NULL;
    str_addf(&text, "%s" SLICE_FMT "%s", before, SLICE_ARG(q->text), after);
    struct slice kept = arena_dup(&q->arena, str_slice(&text));
    str_release(&text);
    return query_parse(&found, kept, &q->qc, &q->arena, &ignored) ? NULL : found;
}

static bool is_word(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum((unsigned char)s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return s.n > 0;
}

/* Who types one word or a reference often means a field or one item. */
static void print_none(struct context *c, struct asking *q)
{
    size_t sign = slice_chr(q->text, '#', 0);
    str_addz(&c->out, "no action items match: ");
    if (sign && sign < q->text.n - 1 && slice_chr(q->text, ' ', 0) == SIZE_MAX) {
        printer_fmt(&c->printer, TINT_NONE, "the life of one is told by 'pm actions log " SLICE_FMT "'",
                    SLICE_ARG(q->text));
        str_addc(&c->out, '\n');
        return;
    }
    const struct query *yes = is_word(q->text) ? asks(q, "", ":yes") : NULL;
    const char *before = "", *after = "";
    if (yes && yes->kind == QUERY_FIELD && yes->nvalues && yes->values[0].kind == MATCH_YES)
        after = ":yes";
    else if (is_word(q->text) && asks(q, "state:", ""))
        before = "state:";
    else if (is_word(q->text) && asks(q, "has:", ""))
        before = "has:";
    struct str meant = STR_INIT;
    if (query_meant(&meant, c, q->qc.schema, q->query))
        printer_fmt(&c->printer, TINT_NONE, "did you mean '%s'?", meant.p);
    else if (*before || *after)
        str_addf(&c->out, "'" SLICE_FMT "' was looked for as a word, 'pm actions %s" SLICE_FMT
                          "%s' asks for the field",
                 SLICE_ARG(q->text), before, SLICE_ARG(q->text), after);
    else
        str_addz(&c->out, "'pm actions --all' reaches resolved ones too");
    str_addc(&c->out, '\n');
    str_release(&meant);
    say_lower_or(q->text);
}

static void print_total(struct context *c, const struct action_totals *t, size_t shown)
{
    struct tally total = {t->items, t->unresolved, t->overdue, t->elsewhere};
    str_addc(&c->out, '\n');
    render_tally(&c->out, &total);
    if (shown < t->items)
        str_addf(&c->out, " (%zu shown)", shown);
    str_addc(&c->out, '\n');
}

static void print_rows(struct context *c, const struct row_format *f, const struct asking *q,
                       const struct rows_view *rows, const struct groups_view *groups)
{
    bool markdown = strcmp(f->name, "markdown") == 0;
    if (strcmp(f->name, "json") == 0)
        render_actions_json(&c->out, rows->actions, rows->n, groups,
                            &(struct answer_view){q->text, q->at, q->totals.items, q->limits.unreadable, NULL, 0});
    else if (groups && markdown)
        render_groups_markdown(&c->out, groups);
    else if (groups)
        render_groups_table(&c->printer, groups);
    else if (markdown)
        render_actions_markdown(&c->out, rows->actions, rows->n);
    else if (!row_format_print(c, f, rows))
        render_actions_table(&c->printer, rows->actions, rows->n, true);
}

static void print_list(struct context *c, const struct actions_options *o,
                       const struct row_format *f, struct asking *q, const struct rows_view *rows)
{
    struct groups_view groups = {.n = 0};
    if (o->by)
        actions_group(&groups, o->by, q->qc.schema, rows, &q->arena);
    print_rows(c, f, q, rows, o->by ? &groups : NULL);
    bool text = !f->template && format_among(f->name, text_formats);
    if (text && q->totals.items)
        print_total(c, &q->totals, rows->n);
    else if (text)
        print_none(c, q);
    actions_groups_release(&groups);
}

/* CSV and the like say of an item what its postmortem says. */
static bool needs_facts(const struct actions_options *o, const struct row_format *f)
{
    return o->by         ? true
           : f->template ? template_has_facts(f->template)
                         : strcmp(f->name, "csv") == 0 || strcmp(f->name, "tsv") == 0;
}

static enum action_order order_of(const struct actions_options *o)
{
    size_t order = 0;
    while (o->sort && strcmp(o->sort, sorts[order]) != 0)
        order++;
    return (enum action_order)order;
}

static int list(struct context *c, const struct actions_options *o, const struct row_format *f,
                struct asking *q, struct err *e)
{
    struct action_rows rows = {0};
    struct action_question asked = {
        .query = q->query, .context = &q->qc, .all = o->all, .order = order_of(o),
        .reverse = o->reverse, .limit = o->count ? 0 : o->limit ? (size_t)o->limit : SIZE_MAX};
    if (q->index && (index_actions(q->index, &asked, &rows, &q->totals, e) ||
                     (needs_facts(o, f) && index_facts(q->index, &rows, e)))) {
        action_rows_release(&rows);
        return -1;
    }
    size_t n = rows.n;
    struct action_view *views = xcalloc(n + 1, sizeof *views);
    for (size_t i = 0; i < n; i++)
        views[i] = action_view_of(c, q->qc.schema, q->people, &rows.v[i], &q->arena);
    vec_release(&rows); /* the views borrow from its arena alone */
    if (o->count)
        str_addf(&c->out, "%zu\n", q->totals.items);
    else
        print_list(c, o, f, q, &(struct rows_view){.actions = views, .n = n});
    free(views);
    action_rows_release(&rows);
    return o->exit_code && q->totals.overdue ? PM_NO : PM_YES;
}

static int ask(struct context *c, const struct actions_options *o, struct asking *q,
               const struct operands *operands, struct err *e)
{
    struct row_format f;
    if (context_query(c, operands, &o->flags, &q->qc, &q->arena, &q->query, &q->text, e) ||
        row_format_parse(&f, o->format, o->nul, action_fields, e))
        return -1;
    if (o->by && !format_among(f.name, grouped_formats)) {
        template_free(f.template);
        return err_usage(e, "--by goes with --format table, markdown and json, not with %s", f.name);
    }
    int code = list(c, o, &f, q, e);
    template_free(f.template);
    return code;
}

/* ---- the life of one item ---- */

static void print_life(struct context *c, const char *format, const struct action_view *item,
                       const struct event_view *events, size_t n)
{
    struct path_view paths = context_paths(c);
    if (strcmp(format, "json") == 0)
        render_log_json(&c->out, item, events, n);
    else if (strcmp(format, "jsonl") == 0)
        render_log_jsonl(&c->out, events, n);
    else if (strcmp(format, "paths") == 0)
        render_actions_paths(&c->out, item, 1, &paths);
    else
        render_log_text(&c->printer, item, events, n);
}

static int life(struct context *c, const struct actions_options *o, struct asking *q,
                struct slice ref, struct err *e)
{
    struct action_rows item = {0};
    struct event_rows events = {0};
    static const char *const log_formats[] = {"table", "text", "paths", "json", "jsonl", NULL};
    const char *format = o->format ? o->format : "table";
    if (!format_among(format, log_formats) || o->nul)
        return err_usage(e, "'pm actions log' prints table, paths, json or jsonl");
    if (!q->index)
        return err_usage(e, "there is no item '" SLICE_FMT "': nothing is committed yet",
                         SLICE_ARG(ref));
    if (index_log(q->index, ref, &item, &events, e))
        return -1;
    struct action_view view =
        action_view_of(c, q->qc.schema, q->people, &item.v[0], &q->arena);
    struct event_view *views = xcalloc(events.n + 1, sizeof *views);
    for (size_t i = 0; i < events.n; i++)
        views[i] = event_view_of(c, q->people, &events.v[i], &q->arena);
    print_life(c, format, &view, views, events.n);
    free(views);
    event_rows_release(&events);
    action_rows_release(&item);
    return PM_YES;
}

static int cmd_actions(struct context *c, void *options, const struct operands *operands,
                       struct err *e)
{
    const struct actions_options *o = options;
    struct asking q = {0};
    if (operands->n && strcmp(operands->v[0], "diff") == 0) {
        if (operands->n != 2)
            return err_usage(e, "'pm actions diff' takes one range, such as main..HEAD");
        return actions_diff(c, operands->v[1], o->format, e);
    }
    bool log = operands->n && strcmp(operands->v[0], "log") == 0;
    int code = -1;
    if (log && operands->n != 2)
        return err_usage(e, "'pm actions log' takes one reference, such as PM-0042#A1");
    if (asking_open(c, &q, e) == 0)
        code = log ? life(c, o, &q, slice_of(operands->v[1]), e) : ask(c, o, &q, operands, e);
    return asking_finish(c, &q, code, e);
}

const struct command command_actions = {
    .name = "actions",
    .run = cmd_actions,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "[QUERY]\nlog REF\ndiff A..B",
    .summary = "action items: what is open, overdue, postponed, dropped",
    .opts = opts,
    .options_size = sizeof(struct actions_options),
    .opt_flags = OPT_DASH_TERMS,
};
