/* Front matter: what cannot be read, what is missing, what is not of its type. */
#include "report.h"

#include "pm/caps.h"
#include "pm/spell.h"

/* A value that is no answer yet: not a wrong value, but one to come. */
static void placeholder_value(struct report *r, struct span span, struct slice name)
{
    struct finding *f =
        report_at(r, RULE_PLACEHOLDER, span, "field '" SLICE_FMT "' holds only a placeholder",
                  SLICE_ARG(name));
    report_several(r, f, "fields hold only a placeholder");
    report_hint(r, f, "write its value, `unknown` or `n/a`");
}

static void invalid_value(struct report *r, const struct problem *p)
{
    if (r->draft)
        return;
    if (report_is_placeholder(document_slice(r->pm->doc, p->span)) && p->subject.n) {
        placeholder_value(r, p->span, p->subject);
        return;
    }
    struct finding *f = report_at(r, RULE_INVALID_VALUE, p->span, "%s", p->text);
    if (p->hint)
        report_hint(r, f, "%s", p->hint);
}

/* What the readers below had to say becomes findings. */
void rules_problems(struct report *r)
{
    const struct problems *ps = &r->pm->problems;
    for (size_t i = 0; i < ps->n; i++) {
        const struct problem *p = &ps->v[i];
        bool large = p->kind == PROBLEM_TOO_LARGE;
        if (p->kind == PROBLEM_VALUE)
            invalid_value(r, p);
        if (!large && p->kind != PROBLEM_UNREADABLE)
            continue;
        struct finding *f = report_at(r, large ? RULE_TOO_LARGE : RULE_UNREADABLE_FRONT_MATTER,
                                      p->span, "%s", p->text);
        if (p->hint || large)
            report_hint(r, f, "%s",
                        p->hint ? p->hint
                                : "shorten it: logs and data belong into "
                                  "files of their own, linked from here");
    }
}

/* Stated or derived. `n/a` and `unknown` are answers, and so is a value that is not of its type:
 * invalid-value speaks of that one. */
static bool has_field(const struct postmortem *pm, const struct field *field)
{
    if (slice_eqz(field->name, "title"))
        return pm->title.n > 0;
    return postmortem_fact_named(pm, field->name) != NULL;
}

static void no_front_matter(struct report *r)
{
    const struct schema *s = r->checker->schema;
    struct str names = STR_INIT;
    for (size_t i = 0; i < s->nfields; i++)
        if (!has_field(r->pm, &s->fields[i]) && condition_holds(r, &r->checker->field_required[i]))
            str_addf(&names, "%s" SLICE_FMT, names.n ? ", " : "", SLICE_ARG(s->fields[i].name));
    if (names.n) {
        struct finding *f = report_absent(
            r, RULE_MISSING_FRONT_MATTER, ABSENT_FRONT_MATTER, str_slice(&names),
            "there is no front matter, and nothing else that pm reads states: %s", names.p);
        report_hint(r, f,
                    "begin the file with a line '---', then 'name: value' lines, then '---'; "
                    "'unknown' is an accepted value");
    }
    str_release(&names);
}

/* The first line of the text that is neither blank nor in a comment. */
static struct slice first_line(struct slice text)
{
    struct slice line = SLICE("");
    if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
        text = slice_sub(text, 3, text.n);
    text = slice_ltrim(text);
    while (slice_starts(text, SLICE("<!--"))) {
        size_t end = slice_find(text, SLICE("-->"), 4);
        text = slice_ltrim(slice_sub(text, end == SIZE_MAX ? text.n : end + 3, text.n));
    }
    slice_split(&text, '\n', &line);
    return line;
}

/* What would be front matter, if nothing stood before it: '---', and below it a field. */
static bool misplaced_front_matter(struct report *r)
{
    const struct document *doc = r->pm->doc;
    struct slice line = first_line(doc->bytes), next = SLICE("");
    size_t at = line.n ? (size_t)(line.p - doc->bytes.p) : 0;
    struct slice rest = slice_sub(doc->bytes, at + line.n + 1, doc->bytes.n);
    if (!slice_eqz(slice_rtrim(line), "---") || !slice_split(&rest, '\n', &next))
        return false;
    size_t colon = slice_chr(next, ':', 0);
    if (colon == SIZE_MAX || !schema_key(r->pm->schema, slice_sub(next, 0, colon)))
        return false;
    struct span span = {(uint32_t)at, (uint32_t)at + 3};
    struct finding *f = report_at(r, RULE_MISSING_FRONT_MATTER, span,
                                  "front matter is read at the beginning of the file only");
    report_hint(r, f, "delete what stands before this line, or move it below the second '---'");
    return true;
}

bool report_is_major(const struct report *r)
{
    enum { MAJOR = 2 }; /* by the order in which the schema lists severities */
    return postmortem_severity(r->pm) < MAJOR;
}

/* Somebody commands a major incident: that nobody can be named is worth a warning. */
static void recommended_field(struct report *r, struct slice name)
{
    struct finding *f =
        report_absent(r, RULE_RECOMMENDED_FIELD, ABSENT_FIELD, name,
                      "recommended field '" SLICE_FMT "' is missing", SLICE_ARG(name));
    if (f && f->level == LEVEL_INFO && slice_eqz(name, "roles.commander") && report_is_major(r))
        f->level = LEVEL_WARNING;
}

static void missing_fields(struct report *r)
{
    const struct checker *c = r->checker;
    const struct schema *s = c->schema;
    for (size_t i = 0; i < s->nfields; i++) {
        struct slice name = s->fields[i].name;
        if (has_field(r->pm, &s->fields[i]))
            continue;
        if (condition_holds(r, &c->field_required[i]))
            report_absent(r, RULE_MISSING_FIELD, ABSENT_FIELD, name,
                          "required field '" SLICE_FMT "' is missing", SLICE_ARG(name));
        else if (condition_holds(r, &c->field_recommended[i]))
            recommended_field(r, name);
    }
}

/* The field that a name nearly names. */
struct near {
    const struct field *field; /* NULL: none */
    struct slice name;         /* which of its names, as the schema writes it */
    size_t distance;
    bool alone;                /* no other field is as near */
};

/* Behind the maps that lead to it: of roles.commander, the second word. */
static struct slice own_name(struct slice name)
{
    size_t dot;
    while ((dot = slice_chr(name, '.', 0)) < name.n)
        name = slice_sub(name, dot + 1, name.n);
    return name;
}

/* Among those that the document does not state. One slip in short names, two in long ones: other
 * tools' fields are none of our business. */
static struct near nearly(const struct report *r, struct slice name)
{
    const struct schema *s = r->checker->schema;
    struct str folded = STR_INIT;
    name_fold(&folded, name);
    size_t length = own_name(str_slice(&folded)).n;
    struct near near = {.distance = length >= 8 ? 3 : length >= 4 ? 2 : 0};
    for (size_t i = 0; i < s->nfields; i++) {
        const struct field *field = &s->fields[i];
        for (size_t k = 0; k < field->names.n; k++) {
            size_t d = spell_distance(str_slice(&folded), field->names.folded[k], near.distance + 1);
            if (d > near.distance || (d == near.distance && (!near.field || near.field == field)) ||
                has_field(r->pm, field))
                continue;
            if (d == near.distance)
                near.alone = false;
            else
                near = (struct near){field, field->names.spellings[k].text, d, true};
        }
    }
    str_release(&folded);
    return near;
}

/* A slip of one key is one; two may be another word (resolved_by, resolved_at). A dotted name is the
 * way to it through maps: at the top it has another one. Within a map nothing is renamed. */
static void fix_name(struct report *r, struct finding *f, const struct fact *fact,
                     const struct near *near)
{
    struct slice name = near->field->name;
    if (slice_chr(name, '.', 0) != SIZE_MAX)
        name = near->name;
    bool nested = slice_chr(fact->name, '.', 0) != SIZE_MAX;
    if (!nested && near->distance == 1 && near->alone && schema_key(r->pm->schema, name) == near->field)
        report_fix(r, f, fact->key, name);
}

static void unknown_field(struct report *r, const struct fact *fact)
{
    const struct near near = nearly(r, fact->name);
    if (!near.field)
        return;
    struct finding *f =
        report_at(r, RULE_UNKNOWN_FIELD, fact->key,
                  "there is no field '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                  SLICE_ARG(fact->name), SLICE_ARG(near.field->name));
    fix_name(r, f, fact, &near);
}

/* A document with thousands of names, held against a schema with thousands, would take a minute. */
static void unknown_fields(struct report *r)
{
    size_t looked_up = 0;
    for (size_t i = 0; i < r->pm->nfacts; i++) {
        const struct fact *fact = &r->pm->facts[i];
        if (fact->field || fact->origin != FACT_FRONT)
            continue;
        if (looked_up++ == CAP_UNKNOWN_FIELDS) {
            report_at(r, RULE_UNKNOWN_FIELD, fact->key,
                      "more than %u names are no fields: from here on none is looked up as misspelt",
                      CAP_UNKNOWN_FIELDS);
            return;
        }
        unknown_field(r, fact);
    }
}

/* Free text takes any value, a placeholder too; other types have refused it. */
static void placeholders(struct report *r)
{
    for (size_t i = 0; i < r->pm->nfacts; i++) {
        const struct fact *fact = &r->pm->facts[i];
        if (!fact->field || fact->origin != FACT_FRONT)
            continue;
        for (size_t k = 0; k < fact->nvalues; k++)
            if (report_is_placeholder(fact->values[k].raw))
                placeholder_value(r, fact->values[k].span, fact->name);
    }
}

/* The id with its number written as the pattern has it; empty where that is not its only fault. */
static struct slice id_by_pattern(struct slice pattern, struct slice id, struct str *out)
{
    size_t first = slice_chr(pattern, '#', 0), from = 0, to, end = first;
    while (end < pattern.n && pattern.p[end] == '#')
        end++;
    while (from < id.n && !ascii_is_digit((unsigned char)id.p[from]))
        from++;
    for (to = from; to < id.n && ascii_is_digit((unsigned char)id.p[to]);)
        to++;
    str_adds(out, slice_sub(pattern, 0, first));
    str_pad(out, '0', to - from < end - first ? end - first - (to - from) : 0);
    str_adds(out, slice_sub(id, from, to - from));
    str_adds(out, slice_sub(pattern, end, pattern.n));
    bool near = slice_ieq(slice_sub(id, 0, from), slice_sub(pattern, 0, first)) &&
                slice_ieq(slice_sub(id, to, id.n), slice_sub(pattern, end, pattern.n));
    return near && to > from ? str_slice(out) : SLICE("");
}

/* Without an id a document goes by the name of its file, whatever the pattern. */
static void check_id(struct report *r)
{
    struct slice pattern = r->checker->schema->id_pattern;
    const struct fact *fact = postmortem_fact(r->pm, "id");
    if (!pattern.n || r->pm->id_from != ID_STATED || !fact || fact->nvalues != 1)
        return;
    const struct value *v = &fact->values[0];
    if (pattern_scan(pattern, v->text) == v->text.n || report_is_placeholder(v->raw))
        return;
    struct str right = STR_INIT;
    struct finding *f = report_at(r, RULE_ID_PATTERN, v->span,
                                  "id '" SLICE_FMT "' is not of the form '" SLICE_FMT "'",
                                  SLICE_ARG(v->text), SLICE_ARG(pattern));
    struct slice meant = id_by_pattern(pattern, v->text, &right);
    if (meant.n)
        report_hint(r, f, "write it '" SLICE_FMT "'", SLICE_ARG(meant));
    else
        report_hint(r, f, "'#' stands for a digit; `pm new` gives new postmortems the next id");
    str_release(&right);
}

void rules_fields(struct report *r)
{
    placeholders(r);
    if (r->pm->doc->front != FRONT_NONE)
        missing_fields(r);
    else if (!misplaced_front_matter(r))
        no_front_matter(r);
    unknown_fields(r);
    check_id(r);
}
