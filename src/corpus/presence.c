#include "pm/presence.h"

#include <pthread.h>
#include <stdlib.h>

#include "pm/alloc.h"
#include "pm/map.h"

struct presence {
    const struct state *state;
    const struct repo *repo;
    pthread_mutex_t lock; /* guards what follows */
    struct repo *own;     /* a handle of its own; NULL: none yet */
    struct snapshot *whole; /* of an index that is listed in part: all of it; NULL: not yet */
    struct map known;     /* path → &there or &absent */
    bool blind;           /* nothing can be looked up: it is not tried again */
    struct err why; /* something could not be looked up, the first time; empty: all could */
};

static char there, absent;

struct presence *presence_new(const struct state *s, const struct repo *r)
{
    struct presence *p = xcalloc(1, sizeof *p);
    p->state = s;
    p->repo = r;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void presence_free(struct presence *p)
{
    if (!p)
        return;
    pthread_mutex_destroy(&p->lock);
    snapshot_free(p->whole);
    repo_free(p->own);
    map_release(&p->known);
    free(p);
}

static bool no_document(void *ctx, struct slice path, bool folder)
{
    (void)ctx;
    (void)path;
    (void)folder;
    return false;
}

/* An index can only tell of the files that are listed: then all of them are. */
static int open_eyes(struct presence *p, struct err *e)
{
    const struct state *s = p->state;
    if (!p->own && repo_again(&p->own, p->repo, e))
        return -1;
    if (!s->partial || snapshot_kind(s->files) != SNAPSHOT_INDEX || p->whole)
        return 0;
    return snapshot_of_index(&p->whole, p->own, NULL, no_document, NULL, e);
}

static int ask(struct presence *p, struct slice path, struct err *e)
{
    if (!p->blind && open_eyes(p, e))
        p->blind = true;
    return p->blind ? -1 : snapshot_holds(p->whole ? p->whole : p->state->files, p->own, path, e);
}

static bool look_up(struct presence *p, struct slice path)
{
    void *answer = map_get(&p->known, path);
    struct err e = ERR_INIT;
    if (!answer) {
        int held = ask(p, path, &e);
        if (held < 0 && !p->why.text[0])
            p->why = e;
        answer = held ? &there : &absent;
        map_put(&p->known, path, answer);
    }
    return answer == &there;
}

const char *presence_failure(const struct presence *p)
{
    return p->why.text[0] ? p->why.text : NULL;
}

bool presence_has(void *presence, struct slice path)
{
    struct presence *p = presence;
    if (!p->state->files || snapshot_find(p->state->files, path) != SIZE_MAX)
        return true;
    pthread_mutex_lock(&p->lock);
    bool has = look_up(p, path);
    pthread_mutex_unlock(&p->lock);
    return has;
}
