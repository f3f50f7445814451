/* workers.h - corpus, private: many pieces of work, shared by threads
 *
 * The calling thread is one of them. A helper that cannot be had (no second handle, no thread) is
 * done without.
 */
#ifndef PM_CORPUS_WORKERS_H
#define PM_CORPUS_WORKERS_H

#include "pm/corpus.h"

/* What a thread has of its own. */
struct worker {
    unsigned number;   /* below CORPUS_THREADS; 0: the calling thread */
    struct repo *repo; /* the caller's, for number 0 */
    struct zones *zones;
};

struct work {
    /* Does the pieces from `from` up to `to`, on any thread. */
    int (*run)(void *ctx, const struct worker *w, size_t from, size_t to, struct err *e);
    void *ctx;
    size_t n;         /* pieces */
    size_t batch;     /* taken at a time, the first first */
    size_t each;      /* so many are worth a thread, which opens the repository once more */
    unsigned threads; /* at most; 0: as many as there are processors */
};

/* -1 with the sentence of the first batch that failed, whichever thread ended first: those before it
 * are done, others may be. */
int work_share(const struct work *work, struct repo *r, struct err *e);

#endif
