/* query_private.h - what the files of this folder share */
#ifndef QUERY_PRIVATE_H
#define QUERY_PRIVATE_H

#include "pm/query.h"
#include "pm/token.h"

struct scope;
struct spell;

struct parser {
    const struct query_context *ctx;
    struct slice text;
    size_t at;
    struct arena *arena;
    struct tokenizer *tokenizer;
    struct scope *scope; /* the in: that words now stand behind; or NULL */
    size_t nodes;        /* of tree and values, for the cap */
    struct err *err;
};

/* -1 with a sentence and the column of byte `at` marked. */
int query_fail(struct parser *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct query *query_node(struct parser *p, enum query_kind kind, size_t start);

/* subject.c. What a name speaks of: fills node->subject, field and name; false: unknown. */
bool query_subject_find(struct parser *p, struct slice name, struct query *node);
void query_subject_offer(const struct query_context *ctx, struct spell *near);
const char *query_subject_name(enum query_subject s);
struct slice query_subject_example(const struct query *node); /* a value: 2.., sev1 */

/* values.c. Reads what follows the colon (or the comparison) at p->at into node->values. */
int query_values_read(struct parser *p, struct query *node);
/* The tokens of a text; the last as a prefix. -1 with the place marked when there are none, or too
 * many. *prefix is set where a lone CJK character has to be one. */
int query_tokens_read(struct parser *p, struct slice text, bool *prefix, struct slice **tokens,
                      size_t *n);

/* scan.c. The end of what stands at `at` without a blank or a closing parenthesis of somebody
 * else's; a word ends at a quote, values contain quoted parts. SIZE_MAX: failed. */
size_t query_scan(struct parser *p, size_t at, bool word);
size_t query_scan_quoted(struct parser *p, size_t at); /* at a '"': behind the closing one */
struct slice query_unquote(struct parser *p, struct slice quoted);

/* compare.c. Does the phrase stand in the text? */
bool query_phrase_in(struct tokenizer *t, struct slice text, const struct slice *tokens, size_t n,
                     bool prefix);

struct matcher {
    const struct query_context *ctx;
    const struct query_document *d;
    struct tokenizer *tokenizer; /* made when the first text is compared */
    struct arena arena;
    struct query_texts texts;
    bool has_texts;
};
struct tokenizer *query_matcher_tokenizer(struct matcher *m);
/* Does a FIELD or HAS node hold? item is NULL for subjects that are not of items. */
bool query_field_holds(struct matcher *m, const struct query *q, const struct query_item *item);

#endif
