/* The cache as it stands: what a completion may offer, without bringing anything up to date. */
#include "index_private.h"

#include <string.h>

#include "pm/about.h"

static const struct {
    const char *part, *sql;
} questions[] = {
    [PEEK_IDS] = {"ledger", "SELECT name FROM documents WHERE present "
                            "AND substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2"},
    [PEEK_REFS] = {"ledger", "SELECT d.name || '#' || i.label AS ref FROM items i "
                             "JOIN documents d ON d.n = i.document "
                             "WHERE substr(ref, 1, length(?1)) = ?1 ORDER BY d.n, i.number LIMIT ?2"},
    [PEEK_OWNERS] = {"ledger", "SELECT text FROM words WHERE n IN (SELECT owners FROM items) "
                               "AND text <> '' ORDER BY text"},
    [PEEK_TAGS] = {"text", "SELECT DISTINCT iif(shown = '', value, shown) AS tag FROM facts "
                           "WHERE name IN ('causes', 'contributing_factors') AND how = 0 "
                           "AND substr(tag, 1, length(?1)) = ?1 ORDER BY tag LIMIT ?2"},
    [PEEK_VALUES] = {"text", "SELECT DISTINCT iif(shown = '', value, shown) AS said FROM facts "
                             "WHERE name = ?3 AND how = 0 "
                             "AND substr(said, 1, length(?1)) = ?1 ORDER BY said LIMIT ?2"},
};

/* Written by this very version: another one may have other tables. */
static bool is_readable(const struct part *p, sqlite3 *db)
{
    struct str key = STR_INIT, ours = STR_INIT;
    index_key_begin(&ours, p->name);
    bool same = meta_text(db, "key", &key, NULL) == 0 &&
                slice_starts(str_slice(&key), str_slice(&ours));
    str_release(&key);
    str_release(&ours);
    return same;
}

/* This worktree's file, else any. NULL: none. */
static sqlite3 *open_any(const struct index *i, const struct part *p)
{
    struct str paths = STR_INIT;
    sqlite3 *db = NULL;
    files_own(i, p, &paths);
    str_addc(&paths, '\0');
    if (files_folder(i, false))
        files_list(i, p, &paths);
    for (size_t at = 0; !db && at < paths.n; at += slice_of(paths.p + at).n + 1)
        if (!files_is_plain(paths.p + at) || db_open(&db, paths.p + at, NULL) ||
            !is_readable(p, db)) {
            sqlite3_close(db);
            db = NULL;
        }
    str_release(&paths);
    return db;
}

static void offer(struct peeked *out, struct map *seen, struct slice name, struct slice prefix)
{
    if (!name.n || !slice_starts(name, prefix) || out->n == PEEK_AT_MOST || map_get(seen, name))
        return;
    map_put(seen, name, out);
    vec_push(out, name);
}

/* A tag and those above it. */
static void offer_tag(struct peeked *out, struct map *seen, struct slice tag, struct slice prefix)
{
    for (size_t end = 0; end != SIZE_MAX;) {
        end = slice_chr(tag, '/', end ? end + 1 : 0);
        offer(out, seen, slice_sub(tag, 0, end), prefix);
    }
}

static void ask_names(sqlite3 *db, enum peek what, struct slice field, struct slice prefix,
                      struct peeked *out)
{
    sqlite3_stmt *s = NULL;
    struct map seen = MAP_INIT;
    bool ready = db_prepare(db, questions[what].sql, &s, NULL) == 0;
    if (ready && what != PEEK_OWNERS) {
        bind_text(s, 1, prefix);
        bind_number(s, 2, PEEK_AT_MOST);
    }
    if (ready && what == PEEK_VALUES)
        bind_text(s, 3, field);
    while (ready && db_next(s, NULL) == 1) {
        struct slice rest = column_text(s, 0, &out->arena), owner;
        if (what == PEEK_TAGS)
            offer_tag(out, &seen, rest, prefix);
        else if (what != PEEK_OWNERS)
            offer(out, &seen, rest, prefix);
        else
            while (slice_split(&rest, '\n', &owner))
                offer(out, &seen, owner, prefix);
    }
    sqlite3_finalize(s);
    map_release(&seen);
}

void index_peek(struct peeked *out, struct repo *r, enum peek what, struct slice field,
                struct slice prefix)
{
    struct index i = {.repo = r, .folder = STR_INIT, .suffix = STR_INIT};
    struct part part = {.name = questions[what].part};
    str_addf(&i.folder, "%spm/", repo_common_dir(r));
    index_suffix(&i);
    sqlite3 *db = repo_is_ours(r) ? open_any(&i, &part) : NULL;
    if (db)
        ask_names(db, what, field, prefix, out);
    sqlite3_close(db);
    str_release(&i.folder);
    str_release(&i.suffix);
}

void peeked_release(struct peeked *p)
{
    vec_release(p);
    arena_release(&p->arena);
}
