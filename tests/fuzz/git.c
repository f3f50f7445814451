/* A repository whose objects are any bytes, in memory: its history is walked, its trees are listed and
 * compared, its .mailmap is asked. Every call answers or fails with a sentence, whatever leads where.
 *
 * Objects are separated by 0xff; the first byte of each says its kind: c, t or g, else a blob. A
 * name's first byte picks one of them, so that most names lead somewhere. */
#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "../../src/git/repo_private.h"
#include "pm/diff.h"
#include "pm/people.h"
#include "pm/snapshot.h"
#include "pm/walk.h"

#include "../lib/hostile.h"

enum { OBJECTS = 40, LOOKED_AT = 1000 /* of trees, which may hold any number */ };

struct shelf {
    git_odb_backend backend;
    struct slice v[OBJECTS];
    size_t n;
};

/* ---- the objects ---- */

static const struct slice *on_shelf(git_odb_backend *backend, const git_oid *id)
{
    struct shelf *shelf = (struct shelf *)(void *)backend;
    size_t i = id->id[0] % (shelf->n + 1);
    return i < shelf->n ? &shelf->v[i] : NULL;
}

static git_object_t kind_of(const struct slice *object)
{
    switch (object->n ? object->p[0] : '\0') {
    case 'c':
        return GIT_OBJECT_COMMIT;
    case 't':
        return GIT_OBJECT_TREE;
    case 'g':
        return GIT_OBJECT_TAG;
    default:
        return GIT_OBJECT_BLOB;
    }
}

static int shelf_header(size_t *n, git_object_t *kind, git_odb_backend *backend, const git_oid *id)
{
    const struct slice *object = on_shelf(backend, id);
    if (!object)
        return GIT_ENOTFOUND;
    *n = object->n ? object->n - 1 : 0;
    *kind = kind_of(object);
    return 0;
}

static int shelf_read(void **data, size_t *n, git_object_t *kind, git_odb_backend *backend,
                      const git_oid *id)
{
    const struct slice *object = on_shelf(backend, id);
    if (shelf_header(n, kind, backend, id))
        return GIT_ENOTFOUND;
    *data = git_odb_backend_data_alloc(backend, *n + 1);
    if (*n)
        memcpy(*data, object->p + 1, *n);
    ((char *)*data)[*n] = '\0';
    return 0;
}

static void shelf_free(git_odb_backend *backend)
{
    free(backend);
}

static git_odb *odb_of(struct slice bytes)
{
    struct shelf *shelf = xcalloc(1, sizeof *shelf);
    git_odb *odb;
    shelf->backend = (git_odb_backend){.version = GIT_ODB_BACKEND_VERSION, .read = shelf_read,
                                       .read_header = shelf_header, .free = shelf_free};
    while (shelf->n < OBJECTS && slice_split(&bytes, '\xff', &shelf->v[shelf->n]))
        shelf->n++;
    check_that(git_odb_new(&odb) == 0 && git_odb_add_backend(odb, &shelf->backend, 1) == 0,
               "there is an object database");
    return odb;
}

static struct oid nth(unsigned char n)
{
    return (struct oid){{n, 1}};
}

/* ---- what is asked ---- */

static void said(int result, struct err *e)
{
    check_that(result >= 0 || e->text[0], "a failure has its sentence");
    *e = (struct err)ERR_INIT;
}

/* Parents come first, and each step ends with its commit of the chain. */
static void check_walk(struct walk *w)
{
    uint32_t step = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct walk_commit *c = &w->v[i];
        for (uint32_t k = 0; k < c->nparents && !c->past; k++) {
            uint32_t parent = w->parents[c->first_parent + k];
            check_that(parent < i || w->v[parent].past || parent == w->chain[0],
                       "parents come before their children");
        }
        check_that(c->past || c->step >= step, "commits come by their steps");
        step = c->past ? step : c->step;
    }
    for (size_t i = 0; i < w->nchain; i++)
        check_that(w->chain[i] < w->n && w->v[w->chain[i]].on_chain, "the chain is in the walk");
    walk_release(w);
}

static bool is_commit(void *id, const struct oid *asked)
{
    return oid_eq(id, asked);
}

/* Of a past that runs forward less is read, and the walk is the same. */
static void walk_on(struct repo *r, struct oid *tip, struct oid *stop, struct err *e)
{
    struct walk_past past = {.ctx = stop, .on_chain = is_commit};
    struct walk before, whole, short_cut;
    bool found[2];
    int result = walk_history(&before, r, stop, NULL, NULL, e);
    said(result, e);
    if (result)
        return;
    past.forward = before.forward;
    result = walk_history(&whole, r, tip, stop, &found[0], e);
    said(result, e);
    if (result == 0 && walk_since(&short_cut, r, tip, &past, &found[1], e) == 0) {
        check_that(found[0] == found[1] && whole.n == short_cut.n && whole.nchain == short_cut.nchain,
                   "a walk that reads less of the past is as long");
        for (size_t i = 0; i < whole.n; i++)
            check_that(oid_eq(&whole.v[i].id, &short_cut.v[i].id) &&
                           whole.v[i].past == short_cut.v[i].past,
                       "a walk that reads less of the past is the same");
        check_walk(&short_cut);
    }
    if (result == 0)
        check_walk(&whole);
    walk_release(&before);
}

static void walk_all(struct repo *r, struct err *e)
{
    struct oid tip = nth(0), other = nth(1), heads[] = {nth(1), nth(2)};
    struct oids bases = VEC_INIT;
    struct walk w;
    bool found;
    int result = walk_history(&w, r, &tip, NULL, NULL, e);
    if (result == 0)
        check_walk(&w);
    said(result, e);
    result = walk_history(&w, r, &tip, &other, &found, e);
    if (result == 0)
        check_walk(&w);
    said(result, e);
    result = walk_merged(&w, r, &tip, &other, e);
    if (result == 0)
        check_walk(&w);
    said(result, e);
    result = walk_between(&w, r, &tip, heads, 2, e);
    if (result == 0)
        check_walk(&w);
    said(result, e);
    result = walk_between(&w, r, &tip, heads, 1, e);
    if (result == 0)
        check_walk(&w);
    said(result, e);
    check_that(walk_between(&w, r, NULL, NULL, 0, e) == 0, "what is first has nothing before it");
    check_walk(&w);
    walk_on(r, &tip, &other, e);
    said(commit_merge_bases(r, &tip, heads, 2, &bases, e), e);
    vec_release(&bases);
}

static bool among_the_first(void *looked_at, struct slice path, bool folder)
{
    check_that(path.n && (path.p[path.n - 1] == '/') == folder, "a folder ends in a slash");
    return ++*(size_t *)looked_at < LOOKED_AT;
}

static int check_change(void *looked_at, const struct change *c)
{
    (void)looked_at;
    check_that(c->path.n && !oid_eq(&c->before, &c->after), "what is told has changed");
    return 0;
}

static void look_into_trees(struct repo *r, struct err *e)
{
    struct oid tip = nth(0), other = nth(1), trees[] = {nth(3), nth(4)};
    struct snapshot *s;
    struct map changed = {0};
    struct str text = STR_INIT;
    bool too_large;
    size_t listed = 0, compared = 0, forked = 0;
    int result = snapshot_any_of_commit(&s, r, &tip, NULL, NULL, e);
    if (result == 0) {
        check_that(snapshot_count(s) <= 1, "one file is enough");
        snapshot_free(s);
    }
    said(result, e);
    result = snapshot_of_commit(&s, r, &tip, among_the_first, &listed, e);
    if (result == 0) {
        for (size_t i = 0; i < snapshot_count(s); i++)
            check_that(snapshot_find(s, snapshot_file(s, i)->path) == i, "what is listed is found");
        if (snapshot_count(s))
            said(snapshot_read(s, r, 0, 100, &text, &too_large, e), e);
        said(snapshot_read_path(s, r, SLICE(".pm/schema.yaml"), 100, &text, &too_large, e), e);
        said(snapshot_holds(s, r, SLICE("a/b/c"), e), e);
        snapshot_free(s);
    }
    said(result, e);
    struct differ *d = differ_new(r);
    said(differ_run(d, &trees[0], &trees[1], among_the_first, check_change, &compared, e), e);
    differ_free(d);
    said(changed_since_fork(&changed, r, &tip, &other, among_the_first, &forked, e), e);
    map_release(&changed);
    str_release(&text);
}

static void ask_people(struct repo *r, struct err *e)
{
    struct oid id = nth(0), blob = nth(5);
    struct object mailmap;
    struct commit c;
    struct slice name, email;
    if (object_read(r, &blob, OBJECT_BLOB, &mailmap, e))
        return;
    struct people *people = people_of(mailmap.data);
    if (commit_read(r, &id, &c, e) == 0) {
        people_resolve(people, c.author.name, c.author.email, &name, &email);
        check_that(c.author.when >= 0 && c.author.offset > -400000 && c.author.offset < 400000,
                   "a commit has a time and an offset");
        commit_release(&c);
    }
    people_free(people);
    object_release(&mailmap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct err e = ERR_INIT;
    if (!started) {
        started = git_libgit2_init() > 0;
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0); /* as pm/repo.h */
        git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    }
    struct repo r = {.odb = odb_of(slice_from((const char *)data, size))};
    walk_all(&r, &e);
    look_into_trees(&r, &e);
    ask_people(&r, &e);
    lookups_release(&r.trees);
    git_odb_free(r.odb);
    return 0;
}
