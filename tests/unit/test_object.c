#include "pm/object.h"

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

static struct oid id_of(const char *dir, const char *rev)
{
    struct oid id;
    char *hex = told(NULL, "git -C '%s' rev-parse --verify '%s'", dir, rev);
    assert_true(oid_parse(slice_of(hex), &id));
    free(hex);
    return id;
}

static void reads_names(void **state)
{
    static const char hex[] = "00ff10A9c2e1d3b4f5061728394a5b6c7d8e9f00";
    char back[OID_HEX + 1];
    struct oid a, b = {{0}};
    assert_true(oid_parse(SLICE(hex), &a));
    oid_hex(&a, back);
    assert_string_equal(back, "00ff10a9c2e1d3b4f5061728394a5b6c7d8e9f00");
    assert_false(oid_parse(slice_from(hex, 39), &b));
    assert_false(oid_parse(SLICE("00ff10A9c2e1d3b4f5061728394a5b6c7d8e9f0g"), &b));
    assert_true(oid_is_zero(&b));
    assert_true(oid_cmp(&b, &a) < 0);
    assert_false(oid_eq(&a, &b));
}

static void names_bytes_as_git_does(void **state)
{
    struct oid id;
    char hex[OID_HEX + 1];
    oid_of_blob((struct slice){0}, &id);
    oid_hex(&id, hex);
    assert_string_equal(hex, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    oid_of_blob(SLICE("hello\n"), &id);
    oid_hex(&id, hex);
    assert_string_equal(hex, "ce013625030ba8dba906f756967f9e9ca394464a");
}

static void tree_entries_are_checked(void **state)
{
    struct tree_entry entry;
#define ID "aaaaaaaaaaaaaaaaaaaa"
    static const char good[] = "100644 a b\0" ID "40000 d\0" ID;
    static const struct slice bad[] = {
        {"100644 a\0aaaa", 13}, {"100644a\0" ID, 28},
        {"100644 a" ID, 28},    {" a\0" ID, 23},
        {"1006x4 a\0" ID, 29},  {"100644 \0" ID, 28},
        {"100644 ..\0" ID, 30}, {"100644 a/b\0" ID, 31},
        {"100644", 6},          {"77777777777 a\0" ID, 34},
    };
    struct slice rest = slice_from(good, sizeof good - 1);
    assert_int_equal(tree_next(&rest, &entry), 1);
    assert_int_equal(entry.mode, 0100644);
    assert_true(slice_eqz(entry.name, "a b"));
    assert_int_equal(tree_next(&rest, &entry), 1);
    assert_int_equal(entry.mode, 040000);
    assert_memory_equal(entry.id.b, ID, OID_SIZE);
    assert_int_equal(tree_next(&rest, &entry), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rest = bad[i];
        assert_int_equal(tree_next(&rest, &entry), -1);
    }
#undef ID
}

static void reads_a_commit(void **state)
{
    sh("git init -q a; cd a; git commit -q --allow-empty -m one; git checkout -q --orphan b\n"
       "git commit -q --allow-empty -m two; git checkout -q main\n"
       "export GIT_AUTHOR_NAME='J\xc3\xbcrgen  X' GIT_AUTHOR_EMAIL=' j@x ' "
       "GIT_AUTHOR_DATE='1700000000 -0130'\n"
       "git -c i18n.commitEncoding=latin1 merge -q --allow-unrelated-histories -m "
       "'Titel\n\nText\n' b");
    struct repo *r = opened("a");
    struct oid id = id_of("a", "HEAD"), parent = id_of("a", "HEAD^2"), tree = id_of("a", "HEAD:");
    struct commit c;
    struct err e = ERR_INIT;
    assert_int_equal(commit_read(r, &id, &c, &e), 0);
    assert_int_equal(c.nparents, 2);
    assert_true(oid_eq(&c.parents[1], &parent));
    assert_true(oid_eq(&c.tree, &tree));
    assert_true(slice_eqz(c.author.name, "J\xc3\xbcrgen  X"));
    assert_true(slice_eqz(c.author.email, "j@x"));
    assert_int_equal(c.author.when, 1700000000);
    assert_int_equal(c.author.offset, -5400);
    assert_true(slice_eqz(c.committer.email, "carl@example.org"));
    assert_true(slice_eqz(c.message, "Titel\n\nText\n"));
    commit_release(&c);
    repo_free(r);
}

static void reads_damaged_commits_as_far_as_they_go(void **state)
{
    struct err e = ERR_INIT;
    struct commit c;
    sh("git init -q a; cd a; git commit -q --allow-empty -m x; t=$(git rev-parse HEAD:)\n"
       "h='hash-object -t commit -w --literally --stdin'\n"
       "printf 'tree %%s\\nauthor A 1 +0000\\ncommitter B <b> x +0100\\n\\nm' $t | git $h >../1\n"
       "printf 'tree %%s\\nauthor A <a<b>c> 7 +0000\\n' $t | git $h >../2\n"
       "printf 'tree x\\n\\n' | git $h >../3; printf '' | git $h >../4");
    char *first = told(NULL, "cat 1"), *second = told(NULL, "cat 2"), *third = told(NULL, "cat 3");
    struct repo *r = opened("a");
    struct oid id;
    oid_parse(slice_of(first), &id);
    assert_int_equal(commit_read(r, &id, &c, &e), 0);
    assert_true(slice_eqz(c.author.name, "A 1 +0000"));
    assert_int_equal(c.committer.when, 0);
    assert_true(slice_eqz(c.message, "m"));
    commit_release(&c);
    oid_parse(slice_of(second), &id);
    assert_int_equal(commit_read(r, &id, &c, &e), 0);
    assert_int_equal(c.author.when, 7);
    assert_int_equal(c.message.n, 0);
    commit_release(&c);
    oid_parse(slice_of(third), &id);
    assert_int_equal(commit_read(r, &id, &c, &e), -1);
    assert_non_null(strstr(e.text, "is malformed"));
    free(first);
    free(second);
    free(third);
    repo_free(r);
}

static void says_what_is_missing(void **state)
{
    sh("git init -q a; cd a; echo x >f; git add f; git commit -q -m one\n"
       "rm -f .git/objects/$(git rev-parse HEAD:f | sed 's,..,&/,')");
    struct repo *r = opened("a");
    struct oid blob = id_of("a", "HEAD:f"), tree = id_of("a", "HEAD:");
    struct object o;
    struct err e = ERR_INIT;
    size_t size;
    assert_int_equal(object_read(r, &blob, OBJECT_BLOB, &o, &e), -1);
    assert_string_equal(e.text, "object 587be6b4c3f93f93c489c0111bba5596147a26cb is missing from "
                                "the repository");
    assert_int_equal(object_size(r, &blob, NULL, &size, &e), -1);
    assert_int_equal(object_read(r, &tree, OBJECT_BLOB, &o, &e), -1);
    assert_non_null(strstr(e.text, "is not a blob"));
    repo_free(r);
}

/* As a hook on a server finds a push: new objects in quarantine, the rest an alternate, whose name
 * git quotes when it holds a colon. */
static void reads_quarantine_and_alternates(void **state)
{
    sh("git init -q 'a:b\"c'; cd 'a:b\"c'; echo one >f; git add f; git commit -q -m one; cd ..\n"
       "mkdir q; cp -r 'a:b\"c/.git' q/.git; rm -rf q/.git/objects; mkdir -p q/.git/objects/info\n"
       "git clone -q -s 'a:b\"c' clone; cd clone; echo two >g; git add g; git commit -q -m two\n"
       "mkdir ../more; mv .git/objects/?? ../more/");
    struct str quoted = STR_INIT;
    struct oid one = id_of("a:b\"c", "HEAD:f"), two = one;
    struct object o;
    struct err e = ERR_INIT;
    oid_of_blob(SLICE("two\n"), &two);
    str_addf(&quoted, "/nowhere:\"%s/a\\072b\\\"c/.git/objects\"", (char *)*state);
    setenv("GIT_DIR", "q/.git", 1);
    setenv("GIT_OBJECT_DIRECTORY", "more", 1);
    struct repo *r = opened(".");
    assert_int_equal(object_read(r, &one, OBJECT_BLOB, &o, &e), -1);
    repo_free(r);
    setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", quoted.p, 1);
    r = opened(".");
    assert_int_equal(object_read(r, &one, OBJECT_BLOB, &o, &e), 0);
    assert_true(slice_eqz(o.data, "one\n"));
    object_release(&o);
    assert_int_equal(object_read(r, &two, OBJECT_BLOB, &o, &e), 0);
    object_release(&o);
    repo_free(r);
    forget_git();
    r = opened("clone"); /* by info/alternates */
    assert_int_equal(object_read(r, &one, OBJECT_BLOB, &o, &e), 0);
    object_release(&o);
    repo_free(r);
    str_release(&quoted);
}

static void replace_refs_are_ignored(void **state)
{
    sh("git init -q a; cd a; git commit -q --allow-empty -m one; git commit -q --allow-empty -m "
       "two\n"
       "git replace HEAD HEAD~1");
    struct repo *r = opened("a");
    struct oid id = id_of("a", "main");
    struct commit c;
    struct err e = ERR_INIT;
    assert_int_equal(commit_read(r, &id, &c, &e), 0);
    assert_true(slice_eqz(c.message, "two\n"));
    commit_release(&c);
    repo_free(r);
}

static void orders_by_place_in_the_pack(void **state)
{
    sh("git init -q a; cd a; for i in 1 2 3 4 5 6 7 8 9; do seq $i 900 >f$i; done; git add .\n"
       "git commit -q -m one; git repack -q -a -d; for i in 1 2 3; do echo $i >g$i; done\n"
       "git add .; git commit -q -m two; git repack -q -d; echo loose >h; git add h\n"
       "git commit -q -m three");
    size_t n;
    char *text = told(&n, "git -C a ls-tree -r HEAD --format='%%(objectname)'");
    char *sorted =
        told(NULL, "cd a; git ls-tree -r HEAD --format='%%(objectname)' | sort >../want\n"
                   "for p in $(ls .git/objects/pack/*.idx | sort); do git show-index <$p | "
                   "sort -rn | cut -d' ' -f2 | grep -F -f ../want; done; git rev-parse HEAD:h");
    struct oid ids[13];
    uint32_t order[13];
    struct slice rest = slice_from(text, n), line;
    size_t count = 0;
    while (slice_split(&rest, '\n', &line))
        assert_true(oid_parse(line, &ids[count++]));
    assert_int_equal(count, 13);
    struct repo *r = opened("a");
    object_read_order(r, ids, count, order);
    rest = slice_of(sorted);
    for (size_t i = 0; i < count; i++) {
        char hex[OID_HEX + 1];
        assert_int_equal(slice_split(&rest, '\n', &line), 1);
        oid_hex(&ids[order[i]], hex);
        assert_true(slice_eqz(line, hex));
    }
    repo_free(r);
    free(sorted);
    free(text);
}

static void an_unborn_branch_has_no_commit(void **state)
{
    struct oid id;
    struct err e = ERR_INIT;
    sh("git init -q a");
    struct repo *r = opened("a");
    assert_int_equal(commit_head(r, &id, &e), 0);
    assert_int_equal(commit_resolve(r, zone_utc(), "HEAD", &id, NULL, &e), -1);
    assert_string_equal(e.text, "'HEAD' is not a revision");
    assert_true(e.usage);
    repo_free(r);
}

static void resolves_names_as_git_does(void **state)
{
    static const char *const names[] = {"HEAD",        "@",     "main~1",   "v1",
                                        "HEAD^{/one}", ":/two", "main@{0}", "b",
                                        "HEAD^2~0",    "@{-1}", "v1^{}",    "2026-01-01"};
    sh("git init -q a; cd a; git commit -q --allow-empty -m one; git tag -a -m t v1\n"
       "git commit -q --allow-empty -m two; git checkout -q -b b HEAD~1\n"
       "git commit -q --allow-empty -m side; git checkout -q main; git merge -q -m three b\n"
       "git branch 2026-01-01 HEAD~1");
    struct repo *r = opened("a");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct oid id, expected;
        struct err e = ERR_INIT;
        bool by_date = true;
        char *named = told(NULL, "git -C a rev-parse '%s'", names[i]);
        struct str peeled = STR_INIT;
        str_addf(&peeled, "%s^{commit}", named);
        expected = id_of("a", peeled.p);
        if (commit_resolve(r, zone_utc(), names[i], &id, &by_date, &e) < 0)
            fail_msg("%s", e.text);
        assert_true(oid_eq(&id, &expected));
        assert_false(by_date);
        str_release(&peeled);
        free(named);
    }
    struct oid id;
    struct err e = ERR_INIT;
    assert_int_equal(commit_resolve(r, zone_utc(), "HEAD^{tree}", &id, NULL, &e), -1);
    assert_string_equal(e.text, "'HEAD^{tree}' is not a commit");
    assert_int_equal(commit_resolve(r, zone_utc(), "nowhere", &id, NULL, &e), -1);
    repo_free(r);
}

static void a_date_is_the_last_commit_of_that_day(void **state)
{
    static const struct {
        const char *day, *subject;
    } cases[] = {{"2026-01-04", NULL},  {"2026-01-05", "one"},   {"2026-01-06", "two"},
                 {"2026-01-07", "two"}, {"2026-01-08", "three"}, {"2030-01-01", "three"}};
    sh("git init -q a; cd a; c() { export GIT_COMMITTER_DATE=\"$1\"; git commit -q --allow-empty "
       "-m $2; }\nc 2026-01-05T23:59:59Z one; c 2026-01-06T00:00:00Z two; c 2026-01-08T03:00:00Z "
       "three");
    struct repo *r = opened("a");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct oid id;
        struct err e = ERR_INIT;
        bool by_date = false;
        struct commit c;
        int result = commit_resolve(r, zone_utc(), cases[i].day, &id, &by_date, &e);
        if (!cases[i].subject) {
            assert_int_equal(result, -1);
            assert_string_equal(e.text, "there is no commit before the end of 2026-01-04");
            continue;
        }
        assert_int_equal(result, 0);
        assert_true(by_date);
        assert_int_equal(commit_read(r, &id, &c, &e), 0);
        assert_true(slice_starts(c.message, slice_of(cases[i].subject)));
        commit_release(&c);
    }
    /* A day that ends at 22:00Z does not have the commit of 23:59:59Z. */
    struct zone *east = zone_fixed(2 * 3600), *west = zone_fixed(-4 * 3600);
    struct err why = ERR_INIT;
    struct oid id, all;
    assert_int_equal(commit_resolve(r, east, "2026-01-05", &id, NULL, &why), -1);
    assert_int_equal(commit_resolve(r, west, "2026-01-07", &id, NULL, &why), 0);
    assert_int_equal(commit_resolve(r, west, "HEAD", &all, NULL, &why), 0);
    assert_true(oid_eq(&id, &all));
    zone_free(east);
    zone_free(west);
    repo_free(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_names),
        cmocka_unit_test(names_bytes_as_git_does),
        cmocka_unit_test(tree_entries_are_checked),
        TEST(reads_a_commit),
        TEST(reads_damaged_commits_as_far_as_they_go),
        TEST(says_what_is_missing),
        TEST(reads_quarantine_and_alternates),
        TEST(replace_refs_are_ignored),
        TEST(orders_by_place_in_the_pack),
        TEST(an_unborn_branch_has_no_commit),
        TEST(resolves_names_as_git_does),
        TEST(a_date_is_the_last_commit_of_that_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
