/* Waivers: comments in which a document says which rule it need not keep, how long, and why. */
#include "report.h"

#include "pm/caps.h"

/* <!-- pm: allow RULE, RULE until DATE: REASON --> */
struct comment {
    struct span span;
    struct slice rules, until, reason; /* until: NULL where there is none */
};

struct waiver {
    const struct comment *comment;
    struct slice name;
    bool known; /* there is such a rule */
    enum rule rule;
    struct date until; /* year 0: for ever */
    bool active;
    size_t covers;
};

struct waivers {
    struct arena arena;
    const struct document *doc;
    VEC(struct comment *) comments;
    VEC(struct waiver) list;
    size_t first[RULE_COUNT]; /* the active one of each rule, + 1 */
};

/* ---- reading ---- */

static const struct slice opening = {"<!--", 4}, closing = {"-->", 3};

static struct slice next_word(struct slice *rest)
{
    size_t from = 0, to;
    while (from < rest->n && (ascii_is_space((unsigned char)rest->p[from]) || rest->p[from] == ','))
        from++;
    for (to = from;
         to < rest->n && !ascii_is_space((unsigned char)rest->p[to]) && rest->p[to] != ',';)
        to++;
    struct slice word = slice_sub(*rest, from, to - from);
    *rest = slice_sub(*rest, to, rest->n);
    return word;
}

/* Behind "pm: allow", or "pm allow", which can mean nothing else; false: it is another comment. Not
 * by next_word, which would read on to the end of a text without blanks, once for each comment that
 * opens in it. */
static bool is_waiver(struct slice *inside)
{
    struct slice rest = slice_ltrim(*inside);
    if (!slice_starts(rest, SLICE("pm")))
        return false;
    rest = slice_ltrim(slice_sub(rest, 2, rest.n));
    if (slice_starts(rest, SLICE(":")))
        rest = slice_ltrim(slice_sub(rest, 1, rest.n));
    if (!slice_starts(rest, SLICE("allow")))
        return false;
    rest = slice_sub(rest, 5, rest.n);
    if (rest.n && !ascii_is_space((unsigned char)rest.p[0]) && rest.p[0] != ',' &&
        rest.p[0] != ':' && !slice_starts(rest, closing))
        return false;
    *inside = rest;
    return true;
}

/* Behind "until": a date, whatever follows it, or all of what is none. */
static struct slice end_of(struct slice rest)
{
    struct slice text = slice_trim(rest);
    struct date date;
    size_t used;
    if (date_scan(text, &date, &used))
        text = slice_sub(text, 0, used);
    return slice_from(text.p ? text.p : rest.p, text.n);
}

/* Up to the first colon stand the rules and the date. */
static void read_comment(struct waivers *w, struct span span)
{
    struct slice inside = document_slice(w->doc, span);
    inside = slice_sub(inside, opening.n, inside.n - opening.n - closing.n);
    if (!is_waiver(&inside))
        return;
    struct comment *c = arena_alloc(&w->arena, sizeof *c);
    size_t colon = slice_chr(inside, ':', 0);
    struct slice head = slice_sub(inside, 0, colon), rest = head, word;
    c->span = span;
    c->rules = head;
    if (colon != SIZE_MAX)
        c->reason = slice_trim(slice_sub(inside, colon + 1, inside.n));
    while ((word = next_word(&rest)).n)
        if (slice_ieqz(word, "until")) {
            c->rules = slice_sub(head, 0, (size_t)(word.p - head.p));
            c->until = end_of(rest);
            break;
        }
    if (w->comments.n < CAP_FINDINGS)
        vec_push(&w->comments, c);
}

/* Of raw HTML: a comment ends at the first "-->", whatever is in it. */
static void read_html(struct waivers *w, struct span span)
{
    struct slice text = document_slice(w->doc, span);
    for (size_t at = 0; (at = slice_find(text, opening, at)) != SIZE_MAX;) {
        size_t end = slice_find(text, closing, at + opening.n);
        if (end == SIZE_MAX)
            return;
        uint32_t start = span.start + (uint32_t)at;
        at = end + closing.n;
        read_comment(w, (struct span){start, span.start + (uint32_t)at});
    }
}

/* Of a sentence: what looks like a comment may be code. */
static void read_inline(struct waivers *w, struct span span)
{
    struct slice text = document_slice(w->doc, span);
    struct runs runs;
    if (slice_find(text, opening, 0) == SIZE_MAX)
        return;
    inline_parse(text, span.start, NULL, &w->arena, &runs);
    for (size_t i = 0; i < runs.n; i++)
        if (runs.v[i].kind == RUN_COMMENT)
            read_comment(w, runs.v[i].span);
}

/* Most documents have no waiver, and need not be looked through block by block. */
static bool may_have_any(struct slice text)
{
    for (size_t at = 0; (at = slice_find(text, opening, at)) != SIZE_MAX; at += opening.n) {
        struct slice inside = slice_sub(text, at + opening.n, text.n);
        if (is_waiver(&inside))
            return true;
    }
    return false;
}

static void read_rules(struct waivers *w, const struct comment *c, struct date today)
{
    struct slice rest = c->rules, word;
    struct date until = {0};
    bool dated = !c->until.p || date_parse(c->until, &until);
    /* of more than that it could not be told what is wrong with them */
    while (w->list.n < CAP_FINDINGS && (word = next_word(&rest)).n) {
        struct waiver v = {.comment = c, .name = word, .until = until};
        v.known = rule_by_name(word, &v.rule);
        v.active = v.known && rule_can_be_waived(v.rule) && dated &&
                   (!until.year || date_cmp(today, until) <= 0);
        vec_push(&w->list, v);
        if (v.active && !w->first[v.rule])
            w->first[v.rule] = w->list.n;
    }
}

static void waivers_read(struct waivers *w, const struct document *doc, struct date today)
{
    *w = (struct waivers){.doc = doc};
    if (!doc->root || !may_have_any(document_slice(doc, doc->body)))
        return;
    for (const struct block *b = doc->root; b; b = block_next(doc->root, b)) {
        if (b->kind == BLOCK_HTML)
            read_html(w, b->text);
        else if (b->kind == BLOCK_PARAGRAPH || b->kind == BLOCK_HEADING || b->kind == BLOCK_TABLE)
            read_inline(w, b->text);
    }
    for (size_t i = 0; i < w->comments.n; i++)
        read_rules(w, w->comments.v[i], today);
}

static void waivers_release(struct waivers *w)
{
    vec_release(&w->comments);
    vec_release(&w->list);
    arena_release(&w->arena);
}

/* ---- what they allow ---- */

static struct waiver *waiver_of(struct waivers *w, enum rule rule)
{
    return w->first[rule] ? &w->list.v[w->first[rule] - 1] : NULL;
}

bool waivers_allow(const struct postmortem *pm, enum rule rule, struct date today)
{
    struct waivers w;
    waivers_read(&w, pm->doc, today);
    bool allowed = waiver_of(&w, rule);
    waivers_release(&w);
    return allowed;
}

static void allow(struct report *r, struct waivers *w, size_t first, size_t *accepted)
{
    struct findings *f = r->out;
    size_t kept = first;
    for (size_t i = first; i < f->n; i++) {
        struct waiver *v = waiver_of(w, f->v[i].rule);
        if (v) {
            v->covers++;
            accepted[f->v[i].level] += !r->checker->unlisted[f->v[i].rule];
        } else {
            f->v[kept++] = f->v[i];
        }
    }
    f->n = kept;
}

/* ---- what is wrong with them ---- */

static struct span span_of(const struct report *r, struct slice part)
{
    uint32_t start = (uint32_t)(part.p - r->pm->doc->bytes.p);
    return (struct span){start, start + (uint32_t)part.n};
}

static void check_comment(struct report *r, const struct comment *c, struct date today)
{
    struct date until;
    if (!c->reason.n) {
        struct finding *f =
            report_at(r, RULE_WAIVER_NEEDS_REASON, c->span, "this waiver does not say why");
        report_hint(r, f, "write `<!-- pm: allow RULE until DATE: reason -->`");
    }
    if (!slice_trim(c->rules).n)
        report_at(r, RULE_WAIVER_UNUSED, c->span, "this waiver names no rule");
    if (!c->until.p)
        return;
    struct span span = c->until.n ? span_of(r, c->until) : c->span;
    if (!date_parse(c->until, &until)) {
        struct finding *f = report_at(r, RULE_WAIVER_EXPIRED, span,
                                      "this waiver ends at no date, so it waives nothing");
        report_hint(r, f, "write `until 2026-12-31:`, or leave it out");
    } else if (date_cmp(today, until) > 0) {
        struct finding *f =
            report_at(r, RULE_WAIVER_EXPIRED, span, "this waiver has come to its end");
        report_hint(r, f, "do what it put off and delete it, or say until when it goes on");
    }
}

static void unknown_rule(struct report *r, const struct waiver *v)
{
    struct str text = STR_INIT;
    rule_unknown(&text, v->name);
    report_at(r, RULE_WAIVER_UNUSED, span_of(r, v->name), "%s", text.p);
    str_release(&text);
}

static void check_waiver(struct report *r, const struct waiver *v)
{
    const struct checker *c = r->checker;
    if (!v->known) {
        unknown_rule(r, v);
    } else if (!rule_can_be_waived(v->rule)) {
        report_at(r, RULE_WAIVER_UNUSED, span_of(r, v->name), "'%s' cannot be waived",
                  rule_name(v->rule));
    } else if (v->active && !v->covers && c->levels[v->rule] != LEVEL_OFF &&
               !rule_looks_beyond(v->rule)) {
        struct finding *f = report_at(r, RULE_WAIVER_UNUSED, span_of(r, v->name),
                                      "there is nothing here that '%s' finds", rule_name(v->rule));
        report_hint(r, f, "delete it from the waiver: it would hide what comes later");
    }
}

void waivers_apply(struct report *r, size_t first, bool whole, size_t *accepted)
{
    struct waivers w;
    struct date today = r->checker->options.today;
    waivers_read(&w, r->pm->doc, today);
    allow(r, &w, first, accepted);
    if (whole && !r->draft) {
        for (size_t i = 0; i < w.comments.n; i++)
            check_comment(r, w.comments.v[i], today);
        for (size_t i = 0; i < w.list.n; i++)
            check_waiver(r, &w.list.v[i]);
    }
    waivers_release(&w);
}
