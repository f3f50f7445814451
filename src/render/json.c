#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "pm/utf8.h"

void json_start(void)
{
    json_set_alloc_funcs(xmalloc, free);
}

struct json_t *json_of_text(struct slice s)
{
    struct str clean = STR_INIT;
    if (!s.n)
        return json_null();
    utf8_add_clean(&clean, s);
    json_t *j = json_stringn(clean.p, clean.n);
    str_release(&clean);
    return j ? j : json_null();
}

struct json_t *json_of_query(struct slice s)
{
    return s.n ? json_of_text(s) : json_string("");
}

struct json_t *json_of_lines(struct slice lines)
{
    json_t *list = json_array();
    struct slice line;
    while (slice_split(&lines, '\n', &line))
        json_array_append_new(list, json_of_text(line));
    return list;
}

struct json_t *json_of_date(struct date d)
{
    struct str text = STR_INIT;
    if (!d.year)
        return json_null();
    date_format(&text, d);
    json_t *j = json_of_text(str_slice(&text));
    str_release(&text);
    return j;
}

static json_t *json_of_time(int64_t t)
{
    struct str text = STR_INIT;
    time_format_utc(&text, t);
    json_t *j = json_of_text(str_slice(&text));
    str_release(&text);
    return j;
}

struct json_t *json_of_moment(const struct moment_view *m)
{
    if (!m->known)
        return json_null();
    json_t *j = json_object();
    json_object_set_new(j, "commit", json_string(m->commit));
    json_object_set_new(j, "at", json_of_time(m->at));
    json_object_set_new(j, "author", json_of_text(m->author));
    json_object_set_new(j, "email", json_of_text(m->email));
    return j;
}

struct json_t *json_answer(const char *kind)
{
    json_t *j = json_object();
    json_object_set_new(j, "format", json_string("pm/1"));
    json_object_set_new(j, "kind", json_string(kind));
    return j;
}

/* What a terminal may obey and JSON does not have to escape. Outside of its strings JSON is ASCII,
 * so an escape is always in place. */
static void add_escaped(struct str *out, struct slice text)
{
    for (size_t i = 0; i < text.n;) {
        size_t start = i;
        uint32_t cp = utf8_next(text, &i);
        if (cp > '~' && utf8_is_control(cp))
            str_addf(out, "\\u%04x", (unsigned)cp);
        else
            str_adds(out, slice_sub(text, start, i - start));
    }
}

void json_print(struct str *out, struct json_t *j, bool indented)
{
    char *text = json_dumps(j, (indented ? JSON_INDENT(2) : JSON_COMPACT) |
                                   JSON_REAL_PRECISION(15));
    if (!text)
        BUG("jansson cannot print what it was given");
    add_escaped(out, slice_of(text));
    str_addc(out, '\n');
    free(text);
    json_decref(j);
}

/* On lines of their own behind so many blanks, without the last line end. */
static void add_indented(struct str *out, json_t *j, size_t blanks)
{
    struct str text = STR_INIT;
    json_print(&text, j, true);
    struct slice rest = str_slice(&text), line;
    while (slice_split(&rest, '\n', &line)) {
        str_addc(out, '\n');
        str_pad(out, ' ', blanks);
        str_adds(out, line);
    }
    str_release(&text);
}

/* A quote inside of a string is escaped: the key with its quotes stands nowhere but as a key. */
void json_print_list(struct str *out, struct json_t *around, const char *key, size_t n,
                     json_item *item, const void *ctx)
{
    struct str text = STR_INIT, list = STR_INIT;
    json_print(&text, around, true);
    str_addf(&list, "\"%s\": []", key);
    size_t at = slice_find(str_slice(&text), str_slice(&list), 0), blanks = 0;
    if (at == SIZE_MAX)
        BUG("no empty list '%s' to fill", key);
    while (text.p[at - blanks - 1] == ' ')
        blanks++;
    at += list.n - 1;
    str_adds(out, slice_sub(str_slice(&text), 0, at));
    for (size_t i = 0; i < n; i++) {
        str_addz(out, i ? "," : "");
        add_indented(out, item(ctx, i), blanks + 2);
    }
    if (n) {
        str_addc(out, '\n');
        str_pad(out, ' ', blanks);
    }
    str_adds(out, slice_sub(str_slice(&text), at, text.n));
    str_release(&list);
    str_release(&text);
}

/* ---- findings ---- */

struct json_t *json_of_finding(const struct finding *f)
{
    json_t *j = json_object();
    json_object_set_new(j, "path", json_of_text(f->path));
    json_object_set_new(j, "line", json_integer(f->start.line));
    json_object_set_new(j, "column", json_integer(f->start.column));
    json_object_set_new(j, "end_line", json_integer(f->end.line));
    json_object_set_new(j, "end_column", json_integer(f->end.column));
    json_object_set_new(j, "before", json_boolean(f->before));
    json_object_set_new(j, "rule", json_string(rule_name(f->rule)));
    json_object_set_new(j, "level", json_string(level_name(f->level)));
    json_object_set_new(j, "message", json_of_text(f->message));
    json_object_set_new(j, "hint", json_of_text(f->hint));
    return j;
}

/* ---- postmortems ---- */

static json_t *json_of_value(const struct value *v, const struct field *field)
{
    struct str text = STR_INIT;
    json_t *j;
    enum field_type type = field ? field->type : FIELD_ANY;
    if (type == FIELD_INTEGER || type == FIELD_DURATION)
        return json_integer(v->number);
    if (type == FIELD_DECIMAL)
        return json_real(v->amount);
    if (type == FIELD_TIMESTAMP && !v->day_only) {
        time_format_offset(&text, v->number, v->offset);
        j = json_of_text(str_slice(&text));
        str_release(&text);
        return j;
    }
    return json_of_text(v->text);
}

/* `unknown` and `n/a` stay what they are: somebody was asked. Absent is null. */
static json_t *json_of_fact(const struct fact *f)
{
    if (!f || f->invalid)
        return json_null();
    if (f->how != FACT_VALUE)
        return json_string(f->how == FACT_UNKNOWN ? "unknown" : "n/a");
    if (f->nvalues == 1 && !(f->field && f->field->list))
        return json_of_value(&f->values[0], f->field);
    json_t *list = json_array();
    for (size_t i = 0; i < f->nvalues; i++)
        json_array_append_new(list, json_of_value(&f->values[i], f->field));
    return list;
}

static json_t *json_of_derived(const struct postmortem *pm, enum derived d)
{
    int64_t seconds;
    int how = postmortem_derived(pm, d, &seconds);
    if (how < 0)
        return json_null();
    if (how == FACT_VALUE)
        return json_integer(seconds);
    return json_string(how == FACT_UNKNOWN ? "unknown" : "n/a");
}

static const char *const plain_facts[] = {"severity", "started",  "detected", "mitigated",
                                          "resolved", "services", "criteria", "causes",
                                          "contributing_factors", "authors"};

static bool named_alone(struct slice name)
{
    if (slice_eqz(name, "status") || slice_eqz(name, "title") || slice_eqz(name, "id"))
        return true;
    for (size_t i = 0; i < sizeof plain_facts / sizeof *plain_facts; i++)
        if (slice_eqz(name, plain_facts[i]))
            return true;
    return false;
}

struct json_t *json_of_postmortem(const struct search_row *row)
{
    const struct postmortem *pm = row->pm;
    static const char *const statuses[] = {"draft", "review", "published"};
    json_t *j = json_object(), *others = json_object();
    json_object_set_new(j, "id", json_of_text(pm->id));
    json_object_set_new(j, "path", json_of_text(pm->path));
    json_object_set_new(j, "title", json_of_text(pm->title));
    json_object_set_new(j, "status",
                        pm->status_stated ? json_string(statuses[pm->status]) : json_null());
    json_object_set_new(j, "date", json_of_date(pm->date));
    for (size_t i = 0; i < sizeof plain_facts / sizeof *plain_facts; i++)
        json_object_set_new(j, plain_facts[i], json_of_fact(postmortem_fact(pm, plain_facts[i])));
    for (int d = 0; d < DERIVED_COUNT; d++)
        json_object_set_new(j, derived_name((enum derived)d),
                            json_of_derived(pm, (enum derived)d));
    for (size_t i = 0; i < pm->nfacts; i++) {
        struct str name = STR_INIT;
        utf8_add_clean(&name, pm->facts[i].name);
        if (!named_alone(pm->facts[i].name))
            json_object_set_new(others, name.p, json_of_fact(&pm->facts[i]));
        str_release(&name);
    }
    json_object_set_new(j, "facts", others);
    json_object_set_new(j, "snippet", json_of_text(row->snippet));
    json_object_set_new(j, "section", json_of_text(row->section));
    return j;
}

/* ---- actions and events ---- */

struct json_t *json_of_action(const struct action_view *v)
{
    json_t *j = json_object();
    json_t *owners = json_of_lines(v->owners);
    json_t *first = json_array_get(owners, 0);
    json_object_set_new(j, "ref", json_of_text(v->ref));
    json_object_set_new(j, "postmortem", json_of_text(v->postmortem));
    json_object_set_new(j, "path", json_of_text(v->path));
    json_object_set_new(j, "line", v->gone ? json_null() : json_integer(v->line));
    json_object_set_new(j, "text", json_of_text(v->text));
    json_object_set_new(j, "state", json_string(item_state_name(v->state)));
    json_object_set_new(j, "reason", json_of_text(v->reason));
    json_object_set(j, "owner", first ? first : json_null());
    json_object_set_new(j, "owners", owners);
    json_object_set_new(j, "due", json_of_date(v->due));
    json_object_set_new(j, "type", json_of_text(v->type));
    json_object_set_new(j, "priority", json_of_text(v->priority));
    json_object_set_new(j, "tracker", json_of_text(v->tracker));
    json_object_set_new(j, "links", json_of_lines(v->links));
    json_object_set_new(j, "opened", json_of_moment(&v->opened));
    json_object_set_new(j, "closed", json_of_moment(&v->closed));
    json_object_set_new(j, "age_days", v->has_age ? json_integer(v->age_days) : json_null());
    bool overdue = v->has_overdue && v->overdue_days > 0;
    json_object_set_new(j, "overdue_days", overdue ? json_integer(v->overdue_days) : json_null());
    json_object_set_new(j, "slips", json_integer(v->slips));
    json_object_set_new(j, "slipped_days", json_integer(v->slipped_days));
    return j;
}

struct json_t *json_of_event(const struct event_view *v)
{
    json_t *j = json_object();
    bool days = v->kind == EVENT_RESCHEDULED && v->days;
    json_object_set_new(j, "ref", json_of_text(v->ref));
    json_object_set_new(j, "event", json_string(event_name(v->kind)));
    json_object_set_new(j, "old", json_of_text(v->before));
    json_object_set_new(j, "new", json_of_text(v->after));
    json_object_set_new(j, "days", days ? json_integer(v->days) : json_null());
    json_object_set_new(j, "change", json_of_moment(&v->change));
    json_object_set_new(j, "landing", json_of_moment(&v->landing));
    return j;
}

void render_libraries(struct str *out)
{
    str_addf(out, "jansson %s\n", jansson_version_str());
}
