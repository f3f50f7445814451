#include "pm/schema.h"

#include "build.h"
#include "pm/caps.h"
#include "pm/glob.h"
#include "pm/path.h"

/* Files that stand beside postmortems and are none. Compared without case, '-' as '_', and without
 * what follows the first dot (README.ja.md). */
static const char *const other_names[] = {
    "readme",       "index",       "_index",          "license",    "licence",
    "copying",      "notice",      "authors",         "codeowners", "contributing",
    "contributors", "changelog",   "code_of_conduct", "security",   "support",
    "governance",   "maintainers", "agents",          "claude",     NULL};

/* What else stands in the name of a template: "incident-report-template". An outage of the e-mail
 * templates has other words in its name. */
static const char *const template_words[] = {
    "template",    "templates", "incident", "incidents", "report",  "reports",       "postmortem",
    "postmortems", "post",      "mortem",   "pm",        "rca",     "retrospective", "retro",
    "review",      "blameless", "example",  "sample",    "default", "short",         "long",
    "title",       "name",      "the",      "a",         "date",    "pull",          "request",
    "issue",       NULL};

static bool is_one_of(struct slice word, const char *const *words)
{
    if (!word.n)
        return false;
    while (*words && (**words != word.p[0] || !slice_eqz(word, *words)))
        words++;
    return *words != NULL;
}

static bool only_bytes(struct slice s, const char *set)
{
    for (size_t i = 0; i < s.n; i++)
        if (slice_chr(slice_of(set), s.p[i], 0) == SIZE_MAX)
            return false;
    return true;
}

static bool is_word(unsigned char c)
{
    return ascii_is_alnum(c) || c >= 0x80;
}

/* "PMyyyy-nnn - Postmortem template", "0000-template": generic words, and letters or zeros where a
 * date or number will stand. */
static bool is_template(struct slice stem)
{
    bool named = false;
    size_t end;

    for (size_t at = 0; at < stem.n; at = end + 1) {
        for (end = at; end < stem.n && is_word((unsigned char)stem.p[end]);)
            end++;
        struct slice word = slice_sub(stem, at, end - at);
        named |= slice_eqz(word, "template") || slice_eqz(word, "templates");
        if (!is_one_of(word, template_words) && !only_bytes(word, "pymdhnx0"))
            return false;
    }
    return named;
}

/* base in lower case. */
static bool is_other(struct slice base)
{
    char name[64];
    size_t n = slice_chr(base, '.', 0);

    n = n == SIZE_MAX ? base.n : n;
    if (n > sizeof name)
        return false;
    for (size_t i = 0; i < n; i++)
        name[i] = base.p[i] == '-' || base.p[i] == ' ' ? '_' : base.p[i];
    return is_one_of(slice_from(name, n), other_names) || is_template(slice_sub(base, 0, n));
}

bool schema_is_other(struct slice path)
{
    struct slice base = path_base(path);
    char lower[CAP_PATH_BYTES];
    if (base.n > sizeof lower)
        return false;
    for (size_t i = 0; i < base.n; i++)
        lower[i] = ascii_lower(base.p[i]);
    return is_other(slice_from(lower, base.n));
}

static bool is_ours(struct slice path)
{
    return slice_starts(path, SLICE(".pm/"));
}

/* A glob that ends in a name without wildcards, as in "incidents/<any>/README.md", means it. */
static bool names_file(struct slice glob)
{
    struct slice base = path_base(glob);

    for (size_t i = 0; i < base.n; i++)
        if (slice_chr(SLICE("*?[{\\"), base.p[i], 0) != SIZE_MAX)
            return false;
    return base.n > 0;
}

void finish_documents(struct builder *b)
{
    struct schema *s = b->s;

    s->globs = arena_array(b->a, s->ndocuments, sizeof *s->globs);
    for (size_t i = 0; i < s->ndocuments; i++)
        s->globs[i] = glob_new(s->documents[i], !s->documents_own, b->a);
}

bool schema_is_document(const struct schema *s, struct slice path)
{
    if (path.n > CAP_PATH_BYTES || is_ours(path))
        return false;
    for (size_t i = 0; i < s->ndocuments; i++)
        if (glob_match(s->globs[i], path) &&
            ((s->documents_own && names_file(s->documents[i])) || !schema_is_other(path)))
            return true;
    return false;
}

/* Is part a component whose braces or class go on behind a '/'? Then nothing is certain. */
static bool is_torn(struct slice part)
{
    size_t open = slice_chr(part, '{', 0), class = slice_chr(part, '[', 0);

    return (open != SIZE_MAX && slice_chr(part, '}', open) == SIZE_MAX) ||
           (class != SIZE_MAX && slice_chr(part, ']', class) == SIZE_MAX) ||
           slice_chr(part, '\\', 0) != SIZE_MAX;
}

static bool glob_may_hold(struct slice glob, struct slice folder)
{
    struct slice part, name;

    if (slice_chr(glob, '/', 0) == SIZE_MAX)
        return true;
    while (slice_split(&folder, '/', &name)) {
        if (!name.n)
            continue;
        if (!slice_split(&glob, '/', &part))
            return false;
        if (slice_find(part, SLICE("**"), 0) != SIZE_MAX || is_torn(part))
            return true;
        if (!glob.n || !glob_match_once(part, name))
            return false;
    }
    return true;
}

bool schema_may_hold(const struct schema *s, struct slice folder)
{
    if (slice_eqz(folder, ".git/") || is_ours(folder))
        return false;
    if (!s->documents_own)
        return true;
    for (size_t i = 0; i < s->ndocuments; i++)
        if (glob_may_hold(s->documents[i], folder))
            return true;
    return false;
}
