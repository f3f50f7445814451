#include "pm/render.h"

static enum tint tint_of(struct slice line)
{
    static const char *const heads[] = {"diff ", "index ", "--- ", "+++ "};
    if (slice_starts(line, SLICE("@@")))
        return TINT_INFO;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (slice_starts(line, slice_of(heads[i])))
            return TINT_BOLD;
    return !line.n ? TINT_NONE : line.p[0] == '+' ? TINT_GOOD : line.p[0] == '-' ? TINT_ERROR : TINT_NONE;
}

void render_patch(struct printer *p, struct slice patch, bool terminal)
{
    struct slice line;
    if (!terminal && !p->color) {
        str_adds(p->out, patch);
        return;
    }
    while (slice_split(&patch, '\n', &line)) {
        printer_text(p, tint_of(line), line);
        str_addc(p->out, '\n');
    }
}
