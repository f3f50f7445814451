/* pm/rowtext.h - render: rows by the names of their fields: '%(ref) %(owner)', CSV, TSV
 *
 * The fields are those of the JSON (schema/output.md), a field of an object under a dotted name:
 * opened.author. In text null is empty, a list is joined by ", ", a moment is its time.
 */
#ifndef PM_ROWTEXT_H
#define PM_ROWTEXT_H

#include "pm/render.h"

/* What can be named, NULL-terminated. Of a postmortem also facts.NAME. */
extern const char *const action_fields[], *const postmortem_fields[];

/* Action items or postmortems: the other one is NULL. */
struct rows_view {
    const struct action_view *actions;
    const struct search_row *postmortems;
    size_t n;
};

/* As in git for-each-ref: %(FIELD), %% and %0a, two hexadecimal digits. An unknown field is a usage
 * error that names a near one. */
struct template;
int template_parse(struct template **out, const char *text, const char *const *fields,
                   struct err *e);
void template_free(struct template *t);
/* Does it name a field of an action item that index_facts fills? */
bool template_has_facts(const struct template *t);
/* end: after each row. visible: as a terminal may see it. */
void render_template(struct str *out, const struct template *t, const struct rows_view *rows,
                     char end, bool visible);

/* A header line, and a line a row. CSV: RFC 4180. TSV: what would break a line or a cell is a blank.
 * A text that a spreadsheet would take for a formula begins with an apostrophe. */
enum separated { SEPARATED_CSV, SEPARATED_TSV };
void render_separated(struct str *out, enum separated how, const struct rows_view *rows,
                      bool visible);

#endif
