#include "pm/similar.h"

#include "repo_private.h"

#include <git2/sys/hashsig.h>
#include <stdlib.h>

#include "pm/alloc.h"

struct similar {
    git_hashsig *signature; /* NULL: of an empty file */
};

int similar_of(struct similar **out, struct slice bytes, struct err *e)
{
    static const git_hashsig_option_t how =
        (git_hashsig_option_t)(GIT_HASHSIG_SMART_WHITESPACE | GIT_HASHSIG_ALLOW_SMALL_FILES);
    struct similar *s = xcalloc(1, sizeof *s);

    if (bytes.n && git_hashsig_create(&s->signature, bytes.p, bytes.n, how) < 0) {
        free(s);
        return err_git(e, "cannot compare files");
    }
    *out = s;
    return 0;
}

int similar_of_blob(struct similar **out, struct repo *r, const struct oid *id, size_t max,
                    struct err *e)
{
    enum object_kind kind;
    struct object blob;
    size_t size;

    if (object_size(r, id, &kind, &size, e) < 0)
        return -1;
    if (size > max)
        return similar_of(out, slice_from(NULL, 0), e);
    if (object_read(r, id, OBJECT_BLOB, &blob, e) < 0)
        return -1;
    int result = similar_of(out, blob.data, e);
    object_release(&blob);
    return result;
}

void similar_free(struct similar *s)
{
    if (s && s->signature)
        git_hashsig_free(s->signature);
    free(s);
}

int similar_percent(const struct similar *a, const struct similar *b)
{
    if (!a->signature || !b->signature)
        return 0;
    int percent = git_hashsig_compare(a->signature, b->signature);
    return percent < 0 ? 0 : percent;
}
