#include "itemtoken.h"

#include <stdlib.h>
#include <string.h>

/* ---- the run of facts at the end --------------------------------------------------------------- */

/* What stands between the promise and a fact at i: nothing, a comma or full stop, or more. */
enum boundary { BOUNDARY_NONE, BOUNDARY_COMMA, BOUNDARY_LINE, BOUNDARY_MARK };

static enum boundary boundary_before(const struct item_reader *ir, size_t i)
{
    const struct token *t = ir->tokens.v;
    if (i == 0)
        return BOUNDARY_MARK;
    if (t[i - 1].kind == TOKEN_SEPARATOR && !t[i - 1].comma)
        return BOUNDARY_MARK;
    if ((t[i - 1].style & STYLE_STRIKE) && !(t[i].style & STYLE_STRIKE))
        return BOUNDARY_MARK;
    if (t[i].line_start)
        return BOUNDARY_LINE;
    return t[i - 1].kind == TOKEN_SEPARATOR ? BOUNDARY_COMMA : BOUNDARY_NONE;
}

/* "Related to [this issue](…)", "Talk to @bob": the sentence needs them. */
static bool needed_by_sentence(const struct item_reader *ir, size_t i)
{
    static const char *const words[] = {
        "to",  "in",   "on",  "of",    "at",   "for",   "see",  "by",   "with", "from",
        "the", "a",    "an",  "and",   "or",   "per",   "via",  "like", "this", "that",
        "is",  "into", "as",  "using", "than", "under", "over", "ask",  "when", "if", NULL};
    return i > 0 && !ir->tokens.v[i].line_start && item_token_in(&ir->tokens.v[i - 1], words);
}

/* The words that mark an item wherever they stand alone; "released" and "planned" may end a
 * sentence. */
static bool plain_state(const struct item_fact *f)
{
    static const char *const words[] = {"done", "in progress", "in-progress", "blocked", NULL};
    if (f->state == STATE_WONTDO)
        return true;
    for (const char *const *w = words; *w; w++)
        if (slice_ieqz(f->value, *w))
            return true;
    return false;
}

/* May the run of facts begin at i? */
static bool may_begin(const struct item_reader *ir, size_t i)
{
    const struct token *t = &ir->tokens.v[i];
    enum boundary before = boundary_before(ir, i);
    switch (t->fact.kind) {
    case ITEM_SEPARATOR:
    case ITEM_JOIN:
    case ITEM_NOTHING: return false;
    case ITEM_OWNER:
    case ITEM_TRACKER: if (needed_by_sentence(ir, i)) return false; break;
    case ITEM_DUE: /* after an owner that belongs to the sentence so does a date */
        if (t->fact.bare && !item_before_owner(ir, t->fact.end, ir->tokens.n))
            return false;
        break;
    case ITEM_TYPE:
        if (t->fact.weak)
            return before == BOUNDARY_MARK || (before != BOUNDARY_NONE && t->more);
        break;
    case ITEM_STATE:
        if (t->fact.weak && before != BOUNDARY_MARK)
            return before != BOUNDARY_NONE && (t->more || plain_state(&t->fact));
        break;
    default: break;
    }
    return !t->fact.weak || before != BOUNDARY_NONE;
}

/* Fills ok and fact from n backwards; the first token of the run that ends there, or n. */
static size_t find_tail(struct item_reader *ir, size_t first, size_t n)
{
    size_t facts = 0, misses = 0, start = n;
    for (size_t i = n; i-- > first;) {
        struct token *t = &ir->tokens.v[i];
        /* Far from the run only a reason can reach it. */
        if (misses > FACT_TOKENS && !item_has_colon(t->text) &&
            !(i + 2 < n && t[2].kind == TOKEN_WORD && item_has_colon(t[2].text)) &&
            !(i + 1 < n && item_has_colon(t[1].text)))
            continue;
        bool fact = item_fact_at(ir, i, n, facts, &t->fact);
        const struct token *next = fact && t->fact.end < n ? &ir->tokens.v[t->fact.end] : NULL;
        t->ok = fact && (!next || next->ok);
        misses = t->ok ? 0 : misses + 1;
        if (!t->ok)
            continue;
        bool more = t->fact.kind != ITEM_TYPE && t->fact.kind != ITEM_SEPARATOR;
        t->more = next && next->solid;
        t->solid = more || t->more;
        if (may_begin(ir, i)) {
            start = i;
            if (i > first && ir->tokens.v[i - 1].kind == TOKEN_SEPARATOR)
                facts = i - 1;
        }
    }
    return start;
}

/* The last token of a parenthesis at the end, and of full stops behind it: a remark; else n. */
static size_t before_group(struct item_reader *ir, size_t first)
{
    const struct token *t = ir->tokens.v;
    size_t i = ir->tokens.n;
    while (i > first && t[i - 1].kind == TOKEN_SEPARATOR)
        i--;
    if (i == first || t[i - 1].kind != TOKEN_CLOSE)
        return ir->tokens.n;
    while (i > first && t[i - 1].kind != TOKEN_OPEN)
        i--;
    return i > first ? i - 1 : ir->tokens.n;
}

/* "Due: 2026-04-30": the date makes it certain that a fact is meant, wherever it stands. */
static size_t behind_keyed_date(struct item_reader *ir, size_t first)
{
    struct item_fact f;
    for (size_t i = ir->tokens.n; i-- > first;)
        if (item_has_colon(ir->tokens.v[i].text) &&
            item_fact_at(ir, i, ir->tokens.n, 0, &f) && f.kind == ITEM_DUE && f.due.year)
            return f.end;
    return ir->tokens.n;
}

static bool has_date(const struct item_reader *ir, size_t from, size_t to)
{
    for (size_t i = from; i < to; i = ir->tokens.v[i].fact.end)
        if (ir->tokens.v[i].fact.kind == ITEM_DUE && ir->tokens.v[i].fact.due.year)
            return true;
    return false;
}

/* The run of facts, tokens *tail to *end. A remark may follow it, where a date tells that these are
 * facts: "owner: platform, due: 2026-04-30 (carried over from March)". */
static void find_facts(struct item_reader *ir, size_t first, size_t *tail, size_t *end)
{
    size_t n = ir->tokens.n;
    size_t (*const ends[])(struct item_reader *, size_t) = {before_group, behind_keyed_date};
    *end = n;
    *tail = find_tail(ir, first, n);
    for (size_t i = 0; i < sizeof ends / sizeof *ends && *tail == n; i++) {
        size_t behind = ends[i](ir, first);
        size_t start = behind < n ? find_tail(ir, first, behind) : behind;
        if (start < behind && has_date(ir, start, behind)) {
            *tail = start;
            *end = behind;
        }
    }
}

/* ---- applying ---------------------------------------------------------------------------------- */

static struct span tokens_span(const struct item_reader *ir, size_t from, size_t to)
{
    return (struct span){ir->tokens.v[from].span.start, ir->tokens.v[to - 1].span.end};
}

static void widen(struct span *span, struct span more)
{
    if (span->start == span->end)
        *span = more;
    else
        span->end = more.end;
}

static void apply(struct item_reader *ir, const struct item_fact *f, size_t from, struct action *a)
{
    struct span span = tokens_span(ir, from, f->end);
    switch (f->kind) {
    case ITEM_OWNER:
        item_add_owners(ir, f->value);
        widen(&a->owner_span, span);
        break;
    case ITEM_DUE:
        if (f->bare && a->due_raw.n > 0)
            break;
        a->due = f->due;
        a->due_raw = f->value;
        a->due_span = span;
        break;
    case ITEM_TYPE: a->type = item_type(ir, f->value); break;
    case ITEM_PRIORITY: a->priority = item_priority(ir, f->value); break;
    case ITEM_STATE:
        if (a->state_stated && a->state == STATE_WONTDO)
            break;
        a->state = f->state;
        a->state_stated = true;
        a->state_span = span;
        if (f->note < f->note_end)
            a->reason = item_plain(ir, f->note, f->note_end, f->note_skip);
        break;
    case ITEM_TRACKER:
        if (a->tracker.n == 0)
            a->tracker = f->value;
        break;
    case ITEM_GROUP: {
        struct item_fact inner;
        for (size_t at = from + 1; at + 1 < f->end; at = inner.end) {
            item_fact_at(ir, at, f->end - 1, 0, &inner);
            if (inner.kind != ITEM_GROUP)
                apply(ir, &inner, at, a);
        }
        break;
    }
    default: break;
    }
}

static bool struck(const struct item_reader *ir, size_t from, size_t to)
{
    size_t words = 0;
    for (size_t i = from; i < to; i++) {
        const struct token *t = &ir->tokens.v[i];
        if (t->kind == TOKEN_SEPARATOR)
            continue;
        if (!(t->style & STYLE_STRIKE))
            return false;
        words++;
    }
    return words > 0;
}

/* A fact that is struck out in a promise that is not has been replaced: an old due date. */
static void apply_tail(struct item_reader *ir, size_t tail, size_t end, bool all, struct action *a)
{
    for (size_t i = tail; i < end; i = ir->tokens.v[i].fact.end)
        if (all || !(ir->tokens.v[i].style & STYLE_STRIKE))
            apply(ir, &ir->tokens.v[i].fact, i, a);
}

/* ---- the start --------------------------------------------------------------------------------- */

static size_t skip_letters(struct slice s, size_t i)
{
    while (i < s.n && ascii_is_alpha((unsigned char)s.p[i]))
        i++;
    return i;
}

/* A1, AI-3, AI-P1, PM-12-A4: letters, then a number, perhaps with a letter or two; never a bare number. */
static bool is_id(struct slice s)
{
    size_t i = skip_letters(s, 0);
    if (i == 0 || i > 8 || i == s.n)
        return false;
    for (bool digit = false; i < s.n; i++) {
        size_t word = skip_letters(s, i + 1) - i - 1;
        if (ascii_is_digit((unsigned char)s.p[i]))
            digit = true;
        else if (s.p[i] == '-' && word <= 2 && i + 1 < s.n)
            i += word;
        else
            return digit && i + 1 == s.n && s.p[i] == '.';
    }
    return ascii_is_digit((unsigned char)s.p[s.n - 1]) && s.n <= 24;
}

static size_t skip_separators(const struct item_reader *ir, size_t i)
{
    while (i < ir->tokens.n && ir->tokens.v[i].kind == TOKEN_SEPARATOR)
        i++;
    return i;
}

static size_t read_id(struct item_reader *ir, size_t i, struct action *a)
{
    const struct token *t = &ir->tokens.v[i];
    if (i >= ir->tokens.n || t->kind != TOKEN_WORD || !(t->style & STYLE_STRONG))
        return i;
    struct slice word = slice_without_colon(t->text);
    bool alone = i + 1 == ir->tokens.n || t[1].run != t->run || t[1].kind == TOKEN_SEPARATOR ||
                 word.n < t->text.n;
    if (!alone || !is_id(word))
        return i;
    a->id = word;
    return skip_separators(ir, i + 1);
}

/* A team's name is short and plain; "(optional)" and "(long term)" are none. */
static bool team_prefix(struct item_reader *ir, size_t open, size_t *close)
{
    static const char *const others[] = {"optional", "maybe",    "stretch",    "nice",   "short",
                                         "long",     "short-term", "long-term", "low",   "high",
                                         "medium",   "urgent",   "new",        "wip",    "if",
                                         "eventually", "later",  "idea",       "possibly", NULL};
    const struct token *t = ir->tokens.v;
    size_t i = open + 1;
    for (; i < ir->tokens.n && i < open + 12 && t[i].kind != TOKEN_CLOSE; i++) {
        if (t[i].kind == TOKEN_SEPARATOR)
            continue;
        if (t[i].kind != TOKEN_WORD || t[i].text.n > 32 || item_token_in(&t[i], others))
            return false;
        for (size_t k = 0; k < t[i].text.n; k++)
            if (!item_name_char(t[i].text.p[k]) && t[i].text.p[k] != '@' &&
                t[i].text.p[k] != '&')
                return false;
    }
    *close = i;
    return i < ir->tokens.n && t[i].kind == TOKEN_CLOSE && i > open + 1 && t[open].text.p[0] != '[';
}

/* "TODO: Do a thing", "DONE: …": the state, and what stands behind it is the promise, not a note.
 * (Behind "won't do:" stands why.) */
static size_t read_state(struct item_reader *ir, size_t i, struct action *a)
{
    struct item_fact f;
    if (ir->tokens.v[i].kind != TOKEN_WORD || !item_fact_at(ir, i, ir->tokens.n, 0, &f) ||
        f.kind != ITEM_STATE || f.state == STATE_WONTDO || f.note <= i || f.note >= ir->tokens.n ||
        f.note_skip > 0 || !slice_ends(ir->tokens.v[f.note - 1].text, SLICE(":")))
        return i;
    f.end = f.note;
    f.note = f.note_end = 0;
    apply(ir, &f, i, a);
    return skip_separators(ir, f.end);
}

static size_t read_prefix(struct item_reader *ir, size_t i, struct action *a)
{
    struct item_fact f;
    size_t close;
    if (i >= ir->tokens.n)
        return i;
    if (ir->tokens.v[i].kind == TOKEN_OPEN) {
        if (item_fact_at(ir, i, ir->tokens.n, 0, &f) && f.end < ir->tokens.n) {
            apply(ir, &f, i, a);
            return skip_separators(ir, f.end);
        }
        if (!team_prefix(ir, i, &close) || close + 1 >= ir->tokens.n)
            return i;
        item_add_owners(ir, item_stretch(ir, i + 1, close));
        a->owner_span = tokens_span(ir, i + 1, close);
        return skip_separators(ir, close + 1);
    }
    if (item_is_tick(ir->tokens.v[i].text)) {
        f = (struct item_fact){.kind = ITEM_STATE, .state = STATE_DONE, .end = i + 1};
        apply(ir, &f, i, a);
        return skip_separators(ir, i + 1);
    }
    return read_state(ir, i, a);
}

static size_t read_names(struct item_reader *ir, size_t i, struct action *a)
{
    size_t at = i;
    while (at < ir->tokens.n && item_owner_name(ir->tokens.v[at].text).n > 0) {
        item_add_owners(ir, item_owner_name(ir->tokens.v[at].text));
        widen(&a->owner_span, ir->tokens.v[at].span);
        at = skip_separators(ir, at + 1);
        if (at + 1 < ir->tokens.n && slice_ieqz(ir->tokens.v[at].text, "and") &&
            item_owner_name(ir->tokens.v[at + 1].text).n > 0)
            at++;
    }
    return at;
}

/* ---- text -------------------------------------------------------------------------------------- */

/* Plain text of tokens first…tail: the runs between them, cut where they begin and end. */
static struct slice promise_text(struct item_reader *ir, const struct runs *runs, size_t first,
                                 size_t tail)
{
    const struct token *from = &ir->tokens.v[first], *last = &ir->tokens.v[tail - 1];
    struct str s = STR_INIT;
    size_t n = last->run - from->run + 1;
    struct run *copy = arena_array(ir->arena, n, sizeof *copy);
    memcpy(copy, &runs->v[from->run], n * sizeof *copy);
    if (copy[n - 1].kind == RUN_TEXT)
        copy[n - 1].text = slice_sub(copy[n - 1].text, 0, last->at + last->text.n);
    if (copy[0].kind == RUN_TEXT)
        copy[0].text = slice_sub(copy[0].text, from->at, copy[0].text.n);
    runs_plain(&(struct runs){copy, n}, &s);
    struct slice out = arena_dup(ir->arena, str_slice(&s));
    str_release(&s);
    return out;
}

/* Separators between the promise and its facts belong to neither; a full stop is the promise's. */
static size_t promise_end(const struct item_reader *ir, size_t first, size_t tail)
{
    if (tail == ir->tokens.n)
        return tail;
    while (tail > first && ir->tokens.v[tail - 1].kind == TOKEN_SEPARATOR &&
           !ir->tokens.v[tail - 1].sentence)
        tail--;
    return tail;
}

static void read_text(struct item_reader *ir, const struct runs *runs, size_t first, size_t tail,
                      struct action *a)
{
    if (first >= tail) { /* nothing but facts: they are what it says */
        first = 0;
        tail = ir->tokens.n;
    }
    if (first >= tail)
        return;
    a->text = slice_without_colon(promise_text(ir, runs, first, tail));
    a->text_span = tokens_span(ir, first, tail);
    a->key = item_key(ir, a->text);
}

void item_read(struct item_reader *ir, struct slice text, uint32_t base, struct action *a)
{
    struct runs runs;
    a->text_span = (struct span){base, base};
    inline_parse(text, base, ir->doc->refs, ir->arena, &runs);
    item_tokenize(ir, &runs);
    size_t first = read_prefix(ir, skip_separators(ir, 0), a);
    first = read_id(ir, first, a);
    first = read_names(ir, read_prefix(ir, first, a), a);
    size_t tail, behind;
    find_facts(ir, first, &tail, &behind);
    size_t end = promise_end(ir, first, tail);
    bool gone = struck(ir, first, end > first ? end : ir->tokens.n);
    apply_tail(ir, tail, behind, gone, a);
    read_text(ir, &runs, first, end, a);
    if (gone && !a->state_stated) {
        a->state = STATE_WONTDO;
        a->state_stated = true;
        a->state_span = a->text_span;
    }
}

void item_reader_init(struct item_reader *ir, const struct schema *s, struct document *d)
{
    *ir = (struct item_reader){.schema = s, .doc = d, .arena = &d->arena};
    word_filter_fill(&ir->states, &s->state_names);
    word_filter_fill(&ir->types, &s->type_names);
}

void item_reader_release(struct item_reader *ir)
{
    vec_release(&ir->tokens);
    vec_release(&ir->owners);
    vec_release(&ir->links);
}
