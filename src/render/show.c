#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "pm/utf8.h"

/* ---- for people ---- */

static void heading(struct printer *p, const char *text)
{
    str_addc(p->out, '\n');
    printer_textz(p, TINT_BOLD, text);
    str_addc(p->out, '\n');
}

/* 2026-03-17 14:10 +01:00: for reading, not for typing. */
static void add_time(struct str *out, int64_t t, int32_t offset)
{
    struct str text = STR_INIT;
    time_format_offset(&text, t, offset); /* 2026-03-17T14:10:00+01:00 */
    struct slice s = str_slice(&text);
    size_t at = slice_chr(s, 'T', 0);
    bool whole = slice_eqz(slice_sub(s, at + 6, 3), ":00");
    str_addf(out, SLICE_FMT " " SLICE_FMT " ", SLICE_ARG(slice_sub(s, 0, at)),
             SLICE_ARG(slice_sub(s, at + 1, whole ? 5 : 8)));
    str_adds(out, offset ? slice_sub(s, at + 9, s.n) : SLICE("UTC"));
    str_release(&text);
}

static void add_fact_text(struct str *out, const struct fact *f)
{
    if (f->how != FACT_VALUE) {
        str_addz(out, f->how == FACT_UNKNOWN ? "unknown" : "n/a");
        return;
    }
    for (size_t i = 0; i < f->nvalues; i++) {
        const struct value *v = &f->values[i];
        str_addz(out, i ? ", " : "");
        str_addz(out, v->approx ? "~" : "");
        if (f->field && f->field->type == FIELD_TIMESTAMP && !v->day_only)
            add_time(out, v->number, v->offset);
        else if (f->field && f->field->type == FIELD_DURATION)
            duration_format(out, v->number);
        else
            str_adds(out, v->text);
    }
}

static void add_derived(struct table_text *t, const struct postmortem *pm, enum derived d,
                        struct str *text)
{
    static const char *const labels[] = {"time to detect", "time to mitigate", "time to resolve",
                                         "incident time"};
    int64_t seconds;
    int how = postmortem_derived(pm, d, &seconds);
    if (how < 0)
        return;
    str_clear(text);
    if (how == FACT_VALUE)
        duration_format(text, seconds);
    else
        str_addz(text, how == FACT_UNKNOWN ? "unknown" : "n/a");
    table_text_cell(t, TINT_DIM, slice_of(labels[d]));
    table_text_cell(t, TINT_NONE, str_slice(text));
}

/* What is looked for first; the others follow as they stand in the document. */
static const char *const first_facts[] = {"severity", "status",    "introduced", "started",
                                          "detected", "mitigated", "resolved"};
enum { FIRST_FACTS = sizeof first_facts / sizeof *first_facts };

static bool comes_first(struct slice name)
{
    for (size_t i = 0; i < FIRST_FACTS; i++)
        if (slice_eqz(name, first_facts[i]))
            return true;
    for (int d = 0; d < DERIVED_COUNT; d++)
        if (slice_eqz(name, derived_name((enum derived)d)))
            return true; /* where a document states one, it is what is derived */
    return slice_eqz(name, "title") || slice_eqz(name, "id");
}

static void add_fact(struct table_text *t, const struct fact *f, struct str *text)
{
    if (!f || f->invalid)
        return;
    str_clear(text);
    add_fact_text(text, f);
    if (!text->n)
        return;
    table_text_cell(t, TINT_DIM, f->name);
    table_text_cell(t, TINT_NONE, str_slice(text));
}

/* A map is shown by what is in it: impact.customers. */
static bool has_nested(const struct postmortem *pm, struct slice name)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        struct slice other = pm->facts[i].name;
        if (other.n > name.n && other.p[name.n] == '.' && slice_starts(other, name))
            return true;
    }
    return false;
}

static void print_facts(struct printer *p, const struct postmortem *pm)
{
    static const struct column columns[] = {{.title = NULL}, {.shrink_to = 30, .wrap = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    struct str text = STR_INIT;
    for (size_t i = 0; i < FIRST_FACTS; i++)
        add_fact(t, postmortem_fact(pm, first_facts[i]), &text);
    for (int d = 0; d < DERIVED_COUNT; d++)
        add_derived(t, pm, (enum derived)d, &text);
    for (size_t i = 0; i < pm->nfacts; i++)
        if (!comes_first(pm->facts[i].name) && !has_nested(pm, pm->facts[i].name))
            add_fact(t, &pm->facts[i], &text);
    if (text.n)
        str_addc(p->out, '\n');
    table_text_print(t, p);
    str_release(&text);
    table_text_free(t);
}

/* Entries carry their day once: where it changes. */
static void print_timeline(struct printer *p, const struct timeline *timeline)
{
    static const struct column columns[] = {
        {.title = NULL}, {.title = NULL}, {.shrink_to = 30, .wrap = true}};
    struct table_text *t = table_text_new(columns, sizeof columns / sizeof *columns);
    struct date day = {0};
    struct str text = STR_INIT;
    heading(p, "Timeline");
    for (size_t i = 0; i < timeline->n; i++) {
        const struct timeline_entry *entry = &timeline->v[i];
        struct date now = entry->dated ? time_date_utc(entry->at + entry->offset)
                                       : entry->stated.date;
        str_clear(&text);
        if (now.year && date_cmp(now, day) != 0)
            date_format(&text, now);
        day = now;
        table_text_cell(t, TINT_DIM, str_slice(&text));
        str_clear(&text);
        if (entry->stated.hour >= 0)
            str_addf(&text, "%s%02d:%02d", entry->stated.approx ? "~" : "", entry->stated.hour,
                     entry->stated.minute);
        table_text_cell(t, TINT_BOLD, str_slice(&text));
        table_text_cell(t, TINT_NONE, entry->text);
    }
    table_text_print(t, p);
    str_release(&text);
    table_text_free(t);
}

static void print_related(struct printer *p, const struct show_view *v)
{
    const struct fact *related = postmortem_fact(v->pm, "related");
    struct str line = STR_INIT;
    if (!(related && related->nvalues) && !v->nreferring)
        return;
    heading(p, "Related");
    for (size_t i = 0; related && i < related->nvalues; i++)
        str_addf(&line, "  " SLICE_FMT "\n", SLICE_ARG(related->values[i].text));
    for (size_t i = 0; i < v->nreferring; i++)
        str_addf(&line, "  " SLICE_FMT " refers here: " SLICE_FMT "\n",
                 SLICE_ARG(v->referring[i]->id), SLICE_ARG(v->referring[i]->title));
    utf8_add_visible(p->out, str_slice(&line), true);
    str_release(&line);
}

void render_show_text(struct printer *p, const struct show_view *v)
{
    printer_wrap(p, TINT_BOLD, 0, v->pm->title);
    printer_text(p, TINT_DIM, v->pm->id);
    str_addc(p->out, '\n');
    printer_text(p, TINT_DIM, v->pm->path);
    str_addc(p->out, '\n');
    print_facts(p, v->pm);
    if (v->pm->timeline.n)
        print_timeline(p, &v->pm->timeline);
    if (v->nactions) {
        heading(p, "Action items");
        render_actions_table(p, v->actions, v->nactions, false);
    }
    print_related(p, v);
}

/* ---- for programs ---- */

static json_t *timeline_of(const struct timeline *timeline)
{
    json_t *list = json_array();
    for (size_t i = 0; i < timeline->n; i++) {
        const struct timeline_entry *entry = &timeline->v[i];
        struct str at = STR_INIT;
        json_t *j = json_object();
        if (entry->dated)
            time_format_offset(&at, entry->at, entry->offset);
        json_object_set_new(j, "at", json_of_text(str_slice(&at)));
        json_object_set_new(j, "label", json_of_text(entry->label));
        json_object_set_new(j, "text", json_of_text(entry->text));
        json_array_append_new(list, j);
        str_release(&at);
    }
    return list;
}

void render_show_json(struct str *out, const struct show_view *v)
{
    json_t *j = json_answer("show"), *actions = json_array(), *referring = json_array();
    for (size_t i = 0; i < v->nactions; i++)
        json_array_append_new(actions, json_of_action(&v->actions[i]));
    for (size_t i = 0; i < v->nreferring; i++)
        json_array_append_new(referring, json_of_text(v->referring[i]->id));
    json_object_set_new(j, "postmortem", json_of_postmortem(&(struct search_row){.pm = v->pm}));
    json_object_set_new(j, "timeline", timeline_of(&v->pm->timeline));
    json_object_set_new(j, "actions", actions);
    json_object_set_new(j, "referring", referring);
    json_print(out, j, true);
}
