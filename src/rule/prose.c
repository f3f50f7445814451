#include "prose.h"

#include "pm/utf8.h"
#include "report.h"

static void add_plain(struct prose *p, const struct document *doc, struct slice text, uint32_t base,
                      struct arena *scratch)
{
    struct runs runs;
    inline_parse(text, base, doc->refs, scratch, &runs);
    runs_plain(&runs, &p->text);
    str_addc(&p->text, '\n');
}

static bool ends_sentence(struct slice s, size_t at)
{
    static const char *const wide[] = {"。", "！", "？"};
    char c = s.p[at];
    if (c == '.' || c == '!' || c == '?')
        return at + 1 == s.n || ascii_is_space((unsigned char)s.p[at + 1]);
    for (size_t i = 0; (unsigned char)c >= 0x80 && i < sizeof wide / sizeof *wide; i++)
        if (slice_starts(slice_sub(s, at, s.n), slice_of(wide[i])))
            return true;
    return false;
}

/* At least one; none where it only leads to what follows. */
static size_t count_sentences(struct slice text)
{
    size_t n = 0;
    text = slice_trim(text);
    if (!text.n || slice_ends(text, SLICE(":")) || slice_ends(text, SLICE("：")))
        return 0;
    for (size_t i = 0; i < text.n; i++)
        n += ends_sentence(text, i);
    return n ? n : 1;
}

static void read_paragraph(struct prose *p, const struct document *doc, const struct block *b,
                           struct arena *scratch)
{
    size_t start = p->text.n;
    struct slice text = document_slice(doc, b->text);
    p->unread |= slice_find(text, SLICE("!["), 0) != SIZE_MAX;
    add_plain(p, doc, text, b->text.start, scratch);
    struct slice plain = slice_trim(slice_sub(str_slice(&p->text), start, p->text.n - start));
    if (!plain.n || b->parent->kind == BLOCK_ITEM)
        return;
    p->paragraphs++;
    p->sentences += count_sentences(plain);
}

static void read_table(struct prose *p, const struct document *doc, const struct table *t,
                       struct arena *scratch)
{
    for (size_t i = 0; i < t->nrows; i++) {
        bool filled = false;
        for (size_t k = 0; k < t->columns; k++) {
            struct slice text = t->rows[i].cells[k].text;
            filled |= text.n > 0;
            add_plain(p, doc, text, 0, scratch);
        }
        p->rows += filled;
    }
}

static void read_block(struct prose *p, const struct document *doc, const struct block *b,
                       struct arena *scratch)
{
    switch (b->kind) {
    case BLOCK_HEADING:
        p->headings++;
        break;
    case BLOCK_PARAGRAPH:
        read_paragraph(p, doc, b, scratch);
        break;
    case BLOCK_ITEM:
        p->items += b->text.end > b->text.start;
        break;
    case BLOCK_TABLE:
        read_table(p, doc, b->table, scratch);
        break;
    case BLOCK_CODE:
        p->unread = true;
        break;
    case BLOCK_HTML:
        p->unread |= !report_is_comment(document_slice(doc, b->span));
        break;
    default:
        break;
    }
}

void prose_read(struct prose *p, const struct document *doc, const struct section *s)
{
    struct arena scratch = ARENA_INIT;
    *p = (struct prose){.text = STR_INIT};
    for (const struct block *top = s->first; top && top != s->end; top = top->next)
        for (const struct block *b = top; b; b = block_next(top, b))
            read_block(p, doc, b, &scratch);
    arena_release(&scratch);
}

void prose_release(struct prose *p)
{
    str_release(&p->text);
}

size_t prose_words(const struct prose *p)
{
    struct slice s = str_slice(&p->text);
    size_t words = 0, characters = 0;
    bool inside = false;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (utf8_is_cjk(c)) {
            characters++;
            inside = false;
        } else if (utf8_is_space(c)) {
            inside = false;
        } else if (!inside && utf8_is_letter(c)) {
            words++;
            inside = true;
        }
    }
    return words + (characters + 1) / 2;
}

size_t prose_entries(const struct prose *p)
{
    size_t listed = p->items + p->rows;
    size_t told = p->paragraphs > p->headings ? p->paragraphs : p->headings;
    return listed > told ? listed : told;
}
