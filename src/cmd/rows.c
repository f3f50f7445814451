/* The formats that lists of action items and of postmortems share. */
#include "pm/command.h"

#include <string.h>

bool format_among(const char *format, const char *const *names)
{
    while (*names && strcmp(*names, format) != 0)
        names++;
    return *names != NULL;
}

static bool is_one_a_line(const struct row_format *f)
{
    return f->template || strcmp(f->name, "paths") == 0 || strcmp(f->name, "jsonl") == 0;
}

int row_format_parse(struct row_format *out, const char *text, bool nul, const char *const *fields,
                     struct err *e)
{
    struct row_format f = {.name = text ? text : "table", .end = nul ? '\0' : '\n'};
    if (strchr(f.name, '%') && template_parse(&f.template, f.name, fields, e))
        return -1;
    if (nul && !is_one_a_line(&f)) {
        template_free(f.template);
        return err_usage(e, "-z goes with --format paths, jsonl and '%%(FIELD)', not with %s",
                         f.name);
    }
    *out = f;
    return 0;
}

bool row_format_print(struct context *c, const struct row_format *f, const struct rows_view *rows)
{
    bool csv = strcmp(f->name, "csv") == 0, paths = strcmp(f->name, "paths") == 0;
    struct path_view how = context_paths(c);
    size_t start = c->out.n;
    how.nul = !f->end;
    if (f->template)
        render_template(&c->out, f->template, rows, f->end, c->terminal);
    else if (csv || strcmp(f->name, "tsv") == 0)
        render_separated(&c->out, csv ? SEPARATED_CSV : SEPARATED_TSV, rows, c->terminal);
    else if (strcmp(f->name, "jsonl") == 0 && rows->actions)
        render_actions_jsonl(&c->out, rows->actions, rows->n);
    else if (strcmp(f->name, "jsonl") == 0)
        render_search_jsonl(&c->out, rows->postmortems, rows->n);
    else if (paths && rows->actions)
        render_actions_paths(&c->out, rows->actions, rows->n, &how);
    else if (paths)
        render_search_paths(&c->out, rows->postmortems, rows->n, &how);
    else
        return false;
    for (size_t i = start; !f->template && !f->end && !paths && i < c->out.n; i++)
        if (c->out.p[i] == '\n') /* JSON has no other line end */
            c->out.p[i] = '\0';
    return true;
}
