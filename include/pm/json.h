/* pm/json.h - render: JSON values of what pm speaks about, by jansson
 *
 * The grammar is kept in schema/output.md. Absent values are null; times are RFC 3339; durations
 * are seconds; bytes that are not UTF-8 become U+FFFD. Keys keep the order in which they are set.
 */
#ifndef PM_JSON_H
#define PM_JSON_H

#include "pm/render.h"

struct json_t;

/* Once, before all others: a value for which there is no memory ends the program (pm/alloc.h) instead
 * of being left out of the answer. */
void json_start(void);

struct json_t *json_of_text(struct slice s);        /* null when empty */
struct json_t *json_of_query(struct slice s);       /* "" when empty */
struct json_t *json_of_lines(struct slice lines); /* "a\nb" → ["a","b"] */
struct json_t *json_of_date(struct date d);         /* null without a year */
struct json_t *json_of_moment(const struct moment_view *m);
struct json_t *json_of_finding(const struct finding *f);
struct json_t *json_of_postmortem(const struct search_row *row);
struct json_t *json_of_action(const struct action_view *v);
struct json_t *json_of_event(const struct event_view *v);
struct json_t *json_of_groups(const struct groups_view *g); /* null without any */
/* {"format": "pm/1", "kind": kind} to add to. */
struct json_t *json_answer(const char *kind);
/* Appends it, indented or on one line, with a line end; frees it. */
void json_print(struct str *out, struct json_t *j, bool indented);
/* Appends an object, indented, whose empty list `key` is filled with n items, made and printed one
 * by one: a tree of them all takes ten times the memory of its text. Frees the object. */
typedef struct json_t *json_item(const void *ctx, size_t i);
void json_print_list(struct str *out, struct json_t *around, const char *key, size_t n,
                     json_item *item, const void *ctx);

#endif
