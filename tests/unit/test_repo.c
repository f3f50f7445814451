#include "pm/repo.h"

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

static void refused(const char *dir, const char *why)
{
    struct repo_where where = {dir, NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    assert_int_equal(repo_open(&r, &where, &e), -1);
    assert_null(r);
    if (!strstr(e.text, why))
        fail_msg("'%s' is not in '%s'", why, e.text);
}

/* What git itself says of the repository seen from dir, against what we say. */
static void agrees_with_git(const char *dir)
{
    struct repo *r = opened(dir);
    char *bare = told(NULL, "cd '%s'; git rev-parse --is-inside-work-tree", dir);
    char *git = told(NULL, "cd '%s'; realpath \"$(git rev-parse --git-dir)\"", dir);
    char *common = told(NULL, "cd '%s'; realpath \"$(git rev-parse --git-common-dir)\"", dir);
    struct str s = STR_INIT;
    str_addf(&s, "%s/", git);
    assert_string_equal(repo_git_dir(r), s.p);
    str_clear(&s);
    str_addf(&s, "%s/", common);
    assert_string_equal(repo_common_dir(r), s.p);
    if (strcmp(bare, "true") == 0) {
        char *top = told(NULL, "cd '%s'; git rev-parse --show-toplevel", dir);
        char *prefix = told(NULL, "cd '%s'; git rev-parse --show-prefix", dir);
        str_clear(&s);
        str_addf(&s, "%s/", top);
        assert_false(repo_is_bare(r));
        assert_string_equal(repo_worktree(r), s.p);
        assert_string_equal(repo_prefix(r), prefix);
        free(prefix);
        free(top);
    }
    str_release(&s);
    free(common);
    free(git);
    free(bare);
    repo_free(r);
}

static void finds_the_repository_above(void **state)
{
    sh("git init -q a; mkdir -p a/docs/x; ln -s a/docs link");
    agrees_with_git("a");
    agrees_with_git("a/docs/x");
    agrees_with_git("link");
    agrees_with_git("a/.git");
}

static void finds_linked_worktrees_and_submodules(void **state)
{
    sh("git init -q a; git -C a commit -q --allow-empty -m one; git -C a worktree add -q ../b\n"
       "git -C a worktree add -q --detach c; git init -q s; git -C s commit -q --allow-empty -m s\n"
       "git -C a submodule --quiet add \"$HOME/s\" s; mkdir a/s/d b/d");
    agrees_with_git("b");
    agrees_with_git("b/d");
    agrees_with_git("a/c");
    agrees_with_git("a/s");
    agrees_with_git("a/s/d");
    agrees_with_git("a/.git/modules/s");
    agrees_with_git("a/.git/worktrees/b");
}

static void a_bare_repository_has_no_worktree(void **state)
{
    sh("git init -q --bare b.git");
    agrees_with_git("b.git");
    agrees_with_git("b.git/refs");
    struct repo *r = opened("b.git");
    assert_true(repo_is_bare(r));
    assert_null(repo_worktree(r));
    assert_string_equal(repo_prefix(r), "");
    repo_free(r);
}

static void honours_the_environment(void **state)
{
    sh("git init -q a; git -C a commit -q --allow-empty -m one; mkdir -p tree/sub");
    setenv("GIT_DIR", "../a/.git", 1);
    agrees_with_git("tree"); /* GIT_DIR alone: the worktree is where one stands */
    setenv("GIT_WORK_TREE", "..", 1);
    agrees_with_git("tree");
    unsetenv("GIT_DIR");
    setenv("GIT_WORK_TREE", "../tree", 1);
    struct repo *r = opened("a");
    assert_non_null(strstr(repo_worktree(r), "/tree/"));
    assert_string_equal(repo_prefix(r), "");
    repo_free(r);
    setenv("GIT_DIR", "nowhere", 1);
    refused("a", "not a git repository: 'nowhere'");
}

static void honours_another_common_directory(void **state)
{
    sh("git init -q a; git -C a commit -q --allow-empty -m one; git -C a worktree add -q ../b\n"
       "mkdir other; cp a/.git/HEAD a/.git/index other/ 2>/dev/null || cp a/.git/HEAD other/");
    setenv("GIT_DIR", "../other", 1);
    setenv("GIT_COMMON_DIR", "../a/.git", 1);
    agrees_with_git("b");
}

static void honours_core_worktree_and_core_bare(void **state)
{
    sh("git init -q a; mkdir -p w/d a/x; git -C a config core.worktree ../../w");
    agrees_with_git("a");
    agrees_with_git("a/x");
    sh("git -C a config --unset core.worktree; git -C a config core.bare true");
    struct repo *r = opened("a/x");
    assert_true(repo_is_bare(r));
    repo_free(r);
}

static void a_worktree_may_have_its_own_configuration(void **state)
{
    sh("git init -q a; git -C a commit -q --allow-empty -m one; git -C a worktree add -q ../b\n"
       "git -C a config extensions.worktreeConfig true; git -C a config core.bare true\n"
       "git -C a config --worktree pm.x main; git -C b config --worktree pm.x linked");
    struct str value = STR_INIT;
    struct repo *r = opened("b");
    assert_false(repo_is_bare(r));
    assert_int_equal(repo_config(r, "pm.x", &value), 1);
    assert_string_equal(value.p, "linked");
    repo_free(r);
    str_release(&value);
}

static void stops_at_a_ceiling(void **state)
{
    struct str list = STR_INIT;
    sh("git init -q a; mkdir -p a/b/c; ln -s a link");
    str_addf(&list, "/nowhere:%s/a/b", (char *)*state);
    setenv("GIT_CEILING_DIRECTORIES", list.p, 1);
    agrees_with_git("a/b"); /* the folder itself is no ceiling of itself */
    refused("a/b/c", "is not in a git repository");
    str_clear(&list);
    str_addf(&list, "%s/link", (char *)*state);
    setenv("GIT_CEILING_DIRECTORIES", list.p, 1);
    refused("a/b/c", "is not in a git repository");
    str_clear(&list);
    str_addf(&list, ":%s/link", (char *)*state); /* behind an empty entry links are not resolved */
    setenv("GIT_CEILING_DIRECTORIES", list.p, 1);
    agrees_with_git("a/b/c");
    str_release(&list);
}

static void refuses_what_it_cannot_read(void **state)
{
    refused("/", "is not in a git repository");
    refused("missing", "cannot enter 'missing'");
    sh("git init -q --object-format=sha256 a; git init -q b; git -C b config extensions.pm x\n"
       "git -C b config core.repositoryFormatVersion 1; git init -q c\n"
       "git -C c config core.repositoryFormatVersion 7; mkdir d; echo 'gitdir: gone' >d/.git\n"
       "mkdir e; echo nonsense >e/.git");
    refused("a", "pm reads only SHA-1");
    refused("b", "the extension 'pm'");
    refused("c", "format version 7");
    refused("d", "which is not a git repository");
    refused("e", "not a git directory");
}

static void refuses_what_belongs_to_others(void **state)
{
    sh("git init -q a; git init -q --bare b.git; mkdir a/d");
    setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", 1);
    refused("a/d", "belongs to somebody else");
    refused("b.git", "belongs to somebody else");
    sh("printf '[safe]\n directory = *\n' >>a/.git/config"); /* it cannot vouch for itself */
    refused("a", "belongs to somebody else");
    sh("git config --global safe.directory \"$HOME/a\"");
    struct repo *r = opened("a/d");
    assert_false(repo_is_ours(r));
    repo_free(r);
    refused("b.git", "safe.directory");
    sh("git config --global --add safe.directory '*'");
    repo_free(opened("b.git"));
    sh("git config --global --add safe.directory ''");
    refused("a", "belongs to somebody else");
    setenv("GIT_CONFIG_PARAMETERS", "'safe.directory'='*'", 1);
    repo_free(opened("a"));
    unsetenv("GIT_CONFIG_PARAMETERS");
    setenv("GIT_DIR", "a/.git", 1); /* as git: who names it trusts it */
    repo_free(opened("."));
}

static void configuration_is_gits(void **state)
{
    static const char *const keys[] = {"pm.a", "pm.b", "pm.sub.c", "pm.Sub.c", "pm.bare", "pm.inc"};
    sh("git init -q a; cd a; git config pm.a local; git config --global pm.a global\n"
       "git config --global pm.b global; git config pm.sub.c lower; git config pm.Sub.c upper\n"
       "printf '[pm]\\n bare\\n' >>.git/config; printf '[pm]\\n inc = yes\\n' >\"$HOME/more\"\n"
       "git config include.path \"$HOME/more\"\n"
       "mkdir -p \"$HOME/.config/git\"; printf '[pm]\\n b = xdg\\n' >\"$HOME/.config/git/config\"");
    for (int round = 0; round < 3; round++) {
        if (round == 1)
            setenv("GIT_CONFIG_PARAMETERS",
                   "'pm.a=old '\\''way'\\''' 'PM.b'='new=way' 'pm.sub.C'=", 1);
        if (round == 2) {
            setenv("GIT_CONFIG_COUNT", "1", 1);
            setenv("GIT_CONFIG_KEY_0", "pm.inc", 1);
            setenv("GIT_CONFIG_VALUE_0", "counted", 1);
            setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
        }
        struct repo *r = opened("a");
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            struct str ours = STR_INIT;
            char *gits = told(NULL, "git -C a config %s || true", keys[i]);
            (void)repo_config(r, keys[i], &ours);
            if (strcmp(gits, "") != 0 || strcmp(ours.p, "true") != 0) /* a bare key */
                assert_string_equal(ours.p, gits);
            free(gits);
            str_release(&ours);
        }
        assert_true(repo_config_bool(r, "pm.bare", false));
        assert_true(repo_config_bool(r, "pm.unset", true));
        assert_false(repo_config_bool(r, "pm.a", false)); /* no boolean */
        repo_free(r);
    }
    unsetenv("GIT_CONFIG_COUNT");
    unsetenv("GIT_CONFIG_PARAMETERS");
}

static void asks_git_without_a_deadlock(void **state)
{
    const char *const much[] = {"-c",
                                "alias.flood=!i=0; while [ $i -lt 3000 ]; do echo "
                                "out$i-0123456789012345678901234567890123456789; echo "
                                "err$i-0123456789012345678901234567890123456789 >&2; "
                                "i=$((i+1)); done",
                                "flood", NULL};
    const char *const wrong[] = {"cat-file", "blob", "nonsense", NULL};
    const char *const where[] = {"rev-parse", "--absolute-git-dir", "--show-toplevel", NULL};
    struct err e = ERR_INIT;
    struct str out = STR_INIT;
    sh("git init -q a; mkdir a/d");
    struct repo *r = opened("a/d");
    str_addz(&out, "before ");
    assert_int_equal(repo_ask(r, much, &out, &e), 0);
    assert_non_null(strstr(out.p, "out2999-"));
    assert_int_equal(strncmp(out.p, "before out0", 11), 0);
    str_truncate(&out, 7);
    assert_int_equal(repo_ask(r, wrong, &out, &e), -1);
    assert_string_equal(out.p, "before ");
    assert_string_equal(e.text, "git cat-file failed: Not a valid object name nonsense");
    str_clear(&out);
    assert_int_equal(repo_ask(r, where, &out, &e), 0);
    struct str expected = STR_INIT;
    str_addf(&expected, "%s/a/.git\n%s/a\n", (char *)*state, (char *)*state);
    assert_string_equal(out.p, expected.p);
    str_release(&expected);
    str_release(&out);
    repo_free(r);
}

static void opens_a_second_handle(void **state)
{
    sh("git init -q a; git -C a commit -q --allow-empty -m one; mkdir w");
    setenv("GIT_DIR", "../a/.git", 1);
    struct err e = ERR_INIT;
    struct repo *r = opened("w"), *again = NULL;
    assert_int_equal(repo_again(&again, r, &e), 0);
    assert_string_equal(repo_git_dir(again), repo_git_dir(r));
    assert_string_equal(repo_worktree(again), repo_worktree(r));
    repo_free(r);
    repo_free(again);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_repository_above),
        TEST(finds_linked_worktrees_and_submodules),
        TEST(a_bare_repository_has_no_worktree),
        TEST(honours_the_environment),
        TEST(honours_another_common_directory),
        TEST(honours_core_worktree_and_core_bare),
        TEST(a_worktree_may_have_its_own_configuration),
        TEST(stops_at_a_ceiling),
        TEST(refuses_what_it_cannot_read),
        TEST(refuses_what_belongs_to_others),
        TEST(configuration_is_gits),
        TEST(asks_git_without_a_deadlock),
        TEST(opens_a_second_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
