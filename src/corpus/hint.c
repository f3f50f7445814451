#include "pm/corpus.h"

#include "likeness.h"
#include "pm/caps.h"
#include "pm/path.h"

#include <stdlib.h>
#include <string.h>

/* Enough to recognise a folder, little enough not to be noticed in a repository of documentation.
 */
#define FILES_LOOKED_AT 2000u

static bool markdown(void *ctx, struct slice path, bool folder)
{
    (void)ctx;
    if (folder)
        return path.n > 0 && path.p[0] != '.';
    struct slice extension = path_extension(path);
    return slice_ieqz(extension, ".md") || slice_ieqz(extension, ".markdown");
}

struct looks {
    bool time, schema_time, severity, title;
};

static void look_at_key(struct looks *l, const struct schema *schema, const struct yaml *entry)
{
    struct moment m;
    const struct field *f = schema_field(schema, entry->key->value);
    if (entry->kind == YAML_SCALAR && moment_parse(entry->value, &m) && m.date.year != 0) {
        l->time = true;
        l->schema_time |= f && f->type == FIELD_TIMESTAMP;
    }
    l->severity |= f && slice_eqz(f->name, "severity");
    l->title |= f && slice_eqz(f->name, "title");
}

enum likeness document_likeness(const struct schema *schema, const struct document *d)
{
    struct looks l = {false, false, false, false};
    if (d->front != FRONT_YAML || d->yaml->kind != YAML_MAP)
        return LIKENESS_NONE;
    for (const struct yaml *entry = d->yaml->first; entry; entry = entry->next)
        look_at_key(&l, schema, entry);
    if (l.time && l.severity)
        return LIKENESS_CERTAIN;
    return l.schema_time && l.title ? LIKENESS_SOME : LIKENESS_NONE;
}

struct folder_seen {
    struct slice folder; /* of the snapshot */
    size_t files, likeness;
};

/* Files come in path order, so those of a folder need not come in one run: "a/b.md", "a/b/c.md",
 * "a/d.md". A repository has few folders of Markdown. */
static int look_at_files(struct map *folders, struct arena *a, const struct snapshot *s,
                         struct repo *r, const struct schema *schema, struct err *e)
{
    size_t n = snapshot_count(s);
    if (n > FILES_LOOKED_AT)
        n = FILES_LOOKED_AT;
    for (size_t i = 0; i < n; i++) {
        struct str bytes = STR_INIT;
        bool too_large = false;
        if (snapshot_read(s, r, i, CAP_DOCUMENT_BYTES, &bytes, &too_large, e) != 0) {
            str_release(&bytes);
            return -1;
        }
        size_t length;
        char *p = str_detach(&bytes, &length);
        struct document *d = document_parse(p, length);
        enum likeness like = document_likeness(schema, d);
        document_free(d);
        struct slice folder = path_dir(snapshot_file(s, i)->path);
        if (like == LIKENESS_NONE || folder.n == 0)
            continue;
        struct folder_seen *seen = map_get(folders, folder);
        if (!seen) {
            seen = arena_alloc(a, sizeof *seen);
            seen->folder = folder;
            map_put(folders, folder, seen);
        }
        seen->files++;
        seen->likeness += like;
    }
    return 0;
}

static const struct folder_seen *most_like(const struct map *folders)
{
    const struct folder_seen *best = NULL;
    for (size_t i = 0; i < folders->n; i++) {
        const struct folder_seen *seen = folders->entries[i].value;
        if (!best || seen->likeness > best->likeness)
            best = seen;
    }
    return best;
}

int state_hint(struct repo *r, const struct state *s, const struct oid *commit, struct str *folder,
               size_t *files, struct err *e)
{
    struct snapshot *all = NULL;
    struct map folders = MAP_INIT;
    struct arena arena = ARENA_INIT;
    int result = -1;
    if (commit ? snapshot_of_commit(&all, r, commit, markdown, NULL, e) != 0
               : snapshot_of_worktree(&all, r, NULL, markdown, NULL, e) != 0)
        goto out;
    if (look_at_files(&folders, &arena, all, r, s->schema, e) != 0)
        goto out;
    const struct folder_seen *best = most_like(&folders);
    result = best ? 1 : 0;
    if (best) {
        str_adds(folder, best->folder);
        str_addc(folder, '/');
        *files = best->files;
    }
out:
    map_release(&folders);
    arena_release(&arena);
    snapshot_free(all);
    return result;
}
