/* pm/itemtail.h - model: a promise and the facts around it, in one paragraph of prose
 *
 *     **A1** Reject configs that fail validation
 *     @alice, due 2026-04-01, prevent, P1, [OPS-123](https://…)
 *
 * Facts stand at the end: the last unbroken run of fact tokens; before it everything is the promise
 * and stays as it is, also "Add P2 alert" and "… by Friday". A remark may stand behind them where one
 * of them is a date: in parentheses, or anything behind "due: 2026-04-01". At the start an id, `(team, team)` and
 * `@name` are facts too. A fact that is an ordinary word (process, done, P1) must be set off from
 * the promise: by a separator, a parenthesis, a line of its own, capitals or emphasis.
 */
#ifndef PM_ITEMTAIL_H
#define PM_ITEMTAIL_H

#include "pm/action.h"
#include "pm/vec.h"

struct token; /* a word, link or separator of the paragraph */

/* The beginnings of words, to tell quickly that a word is none of them. */
struct word_filter {
    uint64_t bits[64];
};

/* Reusable memory for reading many items of one document. */
struct item_reader {
    const struct schema *schema;
    const struct document *doc;
    struct arena *arena;
    struct word_filter states, types; /* of the schema's names */
    VEC(struct token) tokens;
    VEC(struct slice) owners, links;
};
void item_reader_init(struct item_reader *ir, const struct schema *s, struct document *d);
void item_reader_release(struct item_reader *ir);

/* Reads a paragraph (whose first byte has offset base in the document) into a: text, key, id,
 * owners, due, type, priority, state, reason, tracker, links and their places. A state that nothing
 * states is left as it was, with state_stated false. Linear in the paragraph. */
void item_read(struct item_reader *ir, struct slice text, uint32_t base, struct action *a);

/* The pieces, for table cells and front matter. */
void item_add_owners(struct item_reader *ir, struct slice text); /* "@alice, bob / sre" */
void item_add_owner(struct item_reader *ir, struct slice name);  /* "@alice"; "Smith, John" */
void item_take_lists(struct item_reader *ir, struct action *a);  /* owners and links → a */
void item_read_due(struct item_reader *ir, struct slice text, struct action *a);
struct slice item_priority(struct item_reader *ir, struct slice text);
struct slice item_type(struct item_reader *ir, struct slice text);
/* A state anywhere in plain text, with the words around it as the note: "Done (2026-08-16)". */
bool item_state(const struct schema *s, struct slice text, enum action_state *state,
                struct slice *note);
/* The first tracker token in text: by the schema's patterns; empty: none. */
struct slice item_tracker(const struct schema *s, struct slice text);
/* Folded for identity. */
struct slice item_key(struct item_reader *ir, struct slice text);

#endif
