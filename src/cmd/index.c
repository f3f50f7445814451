#include "pm/command.h"
#include "pm/utf8.h"

struct index_options {
    bool status, rebuild, verify, dump;
};

static const struct opt opts[] = {
    {.name = "status", .kind = OPT_FLAG, .offset = offsetof(struct index_options, status),
     .help = "what is in it, how large it is and how it came to be (default)"},
    {.name = "rebuild", .kind = OPT_FLAG, .offset = offsetof(struct index_options, rebuild),
     .help = "throw it away and build it anew"},
    {.name = "verify", .kind = OPT_FLAG, .offset = offsetof(struct index_options, verify),
     .help = "compute it anew and compare; exit 1 when they differ"},
    {.name = "dump", .kind = OPT_FLAG, .offset = offsetof(struct index_options, dump),
     .help = "all of it as text, a line for each row"},
    {0},
};

enum { EVERYTHING = INDEX_LEDGER | INDEX_TEXT };

static void print_part(struct context *c, const char *name, const struct index_part_status *p)
{
    str_addf(&c->out, "%-11s", name);
    if (p->file)
        str_addf(&c->out, "%llu bytes, %s, ", (unsigned long long)p->bytes, p->made);
    printer_textz(&c->printer, TINT_NONE, p->file ? p->file : "in memory");
    str_addc(&c->out, '\n');
}

static int print_status(struct context *c, struct index *index, struct err *e)
{
    struct index_status s;
    char hex[OID_HEX + 1];
    if (index_status(index, &s, e))
        return -1;
    oid_hex(&s.tip, hex);
    str_addf(&c->out, "tip        %s\n", hex);
    str_addf(&c->out, "documents  %zu\ncommits    %zu\nitems      %zu\nevents     %zu\n",
             s.documents, s.commits, s.items, s.events);
    print_part(c, "ledger", &s.ledger);
    print_part(c, "text", &s.text);
    return PM_YES;
}

/* The line that begins at or before `at`, on its own. */
static struct slice line_at(const struct str *text, size_t at)
{
    struct slice rest, line = {NULL, 0};
    while (at > 0 && text->p[at - 1] != '\n')
        at--;
    rest = slice_sub(str_slice(text), at, text->n);
    slice_split(&rest, '\n', &line);
    return slice_sub(line, 0, 200);
}

static int compare(const struct str *kept, const struct str *anew)
{
    size_t at = 0;
    if (slice_eq(str_slice(kept), str_slice(anew)))
        return PM_YES;
    while (at < kept->n && at < anew->n && kept->p[at] == anew->p[at])
        at++;
    struct slice here = line_at(kept, at), there = line_at(anew, at);
    say("the cache is not what it should be ('pm index --rebuild' makes it anew)\n"
        "    cached: " SLICE_FMT "\n    anew:   " SLICE_FMT,
        SLICE_ARG(here), SLICE_ARG(there));
    return PM_NO;
}

static int verify(struct context *c, const struct reading *r, struct index *index, struct err *e)
{
    struct str kept = STR_INIT, anew = STR_INIT;
    struct index *fresh = NULL;
    int code = -1;
    if (index_dump(index, &kept, e) == 0 &&
        index_open(&fresh, c->repo, &r->state, &r->tip, EVERYTHING, true, NULL, NULL, e) == 0 &&
        index_dump(fresh, &anew, e) == 0)
        code = compare(&kept, &anew);
    index_close(fresh);
    str_release(&kept);
    str_release(&anew);
    return code;
}

static int dump(struct context *c, struct index *index, struct err *e)
{
    struct str text = STR_INIT;
    int code = index_dump(index, &text, e);
    if (c->terminal)
        utf8_add_visible(&c->out, str_slice(&text), true);
    else
        str_adds(&c->out, str_slice(&text));
    str_release(&text);
    return code;
}

static int work(struct context *c, const struct index_options *o, const struct reading *r,
                struct err *e)
{
    struct index *index = NULL;
    int code = -1;
    if (!r->born) {
        if (!o->verify && !o->dump && !o->rebuild)
            str_addz(&c->out, "tip        none: there is no commit yet\n");
        return PM_YES;
    }
    if (context_index(c, r, EVERYTHING, &index, e) == 0)
        code = o->verify ? verify(c, r, index, e)
               : o->dump ? dump(c, index, e)
                         : print_status(c, index, e);
    index_close(index);
    return code;
}

static int cmd_index(struct context *c, void *options, const struct operands *operands,
                     struct err *e)
{
    const struct index_options *o = options;
    struct reading reading;
    if (operands->n)
        return err_usage(e, "'pm index' takes no '%s': its options say what to do",
                         operands->v[0]);
    if (o->status + o->rebuild + o->verify + o->dump > 1)
        return err_usage(e, "--status, --rebuild, --verify and --dump exclude one another");
    if ((o->rebuild && index_remove(c->repo, e)) || context_history(c, &reading, e))
        return -1;
    int code = work(c, o, &reading, e);
    return reading_finish(c, &reading, code, e);
}

const struct command command_index = {
    .name = "index",
    .run = cmd_index,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "[--status | --rebuild | --verify | --dump]",
    .summary = "the cache that makes 'pm actions' and 'pm search' fast",
    .opts = opts,
    .options_size = sizeof(struct index_options),
};
