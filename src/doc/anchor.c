#include "pm/anchor.h"

#include <stdlib.h>

#include "pm/utf8.h"
#include "pm/vec.h"

enum { SEARCHES = 1000 }; /* of the whole text: a document of nothing but links takes no minute */

struct anchors {
    const struct document *doc;
    struct slice *v; /* what is compared of each heading, sorted */
    size_t n;
    size_t searches;
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

struct anchors *anchors_collect(const struct document *doc, struct arena *a)
{
    VEC(struct slice) keys = VEC_INIT;
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
    vec_sort(&keys, compare);
    *out = (struct anchors){doc, arena_array(a, keys.n + 1, sizeof *out->v), keys.n, 0,
                            has_foreign_headings(doc->bytes)};
    for (size_t i = 0; i < keys.n; i++)
        out->v[i] = keys.v[i];
    vec_release(&keys);
    str_release(&key);
    arena_release(&scratch);
    return out;
}

static bool has_heading(const struct anchors *anchors, struct slice name)
{
    struct str key = STR_INIT;
    add_key(&key, name);
    struct slice s = str_slice(&key);
    bool found = s.n && anchors->n && bsearch(&s, anchors->v, anchors->n, sizeof s, compare);
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

static bool declares(struct slice before, struct slice behind)
{
    static const char *const forms[] = {"id=\"",  "id='",  "id=", "name=\"", "name='",
                                        "name=", "{#", " #",  ":#",     NULL};
    for (const char *const *form = forms; *form; form++)
        if (slice_ends(before, slice_of(*form)))
            return true;
    return slice_ends(before, SLICE("(")) && slice_starts(behind, SLICE(")="));
}

static bool is_declared(struct anchors *anchors, struct slice name)
{
    struct slice text = anchors->doc->bytes;
    if (++anchors->searches > SEARCHES)
        return true;
    for (size_t at = 0; (at = slice_find(text, name, at)) != SIZE_MAX; at++)
        if (declares(slice_sub(text, 0, at), slice_sub(text, at + name.n, SIZE_MAX)))
            return true;
    return false;
}

bool anchors_have(struct anchors *anchors, struct slice name)
{
    return anchors->made_elsewhere || has_heading(anchors, name) || has_heading(anchors, without_count(name)) ||
           is_declared(anchors, name);
}
