/* A document read with the default schema: places, text, caps, and the same answer twice. */
#include <stdint.h>
#include <stdlib.h>

#include "../lib/postmortem_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct schema *schema;
    struct str first = STR_INIT, second = STR_INIT;
    if (!schema)
        schema = schema_load((struct slice){NULL, 0}, false, (struct slice){NULL, 0}, false);
    struct reader rd = {schema, NULL, NULL};
    check_postmortem(&rd, data, size, &first);
    check_postmortem(&rd, data, size, &second);
    check_that(slice_eq(str_slice(&first), str_slice(&second)), "reading is deterministic");
    str_release(&first);
    str_release(&second);
    return 0;
}
