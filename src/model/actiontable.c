#include "pm/actionread.h"

#include "pm/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Which column of a table says what; SIZE_MAX: none does. */
struct columns {
    size_t of[ACTION_COLUMNS];
};

static bool find_columns(const struct action_reader *ar, const struct table *t, struct columns *out)
{
    size_t known = 0, other = SIZE_MAX;
    for (size_t i = 0; i < ACTION_COLUMNS; i++)
        out->of[i] = SIZE_MAX;
    for (size_t c = 0; c < t->columns; c++) {
        struct slice name = inline_plain(t->header.cells[c].text, ar->items.doc->refs,
                                         ar->items.arena);
        enum action_column column = name.n > 0 ? schema_action_column(ar->items.schema, name)
                                               : ACTION_COLUMNS;
        if (column == ACTION_COLUMNS && other == SIZE_MAX && name.n > 0)
            other = c;
        if (column == ACTION_COLUMNS || out->of[column] != SIZE_MAX)
            continue;
        out->of[column] = c;
        known += column != ACTION_POSITION && column != ACTION_ID;
    }
    /* "| Mitigation | Owner | Due |": two known columns say what the third one is. */
    if (out->of[ACTION_TEXT] == SIZE_MAX && known >= 2)
        out->of[ACTION_TEXT] = other;
    return out->of[ACTION_TEXT] != SIZE_MAX && (known >= 2 || t->columns == 1);
}

static const struct cell *cell_of(const struct table_row *row, const struct columns *c,
                                  enum action_column column)
{
    return c->of[column] == SIZE_MAX ? NULL : &row->cells[c->of[column]];
}

static struct slice plain(struct action_reader *ar, const struct cell *cell)
{
    return cell ? inline_plain(cell->text, ar->items.doc->refs, ar->items.arena)
                : (struct slice){NULL, 0};
}

/* The links of a cell join those of the item; the first of them, or empty. */
static struct slice add_links(struct action_reader *ar, const struct cell *cell)
{
    struct runs runs;
    struct slice first = {NULL, 0};
    inline_parse(cell->text, cell->span.start, ar->items.doc->refs, ar->items.arena, &runs);
    for (size_t i = 0; i < runs.n; i++) {
        if (runs.v[i].kind != RUN_LINK || runs.v[i].url.n == 0)
            continue;
        vec_push(&ar->items.links, runs.v[i].url);
        if (first.n == 0)
            first = runs.v[i].url;
    }
    return first;
}

static void read_position(struct action_reader *ar, const struct table_row *row,
                          const struct columns *c, struct action *a)
{
    struct slice id = plain(ar, cell_of(row, c, ACTION_ID));
    struct slice number = plain(ar, cell_of(row, c, ACTION_POSITION));
    int64_t position;
    bool letters = false;
    for (size_t i = 0; i < id.n; i++)
        letters |= ascii_is_alpha((unsigned char)id.p[i]) || (unsigned char)id.p[i] >= 0x80;
    if (letters)
        a->id = id; /* a bare number is no id, whatever its column is called */
    else if (number.n == 0)
        number = id;
    if (slice_starts(number, SLICE("#")))
        number = slice_sub(number, 1, number.n);
    if (slice_i64(number, 0, 1000000, &position))
        a->position = (long)position;
}

/* A strong or otherwise set off word in the cell that is a state, when its beginning is none. */
static bool strong_state(struct action_reader *ar, const struct cell *cell,
                         enum action_state *state)
{
    struct runs runs;
    struct slice note;
    inline_parse(cell->text, cell->span.start, ar->items.doc->refs, ar->items.arena, &runs);
    for (size_t i = 0; i < runs.n; i++)
        if ((runs.v[i].style & STYLE_STRONG) &&
            item_state(ar->items.schema, runs.v[i].text, state, &note))
            return true;
    return false;
}

static bool is_box(struct slice text, enum action_state *state)
{
    if (slice_ieqz(text, "[x]") || slice_ieqz(text, "x"))
        *state = STATE_DONE;
    else if (slice_eqz(text, "[ ]") || slice_eqz(text, "[]"))
        *state = STATE_OPEN;
    else if (slice_eqz(text, "[~]"))
        *state = STATE_WONTDO;
    else
        return false;
    return true;
}

static void read_state(struct action_reader *ar, const struct cell *cell, struct action *a)
{
    struct slice text = plain(ar, cell), note = {NULL, 0};
    enum action_state state;
    if (text.n == 0 || fact_how_of(text) != FACT_VALUE)
        return;
    a->state_span = cell->span;
    add_links(ar, cell);
    bool known = is_box(text, &state) || item_state(ar->items.schema, text, &state, &note);
    if (!known && (known = strong_state(ar, cell, &state)))
        note = text;
    if (!known) {
        struct slice shown = utf8_cut(text, 40);
        struct problem *p = problem_add(&ar->pm->problems, ar->items.arena, PROBLEM_NOTE,
                                        cell->span, "'%.*s' is no state of an action item that "
                                        "is known; the item counts as open", SLICE_ARG(shown));
        p->subject = SLICE("state");
        p->hint = arena_fmt(ar->items.arena, "give it a meaning under actions.states in "
                                             ".pm/schema.yaml");
        note = text;
    } else {
        a->state = state;
        a->state_stated = true;
    }
    if (note.n > 0)
        a->reason = note;
}

static void read_owner(struct action_reader *ar, const struct cell *cell, struct action *a)
{
    vec_clear(&ar->items.owners); /* the column knows better than the text */
    item_add_owners(&ar->items, plain(ar, cell));
    a->owner_span = cell->span;
}

static bool has_digit(struct slice text)
{
    for (size_t i = 0; i < text.n; i++)
        if (ascii_is_digit((unsigned char)text.p[i]))
            return true;
    return false;
}

static void read_tracker(struct action_reader *ar, const struct cell *cell, struct action *a)
{
    struct slice link = add_links(ar, cell);
    if (link.n == 0)
        link = item_tracker(ar->items.schema, plain(ar, cell));
    if (link.n > 0)
        a->tracker = link;
    else if (has_digit(plain(ar, cell)))
        a->no_tracker = plain(ar, cell);
    a->tracker_span = cell->span;
}

static void read_cells(struct action_reader *ar, const struct table_row *row,
                       const struct columns *c, struct action *a)
{
    const struct cell *cell;
    struct slice text;
    if ((cell = cell_of(row, c, ACTION_OWNER)) != NULL)
        read_owner(ar, cell, a);
    if ((cell = cell_of(row, c, ACTION_DUE)) != NULL) {
        item_read_due(&ar->items, plain(ar, cell), a);
        a->due_span = cell->span;
    }
    if ((text = plain(ar, cell_of(row, c, ACTION_TYPE))).n > 0)
        a->type = item_type(&ar->items, text);
    if ((text = plain(ar, cell_of(row, c, ACTION_PRIORITY))).n > 0)
        a->priority = item_priority(&ar->items, text);
    if ((cell = cell_of(row, c, ACTION_TRACKER)) != NULL)
        read_tracker(ar, cell, a);
    if ((cell = cell_of(row, c, ACTION_STATE)) != NULL)
        read_state(ar, cell, a);
    if ((text = plain(ar, cell_of(row, c, ACTION_REASON))).n > 0)
        a->reason = text;
}

static void read_row(struct action_reader *ar, const struct table_row *row, const struct columns *c)
{
    const struct cell *text = cell_of(row, c, ACTION_TEXT);
    if (!text || text->text.n == 0)
        return;
    struct action *a = action_add(ar, row->span);
    if (!a)
        return;
    a->form = FORM_TABLE;
    item_read(&ar->items, text->text, text->span.start, a);
    if (a->text.n == 0 || fact_how_of(a->text) != FACT_VALUE || action_none(ar, a->text)) {
        action_drop(ar);
        return;
    }
    read_position(ar, row, c, a);
    read_cells(ar, row, c, a);
    action_finish(ar, a);
}

bool action_is_table(const struct action_reader *ar, const struct block *table)
{
    struct columns columns;
    return find_columns(ar, table->table, &columns);
}

void action_read_table(struct action_reader *ar, const struct block *table)
{
    const struct table *t = table->table;
    struct columns columns;
    if (!find_columns(ar, t, &columns))
        return;
    for (size_t i = 0; i < t->nrows; i++)
        read_row(ar, &t->rows[i], &columns);
}
