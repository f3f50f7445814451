#include "query_private.h"

#include "pm/caps.h"
#include "pm/spell.h"
#include "pm/utf8.h"

#include <string.h>

/* in:section, and whether words came that it is about. */
struct scope {
    const struct section_rule *rule;
    struct slice name; /* folded */
    struct slice text; /* as printed */
    size_t at;
    bool used;
};

/* The operands of one AND or OR while it is read. */
struct operands {
    struct query **v;
    size_t n, cap;
};

static int parse_or(struct parser *p, unsigned depth, struct query **out);

struct query *query_node(struct parser *p, enum query_kind kind, size_t start)
{
    struct query *q = arena_alloc(p->arena, sizeof *q);
    q->kind = kind;
    q->span = (struct span){(uint32_t)start, (uint32_t)p->at};
    p->nodes++;
    return q;
}

static void add_operand(struct parser *p, struct operands *list, struct query *q)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 4;
        struct query **v = arena_array(p->arena, cap, sizeof *v);
        if (list->n > 0)
            memcpy(v, list->v, list->n * sizeof(*v));
        list->v = v;
        list->cap = cap;
    }
    list->v[list->n++] = q;
}

/* One operand is itself; an AND of ANDs is one AND. */
static struct query *combine(struct parser *p, enum query_kind kind, const struct operands *list)
{
    if (list->n == 1)
        return list->v[0];
    struct operands flat = {NULL, 0, 0};
    for (size_t i = 0; i < list->n; i++) {
        struct query *q = list->v[i];
        for (size_t j = 0; q->kind == kind && j < q->nchildren; j++)
            add_operand(p, &flat, q->children[j]);
        if (q->kind != kind)
            add_operand(p, &flat, q);
    }
    struct query *q = query_node(p, kind, list->v[0]->span.start);
    q->children = flat.v;
    q->nchildren = flat.n;
    for (size_t i = 0; i < flat.n; i++)
        q->items |= flat.v[i]->items;
    return q;
}

static struct query *negate(struct parser *p, struct query *child, size_t start)
{
    if (child->kind == QUERY_NOT)
        return child->children[0];
    struct query *q = query_node(p, QUERY_NOT, start);
    struct operands one = {NULL, 0, 0};
    add_operand(p, &one, child);
    q->children = one.v;
    q->nchildren = 1;
    q->items = child->items;
    return q;
}

static void skip_space(struct parser *p)
{
    while (p->at < p->text.n && ascii_is_space((unsigned char)p->text.p[p->at]))
        p->at++;
}

/* Is the word the next thing, whole? Moves behind it if so. */
static bool accept(struct parser *p, const char *word)
{
    size_t n = strlen(word), end = p->at + n;
    if (!slice_starts(slice_sub(p->text, p->at, n), slice_of(word)))
        return false;
    if (end < p->text.n && !ascii_is_space((unsigned char)p->text.p[end]) &&
        p->text.p[end] != '(' && p->text.p[end] != ')' && p->text.p[end] != '"')
        return false;
    p->at = end;
    return true;
}

static bool is_next(struct parser *p, const char *word)
{
    size_t at = p->at;
    bool is = accept(p, word);
    p->at = at;
    return is;
}

/* ---- terms ------------------------------------------------------------------------------------
 */

static struct query *scoped(struct parser *p, struct query *text, size_t start)
{
    if (!p->scope)
        return text;
    struct query *in = query_node(p, QUERY_IN, start);
    struct operands one = {NULL, 0, 0};
    add_operand(p, &one, text);
    in->children = one.v;
    in->nchildren = 1;
    in->section = p->scope->rule;
    in->name = p->scope->name;
    in->text = p->scope->text;
    p->scope->used = true;
    return in;
}

static int parse_text(struct parser *p, struct query **out)
{
    size_t start = p->at;
    bool phrase = p->text.p[start] == '"';
    size_t end = phrase ? query_scan_quoted(p, start) : query_scan(p, start, true);
    if (end == SIZE_MAX)
        return -1;
    struct slice raw = slice_sub(p->text, start, end - start), text = raw;
    bool prefix = false;
    if (phrase) {
        raw = slice_sub(raw, 1, raw.n - 2);
        text = query_unquote(p, text);
        prefix = end < p->text.n && p->text.p[end] == '*';
        end += prefix;
    }
    while (!phrase && text.n > 0 && text.p[text.n - 1] == '*') {
        prefix = true;
        raw = text = slice_sub(text, 0, text.n - 1);
    }
    struct query *q = query_node(p, QUERY_TEXT, start);
    if (query_tokens_read(p, text, &prefix, &q->tokens, &q->ntokens) != 0)
        return -1;
    q->text = raw;
    q->phrase = phrase;
    q->prefix = prefix;
    p->at = end;
    q->span.end = (uint32_t)end;
    *out = scoped(p, q, start);
    return 0;
}

/* Of has:FIELD, or of what may be text with a colon in it. */
static int unknown_field(struct parser *p, size_t at, struct slice name, bool is_term)
{
    struct spell near;
    spell_init(&near, name);
    query_subject_offer(p->ctx, &near);
    int shown = name.n > 60 ? 60 : (int)name.n;
    if (near.best.n > 0)
        return query_fail(p, at, "unknown field '%.*s': did you mean '" SLICE_FMT "'?", shown,
                          name.p, SLICE_ARG(near.best));
    if (!is_term)
        return query_fail(p, at, "unknown field '%.*s'", shown, name.p);
    size_t end = at;
    while (end < p->text.n && !ascii_is_space((unsigned char)p->text.p[end]) &&
           slice_chr(SLICE("()\"'"), p->text.p[end], 0) == SIZE_MAX)
        end++;
    struct slice term = utf8_cut(slice_sub(p->text, at, end - at), 60);
    /* A shell takes the first quotes for its own. */
    return query_fail(p, at, "unknown field '%.*s': if it is text to look for, write '\"" SLICE_FMT
                      "\"'", shown, name.p, SLICE_ARG(term));
}

/* has:owner, no:owner; p->at is behind the colon. */
static int parse_has(struct parser *p, size_t start, bool no, struct query **out)
{
    size_t from = p->at, end = query_scan(p, from, false);
    if (end == SIZE_MAX)
        return -1;
    struct slice name = slice_sub(p->text, from, end - from);
    struct query *q = query_node(p, QUERY_HAS, start);
    if (name.n == 0)
        return query_fail(p, start, "nothing follows '%s:': write %s:owner", no ? "no" : "has",
                          no ? "no" : "has");
    if (!query_subject_find(p, name, q))
        return unknown_field(p, from, name, false);
    p->at = end;
    q->span.end = (uint32_t)end;
    *out = no ? negate(p, q, start) : q;
    return 0;
}

static const struct section_rule *section_called(struct parser *p, struct slice name)
{
    const struct section_rule *rule = schema_section(p->ctx->schema, name);
    if (rule)
        return rule;
    struct str spaced = STR_INIT; /* in:root-causes */
    str_adds(&spaced, name);
    for (size_t i = 0; i < spaced.n; i++)
        if (spaced.p[i] == '-' || spaced.p[i] == '_')
            spaced.p[i] = ' ';
    rule = schema_section(p->ctx->schema, str_slice(&spaced));
    str_release(&spaced);
    return rule;
}

static int end_scope(struct parser *p, const struct scope *outer)
{
    struct scope *s = p->scope;
    if (s && s != outer && !s->used)
        return query_fail(p, s->at, "no word follows 'in:': write in:SECTION before the words");
    return 0;
}

/* The folded name, unless that folds to another one: "2. 1. x" to "1. x". */
static struct slice printed_name(struct parser *p, struct slice name, struct slice folded)
{
    struct str again = STR_INIT;
    section_fold(&again, folded);
    bool same = slice_eq(str_slice(&again), folded);
    str_release(&again);
    return same ? folded : arena_dup(p->arena, name);
}

/* in:timeline; p->at is behind the colon. What follows in the same group stands behind it. */
static int parse_in(struct parser *p, size_t start, const struct scope *outer)
{
    size_t from = p->at, end = query_scan(p, from, false);
    if (end == SIZE_MAX || end_scope(p, outer) != 0)
        return -1;
    struct slice name = slice_sub(p->text, from, end - from);
    if (name.n > 1 && name.p[0] == '"' && query_scan_quoted(p, from) == end)
        name = query_unquote(p, name);
    if (name.n == 0)
        return query_fail(p, start, "nothing follows 'in:': write in:timeline");
    struct scope *s = arena_alloc(p->arena, sizeof *s);
    struct str folded = STR_INIT;
    s->rule = section_called(p, name);
    name = s->rule ? s->rule->name : name;
    section_fold(&folded, name);
    s->name = arena_dup(p->arena, str_slice(&folded));
    s->text = printed_name(p, name, s->name);
    s->at = start;
    str_release(&folded);
    if (s->name.n == 0)
        return query_fail(p, from, "no section can be called that");
    p->scope = s;
    p->at = end;
    return 0;
}

static bool name_byte(unsigned char c)
{
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.' || c >= 0x80;
}

/* Where the name at p->at ends in a colon or a comparison; SIZE_MAX: a word stands there. */
static size_t name_end(const struct parser *p)
{
    size_t i = p->at;
    while (i < p->text.n && name_byte((unsigned char)p->text.p[i]))
        i++;
    if (i == p->at || p->text.p[p->at] == '-' || p->text.p[p->at] == '.' || i >= p->text.n ||
        !strchr(":<>=!", p->text.p[i]) || p->text.p[i] == '\0')
        return SIZE_MAX;
    if (p->text.p[i] == '!' && !slice_starts(slice_sub(p->text, i + 1, 1), SLICE("=")))
        return SIZE_MAX;
    struct slice after = slice_sub(p->text, i + 1, 2);
    if (p->text.p[i] == ':' &&
        (slice_starts(after, SLICE("//")) || slice_starts(after, SLICE(":"))))
        return SIZE_MAX; /* a URL; std::string */
    return i;
}

/* What is no field is a word where people write such words: 12:30, List<String>. */
static bool may_be_word(const struct parser *p, size_t end)
{
    return p->text.p[end] != ':' || ascii_is_digit((unsigned char)p->text.p[p->at]);
}

/* severity=sev1, severity!=sev1: other languages write conditions so, and as words they would find
 * nothing without saying why. p->at is at the sign. */
static int refuse_sign(struct parser *p, struct slice name)
{
    size_t sign = p->at, from = sign;
    bool no = p->text.p[sign] == '!';
    while (from < p->text.n && strchr("=!", p->text.p[from]) && p->text.p[from])
        from++;
    size_t end = query_scan(p, from, false);
    if (end == SIZE_MAX)
        return -1;
    struct slice value = slice_sub(p->text, from, end - from);
    int shown = value.n > 60 ? 60 : (int)value.n;
    return query_fail(p, sign, "'" SLICE_FMT "' compares nothing here: write %s" SLICE_FMT ":%.*s",
                      SLICE_ARG(slice_sub(p->text, sign, from - sign)), no ? "-" : "",
                      SLICE_ARG(name), shown, value.p);
}

static int parse_field(struct parser *p, size_t end, struct query **out)
{
    size_t start = p->at;
    struct slice name = slice_sub(p->text, start, end - start);
    struct query *q = query_node(p, QUERY_FIELD, start);
    if (!query_subject_find(p, name, q))
        return may_be_word(p, end) ? parse_text(p, out) : unknown_field(p, start, name, true);
    p->at = end + (p->text.p[end] == ':');
    if (strchr("=!", p->text.p[end]))
        return refuse_sign(p, name);
    if (query_values_read(p, q) != 0)
        return -1;
    q->span.end = (uint32_t)p->at;
    *out = q;
    return 0;
}

/* *out stays NULL for in:, which is no operand. */
static int parse_term(struct parser *p, const struct scope *outer, struct query **out)
{
    size_t start = p->at, end = name_end(p);
    if (end == SIZE_MAX)
        return parse_text(p, out);
    struct slice name = slice_sub(p->text, start, end - start);
    bool colon = p->text.p[end] == ':';
    bool in = slice_eqz(name, "in"), no = slice_eqz(name, "no"), has = slice_eqz(name, "has");
    if (!colon || !(in || no || has))
        return parse_field(p, end, out);
    p->at = end + 1;
    return in ? parse_in(p, start, outer) : parse_has(p, start, no, out);
}

/* ---- structure --------------------------------------------------------------------------------
 */

static int parse_group(struct parser *p, unsigned depth, struct query **out)
{
    size_t start = p->at++;
    struct scope *outer = p->scope;
    if (depth >= CAP_QUERY_DEPTH)
        return query_fail(p, start, "groups are nested more than %u deep", CAP_QUERY_DEPTH);
    if (parse_or(p, depth + 1, out) != 0)
        return -1;
    if (p->at >= p->text.n)
        return query_fail(p, start, "the parenthesis is never closed");
    p->at++;
    p->scope = outer;
    return 0;
}

static bool dash_negates(const struct parser *p)
{
    if (p->at + 1 >= p->text.n || p->text.p[p->at] != '-')
        return false;
    unsigned char next = (unsigned char)p->text.p[p->at + 1];
    return next != '-' && next != ')' && !ascii_is_space(next);
}

static int parse_unary(struct parser *p, unsigned depth, const struct scope *outer,
                       struct query **out)
{
    size_t start = p->at;
    bool negative = false, word = true;
    struct query *q = NULL;
    while ((word = accept(p, "NOT")) || dash_negates(p)) {
        p->at += !word;
        negative = !negative;
        skip_space(p);
    }
    if (p->at >= p->text.n || p->text.p[p->at] == ')' || is_next(p, "OR") || is_next(p, "AND"))
        return query_fail(p, start, "nothing follows: what is not wanted?");
    if (p->text.p[p->at] == '(' ? parse_group(p, depth, &q) != 0 : parse_term(p, outer, &q) != 0)
        return -1;
    if (p->nodes > CAP_QUERY_NODES)
        return query_fail(p, start, "the query has more than %u terms", CAP_QUERY_NODES);
    if (!q && negative)
        return query_fail(p, start, "'in:' cannot be negated: write in:SECTION NOT word");
    *out = q && negative ? negate(p, q, start) : q;
    return 0;
}

static bool at_operand(struct parser *p)
{
    skip_space(p);
    return p->at < p->text.n && p->text.p[p->at] != ')' && !is_next(p, "OR") && !is_next(p, "AND");
}

static int parse_and(struct parser *p, unsigned depth, const struct scope *outer,
                     struct query **out)
{
    struct operands list = {NULL, 0, 0};
    size_t start = p->at;
    bool wanted = true; /* an operand must follow */
    for (;;) {
        struct query *q = NULL;
        if (at_operand(p)) {
            if (parse_unary(p, depth, outer, &q) != 0)
                return -1;
            if (q)
                add_operand(p, &list, q);
            wanted = false;
        } else if (!wanted && accept(p, "AND")) {
            wanted = true;
        } else {
            break;
        }
    }
    if (wanted)
        return query_fail(p, p->at, "a word or a condition is missing here");
    if (list.n == 0)
        return end_scope(p, outer) != 0 ? -1 : query_fail(p, start, "there is nothing to look for");
    *out = combine(p, QUERY_AND, &list);
    return 0;
}

static int parse_or(struct parser *p, unsigned depth, struct query **out)
{
    struct operands list = {NULL, 0, 0};
    const struct scope *outer = p->scope;
    do {
        struct query *q = NULL;
        if (parse_and(p, depth, outer, &q) != 0)
            return -1;
        add_operand(p, &list, q);
    } while (accept(p, "OR"));
    if (end_scope(p, outer) != 0)
        return -1;
    *out = combine(p, QUERY_OR, &list);
    return 0;
}

static int parse_whole(struct parser *p, struct query **out)
{
    struct query *q = NULL;
    skip_space(p);
    if (p->at == p->text.n) {
        *out = query_node(p, QUERY_ALL, p->at);
        return 0;
    }
    if (parse_or(p, 0, &q) != 0)
        return -1;
    if (p->at < p->text.n)
        return query_fail(p, p->at, "this parenthesis was never opened");
    *out = q;
    return 0;
}

int query_parse(struct query **out, struct slice text, const struct query_context *ctx,
                struct arena *a, struct err *e)
{
    if (text.n > CAP_QUERY_BYTES)
        return err_usage(e, "the query has %zu bytes, and at most %u are read", text.n,
                         CAP_QUERY_BYTES);
    if (utf8_valid_prefix(text) < text.n)
        return err_usage(e, "the query is not valid UTF-8");
    struct parser p = {.ctx = ctx, .text = text, .arena = a, .err = e};
    p.tokenizer = tokenizer_new();
    int result = parse_whole(&p, out);
    tokenizer_free(p.tokenizer);
    return result;
}
