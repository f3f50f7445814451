#include "query_private.h"

#include <string.h>

/* Names of a schema may hold anything; what cannot stand before a colon folds to a blank anyway. */
static void print_name(struct str *out, struct slice name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool plain = ascii_is_alnum(c) || c >= 0x80 || strchr("_-.", c);
        str_addc(out, plain && c ? (char)c : '-');
    }
}

static void print_text(struct str *out, const struct query *q)
{
    if (q->phrase)
        str_addc(out, '"');
    str_adds(out, q->text);
    if (q->phrase)
        str_addc(out, '"');
    if (q->prefix)
        str_addc(out, '*');
}

static void print_field(struct str *out, const struct query *q)
{
    print_name(out, q->name);
    for (size_t i = 0; i < q->nvalues; i++) {
        str_addc(out, i ? ',' : ':');
        str_adds(out, q->values[i].raw);
    }
}

static void print_has(struct str *out, const char *word, const struct query *q)
{
    str_addz(out, word);
    print_name(out, q->name);
}

static void print_node(struct str *out, const struct query *q, bool inside);

static void print_list(struct str *out, const struct query *q, bool inside)
{
    if (inside)
        str_addc(out, '(');
    for (size_t i = 0; i < q->nchildren; i++) {
        if (i)
            str_addz(out, q->kind == QUERY_OR ? " OR " : " ");
        print_node(out, q->children[i], true);
    }
    if (inside)
        str_addc(out, ')');
}

void query_add_quoted(struct str *out, struct slice s)
{
    str_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            str_addc(out, '\\');
        str_addc(out, s.p[i]);
    }
    str_addc(out, '"');
}

void query_add_value(struct str *out, struct slice s)
{
    bool quote = !s.n || slice_find(s, SLICE(".."), 0) != SIZE_MAX || strchr("<>=", s.p[0]);
    for (size_t i = 0; i < s.n; i++)
        quote |= strchr(" \t\"(),*", s.p[i]) != NULL;
    if (quote)
        query_add_quoted(out, s);
    else
        str_adds(out, s);
}

static bool one_word(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum((unsigned char)s.p[i]) && (unsigned char)s.p[i] < 0x80)
            return false;
    return true;
}

/* In parentheses where something may follow, which it would speak of as well. */
static void print_in(struct str *out, const struct query *q, bool inside)
{
    str_addz(out, inside ? "(in:" : "in:");
    if (one_word(q->text))
        str_adds(out, q->text);
    else
        query_add_quoted(out, q->text);
    str_addc(out, ' ');
    print_node(out, q->children[0], true);
    if (inside)
        str_addc(out, ')');
}

/* Recursion is bounded: the parser caps the depth of groups, and nothing nests otherwise. */
static void print_node(struct str *out, const struct query *q, bool inside)
{
    switch (q->kind) {
    case QUERY_ALL:
        return;
    case QUERY_AND:
    case QUERY_OR:
        print_list(out, q, inside);
        return;
    case QUERY_NOT:
        if (q->children[0]->kind == QUERY_HAS) {
            print_has(out, "no:", q->children[0]);
            return;
        }
        str_addz(out, "NOT ");
        print_node(out, q->children[0], true);
        return;
    case QUERY_TEXT:
        print_text(out, q);
        return;
    case QUERY_FIELD:
        print_field(out, q);
        return;
    case QUERY_HAS:
        print_has(out, "has:", q);
        return;
    case QUERY_IN:
        print_in(out, q, inside);
        return;
    }
}

void query_print(struct str *out, const struct query *q)
{
    print_node(out, q, false);
}

bool query_has_text(const struct query *q)
{
    if (q->kind == QUERY_TEXT)
        return true;
    for (size_t i = 0; i < q->nchildren && q->kind != QUERY_NOT; i++)
        if (query_has_text(q->children[i]))
            return true;
    return false;
}

bool query_has_items(const struct query *q)
{
    return q->items;
}

bool query_has_times(const struct query *q)
{
    bool about_fields = q->kind == QUERY_FIELD || q->kind == QUERY_HAS;
    if (about_fields && (q->subject == SUBJECT_CREATED || q->subject == SUBJECT_UPDATED))
        return true;
    for (size_t i = 0; i < q->nchildren; i++)
        if (query_has_times(q->children[i]))
            return true;
    return false;
}

bool query_names_state(const struct query *q)
{
    bool about_fields = q->kind == QUERY_FIELD || q->kind == QUERY_HAS;
    if (about_fields && (q->subject == SUBJECT_STATE || q->subject == SUBJECT_CLOSED ||
                         q->subject == SUBJECT_LATE || q->subject == SUBJECT_DROPPED ||
                         q->subject == SUBJECT_REOPENED))
        return true;
    for (size_t i = 0; i < q->nchildren; i++)
        if (query_names_state(q->children[i]))
            return true;
    return false;
}
