/* How much a document that no glob names looks like a postmortem, by its front matter. */
#ifndef PM_CORPUS_LIKENESS_H
#define PM_CORPUS_LIKENESS_H

#include "pm/document.h"
#include "pm/schema.h"

enum likeness {
    LIKENESS_NONE,
    LIKENESS_SOME,   /* a time of the schema and a title */
    LIKENESS_CERTAIN /* a time and a severity */
};
enum likeness document_likeness(const struct schema *schema, const struct document *d);

#endif
