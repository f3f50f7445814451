#include "query_private.h"

#include "pm/ledger.h"
#include "pm/spell.h"
#include "pm/utf8.h"

#include <string.h>

#define DAY 86400.0

/* What one end of a range, or a single value, means: everything from first to last. */
struct bound {
    enum field_type type;
    double first, last;
    bool instant; /* a point in time, not days */
    struct slice currency;
};

/* One alternative of a list. */
struct written {
    struct slice raw;  /* quotes and all */
    struct slice text; /* without quotes */
    bool quoted;
    size_t at;
};

int query_tokens_read(struct parser *p, struct slice text, bool *prefix, struct slice **tokens,
                      size_t *n)
{
    struct slice *v = arena_array(p->arena, QUERY_PHRASE_TOKENS, sizeof *v);
    struct token token, last;
    size_t count = 0;
    tokenizer_start(p->tokenizer, text);
    while (tokenizer_next(p->tokenizer, &token)) {
        if (count == QUERY_PHRASE_TOKENS)
            return query_fail(p, p->at, "a phrase has more than %u words", QUERY_PHRASE_TOKENS);
        v[count++] = arena_dup(p->arena, token.text);
        last = token;
        last.word = arena_dup(p->arena, token.word);
    }
    if (count == 0)
        return query_fail(p, p->at, "no letters or digits to look for");
    size_t at = 0;
    if (last.cjk) {
        utf8_next(last.word, &at); /* one character is in no pair but begins some */
        *prefix |= at == last.word.n;
    }
    if (*prefix)
        v[count - 1] = last.word;
    *tokens = v;
    *n = count;
    return 0;
}

/* ---- bounds -----------------------------------------------------------------------------------
 */

static bool read_number(struct slice s, struct bound *out)
{
    double v;
    struct slice currency = slice_of(NULL);
    if (!slice_double(s, &v) && !money_parse(s, &v, &currency))
        return false;
    if (v != v)
        return false;
    *out = (struct bound){FIELD_DECIMAL, v, v, false, currency};
    if (currency.n > 0)
        out->type = FIELD_MONEY;
    return true;
}

static bool read_duration(struct slice s, struct bound *out)
{
    int64_t seconds;
    if (!duration_parse(s, &seconds, NULL))
        return false;
    *out = (struct bound){FIELD_DURATION, (double)seconds, (double)seconds, false, {NULL, 0}};
    return true;
}

static bool read_instant(struct slice s, int64_t *out)
{
    struct moment m;
    return moment_parse(s, &m) && m.date.year != 0 && m.hour >= 0 &&
           moment_resolve(&m, zone_utc(), NULL, NULL, out);
}

static bool read_date(const struct parser *p, struct slice s, enum query_how how, struct bound *out)
{
    struct date first, last;
    int64_t t;
    if (date_range_parse(s, p->ctx->today, &first, &last)) {
        double low = (double)date_days(first), high = (double)date_days(last);
        *out = how == HOW_DATE
                   ? (struct bound){FIELD_DATE, low, high, false, {NULL, 0}}
                   : (struct bound){
                         FIELD_TIMESTAMP, low * DAY, high * DAY + DAY - 1, false, {NULL, 0}};
        return true;
    }
    if (!read_instant(s, &t))
        return false;
    double day = (double)date_days(time_date_utc(t));
    *out = how == HOW_DATE ? (struct bound){FIELD_DATE, day, day, false, {NULL, 0}}
                           : (struct bound){FIELD_TIMESTAMP, (double)t, (double)t, true, {NULL, 0}};
    return true;
}

static bool read_enum(const struct query *node, struct slice s, struct bound *out)
{
    size_t i = field_value(node->field, s);
    if (i == SIZE_MAX)
        return false;
    *out = (struct bound){FIELD_ENUM, (double)i, (double)i, false, {NULL, 0}};
    return true;
}

static bool read_state(const struct parser *p, struct slice s, struct bound *out)
{
    enum action_state stated;
    size_t i = 0;
    while (i < ITEM_STATES && !slice_ieqz(s, item_state_name((enum item_state)i)))
        i++;
    if (i == ITEM_STATES) {
        if (!schema_action_state(p->ctx->schema, s, &stated))
            return false;
        i = (size_t)stated;
    }
    *out = (struct bound){FIELD_ENUM, (double)i, (double)i, false, {NULL, 0}};
    return true;
}

static bool read_priority(struct slice s, struct bound *out)
{
    if (s.n != 2 || ascii_lower(s.p[0]) != 'p' || !ascii_is_digit((unsigned char)s.p[1]))
        return false;
    double v = s.p[1] - '0';
    *out = (struct bound){FIELD_INTEGER, v, v, false, {NULL, 0}};
    return true;
}

static bool read_bound(const struct parser *p, const struct query *node, struct slice s,
                       struct bound *out)
{
    enum query_how how = query_how(node->subject, node->field);
    switch (how) {
    case HOW_ENUM:
        return read_enum(node, s, out);
    case HOW_STATE:
        return read_state(p, s, out);
    case HOW_PRIORITY:
        return read_priority(s, out);
    case HOW_NUMBER:
    case HOW_MONEY:
        return read_number(s, out);
    case HOW_DURATION:
        return read_duration(s, out);
    case HOW_FREE:
        return read_number(s, out) || read_duration(s, out);
    case HOW_DATE:
    case HOW_TIME:
        return read_date(p, s, how, out);
    default:
        return false;
    }
}

static void offer_values(struct spell *near, struct str *all, const struct query *node)
{
    bool states = node->subject != SUBJECT_FIELD;
    for (size_t i = 0; i < (states ? ITEM_STATES : node->field->nvalues); i++) {
        struct slice name = states ? slice_of(item_state_name((enum item_state)i))
                                   : node->field->values[i].name;
        spell_offer(near, name);
        str_addf(all, "%s" SLICE_FMT, i ? ", " : "", SLICE_ARG(name));
    }
}

static int bad_bound(struct parser *p, const struct query *node, struct slice s, size_t at)
{
    enum query_how how = query_how(node->subject, node->field);
    int shown = s.n > 60 ? 60 : (int)s.n;
    struct slice name = node->name, example = query_subject_example(node);
    if (how == HOW_DATE || how == HOW_TIME)
        return query_fail(p, at,
                          "'%.*s' is no date: write " SLICE_FMT ":2026-03-17, " SLICE_FMT
                          ":2026-Q1 or " SLICE_FMT ":-2w..today",
                          shown, s.p, SLICE_ARG(name), SLICE_ARG(name), SLICE_ARG(name));
    if (how == HOW_DURATION)
        return query_fail(p, at,
                          "'%.*s' is no duration: s, m, h, d and w are units, as in " SLICE_FMT
                          ":" SLICE_FMT, shown, s.p, SLICE_ARG(name), SLICE_ARG(example));
    if (how != HOW_ENUM && how != HOW_STATE)
        return query_fail(p, at,
                          "'%.*s' is no value of " SLICE_FMT ": write " SLICE_FMT ":" SLICE_FMT,
                          shown, s.p, SLICE_ARG(name), SLICE_ARG(name), SLICE_ARG(example));
    struct spell near;
    struct str all = STR_INIT;
    spell_init(&near, s);
    offer_values(&near, &all, node);
    if (near.best.n > 0)
        query_fail(p, at, "'%.*s' is no value of " SLICE_FMT ": did you mean '" SLICE_FMT "'?",
                   shown, s.p, SLICE_ARG(name), SLICE_ARG(near.best));
    else
        query_fail(p, at, "'%.*s' is no value of " SLICE_FMT "%s%s", shown, s.p, SLICE_ARG(name),
                   all.n ? ": it has " : "", all.p);
    str_release(&all);
    return -1;
}

/* ---- ranges -----------------------------------------------------------------------------------
 */

/* The next number, for the bounds that comparisons leave out. */
static double beside(const struct bound *b, double v, int direction)
{
    if (b->type != FIELD_DECIMAL && b->type != FIELD_MONEY)
        return v + direction;
    if (v == 0)
        return direction * 4.9406564584124654e-324;
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    bits += (v > 0) == (direction > 0) ? 1 : UINT64_MAX;
    memcpy(&v, &bits, sizeof bits);
    return v;
}

static void set_type(struct query_value *out, const struct bound *b)
{
    out->kind = MATCH_RANGE;
    out->type = b->type;
    out->currency = b->currency;
    out->local = b->type == FIELD_TIMESTAMP && !b->instant;
}

/* >=30m, <2025-01-01 */
static int read_comparison(struct parser *p, const struct query *node, const struct written *w,
                           struct query_value *out)
{
    bool more = w->text.p[0] == '>', equal = slice_starts(slice_sub(w->text, 1, 1), SLICE("="));
    struct slice s = slice_sub(w->text, equal ? 2 : 1, w->text.n);
    struct bound b;
    if (!read_bound(p, node, s, &b))
        return bad_bound(p, node, s, w->at + (equal ? 2 : 1));
    set_type(out, &b);
    out->has_low = more;
    out->has_high = !more;
    if (more)
        out->low = equal ? b.first : beside(&b, b.last, 1);
    else
        out->high = equal ? b.last : beside(&b, b.first, -1);
    return 0;
}

static int check_ends(struct parser *p, const struct written *w, const struct bound *low,
                      const struct bound *high)
{
    bool money = (low->type == FIELD_MONEY && high->type == FIELD_DECIMAL) ||
                 (low->type == FIELD_DECIMAL && high->type == FIELD_MONEY);
    if (low->type != high->type && !money)
        return query_fail(p, w->at, "the two ends of the range measure different things");
    if (low->currency.n > 0 && high->currency.n > 0 && !slice_eq(low->currency, high->currency))
        return query_fail(p, w->at, "the two ends of the range are in different currencies");
    if (low->first > high->last)
        return query_fail(p, w->at, "the range ends before it begins: nothing can be in it");
    return 0;
}

static int read_range(struct parser *p, const struct query *node, const struct written *w,
                      size_t dots, struct query_value *out)
{
    struct slice a = slice_sub(w->text, 0, dots), b = slice_sub(w->text, dots + 2, w->text.n);
    struct bound low = {0}, high = {0};
    if (a.n == 0 && b.n == 0)
        return query_fail(p, w->at, "a range needs at least one end");
    if (a.n > 0 && !read_bound(p, node, a, &low))
        return bad_bound(p, node, a, w->at);
    if (b.n > 0 && !read_bound(p, node, b, &high))
        return bad_bound(p, node, b, w->at + dots + 2);
    if (a.n > 0 && b.n > 0 && check_ends(p, w, &low, &high) != 0)
        return -1;
    set_type(out, a.n > 0 ? &low : &high);
    out->has_low = a.n > 0;
    out->has_high = b.n > 0;
    out->low = low.first;
    out->high = high.last;
    if (high.currency.n > 0)
        out->currency = high.currency;
    out->local &= !high.instant;
    return 0;
}

static int read_single(struct parser *p, const struct query *node, const struct written *w,
                       struct query_value *out)
{
    struct bound b;
    if (!read_bound(p, node, w->text, &b))
        return bad_bound(p, node, w->text, w->at);
    set_type(out, &b);
    out->has_low = out->has_high = true;
    out->low = b.first;
    out->high = b.last;
    if (b.type == FIELD_ENUM)
        out->text = node->subject == SUBJECT_FIELD
                        ? node->field->values[(size_t)b.first].name
                        : slice_of(item_state_name((enum item_state)(int)b.first));
    return 0;
}

static int read_ordered(struct parser *p, const struct query *node, const struct written *w,
                        struct query_value *out)
{
    size_t dots = w->quoted ? SIZE_MAX : slice_find(w->text, SLICE(".."), 0);
    if (!w->quoted && (w->text.p[0] == '>' || w->text.p[0] == '<'))
        return read_comparison(p, node, w, out);
    if (dots != SIZE_MAX)
        return read_range(p, node, w, dots, out);
    return read_single(p, node, w, out);
}

/* ---- words ------------------------------------------------------------------------------------
 */

static struct slice folded(struct parser *p, struct slice s)
{
    struct str out = STR_INIT;
    utf8_fold(&out, s);
    struct slice copy = arena_dup(p->arena, str_slice(&out));
    str_release(&out);
    return copy;
}

static int read_name(struct parser *p, enum query_how how, const struct written *w,
                     struct query_value *out)
{
    struct slice s = w->text;
    if (!w->quoted && s.n > 1 && s.p[s.n - 1] == '*') {
        out->kind = MATCH_PREFIX;
        s.n--;
    }
    if (how == HOW_PERSON && s.n > 1 && s.p[0] == '@')
        s = slice_sub(s, 1, s.n);
    if (how == HOW_TYPE && out->kind == MATCH_TEXT) {
        struct slice type = schema_action_type(p->ctx->schema, s);
        s = type.n ? type : s;
    }
    if (how == HOW_TEXT) {
        bool prefix = out->kind == MATCH_PREFIX;
        if (query_tokens_read(p, s, &prefix, &out->tokens, &out->ntokens) != 0)
            return -1;
        out->kind = prefix ? MATCH_PREFIX : MATCH_TEXT;
    }
    out->text = folded(p, s);
    return 0;
}

/* Does some listed tag have this one among its parts? */
static bool part_of_listed(const struct taxonomy *t, struct slice tag)
{
    for (size_t i = 0; i < t->ntags; i++) {
        struct slice name = t->tags[i].name;
        for (size_t at = 0; at < name.n;) {
            struct slice rest = slice_sub(name, at, name.n);
            if (tag_within(rest, tag))
                return true;
            size_t slash = slice_chr(name, '/', at);
            at = slash == SIZE_MAX ? name.n : slash + 1;
        }
    }
    return false;
}

static int read_tag(struct parser *p, const struct query *node, const struct written *w,
                    struct query_value *out)
{
    const struct taxonomy *t = &p->ctx->schema->taxonomy;
    struct slice s = w->text;
    if (!w->quoted && s.n > 1 && s.p[s.n - 1] == '*') {
        out->kind = MATCH_PREFIX;
        out->text = folded(p, slice_sub(s, 0, s.n - 1));
        return 0;
    }
    out->kind = MATCH_TAG;
    out->text = taxonomy_canonical(t, s, p->arena);
    out->anywhere = !taxonomy_find(t, s);
    if (!t->closed || !out->anywhere || part_of_listed(t, out->text))
        return 0;
    const struct tag *near = taxonomy_nearest(t, s);
    int shown = s.n > 60 ? 60 : (int)s.n;
    if (near)
        return query_fail(p, w->at, "unknown tag '%.*s': did you mean '" SLICE_FMT "'?", shown, s.p,
                          SLICE_ARG(near->name));
    return query_fail(p, w->at, "unknown tag '%.*s' of " SLICE_FMT, shown, s.p,
                      SLICE_ARG(node->name));
}

static int read_yes(struct parser *p, const struct query *node, const struct written *w,
                    struct query_value *out)
{
    static const char *const yes[] = {"yes", "true", "y"}, *const no[] = {"no", "false", "n"};
    for (size_t i = 0; i < 3; i++) {
        if (slice_ieqz(w->text, yes[i]))
            return out->kind = MATCH_YES, 0;
        if (slice_ieqz(w->text, no[i]))
            return out->kind = MATCH_NO, 0;
    }
    return query_fail(p, w->at, SLICE_FMT " is yes or no", SLICE_ARG(node->name));
}

/* unknown and n/a are values of every fact, unless the field has a value of that name. */
static bool read_absence(const struct query *node, const struct written *w, struct query_value *out)
{
    bool fact = node->subject == SUBJECT_FIELD ||
                (node->subject >= SUBJECT_TTD && node->subject <= SUBJECT_DURATION);
    enum fact_how how = fact && !w->quoted ? fact_how_of(w->text) : FACT_VALUE;
    struct bound b;
    if (how == FACT_VALUE ||
        (node->field && node->field->type == FIELD_ENUM && read_enum(node, w->text, &b)))
        return false;
    out->kind = how == FACT_UNKNOWN ? MATCH_UNKNOWN : MATCH_NA;
    out->text = SLICE("unknown");
    return true;
}

static bool looks_ordered(const struct query *node, const struct written *w)
{
    struct bound b;
    if (w->quoted)
        return false;
    if (w->text.p[0] == '>' || w->text.p[0] == '<' ||
        slice_find(w->text, SLICE(".."), 0) != SIZE_MAX)
        return true;
    return query_how(node->subject, node->field) == HOW_PRIORITY
               ? read_priority(w->text, &b)
               : read_number(w->text, &b) || read_duration(w->text, &b);
}

static int read_value(struct parser *p, const struct query *node, const struct written *w,
                      struct query_value *out)
{
    enum query_how how = query_how(node->subject, node->field);
    if (read_absence(node, w, out))
        return 0;
    if (how >= HOW_ENUM)
        return read_ordered(p, node, w, out);
    if ((how == HOW_FREE || how == HOW_PRIORITY) && looks_ordered(node, w))
        return read_ordered(p, node, w, out);
    if (!w->quoted && (w->text.p[0] == '>' || w->text.p[0] == '<'))
        return query_fail(p, w->at, SLICE_FMT " has no order: '<' and '>' say nothing about it",
                          SLICE_ARG(node->name));
    if (how == HOW_TAG)
        return read_tag(p, node, w, out);
    if (how == HOW_YES)
        return read_yes(p, node, w, out);
    return read_name(p, how == HOW_FREE ? HOW_TEXT : how, w, out);
}

static int nothing_follows(struct parser *p, const struct query *node, size_t at)
{
    struct slice name = slice_sub(p->text, at, p->at - at);
    struct slice example = query_subject_example(node);
    return query_fail(p, at,
                      "nothing follows '" SLICE_FMT "': did the shell eat it? write " SLICE_FMT
                      ":" SLICE_FMT,
                      SLICE_ARG(name), SLICE_ARG(node->name), SLICE_ARG(example));
}

/* The next alternative of text[at, end), up to a comma outside quotes. */
static size_t next_alternative(struct parser *p, size_t at, size_t end, struct written *out)
{
    size_t i = at;
    while (i < end && p->text.p[i] != ',')
        i = p->text.p[i] == '"' ? query_scan_quoted(p, i) : i + 1;
    *out =
        (struct written){slice_sub(p->text, at, i - at), slice_sub(p->text, at, i - at), false, at};
    if (out->raw.n > 1 && out->raw.p[0] == '"' && query_scan_quoted(p, at) == i) {
        out->quoted = true;
        out->text = query_unquote(p, out->raw);
    }
    return i;
}

int query_values_read(struct parser *p, struct query *node)
{
    size_t start = p->at, end = query_scan(p, start, false), count = 1;
    if (end == SIZE_MAX)
        return -1;
    if (end == start)
        return nothing_follows(p, node, node->span.start);
    for (size_t i = start; i < end; i++)
        count += p->text.p[i] == ',';
    node->values = arena_array(p->arena, count, sizeof *node->values);
    p->nodes += count;
    for (size_t at = start; at <= end; at++) {
        struct written w;
        size_t stop = next_alternative(p, at, end, &w);
        if (w.text.n == 0)
            return query_fail(p, at, "a value is missing here");
        struct query_value *v = &node->values[node->nvalues];
        v->raw = w.raw;
        p->at = w.at;
        if (read_value(p, node, &w, v) != 0)
            return -1;
        node->nvalues++;
        at = stop;
    }
    p->at = end;
    return 0;
}
