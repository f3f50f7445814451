#include "pm/snapshot.h"

#include "../lib/sandbox.h"

static struct repo *opened(const char *dir)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    if (repo_open(&r, &where, &e) < 0)
        fail_msg("%s", e.text);
    return r;
}

typedef int made(struct snapshot **out, struct repo *r, const struct snapshot_paths *only,
                 path_wanted *wanted, void *ctx, struct err *e);

static struct snapshot *of_head(struct repo *r, path_wanted *wanted)
{
    struct oid id;
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    assert_int_equal(commit_head(r, &id, &e), 1);
    if (snapshot_of_commit(&s, r, &id, wanted, NULL, &e) < 0)
        fail_msg("%s", e.text);
    return s;
}

static struct snapshot *taken(made *make, struct repo *r, path_wanted *wanted)
{
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    if (make(&s, r, NULL, wanted, NULL, &e) < 0)
        fail_msg("%s", e.text);
    return s;
}

/* The paths, in order, one a line. */
static void lists(const struct snapshot *s, const char *expected)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < snapshot_count(s); i++) {
        str_adds(&text, snapshot_file(s, i)->path);
        str_addc(&text, '\n');
        assert_int_equal(snapshot_find(s, snapshot_file(s, i)->path), i);
    }
    assert_string_equal(text.p, expected);
    str_release(&text);
}

static void holds(const struct snapshot *s, struct repo *r, const char *path, const char *expected)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    bool too_large = true;
    size_t i = snapshot_find(s, slice_of(path));
    assert_int_not_equal(i, SIZE_MAX);
    if (snapshot_read(s, r, i, 100, &text, &too_large, &e) < 0)
        fail_msg("%s", e.text);
    assert_false(too_large);
    assert_string_equal(text.p, expected);
    str_clear(&text);
    assert_int_equal(snapshot_read_path(s, r, slice_of(path), 100, &text, &too_large, &e), 1);
    assert_string_equal(text.p, expected);
    str_release(&text);
}

static void reads(const struct snapshot *s, struct repo *r, const char *path, const char *expected)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    bool too_large = false;
    assert_int_equal(snapshot_read_path(s, r, slice_of(path), 100, &text, &too_large, &e), 1);
    assert_string_equal(text.p, expected);
    str_release(&text);
}

static void lacks(const struct snapshot *s, struct repo *r, const char *path)
{
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    bool too_large = false;
    assert_int_equal(snapshot_read_path(s, r, slice_of(path), 100, &text, &too_large, &e), 0);
    assert_int_equal(text.n, 0);
    str_release(&text);
}

/* A file changed in each of the three places, beside what is no file. */
static void make_files(void)
{
    sh("git init -q a; mkdir -p a/d/e outside; cd a; echo secret >../outside/s.md; echo h >d/b.md\n"
       "echo h >d-e.md; echo h >d/e/c.md; echo h >gone.md; echo ignored.md >.gitignore\n"
       "printf h >\"$(printf 'n\\nl \\303\\274 \\377')\"; ln -s ../outside link; ln -s b.md "
       "d/l.md\n"
       "git init -q sub; git -C sub commit -q --allow-empty -m s\n"
       "git add . 2>/dev/null; git commit -q -m one\n"
       "echo i >d/b.md; echo i >staged.md; git add d/b.md staged.md\n"
       "echo w >d/b.md; rm gone.md; echo w >new.md; echo w >ignored.md; mkfifo pipe.md\n"
       "ln -s ../outside out; ln -s new.md link.md");
}

static void three_places_have_their_own_files(void **state)
{
    make_files();
    struct repo *r = opened("a");
    struct snapshot *head = of_head(r, NULL);
    struct snapshot *index = taken(snapshot_of_index, r, NULL);
    struct snapshot *work = taken(snapshot_of_worktree, r, NULL);
    lists(head, ".gitignore\nd-e.md\nd/b.md\nd/e/c.md\ngone.md\nn\nl \xc3\xbc \xff\n");
    lists(index, ".gitignore\nd-e.md\nd/b.md\nd/e/c.md\ngone.md\nn\nl \xc3\xbc \xff\nstaged.md\n");
    lists(work, ".gitignore\nd-e.md\nd/b.md\nd/e/c.md\nn\nl \xc3\xbc \xff\nnew.md\nstaged.md\n");
    holds(head, r, "d/b.md", "h\n");
    holds(index, r, "d/b.md", "i\n");
    holds(work, r, "d/b.md", "w\n");
    holds(work, r, "n\nl \xc3\xbc \xff", "h");
    assert_int_equal(snapshot_others(head), 3); /* link, d/l.md, sub */
    assert_int_equal(snapshot_others(index), 3);
    assert_int_equal(snapshot_others(work), 5); /* out and link.md too; git lists no pipes */
    assert_true(oid_is_zero(&snapshot_file(work, 0)->id));
    assert_false(oid_is_zero(&snapshot_file(head, 0)->id));
    snapshot_free(head);
    snapshot_free(index);
    snapshot_free(work);
    repo_free(r);
}

static void nothing_is_read_through_a_link(void **state)
{
    static const char *const paths[] = {"link/s.md",       "out/s.md", "link.md", "d/l.md",
                                        "../outside/s.md", "pipe.md",  "d",       "d/../new.md",
                                        "/etc/passwd",     "d//b.md",  "missing", "d/b.md/x"};
    make_files();
    struct repo *r = opened("a");
    struct snapshot *all[3] = {of_head(r, NULL), taken(snapshot_of_index, r, NULL),
                               taken(snapshot_of_worktree, r, NULL)};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
            lacks(all[k], r, paths[i]);
    }
    /* Between listing and reading, a folder becomes a link. */
    sh("rm -r a/d; ln -s ../outside a/d; echo x >outside/b.md");
    struct str text = STR_INIT;
    struct err e = ERR_INIT;
    bool too_large;
    size_t i = snapshot_find(all[2], SLICE("d/b.md"));
    assert_int_equal(snapshot_read(all[2], r, i, 100, &text, &too_large, &e), -1);
    assert_string_equal(e.text, "'d/b.md' is gone");
    for (size_t k = 0; k < 3; k++)
        snapshot_free(all[k]);
    str_release(&text);
    repo_free(r);
}

static bool only_d(void *ctx, struct slice path, bool folder)
{
    assert_true(folder == (path.p[path.n - 1] == '/'));
    return slice_starts(path, SLICE("d/")) && (folder || slice_ends(path, SLICE(".md")));
}

static void takes_only_what_is_wanted(void **state)
{
    make_files();
    struct repo *r = opened("a");
    struct snapshot *all[3] = {of_head(r, only_d), taken(snapshot_of_index, r, only_d),
                               taken(snapshot_of_worktree, r, only_d)};
    for (size_t k = 0; k < 3; k++) {
        lists(all[k], "d/b.md\nd/e/c.md\n");
        assert_int_equal(snapshot_others(all[k]), 1);
        struct str text = STR_INIT;
        struct err e = ERR_INIT;
        bool too_large;
        assert_int_equal(
            snapshot_read_path(all[k], r, SLICE(".gitignore"), 100, &text, &too_large, &e), 1);
        assert_string_equal(text.p, "ignored.md\n");
        str_release(&text);
        snapshot_free(all[k]);
    }
    repo_free(r);
}

static void what_is_too_large_is_not_read(void **state)
{
    sh("git init -q a; cd a; printf 12345 >f; git add f; git commit -q -m one");
    struct repo *r = opened("a");
    struct snapshot *all[3] = {of_head(r, NULL), taken(snapshot_of_index, r, NULL),
                               taken(snapshot_of_worktree, r, NULL)};
    for (size_t k = 0; k < 3; k++) {
        struct str text = STR_INIT;
        struct err e = ERR_INIT;
        bool too_large = false;
        str_addz(&text, "kept");
        assert_int_equal(snapshot_read(all[k], r, 0, 4, &text, &too_large, &e), 0);
        assert_true(too_large);
        assert_string_equal(text.p, "kept");
        assert_int_equal(snapshot_read(all[k], r, 0, 5, &text, &too_large, &e), 0);
        assert_false(too_large);
        assert_string_equal(text.p, "kept12345");
        str_release(&text);
        snapshot_free(all[k]);
    }
    repo_free(r);
}

static bool only_folders(void *ctx, struct slice path, bool folder)
{
    return folder;
}

/* Twelve objects that unfold to 10^11 files. */
static void a_tree_that_unfolds_without_end_is_refused(void **state)
{
    sh("git init -q a; cd a; t=$(git mktree </dev/null)\n"
       "for level in 1 2 3 4 5 6 7 8 9 10 11; do\n"
       "for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %%s\\td%%s\\n' $t $i; done >../list\n"
       "t=$(git mktree <../list); done\n"
       "git update-ref refs/heads/main $(git commit-tree -m bomb $t)");
    struct repo *r = opened("a");
    struct oid id;
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    assert_int_equal(commit_head(r, &id, &e), 1);
    assert_int_equal(snapshot_of_commit(&s, r, &id, only_folders, NULL, &e), -1);
    assert_string_equal(e.text, "a tree has more than 5000000 entries");
    repo_free(r);
}

/* path:before:after[:gone], with the first four digits of the names */
static void pending_are(int list(struct pending_list *, struct repo *, struct err *),
                        struct repo *r, const char *expected)
{
    struct pending_list p = {0};
    struct err e = ERR_INIT;
    struct str text = STR_INIT;
    if (list(&p, r, &e) < 0)
        fail_msg("%s", e.text);
    for (size_t i = 0; i < p.n; i++) {
        char before[OID_HEX + 1], after[OID_HEX + 1];
        oid_hex(&p.v[i].before, before);
        oid_hex(&p.v[i].after, after);
        str_adds(&text, p.v[i].path);
        str_addf(&text, ":%.4s:%.4s%s\n", before, after, p.v[i].gone ? ":gone" : "");
    }
    assert_string_equal(text.p, expected);
    str_release(&text);
    pending_release(&p);
}

static void tells_what_is_pending(void **state)
{
    make_files();
    struct repo *r = opened("a/d");
    pending_are(pending_staged, r, "d/b.md:6e9f:0ddf\nstaged.md:0000:0ddf\n");
    pending_are(pending_worktree, r,
                "d/b.md:6e9f:0000\ngone.md:6e9f:0000:gone\nnew.md:0000:0000\n"
                "staged.md:0000:0ddf\n");
    sh("cd a; git mv d-e.md moved.md; rm staged.md d/l.md new.md; echo file >d/l.md; git add d\n"
       "git rm -q --cached d/e/c.md; ln -sf x moved.md");
    pending_are(pending_staged, r,
                "d-e.md:6e9f:0000:gone\nd/b.md:6e9f:e556\nd/e/c.md:6e9f:0000:gone\n"
                "d/l.md:0000:f73f\nmoved.md:0000:6e9f\nstaged.md:0000:0ddf\n");
    pending_are(pending_worktree, r,
                "d-e.md:6e9f:0000:gone\nd/b.md:6e9f:e556\nd/e/c.md:6e9f:0000\n"
                "d/l.md:0000:f73f\ngone.md:6e9f:0000:gone\n");
    repo_free(r);
}

static void everything_is_new_on_an_unborn_branch(void **state)
{
    sh("git init -q a; cd a; echo h >f; git add f; echo w >g; echo n >n; git add -N n; : >e\n"
       "git add e");
    struct repo *r = opened("a");
    pending_are(pending_staged, r, "e:0000:e69d\nf:0000:6e9f\n");
    pending_are(pending_worktree, r, "e:0000:e69d\nf:0000:6e9f\ng:0000:0000\nn:0000:0000\n");
    struct snapshot *index = taken(snapshot_of_index, r, NULL);
    lists(index, "e\nf\n"); /* what is only intended to be added is not in it */
    snapshot_free(index);
    repo_free(r);
}

static void an_unmerged_file_is_named(void **state)
{
    sh("git init -q a; cd a; echo 0 >f; echo 0 >k; git add .; git commit -q -m 0\n"
       "git checkout -q -b b; echo 1 >f; git commit -qam 1; git checkout -q main; echo 2 >f\n"
       "git commit -qam 2; ! git merge -q b >/dev/null");
    struct repo *r = opened("a");
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    struct pending_list p;
    assert_int_equal(snapshot_of_index(&s, r, NULL, NULL, NULL, &e), -1);
    assert_string_equal(e.text, "'f' is unmerged");
    assert_false(e.usage);
    assert_int_equal(pending_staged(&p, r, &e), -1);
    assert_string_equal(e.text, "'f' is unmerged");
    pending_are(pending_worktree, r, "f:0cfb:0000\n");
    s = taken(snapshot_of_worktree, r, NULL);
    lists(s, "f\nk\n");
    snapshot_free(s);
    repo_free(r);
}

static void lists_what_it_is_asked_for(void **state)
{
    static const char *const names[] = {"d", "new.md", "absent"};
    const struct snapshot_paths some = {names, 3}, none = {NULL, 0};
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    make_files();
    struct repo *r = opened("a");
    assert_int_equal(snapshot_of_worktree(&s, r, &some, NULL, NULL, &e), 0);
    lists(s, "d/b.md\nd/e/c.md\nnew.md\n");
    reads(s, r, "staged.md", "i\n");
    snapshot_free(s);
    assert_int_equal(snapshot_of_worktree(&s, r, &none, NULL, NULL, &e), 0);
    lists(s, "");
    reads(s, r, "d/b.md", "w\n");
    snapshot_free(s);
    assert_int_equal(snapshot_of_index(&s, r, &some, NULL, NULL, &e), 0);
    lists(s, "d/b.md\nd/e/c.md\n");
    lacks(s, r, "staged.md");
    snapshot_free(s);
    repo_free(r);
}

static void follows_the_index_that_git_names(void **state)
{
    sh("git init -q a; cd a; mkdir d; echo h >d/f; git add .; git commit -q -m 0\n"
       "cp .git/index .git/other; echo i >g; GIT_INDEX_FILE=.git/other git add g\n"
       "git update-index --split-index");
    struct repo *r = opened("a/d");
    pending_are(pending_staged, r, "");
    setenv("GIT_INDEX_FILE", ".git/other", 1);
    pending_are(pending_staged, r, "g:0000:0ddf\n");
    struct snapshot *s = taken(snapshot_of_index, r, NULL);
    lists(s, "d/f\ng\n");
    snapshot_free(s);
    repo_free(r);
}

static void linked_and_bare_repositories_have_their_own_state(void **state)
{
    sh("git init -q a; cd a; echo h >f; git add .; git commit -q -m 0; git worktree add -q ../b\n"
       "echo i >../b/f; git -C ../b add f; git clone -q --bare . ../c.git");
    struct repo *r = opened("b");
    struct err e = ERR_INIT;
    struct snapshot *s = NULL;
    struct pending_list p;
    pending_are(pending_staged, r, "f:6e9f:0ddf\n");
    repo_free(r);
    r = opened("a");
    pending_are(pending_staged, r, "");
    repo_free(r);
    r = opened("c.git");
    s = of_head(r, NULL);
    lists(s, "f\n");
    holds(s, r, "f", "h\n");
    snapshot_free(s);
    assert_int_equal(snapshot_of_worktree(&s, r, NULL, NULL, NULL, &e), -1);
    assert_non_null(strstr(e.text, "has no worktree"));
    assert_int_equal(pending_worktree(&p, r, &e), -1);
    repo_free(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_places_have_their_own_files),
        TEST(nothing_is_read_through_a_link),
        TEST(takes_only_what_is_wanted),
        TEST(what_is_too_large_is_not_read),
        TEST(a_tree_that_unfolds_without_end_is_refused),
        TEST(tells_what_is_pending),
        TEST(everything_is_new_on_an_unborn_branch),
        TEST(an_unmerged_file_is_named),
        TEST(lists_what_it_is_asked_for),
        TEST(follows_the_index_that_git_names),
        TEST(linked_and_bare_repositories_have_their_own_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
