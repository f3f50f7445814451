/* A document that --fix may mend: no other line changes, no finding is added but about new headings,
 * what could be read can be read, and mending twice changes nothing. */
#include "../lib/fix_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct workshop workshop;
    if (!workshop.schema)
        workshop_open(&workshop);
    check_fix(&workshop, slice_from((const char *)data, size));
    return 0;
}
