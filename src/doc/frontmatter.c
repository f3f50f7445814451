#include "pm/frontmatter.h"

#include "pm/caps.h"

static size_t line_end(struct slice s, size_t at)
{
    while (at < s.n && s.p[at] != '\n' && s.p[at] != '\r')
        at++;
    return at;
}

static size_t next_line(struct slice s, size_t at)
{
    at = line_end(s, at);
    if (at < s.n && s.p[at++] == '\r' && at < s.n && s.p[at] == '\n')
        at++;
    return at;
}

static struct slice line_at(struct slice s, size_t at)
{
    return slice_rtrim(slice_sub(s, at, line_end(s, at) - at));
}

static struct span span_of(size_t from, size_t to)
{
    return (struct span){(uint32_t)from, (uint32_t)to};
}

/* The start of the line that closes what `fence` opened; SIZE_MAX when there is none. */
static size_t find_close(struct slice s, size_t from, struct slice fence)
{
    for (size_t at = from; at < s.n; at = next_line(s, at)) {
        struct slice line = line_at(s, at);
        if (slice_eq(line, fence) || (fence.p[0] == '-' && slice_eqz(line, "...")))
            return at;
    }
    return SIZE_MAX;
}

static void complain(struct frontmatter *f, struct arena *a, struct problems *ps)
{
    unsigned size = f->text.end - f->text.start;
    struct span opening = {f->whole.start, f->whole.start + 3};
    struct problem *p = NULL;
    if (f->kind == FRONT_TOML) {
        p = problem_add(ps, a, PROBLEM_UNREADABLE, opening,
                        "front matter in TOML ('+++'), which pm does not read");
        p->hint = arena_strdup(a, SLICE("write it as YAML between two '---' lines"));
    } else if (f->kind == FRONT_BROKEN) {
        p = problem_add(ps, a, PROBLEM_UNREADABLE, opening, "front matter is never closed");
        p->hint = arena_strdup(a, SLICE("end it with a line '---'"));
    } else if (size > CAP_FRONT_MATTER_BYTES) {
        f->kind = FRONT_BROKEN;
        problem_add(ps, a, PROBLEM_TOO_LARGE, opening,
                    "front matter of %u bytes; pm reads at most %u", size, CAP_FRONT_MATTER_BYTES);
    }
}

void frontmatter_find(struct slice bytes, struct arena *a, struct problems *ps,
                      struct frontmatter *out)
{
    size_t start = slice_starts(bytes, SLICE("\xEF\xBB\xBF")) ? 3 : 0;
    struct slice opening = line_at(bytes, start);
    *out = (struct frontmatter){.kind = FRONT_NONE, .body = span_of(start, bytes.n)};
    if (!slice_eqz(opening, "---") && !slice_eqz(opening, "+++"))
        return;

    size_t text = next_line(bytes, start);
    size_t close = find_close(bytes, text, opening);
    bool closed = close != SIZE_MAX;
    if (!closed && !line_at(bytes, text).n)
        return;
    out->kind = opening.p[0] == '+' ? FRONT_TOML : closed ? FRONT_YAML : FRONT_BROKEN;
    out->whole = span_of(start, closed ? line_end(bytes, close) : bytes.n);
    out->text = span_of(text, closed ? close : bytes.n);
    out->body = span_of(closed ? next_line(bytes, close) : bytes.n, bytes.n);
    complain(out, a, ps);
}
