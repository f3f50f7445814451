#include "text_ask.h"

#include "pm/utf8.h"

/* ---- sets ---- */

struct known known_nothing(const struct asking *a)
{
    struct known k;
    set_init(&k.sure, a->all.most);
    set_init(&k.may, a->all.most);
    return k;
}

struct known known_no_idea(const struct asking *a)
{
    struct known k = {.may = set_copy(&a->all)};
    set_init(&k.sure, a->all.most);
    return k;
}

void known_negate(const struct asking *a, struct known *k)
{
    struct set sure = set_copy(&a->all), may = set_copy(&a->all);
    set_subtract(&sure, &k->may);
    set_subtract(&may, &k->sure);
    known_release(k);
    *k = (struct known){sure, may};
}

void known_put(struct known *k, const struct known *with, bool both)
{
    void (*put)(struct set *, const struct set *) = both ? set_intersect : set_unite;
    put(&k->sure, &with->sure);
    put(&k->may, &with->may);
}

void known_release(struct known *k)
{
    set_release(&k->sure);
    set_release(&k->may);
}

/* ---- statements ---- */

/* A field is one name; a free map is all that are below it, too. */
#define OF_FIELD "name = :name"
#define OF_MAP   "(name = :name OR (name >= :name || '.' AND name < :name || '/'))"
#define FACTS(of, what, doubt)                                                                     \
    "SELECT document, " doubt " FROM facts WHERE " of " AND how = :how AND " what
#define NUMBERS(of, what)                                                                          \
    "SELECT document, 0 FROM numbers WHERE " of " AND measure = :measure AND " what
#define DOCUMENTS(what) "SELECT n, 0 FROM documents WHERE " what
#define BEGINS(what)    "instr(" what ", :text) = 1"
/* '0' follows '/'; the range is what an index is used for. */
#define WITHIN "value >= :text AND value < :text || '0' AND (value = :text OR value >= :text || '/')"
#define RANGE(what)     what " BETWEEN :low AND :high"

/* The second column is doubt: whether query_match is to be asked, too. A tag may be shown otherwise
 * than it is folded, and query_match compares it as it is shown; a name of several words may be parted
 * in other places. */
static const struct {
    const char *of_field, *of_map; /* NULL: not asked of maps */
} statements[CONDITION_KINDS] = {
    [ASK_EVERYTHING] = {DOCUMENTS("1"), NULL},
    [ASK_STATED] = {FACTS(OF_FIELD, "1", "0"), FACTS(OF_MAP, "1", "0")},
    [ASK_NAME] = {FACTS(OF_FIELD, "value = :text", "0"), NULL},
    [ASK_NAME_PREFIX] = {FACTS(OF_FIELD, BEGINS("value"), "0"), NULL},
    [ASK_PERSON] = {FACTS(OF_FIELD, "instr(' ' || value || ' ', ' ' || :text || ' ')",
                          "value <> :text"), NULL},
    [ASK_PERSON_PREFIX] = {FACTS(OF_FIELD, "instr(' ' || value, ' ' || :text)",
                                 "instr(value, :text) <> 1"), NULL},
    [ASK_TAG] = {FACTS(OF_FIELD, WITHIN, "shown <> ''"), NULL},
    [ASK_KNOWN] = {NUMBERS(OF_FIELD, "1"), NULL},
    [ASK_NUMBER] = {NUMBERS(OF_FIELD, RANGE("number")), NUMBERS(OF_MAP, RANGE("number"))},
    [ASK_MONEY] = {NUMBERS(OF_FIELD, RANGE("number") " AND beside = :text"),
                   NUMBERS(OF_MAP, RANGE("number") " AND beside = :text")},
    [ASK_INSTANT] = {NUMBERS(OF_FIELD, RANGE("number - beside")), NULL},
    [ASK_HAS_DAY] = {DOCUMENTS("day IS NOT NULL"), NULL},
    [ASK_DAY] = {DOCUMENTS(RANGE("day")), NULL},
    [ASK_ID] = {DOCUMENTS("fold(id) = :text"), NULL},
    [ASK_ID_PREFIX] = {DOCUMENTS(BEGINS("fold(id)")), NULL},
    [ASK_PATH] = {DOCUMENTS("fold(path) = :text"), NULL},
    [ASK_PATH_PREFIX] = {DOCUMENTS(BEGINS("fold(path)")), NULL},
    [ASK_WORDS] = {"SELECT rowid, 0 FROM words WHERE words MATCH :text", NULL},
};

static void bind(sqlite3_stmt *s, const struct condition *c)
{
    for (int i = 1; i <= sqlite3_bind_parameter_count(s); i++) {
        struct slice name = slice_of(sqlite3_bind_parameter_name(s, i));
        if (slice_eqz(name, ":name"))
            bind_text(s, i, c->name);
        else if (slice_eqz(name, ":text"))
            bind_text(s, i, c->text);
        else if (slice_eqz(name, ":how"))
            bind_number(s, i, c->how);
        else if (slice_eqz(name, ":measure"))
            bind_number(s, i, c->measure);
        else
            sqlite3_bind_double(s, i, slice_eqz(name, ":low") ? c->low : c->high);
    }
}

int condition_ask(const struct asking *a, const struct condition *c, struct known *out)
{
    const char *sql = c->map ? statements[c->kind].of_map : statements[c->kind].of_field;
    sqlite3_stmt *s = NULL;
    int next = db_prepare(a->db, sql, &s, a->e);
    if (next == 0)
        bind(s, c);
    while (next >= 0 && (next = db_next(s, a->e)) > 0) {
        int64_t n = sqlite3_column_int64(s, 0);
        set_add(&out->may, n);
        if (!c->doubt && !sqlite3_column_int(s, 1))
            set_add(&out->sure, n);
    }
    sqlite3_finalize(s);
    return next;
}

/* ---- functions ---- */

static void fold(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    struct str out = STR_INIT;
    (void)n;
    const char *p = (const char *)sqlite3_value_text(values[0]);
    utf8_fold(&out, slice_from(p, (size_t)sqlite3_value_bytes(values[0])));
    sqlite3_result_text64(ctx, out.p, out.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    str_release(&out);
}

static void wanted(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    const struct set *which = sqlite3_user_data(ctx);
    (void)n;
    sqlite3_result_int(ctx, which && set_has(which, sqlite3_value_int64(values[0])));
}

int text_want(sqlite3 *db, struct set *which, struct err *e)
{
    int code = sqlite3_create_function(db, "wanted", 1, SQLITE_UTF8, which, wanted, NULL, NULL);
    return code == SQLITE_OK ? 0 : db_fail(db, e);
}

/* ---- the documents ---- */

/* Numbers are dense, but where documents went away. */
static int read_all(struct asking *a)
{
    int64_t most = 0, count = 0;
    if (db_number(a->db, "SELECT max(n) FROM documents", 0, &most, a->e) ||
        db_number(a->db, "SELECT count(*) FROM documents", 0, &count, a->e))
        return -1;
    set_init(&a->all, most);
    if (count == most) {
        for (int64_t n = 1; n <= most; n++)
            set_add(&a->all, n);
        return 0;
    }
    struct known found = known_nothing(a);
    int failed = condition_ask(a, &(struct condition){.kind = ASK_EVERYTHING}, &found);
    set_unite(&a->all, &found.may);
    known_release(&found);
    return failed;
}

int asking_init(struct asking *a, sqlite3 *db, struct err *e)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    *a = (struct asking){.db = db, .e = e};
    if (sqlite3_create_function(db, "fold", 1, flags, NULL, fold, NULL, NULL) != SQLITE_OK)
        return db_fail(db, e);
    return text_want(db, NULL, e) || read_all(a) ? -1 : 0;
}

void asking_release(struct asking *a)
{
    set_release(&a->all);
}

static int add_plan(sqlite3 *db, const char *sql, struct str *out, struct err *e)
{
    struct str question = STR_INIT;
    sqlite3_stmt *s = NULL;
    if (!sql)
        return 0;
    str_addf(&question, "EXPLAIN QUERY PLAN %s", sql);
    int next = db_prepare(db, question.p, &s, e);
    while (next >= 0 && (next = db_next(s, e)) > 0)
        str_addf(out, "%s: %s\n", sqlite3_column_text(s, 3), sql);
    sqlite3_finalize(s);
    str_release(&question);
    return next;
}

int index_text_plans(struct index *i, struct str *out, struct err *e)
{
    struct asking a;
    int failed = asking_init(&a, i->text.db, e);
    for (size_t k = 0; k < CONDITION_KINDS && !failed; k++)
        failed = add_plan(a.db, statements[k].of_field, out, e) ||
                 add_plan(a.db, statements[k].of_map, out, e);
    for (size_t k = 0; text_telling[k] && !failed; k++)
        failed = add_plan(a.db, text_telling[k], out, e);
    asking_release(&a);
    return failed ? -1 : 0;
}
