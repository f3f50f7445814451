/* What the files of `pm complete` share. */
#ifndef PM_CMD_COMPLETE_PRIVATE_H
#define PM_CMD_COMPLETE_PRIVATE_H

#include "pm/command.h"
#include "pm/utf8.h"

struct completion {
    struct context *context;
    const struct command *command; /* NULL: none is named yet */
    bool unknown;                  /* one is, and there is none such */
    bool only_operands;            /* after "--" */
    bool in_query;                 /* the word is a part of a query, where a blank ends a value */
    struct operands operands;      /* of the command, before the last word */
    struct slice before, word;     /* the last word: what stays, and what is completed */
    struct schema *schema;         /* once somebody asked for it */
};

/* A line "TEXT<tab>ABOUT", if TEXT begins with the word. */
void offer(struct completion *k, struct slice text, struct slice about);
void offerz(struct completion *k, const char *text, const char *about);
/* The first n bytes of the word stay as they are. */
void completion_skip(struct completion *k, size_t n);
void completion_release(struct completion *k);

/* complete_query.c: names from the repository; nothing where there is none. field: see index_peek. */
void offer_names(struct completion *k, enum peek what, struct slice field);
/* Branches and tags; of a range A..B the last end. Whether there is any. */
bool offer_revisions(struct completion *k);
void offer_query(struct completion *k);
/* The values of a field of the query language, by its name. */
void offer_values(struct completion *k, struct slice field);

#endif
