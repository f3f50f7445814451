#include "pm/tagedit.h"

#include "build.h"
#include "pm/edit.h"
#include "pm/vec.h"

/* An entry of the file: its key, and what it is below. */
struct entry {
    const struct yaml *node; /* its key is node->key */
    const struct yaml *map;  /* that holds it */
    struct slice parent;     /* tag above it; empty: none */
    struct slice name;
};

struct renaming {
    struct slice text, from, to;
    struct arena arena;
    VEC(struct splice) splices;
    VEC(struct entry) entries; /* parents before children */
    const struct yaml *root;   /* the map `tags` */
};

/* ---- the file's entries ---- */

static struct slice name_below(struct renaming *r, struct slice parent, struct slice key)
{
    static const struct taxonomy none = {0};
    struct str name = STR_INIT;
    struct slice own = taxonomy_canonical(&none, key, &r->arena);
    str_adds(&name, parent);
    str_addz(&name, parent.n ? "/" : "");
    str_adds(&name, own);
    struct slice whole = arena_dup(&r->arena, str_slice(&name));
    str_release(&name);
    return whole;
}

/* Depth is bounded by that of YAML. */
static void collect(struct renaming *r, struct slice parent, const struct yaml *map)
{
    if (!map || map->kind != YAML_MAP)
        return;
    for (const struct yaml *node = map->first; node; node = node->next) {
        struct entry entry = {node, map, parent, name_below(r, parent, node->key->value)};
        vec_push(&r->entries, entry);
        collect(r, entry.name, node->kind == YAML_MAP ? yaml_get(node, "tags") : NULL);
    }
}

static const struct entry *find(const struct renaming *r, struct slice name)
{
    for (size_t i = 0; i < r->entries.n; i++)
        if (slice_eq(r->entries.v[i].name, name))
            return &r->entries.v[i];
    return NULL;
}

/* What a tag at or below the old name is called then. */
static struct slice renamed(struct renaming *r, struct slice name)
{
    struct str text = STR_INIT;
    str_adds(&text, r->to);
    str_adds(&text, slice_sub(name, r->from.n, name.n));
    struct slice out = arena_dup(&r->arena, str_slice(&text));
    str_release(&text);
    return out;
}

static void replace(struct renaming *r, struct span span, struct slice text)
{
    vec_push(&r->splices, (struct splice){span, arena_dup(&r->arena, text)});
}

/* ---- lines ---- */

static size_t line_start(struct slice text, size_t at)
{
    while (at > 0 && text.p[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(struct slice text, size_t at)
{
    size_t end = slice_chr(text, '\n', at);
    return end == SIZE_MAX ? text.n : end + 1;
}

/* How far its key is indented; SIZE_MAX: something stands before it on its line. */
static size_t indentation(const struct renaming *r, const struct yaml *node)
{
    size_t start = line_start(r->text, node->key->span.start), at = start;
    while (at < node->key->span.start && r->text.p[at] == ' ')
        at++;
    return at == node->key->span.start ? at - start : SIZE_MAX;
}

/* Its lines: from that of its key to the last that is indented further. */
static struct span block_of(const struct renaming *r, const struct yaml *node)
{
    size_t indent = indentation(r, node);
    size_t start = line_start(r->text, node->key->span.start), end = line_end(r->text, start);
    for (size_t at = end; at < r->text.n; at = line_end(r->text, at)) {
        size_t in = at;
        while (in < r->text.n && r->text.p[in] == ' ')
            in++;
        bool empty = in == r->text.n || r->text.p[in] == '\n' || r->text.p[in] == '\r';
        if (!empty && in - at <= indent)
            break;
        if (!empty)
            end = line_end(r->text, at);
    }
    return (struct span){(uint32_t)start, (uint32_t)end};
}

static const char *line_break(const struct renaming *r)
{
    size_t end = slice_chr(r->text, '\n', 0);
    return end != SIZE_MAX && end > 0 && r->text.p[end - 1] == '\r' ? "\r\n" : "\n";
}

/* ---- a new name ---- */

/* In place, where the new name is below the same parent. */
static bool rename_key(struct renaming *r, const struct entry *e, struct slice to)
{
    struct slice rest = to;
    if (e->parent.n && (!tag_within(to, e->parent) || to.n == e->parent.n))
        return false;
    if (e->parent.n)
        rest = slice_sub(to, e->parent.n + 1, to.n);
    replace(r, e->node->key->span, rest);
    return true;
}

/* The lines of the entry under its new name, indented as `there`. */
static void add_moved(struct renaming *r, const struct entry *e, struct slice to, struct span block,
                      size_t there, struct str *out)
{
    size_t less = indentation(r, e->node) - there;
    struct slice lines = slice_sub(r->text, block.start, block.end - block.start), line;
    bool ends_line = slice_ends(lines, SLICE("\n"));
    str_pad(out, ' ', there);
    str_adds(out, to);
    lines = slice_sub(lines, e->node->key->span.end - block.start, lines.n);
    for (bool first = true; slice_split(&lines, '\n', &line); first = false) {
        size_t blanks = 0;
        while (!first && blanks < less && blanks < line.n && line.p[blanks] == ' ')
            blanks++;
        str_adds(out, slice_sub(line, blanks, line.n));
        if (lines.n || ends_line)
            str_addc(out, '\n');
    }
}

/* Its lines, indented as the last entry of the file is, behind that one. */
static int move_entry(struct renaming *r, const struct entry *e, struct slice to, struct err *err)
{
    const struct yaml *last = r->root->first;
    while (last->next)
        last = last->next;
    size_t indent = indentation(r, e->node), there = indentation(r, last);
    if (indent == SIZE_MAX || there == SIZE_MAX || e->map->flow || r->root->flow || indent < there)
        return err_set(err, "the entry '" SLICE_FMT "' of .pm/tags.yaml is not on lines of its own: "
                            "write '" SLICE_FMT "' there by hand",
                       SLICE_ARG(e->name), SLICE_ARG(to));
    struct span block = block_of(r, e->node), end = block_of(r, last);
    struct str moved = STR_INIT;
    bool open = end.end && r->text.p[end.end - 1] != '\n' && block.end != end.end;
    str_addz(&moved, open ? line_break(r) : "");
    add_moved(r, e, to, block, there, &moved);
    replace(r, block, slice_of(NULL));
    replace(r, (struct span){end.end, end.end}, str_slice(&moved));
    str_release(&moved);
    return 0;
}

/* ---- a name that is there already ---- */

/* Below the key of an entry that is a description or nothing: the description stays as it is written.
 * A folded one would have to be indented further. */
static bool deprecate_text(struct renaming *r, const struct entry *e)
{
    const struct yaml *node = e->node;
    struct str text = STR_INIT;
    size_t indent = indentation(r, node), after = node->key->span.end;
    struct slice described = slice_of(NULL);
    if (node->kind == YAML_SCALAR)
        described = slice_sub(r->text, node->span.start, node->span.end - node->span.start);
    if (e->map->flow || indent == SIZE_MAX || after >= r->text.n || r->text.p[after] != ':' ||
        (described.n && (described.p[0] == '|' || described.p[0] == '>')))
        return false;
    str_addz(&text, line_break(r));
    str_pad(&text, ' ', indent + 2);
    str_addf(&text, "deprecated: " SLICE_FMT, SLICE_ARG(r->to));
    if (described.n) {
        str_addz(&text, line_break(r));
        str_pad(&text, ' ', indent + 2);
        str_addf(&text, "description: " SLICE_FMT, SLICE_ARG(described));
    }
    uint32_t start = (uint32_t)after + 1, end = described.n ? node->span.end : start;
    replace(r, (struct span){start, end}, str_slice(&text));
    str_release(&text);
    return true;
}

static bool deprecate_map(struct renaming *r, const struct yaml *map)
{
    struct str text = STR_INIT;
    uint32_t at = map->span.start + 1;
    size_t below = map->first ? indentation(r, map->first) : SIZE_MAX;
    if (!map->flow && below == SIZE_MAX)
        return false;
    if (!map->flow) {
        at = (uint32_t)line_start(r->text, map->first->key->span.start);
        str_pad(&text, ' ', below);
    }
    str_addf(&text, "deprecated: " SLICE_FMT, SLICE_ARG(r->to));
    str_addz(&text, !map->flow ? line_break(r) : map->first ? ", " : "");
    replace(r, (struct span){at, at}, str_slice(&text));
    str_release(&text);
    return true;
}

/* `deprecated: to` goes into the entry, whatever its form. */
static int deprecate(struct renaming *r, const struct entry *e, struct err *err)
{
    const struct yaml *map = e->node->kind == YAML_MAP ? e->node : NULL;
    const struct yaml *before = map ? yaml_get(map, "deprecated") : NULL;
    if (before)
        replace(r, before->span, r->to);
    else if (!(map ? deprecate_map(r, map) : deprecate_text(r, e)))
        return err_set(err, "the entry '" SLICE_FMT "' of .pm/tags.yaml cannot be deprecated without "
                            "rewriting it: do it by hand", SLICE_ARG(r->from));
    return 0;
}

/* What was deprecated for the old name, or for one below it. */
static int follow(struct renaming *r, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < r->entries.n; i++) {
        const struct yaml *node = r->entries.v[i].node;
        const struct yaml *other = node->kind == YAML_MAP ? yaml_get(node, "deprecated") : NULL;
        if (other && other->kind == YAML_SCALAR && tag_within(other->value, r->from))
            replace(r, other->span, renamed(r, other->value));
    }
    return 0;
}

static int merge(struct renaming *r, const struct entry *e, struct err *err)
{
    for (size_t i = 0; i < r->entries.n; i++)
        if (tag_within(r->entries.v[i].name, r->from) && &r->entries.v[i] != e)
            return err_usage(err, "'" SLICE_FMT "' is a tag already, and '" SLICE_FMT "' has tags below "
                                  "it: rename '" SLICE_FMT "' first",
                             SLICE_ARG(r->to), SLICE_ARG(r->from), SLICE_ARG(r->entries.v[i].name));
    return deprecate(r, e, err);
}

/* Every entry that begins with the old name and is not below one that does. */
static int rename_entries(struct renaming *r, struct err *err)
{
    size_t found = 0;
    for (size_t i = 0; i < r->entries.n; i++) {
        const struct entry *e = &r->entries.v[i];
        if (!tag_within(e->name, r->from) || tag_within(e->parent, r->from))
            continue;
        struct slice to = renamed(r, e->name);
        found++;
        if (!rename_key(r, e, to) && move_entry(r, e, to, err))
            return -1;
    }
    if (!found)
        return err_set(err, "'" SLICE_FMT "' has no entry in .pm/tags.yaml", SLICE_ARG(r->from));
    return 0;
}

static int rename_or_merge(struct renaming *r, struct err *err)
{
    const struct entry *entry = find(r, r->from);
    return entry && find(r, r->to) ? merge(r, entry, err) : rename_entries(r, err);
}

/* ---- the text ---- */

static void read_entries(struct renaming *r)
{
    struct problems ignored = {0};
    const struct yaml *file = yaml_parse(r->text, 0, &r->arena, &ignored);
    r->root = file && file->kind == YAML_MAP ? yaml_get(file, "tags") : NULL;
    collect(r, slice_of(NULL), r->root);
    problems_release(&ignored);
}

static void release(struct renaming *r)
{
    vec_release(&r->splices);
    vec_release(&r->entries);
    arena_release(&r->arena);
}

/* One pass over the text, so that what moves is written anew already. */
static int pass(struct str *out, struct slice text, struct slice from, struct slice to,
                int (*change)(struct renaming *, struct err *), struct err *err)
{
    struct renaming r = {.text = text, .from = from, .to = to};
    read_entries(&r);
    int result = change(&r, err);
    if (result == 0)
        edit_apply(out, text, r.splices.v, r.splices.n);
    release(&r);
    return result;
}

/* Is every entry there, under its new name? A value in { } may go on in lines that are not indented,
 * and be torn apart. */
static bool is_whole(struct slice before, struct slice after, struct slice from, struct slice to)
{
    struct renaming old = {.text = before, .from = from, .to = to}, new = {.text = after};
    read_entries(&old);
    read_entries(&new);
    bool merged = find(&old, from) && find(&old, to), whole = old.entries.n == new.entries.n;
    for (size_t i = 0; whole && i < old.entries.n; i++) {
        struct slice name = old.entries.v[i].name;
        whole = find(&new, !merged && tag_within(name, from) ? renamed(&old, name) : name);
    }
    release(&old);
    release(&new);
    return whole;
}

int taxonomy_rename(struct str *out, struct slice text, struct slice from, struct slice to,
                    struct err *err)
{
    struct str followed = STR_INIT, done = STR_INIT;
    int result = pass(&followed, text, from, to, follow, err);
    if (result == 0)
        result = pass(&done, str_slice(&followed), from, to, rename_or_merge, err);
    if (result == 0 && !is_whole(text, str_slice(&done), from, to))
        result = err_set(err, "'" SLICE_FMT "' cannot be renamed in .pm/tags.yaml line by line: do it by "
                              "hand", SLICE_ARG(from));
    if (result == 0)
        str_adds(out, str_slice(&done));
    str_release(&followed);
    str_release(&done);
    return result;
}
