#include "pm/document.h"

#include <stdlib.h>
#include <string.h>

#include "pm/caps.h"
#include "pm/utf8.h"

static void refuse(struct document *d, size_t at, const char *text, const char *hint)
{
    struct span span = {(uint32_t)at, (uint32_t)at + 1};
    struct problem *p = problem_add(&d->problems, &d->arena, PROBLEM_UNREADABLE, span, "%s", text);
    p->hint = arena_strdup(&d->arena, slice_of(hint));
}

static bool is_utf16(struct slice s)
{
    if (slice_starts(s, SLICE("\xFF\xFE")) || slice_starts(s, SLICE("\xFE\xFF")))
        return true;
    return s.n >= 4 && (!s.p[0] != !s.p[1]) && !s.p[0] == !s.p[2] && !s.p[1] == !s.p[3];
}

/* Adds the one problem that keeps the bytes from being read as text, if there is one. */
static bool is_text(struct document *d)
{
    struct slice s = d->bytes;
    if (s.n > CAP_DOCUMENT_BYTES) {
        problem_add(&d->problems, &d->arena, PROBLEM_TOO_LARGE, (struct span){0, 0},
                    "document of %zu bytes; pm reads at most %u", s.n, CAP_DOCUMENT_BYTES);
        return false;
    }
    if (is_utf16(s)) {
        refuse(d, 0, "document in UTF-16", "save it as UTF-8");
        return false;
    }
    size_t valid = utf8_valid_prefix(s);
    size_t nul = slice_chr(s, '\0', 0);
    if (nul < valid)
        refuse(d, nul, "a NUL byte: this is no text file", "remove it, or the file");
    else if (valid < s.n)
        refuse(d, valid, "bytes that are not UTF-8", "save the file as UTF-8");
    return nul >= valid && valid == s.n;
}

static void read_yaml(struct document *d)
{
    size_t before = d->problems.n;
    struct slice text = document_slice(d, d->front_text);
    d->yaml = yaml_parse(text, d->front_text.start, &d->arena, &d->problems);
    if (d->yaml && d->yaml->kind != YAML_MAP) {
        refuse(d, d->yaml->span.start, "front matter is not made of 'field: value' lines",
               "add the colon after each field's name");
        d->yaml = NULL;
    }
    if (!d->yaml)
        d->front = FRONT_BROKEN;
    if (!d->yaml && d->problems.n != before + 1)
        BUG("%zu problems of one front matter", d->problems.n - before);
}

struct document *document_parse(char *bytes, size_t n)
{
    struct document *d = xcalloc(1, sizeof *d);
    struct frontmatter front;

    d->bytes = slice_from(bytes, n);
    if (!is_text(d)) {
        lines_init(&d->lines, slice_sub(d->bytes, 0, n > CAP_DOCUMENT_BYTES ? 0 : n));
        d->root = arena_alloc(&d->arena, sizeof *d->root);
        return d;
    }
    lines_init(&d->lines, d->bytes);
    frontmatter_find(d->bytes, &d->arena, &d->problems, &front);
    d->front = front.kind;
    d->front_span = front.whole;
    d->front_text = front.text;
    d->body = front.body;
    if (d->front == FRONT_YAML)
        read_yaml(d);

    struct slice body = document_slice(d, d->body);
    d->root = blocks_parse(body, d->body.start, &d->arena, &d->problems);
    d->refs = linkrefs_collect(body, &d->arena);
    d->sections = sections_collect(d->bytes, d->root, d->refs, &d->arena, &d->nsections);
    return d;
}

void document_free(struct document *d)
{
    if (!d)
        return;
    lines_release(&d->lines);
    problems_release(&d->problems);
    arena_release(&d->arena);
    free((void *)(uintptr_t)d->bytes.p);
    free(d);
}

struct place document_place(const struct document *d, uint32_t offset)
{
    return lines_place(&d->lines, offset);
}

struct slice document_slice(const struct document *d, struct span s)
{
    return slice_sub(d->bytes, s.start, s.end - s.start);
}
