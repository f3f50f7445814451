/* Would a document that is rejected pass as a draft? It is asked as it would stand there. */
#include "check_private.h"

#include "pm/document.h"
#include "pm/edit.h"

/* The text that makes it a draft; false: nobody could say where. */
static bool make_draft(const struct postmortem *pm, struct str *out)
{
    const struct document *doc = pm->doc;
    const struct fact *status = postmortem_fact(pm, "status");
    struct splice splice = {.text = SLICE("status: draft\n")};
    if (status && status->origin == FACT_FRONT)
        splice = (struct splice){status->span, SLICE("draft")};
    else if (status || (doc->front != FRONT_YAML && doc->front != FRONT_NONE))
        return false;
    else if (doc->front == FRONT_YAML)
        splice.span.start = splice.span.end = doc->front_text.start;
    else
        splice.text = SLICE("---\nstatus: draft\n---\n");
    edit_apply(out, doc->bytes, &splice, 1);
    return true;
}

bool would_pass_as_draft(const struct checker *c, const struct postmortem *pm)
{
    struct reader reader = {.schema = pm->schema};
    struct str text = STR_INIT;
    bool passes = false;
    if (make_draft(pm, &text)) {
        struct findings findings = FINDINGS_INIT;
        size_t n;
        char *bytes = str_detach(&text, &n);
        struct postmortem *draft = postmortem_read(&reader, bytes, n, pm->path);
        checker_document(c, draft, &findings);
        passes = draft->status == STATUS_DRAFT && !findings_count(&findings, LEVEL_ERROR);
        findings_release(&findings);
        postmortem_free(draft);
    }
    str_release(&text);
    return passes;
}
