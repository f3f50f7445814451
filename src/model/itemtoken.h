/* itemtoken.h - model, private: the words of an action item and the facts that they are
 *
 * item_tokenize cuts a paragraph into words, links and separators; item_fact_at tells which fact
 * begins at one of them; itemtail.c decides which of these facts are meant.
 */
#ifndef PM_ITEMTOKEN_H
#define PM_ITEMTOKEN_H

#include "pm/itemtail.h"

enum token_kind { TOKEN_WORD, TOKEN_LINK, TOKEN_CODE, TOKEN_SEPARATOR, TOKEN_OPEN, TOKEN_CLOSE };

enum fact_kind {
    ITEM_NOTHING,
    ITEM_SEPARATOR,
    ITEM_JOIN, /* "and" before an owner */
    ITEM_OWNER,
    ITEM_DUE,
    ITEM_TYPE,
    ITEM_PRIORITY,
    ITEM_STATE,
    ITEM_TRACKER,
    ITEM_GROUP /* facts in parentheses */
};

/* What begins at a token. */
struct item_fact {
    enum fact_kind kind;
    bool weak; /* an ordinary word, too */
    bool bare; /* DUE: a date without "due", beside an owner */
    size_t end; /* the token after it */
    struct slice value;
    struct date due;
    enum action_state state;
    size_t note, note_end; /* STATE: the tokens that say why or since when; none when equal */
    size_t note_skip;      /* bytes of the first one that do not belong to it */
};

struct token {
    enum token_kind kind;
    bool line_start;  /* begins a line that is not the first */
    bool sentence;    /* SEPARATOR: a full stop */
    bool comma;       /* SEPARATOR: weaker than the others */
    unsigned style;
    size_t run, at;   /* where it stands: run, and offset in the run's text */
    struct slice text;
    struct slice url;
    struct span span;
    struct item_fact fact;
    bool ok;          /* from here to the end there are only facts */
    bool solid;       /* … and one of them is more than a type */
    bool more;        /* … and one after the first is */
};

/* Facts other than reasons are at most this many tokens long: "due March 17, 2026". */
#define FACT_TOKENS 8
#define GROUP_TOKENS 40

void word_filter_fill(struct word_filter *wf, const struct map *folded_names);
bool word_filter_passes(const struct word_filter *wf, struct slice word);

/* Fills ir->tokens, and ir->links with every url. */
void item_tokenize(struct item_reader *ir, const struct runs *runs);

/* The first colon of a word, also the wide one; width: its bytes. SIZE_MAX: there is none. */
size_t item_colon(struct slice word, size_t *width);
bool item_has_colon(struct slice word);

/* What begins at token `from`; nothing at or beyond `limit` belongs to it. `facts`: the separator
 * after which facts go on up to the limit, where a reason ends; 0: there is none. */
bool item_fact_at(struct item_reader *ir, size_t from, size_t limit, size_t facts,
                  struct item_fact *f);

/* Does an owner stand at `at`, or behind the separators there? */
bool item_before_owner(const struct item_reader *ir, size_t at, size_t limit);

/* Text of tokens from…to (exclusive) as it stands in one run; empty when they are of several. */
struct slice item_stretch(const struct item_reader *ir, size_t from, size_t to);
/* Plain text of tokens from…to, without the first `skip` bytes and without quotes around it. */
struct slice item_plain(const struct item_reader *ir, size_t from, size_t to, size_t skip);
/* Is it one of words (ended by NULL)? ASCII case does not matter. */
bool item_token_in(const struct token *t, const char *const *words);
/* "@alice", "@org/team", also with a colon after it: the name; else empty. */
struct slice item_owner_name(struct slice s);
bool item_name_char(char c);
bool item_is_tick(struct slice s); /* ✅ and its like */

#endif
