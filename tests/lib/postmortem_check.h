/* What holds for every postmortem, whatever its bytes: for the property and the fuzz target. */
#ifndef TESTS_POSTMORTEM_CHECK_H
#define TESTS_POSTMORTEM_CHECK_H

#include "pm/caps.h"
#include "pm/version.h"

#include "reading.h"

static void check_span(const struct postmortem *pm, struct span s)
{
    check_that(s.start <= s.end && s.end <= pm->doc->bytes.n, "a span lies in the document");
}

/* Text is well-formed; it joins what the two readings are compared by. */
static void check_text(struct str *said, struct slice text)
{
    check_that(utf8_valid_prefix(text) == text.n, "a text is UTF-8");
    str_adds(said, text);
    str_addc(said, '\n');
}

static void check_facts(const struct postmortem *pm, struct str *said)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        check_text(said, f->name);
        check_span(pm, f->key);
        check_span(pm, f->span);
        check_that(f->how == FACT_VALUE || f->nvalues == 0, "unknown and n/a have no values");
        check_that(!f->invalid || f->nvalues == 0, "what is invalid has no values");
        check_that(f->nvalues <= CAP_LIST_VALUES, "a list is capped");
        for (size_t k = 0; k < f->nvalues; k++) {
            check_text(said, f->values[k].text);
            check_span(pm, f->values[k].span);
        }
        check_that(postmortem_fact_named(pm, f->name) == f, "a name has one fact");
    }
}

static void check_actions(const struct postmortem *pm, struct str *said)
{
    check_that(pm->actions.n <= CAP_ITEMS, "action items are capped");
    for (size_t i = 0; i < pm->actions.n; i++) {
        const struct action *a = &pm->actions.v[i];
        const struct span spans[] = {a->span, a->text_span, a->owner_span, a->due_span,
                                     a->state_span};
        const struct slice texts[] = {a->id, a->text, a->key, a->group, a->nested, a->due_raw,
                                      a->type, a->priority, a->reason, a->tracker};
        for (size_t k = 0; k < sizeof spans / sizeof *spans; k++)
            check_span(pm, spans[k]);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            check_text(said, texts[k]);
        for (size_t k = 0; k < a->nowners; k++)
            check_text(said, a->owners[k]);
        for (size_t k = 0; k < a->nlinks; k++)
            check_text(said, a->links[k]);
        check_that(a->text.n > 0 && a->key.n > 0, "an item says something");
        check_that(a->due.year == 0 || date_valid(a->due), "a due date exists");
        str_addf(said, "%d %ld\n", (int)a->state, a->position);
    }
}

static void check_timeline(const struct postmortem *pm, struct str *said)
{
    check_that(pm->timeline.n <= CAP_TIMELINE, "a timeline is capped");
    for (size_t i = 0; i < pm->timeline.n; i++) {
        const struct timeline_entry *e = &pm->timeline.v[i];
        check_span(pm, e->span);
        check_span(pm, e->time_span);
        check_text(said, e->label);
        check_text(said, e->text);
        str_addf(said, "%d %lld\n", e->dated, (long long)e->at);
    }
}

/* Reads the bytes, checks what came out, and appends what it says. */
static void check_postmortem(const struct reader *rd, const void *bytes, size_t n, struct str *said)
{
    struct postmortem *pm = read_document(rd->schema, slice_from(bytes, n));
    check_facts(pm, said);
    check_timeline(pm, said);
    check_actions(pm, said);
    for (size_t i = 0; i < pm->problems.n; i++) {
        check_span(pm, pm->problems.v[i].span);
        check_text(said, slice_of(pm->problems.v[i].text));
    }
    for (int d = 0; d < DERIVED_COUNT; d++) {
        int64_t seconds = 0;
        if (postmortem_derived(pm, (enum derived)d, &seconds) == FACT_VALUE)
            check_that(seconds >= 0, "a derived time is not negative");
    }
    postmortem_free(pm);
}

/* Appends what history knows of a document, and frees it. */
static void add_version(struct str *out, struct postmortem *pm)
{
    struct version *v = version_of(pm);
    str_addf(out, "%d %d id '" SLICE_FMT "'\n", v->readable, v->draft, SLICE_ARG(v->id));
    for (size_t i = 0; i < v->nitems; i++) {
        const struct version_item *item = &v->items[i];
        const struct stated *s = &item->stated;
        const struct slice texts[] = {s->text,    s->owners, s->type,  s->priority, s->reason, s->tracker,
                                      s->links, item->id,  item->key, item->group,  item->nested};
        str_addf(out, "%u %ld %d %lld:", item->line, item->position, (int)s->state,
                 s->due.year ? (long long)date_days(s->due) : 0);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            str_addf(out, " '" SLICE_FMT "'", SLICE_ARG(texts[k]));
        str_addc(out, '\n');
    }
    version_free(v);
    postmortem_free(pm);
}

#endif
