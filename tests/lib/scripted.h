/* For fuzz targets that need a real repository: a script makes one, once, in a folder that is removed
 * at the end. Names and dates are fixed, so that an object's name is the same each time, and a seed
 * may hold it.
 */
#ifndef PM_TEST_SCRIPTED_H
#define PM_TEST_SCRIPTED_H

#include <unistd.h>

#include "environment.h"
#include "hostile.h"

static char scripted[64]; /* the folder; empty: there is none yet */

static inline void scripted_remove(void)
{
    struct str command = STR_INIT;
    str_addf(&command, "chmod -R u+w '%s' && rm -rf '%s'", scripted, scripted);
    check_that(system(command.p) == 0, "the repository is removed");
    str_release(&command);
}

/* The script goes on in the new repository, on a branch `main` without commits. Who keeps something
 * open registers its own end behind this. */
static inline void scripted_make(const char *script)
{
    const char *tmp = getenv("TMPDIR");
    struct str command = STR_INIT;
    int n = snprintf(scripted, sizeof scripted, "%s/pm-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    check_that(n > 0 && n < (int)sizeof scripted && mkdtemp(scripted), "there is a folder");
    live_in(scripted);
    str_addf(&command,
             "set -e; cd '%s'; export GIT_AUTHOR_NAME=Ann GIT_COMMITTER_NAME=Ann "
             "GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_EMAIL=a@x "
             "GIT_AUTHOR_DATE='2026-01-05T12:00:00+0000' "
             "GIT_COMMITTER_DATE='2026-01-05T12:00:00+0000'\n"
             "git init -q .; git symbolic-ref HEAD refs/heads/main; mkdir postmortems\n%s",
             scripted, script);
    check_that(system(command.p) == 0, "there is a repository");
    atexit(scripted_remove);
    str_release(&command);
}

#endif
