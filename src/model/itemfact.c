#include "itemtoken.h"

#include <stdlib.h>
#include <string.h>

struct slice item_stretch(const struct item_reader *ir, size_t from, size_t to)
{
    const struct token *t = ir->tokens.v;
    if (from >= to || t[from].run != t[to - 1].run)
        return (struct slice){NULL, 0};
    return slice_from(t[from].text.p, (size_t)(t[to - 1].text.p - t[from].text.p) + t[to - 1].text.n);
}

static bool word_is(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && slice_ieqz(t->text, word);
}

bool item_token_in(const struct token *t, const char *const *words)
{
    for (; *words; words++)
        if (word_is(t, *words))
            return true;
    return false;
}

bool item_name_char(char c)
{
    return ascii_is_alnum((unsigned char)c) || c == '-' || c == '_' || c == '.' || c == '/' ||
           (unsigned char)c >= 0x80;
}

struct slice item_owner_name(struct slice s)
{
    s = slice_without_colon(s);
    if (s.n < 2 || s.p[0] != '@')
        return (struct slice){NULL, 0};
    for (size_t i = 1; i < s.n; i++)
        if (!item_name_char(s.p[i]))
            return (struct slice){NULL, 0};
    return slice_sub(s, 1, s.n);
}

/* The longest date that begins at token `from`: its end, or 0. */
static size_t date_tokens(const struct item_reader *ir, size_t from, size_t limit, struct date *out)
{
    size_t most = from + 5 < limit ? from + 5 : limit;
    for (size_t to = most; to > from; to--)
        if (ir->tokens.v[to - 1].kind == TOKEN_WORD && date_parse(item_stretch(ir, from, to), out))
            return to;
    return 0;
}

static bool is_priority(struct slice s)
{
    return s.n == 2 && (s.p[0] == 'P' || s.p[0] == 'p') && s.p[1] >= '0' && s.p[1] <= '4';
}

static bool upper_word(struct slice s)
{
    bool letter = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            return false;
        letter |= s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    return letter;
}

bool item_is_tick(struct slice s)
{
    static const char *const ticks[] = {"✅", "✔", "✔️", "☑", "☑️", ":white_check_mark:", NULL};
    if (s.n > 0 && ascii_is_alnum((unsigned char)s.p[0]))
        return false;
    for (const char *const *t = ticks; *t; t++)
        if (slice_eqz(s, *t))
            return true;
    return false;
}

/* Typographic apostrophes are those of the keyboard here: won’t do. */
static bool state_of(const struct schema *s, struct slice words, enum action_state *state)
{
    char plain[40];
    size_t n = 0;
    if (words.n == 0 || words.n > sizeof plain)
        return false;
    for (size_t i = 0; i < words.n; i++) {
        if (slice_starts(slice_sub(words, i, 3), SLICE("’"))) {
            plain[n++] = '\'';
            i += 2;
        } else {
            plain[n++] = words.p[i];
        }
    }
    return schema_action_state(s, slice_from(plain, n), state);
}

static struct slice unquote(struct slice s)
{
    s = slice_trim(s);
    if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
        return slice_sub(s, 1, s.n - 2);
    return s;
}

struct slice item_plain(const struct item_reader *ir, size_t from, size_t to, size_t skip)
{
    struct str s = STR_INIT;
    for (size_t i = from; i < to; i++) {
        const struct token *t = &ir->tokens.v[i];
        struct slice text = i == from ? slice_sub(t->text, skip, t->text.n) : t->text;
        bool glued = i > from && t[-1].span.end == t->span.start;
        if (s.n > 0 && !glued)
            str_addc(&s, ' ');
        str_adds(&s, text);
    }
    struct slice out = arena_dup(ir->arena, unquote(str_slice(&s)));
    str_release(&s);
    return out;
}

/* Where a reason that begins at `from` ends: at a closing quote, where facts go on after a
 * separator, else at the limit. */
static size_t reason_end(const struct item_reader *ir, size_t from, size_t skip, size_t limit,
                         size_t facts)
{
    const struct token *t = ir->tokens.v;
    if (from < limit && slice_sub(t[from].text, skip, 1).n > 0 && t[from].text.p[skip] == '"')
        for (size_t i = from; i < limit && i < from + GROUP_TOKENS * 2; i++)
            if (t[i].text.n > (i == from ? skip + 1 : 0) && t[i].text.p[t[i].text.n - 1] == '"')
                return i + 1;
    return facts > from && facts < limit ? facts : limit;
}

/* "by LINK", "on DATE" and the like after a state. */
static size_t state_note(struct item_reader *ir, size_t from, size_t limit)
{
    static const char *const words[] = {"by", "in", "via", "with", "on", "since", NULL};
    struct token *t = ir->tokens.v;
    struct date date;
    size_t at = from, end;
    if (at < limit && item_token_in(&t[at], words))
        at++;
    if (at >= limit)
        return from;
    end = date_tokens(ir, at, limit, &date);
    bool reference = t[at].kind == TOKEN_CODE || item_owner_name(t[at].text).n > 0 ||
                     (t[at].text.n > 1 && t[at].text.p[0] == '#');
    if (!end && at > from && (t[at].kind == TOKEN_LINK || reference))
        end = at + 1;
    return end ? end : from;
}

static void set_note(struct item_fact *f, size_t from, size_t to, size_t skip)
{
    f->note = from;
    f->note_end = to;
    f->note_skip = skip;
}

static void set_state(struct item_fact *f, enum action_state state, size_t end, bool weak)
{
    f->kind = ITEM_STATE;
    f->state = state;
    f->end = end;
    f->weak = weak;
}

/* Whatever words of a state begin here, their first three letters are those of the first one. */
static bool may_be_state(const struct item_reader *ir, struct slice word)
{
    struct slice letters = slice_sub(word, 0, 3);
    return letters.n < 3 || item_has_colon(letters) ||
           word_filter_passes(&ir->states, letters);
}

/* "done", "in progress", "(won't do: reason)", "done by [PR](…)". `facts`: where facts that reach
 * the end go on after a separator. */
static bool state_fact(struct item_reader *ir, size_t from, size_t limit, size_t facts,
                       struct item_fact *f)
{
    const struct token *t = ir->tokens.v;
    enum action_state state;
    if (item_is_tick(t[from].text)) {
        set_state(f, STATE_DONE, from + 1, false);
        return true;
    }
    for (size_t words = may_be_state(ir, t[from].text) ? 3 : 0; words > 0; words--) {
        size_t end = from + words;
        if (end > limit || t[end - 1].kind != TOKEN_WORD)
            continue;
        struct slice text = item_stretch(ir, from, end);
        size_t width, colon = item_colon(t[end - 1].text, &width);
        if (colon != SIZE_MAX)
            text.n -= t[end - 1].text.n - colon;
        if (text.n == 0 || text.n > 24 || !word_filter_passes(&ir->states, text) ||
            !state_of(ir->schema, text, &state))
            continue;
        bool weak = !upper_word(text) && !(t[from].style & (STYLE_STRONG | STYLE_EM));
        set_state(f, state, end, weak);
        f->value = text;
        if (colon != SIZE_MAX) {
            bool inside = colon + width < t[end - 1].text.n;
            size_t first = inside ? end - 1 : end, skip = inside ? colon + width : 0;
            f->weak = true;
            f->end = reason_end(ir, first, skip, limit, facts);
            set_note(f, first, f->end, skip);
        } else if (state == STATE_WONTDO && end < limit && t[end].kind == TOKEN_OPEN) {
            size_t close = end;
            while (close < limit && close < end + GROUP_TOKENS && t[close].kind != TOKEN_CLOSE)
                close++;
            if (close < limit && t[close].kind == TOKEN_CLOSE) {
                set_note(f, end + 1, close, 0);
                f->end = close + 1;
            }
        } else {
            f->end = state_note(ir, end, limit);
            set_note(f, end, f->end, 0);
        }
        return true;
    }
    return false;
}

static bool due_fact(struct item_reader *ir, size_t from, size_t limit, struct item_fact *f)
{
    const struct token *t = ir->tokens.v;
    size_t at = from + 1;
    bool by = word_is(&t[from], "by"), due = word_is(&t[from], "due");
    if (!by && !due)
        return false;
    if (due && at < limit && (word_is(&t[at], "by") || word_is(&t[at], "on")))
        at++;
    if (at >= limit)
        return false;
    size_t end = date_tokens(ir, at, limit, &f->due);
    if (!end && (by || t[at].kind != TOKEN_WORD || word_is(&t[at], "to")))
        return false;
    f->kind = ITEM_DUE;
    f->weak = !end;
    f->end = end ? end : at + 1;
    f->value = item_stretch(ir, at, f->end);
    return true;
}

bool item_before_owner(const struct item_reader *ir, size_t at, size_t limit)
{
    while (at < limit && ir->tokens.v[at].kind == TOKEN_SEPARATOR)
        at++;
    return at < limit && item_owner_name(ir->tokens.v[at].text).n > 0;
}

static bool after_owner(const struct item_reader *ir, size_t at)
{
    while (at > 0 && (ir->tokens.v[at - 1].kind == TOKEN_SEPARATOR ||
                      ir->tokens.v[at - 1].kind == TOKEN_CLOSE))
        at--;
    return at > 0 && item_owner_name(ir->tokens.v[at - 1].text).n > 0;
}

/* "@bob, 2026-07-01": whoever writes a date beside an owner means when it is due. */
static bool bare_date(struct item_reader *ir, size_t from, size_t limit, struct item_fact *f)
{
    struct slice first = ir->tokens.v[from].text;
    if (!ascii_is_digit((unsigned char)first.p[0]) || first.n < 8 || !date_parse(first, &f->due))
        return false;
    if (!after_owner(ir, from) && !item_before_owner(ir, from + 1, limit))
        return false;
    f->kind = ITEM_DUE;
    f->weak = f->bare = true;
    f->end = from + 1;
    f->value = first;
    return true;
}

static bool word_fact(struct item_reader *ir, size_t from, struct item_fact *f)
{
    const struct token *t = &ir->tokens.v[from];
    struct slice name = item_owner_name(t->text);
    f->end = from + 1;
    if (name.n > 0) {
        f->kind = ITEM_OWNER;
        f->value = name;
    } else if (is_priority(t->text)) {
        f->kind = ITEM_PRIORITY;
        f->value = t->text;
        f->weak = true;
    } else if (item_tracker(ir->schema, t->text).n == t->text.n && ir->schema->actions.ntrackers) {
        f->kind = ITEM_TRACKER;
        f->value = t->text;
        f->weak = true;
    } else if (t->text.n <= 24 && word_filter_passes(&ir->types, t->text) &&
               (f->value = schema_action_type(ir->schema, t->text)).n > 0) {
        f->kind = ITEM_TYPE;
        f->weak = true;
    } else {
        return false;
    }
    return true;
}

/* "owner: Alice", and "Smith, due: …" on the next line: not "P1, due: …". */
static bool goes_on(struct item_reader *ir, size_t at, size_t limit)
{
    const struct token *t = ir->tokens.v;
    struct item_fact f;
    return t[at].kind == TOKEN_WORD && at + 1 < limit && t[at + 1].kind == TOKEN_SEPARATOR &&
           !word_fact(ir, at, &f) && !state_fact(ir, at, limit, 0, &f) &&
           !item_has_colon(t[at].text) && !ascii_is_digit((unsigned char)t[at].text.p[0]);
}

/* The "due:" of "owner: Alice due: 2026-04-01". */
static bool is_keyed(const struct item_reader *ir, const struct token *t)
{
    size_t width, colon = item_colon(t->text, &width);
    return t->kind == TOKEN_WORD && colon != SIZE_MAX &&
           schema_action_column(ir->schema, slice_sub(t->text, 0, colon)) != ACTION_COLUMNS;
}

/* The values of "owner: Alice Smith": up to a separator, the next key, the line's end or four words. */
static size_t value_end(struct item_reader *ir, size_t from, size_t limit)
{
    const struct token *t = ir->tokens.v;
    size_t end = from;
    while (end < limit && end < from + 4 && (end == from || !is_keyed(ir, &t[end])) &&
           (end == from || !t[end].line_start || goes_on(ir, end, limit)) &&
           (t[end].kind == TOKEN_WORD || t[end].kind == TOKEN_LINK || t[end].kind == TOKEN_CODE))
        end++;
    return end;
}

static bool keyed_value(struct item_reader *ir, enum action_column column, size_t first,
                        size_t skip, size_t limit, struct item_fact *f)
{
    const struct token *t = ir->tokens.v;
    bool glued = skip > 0;
    size_t end = glued ? first + 1 : value_end(ir, first, limit);
    struct slice one = slice_sub(t[first].text, skip, t[first].text.n);
    if (end == first)
        return false;
    switch (column) {
    case ACTION_OWNER:
        f->kind = ITEM_OWNER;
        f->value = glued ? one : item_plain(ir, first, end, 0);
        break;
    case ACTION_DUE: {
        size_t date = glued ? (date_parse(one, &f->due) ? first + 1 : 0)
                            : date_tokens(ir, first, limit, &f->due);
        f->kind = ITEM_DUE;
        end = date ? date : end;
        f->value = glued ? one : item_plain(ir, first, end, 0);
        break;
    }
    case ACTION_TYPE:
    case ACTION_PRIORITY:
        f->kind = column == ACTION_TYPE ? ITEM_TYPE : ITEM_PRIORITY;
        end = first + 1;
        f->value = one;
        break;
    case ACTION_TRACKER:
        f->kind = ITEM_TRACKER;
        end = first + 1;
        f->value = t[first].kind == TOKEN_LINK ? t[first].url : one;
        break;
    case ACTION_STATE:
        if (!glued)
            return state_fact(ir, first, limit, 0, f);
        if (!state_of(ir->schema, one, &f->state))
            return false;
        f->kind = ITEM_STATE;
        break;
    default: return false;
    }
    f->end = end;
    return true;
}

/* "type:prevent", "due: 2026-04-01", "owner: Alice". */
static bool keyed_fact(struct item_reader *ir, size_t from, size_t limit, struct item_fact *f)
{
    const struct token *t = &ir->tokens.v[from];
    size_t width, colon = item_colon(t->text, &width);
    if (t->kind != TOKEN_WORD || colon == SIZE_MAX || colon == 0 || colon > 20)
        return false;
    bool glued = colon + width < t->text.n;
    struct slice key = slice_sub(t->text, 0, colon);
    enum action_column column = schema_action_column(ir->schema, key);
    if (!glued && from + 1 >= limit)
        return false;
    if (!keyed_value(ir, column, glued ? from : from + 1, glued ? colon + width : 0, limit, f))
        return false;
    f->weak = !glued;
    return true;
}

static bool group_fact(struct item_reader *ir, size_t from, size_t limit, struct item_fact *f);

bool item_fact_at(struct item_reader *ir, size_t from, size_t limit, size_t facts,
                       struct item_fact *f)
{
    static const char *const joins[] = {"and", "&", "+", "with", NULL};
    const struct token *t = &ir->tokens.v[from];
    *f = (struct item_fact){.kind = ITEM_NOTHING, .end = from + 1};
    switch (t->kind) {
    case TOKEN_SEPARATOR: f->kind = ITEM_SEPARATOR; return true;
    case TOKEN_LINK:
        f->value = item_owner_name(t->text);
        f->kind = f->value.n > 0 ? ITEM_OWNER : ITEM_TRACKER;
        if (f->kind == ITEM_TRACKER)
            f->value = t->url;
        return f->value.n > 0;
    case TOKEN_OPEN: return group_fact(ir, from, limit, f);
    case TOKEN_WORD: break;
    default: return false;
    }
    if (item_token_in(t, joins) && from + 1 < limit && item_owner_name(t[1].text).n > 0) {
        f->kind = ITEM_JOIN;
        f->weak = true;
        return true;
    }
    return due_fact(ir, from, limit, f) || bare_date(ir, from, limit, f) ||
           keyed_fact(ir, from, limit, f) || state_fact(ir, from, limit, facts, f) ||
           word_fact(ir, from, f);
}

static bool group_fact(struct item_reader *ir, size_t from, size_t limit, struct item_fact *f)
{
    const struct token *t = ir->tokens.v;
    size_t close = from + 1, at, found = 0;
    struct item_fact inner;
    while (close < limit && close < from + GROUP_TOKENS && t[close].kind != TOKEN_CLOSE &&
           t[close].kind != TOKEN_OPEN)
        close++;
    if (close >= limit || t[close].kind != TOKEN_CLOSE)
        return false;
    for (at = from + 1; at < close; at = inner.end, found += inner.kind != ITEM_SEPARATOR)
        if (!item_fact_at(ir, at, close, 0, &inner))
            return false;
    f->kind = ITEM_GROUP;
    f->end = close + 1;
    return found > 0;
}
