/* The life of one item, found by any of its references. */
#include "index_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/map.h"
#include "pm/spell.h"
#include "pm/vec.h"

void event_rows_release(struct event_rows *rows)
{
    free(rows->v);
    arena_release(&rows->arena);
    *rows = (struct event_rows){0};
}

/* ---- references: as ledger_find resolves them ---- */

enum { NAMED = 4 }; /* of several documents that a reference may mean */

struct answering {
    enum answer best;
    bool present;
    size_t count;
    int64_t n;
    struct str names;
};

static void consider(struct answering *a, sqlite3_stmt *s, struct slice ref)
{
    struct arena arena = ARENA_INIT;
    struct slice name = column_text(s, 1, &arena);
    enum answer answer = reference_answer(name, column_text(s, 2, &arena), ref);
    bool present = sqlite3_column_int(s, 3);
    if (answer != ANSWER_NO && answer >= a->best) {
        if (answer > a->best || (present && !a->present)) {
            *a = (struct answering){answer, present, 0, sqlite3_column_int64(s, 0), a->names};
            str_clear(&a->names);
        }
        if (present == a->present && a->count++ < NAMED)
            str_addf(&a->names, "%s'" SLICE_FMT "'", a->count > 1 ? ", " : "", SLICE_ARG(name));
    }
    arena_release(&arena);
}

/* By the whole of its displayed id, which wins even over a path: what is shown is to be found. Else by
 * its path, the one that is there before the last that is gone. */
static int find_exactly(struct index *i, struct slice ref, int64_t *out, struct err *e)
{
    static const char *const ways[] = {
        "SELECT n FROM documents WHERE name = ?1 ORDER BY present DESC, n",
        "SELECT n FROM documents WHERE path = ?1 ORDER BY present DESC, gone DESC, n DESC",
    };
    int next = 0;
    for (size_t k = 0; next == 0 && k < sizeof ways / sizeof *ways; k++) {
        sqlite3_stmt *s = NULL;
        next = db_prepare(i->ledger.db, ways[k], &s, e);
        if (next == 0) {
            bind_text(s, 1, ref);
            next = db_next(s, e);
        }
        if (next > 0)
            *out = sqlite3_column_int64(s, 0);
        sqlite3_finalize(s);
    }
    return next;
}

/* By what `pm show` would take, too; one that is there before those that are gone. */
static int find_nearly(struct index *i, struct slice ref, int64_t *out, struct err *e)
{
    struct answering a = {.names = STR_INIT};
    sqlite3_stmt *s = NULL;
    int result = -1;
    if (db_prepare(i->ledger.db, "SELECT n, name, path, present FROM documents ORDER BY n", &s,
                   e) == 0)
        while ((result = db_next(s, e)) > 0)
            consider(&a, s, ref);
    sqlite3_finalize(s);
    if (result == 0 && a.count > 1 && a.best < ANSWER_EXACT) {
        result = err_usage(e, "'" SLICE_FMT "' may mean %s%s", SLICE_ARG(ref), a.names.p,
                           a.count > NAMED ? " and others" : "");
    } else if (result == 0 && a.count) {
        *out = a.n;
        result = 1;
    }
    str_release(&a.names);
    return result;
}

/* The n of the document that a reference means: 1, 0, or -1. */
static int find_document(struct index *i, struct slice ref, int64_t *out, struct err *e)
{
    int found = find_exactly(i, ref, out, e);
    return found ? found : find_nearly(i, ref, out, e);
}

/* A number first; no explicit id is one. Of several with an id, the first that stands there, else the
 * last that did. */
static int find_item(struct index *i, int64_t document, struct slice item, int64_t *out,
                     struct err *e)
{
    static const char *const ways[] = {
        "SELECT n FROM items WHERE document = ?1 AND number = ?3",
        "SELECT n FROM items WHERE document = ?1 AND id = ?2 COLLATE NOCASE ORDER BY slot IS NULL, "
        "CASE WHEN slot IS NULL THEN -number ELSE number END",
    };
    int64_t number = -1;
    int next = 0;
    slice_i64(item, 1, INT32_MAX, &number);
    for (size_t k = 0; next == 0 && k < sizeof ways / sizeof *ways; k++) {
        sqlite3_stmt *s = NULL;
        next = -1;
        if (db_prepare(i->ledger.db, ways[k], &s, e) == 0) {
            bind_number(s, 1, document);
            if (k == 0)
                bind_number(s, 3, number);
            else
                bind_text(s, 2, item);
            next = db_next(s, e);
        }
        if (next > 0)
            *out = sqlite3_column_int64(s, 0);
        sqlite3_finalize(s);
    }
    return next;
}

static int unknown(struct index *i, struct slice ref, struct err *e)
{
    struct arena a = ARENA_INIT;
    sqlite3_stmt *s = NULL;
    struct spell spell;
    spell_init(&spell, ref);
    if (db_prepare(i->ledger.db, "SELECT d.name || '#' || i.label FROM items i JOIN "
                   "documents d ON d.n = i.document ORDER BY i.n", &s, e))
        return -1;
    while (db_next(s, NULL) > 0)
        spell_offer(&spell, column_text(s, 0, &a));
    sqlite3_finalize(s);
    if (spell.best.n)
        err_usage(e, "there is no action item '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                  SLICE_ARG(ref), SLICE_ARG(spell.best));
    else
        err_usage(e, "there is no action item '" SLICE_FMT "': 'pm actions --all' lists all",
                  SLICE_ARG(ref));
    arena_release(&a);
    return -1;
}

enum { ITEMS_NAMED = 12 };

/* A postmortem that is known, and none of its items, or no item at all. */
static int unknown_item(struct index *i, int64_t document, struct slice ref, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct str items = STR_INIT;
    struct slice name = ref;
    sqlite3_stmt *s = NULL;
    size_t n = 0;
    if (db_prepare(i->ledger.db, "SELECT d.name, i.label FROM documents d LEFT JOIN items i "
                   "ON i.document = d.n WHERE d.n = ?1 ORDER BY i.number", &s, e))
        return -1;
    bind_number(s, 1, document);
    while (db_next(s, NULL) > 0) {
        struct slice label = column_text(s, 1, &a);
        name = column_text(s, 0, &a);
        if (label.n && n++ < ITEMS_NAMED)
            str_addf(&items, "%s#" SLICE_FMT, n > 1 ? ", " : "", SLICE_ARG(label));
    }
    sqlite3_finalize(s);
    if (n > ITEMS_NAMED)
        str_addf(&items, " and %zu more", n - ITEMS_NAMED);
    err_usage(e, "there is no action item '" SLICE_FMT "': '" SLICE_FMT "' has %s", SLICE_ARG(ref),
              SLICE_ARG(name), n ? items.p : "none");
    str_release(&items);
    arena_release(&a);
    return -1;
}

/* ---- the log ---- */

static int read_event(struct index *i, sqlite3_stmt *s, struct event_row *row, struct arena *a,
                      struct err *e)
{
    row->kind = (enum event_kind)sqlite3_column_int(s, 0);
    row->before = column_text(s, 1, a);
    row->after = column_text(s, 2, a);
    row->days = sqlite3_column_int(s, 3);
    return stamp_read(i, s, 4, &row->change, a, e) || stamp_read(i, s, 7, &row->landing, a, e);
}

static int read_events(struct index *i, int64_t item, struct slice ref, struct event_rows *out,
                       struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = -1;
    if (db_prepare(i->ledger.db,
                   "SELECT v.kind, v.before, coalesce(v.after, i.text), v.days, c.id, c.at, "
                   "c.author, l.id, l.at, l.author FROM events v JOIN items i ON i.n = v.item "
                   "JOIN commits c ON c.n = v.change JOIN commits l ON l.n = v.landing "
                   "WHERE v.item = ?1 ORDER BY v.n",
                   &s, e) == 0) {
        bind_number(s, 1, item);
        while ((next = db_next(s, e)) > 0) {
            struct event_row row = {.ref = arena_dup(&out->arena, ref)};
            if ((next = read_event(i, s, &row, &out->arena, e)))
                break;
            vec_push(out, row);
        }
    }
    sqlite3_finalize(s);
    return next;
}

/* One item's row; *successor is where it goes on, or -1. */
static int read_item(struct index *i, int64_t item, struct action_rows *out, int64_t *successor,
                     struct err *e)
{
    struct str sql = STR_INIT;
    sqlite3_stmt *s = NULL;
    int next = -1;
    str_addf(&sql, "%sWHERE i.n = ?1", action_select);
    if (db_prepare(i->ledger.db, sql.p, &s, e) == 0) {
        bind_number(s, 1, item);
        next = db_next(s, e);
    }
    if (next > 0) {
        bool gone_on = sqlite3_column_type(s, ACTION_SUCCESSOR) != SQLITE_NULL;
        vec_clear(out);
        next = action_read(i, s, vec_add(out), &out->arena, e) ? -1 : 1;
        *successor = gone_on ? sqlite3_column_int64(s, ACTION_SUCCESSOR) : -1;
    }
    sqlite3_finalize(s);
    str_release(&sql);
    return next > 0 ? 0 : -1;
}

static bool tell_once(struct map *told, int64_t item)
{
    struct slice key = slice_from((const char *)&item, sizeof item);
    if (map_get(told, key))
        return false;
    map_put(told, key, told);
    return true;
}

/* What an item was before it moved here, into *item: 1, or 0 where it began here. Of several that
 * moved to one place it took over the first that is told of. */
static int find_predecessor(struct index *i, int64_t *item, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = -1;
    if (db_prepare(i->ledger.db,
                   "SELECT v.item FROM items p JOIN events v ON v.item = p.n AND v.kind = ?2 "
                   "WHERE p.successor = ?1 ORDER BY v.n",
                   &s, e) == 0) {
        bind_number(s, 1, *item);
        bind_number(s, 2, EVENT_MOVED);
        next = db_next(s, e);
    }
    if (next > 0)
        *item = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return next;
}

/* Back to where the promise was made. */
static int find_origin(struct index *i, int64_t *item, struct err *e)
{
    struct map seen = MAP_INIT;
    int found = 1;
    while (found > 0 && tell_once(&seen, *item))
        found = find_predecessor(i, item, e);
    map_release(&seen);
    return found < 0 ? -1 : 0;
}

/* An item that was moved or folded goes on as another: its log does as well, by whatever reference. */
static int life(struct index *i, struct slice ref, struct action_rows *item,
                struct event_rows *out, struct err *e)
{
    struct slice name, which;
    struct action_rows row = {0};
    struct event_rows events = {0};
    int64_t document = -1, at = -1;
    struct map told = MAP_INIT;
    bool names_item = ledger_ref_split(ref, &name, &which);
    int found = ref.n ? find_document(i, names_item ? name : ref, &document, e) : 0;
    if (found == 0)
        return unknown(i, ref, e);
    if (found > 0)
        found = names_item ? find_item(i, document, which, &at, e) : 0;
    if (found == 0)
        return unknown_item(i, document, ref, e);
    if (found < 0 || find_origin(i, &at, e))
        return -1;
    while (found >= 0 && at >= 0 && tell_once(&told, at)) {
        int64_t n = at;
        found = read_item(i, n, &row, &at, e) || read_events(i, n, row.v[0].ref, &events, e) ? -1
                                                                                              : 1;
    }
    map_release(&told);
    if (found < 0) {
        action_rows_release(&row);
        event_rows_release(&events);
        return -1;
    }
    *item = row;
    *out = events;
    return 0;
}

int index_log(struct index *i, struct slice ref, struct action_rows *item, struct event_rows *out,
              struct err *e)
{
    int failed;
    do
        failed = life(i, ref, item, out, e);
    while (failed && index_heal(i, &i->ledger, e));
    return failed;
}
