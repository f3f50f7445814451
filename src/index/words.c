/* What many rows say: kept once in a table (n, text), and named by n. */
#include "index_private.h"

void words_release(struct words *w)
{
    sqlite3_finalize(w->find);
    sqlite3_finalize(w->add);
    sqlite3_finalize(w->get);
    map_release(&w->numbers);
    map_release(&w->texts);
    arena_release(&w->arena);
    *w = (struct words){.db = w->db, .table = w->table};
}

static int prepare(struct words *w, sqlite3_stmt **s, const char *before, const char *after,
                   struct err *e)
{
    struct str sql = STR_INIT;
    if (*s)
        return 0;
    str_addf(&sql, "%s %s %s", before, w->table, after);
    int failed = db_prepare(*w->db, sql.p, s, e);
    str_release(&sql);
    return failed;
}

/* 1 with the number of the row, 0 for none. */
static int find(struct words *w, struct slice text, int64_t *out, struct err *e)
{
    if (prepare(w, &w->find, "SELECT n FROM", "WHERE text = ?1", e))
        return -1;
    bind_text(w->find, 1, text);
    int next = db_next(w->find, e);
    if (next > 0)
        *out = sqlite3_column_int64(w->find, 0);
    sqlite3_reset(w->find);
    return next;
}

static int add(struct words *w, struct slice text, int64_t *out, struct err *e)
{
    if (prepare(w, &w->add, "INSERT INTO", "(text) VALUES (?1)", e))
        return -1;
    bind_text(w->add, 1, text);
    if (db_run(w->add, e))
        return -1;
    *out = sqlite3_last_insert_rowid(*w->db);
    return 0;
}

int words_number(struct words *w, struct slice text, int64_t *out, struct err *e)
{
    uintptr_t known = (uintptr_t)map_get(&w->numbers, text);
    int64_t n = (int64_t)known;
    if (!known) {
        int found = find(w, text, &n, e);
        if (found < 0 || (!found && add(w, text, &n, e)))
            return -1;
        map_put(&w->numbers, text, (void *)(uintptr_t)n);
    }
    *out = n;
    return 0;
}

static int read_text(struct words *w, int64_t n, struct slice **out, struct err *e)
{
    if (prepare(w, &w->get, "SELECT text FROM", "WHERE n = ?1", e))
        return -1;
    bind_number(w->get, 1, n);
    int next = db_next(w->get, e);
    if (next > 0) {
        *out = arena_alloc(&w->arena, sizeof **out);
        **out = column_text(w->get, 0, &w->arena);
    } else if (next == 0) {
        err_set(e, "the index lacks a word");
    }
    sqlite3_reset(w->get);
    return next > 0 ? 0 : -1;
}

int words_text(struct words *w, int64_t n, struct slice *out, struct err *e)
{
    struct slice key = slice_from((const char *)&n, sizeof n), *text = map_get(&w->texts, key);
    if (!text) {
        if (read_text(w, n, &text, e))
            return -1;
        map_put(&w->texts, key, text);
    }
    *out = *text;
    return 0;
}

void person_split(struct slice person, struct slice *author, struct slice *email)
{
    slice_split(&person, '\n', author);
    *email = person;
}
