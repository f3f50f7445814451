#include "pm/textdiff.h"

#include <git2.h>
#include <stdlib.h>

#include "pm/alloc.h"
#include "pm/vec.h"

/* Documents are text, whatever bytes are in them. */
static void init_options(git_diff_options *o, uint32_t context)
{
    git_diff_options_init(o, GIT_DIFF_OPTIONS_VERSION);
    o->flags = GIT_DIFF_FORCE_TEXT;
    o->context_lines = context;
}

struct later {
    struct line_ranges *out;
    struct slice text;
    VEC(uint32_t) lines; /* where each begins */
};

static void find_lines(struct later *l)
{
    vec_push(&l->lines, 0);
    for (size_t i = 0; i + 1 < l->text.n; i++)
        if (l->text.p[i] == '\n')
            vec_push(&l->lines, (uint32_t)i + 1);
}

/* Counted from 1. */
static bool is_empty(const struct later *l, uint32_t line)
{
    if (line < 1 || line > l->lines.n)
        return false;
    size_t end = line < l->lines.n ? l->lines.v[line] : l->text.n;
    size_t start = l->lines.v[line - 1];
    return start < end && !slice_trim(slice_sub(l->text, start, end - start)).n;
}

static int hunk_seen(const git_diff_delta *delta, const git_diff_hunk *hunk, void *ctx)
{
    struct later *l = ctx;
    uint32_t first = (uint32_t)hunk->new_start, last = first + (uint32_t)hunk->new_lines - 1;
    (void)delta;
    if (!hunk->new_lines) { /* git counts the line before the gap */
        last = first + 1;
        while (is_empty(l, first))
            first--;
        while (is_empty(l, last))
            last++;
    }
    vec_push(l->out, (struct line_range){first ? first : 1, last});
    return 0;
}

/* libgit2 fails here where there is no memory, or no repository open. */
static void must(int failed)
{
    if (failed)
        BUG("two texts cannot be compared: %s", git_error_last() ? git_error_last()->message : "");
}

void text_changes(struct line_ranges *out, struct slice before, struct slice after)
{
    git_diff_options o;
    init_options(&o, 0);
    struct later l = {.out = out, .text = after};
    find_lines(&l);
    must(git_diff_buffers(before.p, before.n, NULL, after.p, after.n, NULL, &o, NULL, NULL,
                          hunk_seen, NULL, &l));
    vec_release(&l.lines);
}

bool line_ranges_meet(const struct line_ranges *r, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].first <= last && first <= r->v[i].last)
            return true;
    return false;
}

void line_ranges_release(struct line_ranges *r)
{
    vec_release(r);
}

void text_patch(struct str *out, struct slice path, struct slice before, struct slice after)
{
    git_diff_options o;
    init_options(&o, 3);
    git_patch *patch = NULL;
    git_buf text = {NULL, 0, 0};
    char *name = xstrndup(path.p, path.n);
    must(git_patch_from_buffers(&patch, before.p, before.n, name, after.p, after.n, name, &o));
    if (git_patch_num_hunks(patch)) {
        must(git_patch_to_buf(&text, patch));
        str_add(out, text.ptr, text.size);
    }
    git_buf_dispose(&text);
    git_patch_free(patch);
    free(name);
}
