/* What the formats of findings for people have in common. */
#ifndef PM_RENDER_FINDINGS_PRIVATE_H
#define PM_RENDER_FINDINGS_PRIVATE_H

#include "pm/render.h"

#define UNKNOWN_IS_AN_ANSWER "`unknown` is an accepted answer"

/* What one document lacks, of a level, in one sentence: "review needs 2 more: fields mitigated,
 * causes". True: fields are among it that must be there, for which `unknown` is an answer. */
bool findings_print_absent(struct printer *p, const struct finding *f, size_t n, enum level l);

#endif
