/* What the files of this folder share. */
#ifndef PM_INDEX_PRIVATE_H
#define PM_INDEX_PRIVATE_H

#include "pm/index.h"
#include "db.h"

struct part {
    const char *name;  /* "ledger": the file's stem */
    sqlite3 *db;       /* NULL: not asked for */
    bool in_memory;
    const char *how;   /* built, unchanged */
    struct str path;
};

struct index {
    struct repo *repo;
    const struct state *state;
    struct oid tip;
    bool memory;       /* never touch the disk */
    struct str folder; /* <common git dir>/pm/ */
    struct part ledger, text;
    chronicle_progress *progress;
    void *progress_ctx;
};

/* Fill an empty database, inside a transaction of the caller's. */
int ledger_write(struct index *i, sqlite3 *db, struct err *e);
int text_write(struct index *i, sqlite3 *db, struct err *e);

/* Reads one row of `items` as action_select selects it; a column of its own follows those of the row. */
enum { ACTION_SUCCESSOR = 25 };
extern const char action_select[];
void action_read(sqlite3_stmt *s, struct action_row *row, struct arena *a);

#endif
