/* Which documents `pm check` is asked about. */
#include "check_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pm/caps.h"
#include "pm/file.h"
#include "pm/path.h"

static void take_all(struct choice *k)
{
    for (size_t i = 0; i < state_count(&k->state); i++)
        vec_push(&k->which, i);
}

/* A document that differs from what it was, or was one. */
static void take_change(struct choice *k, struct slice path, const struct oid *before, bool gone)
{
    struct former former = {.id = *before};
    size_t found = gone ? SIZE_MAX : snapshot_find(k->state.files, path);
    if (found == SIZE_MAX && !selection_wanted(&k->state.selection, path, false)) {
        if (!gone && oid_is_zero(before) && unseen_name(path))
            vec_push(&k->added, arena_dup(&k->paths, path));
        return;
    }
    if (!oid_is_zero(before))
        former.path = arena_dup(&k->paths, path);
    if (found != SIZE_MAX) {
        vec_push(&k->which, found);
        vec_push(&k->former, former);
    } else if (gone && former.path.n) {
        vec_push(&k->gone, former);
    }
}

static int by_path(const void *a, const void *b)
{
    const struct pending *x = a, *y = b;
    return slice_cmp(x->path, y->path);
}

/* Documents, folders of some, and files that could be some. */
static bool change_wanted(void *ctx, struct slice path, bool folder)
{
    struct choice *k = ctx;
    return selection_wanted(&k->state.selection, path, folder) || folder || unseen_name(path);
}

/* What is pending was taken over from this parent of a merge: it is as the parent has it, and the
 * parent made it so. To go back to what both sides started from is the merge's own doing. */
static int mark_taken_from(struct context *c, struct choice *k, const struct oid *parent,
                           bool staged, bool *taken, struct err *e)
{
    struct pending_list differs = {0};
    struct map brought = MAP_INIT;
    int failed = pending_against(&differs, c->repo, parent, staged, e) ||
                 changed_since_fork(&brought, c->repo, &k->base, parent, change_wanted, k, e);
    for (size_t i = 0; i < k->pending.n && !failed; i++) {
        const struct pending *p = &k->pending.v[i];
        taken[i] |= !p->untracked && map_get(&brought, p->path) &&
                    !(differs.n && bsearch(p, differs.v, differs.n, sizeof *p, by_path));
    }
    map_release(&brought);
    pending_release(&differs);
    return failed ? -1 : 0;
}

static int mark_taken_over(struct context *c, struct choice *k, bool staged, bool *taken,
                           struct err *e)
{
    struct oid *heads = NULL;
    size_t n;
    if (pending_merge(&heads, &n, c->repo, e))
        return -1;
    int failed = 0;
    for (size_t h = 0; h < n && !failed; h++)
        failed = mark_taken_from(c, k, &heads[h], staged, taken, e);
    free(heads);
    return failed;
}

/* What is pending is compared with HEAD. */
static int take_pending(struct context *c, struct choice *k, bool staged, struct err *e)
{
    bool *taken = xcalloc(k->pending.n + 1, sizeof *taken);
    int born = commit_head(c->repo, &k->base, e);
    int failed = born < 0 || mark_taken_over(c, k, staged, taken, e);
    k->compared = true;
    k->has_base = born > 0;
    for (size_t i = 0; i < k->pending.n && !failed; i++)
        if (!taken[i])
            take_change(k, k->pending.v[i].path, &k->pending.v[i].before, k->pending.v[i].gone);
    free(taken);
    return failed ? -1 : choice_find_renames(k, c->repo, e);
}

enum { PATHS_LISTED = 64 }; /* git asks each file for each of them: with more, it lists all */

/* Of the index, what is staged. */
static int list_staged(struct context *c, struct choice *k, struct err *e)
{
    const char *names[PATHS_LISTED + 1] = {".pm"};
    struct arena a = ARENA_INIT;
    size_t n = k->pending.n;
    for (size_t i = 0; i < n && n <= PATHS_LISTED; i++)
        names[i + 1] = arena_strdup(&a, k->pending.v[i].path);
    int failed = n > PATHS_LISTED
                     ? state_of_index(&k->state, c->repo, e)
                     : state_of_paths(&k->state, c->repo, SNAPSHOT_INDEX,
                                      &(struct snapshot_paths){names, n + 1}, e);
    arena_release(&a);
    return failed;
}

static int choose_staged(struct context *c, struct choice *k, struct err *e)
{
    if (context_worktree(c, "'--staged'", e) || pending_staged(&k->pending, c->repo, e) ||
        list_staged(c, k, e))
        return -1;
    return take_pending(c, k, true, e);
}

static int choose_changed(struct context *c, struct choice *k, struct err *e)
{
    if (state_of_worktree(&k->state, c->repo, e) || pending_worktree(&k->pending, c->repo, e))
        return -1;
    int failed = take_pending(c, k, false, e);
    if (!failed && !k->which.n && !k->gone.n && state_count(&k->state))
        say("no postmortem in the worktree differs from HEAD: 'pm check --all' checks every one");
    return failed;
}

static int choose_all(struct context *c, struct choice *k, struct err *e)
{
    if (!repo_is_bare(c->repo) && !c->global.at) {
        if (state_of_worktree(&k->state, c->repo, e))
            return -1;
    } else {
        int born = context_tip(c, &k->commit, e);
        if (born < 0 || (born ? state_of_commit(&k->state, c->repo, &k->commit, e)
                              : state_of_nothing(&k->state, e)))
            return -1;
        k->of_commit = born;
    }
    take_all(k);
    return 0;
}

/* An operand as a path below the top of the repository: true, or false when it leads out of it. */
static bool repository_path(struct context *c, const char *operand, struct str *out)
{
    const char *top = repo_worktree(c->repo);
    struct slice path = slice_of(operand);
    if (top && slice_eq(path, slice_sub(slice_of(top), 0, strlen(top) - 1)))
        return true;
    if (top && slice_starts(path, slice_of(top)))
        return path_join(out, SLICE(""), slice_sub(path, strlen(top), path.n));
    return path.n && path.p[0] != '/' && path_join(out, slice_of(repo_prefix(c->repo)), path);
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* A file, or every postmortem below a folder. Returns how many postmortems that is. */
static size_t take_path(struct choice *k, struct slice path, bool *taken)
{
    size_t found = 0;
    for (size_t i = 0; i < state_count(&k->state); i++) {
        struct slice file = snapshot_file(k->state.files, i)->path;
        bool below = !path.n || (slice_starts(file, path) && file.n > path.n &&
                                 (file.p[path.n] == '/' || path.p[path.n - 1] == '/'));
        if (!below && !slice_eq(file, path))
            continue;
        found++;
        if (!taken[i])
            vec_push(&k->which, i);
        taken[i] = true;
    }
    return found;
}

static void say_skipped(struct context *c, struct choice *k, struct slice path,
                        const char *operand)
{
    struct str full = STR_INIT;
    str_addf(&full, "%s" SLICE_FMT, repo_worktree(c->repo), SLICE_ARG(path));
    bool wanted = selection_wanted(&k->state.selection, path, false);
    if (wanted && file_exists(full.p))
        say("'%s' is skipped: it is not a plain file that git knows (links are not followed, "
            "ignored files not read)", operand);
    else if (wanted)
        say("'%s' is deleted in the worktree, so there is nothing to check; without names, what "
            "the deletion takes away is checked", operand);
    else
        say("'%s' is skipped: by 'documents' of the schema it is no postmortem and holds none",
            operand);
    str_release(&full);
}

struct operand_paths {
    struct str *v;
    size_t n;
};

/* The operands from the top of the repository. "" is the top. */
static int read_paths(struct operand_paths *out, struct context *c, const struct operands *o,
                      struct err *e)
{
    out->v = xcalloc(o->n, sizeof *out->v);
    for (; out->n < o->n; out->n++) {
        str_init(&out->v[out->n]);
        if (!repository_path(c, o->v[out->n], &out->v[out->n]))
            return err_usage(e, "'%s' is outside of this repository", o->v[out->n]);
    }
    return 0;
}

static void operand_paths_release(struct operand_paths *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        str_release(&paths->v[i]);
    free(paths->v);
}

static int list_paths(struct context *c, struct choice *k, const struct operand_paths *paths,
                      struct err *e)
{
    const char *names[PATHS_LISTED];
    bool all = paths->n > PATHS_LISTED;
    for (size_t i = 0; i < paths->n && !all; i++) {
        names[i] = paths->v[i].p;
        all = !paths->v[i].n;
    }
    return all ? state_of_worktree(&k->state, c->repo, e)
               : state_of_paths(&k->state, c->repo, SNAPSHOT_WORKTREE,
                                &(struct snapshot_paths){names, paths->n}, e);
}

static int choose_paths(struct context *c, struct choice *k, const struct operands *o,
                        struct err *e)
{
    struct operand_paths paths = {NULL, 0};
    int failed = read_paths(&paths, c, o, e) || list_paths(c, k, &paths, e);
    bool *taken = xcalloc(state_count(&k->state) + 1, sizeof *taken);
    for (size_t i = 0; i < paths.n && !failed; i++)
        if (!take_path(k, str_slice(&paths.v[i]), taken) && state_count(&k->state))
            say_skipped(c, k, str_slice(&paths.v[i]), o->v[i]);
    free(taken);
    operand_paths_release(&paths);
    vec_sort(&k->which, by_number);
    return failed ? -1 : 0;
}

int choice_complete(struct choice *k, struct context *c, struct err *e)
{
    struct arena a = ARENA_INIT;
    size_t n = k->which.n, kept = 0;
    if (!k->state.partial)
        return 0;
    struct slice *paths = arena_array(&a, n, sizeof *paths);
    for (size_t i = 0; i < n; i++)
        paths[i] = arena_dup(&a, snapshot_file(k->state.files, k->which.v[i])->path);
    int failed = state_complete(&k->state, c->repo, e);
    for (size_t i = 0; i < n && !failed; i++) {
        size_t found = snapshot_find(k->state.files, paths[i]);
        if (found == SIZE_MAX)
            continue;
        if (k->compared)
            k->former.v[kept] = k->former.v[i];
        k->which.v[kept++] = found;
    }
    if (!failed)
        k->which.n = kept;
    arena_release(&a);
    return failed;
}

static int choose_commit(struct context *c, struct choice *k, const char *name, struct err *e)
{
    if (commit_resolve(c->repo, c->zone, name, &k->commit, NULL, e) ||
        state_of_commit(&k->state, c->repo, &k->commit, e))
        return -1;
    k->of_commit = true;
    take_all(k);
    return 0;
}

static int change_seen_in_range(void *ctx, const struct change *change)
{
    take_change(ctx, change->path, &change->before, oid_is_zero(&change->after));
    return 0;
}

static int tree_of(struct context *c, const struct oid *id, struct oid *tree, struct err *e)
{
    struct commit commit;
    if (commit_read(c->repo, id, &commit, e))
        return -1;
    *tree = commit.tree;
    commit_release(&commit);
    return 0;
}

/* Documents that differ between two commits: of k->base, where it has one, and of k->commit. */
static int take_between(struct context *c, struct choice *k, struct err *e)
{
    struct oid before = {{0}}, after;
    if ((k->has_base && tree_of(c, &k->base, &before, e)) || tree_of(c, &k->commit, &after, e))
        return -1;
    struct differ *differ = differ_new(c->repo);
    int result = differ_run(differ, &before, &after, change_wanted, change_seen_in_range, k, e);
    differ_free(differ);
    k->of_commit = true;
    k->compared = true;
    return result ? result : choice_find_renames(k, c->repo, e);
}

/* Is a document, by its place, the same in another commit? */
static bool is_in(const struct choice *k, const struct snapshot *files, size_t place)
{
    const struct snapshot_file *file = snapshot_file(k->state.files, place);
    size_t there = snapshot_find(files, file->path);
    return there != SIZE_MAX && oid_eq(&snapshot_file(files, there)->id, &file->id);
}

/* What a merge took from a commit that is here already is not what it changes; nor is it gone where
 * that commit took it away. */
static void forget_what_is_in(struct choice *k, const struct snapshot *files,
                              const struct map *brought)
{
    size_t n = 0, ngone = 0;
    for (size_t i = 0; i < k->which.n; i++) {
        size_t place = k->which.v[i];
        if (map_get(brought, snapshot_file(k->state.files, place)->path) && is_in(k, files, place)) {
            vec_push(&k->taken, k->former.v[i]);
        } else {
            k->which.v[n] = place;
            k->former.v[n++] = k->former.v[i];
        }
    }
    for (size_t i = 0; i < k->gone.n; i++) {
        struct slice path = k->gone.v[i].path;
        if (map_get(brought, path) && snapshot_find(files, path) == SIZE_MAX)
            vec_push(&k->taken, k->gone.v[i]);
        else
            k->gone.v[ngone++] = k->gone.v[i];
    }
    k->which.n = k->former.n = n;
    k->gone.n = ngone;
}

static int forget_what_brought(struct context *c, struct choice *k, const struct oid *commit,
                               struct err *e)
{
    struct snapshot *files = NULL;
    struct map brought = MAP_INIT;
    int failed =
        snapshot_of_commit(&files, c->repo, commit, selection_wanted, &k->state.selection, e) ||
        changed_since_fork(&brought, c->repo, &k->base, commit, change_wanted, k, e);
    if (!failed)
        forget_what_is_in(k, files, &brought);
    map_release(&brought);
    snapshot_free(files);
    return failed ? -1 : 0;
}

static int choose_pushed(struct context *c, struct choice *k, const struct pushed *p,
                         struct err *e)
{
    if (p->rules ? state_by_rules_of(&k->state, c->repo, &p->head, p->rules, e)
                 : state_of_commit(&k->state, c->repo, &p->head, e))
        return -1;
    k->commit = p->head;
    k->has_base = p->nbases > 0;
    if (k->has_base)
        k->base = p->bases[0];
    int result = take_between(c, k, e);
    for (size_t i = 1; result == 0 && i < p->nbases; i++)
        result = forget_what_brought(c, k, &p->bases[i], e);
    return result;
}

int choice_of_push(struct choice *out, struct context *c, const struct pushed *p, struct err *e)
{
    struct choice k = {.compared = false};
    if (choose_pushed(c, &k, p, e)) {
        choice_release(&k);
        return -1;
    }
    *out = k;
    return 0;
}

static int choose_range(struct context *c, struct choice *k, const char *range, struct err *e)
{
    struct range r;
    if (range_resolve(c, range, &r, e) || state_of_commit(&k->state, c->repo, &r.head, e))
        return -1;
    k->commit = r.head;
    k->has_base = r.related;
    k->base = r.base;
    int result = take_between(c, k, e);
    if (result == 0 && !k->which.n && !k->gone.n && state_count(&k->state))
        say("no postmortem differs in '%s'", range);
    return result;
}

static int choose_stdin(struct context *c, struct choice *k, const char *stdin_path,
                        struct err *e)
{
    struct str text = STR_INIT;
    struct zones *zones;
    size_t n;
    bool too_large = false;
    const char *path = stdin_path ? stdin_path : "standard input";
    if (repo_is_bare(c->repo)
            ? choose_all(c, k, e)
            : state_of_paths(&k->state, c->repo, SNAPSHOT_WORKTREE,
                             &(struct snapshot_paths){NULL, 0}, e))
        return -1;
    vec_clear(&k->which);
    if (file_read_fd(&text, STDIN_FILENO, CAP_DOCUMENT_BYTES, &too_large, e) && !too_large) {
        str_release(&text);
        return -1;
    }
    zones = zones_new();
    struct reader reader = {k->state.schema, zones_find, zones};
    char *bytes = str_detach(&text, &n);
    if (too_large) {
        free(bytes);
        k->typed = postmortem_too_large(&reader, slice_of(path));
    } else {
        k->typed = postmortem_read(&reader, bytes, n, slice_of(path));
    }
    zones_free(zones);
    return 0;
}

/* A..B and not ../file: git, too, takes dots between two slashes for a folder. */
static bool is_range(const char *operand)
{
    const char *dots = strstr(operand, "..");
    return dots && dots[2] != '/' && operand[2] != '\0';
}

/* Is there such a file or folder, in the worktree or, deleted there, in the staging index? What is
 * outside of the repository counts, so that it is refused as that. */
static int is_path(struct context *c, const char *operand, struct err *e)
{
    const char *argv[] = {"ls-files", "-z", "--", NULL, NULL};
    struct str path = STR_INIT, full = STR_INIT, listed = STR_INIT;
    int found = 1;
    if (!repository_path(c, operand, &path))
        goto out;
    str_addf(&full, "%s%s", repo_worktree(c->repo), path.n ? path.p : "");
    if (file_exists(full.p))
        goto out;
    argv[3] = path.p;
    found = repo_ask(c->repo, argv, &listed, e) ? -1 : listed.n > 0;
out:
    str_release(&listed);
    str_release(&full);
    str_release(&path);
    return found;
}

static int choose_named(struct context *c, struct choice *k, const struct operands *o,
                        struct err *e)
{
    size_t npaths = 0;
    const char *other = NULL; /* the first that is no path */
    for (size_t i = 0; i < o->n; i++) {
        int found = repo_is_bare(c->repo) ? 0 : is_path(c, o->v[i], e);
        if (found < 0)
            return -1;
        npaths += found > 0;
        if (!found && !other)
            other = o->v[i];
    }
    if (!other)
        return choose_paths(c, k, o, e);
    if (o->n == 2 && !npaths)
        return err_usage(e, "'%s' does not exist here; two revisions are written as '%s..%s'",
                         other, o->v[0], o->v[1]);
    if (o->n > 1)
        return err_usage(e, "'%s' does not exist here", other);
    if (is_range(other))
        return choose_range(c, k, other, e);
    struct err why = ERR_INIT;
    if (choose_commit(c, k, other, &why) == 0)
        return 0;
    if (!why.usage)
        return err_set(e, "%s", why.text);
    return err_usage(e, "'%s' is neither a file here nor a revision", other);
}

static int choose(struct context *c, struct choice *k, const struct choice_options *options,
                  const struct operands *o, struct err *e)
{
    if (options->all + options->staged + (o->n > 0) > 1)
        return err_usage(e, "'--all', '--staged' and names of files or revisions exclude each other");
    if (c->global.at && (options->staged || o->n))
        return err_usage(e, "'--at' says which commit is checked: give neither '--staged' nor names "
                            "with it");
    if (options->staged)
        return choose_staged(c, k, e);
    if (options->all || (!o->n && (repo_is_bare(c->repo) || c->global.at)))
        return choose_all(c, k, e);
    if (!o->n)
        return choose_changed(c, k, e);
    if (o->n == 1 && strcmp(o->v[0], "-") == 0)
        return choose_stdin(c, k, options->stdin_path, e);
    return choose_named(c, k, o, e);
}

int choice_make(struct choice *out, struct context *c, const struct choice_options *options,
                const struct operands *o, struct err *e)
{
    struct choice k = {.compared = false};
    if (choose(c, &k, options, o, e)) {
        choice_release(&k);
        return -1;
    }
    *out = k;
    return 0;
}

void choice_release(struct choice *k)
{
    postmortem_free(k->typed);
    vec_release(&k->which);
    vec_release(&k->former);
    vec_release(&k->gone);
    vec_release(&k->added);
    vec_release(&k->taken);
    arena_release(&k->paths);
    pending_release(&k->pending);
    state_release(&k->state);
}
