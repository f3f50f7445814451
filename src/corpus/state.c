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
 * enough to know that there are files; and the commit whose .pm/ rules, if that is another. */
struct place_of_files {
    enum snapshot_kind kind;
    const struct oid *commit, *rules;
    bool any;
};

static struct place_of_files place_of_rules(const struct place_of_files *from)
{
    if (!from->rules)
        return *from;
    return (struct place_of_files){SNAPSHOT_COMMIT, .commit = from->rules};
}

static int list_files(struct snapshot **out, struct repo *r, const struct place_of_files *from,
                      path_wanted *wanted, void *ctx, struct err *e)
{
    switch (from->kind) {
    case SNAPSHOT_COMMIT:
        return from->any ? snapshot_any_of_commit(out, r, from->commit, wanted, ctx, e)
                         : snapshot_of_commit(out, r, from->commit, wanted, ctx, e);
    case SNAPSHOT_INDEX:
        return snapshot_of_index(out, r, wanted, ctx, e);
    case SNAPSHOT_WORKTREE:
        return snapshot_of_worktree(out, r, wanted, ctx, e);
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
    if (list_files(&rules, r, from, inside_pm, NULL, e) != 0)
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
    return schema_of(out, r, &(struct place_of_files){SNAPSHOT_WORKTREE, .any = false}, e);
}

/* Lists the Markdown files of the root instead, where nothing says which files are postmortems. */
static int assume_root(struct state *s, struct repo *r, const struct place_of_files *from,
                       struct err *e)
{
    struct snapshot *root = NULL;
    s->selection.root = true;
    if (list_files(&root, r, from, selection_wanted, &s->selection, e) != 0)
        return -1;
    s->selection.root = snapshot_count(root) > 0;
    snapshot_free(s->files);
    s->files = root;
    return 0;
}

static int state_of(struct state *out, struct repo *r, const struct place_of_files *from,
                    struct err *e)
{
    struct state s = {0};
    struct snapshot *rules = NULL;
    int result = -1;
    const struct place_of_files of_rules = place_of_rules(from);
    if (list_files(&rules, r, &of_rules, inside_pm, NULL, e) != 0 ||
        corpus_schema(&s.schema, rules, r, e) != 0)
        goto out;
    s.selection.schema = s.schema;
    if (list_files(&s.files, r, from, selection_wanted, &s.selection, e) != 0)
        goto out;
    if (snapshot_count(s.files) == 0 && snapshot_count(rules) == 0 &&
        assume_root(&s, r, from, e) != 0)
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
    return state_of(out, r, &(struct place_of_files){SNAPSHOT_INDEX, .any = false}, e);
}

int state_of_worktree(struct state *out, struct repo *r, struct err *e)
{
    return state_of(out, r, &(struct place_of_files){SNAPSHOT_WORKTREE, .any = false}, e);
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
