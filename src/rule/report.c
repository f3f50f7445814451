/* How a finding is made. */
#include "report.h"

#include "pm/utf8.h"

static struct slice format(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* One line, whatever it quotes. */
static struct slice format(struct arena *a, const char *fmt, va_list ap)
{
    char *text = arena_vfmt(a, fmt, ap);
    for (char *c = text; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return slice_of(text);
}

/* A BOM before it has no column. */
struct slice report_source_line(const struct lines *lines, uint32_t number)
{
    struct slice line = lines_text(lines, number);
    if (number == 1 && slice_starts(line, SLICE("\xEF\xBB\xBF")))
        line = slice_sub(line, 3, line.n);
    bool text = utf8_valid_prefix(line) == line.n && slice_chr(line, '\0', 0) == SIZE_MAX;
    return text ? line : SLICE("");
}

static const char *judged_as(const struct report *r)
{
    static const char *const words[] = {"a draft", "review", "a published postmortem"};
    if (r->pm->status == STATUS_DRAFT && !r->draft)
        return words[STATUS_REVIEW];
    return r->pm->status_stated ? words[r->pm->status] : "a postmortem";
}

struct slice report_line(struct report *r, uint32_t number)
{
    if (r->line_number != number) {
        struct slice line = report_source_line(&r->pm->doc->lines, number);
        r->line = arena_dup(&r->out->arena, report_shown_line(r, number, line));
    }
    r->line_number = number;
    return r->line;
}

/* What is kept of the text that a finding is about: enough to know it again. */
enum { ABOUT_BYTES = 200 };

/* A secret is told from another one, so that one cannot take the place of the other: its text is
 * compared and never printed. */
static struct slice about(struct report *r, enum rule rule, struct span span)
{
    struct slice text = document_slice(r->pm->doc, span);
    if (rule != RULE_SECRET)
        text = report_shown(r, text);
    text = slice_sub(text, 0, ABOUT_BYTES);
    return arena_dup(&r->out->arena, slice_sub(text, 0, utf8_valid_prefix(text)));
}

struct finding report_finding(struct report *r, enum rule rule, struct span span)
{
    static const struct place nowhere;
    const struct postmortem *pm = r->pm;
    if (!r->path.n)
        r->path = arena_dup(&r->out->arena, pm->path);
    return (struct finding){.rule = rule,
                            .level = r->checker->levels[rule],
                            .path = r->path,
                            .start = r->unplaced ? nowhere : document_place(pm->doc, span.start),
                            .end = r->unplaced ? nowhere : document_place(pm->doc, span.end),
                            .about = about(r, rule, span),
                            .item = r->item,
                            .judged_as = judged_as(r)};
}

static struct finding *add(struct report *r, enum rule rule, struct span span)
{
    if (r->checker->levels[rule] == LEVEL_OFF || r->count >= r->limit)
        return NULL;
    struct finding *f = vec_add(r->out);
    *f = report_finding(r, rule, span);
    f->number = r->count++;
    return f;
}

struct finding *report_at(struct report *r, enum rule rule, struct span span, const char *fmt, ...)
{
    struct finding *f = add(r, rule, span);
    va_list ap;
    va_start(ap, fmt);
    if (f) {
        if (!r->unplaced)
            f->line = report_line(r, f->start.line);
        f->message = report_shown(r, format(&r->out->arena, fmt, ap));
    }
    va_end(ap);
    return f;
}

struct finding *report_absent(struct report *r, enum rule rule, enum absence absence,
                              struct slice what, const char *fmt, ...)
{
    const struct document *doc = r->pm->doc;
    struct span at = {0, 0};
    if (doc->front == FRONT_YAML) {
        uint32_t last = lines_number(&doc->lines, doc->front_span.end);
        struct slice closing = lines_text(&doc->lines, last);
        at.start = at.end = (uint32_t)(closing.p - doc->bytes.p);
    }
    struct finding *f = add(r, rule, at);
    va_list ap;
    va_start(ap, fmt);
    if (f) {
        f->message = format(&r->out->arena, fmt, ap);
        f->missing = arena_dup(&r->out->arena, what);
        f->about = absence == ABSENT_FRONT_MATTER ? SLICE("") : f->missing;
        f->absence = absence;
    }
    va_end(ap);
    return f;
}

static void set_fix(struct report *r, struct finding *f, enum fix_kind kind, struct span span,
                    struct slice text)
{
    if (!f)
        return;
    f->fix = kind;
    f->fix_span = span;
    f->fix_text = arena_dup(&r->out->arena, text);
}

void report_fix(struct report *r, struct finding *f, struct span span, struct slice text)
{
    set_fix(r, f, FIX_TEXT, span, text);
}

void report_fix_sections(struct report *r, struct finding *f, struct slice names)
{
    set_fix(r, f, FIX_SECTIONS, (struct span){0, 0}, names);
}

void report_several(struct report *r, struct finding *f, const char *text)
{
    if (f)
        f->several = arena_dup(&r->out->arena, slice_of(text));
}

void report_hint(struct report *r, struct finding *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (f)
        f->hint = report_shown(r, format(&r->out->arena, fmt, ap));
    va_end(ap);
}
