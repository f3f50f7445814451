#include "query_private.h"

#include "pm/ledger.h"
#include "pm/utf8.h"

#include <string.h>

/* ---- phrases ----------------------------------------------------------------------------------
 */

/* Knuth, Morris and Pratt: text is read once, whatever repeats in the phrase. The last token of a
 * prefix takes no part in the table, because what it matched is not known to be it. */
static void fill_table(const struct slice *tokens, size_t n, size_t *back)
{
    back[0] = 0;
    for (size_t i = 1, k = 0; i < n; i++) {
        while (k > 0 && !slice_eq(tokens[i], tokens[k]))
            k = back[k - 1];
        k += slice_eq(tokens[i], tokens[k]);
        back[i] = k;
    }
}

/* Stems only what may be the token: a stem keeps the first letter. */
static bool is_token(struct tokenizer *t, const struct token *token, struct slice wanted)
{
    if (token->word.p[0] != wanted.p[0])
        return false;
    return slice_eq(token->cjk ? token->word : tokenizer_stem(t, token->word), wanted);
}

bool query_phrase_in(struct tokenizer *t, struct slice text, const struct slice *tokens, size_t n,
                     bool prefix)
{
    size_t back[QUERY_PHRASE_TOKENS], whole = prefix ? n - 1 : n, k = 0;
    struct token token;
    fill_table(tokens, whole ? whole : 1, back);
    tokenizer_start(t, text);
    while (tokenizer_next_word(t, &token)) {
        if (prefix && k == whole && slice_starts(token.word, tokens[whole]))
            return true;
        if (whole == 0)
            continue;
        if (k == whole)
            k = back[k - 1];
        while (k > 0 && !is_token(t, &token, tokens[k]))
            k = back[k - 1];
        k += is_token(t, &token, tokens[k]);
        if (!prefix && k == n)
            return true;
    }
    return false;
}

/* ---- one value --------------------------------------------------------------------------------
 */

static bool same_folded(struct slice text, struct slice folded_wanted, bool prefix)
{
    struct str folded = STR_INIT;
    utf8_fold(&folded, text);
    struct slice f = str_slice(&folded);
    bool same = prefix ? slice_starts(f, folded_wanted) : slice_eq(f, folded_wanted);
    str_release(&folded);
    return same;
}

static bool in_range(const struct query_value *v, double x)
{
    return (!v->has_low || x >= v->low) && (!v->has_high || x <= v->high);
}

/* The whole name or one of its words: alice is Alice Smith too. */
static bool person_matches(const struct query_value *v, struct slice person)
{
    bool prefix = v->kind == MATCH_PREFIX;
    if (same_folded(person, v->text, prefix))
        return true;
    struct slice word;
    while (slice_split(&person, ' ', &word) > 0)
        if (word.n > 0 && same_folded(word, v->text, prefix))
            return true;
    return false;
}

static bool path_matches(const struct query_value *v, struct slice path)
{
    if (same_folded(path, v->text, v->kind == MATCH_PREFIX))
        return true;
    struct str folder = STR_INIT;
    str_adds(&folder, v->text);
    if (!slice_ends(v->text, SLICE("/")))
        str_addc(&folder, '/');
    bool inside = v->kind == MATCH_TEXT && same_folded(path, str_slice(&folder), true);
    str_release(&folder);
    return inside;
}

/* PM-0042#A1, PM-0042:A1, and PM-0042 for all items of a postmortem. */
static bool ref_matches(const struct query_value *v, struct slice ref)
{
    struct str wanted = STR_INIT;
    str_adds(&wanted, v->text);
    if (slice_chr(v->text, '#', 0) == SIZE_MAX)
        for (size_t i = wanted.n; i-- > 0;)
            if (wanted.p[i] == ':') {
                wanted.p[i] = '#';
                break;
            }
    bool matches = same_folded(ref, str_slice(&wanted), v->kind == MATCH_PREFIX);
    if (!matches && v->kind == MATCH_TEXT && slice_chr(str_slice(&wanted), '#', 0) == SIZE_MAX) {
        str_addc(&wanted, '#');
        matches = same_folded(ref, str_slice(&wanted), true);
    }
    str_release(&wanted);
    return matches;
}

static bool tag_matches(const struct query_value *v, struct slice tag)
{
    if (v->kind == MATCH_PREFIX)
        return same_folded(tag, v->text, true);
    if (!v->anywhere)
        return tag_within(tag, v->text);
    for (size_t slash;; tag = slice_sub(tag, slash + 1, tag.n)) {
        if (tag_within(tag, v->text))
            return true;
        slash = slice_chr(tag, '/', 0);
        if (slash == SIZE_MAX)
            return false;
    }
}

static bool text_matches(struct matcher *m, const struct query_value *v, enum query_how how,
                         struct slice text)
{
    switch (how) {
    case HOW_TAG:
        return tag_matches(v, text);
    case HOW_PERSON:
        return person_matches(v, text);
    case HOW_PATH:
        return path_matches(v, text);
    case HOW_REF:
        return ref_matches(v, text);
    case HOW_TEXT:
    case HOW_FREE:
        return v->ntokens > 0 && query_phrase_in(query_matcher_tokenizer(m), text, v->tokens,
                                                 v->ntokens, v->kind == MATCH_PREFIX);
    default:
        return same_folded(text, v->text, v->kind == MATCH_PREFIX);
    }
}

static bool any_text(struct matcher *m, const struct query *q, struct slice text)
{
    enum query_how how = query_how(q->subject, q->field);
    for (size_t i = 0; i < q->nvalues; i++) {
        const struct query_value *v = &q->values[i];
        if (v->kind != MATCH_RANGE && text_matches(m, v, how, text))
            return true;
    }
    return false;
}

static bool any_range(const struct query *q, bool known, double x)
{
    for (size_t i = 0; i < q->nvalues && known; i++)
        if (q->values[i].kind == MATCH_RANGE && in_range(&q->values[i], x))
            return true;
    return false;
}

static bool any_yes(const struct query *q, bool yes)
{
    for (size_t i = 0; i < q->nvalues; i++)
        if (q->values[i].kind == (yes ? MATCH_YES : MATCH_NO))
            return true;
    return false;
}

/* ---- facts ------------------------------------------------------------------------------------
 */

/* A nested fact has no type: it is read as what it is compared with. */
static bool free_in_range(const struct query_value *v, const struct value *value)
{
    double x;
    int64_t seconds;
    struct slice currency = slice_of(NULL);
    if (v->type == FIELD_DURATION)
        return duration_parse(value->text, &seconds, NULL) && in_range(v, (double)seconds);
    if (!slice_double(value->text, &x) && !money_parse(value->text, &x, &currency))
        return false;
    return (v->currency.n == 0 || slice_eq(v->currency, currency)) && in_range(v, x);
}

static bool fact_in_range(const struct query_value *v, enum query_how how, const struct value *value)
{
    switch (how) {
    case HOW_NUMBER:
        return in_range(v, value->amount);
    case HOW_MONEY:
        return (v->currency.n == 0 || slice_eq(v->currency, value->currency)) &&
               in_range(v, value->amount);
    case HOW_FREE:
        return free_in_range(v, value);
    case HOW_TIME:
        return in_range(v, (double)(value->number + (v->local ? value->offset : 0)));
    default:
        return in_range(v, (double)value->number);
    }
}

static bool fact_value_matches(struct matcher *m, const struct query_value *v, enum query_how how,
                               const struct fact *f)
{
    if ((v->kind == MATCH_UNKNOWN && f->how == FACT_UNKNOWN) ||
        (v->kind == MATCH_NA && f->how == FACT_NA))
        return true;
    if (f->how != FACT_VALUE || f->invalid)
        return false;
    for (size_t i = 0; i < f->nvalues; i++)
        if (v->kind == MATCH_RANGE ? fact_in_range(v, how, &f->values[i])
            : v->kind == MATCH_UNKNOWN
                ? same_folded(f->values[i].text, v->text, false)
                : v->kind != MATCH_NA && text_matches(m, v, how, f->values[i].text))
            return true;
    return false;
}

static bool has_value(const struct fact *f)
{
    return f->how == FACT_VALUE && !f->invalid && f->nvalues > 0;
}

static bool fact_matches(struct matcher *m, const struct query *q, const struct fact *f)
{
    if (q->kind == QUERY_HAS)
        return has_value(f);
    for (size_t i = 0; i < q->nvalues; i++)
        if (fact_value_matches(m, &q->values[i], query_how(q->subject, q->field), f))
            return true;
    return false;
}

/* A free map is all that is in it. What only has the name of a field, which is read from another key,
 * is not the field. */
static bool fact_is(const struct query *q, const struct fact *f)
{
    if (q->field && (f->field == q->field || q->field->type != FIELD_ANY))
        return f->field == q->field;
    if (f->name.n == q->name.n)
        return slice_ieq(f->name, q->name);
    return q->field && q->field->type == FIELD_ANY && slice_istarts(f->name, q->name) &&
           f->name.p[q->name.n] == '.';
}

static bool facts_match(struct matcher *m, const struct query *q)
{
    const struct postmortem *pm = m->d->pm;
    bool stated = false;
    for (size_t i = 0; i < pm->nfacts; i++) {
        if (!fact_is(q, &pm->facts[i]))
            continue;
        stated |= has_value(&pm->facts[i]);
        if (fact_matches(m, q, &pm->facts[i]))
            return true;
    }
    /* Where no status is stated, review is what rules and reports take it for. */
    if (!stated && q->kind == QUERY_FIELD && slice_eqz(q->name, "status") &&
        q->field->type == FIELD_ENUM)
        return any_range(q, true, (double)field_value(q->field, SLICE("review")));
    return false;
}

static bool tags_match(struct matcher *m, const struct query *q)
{
    const struct postmortem *pm = m->d->pm;
    for (size_t i = 0; i < pm->nfacts; i++) {
        const struct fact *f = &pm->facts[i];
        if (f->field && f->field->type == FIELD_TAG && fact_matches(m, q, f))
            return true;
    }
    return false;
}

static bool derived_matches(struct matcher *m, const struct query *q, enum derived which)
{
    int64_t seconds = 0;
    int how = postmortem_derived(m->d->pm, which, &seconds);
    if (q->kind == QUERY_HAS)
        return how == FACT_VALUE;
    for (size_t i = 0; i < q->nvalues; i++)
        if ((q->values[i].kind == MATCH_UNKNOWN && how == FACT_UNKNOWN) ||
            (q->values[i].kind == MATCH_NA && how == FACT_NA))
            return true;
    return any_range(q, how == FACT_VALUE, (double)seconds);
}

/* ---- subjects ---------------------------------------------------------------------------------
 */

static bool text_holds(struct matcher *m, const struct query *q, struct slice text)
{
    return q->kind == QUERY_HAS ? text.n > 0 : text.n > 0 && any_text(m, q, text);
}

static bool number_holds(const struct query *q, bool known, double x)
{
    return q->kind == QUERY_HAS ? known : any_range(q, known, x);
}

/* Times of history: a day is one of the zone in which they are shown. */
static bool time_holds(const struct matcher *m, const struct query *q, int64_t t)
{
    int32_t offset = m->ctx->zone ? zone_offset_at(m->ctx->zone, t) : 0;
    if (q->kind == QUERY_HAS || t == 0)
        return t != 0;
    for (size_t i = 0; i < q->nvalues; i++) {
        const struct query_value *v = &q->values[i];
        if (v->kind == MATCH_RANGE && in_range(v, (double)(t + (v->local ? offset : 0))))
            return true;
    }
    return false;
}

static bool day_holds(const struct query *q, struct date d)
{
    return number_holds(q, d.year != 0, d.year != 0 ? (double)date_days(d) : 0);
}

static bool yes_holds(const struct query *q, bool yes)
{
    return q->kind == QUERY_HAS ? yes : any_yes(q, yes);
}

static bool owners_hold(struct matcher *m, const struct query *q, struct slice owners)
{
    struct slice owner;
    while (slice_split(&owners, '\n', &owner) > 0)
        if (text_holds(m, q, owner))
            return true;
    return false;
}

static bool priority_holds(struct matcher *m, const struct query *q, struct slice p)
{
    bool numbered = p.n == 2 && ascii_lower(p.p[0]) == 'p' && ascii_is_digit((unsigned char)p.p[1]);
    if (q->kind == QUERY_FIELD && numbered && any_range(q, true, p.p[1] - '0'))
        return true;
    return text_holds(m, q, p);
}

/* OPS-123, and any link to it: .../OPS-123, .../OPS-123/?focused=1, ...?id=OPS-123. */
static bool tracker_matches(const struct query_value *v, struct slice tracker)
{
    static const char ends[] = "/?#&=";
    bool prefix = v->kind == MATCH_PREFIX;
    if (same_folded(tracker, v->text, prefix))
        return true;
    size_t path = 0;
    while (path < tracker.n && tracker.p[path] != '?' && tracker.p[path] != '#')
        path++;
    size_t end = path;
    while (end > 0 && tracker.p[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && tracker.p[start - 1] != '/')
        start--;
    if (same_folded(slice_sub(tracker, start, end - start), v->text, prefix))
        return true;
    for (; path < tracker.n; path = end) {
        for (end = ++path; end < tracker.n && !strchr(ends, tracker.p[end]);)
            end++;
        if (end > path && same_folded(slice_sub(tracker, path, end - path), v->text, prefix))
            return true;
    }
    return false;
}

static bool tracker_holds(const struct query *q, struct slice tracker)
{
    if (q->kind == QUERY_HAS)
        return tracker.n > 0;
    for (size_t i = 0; i < q->nvalues && tracker.n > 0; i++)
        if (tracker_matches(&q->values[i], tracker))
            return true;
    return false;
}

static bool item_holds(struct matcher *m, const struct query *q, const struct query_item *item)
{
    int64_t age = 0;
    bool aged;
    switch (q->subject) {
    case SUBJECT_ACTION:
        return text_holds(m, q, item->text);
    case SUBJECT_OWNER:
        return owners_hold(m, q, item->owners);
    case SUBJECT_DUE:
        return day_holds(q, item->due);
    case SUBJECT_STATE:
        return number_holds(q, true, item->state);
    case SUBJECT_TYPE:
        return text_holds(m, q, item->type);
    case SUBJECT_PRIORITY:
        return priority_holds(m, q, item->priority);
    case SUBJECT_TRACKER:
        return tracker_holds(q, item->tracker);
    case SUBJECT_REF:
        return text_holds(m, q, item->ref);
    case SUBJECT_OPENED:
        return time_holds(m, q, item->opened);
    case SUBJECT_CLOSED:
        return time_holds(m, q, item->closed);
    case SUBJECT_AGE:
        aged = query_item_age(item, m->ctx->now, &age);
        return number_holds(q, aged, (double)age);
    case SUBJECT_SLIPS:
        return q->kind == QUERY_HAS ? item->slips > 0 : any_range(q, true, item->slips);
    case SUBJECT_SLIPPED:
        return q->kind == QUERY_HAS ? item->slipped_days != 0
                                    : any_range(q, true, item->slipped_days * 86400.0);
    case SUBJECT_OVERDUE:
        return yes_holds(q, query_item_overdue(item, m->ctx));
    case SUBJECT_LATE:
        return yes_holds(q, query_item_late(item, m->ctx));
    case SUBJECT_DROPPED:
        return yes_holds(q, item->state == ITEM_DROPPED);
    case SUBJECT_REOPENED:
        return yes_holds(q, item->reopened);
    default:
        BUG("subject %d is not of an item", (int)q->subject);
    }
}

bool query_field_holds(struct matcher *m, const struct query *q, const struct query_item *item)
{
    const struct query_document *d = m->d;
    switch (q->subject) {
    case SUBJECT_FIELD:
        return facts_match(m, q);
    case SUBJECT_ID:
        return text_holds(m, q, d->pm->id);
    case SUBJECT_TITLE:
        return text_holds(m, q, d->pm->title);
    case SUBJECT_PATH:
        return text_holds(m, q, d->pm->path);
    case SUBJECT_DATE:
        return day_holds(q, d->pm->date);
    case SUBJECT_CREATED:
        return time_holds(m, q, d->created);
    case SUBJECT_UPDATED:
        return time_holds(m, q, d->updated);
    case SUBJECT_TTD:
        return derived_matches(m, q, DERIVED_TTD);
    case SUBJECT_TTM:
        return derived_matches(m, q, DERIVED_TTM);
    case SUBJECT_TTR:
        return derived_matches(m, q, DERIVED_TTR);
    case SUBJECT_DURATION:
        return derived_matches(m, q, DERIVED_DURATION);
    case SUBJECT_TAG:
        return tags_match(m, q);
    default:
        return item_holds(m, q, item);
    }
}
