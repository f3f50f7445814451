/* pm/finding.h - rule: what is wrong with a document, where, and what to do about it
 *
 * Rule names are stable kebab-case words. The X-macro generates the enum, the names, the default
 * levels and the list in the manual; each has a page in src/rule/explain/NAME.md and failing and
 * passing cases in tests/golden/NAME/.
 */
#ifndef PM_FINDING_H
#define PM_FINDING_H

#include "pm/postmortem.h"

enum level { LEVEL_OFF, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };

/* X(ENUM, "name", default level, "what it says, one line") */
#define RULES(X)                                                                                   \
    X(UNREADABLE_FRONT_MATTER, "unreadable-front-matter", ERROR,                                   \
      "the document or its front matter cannot be read")                                           \
    X(CONFLICT_MARKER, "conflict-marker", ERROR, "a merge conflict was never resolved")             \
    X(SECRET, "secret", ERROR, "a private key or a token that opens something")                    \
    X(TOO_LARGE, "too-large", ERROR, "a limit on size, depth or number is exceeded")               \
    X(MISSING_FRONT_MATTER, "missing-front-matter", ERROR, "there is no front matter")             \
    X(MISSING_FIELD, "missing-field", ERROR, "a required field is absent")                         \
    X(RECOMMENDED_FIELD, "recommended-field", INFO, "a recommended field is absent")               \
    X(INVALID_VALUE, "invalid-value", ERROR, "a value is not of its field's type")                 \
    X(MISSING_SECTION, "missing-section", ERROR, "a required section is absent")                   \
    X(RECOMMENDED_SECTION, "recommended-section", INFO, "a recommended section is absent")         \
    X(EMPTY_SECTION, "empty-section", ERROR, "a section stands there without content")             \
    X(DUPLICATE_SECTION, "duplicate-section", WARNING, "a section stands twice in one place")      \
    X(PLACEHOLDER, "placeholder", ERROR, "template guidance or TODO instead of content")           \
    X(THIN_SECTION, "thin-section", ERROR, "a section has less in it than the schema asks for")     \
    X(TIME_ORDER, "time-order", ERROR, "an end lies before its beginning")                         \
    X(FUTURE_TIME, "future-time", WARNING, "a time lies in the future")                            \
    X(DETECTED_EARLY, "detected-early", INFO, "it was detected before it started")                 \
    X(MISSING_ZONE, "missing-zone", INFO, "no time says in which zone it is")                      \
    X(LATE_POSTMORTEM, "late-postmortem", INFO, "the postmortem comes long after the incident")    \
    X(TIMELINE_ORDER, "timeline-order", WARNING, "an entry stands after a later one")              \
    X(TIMELINE_THIN, "timeline-thin", WARNING, "the timeline has next to nothing in it")           \
    X(TIMELINE_DISAGREES, "timeline-disagrees", WARNING,                                           \
      "timeline and facts tell different times")                                                   \
    X(SLOW_DETECTION, "slow-detection", WARNING,                                                   \
      "detection took long, and no action item is about it")                                       \
    X(DETECTION_GAP_UNEXPLAINED, "detection-gap-unexplained", INFO,                                \
      "detection took long, and nothing says why")                                                 \
    X(IMPACT_UNQUANTIFIED, "impact-unquantified", WARNING,                                         \
      "a severe impact is told without a number")                                                  \
    X(FEW_LESSONS, "few-lessons", INFO, "there are fewer than three lessons")                      \
    X(SHALLOW_ROOT_CAUSES, "shallow-root-causes", INFO,                                            \
      "the chain of whys ends after one or two")                                                   \
    X(UNKNOWN_TAG, "unknown-tag", ERROR, "a tag is not in the taxonomy")                           \
    X(DEPRECATED_TAG, "deprecated-tag", WARNING, "a tag that another one has replaced")            \
    X(UNKNOWN_FIELD, "unknown-field", WARNING, "a field's name is nearly that of a known one")     \
    X(ACTION_MISSING_OWNER, "action-missing-owner", ERROR, "an open action item has no owner")     \
    X(ACTION_MISSING_DUE, "action-missing-due", ERROR,                                             \
      "an open action item has neither due date nor tracker")                                      \
    X(ACTION_MISSING_FIELD, "action-missing-field", ERROR,                                         \
      "an open action item lacks another column that the schema requires")                         \
    X(OWNER_PLACEHOLDER, "owner-placeholder", ERROR,                                               \
      "the owner of an open action item is nobody in particular")                                  \
    X(ACTION_REOPENED, "action-reopened", INFO, "a resolved action item is open again")            \
    X(ACTION_DROPPED, "action-dropped", ERROR, "an unresolved action item is gone")                \
    X(WONTDO_NEEDS_REASON, "wontdo-needs-reason", ERROR,                                           \
      "an action item that will not be done does not say why")                                     \
    X(DUPLICATE_ACTION, "duplicate-action", WARNING,                                               \
      "a document makes the same promise twice, or gives two the same id")                         \
    X(ACTION_DUE_BEYOND_POLICY, "action-due-beyond-policy", WARNING,                               \
      "an action item is due later than its severity allows")                                      \
    X(NO_PREVENTIVE_ACTION, "no-preventive-action", WARNING,                                       \
      "no action item keeps it from happening again")                                              \
    X(VAGUE_ACTION, "vague-action", INFO, "nobody can tell when an open action item is done")      \
    X(ACTION_OVERDUE, "action-overdue", INFO, "an open action item is past its due date")          \
    X(ACTION_DONE_WITHOUT_LINK, "action-done-without-link", INFO,                                  \
      "an action item of a severe incident is done, and nothing shows by what")                    \
    X(PERSON_AS_CAUSE, "person-as-cause", WARNING, "somebody is named among the causes")           \
    X(COUNTERFACTUAL, "counterfactual", INFO,                                                      \
      "a past that did not happen: should have, could have")                                       \
    X(FACILITATOR_IS_RESPONDER, "facilitator-is-responder", INFO,                                  \
      "the facilitator of the review had a part in the response")                                  \
    X(BROKEN_LINK, "broken-link", INFO, "a link leads nowhere, or an id is that of no document")    \
    X(DUPLICATE_ID, "duplicate-id", ERROR, "two documents state the same id")                      \
    X(UNSEEN_DOCUMENT, "unseen-document", WARNING, "a postmortem that no glob of the schema names") \
    X(ID_CHANGED, "id-changed", ERROR, "a document that was no draft has another id")             \
    X(ID_PATTERN, "id-pattern", ERROR, "an id is not of the form that the schema asks for")        \
    X(WAIVER_NEEDS_REASON, "waiver-needs-reason", ERROR, "a waiver does not say why")              \
    X(WAIVER_EXPIRED, "waiver-expired", ERROR, "a waiver has come to its end")                     \
    X(WAIVER_UNUSED, "waiver-unused", WARNING, "a waiver has nothing to waive")                    \
    X(SEVERITY_LOWERED, "severity-lowered", INFO, "a change lowers the severity")                  \
    X(TIMES_EDITED, "times-edited", INFO, "a time was edited after publication")                   \
    X(STALE_DRAFT, "stale-draft", WARNING, "a draft has been on the branch for more than 10 days") \
    X(SCHEMA, "schema", ERROR, "a mistake in .pm/schema.yaml, .pm/tags.yaml or .pm/baseline")

enum rule {
#define X(id, name, level, text) RULE_##id,
    RULES(X)
#undef X
    RULE_COUNT
};

const char *rule_name(enum rule r);
enum level rule_default_level(enum rule r);
const char *rule_summary(enum rule r);
/* Its findings name somebody: for the author and the reviewers, not for a public place. */
bool rule_is_private(enum rule r);
bool rule_by_name(struct slice name, enum rule *out);
/* May a waiver in a document allow its findings? Not what must not stand there whatever the reason. */
bool rule_can_be_waived(enum rule r);
/* Does it speak of what a change did? A document by itself never breaks it. */
bool rule_needs_change(enum rule r);
/* Does it speak of more than one version of one document: a change, other documents, history? */
bool rule_looks_beyond(enum rule r);
/* Appends "there is no rule 'name'", and which one was meant if one is near. */
void rule_unknown(struct str *out, struct slice name);
bool level_by_name(struct slice name, enum level *out);
const char *level_name(enum level l);

/* What `pm check --fix` does about a finding that has one right answer. */
enum fix_kind {
    FIX_NONE,
    FIX_TEXT,    /* other text at a place */
    FIX_SECTIONS /* headings of sections that are absent */
};

/* What is not there. */
enum absence { ABSENT_NOTHING, ABSENT_FRONT_MATTER, ABSENT_FIELD, ABSENT_SECTION };

struct finding {
    enum rule rule;
    enum level level;
    struct slice path;
    struct place start, end; /* end is exclusive; of what is absent: line 1 or the end of the front
                                matter. Line 0: no place */
    bool before;             /* path, place and line are those before the change: it is gone */
    struct slice line;       /* the source line in which it starts; empty: none to show */
    const char *judged_as;   /* its document: "a draft", "review", ...; NULL: another file */
    enum absence absence;    /* ABSENT_NOTHING: something wrong stands there */
    struct slice missing;    /* the name of the absent field or section; of front matter: the fields
                                that it should state */
    struct slice about;      /* by which, with its rule, it is known again after lines have moved: the
                                text at its place, the name of what is absent; not to be printed */
    size_t item;             /* the action item that it is about, from 1; 0: none */
    struct slice message;    /* one sentence, lower case, no full stop */
    struct slice several;    /* of several such findings in one document, what is said after their
                                number: "action items have no owner"; empty: each speaks alone */
    struct slice hint;       /* what to do; empty: none */
    enum fix_kind fix;
    struct span fix_span;    /* FIX_TEXT: what is replaced */
    struct slice fix_text;   /* FIX_TEXT: by what; FIX_SECTIONS: names of sections, one a line */
    size_t number;           /* in its document, in the order of rules and schema */
};

/* Strings live in the arena: a list outlives the documents. */
struct findings {
    struct arena arena;
    struct finding *v;
    size_t n, cap;
};
#define FINDINGS_INIT {ARENA_INIT, NULL, 0, 0}

/* Findings of a document that are only counted, by level. */
struct set_aside {
    size_t inherited[LEVEL_ERROR + 1]; /* stood there before the change that is judged */
    size_t accepted[LEVEL_ERROR + 1];  /* by a waiver or the baseline */
};

/* Path, place, number: the order in which findings are shown. */
void findings_sort(struct findings *f);
/* Moves what another list holds to the end of f. */
void findings_take(struct findings *f, struct findings *from);
/* Of those from `from` on. */
void findings_drop_infos(struct findings *f, size_t from);
/* Leaves out what is not for a public place; returns how many those were. */
size_t findings_drop_private(struct findings *f);
size_t findings_count(const struct findings *f, enum level l);
void findings_release(struct findings *f);

/* Of the findings of many documents the first CAP_RUN_FINDINGS by path and place, whatever order
 * the documents come in, and how many there are of all. */
struct kept_findings {
    struct findings list;
    size_t count[LEVEL_ERROR + 1]; /* by level, of all */
    size_t cut;                    /* no longer in the list */
    bool without_infos;            /* those are only counted */
    bool full;                     /* the first CAP_RUN_FINDINGS of the list are sorted */
    size_t bound;                  /* of the arena, after it was made small last */
};
/* What the list has from `from` on are the findings of one more document. */
void kept_count(struct kept_findings *k, size_t from);
/* Moves and adds up what another one holds, to be followed by kept_finish, which sorts and cuts. */
void kept_take(struct kept_findings *k, struct kept_findings *from);
void kept_finish(struct kept_findings *k);

#endif
