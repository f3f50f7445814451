#include "query_private.h"

#include "pm/spell.h"

#include <string.h>

struct subject {
    const char *name;
    enum query_subject subject;
    enum query_how how;
    bool item;
};

/* The first name of a subject is the canonical one. */
static const struct subject subjects[] = {
    {"id", SUBJECT_ID, HOW_NAME, false},
    {"title", SUBJECT_TITLE, HOW_TEXT, false},
    {"path", SUBJECT_PATH, HOW_PATH, false},
    {"date", SUBJECT_DATE, HOW_DATE, false},
    {"created", SUBJECT_CREATED, HOW_TIME, false},
    {"updated", SUBJECT_UPDATED, HOW_TIME, false},
    {"ttd", SUBJECT_TTD, HOW_DURATION, false},
    {"ttm", SUBJECT_TTM, HOW_DURATION, false},
    {"ttr", SUBJECT_TTR, HOW_DURATION, false},
    {"duration", SUBJECT_DURATION, HOW_DURATION, false},
    {"tag", SUBJECT_TAG, HOW_TAG, false},
    {"tags", SUBJECT_TAG, HOW_TAG, false},
    {"action", SUBJECT_ACTION, HOW_TEXT, true},
    {"owner", SUBJECT_OWNER, HOW_PERSON, true},
    {"assignee", SUBJECT_OWNER, HOW_PERSON, true},
    {"due", SUBJECT_DUE, HOW_DATE, true},
    {"deadline", SUBJECT_DUE, HOW_DATE, true},
    {"state", SUBJECT_STATE, HOW_STATE, true},
    {"type", SUBJECT_TYPE, HOW_TYPE, true},
    {"priority", SUBJECT_PRIORITY, HOW_PRIORITY, true},
    {"tracker", SUBJECT_TRACKER, HOW_NAME, true},
    {"ticket", SUBJECT_TRACKER, HOW_NAME, true},
    {"ref", SUBJECT_REF, HOW_REF, true},
    {"opened", SUBJECT_OPENED, HOW_TIME, true},
    {"closed", SUBJECT_CLOSED, HOW_TIME, true},
    {"age", SUBJECT_AGE, HOW_DURATION, true},
    {"slips", SUBJECT_SLIPS, HOW_NUMBER, true},
    {"slipped", SUBJECT_SLIPPED, HOW_DURATION, true},
    {"overdue", SUBJECT_OVERDUE, HOW_YES, true},
    {"late", SUBJECT_LATE, HOW_YES, true},
    {"dropped", SUBJECT_DROPPED, HOW_YES, true},
    {"reopened", SUBJECT_REOPENED, HOW_YES, true},
};
#define SUBJECTS (sizeof subjects / sizeof subjects[0])

static const struct subject *subject_of(enum query_subject s)
{
    for (size_t i = 0; i < SUBJECTS; i++)
        if (subjects[i].subject == s)
            return &subjects[i];
    BUG("no name for subject %d", (int)s);
}

bool query_subject_is_item(enum query_subject s)
{
    return s != SUBJECT_FIELD && subject_of(s)->item;
}

const char *query_subject_name(enum query_subject s)
{
    return subject_of(s)->name;
}

enum query_how query_how(enum query_subject subject, const struct field *field)
{
    if (subject != SUBJECT_FIELD)
        return subject_of(subject)->how;
    if (!field)
        return HOW_FREE;
    switch (field->type) {
    case FIELD_TEXT:
        return field->list ? HOW_NAME : HOW_TEXT;
    case FIELD_ENUM:
        return HOW_ENUM;
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
        return HOW_NUMBER;
    case FIELD_MONEY:
        return HOW_MONEY;
    case FIELD_DURATION:
        return HOW_DURATION;
    case FIELD_DATE:
        return HOW_DATE;
    case FIELD_TIMESTAMP:
        return HOW_TIME;
    case FIELD_PERSON:
        return HOW_PERSON;
    case FIELD_URL:
        return HOW_NAME;
    case FIELD_TAG:
        return HOW_TAG;
    case FIELD_ANY:
        return HOW_FREE;
    }
    BUG("no such type of field: %d", (int)field->type);
}

/* cause for causes, factor for contributing_factors through its alias factors. */
static const struct field *field_called(struct parser *p, struct slice name)
{
    const struct field *f = schema_field(p->ctx->schema, name);
    if (f)
        return f;
    struct str plural = STR_INIT;
    str_adds(&plural, name);
    str_addc(&plural, 's');
    f = schema_field(p->ctx->schema, str_slice(&plural));
    str_release(&plural);
    return f;
}

static bool set_field(struct query *node, const struct field *f)
{
    node->subject = SUBJECT_FIELD;
    node->field = f;
    node->name = f->name;
    return true;
}

/* impact.customers, where impact is a free map. */
static bool find_nested(struct parser *p, struct slice name, struct query *node)
{
    size_t dot = slice_chr(name, '.', 0);
    if (dot == SIZE_MAX || dot + 1 == name.n)
        return false;
    const struct field *root = field_called(p, slice_sub(name, 0, dot));
    if (!root || root->type != FIELD_ANY)
        return false;
    struct str whole = STR_INIT;
    str_adds(&whole, root->name);
    str_adds(&whole, slice_sub(name, dot, name.n));
    node->subject = SUBJECT_FIELD;
    node->field = NULL;
    node->name = arena_dup(p->arena, str_slice(&whole));
    str_release(&whole);
    return true;
}

/* A name means, first match: in pm actions a field of the item; a field of the schema by its own
 * name, unless every postmortem has that (id, title, date); what is derived or of the item; any
 * other name of a field. So a schema with a field `owner` of its own keeps it in pm search. */
bool query_subject_find(struct parser *p, struct slice name, struct query *node)
{
    const struct subject *s = NULL;
    for (size_t i = 0; i < SUBJECTS && !s; i++)
        if (slice_ieqz(name, subjects[i].name))
            s = &subjects[i];
    const struct field *f = field_called(p, name);
    bool own_name = f && slice_ieq(f->name, name);
    if (s && !(own_name && s->item && !p->ctx->items)) {
        node->subject = s->subject;
        node->name = slice_of(query_subject_name(s->subject));
        node->items = s->item;
        return true;
    }
    if (f)
        return set_field(node, f);
    return find_nested(p, name, node);
}

size_t query_names(const struct schema *s, struct query_name **out, struct arena *a)
{
    struct query_name *names = arena_array(a, s->nfields + SUBJECTS, sizeof *names);
    size_t n = 0;
    for (size_t i = 0; i < s->nfields; i++)
        names[n++] = (struct query_name){s->fields[i].name, SUBJECT_FIELD, &s->fields[i]};
    for (size_t i = 0; i < SUBJECTS; i++) {
        struct slice name = slice_of(subjects[i].name);
        const struct field *f = schema_field(s, name);
        bool again = i && subjects[i - 1].subject == subjects[i].subject;
        if (!again && !(f && slice_eq(f->name, name)))
            names[n++] = (struct query_name){name, subjects[i].subject, NULL};
    }
    *out = names;
    return n;
}

void query_subject_offer(const struct query_context *ctx, struct spell *near)
{
    for (size_t i = 0; i < SUBJECTS; i++)
        spell_offer(near, slice_of(subjects[i].name));
    for (size_t i = 0; i < ctx->schema->nfields; i++) {
        const struct field *f = &ctx->schema->fields[i];
        spell_offer(near, f->name);
        for (size_t j = 0; j < f->names.n; j++)
            if (slice_chr(f->names.folded[j], ' ', 0) == SIZE_MAX)
                spell_offer(near, f->names.folded[j]);
    }
}

struct slice query_subject_example(const struct query *node)
{
    switch (query_how(node->subject, node->field)) {
    case HOW_YES:
        return SLICE("yes");
    case HOW_STATE:
        return SLICE("open");
    case HOW_PRIORITY:
        return SLICE("P1");
    case HOW_TYPE:
        return SLICE("prevent");
    case HOW_PERSON:
        return SLICE("alice");
    case HOW_REF:
        return SLICE("PM-0042#A1");
    case HOW_NUMBER:
    case HOW_FREE:
        return SLICE("2..");
    case HOW_MONEY:
        return SLICE("1000..");
    case HOW_DURATION:
        return query_subject_is_item(node->subject) ? SLICE("90d..") : SLICE("30m..");
    case HOW_DATE:
    case HOW_TIME:
        return SLICE("..today");
    case HOW_ENUM:
        return node->field->nvalues ? node->field->values[0].name : SLICE("value");
    case HOW_TAG:
        return SLICE("change/config");
    case HOW_TEXT:
    case HOW_NAME:
    case HOW_PATH:
        break;
    }
    return SLICE("word");
}
