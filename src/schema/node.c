#include "build.h"

#include "pm/date.h"
#include "pm/utf8.h"

#define SHOWN_COLUMNS 60
#define SIZE_LIMIT    100000

void list_push(struct arena *a, struct list *l, void *p)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? 2 * l->cap : 8;
        void **v = arena_array(a, cap, sizeof *v);
        for (size_t i = 0; i < l->n; i++)
            v[i] = l->v[i];
        l->v = v;
        l->cap = cap;
    }
    l->v[l->n++] = p;
}

struct source node_source(const struct builder *b, const struct yaml *node)
{
    return (struct source){b->origin, node->span};
}

struct slice shown(struct slice name)
{
    return utf8_cut(name, SHOWN_COLUMNS);
}

void hint_spelling(struct arena *a, struct problem *p, const struct spell *contest,
                   const char *otherwise)
{
    if (contest->best.n)
        p->hint = arena_fmt(a, "did you mean '" SLICE_FMT "'?", SLICE_ARG(contest->best));
    else if (otherwise)
        p->hint = arena_strdup(a, slice_of(otherwise));
}

static bool is_known(struct slice key, const char *const *known)
{
    while (*known && !slice_eqz(key, *known))
        known++;
    return *known != NULL;
}

static void complain_key(struct builder *b, const struct yaml *key, const char *what,
                         const char *const *known)
{
    struct spell contest;
    struct problem *p = COMPLAIN(b, key->span, "unknown key '" SLICE_FMT "' in %s",
                                 SLICE_ARG(shown(key->value)), what);

    spell_init(&contest, key->value);
    for (size_t i = 0; known[i]; i++)
        spell_offer(&contest, slice_of(known[i]));
    p->subject = key->value;
    hint_spelling(b->a, p, &contest, NULL);
}

bool node_map(struct builder *b, const struct yaml *node, const char *what,
              const char *const *known)
{
    if (!node || node->kind == YAML_NULL)
        return false;
    if (node->kind != YAML_MAP) {
        COMPLAIN(b, node->span, "%s must be a map of keys and values", what);
        return false;
    }
    for (const struct yaml *child = node->first; known && child; child = child->next)
        if (!is_known(child->key->value, known))
            complain_key(b, child->key, what, known);
    return true;
}

bool node_text(struct builder *b, const struct yaml *node, const char *what, struct slice *out)
{
    if (!node)
        return false;
    if (node->kind != YAML_SCALAR || !slice_trim(node->value).n) {
        COMPLAIN(b, node->span, "%s must be a text", what);
        return false;
    }
    *out = slice_trim(node->value);
    return true;
}

/* 1 yes, 0 no, -1 neither. */
static int yes_no(struct slice word)
{
    if (slice_ieqz(word, "true") || slice_ieqz(word, "yes"))
        return 1;
    return slice_ieqz(word, "false") || slice_ieqz(word, "no") ? 0 : -1;
}

bool node_yes_no(struct builder *b, const struct yaml *node, const char *what, bool *out)
{
    if (!node)
        return false;
    int answer = node->kind == YAML_SCALAR ? yes_no(node->value) : -1;
    if (answer < 0)
        COMPLAIN(b, node->span, "%s must be yes or no", what);
    else
        *out = answer;
    return answer >= 0;
}

bool node_size(struct builder *b, const struct yaml *node, const char *what, size_t *out)
{
    int64_t number;

    if (!node)
        return false;
    if (node->kind != YAML_SCALAR || !slice_i64(node->value, 0, SIZE_LIMIT, &number)) {
        COMPLAIN(b, node->span, "%s must be a number from 0 to %d", what, SIZE_LIMIT);
        return false;
    }
    *out = (size_t)number;
    return true;
}

/* A condition without a field would be a search for a word: nobody means that here, and a misspelt
 * yes or no looks like it. */
bool node_need(struct builder *b, const struct yaml *node, const char *what, struct need *out)
{
    if (!node)
        return false;
    int answer = node->kind == YAML_SCALAR ? yes_no(node->value) : -1;
    if (answer < 0 && (node->kind != YAML_SCALAR || slice_chr(node->value, ':', 0) == SIZE_MAX)) {
        COMPLAIN(b, node->span, "%s must be yes, no, or a condition such as 'severity:sev1..sev2'",
                 what);
        return false;
    }
    *out = (struct need){.kind = answer < 0 ? NEED_WHEN
                                 : answer   ? NEED_YES
                                            : NEED_NO,
                         .when = answer < 0 ? node->value : slice_of(NULL),
                         .source = node_source(b, node)};
    return true;
}

bool node_seconds(struct builder *b, const struct yaml *node, const char *what, int64_t *out)
{
    int64_t seconds;

    if (!node)
        return false;
    if (node->kind != YAML_SCALAR || !duration_parse(node->value, &seconds, NULL) || seconds <= 0) {
        COMPLAIN(b, node->span, "%s must be a duration such as 90m, 2h or 15d", what);
        return false;
    }
    *out = seconds;
    return true;
}

struct list node_texts(struct builder *b, struct yaml *node, const char *what)
{
    struct list texts = {0};
    struct slice text;

    if (!node || node->kind == YAML_NULL)
        return texts;
    if (node->kind == YAML_MAP) {
        COMPLAIN(b, node->span, "%s must be a list", what);
        return texts;
    }
    if (node->kind == YAML_SCALAR && node_text(b, node, what, &text))
        list_push(b->a, &texts, node);
    for (struct yaml *item = node->first; item; item = item->next) {
        if (item->kind == YAML_SCALAR && slice_trim(item->value).n)
            list_push(b->a, &texts, item);
        else
            COMPLAIN(b, item->span, "%s must be a list of texts", what);
    }
    return texts;
}
