/* Sections: the ones that must be there, with content. */
#include "report.h"

#include <stdlib.h>

#include "guidance.h"
#include "pm/document.h"

/* ---- content ---- */

/* What stands in a section besides its headings. */
enum content { CONTENT_NONE, CONTENT_PLACEHOLDER, CONTENT_REAL };

static const char *const placeholders[] = {
    "todo",       "tbd",           "tba",           "fixme",           "to do", "to be determined",
    "to be done", "to be defined", "to be written", "to be filled in", "...",   NULL};

bool report_is_placeholder(struct slice text)
{
    text = slice_trim(text);
    while (text.n && ascii_is_punct((unsigned char)text.p[text.n - 1]) && text.n > 3)
        text.n--;
    for (const char *const *word = placeholders; *word; word++)
        if (slice_ieqz(text, *word))
            return true;
    return slice_eqz(text, "…");
}

/* Most paragraphs are content by their first two characters: letters and digits are read as they
 * stand, and no placeholder begins with these. */
static bool begins_real(struct slice text)
{
    if (text.n < 2 || !ascii_is_alnum((unsigned char)text.p[0]) ||
        !ascii_is_alnum((unsigned char)text.p[1]))
        return false;
    for (const char *const *word = placeholders; *word; word++)
        if (slice_ieq(slice_sub(text, 0, 2), slice_from(*word, 2)))
            return false;
    return true;
}

/* What follows the comments that raw HTML begins with: those are the template's guidance, which a
 * reader does not see. */
static struct slice behind_comments(struct slice html)
{
    html = slice_trim(html);
    while (slice_starts(html, SLICE("<!--"))) {
        size_t end = slice_find(html, SLICE("-->"), 4);
        html = end == SIZE_MAX ? SLICE("") : slice_trim(slice_sub(html, end + 3, html.n));
    }
    return html;
}

bool report_is_comment(struct slice html)
{
    return !behind_comments(html).n;
}

/* `{{summary}}`, `<what happened>`: a blank of a form, with nothing but words in it. Addresses,
 * tags and what a site generator fills in have other characters, or no blank. */
static bool is_form_blank(struct slice text)
{
    text = slice_trim(text);
    bool braces = text.n > 4 && slice_starts(text, SLICE("{{")) && slice_ends(text, SLICE("}}"));
    bool angles = text.n > 2 && text.p[0] == '<' && text.p[text.n - 1] == '>';
    size_t words = 1;
    text = braces ? slice_sub(text, 2, text.n - 4) : slice_sub(text, 1, text.n - 2);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (!ascii_is_alnum(c) && c < 0x80 && (!c || !strchr(" _-,?", c)))
            return false;
        words += c == ' ';
    }
    return braces || (angles && words > 1);
}

static bool is_filled(const struct table_row *row, size_t columns)
{
    for (size_t k = 0; k < columns; k++)
        if (row->cells[k].text.n)
            return true;
    return false;
}

/* Runs have an image's alternative text alone, which may be none. */
static bool shows_something(struct slice text, const struct runs *runs)
{
    size_t image = slice_find(text, SLICE("!["), 0);
    if (image != SIZE_MAX && slice_find(text, SLICE("]("), image) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < runs->n; i++)
        if (runs->v[i].kind == RUN_CODE || (runs->v[i].kind == RUN_LINK && runs->v[i].url.n))
            return true;
    return false;
}

/* A section being looked at. */
struct look {
    const struct document *doc;
    const struct guidance *guidance; /* NULL: there is no template */
    const struct section_rule *rule; /* NULL: the schema does not name the section */
    bool guided;                     /* some of it is the template's */
};

/* Is this only what the template says there? */
static bool is_guidance(struct look *l, struct span span)
{
    bool same = l->guidance && l->rule &&
                guidance_holds(l->guidance, l->rule, document_slice(l->doc, span));
    l->guided = l->guided || same;
    return same;
}

static enum content table_content(struct look *l, const struct table *t)
{
    for (size_t i = 0; i < t->nrows; i++)
        if (is_filled(&t->rows[i], t->columns) && !is_guidance(l, t->rows[i].span))
            return CONTENT_REAL;
    return CONTENT_NONE;
}

/* Code, links and images are never a placeholder, whatever they say. */
static enum content paragraph_content(const struct document *doc, struct span span)
{
    struct slice text = document_slice(doc, span);
    struct str plain = STR_INIT;
    struct runs runs;
    struct arena scratch = ARENA_INIT;
    enum content found = CONTENT_REAL;
    if (begins_real(text))
        return CONTENT_REAL;
    inline_parse(text, span.start, doc->refs, &scratch, &runs);
    runs_plain(&runs, &plain);
    if (shows_something(text, &runs))
        found = CONTENT_REAL;
    else if (report_is_placeholder(str_slice(&plain)) || is_form_blank(text))
        found = CONTENT_PLACEHOLDER;
    else if (!plain.n)
        found = CONTENT_NONE;
    str_release(&plain);
    arena_release(&scratch);
    return found;
}

static enum content html_content(struct slice html)
{
    struct slice rest = behind_comments(html);
    if (!rest.n)
        return CONTENT_NONE;
    return report_is_placeholder(rest) || is_form_blank(rest) ? CONTENT_PLACEHOLDER : CONTENT_REAL;
}

static enum content leaf_content(struct look *l, const struct block *b)
{
    enum content found;
    switch (b->kind) {
    case BLOCK_HTML:
        found = html_content(document_slice(l->doc, b->span));
        break;
    case BLOCK_CODE:
        found = CONTENT_REAL;
        break;
    case BLOCK_TABLE:
        return table_content(l, b->table);
    case BLOCK_PARAGRAPH:
        found = paragraph_content(l->doc, block_words(b));
        break;
    default:
        return CONTENT_NONE; /* containers: their children speak */
    }
    return found == CONTENT_REAL && is_guidance(l, block_words(b)) ? CONTENT_NONE : found;
}

static enum content section_content(struct look *l, const struct section *s,
                                    struct span *placeholder)
{
    enum content found = CONTENT_NONE;
    for (const struct block *top = s->first; top && top != s->end; top = top->next)
        for (const struct block *b = top; b; b = block_next(top, b)) {
            enum content here = leaf_content(l, b);
            if (here == CONTENT_REAL)
                return here;
            if (here == CONTENT_PLACEHOLDER && found == CONTENT_NONE) {
                found = here;
                *placeholder = b->text;
            }
        }
    return found;
}

static struct look look_at(const struct report *r, const struct section *s)
{
    return (struct look){.doc = r->pm->doc,
                         .guidance = r->checker->guidance,
                         .rule = schema_section(r->checker->schema, s->title)};
}

bool report_has_content(const struct report *r, const struct section *s)
{
    struct look look = look_at(r, s);
    struct span placeholder;
    return section_content(&look, s, &placeholder) == CONTENT_REAL;
}

/* ---- the rules ---- */

static const struct section *find(const struct report *r, size_t rule)
{
    return postmortem_section(r->pm, &r->checker->schema->sections[rule]);
}

static bool names_section(const size_t *sections, size_t rule)
{
    for (size_t i = 0; i < 4 && sections[i] != SIZE_MAX; i++)
        if (sections[i] == rule)
            return true;
    return false;
}

static bool alternative_is_written(const struct report *r, const size_t *sections)
{
    for (size_t i = 0; i < 4 && sections[i] != SIZE_MAX; i++) {
        const struct section *s = find(r, sections[i]);
        if (!s || !report_has_content(r, s))
            return false;
    }
    return true;
}

/* A group of alternatives to which it belongs asks for it until another one is written. */
static bool group_asks_for(const struct report *r, const struct one_of *group, size_t rule)
{
    bool belongs = false;
    for (size_t i = 0; i < group->n; i++) {
        bool named = names_section(group->sections[i], rule);
        if (!named && alternative_is_written(r, group->sections[i]))
            return false;
        belongs = belongs || named;
    }
    return belongs;
}

/* Would something be missing without its heading? */
static bool is_asked_for(const struct report *r, size_t rule)
{
    const struct schema *s = r->checker->schema;
    if (condition_holds(r, &r->checker->section_required[rule]))
        return true;
    for (size_t i = 0; i < s->nalternatives; i++)
        if (condition_holds(r, &r->checker->one_of[i]) && group_asks_for(r, &s->one_of[i], rule))
            return true;
    return false;
}

static void empty_section(struct report *r, const struct section_rule *rule, struct span at,
                          bool guided)
{
    struct finding *f = report_at(r, RULE_EMPTY_SECTION, at, "section '" SLICE_FMT "' is empty",
                                  SLICE_ARG(rule->name));
    if (!f)
        return;
    if (!is_asked_for(r, rule->index)) {
        report_several(r, f, "sections that are not required are empty");
        report_hint(r, f, "write what is known, or delete the heading: it need not be there");
        return;
    }
    report_several(r, f, "sections are empty");
    report_hint(r, f,
                guided ? "write what is known, or why there is nothing to say: this is what the "
                         "template says"
                       : "write what is known, or that there is nothing to say and why; comments "
                         "do not count");
}

static void check_content(struct report *r, const struct found_section *found)
{
    const struct document *doc = r->pm->doc;
    const struct section *s = &doc->sections[found->section];
    struct look look = look_at(r, s);
    struct span at = s->heading;
    enum content content = section_content(&look, s, &at);
    struct slice name = found->rule->name;
    if (content == CONTENT_NONE) {
        empty_section(r, found->rule, at, look.guided);
    } else if (content == CONTENT_PLACEHOLDER) {
        struct finding *f =
            report_at(r, RULE_PLACEHOLDER, at, "section '" SLICE_FMT "' holds only a placeholder",
                      SLICE_ARG(name));
        report_several(r, f, "sections hold only a placeholder");
        report_hint(r, f, "write what is known, or why it cannot be known");
    }
}

static void missing_section(struct report *r, size_t i)
{
    const struct checker *c = r->checker;
    struct slice name = c->schema->sections[i].name;
    if (find(r, i))
        return;
    if (condition_holds(r, &c->section_required[i]))
        report_fix_sections(r,
                            report_absent(r, RULE_MISSING_SECTION, ABSENT_SECTION, name,
                                          "required section '" SLICE_FMT "' is missing",
                                          SLICE_ARG(name)),
                            name);
    else if (condition_holds(r, &c->section_recommended[i]))
        report_absent(r, RULE_RECOMMENDED_SECTION, ABSENT_SECTION, name,
                      "recommended section '" SLICE_FMT "' is missing", SLICE_ARG(name));
}

static void add_alternative(const struct report *r, const size_t *sections, struct str *out)
{
    const struct section_rule *rules = r->checker->schema->sections;
    for (size_t i = 0; i < 4 && sections[i] != SIZE_MAX; i++)
        str_addf(out, "%s" SLICE_FMT, i ? " with " : "", SLICE_ARG(rules[sections[i]].name));
}

/* Of an alternative, the sections that stand already; *names: the others, one a line. */
static size_t count_standing(const struct report *r, const size_t *sections, struct str *names)
{
    const struct section_rule *rules = r->checker->schema->sections;
    size_t standing = 0;
    for (size_t i = 0; i < 4 && sections[i] != SIZE_MAX; i++) {
        if (find(r, sections[i]))
            standing++;
        else
            str_addf(names, SLICE_FMT "\n", SLICE_ARG(rules[sections[i]].name));
    }
    return standing;
}

/* The alternative that somebody has begun, else the first. */
static void fix_alternative(struct report *r, struct finding *f, const struct one_of *group)
{
    size_t most = 0;
    struct str best = STR_INIT;
    for (size_t i = 0; i < group->n; i++) {
        struct str names = STR_INIT;
        size_t standing = count_standing(r, group->sections[i], &names);
        if (i == 0 || standing > most) {
            most = standing;
            str_clear(&best);
            str_adds(&best, str_slice(&names));
        }
        str_release(&names);
    }
    report_fix_sections(r, f, str_slice(&best));
    str_release(&best);
}

/* Each of its sections stands there, or is asked for by itself: then that is said once. */
static bool alternative_is_asked(const struct report *r, const size_t *sections)
{
    for (size_t i = 0; i < 4 && sections[i] != SIZE_MAX; i++)
        if (!find(r, sections[i]) &&
            !condition_holds(r, &r->checker->section_required[sections[i]]))
            return false;
    return true;
}

static void missing_alternative(struct report *r, const struct one_of *group)
{
    struct str names = STR_INIT;
    for (size_t i = 0; i < group->n; i++)
        if (alternative_is_asked(r, group->sections[i]))
            return;
    for (size_t i = 0; i < group->n; i++) {
        str_addz(&names, i == 0 ? "" : i == 1 ? " (or " : ", or ");
        add_alternative(r, group->sections[i], &names);
    }
    str_addz(&names, group->n > 1 ? ")" : "");
    struct finding *f = report_absent(r, RULE_MISSING_SECTION, ABSENT_SECTION, str_slice(&names),
                                      "required section %s is missing", names.p);
    fix_alternative(r, f, group);
    str_release(&names);
}

/* A group is asked for where the first section that it names has its place. */
static void missing_alternatives(struct report *r, size_t section)
{
    const struct schema *s = r->checker->schema;
    for (size_t i = 0; i < s->nalternatives; i++)
        if (s->one_of[i].n && s->one_of[i].sections[0][0] == section &&
            condition_holds(r, &r->checker->one_of[i]))
            missing_alternative(r, &s->one_of[i]);
}

static bool is_repeated(const struct section *a, const struct section *b)
{
    return a->parent == b->parent && a->level == b->level && slice_eq(a->name, b->name) &&
           slice_eq(a->note, b->note);
}

/* Of two names for one section each may have its place; the same name, beside the other one, is
 * what a merge or a paste leaves. */
static void check_repeated(struct report *r, size_t i)
{
    enum { NEAR = 100 }; /* sections of the schema to look back at: not all for each */
    const struct document *doc = r->pm->doc;
    const struct found_section *found = &r->pm->sections[i];
    const struct section *s = &doc->sections[found->section];
    for (size_t k = i; k-- > 0 && i - k <= NEAR;) {
        const struct section *before = &doc->sections[r->pm->sections[k].section];
        if (r->pm->sections[k].rule != found->rule || !is_repeated(before, s))
            continue;
        struct finding *f =
            report_at(r, RULE_DUPLICATE_SECTION, s->heading,
                      "section '" SLICE_FMT "' stands here again; it is on line %u already",
                      SLICE_ARG(s->title), document_place(doc, before->heading.start).line);
        report_hint(r, f, "join the two, or say in the headings what tells them apart");
        return;
    }
}

void rules_sections(struct report *r)
{
    const struct schema *s = r->checker->schema;
    for (size_t i = 0; i < s->nsections; i++) {
        missing_section(r, i);
        if (!r->draft)
            missing_alternatives(r, i);
    }
    for (size_t i = 0; i < r->pm->nsections; i++) {
        const struct section_rule *rule = r->pm->sections[i].rule;
        bool asked = condition_holds(r, &r->checker->section_required[rule->index]);
        if (!r->draft || asked)
            check_content(r, &r->pm->sections[i]);
        if (!r->draft)
            check_repeated(r, i);
    }
}
