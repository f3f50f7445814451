#include "index_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/embed.h"
#include "pm/file.h"

/* Any change of tables or of what is written into them counts this up. */
enum { FORMAT = 1 };

/* ---- keys ---- */

/* What the cache is of: format, schema, tip. */
static void key_of(const struct index *i, struct str *out)
{
    char hex[OID_HEX + 1];
    const struct schema *s = i->state->schema;
    oid_hex(&i->tip, hex);
    str_addf(out, "pm %d %016llx%016llx %s", FORMAT, (unsigned long long)s->digest[0],
             (unsigned long long)s->digest[1], hex);
}

static bool key_matches(const struct index *i, sqlite3 *db)
{
    struct str key = STR_INIT;
    sqlite3_stmt *s = NULL;
    bool same = false;
    key_of(i, &key);
    if (db_prepare(db, "SELECT value FROM meta WHERE key = 'key'", &s, NULL) == 0 &&
        sqlite3_step(s) == SQLITE_ROW)
        same = strcmp((const char *)sqlite3_column_text(s, 0), key.p) == 0;
    sqlite3_finalize(s);
    str_release(&key);
    return same;
}

/* ---- building ---- */

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

static int write_key(const struct index *i, sqlite3 *db, struct err *e)
{
    struct str key = STR_INIT;
    sqlite3_stmt *s = NULL;
    key_of(i, &key);
    int failed = db_prepare(db, "INSERT INTO meta VALUES ('key', ?1)", &s, e);
    if (!failed) {
        bind_text(s, 1, str_slice(&key));
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    str_release(&key);
    return failed;
}

static int build(struct index *i, struct part *p, sqlite3 *db, struct err *e)
{
    int (*write)(struct index *, sqlite3 *, struct err *) =
        p == &i->ledger ? ledger_write : text_write;
    p->how = "built";
    /* The file is new and takes its name only when it is complete: no journal is needed. */
    return db_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN", e) ||
                   db_register_tokenizer(db, e) || create_tables(p->name, db, e) ||
                   write(i, db, e) || write_key(i, db, e) || db_exec(db, "COMMIT", e)
               ? -1
               : 0;
}

static int build_in_memory(struct index *i, struct part *p, struct err *e)
{
    p->in_memory = true;
    if (sqlite3_open(":memory:", &p->db) != SQLITE_OK)
        return db_fail(p->db, e);
    return build(i, p, p->db, e);
}

/* ---- the files ---- */

/* A regular file of our own, not a link that somebody put there. */
static bool is_plain(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool open_file(struct index *i, struct part *p)
{
    if (is_plain(p->path.p) &&
        sqlite3_open_v2(p->path.p, &p->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        key_matches(i, p->db) && db_register_tokenizer(p->db, NULL) == 0)
        return true;
    sqlite3_close(p->db);
    p->db = NULL;
    return false;
}

static bool make_folder(const struct index *i)
{
    struct stat st;
    if (mkdir(i->folder.p, 0777) && errno != EEXIST)
        return false;
    return lstat(i->folder.p, &st) == 0 && S_ISDIR(st.st_mode) && access(i->folder.p, W_OK) == 0;
}

/* One process builds; the others wait for it and then find it done. */
static int lock(const struct index *i)
{
    struct str path = STR_INIT;
    str_addf(&path, "%slock", i->folder.p);
    int fd = open(path.p, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    str_release(&path);
    while (fd >= 0 && flock(fd, LOCK_EX)) {
        if (errno != EINTR) {
            close(fd);
            return -1;
        }
    }
    return fd;
}

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

/* Builds beside the old file and renames over it: those who read the old one go on reading it.
 * 1: the disk would not have it, which is no failure of the answer. */
static int replace_file(struct index *i, struct part *p, struct err *e)
{
    struct str fresh = STR_INIT;
    sqlite3 *db = NULL;
    int result = 1;
    str_addf(&fresh, "%s.new", p->path.p);
    unlink(fresh.p);
    if (sqlite3_open(fresh.p, &db) == SQLITE_OK) {
        int failed = build(i, p, db, e);
        int code = sqlite3_errcode(db);
        bool storage = code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY ||
                       code == SQLITE_CANTOPEN;
        result = failed && !storage ? -1 : failed ? 1 : 0;
    }
    sqlite3_close(db);
    if (result == 0 && !(sync_file(fresh.p) && rename(fresh.p, p->path.p) == 0))
        result = 1;
    if (result)
        unlink(fresh.p);
    str_release(&fresh);
    return result;
}

static int open_part(struct index *i, struct part *p, const char *name, struct err *e)
{
    int built = 1, fd;
    p->name = name;
    p->how = "unchanged";
    str_init(&p->path);
    str_addf(&p->path, "%s%s.sqlite", i->folder.p, name);
    if (!i->memory && open_file(i, p))
        return 0;
    if (!i->memory && make_folder(i) && (fd = lock(i)) >= 0) {
        bool there = open_file(i, p); /* another process may have been faster */
        built = there ? 0 : replace_file(i, p, e);
        if (built == 0 && !there && !open_file(i, p))
            built = 1;
        close(fd);
    }
    return built > 0 ? build_in_memory(i, p, e) : built;
}

static void close_part(struct part *p)
{
    sqlite3_close(p->db);
    if (p->name)
        str_release(&p->path);
}

/* ---- the index ---- */

int index_open(struct index **out, struct repo *r, const struct state *s, const struct oid *tip,
               int parts, bool memory, chronicle_progress *progress, void *ctx, struct err *e)
{
    struct index *i = xcalloc(1, sizeof *i);
    i->repo = r;
    i->state = s;
    i->tip = *tip;
    i->memory = memory;
    i->progress = progress;
    i->progress_ctx = ctx;
    str_init(&i->folder);
    str_addf(&i->folder, "%spm/", repo_common_dir(r));
    if (((parts & INDEX_LEDGER) && open_part(i, &i->ledger, "ledger", e)) ||
        ((parts & INDEX_TEXT) && open_part(i, &i->text, "text", e))) {
        index_close(i);
        return -1;
    }
    *out = i;
    return 0;
}

void index_close(struct index *i)
{
    if (!i)
        return;
    close_part(&i->ledger);
    close_part(&i->text);
    str_release(&i->folder);
    free(i);
}

int index_remove(struct repo *r, struct err *e)
{
    static const char *const names[] = {"ledger.sqlite", "text.sqlite", "ledger.sqlite.new",
                                        "text.sqlite.new"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct str path = STR_INIT;
        str_addf(&path, "%spm/%s", repo_common_dir(r), names[k]);
        int failed = unlink(path.p) && errno != ENOENT && errno != ENOTDIR
                         ? err_errno(e, "cannot remove '%s'", path.p)
                         : 0;
        str_release(&path);
        if (failed)
            return -1;
    }
    return 0;
}
