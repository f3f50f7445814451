/* Depth: whether what stands there says enough to learn from. */
#include "prose.h"
#include "report.h"
#include "mention.h"

#include "pm/utf8.h"

/* ---- impact in figures ---- */

static const char *const quantities[] = {
    /* a quantity in words */
    "all ", "every", "everyone", "entire", "whole ", "complete", "total", "full", "only ",
    "single ", "zero ", "one ", "two ", "three ", "four ", "five ", "six ", "seven ", "eight ",
    "nine ", "ten ", "eleven ", "twelve ", "dozen", "hundred", "thousand", "million", "half ",
    "third ", "quarter", "percent", "majority", "an hour", "a minute", "a day ", "a week", "alle ",
    "jede", "prozent", "tous ", "toutes ", "todos ", "todas ", "hälfte", "eine stunde",
    "einer stunde", "eine minute", "halbe", "zwei ", "drei ", "vier ", "fünf ", "sechs ", "sieben ",
    "acht ", "neun ", "zehn ", "zwölf ", "dutzend", "tausend", "moitié", "une heure", "une minute",
    "deux ", "trois ", "quatre ", "cinq ", "sept ", "huit ", "neuf ", "dix ", "douze", "centaine",
    "mille ", "mitad", "una hora", "un minuto", "tres ", "cuatro ", "cinco ", "seis ", "siete ",
    "ocho ", "nueve ", "diez ", "cientos", "miles ", "全", "ゼロ", "百", "千", "万", "半", "所有",
    /* nothing of what there might be */
    "no user", "no customer", "no client", "no data", "no impact", "no request", "no order",
    "no loss", "no revenue", "no one ", "no effect", "no extern", "no known", "no visible",
    "no measurable", "no production", "no outage", "no downtime", "no harm", "no record",
    "no figure", "no number",
    /* that it is nothing, or not known, is an answer too */
    "none ", "nobody", "nothing ", "unaffected", "unknown", "unclear", "not known", "not measur",
    "not be determined", "cannot tell", "unmeasur", "n/a", "not applicable", "kein", "niemand",
    "unbekannt", "aucun", "inconnu", "ningun", "nenhum", "desconoc", "なし", "無し", "不明", "没有",
    "未知", NULL};

/* "500s" and "5xx" are names of errors. */
static bool is_status_code(struct slice digits, struct slice after)
{
    return digits.n <= 3 && (digits.p[0] == '4' || digits.p[0] == '5') &&
           ((digits.n == 3 && slice_istarts(after, SLICE("s"))) ||
            (digits.n == 1 && slice_istarts(after, SLICE("xx"))));
}

/* A number that is not part of a name such as v2 or h2c. */
static bool has_number(struct slice s)
{
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        while (end < s.n && ascii_is_digit((unsigned char)s.p[end]))
            end++;
        bool named = at && (ascii_is_alnum((unsigned char)s.p[at - 1]) || s.p[at - 1] == '_');
        if (end > at && !named &&
            !is_status_code(slice_sub(s, at, end - at), slice_sub(s, end, s.n)))
            return true;
        at = end > at ? end : at + 1;
    }
    return slice_find(s, SLICE("０"), 0) != SIZE_MAX;
}

static bool is_quantified(struct slice text)
{
    return has_number(text) || mentions(text, quantities);
}

/* impact: {customers: 1200}, impact.orders: unknown */
static bool impact_is_stated(const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        if (!slice_eqz(f->name, "impact") && !slice_starts(f->name, SLICE("impact.")))
            continue;
        if (f->how != FACT_VALUE)
            return true;
        for (size_t k = 0; k < f->nvalues; k++)
            if (is_quantified(f->values[k].raw))
                return true;
    }
    return false;
}

static void check_impact(struct report *r)
{
    const struct section_rule *rule = schema_section(r->checker->schema, SLICE("Impact"));
    const struct section *s = rule ? postmortem_section(r->pm, rule) : NULL;
    struct prose p;
    if (!s || !report_is_major(r) || !report_has_content(r, s) || impact_is_stated(r->pm))
        return;
    prose_read(&p, r->pm->doc, s);
    if (!p.unread && !is_quantified(str_slice(&p.text))) {
        struct finding *f = report_at(r, RULE_IMPACT_UNQUANTIFIED, s->heading,
                                      "the impact is told without a number");
        report_hint(r, f,
                    "how many users, requests, minutes, which part of the traffic? A rough number "
                    "will do, and `unknown` is an answer");
    }
    prose_release(&p);
}

/* ---- enough to learn from ---- */

enum { FEW = 3 };

/* Unknown, or nothing to say: an answer, however short. */
static bool is_answer(const struct prose *p)
{
    struct slice text = slice_trim(str_slice(&p->text));
    if (slice_ends(text, SLICE(".")))
        text.n--;
    return fact_how_of(text) != FACT_VALUE;
}

/* Each item is a lesson, and so may be each sentence that is in no list. */
static void check_lessons(struct report *r)
{
    const struct section_rule *rule = schema_section(r->checker->schema, SLICE("Lessons learned"));
    const struct section *s = rule ? postmortem_section(r->pm, rule) : NULL;
    struct prose p;
    if (!s || rule->min_entries || !report_has_content(r, s))
        return;
    prose_read(&p, r->pm->doc, s);
    size_t n = p.items + p.rows + p.sentences;
    if (n < FEW && !p.unread && !is_answer(&p)) {
        struct finding *f =
            report_at(r, RULE_FEW_LESSONS, s->heading, "%s",
                      n < 2 ? "there is only one lesson" : "there are only two lessons");
        report_hint(r, f,
                    "what surprised you, what would have helped, where else could it happen?");
    }
    prose_release(&p);
}

static void check_whys(struct report *r, const struct found_section *found)
{
    const struct section *s = &r->pm->doc->sections[found->section];
    struct prose p;
    if (found->rule->kind != SECTION_WHYS || found->rule->min_entries || !report_has_content(r, s))
        return;
    prose_read(&p, r->pm->doc, s);
    size_t listed = p.items + p.rows + p.sentences;
    size_t n = listed > p.headings ? listed : p.headings;
    if (n < FEW && !p.unread && !is_answer(&p)) {
        struct finding *f = report_at(r, RULE_SHALLOW_ROOT_CAUSES, s->heading,
                                      "the chain of whys ends after %s", n < 2 ? "one" : "two");
        report_hint(r, f, "ask why again, until the answer is a system that can be changed");
    }
    prose_release(&p);
}

/* ---- what the schema asks of sections ---- */

/* Timelines and action items are counted as they are read, if that is more. */
static size_t entries_read(const struct report *r, const struct section_rule *rule)
{
    return rule->kind == SECTION_TIMELINE  ? r->pm->timeline.n
           : rule->kind == SECTION_ACTIONS ? r->pm->actions.n
                                           : 0;
}

struct size {
    size_t words, entries;
    bool enough; /* whatever the numbers are */
};

/* Of all sections that go by the rule. */
static struct size size_of(const struct report *r, const struct section_rule *rule)
{
    struct size size = {0, 0, rule->kind == SECTION_ACTIONS && r->pm->actions.none_stated};
    for (size_t i = 0; i < r->pm->nsections; i++) {
        struct prose p;
        if (r->pm->sections[i].rule != rule)
            continue;
        prose_read(&p, r->pm->doc, &r->pm->doc->sections[r->pm->sections[i].section]);
        size.words += prose_words(&p);
        size.entries += prose_entries(&p);
        size.enough |= p.unread || is_answer(&p);
        prose_release(&p);
    }
    size_t read = entries_read(r, rule);
    size.entries = size.entries > read ? size.entries : read;
    return size;
}

static void too_few(struct report *r, const struct section *s, const struct section_rule *rule,
                    size_t has, size_t wants, const char *unit, const char *hint)
{
    struct finding *f = report_at(r, RULE_THIN_SECTION, s->heading,
                                  "section '" SLICE_FMT "' has %zu of the %zu %s that it needs",
                                  SLICE_ARG(rule->name), has, wants, unit);
    report_several(r, f, "sections have less in them than the schema asks for");
    report_hint(r, f, "%s", hint);
}

static void check_size(struct report *r, const struct section_rule *rule)
{
    const struct section *s = postmortem_section(r->pm, rule);
    if ((!rule->min_words && !rule->min_entries) || !s || !report_has_content(r, s))
        return;
    struct size size = size_of(r, rule);
    if (size.enough)
        return;
    if (size.words < rule->min_words)
        too_few(r, s, rule, size.words, rule->min_words, "words",
                "`min_words` of the schema asks for more; `unknown` and `n/a` are answers");
    else if (size.entries < rule->min_entries)
        too_few(r, s, rule, size.entries, rule->min_entries, "entries",
                "`min_entries` of the schema counts list items, table rows, or paragraphs where "
                "there is neither");
}

void rules_depth(struct report *r)
{
    const struct schema *s = r->checker->schema;
    check_impact(r);
    check_lessons(r);
    for (size_t i = 0; i < r->pm->nsections; i++)
        check_whys(r, &r->pm->sections[i]);
    for (size_t i = 0; i < s->nsections; i++)
        check_size(r, &s->sections[i]);
}
