/* What holds for every JSON that pm prints. */
#ifndef PM_TEST_JSON_CHECK_H
#define PM_TEST_JSON_CHECK_H

#include <jansson.h>

#include "hostile.h"

/* One value, with no member twice, and nothing in it that a terminal obeys. */
static inline void check_json(struct slice text)
{
    json_error_t error;
    json_t *j = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!j)
        fprintf(stderr, "# %s: %.*s\n", error.text, SLICE_ARG(text));
    check_that(j, "JSON can be parsed");
    check_shown(text);
    json_decref(j);
}

static inline void check_json_lines(struct slice text)
{
    struct slice line;
    while (slice_split(&text, '\n', &line))
        check_json(line);
}

#endif
