/* Loose objects: a zlib stream of "KIND SIZE", a NUL, and SIZE bytes. libgit2 knows where they are,
 * but its inflating (1.5) never ends where a file is cut short, so they are read here. */
#include "repo_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>
#include <zlib.h>

#include "pm/alloc.h"

#define HEADER_BYTES 32u /* "commit", a number of 20 digits, a blank and a NUL are fewer */
#define INPUT_BYTES  4096u
#define MOST_AT_ONCE (1u << 30) /* zlib counts in unsigned int */
#define MOST_DENSE   1032u      /* bytes that one byte of a zlib stream can stand for */

struct loose {
    git_odb_backend base;
    git_odb_backend *theirs; /* tells where an object is */
    char *folder;
};

/* A file that is being inflated. */
struct stream {
    z_stream z;
    int fd;
    int state; /* Z_OK, Z_STREAM_END, or what is wrong */
    git_object_t kind;
    size_t size;
    struct slice rest; /* what of head is no longer header */
    unsigned char head[HEADER_BYTES];
    unsigned char input[INPUT_BYTES];
};

static void refill(struct stream *s)
{
    ssize_t n;
    do
        n = read(s->fd, s->input, sizeof s->input);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        s->state = n < 0 ? Z_ERRNO : Z_DATA_ERROR;
    s->z.next_in = s->input;
    s->z.avail_in = n > 0 ? (uInt)n : 0;
}

/* The next n bytes; fewer where the stream ends, or cannot be read on. */
static size_t inflate_bytes(struct stream *s, unsigned char *out, size_t n)
{
    size_t done = 0;
    while (done < n && s->state == Z_OK) {
        uInt room = n - done < MOST_AT_ONCE ? (uInt)(n - done) : MOST_AT_ONCE;
        s->z.next_out = out + done;
        s->z.avail_out = room;
        int code = inflate(&s->z, Z_NO_FLUSH);
        done += room - s->z.avail_out;
        if (code != Z_OK && code != Z_BUF_ERROR)
            s->state = code;
        else if (s->z.avail_out > 0)
            refill(s);
    }
    return done;
}

static int failed(const struct stream *s)
{
    if (s->state == Z_MEM_ERROR)
        out_of_memory();
    if (s->state != Z_ERRNO)
        return OBJECT_CORRUPT;
    git_error_set_str(GIT_ERROR_OS, strerror(errno));
    return -1;
}

static bool parse_header(struct stream *s, struct slice head)
{
    char name[HEADER_BYTES] = "";
    size_t end = slice_chr(head, '\0', 0), blank = slice_chr(head, ' ', 0);
    int64_t size;
    if (end == SIZE_MAX || blank > end ||
        !slice_i64(slice_sub(head, blank + 1, end - blank - 1), 0, INT64_MAX, &size))
        return false;
    memcpy(name, head.p, blank);
    s->kind = git_object_string2type(name);
    s->size = (size_t)size;
    s->rest = slice_sub(head, end + 1, head.n);
    return git_object_typeisloose(s->kind) && s->rest.n <= s->size;
}

static int read_header(struct stream *s)
{
    size_t n = inflate_bytes(s, s->head, sizeof s->head);
    if (s->state != Z_OK && s->state != Z_STREAM_END)
        return failed(s);
    return parse_header(s, slice_from((const char *)s->head, n)) ? 0 : OBJECT_CORRUPT;
}

/* Whoever lies about a size does not get the memory. */
static bool is_plausible(const struct stream *s)
{
    struct stat st;
    return fstat(s->fd, &st) == 0 && s->size / MOST_DENSE <= (size_t)st.st_size;
}

/* One byte more than there should be is asked for: only so the stream's end, and its checksum, are
 * reached; and what libgit2 reads ends with a NUL. */
static int read_body(struct stream *s, git_odb_backend *backend, void **out)
{
    if (!is_plausible(s))
        return OBJECT_CORRUPT;
    unsigned char *bytes = git_odb_backend_data_alloc(backend, s->size + 1);
    if (!bytes)
        return -1;
    memcpy(bytes, s->rest.p, s->rest.n);
    size_t n = s->rest.n + inflate_bytes(s, bytes + s->rest.n, s->size + 1 - s->rest.n);
    if (s->state != Z_STREAM_END || n != s->size) {
        git_odb_backend_data_free(backend, bytes);
        return s->state == Z_OK || s->state == Z_STREAM_END ? OBJECT_CORRUPT : failed(s);
    }
    bytes[n] = '\0';
    *out = bytes;
    return 0;
}

static int open_object(const char *folder, const git_oid *id)
{
    struct str path = STR_INIT;
    struct oid oid;
    char hex[OID_HEX + 1];
    oid_from_git(&oid, id);
    oid_hex(&oid, hex);
    str_addf(&path, "%s%.2s/%s", folder, hex, hex + 2);
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    int number = errno;
    str_release(&path);
    errno = number;
    return fd;
}

/* Kind and size; the bytes too, where `out` is not NULL. */
static int read_object(git_odb_backend *backend, const git_oid *id, git_object_t *kind,
                       size_t *size, void **out)
{
    struct stream s = {.fd = open_object(((struct loose *)backend)->folder, id)};
    if (s.fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return GIT_ENOTFOUND;
    s.state = s.fd < 0 ? Z_ERRNO : inflateInit(&s.z);
    int code = s.state == Z_OK ? read_header(&s) : failed(&s);
    if (code == 0 && out)
        code = read_body(&s, backend, out);
    *kind = s.kind;
    *size = s.size;
    inflateEnd(&s.z);
    if (s.fd >= 0)
        close(s.fd);
    return code;
}

static int loose_read(void **out, size_t *size, git_object_t *kind, git_odb_backend *backend,
                      const git_oid *id)
{
    return read_object(backend, id, kind, size, out);
}

static int loose_read_header(size_t *size, git_object_t *kind, git_odb_backend *backend,
                             const git_oid *id)
{
    return read_object(backend, id, kind, size, NULL);
}

static int loose_exists(git_odb_backend *backend, const git_oid *id)
{
    git_odb_backend *theirs = ((struct loose *)backend)->theirs;
    return theirs->exists(theirs, id);
}

static int loose_exists_prefix(git_oid *out, git_odb_backend *backend, const git_oid *id, size_t n)
{
    git_odb_backend *theirs = ((struct loose *)backend)->theirs;
    return theirs->exists_prefix(out, theirs, id, n);
}

static int loose_read_prefix(git_oid *full, void **out, size_t *size, git_object_t *kind,
                             git_odb_backend *backend, const git_oid *id, size_t n)
{
    int code = loose_exists_prefix(full, backend, id, n);
    return code < 0 ? code : read_object(backend, full, kind, size, out);
}

static void loose_free(git_odb_backend *backend)
{
    struct loose *l = (struct loose *)backend;
    l->theirs->free(l->theirs);
    free(l->folder);
    free(l);
}

int loose_backend(git_odb_backend **out, const char *folder)
{
    struct loose *l = xcalloc(1, sizeof *l);
    int code = git_odb_backend_loose(&l->theirs, folder, -1, 0, 0, 0);
    if (code < 0) {
        free(l);
        return code;
    }
    git_odb_init_backend(&l->base, GIT_ODB_BACKEND_VERSION);
    l->base.read = loose_read;
    l->base.read_header = loose_read_header;
    l->base.read_prefix = loose_read_prefix;
    l->base.exists = loose_exists;
    l->base.exists_prefix = loose_exists_prefix;
    l->base.free = loose_free;
    l->folder = xstrdup(folder);
    *out = &l->base;
    return 0;
}
