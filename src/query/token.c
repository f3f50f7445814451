#include "pm/token.h"

#include "pm/alloc.h"
#include "pm/utf8.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

/* Longer runs of letters are hashes and keys: no stemmer knows them. */
#define STEM_MOST  31u
/* Texts repeat their words, and looking one up costs a tenth of stemming it. */
#define STEMS_KEPT 1024u

struct stem {
    unsigned char word_length, length; /* word_length 0: nothing kept here */
    char word[STEM_MOST], text[STEM_MOST];
};

struct tokenizer {
    struct sb_stemmer *stemmer; /* NULL until there is a word to stem, like stems */
    struct stem *stems;
    struct slice text;
    size_t at;
    bool gap;     /* white space came since the last token, or nothing came yet */
    bool pending; /* the second character of the last bigram begins the next one */
    size_t first_at;
    struct str first; /* that character, folded */
    struct str word;
};

struct tokenizer *tokenizer_new(void)
{
    struct tokenizer *t = xcalloc(1, sizeof *t);
    str_init(&t->first);
    str_init(&t->word);
    return t;
}

void tokenizer_free(struct tokenizer *t)
{
    if (!t)
        return;
    if (t->stemmer)
        sb_stemmer_delete(t->stemmer);
    free(t->stems);
    str_release(&t->first);
    str_release(&t->word);
    free(t);
}

void tokenizer_start(struct tokenizer *t, struct slice text)
{
    t->text = text;
    t->at = 0;
    t->gap = true;
    t->pending = false;
}

enum kind { KIND_SPACE, KIND_OTHER, KIND_LETTER, KIND_CJK };

static enum kind ascii_kind(unsigned char c)
{
    if (ascii_is_alnum(c))
        return KIND_LETTER;
    return ascii_is_space(c) ? KIND_SPACE : KIND_OTHER;
}

/* Of the character at *at, which moves behind it. */
static enum kind next_kind(struct slice s, size_t *at)
{
    if ((unsigned char)s.p[*at] < 0x80)
        return ascii_kind((unsigned char)s.p[(*at)++]);
    uint32_t cp = utf8_next(s, at);
    if (utf8_is_cjk(cp))
        return KIND_CJK;
    if (utf8_is_letter(cp))
        return KIND_LETTER;
    return utf8_is_space(cp) ? KIND_SPACE : KIND_OTHER;
}

static bool stemmable(struct slice word)
{
    if (word.n < 3 || word.n > STEM_MOST)
        return false;
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return false;
    return true;
}

/* A query without words, such as a condition of the schema, needs none. */
static void prepare_stems(struct tokenizer *t)
{
    t->stemmer = sb_stemmer_new("english", "UTF_8");
    if (!t->stemmer) /* English is always there */
        out_of_memory();
    t->stems = xcalloc(STEMS_KEPT, sizeof *t->stems);
}

struct slice tokenizer_stem(struct tokenizer *t, struct slice word)
{
    if (!stemmable(word))
        return word;
    if (!t->stems)
        prepare_stems(t);
    struct stem *kept = &t->stems[slice_hash(word) % STEMS_KEPT];
    if (kept->word_length != word.n || memcmp(kept->word, word.p, word.n) != 0) {
        const unsigned char *p =
            sb_stemmer_stem(t->stemmer, (const unsigned char *)word.p, (int)word.n);
        if (!p)
            out_of_memory();
        size_t n = (size_t)sb_stemmer_length(t->stemmer);
        if (n == 0 || n > STEM_MOST)
            return word;
        kept->word_length = (unsigned char)word.n;
        kept->length = (unsigned char)n;
        memcpy(kept->word, word.p, word.n);
        memcpy(kept->text, p, n);
    }
    return slice_from(kept->text, kept->length);
}

/* Skips to the next letter. False at the end of the text. */
static bool skip(struct tokenizer *t, enum kind *kind)
{
    while (t->at < t->text.n) {
        size_t at = t->at;
        *kind = next_kind(t->text, &at);
        if (*kind >= KIND_LETTER)
            return true;
        t->gap |= *kind == KIND_SPACE;
        t->at = at;
    }
    return false;
}

/* False when folding has left nothing: a lone accent. */
static bool emit(struct tokenizer *t, struct token *out, size_t start, bool cjk)
{
    struct slice word = str_slice(&t->word);
    if (word.n == 0)
        return false;
    *out = (struct token){word, word, start, t->at, cjk, !t->gap};
    t->gap = false;
    return true;
}

/* Reads the word's ASCII letters, folded. False when others follow. */
static bool read_ascii(struct tokenizer *t)
{
    size_t start = t->at, n = 0;
    while (start + n < t->text.n && ascii_is_alnum((unsigned char)t->text.p[start + n]))
        n++;
    str_add(&t->word, t->text.p + start, n);
    for (size_t i = 0; i < n; i++)
        t->word.p[i] = ascii_lower(t->word.p[i]);
    t->at = start + n;
    return t->at == t->text.n || (unsigned char)t->text.p[t->at] < 0x80;
}

static bool next_word(struct tokenizer *t, struct token *out)
{
    size_t start = t->at;
    str_clear(&t->word);
    if (!read_ascii(t)) {
        size_t at = t->at;
        while (at < t->text.n && next_kind(t->text, &at) == KIND_LETTER)
            t->at = at;
        str_clear(&t->word);
        utf8_fold_search(&t->word, slice_sub(t->text, start, t->at - start));
    }
    return emit(t, out, start, false);
}

/* Marks that make one kana of two characters. */
static bool voicing_mark(uint32_t cp)
{
    return cp == 0x3099 || cp == 0x309A || cp == 0xFF9E || cp == 0xFF9F;
}

static bool at_cjk(const struct tokenizer *t)
{
    size_t at = t->at;
    return at < t->text.n && next_kind(t->text, &at) == KIND_CJK;
}

static void read_cjk(struct tokenizer *t, struct str *out)
{
    size_t start = t->at, at = start;
    do
        utf8_next(t->text, &t->at);
    while ((at = t->at) < t->text.n && voicing_mark(utf8_next(t->text, &at)));
    utf8_fold_search(out, slice_sub(t->text, start, t->at - start));
}

static bool next_bigram(struct tokenizer *t, struct token *out)
{
    if (!t->pending) {
        t->first_at = t->at;
        str_clear(&t->first);
        read_cjk(t, &t->first);
    }
    t->pending = false;
    str_clear(&t->word);
    str_adds(&t->word, str_slice(&t->first));
    size_t start = t->first_at, second_at = t->at, before = t->word.n;
    if (!at_cjk(t))
        return emit(t, out, start, true);
    read_cjk(t, &t->word);
    if (at_cjk(t)) {
        t->pending = true;
        t->first_at = second_at;
        str_clear(&t->first);
        str_add(&t->first, t->word.p + before, t->word.n - before);
    }
    return emit(t, out, start, true);
}

int tokenizer_next_word(struct tokenizer *t, struct token *out)
{
    enum kind kind;
    while (skip(t, &kind))
        if (kind == KIND_CJK ? next_bigram(t, out) : next_word(t, out))
            return 1;
    return 0;
}

int tokenizer_next(struct tokenizer *t, struct token *out)
{
    int got = tokenizer_next_word(t, out);
    if (got > 0 && !out->cjk)
        out->text = tokenizer_stem(t, out->word);
    return got;
}

/* libstemmer states no version. */
void query_libraries(struct str *out)
{
    str_addz(out, "libstemmer (Snowball)\n");
}
