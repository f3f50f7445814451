#include "pm/command.h"

struct schema_command {
    bool json_schema;
};

static const struct opt opts[] = {
    {.name = "json-schema", .kind = OPT_FLAG,
     .offset = offsetof(struct schema_command, json_schema),
     .help = "a JSON Schema of the front matter, for editors"},
    {0},
};

/* On an unborn branch there is nothing but the default. */
static int schema_of_tip(struct schema **out, struct context *c, struct err *e)
{
    struct oid tip;
    int born = context_tip(c, &tip, e);
    if (born > 0)
        return schema_of_commit(out, c->repo, &tip, e);
    if (born == 0)
        *out = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    return born;
}

/* Who has just edited the schema looks at it now. */
static int say_if_edited(struct context *c, const struct schema *shown, struct err *e)
{
    struct schema *edited;
    if (repo_is_bare(c->repo) || c->global.at)
        return 0;
    if (schema_of_worktree(&edited, c->repo, e))
        return -1;
    if (edited->own != shown->own || !slice_eq(edited->text, shown->text) ||
        !slice_eq(edited->tags_text, shown->tags_text))
        say("the schema in the worktree is not that of HEAD, which is what is read (--worktree "
            "shows it)");
    schema_free(edited);
    return 0;
}

static int read_schema(struct schema **out, struct context *c, struct err *e)
{
    if (c->global.worktree && !c->global.at && !repo_is_bare(c->repo))
        return schema_of_worktree(out, c->repo, e);
    if (schema_of_tip(out, c, e))
        return -1;
    return say_if_edited(c, *out, e);
}

/* Where something is wrong, what is printed is what applies all the same. */
static int say_mistakes(const struct context *c, const struct schema *s)
{
    const struct check_options options = {.today = c->today, .now = c->now};
    struct checker *checker = checker_new(s, &options);
    struct findings found = FINDINGS_INIT;
    checker_schema(checker, &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct finding *f = &found.v[i];
        say(SLICE_FMT ":%u:%u: " SLICE_FMT "%s" SLICE_FMT "%s", SLICE_ARG(f->path),
            (unsigned)f->start.line, (unsigned)f->start.column, SLICE_ARG(f->message),
            f->hint.n ? " (" : "", SLICE_ARG(f->hint), f->hint.n ? ")" : "");
    }
    if (s->broken)
        say("nothing of .pm/schema.yaml applies: this is the default schema");
    int code = found.n ? PM_NO : PM_YES;
    findings_release(&found);
    checker_free(checker);
    return code;
}

static int cmd_schema(struct context *c, void *options, const struct operands *operands,
                      struct err *e)
{
    const struct schema_command *o = options;
    struct schema *s = NULL;
    int code = -1;
    if (operands->n)
        return err_usage(e, "'pm schema' takes no operand");
    if (read_schema(&s, c, e) == 0) {
        code = say_mistakes(c, s);
        if (o->json_schema)
            render_schema_json(&c->out, s);
        else
            render_schema_yaml(&c->printer, s);
    }
    schema_free(s);
    return code;
}

const struct command command_schema = {
    .name = "schema",
    .run = cmd_schema,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "",
    .summary = "the schema in force, and where each line of it comes from",
    .opts = opts,
    .options_size = sizeof(struct schema_command),
};
