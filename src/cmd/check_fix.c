/* pm check --fix: what has one right answer is written to the worktree. */
#include "check_private.h"

#include <stdlib.h>

#include "pm/caps.h"
#include "pm/document.h"
#include "pm/fix.h"
#include "pm/textdiff.h"
#include "pm/worktree.h"

int fix_allowed(struct context *c, const struct choice *k, struct err *e)
{
    if (k->typed)
        return 0;
    if (context_worktree(c, "'--fix'", e))
        return -1;
    if (k->of_commit)
        return err_usage(e, "'--fix' changes files of the worktree, not what is committed: name "
                            "files, or give '--all'");
    if (k->state.files && snapshot_kind(k->state.files) == SNAPSHOT_INDEX)
        return err_usage(e, "'--fix' changes files of the worktree, not what is staged: run 'pm "
                            "check --fix', then 'git add'");
    return 0;
}

static void say_fixed(struct slice path, const struct fixed *fixed)
{
    struct str what = STR_INIT;
    for (size_t i = 0; i < fixed->said.n; i++)
        str_addf(&what, "%s" SLICE_FMT, i ? ", " : "", SLICE_ARG(fixed->said.v[i]));
    say("fixed '" SLICE_FMT "': %s", SLICE_ARG(path), what.p);
    str_release(&what);
}

static int put(struct context *c, const struct choice *k, struct slice path, struct slice before,
               const struct fixed *fixed, bool dry_run, struct err *e)
{
    struct slice after = str_slice(&fixed->text);
    struct str patch = STR_INIT;
    int result = 0;
    if (dry_run) {
        text_patch(&patch, path, before, after);
        render_patch(&c->printer, str_slice(&patch), c->terminal);
        str_release(&patch);
    } else if (k->typed) {
        str_adds(&c->out, after);
    } else if ((result = worktree_replace(c->repo, path, before, after, e)) == 0) {
        say_fixed(path, fixed);
    }
    return result;
}

/* What was typed is printed, mended or not: a filter gives back what it takes. */
static int fix_typed(struct context *c, const struct choice *k, const struct fixer *fixer,
                     const struct fix_options *o, size_t *n, struct err *e)
{
    struct fixed fixed;
    struct slice bytes = k->typed->doc->bytes;
    if (!fix_document(fixer, NULL, bytes, k->typed->path, &fixed)) {
        if (!o->dry_run)
            str_adds(&c->out, bytes);
        return 0;
    }
    ++*n;
    int result = put(c, k, k->typed->path, bytes, &fixed, o->dry_run, e);
    fixed_release(&fixed);
    return result;
}

static int fix_file(struct context *c, const struct choice *k, size_t place,
                    const struct fixer *fixer, const struct fix_options *o, size_t *n,
                    struct err *e)
{
    struct fixed fixed;
    struct str bytes = STR_INIT;
    struct postmortem *before = NULL;
    bool too_large = false;
    const size_t i = k->which.v[place];
    struct slice path = snapshot_file(k->state.files, i)->path;
    const struct former *former = k->compared ? &k->former.v[place] : NULL;
    int result = snapshot_read(k->state.files, c->repo, i, CAP_DOCUMENT_BYTES, &bytes, &too_large, e);
    if (result == 0 && former && !oid_is_zero(&former->id))
        result = corpus_former(&before, c->repo, fixer->reader, former, e);
    if (result == 0 && !too_large && fix_document(fixer, before, str_slice(&bytes), path, &fixed)) {
        ++*n;
        result = put(c, k, path, str_slice(&bytes), &fixed, o->dry_run, e);
        fixed_release(&fixed);
    }
    postmortem_free(before);
    str_release(&bytes);
    return result;
}

int fix_documents(struct context *c, const struct choice *k, const struct fix_options *o, size_t *n,
                  struct err *e)
{
    struct document *headings;
    if (template_document(&headings, c, &k->state, e))
        return -1;
    struct zones *zones = zones_new();
    const struct reader reader = {k->state.schema, zones_find, zones};
    const struct fixer fixer = {o->checker, &reader, headings, o->spelling};
    int result = 0;
    *n = 0;
    if (k->typed)
        result = fix_typed(c, k, &fixer, o, n, e);
    for (size_t i = 0; i < k->which.n && result == 0; i++)
        result = fix_file(c, k, i, &fixer, o, n, e);
    zones_free(zones);
    document_free(headings);
    return result;
}
