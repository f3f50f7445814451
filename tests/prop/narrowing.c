/* The index narrows, the matcher in memory decides: what the index leaves out, no postmortem that
 * matches may be among. Random queries over random postmortems and, where they are, over real ones,
 * with words and tags taken from them.
 *
 * PM_SEED=N begins elsewhere, PM_QUERIES=N asks that many, of real postmortems a tenth. */
#include "pm/index.h"
#include "pm/vec.h"

#include "../lib/sandbox.h"

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
    unsigned found, candidates;
};

static unsigned number_of(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

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

static bool among(const struct hits *hits, struct slice path)
{
    for (size_t i = 0; i < hits->n; i++)
        if (slice_eq(hits->v[i].path, path))
            return true;
    return false;
}

static void check_query(struct asked *k, const struct query *q, const char *text)
{
    struct hits hits = {0};
    struct err e = ERR_INIT;
    if (index_candidates(k->index, q, &hits, &e))
        fail_msg("%s: %s", text, e.text);
    for (size_t i = 0; i < k->corpus.n; i++) {
        struct query_document d = {.pm = k->corpus.v[i]};
        if (!query_match(q, &k->world.ctx, &d, NULL))
            continue;
        k->found++;
        if (!among(&hits, d.pm->path))
            fail_msg("%s: the index leaves out " SLICE_FMT, text, SLICE_ARG(d.pm->path));
    }
    k->candidates += (unsigned)hits.n;
    hits_release(&hits);
}

/* Queries about items are asked of their history, elsewhere. A word of a document may be nothing to
 * look for: "###". */
static void ask(struct asked *k)
{
    unsigned queries = number_of("PM_QUERIES", QUERIES) / (k->vocabulary.n ? 10 : 1);
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
    printf("# %u found among %u candidates\n", k->found, k->candidates);
    assert_true(k->found > 0);
}

static void start(struct asked *k)
{
    *k = (struct asked){.world.seed = number_of("PM_SEED", 20260320)};
    printf("# seed %llu\n", (unsigned long long)k->world.seed);
}

static void nothing_is_left_out_of_random_postmortems(void **state)
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
    close_repository(&k);
}

static void nothing_is_left_out_of_real_postmortems(void **state)
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
        cmocka_unit_test_setup_teardown(nothing_is_left_out_of_random_postmortems, sandbox_setup,
                                        sandbox_teardown),
        cmocka_unit_test_setup_teardown(nothing_is_left_out_of_real_postmortems, sandbox_setup,
                                        sandbox_teardown),
    };
    return cmocka_run_group_tests_name("narrowing", tests, NULL, NULL);
}
