/* What the files of the chronicle share:
 *
 *   chronicle.c        which histories there are chronicles of
 *   chronicle_trees.c  what differs between the trees of commits, in threads
 *   chronicle_edits.c  what each commit did to the documents' files
 *   chronicle_blobs.c  blobs → versions, in threads
 *   chronicle_fold.c   commits, edits, versions → steps of the ledger
 *   chronicle_excuse.c what the commits of a step say about items that it drops
 *   past.c             earlier versions of a few documents, for promises.c and drafts.c
 */
#ifndef PM_CHRONICLE_PRIVATE_H
#define PM_CHRONICLE_PRIVATE_H

#include "pm/chronicle.h"
#include "pm/diff.h"
#include "pm/similar.h"
#include "pm/vec.h"

/* Who is told how far we are; call may be NULL. */
struct progress {
    chronicle_progress *call;
    void *ctx;
};
void progress_tell(const struct progress *p, const char *what, size_t done, size_t total);

/* ---- blobs ---- */

#define NO_BLOB UINT32_MAX

struct blob {
    struct oid id;
    struct version *version;   /* NULL: not read yet */
    struct similar *signature; /* NULL: not asked for yet */
};

/* Every content of a document. version.content is the index here. */
struct blobs {
    struct repo *repo;
    struct selection sel;
    VEC(struct blob) list;
    struct map by_id;
    size_t nread; /* versions made so far */
};

struct blobs *blobs_new(struct repo *r, const struct selection *sel);
void blobs_free(struct blobs *b);
uint32_t blobs_index(struct blobs *b, const struct oid *id); /* zero: NO_BLOB */
/* Of a regular file that only the worktree may have; NO_BLOB: it is not there. */
int blobs_index_file(struct blobs *b, const struct snapshot *files, struct slice path,
                     uint32_t *index, struct err *e);
/* Reads and parses what has no version yet. wanted: by index; NULL: all. */
int blobs_read(struct blobs *b, const bool *wanted, const struct progress *progress,
               struct err *e);
/* Frees what was read of the others. */
void blobs_keep(struct blobs *b, const bool *kept);
int blobs_read_one(struct blobs *b, uint32_t index, struct err *e);
const struct version *blobs_version(const struct blobs *b, uint32_t index); /* NO_BLOB: NULL */
/* Percent; -1 when a blob cannot be read. */
int blobs_likeness(struct blobs *b, uint32_t x, uint32_t y, struct err *e);
int blobs_likeness_to(struct blobs *b, uint32_t x, const struct oid *other, struct err *e);

/* Commits whose trees a thread compares at a time, and whose versions are held at once (2 KB each,
 * with five items). .ci/run has tests built with tiny ones. */
#ifndef COMMITS_COMPARED
#define COMMITS_COMPARED 512u
#endif
#ifndef COMMITS_HELD
#define COMMITS_HELD (16u * 1024u)
#endif

/* ---- trees ---- */

/* Whose edits are read. */
struct history {
    const struct walk *walk;
    size_t from; /* the first commit of the walk that is new (1 after a stop) */
    const struct uncommitted *last; /* what its last element does; NULL: that is a commit, too */
    size_t *edits; /* counts on: chronicle.edits */
};
const struct walk_commit *walk_parent(const struct walk *w, const struct walk_commit *c,
                                      uint32_t i);

/* The documents' files that each commit of a history changes; a merge on a side against one parent
 * after the other, unless one of them is like it. */
struct trees {
    struct stretch *v;
    size_t n;
};
int trees_compare(struct trees *out, struct blobs *b, const struct history *h,
                  const struct progress *progress, struct err *e);
const struct change *trees_changes(const struct trees *t, size_t commit, size_t *n);
void trees_release(struct trees *t);

/* ---- edits ---- */

struct blob_edit {
    struct slice path;
    uint32_t before, after;
    bool left, half; /* see struct ledger_edit */
};

struct edits {
    VEC(struct blob_edit) list;
    size_t *first;    /* those of commit i of the walk: first[i] up to first[i + 1] */
    struct map paths; /* each path once */
    struct arena arena;
};

int edits_read(struct edits *out, struct blobs *b, const struct history *h,
               const struct progress *progress, struct err *e);
/* Between two trees, into out->list; nothing is marked as left. */
int edits_compare(struct edits *out, struct blobs *b, const struct oid *before,
                  const struct oid *after, struct err *e);
void edits_release(struct edits *e);

/* ---- the past of a few paths ---- */

struct past_path {
    struct slice path;
    struct slice at;     /* what it was called where we are */
    VEC(uint32_t) blobs; /* newest first; of one content in a row once */
    int64_t since; /* the time of the oldest commit that has the last of them; not set: none does */
    bool closed;
    bool appeared; /* with the commit where we are */
};
struct past {
    struct past_path *v;
    size_t n, cap;
    bool (*wanted)(const struct version *v); /* a path is followed while its versions are */
    bool with_end; /* the version that is not wanted is kept, too */
    int64_t until; /* what lies before this time is not looked at; INT64_MIN: all */
    bool renamed;  /* through renames, as pm/renames.h finds them */
    struct arena arena;
};
/* Follows the paths, whose contents so far are none, from a commit back to where they appeared. Only
 * as many commits are read as that takes. */
int past_read(struct past *p, struct blobs *b, const struct oid *from, struct err *e);
void past_release(struct past *p);

/* ---- steps ---- */

#define NO_COMMIT UINT32_MAX

/* What is behind "Action-Dropped:" in the messages of some commits. */
struct excuses {
    VEC(struct slice) list;
    struct arena arena;
    bool read;
    size_t compared; /* with items */
};
ledger_excuse making_excuse; /* of a struct making */
void excuses_release(struct excuses *x); /* may be filled again */

/* One chronicle being made. */
struct making {
    struct chronicle *c;
    struct repo *repo;
    struct progress progress;
    struct walk walk;
    const struct uncommitted *last; /* of the walk; NULL: a commit */
    struct edits edits;
    uint32_t *numbers; /* commit of the walk → commit number; NO_COMMIT: it edits no document */
    VEC(struct ledger_edit) scratch; /* the edits of the step being taken */
    VEC(struct ledger_side) sides;
    size_t step_first, step_landing; /* the commits of the walk that the step is made of */
    struct excuses excuses;          /* of the step, once they were asked for */
    struct err why;                  /* contents could not be compared, or messages not be read */
    bool failed;
};

struct chronicle *chronicle_new(struct repo *r, const struct oid *tip, const struct selection *sel);
/* Once there is a walk: the edits of its commits from `from` on (1 after a stop), and who made them;
 * making_read: also every version that they name. */
int making_read_edits(struct making *m, size_t from, struct err *e);
int making_read(struct making *m, size_t from, struct err *e);
int making_commit(struct making *m, uint32_t index, struct err *e); /* gives it a number */
/* The steps of the chain's commits among [from, to) of the walk. */
int making_fold(struct making *m, size_t from, size_t to, struct err *e);
/* The same of all commits, when no version was read yet: a stretch of them at a time is read, folded
 * and forgotten but for the documents' last versions. */
int making_fold_all(struct making *m, struct err *e);
/* A step of edits that no commit of the walk made. */
int making_past(struct making *m, const struct blob_edit *v, size_t n, struct err *e);
void making_release(struct making *m); /* but for m->c */

#endif
