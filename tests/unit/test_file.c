#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "pm/file.h"

struct folder {
    char path[64];
    char name[512]; /* of the file last asked for */
};

static const char *in(struct folder *f, const char *name)
{
    snprintf(f->name, sizeof f->name, "%s/%s", f->path, name);
    return f->name;
}

static int make_folder(void **state)
{
    static struct folder f;

    snprintf(f.path, sizeof f.path, "/tmp/pm-test-file-XXXXXX");
    *state = &f;
    return mkdtemp(f.path) ? 0 : -1;
}

static int remove_folder(void **state)
{
    struct folder *f = *state;
    DIR *dir = opendir(f->path);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            remove(in(f, entry->d_name));
    if (dir)
        closedir(dir);
    return rmdir(f->path);
}

static int count_files(struct folder *f)
{
    DIR *dir = opendir(f->path);
    int count = -2; /* . and .. */

    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void assert_content(const char *path, struct slice expected)
{
    struct str s = STR_INIT;
    struct err e = ERR_INIT;

    assert_int_equal(file_read(&s, path, 1 << 20, NULL, &e), 0);
    assert_true(slice_eq(str_slice(&s), expected));
    str_release(&s);
}

static void what_is_written_is_read(void **state)
{
    struct folder *f = *state;
    struct str big = STR_INIT;

    assert_int_equal(file_write(in(f, "a"), SLICE("a\0b"), 0, NULL), 0);
    assert_content(in(f, "a"), SLICE("a\0b"));
    assert_int_equal(file_write(in(f, "a"), slice_of(NULL), 0, NULL), 0);
    assert_content(in(f, "a"), SLICE(""));
    str_pad(&big, 'x', 300000);
    assert_int_equal(file_write(in(f, "a"), str_slice(&big), 0, NULL), 0);
    assert_content(in(f, "a"), str_slice(&big));
    assert_int_equal(count_files(f), 1);
    str_release(&big);
}

static void reading_appends_and_failing_adds_nothing(void **state)
{
    struct folder *f = *state;
    struct str s = STR_INIT;
    struct err e = ERR_INIT;
    bool too_large = false;

    str_addz(&s, "before ");
    assert_int_equal(file_write(in(f, "a"), SLICE("12345"), 0, NULL), 0);
    assert_int_equal(file_read(&s, in(f, "a"), 5, &too_large, &e), 0);
    assert_false(too_large);
    assert_string_equal(s.p, "before 12345");
    assert_int_equal(file_read(&s, in(f, "a"), 4, &too_large, &e), -1);
    assert_true(too_large);
    assert_non_null(strstr(e.text, "more than 4 bytes"));
    assert_string_equal(s.p, "before 12345");
    assert_int_equal(file_read(&s, in(f, "missing"), 4, NULL, &e), -1);
    assert_non_null(strstr(e.text, "/missing': no such file or directory"));
    assert_string_equal(s.p, "before 12345");
    str_release(&s);
}

static void only_regular_files_are_read(void **state)
{
    struct folder *f = *state;
    struct str s = STR_INIT;
    struct err e = ERR_INIT;
    char target[512];

    assert_int_equal(file_write(in(f, "a"), SLICE("secret"), 0, NULL), 0);
    snprintf(target, sizeof target, "%s", in(f, "a"));
    assert_int_equal(symlink(target, in(f, "link")), 0);
    assert_int_equal(mkfifo(in(f, "pipe"), 0600), 0);
    assert_int_equal(file_read(&s, in(f, "link"), 100, NULL, &e), -1);
    assert_non_null(strstr(e.text, "symbolic link"));
    assert_int_equal(file_read(&s, in(f, "pipe"), 100, NULL, &e), -1); /* and does not wait */
    assert_non_null(strstr(e.text, "not a regular file"));
    assert_int_equal(file_read(&s, f->path, 100, NULL, &e), -1);
    assert_int_equal(file_read(&s, "/dev/null", 100, NULL, &e), -1);
    assert_int_equal(s.n, 0);
    str_release(&s);
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 0777;
}

static void permissions_are_kept_or_given_or_the_umasks(void **state)
{
    struct folder *f = *state;
    mode_t before = umask(027);

    file_write(in(f, "a"), SLICE("x"), 0, NULL);
    assert_int_equal(mode_of(in(f, "a")), 0640);
    chmod(in(f, "a"), 0700);
    file_write(in(f, "a"), SLICE("y"), 0, NULL);
    assert_int_equal(mode_of(in(f, "a")), 0700);
    file_write(in(f, "b"), SLICE("x"), 0755, NULL);
    assert_int_equal(mode_of(in(f, "b")), 0755);
    umask(before);
}

static void a_link_is_replaced_and_not_written_through(void **state)
{
    struct folder *f = *state;
    char target[512];

    file_write(in(f, "a"), SLICE("kept"), 0, NULL);
    snprintf(target, sizeof target, "%s", in(f, "a"));
    assert_int_equal(symlink(target, in(f, "link")), 0);
    assert_int_equal(file_write(in(f, "link"), SLICE("new"), 0, NULL), 0);
    assert_content(in(f, "link"), SLICE("new"));
    assert_content(in(f, "a"), SLICE("kept"));
}

static void a_failed_write_leaves_nothing_behind(void **state)
{
    struct folder *f = *state;
    struct err e = ERR_INIT;

    assert_int_equal(mkdir(in(f, "dir"), 0777), 0);
    assert_int_equal(file_write(in(f, "dir"), SLICE("x"), 0, &e), -1);
    assert_int_equal(strncmp(e.text, "cannot write '", 14), 0);
    assert_int_equal(count_files(f), 1);
    assert_int_equal(file_write(in(f, "no/such/a"), SLICE("x"), 0, &e), -1);
    assert_int_equal(file_write_fd(-1, SLICE("x")), -1);
    assert_int_equal(errno, EBADF);
}

static void a_temporary_file_left_by_a_crash_is_no_obstacle(void **state)
{
    struct folder *f = *state;
    char stale[64];

    snprintf(stale, sizeof stale, ".pm-%ld-0.tmp", (long)getpid());
    int fd = open(in(f, stale), O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(file_write(in(f, "a"), SLICE("x"), 0, NULL), 0);
    assert_content(in(f, "a"), SLICE("x"));
}

static void parents_are_made_and_found(void **state)
{
    struct folder *f = *state;
    struct err e = ERR_INIT;

    assert_int_equal(file_make_dirs(in(f, "x/y/z.md"), &e), 0);
    assert_true(file_exists(in(f, "x/y")));
    assert_false(file_exists(in(f, "x/y/z.md")));
    assert_int_equal(file_make_dirs(in(f, "x/y/z.md"), &e), 0);
    assert_int_equal(file_write(in(f, "x/y/z.md"), SLICE("x"), 0, &e), 0);
    assert_int_equal(file_make_dirs(in(f, "x/y/z.md/a"), &e), -1);
    assert_int_equal(file_make_dirs("plain", &e), 0);
    remove(in(f, "x/y/z.md"));
    remove(in(f, "x/y"));
    assert_int_equal(symlink("nowhere", in(f, "dangling")), 0);
    assert_true(file_exists(in(f, "dangling")));
}

static void a_descriptor_is_read_to_its_end(void **state)
{
    struct str s = STR_INIT;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(file_write_fd(ends[1], SLICE("one two")), 0);
    close(ends[1]);
    assert_int_equal(file_read_fd(&s, ends[0], 100, NULL, NULL), 0);
    assert_string_equal(s.p, "one two");
    close(ends[0]);
    str_release(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(reading_appends_and_failing_adds_nothing),
        TEST(only_regular_files_are_read),
        TEST(permissions_are_kept_or_given_or_the_umasks),
        TEST(a_link_is_replaced_and_not_written_through),
        TEST(a_failed_write_leaves_nothing_behind),
        TEST(a_temporary_file_left_by_a_crash_is_no_obstacle),
        TEST(parents_are_made_and_found),
        cmocka_unit_test(a_descriptor_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
