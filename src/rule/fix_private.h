/* What the files that mend documents share. */
#ifndef PM_RULE_FIX_PRIVATE_H
#define PM_RULE_FIX_PRIVATE_H

#include "pm/edit.h"
#include "pm/fix.h"
#include "report.h"

/* One thing to mend: text at a place, or headings at places of their own. */
struct fix {
    bool heading;      /* the parts are sections to be put in, without the blank lines around */
    bool finding;      /* it takes away a finding */
    size_t n;
    struct fix_part {
        struct span span;
        struct slice text;
        size_t order;  /* of a section, in the schema */
    } parts[4];
    struct slice said;
};

struct fixes {
    struct fix *v;
    size_t n, cap;
    struct arena arena;
};

/* Appends what findings offer. */
void fixes_of_findings(struct fixes *out, const struct fixer *fx, const struct postmortem *pm,
                       const struct findings *f);
/* Appends what is read, but is not spelled as the schema has it. */
void fixes_of_spelling(struct fixes *out, const struct postmortem *pm);
/* Where a section that is absent has its place, and its text: a heading with its guidance. */
void fix_section_place(const struct fixer *fx, const struct postmortem *pm,
                       const struct section_rule *rule, struct arena *a, struct fix_part *out);
/* Appends the document with those fixes applied for which `taken` holds. */
void fixes_apply(struct str *out, struct slice bytes, const struct fixes *f, const bool *taken);

#endif
