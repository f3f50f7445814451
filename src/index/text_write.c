/* The words and facts of the postmortems of a tip. */
#include "text_rows.h"

#include <stdlib.h>

#include "pm/caps.h"
#include "pm/path.h"
#include "pm/vec.h"

int text_writer_init(struct text_writer *w, sqlite3 *db, bool forget, struct err *e)
{
    static const char *const adding[] = {
        "INSERT INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        "INSERT INTO words (rowid, title, facts, body) VALUES (?1, ?2, ?3, ?4)",
        "INSERT OR IGNORE INTO facts VALUES (?1, ?2, ?3, ?4, ?5)",
        "INSERT OR IGNORE INTO numbers VALUES (?1, ?2, ?3, ?4, ?5)"};
    /* FTS5 does not keep the words: it needs the very ones that were added. */
    static const char *const forgetting[] = {
        "DELETE FROM documents WHERE n = ?1",
        "INSERT INTO words (words, rowid, title, facts, body) VALUES ('delete', ?1, ?2, ?3, ?4)",
        "DELETE FROM facts WHERE name = ?1 AND how = ?2 AND value = ?3 AND shown = ?4 "
        "AND document = ?5",
        "DELETE FROM numbers WHERE name = ?1 AND measure = ?2 AND number = ?3 AND beside = ?4 "
        "AND document = ?5"};
    const char *const *sql = forget ? forgetting : adding;
    *w = (struct text_writer){.forget = forget};
    return db_prepare(db, sql[0], &w->document, e) || db_prepare(db, sql[1], &w->words, e) ||
                   db_prepare(db, sql[2], &w->fact, e) || db_prepare(db, sql[3], &w->number, e)
               ? -1
               : 0;
}

void text_writer_release(struct text_writer *w)
{
    sqlite3_finalize(w->document);
    sqlite3_finalize(w->words);
    sqlite3_finalize(w->fact);
    sqlite3_finalize(w->number);
}

static void bind_known(sqlite3_stmt *s, int i, bool known, int64_t number)
{
    if (known)
        bind_number(s, i, number);
    else
        sqlite3_bind_null(s, i);
}

static int put_document(const struct text_writer *w, int64_t n, const struct postmortem *pm,
                        const struct oid *blob, struct err *e)
{
    sqlite3_stmt *s = w->document;
    size_t severity = postmortem_severity(pm);
    bool dated = pm->date.year != 0;
    int64_t began = 0;
    bind_number(s, 1, n);
    if (!w->forget) {
        bool has_began = postmortem_time(pm, "started", &began);
        bind_text(s, 2, pm->path);
        bind_oid(s, 3, blob);
        bind_text(s, 4, pm->id);
        bind_number(s, 5, pm->id_from == ID_STATED);
        bind_known(s, 6, dated, dated ? date_days(pm->date) : 0);
        bind_known(s, 7, has_began, began);
        bind_known(s, 8, severity != SIZE_MAX, (int64_t)severity);
    }
    return db_run(s, e);
}

static int put_words(const struct text_writer *w, int64_t n, const struct postmortem *pm,
                     struct err *e)
{
    struct arena arena = ARENA_INIT;
    struct query_texts texts;
    query_texts_of(&texts, pm, &arena);
    bind_number(w->words, 1, n);
    bind_text(w->words, 2, texts.title);
    bind_text(w->words, 3, texts.facts);
    bind_text(w->words, 4, texts.body);
    int failed = db_run(w->words, e);
    arena_release(&arena);
    return failed;
}

int text_put(struct text_writer *w, int64_t n, const struct postmortem *pm, const struct oid *blob,
             struct err *e)
{
    return put_document(w, n, pm, blob, e) || put_words(w, n, pm, e) || text_put_facts(w, n, pm, e)
               ? -1
               : 0;
}

int text_list(struct state *out, const struct index *i, const struct oid *tip, struct err *e)
{
    struct state s = {.schema = i->state->schema, .selection = i->state->selection};
    struct selection selection = s.selection;
    if (snapshot_of_commit(&s.files, i->repo, tip, selection_wanted, &selection, e))
        return -1;
    if (corpus_limit(snapshot_count(s.files), e)) {
        snapshot_free(s.files);
        return -1;
    }
    *out = s;
    return 0;
}

/* ---- batches ---- */

/* So many are in memory at a time; what is read of them takes a few times as much. .ci/run has tests
 * built with a tiny number. */
#ifndef READ_AT_ONCE
#define READ_AT_ONCE 2000u
#endif
#define BYTES_AT_ONCE (64u * 1024u * 1024u)

/* Where the batch ends that begins at `from`. */
static int batch_end(size_t *end, const struct text_batches *b, size_t from, struct err *e)
{
    size_t bytes = 0, at = from;
    for (; at < b->n && at - from < READ_AT_ONCE; at++) {
        enum object_kind kind;
        size_t size;
        if (object_size(b->index->repo, &snapshot_file(b->state->files, b->places[at])->id, &kind,
                        &size, e))
            return -1;
        bytes += size <= CAP_DOCUMENT_BYTES ? size : 0;
        if (bytes > BYTES_AT_ONCE && at > from)
            break;
    }
    *end = at;
    return 0;
}

int text_next_batch(struct text_batches *b, struct err *e)
{
    size_t end;
    b->at += b->batch.n;
    corpus_release(&b->batch);
    if (b->at == b->n)
        return 0;
    return batch_end(&end, b, b->at, e) || corpus_load(&b->batch, b->index->repo, b->state,
                                                       b->places + b->at, end - b->at, 0, e)
               ? -1
               : 1;
}

void text_batches_release(struct text_batches *b)
{
    corpus_release(&b->batch);
}

/* ---- all of them ---- */

/* A default id that several documents would share is none (corpus.h). Those whose file has the stem of
 * another are put off until all are read: then it is known which of them state an id. */
struct writing {
    struct index *index;
    struct state state;
    struct text_writer writer;
    VEC(size_t) places, late; /* in state.files */
    struct map stems;         /* stem → how many files have it */
    struct map defaults;      /* stem → how many of `late` */
    size_t done;
    struct err *err;
};

static uintptr_t count_of(const struct map *m, struct slice stem)
{
    return (uintptr_t)map_get(m, stem);
}

static void count(struct map *m, struct slice stem)
{
    map_put(m, stem, (void *)(count_of(m, stem) + 1));
}

static int write_one(struct writing *w, size_t place, struct postmortem *pm, bool late)
{
    const struct snapshot_file *file = snapshot_file(w->state.files, place);
    struct slice stem = path_stem(file->path);
    if (!late && pm->id_from != ID_STATED && count_of(&w->stems, stem) > 1) {
        vec_push(&w->late, place);
        count(&w->defaults, stem);
        return 0;
    }
    if (late)
        pm->id = count_of(&w->defaults, stem) > 1 ? pm->path : stem;
    if (w->index->progress)
        w->index->progress(w->index->progress_ctx, "indexing text", w->done, w->places.n);
    w->done++;
    return text_put(&w->writer, (int64_t)place + 1, pm, &file->id, w->err);
}

static int write_list(struct writing *w, const size_t *places, size_t n, bool late)
{
    struct text_batches b = {.index = w->index, .state = &w->state, .places = places, .n = n};
    int more = 0, failed = 0;
    while (!failed && (more = text_next_batch(&b, w->err)) > 0)
        for (size_t k = 0; k < b.batch.n && !failed; k++)
            failed = write_one(w, places[b.at + k], b.batch.v[k], late);
    text_batches_release(&b);
    return failed || more < 0 ? -1 : 0;
}

static int write_documents(struct writing *w)
{
    for (size_t k = 0; k < snapshot_count(w->state.files); k++) {
        vec_push(&w->places, k);
        count(&w->stems, path_stem(snapshot_file(w->state.files, k)->path));
    }
    if (write_list(w, w->places.v, w->places.n, false))
        return -1;
    return write_list(w, w->late.v, w->late.n, true);
}

int text_write(struct index *i, sqlite3 *db, struct err *e)
{
    struct writing w = {.index = i, .err = e};
    int failed = text_writer_init(&w.writer, db, false, e) || text_list(&w.state, i, &i->tip, e) ||
                 write_documents(&w);
    text_writer_release(&w.writer);
    snapshot_free(w.state.files);
    vec_release(&w.places);
    vec_release(&w.late);
    map_release(&w.stems);
    map_release(&w.defaults);
    return failed ? -1 : 0;
}
