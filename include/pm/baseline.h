/* pm/baseline.h - rule: .pm/baseline: findings that are known and accepted
 *
 * A repository that begins to use pm has old documents with old faults. One line for each that is
 * accepted, as often as it is there:
 *
 *     RULE <tab> PATH <tab> TEXT
 *
 * TEXT is what the finding is about (struct finding), folded: lines may move. It is left out, with
 * its tab, where it is empty. In PATH and TEXT a backslash is doubled, and tabs, line ends and other
 * control characters are written \t, \n, \x1b. Lines are sorted by their bytes, so that two branches
 * merge; empty lines and those that begin with '#' say nothing.
 */
#ifndef PM_BASELINE_H
#define PM_BASELINE_H

#include "pm/finding.h"

struct baseline_line {
    struct slice path;
    enum rule rule;
    struct slice text;
};
struct baseline {
    struct arena arena;
    struct slice bytes;      /* the file's */
    struct baseline_line *v; /* by path, rule and text */
    size_t n;
    struct problems problems;
};

#define BASELINE_PATH ".pm/baseline"

/* Never fails: what is no line is a problem, at most CAP_FINDINGS of them. too_large: the file has
 * more than CAP_BASELINE_BYTES, and nothing of it applies. */
void baseline_parse(struct baseline *out, struct slice bytes, bool too_large);
void baseline_release(struct baseline *b);

/* May a rule's findings be accepted? Secrets never are, nor mistakes in waivers and in .pm/. */
bool rule_can_be_accepted(enum rule r);

/* Takes what is accepted out of findings about `path`, from `first` on, whatever path they bear
 * themselves (a document that moved is compared with what it was), and counts it by level. */
void baseline_apply(const struct baseline *b, struct slice path, struct findings *f, size_t first,
                    size_t *accepted);

/* Appends the line that accepts a finding, with its end. */
void baseline_add_line(struct str *out, const struct finding *f);
/* Appends the line of the file that one of its lines was read from. */
void baseline_add_kept(struct str *out, const struct baseline_line *line);
/* The file with these lines, each ended: the comment at its top, then the lines sorted. */
void baseline_print(struct str *out, struct slice lines);

#endif
