/* What a document was under another path: the evidence of the ledger, in its order. */
#include "check_private.h"

#include "pm/caps.h"
#include "pm/renames.h"
#include "pm/similar.h"

/* What tells of one document which it is. */
struct evidence {
    struct oid blob;
    struct slice id; /* empty: none is stated */
    struct similar *content;
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

static int likeness(void *ctx, const struct rename_file *gone, const struct rename_file *added)
{
    const struct evidence *then = gone->of, *now = added->of;
    (void)ctx;
    return similar_percent(then->content, now->content);
}

static void add_file(rename_list *out, struct slice path, const struct evidence *e)
{
    struct slice content = slice_from((const char *)e->blob.b, sizeof e->blob.b);
    vec_push(out, (struct rename_file){.path = path, .content = content, .id = e->id, .of = e});
}

/* What was renamed is not gone. */
static void pair(struct pairing *p)
{
    struct choice *k = p->choice;
    rename_list gone = VEC_INIT, added = VEC_INIT;
    size_t kept = 0;
    for (size_t g = 0; g < k->gone.n; g++)
        add_file(&gone, k->gone.v[g].path, &p->then[g]);
    for (size_t i = 0; i < p->fresh.n; i++) {
        size_t place = k->which.v[p->fresh.v[i]];
        add_file(&added, snapshot_file(k->state.files, place)->path, &p->now[i]);
    }
    renames_find(&gone, &added, likeness, NULL);
    for (size_t g = 0; g < gone.n; g++) {
        if (gone.v[g].other == RENAME_NONE)
            k->gone.v[kept++] = k->gone.v[g];
        else
            k->former.v[p->fresh.v[gone.v[g].other]] = k->gone.v[g];
    }
    k->gone.n = kept;
    vec_release(&gone);
    vec_release(&added);
}

static void pairing_release(struct pairing *p, size_t ngone)
{
    for (size_t i = 0; i < p->fresh.n; i++)
        similar_free(p->now[i].content);
    for (size_t g = 0; g < ngone; g++)
        similar_free(p->then[g].content);
    free(p->now);
    free(p->then);
    vec_release(&p->fresh);
    arena_release(&p->arena);
}

int choice_find_renames(struct choice *k, struct repo *r, struct err *e)
{
    struct pairing p = {.choice = k, .repo = r};
    size_t ngone = k->gone.n;
    int failed = 0;
    if (k->which.n > CAP_DOCUMENTS) /* whoever reads them says so */
        return 0;
    for (size_t i = 0; i < k->which.n && ngone; i++)
        if (oid_is_zero(&k->former.v[i].id))
            vec_push(&p.fresh, i);
    p.now = xcalloc(p.fresh.n, sizeof *p.now);
    p.then = xcalloc(ngone, sizeof *p.then);
    for (size_t i = 0; i < p.fresh.n && !failed; i++)
        failed = learn_fresh(&p, i, e);
    for (size_t g = 0; g < ngone && p.fresh.n && !failed; g++)
        failed = learn_gone(&p, g, e);
    if (!failed && p.fresh.n)
        pair(&p);
    pairing_release(&p, ngone);
    return failed;
}
