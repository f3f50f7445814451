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

static void ambiguous(const struct corpus *c, struct slice ref, enum answer best, size_t count,
                      struct err *e)
{
    struct str names = STR_INIT;
    size_t named = 0;
    for (size_t i = 0; i < c->n && named < NAMED; i++)
        if (answers(c->v[i], ref) == best) {
            str_addf(&names, "%s'" SLICE_FMT "'", named ? ", " : "", SLICE_ARG(c->v[i]->id));
            named++;
        }
    if (count > named)
        str_addf(&names, " and %zu more", count - named);
    err_usage(e, "'" SLICE_FMT "' may mean %s", SLICE_ARG(ref), names.p);
    str_release(&names);
}

static void unknown(const struct corpus *c, struct slice ref, struct err *e)
{
    struct spell near;
    spell_init(&near, ref);
    for (size_t i = 0; i < c->n; i++) {
        spell_offer(&near, c->v[i]->id);
        spell_offer(&near, path_stem(c->v[i]->path));
    }
    if (near.best.n > 0)
        err_usage(e, "there is no postmortem '" SLICE_FMT "': did you mean '" SLICE_FMT "'?",
                  SLICE_ARG(ref), SLICE_ARG(near.best));
    else
        err_usage(e, "there is no postmortem '" SLICE_FMT "': 'pm search' lists all", SLICE_ARG(ref));
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
        ambiguous(c, ref, best, count, e);
    return best != ANSWER_NO && count == 1 ? pm : NULL;
}
