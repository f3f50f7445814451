#include "pm/command.h"

#include "pm/document.h"
#include "pm/embed.h"

enum { TEMPLATE_BYTES = 256 * 1024 };

int template_read(struct context *c, const struct state *state, struct str *out, struct err *e)
{
    bool too_large = false;
    int found = state->files ? snapshot_read_path(state->files, c->repo, SLICE(".pm/template.md"),
                                                  TEMPLATE_BYTES, out, &too_large, e)
                             : 0;
    if (found > 0 && too_large)
        return err_set(e, "'.pm/template.md' is larger than %d bytes", TEMPLATE_BYTES);
    if (found == 0) {
        const struct embedded *builtin = embedded_find("schema/template.md");
        str_add(out, builtin->data, builtin->n);
    }
    return found < 0 ? -1 : 0;
}

int template_document(struct document **out, struct context *c, const struct state *state,
                   struct err *e)
{
    struct str text = STR_INIT;
    size_t n;
    if (template_read(c, state, &text, e)) {
        str_release(&text);
        return -1;
    }
    char *bytes = str_detach(&text, &n);
    *out = document_parse(bytes, n);
    return 0;
}
