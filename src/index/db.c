#include "db.h"

#include <string.h>

#include "pm/index.h"

/* ---- connections ---- */

/* Bytes at the end of each page that checked.c fills. */
static void reserve_checksum(sqlite3 *db)
{
    int bytes = 8;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}

/* Written without a journal, by nobody else. */
static int begin_writing(sqlite3 *db, struct err *e)
{
    if (db_exec(db,
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY",
                e))
        return -1;
    return db_register_tokenizer(db, e);
}

int db_create(sqlite3 **out, const char *path, struct err *e)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool file = strcmp(path, ":memory:") != 0;
    if (sqlite3_open_v2(path, out, flags, file ? checked_files() : NULL) != SQLITE_OK)
        return db_fail(*out, e);
    if (file)
        reserve_checksum(*out);
    return db_exec(*out, "PRAGMA page_size = 4096", e) || begin_writing(*out, e) ? -1 : 0;
}

int db_change(sqlite3 **out, const char *path, struct err *e)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, out, flags, checked_files()) != SQLITE_OK)
        return db_fail(*out, e);
    return begin_writing(*out, e);
}

int db_distinguish(sqlite3 *db, struct err *e)
{
    struct str sql = STR_INIT;
    int32_t random[2];
    sqlite3_randomness(sizeof random, random);
    str_addf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", (int)random[0],
             (int)random[1]);
    int failed = db_exec(db, sql.p, e);
    str_release(&sql);
    return failed;
}

/* In an URI, '?', '#' and '%' of the path are to be written as numbers. */
static void add_uri(struct str *out, const char *path)
{
    str_addz(out, "file:");
    for (; *path; path++) {
        if (strchr("?#%", *path))
            str_addf(out, "%%%02x", (unsigned)(unsigned char)*path);
        else
            str_addc(out, *path);
    }
    str_addz(out, "?immutable=1");
}

int db_open(sqlite3 **out, const char *path, struct err *e)
{
    struct str uri = STR_INIT;
    add_uri(&uri, path);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(uri.p, out, flags, checked_files());
    str_release(&uri);
    if (code != SQLITE_OK)
        return db_fail(*out, e);
    return db_exec(*out, "PRAGMA temp_store = MEMORY", e);
}

int db_copy(sqlite3 *to, sqlite3 *from, struct err *e)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    if (!copy)
        return db_fail(to, e);
    sqlite3_backup_step(copy, -1);
    return sqlite3_backup_finish(copy) == SQLITE_OK ? 0 : db_fail(to, e);
}

/* ---- errors ---- */

int db_fail(sqlite3 *db, struct err *e)
{
    return err_set(e, "the index: %s", sqlite3_errmsg(db));
}

/* SQLite forgets the error of a statement when the one around it, which had none, comes to its end. */
bool db_is_damaged(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;
    return checked_is_damaged(db) || code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

bool db_is_refused(sqlite3 *db)
{
    int code = sqlite3_errcode(db) & 0xff;
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY ||
           code == SQLITE_CANTOPEN || code == SQLITE_PERM;
}

/* ---- statements ---- */

int db_exec(sqlite3 *db, const char *sql, struct err *e)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_fail(db, e);
}

int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e)
{
    return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK ? 0 : db_fail(db, e);
}

int db_run(sqlite3_stmt *s, struct err *e)
{
    int code = sqlite3_step(s);
    sqlite3_reset(s);
    return code == SQLITE_DONE ? 0 : db_fail(sqlite3_db_handle(s), e);
}

int db_next(sqlite3_stmt *s, struct err *e)
{
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        return 1;
    return code == SQLITE_DONE ? 0 : db_fail(sqlite3_db_handle(s), e);
}

int db_number(sqlite3 *db, const char *sql, int64_t parameter, int64_t *out, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = -1;
    if (db_prepare(db, sql, &s, e) == 0) {
        if (sqlite3_bind_parameter_count(s))
            bind_number(s, 1, parameter);
        next = db_next(s, e);
    }
    if (next > 0)
        *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

/* ---- meta ---- */

static int meta_find(sqlite3 *db, const char *key, sqlite3_stmt **s, struct err *e)
{
    if (db_prepare(db, "SELECT value FROM meta WHERE key = ?1", s, e))
        return -1;
    bind_text(*s, 1, slice_of(key));
    return db_next(*s, e);
}

int meta_number(sqlite3 *db, const char *key, int64_t *out, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = meta_find(db, key, &s, e);
    if (next > 0)
        *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

int meta_text(sqlite3 *db, const char *key, struct str *out, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = meta_find(db, key, &s, e);
    if (next > 0 && sqlite3_column_type(s, 0) == SQLITE_TEXT)
        str_addz(out, (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return next < 0 ? -1 : 0;
}

static int meta_begin_put(sqlite3 *db, const char *key, sqlite3_stmt **s, struct err *e)
{
    if (db_prepare(db, "INSERT OR REPLACE INTO meta VALUES (?1, ?2)", s, e))
        return -1;
    bind_text(*s, 1, slice_of(key));
    return 0;
}

int meta_put_number(sqlite3 *db, const char *key, int64_t value, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = meta_begin_put(db, key, &s, e);
    if (!failed) {
        bind_number(s, 2, value);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

int meta_put_text(sqlite3 *db, const char *key, struct slice value, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int failed = meta_begin_put(db, key, &s, e);
    if (!failed) {
        bind_text(s, 2, value);
        failed = db_run(s, e);
    }
    sqlite3_finalize(s);
    return failed;
}

/* ---- values ---- */

void bind_text(sqlite3_stmt *s, int i, struct slice text)
{
    sqlite3_bind_text64(s, i, text.p ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

void bind_number(sqlite3_stmt *s, int i, int64_t number)
{
    sqlite3_bind_int64(s, i, number);
}

void bind_oid(sqlite3_stmt *s, int i, const struct oid *id)
{
    if (id)
        sqlite3_bind_blob(s, i, id->b, OID_SIZE, SQLITE_STATIC);
    else
        sqlite3_bind_null(s, i);
}

struct slice column_text(sqlite3_stmt *s, int i, struct arena *a)
{
    const char *p = (const char *)sqlite3_column_text(s, i);
    return arena_dup(a, slice_from(p, (size_t)sqlite3_column_bytes(s, i)));
}

bool column_oid(sqlite3_stmt *s, int i, struct oid *out)
{
    const void *p = sqlite3_column_blob(s, i);
    if (!p || sqlite3_column_bytes(s, i) != OID_SIZE)
        return false;
    memcpy(out->b, p, OID_SIZE);
    return true;
}

void index_libraries(struct str *out)
{
    str_addf(out, "SQLite %s\n", sqlite3_libversion());
}
