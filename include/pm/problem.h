/* pm/problem.h - base: a place in a text and a sentence about it
 *
 * What doc, schema and model have to say about what somebody wrote. They do not know rules and
 * levels: the rule layer turns problems into findings.
 */
#ifndef PM_PROBLEM_H
#define PM_PROBLEM_H

#include "pm/alloc.h"

/* A range of bytes of a document. Every parsed thing has one; line and column are derived from it
 * when somebody asks (lines_place). Empty spans mark a point. */
struct span {
    uint32_t start, end; /* half open; documents are capped far below 4 GiB */
};

/* 1-based; the column counts Unicode code points, as editors do. Zero line: no place. */
struct place {
    uint32_t line, column;
};

enum problem_kind {
    PROBLEM_UNREADABLE, /* the document, or its front matter, cannot be read */
    PROBLEM_TOO_LARGE,  /* a cap of pm/caps.h, named in the text */
    PROBLEM_VALUE,      /* a value that its field's type does not allow */
    PROBLEM_SCHEMA,     /* a mistake in .pm/schema.yaml or .pm/tags.yaml */
    PROBLEM_NOTE        /* read, but not as its author may think */
};

struct problem {
    enum problem_kind kind;
    struct span span;
    struct slice subject; /* the field or key it is about, or empty */
    char *text;           /* one sentence, lower case, no full stop */
    char *hint;           /* what to do, or NULL */
};

/* Strings live in the arena given to problem_add. */
struct problems {
    struct problem *v;
    size_t n, cap;
};

/* Appends and returns the new problem, so that a hint and a subject can be set. */
struct problem *problem_add(struct problems *ps, struct arena *a, enum problem_kind kind,
                            struct span span, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void problems_release(struct problems *ps);

/* The starts of a text's lines. LF, CRLF and lone CR end a line, as in CommonMark. */
struct lines {
    struct slice text;
    uint32_t *start; /* start[i]: offset of line i (0-based) */
    size_t n;
};
void lines_init(struct lines *l, struct slice text);
void lines_release(struct lines *l);
struct place lines_place(const struct lines *l, uint32_t offset); /* O(log n + length of the line) */
uint32_t lines_number(const struct lines *l, uint32_t offset);    /* 1-based */
struct slice lines_text(const struct lines *l, size_t number);    /* 1-based, without its end */

#endif
