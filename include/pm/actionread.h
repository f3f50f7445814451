/* pm/actionread.h - model: the three forms of action items share one reader
 */
#ifndef PM_ACTIONREAD_H
#define PM_ACTIONREAD_H

#include "pm/itemtail.h"
#include "pm/postmortem.h"

#define KNOWN_KEYS 16

struct action_reader {
    struct postmortem *pm;
    struct slice keys[KNOWN_KEYS]; /* of front matter items, as written, and what they mean */
    enum action_column columns[KNOWN_KEYS];
    size_t nkeys;
    struct item_reader items;
    VEC(struct action) list;
    struct slice group;       /* the heading or label that what follows stands under */
    bool none;                /* "None: reason" */
    struct slice none_reason;
    bool full;                /* CAP_ITEMS is reached, and said */
};

/* A new open item, in the group; NULL beyond the cap. Holds until the next one is added. */
struct action *action_add(struct action_reader *ar, struct span span);
/* Takes back the item added last. */
void action_drop(struct action_reader *ar);
/* Gives the item added last what was gathered for it: owners, links, places. */
void action_finish(struct action_reader *ar, struct action *a);
/* "None: reason": true, and noted. */
bool action_none(struct action_reader *ar, struct slice plain);

void action_read_list(struct action_reader *ar, const struct block *list);
void action_read_table(struct action_reader *ar, const struct block *table);
bool action_is_table(const struct action_reader *ar, const struct block *table);
void action_read_front(struct action_reader *ar);

#endif
