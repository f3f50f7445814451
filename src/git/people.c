/* .mailmap as git reads it: gitmailmap(5). */
#include "pm/people.h"

#include "repo_private.h"
#include "worktree_private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pm/alloc.h"
#include "pm/caps.h"
#include "pm/file.h"
#include "pm/map.h"

/* What an address, or an address with a name, is replaced by; empty: nothing. */
struct person {
    struct slice name, email;
};

struct people {
    struct arena arena;
    struct map by_email; /* folded address → struct person */
    struct map by_both;  /* folded address, NUL, folded name → struct person */
};

static void fold(struct str *out, struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        str_addc(out, ascii_lower(s.p[i]));
}

static void make_key(struct str *out, struct slice email, struct slice name)
{
    fold(out, email);
    str_addc(out, '\0');
    fold(out, name);
}

static struct person *person_of(struct people *p, struct map *map, struct slice key)
{
    struct person *person = map_get(map, key);
    if (!person) {
        person = arena_alloc(&p->arena, sizeof *person);
        map_put(map, key, person);
    }
    return person;
}

/* A name and an address in angle brackets. */
struct part {
    struct slice name, email;
};

/* Takes "Name <email>" off the front of *line. */
static bool take_part(struct slice *line, struct part *out)
{
    size_t open = slice_chr(*line, '<', 0);
    size_t close = open == SIZE_MAX ? SIZE_MAX : slice_chr(*line, '>', open);
    if (close == SIZE_MAX)
        return false;
    out->name = slice_trim(slice_sub(*line, 0, open));
    out->email = slice_sub(*line, open + 1, close - open - 1);
    *line = slice_sub(*line, close + 1, line->n);
    return true;
}

/* Later lines add to earlier ones, as in git. */
static void add_line(struct people *p, struct slice line)
{
    struct part proper = {0}, old = {0};
    struct person person = {0}, *into;
    struct str key = STR_INIT;
    if (line.n == 0 || line.p[0] == '#' || !take_part(&line, &proper) || !proper.email.n)
        return;
    bool two = take_part(&line, &old);
    if (!two)
        old.email = proper.email;
    person.name = arena_dup(&p->arena, proper.name);
    if (two)
        person.email = arena_dup(&p->arena, proper.email);
    if (old.name.n > 0) {
        make_key(&key, old.email, old.name);
        into = person_of(p, &p->by_both, str_slice(&key));
        *into = person;
    } else {
        fold(&key, old.email);
        into = person_of(p, &p->by_email, str_slice(&key));
        into->name = person.name.n > 0 ? person.name : into->name;
        into->email = person.email.n > 0 ? person.email : into->email;
    }
    str_release(&key);
}

static void add_text(struct people *p, struct slice text)
{
    struct slice line;
    while (slice_split(&text, '\n', &line))
        add_line(p, line);
}

/* As git: a map that is not there, or cannot be read, maps nothing. */
static void add_blob(struct people *p, struct repo *r, const char *name)
{
    git_object *object = NULL;
    struct object blob;
    struct oid id;
    size_t size;
    if (git_revparse_single(&object, r->git, name) < 0)
        return;
    oid_from_git(&id, git_object_id(object));
    git_object_free(object);
    if (object_size(r, &id, NULL, &size, NULL) < 0 || size > CAP_DOCUMENT_BYTES ||
        object_read(r, &id, OBJECT_BLOB, &blob, NULL) < 0)
        return;
    add_text(p, blob.data);
    object_release(&blob);
}

static void add_head(struct people *p, struct repo *r)
{
    char hex[OID_HEX + 1];
    struct oid id;
    if (commit_head(r, &id, NULL) != 1)
        return;
    oid_hex(&id, hex);
    struct str name = STR_INIT;
    str_addf(&name, "%s:.mailmap", hex);
    add_blob(p, r, name.p);
    str_release(&name);
}

static void add_worktree(struct people *p, const struct repo *r)
{
    struct str text = STR_INIT;
    struct visitor v;
    bool too_large = false;
    int root = open(repo_worktree(r), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return;
    visitor_init(&v, root);
    if (visitor_read(&v, SLICE(".mailmap"), CAP_DOCUMENT_BYTES, &text, &too_large, NULL) == 1)
        add_text(p, str_slice(&text));
    visitor_release(&v);
    close(root);
    str_release(&text);
}

/* mailmap.file may begin with "~/", and is relative to the top. */
static void add_file(struct people *p, const struct repo *r, const char *name)
{
    const char *home = environment("HOME");
    bool at_home = strncmp(name, "~/", 2) == 0 && home;
    char *path = path_under(at_home           ? home
                            : repo_is_bare(r) ? repo_git_dir(r)
                                              : repo_worktree(r),
                            at_home ? name + 2 : name);
    char *real = path_real(path);
    struct str text = STR_INIT;
    if (real && file_read(&text, real, CAP_DOCUMENT_BYTES, NULL, NULL) == 0)
        add_text(p, str_slice(&text));
    str_release(&text);
    free(real);
    free(path);
}

struct people *people_of(struct slice mailmap)
{
    struct people *p = xcalloc(1, sizeof *p);
    add_text(p, mailmap);
    return p;
}

int people_load(struct people **out, struct repo *r, struct err *e)
{
    struct people *p = xcalloc(1, sizeof *p);
    struct str name = STR_INIT;
    (void)e;
    if (!repo_is_bare(r))
        add_worktree(p, r);
    if (repo_config(r, "mailmap.blob", &name))
        add_blob(p, r, name.p);
    else if (repo_is_bare(r))
        add_head(p, r);
    str_clear(&name);
    if (repo_config(r, "mailmap.file", &name))
        add_file(p, r, name.p);
    str_release(&name);
    *out = p;
    return 0;
}

void people_free(struct people *p)
{
    if (!p)
        return;
    map_release(&p->by_email);
    map_release(&p->by_both);
    arena_release(&p->arena);
    free(p);
}

void people_resolve(const struct people *p, struct slice name, struct slice email,
                    struct slice *proper_name, struct slice *proper_email)
{
    struct str key = STR_INIT;
    const struct person *found = NULL;
    if (p) {
        make_key(&key, email, name);
        found = map_get(&p->by_both, str_slice(&key));
        str_clear(&key);
        fold(&key, email);
        if (!found)
            found = map_get(&p->by_email, str_slice(&key));
    }
    *proper_name = found && found->name.n > 0 ? found->name : name;
    *proper_email = found && found->email.n > 0 ? found->email : email;
    str_release(&key);
}
