/* Postmortems that nothing else looks at, because no glob names them. */
#include "report.h"

#include "pm/path.h"

static struct slice how_to_name(const struct unseen *u, struct arena *a)
{
    struct slice folder = path_dir(u->path), base = path_base(u->path);
    if (u->renamed)
        return slice_of(arena_fmt(a, "rename it to '" SLICE_FMT ".md'",
                                  SLICE_ARG(path_stem(base))));
    return slice_of(arena_fmt(a,
                              "move it to where the others are, or add '" SLICE_FMT
                              "/*.md' to `documents` in .pm/schema.yaml",
                              SLICE_ARG(folder)));
}

void checker_unseen(const struct checker *c, const struct unseen *u, struct findings *out)
{
    if (c->levels[RULE_UNSEEN_DOCUMENT] == LEVEL_OFF || c->unlisted[RULE_UNSEEN_DOCUMENT])
        return;
    struct finding *f = vec_add(out);
    f->rule = RULE_UNSEEN_DOCUMENT;
    f->level = c->levels[RULE_UNSEEN_DOCUMENT];
    f->path = arena_dup(&out->arena, u->path);
    f->start = f->end = (struct place){1, 1};
    f->message = u->renamed ? SLICE("this reads like a postmortem, and its name keeps it from being one")
                            : SLICE("this reads like a postmortem, and no glob of the schema names it");
    f->hint = how_to_name(u, &out->arena);
}
