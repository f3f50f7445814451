/* Timelines: in order, with enough in them, and telling the same as the facts. */
#include "instant.h"
#include "prose.h"
#include "report.h"
#include "mention.h"

#include <stdlib.h>

#include "pm/vec.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* ---- order ---- */

/* The entries around the one that is being looked at: one for each list that is open. */
struct open_entries {
    VEC(const struct timeline_entry *) v;
};

/* The entry before e in its own list: what is nested below an entry tells its details. */
static const struct timeline_entry *entry_before(struct open_entries *open,
                                                 const struct timeline_entry *e)
{
    const struct timeline_entry *before = NULL;
    while (open->v.n && open->v.v[open->v.n - 1]->span.end <= e->span.start)
        before = open->v.v[--open->v.n];
    vec_push(&open->v, e);
    return before;
}

/* A heading that is no entry begins another thread: "### What the database team saw". */
static bool heading_between(const struct report *r, const struct timeline_entry *a,
                            const struct timeline_entry *b, size_t *section)
{
    const struct document *doc = r->pm->doc;
    while (*section < doc->nsections && doc->sections[*section].heading.start < a->span.end)
        ++*section;
    return *section < doc->nsections && doc->sections[*section].heading.end < b->span.start;
}

/* The dash behind a clock, unless it begins the offset of "2026-03-17T14:10-05:00". */
static bool has_dash(struct slice time)
{
    size_t clock = slice_chr(time, ':', 0);
    size_t dash = clock == SIZE_MAX ? SIZE_MAX : slice_chr(time, '-', clock);
    bool iso = slice_chr(slice_sub(time, 0, clock), 'T', 0) != SIZE_MAX;
    return dash != SIZE_MAX && (!iso || slice_chr(time, '-', dash + 1) != SIZE_MAX ||
                                ascii_is_blank((unsigned char)time.p[dash - 1]));
}

/* "14:00-14:10": nobody knows where in it the entry belongs. */
static bool is_range(const struct report *r, const struct timeline_entry *e)
{
    static const char *const dashes[] = {"–", "—", "〜", "～", "~", NULL};
    struct slice time = document_slice(r->pm->doc, e->time_span);
    return mentions(slice_sub(time, 1, time.n), dashes) || has_dash(time);
}

/* How far e lies behind the entry before it, in seconds, beyond doubt; 0: it does not. */
static int64_t steps_back(const struct report *r, const struct timeline_entry *before,
                          const struct timeline_entry *e)
{
    const struct timeline *t = &r->pm->timeline;
    struct value from = instant_of_entry(before), to = instant_of_entry(e);
    if (!instant_before(&to, &from))
        return 0;
    /* an hour that the clock shows twice, in autumn */
    bool clock_changes = before->offset != t->v[t->n - 1].offset &&
                         before->stated.zone == ZONE_NONE && e->stated.zone == ZONE_NONE;
    int64_t step = from.number - to.number;
    bool unsure = from.approx || to.approx || clock_changes;
    int64_t slack = unsure ? HOUR : before->stated.second && e->stated.second ? 0 : MINUTE - 1;
    return step <= slack || is_range(r, e) ? 0 : step;
}

struct ordering {
    VEC(const struct timeline_entry *) back;   /* the entries that step back */
    VEC(const struct timeline_entry *) before; /* and what stands before each */
    size_t forward;
};

static void find_steps(const struct report *r, struct ordering *o)
{
    const struct timeline *t = &r->pm->timeline;
    struct open_entries open = {VEC_INIT};
    size_t section = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_entry *e = &t->v[i];
        const struct timeline_entry *before = e->dated ? entry_before(&open, e) : NULL;
        if (!before || heading_between(r, before, e, &section))
            continue;
        struct value from = instant_of_entry(before), to = instant_of_entry(e);
        o->forward += instant_before(&from, &to);
        if (steps_back(r, before, e)) {
            vec_push(&o->back, e);
            vec_push(&o->before, before);
        }
    }
    vec_release(&open.v);
}

/* "12:30", then "1:15": an afternoon without pm. */
static bool forgot_noon(const struct report *r, const struct timeline_entry *before,
                        const struct timeline_entry *e)
{
    const struct timeline *t = &r->pm->timeline;
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].stated.hour > 12)
            return false;
    return e->stated.hour < 12 && e->at + 12 * HOUR >= before->at;
}

static void hint_at_order(struct report *r, struct finding *f, const struct timeline_entry *before,
                          const struct timeline_entry *e)
{
    const struct timeline_entry *bare = e->stated.zone == ZONE_NONE        ? e
                                        : before->stated.zone == ZONE_NONE ? before
                                                                           : NULL;
    if (before->offset != e->offset && bare)
        report_hint(r, f,
                    "'" SLICE_FMT "' states no zone of its own: write the one that it is in behind "
                    "it, as in `14:10 UTC`",
                    SLICE_ARG(document_slice(r->pm->doc, bare->time_span)));
    else if (before->offset != e->offset)
        report_hint(r, f, "the two are in different time zones: is one of the zones wrong?");
    else if (e->stated.date.year || e->stated.date.month)
        report_hint(r, f, "move it, or correct one of the two");
    else if (forgot_noon(r, before, e))
        report_hint(r, f, "in the afternoon it is %02d:%02d; on another day it needs its date",
                    e->stated.hour + 12, e->stated.minute);
    else
        report_hint(r, f, "move it, or correct one of the two; on another day it needs its date");
}

static void out_of_order(struct report *r, const struct timeline_entry *before,
                         const struct timeline_entry *e)
{
    struct value from = instant_of_entry(before), to = instant_of_entry(e);
    struct precision p = instant_precision(&to, &from);
    struct str text = STR_INIT;
    instant_add(&text, &to, p);
    str_addz(&text, " stands after ");
    instant_add(&text, &from, p);
    struct finding *f =
        report_at(r, RULE_TIMELINE_ORDER, e->time_span, "%s in the timeline", text.p);
    str_release(&text);
    report_several(r, f, "entries of the timeline stand after later ones");
    hint_at_order(r, f, before, e);
}

/* A timeline that begins with the newest entry is in order too. */
static void check_order(struct report *r)
{
    struct ordering o = {VEC_INIT, VEC_INIT, 0};
    find_steps(r, &o);
    for (size_t i = 0; i < o.back.n && o.back.n <= o.forward; i++)
        out_of_order(r, o.before.v[i], o.back.v[i]);
    vec_release(&o.back);
    vec_release(&o.before);
}

/* ---- enough ---- */

/* When it began, when somebody knew, when it ended. */
enum { FEW_ENTRIES = 3 };

/* Time headings of the timeline's own level go on behind its section. */
static size_t timed_from(const struct report *r, const struct section *s)
{
    size_t n = 0;
    for (size_t i = 0; i < r->pm->timeline.n; i++)
        n += r->pm->timeline.v[i].span.start >= s->heading.start;
    return n;
}

/* Times since the beginning, "T+5" or "+10 min", are times to a reader. */
static bool counts_from_start(const struct prose *p)
{
    struct slice rest = str_slice(&p->text), line;
    while (slice_split(&rest, '\n', &line)) {
        if (slice_istarts(line, SLICE("t")))
            line = slice_sub(line, 1, line.n);
        if (line.n > 1 && (line.p[0] == '+' || line.p[0] == '-') &&
            ascii_is_digit((unsigned char)line.p[1]))
            return true;
    }
    return false;
}

static void check_enough(struct report *r, const struct section *s, size_t timed,
                         const struct prose *p)
{
    size_t listed = p->items + p->rows;
    struct finding *f = NULL;
    if (!slice_trim(str_slice(&p->text)).n || p->unread || counts_from_start(p))
        return;
    if (!timed) {
        f = report_at(r, RULE_TIMELINE_THIN, s->heading,
                      "no entry of the timeline begins with a time that can be read");
        report_hint(r, f,
                    "begin each with its time, `2026-03-17 14:10` first, then `14:25` will do");
    } else if (listed < FEW_ENTRIES) {
        f = report_at(r, RULE_TIMELINE_THIN, s->heading, "the timeline has %zu %s", timed,
                      timed == 1 ? "entry" : "entries");
        report_hint(r, f,
                    "at least: when it began, when somebody knew, when it ended; better: what was "
                    "believed and tried in between");
    }
}

static void check_thin(struct report *r)
{
    for (size_t i = 0; i < r->pm->nsections; i++) {
        const struct section_rule *rule = r->pm->sections[i].rule;
        const struct section *s = &r->pm->doc->sections[r->pm->sections[i].section];
        struct prose p;
        if (rule->kind != SECTION_TIMELINE || postmortem_section(r->pm, rule) != s ||
            rule->min_entries)
            continue;
        size_t timed = timed_from(r, s);
        if (timed >= FEW_ENTRIES)
            continue;
        prose_read(&p, r->pm->doc, s);
        check_enough(r, s, timed, &p);
        prose_release(&p);
    }
}

/* ---- the same as the facts ---- */

enum { SAME = 5 * MINUTE, SAME_ABOUT = HOUR };
enum { QUARTER = 15 * MINUTE }; /* of what zones are apart */

static struct slice without_subject(struct slice s)
{
    static const char *const subjects[] = {"the ",   "incident ", "outage ",
                                           "issue ", "problem ",  "impact "};
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
        if (slice_istarts(s, slice_of(subjects[i])))
            s = slice_sub(s, strlen(subjects[i]), s.n);
    return s;
}

/* The time that an entry states without a label: "Incident resolved.", "Detected: an alert fires".
 * Before a colon only a field's own name will do: "Start: of the maintenance" is another story. */
static const struct field *recognised(const struct report *r, const struct timeline_entry *e)
{
    enum { LONGEST = 60 };
    size_t colon = slice_chr(e->text, ':', 0);
    struct slice name = without_subject(slice_sub(e->text, 0, colon));
    if (e->field || name.n > LONGEST || slice_ends(name, SLICE("?")))
        return e->field;
    const struct field *f = schema_field(r->checker->schema, name);
    if (!f || f->type != FIELD_TIMESTAMP || f->from.n)
        return NULL;
    return colon == SIZE_MAX || slice_ieq(name, f->name) ? f : NULL;
}

static bool agrees(const struct value *a, const struct value *b)
{
    if (a->day_only || b->day_only)
        return date_cmp(instant_day(a), instant_day(b)) == 0;
    return llabs(a->number - b->number) <= (a->approx || b->approx ? SAME_ABOUT : SAME);
}

/* Nothing says on which day the timeline begins: neither `started` nor an entry down to the last. */
static bool day_is_guessed(const struct report *r, size_t last)
{
    const struct fact *started = postmortem_fact_named(r->pm, SLICE("started"));
    if (started && started->how == FACT_VALUE && started->origin < FACT_TIMELINE)
        return false;
    for (size_t i = 0; i <= last; i++)
        if (r->pm->timeline.v[i].stated.date.year || r->pm->timeline.v[i].stated.date.month)
            return false;
    return true;
}

/* The same time of day. */
static bool agrees_but_for_day(const struct value *a, const struct value *b)
{
    struct value moved = *a;
    int64_t days = (b->number - a->number + (b->number < a->number ? -DAY : DAY) / 2) / DAY;
    moved.number += days * DAY;
    return agrees(&moved, b);
}

static void disagrees(struct report *r, const struct field *field, const struct value *fact,
                      const struct timeline_entry *e)
{
    struct value entry = instant_of_entry(e);
    struct precision p = instant_precision(&entry, fact);
    struct str there = STR_INIT, here = STR_INIT;
    instant_add(&here, &entry, p);
    instant_add(&there, fact, p);
    struct finding *f = report_at(
        r, RULE_TIMELINE_DISAGREES, e->time_span, SLICE_FMT " is %s here, and %s in line %u",
        SLICE_ARG(field->name), here.p, there.p, document_place(r->pm->doc, fact->span.start).line);
    if (e->stated.zone == ZONE_NONE && (entry.number - fact->number) % QUARTER == 0)
        report_hint(
            r, f, "correct one of the two, or state the zone of the timeline: `## Timeline (UTC)`");
    else
        report_hint(r, f, "correct one of the two");
    str_release(&here);
    str_release(&there);
}

/* What happened twice, agrees where one of its entries does. */
static void check_field(struct report *r, const struct field *const *fields,
                        const struct field *field)
{
    const struct timeline *t = &r->pm->timeline;
    const struct fact *fact = postmortem_fact_named(r->pm, field->name);
    const struct value *v = fact && fact->nvalues == 1 ? &fact->values[0] : NULL;
    const struct timeline_entry *first = NULL;
    if (!v || fact->origin >= FACT_TIMELINE)
        return;
    for (size_t i = 0; i < t->n; i++) {
        struct value entry = instant_of_entry(&t->v[i]);
        if (fields[i] != field || !t->v[i].dated)
            continue;
        if (agrees(v, &entry) || (day_is_guessed(r, i) && agrees_but_for_day(v, &entry)))
            return;
        first = first ? first : &t->v[i];
    }
    if (first)
        disagrees(r, field, v, first);
}

static void check_agreement(struct report *r)
{
    const struct timeline *t = &r->pm->timeline;
    const struct schema *s = r->checker->schema;
    const struct field **fields = xcalloc(t->n + 1, sizeof *fields);
    bool *asked = xcalloc(s->nfields + 1, sizeof *asked);
    for (size_t i = 0; i < t->n; i++)
        fields[i] = recognised(r, &t->v[i]);
    for (size_t i = 0; i < t->n; i++) {
        if (!fields[i] || asked[fields[i]->index])
            continue;
        asked[fields[i]->index] = true;
        check_field(r, fields, fields[i]);
    }
    free(fields);
    free(asked);
}

void rules_timeline(struct report *r)
{
    check_order(r);
    check_thin(r);
    check_agreement(r);
}
