/* Action items in groups. */
#include "actions_private.h"

#include <jansson.h>
#include <string.h>

#include "pm/json.h"

void render_tally(struct str *out, const struct tally *t)
{
    if (t->unresolved != t->items)
        str_addf(out, "%zu item%s: ", t->items, t->items == 1 ? "" : "s");
    str_addf(out, "%zu unresolved, %zu overdue", t->unresolved, t->overdue);
    if (t->elsewhere)
        str_addf(out, ", %zu tracked elsewhere", t->elsewhere);
}

static void add_name(struct str *out, const struct groups_view *g, const struct group_view *group)
{
    if (group->name.n)
        str_adds(out, group->name);
    else
        str_addf(out, "(no %s)", g->by);
}

/* One table, so that the columns of all groups are the same. */
void render_groups_table(struct printer *p, const struct groups_view *g)
{
    struct table_text *t = actions_table_new();
    struct str name = STR_INIT, head = STR_INIT;
    struct printer inner = {&head, p->color, p->width};
    for (size_t i = 0; i < g->n; i++) {
        str_clear(&name);
        add_name(&name, g, &g->v[i]);
        str_clear(&head);
        str_addc(&head, '\n');
        printer_text(&inner, TINT_BOLD, str_slice(&name));
        str_addz(&head, "  ");
        render_tally(&head, &g->v[i].tally);
        str_addc(&head, '\n');
        table_text_after(t, str_slice(&head));
        actions_table_add(t, g->v[i].v, g->v[i].n, strcmp(g->by, "postmortem") != 0);
    }
    table_text_print(t, p);
    str_release(&head);
    str_release(&name);
    table_text_free(t);
}

void render_groups_markdown(struct str *out, const struct groups_view *g)
{
    struct str name = STR_INIT;
    for (size_t i = 0; i < g->n; i++) {
        str_clear(&name);
        add_name(&name, g, &g->v[i]);
        str_addz(out, i ? "\n### " : "### ");
        markdown_text(out, str_slice(&name));
        str_addz(out, "\n\n");
        render_tally(out, &g->v[i].tally);
        str_addz(out, "\n\n");
        render_actions_markdown(out, g->v[i].v, g->v[i].n);
    }
    str_release(&name);
}

struct json_t *json_of_groups(const struct groups_view *g)
{
    if (!g)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < g->n; i++) {
        const struct group_view *v = &g->v[i];
        json_t *j = json_object(), *refs = json_array();
        for (size_t k = 0; k < v->n; k++)
            json_array_append_new(refs, json_of_text(v->v[k].ref));
        json_object_set_new(j, "name", json_of_text(v->name));
        json_object_set_new(j, "total", json_integer((json_int_t)v->tally.items));
        json_object_set_new(j, "unresolved", json_integer((json_int_t)v->tally.unresolved));
        json_object_set_new(j, "overdue", json_integer((json_int_t)v->tally.overdue));
        json_object_set_new(j, "elsewhere", json_integer((json_int_t)v->tally.elsewhere));
        json_object_set_new(j, "refs", refs);
        json_array_append_new(list, j);
    }
    return list;
}
