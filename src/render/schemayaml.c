#include "pm/render.h"

#include "pm/utf8.h"

/* Origins stand in a column of their own, and both fit a terminal of 80. */
#define ORIGIN_COLUMN 56u

struct dump {
    struct printer *p;
    const struct schema *s;
    struct lines own;    /* of .pm/schema.yaml */
    struct str line;     /* the one that is being put together */
    struct source flow;  /* what the items in that line come from */
    size_t indent, items; /* of the list that is being written; items in that line */
};

/* ---- lines and where they come from ---- */

static void end_line(struct dump *d, const struct source *from)
{
    struct str origin = STR_INIT;
    size_t width = utf8_width(str_slice(&d->line));

    printer_text(d->p, TINT_NONE, str_slice(&d->line));
    if (from) {
        str_pad(d->p->out, ' ', width + 2 > ORIGIN_COLUMN ? 2 : ORIGIN_COLUMN - width);
        if (from->origin == ORIGIN_OWN)
            str_addf(&origin, "# .pm/schema.yaml:%u",
                     (unsigned)lines_number(&d->own, from->span.start));
        else
            str_addz(&origin, from->origin == ORIGIN_STRICT ? "# strict" : "# default");
        printer_text(d->p, TINT_DIM, str_slice(&origin));
    }
    str_addc(d->p->out, '\n');
    str_clear(&d->line);
    str_release(&origin);
}

static void comment(struct dump *d, const char *text)
{
    printer_textz(d->p, TINT_DIM, text);
    str_addc(d->p->out, '\n');
}

/* ---- scalars ---- */

static bool is_word_of_yaml(struct slice s)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n",   NULL};
    for (size_t i = 0; words[i]; i++)
        if (slice_ieqz(s, words[i]))
            return true;
    return false;
}

/* Other readers of YAML take 1, 1e3, 0x1f, 12:30 and 2026-03-17 for something else than text. */
static bool looks_like_number(struct slice s)
{
    if (!ascii_is_digit((unsigned char)s.p[0]))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (slice_chr(SLICE("0123456789abcdefABCDEFxXoO+-_."), s.p[i], 0) == SIZE_MAX)
            return false;
    return true;
}

static bool is_plain(struct slice s)
{
    bool blank = true; /* before the character */
    if (!s.n || is_word_of_yaml(s) || looks_like_number(s))
        return false;
    for (size_t at = 0; at < s.n;) {
        bool first = at == 0;
        uint32_t c = utf8_next(s, &at);
        bool inner = c == ' ' ? !blank : c < 0x80 && slice_chr(SLICE("-_/.'+()"), (char)c, 0) != SIZE_MAX;
        if (!utf8_is_letter(c) && (first || !inner))
            return false;
        blank = c == ' ';
    }
    return !blank;
}

/* What a terminal would obey, and what YAML takes for the end of a line, is written as its number. */
static void add_character(struct str *out, struct slice s, size_t from, size_t to)
{
    struct slice character = slice_sub(s, from, to - from);
    size_t at = from;
    uint32_t c = utf8_next(s, &at);
    struct str visible = STR_INIT;

    utf8_add_visible(&visible, character, false);
    if (c == '"' || c == '\\')
        str_addf(out, "\\%c", (char)c);
    else if (c == '\t' || c == 0xfeff || !slice_eq(str_slice(&visible), character))
        str_addf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
    else
        str_adds(out, character);
    str_release(&visible);
}

static void add_quoted(struct str *out, struct slice s)
{
    str_addc(out, '"');
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        utf8_next(s, &at);
        add_character(out, s, from, at);
    }
    str_addc(out, '"');
}

static void add_scalar(struct str *out, struct slice s)
{
    if (is_plain(s))
        str_adds(out, s);
    else
        add_quoted(out, s);
}

/* Begins a line: "  key:". */
static void add_key(struct dump *d, size_t indent, struct slice key)
{
    str_pad(&d->line, ' ', indent);
    add_scalar(&d->line, key);
    str_addc(&d->line, ':');
}

static void heading(struct dump *d, size_t indent, struct slice key, const struct source *from)
{
    add_key(d, indent, key);
    end_line(d, from);
}

static void setting(struct dump *d, size_t indent, const char *key, struct slice value,
                    const struct source *from)
{
    add_key(d, indent, slice_of(key));
    str_addc(&d->line, ' ');
    add_scalar(&d->line, value);
    end_line(d, from);
}

static void number(struct dump *d, size_t indent, const char *key, size_t value,
                   const struct source *from)
{
    if (!value && !from->span.end)
        return;
    add_key(d, indent, slice_of(key));
    str_addf(&d->line, " %zu", value);
    end_line(d, from);
}

static void seconds(struct dump *d, size_t indent, struct slice key, int64_t value,
                    const struct source *from)
{
    static const struct {
        int64_t seconds;
        char letter;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t u = 0;
    while (value % units[u].seconds)
        u++;
    add_key(d, indent, key);
    str_addf(&d->line, " %lld%c", (long long)(value / units[u].seconds), units[u].letter);
    end_line(d, from);
}

static void need(struct dump *d, size_t indent, const char *key, const struct need *n)
{
    if (!n->source.span.end)
        return;
    add_key(d, indent, slice_of(key));
    str_addc(&d->line, ' ');
    if (n->kind == NEED_WHEN)
        add_quoted(&d->line, n->when);
    else
        str_addz(&d->line, n->kind == NEED_YES ? "yes" : "no");
    end_line(d, &n->source);
}

/* ---- lists: [a, b, c], with a new line where it is full or what follows comes from elsewhere ---- */

static void list_begin(struct dump *d, size_t indent)
{
    str_addz(&d->line, " [");
    d->indent = indent;
    d->items = 0;
}

static bool same_line(const struct dump *d, const struct source *a, const struct source *b)
{
    return a->origin == b->origin &&
           (a->origin != ORIGIN_OWN ||
            lines_number(&d->own, a->span.start) == lines_number(&d->own, b->span.start));
}

static void list_written(struct dump *d, struct slice item, const struct source *from)
{
    size_t width = utf8_width(str_slice(&d->line)) + utf8_width(item) + sizeof ", ],";
    if (d->items)
        str_addc(&d->line, ',');
    if (d->items && (width > ORIGIN_COLUMN || !same_line(d, &d->flow, from))) {
        end_line(d, &d->flow);
        str_pad(&d->line, ' ', d->indent + 2);
    } else if (d->items) {
        str_addc(&d->line, ' ');
    }
    str_adds(&d->line, item);
    d->items++;
    d->flow = *from;
}

static void list_item(struct dump *d, struct slice text, const struct source *from)
{
    struct str item = STR_INIT;
    add_scalar(&item, text);
    list_written(d, str_slice(&item), from);
    str_release(&item);
}

static void list_end(struct dump *d, const struct source *if_empty)
{
    str_addc(&d->line, ']');
    end_line(d, d->items ? &d->flow : if_empty);
}

/* The own name is the first. */
static void other_names(struct dump *d, size_t indent, const struct names *names)
{
    list_begin(d, indent);
    for (size_t i = 1; i < names->n; i++)
        list_item(d, names->spellings[i].text, &names->spellings[i].source);
    list_end(d, &names->spellings[0].source);
}

static void aliases(struct dump *d, size_t indent, const struct names *names)
{
    if (names->n < 2)
        return;
    add_key(d, indent, SLICE("aliases"));
    other_names(d, indent, names);
}

/* ---- the parts of the schema ---- */

static void documents(struct dump *d)
{
    const struct schema *s = d->s;
    if (!s->documents_own)
        comment(d, "# Built in. They do not look at case, as patterns that are written here do:");
    str_addz(&d->line, s->documents_own ? "documents:" : "# documents:");
    end_line(d, &s->documents_source);
    for (size_t i = 0; i < s->ndocuments; i++) {
        str_addz(&d->line, s->documents_own ? "  - " : "#   - ");
        add_quoted(&d->line, s->documents[i]);
        end_line(d, s->documents_own ? &s->documents_source : NULL);
    }
}

static void general(struct dump *d)
{
    const struct schema *s = d->s;
    comment(d, "# The schema in force, and where each line of it comes from.");
    comment(d, "version: 1");
    comment(d, "extends: none");
    documents(d);
    if (s->timezone.n)
        setting(d, 0, "timezone", s->timezone, &s->timezone_source);
    if (s->id_pattern.n) {
        heading(d, 0, SLICE("id"), &s->id_source);
        setting(d, 2, "pattern", s->id_pattern, &s->id_source);
    }
    if (s->slow_detection)
        seconds(d, 0, SLICE("slow_detection"), s->slow_detection, &s->slow_detection_source);
    if (s->late_postmortem)
        seconds(d, 0, SLICE("late_postmortem"), s->late_postmortem, &s->late_postmortem_source);
}

static void values(struct dump *d, const struct field *f)
{
    if (!f->nvalues)
        return;
    heading(d, 4, SLICE("values"), &f->values[0].names.spellings[0].source);
    for (size_t i = 0; i < f->nvalues; i++) {
        add_key(d, 6, f->values[i].name);
        other_names(d, 6, &f->values[i].names);
    }
}

static void fields(struct dump *d)
{
    if (d->s->nfields)
        heading(d, 0, SLICE("fields"), NULL);
    for (size_t i = 0; i < d->s->nfields; i++) {
        const struct field *f = &d->s->fields[i];
        heading(d, 2, f->name, &f->names.spellings[0].source);
        setting(d, 4, "type", slice_of(field_type_name(f->type)), &f->type_source);
        if (f->list) {
            add_key(d, 4, SLICE("list"));
            str_addz(&d->line, " true");
            end_line(d, &f->list_source);
        }
        values(d, f);
        aliases(d, 4, &f->names);
        if (f->from.n)
            setting(d, 4, "from", f->from, &f->from_source);
        need(d, 4, "required", &f->required);
        need(d, 4, "recommended", &f->recommended);
    }
}

static void sections(struct dump *d)
{
    if (d->s->nsections)
        heading(d, 0, SLICE("sections"), NULL);
    for (size_t i = 0; i < d->s->nsections; i++) {
        const struct section_rule *r = &d->s->sections[i];
        heading(d, 2, r->name, &r->names.spellings[0].source);
        if (r->kind != SECTION_TEXT || r->kind_source.span.end)
            setting(d, 4, "kind", slice_of(section_kind_name(r->kind)), &r->kind_source);
        aliases(d, 4, &r->names);
        need(d, 4, "required", &r->required);
        need(d, 4, "recommended", &r->recommended);
        number(d, 4, "min_words", r->min_words, &r->min_words_source);
        number(d, 4, "min_entries", r->min_entries, &r->min_entries_source);
    }
}

/* An alternative: a section, or several between brackets. */
static void alternative(struct dump *d, const struct one_of *o, size_t which)
{
    const size_t *sections = o->sections[which], most = sizeof o->sections[0] / sizeof *sections;
    struct str item = STR_INIT;
    size_t n = 0;
    while (n < most && sections[n] != SIZE_MAX)
        n++;
    for (size_t i = 0; i < n; i++) {
        str_addz(&item, i ? ", " : n > 1 ? "[" : "");
        add_scalar(&item, d->s->sections[sections[i]].name);
    }
    if (n > 1)
        str_addc(&item, ']');
    list_written(d, str_slice(&item), &o->source);
    str_release(&item);
}

static void one_of(struct dump *d)
{
    const struct schema *s = d->s;
    if (!s->nalternatives && !s->one_of_source.span.end)
        return;
    if (!s->nalternatives) {
        add_key(d, 0, SLICE("one_of"));
        list_begin(d, 0);
        list_end(d, &s->one_of_source);
        return;
    }
    heading(d, 0, SLICE("one_of"), NULL);
    for (size_t i = 0; i < s->nalternatives; i++) {
        const struct one_of *o = &s->one_of[i];
        str_addz(&d->line, "  - sections:");
        list_begin(d, 4);
        for (size_t k = 0; k < o->n; k++)
            alternative(d, o, k);
        list_end(d, &o->source);
        need(d, 4, "required", &o->required);
    }
}

static void words(struct dump *d, const char *key, const struct action_word *w, size_t n)
{
    if (n)
        heading(d, 2, slice_of(key), NULL);
    for (size_t i = 0; i < n; i++) {
        add_key(d, 4, w[i].name);
        other_names(d, 4, &w[i].names);
    }
}

static void due_within(struct dump *d)
{
    const struct action_rules *r = &d->s->actions;
    const struct field *severity = schema_field(d->s, SLICE("severity"));
    if (!r->ndue_within)
        return;
    heading(d, 2, SLICE("due_within"), &r->due_within[0].source);
    for (size_t i = 0; i < r->ndue_within; i++)
        seconds(d, 4, severity->values[r->due_within[i].severity].name, r->due_within[i].seconds,
                &r->due_within[i].source);
}

static void actions(struct dump *d)
{
    const struct action_rules *r = &d->s->actions;
    heading(d, 0, SLICE("actions"), NULL);
    add_key(d, 2, SLICE("required"));
    list_begin(d, 2);
    for (size_t c = 0; c < ACTION_COLUMNS; c++)
        if (r->required[c])
            list_item(d, slice_of(action_column_name((enum action_column)c)), &r->required_source);
    list_end(d, &r->required_source);
    due_within(d);
    if (r->at_least_one_type.n) {
        heading(d, 2, SLICE("at_least_one"), &r->at_least_one.source);
        setting(d, 4, "type", r->at_least_one_type, &r->at_least_one.source);
        need(d, 4, "when", &r->at_least_one);
    }
    if (r->ntrackers) {
        add_key(d, 2, SLICE("tracker"));
        list_begin(d, 2);
        for (size_t i = 0; i < r->ntrackers; i++)
            list_item(d, r->trackers[i], &r->trackers_source);
        list_end(d, &r->trackers_source);
    }
    setting(d, 2, "authority",
            r->authority_document ? SLICE("document") : SLICE("tracker"), &r->authority_source);
    words(d, "columns", r->columns, ACTION_COLUMNS);
    words(d, "states", r->states, ACTION_STATES);
    words(d, "types", r->types, r->ntypes);
}

static void levels(struct dump *d)
{
    struct source from[RULE_COUNT] = {{ORIGIN_DEFAULT, {0, 0}}};
    enum level level[RULE_COUNT], stated;
    enum rule rule;
    for (rule = 0; rule < RULE_COUNT; rule++)
        level[rule] = rule_default_level(rule);
    for (size_t i = 0; i < d->s->nlevels; i++) {
        const struct named_level *l = &d->s->levels[i];
        if (!rule_by_name(l->rule, &rule) || !level_by_name(l->level, &stated))
            continue;
        level[rule] = stated;
        from[rule] = l->source;
    }
    heading(d, 0, SLICE("rules"), NULL);
    for (rule = 0; rule < RULE_COUNT; rule++) {
        add_key(d, 2, slice_of(rule_name(rule)));
        str_addf(&d->line, " %s", level_name(level[rule]));
        end_line(d, &from[rule]);
    }
}

void render_schema_yaml(struct printer *p, const struct schema *s)
{
    struct dump d = {.p = p, .s = s};
    lines_init(&d.own, s->text);
    general(&d);
    fields(&d);
    sections(&d);
    one_of(&d);
    actions(&d);
    levels(&d);
    lines_release(&d.own);
    str_release(&d.line);
}
