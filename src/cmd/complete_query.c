/* Completion of queries: fields, then values of their kind. */
#include "complete_private.h"

static bool no_file(void *ctx, struct slice path, bool folder)
{
    (void)ctx;
    (void)path;
    (void)folder;
    return false;
}

/* That of HEAD, without a list of its files; else the one that is built in. */
static struct schema *read_schema(struct context *c)
{
    struct repo_where where = {c->global.dir, c->global.git_dir};
    struct err ignored = ERR_INIT;
    struct snapshot *files = NULL;
    struct schema *schema = NULL;
    struct oid tip;
    bool born = repo_open(&c->repo, &where, &ignored) == 0 && context_tip(c, &tip, &ignored) == 1;
    if (born && snapshot_of_commit(&files, c->repo, &tip, no_file, NULL, &ignored) == 0 &&
        corpus_schema(&schema, files, c->repo, &ignored))
        schema = NULL;
    snapshot_free(files);
    return schema ? schema : schema_load(slice_of(NULL), false, slice_of(NULL), false);
}

static const struct schema *schema_of(struct completion *k)
{
    if (!k->schema)
        k->schema = read_schema(k->context);
    return k->schema;
}

void completion_release(struct completion *k)
{
    if (k->schema)
        schema_free(k->schema);
    operands_release(&k->operands);
}

static bool is_quoted(const struct completion *k)
{
    return k->in_query && slice_starts(k->word, SLICE("\""));
}

/* In a query, within quotes where it has to be, or is begun so. */
static void offer_name(struct completion *k, struct slice name)
{
    struct str term = STR_INIT;
    if (is_quoted(k))
        query_add_quoted(&term, name);
    else if (k->in_query)
        query_add_value(&term, name);
    else
        str_adds(&term, name);
    offer(k, str_slice(&term), slice_of(NULL));
    str_release(&term);
}

void offer_names(struct completion *k, enum peek what, struct slice field)
{
    struct peeked names = {0};
    schema_of(k);
    if (k->context->repo)
        index_peek(&names, k->context->repo, what, field,
                   slice_sub(k->word, is_quoted(k), k->word.n));
    for (size_t i = 0; i < names.n; i++)
        offer_name(k, names.v[i]);
    peeked_release(&names);
}

bool offer_revisions(struct completion *k)
{
    static const char *const argv[] = {"for-each-ref", "--format=%(refname:short)", "refs/heads",
                                       "refs/remotes", "refs/tags", NULL};
    struct str names = STR_INIT;
    struct err ignored = ERR_INIT;
    size_t before = k->context->out.n, dots = slice_find(k->word, SLICE(".."), 0);
    if (dots != SIZE_MAX)
        completion_skip(k, dots + (slice_chr(k->word, '.', dots + 2) == dots + 2 ? 3 : 2));
    schema_of(k);
    if (k->context->repo && repo_ask(k->context->repo, argv, &names, &ignored) == 0)
        for (struct slice rest = str_slice(&names), name; slice_split(&rest, '\n', &name);)
            if (name.n)
                offer(k, name, slice_of(NULL));
    str_release(&names);
    return k->context->out.n > before;
}

/* In a query as one types them, in:root-causes: neither case nor hyphens matter there. */
static void offer_sections(struct completion *k)
{
    const struct schema *s = schema_of(k);
    bool as_is = k->word.n && k->word.p[0] != ascii_lower(k->word.p[0]);
    struct str name = STR_INIT;
    for (size_t i = 0; i < s->nsections; i++) {
        str_clear(&name);
        str_adds(&name, s->sections[i].name);
        for (size_t n = 0; k->in_query && n < name.n; n++)
            name.p[n] = name.p[n] == ' ' ? '-' : as_is ? name.p[n] : ascii_lower(name.p[n]);
        offer(k, str_slice(&name), slice_of(NULL));
    }
    str_release(&name);
}

static void offer_tags(struct completion *k)
{
    const struct taxonomy *t = &schema_of(k)->taxonomy;
    for (size_t i = 0; i < t->ntags; i++)
        if (!t->tags[i].deprecated.n)
            offer(k, t->tags[i].name, t->tags[i].description);
    if (!t->closed)
        offer_names(k, PEEK_TAGS, slice_of(NULL));
}

static void offer_item_values(struct completion *k, enum query_subject subject)
{
    const struct schema *s = schema_of(k);
    switch (subject) {
    case SUBJECT_OWNER:
        offer_names(k, PEEK_OWNERS, slice_of(NULL));
        break;
    case SUBJECT_STATE:
        for (unsigned i = 0; i < ITEM_STATES; i++)
            offerz(k, item_state_name((enum item_state)i), "");
        break;
    case SUBJECT_TYPE:
        for (size_t i = 0; i < s->actions.ntypes; i++)
            offer(k, s->actions.types[i].name, slice_of(NULL));
        break;
    case SUBJECT_OVERDUE:
    case SUBJECT_LATE:
    case SUBJECT_DROPPED:
    case SUBJECT_REOPENED:
        offerz(k, "yes", "");
        offerz(k, "no", "");
        break;
    case SUBJECT_TAG:
        offer_tags(k);
        break;
    case SUBJECT_ID:
        offer_names(k, PEEK_IDS, slice_of(NULL));
        break;
    case SUBJECT_REF:
        offer_names(k, PEEK_REFS, slice_of(NULL));
        break;
    default: /* dates, numbers and free text */
        break;
    }
}

static void offer_field_values(struct completion *k, const struct field *f)
{
    for (size_t i = 0; i < f->nvalues; i++)
        offer(k, f->values[i].name, slice_of(NULL));
    if (f->type == FIELD_TAG)
        offer_tags(k);
    enum query_how how = query_how(SUBJECT_FIELD, f);
    if (how == HOW_NAME || how == HOW_PERSON)
        offer_names(k, PEEK_VALUES, f->name);
}

static void offer_fields(struct completion *k, const char *end)
{
    struct arena arena = ARENA_INIT;
    struct query_name *names;
    struct str text = STR_INIT;
    size_t n = query_names(schema_of(k), &names, &arena);
    for (size_t i = 0; i < n; i++) {
        str_clear(&text);
        str_adds(&text, names[i].name);
        str_addz(&text, end);
        offer(k, str_slice(&text), slice_of(NULL));
    }
    str_release(&text);
    arena_release(&arena);
}

void offer_values(struct completion *k, struct slice field)
{
    struct arena arena = ARENA_INIT;
    struct query_context ctx = {.schema = schema_of(k), .today = k->context->today};
    struct query *q;
    struct str term = STR_INIT;
    struct err ignored = ERR_INIT;
    if (slice_eqz(field, "has") || slice_eqz(field, "no")) {
        offer_fields(k, "");
    } else if (slice_eqz(field, "in")) {
        offer_sections(k);
    } else {
        str_addf(&term, "has:" SLICE_FMT, SLICE_ARG(field));
        if (query_parse(&q, str_slice(&term), &ctx, &arena, &ignored) == 0 && q->kind == QUERY_HAS) {
            if (q->field)
                offer_field_values(k, q->field);
            else
                offer_item_values(k, q->subject);
        }
    }
    str_release(&term);
    arena_release(&arena);
}

/* Up to the last comma the values stand. */
static void skip_values(struct completion *k)
{
    size_t comma = SIZE_MAX;
    for (size_t i = 0; i < k->word.n; i++)
        if (k->word.p[i] == ',')
            comma = i;
    if (comma != SIZE_MAX)
        completion_skip(k, comma + 1);
}

void offer_query(struct completion *k)
{
    static const char *const others[] = {"has:", "no:", "in:"};
    size_t start = 0;
    k->in_query = true;
    while (start < k->word.n && (k->word.p[start] == '(' || k->word.p[start] == '-'))
        start++;
    completion_skip(k, start);
    size_t colon = slice_chr(k->word, ':', 0);
    if (colon != SIZE_MAX) {
        struct slice field = slice_sub(k->word, 0, colon);
        completion_skip(k, colon + 1);
        skip_values(k);
        offer_values(k, field);
        return;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        offerz(k, others[i], "");
    offer_fields(k, ":");
}
