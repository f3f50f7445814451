#include "pm/repo.h"

#include "repo_private.h"

#include <stdlib.h>
#include <string.h>

#include <git2/sys/repository.h>

#include "pm/alloc.h"
#include "pm/file.h"

#define MAX_SHALLOW_BYTES (64u * 1024u * 1024u)

int err_git(struct err *e, const char *fmt, ...)
{
    const git_error *last = git_error_last();
    struct str text = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    err_set(e, "%s: %s", text.p, last && last->message ? last->message : "unknown reason");
    str_release(&text);
    return -1;
}

/* Where libgit2 is built with mbedTLS, as Debian's is, starting it reads the certificates of all
 * authorities that the system trusts, which takes longer than the rest of a short command. pm speaks
 * to no server: this stands before mbedTLS' own function and finds nobody to trust. Other builds of
 * libgit2 do not ask for it. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    (void)chain, (void)path;
    return 0;
}

/* Of packs, which are read in order: what is mapped counts as memory that pm takes. */
#define WINDOW_BYTES ((size_t)32 * 1024 * 1024)
#define MAPPED_BYTES ((size_t)384 * 1024 * 1024)

/* Once for the process; libgit2 counts. Objects are read once and in bulk here: caching parsed
 * ones and hashing each again costs several times what reading them does. Owners, extensions and
 * the configuration files are our own business. */
static int start_libgit2(struct err *e)
{
    static const char *const extensions[] = {"objectformat", "partialclone",      "preciousobjects",
                                             "refstorage",   "relativeworktrees", "worktreeconfig"};
    git_memory_start();
    int count = git_libgit2_init();
    if (count < 0)
        return err_git(e, "cannot start libgit2");
    if (count > 1)
        return 0;
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, WINDOW_BYTES);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, MAPPED_BYTES);
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof *extensions);
    return 0;
}

static int compare_oids(const void *a, const void *b)
{
    return memcmp(a, b, OID_SIZE);
}

static int read_shallow(struct repo *r, struct err *e)
{
    const char *named = getenv("GIT_SHALLOW_FILE"); /* empty: not shallow */
    char *path = path_under(r->place.common_dir, named ? named : "shallow");
    struct str text = STR_INIT;
    VEC(struct oid) ids = VEC_INIT;
    struct oid id;
    int result = 0;
    if ((!named || *named) && file_exists(path))
        result = file_read(&text, path, MAX_SHALLOW_BYTES, NULL, e);
    struct slice rest = str_slice(&text), line;
    while (slice_split(&rest, '\n', &line)) {
        if (oid_parse(slice_trim(line), &id))
            vec_push(&ids, id);
    }
    vec_sort(&ids, compare_oids);
    r->shallow = ids.v;
    r->nshallow = ids.n;
    str_release(&text);
    free(path);
    return result;
}

bool repo_cuts(const struct repo *r, const struct oid *id)
{
    return r->nshallow > 0 && bsearch(id, r->shallow, r->nshallow, sizeof *id, compare_oids);
}

static int add_objects(git_odb *odb, const char *folder, struct err *e)
{
    git_odb_backend *packed = NULL, *loose = NULL;
    if (git_odb_backend_pack(&packed, folder) < 0 || git_odb_add_backend(odb, packed, 2) < 0 ||
        loose_backend(&loose, folder) < 0 ||
        git_odb_add_backend(odb, loose, 1) < 0)
        return err_git(e, "cannot read the objects in '%s'", folder);
    return 0;
}

static int open_objects(struct repo *r, struct err *e)
{
    object_folders(&r->objects, &r->place);
    if (r->objects.n == 0)
        return err_set(e, "cannot find the object directory of '%s'", r->place.git_dir);
    if (git_odb_new(&r->odb) < 0)
        return err_git(e, "cannot read objects");
    for (size_t i = 0; i < r->objects.n; i++) {
        if (add_objects(r->odb, r->objects.v[i], e) < 0)
            return -1;
    }
    if (git_repository_set_odb(r->git, r->odb) < 0)
        return err_git(e, "cannot read objects");
    return 0;
}

/* libgit2 finds the common directory by the file 'commondir' only. Where GIT_COMMON_DIR says
 * another, its handle is of that one, and HEAD, the one ref that both have, is read by us. */
static int open_refs(struct repo *r, struct err *e)
{
    const char *common = NULL;
    if (git_repository_open_bare(&r->git, r->place.git_dir) == 0)
        common = git_repository_commondir(r->git);
    char *real = common ? path_real_folder(common) : NULL;
    r->head_elsewhere = !real || strcmp(real, r->place.common_dir) != 0;
    free(real);
    if (!r->head_elsewhere)
        return 0;
    git_repository_free(r->git);
    r->git = NULL;
    if (git_repository_open_bare(&r->git, r->place.common_dir) < 0)
        return err_git(e, "cannot open the repository '%s'", r->place.git_dir);
    return 0;
}

static char *find_prefix(const struct place *p)
{
    size_t n = p->worktree ? strlen(p->worktree) : 0;
    bool inside = n > 0 && strncmp(p->start, p->worktree, n) == 0;
    return xstrdup(inside ? p->start + n : "");
}

int repo_open(struct repo **out, const struct repo_where *where, struct err *e)
{
    if (start_libgit2(e) < 0)
        return -1;
    struct repo *r = xcalloc(1, sizeof *r);
    visitor_init(&r->reading, -1);
    if (place_find(&r->place, where, e) < 0 || trust_format(&r->place, e) < 0 ||
        open_refs(r, e) < 0 || config_open(r, e) < 0 || trust_owner(r, e) < 0 ||
        place_worktree(r, e) < 0 || open_objects(r, e) < 0 || read_shallow(r, e) < 0) {
        repo_free(r);
        return -1;
    }
    r->prefix = find_prefix(&r->place);
    *out = r;
    return 0;
}

int repo_again(struct repo **out, const struct repo *r, struct err *e)
{
    struct repo_where where = {r->place.start, r->place.named ? r->place.git_dir : NULL};
    return repo_open(out, &where, e);
}

void repo_free(struct repo *r)
{
    if (!r)
        return;
    packs_free(r->packs);
    visitor_release(&r->reading);
    lookups_release(&r->trees);
    git_odb_free(r->odb);
    git_config_free(r->config);
    git_repository_free(r->git);
    place_release(&r->place);
    settings_release(&r->settings);
    folders_release(&r->objects);
    free(r->prefix);
    free(r->shallow);
    free(r);
    git_libgit2_shutdown();
}

bool repo_is_bare(const struct repo *r)
{
    return !r->place.worktree;
}

uint64_t repo_shallow_digest(const struct repo *r)
{
    const char *ids = (const char *)r->shallow;
    return r->nshallow ? slice_hash(slice_from(ids, r->nshallow * sizeof *r->shallow)) : 0;
}

bool repo_is_shallow(const struct repo *r)
{
    return r->nshallow > 0;
}

bool repo_is_ours(const struct repo *r)
{
    return r->ours;
}

const char *repo_worktree(const struct repo *r)
{
    return r->place.worktree;
}

const char *repo_git_dir(const struct repo *r)
{
    return r->place.git_dir;
}

const char *repo_common_dir(const struct repo *r)
{
    return r->place.common_dir;
}

const char *repo_prefix(const struct repo *r)
{
    return r->prefix;
}

void git_libraries(struct str *out)
{
    int major, minor, patch;
    git_libgit2_version(&major, &minor, &patch);
    str_addf(out, "libgit2 %d.%d.%d\n", major, minor, patch);
}
