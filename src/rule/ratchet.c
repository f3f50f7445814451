/* Findings that stood there before a change, told by what they are about. */
#include "report.h"

#include <stdlib.h>

#include "pm/match.h"
#include "pm/utf8.h"

/* A finding as far as it is known again. */
struct known {
    enum rule rule;
    struct slice about; /* folded */
    size_t item;        /* the action item; 0: none */
    size_t index;       /* in its list; SIZE_MAX: in none */
    bool paired;
};

struct known_list {
    struct arena arena;
    VEC(struct known) list;
};

struct slice folded_about(struct arena *a, struct slice text)
{
    struct str words = STR_INIT, out = STR_INIT;
    for (size_t i = 0; i < text.n; i++) {
        bool blank = ascii_is_space((unsigned char)text.p[i]);
        if (!blank)
            str_addc(&words, text.p[i]);
        else if (words.n && words.p[words.n - 1] != ' ')
            str_addc(&words, ' ');
    }
    utf8_fold(&out, slice_rtrim(str_slice(&words)));
    struct slice copy = arena_dup(a, str_slice(&out));
    str_release(&words);
    str_release(&out);
    return copy;
}

static void add_known(struct known_list *k, enum rule rule, struct slice about, size_t item,
                      size_t index)
{
    vec_push(&k->list, (struct known){rule, folded_about(&k->arena, about), item, index, false});
}

/* Without front matter no field is reported of its own: whoever adds some of them adds no error. */
static void add_absent_fields(struct known_list *k, const struct finding *f)
{
    struct slice rest = f->missing, name;
    while (slice_split(&rest, ',', &name))
        add_known(k, RULE_MISSING_FIELD, slice_trim(name), 0, SIZE_MAX);
}

static int by_rule_and_text(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    int order = slice_cmp(x->about, y->about);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool same(const struct known *a, const struct known *b)
{
    return a->rule == b->rule && slice_eq(a->about, b->about);
}

/* Pairs what both have, each of them once. Both are sorted. */
static void pair_same(struct known_list *now, struct known_list *then)
{
    for (size_t i = 0, k = 0; i < now->list.n && k < then->list.n;) {
        struct known *a = &now->list.v[i], *b = &then->list.v[k];
        if (same(a, b)) {
            a->paired = b->paired = true;
            i++;
            k++;
        } else if (by_rule_and_text(a, b) < 0) {
            i++;
        } else {
            k++;
        }
    }
}

static bool has_unpaired_items(const struct known_list *k)
{
    for (size_t i = 0; i < k->list.n; i++)
        if (k->list.v[i].item && !k->list.v[i].paired)
            return true;
    return false;
}

/* Whoever mends the spelling of a promise does not answer for what it lacks. */
static void pair_reworded(struct known_list *now, const struct postmortem *pm,
                          struct known_list *then, const struct postmortem *before)
{
    if (!has_unpaired_items(now) || !has_unpaired_items(then))
        return;
    struct version *old = version_of(before), *new = version_of(pm);
    uint32_t *to = xcalloc(old->nitems + 1, sizeof *to);
    match_items(old, new, to);
    for (size_t i = 0; i < then->list.n; i++) {
        struct known *b = &then->list.v[i];
        if (b->paired || !b->item || b->item > old->nitems || to[b->item - 1] == MATCH_NONE)
            continue;
        for (size_t k = 0; k < now->list.n && !b->paired; k++) {
            struct known *a = &now->list.v[k];
            if (!a->paired && a->rule == b->rule && a->item == (size_t)to[b->item - 1] + 1)
                a->paired = b->paired = true;
        }
    }
    free(to);
    version_free(old);
    version_free(new);
}

/* Leaves out those that are paired. */
static void take_out(const struct judged *after, const struct known_list *now, size_t *counts)
{
    struct findings *f = after->findings;
    bool *inherited = xcalloc(f->n + 1, sizeof *inherited);
    size_t kept = after->first;
    for (size_t i = 0; i < now->list.n; i++)
        inherited[now->list.v[i].index] = now->list.v[i].paired;
    for (size_t i = after->first; i < f->n; i++)
        if (inherited[i])
            counts[f->v[i].level]++;
        else
            f->v[kept++] = f->v[i];
    f->n = kept;
    free(inherited);
}

void ratchet(const struct judged *after, const struct judged *before, size_t *counts)
{
    struct known_list now = {.list = VEC_INIT}, then = now;
    for (size_t i = after->first; i < after->findings->n; i++) {
        const struct finding *f = &after->findings->v[i];
        add_known(&now, f->rule, f->about, f->item, i);
    }
    for (size_t i = before->first; i < before->findings->n; i++) {
        const struct finding *f = &before->findings->v[i];
        add_known(&then, f->rule, f->about, f->item, i);
        if (f->absence == ABSENT_FRONT_MATTER)
            add_absent_fields(&then, f);
    }
    vec_sort(&now.list, by_rule_and_text);
    vec_sort(&then.list, by_rule_and_text);
    pair_same(&now, &then);
    pair_reworded(&now, after->pm, &then, before->pm);
    take_out(after, &now, counts);
    vec_release(&now.list);
    arena_release(&now.arena);
    vec_release(&then.list);
    arena_release(&then.arena);
}
