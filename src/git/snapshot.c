#include "pm/snapshot.h"

#include "repo_private.h"
#include "tree_private.h"
#include "worktree_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/caps.h"

/* Paths are slices of `text` (what git said) or of the arena. */
struct snapshot {
    enum snapshot_kind kind;
    VEC(struct snapshot_file) files;
    VEC(struct snapshot_file) staged; /* of an index: every file, wanted or not */
    VEC(struct snapshot_file) ends;   /* of an index: links and submodules */
    size_t others;
    struct arena arena;
    struct str text;
    struct oid tree; /* of a commit */
    int root;        /* of a worktree: its descriptor */
};

struct listing {
    struct snapshot *s;
    struct repo *r;
    path_wanted *wanted;
    void *ctx;
    struct err *e;
    struct str path;
    size_t entries;
    bool any; /* the first file ends it */
    const struct snapshot_paths *only; /* NULL: all */
};

static struct snapshot *snapshot_new(enum snapshot_kind kind)
{
    struct snapshot *s = xcalloc(1, sizeof *s);
    s->kind = kind;
    s->root = -1;
    str_init(&s->text);
    return s;
}

void snapshot_free(struct snapshot *s)
{
    if (!s)
        return;
    vec_release(&s->files);
    vec_release(&s->staged);
    vec_release(&s->ends);
    arena_release(&s->arena);
    str_release(&s->text);
    if (s->root >= 0)
        close(s->root);
    free(s);
}

static int compare_files(const void *a, const void *b)
{
    const struct snapshot_file *x = a, *y = b;
    return slice_cmp(x->path, y->path);
}

/* Sorted already, unless a tree was made by hand or git told things in two parts; each once. */
static void settle(struct snapshot *s)
{
    size_t n = s->files.n > 0;
    bool sorted = true;
    for (size_t i = 1; sorted && i < s->files.n; i++)
        sorted = slice_cmp(s->files.v[i - 1].path, s->files.v[i].path) < 0;
    if (sorted)
        return;
    vec_sort(&s->files, compare_files);
    for (size_t i = 1; i < s->files.n; i++) {
        if (!slice_eq(s->files.v[i].path, s->files.v[n - 1].path))
            s->files.v[n++] = s->files.v[i];
    }
    s->files.n = n;
}

static bool is_wanted(const struct listing *l, struct slice path, bool folder)
{
    return !l->wanted || l->wanted(l->ctx, path, folder);
}

/* ---- a commit ------------------------------------------------------------------------------- */

static int list_tree(struct listing *l, const struct oid *tree, unsigned depth);

static int list_entry(struct listing *l, const struct tree_entry *entry, unsigned depth)
{
    size_t length = l->path.n;
    uint32_t type = entry->mode & MODE_TYPE;
    int result = 0;
    str_adds(&l->path, entry->name);
    if (type == MODE_FOLDER)
        str_addc(&l->path, '/');
    struct slice path = str_slice(&l->path);
    if (!is_wanted(l, path, type == MODE_FOLDER))
        result = 0;
    else if (type == MODE_FOLDER)
        result = list_tree(l, &entry->id, depth + 1);
    else if (type == MODE_FILE)
        vec_push(&l->s->files, (struct snapshot_file){arena_dup(&l->s->arena, path), entry->id});
    else
        l->s->others++;
    str_truncate(&l->path, length);
    return result;
}

static int list_tree(struct listing *l, const struct oid *tree, unsigned depth)
{
    struct object object;
    struct tree_entry entry;
    int more, result = 0;
    if (depth > CAP_TREE_DEPTH)
        return err_set(l->e, "folders are nested more than %u deep", CAP_TREE_DEPTH);
    if (object_read(l->r, tree, OBJECT_TREE, &object, l->e) < 0)
        return -1;
    struct slice rest = object.data;
    while (result == 0 && !(l->any && l->s->files.n) && (more = tree_next(&rest, &entry)) != 0) {
        if (more < 0)
            result = tree_malformed(tree, l->e);
        else if (++l->entries > CAP_TREE_ENTRIES)
            result = err_set(l->e, "a tree has more than %u entries", CAP_TREE_ENTRIES);
        else
            result = list_entry(l, &entry, depth);
    }
    object_release(&object);
    return result;
}

static int list_commit(struct snapshot **out, struct listing *l, const struct oid *commit)
{
    struct commit c;
    if (commit_read(l->r, commit, &c, l->e) < 0)
        return -1;
    l->s = snapshot_new(SNAPSHOT_COMMIT);
    l->s->tree = c.tree;
    commit_release(&c);
    int result = list_tree(l, &l->s->tree, 0);
    str_release(&l->path);
    if (result < 0) {
        snapshot_free(l->s);
        return -1;
    }
    settle(l->s);
    *out = l->s;
    return 0;
}

int snapshot_of_commit(struct snapshot **out, struct repo *r, const struct oid *commit,
                       path_wanted *wanted, void *ctx, struct err *e)
{
    struct listing l = {.r = r, .wanted = wanted, .ctx = ctx, .e = e, .path = STR_INIT};
    return list_commit(out, &l, commit);
}

int snapshot_any_of_commit(struct snapshot **out, struct repo *r, const struct oid *commit,
                           path_wanted *wanted, void *ctx, struct err *e)
{
    struct listing l = {.r = r, .wanted = wanted, .ctx = ctx, .e = e, .path = STR_INIT, .any = true};
    return list_commit(out, &l, commit);
}

struct snapshot *snapshot_of_files(const struct snapshot_file *files, size_t n)
{
    struct snapshot *s = snapshot_new(SNAPSHOT_COMMIT);
    for (size_t i = 0; i < n; i++) {
        struct slice path = arena_dup(&s->arena, files[i].path);
        vec_push(&s->files, (struct snapshot_file){path, files[i].id});
    }
    return s;
}

/* The entry at which a path ends, or the first one on its way that is no folder: 1, or 0. */
static int find_entry(const struct snapshot *s, struct repo *r, struct slice path,
                      struct tree_entry *out, bool *whole, struct err *e)
{
    struct slice rest = path, name;
    *out = (struct tree_entry){.mode = MODE_FOLDER, .id = s->tree};
    *whole = true;
    while (slice_split(&rest, '/', &name)) {
        *whole = (out->mode & MODE_TYPE) == MODE_FOLDER;
        if (!*whole)
            return 1;
        struct oid tree = out->id;
        int found = tree_find(r, &tree, name, out, e);
        if (found != 1)
            return found;
    }
    return 1;
}

static int find_in_commit(const struct snapshot *s, struct repo *r, struct slice path,
                          struct oid *out, struct err *e)
{
    struct tree_entry entry;
    bool whole;
    int found = find_entry(s, r, path, &entry, &whole, e);
    if (found == 1)
        *out = entry.id;
    return found < 0 ? found : found && whole && (entry.mode & MODE_TYPE) == MODE_FILE;
}

/* ---- what git lists ------------------------------------------------------------------------- */

/* git ls-files OPTIONS, of the paths that are wanted at all. */
static int ask_for_files(struct listing *l, const char *const *options)
{
    const struct snapshot_paths *only = l->only;
    VEC(const char *) argv = VEC_INIT;
    if (only && !only->n)
        return 0;
    vec_push(&argv, "ls-files");
    for (; *options; options++)
        vec_push(&argv, *options);
    vec_push(&argv, "--");
    for (size_t i = 0; only && i < only->n; i++)
        vec_push(&argv, only->v[i]);
    vec_push(&argv, NULL);
    int result = repo_ask(l->r, argv.v, &l->s->text, l->e);
    vec_release(&argv);
    return result;
}

/* ---- the index ------------------------------------------------------------------------------ */

/* "MODE OID STAGE\tPATH" */
static int add_staged(struct listing *l, struct slice record)
{
    size_t tab = slice_chr(record, '\t', 0);
    struct slice meta = slice_sub(record, 0, tab), mode, hex;
    struct snapshot_file file;
    if (tab == SIZE_MAX || !slice_split(&meta, ' ', &mode) || !slice_split(&meta, ' ', &hex) ||
        !oid_parse(hex, &file.id))
        return err_set(l->e, "git ls-files said what pm does not understand: '" SLICE_FMT "'",
                       SLICE_ARG(record));
    file.path = slice_sub(record, tab + 1, record.n);
    bool regular = slice_starts(mode, SLICE("100"));
    bool wanted = is_wanted(l, file.path, false);
    if (wanted && !slice_eqz(meta, "0"))
        return err_set(l->e, "'" SLICE_FMT "' is unmerged", SLICE_ARG(file.path));
    if (regular)
        vec_push(&l->s->staged, file);
    else
        vec_push(&l->s->ends, file);
    if (wanted && regular)
        vec_push(&l->s->files, file);
    else if (wanted)
        l->s->others++;
    return 0;
}

static void leave_out(struct snapshot *s, const struct slice *paths, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0, k = 0; i < s->files.n; i++) {
        while (k < n && slice_cmp(paths[k], s->files.v[i].path) < 0)
            k++;
        if (k == n || !slice_eq(paths[k], s->files.v[i].path))
            s->files.v[kept++] = s->files.v[i];
    }
    s->files.n = kept;
}

/* `git add -N` puts an empty file into the index that no commit will have. Where there is an empty
 * file, git is asked which it has not really got. */
static int leave_out_intended(struct listing *l)
{
    static const char *const argv[] = {
        "diff-files", "--name-only", "-z", "--diff-filter=A", "--ita-invisible-in-index", NULL};
    struct str text = STR_INIT;
    struct slice rest, path;
    struct oid empty;
    VEC(struct slice) paths = VEC_INIT;
    bool any = false;
    oid_of_blob((struct slice){0}, &empty);
    for (size_t i = 0; !any && i < l->s->files.n; i++)
        any = oid_eq(&l->s->files.v[i].id, &empty);
    if (!any)
        return 0;
    int result = repo_ask(l->r, argv, &text, l->e);
    for (rest = str_slice(&text); result == 0 && slice_split(&rest, '\0', &path);)
        vec_push(&paths, path);
    leave_out(l->s, paths.v, paths.n);
    vec_release(&paths);
    str_release(&text);
    return result;
}

int snapshot_of_index(struct snapshot **out, struct repo *r, const struct snapshot_paths *only,
                      path_wanted *wanted, void *ctx, struct err *e)
{
    static const char *const options[] = {"-s", "-z", NULL};
    struct snapshot *s = snapshot_new(SNAPSHOT_INDEX);
    struct listing l = {s, r, wanted, ctx, e, STR_INIT, 0, false, only};
    struct slice record;
    int result = ask_for_files(&l, options);
    struct slice rest = str_slice(&s->text);
    while (result == 0 && slice_split(&rest, '\0', &record))
        result = add_staged(&l, record);
    if (result == 0)
        result = leave_out_intended(&l);
    if (result < 0) {
        snapshot_free(s);
        return -1;
    }
    settle(s);
    *out = s;
    return 0;
}

/* ---- the worktree --------------------------------------------------------------------------- */

/* Unmerged files are told once for each stage, what is untracked after what is tracked. */
static int add_present(struct listing *l, struct visitor *v, struct slice path)
{
    mode_t type;
    if (path.n == 0 || path.p[path.n - 1] == '/' || !is_wanted(l, path, false))
        return 0;
    if (visitor_type(v, path, &type, l->e))
        return -1;
    if (S_ISREG(type))
        vec_push(&l->s->files, (struct snapshot_file){.path = path});
    else if (type != 0)
        l->s->others++;
    return 0;
}

/* listed: NULL to ask git, else whose list it is. */
static int list_worktree(struct snapshot **out, struct listing *l, const struct snapshot *listed)
{
    static const char *const options[] = {"-z", "--cached", "--others", "--exclude-standard", NULL};
    struct snapshot *s = l->s = snapshot_new(SNAPSHOT_WORKTREE);
    struct visitor v;
    s->root = open(repo_worktree(l->r), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = s->root < 0 ? err_errno(l->e, "cannot open '%s'", repo_worktree(l->r)) : 0;
    if (listed)
        str_adds(&s->text, str_slice(&listed->text));
    else if (result == 0)
        result = ask_for_files(l, options);
    struct slice rest = str_slice(&s->text), path;
    visitor_init(&v, s->root);
    while (result == 0 && slice_split(&rest, '\0', &path))
        result = add_present(l, &v, path);
    visitor_release(&v);
    if (result < 0) {
        snapshot_free(s);
        return -1;
    }
    settle(s);
    *out = s;
    return 0;
}

int snapshot_of_worktree(struct snapshot **out, struct repo *r, const struct snapshot_paths *only,
                         path_wanted *wanted, void *ctx, struct err *e)
{
    struct listing l = {.r = r, .wanted = wanted, .ctx = ctx, .e = e, .only = only};
    if (repo_is_bare(r))
        return err_set(e, "'%s' has no worktree", repo_git_dir(r));
    return list_worktree(out, &l, NULL);
}

int snapshot_of_same_worktree(struct snapshot **out, const struct snapshot *listed, struct repo *r,
                              path_wanted *wanted, void *ctx, struct err *e)
{
    struct listing l = {.r = r, .wanted = wanted, .ctx = ctx, .e = e};
    return list_worktree(out, &l, listed);
}

/* ---- reading -------------------------------------------------------------------------------- */

enum snapshot_kind snapshot_kind(const struct snapshot *s)
{
    return s->kind;
}

size_t snapshot_count(const struct snapshot *s)
{
    return s->files.n;
}

size_t snapshot_others(const struct snapshot *s)
{
    return s->others;
}

const struct snapshot_file *snapshot_file(const struct snapshot *s, size_t i)
{
    return &s->files.v[i];
}

static size_t find_file(const struct snapshot_file *v, size_t n, struct slice path)
{
    const struct snapshot_file key = {.path = path};
    const struct snapshot_file *found = n ? bsearch(&key, v, n, sizeof *v, compare_files) : NULL;
    return found ? (size_t)(found - v) : SIZE_MAX;
}

size_t snapshot_find(const struct snapshot *s, struct slice path)
{
    return find_file(s->files.v, s->files.n, path);
}

static int read_blob(struct repo *r, const struct oid *id, size_t max, struct str *out,
                     bool *too_large, struct err *e)
{
    struct object blob;
    size_t size;
    if (object_size(r, id, NULL, &size, e) < 0)
        return -1;
    *too_large = size > max;
    if (*too_large)
        return 0;
    if (object_read(r, id, OBJECT_BLOB, &blob, e) < 0)
        return -1;
    str_adds(out, blob.data);
    object_release(&blob);
    return 0;
}

static int read_file(const struct snapshot *s, struct repo *r, struct slice path, size_t max,
                     struct str *out, bool *too_large, struct err *e)
{
    r->reading.root = s->root;
    return visitor_read(&r->reading, path, max, out, too_large, e);
}

int snapshot_read(const struct snapshot *s, struct repo *r, size_t i, size_t max, struct str *out,
                  bool *too_large, struct err *e)
{
    const struct snapshot_file *file = snapshot_file(s, i);
    if (s->kind != SNAPSHOT_WORKTREE)
        return read_blob(r, &file->id, max, out, too_large, e);
    int found = read_file(s, r, file->path, max, out, too_large, e);
    if (found == 0)
        return err_set(e, "'" SLICE_FMT "' is gone", SLICE_ARG(file->path));
    return found < 0 ? -1 : 0;
}

int snapshot_read_path(const struct snapshot *s, struct repo *r, struct slice path, size_t max,
                       struct str *out, bool *too_large, struct err *e)
{
    struct oid id;
    int found = 0;
    if (s->kind == SNAPSHOT_WORKTREE)
        return read_file(s, r, path, max, out, too_large, e);
    if (s->kind == SNAPSHOT_COMMIT) {
        found = find_in_commit(s, r, path, &id, e);
    } else {
        size_t i = find_file(s->staged.v, s->staged.n, path);
        found = i != SIZE_MAX;
        if (found)
            id = s->staged.v[i].id;
    }
    if (found != 1)
        return found;
    return read_blob(r, &id, max, out, too_large, e) < 0 ? -1 : 1;
}

static bool is_below(struct slice path, struct slice folder)
{
    return path.n > folder.n && path.p[folder.n] == '/' && slice_starts(path, folder);
}

/* Files are sorted: those below a folder stand together, behind where "folder/" would be. */
static bool holds_folder(const struct snapshot *s, struct slice folder)
{
    struct str key = STR_INIT;
    size_t low = 0, high = s->staged.n;
    str_adds(&key, folder);
    str_addc(&key, '/');
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(s->staged.v[middle].path, str_slice(&key)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    str_release(&key);
    return low < s->staged.n && is_below(s->staged.v[low].path, folder);
}

static bool index_holds(const struct snapshot *s, struct slice path)
{
    if (find_file(s->staged.v, s->staged.n, path) != SIZE_MAX || holds_folder(s, path))
        return true;
    for (size_t i = 0; i < s->ends.n; i++) {
        struct slice end = s->ends.v[i].path;
        if (slice_eq(path, end) || is_below(path, end) || is_below(end, path))
            return true;
    }
    return false;
}

int snapshot_holds(const struct snapshot *s, struct repo *r, struct slice path, struct err *e)
{
    struct tree_entry entry;
    bool whole;
    if (!path.n)
        return 1;
    if (s->kind == SNAPSHOT_WORKTREE)
        return worktree_holds(s->root, path) || repo_config_bool(r, "core.sparsecheckout", false);
    if (s->kind == SNAPSHOT_INDEX)
        return index_holds(s, path);
    int found = find_entry(s, r, path, &entry, &whole, e);
    return found < 0 ? found : found && (whole || (entry.mode & MODE_TYPE) != MODE_FILE);
}
