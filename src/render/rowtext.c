#include "pm/rowtext.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/json.h"
#include "pm/spell.h"
#include "pm/utf8.h"
#include "pm/vec.h"

const char *const action_fields[] = {
    "ref", "postmortem", "path", "line", "text", "state", "reason", "owner", "owners", "due",
    "type", "priority", "tracker", "links", "opened", "opened.at", "opened.commit",
    "opened.author", "opened.email", "closed", "closed.at", "closed.commit", "closed.author",
    "closed.email", "age_days", "overdue_days", "slips", "slipped_days", "severity", "services",
    "causes", NULL};

const char *const postmortem_fields[] = {
    "id", "path", "title", "status", "date", "severity", "started", "detected", "mitigated",
    "resolved", "services", "criteria", "causes", "contributing_factors", "authors", "ttd", "ttm",
    "ttr", "duration", "snippet", "section", NULL};

/* The columns of CSV and TSV. */
static const char *const action_columns[] = {
    "ref", "postmortem", "path", "line", "text", "state", "reason", "owners", "due", "type",
    "priority", "tracker", "links", "opened", "closed", "age_days", "overdue_days", "slips",
    "slipped_days", "severity", "services", "causes", NULL};

static const char *const postmortem_columns[] = {
    "id", "path", "title", "status", "date", "severity", "started", "detected", "mitigated",
    "resolved", "ttd", "ttm", "ttr", "services", "criteria", "causes", "contributing_factors",
    "authors", NULL};

/* ---- values ---- */

static json_t *row_of(const struct rows_view *rows, size_t i)
{
    if (!rows->actions)
        return json_of_postmortem(&rows->postmortems[i]);
    const struct action_view *v = &rows->actions[i];
    json_t *j = json_of_action(v);
    json_object_set_new(j, "severity", json_of_text(v->severity));
    json_object_set_new(j, "services", json_of_lines(v->services));
    json_object_set_new(j, "causes", json_of_lines(v->causes));
    return j;
}

static const json_t *value_at(const json_t *row, const char *name)
{
    const json_t *value = json_object_get(row, name);
    const char *dot = strchr(name, '.');
    if (value || !dot)
        return value;
    char *first = xstrndup(name, (size_t)(dot - name));
    value = json_object_get(json_object_get(row, first), dot + 1);
    free(first);
    return value;
}

static void add_value(struct str *out, const json_t *value)
{
    const json_t *part;
    size_t i;
    if (json_is_string(value))
        str_add(out, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        str_addf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        str_addf(out, "%.15g", json_real_value(value));
    else if (json_is_object(value))
        add_value(out, json_object_get(value, "at"));
    json_array_foreach(value, i, part) {
        str_addz(out, i ? ", " : "");
        add_value(out, part);
    }
}

static void add_shown(struct str *out, struct slice text, bool visible)
{
    if (visible)
        utf8_add_visible(out, text, true);
    else
        str_adds(out, text);
}

/* ---- templates ---- */

struct part {
    struct slice text; /* as it is, or the name of a field */
    bool field;
};

struct template {
    VEC(struct part) parts;
    struct arena arena;
};

static int refuse(struct slice name, const char *const *fields, struct err *e)
{
    struct spell spell;
    spell_init(&spell, name);
    for (size_t i = 0; fields[i]; i++)
        spell_offer(&spell, slice_of(fields[i]));
    if (spell.best.n)
        return err_usage(e, "there is no field '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                         SLICE_ARG(name), SLICE_ARG(spell.best));
    return err_usage(e, "there is no field '" SLICE_FMT "': they are called as in --format json",
                     SLICE_ARG(name));
}

static bool is_field(struct slice name, const char *const *fields)
{
    for (size_t i = 0; fields[i]; i++)
        if (slice_eqz(name, fields[i]))
            return true;
    return fields == postmortem_fields && slice_starts(name, SLICE("facts.")) &&
           name.n > strlen("facts.");
}

static void add_part(struct template *t, struct slice text, bool field)
{
    struct part part = {arena_dup(&t->arena, text), field};
    vec_push(&t->parts, part);
}

static int hex_value(struct slice s, size_t at)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = NULL;
    if (at < s.n && s.p[at])
        found = strchr(digits, ascii_lower((unsigned char)s.p[at]));
    return found ? (int)(found - digits) : -1;
}

/* Takes what a '%' begins off the front of *rest. */
static int take_placeholder(struct template *t, struct slice *rest, const char *const *fields,
                            struct err *e)
{
    struct slice s = *rest;
    size_t end = slice_chr(s, ')', 0);
    int high = hex_value(s, 1), low = hex_value(s, 2);
    if (s.n > 1 && s.p[1] == '%') {
        add_part(t, slice_sub(s, 0, 1), false);
        *rest = slice_sub(s, 2, s.n);
    } else if (high >= 0 && low >= 0) {
        char byte = (char)(high * 16 + low);
        add_part(t, slice_from(&byte, 1), false);
        *rest = slice_sub(s, 3, s.n);
    } else if (s.n > 1 && s.p[1] == '(' && end != SIZE_MAX) {
        struct slice name = slice_sub(s, 2, end - 2);
        if (!is_field(name, fields))
            return refuse(name, fields, e);
        add_part(t, name, true);
        *rest = slice_sub(s, end + 1, s.n);
    } else {
        return err_usage(e, "a '%%' in a format begins %%(FIELD), %%%% or two hexadecimal digits");
    }
    return 0;
}

int template_parse(struct template **out, const char *text, const char *const *fields,
                   struct err *e)
{
    struct template *t = xcalloc(1, sizeof *t);
    struct slice rest = slice_of(text);
    int failed = 0;
    while (rest.n && !failed) {
        size_t sign = slice_chr(rest, '%', 0);
        if (sign == 0) {
            failed = take_placeholder(t, &rest, fields, e);
            continue;
        }
        add_part(t, slice_sub(rest, 0, sign), false);
        rest = slice_sub(rest, sign == SIZE_MAX ? rest.n : sign, rest.n);
    }
    if (failed)
        template_free(t);
    else
        *out = t;
    return failed;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    vec_release(&t->parts);
    arena_release(&t->arena);
    free(t);
}

bool template_has_facts(const struct template *t)
{
    for (size_t i = 0; i < t->parts.n; i++) {
        struct slice name = t->parts.v[i].text;
        if (t->parts.v[i].field && (slice_eqz(name, "severity") || slice_eqz(name, "services") ||
                                    slice_eqz(name, "causes")))
            return true;
    }
    return false;
}

void render_template(struct str *out, const struct template *t, const struct rows_view *rows,
                     char end, bool visible)
{
    struct str value = STR_INIT;
    for (size_t i = 0; i < rows->n; i++) {
        json_t *row = row_of(rows, i);
        for (size_t k = 0; k < t->parts.n; k++) {
            str_clear(&value);
            if (t->parts.v[k].field) {
                str_adds(&value, t->parts.v[k].text);
                const json_t *found = value_at(row, value.p);
                str_clear(&value);
                add_value(&value, found);
            } else {
                str_adds(&value, t->parts.v[k].text);
            }
            add_shown(out, str_slice(&value), visible);
        }
        str_addc(out, end);
        json_decref(row);
    }
    str_release(&value);
}

/* ---- CSV, TSV ---- */

static bool needs_quotes(struct slice text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ',' || text.p[i] == '"' || text.p[i] == '\r' || text.p[i] == '\n')
            return true;
    return false;
}

static void add_quoted(struct str *out, struct slice text)
{
    str_addc(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            str_addc(out, '"');
        str_addc(out, text.p[i]);
    }
    str_addc(out, '"');
}

static void add_unbroken(struct str *out, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool breaks = text.p[i] == '\t' || text.p[i] == '\r' || text.p[i] == '\n';
        str_addc(out, breaks ? ' ' : text.p[i]);
    }
}

/* A number may be negative; a text that begins so is a formula to a spreadsheet (CWE-1236). */
static void add_cell(struct str *out, enum separated how, const json_t *value, bool visible)
{
    struct str text = STR_INIT, cell = STR_INIT;
    add_value(&text, value);
    if (text.n && text.p[0] && strchr("=+-@\t\r", text.p[0]) && !json_is_number(value))
        str_addc(&cell, '\'');
    add_shown(&cell, str_slice(&text), visible);
    if (how == SEPARATED_TSV)
        add_unbroken(out, str_slice(&cell));
    else if (needs_quotes(str_slice(&cell)))
        add_quoted(out, str_slice(&cell));
    else
        str_adds(out, str_slice(&cell));
    str_release(&text);
    str_release(&cell);
}

void render_separated(struct str *out, enum separated how, const struct rows_view *rows,
                      bool visible)
{
    const char *const *columns = rows->actions ? action_columns : postmortem_columns;
    const char *end = how == SEPARATED_CSV ? "\r\n" : "\n";
    char separator = how == SEPARATED_CSV ? ',' : '\t';
    for (size_t c = 0; columns[c]; c++)
        str_addf(out, "%.*s%s", c ? 1 : 0, &separator, columns[c]);
    str_addz(out, end);
    for (size_t i = 0; i < rows->n; i++) {
        json_t *row = row_of(rows, i);
        for (size_t c = 0; columns[c]; c++) {
            if (c)
                str_addc(out, separator);
            add_cell(out, how, value_at(row, columns[c]), visible);
        }
        str_addz(out, end);
        json_decref(row);
    }
}
