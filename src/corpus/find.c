#include "pm/corpus.h"

#include "pm/path.h"
#include "pm/spell.h"

/* How many of several documents that a reference may mean are named. */
#define NAMED 4u

static enum answer name_answers(struct slice name, struct slice ref)
{
    if (!slice_istarts(name, ref))
        return ANSWER_NO;
    if (name.n == ref.n)
        return ANSWER_NAME;
    return ascii_is_alnum((unsigned char)name.p[ref.n]) ? ANSWER_PREFIX : ANSWER_TOKEN;
}

enum answer reference_answer(struct slice id, struct slice path, struct slice ref)
{
    enum answer best = name_answers(id, ref);
    enum answer stem = name_answers(path_stem(path), ref);
    if (stem > best)
        best = stem;
    if (slice_eq(path_base(path), ref))
        best = ANSWER_NAME;
    return slice_eq(path, ref) || slice_eq(id, ref) ? ANSWER_EXACT : best;
}

static enum answer answers(const struct postmortem *pm, struct slice ref)
{
    return reference_answer(pm->id, pm->path, ref);
}

static const struct postmortem *by_path(const struct corpus *c, struct slice path)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(c->v[middle]->path, path);
        if (order == 0)
            return c->v[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct postmortem *by_relative_path(const struct corpus *c, struct slice ref,
                                                 const char *prefix)
{
    struct slice dir = slice_of(prefix);
    while (dir.n > 0 && dir.p[dir.n - 1] == '/')
        dir.n--;
    struct str path = STR_INIT;
    const struct postmortem *pm = NULL;
    if (path_join(&path, dir, ref))
        pm = by_path(c, str_slice(&path));
    str_release(&path);
    return pm ? pm : by_path(c, ref);
}

/* "'PM-1', 'PM-2' and 3 more" */
struct naming {
    struct str text;
    size_t n;
};

static void name_one(struct naming *names, const struct postmortem *pm)
{
    if (names->n++ < NAMED)
        str_addf(&names->text, "%s'" SLICE_FMT "'", names->n > 1 ? ", " : "", SLICE_ARG(pm->id));
}

static const char *named(struct naming *names)
{
    if (names->n > NAMED)
        str_addf(&names->text, " and %zu more", names->n - NAMED);
    return names->text.p;
}

static void ambiguous(const struct corpus *c, struct slice ref, enum answer best, struct err *e)
{
    struct naming names = {STR_INIT, 0};
    for (size_t i = 0; i < c->n; i++)
        if (answers(c->v[i], ref) == best)
            name_one(&names, c->v[i]);
    err_usage(e, "'" SLICE_FMT "' may mean %s", SLICE_ARG(ref), named(&names));
    str_release(&names.text);
}

static void unknown(const struct corpus *c, struct slice ref, struct err *e)
{
    struct naming within = {STR_INIT, 0};
    struct spell near;
    spell_init(&near, ref);
    for (size_t i = 0; i < c->n; i++) {
        spell_offer(&near, c->v[i]->id);
        spell_offer(&near, path_stem(c->v[i]->path));
        if (ref.n && slice_find(c->v[i]->id, ref, 0) != SIZE_MAX)
            name_one(&within, c->v[i]);
    }
    if (near.best.n > 0)
        err_usage(e, "there is no postmortem '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                  SLICE_ARG(ref), SLICE_ARG(near.best));
    else if (within.n)
        err_usage(e, "no postmortem is called or begins with '" SLICE_FMT "': it is within %s",
                  SLICE_ARG(ref), named(&within));
    else
        err_usage(e, "there is no postmortem '" SLICE_FMT "': 'pm search' lists all", SLICE_ARG(ref));
    str_release(&within.text);
}

const struct postmortem *corpus_find(const struct corpus *c, struct slice ref, const char *prefix,
                                     struct err *e)
{
    const struct postmortem *pm = map_get(&c->by_id, ref);
    if (!pm)
        pm = by_relative_path(c, ref, prefix);
    if (pm)
        return pm;
    enum answer best = ANSWER_NO;
    size_t count = 0;
    for (size_t i = 0; i < c->n && ref.n > 0; i++) {
        enum answer a = answers(c->v[i], ref);
        if (a > best) {
            best = a;
            count = 0;
            pm = c->v[i];
        }
        count += a == best && a != ANSWER_NO;
    }
    if (best == ANSWER_NO)
        unknown(c, ref, e);
    else if (count > 1)
        ambiguous(c, ref, best, e);
    return best != ANSWER_NO && count == 1 ? pm : NULL;
}
