/* The tokenizer of pm/token.h as FTS5 wants it: what is found in memory and what is found by SQL are
 * the same words.
 *
 * A word of a document is indexed as its stem and, where that differs, at the same position as itself,
 * marked: a stem is then never taken for a word. As a prefix is looked for what is marked, and the
 * stems, which are words mostly; where a stem goes on as its word does not (happi of happy), each such
 * beginning is there with another mark, for text_query.c to see that a prefix may not be one.
 *
 * A query is not cut again (the stem of a stem may be another): text_match() puts its tokens together,
 * and here they are taken apart. */
#include "text_rows.h"

#include <stdlib.h>

#include "pm/token.h"

/* Control characters are in no token. */
#define WORD_MARK  '\001'
#define OTHER_MARK '\002'
#define BETWEEN    '\003'

typedef int emit_token(void *ctx, int flags, const char *token, int n, int start, int end);

/* A tokenizer, and to whom its tokens go. */
struct cutter {
    struct tokenizer *tokenizer;
    struct str marked;
    emit_token *emit;
    void *ctx;
};

static int create(void *unused, const char **args, int n, Fts5Tokenizer **out)
{
    (void)unused, (void)args, (void)n;
    struct cutter *c = xcalloc(1, sizeof *c);
    c->tokenizer = tokenizer_new();
    str_init(&c->marked);
    *out = (Fts5Tokenizer *)c;
    return SQLITE_OK;
}

static void delete(Fts5Tokenizer *t)
{
    struct cutter *c = (struct cutter *)t;
    tokenizer_free(c->tokenizer);
    str_release(&c->marked);
    free(c);
}

/* At the position of the token before. */
static int emit_marked(struct cutter *c, char mark, struct slice s, const struct token *t)
{
    str_clear(&c->marked);
    str_addc(&c->marked, mark);
    str_adds(&c->marked, s);
    return c->emit(c->ctx, FTS5_TOKEN_COLOCATED, c->marked.p, (int)c->marked.n, (int)t->start,
                   (int)t->end);
}

static int emit_word(struct cutter *c, const struct token *t)
{
    int result = c->emit(c->ctx, 0, t->text.p, (int)t->text.n, (int)t->start, (int)t->end);
    if (result != SQLITE_OK || slice_eq(t->text, t->word))
        return result;
    result = emit_marked(c, WORD_MARK, t->word, t);
    for (size_t n = t->text.n; n && result == SQLITE_OK; n--) {
        struct slice beginning = slice_sub(t->text, 0, n);
        if (slice_starts(t->word, beginning))
            break;
        result = emit_marked(c, OTHER_MARK, beginning, t);
    }
    return result;
}

static int cut_document(struct cutter *c, struct slice text)
{
    struct token t;
    int result = SQLITE_OK;
    tokenizer_start(c->tokenizer, text);
    while (result == SQLITE_OK && tokenizer_next(c->tokenizer, &t))
        result = emit_word(c, &t);
    return result;
}

static int take_apart(struct cutter *c, struct slice tokens, bool prefix)
{
    struct slice rest = tokens, token;
    int result = SQLITE_OK;
    while (result == SQLITE_OK && slice_split(&rest, BETWEEN, &token)) {
        size_t start = (size_t)(token.p - tokens.p);
        struct token t = {.start = start, .end = start + token.n};
        result = c->emit(c->ctx, 0, token.p, (int)token.n, (int)t.start, (int)t.end);
        if (result == SQLITE_OK && prefix && rest.n == 0)
            result = emit_marked(c, WORD_MARK, token, &t);
    }
    return result;
}

static int tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
                    emit_token *emit)
{
    struct cutter *c = (struct cutter *)t;
    struct slice s = slice_from(text, (size_t)n);
    c->emit = emit;
    c->ctx = ctx;
    return flags & FTS5_TOKENIZE_QUERY ? take_apart(c, s, flags & FTS5_TOKENIZE_PREFIX)
                                       : cut_document(c, s);
}

/* Quotes are doubled, so nothing of a query is ever syntax. */
static void add_quoted(struct str *out, struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            str_addc(out, '"');
        str_addc(out, s.p[i]);
    }
}

struct phrase text_phrase(const struct query *q)
{
    return (struct phrase){q->tokens, q->ntokens, q->prefix};
}

void text_match(struct str *out, const struct phrase *p)
{
    str_addz(out, "(\"");
    for (size_t i = 0; i < p->n; i++) {
        if (i)
            str_addc(out, BETWEEN);
        add_quoted(out, p->tokens[i]);
    }
    str_addz(out, p->prefix ? "\" *)" : "\")");
}

void text_match_other(struct str *out, struct slice prefix)
{
    str_addf(out, "\"%c", OTHER_MARK);
    add_quoted(out, prefix);
    str_addc(out, '"');
}

int db_register_tokenizer(sqlite3 *db, struct err *e)
{
    static fts5_tokenizer functions = {create, delete, tokenize};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    if (db_prepare(db, "SELECT fts5(?1)", &s, e))
        return -1;
    sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
    sqlite3_step(s);
    sqlite3_finalize(s);
    if (!api)
        return err_set(e, "this SQLite has no full-text search (FTS5)");
    if (api->xCreateTokenizer(api, "pm", NULL, &functions, NULL) != SQLITE_OK)
        return db_fail(db, e);
    return 0;
}
