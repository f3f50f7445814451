/* The second evaluator: of which documents a query holds, as the tables tell it. The first is
 * query_match (src/query), which says what is right. Each condition is asked of SQL, and sets put the
 * answers together; what the tables do not know exactly, or at all (history), stays in doubt. */
#include "text_ask.h"

#include <math.h>

#include "pm/utf8.h"

/* ---- words ---- */

/* A longer token may be cut off by FTS5. */
enum { LONGEST_TOKEN = 1000 };

/* Phrases that are found in one match: all of them, or any. */
struct phrases {
    struct str match;
    const char *joint;  /* " AND ", " OR " */
    const char *column; /* NULL: any */
    bool doubt;
    struct set others;  /* where the end of a prefix may be none */
};

static void phrases_init(struct phrases *p, const struct asking *a, const char *joint)
{
    *p = (struct phrases){.match = STR_INIT, .joint = joint};
    set_init(&p->others, a->all.most);
}

static void phrases_release(struct phrases *p)
{
    str_release(&p->match);
    set_release(&p->others);
}

static int find_others(struct phrases *p, const struct asking *a, struct slice prefix)
{
    struct known others = known_nothing(a);
    struct str match = STR_INIT;
    text_match_other(&match, prefix);
    int failed = condition_ask(a, &(struct condition){ASK_WORDS, .text = str_slice(&match)}, &others);
    set_unite(&p->others, &others.may);
    str_release(&match);
    known_release(&others);
    return failed;
}

static int add_phrase(struct phrases *p, const struct asking *a, const struct phrase *phrase)
{
    if (p->match.n)
        str_addz(&p->match, p->joint);
    if (p->column)
        str_addf(&p->match, "%s : ", p->column);
    text_match(&p->match, phrase);
    for (size_t i = 0; i < phrase->n; i++)
        p->doubt |= phrase->tokens[i].n > LONGEST_TOKEN;
    return phrase->prefix ? find_others(p, a, phrase->tokens[phrase->n - 1]) : 0;
}

static struct phrase phrase_of(const struct query_value *v)
{
    return (struct phrase){v->tokens, v->ntokens, v->kind == MATCH_PREFIX};
}

static int ask_phrases(const struct phrases *p, const struct asking *a, struct known *out)
{
    const struct condition c = {ASK_WORDS, .text = str_slice(&p->match), .doubt = p->doubt};
    int failed = condition_ask(a, &c, out);
    set_subtract(&out->sure, &p->others);
    return failed;
}

/* One phrase in one column, into nothing. */
static int ask_phrase(const struct asking *a, const char *column, const struct phrase *phrase,
                      bool doubt, struct known *out)
{
    struct phrases p;
    phrases_init(&p, a, "");
    p.column = column;
    p.doubt = doubt;
    int failed = add_phrase(&p, a, phrase) || ask_phrases(&p, a, out);
    phrases_release(&p);
    return failed ? -1 : 0;
}

/* ---- values of facts ---- */

static void set_range(struct condition *c, const struct query_value *v)
{
    c->low = v->has_low ? v->low : -INFINITY;
    c->high = v->has_high ? v->high : INFINITY;
}

static int ask_range(const struct asking *a, struct condition c, enum query_how how,
                     const struct query_value *v, struct known *out)
{
    bool seconds = v->type == FIELD_DURATION, currency = v->currency.n > 0;
    set_range(&c, v);
    c.text = v->currency;
    c.kind = ASK_NUMBER;
    switch (how) {
    case HOW_NUMBER:
        c.measure = MEASURE_AMOUNT;
        break;
    case HOW_MONEY:
        c.measure = MEASURE_AMOUNT;
        c.kind = currency ? ASK_MONEY : ASK_NUMBER;
        break;
    case HOW_FREE:
        c.measure = seconds ? MEASURE_FREE_SECONDS : MEASURE_FREE_AMOUNT;
        c.kind = currency && !seconds ? ASK_MONEY : ASK_NUMBER;
        break;
    case HOW_TIME:
        c.measure = MEASURE_TIME;
        c.kind = v->local ? ASK_NUMBER : ASK_INSTANT;
        break;
    default:
        c.measure = MEASURE_NUMBER;
    }
    return condition_ask(a, &c, out);
}

static int ask_tag(const struct asking *a, struct condition c, const struct query_value *v,
                   struct known *out)
{
    struct str folded = STR_INIT;
    utf8_fold(&folded, v->text);
    c.kind = ASK_TAG;
    c.text = str_slice(&folded);
    c.doubt = !slice_eq(c.text, v->text);
    int failed = c.text.n ? condition_ask(a, &c, out) : 0;
    c.how = FACT_TAG_END;
    if (v->anywhere && c.text.n && !failed)
        failed = condition_ask(a, &c, out);
    str_release(&folded);
    return failed;
}

static bool is_prose(enum query_how how)
{
    return how == HOW_TEXT || how == HOW_FREE;
}

/* The words of all facts stand in one column. */
static int ask_prose(const struct asking *a, const struct condition *stated,
                     const struct query_value *v, struct known *out)
{
    struct known found = known_nothing(a), there = known_nothing(a);
    const struct phrase phrase = phrase_of(v);
    int failed = (phrase.n && ask_phrase(a, "facts", &phrase, true, &found)) ||
                 condition_ask(a, stated, &there);
    known_put(&found, &there, true);
    known_put(out, &found, false);
    known_release(&found);
    known_release(&there);
    return failed ? -1 : 0;
}

/* Says that it is not known, or in a list or a text has the word as a value. */
static int ask_unknown(const struct asking *a, const struct condition *stated, enum query_how how,
                       struct known *out)
{
    struct condition says = *stated, word = *stated;
    says.how = FACT_UNKNOWN;
    word.kind = is_prose(how) ? ASK_STATED : ASK_NAME;
    word.doubt = is_prose(how);
    word.text = SLICE("unknown");
    return condition_ask(a, &says, out) || condition_ask(a, &word, out) ? -1 : 0;
}

/* One alternative. stated: the fact has a value. */
static int ask_value(const struct asking *a, const struct condition *stated, enum query_how how,
                     const struct query_value *v, struct known *out)
{
    struct condition c = *stated;
    bool prefix = v->kind == MATCH_PREFIX;
    c.text = v->text;
    switch (v->kind) {
    case MATCH_RANGE:
        return ask_range(a, c, how, v, out);
    case MATCH_UNKNOWN:
        return ask_unknown(a, stated, how, out);
    case MATCH_NA:
        c.how = FACT_NA;
        return condition_ask(a, &c, out);
    case MATCH_TAG:
        return ask_tag(a, c, v, out);
    default:
        break;
    }
    if (is_prose(how))
        return ask_prose(a, stated, v, out);
    if (how == HOW_PERSON)
        c.kind = prefix ? ASK_PERSON_PREFIX : ASK_PERSON;
    else
        c.kind = prefix ? ASK_NAME_PREFIX : ASK_NAME;
    return condition_ask(a, &c, out);
}

/* ---- subjects ---- */

static int ask_fact(const struct asking *a, const struct query *q, struct slice name, bool map,
                    struct known *out)
{
    const struct condition stated = {ASK_STATED, .name = name, .how = FACT_VALUE, .map = map};
    int failed = q->kind == QUERY_HAS && condition_ask(a, &stated, out);
    for (size_t i = 0; i < q->nvalues && !failed; i++)
        failed = ask_value(a, &stated, query_how(q->subject, q->field), &q->values[i], out);
    return failed ? -1 : 0;
}

static bool finds_review(const struct query *q)
{
    double review = (double)field_value(q->field, SLICE("review"));
    for (size_t i = 0; i < q->nvalues; i++) {
        struct condition c;
        set_range(&c, &q->values[i]);
        if (q->values[i].kind == MATCH_RANGE && review >= c.low && review <= c.high)
            return true;
    }
    return false;
}

/* Where no status is stated, review is what it is taken for. */
static int ask_field(const struct asking *a, const struct query *q, struct known *out)
{
    const struct field *f = q->field;
    bool status = q->kind == QUERY_FIELD && f && f->type == FIELD_ENUM &&
                  slice_eqz(q->name, "status") && finds_review(q);
    if (ask_fact(a, q, q->name, f && f->type == FIELD_ANY, out))
        return -1;
    if (!status)
        return 0;
    struct known stated = known_nothing(a);
    int failed = condition_ask(a, &(struct condition){ASK_STATED, .name = q->name, .how = FACT_VALUE}, &stated);
    known_negate(a, &stated);
    known_put(out, &stated, false);
    known_release(&stated);
    return failed;
}

static int ask_tags(const struct asking *a, const struct schema *s, const struct query *q,
                    struct known *out)
{
    int failed = 0;
    for (size_t i = 0; i < s->nfields && !failed; i++)
        if (s->fields[i].type == FIELD_TAG)
            failed = ask_fact(a, q, s->fields[i].name, false, out);
    return failed;
}

static int ask_derived(const struct asking *a, const struct query *q, struct known *out)
{
    struct condition c = {ASK_KNOWN, .name = q->name, .measure = MEASURE_DERIVED};
    int failed = q->kind == QUERY_HAS && condition_ask(a, &c, out);
    for (size_t i = 0; i < q->nvalues && !failed; i++) {
        enum query_match_kind kind = q->values[i].kind;
        c.kind = kind == MATCH_RANGE ? ASK_NUMBER : ASK_KNOWN;
        c.measure = kind == MATCH_UNKNOWN ? MEASURE_DERIVED_UNKNOWN
                    : kind == MATCH_NA    ? MEASURE_DERIVED_NA
                                          : MEASURE_DERIVED;
        set_range(&c, &q->values[i]);
        failed = condition_ask(a, &c, out);
    }
    return failed ? -1 : 0;
}

static int ask_date(const struct asking *a, const struct query *q, struct known *out)
{
    struct condition c = {ASK_HAS_DAY, .name = q->name};
    int failed = q->kind == QUERY_HAS && condition_ask(a, &c, out);
    for (size_t i = 0; i < q->nvalues && !failed; i++) {
        c.kind = ASK_DAY;
        set_range(&c, &q->values[i]);
        failed = condition_ask(a, &c, out);
    }
    return failed ? -1 : 0;
}

static int ask_id(const struct asking *a, const struct query *q, struct known *out)
{
    int failed = 0;
    for (size_t i = 0; i < q->nvalues && !failed; i++) {
        const struct query_value *v = &q->values[i];
        bool prefix = v->kind == MATCH_PREFIX;
        failed = condition_ask(a, &(struct condition){prefix ? ASK_ID_PREFIX : ASK_ID, .text = v->text}, out);
    }
    return failed;
}

/* A path, or a folder on it. */
static int ask_path(const struct asking *a, const struct query *q, struct known *out)
{
    int failed = 0;
    for (size_t i = 0; i < q->nvalues && !failed; i++) {
        const struct query_value *v = &q->values[i];
        struct condition c = {ASK_PATH, .text = v->text};
        struct str folder = STR_INIT;
        str_adds(&folder, v->text);
        if (v->kind != MATCH_PREFIX && !slice_ends(v->text, SLICE("/")))
            str_addc(&folder, '/');
        failed = condition_ask(a, &c, out);
        c = (struct condition){ASK_PATH_PREFIX, .text = str_slice(&folder)};
        failed = failed || condition_ask(a, &c, out);
        str_release(&folder);
    }
    return failed ? -1 : 0;
}

static int ask_title(const struct asking *a, const struct query *q, struct known *out)
{
    int failed = 0;
    for (size_t i = 0; i < q->nvalues && !failed; i++) {
        struct known found = known_nothing(a);
        const struct phrase phrase = phrase_of(&q->values[i]);
        failed = phrase.n ? ask_phrase(a, "title", &phrase, false, &found) : 0;
        known_put(out, &found, false);
        known_release(&found);
    }
    return failed;
}

/* Into nothing. What there always is, and what history knows, nobody needs to ask of the tables. */
static int ask_subject(const struct asking *a, const struct schema *s, const struct query *q,
                       struct known *out)
{
    bool has = q->kind == QUERY_HAS;
    switch (q->subject) {
    case SUBJECT_FIELD:
        return ask_field(a, q, out);
    case SUBJECT_TAG:
        return ask_tags(a, s, q, out);
    case SUBJECT_TTD:
    case SUBJECT_TTM:
    case SUBJECT_TTR:
    case SUBJECT_DURATION:
        return ask_derived(a, q, out);
    case SUBJECT_DATE:
        return ask_date(a, q, out);
    case SUBJECT_ID:
        if (!has)
            return ask_id(a, q, out);
        break;
    case SUBJECT_PATH:
        if (!has)
            return ask_path(a, q, out);
        break;
    case SUBJECT_TITLE:
        if (!has)
            return ask_title(a, q, out);
        break;
    default:
        break;
    }
    known_release(out);
    *out = known_no_idea(a);
    return 0;
}

/* ---- the tree ---- */

static int evaluate(const struct asking *a, const struct schema *s, const struct query *q,
                    struct known *out);

/* Words beside each other in an AND or an OR are one match: FTS5 is faster at that. */
static int ask_words(const struct asking *a, struct query *const *v, size_t n, const char *joint,
                     struct known *out)
{
    struct phrases p;
    int failed = 0;
    phrases_init(&p, a, joint);
    for (size_t i = 0; i < n && !failed; i++) {
        const struct phrase phrase = text_phrase(v[i]);
        if (v[i]->kind == QUERY_TEXT)
            failed = add_phrase(&p, a, &phrase);
    }
    failed = failed || ask_phrases(&p, a, out);
    phrases_release(&p);
    return failed ? -1 : 0;
}

static bool has_words(const struct query *q)
{
    for (size_t i = 0; i < q->nchildren; i++)
        if (q->children[i]->kind == QUERY_TEXT)
            return true;
    return false;
}

static int ask_list(const struct asking *a, const struct schema *s, const struct query *q,
                    struct known *out)
{
    bool both = q->kind == QUERY_AND, words = has_words(q);
    int failed = words && ask_words(a, q->children, q->nchildren, both ? " AND " : " OR ", out);
    for (size_t i = 0, n = words; i < q->nchildren && !failed; i++) {
        struct known part = known_nothing(a);
        if (q->children[i]->kind != QUERY_TEXT) {
            failed = evaluate(a, s, q->children[i], &part);
            known_put(out, &part, both && n++ > 0);
        }
        known_release(&part);
    }
    return failed ? -1 : 0;
}

/* A section is a part of the body. */
static int ask_section(const struct asking *a, const struct query *q, struct known *out)
{
    const struct phrase phrase = text_phrase(q->children[0]);
    return ask_phrase(a, "body", &phrase, true, out);
}

/* Into nothing. Recursion is bounded by the parser's cap on depth. */
static int evaluate(const struct asking *a, const struct schema *s, const struct query *q,
                    struct known *out)
{
    const struct phrase phrase = text_phrase(q); /* of a TEXT */
    int failed = 0;
    switch (q->kind) {
    case QUERY_ALL:
        known_negate(a, out);
        break;
    case QUERY_AND:
    case QUERY_OR:
        failed = ask_list(a, s, q, out);
        break;
    case QUERY_NOT:
        failed = evaluate(a, s, q->children[0], out);
        known_negate(a, out);
        break;
    case QUERY_TEXT:
        failed = ask_phrase(a, NULL, &phrase, false, out);
        break;
    case QUERY_IN:
        failed = ask_section(a, q, out);
        break;
    case QUERY_FIELD:
    case QUERY_HAS:
        failed = ask_subject(a, s, q, out);
        break;
    }
    if (q->items) /* whether there is an item that all of it speaks of, history knows */
        set_subtract(&out->sure, &a->all);
    return failed;
}

int text_known(const struct asking *a, const struct schema *s, const struct query *q,
               struct known *out)
{
    *out = known_nothing(a);
    if (evaluate(a, s, q, out) == 0)
        return 0;
    known_release(out);
    return -1;
}
