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

/* What can tell of any path, as an index can only of those that are listed. NULL: nothing can. */
static const struct snapshot *all_files(struct presence *p)
{
    const struct state *s = p->state;
    if (!s->partial || snapshot_kind(s->files) != SNAPSHOT_INDEX)
        return s->files;
    if (!p->whole)
        snapshot_of_index(&p->whole, p->own, NULL, no_document, NULL, NULL);
    return p->whole;
}

static bool look_up(struct presence *p, struct slice path)
{
    void *answer = map_get(&p->known, path);
    if (!answer && !p->own && repo_again(&p->own, p->repo, NULL))
        return true;
    if (!answer) {
        const struct snapshot *files = all_files(p);
        answer = !files || snapshot_holds(files, p->own, path, NULL) ? &there : &absent;
        map_put(&p->known, path, answer);
    }
    return answer == &there;
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
