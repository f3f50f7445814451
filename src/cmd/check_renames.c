/* What a document was under another path: the evidence of the ledger, in its order. */
#include "check_private.h"

#include "pm/caps.h"
#include "pm/similar.h"

enum { HALF = 50, ALL = 100 }; /* percent of the content */

/* What tells of one document which it is. */
struct evidence {
    struct oid blob;
    struct slice id; /* empty: none is stated */
    struct similar *content;
    bool paired;
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

/* How much speaks for two documents being one: 0 to ALL. */
typedef int likeness(const struct evidence *now, const struct evidence *then);

static int same_id(const struct evidence *now, const struct evidence *then)
{
    return now->id.n && slice_eq(now->id, then->id) ? ALL : 0;
}

static int same_bytes(const struct evidence *now, const struct evidence *then)
{
    return oid_eq(&now->blob, &then->blob) ? ALL : 0;
}

static int half_the_same(const struct evidence *now, const struct evidence *then)
{
    int percent = similar_percent(now->content, then->content);
    return percent >= HALF ? percent : 0;
}

static void pair(struct pairing *p, likeness *like)
{
    struct choice *k = p->choice;
    for (size_t i = 0; i < p->fresh.n; i++) {
        size_t best = 0;
        int most = 0;
        for (size_t g = 0; g < k->gone.n && most < ALL && !p->now[i].paired; g++) {
            int much = p->then[g].paired ? 0 : like(&p->now[i], &p->then[g]);
            if (much > most) {
                most = much;
                best = g;
            }
        }
        if (!most)
            continue;
        k->former.v[p->fresh.v[i]] = k->gone.v[best];
        p->now[i].paired = p->then[best].paired = true;
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
        pair(&p, same_id);
        pair(&p, same_bytes);
        if (p.fresh.n <= CAP_RENAME_CANDIDATES && k->gone.n <= CAP_RENAME_CANDIDATES)
            pair(&p, half_the_same);
    }
    pairing_release(&p);
    return failed;
}
