/* Merge conflicts: the markers that git leaves for somebody to resolve. */
#include "report.h"

#include "pm/document.h"

enum { MARKER = 7 }; /* characters of a marker */

/* The label behind seven times c at the start of a line; false when that is no marker. */
static bool marker(struct slice line, char c, struct slice *label)
{
    size_t n = 0;
    while (n < line.n && line.p[n] == c)
        n++;
    *label = slice_trim(slice_sub(line, n, line.n));
    return n == MARKER && (n == line.n || ascii_is_space((unsigned char)line.p[n]));
}

static struct slice line_of(const struct report *r, size_t number)
{
    const struct lines *lines = &r->pm->doc->lines;
    return number && number <= lines->n ? lines_text(lines, number) : SLICE("");
}

/* Blocks come in document order and so do the lines asked about. */
struct code {
    const struct block *root, *block; /* block: the first code block that ends behind the last
                                         place asked about; NULL: none is left */
};

static void code_init(struct code *c, const struct report *r)
{
    c->root = r->pm->doc->root;
    c->block = c->root;
}

/* The code block that holds this place; NULL: none. */
static const struct block *code_at(struct code *c, uint32_t at)
{
    while (c->block && (c->block->kind != BLOCK_CODE || c->block->span.end <= at))
        c->block = block_next(c->root, c->block);
    return c->block && c->block->span.start <= at ? c->block : NULL;
}

struct conflict {
    uint32_t from;            /* the line of the opening marker; 0: none is open */
    bool labelled, middle;    /* the opening one has a label; '=======' was seen */
    const struct block *code; /* in which it opens */
};

static struct span line_span(const struct report *r, size_t number)
{
    struct slice line = line_of(r, number);
    uint32_t start = (uint32_t)(line.p - r->pm->doc->bytes.p);
    return (struct span){start, start + (uint32_t)slice_rtrim(line).n};
}

static bool report_remnant(struct report *r, size_t number)
{
    struct finding *f = report_at(r, RULE_CONFLICT_MARKER, line_span(r, number),
                                  "this line is left over from a merge conflict");
    report_hint(r, f, "delete it, and read whether what stands around it is what was meant");
    return f != NULL;
}

static bool report_conflict(struct report *r, const struct conflict *c, size_t to)
{
    struct finding *f =
        report_at(r, RULE_CONFLICT_MARKER, line_span(r, c->from),
                  "a merge conflict that nobody has resolved, down to line %zu", to);
    report_hint(r, f, "keep one side, or join the two, and delete the lines '<<<<<<<', '=======' "
                      "and '>>>>>>>'; the rest of the document is judged then");
    return f != NULL;
}

/* An opening marker that nothing closes; without a label it may be a drawing. */
static bool give_up(struct report *r, struct conflict *c)
{
    bool found = c->from && c->labelled && !c->code && report_remnant(r, c->from);
    *c = (struct conflict){0};
    return found;
}

/* Seven '>' that stand alone: the text of a quoted quote has neighbours. */
static bool is_closing_remnant(const struct report *r, size_t number, struct slice label)
{
    return label.n && !slice_starts(line_of(r, number - 1), SLICE(">")) &&
           !slice_starts(line_of(r, number + 1), SLICE(">"));
}

bool rules_conflicts(struct report *r)
{
    const struct lines *lines = &r->pm->doc->lines;
    struct conflict open = {0};
    struct code code;
    bool found = false;
    code_init(&code, r);
    for (size_t number = 1; number <= lines->n; number++) {
        uint32_t at = lines->start[number - 1];
        char first = at < lines->text.n ? lines->text.p[at] : '\0';
        struct slice label;
        if ((first != '<' && first != '=' && first != '>') ||
            !marker(line_of(r, number), first, &label))
            continue;
        if (first == '<') {
            found |= give_up(r, &open);
            open = (struct conflict){(uint32_t)number, label.n > 0, false, code_at(&code, at)};
        } else if (first == '=') {
            open.middle = open.from && (open.middle || !label.n);
        } else if (open.middle) {
            if (!open.code || code_at(&code, at) != open.code) /* else it is an example */
                found |= report_conflict(r, &open, number);
            open = (struct conflict){0};
        } else {
            found |= give_up(r, &open);
            if (!code_at(&code, at) && is_closing_remnant(r, number, label))
                found |= report_remnant(r, number);
        }
    }
    found |= give_up(r, &open);
    return found && r->checker->levels[RULE_CONFLICT_MARKER] == LEVEL_ERROR;
}
