/* pm/inline.h - doc: the inline Markdown of one line, cell or paragraph, as a flat list of runs
 *
 * A scanner on the raw text with exact places, for item fields, labels and plain text; it follows
 * CommonMark where postmortems do (code spans, links, autolinks, bare URLs, **strong**, *em*,
 * ~~strike~~, escapes, entities, HTML comments, wiki-links [[x]]), and never goes quadratic.
 */
#ifndef PM_INLINE_H
#define PM_INLINE_H

#include "pm/linkref.h"
#include "pm/str.h"

enum run_kind {
    RUN_TEXT,
    RUN_CODE,    /* text: the code, without backticks */
    RUN_LINK,    /* [text](url), [text][ref], <url>, bare http(s) URL; text: its plain text */
    RUN_COMMENT, /* <!-- ... -->; text: what is inside */
    RUN_BREAK    /* line end: text is a single space */
};
enum { STYLE_STRONG = 1, STYLE_EM = 2, STYLE_STRIKE = 4 };

struct run {
    enum run_kind kind;
    unsigned style;   /* of STYLE_* */
    struct span span; /* raw bytes, delimiters included for code, links and comments */
    struct slice text;
    struct slice url; /* RUN_LINK; [[x]] has no url: it is text */
};

struct runs {
    struct run *v;
    size_t n;
};

/* text begins at offset base of the document; refs: its link reference definitions, or NULL, when
 * [text][ref] stays text. Adjacent text of equal style is one run. Leading
 * blanks and quote markers of continuation lines are dropped. */
void inline_parse(struct slice text, uint32_t base, const struct linkrefs *refs, struct arena *a,
                  struct runs *out);

/* A link or an image: [text](url), [text][ref], ![text](url); also one inside another one's text. */
struct link {
    struct span span;
    struct slice url; /* as written: see link_plain */
    bool image;
};
struct links {
    struct link *v;
    size_t n, cap;
};
/* Appends the links of a text, in the order of their ends; addresses that stand for themselves are
 * none of them. To be freed: out->v. */
void inline_links(struct slice text, uint32_t base, const struct linkrefs *refs, struct links *out);

/* What a reader reads: texts joined, comments left out, white space single, trimmed. */
void runs_plain(const struct runs *r, struct str *out);
struct slice inline_plain(struct slice text, const struct linkrefs *refs, struct arena *a);

/* A leading **Label:** (or **Label**:, __Label__, a strong run at the start): the label without
 * its colon and the index of the first run after it, whose text begins with the colon if that stands
 * outside. False when there is none. A label that is the whole text counts; a strong run with code or
 * a link in it is a sentence, and no label. */
bool runs_label(const struct runs *r, struct slice *label, struct span *span, size_t *after);

#endif
