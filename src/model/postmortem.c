#include "pm/postmortem.h"

#include "pm/facts.h"
#include "pm/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------- */

/* The document's problems become the postmortem's; their strings are in its arena. */
static bool take_problems(struct postmortem *pm)
{
    bool readable = true;
    for (size_t i = 0; i < pm->doc->problems.n; i++) {
        const struct problem *from = &pm->doc->problems.v[i];
        struct problem *p = problem_add(&pm->problems, &pm->doc->arena, from->kind, from->span,
                                        "%s", from->text);
        p->subject = from->subject;
        p->hint = from->hint;
        if (from->kind == PROBLEM_UNREADABLE || from->kind == PROBLEM_TOO_LARGE)
            readable = false;
    }
    return readable;
}

static void find_sections(struct postmortem *pm)
{
    const struct document *doc = pm->doc;
    pm->sections = arena_array(&pm->doc->arena, doc->nsections, sizeof *pm->sections);
    for (size_t i = 0; i < doc->nsections; i++) {
        /* schema_section would fold the title a second time */
        const struct section_rule *rule = map_get(&pm->schema->section_names,
                                                  doc->sections[i].name);
        if (rule)
            pm->sections[pm->nsections++] = (struct found_section){rule, i};
    }
}

static const struct section *first_heading(const struct document *doc)
{
    for (size_t i = 0; i < doc->nsections; i++)
        if (doc->sections[i].level == 1 && doc->sections[i].title.n > 0)
            return &doc->sections[i];
    return NULL;
}

/* Text and place of a derived default become a fact, so that whoever asks for the field finds it. */
static void add_default(struct facts *fs, const char *name, struct slice text, struct span span)
{
    const struct field *f = schema_field(fs->rd->schema, slice_of(name));
    struct value v = {.text = text, .raw = text, .span = span};
    if (f && slice_eqz(f->name, name) && f->type == FIELD_TEXT && text.n > 0)
        facts_add_value(fs, f, FACT_DERIVED, v, span);
}

static const struct value *first_value(const struct fact *f)
{
    return f && f->how == FACT_VALUE && f->nvalues > 0 ? &f->values[0] : NULL;
}

static struct slice stated_text(const struct facts *fs, const char *name)
{
    const struct value *v = first_value(facts_named(fs, name));
    return v ? v->text : (struct slice){NULL, 0};
}

static void read_names(struct facts *fs)
{
    struct postmortem *pm = fs->pm;
    const struct section *h1 = first_heading(pm->doc);
    struct slice stem = path_stem(pm->path);
    pm->id = stated_text(fs, "id");
    pm->id_from = ID_STATED;
    if (pm->id.n == 0) {
        pm->id = stem;
        pm->id_from = ID_STEM;
        add_default(fs, "id", stem, (struct span){0, 0});
    }
    pm->title = stated_text(fs, "title");
    if (pm->title.n == 0) {
        pm->title = h1 ? h1->title : stem;
        add_default(fs, "title", pm->title, h1 ? h1->heading : (struct span){0, 0});
    }
}

/* The day of a time where it happened. */
static struct date local_date(const struct value *v)
{
    return date_from_days((v->number + v->offset) / 86400 - ((v->number + v->offset) % 86400 < 0));
}

/* When somebody knew, else when it ended, as front matter or body state it; NULL: neither. */
static const struct value *known_time(const struct facts *fs)
{
    static const char *const names[] = {"detected", "mitigated"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct fact *f = facts_named(fs, names[i]);
        const struct value *v = first_value(f);
        if (v && f->field && f->field->type == FIELD_TIMESTAMP && f->origin < FACT_TIMELINE)
            return v;
    }
    return NULL;
}

/* The earliest time that front matter or body states; NULL for none. */
static const struct value *earliest_time(const struct facts *fs)
{
    const struct value *first = NULL;
    for (size_t i = 0; i < fs->list.n; i++) {
        const struct fact *f = &fs->list.v[i];
        const struct value *v = first_value(f);
        if (v && f->field && f->field->type == FIELD_TIMESTAMP && f->origin < FACT_TIMELINE &&
            (!first || v->number < first->number))
            first = v;
    }
    return first;
}

static void read_date(struct facts *fs)
{
    struct postmortem *pm = fs->pm;
    const struct fact *f = facts_named(fs, "started");
    const struct value *v = first_value(f);
    if (v && f->field && f->field->type == FIELD_TIMESTAMP)
        pm->date = local_date(v);
    else if (v && f->field && f->field->type == FIELD_DATE)
        pm->date = date_from_days(v->number);
    else if ((v = known_time(fs)) != NULL)
        pm->date = local_date(v);
    else if (!date_find(path_stem(pm->path), &pm->date) && (v = earliest_time(fs)) != NULL)
        pm->date = local_date(v);
}

/* Where neither a time nor the file's name has a date, the timeline's first one is it. */
static void date_from_timeline(struct postmortem *pm)
{
    for (size_t i = 0; i < pm->timeline.n && pm->date.year == 0; i++)
        if (pm->timeline.v[i].dated)
            pm->date = local_date(&(struct value){.number = pm->timeline.v[i].at,
                                                  .offset = pm->timeline.v[i].offset});
}

static void read_status(struct facts *fs)
{
    static const char *const names[] = {"draft", "review", "published"};
    struct slice text = stated_text(fs, "status");
    fs->pm->status = STATUS_REVIEW;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_eqz(text, names[i])) {
            fs->pm->status = (enum status)i;
            fs->pm->status_stated = true;
        }
}

static struct postmortem *postmortem_of(const struct reader *rd, struct document *doc,
                                        struct slice path)
{
    struct postmortem *pm = xcalloc(1, sizeof *pm);
    pm->doc = doc;
    pm->schema = rd->schema;
    pm->path = arena_dup(&doc->arena, path);
    pm->readable = take_problems(pm);
    find_sections(pm);
    return pm;
}

struct postmortem *postmortem_read(const struct reader *rd, char *bytes, size_t n,
                                   struct slice path)
{
    struct postmortem *pm = postmortem_of(rd, document_parse(bytes, n), path);
    struct facts facts;
    facts_init(&facts, rd, pm);
    facts_read_front(&facts);
    if (pm->doc->root) {
        facts_read_body(&facts);
        read_date(&facts);
        timeline_read(&facts, &pm->timeline);
        actions_read(pm, &pm->actions);
    }
    read_date(&facts);
    date_from_timeline(pm);
    read_names(&facts);
    read_status(&facts);
    facts_finish(&facts);
    return pm;
}

struct postmortem *postmortem_read_items(const struct reader *rd, char *bytes, size_t n)
{
    struct postmortem *pm = postmortem_of(rd, document_parse(bytes, n), slice_of(NULL));
    struct facts facts;
    facts_init(&facts, rd, pm);
    facts.names_only = true;
    facts_read_front(&facts);
    if (pm->doc->root) {
        facts_read_body(&facts);
        actions_read(pm, &pm->actions);
    }
    read_names(&facts);
    read_status(&facts);
    facts_finish(&facts);
    return pm;
}

void postmortem_free(struct postmortem *pm)
{
    if (!pm)
        return;
    problems_release(&pm->problems);
    document_free(pm->doc);
    free(pm);
}

/* ---- asking ------------------------------------------------------------------------------------ */

const struct fact *postmortem_fact_named(const struct postmortem *pm, struct slice name)
{
    for (size_t i = 0; i < pm->nfacts; i++)
        if (slice_eq(pm->facts[i].name, name))
            return &pm->facts[i];
    return NULL;
}

const struct fact *postmortem_fact(const struct postmortem *pm, const char *name)
{
    return postmortem_fact_named(pm, slice_of(name));
}

struct slice postmortem_text(const struct postmortem *pm, const char *name)
{
    const struct value *v = first_value(postmortem_fact(pm, name));
    return v ? v->text : (struct slice){NULL, 0};
}

bool postmortem_time(const struct postmortem *pm, const char *name, int64_t *out)
{
    const struct fact *f = postmortem_fact(pm, name);
    const struct value *v = first_value(f);
    if (!v || !f->field || f->field->type != FIELD_TIMESTAMP)
        return false;
    *out = v->number;
    return true;
}

size_t postmortem_severity(const struct postmortem *pm)
{
    const struct fact *f = postmortem_fact(pm, "severity");
    const struct value *v = first_value(f);
    return v && f->field && f->field->type == FIELD_ENUM ? (size_t)v->number : SIZE_MAX;
}

const struct section *postmortem_section(const struct postmortem *pm, const struct section_rule *r)
{
    for (size_t i = 0; i < pm->nsections; i++)
        if (pm->sections[i].rule == r)
            return &pm->doc->sections[pm->sections[i].section];
    return NULL;
}

const struct section *postmortem_section_named(const struct postmortem *pm, struct slice name)
{
    const struct section_rule *rule = schema_section(pm->schema, name);
    const struct section *section = rule ? postmortem_section(pm, rule) : NULL;
    struct str folded = STR_INIT;
    section_fold(&folded, name);
    for (size_t i = 0; !section && i < pm->doc->nsections; i++)
        if (slice_eq(pm->doc->sections[i].name, str_slice(&folded)))
            section = &pm->doc->sections[i];
    str_release(&folded);
    return section;
}

/* ---- derived ----------------------------------------------------------------------------------- */

static const struct {
    const char *name, *from, *to;
} derivations[DERIVED_COUNT] = {
    [DERIVED_TTD] = {"ttd", "started", "detected"},
    [DERIVED_TTM] = {"ttm", "detected", "mitigated"},
    [DERIVED_TTR] = {"ttr", "started", "resolved"},
    [DERIVED_DURATION] = {"duration", "started", "mitigated"},
};

const char *derived_name(enum derived d)
{
    return derivations[d].name;
}

/* 0 with a time, else FACT_UNKNOWN or FACT_NA, or -1 when it is absent or only a day. */
static int derived_end(const struct postmortem *pm, const char *name, int64_t *at)
{
    const struct fact *f = postmortem_fact(pm, name);
    const struct value *v = first_value(f);
    if (!f)
        return -1;
    if (f->how != FACT_VALUE)
        return (int)f->how;
    if (!v || !f->field || f->field->type != FIELD_TIMESTAMP || v->day_only)
        return -1;
    *at = v->number;
    return FACT_VALUE;
}

static int stated_duration(const struct postmortem *pm, enum derived d, int64_t *seconds)
{
    const struct fact *f = postmortem_fact(pm, derivations[d].name);
    const struct value *v = first_value(f);
    if (!f || !f->field || f->field->type != FIELD_DURATION)
        return -1;
    if (f->how != FACT_VALUE)
        return (int)f->how;
    if (!v)
        return -1;
    *seconds = v->number;
    return FACT_VALUE;
}

int postmortem_derived(const struct postmortem *pm, enum derived d, int64_t *seconds)
{
    int64_t from = 0, to = 0;
    int a = derived_end(pm, derivations[d].from, &from);
    int b = derived_end(pm, derivations[d].to, &to);
    if (a < 0 || b < 0)
        return stated_duration(pm, d, seconds);
    if (a == FACT_NA || b == FACT_NA)
        return FACT_NA;
    if (a == FACT_UNKNOWN || b == FACT_UNKNOWN)
        return FACT_UNKNOWN;
    if (to < from)
        return FACT_NA;
    *seconds = to - from;
    return FACT_VALUE;
}
