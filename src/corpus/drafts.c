#include "pm/drafts.h"

#include "chronicle_private.h"

static bool may_be_draft(const struct version *v)
{
    return !v->readable || v->draft;
}

int drafts_older(bool *older, struct repo *r, const struct oid *tip, const struct selection *sel,
                 const struct slice *paths, size_t n, int64_t until, struct err *e)
{
    struct past past = {.wanted = may_be_draft, .until = until};
    struct blobs *blobs = blobs_new(r, sel);

    for (size_t i = 0; i < n; i++)
        vec_push(&past, (struct past_path){.path = paths[i], .since = INT64_MAX});
    int result = past_read(&past, blobs, tip, e);
    for (size_t i = 0; i < n && result == 0; i++)
        older[i] = past.v[i].since < until;
    past_release(&past);
    blobs_free(blobs);
    return result;
}
