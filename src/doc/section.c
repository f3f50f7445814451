#include "pm/section.h"

#include "pm/inline.h"

/* Where the line after the one that ends at `end` begins. */
static uint32_t after_line(struct slice bytes, uint32_t end)
{
    if (end < bytes.n && bytes.p[end] == '\r')
        end++;
    if (end < bytes.n && bytes.p[end] == '\n')
        end++;
    return end;
}

static void read_heading(struct section *s, struct slice bytes, const struct block *heading,
                         const struct linkrefs *refs, struct arena *a)
{
    struct str folded = STR_INIT;
    struct span text = heading->text;
    s->level = heading->level;
    s->heading = text;
    s->block = heading;
    s->first = heading->next;
    s->title = inline_plain(slice_sub(bytes, text.start, text.end - text.start), refs, a);
    s->note = section_note(s->title);
    section_fold(&folded, s->title);
    s->name = arena_dup(a, str_slice(&folded));
    str_release(&folded);
    s->parent = SIZE_MAX;
}

/* Ends every open section that a heading of this level closes; returns the innermost still open. */
static size_t close_sections(struct section *v, size_t open, int level, uint32_t at,
                             const struct block *end)
{
    while (open != SIZE_MAX && v[open].level >= level) {
        v[open].body.end = at;
        v[open].end = end;
        open = v[open].parent;
    }
    return open;
}

struct section *sections_collect(struct slice bytes, const struct block *root,
                                 const struct linkrefs *refs, struct arena *a, size_t *n)
{
    size_t count = 0, i = 0, open = SIZE_MAX;
    for (const struct block *b = root->first; b; b = b->next)
        count += b->kind == BLOCK_HEADING;
    struct section *v = arena_array(a, count, sizeof *v);

    for (const struct block *b = root->first; b; b = b->next) {
        if (b->kind != BLOCK_HEADING)
            continue;
        struct section *s = &v[i];
        if (i)
            v[i - 1].own.end = b->span.start;
        open = close_sections(v, open, b->level, b->span.start, b);
        read_heading(s, bytes, b, refs, a);
        s->parent = open;
        s->body.start = s->own.start = after_line(bytes, b->span.end);
        open = i++;
    }
    if (count)
        v[count - 1].own.end = root->span.end;
    close_sections(v, open, 0, root->span.end, NULL);
    *n = count;
    return v;
}
