#include "pm/itemtail.h"

#include "pm/caps.h"
#include "pm/utf8.h"
#include "pm/when.h"

#include <stdlib.h>
#include <string.h>

/* ---- owners ------------------------------------------------------------------------------------ */

/* Words that stand where an owner should: nobody is accountable. */
static bool is_nobody(struct slice s)
{
    static const char *const words[] = {
        "",    "-",     "--",    "—",     "–",          "?",       "??",      "n/a",  "none",
        "tbd", "tba",   "todo",  "t.b.d.", "unassigned", "unknown", "nobody",  "open", "xxx",
        "未定", "未割当", "なし", NULL};
    for (const char *const *w = words; *w; w++)
        if (slice_ieqz(s, *w))
            return true;
    return false;
}

void item_add_owner(struct item_reader *ir, struct slice name)
{
    name = slice_trim(name);
    while (name.n > 0 && (name.p[0] == '@' || name.p[0] == '('))
        name = slice_sub(name, 1, name.n);
    if (name.n > 0 && name.p[name.n - 1] == ')' && slice_chr(name, '(', 0) == SIZE_MAX)
        name = slice_sub(name, 0, name.n - 1);
    name = slice_trim(name);
    if (is_nobody(name))
        return;
    for (size_t i = 0; i < ir->owners.n && i < CAP_LIST_VALUES; i++)
        if (slice_eq(ir->owners.v[i], name))
            return;
    if (ir->owners.n < CAP_LIST_VALUES)
        vec_push(&ir->owners, name);
}

/* The separator of names at the start of s: its length, or 0. "docs / sre" are two teams, "org/sre"
 * is one. */
static size_t owner_separator(struct slice s)
{
    static const char *const separators[] = {", ", ",", ";",   "、",    "，",    " / ", " & ",
                                             " + ", "・", "／", " and ", " und ", " |",  NULL};
    if (ascii_is_alnum((unsigned char)s.p[0]))
        return 0;
    for (const char *const *sep = separators; *sep; sep++)
        if (slice_istarts(s, slice_of(*sep)))
            return strlen(*sep);
    if (slice_starts(s, SLICE("/@")) || slice_starts(s, SLICE(" @")))
        return 1;
    return 0;
}

void item_add_owners(struct item_reader *ir, struct slice text)
{
    size_t from = 0, i = 0;
    int depth = 0; /* "Kaikei (docs, ops)" is one */
    text = slice_trim(text);
    while (i < text.n) {
        size_t sep = depth == 0 ? owner_separator(slice_sub(text, i, text.n)) : 0;
        depth += text.p[i] == '(' ? 1 : text.p[i] == ')' && depth > 0 ? -1 : 0;
        if (sep) {
            item_add_owner(ir, slice_sub(text, from, i - from));
            from = i + sep;
        }
        i += sep ? sep : 1;
    }
    item_add_owner(ir, slice_sub(text, from, text.n));
}

void item_take_lists(struct item_reader *ir, struct action *a)
{
    a->nowners = ir->owners.n;
    a->owners = arena_array(ir->arena, ir->owners.n, sizeof *a->owners);
    if (ir->owners.n > 0)
        memcpy(a->owners, ir->owners.v, ir->owners.n * sizeof *a->owners);
    a->nlinks = ir->links.n;
    a->links = arena_array(ir->arena, ir->links.n, sizeof *a->links);
    if (ir->links.n > 0)
        memcpy(a->links, ir->links.v, ir->links.n * sizeof *a->links);
    vec_clear(&ir->owners);
    vec_clear(&ir->links);
}

/* ---- due, type, priority ----------------------------------------------------------------------- */

/* "2026-04-19 〜継続" is due on that day; what is no date stays as written. */
void item_read_due(struct item_reader *ir, struct slice text, struct action *a)
{
    struct moment m;
    size_t used;
    (void)ir;
    text = slice_trim(text);
    if (is_nobody(text))
        return;
    a->due_raw = text;
    if (when_scan(text, &m, &used) && m.date.year != 0 && date_valid(m.date))
        a->due = m.date;
}

struct slice item_priority(struct item_reader *ir, struct slice text)
{
    text = slice_trim(text);
    if (is_nobody(text))
        return (struct slice){NULL, 0};
    if (text.n == 2 && text.p[0] == 'p' && ascii_is_digit((unsigned char)text.p[1])) {
        char *upper = arena_strdup(ir->arena, text);
        upper[0] = 'P';
        return slice_from(upper, 2);
    }
    return text;
}

struct slice item_type(struct item_reader *ir, struct slice text)
{
    text = slice_trim(text);
    if (is_nobody(text))
        return (struct slice){NULL, 0};
    struct slice type = schema_action_type(ir->schema, text);
    size_t paren = slice_chr(text, '(', 0), wide = slice_find(text, SLICE("（"), 0);
    size_t cut = paren < wide ? paren : wide;
    if (type.n == 0 && cut != SIZE_MAX)
        type = schema_action_type(ir->schema, slice_trim(slice_sub(text, 0, cut)));
    return type.n > 0 ? type : text;
}

/* ---- state ------------------------------------------------------------------------------------- */

static const char *const ticks[] = {"✅", "✔", "☑", ":white_check_mark:", NULL};
static const char *const note_marks[] = {"(", "（", ",", "、", ";", "；", ":", "：", "—", "–",
                                         " - ", "。", "/", NULL};

static size_t first_mark(struct slice s)
{
    size_t first = s.n;
    for (const char *const *mark = note_marks; *mark; mark++) {
        size_t at = slice_find(slice_sub(s, 0, first), slice_of(*mark), 0);
        if (at < first)
            first = at;
    }
    return first;
}

static struct slice trim_note(struct slice s)
{
    s = slice_trim(s);
    for (;;) {
        size_t n = 0;
        if (s.n > 0 && memchr(",;:-.", s.p[0], 5))
            n = 1;
        else if (slice_starts(s, SLICE("—")) || slice_starts(s, SLICE("：")))
            n = 3;
        if (n == 0)
            break;
        s = slice_trim(slice_sub(s, n, s.n));
    }
    if (s.n >= 2 && s.p[0] == '(' && slice_chr(s, ')', 0) == s.n - 1)
        return slice_trim(slice_sub(s, 1, s.n - 2));
    if (slice_starts(s, SLICE("（")) && slice_find(s, SLICE("）"), 0) == s.n - 3)
        return slice_trim(slice_sub(s, 3, s.n - 6));
    return s;
}

bool item_state(const struct schema *s, struct slice text, enum action_state *state,
                struct slice *note)
{
    bool ticked = false;
    text = slice_trim(text);
    for (const char *const *t = ticks; *t; t++)
        if (slice_starts(text, slice_of(*t))) {
            text = slice_trim(slice_sub(text, strlen(*t), text.n));
            if (slice_starts(text, SLICE("\xEF\xB8\x8F")))
                text = slice_trim(slice_sub(text, 3, text.n));
            ticked = true;
            break;
        }
    /* Folding leaves a trailing parenthesis out of account; here it is the note. */
    struct slice head = slice_rtrim(slice_sub(text, 0, first_mark(text)));
    while (head.n > 0 && !schema_action_state(s, head, state)) {
        size_t blank = head.n;
        while (blank > 0 && head.p[blank - 1] != ' ')
            blank--;
        head = slice_rtrim(slice_sub(head, 0, blank));
    }
    size_t end = head.n;
    if (end == 0 && text.n > 0 && schema_action_state(s, text, state))
        end = text.n;
    if (end == 0 && !ticked)
        return false;
    if (end == 0)
        *state = STATE_DONE;
    *note = trim_note(slice_sub(text, end, text.n));
    return true;
}

struct slice item_tracker(const struct schema *s, struct slice text)
{
    for (size_t i = 0; i < text.n && s->actions.ntrackers > 0; i++) {
        if (i > 0 && ascii_is_alnum((unsigned char)text.p[i - 1]))
            continue;
        for (size_t k = 0; k < s->actions.ntrackers; k++) {
            size_t n = pattern_scan(s->actions.trackers[k], slice_sub(text, i, text.n));
            if (n > 0)
                return slice_sub(text, i, n);
        }
    }
    return (struct slice){NULL, 0};
}

/* ---- identity ---------------------------------------------------------------------------------- */

static struct slice trim_punctuation(struct slice s)
{
    static const char *const wide[] = {"。", "、", "．", "，", "「", "」", "（", "）", NULL};
    for (;;) {
        size_t front = 0, back = 0;
        if (s.n > 0 && (ascii_is_punct((unsigned char)s.p[0]) || s.p[0] == ' '))
            front = 1;
        else if (s.n > 0 && (ascii_is_punct((unsigned char)s.p[s.n - 1]) || s.p[s.n - 1] == ' '))
            back = 1;
        for (const char *const *w = wide; front + back == 0 && *w; w++) {
            front = slice_starts(s, slice_of(*w)) ? 3 : 0;
            back = front == 0 && slice_ends(s, slice_of(*w)) ? 3 : 0;
        }
        if (front + back == 0)
            return s;
        s = slice_sub(s, front, s.n - front - back);
    }
}

struct slice item_key(struct item_reader *ir, struct slice text)
{
    struct str folded = STR_INIT;
    size_t n = 0;
    utf8_fold(&folded, text);
    for (size_t i = 0; i < folded.n; i++) {
        bool blank = ascii_is_space((unsigned char)folded.p[i]);
        if (!blank || (n > 0 && folded.p[n - 1] != ' '))
            folded.p[n++] = blank ? ' ' : folded.p[i];
    }
    str_truncate(&folded, n);
    struct slice key = trim_punctuation(str_slice(&folded));
    key = arena_dup(ir->arena, key.n > 0 ? key : str_slice(&folded));
    str_release(&folded);
    return key;
}
