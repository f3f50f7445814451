/* Two evaluators, in memory and SQL, find the same: of what the tables are sure, memory is of the same
 * opinion, and what they leave out, no postmortem that matches is among. Random queries over random
 * postmortems and, where they are, over real ones, with words and tags taken from them.
 *
 * PM_SEED=N begins elsewhere, PM_QUERIES=N asks that many, of real postmortems a tenth. */
#include "pm/index.h"
#include "pm/vec.h"

#include "../lib/sandbox.h"
#include "../lib/seeds.h"

#include "random_query.h"

#define QUERIES 1500
#define RANDOM_DOCUMENTS 60

/* Of the project and the real postmortems, found before a test leaves for its sandbox. */
static char root[4096], bundles[4096];

struct asked {
    struct world world;
    struct repo *repo;
    struct state state;
    struct corpus corpus;
    struct index *index;
    VEC(struct slice) vocabulary; /* words and tags of the postmortems; empty: the made-up ones */
    unsigned asked, found, doubted, exact; /* exact: queries without a doubt */
};

static void open_repository(struct asked *k, const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct oid tip;
    if (repo_open(&k->repo, &where, &e) || commit_resolve(k->repo, zone_utc(), "HEAD", &tip, NULL, &e) ||
        state_of_commit(&k->state, k->repo, &tip, &e) ||
        corpus_load(&k->corpus, k->repo, &k->state, NULL, 0, 1, &e) ||
        index_open(&k->index, k->repo, &k->state, &tip, INDEX_TEXT, true, NULL, NULL, &e))
        fail_msg("%s", e.text);
    k->world.schema = k->state.schema;
    k->world.ctx = (struct query_context){
        .schema = k->state.schema, .today = {2026, 3, 20}, .now = 1773964800};
}

static void close_repository(struct asked *k)
{
    index_close(k->index);
    corpus_release(&k->corpus);
    state_release(&k->state);
    repo_free(k->repo);
    vec_release(&k->vocabulary);
    arena_release(&k->world.arena);
}

/* ---- queries in the words of real postmortems ---- */

static bool is_word(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (strchr("\"\\()*:,'`<>=-", s.p[i]) || (unsigned char)s.p[i] < ' ')
            return false;
    return s.n > 1 && s.n < 40 && !slice_eqz(s, "OR") && !slice_eqz(s, "NOT") &&
           slice_find(s, SLICE(".."), 0) == SIZE_MAX;
}

static void learn_words(struct asked *k)
{
    for (size_t i = 0; i < k->corpus.n; i++) {
        struct slice rest = k->corpus.v[i]->doc->bytes, line, word;
        while (slice_split(&rest, '\n', &line))
            while (slice_split(&line, ' ', &word))
                if (is_word(slice_trim(word)) && draw(&k->world, 20) == 0)
                    vec_push(&k->vocabulary, slice_trim(word));
    }
}

static void add_real_term(struct asked *k, struct str *out)
{
    struct slice word = k->vocabulary.v[draw(&k->world, (uint32_t)k->vocabulary.n)];
    struct slice other = k->vocabulary.v[draw(&k->world, (uint32_t)k->vocabulary.n)];
    static const char *const fields[] = {"title:", "in:timeline ", "cause:", "tag:", "service:"};
    switch (draw(&k->world, 6)) {
    case 0:
        str_addf(out, "\"" SLICE_FMT " " SLICE_FMT "\"", SLICE_ARG(word), SLICE_ARG(other));
        return;
    case 1:
        str_addf(out, "(%s\"" SLICE_FMT "\")", PICK(&k->world, fields), SLICE_ARG(word));
        return;
    case 2:
        str_addf(out, SLICE_FMT "*", SLICE_ARG(slice_sub(word, 0, 2)));
        return;
    case 3:
        add_field(&k->world, out);
        return;
    default:
        str_adds(out, word);
    }
}

static void add_real_query(struct asked *k, struct str *out)
{
    for (uint32_t n = 1 + draw(&k->world, 3); n > 0; n--) {
        str_addz(out, PICK(&k->world, ((const char *const[]){"", "", "NOT ", "-"})));
        add_real_term(k, out);
        str_addz(out, n > 1 ? PICK(&k->world, ((const char *const[]){" ", " OR "})) : "");
    }
}

/* ---- the promise ---- */

static const struct postmortem *postmortem_at(const struct asked *k, struct slice path)
{
    for (size_t i = 0; i < k->corpus.n; i++)
        if (slice_eq(k->corpus.v[i]->path, path))
            return k->corpus.v[i];
    fail_msg("the index invents " SLICE_FMT, SLICE_ARG(path));
    return NULL;
}

struct deciding {
    struct asked *asked;
    const struct query *query;
    bool doubted;
};

static int decide(void *ctx, const struct hits *doubtful, bool *holds, struct err *e)
{
    struct deciding *d = ctx;
    d->doubted = true;
    d->asked->doubted += (unsigned)doubtful->n;
    for (size_t i = 0; i < doubtful->n; i++) {
        struct query_document doc = {.pm = postmortem_at(d->asked, doubtful->v[i].path)};
        holds[i] = query_match(d->query, &d->asked->world.ctx, &doc, NULL);
    }
    return 0;
}

static void find(struct asked *k, const struct query *q, bool ranks, struct hits *out)
{
    struct deciding d = {k, q, false};
    struct search_wish wish = {.query = q, .rows = true, .ranks = ranks, .decide = decide, .ctx = &d};
    struct err e = ERR_INIT;
    if (index_search(k->index, &wish, out, &e))
        fail_msg("%s", e.text);
    k->exact += !d.doubted;
}

static void check_query(struct asked *k, const struct query *q, const char *text)
{
    struct hits hits = {0};
    size_t at = 0;
    find(k, q, false, &hits);
    for (size_t i = 0; i < k->corpus.n; i++) {
        struct query_document d = {.pm = k->corpus.v[i]};
        bool found = at < hits.n && slice_eq(hits.v[at].path, d.pm->path);
        if (query_match(q, &k->world.ctx, &d, NULL) != found)
            fail_msg("%s: SQL %s " SLICE_FMT, text, found ? "finds" : "leaves out",
                     SLICE_ARG(d.pm->path));
        at += found;
    }
    assert_int_equal(at, hits.n);
    assert_int_equal(hits.total, hits.n);
    k->asked++;
    k->found += (unsigned)hits.n;
    hits_release(&hits);
}

/* The faster of two ways to rank what has all words gives the same numbers, to the last bit. */
static void check_ranks(struct asked *k, const char *a, const char *b)
{
    struct hits fast = {0}, slow = {0};
    find(k, parse(&k->world, "%s \"%s\"", a, b), true, &fast);
    find(k, parse(&k->world, "(%s OR nobodysaysthis) \"%s\"", a, b), true, &slow);
    assert_int_equal(fast.n, slow.n);
    for (size_t i = 0; i < fast.n; i++)
        if (fast.v[i].rank != slow.v[i].rank || !(fast.v[i].rank > 0))
            fail_msg("%s %s: " SLICE_FMT " ranks %g or %g", a, b, SLICE_ARG(fast.v[i].path),
                     fast.v[i].rank, slow.v[i].rank);
    hits_release(&fast);
    hits_release(&slow);
}

/* Queries about items are asked of their history, elsewhere. A word of a document may be nothing to
 * look for: "###". */
static void ask(struct asked *k)
{
    unsigned queries = (unsigned)asked_number("PM_QUERIES", QUERIES) / (k->vocabulary.n ? 10 : 1);
    for (unsigned n = 0; n < queries; n++) {
        struct str text = STR_INIT;
        struct query *q;
        struct err e = ERR_INIT;
        if (k->vocabulary.n)
            add_real_query(k, &text);
        else
            add_query(&k->world, &text, 3);
        bool parsed = query_parse(&q, str_slice(&text), &k->world.ctx, &k->world.arena, &e) == 0;
        if (!parsed && !k->vocabulary.n)
            fail_msg("%s: %s", text.p, e.text);
        if (parsed && !query_has_items(q))
            check_query(k, q, text.p);
        str_release(&text);
        arena_release(&k->world.arena);
    }
    printf("# %u queries, %u of them without a doubt; %u found, %u doubted\n", k->asked, k->exact,
           k->found, k->doubted);
    assert_true(k->found > 0 && k->exact > k->asked / 2);
}

/* A line that begins with what it should not: a look at each row. */
static void assert_searched(const char *plans)
{
    static const char *const whole[] = {"id", "path"}; /* nobody asks for these often */
    struct slice rest = slice_of(plans), line;
    size_t lines = 0;
    while (slice_split(&rest, '\n', &line)) {
        bool folded = false;
        for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
            char what[16];
            snprintf(what, sizeof what, "fold(%s)", whole[i]);
            folded |= slice_find(line, slice_of(what), 0) != SIZE_MAX;
        }
        bool every = slice_ends(line, SLICE("WHERE 1"));
        struct slice plan = slice_sub(line, 0, slice_find(line, SLICE(": SELECT"), 0));
        bool match = slice_starts(plan, SLICE("SCAN words VIRTUAL TABLE")) &&
                     slice_find(plan, SLICE(":M"), 0) != SIZE_MAX &&
                     slice_chr(plan, '=', 0) == SIZE_MAX; /* once, not for each rowid */
        bool seek = slice_starts(line, SLICE("SEARCH ")) || slice_starts(line, SLICE("MULTI-INDEX OR")) ||
                    slice_starts(line, SLICE("INDEX "));
        if (!seek && !match && !folded && !every)
            fail_msg(SLICE_FMT, SLICE_ARG(line));
        lines++;
    }
    assert_true(lines > 15);
}

static void start(struct asked *k)
{
    *k = (struct asked){.world.seed = seed_from(20260320)};
}

static void both_find_the_same_of_random_postmortems(void **state)
{
    struct asked k;
    start(&k);
    sh("git init -q random && mkdir random/postmortems");
    for (unsigned i = 0; i < RANDOM_DOCUMENTS; i++) {
        struct str text = STR_INIT;
        char path[64];
        snprintf(path, sizeof path, "random/postmortems/%u.md", i);
        random_text(&k.world, &text);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
        assert_int_equal(fclose(f), 0);
        str_release(&text);
    }
    sh("cd random && git add . && git commit -q -m all");
    open_repository(&k, "random");
    ask(&k);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_ranks(&k, PICK(&k.world, words), words[i]);
    struct str plans = STR_INIT;
    struct err e = ERR_INIT;
    assert_int_equal(index_text_plans(k.index, &plans, &e), 0);
    assert_searched(plans.p);
    str_release(&plans);
    close_repository(&k);
}

static void both_find_the_same_of_real_postmortems(void **state)
{
    static const char *const names[] = {"dfds", "jenkins-status", "alt"};
    unsigned there = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str bundle = STR_INIT;
        struct asked k;
        str_addf(&bundle, "%s/%s.bundle", bundles, names[i]);
        if (access(bundle.p, R_OK) == 0) {
            start(&k);
            sh("git clone -q '%s' %s\ncd %s\nmkdir -p .pm\ncp '%s/contrib/schemas/%s.yaml' .pm/schema.yaml\n"
               "git add -f .pm\ngit commit -q -m rules",
               bundle.p, names[i], names[i], root, names[i]);
            open_repository(&k, names[i]);
            learn_words(&k);
            ask(&k);
            close_repository(&k);
            there++;
        }
        str_release(&bundle);
    }
    if (!there)
        skip();
}

int main(void)
{
    const char *corpus = getenv("PM_CORPUS");
    if (!realpath(".", root) || !realpath(corpus ? corpus : "../shared/corpus", bundles))
        bundles[0] = '\0';
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_find_the_same_of_random_postmortems, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(both_find_the_same_of_real_postmortems, sandbox_setup,
                                        sandbox_teardown),
    };
    return cmocka_run_group_tests_name("narrowing", tests, NULL, NULL);
}
