#include "pm/path.h"

#include <string.h>

struct slice path_base(struct slice path)
{
    size_t start = path.n;

    while (start && path.p[start - 1] != '/')
        start--;
    return slice_sub(path, start, path.n);
}

struct slice path_dir(struct slice path)
{
    size_t base = path_base(path).n;

    return slice_sub(path, 0, base == path.n ? 0 : path.n - base - 1);
}

struct slice path_extension(struct slice path)
{
    struct slice base = path_base(path);

    for (size_t i = base.n; i > 1; i--)
        if (base.p[i - 1] == '.')
            return i == base.n ? slice_from(NULL, 0) : slice_sub(base, i - 1, base.n);
    return slice_from(NULL, 0);
}

struct slice path_stem(struct slice path)
{
    struct slice base = path_base(path);

    return slice_sub(base, 0, base.n - path_extension(path).n);
}

/* Takes the last component off what out holds beyond root. */
static bool go_up(struct str *out, size_t root)
{
    size_t n = out->n;

    if (n == root)
        return false;
    while (n > root && out->p[n - 1] != '/')
        n--;
    str_truncate(out, n > root ? n - 1 : n);
    return true;
}

static bool walk(struct str *out, size_t root, struct slice path)
{
    struct slice part;

    while (slice_split(&path, '/', &part)) {
        if (slice_eqz(part, "..")) {
            if (!go_up(out, root))
                return false;
        } else if (part.n && !slice_eqz(part, ".")) {
            if (out->n > root)
                str_addc(out, '/');
            str_adds(out, part);
        }
    }
    return true;
}

bool path_join(struct str *out, struct slice dir, struct slice rel)
{
    const size_t root = out->n;
    bool absolute = slice_starts(rel, SLICE("/"));

    if (slice_chr(rel, '\0', 0) == SIZE_MAX && (absolute || walk(out, root, dir)) &&
        walk(out, root, rel))
        return true;
    str_truncate(out, root);
    return false;
}

void path_relative(struct str *out, struct slice path, struct slice from)
{
    size_t common = 0;

    for (size_t i = 0; i < from.n && i < path.n && from.p[i] == path.p[i]; i++)
        if (from.p[i] == '/')
            common = i + 1;
    for (size_t i = common; i < from.n; i++)
        if (from.p[i] == '/')
            str_addz(out, "../");
    str_adds(out, slice_sub(path, common, path.n));
}

static bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x20 && byte != 0x7f && c != '"' && c != '\\';
}

static void add_quoted(struct str *out, char c)
{
    static const char letters[] = "\a\b\t\n\v\f\r\"\\", names[] = "abtnvfr\"\\";
    const char *found = c ? strchr(letters, c) : NULL;

    if (is_plain(c))
        str_addc(out, c);
    else if (found)
        str_addf(out, "\\%c", names[found - letters]);
    else
        str_addf(out, "\\%03o", (unsigned)(unsigned char)c);
}

void path_quote(struct str *out, struct slice path)
{
    size_t plain = 0;

    while (plain < path.n && is_plain(path.p[plain]))
        plain++;
    if (plain == path.n) {
        str_adds(out, path);
        return;
    }
    str_addc(out, '"');
    for (size_t i = 0; i < path.n; i++)
        add_quoted(out, path.p[i]);
    str_addc(out, '"');
}
