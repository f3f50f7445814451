/* Detection that took long: something is done about it, and somebody says why. */
#include "instant.h"
#include "report.h"
#include "mention.h"

/* A promise without any of them is not about detection. */
static const char *const promising[] = {
    "detect", "notic",  "alert",    "alarm",     "monitor", "observ",      "metric",    "paged",
    "pager",  "paging", "notif",    "probe",     "health",  "healthcheck", "watchdog",  "sentry",
    "slo ",   "slos ",  "telemetr", "dashboard", "logging", "smoke",       "synthetic", "tracing",
    "bemerk", "erkenn", "überwach", "Überwach",  "meldung", "détect",      "surveill",  "supervis",
    "avis",   "vigil",  "検知",     "検出",      "監視",    "アラート",    "通知",      "可視",
    "観測",   "モニタ", "警告",     "メトリク",  "监控",    "告警",        "检测",      "감지",
    "알림",   "모니터", "обнаруж",  "монитор",   "Монитор", "оповещ",      "алерт",     NULL};

/* Nor does an account without any of these or those say why it took so long. */
static const char *const explaining[] = {
    "unnotic", "undetect", "unaware", "aware",   "unseen",   "unobserv", "discover",
    "visib",   "invisib",  "silent",  "surfac",  "spotted",  "caught",   "catch",
    "report",  "warning",  "masked",  "hidden",  "obscur",   "realiz",   "realis",
    "nobody",  "watch",    "erkann",  "entdeck", "unbemerk", "unerkann", "remarqu",
    "気付",    "気づ",     "発見",    "发现",    "Обнаруж",  "замет",    NULL};

static bool is_about_detection(const struct action *a)
{
    return slice_eqz(a->type, "detect") || mentions(a->text, promising) ||
           mentions(a->nested, promising);
}

/* Where there are no items, other rules ask for some, or the document says why. */
static bool nobody_will_detect(const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->actions.n; i++)
        if (pm->actions.v[i].state != STATE_WONTDO && is_about_detection(&pm->actions.v[i]))
            return false;
    return pm->actions.n > 0;
}

/* Where the time to detection can be seen: at `detected`, or where it is stated. */
static struct span place_of(const struct postmortem *pm)
{
    const struct value *detected = instant_of(pm, "detected");
    const struct fact *ttd = postmortem_fact(pm, derived_name(DERIVED_TTD));
    return detected ? detected->span : ttd ? ttd->span : (struct span){0, 0};
}

static void slow_detection(struct report *r, const char *took, const char *limit)
{
    struct finding *f = report_at(r, RULE_SLOW_DETECTION, place_of(r->pm),
                                  "it took %s to detect this, and no action item is about "
                                  "detecting it sooner",
                                  took);
    report_hint(r, f,
                "what would have told you within %s (`slow_detection` of the schema)? Add it as an "
                "item of type `detect`",
                limit);
}

static bool is_account(const struct report *r, const struct section *s)
{
    const struct section_rule *rule = schema_section(r->checker->schema, s->title);
    return !rule || rule->kind == SECTION_TEXT || rule->kind == SECTION_WHYS;
}

static bool speaks_of_it(struct slice text)
{
    return mentions(text, promising) || mentions(text, explaining);
}

/* The account is all but timeline, action items and lists of facts: these say that something was
 * noticed, not why so late. */
static bool is_explained(const struct report *r)
{
    const struct document *doc = r->pm->doc;
    struct arena scratch = ARENA_INIT;
    struct query_texts texts;
    query_texts_of(&texts, r->pm, &scratch);
    bool found = false;
    uint32_t from = doc->body.start;
    for (size_t i = 0; i < doc->nsections && !found; i++) {
        const struct section *s = &doc->sections[i];
        if (is_account(r, s) || s->heading.start < from)
            continue;
        found =
            speaks_of_it(slice_sub(texts.body, from - doc->body.start, s->heading.start - from));
        from = s->body.end;
    }
    found |= speaks_of_it(slice_sub(texts.body, from - doc->body.start, texts.body.n));
    arena_release(&scratch);
    return found;
}

static void gap_unexplained(struct report *r, const char *took)
{
    if (is_explained(r))
        return;
    struct finding *f = report_at(r, RULE_DETECTION_GAP_UNEXPLAINED, place_of(r->pm),
                                  "it took %s to detect this, and nothing says why so long", took);
    report_hint(
        r, f,
        "under Points of failure or What went wrong: which signal was there, and why did it "
        "reach nobody?");
}

/* Nothing done about it is the larger part of nothing said about it. */
void rules_detection(struct report *r)
{
    int64_t limit = r->checker->schema->slow_detection, ttd;
    if (!limit || postmortem_derived(r->pm, DERIVED_TTD, &ttd) != FACT_VALUE || ttd <= limit)
        return;
    struct str took = STR_INIT, allowed = STR_INIT;
    duration_format(&took, ttd);
    duration_format(&allowed, limit);
    if (nobody_will_detect(r->pm))
        slow_detection(r, took.p, allowed.p);
    else
        gap_unexplained(r, took.p);
    str_release(&took);
    str_release(&allowed);
}
