#include "pm/finding.h"

#include <stdlib.h>

#include "pm/checker.h"
#include "pm/embed.h"
#include "pm/spell.h"
#include "pm/vec.h"

static const struct {
    const char *name, *summary;
    enum level level;
} rules[] = {
#define X(id, name, level, text) {name, text, LEVEL_##level},
    RULES(X)
#undef X
};

const char *rule_name(enum rule r)
{
    return rules[r].name;
}

enum level rule_default_level(enum rule r)
{
    return rules[r].level;
}

const char *rule_summary(enum rule r)
{
    return rules[r].summary;
}

bool rule_is_private(enum rule r)
{
    return r == RULE_PERSON_AS_CAUSE;
}

bool rule_by_name(struct slice name, enum rule *out)
{
    for (enum rule r = 0; r < RULE_COUNT; r++)
        if (slice_eqz(name, rules[r].name)) {
            *out = r;
            return true;
        }
    return false;
}

bool rule_can_be_waived(enum rule r)
{
    switch (r) {
    case RULE_SECRET:
    case RULE_UNREADABLE_FRONT_MATTER:
    case RULE_TOO_LARGE:
    case RULE_ACTION_DROPPED: /* the document that it would stand in may be gone */
    case RULE_WAIVER_NEEDS_REASON:
    case RULE_WAIVER_EXPIRED:
    case RULE_WAIVER_UNUSED:
    case RULE_SCHEMA:
        return false;
    default:
        return true;
    }
}

bool rule_needs_change(enum rule r)
{
    switch (r) {
    case RULE_ID_CHANGED:
    case RULE_SEVERITY_LOWERED:
    case RULE_TIMES_EDITED:
    case RULE_ACTION_DROPPED:
    case RULE_ACTION_REOPENED:
        return true;
    default:
        return false;
    }
}

bool rule_looks_beyond(enum rule r)
{
    return r == RULE_DUPLICATE_ID || r == RULE_BROKEN_LINK || r == RULE_STALE_DRAFT ||
           rule_needs_change(r);
}

void rule_unknown(struct str *out, struct slice name)
{
    struct spell spell;
    spell_init(&spell, name);
    for (enum rule r = 0; r < RULE_COUNT; r++)
        spell_offer(&spell, slice_of(rule_name(r)));
    str_addf(out, "there is no rule '" SLICE_FMT "'", SLICE_ARG(name));
    if (spell.best.n)
        str_addf(out, ": did you mean '" SLICE_FMT "'?", SLICE_ARG(spell.best));
}

static const char *const level_names[] = {"off", "info", "warning", "error"};

const char *level_name(enum level l)
{
    return level_names[l];
}

bool level_by_name(struct slice name, enum level *out)
{
    for (enum level l = LEVEL_OFF; l <= LEVEL_ERROR; l++)
        if (slice_eqz(name, level_names[l])) {
            *out = l;
            return true;
        }
    return false;
}

const char *rule_page(enum rule r)
{
    struct str name = STR_INIT;
    str_addf(&name, "rule/%s.md", rules[r].name);
    const struct embedded *page = embedded_find(name.p);
    str_release(&name);
    if (!page)
        BUG("rule '%s' has no page", rules[r].name);
    return page->data;
}

/* ---- lists of findings ---- */

static int by_place(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int order = slice_cmp(x->path, y->path);
    if (order)
        return order;
    if (x->start.line != y->start.line)
        return x->start.line < y->start.line ? -1 : 1;
    if (x->start.column != y->start.column)
        return x->start.column < y->start.column ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void findings_sort(struct findings *f)
{
    if (f->n > 1)
        qsort(f->v, f->n, sizeof *f->v, by_place);
}

void findings_take(struct findings *f, struct findings *from)
{
    for (size_t i = 0; i < from->n; i++)
        vec_push(f, from->v[i]);
    arena_take(&f->arena, &from->arena);
    findings_release(from);
}

void findings_drop_infos(struct findings *f, size_t from)
{
    size_t n = from;
    for (size_t i = from; i < f->n; i++)
        if (f->v[i].level != LEVEL_INFO)
            f->v[n++] = f->v[i];
    f->n = n;
}

size_t findings_drop_private(struct findings *f)
{
    size_t n = 0, all = f->n;
    for (size_t i = 0; i < all; i++)
        if (!rule_is_private(f->v[i].rule))
            f->v[n++] = f->v[i];
    f->n = n;
    return all - n;
}

size_t findings_count(const struct findings *f, enum level l)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->v[i].level == l;
    return n;
}

void findings_release(struct findings *f)
{
    free(f->v);
    arena_release(&f->arena);
    *f = (struct findings)FINDINGS_INIT;
}
