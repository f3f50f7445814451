#include "pm/baseline.h"

#include <stdlib.h>

#include "pm/caps.h"
#include "pm/utf8.h"
#include "report.h"

static const char head[] =
    "# Findings that are known and accepted. 'pm check --write-baseline' writes this file.\n";

bool rule_can_be_accepted(enum rule r)
{
    switch (r) {
    case RULE_SECRET:
    case RULE_WAIVER_NEEDS_REASON:
    case RULE_WAIVER_EXPIRED:
    case RULE_WAIVER_UNUSED:
    case RULE_SCHEMA:
        return false;
    default:
        return true;
    }
}

/* ---- the text of a line ---- */

static void add_escaped(struct str *out, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\\')
            str_addz(out, "\\\\");
        else if (c == '\t')
            str_addz(out, "\\t");
        else if (c == '\n')
            str_addz(out, "\\n");
        else if (c < ' ' || c == 0x7f)
            str_addf(out, "\\x%02x", c);
        else
            str_addc(out, (char)c);
    }
}

static int hex_digit(char c)
{
    return ascii_is_digit((unsigned char)c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What a backslash stands for; false: nothing. */
static bool escaped(struct slice rest, char *c, size_t *used)
{
    int high, low;
    *used = 1;
    switch (rest.n ? rest.p[0] : '\0') {
    case '\\':
        *c = '\\';
        return true;
    case 't':
        *c = '\t';
        return true;
    case 'n':
        *c = '\n';
        return true;
    case 'x':
        *used = 3;
        if (rest.n < 3 || (high = hex_digit(rest.p[1])) < 0 || (low = hex_digit(rest.p[2])) < 0)
            return false;
        *c = (char)(high * 16 + low);
        return true;
    default:
        return false;
    }
}

static bool unescape(struct arena *a, struct slice text, struct slice *out)
{
    if (slice_chr(text, '\\', 0) == SIZE_MAX) {
        *out = text;
        return true;
    }
    char *p = arena_alloc(a, text.n + 1);
    size_t n = 0;
    for (size_t i = 0, used; i < text.n; i++) {
        p[n++] = text.p[i];
        if (text.p[i] != '\\')
            continue;
        if (!escaped(slice_sub(text, i + 1, text.n), &p[n - 1], &used))
            return false;
        i += used;
    }
    *out = slice_from(p, n);
    return true;
}

static void add_line(struct str *out, enum rule rule, struct slice path, struct slice text)
{
    str_addz(out, rule_name(rule));
    str_addc(out, '\t');
    add_escaped(out, path);
    if (text.n)
        str_addc(out, '\t');
    add_escaped(out, text);
    str_addc(out, '\n');
}

void baseline_add_line(struct str *out, const struct finding *f)
{
    struct arena a = ARENA_INIT;
    add_line(out, f->rule, f->path, folded_about(&a, f->about));
    arena_release(&a);
}

void baseline_add_kept(struct str *out, const struct baseline_line *line)
{
    add_line(out, line->rule, line->path, line->text);
}

static int by_bytes(const void *a, const void *b)
{
    return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

void baseline_print(struct str *out, struct slice lines)
{
    VEC(struct slice) list = VEC_INIT;
    struct slice line;
    while (slice_split(&lines, '\n', &line))
        vec_push(&list, line);
    vec_sort(&list, by_bytes);
    str_addz(out, head);
    for (size_t i = 0; i < list.n; i++)
        str_addf(out, SLICE_FMT "\n", SLICE_ARG(list.v[i]));
    vec_release(&list);
}

/* ---- reading ---- */

static void complain(struct baseline *b, struct slice part, const char *text)
{
    uint32_t start = (uint32_t)(part.p - b->bytes.p);
    if (b->problems.n < CAP_FINDINGS)
        problem_add(&b->problems, &b->arena, PROBLEM_SCHEMA,
                    (struct span){start, start + (uint32_t)part.n}, "%s", text);
}

static bool read_rule(struct baseline *b, struct slice name, enum rule *rule)
{
    struct str why = STR_INIT;
    if (!rule_by_name(name, rule))
        rule_unknown(&why, name);
    else if (!rule_can_be_accepted(*rule))
        str_addf(&why, "'%s' is never accepted", rule_name(*rule));
    bool known = !why.n;
    if (!known)
        complain(b, name, why.p);
    str_release(&why);
    return known;
}

static bool read_line(struct baseline *b, struct slice line, struct baseline_line *out)
{
    struct slice rest = line, name, path;
    if (slice_split(&rest, '\t', &name) != 1 || slice_split(&rest, '\t', &path) != 1 || !path.n ||
        slice_chr(rest, '\t', 0) != SIZE_MAX || !unescape(&b->arena, path, &out->path) ||
        !unescape(&b->arena, rest, &out->text)) {
        complain(b, line, "this is no line of a baseline: RULE, tab, PATH, tab, TEXT");
        return false;
    }
    return read_rule(b, name, &out->rule);
}

static int by_path(const void *a, const void *b)
{
    const struct baseline_line *x = a, *y = b;
    int order = slice_cmp(x->path, y->path);
    if (order)
        return order;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return slice_cmp(x->text, y->text);
}

void baseline_parse(struct baseline *out, struct slice bytes, bool too_large)
{
    struct baseline b = {.bytes = SLICE("")};
    VEC(struct baseline_line) list = VEC_INIT;
    struct slice rest, line;
    if (too_large)
        problem_add(&b.problems, &b.arena, PROBLEM_TOO_LARGE, (struct span){0, 0},
                    "the file is larger than %u bytes, and nothing of it applies",
                    CAP_BASELINE_BYTES);
    else
        b.bytes = arena_dup(&b.arena, bytes);
    for (rest = b.bytes; slice_split(&rest, '\n', &line);) {
        struct baseline_line read;
        if (slice_ends(line, SLICE("\r")))
            line.n--;
        if (line.n && line.p[0] != '#' && read_line(&b, line, &read))
            vec_push(&list, read);
    }
    vec_sort(&list, by_path);
    b.v = list.v;
    b.n = list.n;
    *out = b;
}

void baseline_release(struct baseline *b)
{
    free(b->v);
    problems_release(&b->problems);
    arena_release(&b->arena);
    *b = (struct baseline){.n = 0};
}

/* ---- applying ---- */

/* The first line that is not below the key. */
static size_t lower_bound(const struct baseline *b, const struct baseline_line *key)
{
    size_t low = 0, high = b->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_path(&b->v[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* used: of the lines from `base` on. */
static bool accepts(const struct baseline *b, const struct baseline_line *key, size_t base,
                    bool *used)
{
    for (size_t i = lower_bound(b, key); i < b->n && by_path(&b->v[i], key) == 0; i++)
        if (!used[i - base]) {
            used[i - base] = true;
            return true;
        }
    return false;
}

void baseline_apply(const struct baseline *b, struct slice path, struct findings *f, size_t first,
                    size_t *accepted)
{
    struct arena a = ARENA_INIT;
    size_t base = lower_bound(b, &(struct baseline_line){.path = path}), end = base, kept = first;
    while (end < b->n && slice_eq(b->v[end].path, path))
        end++;
    if (base == end || f->n == first)
        return;
    bool *used = xcalloc(end - base, sizeof *used);
    for (size_t i = first; i < f->n; i++) {
        struct baseline_line key = {path, f->v[i].rule, folded_about(&a, f->v[i].about)};
        if (accepts(b, &key, base, used))
            accepted[f->v[i].level]++;
        else
            f->v[kept++] = f->v[i];
    }
    f->n = kept;
    free(used);
    arena_release(&a);
}
