#include "pm/command.h"

#include <stdlib.h>
#include <string.h>

#include "pm/embed.h"
#include "pm/path.h"
#include "pm/utf8.h"
#include "pm/worktree.h"

/* Headings that many postmortems here have and that no section of the schema knows. */
struct heading {
    struct slice title;
    size_t documents;
};
struct headings {
    struct heading *v;
    size_t n, cap;
    struct map by_name; /* folded → index + 1 */
    struct arena arena;
};

/* ---- what the repository contains ---- */

static void count_headings(struct headings *h, const struct postmortem *pm)
{
    struct map seen = MAP_INIT;
    for (size_t i = 0; i < pm->doc->nsections; i++) {
        const struct section *s = &pm->doc->sections[i];
        if (s->level == 1 || !s->name.n || schema_section(pm->schema, s->title) ||
            map_get(&seen, s->name))
            continue;
        map_put(&seen, s->name, h);
        uintptr_t at = (uintptr_t)map_get(&h->by_name, s->name);
        if (!at) {
            struct heading fresh = {arena_dup(&h->arena, s->title), 0};
            vec_push(h, fresh);
            at = h->n;
            map_put(&h->by_name, s->name, (void *)at);
        }
        h->v[at - 1].documents++;
    }
    map_release(&seen);
}

static int by_count(const void *a, const void *b)
{
    const struct heading *x = a, *y = b;
    if (x->documents != y->documents)
        return x->documents > y->documents ? -1 : 1;
    return slice_cmp(x->title, y->title);
}

static bool is_below(struct slice path, struct slice folder)
{
    return !folder.n ||
           (slice_starts(path, folder) && path.n > folder.n && path.p[folder.n] == '/');
}

/* What YAML has no place for, even in quotes. */
static bool is_unprintable(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 || cp == 0x2029 || cp == 0xfeff;
}

static void add_yaml_text(struct str *out, struct slice s)
{
    str_addc(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        uint32_t cp = utf8_next(s, &i);
        if (is_unprintable(cp))
            str_addf(out, "\\u%04x", (unsigned)cp);
        else if (cp == '"' || cp == '\\')
            str_addf(out, "\\%c", (int)cp);
        else
            str_adds(out, slice_sub(s, start, i - start));
    }
    str_addc(out, '"');
}

/* A glob that matches this path only; but a file of YAML must be UTF-8, so a byte that is none
 * becomes any one byte. */
static void add_literal(struct str *glob, struct slice path)
{
    size_t valid = utf8_valid_prefix(path);
    for (size_t i = 0; i < path.n; i++) {
        if (i == valid) {
            str_addc(glob, '?');
            valid = i + 1 + utf8_valid_prefix(slice_sub(path, i + 1, path.n));
            continue;
        }
        if (path.p[i] && strchr("*?[]{}\\", path.p[i]))
            str_addc(glob, '\\');
        str_addc(glob, path.p[i]);
    }
}

static void add_pattern(struct str *out, struct slice path, const char *below)
{
    struct str glob = STR_INIT;
    add_literal(&glob, path);
    str_addz(&glob, below);
    if (out->p[out->n - 1] != '[')
        str_addz(out, ", ");
    add_yaml_text(out, str_slice(&glob));
    str_release(&glob);
}

/* A pattern for each folder at the top that holds postmortems, "docs/postmortems/" and all below. */
static int add_patterns(struct context *c, struct str *out, const struct state *state,
                        struct err *e)
{
    struct slice last = {NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < state_count(state); i++) {
        struct slice folder = path_dir(snapshot_file(state->files, i)->path);
        while (folder.n && ascii_is_digit((unsigned char)path_base(folder).p[0]))
            folder = path_dir(folder); /* by year and month */
        if (i && (slice_eq(folder, last) || is_below(folder, last)))
            continue;
        add_pattern(out, folder, state->selection.root ? "*.md" : "/**/*.md");
        last = folder;
        n++;
    }
    for (size_t i = 0; state->selection.root && i < snapshot_count(state->files); i++) {
        struct slice path = snapshot_file(state->files, i)->path;
        if (!path_extension(path).n) /* somebody forgot it */
            add_pattern(out, path, "");
    }
    if (n)
        return 0;
    struct str folder = STR_INIT;
    size_t files;
    int found = state_hint(c->repo, state, NULL, &folder, &files, e);
    if (found > 0)
        add_pattern(out, str_slice(&folder), "*.md");
    else
        add_pattern(out, SLICE("postmortems"), "/**/*.md");
    str_release(&folder);
    return found < 0 ? -1 : 0;
}

enum { HEADINGS_SHOWN = 12 };

/* A guess would be wrong now and then, so unknown headings are proposed as comments: whoever knows
 * them moves each to the section that it is. */
static void add_headings(struct str *out, struct headings *h, size_t documents)
{
    size_t shown = 0;
    if (h->n)
        qsort(h->v, h->n, sizeof *h->v, by_count);
    for (size_t i = 0; i < h->n && shown < HEADINGS_SHOWN; i++) {
        if (h->v[i].documents < 2 || h->v[i].documents * 10 < documents)
            break;
        if (!shown++)
            str_addz(out, "\n# Headings found here that the default schema does not know. If one is a "
                          "section of\n# it under another name, write for example\n"
                          "#   Impact: {aliases: [\"Auswirkung\"]}\n# sections:\n");
        str_addz(out, "#   ");
        add_yaml_text(out, h->v[i].title);
        str_addf(out, "   (%zu documents)\n", h->v[i].documents);
    }
}

/* What others can read, too: not the path of a file, not the rules of TZ. */
static const char *lasting_zone(struct context *c)
{
    struct zone *known;
    if (zone_load(&known, slice_of(zone_name(c->zone)), NULL))
        return "UTC";
    zone_free(known);
    return zone_name(c->zone);
}

static int propose_schema(struct context *c, struct str *out, struct err *e)
{
    struct state state;
    struct corpus corpus = {0};
    struct headings headings = {.by_name = MAP_INIT};
    int failed = state_of_worktree(&state, c->repo, e);
    if (failed)
        return -1;
    failed = corpus_load(&corpus, c->repo, &state, NULL, 0, 0, e);
    if (!failed) {
        for (size_t i = 0; i < corpus.n; i++)
            count_headings(&headings, corpus.v[i]);
        str_addz(out, "# What is different here from the default schema: see 'pm help format'.\n"
                      "version: 1\nextends: default\ndocuments: [");
        failed = add_patterns(c, out, &state, e);
        str_addf(out, "]\ntimezone: %s # of times that state none\n", lasting_zone(c));
        add_headings(out, &headings, corpus.n);
    }
    free(headings.v);
    map_release(&headings.by_name);
    arena_release(&headings.arena);
    corpus_release(&corpus);
    state_release(&state);
    return failed;
}

/* ---- writing ---- */

static int write_new(struct context *c, const char *name, struct slice text, struct err *e)
{
    int written = worktree_create(c->repo, slice_of(name), text, e);
    if (written >= 0)
        str_addf(&c->out, "  %s  %s\n", written ? "written" : "kept   ", name);
    return written < 0 ? -1 : 0;
}

static int write_builtin(struct context *c, const char *name, const char *builtin, struct err *e)
{
    const struct embedded *file = embedded_find(builtin);
    if (!file)
        BUG("%s is not compiled in", builtin);
    return write_new(c, name, slice_from(file->data, file->n), e);
}

/* What to do about the postmortems that are there already. */
static const char look_back[] =
    "  pm check --all    see how those that exist fare\n"
    "  pm check --write-baseline\n"
    "                    accept what it found, so that only changes are judged\n";

/* By the .pm/ that stands there now: the one written, or the one that was kept. */
static int say_next(struct context *c, struct err *e)
{
    struct state state;
    if (state_of_worktree(&state, c->repo, e))
        return -1;
    size_t n = state_count(&state);
    state_release(&state);
    str_addf(&c->out,
             "\n%zu postmortem%s found. Next:\n"
             "  look at .pm/schema.yaml, and cut .pm/tags.yaml to the causes that you have\n"
             "%s"
             "  git add .pm       and commit: answers are those of HEAD, by the rules of HEAD\n"
             "  pm hook install   reject commits of incomplete postmortems\n"
             "  pm new TITLE      write one\n",
             n, n == 1 ? "" : "s", n ? look_back : "");
    return 0;
}

static int cmd_init(struct context *c, void *options, const struct operands *operands,
                    struct err *e)
{
    struct str schema = STR_INIT;
    int code = -1;
    (void)options;
    if (operands->n)
        return err_usage(e, "'pm init' takes no operands");
    if (propose_schema(c, &schema, e) == 0 &&
        write_new(c, ".pm/schema.yaml", str_slice(&schema), e) == 0 &&
        write_builtin(c, ".pm/tags.yaml", "schema/tags.yaml", e) == 0 &&
        write_builtin(c, ".pm/template.md", "schema/template.md", e) == 0 && say_next(c, e) == 0)
        code = PM_YES;
    str_release(&schema);
    return code;
}

const struct command command_init = {
    .name = "init",
    .run = cmd_init,
    .needs = NEEDS_REPO | NEEDS_WORKTREE,
    .usage = "",
    .summary = "a .pm/ folder proposed from what the repository contains",
};
