#include "nodes.h"

#include <string.h>

/* cmark gives the functions that it asks for memory no context, so it is the thread's: that of the
 * text which is being parsed. */
static _Thread_local struct arena *nodes;

/* In front of what is handed out stands its size, for who asks to have it larger. */
enum { HEAD = _Alignof(max_align_t) };
_Static_assert(HEAD >= sizeof(size_t), "a size fits before what is aligned");

static void *take(size_t n)
{
    if (n > SIZE_MAX - HEAD)
        out_of_memory();
    char *p = arena_alloc(nodes, HEAD + n);
    memcpy(p, &n, sizeof n);
    return p + HEAD;
}

static void *take_zeroed(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    return take(count * size);
}

static void *take_more(void *p, size_t n)
{
    size_t had = 0;
    if (p)
        memcpy(&had, (char *)p - HEAD, sizeof had);
    if (n <= had)
        return p;
    void *more = take(n);
    if (had)
        memcpy(more, p, had);
    return more;
}

static void keep(void *p)
{
    (void)p;
}

cmark_node *nodes_parse(struct slice text, struct arena *a)
{
    static cmark_mem memory = {take_zeroed, take_more, keep};
    nodes = a;
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    cmark_parser_feed(parser, text.p, text.n);
    cmark_node *document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    nodes = NULL;
    return document;
}
