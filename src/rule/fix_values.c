/* Names and values in the front matter, as the schema spells them. */
#include "fix_private.h"

#include "pm/utf8.h"

bool value_place(const struct document *doc, const struct value *v, struct span *out)
{
    struct slice whole = document_slice(doc, v->span);
    size_t at = slice_find(whole, v->raw, 0);
    if (!v->raw.n || at == SIZE_MAX || slice_find(whole, v->raw, at + 1) != SIZE_MAX)
        return false;
    out->start = v->span.start + (uint32_t)at;
    out->end = out->start + (uint32_t)v->raw.n;
    return true;
}

bool value_beside(const struct fact *fact, const struct value *v, struct slice text)
{
    for (size_t i = 0; i < fact->nvalues; i++)
        if (&fact->values[i] != v &&
            (slice_eq(fact->values[i].text, text) || slice_eq(fact->values[i].raw, text)))
            return true;
    return false;
}

/* Needs no quotes, whether inside of brackets or not. */
static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool inside = i > 0 && i + 1 < text.n;
        if (!ascii_is_alnum(c) && c < 0x80 && !(inside && (c == ' ' || c == '-' || c == '_' ||
                                                           c == '/' || c == '.')))
            return false;
    }
    return text.n > 0;
}

static void add(struct fixes *out, struct span span, struct slice before, struct slice after,
                bool finding)
{
    struct fix *fix = vec_add(out);
    fix->finding = finding;
    fix->n = 1;
    fix->parts[0].span = span;
    fix->parts[0].text = arena_dup(&out->arena, after);
    fix->said = slice_of(arena_fmt(&out->arena, "'" SLICE_FMT "' → '" SLICE_FMT "'",
                                   SLICE_ARG(before), SLICE_ARG(after)));
}

/* ---- what is read all the same ---- */

/* Letters and digits, folded: what two spellings of one word have in common. */
static void add_letters(struct str *out, struct slice text)
{
    struct str folded = STR_INIT;
    utf8_fold(&folded, text);
    struct slice s = str_slice(&folded);
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        if (utf8_is_letter(utf8_next(s, &i)))
            str_adds(out, slice_sub(s, start, i - start));
    }
    str_release(&folded);
}

/* SEV-2 is sev2; `high`, which the schema takes for it, is another word and stays. */
static bool same_word(struct slice a, struct slice b)
{
    struct str x = STR_INIT, y = STR_INIT;
    add_letters(&x, a);
    add_letters(&y, b);
    bool same = slice_eq(str_slice(&x), str_slice(&y));
    str_release(&x);
    str_release(&y);
    return same;
}

static struct slice spelled(const struct schema *s, const struct fact *fact, const struct value *v)
{
    if (fact->field->type == FIELD_ENUM && same_word(v->raw, v->text))
        return v->text;
    if (fact->field->type == FIELD_TAG && s->taxonomy.closed) {
        const struct tag *tag = taxonomy_find(&s->taxonomy, v->raw);
        if (tag && !tag->deprecated.n)
            return tag->name;
    }
    return v->raw;
}

static size_t digits(struct slice s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && ascii_is_digit((unsigned char)s.p[at + n]))
        n++;
    return n;
}

/* 2026-3-7, at the beginning of a date or a time: its length, 0 where it is none or has all of its
 * digits. */
static size_t short_date(struct slice s, struct str *padded)
{
    size_t month = digits(s, 5), day = digits(s, 6 + month);
    if (digits(s, 0) != 4 || !month || month > 2 || !day || day > 2 || month + day == 4 ||
        s.p[4] != '-' || s.p[5 + month] != '-')
        return 0;
    str_adds(padded, slice_sub(s, 0, 5));
    str_addf(padded, "%s" SLICE_FMT "-", month < 2 ? "0" : "", SLICE_ARG(slice_sub(s, 5, month)));
    str_addf(padded, "%s" SLICE_FMT, day < 2 ? "0" : "", SLICE_ARG(slice_sub(s, 6 + month, day)));
    return 6 + month + day;
}

static void pad_date(struct fixes *out, const struct postmortem *pm, const struct value *v)
{
    struct str padded = STR_INIT;
    struct span at;
    size_t n = short_date(v->raw, &padded);
    if (n && value_place(pm->doc, v, &at)) {
        at.end = at.start + (uint32_t)n;
        add(out, at, slice_sub(v->raw, 0, n), str_slice(&padded), false);
    }
    str_release(&padded);
}

void fixes_of_spelling(struct fixes *out, const struct postmortem *pm)
{
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *fact = &pm->facts[i];
        if (!fact->field || fact->origin != FACT_FRONT || fact->how != FACT_VALUE)
            continue;
        for (size_t k = 0; k < fact->nvalues; k++) {
            const struct value *v = &fact->values[k];
            struct slice text = spelled(pm->schema, fact, v);
            struct span at;
            if (fact->field->type == FIELD_DATE || fact->field->type == FIELD_TIMESTAMP)
                pad_date(out, pm, v);
            else if (!slice_eq(text, v->raw) && is_plain(text) && !value_beside(fact, v, text) &&
                     value_place(pm->doc, v, &at))
                add(out, at, v->raw, text, false);
        }
    }
}

/* ---- what findings offer ---- */

static void of_sections(struct fixes *out, const struct fixer *fx, const struct postmortem *pm,
                        const struct finding *f)
{
    struct fix fix = {.heading = true, .finding = true};
    struct str said = STR_INIT;
    struct slice rest = f->fix_text, name;
    while (fix.n < sizeof fix.parts / sizeof *fix.parts && slice_split(&rest, '\n', &name)) {
        const struct section_rule *rule = schema_section(pm->schema, name);
        fix_section_place(fx, pm, rule, &out->arena, &fix.parts[fix.n++]);
        str_addf(&said, "%sheading '" SLICE_FMT "' added", said.n ? ", " : "",
                 SLICE_ARG(rule->name));
    }
    fix.said = arena_dup(&out->arena, str_slice(&said));
    vec_push(out, fix);
    str_release(&said);
}

void fixes_of_findings(struct fixes *out, const struct fixer *fx, const struct postmortem *pm,
                       const struct findings *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->v[i].fix == FIX_TEXT && is_plain(f->v[i].fix_text))
            add(out, f->v[i].fix_span, document_slice(pm->doc, f->v[i].fix_span), f->v[i].fix_text,
                true);
        else if (f->v[i].fix == FIX_SECTIONS)
            of_sections(out, fx, pm, &f->v[i]);
    }
}
