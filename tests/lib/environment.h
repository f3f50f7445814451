/* What a test must not inherit from whoever runs it, which may be a hook of git. */
#ifndef PM_TEST_ENVIRONMENT_H
#define PM_TEST_ENVIRONMENT_H

#include <stddef.h>
#include <stdlib.h>

static inline void forget_git(void)
{
    static const char *const names[] = {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CEILING_DIRECTORIES",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_QUARANTINE_PATH",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_TEST_ASSUME_DIFFERENT_OWNER",
        "XDG_CONFIG_HOME",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

/* The home of a test is its folder, and no configuration lies elsewhere. */
static inline void live_in(const char *folder)
{
    forget_git();
    setenv("HOME", folder, 1);
    setenv("LC_ALL", "C", 1);
    setenv("TZ", "UTC", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
}

#endif
