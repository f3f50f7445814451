/* Secrets: what opens something to whoever reads it, wherever it stands in the document. */
#include "report.h"

#include "pm/caps.h"
#include "pm/document.h"
#include "secret.h"

static void report_secret(struct report *r, const struct secret *s)
{
    struct finding *f = report_at(
        r, RULE_SECRET, s->whole, "%s%s" SLICE_FMT "%s: it does not belong into a document",
        s->what, s->prefix.n ? ", " : "", SLICE_ARG(s->prefix), s->prefix.n ? "…" : "");
    report_hint(r, f,
                "revoke it first, since the history keeps it; then write only what tells "
                "which one it was");
}

void rules_secrets(struct report *r)
{
    const struct document *doc = r->pm->doc;
    int64_t now = r->checker->options.now;
    struct secret s;
    if (doc->bytes.n > CAP_DOCUMENT_BYTES)
        return;
    for (size_t at = 0; secret_next(doc->bytes, at, now, &s); at = s.whole.end) {
        r->secrets = true;
        if (lines_number(&doc->lines, s.hidden.start) < lines_number(&doc->lines, s.hidden.end))
            vec_push(&r->keys, s.hidden);
        report_secret(r, &s);
    }
}

struct slice report_shown(const struct report *r, struct slice text)
{
    return r->secrets ? secrets_masked(text, r->checker->options.now, &r->out->arena) : text;
}

struct slice report_shown_line(const struct report *r, uint32_t number, struct slice line)
{
    uint32_t start = r->pm->doc->lines.start[number - 1];
    for (size_t i = 0; i < r->keys.n; i++)
        if (r->keys.v[i].start <= start && start < r->keys.v[i].end)
            return SLICE("");
    return report_shown(r, line);
}

bool report_is_secret(const struct report *r, struct slice text)
{
    struct secret s;
    return secret_next(text, 0, r->checker->options.now, &s);
}
