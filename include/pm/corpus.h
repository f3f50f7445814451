/* pm/corpus.h - corpus: reads many: the postmortems of one state of the repository
 */
#ifndef PM_CORPUS_H
#define PM_CORPUS_H

#include "pm/postmortem.h"
#include "pm/snapshot.h"
#include "pm/vec.h"

/* The schema of a state of the repository: its .pm/schema.yaml and .pm/tags.yaml, over the built-in
 * one. Mistakes in them are in schema->problems; unreadable files (too large, not UTF-8) as well. */
int corpus_schema(struct schema **out, const struct snapshot *s, struct repo *r, struct err *e);
int schema_of_commit(struct schema **out, struct repo *r, const struct oid *commit, struct err *e);
int schema_of_worktree(struct schema **out, struct repo *r, struct err *e);

/* Which files are postmortems. Paths are those of a snapshot. */
struct selection {
    const struct schema *schema;
    bool root; /* assumed: no glob matches anything and there is no .pm/: Markdown at the root, if
                  there is any, and what lacks the extension but is named by an id or a date */
};
/* Is path (a file) a postmortem; may folder hold some? A path_wanted with a const selection. */
bool selection_wanted(void *selection, struct slice path, bool folder);

/* Lists the postmortems of a state and loads its schema: what every command starts with. */
struct state {
    struct schema *schema;
    struct selection selection;
    struct snapshot *files; /* the postmortems, nothing else; NULL: none (state_of_nothing) */
    struct snapshot *rules; /* the other commit whose .pm/ rules; NULL: that of `files` */
    bool partial;           /* there may be postmortems that are not listed (state_of_paths) */
};
size_t state_count(const struct state *s); /* of files */
int state_of_commit(struct state *out, struct repo *r, const struct oid *commit, struct err *e);
/* For what is answered from history: of the postmortems only the first is listed. */
int state_of_history(struct state *out, struct repo *r, const struct oid *commit, struct err *e);
/* By the .pm/ of another commit. */
int state_by_rules_of(struct state *out, struct repo *r, const struct oid *commit,
                      const struct oid *rules, struct err *e);
int state_of_index(struct state *out, struct repo *r, struct err *e);
int state_of_worktree(struct state *out, struct repo *r, struct err *e);
/* Of the worktree or the index, the postmortems at and below some paths alone; all, where these are
 * none. No paths: the schema alone. Of an index, what else is to be read (".pm") is one of them. */
int state_of_paths(struct state *out, struct repo *r, enum snapshot_kind kind,
                   const struct snapshot_paths *paths, struct err *e);
/* Lists the others, too: `files` is another one then, and the old one gone with its paths. */
int state_complete(struct state *s, struct repo *r, struct err *e);
int state_of_nothing(struct state *out, struct err *e); /* unborn branch: built-in schema, no files */
void state_release(struct state *s);

/* Where no document is found: the folder that most looks like it holds postmortems, and how many:
 * Markdown files whose front matter names a time and a severity, or a time of the schema and a
 * title (a title and a date alone are a blog). Looks at the first 2,000 Markdown files of a commit,
 * or of the worktree where commit is NULL. 1, or 0 for none; folder ("content/issues/") is
 * appended to. */
int state_hint(struct repo *r, const struct state *s, const struct oid *commit, struct str *folder,
               size_t *files, struct err *e);

/* Postmortems that no glob names. */
struct unseen {
    struct slice path;
    bool renamed; /* it would be seen if its name ended in .md; else in another folder */
};
struct unseen_list {
    struct arena arena;
    VEC(struct unseen) list;
};
#define UNSEEN_INIT {ARENA_INIT, VEC_INIT}

/* Those among these files of the state, of any kind: what a document would be with another
 * extension, and reads like one; and Markdown in, above, beside or below a folder of documents whose
 * front matter states a time and a severity. None where the state has no documents, or assumes them. */
int state_unseen(struct unseen_list *out, struct repo *r, const struct state *s,
                 const struct slice *paths, size_t n, struct err *e);
/* Those of a commit, or of the worktree where commit is NULL: the one that the state is of. */
int state_unseen_all(struct unseen_list *out, struct repo *r, const struct state *s,
                     const struct oid *commit, struct err *e);
/* By its name alone: may a file be worth being looked at? */
bool unseen_name(struct slice path);
void unseen_release(struct unseen_list *l);

/* Postmortems in path order. */
struct corpus {
    struct postmortem **v;
    size_t n;
    size_t unreadable;
    struct map by_id;   /* id → struct postmortem * (the first in path order) */
    bool ids_complete;  /* every file of the state was read, so ids are final */
};

/* What a document was in the state before: its blob there and its path. A zero id: it was not. */
struct former {
    struct oid id;
    struct slice path;
};

/* Who is given the postmortems, each on the thread that read it, in no order, and owns them then.
 * Threads are numbered, so that each can have a place of its own to put what it finds. `place` is
 * the document's number in path order. Ids are what the document states, or its stem. */
enum { CORPUS_THREADS = 8 };
struct visitor {
    void (*visit)(void *ctx, unsigned thread, size_t place, struct postmortem *pm);
    void *ctx;
    unsigned threads; /* at most; 0: as many as there are processors */
};
/* The same, each with what it was: before is NULL where it is new. Both are the visitor's. */
struct change_visitor {
    void (*visit)(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                  struct postmortem *pm);
    void *ctx;
    unsigned threads;
    const struct former *formers; /* by place; NULL: nothing is compared */
    /* Asked, on any thread, whether a document with these bytes is to be parsed; NULL: each is. */
    bool (*wanted)(void *ctx, struct slice bytes);
};

/* Refuses, in a sentence, more documents than CAP_DOCUMENTS: as all that read here do. For who reads
 * them in parts. */
int corpus_limit(size_t n, struct err *e);

/* Reads files of a state. which: indices into state->files, or NULL for all. A file beyond the size
 * cap becomes an unreadable postmortem with a TOO_LARGE problem. */
int corpus_each(struct repo *r, const struct state *s, const size_t *which, size_t nwhich,
                const struct visitor *visitor, struct err *e);

/* Reads documents that changed; which is ascending. */
int corpus_each_change(struct repo *r, const struct state *s, const size_t *which, size_t nwhich,
                       const struct change_visitor *visitor, struct err *e);

/* Reads one document as it was, under the schema of the reader. */
int corpus_former(struct postmortem **out, struct repo *r, const struct reader *rd,
                  const struct former *f, struct err *e);

/* What stands for a document that is not read because of its size. */
struct postmortem *postmortem_too_large(const struct reader *rd, struct slice path);

/* Reads files likewise, and keeps them. Two documents that share a default id (file stem) both get
 * their path as id; stated ids are left alone. */
int corpus_load(struct corpus *out, struct repo *r, const struct state *s, const size_t *which,
                size_t nwhich, unsigned threads, struct err *e);
void corpus_release(struct corpus *c);

/* How well a postmortem answers to a reference; the greatest wins, if it wins alone. */
enum answer {
    ANSWER_NO,
    ANSWER_PREFIX, /* PM-2026-05 of PM-2026-055-cache */
    ANSWER_TOKEN,  /* PM-2026-055 of PM-2026-055-cache */
    ANSWER_NAME,   /* the whole id, stem or file name, in any case of its letters */
    ANSWER_EXACT   /* the id or the path */
};
enum answer reference_answer(struct slice id, struct slice path, struct slice ref);

/* By id, by path (also relative to prefix), by an id-like leading token of the id (PM-2026-055), or
 * by a unique prefix of the id or file stem. NULL with a sentence that names near or ambiguous
 * ones; e->usage is set. */
const struct postmortem *corpus_find(const struct corpus *c, struct slice ref, const char *prefix,
                                     struct err *e);

/* A zone cache for struct reader; one per thread. */
struct zones *zones_new(void);
void zones_free(struct zones *z);
zone_lookup zones_find;

#endif
