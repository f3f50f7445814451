#include "pm/yamltree.h"

#include <string.h>
#include <yaml.h>

#include "pm/caps.h"
#include "pm/utf8.h"
#include "pm/yamlhint.h"

struct open_node {
    struct yaml *node;
    struct yaml *key; /* of a map: read, its value not yet */
    struct yaml *last;
};

struct reader {
    struct slice text;
    uint32_t base;
    struct arena *arena;
    struct problems *problems;
    struct yaml *root;
    struct open_node open[CAP_YAML_DEPTH];
    size_t depth, events, documents;
    bool ascii;
    size_t index, byte; /* one character and where it is: libyaml counts characters */
};

static bool fail(struct reader *r, enum problem_kind kind, size_t from, size_t to,
                 struct yaml_hint hint)
{
    struct span span = {r->base + (uint32_t)from, r->base + (uint32_t)(to > from ? to : from)};
    struct problem *p = problem_add(r->problems, r->arena, kind, span, "%s", hint.text);
    p->hint = hint.hint ? arena_strdup(r->arena, slice_of(hint.hint)) : NULL;
    return false;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Marks move forward but for a few steps, so this is linear over a whole text. */
static size_t byte_of(struct reader *r, const yaml_mark_t *mark)
{
    if (r->ascii)
        return mark->index < r->text.n ? mark->index : r->text.n;
    while (r->index < mark->index && r->byte < r->text.n) {
        r->byte++;
        while (r->byte < r->text.n && is_continuation(r->text.p[r->byte]))
            r->byte++;
        r->index++;
    }
    while (r->index > mark->index && r->byte) {
        r->byte--;
        while (r->byte && is_continuation(r->text.p[r->byte]))
            r->byte--;
        r->index--;
    }
    return r->byte;
}

/* What libyaml would take for a line end or refuse in words of its own. */
static bool check_characters(struct reader *r)
{
    size_t valid = utf8_valid_prefix(r->text);
    r->ascii = utf8_is_ascii(r->text);
    for (size_t at = 0; at < valid;) {
        size_t from = at;
        uint32_t cp = (unsigned char)r->text.p[at];
        if (cp >= 0x20 && cp < 0x7f) {
            at++;
            continue;
        }
        cp = utf8_next(r->text, &at);
        if (cp == '\t' || cp == '\n' || cp == '\r')
            continue;
        if (cp < 0xA0 || cp == 0x2028 || cp == 0x2029 || cp == 0xFFFE || cp == 0xFFFF)
            return fail(r, PROBLEM_UNREADABLE, from, at,
                        (struct yaml_hint){
                            arena_fmt(r->arena, "control character U+%04X in YAML", (unsigned)cp),
                            "delete it, or write it as an escape in double quotes"});
    }
    if (valid == r->text.n)
        return true;
    return fail(r, PROBLEM_UNREADABLE, valid, valid + 1,
                (struct yaml_hint){"bytes that are not UTF-8", "save the file as UTF-8"});
}

static bool is_null(struct slice s)
{
    return !s.n || slice_eqz(s, "~") || slice_eqz(s, "null") || slice_eqz(s, "Null") ||
           slice_eqz(s, "NULL");
}

static struct yaml *new_node(struct reader *r, enum yaml_kind kind, const yaml_event_t *event)
{
    struct yaml *node = arena_alloc(r->arena, sizeof *node);
    node->kind = kind;
    node->span.start = r->base + (uint32_t)byte_of(r, &event->start_mark);
    node->span.end = r->base + (uint32_t)byte_of(r, &event->end_mark);
    return node;
}

static struct yaml *new_scalar(struct reader *r, const yaml_event_t *event)
{
    struct yaml *node = new_node(r, YAML_SCALAR, event);
    const char *value = (const char *)event->data.scalar.value;
    struct slice text = {value, event->data.scalar.length};
    size_t from = node->span.start - r->base, to = node->span.end - r->base;

    while (to > from && ascii_is_space((unsigned char)r->text.p[to - 1]))
        to--; /* a block of text ends behind its last line */
    node->span.end = r->base + (uint32_t)to;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    struct slice raw = slice_sub(r->text, from, to - from);
    node->value = slice_eq(raw, text) ? raw : arena_dup(r->arena, text);
    if (node->plain && is_null(text))
        node->kind = YAML_NULL;
    return node;
}

static bool refuse(struct reader *r, const struct yaml *node, struct yaml_hint hint)
{
    return fail(r, PROBLEM_UNREADABLE, node->span.start - r->base, node->span.end - r->base, hint);
}

static bool check_key(struct reader *r, const struct yaml *map, struct yaml *key)
{
    if (key->kind == YAML_LIST || key->kind == YAML_MAP)
        return refuse(r, key, yaml_hint_key(r->text, key->span.start - r->base));
    if (key->kind == YAML_NULL && !key->value.n)
        return refuse(r, key,
                      (struct yaml_hint){"a ':' without a field name before it",
                                         "quote the value it is part of"});
    key->kind = YAML_SCALAR;
    if (key->plain && slice_eqz(key->value, "<<"))
        return refuse(
            r, key,
            (struct yaml_hint){"merge key '<<', which pm does not read", "write the fields out"});
    for (const struct yaml *child = map->first; child; child = child->next)
        if (slice_eq(child->key->value, key->value))
            return refuse(r, key,
                          (struct yaml_hint){
                              arena_fmt(r->arena, "field '" SLICE_FMT "' stands here a second time",
                                        SLICE_ARG(key->value)),
                              "keep one of the two"});
    return true;
}

/* Puts a complete or just opened node where it belongs. */
static bool attach(struct reader *r, struct yaml *node)
{
    if (!r->depth) {
        r->root = node;
        return true;
    }
    struct open_node *in = &r->open[r->depth - 1];
    if (in->node->kind == YAML_MAP && !in->key) {
        in->key = node;
        return check_key(r, in->node, node);
    }
    node->key = in->key;
    in->key = NULL;
    if (in->last)
        in->last->next = node;
    else
        in->node->first = node;
    in->last = node;
    in->node->count++;
    return true;
}

static bool open_collection(struct reader *r, enum yaml_kind kind, bool flow,
                            const yaml_event_t *event)
{
    struct yaml *node = new_node(r, kind, event);
    node->flow = flow;
    if (!attach(r, node))
        return false;
    if (r->depth == CAP_YAML_DEPTH)
        return fail(
            r, PROBLEM_TOO_LARGE, node->span.start - r->base, node->span.end - r->base,
            (struct yaml_hint){
                arena_fmt(r->arena, "YAML nested deeper than %u levels", CAP_YAML_DEPTH), NULL});
    r->open[r->depth++] = (struct open_node){.node = node};
    return true;
}

static void close_collection(struct reader *r, const yaml_event_t *event)
{
    struct open_node *in = &r->open[--r->depth];
    if (in->node->flow)
        in->node->span.end = r->base + (uint32_t)byte_of(r, &event->end_mark);
    else if (in->last)
        in->node->span.end = in->last->span.end;
}

static bool check_properties(struct reader *r, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (!anchor && !tag && event->type != YAML_ALIAS_EVENT)
        return true;
    size_t at = byte_of(r, &event->start_mark);
    return fail(r, PROBLEM_UNREADABLE, at, at + 1, yaml_hint_special(r->text, at, r->arena));
}

static bool start_document(struct reader *r, const yaml_event_t *event)
{
    size_t at = byte_of(r, &event->start_mark);
    bool directives = event->data.document_start.version_directive ||
                      event->data.document_start.tag_directives.start !=
                          event->data.document_start.tag_directives.end;
    if (directives)
        return fail(r, PROBLEM_UNREADABLE, at, at + 1,
                    (struct yaml_hint){"a YAML directive, which pm does not read", "delete it"});
    if (r->documents++)
        return fail(r, PROBLEM_UNREADABLE, at, at + 3,
                    (struct yaml_hint){"a second YAML document", "keep one"});
    return true;
}

static bool take_event(struct reader *r, const yaml_event_t *event)
{
    if (++r->events > CAP_YAML_EVENTS) {
        size_t at = byte_of(r, &event->start_mark);
        return fail(r, PROBLEM_TOO_LARGE, at, at,
                    (struct yaml_hint){
                        arena_fmt(r->arena, "more than %u values in YAML", CAP_YAML_EVENTS), NULL});
    }
    if (!check_properties(r, event))
        return false;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return start_document(r, event);
    case YAML_SCALAR_EVENT:
        return attach(r, new_scalar(r, event));
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, YAML_LIST,
                               event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, event);
    case YAML_MAPPING_START_EVENT:
        return open_collection(r, YAML_MAP,
                               event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_collection(r, event);
        return true;
    default:
        return true;
    }
}

static bool refuse_syntax(struct reader *r, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        out_of_memory();
    struct yaml_trouble trouble = {
        .text = r->text,
        .problem = parser->problem ? parser->problem : "",
        .context = parser->context ? parser->context : "",
    };
    trouble.at = byte_of(r, &parser->problem_mark);
    trouble.context_at = parser->context ? byte_of(r, &parser->context_mark) : trouble.at;
    size_t at = trouble.at;
    struct yaml_hint hint = yaml_hint_syntax(&trouble, &at, r->arena);
    return fail(r, PROBLEM_UNREADABLE, at, at < r->text.n ? at + 1 : at, hint);
}

static bool read_events(struct reader *r, yaml_parser_t *parser)
{
    for (bool end = false; !end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return refuse_syntax(r, parser);
        end = event.type == YAML_STREAM_END_EVENT;
        bool fine = take_event(r, &event);
        yaml_event_delete(&event);
        if (!fine)
            return false;
    }
    return true;
}

struct yaml *yaml_parse(struct slice text, uint32_t base, struct arena *a, struct problems *ps)
{
    struct reader r = {.text = text, .base = base, .arena = a, .problems = ps};
    yaml_parser_t parser;

    if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) {
        r.text = slice_sub(text, 3, SIZE_MAX);
        r.base += 3;
    }
    if (!check_characters(&r))
        return NULL;
    if (!yaml_parser_initialize(&parser))
        out_of_memory();
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(r.text.n ? r.text.p : ""),
                                 r.text.n);
    bool fine = read_events(&r, &parser);
    yaml_parser_delete(&parser);
    if (!fine)
        return NULL;
    if (!r.root) {
        r.root = arena_alloc(a, sizeof *r.root);
        *r.root = (struct yaml){.kind = YAML_MAP, .span = {base, base}};
    }
    return r.root;
}

struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (struct yaml *child = map->first; child; child = child->next)
        if (slice_eqz(child->key->value, key))
            return child;
    return NULL;
}

bool yaml_is(const struct yaml *scalar, const char *text)
{
    return scalar && scalar->kind == YAML_SCALAR && slice_eqz(scalar->value, text);
}
