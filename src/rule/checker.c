#include "pm/checker.h"

#include <stdlib.h>
#include <string.h>

#include "guidance.h"
#include "pm/caps.h"
#include "pm/utf8.h"
#include "pm/vec.h"
#include "pm/zone.h"
#include "report.h"
#include "words.h"

static const char schema_path[] = ".pm/schema.yaml", tags_path[] = ".pm/tags.yaml";

/* ---- findings about the schema's own files ---- */

static struct finding *file_finding(struct checker *c, const char *path, struct span span,
                                    const struct lines *lines, const char *message)
{
    struct finding *f = vec_add(&c->schema_findings);
    f->rule = RULE_SCHEMA;
    f->level = LEVEL_ERROR; /* a gate whose rules are broken does not stand open */
    f->path = slice_of(path);
    f->number = c->schema_findings.n;
    f->message = arena_dup(&c->schema_findings.arena, slice_of(message));
    if (span.end <= lines->text.n) {
        f->start = lines_place(lines, span.start);
        f->end = lines_place(lines, span.end);
        f->line = report_source_line(lines, f->start.line);
    }
    return f;
}

static struct finding *schema_finding(struct checker *c, struct span span, const char *message)
{
    struct lines lines;
    lines_init(&lines, c->schema->text);
    struct finding *f = file_finding(c, schema_path, span, &lines, message);
    lines_release(&lines);
    return f;
}

static void add_problems(struct checker *c, const struct problems *ps, const char *path,
                         struct slice text)
{
    struct lines lines;
    lines_init(&lines, text);
    for (size_t i = 0; i < ps->n; i++) {
        const struct problem *p = &ps->v[i];
        struct finding *f = file_finding(c, path, p->span, &lines, p->text);
        if (p->hint)
            f->hint = arena_dup(&c->schema_findings.arena, slice_of(p->hint));
    }
    lines_release(&lines);
}

static void read_levels(struct checker *c)
{
    const struct schema *s = c->schema;
    for (enum rule r = 0; r < RULE_COUNT; r++)
        c->levels[r] = rule_default_level(r);
    for (size_t i = 0; i < s->nlevels; i++) {
        const struct named_level *l = &s->levels[i];
        enum rule rule;
        enum level level;
        struct str why = STR_INIT;
        if (!rule_by_name(l->rule, &rule)) {
            rule_unknown(&why, l->rule);
        } else if (!level_by_name(l->level, &level)) {
            str_addf(&why, "'" SLICE_FMT "' is no level: write error, warning, info or off",
                     SLICE_ARG(l->level));
        } else {
            c->levels[rule] = level;
        }
        if (why.n)
            schema_finding(c, l->source.span, why.p);
        str_release(&why);
    }
    for (enum rule r = 0; c->options.only && r < RULE_COUNT; r++)
        c->unlisted[r] = !c->options.only[r] && !(r == RULE_SCHEMA && s->broken);
}

/* ---- conditions ---- */

static struct condition prepare(struct checker *c, const struct need *need)
{
    struct condition out = {need->kind, NULL};
    struct err why = ERR_INIT;
    if (need->kind != NEED_WHEN ||
        query_parse(&out.query, need->when, &c->context, &c->arena, &why) == 0)
        return out;
    if (need->source.origin != ORIGIN_OWN)
        BUG("the built-in condition '" SLICE_FMT "': %s", SLICE_ARG(need->when), why.text);
    out.query = NULL;
    struct str text = STR_INIT;
    str_addf(&text, "a condition that never holds: %.*s", (int)strcspn(why.text, "\n"), why.text);
    schema_finding(c, need->source.span, text.p);
    str_release(&text);
    return out;
}

static void read_conditions(struct checker *c)
{
    const struct schema *s = c->schema;
    struct condition **lists[] = {&c->field_required, &c->field_recommended, &c->section_required,
                                  &c->section_recommended, &c->one_of};
    size_t counts[] = {s->nfields, s->nfields, s->nsections, s->nsections, s->nalternatives};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        *lists[i] = arena_array(&c->arena, counts[i] + 1, sizeof ***lists);
    for (size_t i = 0; i < s->nfields; i++) {
        c->field_required[i] = prepare(c, &s->fields[i].required);
        c->field_recommended[i] = prepare(c, &s->fields[i].recommended);
    }
    for (size_t i = 0; i < s->nsections; i++) {
        c->section_required[i] = prepare(c, &s->sections[i].required);
        c->section_recommended[i] = prepare(c, &s->sections[i].recommended);
    }
    for (size_t i = 0; i < s->nalternatives; i++)
        c->one_of[i] = prepare(c, &s->one_of[i].required);
    c->at_least_one = prepare(c, &s->actions.at_least_one);
}

bool condition_holds(const struct report *r, const struct condition *c)
{
    struct query_document d = {.pm = r->judged};
    if (c->kind != NEED_WHEN)
        return c->kind == NEED_YES;
    return c->query && query_match(c->query, &r->checker->context, &d, NULL);
}

/* ---- the checker ---- */

/* Where the system has no zones every name would be wrong. */
static bool zones_are_installed(void)
{
    struct zone *zone = NULL;
    bool installed = zone_load(&zone, SLICE("Etc/UTC"), NULL) == 0;
    zone_free(zone);
    return installed;
}

/* The schema is pure and does not know which zones there are. */
static void check_timezone(struct checker *c)
{
    const struct schema *s = c->schema;
    struct zone *zone = NULL;
    struct err why = ERR_INIT;
    if (s->timezone_source.origin == ORIGIN_OWN && zone_load(&zone, s->timezone, &why) && zones_are_installed()) {
        struct finding *f = schema_finding(c, s->timezone_source.span, why.text);
        f->hint = SLICE("write a name such as Europe/Berlin, or an offset such as +01:00");
    }
    zone_free(zone);
}

struct checker *checker_new(const struct schema *s, const struct check_options *o)
{
    struct checker *c = xcalloc(1, sizeof *c);
    c->schema = s;
    c->options = *o;
    c->context = (struct query_context){.schema = s, .today = o->today, .now = o->now};
    add_problems(c, &s->problems, schema_path, s->text);
    add_problems(c, &s->tag_problems, tags_path, s->tags_text);
    c->words = words_load();
    if (o->baseline)
        add_problems(c, &o->baseline->problems, BASELINE_PATH, o->baseline->bytes);
    read_levels(c);
    read_conditions(c);
    check_timezone(c);
    if (o->template)
        c->guidance = guidance_read(o->template, s, &c->arena);
    c->options.template = NULL;
    return c;
}

void checker_free(struct checker *c)
{
    if (!c)
        return;
    findings_release(&c->schema_findings);
    words_free(c->words);
    arena_release(&c->arena);
    free(c);
}

void checker_schema(const struct checker *c, struct findings *out)
{
    for (size_t i = 0; i < c->schema_findings.n; i++) {
        struct finding f = c->schema_findings.v[i];
        f.message = arena_dup(&out->arena, f.message);
        f.hint = arena_dup(&out->arena, f.hint);
        vec_push(out, f);
    }
}

/* The document as it would be without its status: facts are shared, the array is the caller's. */
static struct postmortem without_status(const struct postmortem *pm)
{
    struct postmortem copy = *pm;
    const struct fact *status = postmortem_fact(pm, "status");
    copy.facts = xcalloc(pm->nfacts + 1, sizeof *copy.facts);
    copy.nfacts = 0;
    for (size_t i = 0; i < pm->nfacts; i++)
        if (&pm->facts[i] != status)
            copy.facts[copy.nfacts++] = pm->facts[i];
    copy.status = STATUS_REVIEW;
    copy.status_stated = false;
    return copy;
}

/* A draft is held to what makes it readable, and to its Summary (whose condition says so itself).
 */
static void judge(struct report *r)
{
    rules_sections(r);
    if (r->draft)
        return;
    rules_fields(r);
    rules_times(r);
    rules_timeline(r);
    rules_detection(r);
    rules_depth(r);
    rules_tags(r);
    rules_actions(r);
    rules_change(r);
    rules_promises(r);
    rules_blameless(r);
    rules_links(r);
}

/* False: not all of it could be judged. */
static bool judge_text(struct report *r, bool as_review)
{
    if (rules_conflicts(r))
        return false;
    rules_problems(r);
    if (!r->pm->readable || r->checker->schema->broken)
        return false;
    if (!as_review) {
        judge(r);
        return true;
    }
    struct postmortem review = without_status(r->pm);
    r->judged = &review;
    judge(r);
    r->judged = r->pm;
    free(review.facts);
    return true;
}

static void drop_unlisted(const struct checker *c, struct findings *f, size_t first)
{
    size_t kept = first;
    for (size_t i = first; i < f->n; i++)
        if (!c->unlisted[f->v[i].rule])
            f->v[kept++] = f->v[i];
    f->n = kept;
}

bool checker_asks(const struct checker *c, enum rule r)
{
    return c->levels[r] != LEVEL_OFF && !c->unlisted[r];
}

static void judge_version(struct report *r, size_t *accepted)
{
    const struct checker *c = r->checker;
    size_t first = r->out->n;
    bool as_review = r->pm->status == STATUS_DRAFT && c->options.as_review;
    r->judged = r->pm;
    r->draft = r->pm->status == STATUS_DRAFT && !as_review;
    rules_secrets(r);
    bool whole = judge_text(r, as_review);
    waivers_apply(r, first, whole, accepted);
    drop_unlisted(c, r->out, first);
    vec_release(&r->keys);
}

/* What stood there is counted to its end: else a change could lift a finding over the cap, and it
 * would look like one that was added. */
void checker_change(const struct checker *c, const struct postmortem *before,
                    const struct postmortem *pm, struct findings *out, struct set_aside *aside)
{
    struct findings then = FINDINGS_INIT;
    struct report now = {.checker = c, .pm = pm, .before = before, .out = out};
    size_t first = out->n;
    now.limit = CAP_FINDINGS;
    judge_version(&now, aside->accepted);
    if (c->options.baseline)
        baseline_apply(c->options.baseline, pm->path, out, first, aside->accepted);
    if (!before || before->status < pm->status || out->n == first)
        return;
    struct report past = {
        .checker = c, .pm = before, .out = &then, .limit = SIZE_MAX, .unplaced = true};
    size_t accepted[LEVEL_ERROR + 1] = {0};
    judge_version(&past, accepted);
    if (c->options.baseline)
        baseline_apply(c->options.baseline, pm->path, &then, 0, accepted);
    ratchet(&(struct judged){pm, out, first}, &(struct judged){before, &then, 0}, aside->inherited);
    findings_release(&then);
}

void checker_document(const struct checker *c, const struct postmortem *pm, struct findings *out)
{
    struct set_aside aside = {{0}, {0}};
    checker_change(c, NULL, pm, out, &aside);
}

void checker_settle(const struct checker *c, struct findings *f, struct set_aside *aside)
{
    struct findings kept = FINDINGS_INIT;
    drop_unlisted(c, f, 0);
    if (!c->options.baseline)
        return;
    findings_sort(f);
    for (size_t i = 0; i < f->n;) {
        struct slice path = f->v[i].path;
        size_t first = kept.n;
        for (; i < f->n && slice_eq(f->v[i].path, path); i++)
            vec_push(&kept, f->v[i]);
        baseline_apply(c->options.baseline, path, &kept, first, aside->accepted);
    }
    free(f->v);
    f->v = kept.v;
    f->n = kept.n;
    f->cap = kept.cap;
}

/* ---- rules that need every document ---- */

bool checker_claim(const struct checker *c, const struct postmortem *before,
                   const struct postmortem *pm, struct findings *out, struct claim *claim)
{
    struct report r = {.checker = c, .pm = pm, .out = out, .secrets = true};
    const struct fact *id = postmortem_fact(pm, "id");
    if (pm->id_from != ID_STATED || !id || c->levels[RULE_DUPLICATE_ID] == LEVEL_OFF ||
        c->unlisted[RULE_DUPLICATE_ID] || report_is_secret(&r, pm->id) ||
        waivers_allow(pm, RULE_DUPLICATE_ID, c->options.today))
        return false;
    claim->id = arena_dup(&out->arena, pm->id);
    claim->fresh = !before || before->id_from != ID_STATED || !slice_eq(before->id, pm->id);
    claim->finding = report_finding(&r, RULE_DUPLICATE_ID, id->span);
    claim->finding.line = report_line(&r, claim->finding.start.line);
    return true;
}

static int old_ones_first(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->fresh != y->fresh)
        return x->fresh ? 1 : -1;
    return slice_cmp(x->finding.path, y->finding.path);
}

void checker_claims(struct claim *claims, size_t n, struct findings *out)
{
    struct map first = MAP_INIT;
    if (n > 1)
        qsort(claims, n, sizeof *claims, old_ones_first);
    for (size_t i = 0; i < n; i++) {
        const struct claim *holder = map_get(&first, claims[i].id);
        if (!holder) {
            map_put(&first, claims[i].id, &claims[i]);
            continue;
        }
        if (!claims[i].fresh)
            continue;
        struct finding f = claims[i].finding;
        f.message =
            slice_of(arena_fmt(&out->arena, "'" SLICE_FMT "' is the id of '" SLICE_FMT "' already",
                               SLICE_ARG(claims[i].id), SLICE_ARG(holder->finding.path)));
        f.hint = SLICE("give one of the two another id");
        vec_push(out, f);
    }
    map_release(&first);
}
