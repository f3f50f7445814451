#include "pm/command.h"

#include <stdlib.h>
#include <string.h>

#include "pm/embed.h"
#include "pm/path.h"
#include "pm/utf8.h"
#include "pm/worktree.h"

struct new_options {
    bool no_edit;
};

enum { SLUG_BYTES = 60, LARGE_FOLDER = 200 };

static const struct opt opts[] = {
    {.name = "no-edit", .kind = OPT_FLAG, .offset = offsetof(struct new_options, no_edit),
     .help = "do not open an editor"},
    {0},
};

/* ---- the id ---- */

/* The number in a text that matches the pattern as a whole; -1 for none. */
static int64_t number_in(struct slice pattern, struct slice id)
{
    int64_t number = 0;
    size_t first = slice_chr(pattern, '#', 0);
    if (first == SIZE_MAX || !pattern_scan(pattern, id))
        return -1;
    for (size_t i = first; i < id.n && ascii_is_digit((unsigned char)id.p[i]); i++)
        number = number > INT64_MAX / 100 ? number : number * 10 + (id.p[i] - '0');
    return number;
}

static int highest_in(struct context *c, const struct state *state, int64_t *highest,
                      struct err *e)
{
    struct corpus corpus = {0};
    if (corpus_load(&corpus, c->repo, state, NULL, 0, 0, e))
        return -1;
    for (size_t i = 0; i < corpus.n; i++) {
        struct slice pattern = state->schema->id_pattern;
        int64_t stated = number_in(pattern, corpus.v[i]->id);
        int64_t named = number_in(pattern, path_stem(corpus.v[i]->path));
        if (stated > *highest)
            *highest = stated;
        if (named > *highest)
            *highest = named;
    }
    corpus_release(&corpus);
    return 0;
}

struct trees {
    struct map seen;
    struct arena arena; /* of its keys */
};

/* Of a commit whose tree has not been seen: many branches hold the same files. */
static int highest_of_commit(struct context *c, struct slice hex, struct trees *trees,
                             int64_t *highest, struct err *e)
{
    struct oid id;
    struct commit commit;
    struct state state;
    char *tree = arena_alloc(&trees->arena, OID_HEX + 1);
    if (!oid_parse(hex, &id))
        return err_set(e, "it is no object's name");
    if (commit_read(c->repo, &id, &commit, e))
        return -1;
    oid_hex(&commit.tree, tree);
    commit_release(&commit);
    if (map_get(&trees->seen, slice_of(tree)))
        return 0;
    map_put(&trees->seen, slice_of(tree), c);
    if (state_of_commit(&state, c->repo, &id, e))
        return -1;
    int failed = highest_in(c, &state, highest, e);
    state_release(&state);
    return failed;
}

/* Over all refs: a colleague's branch may have taken the next number already. A branch that cannot
 * be read (a clone that lacks objects) is no reason to write nothing. */
static int highest_number(struct context *c, const struct state *here, int64_t *highest,
                          struct err *e)
{
    const char *argv[] = {"for-each-ref", "--format=%(objectname) %(refname)", "refs/heads",
                          "refs/remotes", NULL};
    struct str refs = STR_INIT;
    struct trees trees = {.seen = MAP_INIT};
    struct slice line, hex;
    int failed = highest_in(c, here, highest, e) || repo_ask(c->repo, argv, &refs, e);
    for (struct slice rest = str_slice(&refs); !failed && slice_split(&rest, '\n', &line);) {
        struct err why = ERR_INIT;
        if (slice_split(&line, ' ', &hex) &&
            highest_of_commit(c, hex, &trees, highest, &why))
            say("the ids of '" SLICE_FMT "' are not counted: %s", SLICE_ARG(line), why.text);
    }
    arena_release(&trees.arena);
    map_release(&trees.seen);
    str_release(&refs);
    return failed ? -1 : 0;
}

static void add_id(struct str *out, struct slice pattern, int64_t number)
{
    size_t first = slice_chr(pattern, '#', 0), digits = 0;
    while (first + digits < pattern.n && pattern.p[first + digits] == '#')
        digits++;
    str_adds(out, slice_sub(pattern, 0, first));
    str_addf(out, "%0*lld", (int)digits, (long long)number);
    str_adds(out, slice_sub(pattern, first + digits, pattern.n));
}

/* ---- the path ---- */

static void add_slug(struct str *out, struct slice title)
{
    struct str folded = STR_INIT;
    size_t start = out->n;
    utf8_fold_search(&folded, title);
    struct slice s = str_slice(&folded);
    for (size_t i = 0; i < s.n && out->n - start < SLUG_BYTES;) {
        uint32_t cp = utf8_next(s, &i);
        if (utf8_is_letter(cp))
            utf8_add(out, cp);
        else if (out->n > start && out->p[out->n - 1] != '-')
            str_addc(out, '-');
    }
    while (out->n > start && out->p[out->n - 1] == '-')
        str_truncate(out, out->n - 1);
    if (out->n == start)
        str_addz(out, "postmortem");
    str_release(&folded);
}

static struct slice without_dates(struct slice folder)
{
    while (folder.n && ascii_is_digit((unsigned char)path_base(folder).p[0]))
        folder = path_dir(folder); /* postmortems/2025/03 */
    return folder;
}

static bool is_in(struct slice folder, struct slice above)
{
    return !above.n || slice_eq(folder, above) ||
           (slice_starts(folder, above) && folder.p[above.n] == '/');
}

/* The uppermost part of a folder whose files are postmortems: "team/postmortems" of
 * "team/postmortems/payments". Empty: there is none. */
static struct slice uppermost(const struct state *state, struct slice folder)
{
    struct slice found = {NULL, 0};
    for (; folder.n; folder = path_dir(folder)) {
        struct selection selection = state->selection;
        struct str path = STR_INIT;
        str_addf(&path, SLICE_FMT "/x.md", SLICE_ARG(folder));
        if (selection_wanted(&selection, str_slice(&path), false))
            found = folder;
        str_release(&path);
    }
    return found;
}

/* The folder that all postmortems have in common, or that of the first where they have none. */
static struct slice used_folder(const struct state *state)
{
    struct slice first = without_dates(path_dir(snapshot_file(state->files, 0)->path));
    struct slice common = first;
    for (size_t i = 1; i < state_count(state); i++) {
        struct slice folder = path_dir(snapshot_file(state->files, i)->path);
        while (!is_in(folder, common))
            common = path_dir(common);
    }
    struct slice home = uppermost(state, common);
    if (!home.n)
        home = uppermost(state, first);
    return home.n ? home : first;
}

/* The folder that stands before the first wildcard. */
static void add_fixed_part(struct str *out, struct slice glob)
{
    size_t end = 0;
    for (size_t i = 0; i < glob.n && !strchr("*?[{", glob.p[i]); i++) {
        if (glob.p[i] == '\\' && i + 1 < glob.n)
            i++;
        else if (glob.p[i] == '/')
            end = out->n;
        str_addc(out, glob.p[i]);
    }
    str_truncate(out, end);
}

/* Where postmortems are kept here: the fixed part of the schema's first pattern, where one is stated;
 * else where there are some; else postmortems/. */
static void add_home_folder(struct str *out, const struct state *state)
{
    const struct schema *s = state->schema;
    if (s->documents_own && s->ndocuments)
        add_fixed_part(out, s->documents[0]);
    else if (state->selection.root)
        return;
    else if (state_count(state))
        str_adds(out, used_folder(state));
    else
        str_addz(out, "postmortems");
}

static bool is_large(const struct state *state, struct slice folder)
{
    size_t n = 0;
    for (size_t i = 0; i < state_count(state); i++)
        n += slice_eq(path_dir(snapshot_file(state->files, i)->path), folder);
    return n >= LARGE_FOLDER;
}

/* postmortems/2026/2026-03-17-checkout.md; by month once a year's folder is large, because git
 * reads whole folders. Where no pattern of the schema reaches into folders, directly in home. */
static void propose_path(struct context *c, struct state *state, struct slice id,
                         struct slice title, struct str *out)
{
    struct str home = STR_INIT, name = STR_INIT;
    add_home_folder(&home, state);
    if (home.n)
        str_addc(&home, '/');
    if (id.n)
        str_adds(&name, id);
    else
        date_format(&name, c->today);
    str_addc(&name, '-');
    add_slug(&name, title);
    str_addz(&name, ".md");
    str_addf(out, "%s%04d", home.p, c->today.year);
    if (is_large(state, str_slice(out)))
        str_addf(out, "/%02d", c->today.month);
    str_addf(out, "/%s", name.p);
    if (!selection_wanted(&state->selection, str_slice(out), false)) {
        str_clear(out);
        str_addf(out, "%s%s", home.p, name.p);
    }
    str_release(&home);
    str_release(&name);
}

/* The schema came with the clone: where it leads out of the repository, pm does not follow. */
static int make_path(struct context *c, struct state *state, struct slice id, struct slice title,
                     struct str *out, struct err *e)
{
    struct str path = STR_INIT;
    propose_path(c, state, id, title, &path);
    int result = path_join(out, SLICE(""), str_slice(&path))
                     ? 0 : err_set(e, "'%s', named by .pm/schema.yaml, is outside of this repository",
                                   path.p);
    str_release(&path);
    return result;
}

/* ---- the text ---- */

/* A title as a heading that reads as it was typed. */
static void add_markdown(struct str *out, struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (strchr("\\`*[<", s.p[i]) || (s.p[i] == '#' && i + 1 == s.n))
            str_addc(out, '\\');
        str_addc(out, s.p[i]);
    }
}

/* Inside the double quotes of YAML. */
static void add_yaml(struct str *out, struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            str_addc(out, '\\');
        str_addc(out, s.p[i]);
    }
}

struct blank {
    const char *name;
    struct slice text;
};

/* {{name}} is filled in; a line whose only blank is empty goes away (an id where none is used). */
static void fill_in(struct str *out, struct slice template, const struct blank *blanks, size_t n)
{
    struct slice line;
    while (slice_split(&template, '\n', &line)) {
        size_t start = out->n;
        bool dropped = false;
        while (line.n) {
            size_t open = slice_find(line, SLICE("{{"), 0);
            size_t close = open == SIZE_MAX ? SIZE_MAX : slice_find(line, SLICE("}}"), open);
            if (close == SIZE_MAX)
                break;
            struct slice name = slice_trim(slice_sub(line, open + 2, close - open - 2));
            str_adds(out, slice_sub(line, 0, open));
            for (size_t i = 0; i < n; i++)
                if (slice_eqz(name, blanks[i].name)) {
                    str_adds(out, blanks[i].text);
                    dropped = dropped || !blanks[i].text.n;
                }
            line = slice_sub(line, close + 2, line.n);
        }
        str_adds(out, line);
        str_addc(out, '\n');
        if (dropped)
            str_truncate(out, start);
    }
}

static int fill_template(struct context *c, const struct state *state, struct slice id,
                         struct slice title, struct str *out, struct err *e)
{
    struct str template = STR_INIT, date = STR_INIT, now = STR_INIT;
    struct str name = STR_INIT, author = STR_INIT, heading = STR_INIT;
    int result = template_read(c, state, &template, e);
    if (result)
        goto out;
    repo_config(c->repo, "user.name", &name);
    add_yaml(&author, str_slice(&name));
    add_markdown(&heading, title);
    date_format(&date, c->today);
    time_format_offset(&now, c->now, zone_offset_at(c->zone, c->now));
    const struct blank blanks[] = {
        {"id", id}, {"title", str_slice(&heading)}, {"date", str_slice(&date)},
        {"started", str_slice(&now)}, {"author", str_slice(&author)},
    };
    fill_in(out, str_slice(&template), blanks, sizeof blanks / sizeof *blanks);
out:
    str_release(&heading);
    str_release(&author);
    str_release(&name);
    str_release(&now);
    str_release(&date);
    str_release(&template);
    return result;
}

static int write_document(struct context *c, const struct str *path, struct slice text,
                          struct err *e)
{
    int made = worktree_create(c->repo, str_slice(path), text, e);
    if (made == 0)
        err_set(e, "'%s' exists already: give another title", path->p);
    return made > 0 ? 0 : -1;
}

/* ---- the command ---- */

/* The path as it is reached from the folder in which pm was started. */
static void add_from_here(struct str *out, struct context *c, struct slice path)
{
    struct slice prefix = slice_of(repo_prefix(c->repo));
    if (slice_starts(path, prefix)) {
        str_adds(out, slice_sub(path, prefix.n, path.n));
        return;
    }
    for (size_t i = 0; i < prefix.n; i++)
        if (prefix.p[i] == '/')
            str_addz(out, "../");
    str_adds(out, path);
}

static int create(struct context *c, const struct new_options *o, struct state *state,
                  struct slice title, struct err *e)
{
    struct str id = STR_INIT, path = STR_INIT, full = STR_INIT, text = STR_INIT;
    int64_t highest = 0;
    int code = -1;
    if (state->schema->id_pattern.n) {
        if (highest_number(c, state, &highest, e))
            goto out;
        add_id(&id, state->schema->id_pattern, highest + 1);
    }
    if (make_path(c, state, str_slice(&id), title, &path, e) ||
        fill_template(c, state, str_slice(&id), title, &text, e) ||
        write_document(c, &path, str_slice(&text), e))
        goto out;
    add_from_here(&c->out, c, str_slice(&path));
    str_addc(&c->out, '\n');
    str_addf(&full, "%s%s", repo_worktree(c->repo), path.p);
    code = o->no_edit || context_edit(c, full.p, e) == 0 ? PM_YES : -1;
out:
    str_release(&text);
    str_release(&full);
    str_release(&path);
    str_release(&id);
    return code;
}

static bool is_title(const struct str *title)
{
    struct str visible = STR_INIT;
    utf8_add_visible(&visible, str_slice(title), false);
    bool same = slice_eq(str_slice(&visible), str_slice(title)) && !strchr(title->p, '\t');
    str_release(&visible);
    return same;
}

static int cmd_new(struct context *c, void *options, const struct operands *operands,
                   struct err *e)
{
    struct state state;
    struct str title = STR_INIT;
    int code = -1;
    for (size_t i = 0; i < operands->n; i++)
        str_addf(&title, "%s%s", i ? " " : "", operands->v[i]);
    if (!title.n)
        str_addz(&title, "Untitled");
    if (!slice_trim(str_slice(&title)).n || !is_title(&title))
        err_usage(e, "a title is one line of text, in UTF-8 and without control characters");
    else if (state_of_worktree(&state, c->repo, e) == 0) {
        code = create(c, options, &state, slice_trim(str_slice(&title)), e);
        state_release(&state);
    }
    str_release(&title);
    return code;
}

const struct command command_new = {
    .name = "new",
    .run = cmd_new,
    .needs = NEEDS_REPO | NEEDS_WORKTREE,
    .usage = "[TITLE]",
    .summary = "a postmortem from the template",
    .opts = opts,
    .options_size = sizeof(struct new_options),
};
