/* pm/edit.h - doc: changing a document without touching any other byte
 */
#ifndef PM_EDIT_H
#define PM_EDIT_H

#include "pm/problem.h"
#include "pm/str.h"

struct splice {
    struct span span;   /* what is replaced; empty: an insertion before span.start */
    struct slice text;
};

/* Applies splices (in any order; they must not overlap) to bytes and appends the result. */
void edit_apply(struct str *out, struct slice bytes, const struct splice *v, size_t n);

#endif
