#include "pm/object.h"

#include "repo_private.h"

#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/caps.h"
#include "pm/date.h"
#include "pm/file.h"

#define DAY INT64_C(86400)

/* Takes "key value\n" off the front of *rest. */
static bool take_header(struct slice *rest, const char *key, struct slice *value)
{
    size_t n = strlen(key), end = slice_chr(*rest, '\n', 0);
    if (end == SIZE_MAX || end <= n || memcmp(rest->p, key, n) != 0 || rest->p[n] != ' ')
        return false;
    *value = slice_sub(*rest, n + 1, end - n - 1);
    *rest = slice_sub(*rest, end + 1, rest->n);
    return true;
}

static size_t last_of(struct slice s, char c)
{
    for (size_t i = s.n; i-- > 0;) {
        if (s.p[i] == c)
            return i;
    }
    return SIZE_MAX;
}

/* "+0130" is a number of hours and minutes. */
static int32_t parse_offset(struct slice s)
{
    int64_t number;
    if (s.n < 2 || (s.p[0] != '+' && s.p[0] != '-') ||
        !slice_i64(slice_sub(s, 1, s.n), 0, 9999, &number))
        return 0;
    int32_t seconds = (int32_t)(number / 100 * 3600 + number % 100 * 60);
    return s.p[0] == '-' ? -seconds : seconds;
}

/* "Name <email> 1700000000 +0100"; what is malformed is empty or 0, as git shows it. */
static struct ident parse_ident(struct slice line)
{
    struct ident ident = {0};
    size_t close = last_of(line, '>');
    size_t open = slice_chr(line, '<', 0);
    if (close == SIZE_MAX || open == SIZE_MAX || open > close) {
        ident.name = slice_trim(line);
        return ident;
    }
    ident.name = slice_trim(slice_sub(line, 0, open));
    ident.email = slice_trim(slice_sub(line, open + 1, close - open - 1));
    struct slice rest = slice_trim(slice_sub(line, close + 1, line.n)), when = {0}, offset = {0};
    (void)slice_split(&rest, ' ', &when);
    (void)slice_split(&rest, ' ', &offset);
    if (slice_i64(when, 0, INT64_MAX / 2, &ident.when))
        ident.offset = parse_offset(offset);
    return ident;
}

static size_t count_parents(struct slice rest)
{
    struct slice value;
    size_t n = 0;
    while (take_header(&rest, "parent", &value))
        n++;
    return n;
}

static bool parse_commit(struct commit *c, bool cut)
{
    struct slice rest = c->raw.data, value;
    if (!take_header(&rest, "tree", &value) || !oid_parse(value, &c->tree))
        return false;
    size_t n = count_parents(rest);
    c->parents = n ? xcalloc(n, sizeof *c->parents) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (!take_header(&rest, "parent", &value) || !oid_parse(value, &c->parents[i]))
            return false;
    }
    c->nparents = cut ? 0 : n;
    if (take_header(&rest, "author", &value))
        c->author = parse_ident(value);
    if (take_header(&rest, "committer", &value))
        c->committer = parse_ident(value);
    /* The headers end with an empty line; "encoding" and signatures may come before it. */
    if (rest.n > 0 && rest.p[0] == '\n') {
        c->message = slice_sub(rest, 1, rest.n);
        return true;
    }
    size_t end = slice_find(rest, SLICE("\n\n"), 0);
    c->message = end == SIZE_MAX ? (struct slice){0} : slice_sub(rest, end + 2, rest.n);
    return true;
}

int commit_read(struct repo *r, const struct oid *id, struct commit *out, struct err *e)
{
    struct commit c = {.id = *id};
    if (object_read(r, id, OBJECT_COMMIT, &c.raw, e) < 0)
        return -1;
    if (!parse_commit(&c, repo_cuts(r, id))) {
        char hex[OID_HEX + 1];
        oid_hex(id, hex);
        commit_release(&c);
        return err_set(e, "commit %s is malformed", hex);
    }
    *out = c;
    return 0;
}

void commit_release(struct commit *c)
{
    free(c->parents);
    object_release(&c->raw);
    memset(c, 0, sizeof *c);
}

/* HEAD of the git directory where libgit2's handle is of another one. */
static int read_head(struct repo *r, git_oid *out)
{
    struct oid id;
    char *path = path_under(r->place.git_dir, "HEAD");
    char *line = path_first_line(path);
    int code = GIT_ENOTFOUND;
    if (line && strncmp(line, "ref:", 4) == 0) {
        code = git_reference_name_to_id(out, r->git, line + 4 + strspn(line + 4, " \t"));
    } else if (line && oid_parse(slice_of(line), &id)) {
        oid_to_git(out, &id);
        code = 0;
    }
    free(line);
    free(path);
    return code;
}

int commit_head(struct repo *r, struct oid *out, struct err *e)
{
    git_oid id;
    int code =
        r->head_elsewhere ? read_head(r, &id) : git_reference_name_to_id(&id, r->git, "HEAD");
    if (code == GIT_ENOTFOUND)
        return 0;
    if (code < 0)
        return err_git(e, "cannot read HEAD");
    oid_from_git(out, &id);
    return 1;
}

/* The last commit of HEAD's first-parent chain before the moment `end`. */
static int resolve_date(struct repo *r, const char *name, int64_t end, struct oid *out,
                        struct err *e)
{
    struct oid id;
    int result = commit_head(r, &id, e);
    while (result == 1) {
        struct commit c;
        if (commit_read(r, &id, &c, e) < 0)
            return -1;
        int64_t when = c.committer.when;
        bool more = c.nparents > 0;
        if (more && when >= end)
            id = c.parents[0];
        commit_release(&c);
        if (when < end) {
            *out = id;
            return 0;
        }
        result = more;
    }
    return result < 0 ? -1 : err_usage(e, "there is no commit before the end of %s", name);
}

static bool is_day(const char *name, const struct zone *zone, int64_t *end)
{
    struct date d;
    struct slice s = slice_of(name);
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !date_parse(s, &d))
        return false;
    *end = zone_to_utc(zone, (date_days(d) + 1) * DAY);
    return true;
}

static bool is_ref(struct repo *r, const char *name)
{
    git_reference *ref = NULL;
    bool found = git_reference_dwim(&ref, r->git, name) == 0;
    git_reference_free(ref);
    return found;
}

/* ":/words" and "HEAD^{/words}": libgit2 1.5 leaks 20 KB for each commit that does not match. */
static bool is_search(const char *name)
{
    return strncmp(name, ":/", 2) == 0 || strstr(name, "^{/");
}

static bool is_of_head(const char *name)
{
    size_t n = strncmp(name, "HEAD", 4) == 0 ? 4 : name[0] == '@' ? 1 : 0;
    return n > 0 && (name[n] == '\0' || strchr("~^:", name[n]));
}

/* The name in terms that libgit2 can resolve: what it searches badly is asked of git, and where
 * its HEAD is another worktree's, HEAD~2 is <hex>~2. */
static char *spell_out(struct repo *r, const char *name)
{
    const char *const argv[] = {"rev-parse", "--verify", "--end-of-options", name, NULL};
    char hex[OID_HEX + 1];
    struct oid id;
    struct str text = STR_INIT;
    if (is_search(name)) {
        if (repo_ask(r, argv, &text, NULL) == 0)
            str_truncate(&text, slice_rtrim(str_slice(&text)).n);
        return str_detach(&text, NULL);
    }
    if (r->head_elsewhere && is_of_head(name) && commit_head(r, &id, NULL) == 1) {
        oid_hex(&id, hex);
        str_addz(&text, hex);
        name += name[0] == '@' ? 1 : 4;
    }
    str_addz(&text, name);
    return str_detach(&text, NULL);
}

/* libgit2 reads a ref's object itself, and loses the ref where that cannot be read. */
static int look_up(git_object **out, struct repo *r, const char *spelled)
{
    git_reference *ref = NULL, *direct = NULL;
    if (git_reference_dwim(&ref, r->git, spelled) < 0)
        return git_revparse_single(out, r->git, spelled);
    int result = git_reference_resolve(&direct, ref);
    if (result == 0)
        result = git_object_lookup(out, r->git, git_reference_target(direct), GIT_OBJECT_ANY);
    git_reference_free(direct);
    git_reference_free(ref);
    return result;
}

static int resolve_name(struct repo *r, const char *name, struct oid *out, struct err *e)
{
    git_object *object = NULL, *commit = NULL;
    char *spelled = spell_out(r, name);
    int result = look_up(&object, r, spelled);
    if (result == GIT_EAMBIGUOUS)
        err_usage(e, "'%s' is ambiguous", name);
    else if (result == OBJECT_CORRUPT)
        err_set(e, "'%s' leads to an object that is corrupt", name);
    else if (result < 0)
        err_usage(e, "'%s' is not a revision%s", name,
                  ascii_is_digit((unsigned char)*name) ? ", nor a day such as 2026-03-17" : "");
    else if ((result = git_object_peel(&commit, object, GIT_OBJECT_COMMIT)) < 0)
        err_usage(e, "'%s' is not a commit", name);
    else
        oid_from_git(out, git_object_id(commit));
    git_object_free(commit);
    git_object_free(object);
    free(spelled);
    return result < 0 ? -1 : 0;
}

int commit_resolve(struct repo *r, const struct zone *zone, const char *name, struct oid *out,
                   bool *by_date, struct err *e)
{
    int64_t end;
    bool date = is_day(name, zone, &end) && !is_ref(r, name);
    int result = date ? resolve_date(r, name, end, out, e) : resolve_name(r, name, out, e);
    if (result == 0 && by_date)
        *by_date = date;
    return result;
}

/* A tag's first line names what it is of. */
static int tag_target(struct repo *r, const struct oid *id, struct oid *out, struct err *e)
{
    struct object tag;
    struct slice rest, hex;
    if (object_read(r, id, OBJECT_TAG, &tag, e))
        return -1;
    rest = tag.data;
    bool named = take_header(&rest, "object", &hex) && oid_parse(hex, out);
    object_release(&tag);
    return named ? 0 : err_set(e, "a tag does not say what it is of");
}

int commit_peel(struct repo *r, const struct oid *id, struct oid *out, struct err *e)
{
    struct oid at = *id;
    enum object_kind kind;
    size_t size;
    for (size_t depth = 0; depth < CAP_TAG_DEPTH; depth++) {
        if (object_size(r, &at, &kind, &size, e))
            return -1;
        if (kind != OBJECT_TAG) {
            *out = at;
            return kind == OBJECT_COMMIT;
        }
        if (size > CAP_DOCUMENT_BYTES)
            return err_set(e, "a tag is larger than %u bytes", CAP_DOCUMENT_BYTES);
        if (tag_target(r, &at, &at, e))
            return -1;
    }
    return err_set(e, "a tag of tags is deeper than %u", CAP_TAG_DEPTH);
}
