/* Any bytes as a document with front matter, and as YAML: front matter, text and body lie in a row; a
 * tree whose places lie inside the text, children within their parents' order, or exactly one problem. */
#include "pm/caps.h"
#include "pm/frontmatter.h"
#include "pm/yamltree.h"

#include "../lib/hostile.h"

static void check_tree(const struct yaml *y, size_t size, unsigned depth)
{
    check_that(depth <= CAP_YAML_DEPTH, "a tree is no deeper than the cap");
    check_that(y->span.start <= y->span.end && y->span.end <= size, "a node lies in the text");
    for (const struct yaml *child = y->first; child; child = child->next)
        check_tree(child, size, depth + 1);
}

static void check_yaml(struct slice text)
{
    struct arena arena = ARENA_INIT;
    struct problems problems = {0};
    struct yaml *y = yaml_parse(text, 0, &arena, &problems);
    check_that(!y == !!problems.n && problems.n <= 1, "a tree, or one problem");
    for (size_t i = 0; i < problems.n; i++)
        check_that(problems.v[i].span.end <= text.n, "a problem lies in the text");
    if (y)
        check_tree(y, text.n, 0);
    problems_release(&problems);
    arena_release(&arena);
}

static bool is_within(struct span inner, struct span outer)
{
    return outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
}

static void check_front(struct slice bytes)
{
    struct arena arena = ARENA_INIT;
    struct problems problems = {0};
    struct frontmatter front;
    struct span all = {0, (uint32_t)bytes.n};
    frontmatter_find(bytes, &arena, &problems, &front);
    check_that(is_within(front.whole, all) && is_within(front.body, all) &&
                   is_within(front.text, front.whole),
               "front matter lies in the document");
    check_that(front.whole.end <= front.body.start, "the body follows");
    check_that(problems.n == (front.kind == FRONT_BROKEN || front.kind == FRONT_TOML),
               "what is broken is told");
    if (front.kind == FRONT_YAML)
        check_yaml(slice_sub(bytes, front.text.start, front.text.end - front.text.start));
    problems_release(&problems);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_from((const char *)data, size);
    check_front(bytes);
    check_yaml(bytes);
    return 0;
}
