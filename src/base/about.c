#include "pm/about.h"

const char *pm_version(void)
{
    return PM_VERSION; /* defined by the Makefile, for this file only */
}
