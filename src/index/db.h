/* A thin layer over SQLite: errors as sentences, bound parameters, borrowed column slices. */
#ifndef PM_INDEX_DB_H
#define PM_INDEX_DB_H

#include <sqlite3.h>

#include "pm/alloc.h"
#include "pm/err.h"
#include "pm/object.h"
#include "pm/str.h"

/* -1 with "the index: ..." */
int db_fail(sqlite3 *db, struct err *e);
bool db_is_damage(sqlite3 *db); /* the last error means a damaged or foreign file */
int db_exec(sqlite3 *db, const char *sql, struct err *e);
int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e);
/* Steps a statement that returns nothing, and makes it ready for the next row. */
int db_run(sqlite3_stmt *s, struct err *e);
/* 1 with a row, 0 at the end, -1. */
int db_next(sqlite3_stmt *s, struct err *e);

/* Parameters count from 1; text must stay until the statement is run. */
void bind_text(sqlite3_stmt *s, int i, struct slice text);
void bind_number(sqlite3_stmt *s, int i, int64_t number);
void bind_oid(sqlite3_stmt *s, int i, const struct oid *id);
/* Columns count from 0; copied into the arena. */
struct slice column_text(sqlite3_stmt *s, int i, struct arena *a);

/* The tokenizer `pm` of this connection (pm/token.h). */
int db_register_tokenizer(sqlite3 *db, struct err *e);

#endif
