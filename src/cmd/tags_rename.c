/* pm tags rename: documents and taxonomy, in the worktree. */
#include "tags_private.h"

#include <stdlib.h>

#include "pm/retag.h"
#include "pm/spell.h"
#include "pm/tagedit.h"
#include "pm/textdiff.h"
#include "pm/worktree.h"

static const char tags_path[] = ".pm/tags.yaml", schema_path[] = ".pm/schema.yaml";

/* A file as it is and as it is to be. */
struct rewritten {
    struct slice path;
    struct slice before, after;
};

struct renaming {
    struct context *context;
    struct state state;
    struct slice from, to;
    struct arena arena;
    struct corpus corpus;        /* documents that bear it */
    VEC(struct rewritten) files; /* in path order */
    size_t values, left;
};

/* ---- what is asked for ---- */

static int read_names(struct renaming *r, struct slice from, struct slice to, struct err *e)
{
    const struct taxonomy *t = &r->state.schema->taxonomy, none = {0};
    r->from = taxonomy_canonical(t, from, &r->arena);
    r->to = taxonomy_canonical(&none, to, &r->arena);
    const struct tag *there = taxonomy_find(t, r->to);
    if (there) /* an alias of another tag means that tag */
        r->to = there->name;
    if (!tag_valid(r->to))
        return err_usage(e, "'" SLICE_FMT "' is not a tag: words of letters, digits and '-', joined by '/'",
                         SLICE_ARG(to));
    if (slice_eq(r->from, r->to))
        return err_usage(e, "'" SLICE_FMT "' is '" SLICE_FMT "' already", SLICE_ARG(from),
                         SLICE_ARG(to));
    if (tag_within(r->to, r->from))
        return err_usage(e, "'" SLICE_FMT "' would be below itself", SLICE_ARG(r->from));
    return 0;
}

/* ---- what changes ---- */

static void rewrite(struct renaming *r, struct slice path, struct slice before, struct slice after)
{
    vec_push(&r->files, (struct rewritten){path, before, arena_dup(&r->arena, after)});
}

static void rewrite_document(struct renaming *r, const struct postmortem *pm)
{
    struct retagged retagged;
    retag_document(&retagged, pm, r->from, r->to);
    if (retagged.values)
        rewrite(r, pm->path, pm->doc->bytes, str_slice(&retagged.text));
    r->values += retagged.values;
    for (size_t i = 0; i < retagged.left.n; i++) {
        const struct value *v = retagged.left.v[i];
        struct place place = document_place(pm->doc, v->span.start);
        say(SLICE_FMT ":%u:%u: '" SLICE_FMT "' is left to be changed by hand", SLICE_ARG(pm->path),
            place.line, place.column, SLICE_ARG(v->raw));
        r->left++;
    }
    retagged_release(&retagged);
}

static int rewrite_taxonomy(struct renaming *r, struct err *e)
{
    const struct schema *s = r->state.schema;
    struct str after = STR_INIT;
    int result = 0;
    if (taxonomy_find(&s->taxonomy, r->from)) {
        result = taxonomy_rename(&after, s->tags_text, r->from, r->to, e);
        if (result == 0)
            rewrite(r, slice_of(tags_path), s->tags_text, str_slice(&after));
    } else if (s->taxonomy.closed && !taxonomy_find(&s->taxonomy, r->to)) {
        say("'" SLICE_FMT "' is not in %s: add it there", SLICE_ARG(r->to), tags_path);
    }
    str_release(&after);
    return result;
}

/* Conditions of the schema are read by people, and changed by them. */
static void say_conditions(const struct renaming *r)
{
    struct slice text = r->state.schema->text;
    struct lines lines;
    lines_init(&lines, text);
    for (size_t at = slice_find(text, r->from, 0); at != SIZE_MAX;
         at = slice_find(text, r->from, at + r->from.n))
        say("%s:%u mentions '" SLICE_FMT "': change it by hand if it means the tag", schema_path,
            lines_number(&lines, (uint32_t)at), SLICE_ARG(r->from));
    lines_release(&lines);
}

static int by_path(const void *a, const void *b)
{
    return slice_cmp(((const struct rewritten *)a)->path, ((const struct rewritten *)b)->path);
}

static int find_changes(struct renaming *r, struct err *e)
{
    if (corpus_load(&r->corpus, r->context->repo, &r->state, NULL, 0, 0, e))
        return -1;
    for (size_t i = 0; i < r->corpus.n; i++)
        rewrite_document(r, r->corpus.v[i]);
    if (!r->values && !r->left && !taxonomy_find(&r->state.schema->taxonomy, r->from))
        return tags_unknown_name(r->context, &r->state, r->from, e);
    if (rewrite_taxonomy(r, e))
        return -1;
    vec_sort(&r->files, by_path);
    say_conditions(r);
    return 0;
}

/* ---- the files ---- */

static int unfinished(size_t done, size_t all, struct err *e)
{
    return !done ? -1
                 : err_prefix(e, "%zu of %zu files %s changed already ('git diff' shows %s)", done,
                              all, done == 1 ? "is" : "are", done == 1 ? "it" : "them");
}

static int write_all(struct renaming *r, bool dry_run, struct err *e)
{
    struct context *c = r->context;
    for (size_t i = 0; i < r->files.n; i++) {
        const struct rewritten *f = &r->files.v[i];
        struct str patch = STR_INIT;
        int failed = dry_run ? 0 : worktree_replace(c->repo, f->path, f->before, f->after, e);
        if (!failed) {
            text_patch(&patch, f->path, f->before, f->after);
            render_patch(&c->printer, str_slice(&patch), c->terminal);
        }
        str_release(&patch);
        if (failed)
            return unfinished(i, r->files.n, e);
    }
    return 0;
}

static void say_done(const struct renaming *r, bool dry_run)
{
    size_t documents = r->files.n;
    bool taxonomy = false;
    for (size_t i = 0; i < r->files.n; i++)
        taxonomy |= slice_eqz(r->files.v[i].path, tags_path);
    documents -= taxonomy;
    say("'" SLICE_FMT "' %s '" SLICE_FMT "' in %zu postmortem%s%s%s%s", SLICE_ARG(r->from),
        dry_run ? "would become" : "is now", SLICE_ARG(r->to), documents, documents == 1 ? "" : "s",
        taxonomy ? " and " : "", taxonomy ? tags_path : "",
        dry_run ? "" : "; nothing is committed yet");
}

int tags_rename(struct context *c, const struct tags_options *o, struct slice from, struct slice to,
                struct err *e)
{
    struct renaming r = {.context = c};
    int code = -1;
    if (context_worktree(c, "'pm tags rename'", e) || state_of_worktree(&r.state, c->repo, e))
        return -1;
    if (read_names(&r, from, to, e) == 0 && find_changes(&r, e) == 0 &&
        write_all(&r, o->dry_run, e) == 0) {
        say_done(&r, o->dry_run);
        code = PM_YES;
    }
    vec_release(&r.files);
    corpus_release(&r.corpus);
    arena_release(&r.arena);
    state_release(&r.state);
    return code;
}
