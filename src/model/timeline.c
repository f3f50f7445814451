#include "pm/timeline.h"

#include "pm/caps.h"
#include "pm/facts.h"

#include <stdlib.h>
#include <string.h>

#define HALF_DAY (12 * 3600)

/* One timeline being read. */
struct reading {
    struct facts *facts;
    const struct document *doc;
    struct arena *arena;
    struct local_zone local;
    struct date day; /* of the entry before */
    int32_t clock;   /* its time of day in seconds; -1: it has none */
    VEC(struct timeline_entry) list;
    VEC(struct span) no_clocks; /* where a time of day should be: 25:00 */
};

/* ---- dates ------------------------------------------------------------------------------------- */

static int32_t clock_of(const struct moment *m)
{
    return m->hour < 0 ? -1 : m->hour * 3600 + m->minute * 60 + m->second;
}

/* A day without a year is near the entry before. */
static void give_year(struct date *d, struct date near)
{
    if (near.year == 0)
        return;
    d->year = near.year;
    if (!date_valid(*d)) {
        d->year = 0;
        return;
    }
    if (date_days(*d) < date_days(near) - 183)
        d->year++;
    else if (date_days(*d) > date_days(near) + 183)
        d->year--;
}

/* Completes what was written with the day of the entry before; a clock that steps back by more
 * than twelve hours has passed midnight. */
static bool give_date(struct reading *r, struct moment *m)
{
    int32_t clock = clock_of(m);
    struct date before = r->day.year ? r->day : r->facts->pm->date;
    if (m->date.year == 0 && m->date.month > 0) {
        give_year(&m->date, before);
    } else if (m->date.year == 0 && clock >= 0) {
        m->date = before;
        if (r->day.year && r->clock >= 0 && clock < r->clock - HALF_DAY)
            m->date = date_from_days(date_days(before) + 1);
    }
    if (m->date.year == 0 || !date_valid(m->date))
        return false;
    r->day = m->date;
    r->clock = clock;
    return true;
}

/* ---- entries ----------------------------------------------------------------------------------- */

static struct span span_in(const struct reading *r, struct slice s, struct span otherwise)
{
    const char *base = r->doc->bytes.p;
    if (s.p < base || s.p + s.n > base + r->doc->bytes.n)
        return otherwise; /* a cell with an escaped pipe is a copy */
    return (struct span){(uint32_t)(s.p - base), (uint32_t)(s.p - base + (ptrdiff_t)s.n)};
}

/* The first entry that states a time has it, unless front matter or body did. */
static void add_fact(struct reading *r, const struct timeline_entry *e, struct span label)
{
    struct str text = STR_INIT;
    struct value v = {.number = e->at, .offset = e->offset, .zone_known = e->zone_known,
                      .day_only = e->stated.hour < 0, .approx = e->stated.approx,
                      .span = e->time_span};
    if (facts_get(r->facts, e->field))
        return;
    if (v.day_only)
        date_format(&text, r->day);
    else
        time_format_offset(&text, e->at, e->offset);
    v.text = arena_dup(r->arena, str_slice(&text));
    v.raw = slice_trim(document_slice(r->doc, e->time_span));
    str_release(&text);
    facts_add_value(r->facts, e->field, FACT_TIMELINE, v, label);
}

static void read_event(struct reading *r, struct timeline_entry *e, struct slice event)
{
    struct runs runs;
    struct span label = e->time_span;
    struct str plain = STR_INIT;
    size_t after;
    event = slice_trim(event);
    inline_parse(event, span_in(r, event, e->span).start, r->doc->refs, r->arena, &runs);
    runs_plain(&runs, &plain);
    e->text = arena_dup(r->arena, str_slice(&plain));
    str_release(&plain);
    if (!runs_label(&runs, &e->label, &label, &after))
        return;
    const struct field *f = schema_field(r->facts->rd->schema, e->label);
    bool asked = slice_chr(e->label, '?', 0) != SIZE_MAX; /* "Mitigated?" */
    if (asked || !f || f->type != FIELD_TIMESTAMP || f->from.n > 0)
        return;
    e->field = f;
    if (e->dated)
        add_fact(r, e, label);
}

static void add_entry(struct reading *r, const struct moment *m, struct span span,
                      struct span time_span, struct slice event)
{
    struct timeline_entry e = {.span = span, .time_span = time_span};
    struct moment dated = *m;
    if (r->list.n > CAP_TIMELINE)
        return;
    e.stated = *m;
    if (give_date(r, &dated))
        e.dated = when_resolve(r->facts->rd, &dated, &r->local, &e.at, &e.offset);
    e.zone_known = m->zone != ZONE_NONE || r->local.known;
    if (e.dated && m->zone != ZONE_NONE && !r->local.known)
        r->local = (struct local_zone){.known = true, .offset = e.offset};
    read_event(r, &e, event);
    vec_push(&r->list, e);
}

/* ---- text that begins with a time -------------------------------------------------------------- */

struct led {
    struct moment moment;
    struct slice time; /* as written */
    struct slice rest; /* what follows, separators off */
};

static bool is_opening(char c)
{
    return c == '*' || c == '_' || c == '`' || c == '[' || c == '(' || c == ' ' || c == '\t';
}

static struct slice skip_separators(struct slice s)
{
    static const char plain[] = " \t:-,>])`_\r\n";
    static const char *const marks[] = {"–", "—", "：", "→", "|", NULL};
    for (;;) {
        size_t n = s.n > 0 && memchr(plain, s.p[0], sizeof plain - 1) ? 1 : 0;
        for (const char *const *mark = marks; n == 0 && *mark; mark++)
            if (slice_starts(s, slice_of(*mark)))
                n = strlen(*mark);
        if (n == 0)
            return s;
        s = slice_sub(s, n, s.n);
    }
}

/* "Feb 21" and "08-01" begin many sentences; they are a time where nothing else follows. */
static bool stands_alone(const struct moment *m, struct slice rest)
{
    if (m->date.year != 0 || m->hour >= 0)
        return true;
    rest = slice_ltrim(rest);
    return rest.n == 0 || ascii_is_punct((unsigned char)rest.p[0]) ||
           (unsigned char)rest.p[0] >= 0x80;
}

static bool time_led(const struct reading *r, struct slice text, struct led *out)
{
    struct slice s = text;
    size_t used, stars = 0;
    while (s.n > 0 && is_opening(s.p[0])) {
        stars += s.p[0] == '*';
        s = slice_sub(s, 1, s.n);
    }
    if (!when_scan(s, &out->moment, &used) || !stands_alone(&out->moment, slice_sub(s, used, s.n)))
        return false;
    out->time = slice_sub(s, 0, used);
    struct slice rest = skip_separators(slice_sub(s, used, s.n));
    size_t closed = 0;
    while (closed < rest.n && rest.p[closed] == '*')
        closed++;
    /* "**14:10 Detected:** …" opens before the time and closes after the label. */
    if (stars == 0 || closed >= stars)
        out->rest = stars ? skip_separators(slice_sub(rest, stars, rest.n)) : rest;
    else if (stars == 2 && rest.n > 0)
        out->rest = slice_of(arena_fmt(r->arena, "**%.*s", SLICE_ARG(rest)));
    else
        out->rest = rest;
    return true;
}

/* The first "digits:digits" near the start, if no clock shows it as slips make it: 25:00, 12:75.
 * 90:00 is something else. */
static struct slice no_clock(struct slice s)
{
    enum { NEAR = 32, LATE = 29 };
    size_t colon = slice_chr(slice_sub(s, 0, NEAR), ':', 0), from = colon, to;
    if (colon == SIZE_MAX)
        return SLICE("");
    while (from > 0 && ascii_is_digit((unsigned char)s.p[from - 1]))
        from--;
    for (to = colon + 1; to < s.n && ascii_is_digit((unsigned char)s.p[to]);)
        to++;
    int64_t hour, minute;
    if (colon - from > 2 || to - colon != 3 ||
        (to < s.n && (ascii_is_alpha((unsigned char)s.p[to]) || s.p[to] == ':')) ||
        !slice_i64(slice_sub(s, from, colon - from), 0, LATE, &hour) ||
        !slice_i64(slice_sub(s, colon + 1, 2), 0, 99, &minute))
        return SLICE("");
    bool shown = (hour < 24 && minute < 60) || (hour == 24 && minute == 0);
    return shown ? SLICE("") : slice_sub(s, from, to - from);
}

/* At the start of an entry, or behind its day. */
static void note_no_clock(struct reading *r, struct slice s)
{
    struct slice wrong = no_clock(s);
    struct moment day;
    size_t used;
    if (!wrong.n)
        return;
    while (s.n > 0 && is_opening(s.p[0]))
        s = slice_sub(s, 1, s.n);
    struct slice before = slice_sub(s, 0, wrong.p > s.p ? (size_t)(wrong.p - s.p) : 0);
    if (slice_ends(before, SLICE("T")) || slice_ends(slice_rtrim(before), SLICE(",")))
        before = slice_sub(before, 0, slice_rtrim(before).n - 1);
    before = slice_rtrim(before);
    struct span span = span_in(r, wrong, (struct span){0, 0});
    if (span.end && r->no_clocks.n < CAP_TIMELINE &&
        (!before.n || (when_scan(before, &day, &used) && day.hour < 0 && used == before.n)))
        vec_push(&r->no_clocks, span);
}

/* Where no other entry has a time of day, these are no slips but another notation. */
static void report_no_clocks(const struct reading *r)
{
    struct postmortem *pm = r->facts->pm;
    size_t clocks = 0;
    for (size_t i = 0; i < r->list.n; i++)
        clocks += r->list.v[i].stated.hour >= 0;
    for (size_t i = 0; i < r->no_clocks.n && clocks > r->no_clocks.n; i++) {
        struct slice text = document_slice(r->doc, r->no_clocks.v[i]);
        struct problem *p = problem_add(&pm->problems, r->arena, PROBLEM_VALUE, r->no_clocks.v[i],
                                        "'%.*s' is no time of day", SLICE_ARG(text));
        int hour = (text.p[0] - '0') * 10 + (text.p[1] - '0');
        p->hint = text.p[1] == ':' || hour < 24 || text.p[3] > '5'
                      ? arena_fmt(r->arena, "an hour ends at 59 minutes")
                      : arena_fmt(r->arena, "after midnight it is 0%d:%.2s of the next day",
                                  hour - 24, text.p + 3);
    }
}

static bool is_day(const struct led *led)
{
    return led->moment.hour < 0;
}

static void set_day(struct reading *r, const struct led *led)
{
    struct moment m = led->moment;
    give_date(r, &m);
}

static void add_led(struct reading *r, const struct led *led, struct span span, struct slice event)
{
    add_entry(r, &led->moment, span, span_in(r, led->time, span), event);
}

/* ---- forms ------------------------------------------------------------------------------------- */

static void read_paragraph(struct reading *r, const struct block *b)
{
    struct slice text = document_slice(r->doc, b->text), line;
    struct led led, next;
    struct slice event = {NULL, 0};
    bool open = false;
    uint32_t start = b->text.start;
    note_no_clock(r, text);
    while (slice_split(&text, '\n', &line)) {
        bool begins = time_led(r, line, &next);
        if (open && begins)
            add_led(r, &led, (struct span){start, span_in(r, line, b->span).start}, event);
        if (!open && !begins)
            return;
        if (begins) {
            led = next;
            event = led.rest;
            open = true;
            start = span_in(r, line, b->span).start;
        } else if (event.p >= r->doc->bytes.p && event.p < r->doc->bytes.p + r->doc->bytes.n) {
            event.n = (size_t)(line.p + line.n - event.p);
        }
    }
    if (!open)
        return;
    if (is_day(&led) && led.rest.n == 0)
        set_day(r, &led);
    else
        add_led(r, &led, (struct span){start, b->text.end}, event);
}

static bool has_list(const struct block *item)
{
    for (const struct block *b = item->first; b; b = b->next)
        if (b->kind == BLOCK_LIST)
            return true;
    return false;
}

static void read_list(struct reading *r, const struct block *list)
{
    struct led led;
    for (const struct block *b = list->first; b; b = block_next(list, b)) {
        if (b->kind != BLOCK_ITEM)
            continue;
        note_no_clock(r, document_slice(r->doc, b->text));
        if (!time_led(r, document_slice(r->doc, b->text), &led))
            continue;
        if (is_day(&led) && led.rest.n == 0 && has_list(b))
            set_day(r, &led);
        else
            add_led(r, &led, b->span, led.rest);
    }
}

/* The first column that holds times in most of the first rows; SIZE_MAX: none does. */
static size_t time_column_in(const struct reading *r, const struct table *t, size_t rows)
{
    size_t best = SIZE_MAX, most = 0;
    for (size_t c = 0; c < t->columns && c < 8; c++) {
        size_t n = 0;
        struct led led;
        for (size_t i = 0; i < rows && n * 2 <= rows; i++)
            n += time_led(r, t->rows[i].cells[c].text, &led);
        if (n * 2 > rows)
            return c;
        if (n > most)
            best = c;
        most = n > most ? n : most;
    }
    return best;
}

/* A few rows decide; only where they have no time are more looked at. */
static size_t time_column(const struct reading *r, const struct table *t)
{
    size_t few = t->nrows < 5 ? t->nrows : 5, more = t->nrows < 50 ? t->nrows : 50;
    size_t column = time_column_in(r, t, few);
    return column != SIZE_MAX ? column : time_column_in(r, t, more);
}

/* "| Date | Time | Event |": does a column of clocks follow this column of days? */
static bool is_day_column(const struct reading *r, const struct table *t, size_t day)
{
    size_t days = 0, clocks = 0;
    struct led led;
    if (day + 1 >= t->columns)
        return false;
    for (size_t i = 0; i < t->nrows; i++) {
        const struct cell *cells = t->rows[i].cells;
        if (time_led(r, cells[day].text, &led)) {
            if (!is_day(&led))
                return false;
            days++;
        }
        if (cells[day + 1].text.n == 0)
            continue;
        if (!time_led(r, cells[day + 1].text, &led) || led.moment.date.year != 0 ||
            led.moment.date.month != 0)
            return false;
        clocks++;
    }
    return days > 0 && clocks > 0;
}

static struct slice row_event(struct reading *r, const struct table *t, const struct table_row *row,
                              size_t time, size_t clock)
{
    struct str joined = STR_INIT;
    struct slice event = {NULL, 0};
    size_t texts = 0;
    for (size_t c = 0; c < t->columns; c++) {
        struct slice text = row->cells[c].text;
        if (c == time || c == clock || text.n == 0)
            continue;
        event = text;
        str_addz(&joined, texts++ > 0 ? "; " : "");
        str_adds(&joined, text);
    }
    if (texts > 1)
        event = arena_dup(r->arena, str_slice(&joined));
    str_release(&joined);
    return event;
}

static void read_row(struct reading *r, const struct table *t, const struct table_row *row,
                     size_t time, size_t clock)
{
    struct led led = {.moment = {.hour = -1}}, at;
    struct span span = row->cells[time].span;
    note_no_clock(r, row->cells[clock == SIZE_MAX ? time : clock].text);
    if (!time_led(r, row->cells[time].text, &led))
        led = (struct led){.moment = {.hour = -1}};
    if (clock != SIZE_MAX && time_led(r, row->cells[clock].text, &at)) {
        at.moment.date = led.moment.date;
        led.moment = at.moment;
        span.end = row->cells[clock].span.end;
    }
    add_entry(r, &led.moment, row->span, span, row_event(r, t, row, time, clock));
}

static void read_table(struct reading *r, const struct table *t)
{
    size_t time = time_column(r, t), clock;
    struct local_zone before = r->local;
    if (time == SIZE_MAX)
        return;
    if (time > 0 && is_day_column(r, t, time - 1))
        time--;
    clock = is_day_column(r, t, time) ? time + 1 : SIZE_MAX;
    if (!when_zone(r->facts->rd, t->header.cells[time].text, &r->local) && clock != SIZE_MAX)
        when_zone(r->facts->rd, t->header.cells[clock].text, &r->local);
    for (size_t i = 0; i < t->nrows; i++)
        read_row(r, t, &t->rows[i], time, clock);
    r->local = before;
}

/* What stands under a time heading, up to the next heading: its first paragraph, or a list's. */
static const struct block *heading_text(const struct reading *r, const struct block *heading,
                                        bool *entries)
{
    const struct block *paragraph = NULL, *item = NULL;
    struct led led;
    *entries = false;
    for (const struct block *b = heading->next; b && b->kind != BLOCK_HEADING; b = b->next) {
        if (b->kind == BLOCK_TABLE)
            *entries = true;
        else if (b->kind == BLOCK_PARAGRAPH && time_led(r, document_slice(r->doc, b->text), &led))
            *entries = true;
        else if (b->kind == BLOCK_LIST && b->first &&
                 time_led(r, document_slice(r->doc, b->first->text), &led))
            *entries = true;
        else if (b->kind == BLOCK_PARAGRAPH && !paragraph)
            paragraph = b;
        else if (b->kind == BLOCK_LIST && !item)
            item = b->first;
    }
    return paragraph ? paragraph : item;
}

static void read_heading(struct reading *r, const struct block *b)
{
    struct led led;
    bool entries;
    note_no_clock(r, document_slice(r->doc, b->text));
    if (!time_led(r, document_slice(r->doc, b->text), &led))
        return;
    const struct block *paragraph = heading_text(r, b, &entries);
    if (is_day(&led) && led.rest.n == 0 && (entries || !paragraph)) {
        set_day(r, &led);
        return;
    }
    add_led(r, &led, b->span,
            led.rest.n == 0 && paragraph ? document_slice(r->doc, paragraph->text) : led.rest);
}

/* ---- sections ---------------------------------------------------------------------------------- */

/* "All times in PST", "all on 2026-03-27, UTC", above the first entry. */
#define ZONE_PHRASE_BYTES 100

static void read_zone(struct reading *r, const struct section *s)
{
    const struct reader *rd = r->facts->rd;
    bool found = when_zone(rd, document_slice(r->doc, s->heading), &r->local);
    for (const struct block *b = s->first; b && b != s->end && b->kind == BLOCK_PARAGRAPH;
         b = b->next) {
        struct slice text = document_slice(r->doc, b->text);
        struct led led;
        if (text.n > ZONE_PHRASE_BYTES || time_led(r, text, &led))
            continue;
        if (!found)
            found = when_zone(rd, text, &r->local);
        if (r->day.year == 0 && r->facts->pm->date.year == 0)
            date_find(text, &r->day);
    }
}

/* Time headings of the timeline's own level belong to it: "## Timeline", "## Feb 21, 13:00". */
static const struct block *section_end(const struct reading *r, const struct section *s)
{
    const struct block *end = s->end;
    struct led led;
    while (end && end->kind == BLOCK_HEADING && end->level == s->level &&
           time_led(r, document_slice(r->doc, end->text), &led)) {
        const struct block *b = end->next;
        while (b && !(b->kind == BLOCK_HEADING && b->level <= s->level))
            b = b->next;
        end = b;
    }
    return end;
}

static void read_section(struct reading *r, const struct section *s, const struct block *end)
{
    read_zone(r, s);
    for (const struct block *b = s->first; b && b != end; b = b->next) {
        switch (b->kind) {
        case BLOCK_TABLE: read_table(r, b->table); break;
        case BLOCK_LIST: read_list(r, b); break;
        case BLOCK_PARAGRAPH: read_paragraph(r, b); break;
        case BLOCK_HEADING: read_heading(r, b); break;
        default: break;
        }
    }
}

void timeline_read(struct facts *facts, struct timeline *out)
{
    struct postmortem *pm = facts->pm;
    struct reading r = {.facts = facts, .doc = pm->doc, .arena = &pm->doc->arena,
                        .clock = -1};
    uint32_t done = 0; /* a timeline section inside one is read once */
    for (size_t i = 0; i < pm->nsections; i++) {
        const struct section *s = &pm->doc->sections[pm->sections[i].section];
        if (pm->sections[i].rule->kind != SECTION_TIMELINE || s->heading.start < done)
            continue;
        const struct block *end = section_end(&r, s);
        r.local = facts->local;
        read_section(&r, s, end);
        done = end ? end->span.start : pm->doc->body.end;
    }
    report_no_clocks(&r);
    if (r.list.n > CAP_TIMELINE) {
        r.list.n = CAP_TIMELINE;
        problem_add(&pm->problems, r.arena, PROBLEM_TOO_LARGE, r.list.v[CAP_TIMELINE - 1].span,
                    "the timeline has more than %u entries", CAP_TIMELINE);
    }
    out->v = arena_array(r.arena, r.list.n, sizeof *out->v);
    out->n = r.list.n;
    if (r.list.n > 0)
        memcpy(out->v, r.list.v, r.list.n * sizeof *out->v);
    vec_release(&r.list);
    vec_release(&r.no_clocks);
}
