#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "findings_private.h"
#include "pm/utf8.h"

enum {
    PIPE_COLUMNS = 80, /* of a source line where no terminal says how wide it is */
    MARGIN = 9,        /* "  1234 | " */
    GROUP_LINES = 20   /* shown of findings that are told together */
};

static enum tint tint_of(enum level l)
{
    return l == LEVEL_ERROR ? TINT_ERROR : l == LEVEL_WARNING ? TINT_WARNING : TINT_INFO;
}

static size_t source_columns(const struct printer *p)
{
    size_t columns = p->width ? p->width : PIPE_COLUMNS;
    return columns > 2 * MARGIN ? columns - MARGIN : MARGIN;
}

/* ---- source lines ---- */

static size_t visible_width(struct slice s)
{
    struct str shown = STR_INIT;
    utf8_add_visible(&shown, s, false);
    size_t width = utf8_width(str_slice(&shown));
    str_release(&shown);
    return width;
}

/* Measures no more than fits: a line may have a megabyte. What is escaped only gets wider. */
static bool is_wider(struct slice s, size_t columns)
{
    return utf8_cut(s, columns).n < s.n || visible_width(s) > columns;
}

/* Offset in the line of a 1-based column, which counts code points. */
static size_t offset_of(struct slice line, uint32_t column)
{
    size_t at = 0;
    for (uint32_t c = 1; c < column && at < line.n; c++) {
        if ((unsigned char)line.p[at] < 0x80)
            at++; /* a line may have a megabyte, and a thousand findings */
        else
            utf8_next(line, &at);
    }
    return at;
}

/* The part of a long line that is shown: [from, to) with the place `at` in it. */
static void window(struct slice line, size_t at, size_t columns, size_t *from, size_t *to)
{
    *from = 0;
    *to = line.n;
    if (!is_wider(line, columns))
        return;
    columns--; /* for the mark that it goes on */
    if (is_wider(slice_sub(line, 0, at), columns / 2)) {
        columns--;
        *from = at > columns / 4 ? at - columns / 4 : 0;
        while (*from < at && ((unsigned char)line.p[*from] & 0xc0) == 0x80)
            ++*from;
    }
    *to = *from + utf8_cut(slice_sub(line, *from, line.n), columns).n;
}

static void print_line(struct printer *p, const struct finding *f, size_t from, size_t to)
{
    printer_fmt(p, TINT_DIM, "%6u | ", (unsigned)f->start.line);
    if (from)
        printer_textz(p, TINT_DIM, "…");
    printer_text(p, TINT_NONE, slice_sub(f->line, from, to - from));
    if (to < f->line.n)
        printer_textz(p, TINT_DIM, "…");
    str_addc(p->out, '\n');
}

/* Tabs stay tabs, so that the caret stands below its character however wide they are. */
static void print_blanks(struct printer *p, struct slice before)
{
    for (size_t i = 0; i < before.n;) {
        size_t start = i;
        if (utf8_next(before, &i) == '\t')
            str_addc(p->out, '\t');
        else
            str_pad(p->out, ' ', visible_width(slice_sub(before, start, i - start)));
    }
}

static void print_source(struct printer *p, const struct finding *f)
{
    size_t at = offset_of(f->line, f->start.column), from, to;
    size_t end = f->line.n;
    if (f->end.line == f->start.line)
        end = at + offset_of(slice_sub(f->line, at, end), f->end.column - f->start.column + 1);
    if (!slice_trim(f->line).n)
        return;
    window(f->line, at, source_columns(p), &from, &to);
    print_line(p, f, from, to);
    printer_textz(p, TINT_DIM, "       | ");
    str_pad(p->out, ' ', from ? 1 : 0);
    print_blanks(p, slice_sub(f->line, from, at - from));
    end = end < to ? end : to;
    size_t carets = end > at ? visible_width(slice_sub(f->line, at, end - at)) : 1;
    struct str marks = STR_INIT;
    str_pad(&marks, '^', carets ? carets : 1);
    printer_text(p, tint_of(f->level), str_slice(&marks));
    str_addc(p->out, '\n');
    str_release(&marks);
}

/* ---- what is wrong: with its source line and a caret ---- */

/* The findings of one document, and what has been said of it. */
struct told {
    const struct finding *f;
    size_t n;
    size_t group, grouped;      /* the last findings told together: the first, and how many */
    const struct finding *last; /* whose source line stands last; NULL: a group's */
};

static void print_head(struct printer *p, const struct finding *f)
{
    printer_text(p, TINT_BOLD, f->path);
    if (f->start.line)
        printer_fmt(p, TINT_BOLD, ":%u:%u", (unsigned)f->start.line, (unsigned)f->start.column);
    if (f->before)
        printer_textz(p, TINT_BOLD, " (before)");
    printer_textz(p, TINT_BOLD, ": ");
    printer_fmt(p, tint_of(f->level), "%s: ", level_name(f->level));
}

static void print_rule(struct printer *p, const struct finding *f)
{
    printer_fmt(p, TINT_DIM, " [%s]", rule_name(f->rule));
    str_addc(p->out, '\n');
}

static void print_hint(struct printer *p, const struct told *t, size_t i)
{
    struct slice hint = t->f[i].hint;
    for (size_t k = 0; k < i; k++)
        if (slice_eq(t->f[k].hint, hint) && !slice_starts(hint, SLICE("did you mean")))
            return; /* said already, and not of one word */
    if (!hint.n)
        return;
    printer_textz(p, TINT_INFO, "  hint: ");
    printer_text(p, TINT_NONE, hint);
    str_addc(p->out, '\n');
}

static bool told_together(const struct finding *a, const struct finding *b)
{
    return a->several.n && a->rule == b->rule && slice_eq(a->several, b->several);
}

static size_t next_of_group(const struct told *t, size_t first, size_t i)
{
    for (i++; i < t->n; i++)
        if (told_together(&t->f[first], &t->f[i]))
            break;
    return i;
}

/* Are the findings of this group about the places of the one before it? */
static bool same_places(const struct told *t, size_t first, size_t n)
{
    size_t a = t->group, b = first;
    if (t->grouped != n)
        return false;
    for (; a < t->n && b < t->n; a = next_of_group(t, t->group, a), b = next_of_group(t, first, b))
        if (t->f[a].start.line != t->f[b].start.line ||
            t->f[a].start.column != t->f[b].start.column)
            return false;
    return true;
}

static void print_group_lines(struct printer *p, const struct told *t, size_t first)
{
    size_t shown = 0;
    for (size_t i = first; i < t->n; i = next_of_group(t, first, i)) {
        size_t from, to;
        if (shown++ < GROUP_LINES) {
            window(t->f[i].line, 0, source_columns(p), &from, &to);
            print_line(p, &t->f[i], from, to);
        } else {
            const char *before = shown > GROUP_LINES + 1                  ? ", "
                                 : next_of_group(t, first, i) < t->n ? "   and on lines "
                                                                     : "   and on line ";
            printer_fmt(p, TINT_DIM, "%s%u", before, (unsigned)t->f[i].start.line);
        }
    }
    if (shown > GROUP_LINES)
        str_addc(p->out, '\n');
}

static void print_group(struct printer *p, struct told *t, size_t first, size_t n)
{
    const struct finding *f = &t->f[first];
    bool same = same_places(t, first, n);
    print_head(p, f);
    printer_fmt(p, TINT_NONE, "%s%zu ", same ? "the same " : "", n);
    printer_text(p, TINT_NONE, f->several);
    print_rule(p, f);
    if (!same)
        print_group_lines(p, t, first);
    print_hint(p, t, first);
    t->group = first;
    t->grouped = n;
    t->last = NULL;
}

static bool same_span(const struct finding *a, const struct finding *b)
{
    return a->start.line == b->start.line && a->start.column == b->start.column &&
           a->end.line == b->end.line && a->end.column == b->end.column;
}

static void print_wrong(struct printer *p, struct told *t, size_t i)
{
    const struct finding *f = &t->f[i];
    size_t n = 0;
    for (size_t k = 0; k < i && f->several.n; k++)
        if (told_together(&t->f[k], f))
            return;
    for (size_t k = i; k < t->n && f->several.n; k = next_of_group(t, i, k))
        n++;
    if (n > 1) {
        print_group(p, t, i, n);
        return;
    }
    print_head(p, f);
    printer_text(p, TINT_NONE, f->message);
    print_rule(p, f);
    if (!t->last || !same_span(t->last, f))
        print_source(p, f);
    print_hint(p, t, i);
    t->last = f;
}

/* ---- what is absent: one line a document and level ---- */

static size_t count_absent(const struct told *t, enum level l, enum absence absence)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += t->f[i].level == l && t->f[i].absence == absence;
    return n;
}

static void print_names(struct printer *p, const struct told *t, enum level l, enum absence absence,
                        const char *what)
{
    size_t n = count_absent(t, l, absence), done = 0;
    bool counted = n > 1 && absence != ABSENT_FRONT_MATTER;
    for (size_t i = 0; i < t->n; i++) {
        if (t->f[i].level != l || t->f[i].absence != absence)
            continue;
        if (!done++)
            printer_fmt(p, TINT_NONE, "%s%s ", what, counted ? "s" : "");
        else
            str_addz(p->out, ", ");
        printer_text(p, TINT_BOLD, t->f[i].missing);
    }
}

void findings_print_absent(struct printer *p, const struct finding *f, size_t n, enum level l)
{
    const struct told told = {.f = f, .n = n}, *t = &told;
    size_t front = count_absent(t, l, ABSENT_FRONT_MATTER);
    size_t fields = count_absent(t, l, ABSENT_FIELD), sections = count_absent(t, l, ABSENT_SECTION);
    if (l == LEVEL_INFO)
        printer_textz(p, TINT_INFO, "recommended: ");
    else if (l == LEVEL_WARNING)
        printer_fmt(p, TINT_WARNING, "%s should have ", f->judged_as);
    else if (front)
        printer_fmt(p, TINT_ERROR, "%s needs ", f->judged_as);
    else
        printer_fmt(p, TINT_ERROR, "%s needs %zu more: ", f->judged_as, fields + sections);
    print_names(p, t, l, ABSENT_FRONT_MATTER, "front matter with");
    str_addz(p->out, front && fields + sections ? "; " : "");
    print_names(p, t, l, ABSENT_FIELD, "field");
    str_addz(p->out, fields && sections ? "; " : "");
    print_names(p, t, l, ABSENT_SECTION, "section");
}

void findings_absent_hint(struct str *out, const struct finding *f, size_t n, enum level l,
                          unsigned *said)
{
    unsigned apply = 0;
    for (size_t i = 0; i < n; i++) {
        if (f[i].level != l)
            continue;
        if (f[i].fix == FIX_SECTIONS)
            apply |= SAID_FIX;
        if (l == LEVEL_ERROR && (f[i].absence == ABSENT_FIELD || f[i].absence == ABSENT_FRONT_MATTER))
            apply |= SAID_UNKNOWN;
    }
    apply &= ~*said;
    *said |= apply;
    str_addz(out, apply & SAID_FIX ? "`pm check --fix` adds the headings with their guidance" : "");
    str_addz(out, apply == (SAID_FIX | SAID_UNKNOWN) ? "; " : "");
    str_addz(out, apply & SAID_UNKNOWN ? "`unknown` is an accepted answer" : "");
}

/* The rules that ask for it, each once: what a waiver or the schema names. */
static void print_absent_rules(struct printer *p, const struct told *t, enum level l)
{
    bool asks[RULE_COUNT] = {false};
    const char *before = " [";
    for (size_t i = 0; i < t->n; i++)
        asks[t->f[i].rule] |= t->f[i].level == l && t->f[i].absence;
    for (enum rule rule = 0; rule < RULE_COUNT; rule++) {
        if (!asks[rule])
            continue;
        printer_fmt(p, TINT_DIM, "%s%s", before, rule_name(rule));
        before = ", ";
    }
    printer_textz(p, TINT_DIM, "]");
}

static void print_absent(struct printer *p, const struct told *t, enum level l, unsigned *said)
{
    bool lacks = false;
    struct str hint = STR_INIT;
    for (size_t i = 0; i < t->n; i++)
        lacks = lacks || (t->f[i].level == l && t->f[i].absence);
    if (!lacks)
        return;
    printer_text(p, TINT_BOLD, t->f[0].path);
    printer_textz(p, TINT_BOLD, ": ");
    findings_print_absent(p, t->f, t->n, l);
    print_absent_rules(p, t, l);
    str_addc(p->out, '\n');
    findings_absent_hint(&hint, t->f, t->n, l, said);
    if (hint.n)
        str_addf(p->out, "  %s\n", hint.p);
    str_release(&hint);
}

/* ---- all of it ---- */

static bool is_shown(const struct finding *f, bool show_info)
{
    return show_info || f->level > LEVEL_INFO;
}

static void print_document(struct printer *p, struct told *t, bool show_info, unsigned *said)
{
    print_absent(p, t, LEVEL_ERROR, said);
    print_absent(p, t, LEVEL_WARNING, said);
    if (show_info)
        print_absent(p, t, LEVEL_INFO, said);
    for (size_t i = 0; i < t->n; i++)
        if (t->f[i].absence == ABSENT_NOTHING && is_shown(&t->f[i], show_info))
            print_wrong(p, t, i);
}

/* Documents of one line stand together; those whose findings show their source are set apart. */
void render_findings_text(struct printer *p, const struct findings *f, bool show_info)
{
    unsigned said = 0;
    bool any = false, apart = false;
    for (size_t i = 0, end; i < f->n; i = end) {
        bool wrong = false, shown = false;
        for (end = i; end < f->n && slice_eq(f->v[end].path, f->v[i].path); end++) {
            shown = shown || is_shown(&f->v[end], show_info);
            wrong = wrong || (is_shown(&f->v[end], show_info) && !f->v[end].absence);
        }
        if (!shown)
            continue;
        if (any && (wrong || apart))
            str_addc(p->out, '\n');
        any = true;
        apart = wrong;
        print_document(p, &(struct told){.f = &f->v[i], .n = end - i}, show_info, &said);
    }
}

/* ---- machine formats ---- */

static struct json_t *nth_finding(const void *ctx, size_t i)
{
    return json_of_finding(&((const struct findings *)ctx)->v[i]);
}

void render_findings_json(struct str *out, const struct findings *f, const struct check_total *t)
{
    json_t *j = json_answer("check");
    json_object_set_new(j, "findings", json_array());
    json_object_set_new(j, "documents", json_integer((json_int_t)t->documents));
    json_object_set_new(j, "errors", json_integer((json_int_t)t->errors));
    json_object_set_new(j, "warnings", json_integer((json_int_t)t->warnings));
    json_object_set_new(j, "unlisted", json_integer((json_int_t)t->unlisted));
    json_object_set_new(j, "inherited", json_integer((json_int_t)t->inherited));
    json_object_set_new(j, "accepted", json_integer((json_int_t)t->accepted));
    json_print_list(out, j, "findings", f->n, nth_finding, f);
}

void render_findings_jsonl(struct str *out, const struct findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        json_print(out, json_of_finding(&f->v[i]), false);
}
