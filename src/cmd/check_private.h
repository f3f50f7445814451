/* What the files of `pm check` share. */
#ifndef PM_CMD_CHECK_PRIVATE_H
#define PM_CMD_CHECK_PRIVATE_H

#include "pm/command.h"

/* Which documents are checked, and what each of them was before. There is a before where a change
 * is judged: nothing given, and --staged (HEAD; while a merge is being committed, of what it has not
 * as one of its parents made it), A..B (the merge base). REV, PATH, --all and '-' have none. */
struct choice {
    struct state state;
    struct oid commit;         /* of the state; of_commit */
    bool of_commit;
    VEC(size_t) which;         /* indices into state.files, ascending */
    struct postmortem *typed;  /* from standard input: no document of the state */

    bool compared;             /* there is a before, maybe an empty one */
    bool has_base;             /* false: an unborn branch, or ends of a range that share nothing */
    struct oid base;           /* the commit that holds the before; has_base */
    VEC(struct former) former; /* compared: what each of `which` was; renames are found */
    VEC(struct former) gone;   /* compared: what were documents, and are none under any name */
    VEC(struct slice) added;   /* compared: files that are new and no documents, whatever they are */
    VEC(struct former) taken;  /* what a merge that is pushed took from what is here already: what
                                  were documents in the base and is not judged */
    struct arena paths;        /* of former, gone, added and taken */
    struct pending_list pending; /* what differs from HEAD, where that is the before */
};

struct choice_options {
    bool all, staged;
    const char *stdin_path;
};
int choice_make(struct choice *out, struct context *c, const struct choice_options *options,
                const struct operands *o, struct err *e);
void choice_release(struct choice *k);
/* Where documents were named or are staged, the state lists no others: lists them. Before it is asked what documents
 * there are. */
int choice_complete(struct choice *k, struct context *c, struct err *e);

/* Finds out which of the new documents are old ones under another path: they take what they were
 * out of `gone`. By a stated id, the same content, or content of which half is the same. */
int choice_find_renames(struct choice *k, struct repo *r, struct err *e);

/* What the change did to action items; nothing where none is compared or none of the rules about it
 * is asked for. promises_release is the caller's. */
int check_read_promises(struct promises *out, struct context *c, const struct choice *k,
                        const struct checker *checker, struct err *e);
/* Findings about those that it took away. */
int check_dropped(struct context *c, const struct choice *k, const struct checker *checker,
                  const struct promises *p, struct findings *out, struct err *e);

/* Adds the findings of claims that turn out to be right: ids that were taken away and that nobody
 * else had; drafts that have been some for long. */
int check_changed_ids(struct context *c, struct choice *k, const struct claim *claims, size_t n,
                      struct findings *out, struct err *e);
int check_drafts(struct context *c, const struct choice *k, const struct claim *claims, size_t n,
                 struct findings *out, struct err *e);

/* --diff: keeps of the findings of a document, which are those from `from` on, the ones on lines that
 * were changed and about the document as a whole. before: NULL where all of it is new. */
void diff_keep(struct findings *f, size_t from, const struct postmortem *before,
               const struct postmortem *pm);

/* --fix mends files of the worktree, or what comes on standard input: else a usage error. */
int fix_allowed(struct context *c, const struct choice *k, struct err *e);
struct fix_options {
    const struct checker *checker;
    bool dry_run;  /* prints a patch, writes nothing */
    bool spelling; /* what is no finding, too */
};
/* Mends the documents that were chosen and says on stderr what it did; prints standard input,
 * mended. *n: how many had something to mend. */
int fix_documents(struct context *c, const struct choice *k, const struct fix_options *o, size_t *n,
                  struct err *e);

/* Adds findings about postmortems that no glob names: of what was added, or with --all of all. */
int check_unseen(struct context *c, struct choice *k, bool all, const struct checker *checker,
                 struct findings *out, struct err *e);

/* The baseline of a state: 1, or an empty one and 0 where it has none. */
int baseline_read(struct baseline *out, struct repo *r, const struct state *s, struct err *e);
/* Writes these lines (baseline_add_line) to the worktree's, and those of the old one that a look at
 * all documents cannot find; says what it did. there: there is a file. */
int baseline_write(struct context *c, const struct baseline *old, bool there, struct str *lines,
                   struct err *e);

bool would_pass_as_draft(const struct checker *c, const struct postmortem *pm);

struct claims {
    struct claim *v;
    size_t n, cap;
};
/* Adds what the documents that are not checked claim, where a fresh claim is among these: it may be
 * theirs already. Strings go into the arena. */
int claims_of_others(struct context *c, struct choice *choice, const struct checker *checker,
                     struct claims *claims, struct arena *arena, struct err *e);

/* A change that is pushed, of which nothing is judged that is here already. */
struct pushed {
    struct oid head;
    const struct oid *bases; /* what of it is here already: the change is compared with the first, */
    size_t nbases;           /* and what it has of the others is not its own */
    const struct oid *rules; /* whose .pm/ applies; NULL: its own */
};
int choice_of_push(struct choice *out, struct context *c, const struct pushed *p, struct err *e);
/* Judges it, and prints what is wrong if there are errors. *draft_helps as that of
 * check_staged. */
int check_pushed(struct context *c, const struct pushed *p, bool *draft_helps, struct err *e);
/* Adds findings about references that no document answers. ids: what those that are checked state. */
int check_references(struct context *c, struct choice *choice, const struct checker *checker,
                     struct claims *references, const struct slice *ids, size_t nids,
                     struct findings *out, struct err *e);
/* May the document with these bytes state one of the ids? Most state none, and need not be parsed. */
bool may_state_id(const struct slice *ids, size_t n, struct slice bytes);
/* The documents of the state, which is complete (choice_complete), that are not checked: indices into
 * its files, into `out`, which has room for all. Returns how many. */
size_t documents_not_checked(const struct choice *k, size_t *out);

#endif
