#include "pm/yamlhint.h"

#include <string.h>

static size_t line_start(struct slice s, size_t at)
{
    while (at && s.p[at - 1] != '\n' && s.p[at - 1] != '\r')
        at--;
    return at;
}

static size_t line_end(struct slice s, size_t at)
{
    while (at < s.n && s.p[at] != '\n' && s.p[at] != '\r')
        at++;
    return at;
}

static size_t indentation(struct slice s, size_t line)
{
    size_t at = line;
    while (at < s.n && s.p[at] == ' ')
        at++;
    return at - line;
}

/* The start of the last line before this one that is not blank; the line itself when it is the
 * first. */
static size_t line_above(struct slice s, size_t line)
{
    for (size_t at = line; at > 0;) {
        at = line_start(s, at - 1);
        if (slice_trim(slice_sub(s, at, line_end(s, at) - at)).n)
            return at;
    }
    return line;
}

/* Where "key: " ends its colon between from and to; SIZE_MAX for nowhere. */
static size_t field_colon(struct slice s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (s.p[i] == ':' && (i + 1 >= s.n || ascii_is_space((unsigned char)s.p[i + 1])))
            return i;
    return SIZE_MAX;
}

/* The rest of the line from at on, as somebody would put it into quotes: "…" */
static const char *quoted(struct slice s, size_t at, struct arena *a)
{
    struct slice value = slice_sub(s, at, line_end(s, at) - at);
    size_t comment = slice_find(value, SLICE(" #"), 0);
    if (comment != SIZE_MAX)
        value.n = comment;
    value = slice_trim(value);
    bool single = slice_chr(value, '"', 0) != SIZE_MAX || slice_chr(value, '\\', 0) != SIZE_MAX;
    if (!value.n || value.n > 60 || (single && slice_chr(value, '\'', 0) != SIZE_MAX))
        return "put the value in quotes";
    return arena_fmt(a, single ? "quote it: '" SLICE_FMT "'" : "quote it: \"" SLICE_FMT "\"",
                     SLICE_ARG(value));
}

/* In a list in brackets a value ends before the next comma. */
static const char *quoted_value(struct slice s, size_t at, struct arena *a)
{
    size_t line = line_start(s, at);
    size_t bracket = slice_chr(slice_sub(s, line, at - line), '[', 0);
    if (bracket == SIZE_MAX)
        return quoted(s, at, a);
    size_t end = at;
    while (end < s.n && !strchr(",]\r\n", s.p[end]))
        end++;
    return quoted(slice_sub(s, 0, end), at, a);
}

struct yaml_hint yaml_hint_special(struct slice text, size_t at, struct arena *a)
{
    if (at >= text.n)
        return (struct yaml_hint){"a value is missing", NULL};
    const char *what = "has a meaning of its own in YAML";
    switch (text.p[at]) {
    case '*':
        what = "refers to an anchor in YAML, which pm does not read";
        break;
    case '&':
        what = "names an anchor in YAML, which pm does not read";
        break;
    case '!':
        what = "starts a tag in YAML, which pm does not read";
        break;
    case '|':
    case '>':
        what = "starts a block of text, which begins on the next line";
        break;
    default:
        break;
    }
    return (struct yaml_hint){
        arena_fmt(a, "a value cannot begin with '%c': it %s", text.p[at], what),
        quoted_value(text, at, a)};
}

struct yaml_hint yaml_hint_key(struct slice text, size_t at)
{
    if (at > 0 && at <= text.n && text.p[at - 1] == '{')
        return (struct yaml_hint){"'{{' is not text in YAML", "put the value in quotes"};
    return (struct yaml_hint){"a field name cannot be a list or a map", "quote it"};
}

static struct yaml_hint unexpected_colon(const struct yaml_trouble *t, size_t *at, struct arena *a)
{
    size_t line = line_start(t->text, t->at);
    size_t colon = field_colon(t->text, line, t->at);
    if (colon != SIZE_MAX) {
        size_t value = colon + 1;
        while (value < t->at && ascii_is_blank((unsigned char)t->text.p[value]))
            value++;
        char first = t->text.p[value];
        if (first == '"' || first == '\'')
            return (struct yaml_hint){"text after the closing quote", "quote the whole value"};
        return (struct yaml_hint){"': ' in a value that is not quoted", quoted(t->text, value, a)};
    }
    size_t above = line_above(t->text, line);
    if (above != line && field_colon(t->text, above, line) == SIZE_MAX) {
        *at = above + indentation(t->text, above);
        return (struct yaml_hint){"a line that is not 'field: value'",
                                  "add the colon, or quote the text over several lines"};
    }
    *at = line + indentation(t->text, line);
    return (struct yaml_hint){"indented below a field that already has a value",
                              "indent it like the line above, or quote the value above"};
}

static struct yaml_hint unexpected_text(const struct yaml_trouble *t, size_t *at, struct arena *a)
{
    size_t line = line_start(t->text, t->at);
    struct slice before = slice_trim(slice_sub(t->text, line, t->at - line));
    char last = before.n ? before.p[before.n - 1] : '\0';
    if (last == '"' || last == '\'')
        return (struct yaml_hint){"text after the closing quote", "quote the whole value"};
    if (last == ']' || last == '}')
        return (struct yaml_hint){"text after the closing bracket", "quote the whole value"};
    if (last == '*' || last == ':')
        return (struct yaml_hint){"text that does not belong to the value", "quote the value"};
    *at = line + indentation(t->text, line);
    char first = *at < t->text.n ? t->text.p[*at] : ' ';
    if (first == '-')
        return (struct yaml_hint){"this list item does not continue what stands above",
                                  "indent it like the other items, or give it a field of its own"};
    if (first == ':')
        return (struct yaml_hint){"a ':' without a field name before it",
                                  "quote the value it is part of"};
    if (strchr("]},", first))
        return yaml_hint_special(t->text, *at, a);
    return (struct yaml_hint){"this line does not continue what stands above",
                              "indent it like the lines it belongs to"};
}

static bool is_tab_indented(struct slice s, size_t at)
{
    for (size_t i = line_start(s, at); i < s.n && ascii_is_blank((unsigned char)s.p[i]); i++)
        if (s.p[i] == '\t')
            return true;
    return false;
}

static bool says(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

static struct yaml_hint hint_scalar(const struct yaml_trouble *t, size_t *at)
{
    if (says(t->problem, "escape")) {
        return (struct yaml_hint){"an unknown escape in double quotes",
                                  "use single quotes, or write the backslash twice"};
    }
    *at = t->context_at;
    return (struct yaml_hint){"a quote that is never closed", "close it at the end of the value"};
}

struct yaml_hint yaml_hint_syntax(const struct yaml_trouble *t, size_t *at, struct arena *a)
{
    *at = t->at;
    if (is_tab_indented(t->text, t->at)) {
        *at = line_start(t->text, t->at);
        *at = slice_chr(t->text, '\t', *at);
        return (struct yaml_hint){"a tab in the indentation", "indent with spaces"};
    }
    if (t->text.n && t->text.p[0] == '%' && says(t->problem, "<document start>")) {
        *at = 0;
        return (struct yaml_hint){"a YAML directive, which pm does not read", "delete it"};
    }
    if (says(t->problem, "mapping values are not allowed"))
        return unexpected_colon(t, at, a);
    if (says(t->context, "quoted scalar"))
        return hint_scalar(t, at);
    if (says(t->problem, "block sequence entries"))
        return (struct yaml_hint){"a list item on the line of its field",
                                  "begin the list on the next line, or quote the value"};
    if (says(t->problem, "expected ',' or")) {
        *at = t->context_at;
        return (struct yaml_hint){"a bracket that is not closed, or a comma that is missing",
                                  "close the bracket, or quote the value"};
    }
    if (says(t->context, "simple key")) {
        *at = t->context_at;
        return (struct yaml_hint){"a line that is not 'field: value'", "add the colon"};
    }
    bool special = says(t->context, "alias") || says(t->context, "anchor") ||
                   says(t->context, "tag") || says(t->context, "block scalar") ||
                   says(t->context, "directive");
    if (special)
        *at = t->context_at;
    if (special || says(t->problem, "start any token") || says(t->problem, "node content"))
        return yaml_hint_special(t->text, *at, a);
    if (says(t->problem, "expected key") || says(t->problem, "'-' indicator") ||
        says(t->problem, "<document start>"))
        return unexpected_text(t, at, a);
    return (struct yaml_hint){arena_fmt(a, "not YAML: %s", t->problem), NULL};
}
