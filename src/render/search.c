#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pm/path.h"
#include "pm/utf8.h"

/* ---- for people ---- */

/* The canonical values of a list fact, joined by blanks; empty when there are none. */
static struct slice joined(const struct postmortem *pm, const char *name, struct str *buffer)
{
    const struct fact *f = postmortem_fact(pm, name);
    str_clear(buffer);
    for (size_t i = 0; f && i < f->nvalues; i++) {
        if (i)
            str_addc(buffer, ' ');
        str_adds(buffer, f->values[i].text);
    }
    return str_slice(buffer);
}

static enum tint severity_tint(const struct postmortem *pm)
{
    size_t severity = postmortem_severity(pm);
    return severity == 0 ? TINT_ERROR : severity == 1 ? TINT_WARNING : TINT_NONE;
}

/* What the id or the date of the same row says already, a title need not say again. */
static struct slice short_title(const struct postmortem *pm)
{
    static const char *const marks[] = {":", ",", "-", "：", "–", "—"};
    struct slice title = pm->title, word, rest;
    struct str date = STR_INIT;
    size_t end = 0, i = 0;
    while (end < title.n && (ascii_is_alnum((unsigned char)title.p[end]) || title.p[end] == '-'))
        end++;
    word = slice_sub(title, 0, end);
    date_format(&date, pm->date);
    bool whole = word.n == pm->id.n || (word.n < pm->id.n &&
                 !ascii_is_alnum((unsigned char)pm->id.p[word.n]));
    bool said = word.n >= 4 && ((slice_istarts(pm->id, word) && whole) ||
                                slice_eq(word, str_slice(&date)));
    str_release(&date);
    if (pm->id.n > title.n && slice_ends(pm->id, title))
        return slice_of(NULL);
    rest = slice_ltrim(slice_sub(title, end, title.n));
    while (said && i < sizeof marks / sizeof *marks && !slice_starts(rest, slice_of(marks[i])))
        i++;
    if (!said || i == sizeof marks / sizeof *marks)
        return title;
    rest = slice_ltrim(slice_sub(rest, strlen(marks[i]), rest.n));
    return rest.n ? rest : title;
}

static void add_row(struct table_text *t, const struct postmortem *pm)
{
    struct str text = STR_INIT;
    table_text_cell(t, TINT_BOLD, pm->id);
    if (pm->date.year)
        date_format(&text, pm->date);
    table_text_cell(t, TINT_NONE, str_slice(&text));
    table_text_cell(t, severity_tint(pm), postmortem_text(pm, "severity"));
    table_text_cell(t, TINT_DIM, slice_of(pm->status == STATUS_DRAFT ? "draft" : ""));
    table_text_cell(t, TINT_NONE, short_title(pm));
    table_text_cell(t, TINT_INFO, joined(pm, "causes", &text));
    str_release(&text);
}

static void print_snippet(struct printer *p, const struct search_row *row)
{
    size_t at = 0;
    str_addz(p->out, "    ");
    for (size_t i = 0; i < row->nmarks; i++) {
        struct span m = row->marks[i];
        printer_text(p, TINT_NONE, slice_sub(row->snippet, at, m.start - at));
        printer_text(p, TINT_MARK, slice_sub(row->snippet, m.start, m.end - m.start));
        at = m.end;
    }
    printer_text(p, TINT_NONE, slice_sub(row->snippet, at, row->snippet.n));
    str_addc(p->out, '\n');
}

static void print_section(struct printer *p, struct slice rest)
{
    struct slice line;
    while (slice_split(&rest, '\n', &line)) {
        line = slice_rtrim(line);
        str_addz(p->out, line.n ? "    " : "");
        printer_text(p, TINT_NONE, line);
        str_addc(p->out, '\n');
    }
}

void render_search_table(struct printer *p, const struct search_row *rows, size_t n)
{
    static const struct column columns[] = {
        {.whole = true}, {0}, {0}, {0}, {.shrink_to = 32, .below = true},
        {.shrink_to = 8, .below = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    struct str snippet = STR_INIT;
    struct printer inner = {&snippet, p->color, p->width};
    for (size_t i = 0; i < n; i++) {
        add_row(t, rows[i].pm);
        str_clear(&snippet);
        if (rows[i].snippet.n)
            print_snippet(&inner, &rows[i]);
        print_section(&inner, rows[i].section);
        table_text_after(t, str_slice(&snippet));
    }
    table_text_print(t, p);
    str_release(&snippet);
    table_text_free(t);
}

void render_path(struct str *out, struct slice path, const struct path_view *how)
{
    struct str relative = STR_INIT, quoted = STR_INIT;
    path_relative(&relative, path, slice_of(how->from));
    if (how->nul)
        str_adds(&quoted, str_slice(&relative));
    else
        path_quote(&quoted, str_slice(&relative));
    if (how->visible)
        utf8_add_visible(out, str_slice(&quoted), false);
    else
        str_adds(out, str_slice(&quoted));
    str_release(&quoted);
    str_release(&relative);
}

void render_search_paths(struct str *out, const struct search_row *rows, size_t n,
                         const struct path_view *how)
{
    for (size_t i = 0; i < n; i++) {
        render_path(out, rows[i].pm->path, how);
        str_addc(out, how->nul ? '\0' : '\n');
    }
}

enum { FACET_VALUES = 12 };

void render_facets_text(struct printer *p, const struct facet_view *v, size_t n)
{
    static const struct column columns[] = {{0}, {.shrink_to = 20, .wrap = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        if (!v[i].n)
            continue;
        struct str values = STR_INIT;
        for (size_t k = 0; k < v[i].n && k < FACET_VALUES; k++)
            str_addf(&values, "%s" SLICE_FMT " %zu", k ? " · " : "", SLICE_ARG(v[i].v[k].value),
                     v[i].v[k].n);
        if (v[i].n > FACET_VALUES)
            str_addf(&values, " · and %zu others", v[i].n - FACET_VALUES);
        table_text_cell(t, TINT_BOLD, slice_of(v[i].name));
        table_text_cell(t, TINT_NONE, str_slice(&values));
        str_release(&values);
    }
    table_text_print(t, p);
    table_text_free(t);
}

/* ---- for programs ---- */

static json_t *json_of_facets(const struct facet_view *v, size_t n)
{
    json_t *j = v ? json_object() : json_null();
    for (size_t i = 0; v && i < n; i++) {
        json_t *values = json_array();
        for (size_t k = 0; k < v[i].n; k++) {
            json_t *value = json_object();
            json_object_set_new(value, "value", json_of_text(v[i].v[k].value));
            json_object_set_new(value, "count", json_integer((json_int_t)v[i].v[k].n));
            json_array_append_new(values, value);
        }
        json_object_set_new(j, v[i].name, values);
    }
    return j;
}

static json_t *nth_postmortem(const void *ctx, size_t i)
{
    return json_of_postmortem((const struct search_row *)ctx + i);
}

void render_search_json(struct str *out, const struct search_row *rows, size_t n,
                        const struct answer_view *answer)
{
    json_t *j = json_answer("search");
    json_object_set_new(j, "query", json_of_query(answer->query));
    json_object_set_new(j, "at", json_of_text(slice_of(answer->at)));
    json_object_set_new(j, "postmortems", json_array());
    json_object_set_new(j, "total", json_integer((json_int_t)answer->total));
    json_object_set_new(j, "facets", json_of_facets(answer->facets, answer->nfacets));
    json_print_list(out, j, "postmortems", n, nth_postmortem, rows);
}

void render_search_jsonl(struct str *out, const struct search_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_print(out, json_of_postmortem(&rows[i]), false);
}
