#include "actions_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/vec.h"

const char *const actions_by[] = {"postmortem", "service", "severity", "cause",
                                  "type",       "quarter", "owner",    NULL};

struct tally actions_tally(const struct action_view *v, size_t n)
{
    struct tally t = {.items = n};
    for (size_t i = 0; i < n; i++) {
        t.unresolved += item_unresolved(v[i].state);
        t.overdue += v[i].has_overdue && v[i].overdue_days > 0;
        t.elsewhere += item_unresolved(v[i].state) && v[i].elsewhere;
    }
    return t;
}

struct building {
    VEC(struct group_view) groups;
    struct map by_name; /* name → index in groups, + 1 */
    struct arena *arena;
};

static void add_to(struct building *b, struct slice name, const struct action_view *v)
{
    uintptr_t at = (uintptr_t)map_get(&b->by_name, name);
    if (!at) {
        struct group_view g = {.name = arena_dup(b->arena, name)};
        vec_push(&b->groups, g);
        at = b->groups.n;
        map_put(&b->by_name, name, (void *)at);
    }
    vec_push(&b->groups.v[at - 1], *v);
}

/* The item is in the group of each of the names. */
static void add_to_each(struct building *b, struct slice names, const struct action_view *v)
{
    struct slice name;
    if (!names.n)
        add_to(b, names, v);
    while (slice_split(&names, '\n', &name))
        add_to(b, name, v);
}

static void add_item(struct building *b, const char *by, const struct action_view *v)
{
    struct str quarter = STR_INIT;
    if (strcmp(by, "quarter") == 0 && v->date.year)
        str_addf(&quarter, "%04d-Q%d", (int)v->date.year, ((int)v->date.month + 2) / 3);
    if (strcmp(by, "quarter") == 0)
        add_to(b, str_slice(&quarter), v);
    else if (strcmp(by, "postmortem") == 0)
        add_to(b, v->postmortem, v);
    else if (strcmp(by, "severity") == 0)
        add_to(b, v->severity, v);
    else if (strcmp(by, "type") == 0)
        add_to(b, v->type, v);
    else if (strcmp(by, "owner") == 0)
        add_to_each(b, v->owners, v);
    else if (strcmp(by, "service") == 0)
        add_to_each(b, v->services, v);
    else
        add_to_each(b, v->causes, v);
    str_release(&quarter);
}

/* Never by counts: that would rank people. By name, severities worst first, the nameless last. */
static int by_rank_and_name(const void *x, const void *y)
{
    const struct group_view *a = x, *b = y;
    if (!a->name.n != !b->name.n)
        return a->name.n ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return slice_cmp(a->name, b->name);
}

void actions_group(struct groups_view *out, const char *by, const struct schema *s,
                   const struct rows_view *rows, struct arena *a)
{
    struct building b = {.arena = a};
    const struct field *severity = schema_field(s, SLICE("severity"));
    for (size_t i = 0; i < rows->n; i++)
        add_item(&b, by, &rows->actions[i]);
    for (size_t i = 0; i < b.groups.n; i++) {
        struct group_view *g = &b.groups.v[i];
        bool ranked = strcmp(by, "severity") == 0 && severity && severity->type == FIELD_ENUM;
        g->rank = ranked ? field_value(severity, g->name) : 0;
        g->tally = actions_tally(g->v, g->n);
    }
    if (b.groups.n)
        vec_sort(&b.groups, by_rank_and_name);
    map_release(&b.by_name);
    *out = (struct groups_view){by, b.groups.v, b.groups.n};
}

void actions_groups_release(struct groups_view *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->v[i].v);
    free(g->v);
}
