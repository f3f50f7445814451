/* A thin layer over SQLite: errors as sentences, bound parameters, borrowed column slices. */
#ifndef PM_INDEX_DB_H
#define PM_INDEX_DB_H

#include <sqlite3.h>

#include "pm/alloc.h"
#include "pm/err.h"
#include "pm/object.h"
#include "pm/str.h"

/* A database that is being written, alone: no journal, nothing flushed. path may be ":memory:". On
 * failure *out is to be closed as well. */
int db_create(sqlite3 **out, const char *path, struct err *e);
/* A complete one, which nobody writes any more: without locks. */
int db_open(sqlite3 **out, const char *path, struct err *e);
/* A complete one, to be changed: in memory, until checked_save puts what changed beside it. */
int db_change(sqlite3 **out, const char *path, struct err *e);

/* Gives it a first page that no other database has: see pages.h. */
int db_distinguish(sqlite3 *db, struct err *e);

/* All of a database into an empty one. */
int db_copy(sqlite3 *to, sqlite3 *from, struct err *e);

/* -1 with "the index: ..." */
int db_fail(sqlite3 *db, struct err *e);
/* Is the file not what was written? */
bool db_is_damaged(sqlite3 *db);
/* Does the last error of a connection mean that the disk would not have it? */
bool db_is_refused(sqlite3 *db);

int db_exec(sqlite3 *db, const char *sql, struct err *e);
int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e);
/* Steps a statement that returns nothing, and makes it ready for the next row. */
int db_run(sqlite3_stmt *s, struct err *e);
/* 1 with a row, 0 at the end, -1. */
int db_next(sqlite3_stmt *s, struct err *e);
/* The first column of the first row; no row leaves *out alone. parameter: ?1, if there is one. */
int db_number(sqlite3 *db, const char *sql, int64_t parameter, int64_t *out, struct err *e);

/* The table `meta` of each part. What is not there: 0 leaves *out alone. */
int meta_number(sqlite3 *db, const char *key, int64_t *out, struct err *e);
int meta_put_number(sqlite3 *db, const char *key, int64_t value, struct err *e);
int meta_text(sqlite3 *db, const char *key, struct str *out, struct err *e); /* appends */
int meta_put_text(sqlite3 *db, const char *key, struct slice value, struct err *e);

/* Parameters count from 1; text must stay until the statement is run. */
void bind_text(sqlite3_stmt *s, int i, struct slice text);
void bind_number(sqlite3_stmt *s, int i, int64_t number);
void bind_oid(sqlite3_stmt *s, int i, const struct oid *id); /* NULL is NULL */
/* Columns count from 0. */
struct slice column_text(sqlite3_stmt *s, int i, struct arena *a); /* copied into the arena */
bool column_oid(sqlite3_stmt *s, int i, struct oid *out);          /* false: NULL */

/* The tokenizer `pm` of this connection (pm/token.h). */
int db_register_tokenizer(sqlite3 *db, struct err *e);
/* ---- checked.c ---- */

/* The name of the file system layer that these go through. */
const char *checked_files(void);
/* Was a page read that is not what was written? */
bool checked_is_damaged(sqlite3 *db);
/* How many pages are not those of the file itself. */
size_t checked_pages(sqlite3 *db);
/* Of one that db_change opened, once it is committed: from now on who opens the file has this. */
int checked_save(sqlite3 *db);
/* Removes what was beside a file that has been replaced. */
void checked_forget(const char *file);

#endif
