#include "pm/value.h"

#include "pm/postmortem.h"
#include "pm/spell.h"
#include "pm/utf8.h"

#include <string.h>

/* ---- beginnings -------------------------------------------------------------------------------- */

/* Where an aside begins: "SEV-2（no data lost）", "13 minutes, then slower". */
static const char *const aside_marks[] = {"(", "（", ",", "，", "、", ";", "；", "。", " - ", "—",
                                          "–", "※", "／", "<", NULL};

static size_t aside(struct slice s)
{
    size_t first = s.n;
    for (const char *const *mark = aside_marks; *mark; mark++) {
        size_t at = slice_find(slice_sub(s, 0, first), slice_of(*mark), 0);
        if (at < first)
            first = at;
    }
    return first;
}

/* The shorter and shorter beginnings of a text: all of it, what stands before an aside, then that
 * word by word, the longest first. A long sentence is not searched: it is prose. */
#define LEAD_WORDS 6
struct lead {
    struct slice text;
    size_t ends[LEAD_WORDS + 2];
    size_t n, next;
};

static void lead_init(struct lead *l, struct slice text, enum value_extent extent)
{
    size_t words[LEAD_WORDS], nwords = 0;
    struct slice head;
    *l = (struct lead){.text = text, .n = 1};
    l->ends[0] = text.n;
    if (extent == VALUE_WHOLE)
        return;
    head = slice_rtrim(slice_sub(text, 0, aside(text)));
    if (head.n < text.n)
        l->ends[l->n++] = head.n;
    for (size_t i = 1; i < head.n && nwords < LEAD_WORDS; i++)
        if (head.p[i] == ' ' && head.p[i - 1] != ' ')
            words[nwords++] = i;
    while (nwords > 0)
        l->ends[l->n++] = words[--nwords];
}

static bool lead_next(struct lead *l, struct slice *out)
{
    if (l->next == l->n)
        return false;
    *out = slice_sub(l->text, 0, l->ends[l->next++]);
    return true;
}

/* ---- types ------------------------------------------------------------------------------------- */

/* A short text may begin with the word; a sentence ("No longer than …") has to be cut off. */
#define ENUM_LEADS 4

static bool read_enum(const struct field *f, struct lead *l, struct value *v)
{
    struct slice word;
    size_t tries = l->n > ENUM_LEADS ? ENUM_LEADS / 2 : ENUM_LEADS;
    while (tries-- > 0 && lead_next(l, &word)) {
        size_t i = field_value(f, word);
        if (i == SIZE_MAX)
            continue;
        v->number = (int64_t)i;
        v->text = f->values[i].name;
        return true;
    }
    return false;
}

static bool read_number(const struct field *f, struct lead *l, struct value *v)
{
    struct slice word;
    while (lead_next(l, &word)) {
        size_t about = when_about(word);
        double amount;
        struct slice digits = slice_trim(slice_sub(word, about, word.n));
        if (!number_parse(digits, &amount))
            continue;
        if (f->type == FIELD_INTEGER &&
            (amount < -9e15 || amount > 9e15 || amount != (double)(int64_t)amount))
            continue;
        v->amount = amount;
        v->number = f->type == FIELD_INTEGER ? (int64_t)amount : 0;
        v->approx = about > 0;
        return true;
    }
    return false;
}

static bool read_money(struct lead *l, struct value *v)
{
    struct slice word;
    while (lead_next(l, &word)) {
        size_t about = when_about(word);
        if (!money_parse(slice_sub(word, about, word.n), &v->amount, &v->currency))
            continue;
        v->approx = about > 0;
        return true;
    }
    return false;
}

/* "19 hours 43 or so" is not 19 hours. */
static bool goes_on(const struct lead *l, struct slice word)
{
    struct slice rest = slice_ltrim(slice_sub(l->text, word.n, l->text.n));
    return rest.n > 0 && ascii_is_digit((unsigned char)rest.p[0]);
}

static bool read_duration(struct lead *l, struct value *v)
{
    struct slice word;
    while (lead_next(l, &word)) {
        bool approx = false;
        if (slice_ends(word, SLICE(".")))
            word = slice_sub(word, 0, word.n - 1);
        size_t about = when_about(word);
        struct slice length = slice_trim(slice_sub(word, about, word.n));
        if (goes_on(l, word))
            continue;
        if (!duration_parse(word, &v->number, &approx) &&
            !duration_parse(length, &v->number, &approx))
            continue;
        v->approx = approx || about > 0;
        return true;
    }
    return false;
}

static struct slice keep(struct arena *a, struct str *s)
{
    struct slice copy = arena_dup(a, str_slice(s));
    str_release(s);
    return copy;
}

static bool read_date(const struct value_reader *vr, struct slice text, enum value_extent extent,
                      struct value *v)
{
    struct moment m;
    struct str canonical = STR_INIT;
    size_t used;
    if (!when_scan(text, &m, &used) || m.date.year == 0 ||
        (extent == VALUE_WHOLE && slice_trim(slice_sub(text, used, text.n)).n > 0))
        return false;
    v->number = date_days(m.date);
    v->approx = m.approx;
    date_format(&canonical, m.date);
    v->text = keep(vr->arena, &canonical);
    return true;
}

#define HALF_A_DAY (12 * 60 * 60)

/* A time of day is on the day on which it began, or on the next one when it would lie half a day and
 * more before that. */
static bool resolve_clock(const struct value_reader *vr, struct moment *m, struct value *v)
{
    struct local_zone local = vr->local;
    if (!vr->start || m->hour < 0)
        return false;
    if (!local.known && vr->start->zone_known)
        local = (struct local_zone){.known = true, .offset = vr->start->offset};
    m->date = time_date_utc(vr->start->number + vr->start->offset);
    if (!when_resolve(vr->rd, m, &local, &v->number, &v->offset))
        return false;
    if (vr->start->day_only || v->number + HALF_A_DAY >= vr->start->number)
        return true;
    m->date = date_from_days(date_days(m->date) + 1);
    return when_resolve(vr->rd, m, &local, &v->number, &v->offset);
}

static bool read_timestamp(const struct value_reader *vr, struct slice text,
                           enum value_extent extent, struct value *v)
{
    struct moment m;
    struct str canonical = STR_INIT;
    size_t used;
    if (!when_scan(text, &m, &used))
        return false;
    if (extent == VALUE_WHOLE && slice_trim(slice_sub(text, used, text.n)).n > 0)
        return false;
    if (m.date.year == 0 ? !resolve_clock(vr, &m, v)
                         : !when_resolve(vr->rd, &m, &vr->local, &v->number, &v->offset))
        return false;
    v->zone_known = m.zone != ZONE_NONE;
    v->day_only = m.hour < 0;
    v->approx = m.approx;
    if (v->day_only)
        date_format(&canonical, m.date);
    else
        time_format_offset(&canonical, v->number, v->offset);
    v->text = keep(vr->arena, &canonical);
    return true;
}

static struct slice without_aside(struct slice text, enum value_extent extent)
{
    return extent == VALUE_WHOLE ? text : slice_rtrim(slice_sub(text, 0, aside(text)));
}

static bool read_person(struct slice text, enum value_extent extent, struct value *v)
{
    text = without_aside(text, extent);
    if (slice_starts(text, SLICE("@")))
        text = slice_sub(text, 1, text.n);
    v->text = text;
    return text.n > 0;
}

/* A sentence under "Root cause:" is no tag. */
#define TAG_WORDS 3

static bool read_tag(const struct value_reader *vr, struct slice text, enum value_extent extent,
                     struct value *v)
{
    text = without_aside(text, extent);
    if (extent == VALUE_LEADING) {
        size_t blanks = 0;
        for (size_t i = 0; i < text.n; i++)
            blanks += ascii_is_blank((unsigned char)text.p[i]);
        if (blanks >= TAG_WORDS || text.n > 60)
            return false;
    }
    struct slice tag = taxonomy_canonical(&vr->rd->schema->taxonomy, text, vr->arena);
    if (!tag_valid(tag))
        return false;
    v->text = tag;
    return true;
}

static bool read_url(struct slice text, struct value *v)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ')
            return false;
    v->text = text;
    return text.n > 0;
}

static bool read_any(struct slice text, struct value *v)
{
    size_t about = when_about(text);
    struct slice rest = slice_trim(slice_sub(text, about, text.n));
    v->approx = (number_parse(rest, &v->amount) ||
                 money_parse(rest, &v->amount, &v->currency)) && about > 0;
    v->text = text;
    return true;
}

bool value_read(const struct value_reader *vr, const struct field *f, struct slice text,
                enum value_extent extent, struct value *out)
{
    struct value v = {{NULL, 0}, {NULL, 0}, 0, 0, {NULL, 0}, 0, false, false, false, {0, 0}};
    struct lead lead;
    bool good = false;
    text = slice_trim(text);
    v.text = v.raw = text;
    lead_init(&lead, text, extent);
    switch (f->type) {
    case FIELD_TEXT: good = true; break;
    case FIELD_ENUM: good = read_enum(f, &lead, &v); break;
    case FIELD_INTEGER:
    case FIELD_DECIMAL: good = read_number(f, &lead, &v); break;
    case FIELD_MONEY: good = read_money(&lead, &v); break;
    case FIELD_DURATION: good = read_duration(&lead, &v); break;
    case FIELD_DATE: good = read_date(vr, text, extent, &v); break;
    case FIELD_TIMESTAMP: good = read_timestamp(vr, text, extent, &v); break;
    case FIELD_PERSON: good = read_person(text, extent, &v); break;
    case FIELD_URL: good = read_url(text, &v); break;
    case FIELD_TAG: good = read_tag(vr, text, extent, &v); break;
    case FIELD_ANY: good = read_any(text, &v); break;
    }
    if (good)
        *out = v;
    return good;
}

/* ---- what is wrong with it --------------------------------------------------------------------- */

static struct problem *enum_problem(struct problems *ps, struct arena *a, const struct field *f,
                                    struct slice shown, struct span span)
{
    struct str names = STR_INIT;
    struct spell spell;
    spell_init(&spell, shown);
    for (size_t i = 0; i < f->nvalues; i++) {
        str_addz(&names, i == 0 ? "" : ", ");
        str_adds(&names, f->values[i].name);
        spell_offer(&spell, f->values[i].name);
    }
    struct problem *p = problem_add(ps, a, PROBLEM_VALUE, span, "%.*s '%.*s' is not one of %s",
                                    SLICE_ARG(f->name), SLICE_ARG(shown), names.p);
    if (spell.best.n > 0)
        p->hint = arena_fmt(a, "did you mean '%.*s'?", SLICE_ARG(spell.best));
    else
        p->hint = arena_fmt(a, "use one of these, or make it an alias of one in .pm/schema.yaml");
    str_release(&names);
    return p;
}

static bool digits_only(struct slice s)
{
    double number;
    return number_parse(s, &number);
}

/* 2026-06-31, in its form. */
static bool looks_like_day(struct slice s)
{
    struct slice year, month, rest = s;
    slice_split(&rest, '-', &year);
    slice_split(&rest, '-', &month);
    return year.n == 4 && digits_only(year) && month.n && month.n <= 2 && digits_only(month) &&
           rest.n && ascii_is_digit((unsigned char)rest.p[0]);
}

static bool looks_like_zone(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum((unsigned char)s.p[i]) && slice_chr(SLICE("/_+-:"), s.p[i], 0) == SIZE_MAX)
            return false;
    return s.n > 0;
}

/* Of what looks right, which part is not. */
static const char *time_mistake(struct slice s)
{
    struct moment m;
    size_t used = 0;
    s = slice_trim(s);
    if (!when_scan(s, &m, &used))
        return looks_like_day(s) ? "names a day that there is not" : "is not a time";
    struct slice rest = slice_sub(s, used, s.n);
    if (m.date.year == 0)
        return "has no date";
    if (m.hour < 0 && rest.n > 1 && (rest.p[0] == 'T' || rest.p[0] == ' ') &&
        ascii_is_digit((unsigned char)rest.p[1]))
        return "names a time of day that there is not";
    return m.hour >= 0 && looks_like_zone(slice_trim(rest)) ? "ends in a time zone that is not known"
                                                            : "is not a time";
}

struct problem *value_problem(struct problems *ps, struct arena *a, const struct field *f,
                              struct slice text, struct span span)
{
    const char *what = "is not allowed", *hint = NULL;
    struct slice shown = utf8_cut(slice_trim(text), 60);
    switch (f->type) {
    case FIELD_ENUM: {
        struct problem *p = enum_problem(ps, a, f, shown, span);
        p->subject = f->name;
        return p;
    }
    case FIELD_INTEGER:
        what = "is not a whole number";
        hint = "write digits only: 1200";
        break;
    case FIELD_DECIMAL:
        what = "is not a number";
        hint = "write it like 99.5";
        break;
    case FIELD_MONEY:
        what = "is not an amount of money";
        hint = "write it like 1200 EUR";
        break;
    case FIELD_DURATION:
        what = digits_only(text) ? "has no unit" : "is not a duration";
        hint = "write it like 90m or 1h 30m";
        break;
    case FIELD_DATE:
        what = looks_like_day(slice_trim(text)) ? "names a day that there is not" : "is not a date";
        hint = "write it like 2026-03-17";
        break;
    case FIELD_TIMESTAMP:
        what = time_mistake(text);
        hint = "write it like 2026-03-17T14:10+01:00, or unknown, or n/a";
        break;
    case FIELD_TAG:
        what = "is not a tag";
        hint = "write it like change/config: words joined by '-', levels by '/'";
        break;
    case FIELD_URL:
        what = "is not a URL";
        hint = "write it like https://example.org/x";
        break;
    case FIELD_TEXT:
    case FIELD_PERSON:
    case FIELD_ANY: break;
    }
    struct problem *p = problem_add(ps, a, PROBLEM_VALUE, span, "%.*s '%.*s' %s",
                                    SLICE_ARG(f->name), SLICE_ARG(shown), what);
    p->subject = f->name;
    p->hint = hint ? arena_fmt(a, "%s", hint) : NULL;
    return p;
}
