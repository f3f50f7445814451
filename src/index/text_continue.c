/* The text's part from one tip to another: what is gone or changed is read as it was and forgotten,
 * what came or changed is added. */
#include "text_rows.h"

#include <stdlib.h>

#include "pm/path.h"
#include "pm/vec.h"

typedef VEC(size_t) file_numbers;

/* A document as it is stored. */
struct row {
    int64_t n;
    struct slice id;
    bool stated;
};

/* A file of the new tip. Its id may depend on all the others. */
struct file {
    struct slice path, id;
    bool stated;
    const struct row *row; /* of the same content; NULL: it came or changed */
};

struct text_change {
    struct index *index;
    sqlite3 *db;
    struct state before, now; /* both under the schema of the new tip */
    struct map rows;     /* path → struct row */
    struct file *files;
    file_numbers drop;   /* of the old tip */
    file_numbers add;    /* of the new one: came or changed; then those with another id only */
    VEC(int64_t) free;   /* numbers of rows that are forgotten */
    struct arena arena;
};

static int read_rows(struct text_change *c, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int next = db_prepare(c->db, "SELECT path, n, id, stated FROM documents", &s, e);
    while (next == 0 && (next = db_next(s, e)) > 0) {
        struct row *row = arena_alloc(&c->arena, sizeof *row);
        *row = (struct row){sqlite3_column_int64(s, 1), column_text(s, 2, &c->arena),
                            sqlite3_column_int(s, 3)};
        map_put(&c->rows, column_text(s, 0, &c->arena), row);
        next = 0;
    }
    sqlite3_finalize(s);
    return next;
}

/* Both lists of files are in path order. */
static void compare(struct text_change *c)
{
    const struct snapshot *old = c->before.files, *new = c->now.files;
    size_t at = 0;
    for (size_t k = 0; k < snapshot_count(new); k++) {
        const struct snapshot_file *f = snapshot_file(new, k);
        struct file *file = &c->files[k];
        int order = 1;
        while (at < snapshot_count(old) &&
               (order = slice_cmp(snapshot_file(old, at)->path, f->path)) < 0)
            vec_push(&c->drop, at++);
        bool there = at < snapshot_count(old) && order == 0;
        bool same = there && oid_eq(&snapshot_file(old, at)->id, &f->id);
        *file = (struct file){.path = f->path};
        if (same)
            file->row = map_get(&c->rows, f->path);
        if (file->row)
            file->stated = file->row->stated;
        else
            vec_push(&c->add, k);
        if (there && !file->row)
            vec_push(&c->drop, at);
        at += there;
    }
    for (; at < snapshot_count(old); at++)
        vec_push(&c->drop, at);
}

/* As corpus.h says: a default id that two documents would share is none. */
static void settle_ids(struct text_change *c, size_t nfiles)
{
    static char one, more;
    struct map stems = MAP_INIT;
    for (size_t k = 0; k < nfiles; k++) {
        struct slice stem = path_stem(c->files[k].path);
        if (!c->files[k].stated)
            map_put(&stems, stem, map_get(&stems, stem) ? &more : &one);
    }
    for (size_t k = 0; k < nfiles; k++) {
        struct file *f = &c->files[k];
        struct slice stem = path_stem(f->path);
        if (f->stated && f->row)
            f->id = f->row->id;
        else if (!f->stated)
            f->id = map_get(&stems, stem) == &more ? f->path : stem;
    }
    map_release(&stems);
}

/* Those that came or changed: what is stated in them. */
static int read_ids(struct text_change *c, struct err *e)
{
    struct text_batches b = {
        .index = c->index, .state = &c->now, .places = c->add.v, .n = c->add.n};
    int more;
    while ((more = text_next_batch(&b, e)) > 0)
        for (size_t k = 0; k < b.batch.n; k++) {
            struct file *f = &c->files[c->add.v[b.at + k]];
            f->stated = b.batch.v[k]->id_from == ID_STATED;
            f->id = arena_dup(&c->arena, b.batch.v[k]->id);
        }
    text_batches_release(&b);
    return more;
}

static int forget_row(struct text_change *c, struct text_writer *w, struct postmortem *old,
                      struct err *e)
{
    const struct row *row = map_get(&c->rows, old->path);
    if (!row)
        return err_set(e, "the index lacks '" SLICE_FMT "'", SLICE_ARG(old->path));
    old->id = row->id;
    vec_push(&c->free, row->n);
    return text_put(w, row->n, old, NULL, e);
}

static int forget_rows(struct text_change *c, struct err *e)
{
    struct text_batches b = {
        .index = c->index, .state = &c->before, .places = c->drop.v, .n = c->drop.n};
    struct text_writer w;
    int more = 0, failed = text_writer_init(&w, c->db, true, e);
    while (!failed && (more = text_next_batch(&b, e)) > 0)
        for (size_t k = 0; k < b.batch.n && !failed; k++)
            failed = forget_row(c, &w, b.batch.v[k], e);
    text_batches_release(&b);
    text_writer_release(&w);
    return failed || more < 0 ? -1 : 0;
}

/* Numbers that are free are taken first, so that they stay dense. */
static int take_number(struct text_change *c, int64_t *n, struct err *e)
{
    if (!c->free.n)
        return db_number(c->db, "SELECT coalesce(max(n), 0) + 1 FROM documents", 0, n, e);
    *n = c->free.v[--c->free.n];
    return 0;
}

/* Those of c->add from one up to another. */
static int add_rows(struct text_change *c, struct text_writer *w, size_t from, size_t to,
                    struct err *e)
{
    struct text_batches b = {.index = c->index,
                             .state = &c->now,
                             .places = to ? c->add.v + from : NULL,
                             .n = to - from};
    int64_t n = 0;
    int more = 0, failed = 0;
    while (!failed && (more = text_next_batch(&b, e)) > 0)
        for (size_t k = 0; k < b.batch.n && !failed; k++) {
            size_t place = b.places[b.at + k];
            b.batch.v[k]->id = c->files[place].id;
            failed = take_number(c, &n, e) ||
                     text_put(w, n, b.batch.v[k], &snapshot_file(c->now.files, place)->id, e);
        }
    text_batches_release(&b);
    return failed || more < 0 ? -1 : 0;
}

static int by_place(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Documents that only have got another id. */
static void find_renamed(struct text_change *c, size_t nfiles)
{
    for (size_t k = 0; k < nfiles; k++)
        if (c->files[k].row && !slice_eq(c->files[k].row->id, c->files[k].id)) {
            vec_push(&c->add, k);
            vec_push(&c->drop, snapshot_find(c->before.files, c->files[k].path));
        }
    vec_sort(&c->drop, by_place);
}

/* Half of a large corpus takes longer to forget and to add than all of it to be added. */
static bool is_too_much(const struct text_change *c, size_t nfiles)
{
    enum { MANY = 2000 };
    size_t rows = c->drop.n + c->add.n;
    return rows > MANY && rows > nfiles;
}

static int apply(struct text_change *c, struct text_writer *w, bool *done, struct err *e)
{
    size_t nfiles = snapshot_count(c->now.files);
    c->files = xcalloc(nfiles + 1, sizeof *c->files);
    compare(c);
    size_t nchanged = c->add.n;
    *done = !is_too_much(c, nfiles);
    if (!*done)
        return 0;
    if (read_ids(c, e))
        return -1;
    settle_ids(c, nfiles);
    find_renamed(c, nfiles);
    return forget_rows(c, e) || add_rows(c, w, 0, nchanged, e) ||
                   add_rows(c, w, nchanged, c->add.n, e)
               ? -1
               : 0;
}

int text_continue(struct index *i, sqlite3 *db, const struct oid *from, bool *done,
                  struct err *e)
{
    struct text_change c = {.index = i, .db = db};
    struct text_writer w;
    int failed = text_writer_init(&w, db, false, e) || text_list(&c.before, i, from, e) ||
                 text_list(&c.now, i, &i->tip, e) || read_rows(&c, e) || apply(&c, &w, done, e);
    text_writer_release(&w);
    snapshot_free(c.before.files);
    snapshot_free(c.now.files);
    map_release(&c.rows);
    vec_release(&c.drop);
    vec_release(&c.add);
    vec_release(&c.free);
    free(c.files);
    arena_release(&c.arena);
    return failed ? -1 : 0;
}
