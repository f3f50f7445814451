/* What the files of the chronicle share:
 *
 *   chronicle.c        which histories there are chronicles of
 *   chronicle_edits.c  what each commit did to the documents' files
 *   chronicle_blobs.c  blobs → versions, in threads
 *   chronicle_fold.c   commits, edits, versions → steps of the ledger
 */
#ifndef PM_CHRONICLE_PRIVATE_H
#define PM_CHRONICLE_PRIVATE_H

#include "pm/chronicle.h"
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
};

struct blobs *blobs_new(struct repo *r, const struct selection *sel);
void blobs_free(struct blobs *b);
uint32_t blobs_index(struct blobs *b, const struct oid *id); /* zero: NO_BLOB */
/* Reads and parses what has no version yet. */
int blobs_read(struct blobs *b, const struct progress *progress, struct err *e);
int blobs_read_one(struct blobs *b, uint32_t index, struct err *e);
const struct version *blobs_version(const struct blobs *b, uint32_t index); /* NO_BLOB: NULL */
/* Percent; -1 when a blob cannot be read. */
int blobs_likeness(struct blobs *b, uint32_t x, uint32_t y, struct err *e);
int blobs_likeness_to(struct blobs *b, uint32_t x, const struct oid *other, struct err *e);

/* ---- edits ---- */

struct blob_edit {
    struct slice path;
    uint32_t before, after;
    bool left; /* see struct ledger_edit */
};

struct edits {
    VEC(struct blob_edit) list;
    size_t *first;    /* those of commit i of the walk: first[i] up to first[i + 1] */
    struct map paths; /* each path once */
    struct arena arena;
};

/* from: the first commit of the walk that is new (1 after a stop). */
int edits_read(struct edits *out, struct blobs *b, const struct walk *w, size_t from,
               const struct progress *progress, struct err *e);
void edits_release(struct edits *e);

/* ---- steps ---- */

#define NO_COMMIT UINT32_MAX

/* One chronicle being made. */
struct making {
    struct chronicle *c;
    struct repo *repo;
    struct progress progress;
    struct walk walk;
    struct edits edits;
    uint32_t *numbers; /* commit of the walk → commit number; NO_COMMIT: it edits no document */
    VEC(struct ledger_edit) scratch; /* the edits of the step being taken */
    VEC(struct ledger_side) sides;
    struct err likeness; /* why contents could not be compared */
    bool failed;
};

struct chronicle *chronicle_new(struct repo *r, const struct oid *tip, const struct selection *sel);
/* Once there is a walk: the edits of its commits from `from` on (1 after a stop), who made them, and
 * every version that they name. */
int making_read(struct making *m, size_t from, struct err *e);
int making_commit(struct making *m, uint32_t index, struct err *e); /* gives it a number */
/* The steps of the chain's commits among [from, to) of the walk. */
int making_fold(struct making *m, size_t from, size_t to, struct err *e);
void making_release(struct making *m); /* but for m->c */

#endif
