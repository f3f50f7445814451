#include "pm/people.h"

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

static const char *const contacts[][2] = {
    {"Old Name", "old@x"},   {"old name", "OLD@X"},  {"Other", "old@x"},  {"Nick", "nick@x"},
    {"Bob", "shared@x"},     {"Alice", "SHARED@x"},  {"Eve", "shared@x"}, {"Nobody", "none@x"},
    {"From File", "file@x"}, {"Spaces", "spaces@x"}, {"J", "\xc3\xbc@x"}, {"", ""},
    {"No Address", ""},
};

/* git check-mailmap on every contact against people_resolve. */
static void agrees_with_git(const char *dir)
{
    struct repo *r = opened(dir);
    struct err e = ERR_INIT;
    struct people *p = NULL;
    assert_int_equal(people_load(&p, r, &e), 0);
    for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
        struct slice name, email;
        struct str ours = STR_INIT;
        const char *n = contacts[i][0], *m = contacts[i][1];
        char *gits = told(NULL, "git -C '%s' check-mailmap '%s <%s>' 2>/dev/null", dir, n, m);
        people_resolve(p, slice_of(n), slice_of(m), &name, &email);
        if (name.n > 0)
            str_addf(&ours, SLICE_FMT " ", SLICE_ARG(name));
        str_addf(&ours, "<" SLICE_FMT ">", SLICE_ARG(email));
        assert_string_equal(ours.p, gits);
        str_release(&ours);
        free(gits);
    }
    people_free(p);
    repo_free(r);
}

static void make_map(void)
{
    sh("git init -q a; cd a; cat >.mailmap <<'END'\n"
       "# a comment <none@x>\n"
       "New Name <old@x>\n"
       "<new@x> <old@x>\n"
       "Nicholas <nicholas@x> Nick <nick@x>\n"
       "Robert <bob@x> Bob <shared@x>\n"
       "Alice A <alice@x> alice <shared@x>\n"
       "Shared Account <shared@x>\n"
       "  Spaces In It   < spaces@y >  < spaces@x >  # trailing\n"
       "J\xc3\xbcrgen <\xc3\xbc@x>\n"
       "no address here\n"
       "Broken <none@x\n"
       "Whoever <>\n"
       "Somebody <> <none@x>\n"
       "END\n"
       "git add .; git commit -q -m map");
}

static void maps_as_git_does(void **state)
{
    make_map();
    agrees_with_git("a");
    sh("git clone -q --bare a b.git");
    agrees_with_git("b.git");
    sh("echo 'Filed <file@x>' >map; git -C a config mailmap.file ../map\n"
       "git -C b.git config mailmap.file \"$HOME/map\"");
    agrees_with_git("a");
    agrees_with_git("b.git");
    sh("cd a; h=$(echo 'Blobbed <none@x>' | git hash-object -w --stdin); git config mailmap.blob "
       "$h");
    agrees_with_git("a");
}

static void without_a_map_everybody_is_who_they_say(void **state)
{
    struct slice name, email;
    sh("git init -q a");
    agrees_with_git("a");
    people_resolve(NULL, SLICE("A"), SLICE("a@x"), &name, &email);
    assert_true(slice_eqz(name, "A"));
    assert_true(slice_eqz(email, "a@x"));
}

static void a_linked_map_is_not_read(void **state)
{
    sh("git init -q a; echo 'Mapped <none@x>' >map; ln -s ../map a/.mailmap");
    agrees_with_git("a");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, sandbox_setup, sandbox_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(maps_as_git_does),
        TEST(without_a_map_everybody_is_who_they_say),
        TEST(a_linked_map_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
