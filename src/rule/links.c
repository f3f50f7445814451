/* Links of a document that lead nowhere: to paths of the repository, and to places of its own. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "guidance.h"
#include "pm/anchor.h"
#include "pm/caps.h"
#include "pm/path.h"
#include "pm/utf8.h"

const char *const reference_fields[] = {"related", "recurrence_of", "duplicate_of", "supersedes",
                                        NULL};

struct linker {
    struct report *r;
    struct arena arena;
    struct anchors *anchors; /* NULL: nobody has asked */
    struct links links;      /* of the text that is looked at */
    size_t broken;
    enum { SITE_UNASKED, SITE, NO_SITE } site;
};

/* A link as it is judged. */
struct target {
    struct slice url;  /* as it is meant */
    struct slice path; /* before '?' and '#', decoded */
    struct slice raw;  /* the same, still encoded */
    struct slice anchor;
};

/* ---- what is a path ---- */

static bool is_markdown(struct slice path)
{
    struct slice extension = path_extension(path);
    return slice_ieqz(extension, ".md") || slice_ieqz(extension, ".markdown");
}

bool reference_is_path(struct slice text)
{
    return is_markdown(text) && slice_chr(text, '/', 0) != SIZE_MAX && link_is_local(text);
}

/* `{{ site.url }}/x`, `<path>`, `a@example.com`, `C:\x`, `//host/x`, `wiki:Page` and whatever has a scheme
 * are not paths of a repository. */
bool link_is_local(struct slice text)
{
    static const char foreign[] = ":@{}<>*|$\\\"";
    if (slice_starts(text, SLICE("//")) || utf8_valid_prefix(text) < text.n)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || strchr(foreign, text.p[i]))
            return false;
    return true;
}

/* What a site's generator makes is no file of the repository. */
static bool is_page(struct slice path)
{
    static const char *const extensions[] = {".html", ".htm", ".xhtml", ".php", ".xml", ".aspx", NULL};
    struct slice extension = path_extension(path);
    for (const char *const *x = extensions; *x; x++)
        if (slice_ieqz(extension, *x))
            return true;
    return false;
}

/* ---- what is there ---- */

static bool is_there(const struct linker *l, struct slice path)
{
    const struct check_options *o = &l->r->checker->options;
    return path.n > CAP_PATH_BYTES || o->there(o->there_ctx, path);
}

/* Is there folder/rel, or the page that it is short for? False, too, outside of the repository. */
static bool leads_somewhere(const struct linker *l, struct slice folder, struct slice rel)
{
    static const char *const pages[] = {"",          ".md",        ".markdown",  ".mdx",
                                        "/index.md", "/README.md", "/_index.md", NULL};
    struct str path = STR_INIT;
    bool there = false;
    if (path_join(&path, folder, rel)) {
        size_t n = path.n;
        bool file = path_extension(str_slice(&path)).n > 0;
        for (const char *const *page = pages; *page && !there && !(file && **page); page++) {
            str_truncate(&path, n);
            str_addz(&path, *page);
            there = is_there(l, str_slice(&path));
        }
    }
    str_release(&path);
    return there;
}

/* Where a generator makes pages of the documents, links may be those between pages: to addresses of
 * its making, to images in a folder that is copied elsewhere. Its settings stand somewhere above. */
static bool asks_generator(const struct linker *l)
{
    static const char *const settings[] = {
        "_config.yml", "_config.yaml", "_config.toml", "config.toml", "config.yaml", "config.yml",
        "config.json", "config/_default", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json",
        "mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts", "conf.py",
        "book.toml", ".vitepress", ".vuepress", "astro.config.mjs", ".eleventy.js",
        "eleventy.config.js", "gatsby-config.js", "next.config.js", "antora.yml", "_quarto.yml",
        "myst.yml", "pelicanconf.py", "zola.toml", "SUMMARY.md", NULL};
    struct str path = STR_INIT;
    struct slice folder = l->r->pm->path;
    bool found = false;
    do {
        folder = path_dir(folder);
        for (const char *const *name = settings; *name && !found; name++) {
            str_clear(&path);
            if (path_join(&path, folder, slice_of(*name)))
                found = is_there(l, str_slice(&path));
        }
    } while (folder.n && !found);
    str_release(&path);
    return found;
}

static bool is_site(struct linker *l)
{
    if (l->site == SITE_UNASKED)
        l->site = asks_generator(l) ? SITE : NO_SITE;
    return l->site == SITE;
}

/* ---- the links ---- */

/* "github.com/x/y" */
static bool begins_with_host(struct slice path)
{
    size_t slash = slice_chr(path, '/', 0);
    struct slice first = slice_sub(path, 0, slash);
    return slash != SIZE_MAX && first.n > 3 && first.p[0] != '.' &&
           slice_chr(first, '.', 0) != SIZE_MAX;
}

/* folder: from which the path is looked for. */
static void no_path(struct linker *l, struct span span, struct slice url, struct slice folder,
                    struct slice path)
{
    struct report *r = l->r;
    struct str joined = STR_INIT;
    l->broken++;
    path_join(&joined, folder, path);
    struct slice shown = report_shown(r, url), from = report_shown(r, str_slice(&joined));
    struct finding *f;
    if (slice_eq(shown, from))
        f = report_at(r, RULE_BROKEN_LINK, span, "there is no '" SLICE_FMT "' to link to",
                      SLICE_ARG(shown));
    else
        f = report_at(r, RULE_BROKEN_LINK, span,
                      "'" SLICE_FMT "' leads nowhere: there is no '" SLICE_FMT "'",
                      SLICE_ARG(shown), SLICE_ARG(from));
    report_hint(r, f,
                begins_with_host(path)
                    ? "an address of the web begins with https://"
                    : "where it has moved, link to the new place; else say in words what was there");
    str_release(&joined);
}

static void no_anchor(struct linker *l, struct span span, struct slice anchor)
{
    struct report *r = l->r;
    struct slice shown = report_shown(r, anchor);
    l->broken++;
    struct finding *f = report_at(r, RULE_BROKEN_LINK, span,
                                  "no heading of this document is '#" SLICE_FMT "'",
                                  SLICE_ARG(shown));
    report_hint(r, f, "an anchor is its heading in lower case, with '-' for blanks");
}

/* `/docs/x.md` is meant from the top of the repository, or from that of a site: only what begins
 * with a folder of the repository and is Markdown is the first. */
static bool rooted_leads_nowhere(struct linker *l, const struct target *t)
{
    struct slice path = slice_sub(t->path, 1, SIZE_MAX);
    size_t slash = slice_chr(path, '/', 0);
    return is_markdown(path) && slash != SIZE_MAX && is_there(l, slice_sub(path, 0, slash)) &&
           !leads_somewhere(l, SLICE(""), path) && !is_site(l);
}

/* From a page at /x/ its generator looks for ../y beside x. */
static bool leads_nowhere(struct linker *l, const struct target *t)
{
    struct slice path = l->r->pm->path, folder = path_dir(path);
    struct str joined = STR_INIT, page = STR_INIT;
    bool inside = path_join(&joined, folder, t->path);
    bool word = !path_extension(t->path).n && slice_chr(t->path, '/', 0) == SIZE_MAX;
    if (folder.n)
        str_addf(&page, SLICE_FMT "/", SLICE_ARG(folder));
    str_adds(&page, path_stem(path));
    bool broken = inside && !word && !is_page(t->path) && !leads_somewhere(l, folder, t->path) &&
                  !leads_somewhere(l, folder, t->raw) &&
                  !leads_somewhere(l, str_slice(&page), t->path) &&
                  (is_markdown(t->path) || !is_site(l));
    str_release(&joined);
    str_release(&page);
    return broken;
}

static bool is_own(const struct linker *l, const struct target *t)
{
    struct str joined = STR_INIT;
    bool own = !t->path.n ||
               (path_join(&joined, path_dir(l->r->pm->path), t->path) &&
                slice_eq(str_slice(&joined), l->r->pm->path));
    str_release(&joined);
    return own;
}

/* Footnotes, the top, what scripts and browsers make of an anchor: no heading has those. */
static bool anchor_is_judged(struct slice name)
{
    static const char special[] = ":/=?!&,;%";
    for (size_t i = 0; i < name.n; i++)
        if (strchr(special, name.p[i]))
            return false;
    return name.n && !slice_starts(name, SLICE("fn")) && !slice_ieqz(name, "top") &&
           link_is_local(name);
}

static void check_anchor(struct linker *l, const struct target *t, struct span span)
{
    struct slice name = t->anchor;
    if (slice_starts(name, SLICE("user-content-")))
        name = slice_sub(name, 13, SIZE_MAX);
    if (!anchor_is_judged(name))
        return;
    if (!l->anchors)
        l->anchors = anchors_collect(l->r->pm->doc, &l->arena);
    if (!anchors_have(l->anchors, name))
        no_anchor(l, span, t->anchor);
}

static void check_target(struct linker *l, const struct target *t, struct span span)
{
    if (!link_is_local(t->path) || !link_is_local(t->raw))
        return;
    if (t->anchor.n && is_own(l, t)) {
        check_anchor(l, t, span);
        return;
    }
    if (!t->path.n || !l->r->checker->options.there)
        return;
    bool rooted = t->path.p[0] == '/';
    if (rooted ? rooted_leads_nowhere(l, t) : leads_nowhere(l, t))
        no_path(l, span, t->url, rooted ? SLICE("") : path_dir(l->r->pm->path),
                rooted ? slice_sub(t->path, 1, SIZE_MAX) : t->path);
}

static int hex_value(char c)
{
    return ascii_is_digit((unsigned char)c) ? c - '0'
           : strchr("abcdef", ascii_lower(c)) && c ? ascii_lower(c) - 'a' + 10
                                                   : -1;
}

static struct slice decode(struct linker *l, struct slice s)
{
    struct str out = STR_INIT;
    for (size_t i = 0; i < s.n; i++) {
        int high = s.p[i] == '%' && i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
        str_addc(&out, low >= 0 ? (char)(high * 16 + low) : s.p[i]);
        i += low >= 0 ? 2 : 0;
    }
    struct slice decoded = arena_dup(&l->arena, str_slice(&out));
    str_release(&out);
    return decoded;
}

static void check_url(struct linker *l, struct slice url, struct span span)
{
    struct str plain = STR_INIT;
    struct target t = {.url = {NULL, 0}};
    link_plain(&plain, url);
    t.url = arena_dup(&l->arena, str_slice(&plain));
    str_release(&plain);
    size_t hash = slice_chr(t.url, '#', 0);
    t.raw = slice_sub(t.url, 0, hash);
    if (hash != SIZE_MAX)
        t.anchor = decode(l, slice_sub(t.url, hash + 1, SIZE_MAX));
    size_t query = slice_chr(t.raw, '?', 0);
    t.raw = slice_sub(t.raw, 0, query);
    t.path = decode(l, t.raw);
    if (query == SIZE_MAX || t.path.n)
        check_target(l, &t, span);
}

/* At its destination, where that stands in the link itself. */
static struct span link_place(const struct document *doc, const struct link *link)
{
    const char *from = doc->bytes.p + link->span.start, *to = doc->bytes.p + link->span.end;
    if (link->url.p < from || link->url.p + link->url.n > to)
        return link->span;
    uint32_t start = (uint32_t)(link->url.p - doc->bytes.p);
    return (struct span){start, start + (uint32_t)link->url.n};
}

/* Enough to tell of, in either version of a document: one that is nothing but links ends soon. */
enum { BROKEN_LINKS = 2 * CAP_FINDINGS };

static void check_text(struct linker *l, struct span span)
{
    const struct document *doc = l->r->pm->doc;
    struct slice text = document_slice(doc, span);
    if (slice_chr(text, ']', 0) == SIZE_MAX)
        return;
    l->links.n = 0;
    inline_links(text, span.start, doc->refs, &l->links);
    for (size_t i = 0; i < l->links.n && l->broken < BROKEN_LINKS; i++)
        check_url(l, l->links.v[i].url, link_place(doc, &l->links.v[i]));
}

static void check_row(struct linker *l, const struct table_row *row, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        check_text(l, row->cells[i].span);
}

static void check_block(struct linker *l, const struct block *b)
{
    if (b->kind == BLOCK_HEADING || b->kind == BLOCK_PARAGRAPH)
        check_text(l, block_words(b));
    if (b->kind != BLOCK_TABLE || !b->table)
        return;
    check_row(l, &b->table->header, b->table->columns);
    for (size_t i = 0; i < b->table->nrows; i++)
        check_row(l, &b->table->rows[i], b->table->columns);
}

/* A path in a field: from the document's folder, or from the top. */
static void check_field(struct linker *l, const struct fact *fact)
{
    for (size_t i = 0; fact && !fact->invalid && i < fact->nvalues; i++) {
        struct slice path = slice_trim(fact->values[i].raw);
        struct slice top = slice_sub(path, path.p && path.p[0] == '/', SIZE_MAX);
        if (reference_is_path(path) && !leads_somewhere(l, SLICE(""), top) &&
            !leads_somewhere(l, path_dir(l->r->pm->path), path))
            no_path(l, fact->values[i].span, path, path_dir(l->r->pm->path), path);
    }
}

void rules_links(struct report *r)
{
    const struct document *doc = r->pm->doc;
    struct linker l = {.r = r};
    if (r->checker->levels[RULE_BROKEN_LINK] == LEVEL_OFF)
        return;
    for (const char *const *name = reference_fields; *name && r->checker->options.there; name++)
        check_field(&l, postmortem_fact(r->pm, *name));
    if (doc->refs || slice_find(doc->bytes, SLICE("]("), 0) != SIZE_MAX)
        for (const struct block *b = doc->root; b; b = block_next(doc->root, b))
            check_block(&l, b);
    free(l.links.v);
    arena_release(&l.arena);
}
