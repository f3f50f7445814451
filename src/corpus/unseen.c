#include "pm/corpus.h"

#include "likeness.h"
#include "pm/caps.h"
#include "pm/path.h"

#include <stdlib.h>

/* ---- by its name ---- */

static bool is_markdown(struct slice extension)
{
    return slice_ieqz(extension, ".md") || slice_ieqz(extension, ".markdown");
}

/* Forgotten, or one that no glob ends in. */
static bool lacks_extension(struct slice extension)
{
    static const char *const texts[] = {".txt", ".mdx", ".mdown", ".mkd"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (slice_ieqz(extension, texts[i]))
            return true;
    return !extension.n;
}

bool unseen_name(struct slice path)
{
    struct slice base = path_base(path), extension = path_extension(path);
    return base.n && base.p[0] != '.' && !slice_starts(path, SLICE(".pm/")) &&
           (is_markdown(extension) || lacks_extension(extension)) && !schema_is_other(path);
}

/* As it would be called if nobody had forgotten the extension. */
static bool would_be_seen(const struct schema *s, struct slice path)
{
    struct str name = STR_INIT;
    str_adds(&name, slice_sub(path, 0, path.n - path_extension(path).n));
    str_addz(&name, ".md");
    bool seen = schema_is_document(s, str_slice(&name));
    str_release(&name);
    return seen;
}

/* The folders that hold documents, and the folders that hold those. */
struct neighbours {
    struct map folders, above;
};

static void neighbours_init(struct neighbours *n, const struct snapshot *files)
{
    static char there;
    *n = (struct neighbours){MAP_INIT, MAP_INIT};
    struct slice last = {NULL, 0};
    for (size_t i = 0; i < snapshot_count(files); i++) {
        struct slice folder = path_dir(snapshot_file(files, i)->path);
        if (last.p && slice_eq(folder, last))
            continue;
        map_put(&n->folders, folder, &there);
        map_put(&n->above, path_dir(folder), &there);
        last = folder;
    }
}

static void neighbours_release(struct neighbours *n)
{
    map_release(&n->folders);
    map_release(&n->above);
}

/* In a folder of documents, above one, beside or below one. */
static bool is_near(const struct neighbours *n, struct slice path)
{
    struct slice folder = path_dir(path);
    return folder.n && (map_get(&n->folders, folder) || map_get(&n->above, folder) ||
                        map_get(&n->above, path_dir(folder)) ||
                        map_get(&n->folders, path_dir(folder)));
}

/* ---- by its content ---- */

enum { SECTIONS = 3 }; /* of the schema, and it is no coincidence */

static size_t known_sections(const struct schema *s, const struct document *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->nsections && n < SECTIONS; i++)
        n += schema_section(s, d->sections[i].title) != NULL;
    return n;
}

static int reads_like_one(bool *out, struct repo *r, const struct state *s, struct slice path,
                          bool by_sections, struct err *e)
{
    struct str bytes = STR_INIT;
    bool too_large = false;
    size_t n;
    *out = false;
    int found = snapshot_read_path(s->files, r, path, CAP_DOCUMENT_BYTES, &bytes, &too_large, e);
    if (found <= 0 || too_large) {
        str_release(&bytes);
        return found < 0 ? -1 : 0;
    }
    char *text = str_detach(&bytes, &n);
    struct document *d = document_parse(text, n);
    size_t like = document_likeness(s->schema, d);
    *out = like == LIKENESS_CERTAIN ||
           (by_sections && (like || known_sections(s->schema, d) >= SECTIONS));
    document_free(d);
    return 0;
}

/* ---- all of them ---- */

/* Documents, which are most, need no look at the worktree. */
static bool candidate(void *ctx, struct slice path, bool folder)
{
    const struct schema *schema = ctx;
    return folder ? path.n > 0 && path.p[0] != '.'
                  : unseen_name(path) && !schema_is_document(schema, path);
}

static int look_at(struct unseen_list *out, struct repo *r, const struct state *s,
                   const struct neighbours *near, struct slice path, struct err *e)
{
    bool renamed = lacks_extension(path_extension(path)) && would_be_seen(s->schema, path);
    bool moved = is_markdown(path_extension(path)) && is_near(near, path);
    bool is_one = false;
    if (!unseen_name(path) || schema_is_document(s->schema, path) || (!renamed && !moved))
        return 0;
    if (reads_like_one(&is_one, r, s, path, renamed, e) != 0)
        return -1;
    if (is_one)
        vec_push(&out->list, (struct unseen){arena_dup(&out->arena, path), renamed});
    return 0;
}

/* Without documents nobody knows where they should be; where the Markdown files at the root are
 * taken for them, nothing says which are meant. */
static bool has_places(const struct state *s)
{
    return state_count(s) && !s->selection.root;
}

int state_unseen(struct unseen_list *out, struct repo *r, const struct state *s,
                 const struct slice *paths, size_t n, struct err *e)
{
    struct unseen_list found = UNSEEN_INIT;
    struct neighbours near;
    int result = 0;
    if (!has_places(s) || !n) {
        *out = found;
        return 0;
    }
    neighbours_init(&near, s->files);
    for (size_t i = 0; i < n && result == 0; i++)
        result = look_at(&found, r, s, &near, paths[i], e);
    neighbours_release(&near);
    if (result)
        unseen_release(&found);
    else
        *out = found;
    return result;
}

int state_unseen_all(struct unseen_list *out, struct repo *r, const struct state *s,
                     const struct oid *commit, struct err *e)
{
    struct snapshot *all = NULL;
    if (!has_places(s)) {
        *out = (struct unseen_list)UNSEEN_INIT;
        return 0;
    }
    if (commit ? snapshot_of_commit(&all, r, commit, candidate, s->schema, e)
               : snapshot_of_same_worktree(&all, s->files, r, candidate, s->schema, e))
        return -1;
    size_t n = snapshot_count(all);
    struct slice *paths = xreallocarray(NULL, n ? n : 1, sizeof *paths);
    for (size_t i = 0; i < n; i++)
        paths[i] = snapshot_file(all, i)->path;
    int result = state_unseen(out, r, s, paths, n, e);
    free(paths);
    snapshot_free(all);
    return result;
}

void unseen_release(struct unseen_list *l)
{
    vec_release(&l->list);
    arena_release(&l->arena);
}
