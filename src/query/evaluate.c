#include "query_private.h"

#include "pm/ledger.h"

#include <string.h>

/* ---- words ------------------------------------------------------------------------------------
 */

struct tokenizer *query_matcher_tokenizer(struct matcher *m)
{
    if (!m->tokenizer)
        m->tokenizer = tokenizer_new();
    return m->tokenizer;
}

static bool text_in(struct matcher *m, const struct query *q, struct slice text)
{
    return text.n > 0 &&
           query_phrase_in(query_matcher_tokenizer(m), text, q->tokens, q->ntokens, q->prefix);
}

static const struct query_texts *texts_of(struct matcher *m)
{
    if (!m->has_texts)
        query_texts_of(&m->texts, m->d->pm, &m->arena);
    m->has_texts = true;
    return &m->texts;
}

static bool text_holds(struct matcher *m, const struct query *q, const struct query_item *item)
{
    if (m->ctx->items && item)
        return text_in(m, q, item->text) || text_in(m, q, item->nested) ||
               text_in(m, q, item->tracker) || text_in(m, q, item->links) ||
               text_in(m, q, m->d->pm->title);
    const struct query_texts *texts = texts_of(m);
    return text_in(m, q, texts->title) || text_in(m, q, texts->facts) ||
           text_in(m, q, texts->body);
}

/* A part of the visible body: a comment may begin in one section and end in another. */
static bool section_holds(struct matcher *m, const struct query *text, const struct section *s)
{
    const struct query_texts *texts = texts_of(m);
    return text_in(m, text, slice_sub(texts->body, s->body.start - m->d->pm->doc->body.start,
                                      s->body.end - s->body.start));
}

static bool in_holds(struct matcher *m, const struct query *q)
{
    const struct postmortem *pm = m->d->pm;
    const struct query *text = q->children[0];
    for (size_t i = 0; q->section && i < pm->nsections; i++)
        if (pm->sections[i].rule == q->section &&
            section_holds(m, text, &pm->doc->sections[pm->sections[i].section]))
            return true;
    for (size_t i = 0; !q->section && i < pm->doc->nsections; i++)
        if (slice_eq(pm->doc->sections[i].name, q->name) &&
            section_holds(m, text, &pm->doc->sections[i]))
            return true;
    return false;
}

/* ---- the tree ---------------------------------------------------------------------------------
 */

static bool holds(struct matcher *m, const struct query *q, const struct query_item *item);

static bool holds_of_some_item(struct matcher *m, const struct query *q)
{
    for (size_t i = 0; i < m->d->nitems; i++)
        if (holds(m, q, &m->d->items[i]))
            return true;
    return false;
}

static bool all_hold_of(struct matcher *m, const struct query *q, const struct query_item *item)
{
    for (size_t i = 0; i < q->nchildren; i++)
        if (q->children[i]->items && !holds(m, q->children[i], item))
            return false;
    return true;
}

/* What speaks of items in a conjunction speaks of the same one. Conditions that are all negative
 * name no item that they could speak of: each complements, as it does alone. */
static bool and_holds(struct matcher *m, const struct query *q)
{
    bool names_item = false;
    for (size_t i = 0; i < q->nchildren; i++) {
        const struct query *child = q->children[i];
        names_item |= child->items && child->kind != QUERY_NOT;
        if (!child->items && !holds(m, child, NULL))
            return false;
    }
    for (size_t i = 0; !names_item && i < q->nchildren; i++)
        if (q->children[i]->items && !holds(m, q->children[i], NULL))
            return false;
    for (size_t i = 0; names_item && i < m->d->nitems; i++)
        if (all_hold_of(m, q, &m->d->items[i]))
            return true;
    return !names_item;
}

/* item NULL: of the postmortem. Recursion is bounded by the parser's cap on depth. */
static bool holds(struct matcher *m, const struct query *q, const struct query_item *item)
{
    switch (q->kind) {
    case QUERY_ALL:
        return true;
    case QUERY_AND:
        if (q->items && !item)
            return and_holds(m, q);
        for (size_t i = 0; i < q->nchildren; i++)
            if (!holds(m, q->children[i], item))
                return false;
        return true;
    case QUERY_OR:
        for (size_t i = 0; i < q->nchildren; i++)
            if (holds(m, q->children[i], item))
                return true;
        return false;
    case QUERY_NOT:
        return !holds(m, q->children[0], item);
    case QUERY_TEXT:
        return text_holds(m, q, item);
    case QUERY_IN:
        return in_holds(m, q);
    case QUERY_FIELD:
    case QUERY_HAS:
        return q->items && !item ? holds_of_some_item(m, q) : query_field_holds(m, q, item);
    }
    BUG("no such kind of query: %d", (int)q->kind);
}

bool query_match(const struct query *q, const struct query_context *ctx,
                 const struct query_document *d, const struct query_item *item)
{
    struct matcher m = {.ctx = ctx, .d = d};
    bool result = holds(&m, q, item);
    tokenizer_free(m.tokenizer);
    arena_release(&m.arena);
    return result;
}

/* ---- items ------------------------------------------------------------------------------------
 */

bool query_item_overdue(const struct query_item *item, const struct query_context *ctx)
{
    return item_unresolved((enum item_state)item->state) && item->due.year != 0 &&
           date_cmp(item->due, ctx->today) < 0 &&
           (item->tracker.n == 0 || ctx->schema->actions.authority_document);
}

bool query_item_late(const struct query_item *item, const struct query_context *ctx)
{
    if (query_item_overdue(item, ctx))
        return true;
    int32_t offset = ctx->zone ? zone_offset_at(ctx->zone, item->closed) : 0;
    bool resolved = item->state == ITEM_DONE || item->state == ITEM_WONTDO;
    return resolved && item->closed != 0 && item->due.year != 0 &&
           date_cmp(time_date_utc(item->closed + offset), item->due) > 0;
}

bool query_item_age(const struct query_item *item, int64_t now, int64_t *seconds)
{
    if (item->opened == 0)
        return false;
    int64_t end = item->closed != 0 ? item->closed : now;
    *seconds = end > item->opened ? end - item->opened : 0;
    return true;
}
