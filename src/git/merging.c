/* Merges: what is being merged, and what a side of one brings. */
#include "pm/snapshot.h"

#include "pm/caps.h"
#include "pm/diff.h"
#include "pm/file.h"
#include "pm/vec.h"

int pending_merge(struct oid **heads, size_t *n, struct repo *r, struct err *e)
{
    struct str path = STR_INIT, text = STR_INIT;
    VEC(struct oid) list = VEC_INIT;
    struct slice rest, line;
    int result = 0;

    str_addf(&path, "%sMERGE_HEAD", repo_git_dir(r));
    if (file_exists(path.p))
        result = file_read(&text, path.p, CAP_SCHEMA_BYTES, NULL, e);
    rest = str_slice(&text);
    while (result == 0 && slice_split(&rest, '\n', &line)) {
        struct oid id;
        if (oid_parse(slice_trim(line), &id))
            vec_push(&list, id);
        else if (slice_trim(line).n)
            result = err_set(e, "cannot understand '%s'", path.p);
    }
    if (result < 0) {
        vec_release(&list);
    } else {
        *heads = list.v;
        *n = list.n;
    }
    str_release(&text);
    str_release(&path);
    return result;
}

struct forked {
    struct map *out;
    path_wanted *wanted;
    void *ctx;
};

static bool is_wanted(void *ctx, struct slice path, bool folder)
{
    const struct forked *f = ctx;
    return f->wanted(f->ctx, path, folder);
}

static int note_path(void *ctx, const struct change *c)
{
    const struct forked *f = ctx;
    map_put(f->out, c->path, f->out);
    return 0;
}

static int compare_commits(struct repo *r, const struct oid *before, const struct oid *after,
                           struct forked *f, struct err *e)
{
    struct commit from = {.tree = {{0}}}, to;
    if (commit_read(r, after, &to, e) < 0)
        return -1;
    int result = before ? commit_read(r, before, &from, e) : 0;
    if (result == 0) {
        struct differ *d = differ_new(r);
        result = differ_run(d, &from.tree, &to.tree, is_wanted, note_path, f, e);
        differ_free(d);
        commit_release(&from);
    }
    commit_release(&to);
    return result;
}

int changed_since_fork(struct map *out, struct repo *r, const struct oid *ours,
                       const struct oid *theirs, path_wanted *wanted, void *ctx, struct err *e)
{
    struct map changed = MAP_INIT;
    struct forked f = {&changed, wanted, ctx};
    struct oids bases = VEC_INIT;
    int result = commit_merge_bases(r, ours, theirs, 1, &bases, e);
    if (result == 0 && !bases.n)
        result = compare_commits(r, NULL, theirs, &f, e);
    for (size_t i = 0; i < bases.n && result == 0; i++)
        result = compare_commits(r, &bases.v[i], theirs, &f, e);
    vec_release(&bases);
    if (result < 0)
        map_release(&changed);
    else
        *out = changed;
    return result;
}
