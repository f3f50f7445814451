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
    X(TOO_LARGE, "too-large", ERROR, "a limit on size, depth or number is exceeded")               \
    X(MISSING_FRONT_MATTER, "missing-front-matter", ERROR, "there is no front matter")             \
    X(MISSING_FIELD, "missing-field", ERROR, "a required field is absent")                         \
    X(RECOMMENDED_FIELD, "recommended-field", INFO, "a recommended field is absent")               \
    X(INVALID_VALUE, "invalid-value", ERROR, "a value is not of its field's type")                 \
    X(MISSING_SECTION, "missing-section", ERROR, "a required section is absent")                   \
    X(RECOMMENDED_SECTION, "recommended-section", INFO, "a recommended section is absent")         \
    X(EMPTY_SECTION, "empty-section", ERROR, "a section stands there without content")             \
    X(PLACEHOLDER, "placeholder", ERROR, "template guidance or TODO instead of content")           \
    X(TIME_ORDER, "time-order", ERROR, "an end lies before its beginning")                         \
    X(UNKNOWN_TAG, "unknown-tag", ERROR, "a tag is not in the taxonomy")                           \
    X(UNKNOWN_FIELD, "unknown-field", WARNING, "a field's name is nearly that of a known one")     \
    X(ACTION_MISSING_OWNER, "action-missing-owner", ERROR, "an open action item has no owner")     \
    X(ACTION_MISSING_DUE, "action-missing-due", ERROR,                                             \
      "an open action item has neither due date nor tracker")                                      \
    X(WONTDO_NEEDS_REASON, "wontdo-needs-reason", ERROR,                                           \
      "an action item that will not be done does not say why")                                     \
    X(DUPLICATE_ID, "duplicate-id", ERROR, "two documents state the same id")                      \
    X(SCHEMA, "schema", ERROR, "a mistake in .pm/schema.yaml or .pm/tags.yaml")

enum rule {
#define X(id, name, level, text) RULE_##id,
    RULES(X)
#undef X
    RULE_COUNT
};

const char *rule_name(enum rule r);
enum level rule_default_level(enum rule r);
const char *rule_summary(enum rule r);
bool rule_by_name(struct slice name, enum rule *out);
bool level_by_name(struct slice name, enum level *out);
const char *level_name(enum level l);

struct finding {
    enum rule rule;
    enum level level;
    struct slice path;
    struct span span;          /* in the document; empty for what is absent */
    struct place start, end;   /* end is exclusive; line 1 or the end of the front matter for what
                                  is absent */
    const struct postmortem *pm; /* the document it is in, for the source line; NULL: another file */
    struct slice missing;      /* what is absent: the field's or section's name; empty: something
                                  wrong stands there */
    bool missing_section;      /* `missing` is a section, not a field */
    struct slice message;      /* one sentence, lower case, no full stop */
    struct slice hint;         /* what to do; empty: none */
};

/* Strings live in the arena. */
struct findings {
    struct arena arena;
    struct finding *v;
    size_t n, cap;
};
#define FINDINGS_INIT {ARENA_INIT, NULL, 0, 0}

/* Path, place, rule: the order in which findings are shown. */
void findings_sort(struct findings *f);
size_t findings_count(const struct findings *f, enum level l);
void findings_release(struct findings *f);

#endif
