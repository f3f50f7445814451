#include "pm/fix.h"

#include <stdlib.h>

#include "fix_private.h"

/* To find out which of several fixes is the one that does harm, the document is read so often, and no
 * more of it: of a megabyte only few are tried alone. */
enum { ATTEMPTS = 128, ATTEMPTED_BYTES = 8 * 1024 * 1024 };
enum { ROUNDS = 4 }; /* a name that is mended shows a value that can be */

/* What the rules say of a version of the document. */
struct judgement {
    const struct postmortem *former; /* what the document was before the change; or NULL */
    struct postmortem *pm;
    struct findings findings;
};

static void judge(struct judgement *j, const struct fixer *fx, const struct postmortem *former,
                  struct slice bytes, struct slice path)
{
    struct set_aside aside = {.accepted = {0}};
    j->former = former;
    j->pm = postmortem_read(fx->reader, xmemdup(bytes.p, bytes.n), bytes.n, path);
    j->findings = (struct findings)FINDINGS_INIT;
    checker_change(fx->checker, former, j->pm, &j->findings, &aside);
}

static void judgement_release(struct judgement *j)
{
    findings_release(&j->findings);
    postmortem_free(j->pm);
}

/* ---- is it better? ---- */

/* A finding about a heading that was put in: it is empty, and that is to be said. */
static bool is_about_new(const struct finding *f, const struct fixes *fixes, const bool *taken)
{
    for (size_t i = 0; i < fixes->n; i++)
        for (size_t k = 0; taken[i] && fixes->v[i].heading && k < fixes->v[i].n; k++) {
            struct slice heading = fixes->v[i].parts[k].text;
            heading.n = strcspn(heading.p, "\r\n");
            if (!f->absence && slice_eq(slice_trim(f->line), slice_trim(heading)))
                return true;
        }
    return false;
}

/* No rule finds more than before, and each fix took its finding away. */
static bool is_better(const struct judgement *before, const struct judgement *after,
                      const struct fixes *fixes, const bool *taken)
{
    size_t was[RULE_COUNT] = {0}, is[RULE_COUNT] = {0}, total = 0, wanted = before->findings.n;
    for (size_t i = 0; i < before->findings.n; i++)
        was[before->findings.v[i].rule]++;
    for (size_t i = 0; i < after->findings.n; i++)
        if (!is_about_new(&after->findings.v[i], fixes, taken)) {
            is[after->findings.v[i].rule]++;
            total++;
        }
    for (enum rule r = 0; r < RULE_COUNT; r++)
        if (is[r] > was[r])
            return false;
    for (size_t i = 0; i < fixes->n; i++)
        wanted -= taken[i] && fixes->v[i].finding;
    return total <= wanted;
}

static bool helps(const struct fixer *fx, const struct judgement *before, const struct fixes *fixes,
                  const bool *taken)
{
    struct judgement after;
    struct str text = STR_INIT;
    fixes_apply(&text, before->pm->doc->bytes, fixes, taken);
    judge(&after, fx, before->former, str_slice(&text), before->pm->path);
    bool better = is_better(before, &after, fixes, taken);
    judgement_release(&after);
    str_release(&text);
    return better;
}

/* ---- which ones ---- */

static bool meet(const struct fix *a, const struct fix *b)
{
    return !a->heading && !b->heading && a->parts[0].span.start < b->parts[0].span.end &&
           b->parts[0].span.start < a->parts[0].span.end;
}

/* All that do not touch each other; where that does harm, one after the other as long as it helps.
 * Returns how many. */
static size_t take(const struct fixer *fx, const struct judgement *before,
                   const struct fixes *fixes, bool *taken, size_t *attempts)
{
    size_t n = 0;
    for (size_t i = 0; i < fixes->n; i++) {
        taken[i] = true;
        for (size_t k = 0; k < i && taken[i]; k++)
            taken[i] = !taken[k] || !meet(&fixes->v[i], &fixes->v[k]);
        n += taken[i];
    }
    if (!n || helps(fx, before, fixes, taken))
        return n;
    bool *wanted = xmemdup(taken, fixes->n * sizeof *taken);
    memset(taken, 0, fixes->n * sizeof *taken);
    n = 0;
    for (size_t i = 0; i < fixes->n && *attempts; i++) {
        if (!wanted[i])
            continue;
        --*attempts;
        taken[i] = true;
        taken[i] = helps(fx, before, fixes, taken);
        n += taken[i];
    }
    free(wanted);
    return n;
}

/* One round: true when something was mended. */
static bool mend(const struct fixer *fx, const struct judgement *before, size_t *attempts,
                 struct fixed *out)
{
    struct fixes fixes = {.v = NULL};
    fixes_of_findings(&fixes, fx, before->pm, &before->findings);
    if (fx->spelling)
        fixes_of_spelling(&fixes, before->pm);
    bool *taken = xcalloc(fixes.n + 1, sizeof *taken);
    size_t n = before->pm->readable ? take(fx, before, &fixes, taken, attempts) : 0;
    for (size_t i = 0; i < fixes.n; i++)
        if (taken[i])
            vec_push(&out->said, arena_dup(&out->arena, fixes.v[i].said));
    if (n) {
        str_clear(&out->text);
        fixes_apply(&out->text, before->pm->doc->bytes, &fixes, taken);
    }
    free(taken);
    vec_release(&fixes);
    arena_release(&fixes.arena);
    return n > 0;
}

bool fix_document(const struct fixer *fx, const struct postmortem *former, struct slice bytes,
                  struct slice path, struct fixed *out)
{
    struct fixed fixed = {.text = STR_INIT};
    size_t affordable = ATTEMPTED_BYTES / (bytes.n + 1);
    size_t attempts = affordable < ATTEMPTS ? affordable : ATTEMPTS;
    bool again = true;
    str_adds(&fixed.text, bytes);
    for (size_t round = 0; round < ROUNDS && again; round++) {
        struct judgement before;
        judge(&before, fx, former, str_slice(&fixed.text), path);
        again = mend(fx, &before, &attempts, &fixed);
        judgement_release(&before);
    }
    if (!fixed.said.n) {
        fixed_release(&fixed);
        return false;
    }
    *out = fixed;
    return true;
}

void fixed_release(struct fixed *f)
{
    str_release(&f->text);
    vec_release(&f->said);
    arena_release(&f->arena);
}
