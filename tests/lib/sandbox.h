/* For unit and property tests that need real repositories: a temporary folder with a home of its
 * own, and git in it. Everything runs with fixed names and dates and no configuration but what the
 * test writes.
 */
#ifndef PM_TEST_SANDBOX_H
#define PM_TEST_SANDBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pm/alloc.h"
#include "pm/str.h"

#include "environment.h"

/* Runs a script; the test fails when the script does. */
static inline void sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static inline void sh(const char *fmt, ...)
{
    struct str script = STR_INIT;
    va_list ap;
    str_addz(&script, "set -e\n");
    va_start(ap, fmt);
    str_vaddf(&script, fmt, ap);
    va_end(ap);
    fflush(stdout);
    if (system(script.p) != 0)
        fail_msg("failed: %s", script.p);
    str_release(&script);
}

/* What a script prints, without the last line end; the caller frees. */
static inline char *told(size_t *n, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline char *told(size_t *n, const char *fmt, ...)
{
    struct str script = STR_INIT, text = STR_INIT;
    char part[4096];
    size_t got;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&script, fmt, ap);
    va_end(ap);
    fflush(stdout);
    FILE *f = popen(script.p, "r");
    assert_non_null(f);
    while ((got = fread(part, 1, sizeof part, f)) > 0)
        str_add(&text, part, got);
    if (pclose(f) != 0)
        fail_msg("failed: %s", script.p);
    if (text.n > 0 && text.p[text.n - 1] == '\n')
        str_truncate(&text, text.n - 1);
    str_release(&script);
    return str_detach(&text, n);
}

/* The real path of the new folder, in which the test now is. */
static inline char *sandbox_enter(void)
{
    const char *tmp = getenv("TMPDIR");
    struct str path = STR_INIT;
    char real[4096];
    str_addf(&path, "%s/pm-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(path.p));
    assert_int_equal(chdir(path.p), 0);
    assert_non_null(getcwd(real, sizeof real));
    str_release(&path);
    live_in(real);
    setenv("GIT_AUTHOR_NAME", "Ada Author", 1);
    setenv("GIT_AUTHOR_EMAIL", "ada@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "Carl Committer", 1);
    setenv("GIT_COMMITTER_EMAIL", "carl@example.org", 1);
    setenv("GIT_AUTHOR_DATE", "2026-01-05T12:00:00+0000", 1);
    setenv("GIT_COMMITTER_DATE", "2026-01-05T12:00:00+0000", 1);
    sh("git config --global init.defaultBranch main\n"
       "git config --global protocol.file.allow always\n"
       "git config --global advice.detachedHead false");
    return xstrdup(real);
}

static inline void sandbox_leave(char *path)
{
    forget_git();
    assert_int_equal(chdir("/"), 0);
    sh("rm -rf '%s'", path);
    free(path);
}

/* A setup and teardown for cmocka: *state is the folder. */
static inline int sandbox_setup(void **state)
{
    *state = sandbox_enter();
    return 0;
}

static inline int sandbox_teardown(void **state)
{
    sandbox_leave(*state);
    return 0;
}

#endif
