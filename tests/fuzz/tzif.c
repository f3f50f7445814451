/* A zone file of any bytes: refused, or a zone that answers for any time. */
#include <stdlib.h>

#include "pm/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t times[] = {INT64_MIN, -4000000000, 0, 1773747060, 9000000000, INT64_MAX};
    struct zone *z;

    if (zone_from_tzif(&z, "fuzz", slice_from((const char *)data, size), NULL))
        return 0;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int32_t offset = zone_offset_at(z, times[i]);
        if (offset < -100000 || offset > 100000)
            abort();
        zone_to_utc(z, times[i]);
    }
    zone_free(z);
    return 0;
}
