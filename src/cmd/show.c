#include "pm/command.h"

#include <stdlib.h>
#include <string.h>

#include "pm/spell.h"
#include "pm/utf8.h"

struct show_options {
    const char *format, *section;
    bool raw;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct opt opts[] = {
    {.name = "section", .kind = OPT_STRING, .argument = "NAME",
     .offset = offsetof(struct show_options, section), .help = "only this section, as written"},
    {.name = "raw", .kind = OPT_FLAG, .offset = offsetof(struct show_options, raw),
     .help = "the document, byte for byte"},
    {.name = "format", .letter = 'f', .kind = OPT_CHOICE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct show_options, format), .help = "how to print"},
    {0},
};

struct showing {
    struct reading reading;
    struct corpus corpus;
    struct people *people;
    struct index *index;
    struct action_rows rows;
    struct arena arena;
    struct show_view view;
};

/* Does this postmortem's `related` (or the like) name that one? */
static bool refers(const struct postmortem *from, const struct postmortem *to)
{
    static const char *const fields[] = {"related", "recurrence_of", "duplicate_of", "supersedes"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct fact *f = postmortem_fact(from, fields[i]);
        for (size_t k = 0; f && k < f->nvalues; k++)
            if (slice_ieq(f->values[k].text, to->id))
                return true;
    }
    return false;
}

static void find_referring(struct showing *s)
{
    const struct postmortem **found =
        arena_array(&s->arena, s->corpus.n + 1, sizeof *found);
    for (size_t i = 0; i < s->corpus.n; i++)
        if (s->corpus.v[i] != s->view.pm && refers(s->corpus.v[i], s->view.pm))
            found[s->view.nreferring++] = s->corpus.v[i];
    s->view.referring = found;
}

static int find_actions(struct context *c, struct showing *s, struct err *e)
{
    if (people_load(&s->people, c->repo, e))
        return -1;
    if (context_index(c, &s->reading, INDEX_LEDGER, &s->index, e) ||
        index_actions_of(s->index, s->view.pm->path, &s->rows, e))
        return -1;
    struct action_view *views = arena_array(&s->arena, s->rows.n + 1, sizeof *views);
    for (size_t i = 0; i < s->rows.n; i++)
        views[i] = action_view_of(c, s->reading.state.schema, s->people, &s->rows.v[i], &s->arena);
    s->view.actions = views;
    s->view.nactions = s->rows.n;
    return 0;
}

enum { SECTIONS_NAMED = 20 };

static int no_section(const struct postmortem *pm, const char *name, struct err *e)
{
    struct str all = STR_INIT, near = STR_INIT;
    struct spell spell;
    size_t n = 0;
    spell_init(&spell, slice_of(name));
    for (size_t i = 0; i < pm->doc->nsections; i++) {
        struct slice title = pm->doc->sections[i].title;
        if (!title.n || pm->doc->sections[i].level == 1)
            continue;
        spell_offer(&spell, title);
        if (n++ < SECTIONS_NAMED)
            str_addf(&all, "%s" SLICE_FMT, n > 1 ? ", " : " (it has: ", SLICE_ARG(title));
    }
    if (spell.best.n)
        str_addf(&near, ": did you mean '" SLICE_FMT "'?", SLICE_ARG(spell.best));
    if (all.n)
        str_addz(&all, n > SECTIONS_NAMED ? " and others)" : ")");
    err_usage(e, "'" SLICE_FMT "' has no section '%s'%s%s", SLICE_ARG(pm->path), name, near.p,
              all.p);
    str_release(&near);
    str_release(&all);
    return -1;
}

static int print_section(struct context *c, const struct showing *s, const char *name,
                         struct err *e)
{
    const struct postmortem *pm = s->view.pm;
    const struct section *section = postmortem_section_named(pm, slice_of(name));
    if (!section)
        return no_section(pm, name, e);
    utf8_add_visible(&c->out, slice_trim(document_slice(pm->doc, section->body)), true);
    str_addc(&c->out, '\n');
    return PM_YES;
}

/* Where HEAD is read, somebody may ask for what is not committed yet. */
static bool is_uncommitted(struct context *c, struct slice ref)
{
    struct err ignored = ERR_INIT;
    struct corpus corpus = {0};
    struct state state;
    if (c->global.at || c->global.worktree || repo_is_bare(c->repo) ||
        state_of_worktree(&state, c->repo, &ignored))
        return false;
    bool found = corpus_load(&corpus, c->repo, &state, NULL, 0, 0, &ignored) == 0 &&
                 corpus_find(&corpus, ref, repo_prefix(c->repo), &ignored);
    corpus_release(&corpus);
    state_release(&state);
    return found;
}

/* PM-0042#A1, where PM-0042 is one, is an item of it. */
static const struct postmortem *find(const struct showing *s, struct slice ref, const char *prefix,
                                     struct err *e)
{
    struct err ignored = ERR_INIT;
    const struct postmortem *pm = corpus_find(&s->corpus, ref, prefix, e);
    size_t sign = slice_chr(ref, '#', 0);
    if (!pm && sign < ref.n &&
        corpus_find(&s->corpus, slice_sub(ref, 0, sign), prefix, &ignored))
        err_usage(e, "'" SLICE_FMT "' is an action item: 'pm actions log " SLICE_FMT
                     "' tells its life", SLICE_ARG(ref), SLICE_ARG(ref));
    return pm;
}

static int show(struct context *c, const struct show_options *o, struct showing *s,
                struct slice ref, struct err *e)
{
    if (context_reading(c, &s->reading, e) ||
        corpus_load(&s->corpus, c->repo, &s->reading.state, NULL, 0, 0, e))
        return -1;
    s->view.pm = find(s, ref, repo_prefix(c->repo), e);
    if (!s->view.pm && is_uncommitted(c, ref))
        return err_usage(e, "'" SLICE_FMT "' is not committed yet: give --worktree to read it",
                         SLICE_ARG(ref));
    if (!s->view.pm)
        return -1;
    if (o->raw) {
        if (c->terminal)
            utf8_add_visible(&c->out, s->view.pm->doc->bytes, true);
        else
            str_adds(&c->out, s->view.pm->doc->bytes);
        return PM_YES;
    }
    if (o->section)
        return print_section(c, s, o->section, e);
    find_referring(s);
    if (find_actions(c, s, e))
        return -1;
    if (o->format && strcmp(o->format, "json") == 0)
        render_show_json(&c->out, &s->view);
    else
        render_show_text(&c->printer, &s->view);
    return PM_YES;
}

static int cmd_show(struct context *c, void *options, const struct operands *operands,
                    struct err *e)
{
    const struct show_options *o = options;
    struct showing s = {0};
    if (!!o->section + o->raw + !!o->format > 1)
        return err_usage(e, "--section, --raw and --format exclude one another");
    if (operands->n != 1)
        return err_usage(e, "'pm show' takes one postmortem: its id, the start of it, or its path");
    int code = show(c, o, &s, slice_of(operands->v[0]), e);
    action_rows_release(&s.rows);
    index_close(s.index);
    people_free(s.people);
    corpus_release(&s.corpus);
    arena_release(&s.arena);
    return reading_finish(c, &s.reading, code, e);
}

const struct command command_show = {
    .name = "show",
    .run = cmd_show,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "REF",
    .summary = "one postmortem: facts, times, timeline, what became of its action items",
    .opts = opts,
    .options_size = sizeof(struct show_options),
};
