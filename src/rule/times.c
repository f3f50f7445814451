/* Times: what cannot have happened in that order, or not yet, and what cannot be told. */
#include "instant.h"
#include "report.h"
#include "mention.h"

#include <stdlib.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* ---- in which order ---- */

/* The commonest slip: the clock passed midnight, and the date stayed. */
static bool forgot_midnight(const struct value *from, const struct value *to)
{
    return !from->day_only && !to->day_only && date_cmp(instant_day(from), instant_day(to)) == 0 &&
           to->number + DAY - from->number < DAY / 2;
}

static void hint_at_slip(struct report *r, struct finding *f, const struct value *from,
                         const struct value *to)
{
    struct str next = STR_INIT;
    if (forgot_midnight(from, to)) {
        date_format(&next, time_date_utc(to->number + to->offset + DAY));
        report_hint(r, f, "after midnight it is %s", next.p);
    } else if (!from->day_only && !to->day_only &&
               (from->offset != to->offset || from->zone_known != to->zone_known)) {
        report_hint(r, f, "the two are in different time zones: is one of the zones wrong?");
    }
    str_release(&next);
}

static struct finding *report_before(struct report *r, enum rule rule, const char *later,
                                     const struct value *to, const char *earlier,
                                     const struct value *from)
{
    struct precision p = instant_precision(to, from);
    struct str text = STR_INIT;
    str_addf(&text, "%s ", later);
    instant_add(&text, to, p);
    str_addf(&text, " is before %s ", earlier);
    instant_add(&text, from, p);
    struct finding *f = report_at(r, rule, to->span, "%s", text.p);
    str_release(&text);
    return f;
}

/* Times that are in the wrong order: no other rule speaks of them. */
struct wrong {
    const struct value *v[4];
    size_t n;
};

static bool is_wrong(const struct wrong *wrong, const struct value *v)
{
    for (size_t i = 0; i < wrong->n; i++)
        if (wrong->v[i] == v)
            return true;
    return false;
}

static void check_pair(struct report *r, const char *earlier, const char *later,
                       struct wrong *wrong)
{
    const struct value *from = instant_of(r->pm, earlier), *to = instant_of(r->pm, later);
    if (!from || !to || !instant_before(to, from))
        return;
    hint_at_slip(r, report_before(r, RULE_TIME_ORDER, later, to, earlier, from), from, to);
    wrong->v[wrong->n++] = from;
    wrong->v[wrong->n++] = to;
}

/* A time is said to be wrong once. */
static void check_order(struct report *r, struct wrong *wrong)
{
    check_pair(r, "started", "mitigated", wrong);
    check_pair(r, "started", "resolved", wrong);
    if (!wrong->n)
        check_pair(r, "mitigated", "resolved", wrong);
}

/* An alert may warn of harm to come: no error, but there is no time to detection then. */
static void check_detected_early(struct report *r, const struct wrong *wrong)
{
    const struct value *started = instant_of(r->pm, "started");
    const struct value *detected = instant_of(r->pm, "detected");
    if (!started || !detected || is_wrong(wrong, started) || !instant_before(detected, started))
        return;
    struct finding *f =
        report_before(r, RULE_DETECTED_EARLY, "detected", detected, "started", started);
    report_hint(r, f,
                "`started` is when harm began, known or not; where a warning came before any harm, "
                "all is well, and there is no time to detection");
}

/* ---- not yet ---- */

/* What has happened when a postmortem is written; other fields may speak of plans. */
static const char *const past[] = {"introduced", "started",     "detected",  "acknowledged",
                                   "contained",  "diagnosed",   "mitigated", "resolved",
                                   "recovered",  "communicated"};
enum { PAST_COUNT = sizeof past / sizeof *past };

/* Clocks differ a little, zones that nobody stated a lot. */
static bool is_future(const struct report *r, const struct value *v)
{
    enum { WRONG_CLOCK = 300, WIDEST_ZONE = 14 * HOUR, ABOUT = HOUR };
    int64_t slack = WRONG_CLOCK;
    slack += v->zone_known ? 0 : WIDEST_ZONE;
    slack += v->approx ? ABOUT : 0;
    return v->number > r->checker->options.now + slack;
}

static void check_future(struct report *r, const struct wrong *wrong)
{
    for (size_t i = 0; i < PAST_COUNT; i++) {
        const struct value *v = instant_of(r->pm, past[i]);
        if (!v || !is_future(r, v) || is_wrong(wrong, v))
            continue;
        struct str text = STR_INIT;
        instant_add(&text, v, (struct precision){.date = true});
        struct finding *f =
            report_at(r, RULE_FUTURE_TIME, v->span, "%s %s is in the future", past[i], text.p);
        report_several(r, f, "times are in the future");
        report_hint(r, f, "is the year right, and the month? Until it happens, write `unknown`");
        str_release(&text);
    }
}

/* ---- in which zone ---- */

static const struct value *first_of(const struct value *a, const struct value *b)
{
    return !a || (b && b->span.start < a->span.start) ? b : a;
}

/* Whether a fact is a time of day; *known is set when it, or any other, states its zone. */
static const struct value *time_of_day(const struct fact *fact, bool *known)
{
    const struct value *v = fact->nvalues == 1 ? &fact->values[0] : NULL;
    if (!v || !fact->field || fact->field->type != FIELD_TIMESTAMP || v->day_only)
        return NULL;
    *known |= v->zone_known;
    return v;
}

/* UTC, PST, IST, CEST: also those that mean several zones, or stand where pm does not read them. */
static bool is_zone_word(struct slice word)
{
    static const char *const zones[] = {"UTC",  "GMT",  "CET",  "EET",  "WET",  "MSK",
                                        "CEST", "EEST", "WEST", "AEST", "AEDT", "ACST"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (slice_eqz(word, zones[i]))
            return true;
    return word.n == 3 && ascii_is_alpha((unsigned char)word.p[0]) && word.p[0] < 'a' &&
           (slice_ends(word, SLICE("ST")) || slice_ends(word, SLICE("DT")));
}

static bool names_a_zone(struct slice text)
{
    for (size_t at = 0, end; at < text.n; at = end + 1) {
        for (end = at; end < text.n && ascii_is_alpha((unsigned char)text.p[end]);)
            end++;
        if (is_zone_word(slice_sub(text, at, end - at)))
            return true;
    }
    return false;
}

/* A zone that is stated anywhere is that of the times which state none; see pm-format(5). */
static void check_zone(struct report *r)
{
    const struct postmortem *pm = r->pm;
    const struct value *first = NULL;
    struct value entry;
    bool known = false;
    for (size_t i = 0; i < pm->nfacts; i++)
        first = first_of(first, time_of_day(&pm->facts[i], &known));
    for (size_t i = 0; i < pm->timeline.n; i++) {
        known |= pm->timeline.v[i].zone_known;
        if (first || pm->timeline.v[i].stated.hour < 0)
            continue;
        entry = instant_of_entry(&pm->timeline.v[i]);
        first = &entry;
    }
    if (!first || known || names_a_zone(document_slice(pm->doc, pm->doc->body)))
        return;
    struct finding *f = report_at(r, RULE_MISSING_ZONE, first->span,
                                  "no time of this document states its zone: they count as UTC");
    report_hint(r, f,
                "state it once, `2026-03-17T14:10+01:00`, or for all documents: `timezone: "
                "Europe/Berlin` in .pm/schema.yaml");
}

/* ---- too late ---- */

/* The day on which the postmortem was approved or reviewed; NULL: nobody says. */
static const struct value *reviewed(const struct postmortem *pm)
{
    static const char *const names[] = {"review.approved", "review.date"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct fact *f = postmortem_fact(pm, names[i]);
        if (f && f->how == FACT_VALUE && f->nvalues && f->field && f->field->type == FIELD_DATE)
            return &f->values[0];
    }
    return NULL;
}

/* The status, where it says that the postmortem is not finished. These words for it are about the
 * incident. */
static const struct value *unfinished(const struct postmortem *pm)
{
    static const char *const words[] = {"open",          "ongoing",    "active",
                                        "investigating", "identified", "monitoring",
                                        "mitigated",     "resolved",   NULL};
    const struct fact *status = postmortem_fact(pm, "status");
    bool open = pm->status_stated && pm->status != STATUS_PUBLISHED;
    if (!open || !status || !status->nvalues || mentions(status->values[0].raw, words))
        return NULL;
    return &status->values[0];
}

static void check_late(struct report *r)
{
    const struct value *end = instant_of(r->pm, "resolved");
    const struct value *review = reviewed(r->pm), *status = unfinished(r->pm);
    int64_t limit = r->checker->schema->late_postmortem;
    end = end ? end : instant_of(r->pm, "mitigated");
    if (!limit || !end || (!review && !status))
        return;
    int64_t last = review ? review->number : date_days(r->checker->options.today);
    int64_t days = last - date_days(instant_day(end));
    if (days * DAY <= limit)
        return;
    struct finding *f =
        report_at(r, RULE_LATE_POSTMORTEM, review ? review->span : status->span,
                  review ? "the postmortem was reviewed %lld days after the incident ended"
                         : "the incident ended %lld days ago, and its postmortem is not published",
                  (long long)days);
    struct str allowed = STR_INIT;
    duration_format(&allowed, limit);
    report_hint(r, f, "memory fades: `late_postmortem` of the schema allows %s", allowed.p);
    str_release(&allowed);
}

void rules_times(struct report *r)
{
    struct wrong wrong = {.n = 0};
    check_order(r, &wrong);
    check_detected_early(r, &wrong);
    check_future(r, &wrong);
    check_zone(r);
    check_late(r);
}
