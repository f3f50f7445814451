#include "itemtoken.h"

#include <stdlib.h>
#include <string.h>

struct mark {
    const char *text;
    enum token_kind kind;
    bool comma, sentence;
};

static const struct mark leading_marks[] = {
    {"(", TOKEN_OPEN, false, false},       {"（", TOKEN_OPEN, false, false},
    {"[", TOKEN_OPEN, false, false},       {",", TOKEN_SEPARATOR, true, false},
    {";", TOKEN_SEPARATOR, false, false},  {"、", TOKEN_SEPARATOR, true, false},
    {"·", TOKEN_SEPARATOR, false, false},  {"—", TOKEN_SEPARATOR, false, false},
    {"–", TOKEN_SEPARATOR, false, false},  {":", TOKEN_SEPARATOR, true, false},
    {".", TOKEN_SEPARATOR, true, true},    {")", TOKEN_CLOSE, false, false},
    {"）", TOKEN_CLOSE, false, false},     {"]", TOKEN_CLOSE, false, false},
};
static const struct mark trailing_marks[] = {
    {")", TOKEN_CLOSE, false, false},     {"）", TOKEN_CLOSE, false, false},
    {"]", TOKEN_CLOSE, false, false},     {",", TOKEN_SEPARATOR, true, false},
    {";", TOKEN_SEPARATOR, false, false}, {"、", TOKEN_SEPARATOR, true, false},
    {"。", TOKEN_SEPARATOR, true, true},  {"·", TOKEN_SEPARATOR, false, false},
    {"—", TOKEN_SEPARATOR, false, false}, {"–", TOKEN_SEPARATOR, false, false},
    {".", TOKEN_SEPARATOR, true, true},   {"!", TOKEN_SEPARATOR, true, true},
    {"?", TOKEN_SEPARATOR, true, true},
};
#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct mark *find_mark(const struct mark *marks, size_t n, struct slice s, bool end)
{
    for (size_t i = 0; i < n; i++) {
        struct slice m = slice_of(marks[i].text);
        if (end ? slice_ends(s, m) : slice_starts(s, m))
            return &marks[i];
    }
    return NULL;
}

/* The place of a part of a run's text: exact where the text is the document's own bytes. */
static struct span part_span(const struct item_reader *ir, const struct run *run, struct slice part)
{
    const char *base = ir->doc->bytes.p;
    if (part.p < base || part.p + part.n > base + ir->doc->bytes.n)
        return run->span;
    uint32_t start = (uint32_t)(part.p - base);
    return (struct span){start, start + (uint32_t)part.n};
}

static struct token *add_token(struct item_reader *ir, const struct run *run, size_t index,
                               struct slice part, enum token_kind kind)
{
    struct token *t = vec_add(&ir->tokens);
    t->kind = kind;
    t->run = index;
    t->at = (size_t)(part.p - run->text.p);
    t->text = part;
    t->style = run->style;
    t->span = part_span(ir, run, part);
    return t;
}

static struct token *add_mark(struct item_reader *ir, const struct run *run, size_t index,
                              struct slice part, const struct mark *m)
{
    struct token *t = add_token(ir, run, index, part, m->kind);
    t->comma = m->comma;
    t->sentence = m->sentence;
    return t;
}

static bool only_dashes(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '-' && s.p[i] != '|' && s.p[i] != '/' && s.p[i] != '*')
            return false;
    return s.n > 0;
}

/* A run of characters without blanks: marks at its start, a word, marks at its end. */
static void push_chunk(struct item_reader *ir, const struct run *run, size_t index,
                       struct slice chunk, bool line_start)
{
    const struct mark *m;
    struct slice tail[8];
    const struct mark *tail_marks[8];
    size_t ntail = 0;
    while (chunk.n > 0 && !ascii_is_alnum((unsigned char)chunk.p[0]) &&
           (m = find_mark(leading_marks, LENGTH(leading_marks), chunk, false))) {
        size_t n = strlen(m->text);
        add_mark(ir, run, index, slice_sub(chunk, 0, n), m)->line_start = line_start;
        chunk = slice_sub(chunk, n, chunk.n);
        line_start = false;
    }
    while (chunk.n > 0 && ntail < LENGTH(tail) &&
           !ascii_is_alnum((unsigned char)chunk.p[chunk.n - 1]) &&
           (m = find_mark(trailing_marks, LENGTH(trailing_marks), chunk, true))) {
        size_t n = strlen(m->text);
        tail[ntail] = slice_sub(chunk, chunk.n - n, n);
        tail_marks[ntail++] = m;
        chunk = slice_sub(chunk, 0, chunk.n - n);
    }
    if (chunk.n > 0)
        add_token(ir, run, index, chunk, only_dashes(chunk) ? TOKEN_SEPARATOR : TOKEN_WORD)
            ->line_start = line_start;
    while (ntail > 0) {
        ntail--;
        add_mark(ir, run, index, tail[ntail], tail_marks[ntail]);
    }
}

/* Where a chunk ends: at a blank, or, in a script that has no blanks, after a comma or full stop and
 * before what is in brackets. */
static size_t chunk_end(struct slice text, size_t start)
{
    static const char comma[] = "、", stop[] = "。", colon[] = "：", open[] = "（";
    size_t i = start;
    for (; i < text.n && !ascii_is_space((unsigned char)text.p[i]); i++) {
        struct slice rest = slice_sub(text, i, text.n);
        if ((unsigned char)text.p[i] < 0x80)
            continue;
        if (slice_starts(rest, slice_of(comma)) || slice_starts(rest, slice_of(stop)) ||
            slice_starts(rest, slice_of(colon)))
            return i + sizeof comma - 1;
        if (i > start && slice_starts(rest, slice_of(open)))
            return i;
    }
    return i;
}

static void push_text(struct item_reader *ir, const struct run *run, size_t index, bool line_start)
{
    size_t i = 0;
    while (i < run->text.n) {
        while (i < run->text.n && ascii_is_space((unsigned char)run->text.p[i]))
            i++;
        size_t start = i;
        i = chunk_end(run->text, i);
        if (i > start) {
            push_chunk(ir, run, index, slice_sub(run->text, start, i - start), line_start);
            line_start = false;
        }
    }
}

size_t item_colon(struct slice word, size_t *width)
{
    static const char wide[] = "：";
    size_t narrow = slice_chr(word, ':', 0), at = slice_find(word, slice_of(wide), 0);
    *width = narrow <= at ? 1 : sizeof wide - 1;
    return narrow <= at ? narrow : at;
}

bool item_has_colon(struct slice word)
{
    size_t width;
    return item_colon(word, &width) != SIZE_MAX;
}

void item_tokenize(struct item_reader *ir, const struct runs *runs)
{
    bool line_start = false;
    vec_clear(&ir->tokens);
    for (size_t i = 0; i < runs->n; i++) {
        const struct run *run = &runs->v[i];
        switch (run->kind) {
        case RUN_TEXT: push_text(ir, run, i, line_start); break;
        case RUN_CODE:
        case RUN_LINK: {
            struct token t = {.kind = run->kind == RUN_CODE ? TOKEN_CODE : TOKEN_LINK,
                              .line_start = line_start, .url = run->url, .run = i,
                              .text = run->text, .style = run->style, .span = run->span};
            vec_push(&ir->tokens, t);
            if (run->kind == RUN_LINK && run->url.n > 0)
                vec_push(&ir->links, run->url);
            break;
        }
        case RUN_COMMENT: continue;
        case RUN_BREAK: break;
        }
        line_start = run->kind == RUN_BREAK;
    }
}

/* ---- filters ----------------------------------------------------------------------------------- */

/* Three letters decide; what folds to a blank counts as one. */
static unsigned filter_hash(struct slice word)
{
    unsigned hash = 0;
    for (size_t i = 0; i < 3; i++) {
        unsigned char c = i < word.n ? (unsigned char)ascii_lower(word.p[i]) : 0;
        hash = hash * 37 + (c == '-' || c == '_' ? ' ' : c);
    }
    return hash % 4096;
}

void word_filter_fill(struct word_filter *wf, const struct map *folded_names)
{
    for (size_t i = 0; i < folded_names->n; i++) {
        const struct map_entry *e = &folded_names->entries[i];
        unsigned hash = filter_hash(slice_from(e->key, e->n));
        wf->bits[hash / 64] |= UINT64_C(1) << hash % 64;
    }
}

/* Other letters than ASCII's fold in more ways than this knows. */
bool word_filter_passes(const struct word_filter *wf, struct slice word)
{
    for (size_t i = 0; i < 3 && i < word.n; i++)
        if ((unsigned char)word.p[i] >= 0x80)
            return true;
    unsigned hash = filter_hash(word);
    return wf->bits[hash / 64] >> hash % 64 & 1;
}
