/* pm/retag.h - rule: a tag gets another name in one document
 */
#ifndef PM_RETAG_H
#define PM_RETAG_H

#include "pm/postmortem.h"
#include "pm/vec.h"

struct retagged {
    struct str text;              /* the document, where values > 0 */
    size_t values;                /* that have the new name */
    VEC(const struct value *) left; /* that could not be given it without more than a splice: a value
                                       written in several pieces, or one beside the new name already */
};

/* Every value of a field of tags that is `from`, by any of its names, or below it. Both are canonical. */
void retag_document(struct retagged *out, const struct postmortem *pm, struct slice from,
                    struct slice to);
void retagged_release(struct retagged *r);

#endif
