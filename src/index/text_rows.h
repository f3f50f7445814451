/* Postmortems as rows of the text's part. */
#ifndef PM_INDEX_TEXT_ROWS_H
#define PM_INDEX_TEXT_ROWS_H

#include "index_private.h"

struct text_writer {
    sqlite3_stmt *document, *words, *forget, *fact;
};

/* On failure it is to be released as well. */
int text_writer_init(struct text_writer *w, sqlite3 *db, struct err *e);
void text_writer_release(struct text_writer *w);

int text_add(struct text_writer *w, int64_t n, const struct postmortem *pm, struct err *e);
/* Runs w->words or w->forget for one postmortem. To forget, FTS5 needs the very words that were
 * added: it does not keep them. */
int text_words(sqlite3_stmt *s, int64_t n, const struct postmortem *pm, struct err *e);

#endif
