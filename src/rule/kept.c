/* The first findings of many documents, in memory that does not grow with the rest. */
#include "pm/finding.h"

#include "pm/caps.h"

enum { ARENA_SLACK = 64 * 1024 * 1024 };

static struct slice moved(struct arena *to, struct slice s, struct slice from, struct slice copied)
{
    return s.n && s.p == from.p && s.n == from.n ? copied : arena_dup(to, s);
}

/* Leaves behind what was cut. Findings of one document share its path, those of a line the line. */
static void move_strings(struct findings *f)
{
    struct arena to = ARENA_INIT;
    struct finding before = {.line = {NULL, 0}}, copied = before;
    for (size_t i = 0; i < f->n; i++) {
        struct finding own = f->v[i], *v = &f->v[i];
        v->path = moved(&to, own.path, before.path, copied.path);
        v->line = moved(&to, own.line, before.line, copied.line);
        v->missing = arena_dup(&to, own.missing);
        v->about = arena_dup(&to, own.about);
        v->message = arena_dup(&to, own.message);
        v->several = arena_dup(&to, own.several);
        v->hint = arena_dup(&to, own.hint);
        v->fix_text = arena_dup(&to, own.fix_text);
        before = own;
        copied = *v;
    }
    arena_release(&f->arena);
    f->arena = to;
}

void kept_finish(struct kept_findings *k)
{
    findings_sort(&k->list);
    if (k->list.n > CAP_RUN_FINDINGS) {
        k->cut += k->list.n - CAP_RUN_FINDINGS;
        k->list.n = CAP_RUN_FINDINGS;
    }
}

static void shrink(struct kept_findings *k)
{
    kept_finish(k);
    move_strings(&k->list);
    k->full = k->list.n == CAP_RUN_FINDINGS;
    k->bound = k->list.arena.used;
}

void kept_count(struct kept_findings *k, size_t from)
{
    struct findings *f = &k->list;
    for (size_t i = from; i < f->n; i++)
        k->count[f->v[i].level]++;
    if (k->without_infos)
        findings_drop_infos(f, from);
    if (k->full && f->n > from && slice_cmp(f->v[from].path, f->v[CAP_RUN_FINDINGS - 1].path) > 0) {
        k->cut += f->n - from;
        f->n = from;
    }
    if (f->n > 2 * CAP_RUN_FINDINGS || f->arena.used > 2 * k->bound + ARENA_SLACK)
        shrink(k);
}

void kept_take(struct kept_findings *k, struct kept_findings *from)
{
    for (size_t l = 0; l <= LEVEL_ERROR; l++)
        k->count[l] += from->count[l];
    k->cut += from->cut;
    findings_take(&k->list, &from->list);
}
