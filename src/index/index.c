#include "index_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pm/about.h"
#include "pm/embed.h"
#include "pm/file.h"
#include "pm/vec.h"

/* Any change of tables or of what is written into them counts this up. */
enum { FORMAT = 12 };

/* ---- keys ---- */

void index_key_begin(struct str *out, const char *part)
{
    str_addf(out, "pm %s %d %s ", pm_version(), FORMAT, part);
}

/* Where history is cut off is no part of a tip: `git fetch --unshallow` changes what was before. */
static void make_key(const struct index *i, struct part *p)
{
    const struct schema *s = i->state->schema;
    index_key_begin(&p->key, p->name);
    str_addf(&p->key, "%016llx%016llx %d %016llx", (unsigned long long)s->digest[0],
             (unsigned long long)s->digest[1], i->state->selection.root,
             (unsigned long long)repo_shallow_digest(i->repo));
}

/* The tip that a complete file of our key is of. */
static bool read_tip(const struct part *p, sqlite3 *db, struct oid *tip)
{
    struct str key = STR_INIT, hex = STR_INIT;
    bool ours = meta_text(db, "key", &key, NULL) == 0 && meta_text(db, "tip", &hex, NULL) == 0 &&
                slice_eq(str_slice(&key), str_slice(&p->key)) &&
                oid_parse(str_slice(&hex), tip);
    str_release(&key);
    str_release(&hex);
    return ours;
}

static int write_key(const struct index *i, const struct part *p, sqlite3 *db, struct err *e)
{
    char hex[OID_HEX + 1];
    oid_hex(&i->tip, hex);
    return meta_put_text(db, "key", str_slice(&p->key), e) ||
                   meta_put_text(db, "tip", slice_of(hex), e)
               ? -1
               : 0;
}

/* ---- building ---- */

static void close_db(struct part *p)
{
    words_release(&p->words);
    words_release(&p->people);
    sqlite3_close(p->db);
    p->db = NULL;
}

static int create_tables(const char *name, sqlite3 *db, struct err *e)
{
    struct str file = STR_INIT;
    str_addf(&file, "schema/%s.sql", name);
    const struct embedded *sql = embedded_find(file.p);
    str_release(&file);
    if (!sql)
        BUG("schema/%s.sql is not compiled in", name);
    return db_exec(db, sql->data, e);
}

static int build(struct index *i, struct part *p, sqlite3 *db, struct err *e)
{
    p->how = "built";
    return db_exec(db, "BEGIN", e) || db_distinguish(db, e) || create_tables(p->name, db, e) ||
                   p->write(i, db, e) || write_key(i, p, db, e) || db_exec(db, "COMMIT", e)
               ? -1
               : 0;
}

static int build_in_memory(struct index *i, struct part *p, struct err *e)
{
    close_db(p);
    p->in_memory = true;
    return db_create(&p->db, ":memory:", e) || build(i, p, p->db, e) ? -1 : 0;
}

/* 0 when there is a new file; 1: the disk would not have it, which is no failure of the answer. */
static int build_file(struct index *i, struct part *p, const char *path, struct err *e)
{
    sqlite3 *db = NULL;
    int failed = db_create(&db, path, e) || build(i, p, db, e);
    int result = !failed ? 0 : db_is_refused(db) ? 1 : -1;
    sqlite3_close(db);
    return result;
}

/* ---- going on ---- */

/* How many commits back from our tip a part's file is looked for. What is further away is built
 * anew, which then takes hardly longer. */
enum { STEPS_BACK = 5000 };

struct candidate {
    struct oid tip;
    struct slice path;
};
struct candidates {
    VEC(struct candidate) list;
    struct str paths;
};

static void find_candidates(const struct index *i, const struct part *p, struct candidates *out)
{
    files_list(i, p, &out->paths);
    for (size_t at = 0; at < out->paths.n;) {
        struct candidate c = {.path = slice_of(out->paths.p + at)};
        sqlite3 *db = NULL;
        at += c.path.n + 1;
        if (files_is_plain(c.path.p) && db_open(&db, c.path.p, NULL) == 0 &&
            read_tip(p, db, &c.tip))
            vec_push(&out->list, c);
        sqlite3_close(db);
    }
}

/* The candidate whose tip is nearest below ours on the first-parent chain; NULL: none. */
static const struct candidate *nearest(const struct index *i, const struct candidates *all)
{
    struct oid at = i->tip;
    for (int steps = 0; all->list.n && steps < STEPS_BACK; steps++) {
        struct commit commit;
        for (size_t k = 0; k < all->list.n; k++)
            if (oid_eq(&all->list.v[k].tip, &at))
                return &all->list.v[k];
        if (commit_read(i->repo, &at, &commit, NULL))
            return NULL;
        bool root = commit.nparents == 0;
        if (!root)
            at = commit.parents[0];
        commit_release(&commit);
        if (root)
            return NULL;
    }
    return NULL;
}

static bool take_steps(struct index *i, struct part *p, sqlite3 *db, const struct oid *from)
{
    bool went = false;
    p->how = "continued";
    return db_exec(db, "BEGIN", NULL) == 0 && p->go_on(i, db, from, &went, NULL) == 0 && went &&
           write_key(i, p, db, NULL) == 0 && meta_put_number(db, "continued", 1, NULL) == 0 &&
           db_exec(db, "COMMIT", NULL) == 0;
}

/* So many pages beside a file at most, read by every command and written by every step: then, or
 * where it is a quarter of all, they become one file. */
enum { MOST_PAGES = 256 };

static bool has_room(sqlite3 *db)
{
    int64_t total = 0;
    size_t beside = checked_pages(db);
    return db_number(db, "PRAGMA page_count", 0, &total, NULL) == 0 && beside < MOST_PAGES &&
           beside * 4 < (size_t)total;
}

static bool make_copy(sqlite3 *from, const char *fresh)
{
    sqlite3 *db = NULL;
    bool done = db_create(&db, fresh, NULL) == 0 && db_copy(db, from, NULL) == 0 &&
                db_distinguish(db, NULL) == 0;
    sqlite3_close(db);
    if (!done)
        unlink(fresh);
    return done;
}

/* What changes is put beside our own file; more than every command should read is not: then it is
 * made the file. */
static bool continue_beside(struct index *i, struct part *p, const struct candidate *from,
                            const char *fresh, bool *beside)
{
    sqlite3 *db = NULL;
    bool done = db_change(&db, from->path.p, NULL) == 0 && has_room(db) &&
                take_steps(i, p, db, &from->tip);
    *beside = done && checked_pages(db) <= 2 * MOST_PAGES;
    if (done)
        done = *beside ? checked_save(db) == 0 : make_copy(db, fresh);
    *beside &= done;
    sqlite3_close(db);
    return done;
}

static bool continue_copy(struct index *i, struct part *p, const struct candidate *from,
                          const char *fresh)
{
    sqlite3 *db = NULL, *old = NULL;
    bool done = db_open(&old, from->path.p, NULL) == 0 && db_create(&db, fresh, NULL) == 0 &&
                db_copy(db, old, NULL) == 0 && db_distinguish(db, NULL) == 0 &&
                take_steps(i, p, db, &from->tip);
    sqlite3_close(old);
    sqlite3_close(db);
    return done;
}

/* Makes a file, or, at the path itself, what is beside it: then *beside. */
static bool continue_file(struct index *i, struct part *p, const char *path, const char *fresh,
                          bool *beside)
{
    struct candidates all = {VEC_INIT, STR_INIT};
    find_candidates(i, p, &all);
    const struct candidate *from = nearest(i, &all);
    bool done = from && slice_eqz(from->path, path) && continue_beside(i, p, from, fresh, beside);
    if (!done)
        done = from && continue_copy(i, p, from, fresh);
    str_release(&all.paths);
    vec_release(&all.list);
    return done;
}

/* ---- opening ---- */

static bool open_file(struct index *i, struct part *p, const char *path)
{
    struct oid tip;
    if (files_is_plain(path) && db_open(&p->db, path, NULL) == 0 && read_tip(p, p->db, &tip) &&
        oid_eq(&tip, &i->tip) && db_register_tokenizer(p->db, NULL) == 0) {
        str_clear(&p->file);
        str_addz(&p->file, path);
        return true;
    }
    close_db(p);
    return false;
}

/* Our own file, or that of another worktree that is at the same commit. */
static bool open_any(struct index *i, struct part *p)
{
    struct str path = STR_INIT;
    files_own(i, p, &path);
    bool there = open_file(i, p, path.p);
    str_clear(&path);
    if (!there)
        files_list(i, p, &path);
    for (size_t at = 0; !there && at < path.n; at += slice_of(path.p + at).n + 1)
        there = open_file(i, p, path.p + at);
    str_release(&path);
    return there;
}

/* Brings our own file up to date, under the lock. Nothing is flushed: what a power failure leaves
 * of it has not the right checksums. 1: there is none. */
static int renew(struct index *i, struct part *p, struct err *e)
{
    struct str path = STR_INIT, fresh = STR_INIT;
    bool beside = false;
    int result = 0;
    files_own(i, p, &path);
    str_addf(&fresh, "%s.new", path.p);
    files_tidy(i, p);
    if (p->healed || !continue_file(i, p, path.p, fresh.p, &beside)) {
        unlink(fresh.p);
        result = build_file(i, p, fresh.p, e);
    }
    if (result == 0 && !beside) {
        result = rename(fresh.p, path.p) ? 1 : 0;
        checked_forget(path.p);
    }
    if (result == 0 && !open_file(i, p, path.p))
        result = 1;
    if (result)
        unlink(fresh.p);
    str_release(&path);
    str_release(&fresh);
    return result;
}

static int open_part(struct index *i, struct part *p, struct err *e)
{
    int result = 1, fd;
    p->how = "unchanged";
    if (!i->memory && !p->healed && files_folder(i, false) && open_any(i, p))
        return 0;
    if (!i->memory && files_folder(i, true) && (fd = files_lock(i)) >= 0) {
        /* Another process may have been faster. */
        result = !p->healed && open_any(i, p) ? 0 : renew(i, p, e);
        close(fd);
    }
    return result > 0 ? build_in_memory(i, p, e) : result;
}

bool index_heal(struct index *i, struct part *p, struct err *e)
{
    if (!p->db || p->in_memory || p->healed || !db_is_damaged(p->db))
        return false;
    close_db(p);
    p->healed = true;
    return open_part(i, p, e) == 0;
}

/* ---- what is not committed ---- */

/* A copy of the file whose tip is nearest, brought up to date in memory. */
static bool copy_in_memory(struct index *i, struct part *p)
{
    struct candidates all = {VEC_INIT, STR_INIT};
    sqlite3 *disk = NULL;
    struct oid tip;
    bool done = false;
    find_candidates(i, p, &all);
    const struct candidate *from = nearest(i, &all);
    /* Without the lock: the file may be another one by now, and what is copied says which. */
    if (from && db_open(&disk, from->path.p, NULL) == 0 &&
        db_create(&p->db, ":memory:", NULL) == 0 && db_copy(p->db, disk, NULL) == 0 &&
        read_tip(p, p->db, &tip)) {
        bool went = oid_eq(&tip, &i->tip);
        done = went || (db_exec(p->db, "BEGIN", NULL) == 0 &&
                        p->go_on(i, p->db, &tip, &went, NULL) == 0 && went &&
                        db_exec(p->db, "COMMIT", NULL) == 0);
    }
    sqlite3_close(disk);
    str_release(&all.paths);
    vec_release(&all.list);
    if (!done)
        close_db(p);
    return done;
}

static int empty_in_memory(struct part *p, struct err *e)
{
    return db_create(&p->db, ":memory:", e) || create_tables(p->name, p->db, e);
}

static int open_uncommitted(struct index *i, struct part *p, struct err *e)
{
    int failed;
    p->in_memory = true;
    p->how = "built";
    if (oid_is_zero(&i->tip))
        failed = empty_in_memory(p, e);
    else
        failed = !(!i->memory && files_folder(i, false) && copy_in_memory(i, p)) &&
                 build_in_memory(i, p, e);
    return failed || db_exec(p->db, "BEGIN", e) || ledger_add_uncommitted(i, p->db, e) ||
                   db_exec(p->db, "COMMIT", e)
               ? -1
               : 0;
}

/* ---- the index ---- */

void index_suffix(struct index *i)
{
    struct slice dir = slice_of(repo_git_dir(i->repo));
    struct slice common = slice_of(repo_common_dir(i->repo)), name;
    if (slice_eq(dir, common))
        return;
    while (slice_split(&dir, '/', &name))
        if (dir.n == 0)
            str_addf(&i->suffix, "-" SLICE_FMT, SLICE_ARG(name));
}

static struct index *index_new(struct repo *r, const struct state *s, const struct oid *tip,
                               chronicle_progress *progress, void *ctx)
{
    struct index *i = xcalloc(1, sizeof *i);
    *i = (struct index){
        .repo = r, .state = s, .tip = *tip, .memory = !repo_is_ours(r),
        .folder = STR_INIT, .suffix = STR_INIT,
        .ledger = {.name = "ledger", .write = ledger_write, .go_on = ledger_continue,
                   .key = STR_INIT, .file = STR_INIT,
                   .words = {.db = &i->ledger.db, .table = "words"},
                   .people = {.db = &i->ledger.db, .table = "people"}},
        .text = {.name = "text", .write = text_write, .go_on = text_continue,
                 .key = STR_INIT, .file = STR_INIT},
        .progress = progress, .progress_ctx = ctx,
    };
    str_addf(&i->folder, "%spm/", repo_common_dir(r));
    index_suffix(i);
    make_key(i, &i->ledger);
    make_key(i, &i->text);
    return i;
}

int index_open(struct index **out, struct repo *r, const struct state *s, const struct oid *tip,
               int parts, bool memory, chronicle_progress *progress, void *ctx, struct err *e)
{
    struct index *i = index_new(r, s, tip, progress, ctx);
    /* Text that is not the tip's is nothing to keep. */
    i->memory |= memory || ((parts & INDEX_TEXT) && snapshot_kind(s->files) != SNAPSHOT_COMMIT);
    if (((parts & INDEX_LEDGER) && open_part(i, &i->ledger, e)) ||
        ((parts & INDEX_TEXT) && open_part(i, &i->text, e))) {
        index_close(i);
        return -1;
    }
    *out = i;
    return 0;
}

int index_open_uncommitted(struct index **out, struct repo *r, const struct state *s,
                           const struct oid *tip, const struct uncommitted *step,
                           chronicle_progress *progress, void *ctx, struct err *e)
{
    struct index *i = index_new(r, s, tip, progress, ctx);
    i->step = step;
    int failed = open_uncommitted(i, &i->ledger, e);
    i->step = NULL;
    if (failed) {
        index_close(i);
        return -1;
    }
    *out = i;
    return 0;
}

static void close_part(struct part *p)
{
    close_db(p);
    str_release(&p->file);
    str_release(&p->key);
}

void index_close(struct index *i)
{
    if (!i)
        return;
    close_part(&i->ledger);
    close_part(&i->text);
    str_release(&i->folder);
    str_release(&i->suffix);
    free(i);
}
