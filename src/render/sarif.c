/* Findings as a SARIF 2.1.0 log, which code hosts read. The clauses named are those of the OASIS
 * standard. */
#include <jansson.h>
#include <stdlib.h>

#include "pm/about.h"
#include "pm/checker.h"
#include "pm/json.h"
#include "pm/utf8.h"

static const char schema_uri[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/* A file's address is relative to where the repository is checked out, which only the reader of
 * the log knows. */
static const char uri_base[] = "%SRCROOT%";

static const char *level_of(enum level l)
{
    return l == LEVEL_ERROR ? "error" : l == LEVEL_WARNING ? "warning" : "note";
}

static json_t *text_object(struct slice text)
{
    json_t *j = json_object();
    json_object_set_new(j, "text", json_of_text(text));
    return j;
}

/* ---- the rules ---- */

/* The first paragraph of a page, below its title, on one line. */
static json_t *first_paragraph(struct slice page)
{
    struct str text = STR_INIT;
    size_t start = slice_find(page, SLICE("\n\n"), 0);
    struct slice rest = slice_ltrim(slice_sub(page, start, page.n));
    str_adds(&text, slice_sub(rest, 0, slice_find(rest, SLICE("\n\n"), 0)));
    for (size_t i = 0; i < text.n; i++)
        text.p[i] = text.p[i] == '\n' ? ' ' : text.p[i];
    json_t *j = text_object(str_slice(&text));
    str_release(&text);
    return j;
}

static json_t *rule_descriptor(enum rule r)
{
    struct slice page = slice_of(rule_page(r));
    enum level level = rule_default_level(r);
    json_t *j = json_object(), *help = text_object(page), *configuration = json_object();
    json_object_set_new(help, "markdown", json_of_text(page));
    json_object_set_new(configuration, "enabled", json_boolean(level != LEVEL_OFF));
    json_object_set_new(configuration, "level", json_string(level_of(level)));
    json_object_set_new(j, "id", json_string(rule_name(r)));
    json_object_set_new(j, "shortDescription", text_object(slice_of(rule_summary(r))));
    json_object_set_new(j, "fullDescription", first_paragraph(page));
    json_object_set_new(j, "help", help);
    json_object_set_new(j, "defaultConfiguration", configuration);
    return j;
}

static json_t *tool(void)
{
    json_t *j = json_object(), *driver = json_object(), *rules = json_array();
    for (enum rule r = 0; r < RULE_COUNT; r++)
        json_array_append_new(rules, rule_descriptor(r));
    json_object_set_new(driver, "name", json_string("pm"));
    json_object_set_new(driver, "version", json_string(pm_version()));
    json_object_set_new(driver, "rules", rules);
    json_object_set_new(j, "driver", driver);
    return j;
}

/* ---- the results ---- */

/* 3.10.1: a relative reference of RFC 3986. A colon would make a scheme of what stands before it. */
static json_t *uri_of(struct slice path)
{
    struct str uri = STR_INIT;
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (ascii_is_alnum(c) || c == '/' || c == '-' || c == '.' || c == '_' || c == '~')
            str_addc(&uri, (char)c);
        else
            str_addf(&uri, "%%%02X", c);
    }
    json_t *j = json_string(uri.p);
    str_release(&uri);
    return j;
}

/* What has no place, or had one, is said of the first line: code hosts want a region of each
 * result. */
static json_t *region_of(const struct finding *f)
{
    bool placed = f->start.line && !f->before;
    struct place start = placed ? f->start : (struct place){1, 1};
    struct place end = placed ? f->end : start;
    json_t *j = json_object();
    json_object_set_new(j, "startLine", json_integer(start.line));
    json_object_set_new(j, "startColumn", json_integer(start.column));
    json_object_set_new(j, "endLine", json_integer(end.line));
    json_object_set_new(j, "endColumn", json_integer(end.column));
    return j;
}

static json_t *location_of(const struct finding *f)
{
    json_t *j = json_object(), *physical = json_object(), *artifact = json_object();
    json_object_set_new(artifact, "uri", uri_of(f->path));
    json_object_set_new(artifact, "uriBaseId", json_string(uri_base));
    json_object_set_new(physical, "artifactLocation", artifact);
    json_object_set_new(physical, "region", region_of(f));
    json_object_set_new(j, "physicalLocation", physical);
    return j;
}

/* What a finding is about, wherever that stands: the name of what is absent, else its line. The
 * message would not do, since it may tell of days that go by. */
static uint64_t subject_of(const struct finding *f)
{
    enum { ENOUGH = 256 };
    struct slice line = slice_sub(slice_trim(f->line), 0, ENOUGH);
    return slice_hash(f->absence ? f->missing : line.n ? line : f->message);
}

struct results {
    const struct findings *list;
    uint64_t *subjects;
};

/* Of those of a document with one rule and one subject, which one is it? */
static size_t occurrence_of(const struct results *r, size_t i)
{
    const struct finding *v = r->list->v;
    size_t n = 1;
    for (size_t k = i; k-- > 0 && slice_eq(v[k].path, v[i].path);)
        n += v[k].rule == v[i].rule && r->subjects[k] == r->subjects[i];
    return n;
}

/* The one fingerprint that GitHub looks at. It makes its own, of the line alone, where a log has
 * none: then all that a document lacks would be one alert. */
static json_t *fingerprints_of(const struct results *r, size_t i)
{
    struct str text = STR_INIT;
    str_addf(&text, "%016llx:%zu", (unsigned long long)r->subjects[i], occurrence_of(r, i));
    json_t *j = json_object();
    json_object_set_new(j, "primaryLocationLineHash", json_string(text.p));
    str_release(&text);
    return j;
}

static struct json_t *nth_result(const void *ctx, size_t i)
{
    const struct results *r = ctx;
    const struct finding *f = &r->list->v[i];
    struct str message = STR_INIT;
    if (f->before)
        str_addf(&message, "line %u before the change: ", (unsigned)f->start.line);
    str_adds(&message, f->message);
    if (f->hint.n)
        str_addf(&message, "\n" SLICE_FMT, SLICE_ARG(f->hint));
    json_t *j = json_object(), *locations = json_array();
    json_array_append_new(locations, location_of(f));
    json_object_set_new(j, "ruleId", json_string(rule_name(f->rule)));
    json_object_set_new(j, "ruleIndex", json_integer(f->rule));
    json_object_set_new(j, "level", json_string(level_of(f->level)));
    json_object_set_new(j, "message", text_object(str_slice(&message)));
    json_object_set_new(j, "locations", locations);
    json_object_set_new(j, "partialFingerprints", fingerprints_of(r, i));
    str_release(&message);
    return j;
}

/* ---- the log ---- */

static json_t *bases(void)
{
    json_t *j = json_object(), *root = json_object();
    json_object_set_new(root, "description", text_object(SLICE("the top of the repository")));
    json_object_set_new(j, uri_base, root);
    return j;
}

void render_findings_sarif(struct str *out, const struct findings *f)
{
    struct results results = {f, xcalloc(f->n + 1, sizeof *results.subjects)};
    for (size_t i = 0; i < f->n; i++)
        results.subjects[i] = subject_of(&f->v[i]);
    json_t *log = json_object(), *runs = json_array(), *run = json_object();
    json_object_set_new(run, "tool", tool());
    json_object_set_new(run, "originalUriBaseIds", bases());
    json_object_set_new(run, "columnKind", json_string("unicodeCodePoints"));
    json_object_set_new(run, "results", json_array());
    json_array_append_new(runs, run);
    json_object_set_new(log, "$schema", json_string(schema_uri));
    json_object_set_new(log, "version", json_string("2.1.0"));
    json_object_set_new(log, "runs", runs);
    json_print_list(out, log, "results", f->n, nth_result, &results);
    free(results.subjects);
}
