/* What a document was under another path: the evidence of the ledger, in its order. */
#include "check_private.h"

#include "pm/caps.h"
#include "pm/map.h"
#include "pm/similar.h"

enum { HALF = 50, ALL = 100 }; /* percent of the content */

/* What tells of one document which it is. */
struct evidence {
    struct oid blob;
    struct slice id; /* empty: none is stated */
    struct similar *content;
    bool paired;
    struct evidence *next; /* of what is gone: another one that is the same */
};

struct pairing {
    struct choice *choice;
    struct repo *repo;
    struct arena arena;
    VEC(size_t) fresh;           /* indices into choice->which: documents that were not there */
    struct evidence *now, *then; /* by index in fresh, and in choice->gone */
};

static int learn(struct pairing *p, struct evidence *out, struct str *bytes, struct err *e)
{
    struct reader reader = {.schema = p->choice->state.schema};
    size_t n;
    if (similar_of(&out->content, str_slice(bytes), e))
        return -1;
    oid_of_blob(str_slice(bytes), &out->blob);
    char *text = str_detach(bytes, &n);
    struct postmortem *pm = postmortem_read(&reader, text, n, SLICE(""));
    if (pm->id_from == ID_STATED)
        out->id = arena_dup(&p->arena, pm->id);
    postmortem_free(pm);
    return 0;
}

/* One that is too large is known by nothing. */
static int learn_fresh(struct pairing *p, size_t i, struct err *e)
{
    struct str bytes = STR_INIT;
    bool large = false;
    int failed = snapshot_read(p->choice->state.files, p->repo, p->choice->which.v[p->fresh.v[i]],
                               CAP_DOCUMENT_BYTES, &bytes, &large, e);
    if (!failed)
        failed = learn(p, &p->now[i], &bytes, e);
    str_release(&bytes);
    return failed;
}

static int learn_gone(struct pairing *p, size_t i, struct err *e)
{
    const struct oid *id = &p->choice->gone.v[i].id;
    struct str bytes = STR_INIT;
    struct object blob;
    size_t size;
    if (object_size(p->repo, id, NULL, &size, e))
        return -1;
    if (size <= CAP_DOCUMENT_BYTES) {
        if (object_read(p->repo, id, OBJECT_BLOB, &blob, e))
            return -1;
        str_adds(&bytes, blob.data);
        object_release(&blob);
    }
    int failed = learn(p, &p->then[i], &bytes, e);
    p->then[i].blob = *id;
    str_release(&bytes);
    return failed;
}

static void make_pair(struct pairing *p, size_t fresh, struct evidence *then)
{
    struct choice *k = p->choice;
    k->former.v[p->fresh.v[fresh]] = k->gone.v[then - p->then];
    p->now[fresh].paired = then->paired = true;
}

/* By what two documents are known to be one; empty: by nothing. */
typedef struct slice evidence_key(const struct evidence *e);

static struct slice by_id(const struct evidence *e)
{
    return e->id;
}

static struct slice by_bytes(const struct evidence *e)
{
    return slice_from((const char *)e->blob.b, sizeof e->blob.b);
}

/* Takes the first of those that are gone and the same. */
static void pair_same(struct pairing *p, evidence_key *key_of)
{
    struct map first = MAP_INIT;
    for (size_t g = p->choice->gone.n; g-- > 0;) {
        struct evidence *then = &p->then[g];
        struct slice key = key_of(then);
        if (then->paired || !key.n)
            continue;
        then->next = map_get(&first, key);
        map_put(&first, key, then);
    }
    for (size_t i = 0; i < p->fresh.n; i++) {
        struct slice key = key_of(&p->now[i]);
        struct evidence *then = p->now[i].paired ? NULL : map_get(&first, key);
        if (!then)
            continue;
        make_pair(p, i, then);
        if (then->next)
            map_put(&first, key, then->next);
        else
            map_remove(&first, key);
    }
    map_release(&first);
}

/* Takes the one that is most alike, of those of which half is the same. */
static void pair_alike(struct pairing *p)
{
    for (size_t i = 0; i < p->fresh.n; i++) {
        struct evidence *best = NULL;
        int most = HALF - 1;
        for (size_t g = 0; g < p->choice->gone.n && most < ALL && !p->now[i].paired; g++) {
            struct evidence *then = &p->then[g];
            int much = then->paired ? 0 : similar_percent(p->now[i].content, then->content);
            if (much > most) {
                most = much;
                best = then;
            }
        }
        if (best)
            make_pair(p, i, best);
    }
}

static void pairing_release(struct pairing *p)
{
    size_t kept = 0, ngone = p->choice->gone.n;
    for (size_t i = 0; i < p->fresh.n; i++)
        similar_free(p->now[i].content);
    for (size_t g = 0; g < ngone; g++) {
        if (!p->then[g].paired)
            p->choice->gone.v[kept++] = p->choice->gone.v[g];
        similar_free(p->then[g].content);
    }
    p->choice->gone.n = kept;
    free(p->now);
    free(p->then);
    vec_release(&p->fresh);
    arena_release(&p->arena);
}

int choice_find_renames(struct choice *k, struct repo *r, struct err *e)
{
    struct pairing p = {.choice = k, .repo = r};
    int failed = 0;
    if (k->which.n > CAP_DOCUMENTS) /* whoever reads them says so */
        return 0;
    for (size_t i = 0; i < k->which.n && k->gone.n; i++)
        if (oid_is_zero(&k->former.v[i].id))
            vec_push(&p.fresh, i);
    p.now = xcalloc(p.fresh.n + 1, sizeof *p.now);
    p.then = xcalloc(k->gone.n + 1, sizeof *p.then);
    for (size_t i = 0; i < p.fresh.n && !failed; i++)
        failed = learn_fresh(&p, i, e);
    for (size_t g = 0; g < k->gone.n && p.fresh.n && !failed; g++)
        failed = learn_gone(&p, g, e);
    if (!failed && p.fresh.n) {
        pair_same(&p, by_id);
        pair_same(&p, by_bytes);
        if (p.fresh.n <= CAP_RENAME_CANDIDATES && k->gone.n <= CAP_RENAME_CANDIDATES)
            pair_alike(&p);
    }
    pairing_release(&p);
    return failed;
}
