/* pm/about.h - base: which pm this is
 */
#ifndef PM_ABOUT_H
#define PM_ABOUT_H

/* "0.1.0" at a release's tag, "0.1.0-12-gdeadbee" twelve commits after it. */
const char *pm_version(void);

#endif
