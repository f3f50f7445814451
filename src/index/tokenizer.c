/* The tokenizer of pm/token.h as FTS5 wants it: what is found in memory and what is found by SQL are
 * the same words. A word and its stem stand at one position; a prefix search uses the word. */
#include "db.h"

#include "pm/token.h"
#include "pm/utf8.h"

static int create(void *unused, const char **args, int n, Fts5Tokenizer **out)
{
    (void)unused, (void)args, (void)n;
    *out = (Fts5Tokenizer *)tokenizer_new();
    return SQLITE_OK;
}

static void delete(Fts5Tokenizer *t)
{
    tokenizer_free((struct tokenizer *)t);
}

/* Does nothing but punctuation follow? Then no token does. */
static bool last_word(const char *text, int n, size_t end)
{
    struct slice rest = slice_from(text + end, (size_t)n - end);
    for (size_t i = 0; i < rest.n;)
        if (utf8_is_letter(utf8_next(rest, &i)))
            return false;
    return true;
}

/* In a document, a word and its stem stand at one position. In a query the stem is looked for, but
 * as the end of a prefix the word as it was written: "conn" begins connected and connection. */
static int tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
                    int (*emit)(void *, int, const char *, int, int, int))
{
    struct tokenizer *tokenizer = (struct tokenizer *)t;
    struct token token;
    int result = SQLITE_OK;
    bool document = flags & FTS5_TOKENIZE_DOCUMENT, prefix = flags & FTS5_TOKENIZE_PREFIX;
    tokenizer_start(tokenizer, slice_from(text, (size_t)n));
    while (result == SQLITE_OK && tokenizer_next(tokenizer, &token)) {
        struct slice main = prefix && last_word(text, n, token.end) ? token.word : token.text;
        result = emit(ctx, 0, main.p, (int)main.n, (int)token.start, (int)token.end);
        if (result == SQLITE_OK && document && !slice_eq(token.text, token.word))
            result = emit(ctx, FTS5_TOKEN_COLOCATED, token.word.p, (int)token.word.n,
                          (int)token.start, (int)token.end);
    }
    return result;
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
