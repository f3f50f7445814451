/* pm check --diff: what stands on lines that a change touched. */
#include "check_private.h"

#include "pm/textdiff.h"

/* What is absent has no line, and what could not be read has hidden the rest. */
static bool is_about_all(const struct finding *f)
{
    return f->absence || !f->start.line || f->rule == RULE_UNREADABLE_FRONT_MATTER ||
           f->rule == RULE_TOO_LARGE;
}

void diff_keep(struct findings *f, size_t from, const struct postmortem *before,
               const struct postmortem *pm)
{
    struct line_ranges changed = {NULL, 0, 0};
    size_t n = from;
    if (!before)
        return;
    text_changes(&changed, before->doc->bytes, pm->doc->bytes);
    for (size_t i = from; i < f->n; i++)
        if (is_about_all(&f->v[i]) ||
            line_ranges_meet(&changed, f->v[i].start.line, f->v[i].end.line))
            f->v[n++] = f->v[i];
    f->n = n;
    line_ranges_release(&changed);
}
