#include "pm/anchor.h"

#include <stdlib.h>

#include "pm/utf8.h"
#include "pm/vec.h"

enum { NAME_BYTES = 100 }; /* of a declared name are compared */

struct slices {
    struct slice *v;
    size_t n, cap;
};

struct keys {
    struct slice *v; /* sorted */
    size_t n;
};

struct anchors {
    const struct document *doc;
    struct arena *arena;
    struct keys headings;       /* what is compared of each */
    struct keys names, targets; /* the text behind id= and the like, and behind each (: made when they
                                   are first asked for, because few documents need them */
    bool read;                  /* they are made */
    bool made_elsewhere; /* there may be headings that are none in Markdown */
};

static int compare(const void *a, const void *b)
{
    return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* Its letters and digits, folded. */
static void add_key(struct str *out, struct slice text)
{
    struct str folded = STR_INIT;
    utf8_fold_search(&folded, text);
    struct slice s = str_slice(&folded);
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at);
        if (utf8_is_letter(cp))
            utf8_add(out, cp);
    }
    str_release(&folded);
}

static struct slice skip_number(struct slice key)
{
    while (key.n && ascii_is_digit((unsigned char)key.p[0]))
        key = slice_sub(key, 1, SIZE_MAX);
    return key;
}

/* <h2>, and what a site generator fills in: {{< x >}}, {% x %}, --8<-- */
static bool has_foreign_headings(struct slice text)
{
    static const char *const forms[] = {"{{", "{%", "--8<--", "<h", "<H"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct slice form = slice_of(forms[i]);
        for (size_t at = 0; (at = slice_find(text, form, at)) != SIZE_MAX; at++)
            if (i < 3 || (at + 2 < text.n && ascii_is_digit((unsigned char)text.p[at + 2])))
                return true;
    }
    return false;
}

static struct keys sorted(struct slices *keys, struct arena *a)
{
    struct keys out = {arena_array(a, keys->n + 1, sizeof *out.v), keys->n};
    vec_sort(keys, compare);
    for (size_t i = 0; i < keys->n; i++)
        out.v[i] = keys->v[i];
    vec_release(keys);
    return out;
}

struct anchors *anchors_collect(const struct document *doc, struct arena *a)
{
    struct slices keys = VEC_INIT;
    struct arena scratch = ARENA_INIT;
    struct str key = STR_INIT;
    for (const struct block *b = doc->root; b; b = block_next(doc->root, b)) {
        if (b->kind != BLOCK_HEADING)
            continue;
        str_clear(&key);
        add_key(&key, inline_plain(document_slice(doc, b->text), doc->refs, &scratch));
        struct slice whole = arena_dup(a, str_slice(&key)), words = skip_number(whole);
        vec_push(&keys, whole);
        if (words.n && words.n < whole.n)
            vec_push(&keys, words);
    }
    struct anchors *out = arena_alloc(a, sizeof *out);
    *out = (struct anchors){.doc = doc, .arena = a, .headings = sorted(&keys, a),
                            .made_elsewhere = has_foreign_headings(doc->bytes)};
    str_release(&key);
    arena_release(&scratch);
    return out;
}

static bool has_heading(const struct anchors *anchors, struct slice name)
{
    struct str key = STR_INIT;
    add_key(&key, name);
    struct slice s = str_slice(&key);
    const struct keys *keys = &anchors->headings;
    bool found = s.n && keys->n && bsearch(&s, keys->v, keys->n, sizeof s, compare);
    str_release(&key);
    return found;
}

/* "timeline-1": the second heading of that name, however a program counts them. */
static struct slice without_count(struct slice name)
{
    size_t n = name.n;
    while (n && ascii_is_digit((unsigned char)name.p[n - 1]))
        n--;
    bool counted = n && n < name.n && (name.p[n - 1] == '-' || name.p[n - 1] == '_');
    return slice_sub(name, 0, counted ? n - 1 : name.n);
}

/* ---- what the text declares ---- */

static void add_behind(struct slices *out, struct slice text, struct slice form)
{
    for (size_t at = 0; (at = slice_find(text, form, at)) != SIZE_MAX;) {
        at += form.n;
        vec_push(out, slice_sub(text, at, NAME_BYTES));
    }
}

/* Once for all links: of a text of nothing but links each would search it from its beginning. */
static void read_declared(struct anchors *anchors)
{
    static const char *const forms[] = {"id=\"",  "id='",  "id=", "name=\"", "name='",
                                        "name=", "{#", " #",  ":#"};
    struct slice text = anchors->doc->bytes;
    struct slices names = VEC_INIT, targets = VEC_INIT;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        add_behind(&names, text, slice_of(forms[i]));
    if (slice_find(text, SLICE(")="), 0) != SIZE_MAX)
        add_behind(&targets, text, SLICE("("));
    anchors->names = sorted(&names, anchors->arena);
    anchors->targets = sorted(&targets, anchors->arena);
    anchors->read = true;
}

static int compare_start(const void *start, const void *key)
{
    struct slice wanted = *(const struct slice *)start, text = *(const struct slice *)key;
    return slice_cmp(wanted, slice_sub(text, 0, wanted.n));
}

static bool any_starts(const struct keys *keys, struct slice start)
{
    start = slice_sub(start, 0, NAME_BYTES);
    return keys->n && bsearch(&start, keys->v, keys->n, sizeof start, compare_start);
}

static bool is_declared(struct anchors *anchors, struct slice name)
{
    struct str target = STR_INIT;
    if (!anchors->read)
        read_declared(anchors);
    str_addf(&target, SLICE_FMT ")=", SLICE_ARG(name));
    bool found =
        any_starts(&anchors->names, name) || any_starts(&anchors->targets, str_slice(&target));
    str_release(&target);
    return found;
}

bool anchors_have(struct anchors *anchors, struct slice name)
{
    return anchors->made_elsewhere || has_heading(anchors, name) || has_heading(anchors, without_count(name)) ||
           is_declared(anchors, name);
}
