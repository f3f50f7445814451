/* Which document is which. Ids, paths and content are evidence, in this order; where an id and a
 * path disagree, content of at least half at the same path decides. */
#include "ledger_private.h"

#include <stdlib.h>
#include <string.h>

uint32_t map_index(const struct map *m, struct slice key)
{
    uintptr_t value = (uintptr_t)map_get(m, key);

    return value ? (uint32_t)(value - 1) : LEDGER_NONE;
}

void map_index_put(struct map *m, struct slice key, uint32_t index)
{
    map_put(m, key, (void *)((uintptr_t)index + 1));
}

struct ledger_document *plan_document(const struct plan *p, uint32_t index)
{
    return &p->f->l->documents[index];
}

static struct slice stated_id(const struct version *v)
{
    return v->readable ? v->id : slice_from(NULL, 0);
}

/* ---- chains: who has an id, who is gone from a path -------------------------------------------
 */

void document_link_id(struct ledger *l, uint32_t index)
{
    struct ledger_document *d = &l->documents[index];

    d->next_same_id = d->previous_same_id = LEDGER_NONE;
    if (!d->id.n)
        return;
    d->next_same_id = map_index(&l->ids, d->id);
    if (d->next_same_id != LEDGER_NONE)
        l->documents[d->next_same_id].previous_same_id = index;
    map_index_put(&l->ids, d->id, index);
}

/* How many of a chain are asked. Copies of a postmortem under one id are few, and so are the
 * documents that were at one path, but for an attacker's. */
enum { CHAIN = 100 };

static void unlink_id(struct ledger *l, uint32_t index)
{
    struct ledger_document *d = &l->documents[index];

    if (!d->id.n)
        return;
    if (d->next_same_id != LEDGER_NONE)
        l->documents[d->next_same_id].previous_same_id = d->previous_same_id;
    if (d->previous_same_id != LEDGER_NONE)
        l->documents[d->previous_same_id].next_same_id = d->next_same_id;
    else if (d->next_same_id != LEDGER_NONE)
        map_index_put(&l->ids, d->id, d->next_same_id);
    else
        map_remove(&l->ids, d->id);
}

void document_link_gone(struct ledger *l, uint32_t index)
{
    struct ledger_document *d = &l->documents[index];

    d->older_here = map_index(&l->gone, d->path);
    map_index_put(&l->gone, d->path, index);
}

static void unlink_gone(struct ledger *l, uint32_t index)
{
    struct ledger_document *d = &l->documents[index];
    uint32_t at = map_index(&l->gone, d->path);

    if (at == index && d->older_here == LEDGER_NONE) {
        map_remove(&l->gone, d->path);
    } else if (at == index) {
        map_index_put(&l->gone, d->path, d->older_here);
    } else {
        while (l->documents[at].older_here != index)
            at = l->documents[at].older_here;
        l->documents[at].older_here = d->older_here;
    }
}

/* ---- the evidence -----------------------------------------------------------------------------
 */

static void gather(struct plan *p)
{
    const struct ledger_step *step = p->f->step;

    for (size_t i = 0; i < step->nedits; i++) {
        const struct ledger_edit *e = &step->edits[i];
        uint32_t here = map_index(&p->f->l->paths, e->path);
        if (here != LEDGER_NONE)
            vec_push(&p->departures, (struct departure){e, here, false});
        if (e->after)
            vec_push(&p->arrivals, (struct arrival){e, here, LEDGER_NONE});
    }
}

/* Of arrivals and departures: both begin with their edit. */
static int by_path(const void *path, const void *member)
{
    const struct ledger_edit *const *edit = member;

    return slice_cmp(*(const struct slice *)path, (*edit)->path);
}

/* NULL: the step does not edit the document's path. */
static struct departure *departure_of(const struct plan *p, uint32_t index)
{
    struct slice path = plan_document(p, index)->path;
    struct departure *d = p->departures.n ? bsearch(&path, p->departures.v, p->departures.n,
                                                    sizeof *d, by_path)
                                          : NULL;

    return d && d->document == index ? d : NULL;
}

static struct slice index_key(const uint32_t *index)
{
    return slice_from((const char *)index, sizeof *index);
}

void plan_settle(struct plan *p, struct arrival *a, uint32_t index)
{
    struct departure *d = departure_of(p, index);

    a->document = index;
    map_index_put(&p->settled, index_key(&index), (uint32_t)(a - p->arrivals.v));
    if (d)
        d->settled = true;
}

/* Where a document turned out to be; NULL: not known yet. */
static const struct arrival *arrival_of(const struct plan *p, uint32_t index)
{
    uint32_t at = map_index(&p->settled, index_key(&index));

    return at == LEDGER_NONE ? NULL : &p->arrivals.v[at];
}

/* Somebody else has or had this id. */
static bool id_is_known(const struct plan *p, struct slice id, uint32_t but)
{
    uint32_t at = map_index(&p->f->l->ids, id);

    while (at != LEDGER_NONE && at == but)
        at = plan_document(p, at)->next_same_id;
    return at != LEDGER_NONE;
}

static void claim_by_path(struct plan *p)
{
    for (size_t i = 0; i < p->arrivals.n; i++) {
        struct arrival *a = &p->arrivals.v[i];
        if (a->here == LEDGER_NONE)
            continue;
        const struct ledger_document *d = plan_document(p, a->here);
        struct slice id = stated_id(a->edit->after);
        bool agree = !id.n || slice_eq(id, d->id) || (!d->id.n && !id_is_known(p, id, a->here));
        if (agree || fold_likeness(p->f, d->content, a->edit->after) >= RENAME_ALIKE)
            plan_settle(p, a, a->here);
    }
}

/* The document that an id names and that is free to be elsewhere now: of those whose file this step
 * takes away the first holder; else, when nobody in the tree has the id, the last one gone. */
static uint32_t free_holder(const struct plan *p, struct slice id)
{
    const struct ledger_document *docs = p->f->l->documents;
    uint32_t leaving = LEDGER_NONE, gone = LEDGER_NONE;
    uint32_t at = map_index(&p->f->l->ids, id);

    for (size_t n = 0; at != LEDGER_NONE && n < CHAIN; at = docs[at].next_same_id, n++) {
        const struct arrival *now = arrival_of(p, at);
        if (now && now->edit->after->readable && !slice_eq(now->edit->after->id, id))
            continue; /* it has another one now */
        if (now || (docs[at].present && !departure_of(p, at)))
            return LEDGER_NONE;
        uint32_t since = docs[at].id_since;
        if (docs[at].present && (leaving == LEDGER_NONE || since < docs[leaving].id_since))
            leaving = at;
        if (!docs[at].present && (gone == LEDGER_NONE || since > docs[gone].id_since))
            gone = at;
    }
    return leaving != LEDGER_NONE ? leaving : gone;
}

/* Of several files with one id the unchanged copy is the document, else the first by path. */
static void claim_by_id(struct plan *p, bool exact)
{
    for (size_t i = 0; i < p->arrivals.n; i++) {
        struct arrival *a = &p->arrivals.v[i];
        struct slice id = stated_id(a->edit->after);
        if (a->document != LEDGER_NONE || !id.n)
            continue;
        uint32_t holder = free_holder(p, id);
        if (holder != LEDGER_NONE &&
            (!exact || plan_document(p, holder)->content == a->edit->after))
            plan_settle(p, a, holder);
    }
}

/* An id that came to a document without one says nothing against its path. */
static void claim_by_path_after_all(struct plan *p)
{
    for (size_t i = 0; i < p->arrivals.n; i++) {
        struct arrival *a = &p->arrivals.v[i];
        if (a->document != LEDGER_NONE || a->here == LEDGER_NONE)
            continue;
        if (!arrival_of(p, a->here) && !plan_document(p, a->here)->id.n)
            plan_settle(p, a, a->here);
    }
}

/* NULL: the step leaves no file there that it edits. */
static struct arrival *arrival_at(const struct plan *p, struct slice path)
{
    return p->arrivals.n
               ? bsearch(&path, p->arrivals.v, p->arrivals.n, sizeof *p->arrivals.v, by_path)
               : NULL;
}

/* A file renamed on the merged side and rewritten there is still the document. */
static void claim_by_lineage(struct plan *p)
{
    path_list names = VEC_INIT;

    for (size_t i = 0; p->f->nsides && i < p->departures.n; i++) {
        struct departure *d = &p->departures.v[i];
        if (d->settled)
            continue;
        vec_clear(&names);
        vec_push(&names, d->edit->path);
        sides_later_names(p->f, &names);
        struct arrival *to = NULL;
        for (size_t n = 1; n < names.n; n++) {
            struct arrival *a = arrival_at(p, names.v[n]);
            if (a && a->document == LEDGER_NONE && (!to || a < to))
                to = a;
        }
        if (to)
            plan_settle(p, to, d->document);
    }
    vec_release(&names);
}

/* A path that comes back is the document that was there by content only. */
static void claim_by_return(struct plan *p)
{
    for (size_t i = 0; i < p->arrivals.n; i++) {
        struct arrival *a = &p->arrivals.v[i];
        uint32_t best = LEDGER_NONE;
        int most = RENAME_ALIKE - 1;
        if (a->document != LEDGER_NONE)
            continue;
        uint32_t at = map_index(&p->f->l->gone, a->edit->path);
        for (size_t n = 0; at != LEDGER_NONE && n < CHAIN;
             at = plan_document(p, at)->older_here, n++) {
            int percent = fold_likeness(p->f, plan_document(p, at)->content, a->edit->after);
            if (percent > most && !arrival_of(p, at)) {
                best = at;
                most = percent;
            }
        }
        if (best != LEDGER_NONE)
            plan_settle(p, a, best);
    }
}

/* ---- what follows ------------------------------------------------------------------------- */

static void take_id(struct ledger *l, uint32_t index, struct slice id, bool back)
{
    struct ledger_document *d = &l->documents[index];

    if (!slice_eq(d->id, id)) {
        unlink_id(l, index);
        d->id = id.n ? arena_dup(&l->arena, id) : slice_from(NULL, 0);
        document_link_id(l, index);
        back = true;
    }
    if (back && id.n)
        d->id_since = ++l->ids_taken;
}

static uint32_t document_add(struct ledger *l)
{
    l->documents =
        room_for(l->documents, &l->documents_cap, l->ndocuments + 1, sizeof *l->documents);
    l->documents[l->ndocuments] =
        (struct ledger_document){.next_same_id = LEDGER_NONE, .older_here = LEDGER_NONE};
    return (uint32_t)l->ndocuments++;
}

static void leave(struct plan *p, const struct departure *from)
{
    struct ledger_document *d = plan_document(p, from->document);
    struct passage passage = {.document = from->document,
                              .from = d->path,
                              .before = d->version,
                              .gone = true,
                              .left = from->edit->left,
                              .items_before = d->current};

    d->current = NULL;
    d->version = NULL; /* should it come back unreadable, nothing of the past stands */
    d->present = d->readable = false;
    d->updated = p->f->step->landing;
    document_link_gone(p->f->l, from->document);
    vec_push(&p->f->passages, passage);
}

static void arrive(struct plan *p, const struct arrival *a)
{
    struct ledger *l = p->f->l;
    bool known = a->document != LEDGER_NONE;
    uint32_t index = known ? a->document : document_add(l);
    struct ledger_document *d = &l->documents[index];
    bool back = known && !d->present;
    struct passage passage = {.document = index,
                              .from = d->present ? d->path : slice_from(NULL, 0),
                              .before = d->version,
                              .after = a->edit->after->readable ? a->edit->after : NULL,
                              .items_before = d->current};

    if (back)
        unlink_gone(l, index);
    if (!slice_eq(d->path, a->edit->path))
        d->path = arena_dup(&l->arena, a->edit->path);
    passage.to = d->path;
    d->current = NULL;
    d->present = true;
    d->updated = p->f->step->landing;
    if (!known)
        d->created = d->updated;
    d->readable = a->edit->after->readable;
    d->content = a->edit->after;
    if (d->readable)
        take_id(l, index, a->edit->after->id, back);
    map_index_put(&l->paths, d->path, index);
    vec_push(&p->f->passages, passage);
}

void documents_pass(struct fold *f)
{
    struct plan p = {.f = f};

    gather(&p);
    claim_by_path(&p);
    claim_by_id(&p, true);
    claim_by_id(&p, false);
    claim_by_path_after_all(&p);
    claim_by_lineage(&p);
    plan_claim_by_content(&p);
    claim_by_return(&p);
    for (size_t i = 0; i < p.departures.n; i++)
        if (!p.departures.v[i].edit->after) /* else the arrival there takes its place */
            map_remove(&f->l->paths, p.departures.v[i].edit->path);
    for (size_t i = 0; i < p.departures.n; i++)
        if (!p.departures.v[i].settled)
            leave(&p, &p.departures.v[i]);
    for (size_t i = 0; i < p.arrivals.n; i++)
        arrive(&p, &p.arrivals.v[i]);
    map_release(&p.settled);
    vec_release(&p.arrivals);
    vec_release(&p.departures);
}
