/* Merges: what the merged side calls the documents. It may have renamed them, and so may the chain since
 * the two parted. */
#include "ledger_private.h"

#include <stdlib.h>

/* ---- by path ----------------------------------------------------------------------------------
 */

size_t sides_first(const struct fold *f, struct slice path)
{
    size_t low = 0, high = f->nsides;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(f->sides[middle].edit->path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int likeness(void *ctx, const struct rename_file *gone, const struct rename_file *added)
{
    const struct ledger_edit *from = gone->of, *to = added->of;

    return fold_likeness(ctx, from->before, to->after);
}

static void gather_files(const struct ledger_side *side, rename_list *gone, rename_list *added)
{
    for (size_t i = 0; i < side->nedits; i++) {
        const struct ledger_edit *e = &side->edits[i];
        if (e->before && e->after)
            continue;
        const struct version *const *content = e->before ? &e->before : &e->after;
        struct rename_file file = {.path = e->path, .content = content_key(content), .of = e};
        if ((*content)->readable)
            file.id = (*content)->id;
        vec_push(e->before ? gone : added, file);
    }
}

static uint32_t *find_renames(const struct fold *f, const struct ledger_side *side)
{
    rename_list gone = VEC_INIT, added = VEC_INIT;
    uint32_t *other = xcalloc(side->nedits, sizeof *other);

    for (size_t i = 0; i < side->nedits; i++)
        other[i] = LEDGER_NONE;
    gather_files(side, &gone, &added);
    renames_find(&gone, &added, likeness, (void *)(uintptr_t)f);
    for (size_t i = 0; i < gone.n; i++) {
        const struct ledger_edit *from = gone.v[i].of;
        if (gone.v[i].other == RENAME_NONE)
            continue;
        const struct ledger_edit *to = added.v[gone.v[i].other].of;
        other[from - side->edits] = (uint32_t)(to - side->edits);
        other[to - side->edits] = (uint32_t)(from - side->edits);
    }
    vec_release(&gone);
    vec_release(&added);
    return other;
}

const struct ledger_edit *sides_counterpart(const struct fold *f, const struct side_edit *s)
{
    const struct ledger_side *side = &f->step->sides[s->side];
    uint32_t **renames = &f->renames[s->side];

    if (s->edit->before && s->edit->after)
        return NULL;
    if (!*renames)
        *renames = find_renames(f, side);
    uint32_t other = (*renames)[s->edit - side->edits];
    return other == LEDGER_NONE ? NULL : &side->edits[other];
}

static bool has_name(const path_list *names, struct slice name)
{
    for (size_t i = 0; i < names->n; i++)
        if (slice_eq(names->v[i], name))
            return true;
    return false;
}

bool sides_is_at(const struct fold *f, size_t i, struct slice path)
{
    return i < f->nsides && slice_eq(f->sides[i].edit->path, path);
}

/* Appends what the merged side renamed this file to. */
static void add_later_names(const struct fold *f, struct slice path, path_list *names)
{
    for (size_t i = sides_first(f, path); sides_is_at(f, i, path); i++) {
        const struct ledger_edit *e = f->sides[i].edit;
        const struct ledger_edit *to = e->before ? sides_counterpart(f, &f->sides[i]) : NULL;
        if (to && !has_name(names, to->path))
            vec_push(names, to->path);
    }
}

/* Appends what this file was called before the merged side renamed it to this. Once it is taken away
 * there, another one may come. */
static void add_earlier_names(const struct fold *f, struct slice path, path_list *names)
{
    for (size_t i = sides_first(f, path); sides_is_at(f, i, path); i++) {
        const struct ledger_edit *e = f->sides[i].edit;
        const struct ledger_edit *from = e->before ? NULL : sides_counterpart(f, &f->sides[i]);
        if (from && !has_name(names, from->path))
            vec_push(names, from->path);
        if (!e->after && !e->half)
            return;
    }
}

void sides_later_names(const struct fold *f, path_list *names)
{
    for (size_t i = 0; i < names->n; i++)
        add_later_names(f, names->v[i], names);
}

void sides_names(const struct fold *f, const struct passage *p, path_list *names)
{
    if (p->from.n)
        vec_push(names, p->from);
    if (p->known_as.n)
        vec_push(names, p->known_as);
    sides_later_names(f, names);
    if (p->to.n && !has_name(names, p->to))
        vec_push(names, p->to);
    for (size_t i = 0; i < names->n; i++)
        add_earlier_names(f, names->v[i], names);
}

/* ---- what the chain renamed -------------------------------------------------------------------
 */

/* Files that the merged side had from the beginning, and the chain has no more. */
static void gather_orphans(const struct fold *f, const struct map *here, rename_list *out)
{
    for (size_t i = 0; i < f->nsides; i++) {
        const struct ledger_edit *e = f->sides[i].edit;
        if ((i > 0 && sides_is_at(f, i - 1, e->path)) || !e->before || e->half ||
            map_get(here, e->path) || map_index(&f->l->paths, e->path) != LEDGER_NONE)
            continue;
        struct rename_file file = {.path = e->path, .content = content_key(&e->before), .of = e};
        if (e->before->readable)
            file.id = e->before->id;
        vec_push(out, file);
    }
}

/* Documents that the step changes, and the merged side does not know by their names. */
static void gather_unknown(const struct fold *f, rename_list *out)
{
    for (size_t i = 0; i < f->passages.n; i++) {
        const struct passage *p = &f->passages.v[i];
        if (!p->from.n || !p->before || sides_is_at(f, sides_first(f, p->from), p->from))
            continue;
        vec_push(out, (struct rename_file){.path = p->from, .content = content_key(&p->before),
                                           .id = p->before->id, .of = p});
    }
}

static int likeness_before(void *ctx, const struct rename_file *gone,
                           const struct rename_file *added)
{
    const struct ledger_edit *there = gone->of;
    const struct passage *here = added->of;

    return fold_likeness(ctx, there->before, here->before);
}

void sides_find_unknown(struct fold *f)
{
    rename_list orphans = VEC_INIT, unknown = VEC_INIT;
    struct map here = MAP_INIT; /* paths before the step */

    if (!f->nsides)
        return;
    for (size_t i = 0; i < f->passages.n; i++)
        map_put(&here, f->passages.v[i].from, f);
    gather_orphans(f, &here, &orphans);
    if (orphans.n)
        gather_unknown(f, &unknown);
    renames_find(&orphans, &unknown, likeness_before, f);
    for (size_t i = 0; i < unknown.n; i++) {
        const struct passage *p = unknown.v[i].of;
        if (unknown.v[i].other != RENAME_NONE)
            f->passages.v[p - f->passages.v].known_as = orphans.v[unknown.v[i].other].path;
    }
    vec_release(&orphans);
    vec_release(&unknown);
    map_release(&here);
}
