/* The words and tags of the postmortems of a tip. */
#include "text_rows.h"

/* ---- facts ---- */

static int write_fact(struct text_writer *w, int64_t n, struct slice name, struct slice value,
                      struct err *e)
{
    bind_number(w->fact, 1, n);
    bind_text(w->fact, 2, name);
    bind_text(w->fact, 3, value);
    return db_run(w->fact, e);
}

/* A tag is found by each of its ancestors. */
static int write_tag(struct text_writer *w, int64_t n, struct slice name, struct slice tag,
                     struct err *e)
{
    for (size_t end = 0; end != SIZE_MAX;) {
        end = slice_chr(tag, '/', end ? end + 1 : 0);
        if (write_fact(w, n, name, slice_sub(tag, 0, end), e))
            return -1;
    }
    return 0;
}

/* Tags and enum values: what narrows a search best. */
static int write_facts(struct text_writer *w, int64_t n, const struct postmortem *pm,
                       struct err *e)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        bool tag = f->field && f->field->type == FIELD_TAG;
        if (!tag && !(f->field && f->field->type == FIELD_ENUM))
            continue;
        for (size_t k = 0; k < f->nvalues; k++)
            if (tag ? write_tag(w, n, f->name, f->values[k].text, e)
                    : write_fact(w, n, f->name, f->values[k].text, e))
                return -1;
    }
    return 0;
}

/* ---- documents ---- */

int text_writer_init(struct text_writer *w, sqlite3 *db, struct err *e)
{
    *w = (struct text_writer){0};
    return db_prepare(db, "INSERT INTO documents VALUES (?1, ?2, ?3, ?4)", &w->document, e) ||
                   db_prepare(db,
                              "INSERT INTO words (rowid, title, facts, body) "
                              "VALUES (?1, ?2, ?3, ?4)",
                              &w->words, e) ||
                   db_prepare(db,
                              "INSERT INTO words (words, rowid, title, facts, body) "
                              "VALUES ('delete', ?1, ?2, ?3, ?4)",
                              &w->forget, e) ||
                   db_prepare(db, "INSERT OR IGNORE INTO facts VALUES (?1, ?2, ?3)", &w->fact, e)
               ? -1
               : 0;
}

void text_writer_release(struct text_writer *w)
{
    sqlite3_finalize(w->document);
    sqlite3_finalize(w->words);
    sqlite3_finalize(w->forget);
    sqlite3_finalize(w->fact);
}

int text_words(sqlite3_stmt *s, int64_t n, const struct postmortem *pm, struct err *e)
{
    struct arena arena = ARENA_INIT;
    struct query_texts texts;
    query_texts_of(&texts, pm, &arena);
    bind_number(s, 1, n);
    bind_text(s, 2, texts.title);
    bind_text(s, 3, texts.facts);
    bind_text(s, 4, texts.body);
    int failed = db_run(s, e);
    arena_release(&arena);
    return failed;
}

int text_add(struct text_writer *w, int64_t n, const struct postmortem *pm, struct err *e)
{
    bind_number(w->document, 1, n);
    bind_text(w->document, 2, pm->path);
    bind_text(w->document, 3, pm->id);
    bind_number(w->document, 4, pm->id_from == ID_STATED);
    return db_run(w->document, e) || text_words(w->words, n, pm, e) || write_facts(w, n, pm, e)
               ? -1
               : 0;
}

int text_write(struct index *i, sqlite3 *db, struct err *e)
{
    struct text_writer w;
    struct corpus corpus = {0};
    int failed = text_writer_init(&w, db, e) ||
                 corpus_load(&corpus, i->repo, i->state, NULL, 0, 0, e);
    for (size_t k = 0; !failed && k < corpus.n; k++) {
        if (i->progress)
            i->progress(i->progress_ctx, "indexing text", k, corpus.n);
        failed = text_add(&w, (int64_t)k + 1, corpus.v[k], e);
    }
    corpus_release(&corpus);
    text_writer_release(&w);
    return failed ? -1 : 0;
}
