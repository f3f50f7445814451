#include "pm/inline.h"

#include <string.h>

/* A byte at a time, and without a guess where the next word begins: blanks become one, which is
 * taken back where nothing follows. */
void runs_plain(const struct runs *r, struct str *out)
{
    size_t start = out->n;
    bool blank = true;
    for (size_t i = 0; i < r->n; i++) {
        struct slice t = r->v[i].text;
        if (r->v[i].kind == RUN_COMMENT)
            continue;
        str_reserve(out, t.n);
        char *to = out->p + out->n;
        for (size_t at = 0; at < t.n; at++) {
            bool before = blank;
            blank = ascii_is_space((unsigned char)t.p[at]);
            *to = blank ? ' ' : t.p[at];
            to += !(blank && before);
        }
        out->n = (size_t)(to - out->p);
    }
    str_truncate(out, out->n - (blank && out->n > start));
}

/* Text that reads as it stands. */
static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.n; i++)
        if (strchr("\r\n\t\\`*_~[]<&", text.p[i]) ||
            (text.p[i] == ' ' && i + 1 < text.n && text.p[i + 1] == ' '))
            return false;
    return true;
}

struct slice inline_plain(struct slice text, const struct linkrefs *refs, struct arena *a)
{
    text = slice_trim(text);
    if (is_plain(text))
        return text;
    struct runs runs;
    struct str out = STR_INIT;
    inline_parse(text, 0, refs, a, &runs);
    runs_plain(&runs, &out);
    struct slice plain = arena_dup(a, str_slice(&out));
    str_release(&out);
    return plain;
}

bool runs_label(const struct runs *r, struct slice *label, struct span *span, size_t *after)
{
    size_t i = 0;
    while (i < r->n && (r->v[i].kind == RUN_COMMENT || !slice_trim(r->v[i].text).n))
        i++;
    if (i == r->n || !(r->v[i].style & STYLE_STRONG))
        return false;
    struct slice bare = slice_trim(slice_without_colon(r->v[i].text));
    if (!bare.n)
        return false;
    if (i + 1 < r->n && r->v[i + 1].style & STYLE_STRONG && slice_trim(r->v[i + 1].text).n)
        return false; /* a strong sentence with code or a link in it */
    *label = bare;
    *span = r->v[i].span;
    *after = i + 1;
    return true;
}
