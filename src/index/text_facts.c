/* What a postmortem states, as rows: see schema/text.sql. What is asked of them is asked by
 * text_query.c, as src/query/compare.c asks it of the facts themselves. */
#include "text_rows.h"

#include "pm/utf8.h"

const char *const facet_fields[FACET_FIELDS] = {"severity", "causes", "services"};

struct putting {
    struct text_writer *w;
    int64_t n;
    const struct postmortem *pm;
    struct str name, folded; /* of what is being put */
    struct err *e;
};

static int put_fact(struct putting *p, int how, struct slice text)
{
    str_clear(&p->folded);
    utf8_fold(&p->folded, text);
    struct slice value = str_slice(&p->folded);
    bind_text(p->w->fact, 1, str_slice(&p->name));
    bind_number(p->w->fact, 2, how);
    bind_text(p->w->fact, 3, value);
    bind_text(p->w->fact, 4, slice_eq(value, text) ? slice_of(NULL) : text);
    bind_number(p->w->fact, 5, p->n);
    return db_run(p->w->fact, p->e);
}

/* beside: text, or NULL for the number. */
static int put_number(struct putting *p, struct slice name, enum measure measure, double number,
                      const struct slice *text, int64_t beside)
{
    if (number != number) /* is in no range */
        return 0;
    bind_text(p->w->number, 1, name);
    bind_number(p->w->number, 2, measure);
    sqlite3_bind_double(p->w->number, 3, number);
    if (text)
        bind_text(p->w->number, 4, *text);
    else
        bind_number(p->w->number, 4, beside);
    bind_number(p->w->number, 5, p->n);
    return db_run(p->w->number, p->e);
}

/* ---- facts ---- */

/* Is a value of it compared as a whole? */
static bool is_name(const struct fact *f, bool own)
{
    for (size_t i = 0; i < FACET_FIELDS; i++)
        if (slice_eqz(f->name, facet_fields[i]))
            return true;
    if (!own)
        return false;
    switch (f->field->type) {
    case FIELD_TEXT:
        return f->field->list;
    case FIELD_TAG:
    case FIELD_PERSON:
    case FIELD_URL:
        return true;
    default:
        return false;
    }
}

/* A value that has no type, as what it may be compared with. */
static int put_free(struct putting *p, const struct value *v)
{
    struct slice name = str_slice(&p->name), currency = slice_of(NULL);
    int64_t seconds;
    double x;
    if (duration_parse(v->text, &seconds, NULL) &&
        put_number(p, name, MEASURE_FREE_SECONDS, (double)seconds, NULL, 0))
        return -1;
    if (!slice_double(v->text, &x) && !money_parse(v->text, &x, &currency))
        return 0;
    return put_number(p, name, MEASURE_FREE_AMOUNT, x, &currency, 0);
}

static int put_tag_ends(struct putting *p, struct slice tag)
{
    struct slice part;
    int failed = 0;
    while (!failed && slice_split(&tag, '/', &part) && tag.n)
        failed = put_fact(p, FACT_TAG_END, tag);
    return failed;
}

static int put_typed(struct putting *p, const struct fact *f, const struct value *v)
{
    struct slice name = str_slice(&p->name);
    switch (f->field->type) {
    case FIELD_ENUM:
    case FIELD_DURATION:
    case FIELD_DATE:
        return put_number(p, name, MEASURE_NUMBER, (double)v->number, NULL, 0);
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_MONEY:
        return put_number(p, name, MEASURE_AMOUNT, v->amount, &v->currency, 0);
    case FIELD_TIMESTAMP:
        return put_number(p, name, MEASURE_TIME, (double)(v->number + v->offset), NULL, v->offset);
    case FIELD_TAG:
        return put_tag_ends(p, v->text);
    default:
        return 0;
    }
}

/* A fact that only has the name of a field, which is read from another key, is found with all others
 * below a free map, and nowhere else: its name gets a dot. */
static void set_name(struct putting *p, const struct fact *f, bool own)
{
    const struct schema *s = p->pm->schema;
    str_clear(&p->name);
    str_adds(&p->name, f->name);
    for (size_t i = 0; !own && i < s->nfields; i++)
        if (slice_ieq(s->fields[i].name, f->name)) {
            str_addc(&p->name, '.');
            return;
        }
}

static int put_one(struct putting *p, const struct fact *f)
{
    bool own = f->field && slice_eq(f->name, f->field->name);
    bool named = is_name(f, own), free = !own || f->field->type == FIELD_ANY ||
                                         slice_chr(f->name, '.', 0) != SIZE_MAX;
    set_name(p, f, own);
    if (f->how != FACT_VALUE)
        return put_fact(p, f->how, slice_of(NULL));
    for (size_t i = 0; !f->invalid && i < f->nvalues; i++) {
        const struct value *v = &f->values[i];
        if ((named || i == 0) && put_fact(p, FACT_VALUE, named ? v->text : slice_of(NULL)))
            return -1;
        if ((own && put_typed(p, f, v)) || (free && put_free(p, v)))
            return -1;
    }
    return 0;
}

static int put_derived(struct putting *p)
{
    for (int d = 0; d < DERIVED_COUNT; d++) {
        int64_t seconds = 0;
        int how = postmortem_derived(p->pm, (enum derived)d, &seconds);
        struct slice name = slice_of(derived_name((enum derived)d));
        enum measure measure = how == FACT_VALUE     ? MEASURE_DERIVED
                               : how == FACT_UNKNOWN ? MEASURE_DERIVED_UNKNOWN
                                                     : MEASURE_DERIVED_NA;
        if (how >= 0 && put_number(p, name, measure, (double)seconds, NULL, 0))
            return -1;
    }
    return 0;
}

int text_put_facts(struct text_writer *w, int64_t n, const struct postmortem *pm, struct err *e)
{
    struct putting p = {w, n, pm, STR_INIT, STR_INIT, e};
    int failed = put_derived(&p);
    for (size_t i = 0; !failed && i < pm->nfacts; i++)
        failed = put_one(&p, &pm->facts[i]);
    str_release(&p.name);
    str_release(&p.folded);
    return failed;
}
