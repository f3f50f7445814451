#include "tags_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/spell.h"
#include "pm/tagcount.h"

static const char *const formats[] = {"table", "json", "jsonl", NULL};

static const struct opt opts[] = {
    {.name = "unknown", .kind = OPT_FLAG, .offset = offsetof(struct tags_options, unknown),
     .help = "only tags that .pm/tags.yaml does not list, and what was meant"},
    {.name = "used", .kind = OPT_FLAG, .offset = offsetof(struct tags_options, used),
     .help = "only tags that some postmortem bears, or one below them"},
    {.name = "unused", .kind = OPT_FLAG, .offset = offsetof(struct tags_options, unused),
     .help = "only tags that no postmortem bears, nor one below them"},
    {.name = "dry-run", .kind = OPT_FLAG, .offset = offsetof(struct tags_options, dry_run),
     .help = "of rename: print what would change, and change nothing"},
    {.name = "format", .letter = 'f', .kind = OPT_CHOICE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct tags_options, format),
     .help = "how to print"},
    {0},
};

static bool is_format(const struct tags_options *o, const char *name)
{
    return strcmp(o->format ? o->format : "table", name) == 0;
}

/* ---- the list ---- */

static struct tag_view view_of(const struct tag_count *count, const struct taxonomy *t)
{
    struct tag_view view = {.name = count->name, .tag = count->tag, .own = count->own,
                            .all = count->all, .open = count->open, .path = count->path,
                            .place = count->place};
    if (tag_count_unknown(count, t))
        view.near = taxonomy_nearest(t, count->name);
    return view;
}

static bool narrows(const struct tags_options *o)
{
    return o->unknown || o->used || o->unused;
}

static bool is_wanted(const struct tags_options *o, const struct tag_count *count,
                      const struct taxonomy *t)
{
    bool unknown = tag_count_unknown(count, t);
    if (o->unknown || o->used || o->unused)
        return (o->unknown && unknown) || (o->used && count->all) || (o->unused && !count->all);
    return count->tag || !t->closed || !is_format(o, "table");
}

/* Below the table: how much of it there is, and what does not belong. */
static void print_foot(struct context *c, const struct tag_counts *counts,
                       const struct taxonomy *t)
{
    size_t tags = 0, unused = 0, unknown = 0;
    VEC(struct tag_view) views = VEC_INIT;
    for (size_t i = 0; i < counts->n; i++) {
        tags += counts->v[i].tag || counts->v[i].own || !t->closed;
        unused += !counts->v[i].all;
        unknown += tag_count_unknown(&counts->v[i], t);
        if (tag_count_unknown(&counts->v[i], t))
            vec_push(&views, view_of(&counts->v[i], t));
    }
    if (unknown) {
        str_addf(&c->out, "%sNot in .pm/tags.yaml\n", c->out.n ? "\n" : "");
        render_unknown_tags(&c->printer, views.v, views.n);
    }
    str_addf(&c->out, "%s%zu tag%s, %zu unused", c->out.n ? "\n" : "", tags,
             tags == 1 ? "" : "s", unused);
    if (t->closed)
        str_addf(&c->out, ", %zu unknown", unknown);
    str_addf(&c->out, "; %zu postmortem%s, %zu without a tag\n", counts->postmortems,
             counts->postmortems == 1 ? "" : "s", counts->untagged);
    vec_release(&views);
}

static void print_list(struct context *c, const struct tags_options *o, const struct reading *r,
                       const struct tag_counts *counts)
{
    const struct taxonomy *t = &r->state.schema->taxonomy;
    struct tags_total total = {"", counts->postmortems, counts->untagged};
    char at[OID_HEX + 1];
    VEC(struct tag_view) views = VEC_INIT;
    for (size_t i = 0; i < counts->n; i++)
        if (is_wanted(o, &counts->v[i], t))
            vec_push(&views, view_of(&counts->v[i], t));
    if (r->born) {
        oid_hex(&r->tip, at);
        total.at = at;
    }
    if (is_format(o, "json"))
        render_tags_json(&c->out, views.v, views.n, &total);
    else if (is_format(o, "jsonl"))
        render_tags_jsonl(&c->out, views.v, views.n);
    else if (o->unknown && !o->used && !o->unused)
        render_unknown_tags(&c->printer, views.v, views.n);
    else if (views.n)
        render_tags_table(&c->printer, views.v, views.n);
    if (is_format(o, "table") && !narrows(o) && state_count(&r->state))
        print_foot(c, counts, t);
    vec_release(&views);
}

static int list(struct context *c, const struct tags_options *o, struct err *e)
{
    struct reading reading;
    struct tag_counts counts = {0};
    if (o->dry_run)
        return err_usage(e, "--dry-run goes with 'pm tags rename'");
    if (context_reading(c, &reading, e))
        return -1;
    int failed = tag_counts_read(&counts, c->repo, &reading.state, e);
    if (!failed && o->unknown && !reading.state.schema->taxonomy.closed)
        say("there is no .pm/tags.yaml, so no tag is unknown ('pm init' writes one)");
    if (!failed)
        print_list(c, o, &reading, &counts);
    tag_counts_release(&counts);
    return reading_finish(c, &reading, failed ? -1 : PM_YES, e);
}

/* ---- one tag ---- */

/* The postmortems that bear it, kept by the thread that read them. */
struct bearing {
    struct slice tag;
    VEC(struct postmortem *) by_thread[CORPUS_THREADS];
    VEC(struct postmortem *) all;
    size_t own, open;
};

static bool bears(const struct postmortem *pm, struct slice tag, bool *itself)
{
    bool found = false;
    for (size_t i = 0; pm->readable && i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        if (!f->field || f->field->type != FIELD_TAG || f->how != FACT_VALUE)
            continue;
        for (size_t k = 0; k < f->nvalues; k++) {
            found |= tag_within(f->values[k].text, tag);
            *itself |= slice_eq(f->values[k].text, tag);
        }
    }
    return found;
}

static void keep_bearing(void *ctx, unsigned thread, size_t number, struct postmortem *pm)
{
    struct bearing *b = ctx;
    bool itself = false;
    (void)number;
    if (bears(pm, b->tag, &itself))
        vec_push(&b->by_thread[thread], pm);
    else
        postmortem_free(pm);
}

static int by_date(const void *a, const void *b)
{
    const struct postmortem *x = *(struct postmortem *const *)a, *y = *(struct postmortem *const *)b;
    int order = date_cmp(x->date, y->date);
    return order ? order : slice_cmp(x->path, y->path);
}

static void gather(struct bearing *b)
{
    for (unsigned i = 0; i < CORPUS_THREADS; i++) {
        for (size_t k = 0; k < b->by_thread[i].n; k++)
            vec_push(&b->all, b->by_thread[i].v[k]);
        vec_release(&b->by_thread[i]);
    }
    vec_sort(&b->all, by_date);
    for (size_t i = 0; i < b->all.n; i++) {
        const struct postmortem *pm = b->all.v[i];
        bool itself = false;
        bears(pm, b->tag, &itself);
        b->own += itself;
        for (size_t k = 0; k < pm->actions.n; k++)
            b->open += item_unresolved((enum item_state)pm->actions.v[k].state);
    }
}

static void print_bearing(struct context *c, const struct tags_options *o, const struct reading *r,
                          const struct bearing *b)
{
    VEC(struct year_count) years = VEC_INIT;
    struct search_row *rows = xcalloc(b->all.n + 1, sizeof *rows);
    struct tag_view head = {.name = b->tag, .tag = taxonomy_find(&r->state.schema->taxonomy, b->tag),
                            .own = b->own, .all = b->all.n, .open = b->open};
    struct str query = STR_INIT;
    char at[OID_HEX + 1] = "";
    for (size_t i = 0; i < b->all.n; i++) {
        rows[i].pm = b->all.v[i];
        if (!years.n || years.v[years.n - 1].year != rows[i].pm->date.year)
            vec_push(&years, (struct year_count){.year = rows[i].pm->date.year});
        years.v[years.n - 1].n++;
    }
    if (r->born)
        oid_hex(&r->tip, at);
    str_addf(&query, "tag:" SLICE_FMT, SLICE_ARG(b->tag));
    if (is_format(o, "json")) {
        render_search_json(&c->out, rows, b->all.n,
                           &(struct answer_view){str_slice(&query), at, b->all.n, 0, NULL, 0});
    } else if (is_format(o, "jsonl")) {
        render_search_jsonl(&c->out, rows, b->all.n);
    } else {
        render_tag_head(&c->printer, &head, years.v, years.n);
        str_addc(&c->out, '\n');
        render_search_table(&c->printer, rows, b->all.n);
    }
    str_release(&query);
    free(rows);
    vec_release(&years);
}

int tags_unknown_name(struct context *c, const struct state *s, struct slice name, struct err *e)
{
    struct tag_counts counts = {0};
    struct spell spell;
    const struct tag *near = taxonomy_nearest(&s->schema->taxonomy, name);
    if (tag_counts_read(&counts, c->repo, s, e))
        return -1;
    spell_init(&spell, name);
    for (size_t i = 0; i < counts.n; i++)
        spell_offer(&spell, counts.v[i].name);
    struct slice best = near ? near->name : spell.best;
    if (best.n)
        err_usage(e, "there is no tag '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                  SLICE_ARG(name), SLICE_ARG(best));
    else
        err_usage(e, "there is no tag '" SLICE_FMT "': 'pm tags' lists them", SLICE_ARG(name));
    tag_counts_release(&counts);
    return -1;
}

static int show_tag(struct context *c, const struct tags_options *o, struct slice name,
                    struct err *e)
{
    struct reading r;
    struct bearing b = {0};
    struct arena arena = ARENA_INIT;
    const struct visitor visitor = {keep_bearing, &b, 0};
    if (context_reading(c, &r, e))
        return -1;
    b.tag = taxonomy_canonical(&r.state.schema->taxonomy, name, &arena);
    int failed = corpus_each(c->repo, &r.state, NULL, 0, &visitor, e);
    gather(&b);
    if (!failed && !b.all.n && !taxonomy_find(&r.state.schema->taxonomy, name))
        failed = tags_unknown_name(c, &r.state, name, e);
    if (!failed)
        print_bearing(c, o, &r, &b);
    for (size_t i = 0; i < b.all.n; i++)
        postmortem_free(b.all.v[i]);
    vec_release(&b.all);
    arena_release(&arena);
    return reading_finish(c, &r, failed ? -1 : PM_YES, e);
}

static int cmd_tags(struct context *c, void *options, const struct operands *operands,
                    struct err *e)
{
    const struct tags_options *o = options;
    const char *what = operands->n ? operands->v[0] : "";
    if (!operands->n)
        return list(c, o, e);
    if (narrows(o))
        return err_usage(e, "--unknown, --used and --unused narrow the list: they go with 'pm tags' "
                            "alone");
    if (strcmp(what, "rename") == 0 && operands->n == 3)
        return tags_rename(c, o, slice_of(operands->v[1]), slice_of(operands->v[2]), e);
    if (strcmp(what, "show") == 0 && operands->n == 2 && !o->dry_run)
        return show_tag(c, o, slice_of(operands->v[1]), e);
    return err_usage(e, "'pm tags' takes nothing, 'show TAG' or 'rename OLD NEW'");
}

const struct command command_tags = {
    .name = "tags",
    .run = cmd_tags,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "[--unknown] [--used] [--unused]\nshow TAG\nrename [--dry-run] OLD NEW",
    .summary = "the taxonomy of causes: what comes back, what is unknown",
    .opts = opts,
    .options_size = sizeof(struct tags_options),
};
