#include "pm/glob.h"

#include <limits.h>
#include <string.h>

#include "pm/caps.h"
#include "pm/path.h"

/* A glob is a machine whose states are the offsets of its bytes: all states that the path read so
 * far can have led to are kept at once, as a set of bits, so there is no backtracking to explode.
 * What each state reads and where that leads is found out once, when the glob is made. */

enum { WORD = 64, WORDS = CAP_GLOB_BYTES / WORD + 1 };

struct glob {
    bool base;       /* a pattern without '/': matched against the base name */
    size_t end;      /* the state in which a path is accepted */
    size_t words;    /* of a set */
    uint64_t *start; /* the states before the first byte */
    uint64_t *reads; /* by byte: the states that read it */
    uint64_t *after; /* by state, first for any byte, then for '/': where it leads once it has read */
};

/* What is known of a pattern while its machine is made. */
struct pattern {
    struct slice p;
    /* For a group's '{', ',' and '}' where its '}' is, for other bytes 0. Up to p.n. */
    uint16_t close[CAP_GLOB_BYTES];
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

bool glob_valid(struct slice pattern, const char **why)
{
    const char *wrong = check_glob(pattern);

    if (wrong && why)
        *why = wrong;
    return !wrong;
}

/* Finds the groups of a pattern that check_glob has passed. */
static void find_groups(struct pattern *g, struct slice pattern)
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

/* ---- making ---- */

static bool has(const uint64_t *set, size_t state)
{
    return set[state / WORD] >> state % WORD & 1;
}

static void add(uint64_t *set, size_t state)
{
    set[state / WORD] |= (uint64_t)1 << state % WORD;
}

static uint64_t *reads_of(const struct glob *g, unsigned char byte)
{
    return g->reads + byte * g->words;
}

static uint64_t *after_of(const struct glob *g, size_t state, bool slash)
{
    return g->after + (slash * g->end + state) * g->words;
}

/* States that are to be looked at yet, each once. */
struct agenda {
    uint64_t *set;
    uint16_t at[CAP_GLOB_BYTES + 1];
    size_t n;
};

static void enter(struct agenda *todo, size_t at)
{
    if (has(todo->set, at))
        return;
    add(todo->set, at);
    todo->at[todo->n++] = (uint16_t)at;
}

/* Adds a state, and those that are reached from it without reading a byte. */
static void reach(uint64_t *set, const struct pattern *g, size_t from, bool component_start)
{
    struct agenda todo = {.set = set};
    struct slice p = g->p;

    enter(&todo, from);
    while (todo.n) {
        size_t at = todo.at[--todo.n];
        if (at == p.n)
            continue;
        if (g->close[at] && p.p[at] != '{') {
            enter(&todo, g->close[at] + 1u);
        } else if (g->close[at]) {
            for (size_t i = at; i < g->close[at]; i++)
                if (g->close[i])
                    enter(&todo, i + 1);
        } else if (is_double_star(p, at)) {
            bool inner = at + 2 < p.n && p.p[at + 2] == '/';
            if (!inner || component_start)
                enter(&todo, at + 2 + inner);
        } else if (p.p[at] == '*') {
            enter(&todo, at + 1);
        }
    }
}

static void read_letter(struct glob *g, size_t state, unsigned char letter, bool fold)
{
    add(reads_of(g, letter), state);
    if (fold && letter >= 'a' && letter <= 'z')
        add(reads_of(g, (unsigned char)(letter - 'a' + 'A')), state);
}

static void read_all(struct glob *g, size_t state, bool slash)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
        if (byte != '/' || slash)
            add(reads_of(g, (unsigned char)byte), state);
}

static void read_class(struct glob *g, struct slice p, size_t at, size_t end)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
        if (byte != '/' && class_has(p, at, end, (unsigned char)byte))
            add(reads_of(g, (unsigned char)byte), at);
}

/* Notes which bytes the token at `at` reads. Returns the state that comes then. */
static size_t add_token(struct glob *g, struct slice p, size_t at, bool fold)
{
    size_t end;

    switch (p.p[at]) {
    case '*':
        read_all(g, at, is_double_star(p, at));
        return at;
    case '?':
        read_all(g, at, false);
        return at + 1;
    case '[':
        end = class_end(p, at);
        read_class(g, p, at, end);
        return end + 1;
    case '\\':
        read_letter(g, at, (unsigned char)p.p[at + 1], fold);
        return at + 2;
    default:
        read_letter(g, at, (unsigned char)p.p[at], fold);
        return at + 1;
    }
}

static void add_tokens(struct glob *g, const struct pattern *made, bool fold)
{
    struct slice p = made->p;

    for (size_t at = 0, next; at < p.n; at = next) {
        if (made->close[at]) {
            next = at + 1;
            continue;
        }
        size_t to = add_token(g, p, at, fold);
        reach(after_of(g, at, false), made, to, false);
        reach(after_of(g, at, true), made, to, true);
        next = to != at ? to : at + 1u + is_double_star(p, at);
    }
}

struct glob *glob_new(struct slice text, bool fold, struct arena *a)
{
    struct glob *g = arena_alloc(a, sizeof *g);
    struct pattern made;

    if (check_glob(text))
        BUG("no glob: '" SLICE_FMT "'", SLICE_ARG(text));
    g->base = slice_chr(text, '/', 0) == SIZE_MAX;
    if (text.p[0] == '/')
        text = slice_sub(text, 1, text.n);
    find_groups(&made, text);
    g->end = text.n;
    g->words = g->end / WORD + 1;
    g->start = arena_array(a, g->words, sizeof *g->start);
    g->reads = arena_array(a, (UCHAR_MAX + 1) * g->words, sizeof *g->reads);
    g->after = arena_array(a, 2 * g->end * g->words + 1, sizeof *g->after);
    reach(g->start, &made, 0, true);
    add_tokens(g, &made, fold);
    return g;
}

/* ---- matching ---- */

/* Usual globs are short: where the number of words is known, the compiler makes something tight. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* Where states lead that read this byte: into `to`; false: nowhere. */
static ALWAYS_INLINE bool step(const struct glob *g, size_t words, const uint64_t *from,
                               unsigned char byte, uint64_t *to)
{
    const uint64_t *reads = g->reads + byte * words;
    const uint64_t *after = g->after + (byte == '/') * g->end * words;
    bool any = false;

    for (size_t i = 0; i < words; i++)
        to[i] = 0;
    for (size_t w = 0; w < words; w++) {
        for (uint64_t left = from[w] & reads[w]; left; left &= left - 1) {
            size_t state = w * WORD + (size_t)__builtin_ctzll(left);
            for (size_t i = 0; i < words; i++)
                to[i] |= after[state * words + i];
            any = true;
        }
    }
    return any;
}

static ALWAYS_INLINE bool run(const struct glob *g, size_t words, struct slice path)
{
    uint64_t sets[2][WORDS], *now = sets[0], *next = sets[1];

    /* Most paths of a repository end as none of these does. */
    memset(now, 0xff, words * sizeof *now);
    if (path.n && !(step(g, words, now, (unsigned char)path.p[path.n - 1], next) &&
                    has(next, g->end)))
        return false;
    memcpy(now, g->start, words * sizeof *now);
    for (size_t i = 0; i < path.n; i++) {
        if (!step(g, words, now, (unsigned char)path.p[i], next))
            return false;
        uint64_t *spent = now;
        now = next;
        next = spent;
    }
    return has(now, g->end);
}

bool glob_match(const struct glob *g, struct slice path)
{
    if (g->base)
        path = path_base(path);
    switch (g->words) {
    case 1:
        return run(g, 1, path);
    case 2:
        return run(g, 2, path);
    default:
        return run(g, g->words, path);
    }
}

bool glob_match_once(struct slice pattern, struct slice path)
{
    struct arena a = ARENA_INIT;

    if (check_glob(pattern))
        return false;
    bool matches = glob_match(glob_new(pattern, false, &a), path);
    arena_release(&a);
    return matches;
}
