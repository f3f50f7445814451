#include "pm/path.h"

#include <string.h>

#include "pm/caps.h"

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

/* A glob is a machine whose states are the offsets of its bytes: all states that the path read so
 * far can have led to are kept at once, so there is no backtracking to explode. */

struct glob {
    struct slice p;
    /* For a group's '{', ',' and '}' where its '}' is, for other bytes 0. Up to p.n. */
    uint16_t close[CAP_GLOB_BYTES];
};

struct states {
    uint16_t at[CAP_GLOB_BYTES + 1];
    size_t n;
    bool has[CAP_GLOB_BYTES + 1];
};

/* The ']' of the class that begins at `at`; SIZE_MAX when there is none. */
static size_t class_end(struct slice p, size_t at)
{
    size_t i = at + 1;

    if (i < p.n && (p.p[i] == '!' || p.p[i] == '^'))
        i++;
    for (size_t first = i; i < p.n; i++) {
        if (p.p[i] == ']' && i > first)
            return i;
        if (p.p[i] == '\\')
            i++;
    }
    return SIZE_MAX;
}

static unsigned char class_char(struct slice p, size_t *i)
{
    if (p.p[*i] == '\\')
        ++*i;
    return (unsigned char)p.p[(*i)++];
}

static bool class_has(struct slice p, size_t at, size_t end, unsigned char c)
{
    size_t i = at + 1;
    bool negated = p.p[i] == '!' || p.p[i] == '^';
    bool found = false;

    for (i += negated; i < end;) {
        unsigned char low = class_char(p, &i), high = low;
        if (i + 1 < end && p.p[i] == '-') {
            i++;
            high = class_char(p, &i);
        }
        found = found || (low <= c && c <= high);
    }
    return found != negated;
}

static bool is_double_star(struct slice p, size_t at)
{
    return at + 1 < p.n && p.p[at] == '*' && p.p[at + 1] == '*';
}

static bool is_whole_component(struct slice p, size_t at)
{
    return (!at || strchr("/{,", p.p[at - 1])) && (at + 2 >= p.n || strchr("/},", p.p[at + 2]));
}

/* What is wrong with the unquoted byte at *at, or NULL; moves *at to its token's last byte. */
static const char *check_token(struct slice p, size_t *at, bool *in_group)
{
    bool was_in_group = *in_group;

    switch (p.p[*at]) {
    case '\\':
        return ++*at < p.n ? NULL : "nothing follows the last '\\'";
    case '[':
        *at = class_end(p, *at);
        return *at != SIZE_MAX ? NULL : "'[' without ']'";
    case '{':
        *in_group = true;
        return was_in_group ? "'{' inside '{'" : NULL;
    case '}':
        *in_group = false;
        return was_in_group ? NULL : "'}' without '{'";
    case '*':
        if (!is_double_star(p, *at))
            return NULL;
        *at += 1;
        return is_whole_component(p, *at - 1) ? NULL : "'**' next to something other than '/'";
    case '\0':
        return "a NUL byte";
    default:
        return NULL;
    }
}

static const char *check_glob(struct slice p)
{
    bool in_group = false;

    if (!p.n)
        return "it is empty";
    if (p.n > CAP_GLOB_BYTES)
        return "it is too long";
    for (size_t at = 0; at < p.n; at++) {
        const char *wrong = check_token(p, &at, &in_group);
        if (wrong)
            return wrong;
    }
    return in_group ? "'{' without '}'" : NULL;
}

bool path_glob_valid(struct slice pattern, const char **why)
{
    const char *wrong = check_glob(pattern);

    if (wrong && why)
        *why = wrong;
    return !wrong;
}

/* Finds the groups of a pattern that check_glob has passed. */
static void glob_init(struct glob *g, struct slice pattern)
{
    size_t open = SIZE_MAX;

    g->p = pattern;
    memset(g->close, 0, pattern.n * sizeof g->close[0]);
    for (size_t at = 0; at < pattern.n; at++) {
        switch (pattern.p[at]) {
        case '\\':
            at++;
            break;
        case '[':
            at = class_end(pattern, at);
            break;
        case '{':
            open = at;
            g->close[at] = 1;
            break;
        case ',':
            g->close[at] = open != SIZE_MAX;
            break;
        case '}':
            g->close[at] = 1;
            for (size_t i = open; i <= at; i++)
                if (g->close[i])
                    g->close[i] = (uint16_t)at;
            open = SIZE_MAX;
            break;
        default:
            break;
        }
    }
}

static void states_init(struct states *s, size_t last)
{
    s->n = 0;
    memset(s->has, 0, last + 1);
}

static void enter(struct states *s, size_t at)
{
    if (s->has[at])
        return;
    s->has[at] = true;
    s->at[s->n++] = (uint16_t)at;
}

static void leave_all(struct states *s)
{
    while (s->n)
        s->has[s->at[--s->n]] = false;
}

/* Enters every state that is reached without reading a byte. */
static void follow(struct states *s, const struct glob *g, bool component_start)
{
    struct slice p = g->p;

    for (size_t k = 0; k < s->n; k++) {
        size_t at = s->at[k];
        if (at == p.n)
            continue;
        if (g->close[at] && p.p[at] != '{') {
            enter(s, g->close[at] + 1u);
        } else if (g->close[at]) {
            for (size_t i = at; i < g->close[at]; i++)
                if (g->close[i])
                    enter(s, i + 1);
        } else if (is_double_star(p, at)) {
            bool inner = at + 2 < p.n && p.p[at + 2] == '/';
            if (!inner || component_start)
                enter(s, at + 2 + inner);
        } else if (p.p[at] == '*') {
            enter(s, at + 1);
        }
    }
}

/* Where the state `at` leads to when the path goes on with c; SIZE_MAX: nowhere. */
static size_t read_byte(const struct glob *g, size_t at, char c)
{
    struct slice p = g->p;

    if (at == p.n || g->close[at])
        return SIZE_MAX;
    switch (p.p[at]) {
    case '*':
        return c != '/' || is_double_star(p, at) ? at : SIZE_MAX;
    case '?':
        return c != '/' ? at + 1 : SIZE_MAX;
    case '[': {
        size_t end = class_end(p, at);
        return c != '/' && class_has(p, at, end, (unsigned char)c) ? end + 1 : SIZE_MAX;
    }
    case '\\':
        return p.p[at + 1] == c ? at + 2 : SIZE_MAX;
    default:
        return p.p[at] == c ? at + 1 : SIZE_MAX;
    }
}

static bool glob_match(const struct glob *g, struct slice path)
{
    struct states sets[2];
    struct states *now = &sets[0], *next = &sets[1];

    states_init(now, g->p.n);
    states_init(next, g->p.n);
    enter(now, 0);
    follow(now, g, true);
    for (size_t i = 0; i < path.n && now->n; i++) {
        for (size_t k = 0; k < now->n; k++) {
            size_t to = read_byte(g, now->at[k], path.p[i]);
            if (to != SIZE_MAX)
                enter(next, to);
        }
        follow(next, g, path.p[i] == '/');
        struct states *spent = now;
        now = next;
        next = spent;
        leave_all(next);
    }
    return now->has[g->p.n];
}

bool path_glob(struct slice pattern, struct slice path)
{
    struct glob g;

    if (check_glob(pattern))
        return false;
    if (slice_chr(pattern, '/', 0) == SIZE_MAX)
        path = path_base(path);
    else if (pattern.p[0] == '/')
        pattern = slice_sub(pattern, 1, pattern.n);
    glob_init(&g, pattern);
    return glob_match(&g, path);
}
