/* .pm/baseline: read from the state that is judged, written anew for the worktree. */
#include "check_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/caps.h"
#include "pm/worktree.h"

int baseline_read(struct baseline *out, struct repo *r, const struct state *s, struct err *e)
{
    struct str text = STR_INIT;
    bool large = false;
    int found = 0;
    if (s->files)
        found = snapshot_read_path(s->rules ? s->rules : s->files, r, SLICE(BASELINE_PATH),
                                   CAP_BASELINE_BYTES, &text, &large, e);
    if (found >= 0)
        baseline_parse(out, str_slice(&text), large);
    str_release(&text);
    return found < 0 ? -1 : found;
}

static int by_bytes(const void *a, const void *b)
{
    return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

struct line_list {
    struct slice *v;
    size_t n, cap;
};

static void sort_lines(struct line_list *out, struct slice text)
{
    struct slice line;
    while (slice_split(&text, '\n', &line))
        vec_push(out, line);
    vec_sort(out, by_bytes);
}

/* Lines that both have; each list as often as it has them. */
static size_t count_common(const struct line_list *a, const struct line_list *b)
{
    size_t n = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        int order = slice_cmp(a->v[i], b->v[k]);
        n += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return n;
}

/* What no look at the documents alone can find is kept. */
static void keep_lines(const struct baseline *old, struct str *before, struct str *lines)
{
    for (size_t i = 0; i < old->n; i++) {
        baseline_add_kept(before, &old->v[i]);
        if (rule_needs_change(old->v[i].rule))
            baseline_add_kept(lines, &old->v[i]);
    }
}

static void tell(struct context *c, struct slice before, struct slice lines)
{
    struct line_list was = {0}, is = {0};
    sort_lines(&was, before);
    sort_lines(&is, lines);
    size_t common = count_common(&was, &is);
    str_addf(&c->out, BASELINE_PATH ": %zu finding%s accepted", is.n, is.n == 1 ? "" : "s");
    if (is.n > common)
        str_addf(&c->out, ", %zu of them new", is.n - common);
    if (was.n > common)
        str_addf(&c->out, "; %zu that no longer appl%s left out", was.n - common,
                 was.n - common == 1 ? "ies is" : "y are");
    str_addc(&c->out, '\n');
    vec_release(&was);
    vec_release(&is);
}

static int write_file(struct context *c, const struct baseline *old, bool there,
                      struct slice text, struct err *e)
{
    struct slice path = SLICE(BASELINE_PATH);
    if (there)
        return slice_eq(old->bytes, text)
                   ? 0
                   : worktree_replace(c->repo, path, old->bytes, text, e);
    int created = worktree_create(c->repo, path, text, e);
    if (created == 0)
        err_set(e, "'" BASELINE_PATH "' is no regular file, or somebody has just made it");
    return created == 1 ? 0 : -1;
}

int baseline_write(struct context *c, const struct baseline *old, bool there, struct str *lines,
                   struct err *e)
{
    struct str before = STR_INIT, text = STR_INIT;
    keep_lines(old, &before, lines);
    baseline_print(&text, str_slice(lines));
    int failed = 0;
    if (text.n > CAP_BASELINE_BYTES)
        failed = err_set(e, "'" BASELINE_PATH "' would be larger than %u bytes: mend some first",
                         CAP_BASELINE_BYTES);
    else if (lines->n || there)
        failed = write_file(c, old, there, str_slice(&text), e);
    if (!failed && (lines->n || there))
        tell(c, str_slice(&before), str_slice(lines));
    else if (!failed)
        str_addz(&c->out, "there is nothing to accept\n");
    str_release(&before);
    str_release(&text);
    return failed;
}
