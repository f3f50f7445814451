/* Fields that refer to other postmortems by their ids. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "pm/path.h"
#include "pm/utf8.h"

/* `INC-17`, not `a title of several words`, `#17`, `<https://…>`, `[INC-17](…)`, `../x.md`, unknown. */
static bool may_be_id(const struct schema *s, struct slice text)
{
    if (!text.n || !link_is_local(text) || reference_is_path(text) || text.p[0] == '#' ||
        text.p[0] == '[')
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (ascii_is_space((unsigned char)text.p[i]))
            return false;
    for (size_t i = 0; i < s->actions.ntrackers; i++)
        if (pattern_scan(s->actions.trackers[i], text) == text.n)
            return false;
    return fact_how_of(text) == FACT_VALUE && !report_is_placeholder(text);
}

static bool stood_before(const struct postmortem *before, const char *name, struct slice text)
{
    const struct fact *fact = before ? postmortem_fact(before, name) : NULL;
    for (size_t i = 0; fact && i < fact->nvalues; i++)
        if (slice_eq(slice_trim(fact->values[i].raw), text))
            return true;
    return false;
}

/* `PM-0042#A1` is of PM-0042, and `/x.md` is x.md. */
static struct slice id_of(struct slice text)
{
    text = slice_sub(text, 0, slice_chr(text, '#', 0));
    return slice_sub(text, text.n && text.p[0] == '/', SIZE_MAX);
}

static void claim_value(struct report *r, const char *name, const struct value *v,
                        struct claim *claim)
{
    struct slice text = slice_trim(v->raw);
    struct arena *a = &r->out->arena;
    claim->id = arena_dup(a, id_of(text));
    claim->fresh = true;
    claim->finding = report_finding(r, RULE_BROKEN_LINK, v->span);
    claim->finding.line = report_line(r, claim->finding.start.line);
    claim->finding.message = slice_of(
        arena_fmt(a, "%s: no postmortem is '" SLICE_FMT "'", name, SLICE_ARG(claim->id)));
    claim->finding.hint = SLICE("write the id of a postmortem, its file name or its path");
}

bool checker_reference(const struct checker *c, const struct postmortem *before,
                       const struct postmortem *pm, size_t *at, struct findings *out,
                       struct claim *claim)
{
    struct report r = {.checker = c, .pm = pm, .out = out, .secrets = true};
    bool draft = pm->status == STATUS_DRAFT && !c->options.as_review;
    size_t seen = 0;
    if (!checker_asks(c, RULE_BROKEN_LINK) || draft || !pm->readable || c->schema->broken ||
        waivers_allow(pm, RULE_BROKEN_LINK, c->options.today))
        return false;
    for (const char *const *name = reference_fields; *name; name++) {
        const struct fact *fact = postmortem_fact(pm, *name);
        for (size_t i = 0; fact && !fact->invalid && i < fact->nvalues; i++) {
            struct slice text = slice_trim(fact->values[i].raw);
            if (seen++ < *at)
                continue;
            *at = seen;
            if (!may_be_id(c->schema, text) || stood_before(before, *name, text) ||
                report_is_secret(&r, text))
                continue;
            claim_value(&r, *name, &fact->values[i], claim);
            return true;
        }
    }
    return false;
}

/* ---- what answers them ---- */

struct known {
    struct arena arena;
    VEC(struct slice) whole;  /* ids, paths and file names, folded, sorted */
    VEC(struct slice) shapes; /* of ids: see add_shape; sorted */
};

static int compare(const void *a, const void *b)
{
    return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static struct slice folded(struct arena *a, struct slice s)
{
    char *copy = arena_strdup(a, s);
    for (size_t i = 0; i < s.n; i++)
        copy[i] = (char)ascii_lower(copy[i]);
    return slice_from(copy, s.n);
}

/* Of "PM-2026-055-cache" it is "pm-#-#", of "2026-03-17-checkout" "#-#-#": letters, then runs of digits
 * with one sign between them. Empty: no digits where an id has them. */
static struct slice shape_of(struct arena *a, struct slice id)
{
    struct str shape = STR_INIT;
    size_t i = 0, end = 0;
    while (i < id.n && ascii_is_alpha((unsigned char)id.p[i]))
        str_addc(&shape, ascii_lower(id.p[i++]));
    while (i < id.n) {
        bool sign = id.p[i] == '-' || id.p[i] == '_' || id.p[i] == '.';
        if (sign && i)
            str_addc(&shape, id.p[i++]);
        size_t digits = i;
        while (i < id.n && (ascii_is_digit((unsigned char)id.p[i]) || id.p[i] == '#'))
            i++;
        if (i == digits)
            break;
        str_addc(&shape, '#');
        end = shape.n;
    }
    struct slice out = arena_dup(a, slice_sub(str_slice(&shape), 0, end));
    str_release(&shape);
    return out;
}

static void add_shape(struct known *n, struct slice id)
{
    struct slice shape = shape_of(&n->arena, id);
    if (shape.n)
        vec_push(&n->shapes, shape);
}

static void read_names(struct known *out, const struct schema *s, const struct slice *names,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct slice base = path_base(names[i]);
        vec_push(&out->whole, folded(&out->arena, names[i]));
        if (base.n < names[i].n)
            vec_push(&out->whole, folded(&out->arena, base));
        add_shape(out, path_stem(base));
    }
    add_shape(out, s->id_pattern);
    vec_sort(&out->whole, compare);
    vec_sort(&out->shapes, compare);
}

/* Is it a name, or the beginning of one? As `pm show` finds a postmortem. */
static bool is_answered(struct known *n, struct slice id)
{
    struct slice key = folded(&n->arena, id);
    size_t low = 0, high = n->whole.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_cmp(n->whole.v[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n->whole.n && slice_starts(n->whole.v[low], key);
}

static bool is_like(struct known *n, struct slice id)
{
    struct slice shape = shape_of(&n->arena, id);
    return shape.n && n->shapes.n &&
           bsearch(&shape, n->shapes.v, n->shapes.n, sizeof shape, compare);
}

size_t checker_unanswered(const struct checker *c, struct claim *references, size_t n,
                          const struct slice *names, size_t nnames)
{
    struct known known = {.arena = ARENA_INIT};
    size_t kept = 0;
    read_names(&known, c->schema, names, nnames);
    for (size_t i = 0; i < n; i++)
        if (!is_answered(&known, references[i].id) && is_like(&known, references[i].id))
            references[kept++] = references[i];
    vec_release(&known.whole);
    vec_release(&known.shapes);
    arena_release(&known.arena);
    return kept;
}
