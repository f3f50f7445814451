/* Findings that stood there before a change, told by what they are about. */
#include "report.h"

#include <stdlib.h>

#include "pm/utf8.h"

/* A finding as far as it is known again. */
struct known {
    enum rule rule;
    struct slice about; /* folded */
    size_t index;       /* in its list; SIZE_MAX: in none */
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

static void add_known(struct known_list *k, enum rule rule, struct slice about, size_t index)
{
    vec_push(&k->list, (struct known){rule, folded_about(&k->arena, about), index});
}

/* Without front matter no field is reported of its own: whoever adds some of them adds no error. */
static void add_absent_fields(struct known_list *k, const struct finding *f)
{
    struct slice rest = f->missing, name;
    while (slice_split(&rest, ',', &name))
        add_known(k, RULE_MISSING_FIELD, slice_trim(name), SIZE_MAX);
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

/* Marks the findings of `now` that `then` has too, each of them once. Both are sorted. */
static void pair(const struct known_list *now, const struct known_list *then, bool *inherited)
{
    for (size_t i = 0, k = 0; i < now->list.n && k < then->list.n;) {
        const struct known *a = &now->list.v[i], *b = &then->list.v[k];
        if (same(a, b)) {
            inherited[a->index] = true;
            i++;
            k++;
        } else if (by_rule_and_text(a, b) < 0) {
            i++;
        } else {
            k++;
        }
    }
}

void ratchet(struct findings *after, size_t first, const struct findings *before, size_t *counts)
{
    struct known_list now = {.list = VEC_INIT}, then = now;
    bool *inherited = xcalloc(after->n + 1, sizeof *inherited);
    size_t kept = first;
    for (size_t i = first; i < after->n; i++)
        add_known(&now, after->v[i].rule, after->v[i].about, i);
    for (size_t i = 0; i < before->n; i++) {
        add_known(&then, before->v[i].rule, before->v[i].about, i);
        if (before->v[i].absence == ABSENT_FRONT_MATTER)
            add_absent_fields(&then, &before->v[i]);
    }
    vec_sort(&now.list, by_rule_and_text);
    vec_sort(&then.list, by_rule_and_text);
    pair(&now, &then, inherited);
    for (size_t i = first; i < after->n; i++)
        if (inherited[i])
            counts[after->v[i].level]++;
        else
            after->v[kept++] = after->v[i];
    after->n = kept;
    free(inherited);
    vec_release(&now.list);
    arena_release(&now.arena);
    vec_release(&then.list);
    arena_release(&then.arena);
}
