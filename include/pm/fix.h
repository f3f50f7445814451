/* pm/fix.h - rule: mends what has one right answer
 *
 * Headings that are absent, with the template's guidance; names of fields with a slip; tags and the
 * values of enums as the schema spells them; dates with two digits for the day and the month. All
 * by splices: no other byte changes, and line ends stay what they are.
 *
 * What is written was tried: it takes away what it is for and adds no finding but those about the
 * new headings, which are empty. Mending what was mended changes nothing.
 */
#ifndef PM_FIX_H
#define PM_FIX_H

#include "pm/checker.h"
#include "pm/vec.h"

struct fixer {
    const struct checker *checker;
    const struct reader *reader;
    const struct document *template; /* headings and guidance are taken from it */
    bool spelling;                   /* what is read all the same, too: tags by another name */
};

struct fixed {
    struct str text;          /* the document, mended */
    VEC(struct slice) said;   /* what was done: "'sevrity' → 'severity'" */
    struct arena arena;
};

/* True: there was something to mend, and *out holds the text (to be released). before: what the
 * document was, so that only what a change answers for is mended; NULL: nothing is compared. */
bool fix_document(const struct fixer *fx, const struct postmortem *before, struct slice bytes,
                  struct slice path, struct fixed *out);
void fixed_release(struct fixed *f);

#endif
