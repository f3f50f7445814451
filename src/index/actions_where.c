/* A query about action items as a condition in SQL. */
#include "index_private.h"

#include "pm/ledger.h"

/* Conditions beyond these are left to memory: SQLite bounds how deep they go and how long they are.
 */
enum { TERMS = 100, NUMBERS = 1000 };

struct writing {
    struct index *index;
    const struct query_context *context;
    struct str *out;
    size_t terms;
};

/* A part of the query: 1 where the condition that was appended is exact, 0 where it holds of more
 * than what matches, -1. */
static int write_part(struct writing *w, const struct query *q, struct err *e);

static int unknown(struct writing *w)
{
    str_addc(w->out, '1');
    return 0;
}

static int exactly(struct writing *w, const char *condition)
{
    str_addz(w->out, condition);
    return 1;
}

/* ---- numbers ---- */

/* Any of the ranges; nothing else among the values is one. column: never NULL. */
static void add_ranges(struct writing *w, const struct query *q, const char *column)
{
    str_addz(w->out, "(0");
    for (size_t i = 0; i < q->nvalues; i++) {
        const struct query_value *v = &q->values[i];
        if (v->kind != MATCH_RANGE)
            continue;
        str_addz(w->out, " OR (1");
        if (v->has_low)
            str_addf(w->out, " AND %s >= %.17g", column, v->low);
        if (v->has_high)
            str_addf(w->out, " AND %s <= %.17g", column, v->high);
        str_addc(w->out, ')');
    }
    str_addc(w->out, ')');
}

static int write_number(struct writing *w, const struct query *q, const char *column,
                        const char *has)
{
    if (q->kind == QUERY_HAS)
        return exactly(w, has);
    add_ranges(w, q, column);
    return 1;
}

static int write_due(struct writing *w, const struct query *q)
{
    str_addz(w->out, "(i.due IS NOT NULL");
    if (q->kind == QUERY_FIELD) {
        str_addz(w->out, " AND ");
        add_ranges(w, q, "i.due");
    }
    return exactly(w, ")");
}

/* ---- yes and no ---- */

static bool among(const struct query *q, enum query_match_kind kind)
{
    for (size_t i = 0; i < q->nvalues; i++)
        if (q->values[i].kind == kind)
            return true;
    return false;
}

static int write_yes(struct writing *w, const struct query *q, const char *condition)
{
    bool yes = q->kind == QUERY_HAS || among(q, MATCH_YES);
    bool no = q->kind == QUERY_FIELD && among(q, MATCH_NO);
    str_addf(w->out, "(%s%s%s)", yes ? condition : "0", no ? " OR NOT " : "", no ? condition : "");
    return 1;
}

static int write_overdue(struct writing *w, const struct query *q)
{
    struct str overdue = STR_INIT;
    str_addf(&overdue, "(i.state <= 2 AND i.elsewhere = 0 AND i.due IS NOT NULL AND i.due < %lld)",
             (long long)date_days(w->context->today));
    int exact = write_yes(w, q, overdue.p);
    str_release(&overdue);
    return exact;
}

/* ---- words ---- */

static bool word_holds(struct writing *w, const struct query *q, struct slice text)
{
    struct query_item item = {.owners = text, .type = text, .priority = text};
    struct postmortem nothing = {.schema = w->context->schema};
    struct query_document d = {.pm = &nothing, .items = &item, .nitems = 1};
    return query_match(q, w->context, &d, &item);
}

/* Each word that rows share is asked once, by who asks the rows. */
static int write_word(struct writing *w, const struct query *q, const char *column, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct str numbers = STR_INIT;
    sqlite3_stmt *s = NULL;
    size_t n = 0;
    int next = db_prepare(w->index->ledger.db, "SELECT n, text FROM words ORDER BY n", &s, e);
    while (next == 0 && n <= NUMBERS && (next = db_next(s, e)) > 0) {
        next = 0;
        if (word_holds(w, q, column_text(s, 1, &a)))
            str_addf(&numbers, "%s%lld", n++ ? "," : "", (long long)sqlite3_column_int64(s, 0));
    }
    sqlite3_finalize(s);
    arena_release(&a);
    bool exact = next == 0 && n <= NUMBERS;
    if (exact)
        str_addf(w->out, "%s IN (%s)", column, numbers.p);
    str_release(&numbers);
    return next < 0 ? -1 : exact ? 1 : unknown(w);
}

/* ---- the tree ---- */

static int write_field(struct writing *w, const struct query *q, struct err *e)
{
    switch (q->subject) {
    case SUBJECT_STATE:
        return write_number(w, q, "i.state", "1");
    case SUBJECT_DUE:
        return write_due(w, q);
    case SUBJECT_SLIPS:
        return write_number(w, q, "i.slips", "i.slips > 0");
    case SUBJECT_SLIPPED:
        return write_number(w, q, "i.slipped_days * 86400.0", "i.slipped_days <> 0");
    case SUBJECT_OVERDUE:
        return write_overdue(w, q);
    case SUBJECT_DROPPED:
        return write_yes(w, q, "i.state = 5");
    case SUBJECT_REOPENED:
        return write_yes(w, q, "i.reopened > 0");
    case SUBJECT_OWNER:
        return write_word(w, q, "i.owners", e);
    case SUBJECT_TYPE:
        return write_word(w, q, "i.type", e);
    case SUBJECT_PRIORITY:
        return write_word(w, q, "i.priority", e);
    case SUBJECT_TRACKER:
        return q->kind == QUERY_HAS ? exactly(w, "i.tracker <> ''") : unknown(w);
    default:
        return unknown(w);
    }
}

static int write_children(struct writing *w, const struct query *q, const char *between,
                          struct err *e)
{
    int exact = 1;
    str_addc(w->out, '(');
    for (size_t i = 0; exact >= 0 && i < q->nchildren; i++) {
        str_addz(w->out, i ? between : "");
        int part = write_part(w, q->children[i], e);
        exact = part < exact ? part : exact;
    }
    str_addc(w->out, ')');
    return exact;
}

/* What is not exact cannot be turned round. */
static int write_not(struct writing *w, const struct query *q, struct err *e)
{
    size_t start = w->out->n;
    str_addz(w->out, "NOT ");
    int exact = write_part(w, q->children[0], e);
    if (exact)
        return exact;
    str_truncate(w->out, start);
    return unknown(w);
}

static int write_part(struct writing *w, const struct query *q, struct err *e)
{
    w->terms += 1 + q->nvalues;
    if (w->terms > TERMS)
        return unknown(w);
    switch (q->kind) {
    case QUERY_ALL:
        return exactly(w, "1");
    case QUERY_AND:
        return write_children(w, q, " AND ", e);
    case QUERY_OR:
        return write_children(w, q, " OR ", e);
    case QUERY_NOT:
        return write_not(w, q, e);
    case QUERY_FIELD:
    case QUERY_HAS:
        return write_field(w, q, e);
    case QUERY_TEXT:
    case QUERY_IN:
        return unknown(w);
    }
    BUG("no such kind of query: %d", (int)q->kind);
}

int actions_where(struct index *i, const struct action_question *q, struct str *out, bool *exact,
                  struct err *e)
{
    struct writing w = {.index = i, .context = q->context, .out = out};
    bool all = q->all || query_names_state(q->query);
    str_addz(out, all ? "1 AND " : "i.state <= 2 AND "); /* proposed, open, in progress */
    int result = write_part(&w, q->query, e);
    *exact = result > 0;
    return result < 0 ? -1 : 0;
}
