/* What the families of rules share: the checker, and how a finding is made. */
#ifndef PM_RULE_REPORT_H
#define PM_RULE_REPORT_H

#include "pm/checker.h"
#include "pm/query.h"
#include "pm/vec.h"

/* `required` or `recommended` of a field, a section or a group, ready to be asked. */
struct condition {
    enum need_kind kind;
    struct query *query; /* NEED_WHEN; NULL when it could not be parsed: never holds */
};

struct checker {
    struct arena arena;
    const struct schema *schema;
    struct check_options options;
    struct query_context context;
    enum level levels[RULE_COUNT]; /* as the schema has them */
    bool unlisted[RULE_COUNT];     /* judged, since a waiver may need it, and not asked for */
    struct condition *field_required, *field_recommended;     /* by field index */
    struct condition *section_required, *section_recommended; /* by section rule index */
    struct condition *one_of;                                 /* by index in schema->one_of */
    struct condition at_least_one;                            /* of schema->actions */
    struct words *words;                                      /* see words.h */
    struct guidance *guidance;                                /* NULL: there is no template */
    struct findings schema_findings;
};

/* One document being judged. */
struct report {
    const struct checker *checker;
    const struct postmortem *pm;
    const struct postmortem *before; /* what it was; NULL: new, or nothing is compared. Rules about
                                        what a change did ask for it */
    const struct postmortem *judged; /* what conditions are asked about: pm, or its draft as if it
                                        were none */
    struct findings *out;
    size_t count, limit;     /* findings of this document so far, and at most */
    bool unplaced;           /* they are compared and never shown: no place, no line */
    bool draft;              /* and not held to the full rules */
    size_t item;             /* the action item that is being judged, from 1; 0: none */
    struct slice path, line; /* copies that findings share; line has line_number, 0: none yet */
    uint32_t line_number;
    bool secrets;            /* some are in the document: no finding may quote one */
    VEC(struct span) keys;   /* of those that go over several lines */
};

/* All of a finding at a place of the document but its message and its line. */
struct finding report_finding(struct report *r, enum rule rule, struct span span);
/* The line that is shown below a finding, as it may be printed: a copy, since the document goes
 * before its findings do; those of one line share it. */
struct slice report_line(struct report *r, uint32_t number);
/* A line of any text that can be shown; empty: it is no text. */
struct slice report_source_line(const struct lines *lines, uint32_t number);
/* Adds a finding at a place of the document; NULL when its rule is off, and beyond the cap. */
struct finding *report_at(struct report *r, enum rule rule, struct span span, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* About something that is not there: placed at the end of the front matter, else at line 1. */
struct finding *report_absent(struct report *r, enum rule rule, enum absence absence,
                              struct slice what, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Does nothing when f is NULL. */
void report_hint(struct report *r, struct finding *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Offers the one right answer: other text at a place, or headings, one a line. Do nothing when f is
 * NULL. */
void report_fix(struct report *r, struct finding *f, struct span span, struct slice text);
void report_fix_sections(struct report *r, struct finding *f, struct slice names);

/* Where a value of the front matter stands, without its quotes; false where that is not certain. */
bool value_place(const struct document *doc, const struct value *v, struct span *out);
/* Does another value of the fact say this already? */
bool value_beside(const struct fact *fact, const struct value *v, struct slice text);

/* What several of them are to be called; see struct finding. Does nothing when f is NULL. */
void report_several(struct report *r, struct finding *f, const char *text);

bool condition_holds(const struct report *r, const struct condition *c);

/* What may be printed of a text of the document, and of one of its lines: secrets are starred out.
 * Copies, where that changes anything, live with the findings. */
struct slice report_shown(const struct report *r, struct slice text);
struct slice report_shown_line(const struct report *r, uint32_t number, struct slice line);
bool report_is_secret(const struct report *r, struct slice text); /* or holds one */

/* Nothing but the promise of a text, such as "to be written". */
bool report_is_placeholder(struct slice text);
/* More than headings, comments and placeholders. */
bool report_has_content(const struct report *r, const struct section *s);
/* Nothing but comments. */
bool report_is_comment(struct slice html);
/* Of one of the two worst severities that the schema names. */
bool report_is_major(const struct report *r);

/* Takes what the document's waivers allow out of r->out, from `first` on, and counts it by level.
 * whole: every rule was asked, so what is wrong with the waivers themselves can be told. */
void waivers_apply(struct report *r, size_t first, bool whole, size_t *accepted);
bool waivers_allow(const struct postmortem *pm, enum rule rule, struct date today);

/* What a finding is about, as it is compared: case folded, blanks single. */
struct slice folded_about(struct arena *a, struct slice about);
/* The findings of a document. */
struct judged {
    const struct postmortem *pm;
    struct findings *findings;
    size_t first; /* those before are of other documents */
};
/* Takes out of `after` each finding that `before` has too: of the same rule and about the same text,
 * or about what the ledger takes for the same action item, however often each has it. Counts them
 * by level. */
void ratchet(const struct judged *after, const struct judged *before, size_t *inherited);

/* Fields that refer to other postmortems; NULL-terminated. */
extern const char *const reference_fields[];
/* `../2026/x.md`: such a value is a link. */
bool reference_is_path(struct slice text);
/* No scheme, host, markup or template language: what may be a path. */
bool link_is_local(struct slice text);

/* The families. */
/* To be asked first: what follows does not print what it finds. */
void rules_secrets(struct report *r);
/* True: a conflict is an error here, and nothing else can be said of two versions at once. */
bool rules_conflicts(struct report *r);
void rules_problems(struct report *r);
void rules_fields(struct report *r);
void rules_sections(struct report *r);
void rules_times(struct report *r);
void rules_timeline(struct report *r);
void rules_detection(struct report *r);
void rules_depth(struct report *r);
void rules_tags(struct report *r);
void rules_actions(struct report *r);
void rules_change(struct report *r); /* asks for r->before */
void rules_promises(struct report *r);
void rules_blameless(struct report *r);
void rules_links(struct report *r);
void rules_persons(struct report *r); /* a part of rules_blameless */

#endif
