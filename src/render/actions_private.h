/* render: what the files about items and events share */
#ifndef PM_RENDER_ACTIONS_PRIVATE_H
#define PM_RENDER_ACTIONS_PRIVATE_H

#include "pm/printer.h"
#include "pm/render.h"

/* What an event changed, in words, on one line: "2026-02-01 → 2026-02-20 +19d". Nothing of an item
 * that was opened with the text that it still has (current). Replaces what text holds. */
void event_change_words(struct str *text, const struct event_view *v, struct slice current);

/* A table of action items, and rows of it; whole_refs: see render_actions_table. */
struct table_text *actions_table_new(void);
void actions_table_add(struct table_text *t, const struct action_view *v, size_t n,
                       bool whole_refs);

/* A list that is kept one a line, as people write it: "alice, bob". Replaces what text holds. */
struct slice list_words(struct str *text, struct slice lines);

#endif
