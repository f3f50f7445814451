#include "db.h"

#include "pm/index.h"

int db_fail(sqlite3 *db, struct err *e)
{
    return err_set(e, "the index: %s", sqlite3_errmsg(db));
}

bool db_is_damage(sqlite3 *db)
{
    int code = sqlite3_errcode(db);
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR ||
           code == SQLITE_IOERR || code == SQLITE_SCHEMA;
}

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
    sqlite3_bind_blob(s, i, id->b, OID_SIZE, SQLITE_STATIC);
}

struct slice column_text(sqlite3_stmt *s, int i, struct arena *a)
{
    const char *p = (const char *)sqlite3_column_text(s, i);
    return arena_dup(a, slice_from(p, (size_t)sqlite3_column_bytes(s, i)));
}

void index_libraries(struct str *out)
{
    str_addf(out, "SQLite %s\n", sqlite3_libversion());
}
