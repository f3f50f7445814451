/* The files of the cache, damaged anyhow: every answer is that of the files as they were written, from
 * a file of this commit and from one that is gone on from. Where the damage has been given the right
 * checksums, which nobody can see then, every answer is one, or a sentence.
 *
 * The first byte picks a question, the second a commit. Damages follow: which file and what, a place
 * of three bytes, how many bytes to put there, and these. */
#include <fcntl.h>
#include <sys/stat.h>

#include "../../src/index/pages.h"
#include "pm/file.h"
#include "pm/index.h"

#include "../lib/scripted.h"

enum { FILES = 4, COMMITS = 3, MOST = 1 << 20 };

static const char *const names[FILES] = {"ledger.sqlite", "ledger.sqlite-pages", "text.sqlite",
                                         "text.sqlite-pages"};

static struct {
    struct repo *repo;
    struct oid commits[COMMITS]; /* the files are of the second */
    struct state states[COMMITS];
    struct str files[FILES], before[FILES]; /* as written; as they were at the first */
    struct str damaged[FILES];
    bool missing[FILES];
} kept;

static const char script[] =
    "cat >postmortems/2025-12-31-a.md <<'END'\n---\nid: PM-1\nseverity: sev2\n"
    "started: 2025-12-31T23:10+01:00\ncauses: [change/config, network]\nservices: [checkout]\n---\n"
    "# Checkout timed out\n\n## Timeline\n\n- 12:31 the pool was empty\n\n## Action Items\n\n"
    "- [ ] A1: Raise the pool (@alice, due 2026-02-28) P1\n- [x] A2: Alert earlier (@bob)\nEND\n"
    "git add .; git commit -q -m one; git tag one\n"
    "sed -i.old s/2026-02-28/2026-04-28/ postmortems/2025-12-31-a.md; rm postmortems/*.old\n"
    "printf '# DNS\\n\\n## Action Items\\n\\n- [ ] Pools of timeouts (@carol)\\n' >postmortems/b.md\n"
    "git add .; git commit -q -m two; git tag two\n"
    "sed -i.old 's/ A1:.*/ A1: Raise the pool (@dave)/' postmortems/2025-12-31-a.md\n"
    "rm postmortems/*.old; git add .; git commit -q -m three; git tag three\n";

/* ---- the files ---- */

static void file_path(struct str *out, size_t file)
{
    str_clear(out);
    str_addf(out, "%s/.git/pm/%s", scripted, names[file]);
}

static void read_files(struct str *into)
{
    struct str path = STR_INIT;
    struct err e = ERR_INIT;
    for (size_t i = 0; i < FILES; i++) {
        file_path(&path, i);
        if (file_exists(path.p))
            check_that(file_read(&into[i], path.p, MOST, NULL, &e) == 0, e.text);
    }
    str_release(&path);
}

static void write_files(void)
{
    struct str path = STR_INIT;
    for (size_t i = 0; i < FILES; i++) {
        file_path(&path, i);
        unlink(path.p);
        if (kept.missing[i])
            continue;
        int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        check_that(fd >= 0 && file_write_fd(fd, str_slice(&kept.damaged[i])) == 0 && close(fd) == 0,
                   "a file of the cache is written");
    }
    str_release(&path);
}

/* ---- the damage ---- */

static void seal_page(char *page, uint64_t number)
{
    uint64_t sum = page_checksum(page, PAGE - PAGE_SUM, number * PAGE);
    memcpy(page + PAGE - PAGE_SUM, &sum, sizeof sum);
}

/* pages.c tells how they stand there: four words, the pages' numbers, a checksum, the pages. */
static void seal_pages(struct str *s)
{
    uint64_t count, sum, number;
    if (s->n < 4 * sizeof count)
        return;
    memcpy(&count, s->p + 3 * sizeof count, sizeof count);
    size_t words = (4 + (size_t)count) * sizeof sum, first = words + sizeof sum;
    if (count > s->n / PAGE || first > s->n)
        return;
    sum = page_checksum(s->p, words, 0);
    memcpy(s->p + words, &sum, sizeof sum);
    for (size_t i = 0; i < count && first + (i + 1) * PAGE <= s->n; i++) {
        memcpy(&number, s->p + (4 + i) * sizeof number, sizeof number);
        seal_page(s->p + first + i * PAGE, number);
    }
}

/* The pages beside a file name its first one. */
static void seal(size_t file)
{
    struct str *s = &kept.damaged[file & ~(size_t)1], *beside = &kept.damaged[file | 1];
    for (size_t i = 0; (i + 1) * PAGE <= s->n; i++)
        seal_page(s->p + i * PAGE, i);
    if (s->n >= PAGE && beside->n >= 16)
        memcpy(beside->p + 8, s->p + PAGE - PAGE_SUM, 8);
    seal_pages(beside);
}

enum { PUT, FLIP, CUT, REMOVE, EXCHANGE, OLDER, APPEND, SEAL, DAMAGES };

static void put(struct str *s, size_t at, struct slice bytes, bool flip)
{
    for (size_t i = 0; i < bytes.n && at + i < s->n; i++)
        s->p[at + i] = flip ? (char)(s->p[at + i] ^ bytes.p[i]) : bytes.p[i];
}

static void copy(size_t file, const struct str *from)
{
    str_clear(&kept.damaged[file]);
    str_adds(&kept.damaged[file], str_slice(from));
}

/* Takes one off the front; false at the end. *sealed: it has the right checksums. */
static bool do_damage(struct slice *rest, bool *sealed)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    if (rest->n < 5)
        return false;
    size_t file = p[0] % FILES, n = (size_t)p[4] % 32 + 1;
    struct str *s = &kept.damaged[file];
    size_t at = s->n ? ((size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]) % s->n : 0;
    struct slice bytes = slice_sub(*rest, 5, n);
    *rest = slice_sub(*rest, 5 + n, rest->n);
    switch (p[0] / FILES % DAMAGES) {
    case PUT:
    case FLIP:
        put(s, at, bytes, p[0] / FILES % DAMAGES == FLIP);
        break;
    case CUT:
        str_truncate(s, at);
        break;
    case REMOVE:
        kept.missing[file] = true;
        break;
    case EXCHANGE:
        copy(file, &kept.files[p[1] % FILES]);
        break;
    case OLDER:
        copy(file, &kept.before[file]);
        break;
    case APPEND:
        str_adds(s, bytes);
        break;
    default:
        seal(file);
        *sealed = true;
    }
    return true;
}

/* ---- the questions ---- */

static void say_row(struct str *out, const struct action_row *row)
{
    str_addf(out, SLICE_FMT " " SLICE_FMT ":%u " SLICE_FMT " " SLICE_FMT " %d %u " SLICE_FMT "\n",
             SLICE_ARG(row->ref), SLICE_ARG(row->path), row->line, SLICE_ARG(row->text),
             SLICE_ARG(row->owners), (int)row->state, row->slips, SLICE_ARG(row->causes));
}

static int ask_actions(struct index *i, const char *text, enum action_order order,
                       struct query_context *context, struct str *out, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct query *q = NULL;
    struct action_rows rows = {0};
    struct action_totals totals;
    context->items = true;
    check_that(query_parse(&q, slice_of(text), context, &a, e) == 0, "the query is one");
    struct action_question question = {.query = q, .context = context, .order = order, .limit = 2};
    int failed = index_actions(i, &question, &rows, &totals, e) || index_facts(i, &rows, e);
    if (!failed)
        str_addf(out, "%zu %zu %zu %zu\n", totals.items, totals.unresolved, totals.overdue,
                 totals.dropped);
    for (size_t k = 0; !failed && k < rows.n; k++)
        say_row(out, &rows.v[k]);
    action_rows_release(&rows);
    arena_release(&a);
    return failed;
}

static int ask_log(struct index *i, struct str *out, struct err *e)
{
    struct action_rows rows = {0};
    struct event_rows events = {0};
    if (index_log(i, SLICE("PM-1#1"), &rows, &events, e))
        return -1;
    for (size_t k = 0; k < rows.n; k++)
        say_row(out, &rows.v[k]);
    for (size_t k = 0; k < events.n; k++)
        str_addf(out, "%d " SLICE_FMT " " SLICE_FMT " " SLICE_FMT "\n", (int)events.v[k].kind,
                 SLICE_ARG(events.v[k].before), SLICE_ARG(events.v[k].after),
                 SLICE_ARG(events.v[k].landing.author));
    action_rows_release(&rows);
    event_rows_release(&events);
    return 0;
}

static int nothing_holds(void *ctx, const struct hits *doubtful, bool *holds, struct err *e)
{
    (void)ctx, (void)doubtful, (void)holds, (void)e;
    return 0;
}

static int ask_search(struct index *i, const char *text, struct query_context *context,
                      struct str *out, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct query *q = NULL;
    struct hits hits = {0};
    context->items = false;
    check_that(query_parse(&q, slice_of(text), context, &a, e) == 0, "the query is one");
    struct search_wish wish = {.query = q, .rows = true, .ranks = true, .facets = true,
                               .decide = nothing_holds};
    int failed = index_search(i, &wish, &hits, e);
    for (size_t k = 0; !failed && k < hits.n; k++)
        str_addf(out, SLICE_FMT " " SLICE_FMT " %d %.6f\n", SLICE_ARG(hits.v[k].path),
                 SLICE_ARG(hits.v[k].id), (int)date_days(hits.v[k].date), hits.v[k].rank);
    for (size_t f = 0; !failed && f < FACET_FIELDS; f++)
        str_addf(out, "%zu ", hits.facets[f].n);
    hits_release(&hits);
    arena_release(&a);
    return failed;
}

static int ask_counts(struct index *i, struct str *out, struct err *e)
{
    struct index_totals t;
    struct index_status s;
    int64_t created = 0, updated = 0;
    if (index_totals(i, (struct date){2026, 3, 20}, &t, e) || index_status(i, &s, e) ||
        index_times_of(i, SLICE("postmortems/b.md"), &created, &updated, e))
        return -1;
    str_addf(out, "%zu %zu %zu %zu %zu %lld %lld\n", t.documents, t.actions.overdue, s.items,
             s.events, s.commits, (long long)created, (long long)updated);
    return 0;
}

enum { QUESTIONS = 9 };

static int ask(struct index *i, size_t question, size_t commit, struct str *out, struct err *e)
{
    struct query_context context = {.schema = kept.states[commit].schema, .today = {2026, 3, 20},
                                    .now = 1773964800};
    str_clear(out);
    switch (question) {
    case 0:
        return index_dump(i, out, e);
    case 1:
        return ask_actions(i, "", ORDER_OVERDUE, &context, out, e);
    case 2:
        return ask_actions(i, "owner:carol or due:2026", ORDER_REF, &context, out, e);
    case 3:
        return ask_actions(i, "pool cause:network", ORDER_AGE, &context, out, e);
    case 4:
        return ask_log(i, out, e);
    case 5:
        return ask_search(i, "pool", &context, out, e);
    case 6:
        return ask_search(i, "cause:change severity:sev2 or not has:services", &context, out, e);
    case 7:
        return ask_search(i, "\"timed out\" started:2025-12", &context, out, e);
    default:
        return ask_counts(i, out, e);
    }
}

/* ---- the promise ---- */

static struct str answers[COMMITS][QUESTIONS];

static struct index *opened(size_t commit, bool memory, struct err *e)
{
    struct index *i = NULL;
    if (index_open(&i, kept.repo, &kept.states[commit], &kept.commits[commit],
                   INDEX_LEDGER | INDEX_TEXT, memory, NULL, NULL, e))
        check_that(e->text[0], "a failure has its sentence");
    return i;
}

/* *failed: there was none. */
static void take_answer(size_t question, size_t commit, bool memory, struct str *out, bool *failed)
{
    struct err e = ERR_INIT;
    struct index *i = opened(commit, memory, &e);
    *failed = !i || ask(i, question, commit, out, &e);
    check_that(!*failed || e.text[0], "a failure has its sentence");
    if (*failed) {
        str_clear(out);
        str_addf(out, "%s\n", e.text);
    }
    index_close(i);
}

static void check_answer(size_t question, size_t commit, bool sealed)
{
    const struct str *right = &answers[commit][question];
    struct str answer = STR_INIT;
    bool failed;
    take_answer(question, commit, false, &answer, &failed);
    bool same = !failed && slice_eq(str_slice(&answer), str_slice(right));
    if (!sealed && !same)
        fprintf(stderr, "# %s# and without damage:\n%s", answer.p, right->p);
    check_that(sealed || same, "the answer is that of an index made anew");
    str_release(&answer);
}

/* What a completion offers is not healed: less, and nothing else. */
static void check_peek(bool sealed)
{
    for (enum peek what = PEEK_IDS; what <= PEEK_VALUES; what++) {
        struct peeked names_found = {ARENA_INIT, NULL, 0, 0};
        index_peek(&names_found, kept.repo, what, SLICE("services"), SLICE(""));
        for (size_t i = 0; !sealed && i < names_found.n; i++)
            check_that(slice_find(str_slice(&answers[1][0]), names_found.v[i], 0) != SIZE_MAX,
                       "a completion offers what there is");
        peeked_release(&names_found);
    }
}

/* ---- once ---- */

static void leave(void)
{
    for (size_t i = 0; i < FILES; i++) {
        str_release(&kept.files[i]);
        str_release(&kept.before[i]);
        str_release(&kept.damaged[i]);
    }
    for (size_t c = 0; c < COMMITS; c++) {
        state_release(&kept.states[c]);
        for (size_t q = 0; q < QUESTIONS; q++)
            str_release(&answers[c][q]);
    }
    repo_free(kept.repo);
}

static void start(void)
{
    static const char *const tags[COMMITS] = {"one", "two", "three"};
    struct err e = ERR_INIT;
    bool failed = false;
    scripted_make(script);
    atexit(leave);
    struct repo_where where = {scripted, NULL};
    check_that(repo_open(&kept.repo, &where, &e) == 0, e.text);
    for (size_t c = 0; c < COMMITS; c++) {
        check_that(commit_resolve(kept.repo, NULL, tags[c], &kept.commits[c], NULL, &e) == 0 &&
                       state_of_commit(&kept.states[c], kept.repo, &kept.commits[c], &e) == 0,
                   e.text);
        for (size_t q = 0; q < QUESTIONS && !failed; q++)
            take_answer(q, c, true, &answers[c][q], &failed);
    }
    check_that(!failed, "each question has its answer");
    index_close(opened(0, false, &e));
    read_files(kept.before);
    index_close(opened(1, false, &e));
    read_files(kept.files);
    check_that(kept.files[1].n && kept.files[3].n, "there are pages beside the files");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_from((const char *)data, size);
    bool sealed = false;
    if (!kept.repo)
        start();
    for (size_t i = 0; i < FILES; i++) {
        copy(i, &kept.files[i]);
        kept.missing[i] = false;
    }
    size_t question = size > 0 ? data[0] % QUESTIONS : 0;
    size_t commit = size > 1 ? data[1] % COMMITS : 1;
    rest = slice_sub(rest, 2, rest.n);
    while (do_damage(&rest, &sealed))
        continue;
    write_files();
    check_peek(sealed);
    check_answer(question, commit, sealed);
    check_answer(0, commit, sealed);
    return 0;
}
