/* pm/object.h - git: raw objects
 *
 * Objects are read from the object database without libgit2's parsed-object cache and without
 * re-hashing on each read (git itself checks hashes on fsck and on transfer): several times
 * faster. Replace refs and grafts are ignored; `shallow` is honoured.
 */
#ifndef PM_OBJECT_H
#define PM_OBJECT_H

#include "pm/repo.h"
#include "pm/zone.h"

#define OID_SIZE 20
#define OID_HEX  40

struct oid {
    unsigned char b[OID_SIZE];
};

struct oids {
    struct oid *v;
    size_t n, cap;
};

bool oid_eq(const struct oid *a, const struct oid *b);
int oid_cmp(const struct oid *a, const struct oid *b);
bool oid_is_zero(const struct oid *o);
void oid_hex(const struct oid *o, char out[OID_HEX + 1]);
bool oid_parse(struct slice hex, struct oid *out); /* exactly 40 hexadecimal digits */
void oid_of_blob(struct slice data, struct oid *out); /* the name git would give these bytes */

enum object_kind { OBJECT_COMMIT = 1, OBJECT_TREE, OBJECT_BLOB, OBJECT_TAG };

/* The bytes of an object; valid until object_release. */
struct object {
    enum object_kind kind;
    struct slice data;
    void *handle;
};

/* A missing object: -1, with a sentence that names it. Another kind than asked for: -1. */
int object_read(struct repo *r, const struct oid *id, enum object_kind kind, struct object *out,
                struct err *e);
void object_release(struct object *o);
/* Kind and size from the object's header, for caps before reading. */
int object_size(struct repo *r, const struct oid *id, enum object_kind *kind, size_t *size,
                struct err *e);

/* Sorts indices of ids[] into the order in which reading is fast (pack file, then offset from its
 * end; loose objects last). order has n places. Needs no I/O beyond the .idx files. */
void object_read_order(struct repo *r, const struct oid *ids, size_t n, uint32_t *order);

/* The commit that a tag leads to, over other tags, or id itself: 1; 0 where it is no commit. */
int commit_peel(struct repo *r, const struct oid *id, struct oid *out, struct err *e);

struct ident {
    struct slice name, email; /* as written, no mailmap */
    int64_t when;             /* seconds since the epoch */
    int32_t offset;           /* seconds east of UTC */
};

/* A commit; slices point into raw. */
struct commit {
    struct oid id, tree;
    struct oid *parents; /* none at a root and at a shallow boundary */
    size_t nparents;
    struct ident author, committer;
    struct slice message;
    struct object raw;
};
int commit_read(struct repo *r, const struct oid *id, struct commit *out, struct err *e);
void commit_release(struct commit *c);

/* What a name means: a commit by any expression that git rev-parse accepts (peeled), or, for a
 * YYYY-MM-DD that names no ref, the last commit of HEAD's first-parent chain committed before the
 * end of that day in the zone. *by_date (may be NULL) tells which. */
int commit_resolve(struct repo *r, const struct zone *zone, const char *name, struct oid *out,
                   bool *by_date, struct err *e);
/* HEAD's commit: 1, or 0 when the branch is unborn. */
int commit_head(struct repo *r, struct oid *out, struct err *e);
/* The merge base of two commits: 1, 0 when there is none. */
int commit_merge_base(struct repo *r, const struct oid *a, const struct oid *b, struct oid *out,
                      struct err *e);
/* What of the history of tip the others reach: appends its newest commits, of which none is an
 * ancestor of another, the newest first. None: they share nothing. */
int commit_merge_bases(struct repo *r, const struct oid *tip, const struct oid *others, size_t n,
                       struct oids *out, struct err *e);

/* Pull iterator over the raw entries of a tree object: 1, 0 at the end, -1 when malformed. */
struct tree_entry {
    uint32_t mode; /* 0100644, 0100755, 0120000 link, 040000 tree, 0160000 submodule */
    struct slice name;
    struct oid id;
};
int tree_next(struct slice *rest, struct tree_entry *out);

#endif
