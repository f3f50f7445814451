/* What is pending, as git tells it: `git status` and `git diff-index`, NUL-terminated. */
#include "pm/snapshot.h"

#include "repo_private.h"
#include "tree_private.h"
#include "worktree_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/alloc.h"

#define EMPTY_TREE "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

static int not_understood(const char *command, struct slice record, struct err *e)
{
    return err_set(e, "git %s said what pm does not understand: '" SLICE_FMT "'", command,
                   SLICE_ARG(record));
}

static bool parse_mode(struct slice text, uint32_t *mode)
{
    uint32_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '7')
            return false;
        value = value << 3 | (uint32_t)(text.p[i] - '0');
    }
    *mode = value;
    return text.n == 6;
}

static bool is_file_mode(uint32_t mode)
{
    return (mode & MODE_TYPE) == MODE_FILE;
}

/* Takes n fields, each with a blank behind it, off the front of *record. */
static bool take_fields(struct slice *record, struct slice *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (slice_split(record, ' ', &fields[i]) != 1 || record->n == 0)
            return false;
    }
    return true;
}

/* Files only; one that was none and is none has not changed. */
static void add_pending(struct pending_list *list, struct pending p, bool was_file)
{
    if (!was_file && p.gone)
        return;
    vec_push(list, p);
}

/* XY sub mH mI mW hH hI path */
static int add_changed(struct pending_list *list, struct slice record)
{
    struct slice f[7];
    struct pending p = {0};
    uint32_t head, index, work;
    if (!take_fields(&record, f, 7) || f[0].n != 2 || !parse_mode(f[2], &head) ||
        !parse_mode(f[3], &index) || !parse_mode(f[4], &work) || !oid_parse(f[5], &p.before) ||
        !oid_parse(f[6], &p.after))
        return -1;
    bool was_file = is_file_mode(head), as_staged = f[0].p[1] == '.';
    if (as_staged)
        work = index;
    if (!was_file)
        p.before = (struct oid){{0}};
    if (!as_staged || !is_file_mode(work))
        p.after = (struct oid){{0}};
    p.path = record;
    p.gone = !is_file_mode(work);
    add_pending(list, p, was_file);
    return 0;
}

/* XY sub m1 m2 m3 mW h1 h2 h3 path: stage 2 is ours, HEAD's */
static int add_unmerged(struct pending_list *list, struct slice record)
{
    struct slice f[9];
    struct pending p = {0};
    uint32_t head, work;
    if (!take_fields(&record, f, 9) || !parse_mode(f[3], &head) || !parse_mode(f[5], &work) ||
        !oid_parse(f[7], &p.before))
        return -1;
    if (!is_file_mode(head))
        p.before = (struct oid){{0}};
    p.path = record;
    p.gone = !is_file_mode(work);
    add_pending(list, p, is_file_mode(head));
    return 0;
}

static int compare_pending(const void *a, const void *b)
{
    const struct pending *x = a, *y = b;
    int order = slice_cmp(x->path, y->path);
    return order != 0 ? order : (int)y->gone - (int)x->gone;
}

/* Sorts; what is deleted from the index but still there untracked is told twice: one change. */
static void settle(struct pending_list *list)
{
    size_t n = 0;
    vec_sort(list, compare_pending);
    for (size_t i = 0; i < list->n; i++) {
        struct pending *last = n ? &list->v[n - 1] : NULL;
        if (last && slice_eq(last->path, list->v[i].path))
            *last = (struct pending){last->path, last->before, list->v[i].after, false, true};
        else
            list->v[n++] = list->v[i];
    }
    list->n = n;
}

/* A folder (a repository in this one) and a link are no files. */
static int add_untracked(struct pending_list *list, struct visitor *v, struct slice path,
                         struct err *e)
{
    mode_t type;
    if (visitor_type(v, path, &type, e))
        return -1;
    if (S_ISREG(type))
        vec_push(list, (struct pending){.path = path, .untracked = true});
    return 0;
}

static int parse_status(struct pending_list *list, struct visitor *v, struct slice text,
                        struct err *e)
{
    struct slice record;
    while (slice_split(&text, '\0', &record)) {
        int result = 0;
        if (record.n < 2)
            continue;
        struct slice rest = slice_sub(record, 2, record.n);
        switch (record.p[0]) {
        case '1':
            result = add_changed(list, rest);
            break;
        case 'u':
            result = add_unmerged(list, rest);
            break;
        case '?':
            if (add_untracked(list, v, rest, e))
                return -1;
            break;
        case '#':
        case '!':
            break;
        default:
            result = -1;
        }
        if (result < 0)
            return not_understood("status", record, e);
    }
    return 0;
}

int pending_worktree_begin(struct question **out, struct repo *r, struct err *e)
{
    static const char *const argv[] = {"status",
                                       "--porcelain=v2",
                                       "-z",
                                       "--untracked-files=all",
                                       "--ignore-submodules=all",
                                       "--no-renames",
                                       NULL};
    if (repo_is_bare(r))
        return err_set(e, "'%s' has no worktree", repo_git_dir(r));
    return repo_ask_begin(out, r, argv, e);
}

int pending_worktree_end(struct pending_list *out, struct question *q, struct repo *r,
                         struct err *e)
{
    struct pending_list list = {0};
    struct str text = STR_INIT;
    struct visitor v;
    int result = repo_ask_end(q, &text, e);
    int root = open(repo_worktree(r), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (result == 0 && root < 0)
        result = err_errno(e, "cannot open '%s'", repo_worktree(r));
    visitor_init(&v, root);
    if (result == 0)
        result = parse_status(&list, &v, str_slice(&text), e);
    if (result == 0) {
        settle(&list);
        list.bytes = str_detach(&text, NULL);
        *out = list;
    } else {
        pending_release(&list);
    }
    visitor_release(&v);
    if (root >= 0)
        close(root);
    str_release(&text);
    return result;
}

int pending_worktree(struct pending_list *out, struct repo *r, struct err *e)
{
    struct question *q = NULL;
    return pending_worktree_begin(&q, r, e) < 0 ? -1 : pending_worktree_end(out, q, r, e);
}

/* :MODE MODE OID OID STATUS, then the path */
static int add_raw(struct pending_list *list, struct slice meta, struct slice path)
{
    struct slice rest = slice_sub(meta, 1, meta.n), f[4];
    struct pending p = {.path = path};
    uint32_t head, index;
    if (meta.n == 0 || meta.p[0] != ':' || !take_fields(&rest, f, 4) || !parse_mode(f[0], &head) ||
        !parse_mode(f[1], &index) || !oid_parse(f[2], &p.before) || !oid_parse(f[3], &p.after))
        return -1;
    if (!is_file_mode(head))
        p.before = (struct oid){{0}};
    if (!is_file_mode(index))
        p.after = (struct oid){{0}};
    p.gone = !is_file_mode(index);
    add_pending(list, p, is_file_mode(head));
    return 0;
}

static int parse_raw(struct pending_list *list, struct slice text, struct err *e)
{
    struct slice meta, path;
    while (slice_split(&text, '\0', &meta) && meta.n > 0) {
        if (!slice_split(&text, '\0', &path))
            return not_understood("diff-index", meta, e);
        if (slice_ends(meta, SLICE(" U")))
            return err_set(e, "'" SLICE_FMT "' is unmerged", SLICE_ARG(path));
        if (add_raw(list, meta, path) < 0)
            return not_understood("diff-index", meta, e);
    }
    return 0;
}

static int diff_index(struct pending_list *out, struct repo *r, const char *tree, bool staged,
                      struct err *e)
{
    const char *argv[] = {"diff-index",
                          "--raw",
                          "-z",
                          "--no-renames",
                          "--no-abbrev",
                          "--ignore-submodules=all",
                          "--ita-invisible-in-index",
                          tree,
                          "--",
                          NULL};
    const char *cached[] = {argv[0], "--cached", argv[1], argv[2], argv[3], argv[4],
                            argv[5], argv[6],    argv[7], argv[8], NULL};
    struct pending_list list = {0};
    struct str text = STR_INIT;
    int result = repo_ask(r, staged ? cached : argv, &text, e);
    if (result == 0)
        result = parse_raw(&list, str_slice(&text), e);
    if (result == 0) {
        settle(&list);
        list.bytes = str_detach(&text, NULL);
        *out = list;
    } else {
        pending_release(&list);
    }
    str_release(&text);
    return result;
}

int pending_staged(struct pending_list *out, struct repo *r, struct err *e)
{
    struct oid id;
    int born = commit_head(r, &id, e);
    if (born < 0)
        return -1;
    return born ? pending_against(out, r, &id, true, e)
                : diff_index(out, r, EMPTY_TREE, true, e);
}

int pending_against(struct pending_list *out, struct repo *r, const struct oid *commit, bool staged,
                    struct err *e)
{
    char hex[OID_HEX + 1];
    oid_hex(commit, hex);
    return diff_index(out, r, hex, staged, e);
}

void pending_release(struct pending_list *p)
{
    free(p->v);
    free(p->bytes);
    memset(p, 0, sizeof *p);
}
