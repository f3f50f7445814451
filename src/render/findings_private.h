/* What the formats of findings for people have in common. */
#ifndef PM_RENDER_FINDINGS_PRIVATE_H
#define PM_RENDER_FINDINGS_PRIVATE_H

#include "pm/render.h"

/* What one document lacks, of a level, in one sentence: "review needs 2 more: fields mitigated,
 * causes". */
void findings_print_absent(struct printer *p, const struct finding *f, size_t n, enum level l);
/* Appends the way out of it, of which nothing is said again: what --fix adds, and that `unknown` is
 * an answer. Nothing where there is none. */
enum { SAID_FIX = 1, SAID_UNKNOWN = 2 };
void findings_absent_hint(struct str *out, const struct finding *f, size_t n, enum level l,
                          unsigned *said);

#endif
