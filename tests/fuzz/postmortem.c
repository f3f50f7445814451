/* A document read with the default schema: places, text, caps, the same answer twice, and history's
 * short reading says of the items what the whole reading does. */
#include "../lib/postmortem_check.h"

static void check_same_items(const struct reader *rd, const uint8_t *data, size_t size)
{
    struct str whole = STR_INIT, part = STR_INIT;
    struct slice bytes = slice_from((const char *)data, size);
    char *copy = xmalloc(size + 1);
    if (size)
        memcpy(copy, data, size);
    add_version(&whole, read_document(rd->schema, bytes));
    add_version(&part, postmortem_read_items(rd, copy, size));
    check_that(slice_eq(str_slice(&whole), str_slice(&part)), "history reads the same items");
    str_release(&whole);
    str_release(&part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader rd = {default_schema(), NULL, NULL};
    struct str first = STR_INIT, second = STR_INIT;
    check_postmortem(&rd, data, size, &first);
    check_postmortem(&rd, data, size, &second);
    check_that(slice_eq(str_slice(&first), str_slice(&second)), "reading is deterministic");
    check_same_items(&rd, data, size);
    str_release(&first);
    str_release(&second);
    return 0;
}
