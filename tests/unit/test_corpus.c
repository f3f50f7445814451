#include "pm/corpus.h"

#include "../lib/sandbox.h"

#include "pm/caps.h"

static struct repo *opened(const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    if (repo_open(&r, &where, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

static struct oid head_of(struct repo *r)
{
    struct oid id;
    struct err e = ERR_INIT;
    assert_int_equal(commit_head(r, &id, &e), 1);
    return id;
}

static void load_head(struct repo *r, unsigned threads, struct state *s, struct corpus *c)
{
    struct err e = ERR_INIT;
    struct oid head = head_of(r);
    if (state_of_commit(s, r, &head, &e) != 0 || corpus_load(c, r, s, NULL, 0, threads, &e) != 0)
        fail_msg("%s", e.text);
}

/* "path id" of every postmortem, one a line. */
static void lists(const struct corpus *c, const char *expected)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < c->n; i++)
        str_addf(&text, SLICE_FMT " " SLICE_FMT "\n", SLICE_ARG(c->v[i]->path),
                 SLICE_ARG(c->v[i]->id));
    assert_string_equal(text.p, expected);
    str_release(&text);
}

static void default_ids_that_collide_become_paths(void **state)
{
    struct state s;
    struct corpus c;
    sh("git init -q a; cd a; mkdir -p x/postmortems y/incidents src\n"
       "printf -- '---\\nid: PM-1\\n---\\n' >x/postmortems/stated.md\n"
       "echo '# A' >x/postmortems/same.md; echo '# B' >y/incidents/same.md\n"
       "echo '# C' >y/incidents/alone.markdown; echo no >src/x.md; echo no "
       ">x/postmortems/README.md\n"
       "echo root >2026-01-01-root.md; git add .; git commit -qm one");
    struct repo *r = opened("a");
    load_head(r, 0, &s, &c);
    lists(&c, "x/postmortems/same.md x/postmortems/same.md\n"
              "x/postmortems/stated.md PM-1\n"
              "y/incidents/alone.markdown alone\n"
              "y/incidents/same.md y/incidents/same.md\n");
    assert_true(c.ids_complete);
    assert_false(s.selection.root);
    assert_ptr_equal(map_get(&c.by_id, SLICE("PM-1")), c.v[1]);
    corpus_release(&c);

    struct err e = ERR_INIT;
    const size_t which[] = {3, 1};
    assert_int_equal(corpus_load(&c, r, &s, which, 2, 0, &e), 0);
    lists(&c, "x/postmortems/stated.md PM-1\ny/incidents/same.md same\n");
    assert_false(c.ids_complete);
    corpus_release(&c);
    state_release(&s);
    repo_free(r);
}

static void the_root_is_read_where_nothing_else_is(void **state)
{
    struct state s;
    struct corpus c;
    sh("git init -q a; cd a; mkdir docs; echo '# A' >one.md; echo x >README.md; echo x >Makefile\n"
       "echo '# B' >'PM2022-009 - Bad image'; echo '# C' >docs/c.md; git add .; git commit -qm "
       "one");
    struct repo *r = opened("a");
    load_head(r, 0, &s, &c);
    assert_true(s.selection.root);
    lists(&c, "PM2022-009 - Bad image PM2022-009 - Bad image\none.md one\n");
    corpus_release(&c);
    state_release(&s);
    sh("cd a; mkdir .pm; echo 'version: 1' >.pm/schema.yaml; git add .; git commit -qm two");
    load_head(r, 0, &s, &c);
    assert_false(s.selection.root);
    assert_int_equal(c.n, 0);
    corpus_release(&c);
    state_release(&s);
    repo_free(r);
}

static void each_state_has_its_own_schema(void **state)
{
    struct state s;
    struct err e = ERR_INIT;
    sh("git init -q a; cd a; mkdir .pm postmortems; echo x >postmortems/a.md; git add .\n"
       "git commit -qm one; echo 'id: {pattern: \"I-#\"}' >.pm/schema.yaml; git add .\n"
       "echo 'id: {pattern: \"W-#\"}' >.pm/schema.yaml; echo 'tags: {x: y}' >.pm/tags.yaml");
    struct repo *r = opened("a");
    struct oid head = head_of(r);
    assert_int_equal(state_of_commit(&s, r, &head, &e), 0);
    assert_int_equal(s.schema->id_pattern.n, 0);
    assert_false(s.schema->own);
    state_release(&s);
    assert_int_equal(state_of_index(&s, r, &e), 0);
    assert_true(slice_eqz(s.schema->id_pattern, "I-#"));
    assert_false(s.schema->taxonomy.closed);
    state_release(&s);
    assert_int_equal(state_of_worktree(&s, r, &e), 0);
    assert_true(slice_eqz(s.schema->id_pattern, "W-#"));
    assert_true(s.schema->taxonomy.closed);
    assert_int_equal(state_count(&s), 1);
    state_release(&s);
    assert_int_equal(state_of_nothing(&s, &e), 0);
    assert_int_equal(state_count(&s), 0);
    state_release(&s);
    repo_free(r);
}

static void named_paths_are_listed_alone(void **state)
{
    static const char *const names[] = {"postmortems/b.md", "docs"}, *const other[] = {"docs"};
    const struct snapshot_paths some = {names, 2}, none_of_them = {other, 1}, nothing = {NULL, 0};
    struct state s;
    struct err e = ERR_INIT;
    sh("git init -q a; cd a; mkdir docs postmortems; echo x >postmortems/a.md; echo x >one.md\n"
       "echo x >postmortems/b.md; echo x >docs/c.md; git add .; git commit -qm one");
    struct repo *r = opened("a");
    for (enum snapshot_kind kind = SNAPSHOT_INDEX; kind <= SNAPSHOT_WORKTREE; kind++) {
        assert_int_equal(state_of_paths(&s, r, kind, &some, &e), 0);
        assert_true(s.partial);
        assert_int_equal(state_count(&s), 1);
        assert_int_equal(state_complete(&s, r, &e), 0);
        assert_false(s.partial);
        assert_int_equal(state_count(&s), 2);
        state_release(&s);
    }
    assert_int_equal(state_of_paths(&s, r, SNAPSHOT_WORKTREE, &none_of_them, &e), 0);
    assert_false(s.partial);
    assert_int_equal(state_count(&s), 2);
    state_release(&s);
    sh("rm -r a/postmortems");
    assert_int_equal(state_of_paths(&s, r, SNAPSHOT_WORKTREE, &nothing, &e), 0);
    assert_false(s.selection.root);
    assert_int_equal(state_complete(&s, r, &e), 0);
    assert_true(s.selection.root);
    assert_int_equal(state_count(&s), 1);
    state_release(&s);
    repo_free(r);
}

static void too_large_is_a_problem_of_that_file(void **state)
{
    struct state s;
    struct corpus c;
    sh("git init -q a; cd a; mkdir .pm postmortems; echo '# B' >postmortems/b.md\n"
       "head -c %u /dev/zero | tr '\\0' x >postmortems/a.md\n"
       "head -c %u /dev/zero | tr '\\0' '#' >.pm/schema.yaml; git add .; git commit -qm one",
       CAP_DOCUMENT_BYTES + 1, CAP_SCHEMA_BYTES + 1);
    struct repo *r = opened("a");
    load_head(r, 0, &s, &c);
    assert_int_equal(c.n, 2);
    assert_int_equal(c.unreadable, 1);
    assert_false(c.v[0]->readable);
    assert_int_equal(c.v[0]->problems.v[0].kind, PROBLEM_TOO_LARGE);
    assert_true(c.v[1]->readable);
    assert_int_equal(s.schema->problems.n, 1);
    assert_int_equal(s.schema->problems.v[0].kind, PROBLEM_TOO_LARGE);
    corpus_release(&c);
    state_release(&s);
    repo_free(r);
}

struct visits {
    unsigned seen[400];
    bool thread_known;
};

static void visit(void *ctx, unsigned thread, size_t place, struct postmortem *pm)
{
    struct visits *v = ctx;
    v->seen[place]++;
    v->thread_known = v->thread_known && thread < CORPUS_THREADS;
    postmortem_free(pm);
}

static void every_postmortem_is_visited_once(void **state)
{
    struct state s;
    struct visits all = {.thread_known = true}, few = {.thread_known = true};
    sh("git init -q a; cd a; mkdir postmortems; i=0; while [ $i -lt 400 ]; do i=$((i + 1))\n"
       "echo '# T' >postmortems/$i.md; done; git add .; git commit -qm one");
    struct repo *r = opened("a");
    struct err e = ERR_INIT;
    struct oid head = head_of(r);
    assert_int_equal(state_of_commit(&s, r, &head, &e), 0);
    assert_int_equal(corpus_each(r, &s, NULL, 0, &(struct visitor){visit, &all, 1}, &e), 0);
    for (size_t i = 0; i < 400; i++)
        assert_int_equal(all.seen[i], 1);
    const size_t which[] = {399, 7};
    assert_int_equal(corpus_each(r, &s, which, 2, &(struct visitor){visit, &few, 0}, &e), 0);
    assert_int_equal(few.seen[0] + few.seen[1], 2);
    assert_true(all.thread_known && few.thread_known);
    state_release(&s);
    repo_free(r);
}

/* What each document was, in path order. */
static void visit_change(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                         struct postmortem *pm)
{
    struct str *was = ctx;
    assert_int_equal(thread, 0);
    if (before)
        str_addf(&was[place], SLICE_FMT " " SLICE_FMT, SLICE_ARG(before->path),
                 SLICE_ARG(before->title));
    postmortem_free(before);
    postmortem_free(pm);
}

static void a_document_comes_with_what_it_was(void **state)
{
    struct state s;
    struct str was[2] = {STR_INIT, STR_INIT};
    sh("git init -q a; cd a; mkdir postmortems; echo '# One' >postmortems/a.md\n"
       "echo '# Two' >postmortems/b.md; git add .; git commit -qm one");
    struct repo *r = opened("a");
    struct err e = ERR_INIT;
    struct oid head = head_of(r);
    const size_t which[] = {0, 1};
    assert_int_equal(state_of_commit(&s, r, &head, &e), 0);
    const struct former formers[] = {{snapshot_file(s.files, 1)->id, SLICE("postmortems/old.md")},
                                     {.path = SLICE("")}};
    const struct change_visitor visitor = {
        .visit = visit_change, .ctx = was, .threads = 1, .formers = formers};
    assert_int_equal(corpus_each_change(r, &s, which, 2, &visitor, &e), 0);
    assert_string_equal(was[0].p, "postmortems/old.md Two");
    assert_string_equal(was[1].p, "");
    str_release(&was[0]);
    str_release(&was[1]);
    state_release(&s);
    repo_free(r);
}

static void threads_change_nothing(void **state)
{
    struct state s;
    struct corpus one, many;
    sh("git init -q a; cd a; mkdir postmortems; i=0; while [ $i -lt 400 ]; do i=$((i + 1))\n"
       "printf -- '---\\nstarted: 2026-01-01 10:00 Europe/Berlin\\n---\\n# T%%s\\n' $i "
       ">postmortems/$i.md; done\n"
       "git add .; git commit -qm one; git repack -qad");
    struct repo *r = opened("a");
    load_head(r, 1, &s, &one);
    struct err e = ERR_INIT;
    assert_int_equal(corpus_load(&many, r, &s, NULL, 0, 8, &e), 0);
    assert_int_equal(one.n, 400);
    for (size_t i = 0; i < one.n; i++) {
        assert_true(slice_eq(one.v[i]->path, many.v[i]->path));
        assert_true(slice_eq(one.v[i]->title, many.v[i]->title));
        assert_int_equal(one.v[i]->nfacts, many.v[i]->nfacts);
    }
    corpus_release(&one);
    corpus_release(&many);
    state_release(&s);
    repo_free(r);
}

static void a_missing_object_is_named(void **state)
{
    struct state s;
    struct corpus c;
    struct err e = ERR_INIT;
    sh("git init -q a; cd a; mkdir postmortems; echo lost >postmortems/a.md; git add .\n"
       "git commit -qm one; o=$(git rev-parse HEAD:postmortems/a.md)\n"
       "rm -f .git/objects/$(echo $o | cut -c1-2)/$(echo $o | cut -c3-)");
    char *oid = told(NULL, "cd a; git rev-parse HEAD:postmortems/a.md");
    struct repo *r = opened("a");
    struct oid head = head_of(r);
    assert_int_equal(state_of_commit(&s, r, &head, &e), 0);
    assert_int_equal(corpus_load(&c, r, &s, NULL, 0, 0, &e), -1);
    assert_non_null(strstr(e.text, oid));
    state_release(&s);
    repo_free(r);
    free(oid);
}

static void postmortems_are_found_by_many_names(void **state)
{
    static const struct {
        const char *ref, *prefix, *path; /* or the sentence */
    } cases[] = {
        {"PM-1", "", "postmortems/a.md"},
        {"pm-1", "", "postmortems/a.md"},
        {"postmortems/a.md", "", "postmortems/a.md"},
        {"a.md", "postmortems/", "postmortems/a.md"},
        {"../postmortems/a.md", "docs/", "postmortems/a.md"},
        {"a.md", "", "postmortems/a.md"},
        {"a", "", "postmortems/a.md"},
        {"PM-2026-055", "", "postmortems/PM-2026-055-cache.md"},
        {"PM-2026-0551", "", "postmortems/PM-2026-0551-disk.md"},
        {"PM-2026-055-c", "", "postmortems/PM-2026-055-cache.md"},
        {"PM-2026", "", "'PM-2026' may mean 'PM-2026-055-cache', 'PM-2026-0551-disk'"},
        {"PM-2026-05", "", "'PM-2026-05' may mean 'PM-2026-055-cache', 'PM-2026-0551-disk'"},
        {"PM-2026-055-cahce", "",
         "there is no postmortem 'PM-2026-055-cahce': did you mean 'PM-2026-055-cache'?"},
        {"2026-055", "", "no postmortem is called or begins with '2026-055': it is within "
                         "'PM-2026-055-cache', 'PM-2026-0551-disk'"},
        {"zzzz", "", "there is no postmortem 'zzzz': 'pm search' lists all"},
        {"", "", "there is no postmortem '': 'pm search' lists all"},
        {"../../etc/passwd", "", "there is no postmortem '../../etc/passwd': 'pm search' lists all"},
    };
    struct state s;
    struct corpus c;
    sh("git init -q a; cd a; mkdir postmortems; printf -- '---\\nid: PM-1\\n---\\n' "
       ">postmortems/a.md\n"
       "echo x >postmortems/PM-2026-055-cache.md; echo y >postmortems/PM-2026-0551-disk.md\n"
       "git add .; git commit -qm one");
    struct repo *r = opened("a");
    load_head(r, 0, &s, &c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = ERR_INIT;
        const struct postmortem *pm = corpus_find(&c, slice_of(cases[i].ref), cases[i].prefix, &e);
        struct str got = STR_INIT;
        if (pm)
            str_adds(&got, pm->path);
        else
            str_addz(&got, e.text);
        assert_string_equal(got.p, cases[i].path);
        assert_int_equal(e.usage, !pm);
        str_release(&got);
    }
    corpus_release(&c);
    state_release(&s);
    repo_free(r);
}

static void a_hint_names_the_likely_folder(void **state)
{
    struct state s;
    struct err e = ERR_INIT;
    struct str folder = STR_INIT;
    size_t files = 0;
    sh("git init -q a; cd a; mkdir -p blog content/issues content/blog\n"
       "for i in 1 2 3; do printf -- '---\\ntitle: T\\ndate: 2026-01-01\\n---\\n' >blog/$i.md; "
       "done\n"
       "for i in 1 2; do printf -- '---\\ndate: 2026-01-01 10:00\\nseverity: down\\n---\\n' "
       ">content/issues/$i.md; done; git add .; git commit -qm one");
    struct repo *r = opened("a");
    struct oid head = head_of(r);
    assert_int_equal(state_of_commit(&s, r, &head, &e), 0);
    assert_int_equal(state_count(&s), 0);
    assert_int_equal(state_hint(r, &s, &head, &folder, &files, &e), 1);
    assert_string_equal(folder.p, "content/issues/");
    assert_int_equal(files, 2);
    sh("cd a; git rm -qr content; git commit -qm two");
    head = head_of(r);
    assert_int_equal(state_hint(r, &s, &head, &folder, &files, &e), 0);
    str_release(&folder);
    state_release(&s);
    repo_free(r);
}

static void zones_are_kept(void **state)
{
    struct zones *z = zones_new();
    assert_null(zones_find(z, SLICE("No/Such")));
    assert_null(zones_find(z, SLICE("../etc/passwd")));
    const struct zone *utc = zones_find(z, SLICE("UTC"));
    assert_non_null(utc);
    assert_ptr_equal(zones_find(z, SLICE("UTC")), utc);
    zones_free(z);
    zones_free(NULL);
}

/* Real postmortems, where they are: see tests/README.md. */
static void real_repositories_need_no_configuration(void **state)
{
    static const struct {
        const char *name, *hint;
        size_t documents;
    } cases[] = {{"dfds", "", 39},
                 {"mybinder", "", 23},
                 {"alt", "", 55},
                 {"jenkins-status", "content/issues/ 297", 0}};
    const char *corpora = getenv("PM_CORPUS");
    if (!corpora)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct state s;
        struct corpus c;
        struct err e = ERR_INIT;
        struct str hint = STR_INIT;
        size_t files = 0;
        sh("git clone -q '%s/%s.bundle' %s", corpora, cases[i].name, cases[i].name);
        struct repo *r = opened(cases[i].name);
        struct oid head = head_of(r);
        load_head(r, 0, &s, &c);
        assert_int_equal(c.n, cases[i].documents);
        assert_int_equal(c.unreadable, 0);
        if (c.n == 0 && state_hint(r, &s, &head, &hint, &files, &e) == 1)
            str_addf(&hint, " %zu", files);
        assert_string_equal(hint.p, cases[i].hint);
        str_release(&hint);
        corpus_release(&c);
        state_release(&s);
        repo_free(r);
    }
}

/* Before the tests change folder. */
static void find_corpora(void)
{
    char real[4096];
    if (!realpath(getenv("PM_CORPUS") ? getenv("PM_CORPUS") : "../shared/corpus", real))
        unsetenv("PM_CORPUS");
    else
        setenv("PM_CORPUS", real, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)
    const struct CMUnitTest tests[] = {
        TEST(default_ids_that_collide_become_paths),
        TEST(the_root_is_read_where_nothing_else_is),
        TEST(each_state_has_its_own_schema),
        TEST(named_paths_are_listed_alone),
        TEST(too_large_is_a_problem_of_that_file),
        TEST(every_postmortem_is_visited_once),
        TEST(a_document_comes_with_what_it_was),
        TEST(threads_change_nothing),
        TEST(a_missing_object_is_named),
        TEST(postmortems_are_found_by_many_names),
        TEST(a_hint_names_the_likely_folder),
        TEST(zones_are_kept),
        TEST(real_repositories_need_no_configuration),
    };
    find_corpora();
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
