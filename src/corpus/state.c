#include "pm/corpus.h"

#include "pm/caps.h"

#include <string.h>

/* What is accepted does not say which files are postmortems: a baseline alone is no schema. */
static bool inside_pm(void *ctx, struct slice path, bool folder)
{
    (void)ctx;
    (void)folder;
    return slice_starts(path, SLICE(".pm/")) && !slice_eqz(path, ".pm/baseline");
}

/* How to list one state of the repository: its kind and, for a commit, which, and whether it is
 * enough to know that there are files; and the commit whose .pm/ rules, if that is another. Of the
 * index and the worktree, which paths. */
struct place_of_files {
    enum snapshot_kind kind;
    const struct oid *commit, *rules;
    bool any;
    const struct snapshot_paths *only; /* NULL: all */
};

static const char *const folder_of_rules[] = {".pm"};
static const struct snapshot_paths all_rules = {folder_of_rules, 1}, no_paths = {NULL, 0};

static struct place_of_files place_of_rules(const struct place_of_files *from)
{
    if (from->rules)
        return (struct place_of_files){SNAPSHOT_COMMIT, .commit = from->rules};
    return (struct place_of_files){from->kind, .commit = from->commit, .only = &all_rules};
}

/* What is enough to read rules: those of the worktree are found by their paths. */
static struct place_of_files place_to_read(const struct place_of_files *from)
{
    struct place_of_files place = place_of_rules(from);
    if (place.kind == SNAPSHOT_WORKTREE)
        place.only = &no_paths;
    return place;
}

static int list_files(struct snapshot **out, struct repo *r, const struct place_of_files *from,
                      path_wanted *wanted, void *ctx, struct err *e)
{
    switch (from->kind) {
    case SNAPSHOT_COMMIT:
        return from->any ? snapshot_any_of_commit(out, r, from->commit, wanted, ctx, e)
                         : snapshot_of_commit(out, r, from->commit, wanted, ctx, e);
    case SNAPSHOT_INDEX:
        return snapshot_of_index(out, r, from->only, wanted, ctx, e);
    case SNAPSHOT_WORKTREE:
        return snapshot_of_worktree(out, r, from->only, wanted, ctx, e);
    }
    BUG("no such kind of snapshot: %d", (int)from->kind);
}

struct rules_file {
    struct str text;
    bool there, too_large;
};

static int read_rules(struct rules_file *f, const struct snapshot *s, struct repo *r,
                      struct slice path, struct err *e)
{
    int got = snapshot_read_path(s, r, path, CAP_SCHEMA_BYTES, &f->text, &f->too_large, e);
    f->there = got > 0;
    return got < 0 ? -1 : 0;
}

static void report_size(struct problems *ps, struct schema *s, const struct rules_file *f)
{
    if (!f->too_large)
        return;
    struct problem *p = problem_add(ps, &s->arena, PROBLEM_TOO_LARGE, (struct span){0, 0},
                                    "the file is larger than %u bytes", CAP_SCHEMA_BYTES);
    p->hint = arena_strdup(&s->arena, SLICE("nothing of it applies; make it smaller"));
}

int corpus_schema(struct schema **out, const struct snapshot *s, struct repo *r, struct err *e)
{
    struct rules_file rules = {STR_INIT, false, false};
    struct rules_file tags = {STR_INIT, false, false};
    int result = -1;
    if (read_rules(&rules, s, r, SLICE(".pm/schema.yaml"), e) != 0 ||
        read_rules(&tags, s, r, SLICE(".pm/tags.yaml"), e) != 0)
        goto out;
    struct schema *schema =
        schema_load(str_slice(&rules.text), rules.there, str_slice(&tags.text), tags.there);
    report_size(&schema->problems, schema, &rules);
    report_size(&schema->tag_problems, schema, &tags);
    *out = schema;
    result = 0;
out:
    str_release(&rules.text);
    str_release(&tags.text);
    return result;
}

static int schema_of(struct schema **out, struct repo *r, const struct place_of_files *from,
                     struct err *e)
{
    struct snapshot *rules;
    const struct place_of_files place = place_to_read(from);
    if (list_files(&rules, r, &place, inside_pm, NULL, e) != 0)
        return -1;
    int result = corpus_schema(out, rules, r, e);
    snapshot_free(rules);
    return result;
}

int schema_of_commit(struct schema **out, struct repo *r, const struct oid *commit, struct err *e)
{
    return schema_of(out, r, &(struct place_of_files){SNAPSHOT_COMMIT, .commit = commit}, e);
}

int schema_of_worktree(struct schema **out, struct repo *r, struct err *e)
{
    return schema_of(out, r, &(struct place_of_files){.kind = SNAPSHOT_WORKTREE}, e);
}

/* Is there anything in .pm/ that says which files are postmortems? 1, 0. */
static int has_rules(struct repo *r, const struct place_of_files *from, struct err *e)
{
    struct snapshot *rules;
    const struct place_of_files place = place_of_rules(from);
    if (list_files(&rules, r, &place, inside_pm, NULL, e) != 0)
        return -1;
    int result = snapshot_count(rules) > 0;
    snapshot_free(rules);
    return result;
}

/* The Markdown files of the root, where nothing says which files are postmortems. */
static int assume_root(struct snapshot **out, struct state *s, struct repo *r,
                       const struct place_of_files *from, struct err *e)
{
    struct snapshot *root = NULL;
    s->selection.root = true;
    if (list_files(&root, r, from, selection_wanted, &s->selection, e) != 0)
        return -1;
    s->selection.root = snapshot_count(root) > 0;
    snapshot_free(*out);
    *out = root;
    return 0;
}

/* Where only some paths are listed, nobody knows whether any document is where a glob names it. */
static int list_documents(struct state *s, struct repo *r, const struct place_of_files *from,
                          struct err *e)
{
    struct snapshot *files;
    if (list_files(&files, r, from, selection_wanted, &s->selection, e) != 0)
        return -1;
    int ruled = snapshot_count(files) || from->only ? 1 : has_rules(r, from, e);
    if (ruled < 0 || (!ruled && assume_root(&files, s, r, from, e) != 0)) {
        snapshot_free(files);
        return -1;
    }
    snapshot_free(s->files);
    s->files = files;
    return 0;
}

static int state_of(struct state *out, struct repo *r, const struct place_of_files *from,
                    struct err *e)
{
    struct state s = {.partial = from->only};
    struct snapshot *rules = NULL;
    int result = -1;
    const struct place_of_files of_rules = place_to_read(from);
    if (list_files(&rules, r, &of_rules, inside_pm, NULL, e) != 0 ||
        corpus_schema(&s.schema, rules, r, e) != 0)
        goto out;
    s.selection.schema = s.schema;
    if (list_documents(&s, r, from, e) != 0)
        goto out;
    if (from->rules) {
        s.rules = rules;
        rules = NULL;
    }
    *out = s;
    s = (struct state){0};
    result = 0;
out:
    snapshot_free(rules);
    state_release(&s);
    return result;
}

int state_of_commit(struct state *out, struct repo *r, const struct oid *commit, struct err *e)
{
    return state_of(out, r, &(struct place_of_files){SNAPSHOT_COMMIT, .commit = commit}, e);
}

int state_of_history(struct state *out, struct repo *r, const struct oid *commit, struct err *e)
{
    return state_of(out, r,
                    &(struct place_of_files){SNAPSHOT_COMMIT, .commit = commit, .any = true}, e);
}

int state_by_rules_of(struct state *out, struct repo *r, const struct oid *commit,
                      const struct oid *rules, struct err *e)
{
    return state_of(out, r,
                    &(struct place_of_files){SNAPSHOT_COMMIT, .commit = commit, .rules = rules}, e);
}

int state_of_index(struct state *out, struct repo *r, struct err *e)
{
    return state_of(out, r, &(struct place_of_files){.kind = SNAPSHOT_INDEX}, e);
}

int state_of_worktree(struct state *out, struct repo *r, struct err *e)
{
    return state_of(out, r, &(struct place_of_files){.kind = SNAPSHOT_WORKTREE}, e);
}

int state_of_paths(struct state *out, struct repo *r, enum snapshot_kind kind,
                   const struct snapshot_paths *paths, struct err *e)
{
    struct state s;
    if (state_of(&s, r, &(struct place_of_files){kind, .only = paths}, e) != 0)
        return -1;
    if (paths->n && !state_count(&s)) {
        state_release(&s);
        return state_of(out, r, &(struct place_of_files){.kind = kind}, e);
    }
    *out = s;
    return 0;
}

int state_complete(struct state *s, struct repo *r, struct err *e)
{
    if (!s->partial)
        return 0;
    const struct place_of_files all = {.kind = snapshot_kind(s->files)};
    if (list_documents(s, r, &all, e) != 0)
        return -1;
    s->partial = false;
    return 0;
}

int state_of_nothing(struct state *out, struct err *e)
{
    (void)e;
    *out = (struct state){0};
    out->schema = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    out->selection.schema = out->schema;
    return 0;
}

size_t state_count(const struct state *s)
{
    return s->files ? snapshot_count(s->files) : 0;
}

void state_release(struct state *s)
{
    snapshot_free(s->files);
    snapshot_free(s->rules);
    schema_free(s->schema);
    *s = (struct state){0};
}
