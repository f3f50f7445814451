#include "pm/json.h"

#include <jansson.h>

/* ---- for people ---- */

static void number_cell(struct table_text *t, size_t n)
{
    struct str text = STR_INIT;
    str_addf(&text, "%zu", n);
    table_text_cell(t, n ? TINT_NONE : TINT_DIM, str_slice(&text));
    str_release(&text);
}

static void add_aliases(struct str *out, const struct tag *tag)
{
    for (size_t i = 0; i < tag->naliases; i++)
        str_addf(out, "%s" SLICE_FMT, i ? ", " : "", SLICE_ARG(tag->aliases[i]));
}

/* What .pm/tags.yaml says of it. */
static void add_meaning(struct str *out, const struct tag *tag)
{
    if (tag->deprecated.n)
        str_addf(out, "deprecated: use " SLICE_FMT, SLICE_ARG(tag->deprecated));
    if (tag->description.n)
        str_addf(out, "%s" SLICE_FMT, out->n ? ". " : "", SLICE_ARG(tag->description));
    if (tag->naliases) {
        str_addz(out, out->n ? " (also: " : "(also: ");
        add_aliases(out, tag);
        str_addc(out, ')');
    }
}

static bool is_root(struct slice name)
{
    return slice_chr(name, '/', 0) == SIZE_MAX;
}

void render_tags_table(struct printer *p, const struct tag_view *v, size_t n)
{
    static const struct column columns[] = {{.title = "tag"},
                                            {.title = "own", .right = true},
                                            {.title = "all", .right = true},
                                            {.title = "open", .right = true},
                                            {.title = "", .shrink_to = 20, .wrap = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        struct str meaning = STR_INIT;
        if (v[i].tag)
            add_meaning(&meaning, v[i].tag);
        table_text_cell(t, is_root(v[i].name) ? TINT_BOLD : TINT_NONE, v[i].name);
        number_cell(t, v[i].own);
        number_cell(t, v[i].all);
        number_cell(t, v[i].open);
        table_text_cell(t, v[i].tag && v[i].tag->deprecated.n ? TINT_WARNING : TINT_DIM,
                        str_slice(&meaning));
        str_release(&meaning);
    }
    table_text_print(t, p);
    table_text_free(t);
}

void render_unknown_tags(struct printer *p, const struct tag_view *v, size_t n)
{
    static const struct column columns[] = {
        {0}, {.right = true}, {.shrink_to = 24}, {.shrink_to = 20, .wrap = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        struct str where = STR_INIT, meant = STR_INIT;
        str_addf(&where, SLICE_FMT ":%u:%u", SLICE_ARG(v[i].path), v[i].place.line,
                 v[i].place.column);
        if (v[i].near)
            str_addf(&meant, "did you mean '" SLICE_FMT "'?", SLICE_ARG(v[i].near->name));
        table_text_cell(t, TINT_ERROR, v[i].name);
        number_cell(t, v[i].own);
        table_text_cell(t, TINT_NONE, str_slice(&where));
        table_text_cell(t, TINT_DIM, str_slice(&meant));
        str_release(&where);
        str_release(&meant);
    }
    table_text_print(t, p);
    table_text_free(t);
}

void render_tag_head(struct printer *p, const struct tag_view *v, const struct year_count *years,
                     size_t nyears)
{
    struct str line = STR_INIT;
    printer_text(p, TINT_BOLD, v->name);
    str_addc(p->out, '\n');
    if (v->tag)
        add_meaning(&line, v->tag);
    if (line.n)
        printer_wrap(p, TINT_DIM, 0, str_slice(&line));
    str_clear(&line);
    str_addf(&line, "%zu postmortem%s", v->all, v->all == 1 ? "" : "s");
    if (v->own != v->all)
        str_addf(&line, " (%zu of it itself)", v->own);
    str_addf(&line, ", %zu unresolved action item%s", v->open, v->open == 1 ? "" : "s");
    for (size_t i = 0; i < nyears; i++) {
        str_addz(&line, i ? ", " : ": ");
        if (years[i].year)
            str_addf(&line, "%zu in %d", years[i].n, years[i].year);
        else
            str_addf(&line, "%zu without a date", years[i].n);
    }
    printer_wrap(p, TINT_NONE, 0, str_slice(&line));
    str_release(&line);
}

/* ---- for programs ---- */

static json_t *json_of_tag(const struct tag_view *v)
{
    static const struct tag none = {0};
    const struct tag *tag = v->tag ? v->tag : &none;
    json_t *j = json_object(), *aliases = json_array();
    for (size_t i = 0; i < tag->naliases; i++)
        json_array_append_new(aliases, json_of_text(tag->aliases[i]));
    json_object_set_new(j, "tag", json_of_text(v->name));
    json_object_set_new(j, "listed", json_boolean(v->tag != NULL));
    json_object_set_new(j, "own", json_integer((json_int_t)v->own));
    json_object_set_new(j, "all", json_integer((json_int_t)v->all));
    json_object_set_new(j, "open", json_integer((json_int_t)v->open));
    json_object_set_new(j, "description", json_of_text(tag->description));
    json_object_set_new(j, "aliases", aliases);
    json_object_set_new(j, "deprecated", json_of_text(tag->deprecated));
    json_object_set_new(j, "near", json_of_text(v->near ? v->near->name : slice_of(NULL)));
    json_object_set_new(j, "path", json_of_text(v->path));
    json_object_set_new(j, "line", v->path.n ? json_integer(v->place.line) : json_null());
    json_object_set_new(j, "column", v->path.n ? json_integer(v->place.column) : json_null());
    return j;
}

void render_tags_json(struct str *out, const struct tag_view *v, size_t n, const struct tags_total *t)
{
    json_t *j = json_answer("tags"), *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_of_tag(&v[i]));
    json_object_set_new(j, "at", json_of_text(slice_of(t->at)));
    json_object_set_new(j, "tags", list);
    json_object_set_new(j, "postmortems", json_integer((json_int_t)t->postmortems));
    json_object_set_new(j, "untagged", json_integer((json_int_t)t->untagged));
    json_print(out, j, true);
}

void render_tags_jsonl(struct str *out, const struct tag_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_print(out, json_of_tag(&v[i]), false);
}
