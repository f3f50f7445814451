#include "pm/json.h"

#include <jansson.h>
#include <stdlib.h>

#include "pm/utf8.h"

enum { SOURCE_COLUMNS = 100 }; /* of a source line shown without a terminal's width */

static enum tint tint_of(enum level l)
{
    return l == LEVEL_ERROR ? TINT_ERROR : l == LEVEL_WARNING ? TINT_WARNING : TINT_INFO;
}

/* ---- what is wrong: with the source line and a caret ---- */

/* Cuts a long line around the place, so that the caret stays in sight. */
static struct slice window(struct slice line, size_t at, size_t columns, size_t *start)
{
    size_t from = 0;
    if (at > columns * 2 / 3) {
        from = at - columns / 3;
        while (from < line.n && ((unsigned char)line.p[from] & 0xc0) == 0x80)
            from++;
    }
    *start = from;
    return utf8_cut(slice_sub(line, from, line.n), columns);
}

static void print_source(struct printer *p, const struct finding *f)
{
    const struct document *doc = f->pm->doc;
    struct slice line = lines_text(&doc->lines, f->start.line);
    size_t offset = (size_t)(doc->bytes.p + f->span.start - line.p), from;
    size_t columns = p->width > 20 ? p->width - 10 : SOURCE_COLUMNS;
    if (!slice_trim(line).n || offset > line.n)
        return;
    struct slice shown = window(line, offset, columns, &from);
    struct slice before = slice_sub(shown, 0, offset - from);
    size_t end = f->span.end - f->span.start;
    struct slice marked = slice_sub(shown, offset - from, end ? end : 1);
    printer_fmt(p, TINT_DIM, "%6u | ", (unsigned)f->start.line);
    printer_text(p, TINT_NONE, shown);
    str_addz(p->out, "\n");
    printer_textz(p, TINT_DIM, "       | ");
    for (size_t i = 0; i < before.n;) { /* tabs keep the caret below its character */
        size_t start = i;
        uint32_t c = utf8_next(before, &i);
        size_t width = utf8_width(slice_sub(before, start, i - start));
        str_pad(p->out, c == '\t' ? '\t' : ' ', c == '\t' ? 1 : width);
    }
    size_t carets = utf8_width(marked);
    for (size_t i = 0; i < (carets ? carets : 1); i++)
        printer_textz(p, tint_of(f->level), "^");
    str_addc(p->out, '\n');
}

static void print_hint(struct printer *p, struct slice hint)
{
    if (!hint.n)
        return;
    printer_textz(p, TINT_INFO, "  hint: ");
    printer_text(p, TINT_NONE, hint);
    str_addc(p->out, '\n');
}

static void print_wrong(struct printer *p, const struct finding *f)
{
    printer_text(p, TINT_BOLD, f->path);
    printer_fmt(p, TINT_BOLD, ":%u:%u: ", (unsigned)f->start.line, (unsigned)f->start.column);
    printer_fmt(p, tint_of(f->level), "%s: ", level_name(f->level));
    printer_text(p, TINT_NONE, f->message);
    printer_fmt(p, TINT_DIM, " [%s]", rule_name(f->rule));
    str_addc(p->out, '\n');
    if (f->pm && f->span.end <= f->pm->doc->bytes.n)
        print_source(p, f);
    print_hint(p, f->hint);
}

/* ---- what is absent: one line a document and level ---- */

static void print_names(struct printer *p, const struct finding *f, size_t n, enum level l,
                        bool sections, bool *any)
{
    bool first = true;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += f[i].missing.n && f[i].level == l && f[i].missing_section == sections;
    for (size_t i = 0; i < n; i++) {
        if (!f[i].missing.n || f[i].level != l || f[i].missing_section != sections)
            continue;
        if (first)
            printer_fmt(p, TINT_NONE, "%s%s%s ", *any ? "; " : "",
                        sections ? "section" : "field", count == 1 ? "" : "s");
        else
            str_addz(p->out, ", ");
        printer_text(p, TINT_BOLD, f[i].missing);
        first = false;
        *any = true;
    }
}

static size_t count_missing(const struct finding *f, size_t n, enum level l)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += f[i].missing.n && f[i].level == l;
    return count;
}

static const char *status_word(const struct postmortem *pm)
{
    static const char *const words[] = {"a draft", "review", "a published postmortem"};
    return pm && pm->status_stated ? words[pm->status] : "a postmortem";
}

/* The findings f[0..n) are those of one document. */
static void print_missing(struct printer *p, const struct finding *f, size_t n, enum level l)
{
    bool any = false;
    size_t count = count_missing(f, n, l);
    if (!count)
        return;
    printer_text(p, TINT_BOLD, f[0].path);
    printer_textz(p, TINT_BOLD, ": ");
    printer_fmt(p, tint_of(l), "%s: ", level_name(l));
    if (l == LEVEL_INFO)
        printer_textz(p, TINT_NONE, "recommended: ");
    else
        printer_fmt(p, TINT_NONE, "%s needs %zu more: ", status_word(f[0].pm), count);
    print_names(p, f, n, l, false, &any);
    print_names(p, f, n, l, true, &any);
    str_addc(p->out, '\n');
    if (l == LEVEL_ERROR)
        print_hint(p, SLICE("'unknown' is an accepted answer; a draft (status: draft) needs only "
                            "its Summary"));
}

static void print_document(struct printer *p, const struct finding *f, size_t n, bool show_info)
{
    print_missing(p, f, n, LEVEL_ERROR);
    print_missing(p, f, n, LEVEL_WARNING);
    if (show_info)
        print_missing(p, f, n, LEVEL_INFO);
    for (size_t i = 0; i < n; i++)
        if (!f[i].missing.n && (show_info || f[i].level > LEVEL_INFO))
            print_wrong(p, &f[i]);
}

void render_findings_text(struct printer *p, const struct findings *f, bool show_info)
{
    for (size_t i = 0, end; i < f->n; i = end) {
        for (end = i + 1; end < f->n && slice_eq(f->v[end].path, f->v[i].path);)
            end++;
        print_document(p, &f->v[i], end - i, show_info);
    }
}

/* ---- machine formats ---- */

void render_findings_json(struct str *out, const struct findings *f, const struct check_total *t)
{
    json_t *j = json_answer("check"), *list = json_array();
    for (size_t i = 0; i < f->n; i++)
        json_array_append_new(list, json_of_finding(&f->v[i]));
    json_object_set_new(j, "findings", list);
    json_object_set_new(j, "documents", json_integer((json_int_t)t->documents));
    json_object_set_new(j, "errors", json_integer((json_int_t)t->errors));
    json_object_set_new(j, "warnings", json_integer((json_int_t)t->warnings));
    json_print(out, j, true);
}

void render_findings_jsonl(struct str *out, const struct findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        json_print(out, json_of_finding(&f->v[i]), false);
}
