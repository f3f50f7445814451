/* Any bytes as a document: every span lies inside it, in order, and all text can be read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct span inner, struct span outer)
{
    if (inner.start > inner.end || inner.start < outer.start || inner.end > outer.end)
        BUG("%u-%u is not inside of %u-%u", inner.start, inner.end, outer.start, outer.end);
}

static void check_block(struct document *d, const struct block *b)
{
    uint32_t at = b->span.start;
    inside(b->text, b->span);
    for (const struct block *child = b->first; child; child = child->next) {
        inside(child->span, (struct span){at, b->span.end});
        at = child->span.end;
    }
    if (b->kind == BLOCK_PARAGRAPH)
        inline_plain(document_slice(d, b->text), d->refs, &d->arena);
    for (size_t i = 0; b->table && i < b->table->nrows; i++)
        for (size_t j = 0; j < b->table->columns; j++)
            inside(b->table->rows[i].cells[j].span, b->table->rows[i].span);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = xmalloc(size + 1);
    if (size)
        memcpy(bytes, data, size);
    struct document *d = document_parse(bytes, size);
    for (const struct block *b = d->root; b; b = block_next(d->root, b))
        check_block(d, b);
    for (size_t i = 0; i < d->nsections; i++)
        inside(d->sections[i].own, d->sections[i].body);
    for (size_t i = 0; i < d->problems.n; i++)
        document_place(d, d->problems.v[i].span.start);
    document_free(d);
    return 0;
}
