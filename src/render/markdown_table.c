/* Lists as tables to paste into an issue. */
#include "actions_private.h"

static void add_cells(struct str *out, const struct slice *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        str_addz(out, i ? " | " : "| ");
        if (i)
            markdown_text(out, cells[i]);
        else
            markdown_code(out, cells[i]);
    }
    str_addz(out, " |\n");
}

void render_actions_markdown(struct str *out, const struct action_view *v, size_t n)
{
    struct str due = STR_INIT, late = STR_INIT, owners = STR_INIT;
    if (n)
        str_addz(out, "| item | state | due | late | owner | action |\n"
                      "|---|---|---|---:|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        str_clear(&due);
        str_clear(&late);
        if (v[i].due.year)
            date_format(&due, v[i].due);
        if (v[i].has_overdue && v[i].overdue_days > 0)
            str_addf(&late, "%lldd", (long long)v[i].overdue_days);
        struct slice cells[] = {v[i].ref, slice_of(item_state_name(v[i].state)), str_slice(&due),
                                str_slice(&late), list_words(&owners, v[i].owners), v[i].text};
        add_cells(out, cells, sizeof cells / sizeof *cells);
    }
    str_release(&due);
    str_release(&late);
    str_release(&owners);
}

void render_search_markdown(struct str *out, const struct search_row *rows, size_t n)
{
    struct str date = STR_INIT, causes = STR_INIT;
    if (n)
        str_addz(out, "| postmortem | date | severity | title | causes |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        const struct postmortem *pm = rows[i].pm;
        const struct fact *f = postmortem_fact(pm, "causes");
        str_clear(&date);
        str_clear(&causes);
        if (pm->date.year)
            date_format(&date, pm->date);
        for (size_t k = 0; f && k < f->nvalues; k++)
            str_addf(&causes, "%s" SLICE_FMT, k ? ", " : "", SLICE_ARG(f->values[k].text));
        struct slice cells[] = {pm->id, str_slice(&date), postmortem_text(pm, "severity"),
                                pm->title, str_slice(&causes)};
        add_cells(out, cells, sizeof cells / sizeof *cells);
    }
    str_release(&date);
    str_release(&causes);
}
