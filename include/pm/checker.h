/* pm/checker.h - rule: runs the rules
 *
 * A checker is prepared once for a schema (conditions parsed, levels looked up) and then asked
 * about documents, from any thread when each has its own findings. One owner rule for each fact:
 * what a rule finds absent or broken, no other rule reports again.
 */
#ifndef PM_CHECKER_H
#define PM_CHECKER_H

#include "pm/baseline.h"
#include "pm/corpus.h"
#include "pm/finding.h"
#include "pm/promises.h"

struct checker;

/* Is there anything at a path of the state that is judged ("" is the top)? From any thread. */
typedef bool path_there(void *ctx, struct slice path);

struct check_options {
    struct date today;
    int64_t now;
    bool as_review;   /* hold drafts to the full rules */
    const bool *only; /* by rule: the others are off; NULL: as the schema has them */
    const struct baseline *baseline; /* what is accepted; NULL: nothing */
    const struct document *template; /* whose text is no content; may go after checker_new; NULL: none */
    path_there *there;         /* where links lead; NULL: nobody can tell */
    void *there_ctx;
};

/* Mistakes in the schema's conditions, rule names and levels become findings about
 * .pm/schema.yaml, with those the schema already has, by checker_schema. */
struct checker *checker_new(const struct schema *s, const struct check_options *o);
void checker_free(struct checker *c);

/* Findings about .pm/schema.yaml, .pm/tags.yaml and .pm/baseline themselves. */
void checker_schema(const struct checker *c, struct findings *out);
/* Findings about one document, at most CAP_FINDINGS: all there are (before NULL: it is new, or
 * nothing is compared), or those that a change answers for. before is what the document was, under
 * the same schema. A finding that stood there before, at whatever line, is set aside; unless the
 * change raises the status (draft, review, published): then the document answers for all of it. What
 * its waivers allow and the baseline accepts is set aside too. Where .pm/schema.yaml cannot be read
 * at all, only whether the document can be. */
void checker_change(const struct checker *c, const struct postmortem *before,
                    const struct postmortem *pm, struct findings *out, struct set_aside *aside);
/* All there are, where what is set aside does not matter. */
void checker_document(const struct checker *c, const struct postmortem *pm, struct findings *out);
/* Is a rule asked for at all? */
bool checker_asks(const struct checker *c, enum rule r);
/* What a change dropped. events: those of one document, which is before; trailers: there are commits
 * whose messages could accept it. */
void checker_dropped(const struct checker *c, const struct postmortem *before,
                     const struct promise_event *events, size_t n, bool trailers,
                     struct findings *out);
/* What a change opened again in a document. events: those of the document as it is now. */
void checker_reopened(const struct checker *c, const struct postmortem *pm,
                      const struct promise_event *const *events, size_t n, struct findings *out);
/* The id that a document states, kept of each until all are read. */
struct claim {
    struct slice id;
    bool fresh;             /* not stated before the change that is judged, if one is */
    struct finding finding; /* without a message: what it is if another document has the id */
};
/* Strings go into the arena of `out`, which gets no finding. before as for checker_change. False: no
 * id is stated, or nobody asks. */
bool checker_claim(const struct checker *c, const struct postmortem *before,
                   const struct postmortem *pm, struct findings *out, struct claim *claim);
/* The id that a change took from a document, with a finding that is right unless another document had
 * the id and has it still: then this is the way out. False: the id is the same. Strings as above. */
bool checker_changed_id(const struct checker *c, const struct postmortem *before,
                        const struct postmortem *pm, struct findings *out, struct claim *claim);
/* The path of a draft, with a finding that is right if it has been one for long. False: it is no
 * draft. Strings as above. */
enum { STALE_DRAFT_DAYS = 10 };
bool checker_draft(const struct checker *c, const struct postmortem *pm, struct findings *out,
                   struct claim *claim);
/* Of findings that came from elsewhere than checker_change: leaves out the rules that are not asked
 * for, and sets aside what is accepted. */
void checker_settle(const struct checker *c, struct findings *f, struct set_aside *aside);
/* What a document refers to by an id in its fields (related, ...), kept until all ids are known; with the
 * finding that is right if no document has it. Call it with *at 0 first and until it is false. Not what
 * stood there before, and not what is no id: an address, a ticket, a title. Strings as above. */
bool checker_reference(const struct checker *c, const struct postmortem *before,
                       const struct postmortem *pm, size_t *at, struct findings *out,
                       struct claim *claim);
/* Keeps of references those that none of these names (ids and paths of documents) answers, and that
 * are like the names or the schema's pattern of ids: what is not may be the id of another tool.
 * Returns how many. */
size_t checker_unanswered(const struct checker *c, struct claim *references, size_t n,
                          const struct slice *names, size_t nnames);
/* Findings that need every document: ids that are stated twice. The first by path keeps an id, but
 * none that is fresh before one that is not. Sorts the claims. */
void checker_claims(struct claim *claims, size_t n, struct findings *out);

/* The finding about a postmortem that no glob names. */
void checker_unseen(const struct checker *c, const struct unseen *u, struct findings *out);

/* The page of `pm explain`: Markdown. NULL: BUG, every rule has one. */
const char *rule_page(enum rule r);

#endif
