#include "pm/object.h"

#include "repo_private.h"

#include <string.h>

#include "pm/alloc.h"

bool oid_eq(const struct oid *a, const struct oid *b)
{
    return memcmp(a->b, b->b, OID_SIZE) == 0;
}

int oid_cmp(const struct oid *a, const struct oid *b)
{
    return memcmp(a->b, b->b, OID_SIZE);
}

bool oid_is_zero(const struct oid *o)
{
    static const struct oid zero;
    return oid_eq(o, &zero);
}

void oid_hex(const struct oid *o, char out[OID_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < OID_SIZE; i++) {
        out[2 * i] = digits[o->b[i] >> 4];
        out[2 * i + 1] = digits[o->b[i] & 15];
    }
    out[OID_HEX] = '\0';
}

static int hex_value(char c)
{
    c = ascii_lower(c);
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool oid_parse(struct slice hex, struct oid *out)
{
    struct oid id;
    if (hex.n != OID_HEX)
        return false;
    for (size_t i = 0; i < OID_SIZE; i++) {
        int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id.b[i] = (unsigned char)(high << 4 | low);
    }
    *out = id;
    return true;
}

void oid_to_git(git_oid *out, const struct oid *id)
{
    (void)git_oid_fromraw(out, id->b);
}

void oid_from_git(struct oid *out, const git_oid *id)
{
    memcpy(out->b, id->id, OID_SIZE);
}

void oid_of_blob(struct slice data, struct oid *out)
{
    git_oid id;
    if (git_odb_hash(&id, data.p ? data.p : "", data.n, GIT_OBJECT_BLOB) < 0)
        BUG("cannot hash %zu bytes", data.n);
    oid_from_git(out, &id);
}

static const char *kind_name(enum object_kind kind)
{
    static const char *const names[] = {
        [OBJECT_COMMIT] = "commit",
        [OBJECT_TREE] = "tree",
        [OBJECT_BLOB] = "blob",
        [OBJECT_TAG] = "tag",
    };
    return names[kind];
}

static int not_readable(const struct oid *id, int code, struct err *e)
{
    char hex[OID_HEX + 1];
    oid_hex(id, hex);
    if (code == GIT_ENOTFOUND)
        return err_set(e, "object %s is missing from the repository", hex);
    if (code == OBJECT_CORRUPT)
        return err_set(e, "object %s is corrupt", hex);
    return err_git(e, "cannot read object %s", hex);
}

static int check_kind(const struct oid *id, git_object_t is, enum object_kind wanted, struct err *e)
{
    char hex[OID_HEX + 1];
    if ((int)is == (int)wanted)
        return 0;
    oid_hex(id, hex);
    return err_set(e, "object %s is not a %s", hex, kind_name(wanted));
}

int object_read(struct repo *r, const struct oid *id, enum object_kind kind, struct object *out,
                struct err *e)
{
    git_odb_object *object = NULL;
    git_oid name;
    oid_to_git(&name, id);
    int code = git_odb_read(&object, r->odb, &name);
    if (code < 0)
        return not_readable(id, code, e);
    if (check_kind(id, git_odb_object_type(object), kind, e) < 0) {
        git_odb_object_free(object);
        return -1;
    }
    out->kind = kind;
    out->data = slice_from(git_odb_object_data(object), git_odb_object_size(object));
    out->handle = object;
    return 0;
}

void object_release(struct object *o)
{
    git_odb_object_free(o->handle);
    memset(o, 0, sizeof *o);
}

int object_size(struct repo *r, const struct oid *id, enum object_kind *kind, size_t *size,
                struct err *e)
{
    git_object_t is;
    git_oid name;
    size_t bytes;
    oid_to_git(&name, id);
    int code = git_odb_read_header(&bytes, &is, r->odb, &name);
    if (code < 0)
        return not_readable(id, code, e);
    if (kind)
        *kind = (enum object_kind)is;
    *size = bytes;
    return 0;
}

static bool is_name(struct slice name)
{
    if (name.n == 0 || memchr(name.p, '/', name.n))
        return false;
    return name.p[0] != '.' || (name.n != 1 && (name.n != 2 || name.p[1] != '.'));
}

int tree_next(struct slice *rest, struct tree_entry *out)
{
    if (rest->n == 0) /* an empty slice may be NULL, to which not even 0 may be added */
        return 0;
    const char *p = rest->p, *end = p + rest->n;
    uint32_t mode = 0;
    for (; p < end && *p >= '0' && *p <= '7' && mode < 01000000; p++)
        mode = mode << 3 | (uint32_t)(*p - '0');
    if (p == rest->p || p == end || *p != ' ')
        return -1;
    const char *name = p + 1, *nul = memchr(name, '\0', (size_t)(end - name));
    if (!nul || (size_t)(end - nul) < 1 + OID_SIZE)
        return -1;
    struct slice text = slice_from(name, (size_t)(nul - name));
    if (!is_name(text))
        return -1;
    out->mode = mode;
    out->name = text;
    memcpy(out->id.b, nul + 1, OID_SIZE);
    rest->p = nul + 1 + OID_SIZE;
    rest->n = (size_t)(end - rest->p);
    return 1;
}
