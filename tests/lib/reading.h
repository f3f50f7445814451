/* Documents as the tests on hostile bytes read them. */
#ifndef PM_TEST_READING_H
#define PM_TEST_READING_H

#include "pm/postmortem.h"

#include "hostile.h"

/* Made once: it takes longer than most inputs. */
static inline const struct schema *default_schema(void)
{
    static struct schema *schema;
    if (!schema)
        schema = schema_load(slice_of(NULL), false, slice_of(NULL), false);
    return schema;
}

static inline struct postmortem *read_document(const struct schema *schema, struct slice bytes)
{
    struct reader rd = {schema, NULL, NULL};
    char *copy = xmalloc(bytes.n + 1);
    if (bytes.n)
        memcpy(copy, bytes.p, bytes.n);
    return postmortem_read(&rd, copy, bytes.n, SLICE("postmortems/2026-03-17-x.md"));
}

#endif
