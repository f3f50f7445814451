/* Random mutations of small documents: whatever comes out keeps the promises of pm/document.h, and
 * the skeleton that cmark is given has the blocks of the text it stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/document.h"
#include "pm/skeleton.h"

#include "../lib/seeds.h"

#define ROUNDS 6000

static const char *const seeds[] = {
    "---\nstatus: review\nservices: [a, 'b']\nimpact: {x: 1}\n---\n# T\n\n## Summary\ntext\n",
    "# A\n\n| a | b |\n|---|---|\n| 1 | `2\\|3` |\n\n- [ ] **A1** do\n      @x, due 2026-01-01\n- "
    "[x] y\n",
    "> # quoted\n> - item\n>   ```\n>   code\n>   ```\nlazy\n\n1. one\n\n   two\n2) three\n",
    "Title\n=====\n\n[r]: /url 'title'\n[x] [r][] ~~gone~~ ![i](j) <!-- c\nd --> <b>\n\n***\n\n    "
    "code\n",
    "pre\na | b\n--|--\n1\n---\n<div>\n*x*\n\n</div>\n\n~~~ sh\nfence\n~~~\n## end ##\n",
    "\xEF\xBB\xBF---\r\na: \"\xC3\xA9\"\r\nb: |\r\n  t\r\n...\r\n- a\r\n  - b\r\n\t- "
    "c\r\n***bold***\r\n",
};

static const char *const pieces[] = {
    "\n",           "\n\n",      "# ",      "> ",    "- ",         "  ",      "    ",
    "\t",           "---\n",     "```\n",   "~~~",   "| a |",      "|---|\n", "[ ] ",
    "[x]",          "[a]: /b\n", "](",      "![",    "**",         "_",       "`",
    "<!--",         "-->",       "<div>\n", "===\n", "1. ",        "\\",      "&amp;",
    "\xE6\x97\xA5", "a: b\n",    "\r",      "<",     ">",          "x",       "https://a.b/c) ",
    "~~",           "*",         "...\n",   "\f",    "```` a`b\n", "+ ",      "=",
};

static uint64_t state;

static uint32_t any(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static void mutate(struct str *s)
{
    struct str made = STR_INIT;
    for (uint32_t n = any(6) + 1; n; n--) {
        size_t from = any((uint32_t)s->n + 1), to = from;
        if (any(3) == 0)
            to += any((uint32_t)(s->n - from) + 1) % 12;
        const char *piece = pieces[any(sizeof pieces / sizeof *pieces)];
        str_clear(&made);
        str_add(&made, s->p, from);
        if (any(4))
            str_addz(&made, piece);
        str_add(&made, s->p + to, s->n - to);
        struct str swap = *s;
        *s = made;
        made = swap;
    }
    str_release(&made);
}

static void assert_inside(struct span inner, struct span outer)
{
    assert_true(inner.start <= inner.end);
    assert_true(outer.start <= inner.start && inner.end <= outer.end);
}

static void check_table(const struct block *b)
{
    uint32_t at = b->span.start;
    for (size_t i = 0; i <= b->table->nrows; i++) {
        const struct table_row *row = i ? &b->table->rows[i - 1] : &b->table->header;
        assert_inside(row->span, b->span);
        assert_true(row->span.start >= at);
        at = row->span.end;
        for (size_t j = 0; j < b->table->columns; j++)
            assert_inside(row->cells[j].span, row->span);
    }
}

static void check_runs(struct document *d, struct span text)
{
    struct runs runs;
    inline_parse(document_slice(d, text), text.start, d->refs, &d->arena, &runs);
    uint32_t at = text.start;
    for (size_t i = 0; i < runs.n; i++) {
        assert_inside(runs.v[i].span, text);
        assert_true(runs.v[i].span.start >= at);
        at = runs.v[i].span.end;
    }
}

static void check_blocks(struct document *d)
{
    for (const struct block *b = d->root; b; b = block_next(d->root, b)) {
        uint32_t at = b->span.start;
        assert_inside(b->text, b->span);
        for (const struct block *child = b->first; child; child = child->next) {
            assert_ptr_equal(child->parent, b);
            assert_inside(child->span, b->span);
            assert_true(child->span.start >= at);
            at = child->span.end;
        }
        assert_true((b->kind == BLOCK_TABLE) == (b->table != NULL));
        if (b->table)
            check_table(b);
        if (b->kind == BLOCK_PARAGRAPH || b->kind == BLOCK_HEADING || b->kind == BLOCK_ITEM)
            check_runs(d, b->text);
    }
}

static void check_sections(const struct document *d)
{
    for (size_t i = 0; i < d->nsections; i++) {
        const struct section *s = &d->sections[i];
        assert_inside(s->body, d->body);
        assert_inside(s->own, s->body);
        assert_true(s->heading.end <= s->body.start);
        if (s->parent == SIZE_MAX)
            continue;
        assert_true(s->parent < i);
        assert_true(d->sections[s->parent].level < s->level);
        assert_inside(s->body, d->sections[s->parent].body);
    }
}

static void check_yaml(const struct document *d, const struct yaml *y)
{
    assert_inside(y->span, d->front_text);
    for (const struct yaml *child = y->first; child; child = child->next) {
        assert_inside(child->span, y->span);
        if (child->key)
            assert_inside(child->key->span, y->span);
        check_yaml(d, child);
    }
}

static void check_problems(const struct document *d)
{
    size_t front = 0;
    for (size_t i = 0; i < d->problems.n; i++) {
        const struct problem *p = &d->problems.v[i];
        assert_inside(p->span, (struct span){0, (uint32_t)d->bytes.n + 1});
        assert_true(document_place(d, p->span.start).line >= 1);
        front += p->span.start < d->body.start;
    }
    assert_int_equal(front, d->front == FRONT_BROKEN || d->front == FRONT_TOML ? 1 : front);
}

static struct document *parse_copy(const struct str *s)
{
    return document_parse(xmemdup(s->p, s->n + 1), s->n);
}

static void assert_same(const struct document *a, const struct document *b)
{
    const struct block *x = a->root, *y = b->root;
    while (x && y) {
        assert_true(x->kind == y->kind && x->span.start == y->span.start &&
                    x->span.end == y->span.end && x->text.start == y->text.start);
        x = block_next(a->root, x);
        y = block_next(b->root, y);
    }
    assert_true(!x && !y);
    assert_int_equal(a->nsections, b->nsections);
    assert_int_equal(a->problems.n, b->problems.n);
}

/* One line for each block that cmark sees. */
static void outline(struct str *out, struct slice text)
{
    cmark_node *document = cmark_parse_document(text.n ? text.p : "", text.n, CMARK_OPT_DEFAULT);
    cmark_iter *iter = cmark_iter_new(document);
    for (cmark_event_type e; (e = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK)
            continue;
        str_addf(out, "%d %s %d:%d\n", e == CMARK_EVENT_ENTER, cmark_node_get_type_string(node),
                 cmark_node_get_start_line(node), cmark_node_get_start_column(node));
    }
    cmark_iter_free(iter);
    cmark_node_free(document);
}

static void check_skeleton(const struct document *d)
{
    struct str skeleton = STR_INIT, whole = STR_INIT, reduced = STR_INIT;
    struct arena arena = ARENA_INIT;
    struct problems problems = {0};
    struct slice body = document_slice(d, d->body);
    assert_true(skeleton_make(&skeleton, body, 0, &arena, &problems));
    outline(&whole, body);
    outline(&reduced, str_slice(&skeleton));
    if (strcmp(whole.p, reduced.p))
        print_message("# text:\n%s\n# skeleton:\n%s\n", body.p, skeleton.p);
    assert_string_equal(whole.p, reduced.p);
    str_release(&skeleton);
    str_release(&whole);
    str_release(&reduced);
    arena_release(&arena);
}

static void promises_hold(void **unused)
{
    state = seed_from(7);
    for (int i = 0; i < ROUNDS; i++) {
        struct str text = STR_INIT;
        str_addz(&text, seeds[any(sizeof seeds / sizeof *seeds)]);
        mutate(&text);
        struct document *d = parse_copy(&text), *again = parse_copy(&text);
        check_blocks(d);
        check_sections(d);
        if (d->yaml)
            check_yaml(d, d->yaml);
        check_problems(d);
        assert_same(d, again);
        if (d->body.end)
            check_skeleton(d);
        document_free(d);
        document_free(again);
        str_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
