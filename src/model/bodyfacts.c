#include "pm/facts.h"

#include "pm/caps.h"
#include "pm/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Labels are short; a sentence with a colon in it is prose. */
#define LABEL_BYTES 60

static size_t list_parts(struct slice text, struct slice *parts, size_t most)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i <= text.n && n < most; i++) {
        size_t sep = 0;
        struct slice rest = slice_sub(text, i, text.n);
        if (i == text.n || text.p[i] == ',' || text.p[i] == ';')
            sep = 1;
        else if (slice_starts(rest, SLICE("、")) || slice_starts(rest, SLICE("，")))
            sep = strlen("、");
        if (sep == 0)
            continue;
        struct slice part = slice_trim(slice_sub(text, from, i - from));
        if (part.n > 0)
            parts[n++] = part;
        from = i + sep;
        i += sep - 1;
    }
    return n;
}

/* The values in text, as far as they are of the field's type: prose is no mistake here. */
static bool read_values(struct facts *fs, struct fact *fact, struct slice text, struct span span)
{
    struct value_reader vr = {fs->rd, &fs->pm->doc->arena, fs->local, NULL};
    struct slice parts[CAP_LIST_VALUES];
    size_t n = 1;
    parts[0] = text;
    if (fact->field->list && fact->field->type != FIELD_TEXT)
        n = list_parts(text, parts, CAP_LIST_VALUES);
    fact->values = arena_array(vr.arena, n, sizeof *fact->values);
    for (size_t i = 0; i < n; i++) {
        struct value *v = &fact->values[fact->nvalues];
        if (!value_read(&vr, fact->field, parts[i], VALUE_LEADING, v))
            return false;
        v->span = span;
        fact->nvalues++;
    }
    return fact->nvalues > 0;
}

static enum fact_how how_of(const struct field *f, struct slice text)
{
    enum fact_how how = fact_how_of(text);
    size_t paren = slice_chr(text, '(', 0), wide = slice_find(text, SLICE("（"), 0);
    if (how == FACT_VALUE && f) /* "unknown (the logs are gone)" */
        how = fact_how_of(slice_sub(text, 0, paren < wide ? paren : wide));
    if (how != FACT_VALUE && f && f->type == FIELD_ENUM && field_value(f, text) != SIZE_MAX)
        return FACT_VALUE;
    return how;
}

/* A label and its value. `named`: in a section for facts, where unknown labels are facts too. */
static void read_pair(struct facts *fs, struct slice label, struct span key, struct slice text,
                      struct span span, bool named)
{
    struct arena *a = &fs->pm->doc->arena;
    struct fact fact = {.origin = FACT_BODY, .name = label, .key = key, .span = span};
    if (label.n == 0 || label.n > LABEL_BYTES || slice_trim(text).n == 0)
        return;
    fact.field = schema_field(fs->rd->schema, label);
    if (fact.field && fact.field->from.n > 0)
        fact.field = NULL;
    if (!fact.field && !named)
        return;
    if (fact.field) {
        fact.name = fact.field->name;
        if (facts_get(fs, fact.field))
            return;
    }
    fact.how = how_of(fact.field, text);
    if (fact.how == FACT_VALUE && fact.field) {
        if (!read_values(fs, &fact, text, span))
            return;
    } else if (fact.how == FACT_VALUE) {
        fact.values = arena_array(a, 1, sizeof *fact.values);
        fact.values[fact.nvalues++] = (struct value){.text = text, .raw = text, .span = span};
    }
    facts_add(fs, fact);
}

static struct span span_of(const struct document *doc, struct slice s)
{
    uint32_t start = (uint32_t)(s.p - doc->bytes.p);
    return (struct span){start, start + (uint32_t)s.n};
}

/* The colon that ends a label, not one of "10:30" or "https://". */
static size_t label_colon(struct slice line, size_t *width)
{
    static const char wide[] = "：";
    for (size_t i = 0; i < line.n && i < LABEL_BYTES + 8; i++) {
        if (line.p[i] == ':') {
            char next = i + 1 < line.n ? line.p[i + 1] : ' ';
            *width = 1;
            return next == ' ' || next == '\t' || next == '*' || next == '_' ? i : SIZE_MAX;
        }
        if (slice_starts(slice_sub(line, i, line.n), slice_of(wide))) {
            *width = sizeof wide - 1;
            return i;
        }
    }
    return SIZE_MAX;
}

/* "**Severity:** High", "**Severity**: High", "Severity: High" (if `plain` is fine). */
static void read_line(struct facts *fs, struct slice line, bool plain, bool named)
{
    const struct document *doc = fs->pm->doc;
    size_t width = 1;
    line = slice_trim(line);
    size_t colon = label_colon(line, &width);
    if (colon == SIZE_MAX)
        return;
    struct slice label = slice_trim(slice_sub(line, 0, colon));
    struct slice value = slice_sub(line, colon + width, line.n);
    struct slice mark = slice_starts(label, SLICE("**"))   ? SLICE("**")
                        : slice_starts(label, SLICE("__")) ? SLICE("__")
                                                           : (struct slice){NULL, 0};
    if ((mark.n == 0 && !plain) || slice_starts(label, SLICE("["))) /* a footnote, a reference */
        return;
    label = slice_sub(label, mark.n, label.n);
    if (mark.n > 0 && slice_ends(label, mark))
        label = slice_sub(label, 0, label.n - mark.n);
    else if (mark.n > 0 && slice_starts(value, mark))
        value = slice_sub(value, mark.n, value.n);
    else if (mark.n > 0)
        return;
    value = slice_trim(value);
    if (value.n == 0)
        return;
    label = slice_trim(label);
    read_pair(fs, label, span_of(doc, label), inline_plain(value, doc->refs, &fs->pm->doc->arena),
              span_of(doc, value), named);
}

static void read_lines(struct facts *fs, struct slice text, bool named)
{
    struct slice line;
    while (slice_split(&text, '\n', &line))
        read_line(fs, line, named || slice_starts(slice_trim(line), SLICE("**")), named);
}

static void read_row(struct facts *fs, const struct table_row *row, bool named)
{
    const struct document *doc = fs->pm->doc;
    struct arena *a = &fs->pm->doc->arena;
    struct slice label = slice_without_colon(inline_plain(row->cells[0].text, doc->refs, a));
    read_pair(fs, label, row->cells[0].span, inline_plain(row->cells[1].text, doc->refs, a),
              row->cells[1].span, named);
}

static void read_block(struct facts *fs, const struct block *b, bool named)
{
    const struct document *doc = fs->pm->doc;
    if (b->kind == BLOCK_PARAGRAPH) {
        read_lines(fs, document_slice(doc, b->text), named);
    } else if (b->kind == BLOCK_LIST) {
        for (const struct block *item = b->first; item; item = item->next)
            read_line(fs, document_slice(doc, item->text), true, named);
    } else if (b->kind == BLOCK_TABLE && b->table->columns == 2) {
        read_row(fs, &b->table->header, false);
        for (size_t i = 0; i < b->table->nrows; i++)
            read_row(fs, &b->table->rows[i], named);
    }
}

void facts_read_body(struct facts *fs)
{
    const struct postmortem *pm = fs->pm;
    const struct document *doc = pm->doc;
    uint32_t second = doc->nsections > 1 ? doc->sections[1].heading.start : doc->body.end;
    for (const struct block *b = doc->root->first; b && b->span.start < second; b = b->next)
        read_block(fs, b, false);
    for (size_t i = 0; i < pm->nsections; i++) {
        const struct section *s = &doc->sections[pm->sections[i].section];
        if (pm->sections[i].rule->kind != SECTION_FACTS)
            continue;
        for (const struct block *b = s->first; b && b != s->end; b = b->next)
            read_block(fs, b, true);
    }
}
