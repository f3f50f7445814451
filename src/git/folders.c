#include "repo_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/file.h"

#define MAX_DEPTH      5 /* of alternates of alternates: git's own limit */
#define MAX_FOLDERS    1000u
#define MAX_LIST_BYTES (1024u * 1024u)

static void add_folder(struct folders *f, const char *base, const char *name, int depth);

/* As git: '#' starts a comment, '"' a quoted name; what does not exist is left out. */
static void add_list(struct folders *f, const char *base, const char *list, char sep, int depth)
{
    struct str name = STR_INIT;
    const char *p = list;
    while (*p) {
        const char *end = p;
        str_clear(&name);
        if (*p == '"' && unquote_c(&name, p, &end)) {
            end += strcspn(end, (char[]){sep, '\0'});
        } else {
            str_clear(&name);
            end = p + strcspn(p, (char[]){sep, '\0'});
            str_add(&name, p, (size_t)(end - p));
        }
        if (*p != '#' && name.n > 0)
            add_folder(f, base, name.p, depth);
        p = *end ? end + 1 : end;
    }
    str_release(&name);
}

static void add_alternates(struct folders *f, const char *folder, int depth)
{
    struct str list = STR_INIT;
    char *path = path_under(folder, "info/alternates");
    if (depth < MAX_DEPTH && file_read(&list, path, MAX_LIST_BYTES, NULL, NULL) == 0)
        add_list(f, folder, list.p, '\n', depth + 1);
    free(path);
    str_release(&list);
}

static void add_folder(struct folders *f, const char *base, const char *name, int depth)
{
    char *path = path_under(base, name);
    char *real = path_real_folder(path);
    free(path);
    bool known = !real || !path_is_folder(real) || f->n >= MAX_FOLDERS;
    for (size_t i = 0; !known && i < f->n; i++)
        known = strcmp(f->v[i], real) == 0;
    if (known) {
        free(real);
        return;
    }
    vec_push(f, real);
    add_alternates(f, real, depth);
}

void object_folders(struct folders *out, const struct place *p)
{
    /* git reads relative names after it has gone to the top of the worktree. */
    const char *base = p->worktree ? p->worktree : p->start;
    const char *own = environment("GIT_OBJECT_DIRECTORY");
    const char *alternates = environment("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    add_folder(out, own ? base : p->common_dir, own ? own : "objects", 0);
    if (alternates)
        add_list(out, base, alternates, ':', 0);
}

void folders_release(struct folders *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->v[i]);
    vec_release(f);
}
