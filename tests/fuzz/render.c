/* A postmortem and its action items in every format of rows, and by a template, which stands before
 * the first NUL. JSON is JSON, a table has its cells, and nothing reaches a terminal raw. */
#include "pm/ledger.h"
#include "pm/render.h"
#include "pm/rowtext.h"

#include "../lib/json_check.h"
#include "../lib/reading.h"

enum { SHOWN = 50 }; /* items: each is rendered a dozen times */

struct rendered {
    struct arena arena;
    struct search_row row;
    struct action_view items[SHOWN];
    size_t n;
    struct str out;
};

static const struct answer_view answer = {.query = {"q\x1b", 2}, .at = "", .total = 1};

static struct slice one_a_line(struct arena *a, const struct slice *v, size_t n)
{
    struct str lines = STR_INIT;
    for (size_t i = 0; i < n; i++) {
        str_addz(&lines, i ? "\n" : "");
        str_adds(&lines, v[i]);
    }
    struct slice copy = arena_dup(a, str_slice(&lines));
    str_release(&lines);
    return copy;
}

/* As an index that has seen nothing but this document would tell it. */
static void view_items(struct rendered *r, const struct postmortem *pm)
{
    static const struct moment_view then = {.known = true, .commit = "0123", .at = 1773964800,
                                            .day = {2026, 3, 20}, .author = {"Ann\xc2\x9b", 5}};
    for (r->n = 0; r->n < pm->actions.n && r->n < SHOWN; r->n++) {
        const struct action *a = &pm->actions.v[r->n];
        r->items[r->n] = (struct action_view){
            .ref = a->id, .postmortem = pm->id, .path = pm->path, .text = a->text,
            .reason = a->reason, .owners = one_a_line(&r->arena, a->owners, a->nowners),
            .type = a->type, .priority = a->priority, .tracker = a->tracker,
            .links = one_a_line(&r->arena, a->links, a->nlinks), .line = 1,
            .gone = r->n % 7 == 6, .state = (enum item_state)a->state, .due = a->due, .opened = then,
            .has_overdue = a->due.year, .overdue_days = 3, .severity = a->group, .date = pm->date};
    }
}

/* ---- what holds ---- */

static void shown(struct rendered *r)
{
    check_shown(str_slice(&r->out));
    str_clear(&r->out);
}

static void json(struct rendered *r)
{
    check_json(str_slice(&r->out));
    str_clear(&r->out);
}

static void json_lines(struct rendered *r)
{
    check_json_lines(str_slice(&r->out));
    str_clear(&r->out);
}

/* As many tabs in each line as in the first. */
static void tab_separated(struct rendered *r)
{
    struct slice rest = str_slice(&r->out), line;
    size_t columns = 0, tabs;
    for (size_t n = 0; slice_split(&rest, '\n', &line); n++) {
        tabs = 0;
        for (size_t i = 0; i < line.n; i++)
            tabs += line.p[i] == '\t';
        check_that(!n || tabs == columns, "each line has the same cells");
        columns = tabs;
    }
    shown(r);
}

/* Quotes are closed at the end, and what is outside of them has as many commas in each row. */
static void comma_separated(struct rendered *r)
{
    size_t commas = 0, columns = SIZE_MAX;
    bool quoted = false;
    for (size_t i = 0; i < r->out.n; i++) {
        quoted ^= r->out.p[i] == '"';
        commas += !quoted && r->out.p[i] == ',';
        if (quoted || r->out.p[i] != '\n')
            continue;
        check_that(columns == SIZE_MAX || commas == columns, "each row has the same cells");
        columns = commas;
        commas = 0;
    }
    check_that(!quoted, "a quote is closed");
    for (size_t i = 0; i < r->out.n; i++) /* RFC 4180 ends a line so */
        r->out.p[i] = r->out.p[i] == '\r' && r->out.p[i + 1] == '\n' ? ' ' : r->out.p[i];
    shown(r);
}

/* ---- every format ---- */

static void render_items(struct rendered *r, size_t width)
{
    struct printer printer = {.out = &r->out, .width = width};
    struct group_view groups[] = {{.name = {"", 0}, .v = r->items, .n = r->n, .tally = {r->n, 1, 1, 0}}};
    const struct groups_view grouped = {"severity", groups, 1};
    render_actions_table(&printer, r->items, r->n, true);
    render_groups_table(&printer, &grouped);
    if (r->n)
        render_log_text(&printer, &r->items[0], NULL, 0);
    shown(r);
    render_actions_markdown(&r->out, r->items, r->n);
    render_groups_markdown(&r->out, &grouped);
    shown(r);
    render_actions_json(&r->out, r->items, r->n, &grouped, &answer);
    json(r);
    render_actions_jsonl(&r->out, r->items, r->n);
    json_lines(r);
}

static void render_postmortem(struct rendered *r, size_t width)
{
    struct printer printer = {.out = &r->out, .width = width};
    const struct show_view show = {.pm = r->row.pm, .actions = r->items, .nactions = r->n};
    render_search_table(&printer, &r->row, 1);
    render_show_text(&printer, &show);
    shown(r);
    render_search_markdown(&r->out, &r->row, 1);
    shown(r);
    render_search_json(&r->out, &r->row, 1, &answer);
    json(r);
    render_search_jsonl(&r->out, &r->row, 1);
    json_lines(r);
    render_show_json(&r->out, &show);
    json(r);
}

static void render_rows(struct rendered *r, const struct rows_view *rows, const char *format,
                        const char *const *fields)
{
    struct template *t;
    render_separated(&r->out, SEPARATED_CSV, rows, true);
    comma_separated(r);
    render_separated(&r->out, SEPARATED_TSV, rows, true);
    tab_separated(r);
    if (template_parse(&t, format, fields, NULL))
        return;
    render_template(&r->out, t, rows, '\n', true);
    shown(r);
    template_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rendered r = {.out = STR_INIT};
    struct slice document, format = before_nul(data, size, &document);
    if (!document.n)
        document = format;
    struct postmortem *pm = read_document(default_schema(), document);
    struct str template = STR_INIT;
    str_adds(&template, format);
    r.row = (struct search_row){.pm = pm, .snippet = pm->title, .section = pm->id};
    view_items(&r, pm);
    render_items(&r, size % 3 * 30);
    render_postmortem(&r, size % 3 * 30);
    render_rows(&r, &(struct rows_view){.actions = r.items, .n = r.n}, template.p, action_fields);
    render_rows(&r, &(struct rows_view){.postmortems = &r.row, .n = 1}, template.p,
                postmortem_fields);
    str_release(&template);
    str_release(&r.out);
    arena_release(&r.arena);
    postmortem_free(pm);
    return 0;
}
