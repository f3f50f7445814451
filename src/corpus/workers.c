#include "workers.h"

#include <pthread.h>
#include <unistd.h>

struct sharing {
    const struct work *work;
    pthread_mutex_t lock; /* guards what follows */
    size_t next;
    size_t first;   /* where the first batch that failed begins; SIZE_MAX: none did */
    struct err err; /* its sentence */
};

struct thread {
    struct sharing *sharing;
    struct worker worker;
    pthread_t id;
};

/* The next batch; none at the end, and once a piece has failed. */
static bool take(struct sharing *s, size_t *from, size_t *to)
{
    pthread_mutex_lock(&s->lock);
    size_t left = s->work->n - s->next;
    *from = s->next;
    *to = s->next += left < s->work->batch ? left : s->work->batch;
    bool more = s->first == SIZE_MAX && left > 0;
    pthread_mutex_unlock(&s->lock);
    return more;
}

static void fail(struct sharing *s, size_t from, const struct err *e)
{
    pthread_mutex_lock(&s->lock);
    if (from < s->first) {
        s->first = from;
        s->err = *e;
    }
    pthread_mutex_unlock(&s->lock);
}

static void *run(void *arg)
{
    struct thread *t = arg;
    struct sharing *s = t->sharing;
    struct err e = ERR_INIT;
    size_t from, to;
    while (take(s, &from, &to))
        if (s->work->run(s->work->ctx, &t->worker, from, to, &e) != 0)
            fail(s, from, &e);
    return NULL;
}

static bool start(struct thread *t, struct sharing *s, unsigned number, struct repo *r)
{
    *t = (struct thread){.sharing = s, .worker = {.number = number}};
    if (repo_again(&t->worker.repo, r, NULL) != 0)
        return false;
    t->worker.zones = zones_new();
    if (pthread_create(&t->id, NULL, run, t) == 0)
        return true;
    zones_free(t->worker.zones);
    repo_free(t->worker.repo);
    return false;
}

static unsigned thread_count(const struct work *w)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = w->threads ? w->threads : processors > 0 ? (size_t)processors : 1;
    size_t worthwhile = 1 + w->n / w->each;
    if (n > worthwhile)
        n = worthwhile;
    return (unsigned)(n > CORPUS_THREADS ? CORPUS_THREADS : n);
}

int work_share(const struct work *work, struct repo *r, struct err *e)
{
    struct sharing s = {.work = work, .first = SIZE_MAX};
    struct thread helpers[CORPUS_THREADS];
    struct thread own = {.sharing = &s, .worker = {0, r, zones_new()}};
    unsigned wanted = thread_count(work) - 1, started = 0;
    pthread_mutex_init(&s.lock, NULL);
    while (started < wanted && start(&helpers[started], &s, started + 1, r))
        started++;
    run(&own);
    zones_free(own.worker.zones);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(helpers[i].id, NULL);
        zones_free(helpers[i].worker.zones);
        repo_free(helpers[i].worker.repo);
    }
    pthread_mutex_destroy(&s.lock);
    if (s.first == SIZE_MAX)
        return 0;
    if (e)
        *e = s.err;
    return -1;
}
