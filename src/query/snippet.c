#include "pm/snippet.h"

#include <stdlib.h>
#include <string.h>

#include "pm/utf8.h"
#include "pm/vec.h"

/* The words to show: those of every text of the query that is not negated. */
struct needle {
    struct slice text;
    bool prefix;
};
struct needles {
    struct needle *v;
    size_t n, cap;
};

static void collect(const struct query *q, struct needles *out)
{
    if (q->kind == QUERY_NOT)
        return;
    for (size_t i = 0; q->kind == QUERY_TEXT && i < q->ntokens; i++) {
        struct needle needle = {q->tokens[i], q->prefix && i + 1 == q->ntokens};
        vec_push(out, needle);
    }
    for (size_t i = 0; i < q->nchildren; i++)
        collect(q->children[i], out);
}

/* Index of the needle that a token is, or SIZE_MAX. */
static size_t which(const struct needles *needles, const struct token *t)
{
    for (size_t i = 0; i < needles->n; i++) {
        const struct needle *n = &needles->v[i];
        if (n->prefix ? slice_starts(t->word, n->text) : slice_eq(t->text, n->text))
            return i;
    }
    return SIZE_MAX;
}

/* How many different needles stand in a line; *first is where the first one begins. */
static size_t count(const struct needles *needles, struct tokenizer *t, struct slice line,
                    size_t *first)
{
    struct token token;
    uint64_t seen = 0;
    size_t n = 0;
    tokenizer_start(t, line);
    while (tokenizer_next(t, &token)) {
        size_t at = which(needles, &token);
        if (at == SIZE_MAX)
            continue;
        if (!n)
            *first = token.start;
        uint64_t bit = UINT64_C(1) << (at % 64);
        n += !(seen & bit);
        seen |= bit;
    }
    return n;
}

/* [text](url) and [[page]] at the start of s: the length of the form, with what is read of it. */
static size_t link_at(struct slice s, struct slice *text)
{
    bool page = slice_starts(s, SLICE("[["));
    size_t close = slice_find(s, page ? SLICE("]]") : SLICE("]("), 0);
    if (close == SIZE_MAX || slice_chr(s, '[', 1 + page) < close)
        return 0;
    size_t end = page ? close + 1 : slice_chr(s, ')', close);
    if (end == SIZE_MAX)
        return 0;
    *text = slice_sub(s, 1 + page, close - 1 - page);
    return end + 1;
}

/* The words of a line of Markdown, without what only says how they look. */
static void add_plain(struct str *out, struct slice line)
{
    while (line.n && (memchr("#>| ", line.p[0], 4) ||
                      (line.n > 1 && line.p[1] == ' ' && memchr("-*+", line.p[0], 3))))
        line = slice_sub(line, 1, line.n);
    while (line.n && (line.p[line.n - 1] == '|' || line.p[line.n - 1] == ' '))
        line.n--;
    for (size_t i = 0; i < line.n;) {
        struct slice rest = slice_sub(line, i, line.n), text;
        size_t link = rest.p[0] == '[' ? link_at(rest, &text) : 0;
        if (link)
            str_adds(out, text);
        else if (slice_starts(rest, SLICE("**")))
            link = 2;
        else if (rest.p[0] != '`' && !(rest.p[0] == ' ' && out->n && out->p[out->n - 1] == ' '))
            str_addc(out, rest.p[0]);
        i += link ? link : 1;
    }
}

static size_t character_start(struct slice s, size_t at)
{
    while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* The part of the line around the first word: a third of the width before it, cut at blanks. */
static void cut(struct str *out, struct slice line, size_t first, size_t width)
{
    size_t from = 0;
    if (utf8_width(line) > width && first > width / 3) {
        from = first - width / 3;
        if (line.n - from < width) /* rather more before it than a short line */
            from = line.n > width ? line.n - width : 0;
        from = character_start(line, from);
        size_t blank = slice_chr(line, ' ', from);
        if (blank < first)
            from = blank + 1;
    }
    struct slice rest = slice_sub(line, from, line.n);
    struct slice shown = utf8_cut(rest, width);
    if (from)
        str_addz(out, "…");
    str_adds(out, slice_rtrim(shown));
    if (shown.n < rest.n)
        str_addz(out, "…");
}

static void mark(struct snippet *out, const struct needles *needles, struct tokenizer *t)
{
    struct token token;
    tokenizer_start(t, str_slice(&out->text));
    while (tokenizer_next(t, &token)) {
        if (which(needles, &token) == SIZE_MAX)
            continue;
        struct span span = {(uint32_t)token.start, (uint32_t)token.end};
        struct span *last = out->nmarks ? &out->marks[out->nmarks - 1] : NULL;
        if (last && span.start <= last->end) { /* bigrams overlap */
            last->end = span.end;
            continue;
        }
        if (out->nmarks == out->cap)
            out->marks = vec_grow(out->marks, &out->cap, out->nmarks + 1, sizeof *out->marks);
        out->marks[out->nmarks++] = span;
    }
}

/* The heading in a line of the body that ends at `end`, or NULL. *next: the first one not passed. */
static const struct section *heading_before(const struct postmortem *pm, size_t *next, size_t end)
{
    const struct document *doc = pm->doc;
    const struct section *found = NULL;
    while (*next < doc->nsections && doc->sections[*next].heading.start - doc->body.start < end)
        found = &doc->sections[(*next)++];
    return found;
}

/* The line with the most words, which *most tells; of those with as many one that is no heading. Who
 * reads the line has read the title. */
static struct slice best_line(const struct postmortem *pm, struct slice body,
                              const struct needles *needles, struct tokenizer *t, size_t *most)
{
    struct slice line, best = {NULL, 0};
    size_t next = 0;
    bool best_heads = false;
    *most = 0;
    for (struct slice rest = body; needles->n && slice_split(&rest, '\n', &line);) {
        size_t first = 0, end = (size_t)(line.p - body.p) + line.n;
        const struct section *heading = heading_before(pm, &next, end);
        if (heading && slice_eq(heading->title, pm->title))
            continue;
        line = slice_trim(line);
        size_t n = count(needles, t, line, &first);
        if (n > *most || (n && n == *most && best_heads && !heading)) {
            *most = n;
            best = line;
            best_heads = heading;
        }
    }
    return best;
}

bool snippet_find(struct snippet *out, const struct query *q, const struct postmortem *pm,
                  struct tokenizer *t, size_t width)
{
    struct needles needles = {0};
    struct arena arena = ARENA_INIT;
    struct query_texts texts;
    struct str plain = STR_INIT;
    size_t most = 0, first = 0;
    collect(q, &needles);
    query_texts_of(&texts, pm, &arena);
    struct slice best = best_line(pm, texts.body, &needles, t, &most);
    out->nmarks = 0;
    str_clear(&out->text);
    if (most) {
        add_plain(&plain, best);
        if (count(&needles, t, str_slice(&plain), &first) == most) /* none was in an address */
            best = str_slice(&plain);
        else
            count(&needles, t, best, &first);
        cut(&out->text, best, first, width);
        mark(out, &needles, t);
    }
    free(needles.v);
    str_release(&plain);
    arena_release(&arena);
    return most > 0;
}

void snippet_release(struct snippet *s)
{
    str_release(&s->text);
    free(s->marks);
    *s = (struct snippet){.text = STR_INIT};
}
