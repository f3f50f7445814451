/* Findings as workflow commands, which GitHub shows at the lines of a change. */
#include <stdlib.h>

#include "findings_private.h"
#include "pm/utf8.h"
#include "pm/vec.h"

enum { SHOWN = 10 }; /* of a level, in one step of a workflow */

/* A finding, or all that its document lacks on its level. */
struct annotation {
    const struct finding *f;
    size_t n; /* 0: the finding alone; else the findings of its document, from `document` on */
    const struct finding *document;
};
struct annotations {
    struct annotation *v;
    size_t n, cap;
};

static bool is_first_absence(const struct finding *document, const struct finding *f)
{
    for (const struct finding *g = document; g < f; g++)
        if (g->absence && g->level == f->level)
            return false;
    return true;
}

static void collect(struct annotations *out, const struct findings *f)
{
    for (size_t i = 0, end; i < f->n; i = end) {
        const struct finding *document = &f->v[i];
        for (end = i; end < f->n && slice_eq(f->v[end].path, document->path); end++)
            continue;
        for (const struct finding *g = document; g < &f->v[end]; g++) {
            struct annotation a = {g, g->absence ? end - i : 0, document};
            if (!g->absence || is_first_absence(document, g))
                vec_push(out, a);
        }
    }
}

/* Findings lie in one array, in the order of their places. */
static int worst_first(const void *a, const void *b)
{
    const struct annotation *x = a, *y = b;
    if (x->f->level != y->f->level)
        return x->f->level > y->f->level ? -1 : 1;
    return (x->f > y->f) - (x->f < y->f);
}

/* ---- one command ---- */

/* The characters that end a command, or one of its properties, are written as %0A. */
static void add_value(struct str *out, struct slice text, bool property)
{
    struct str clean = STR_INIT;
    utf8_add_visible(&clean, text, true);
    for (size_t i = 0; i < clean.n; i++) {
        char c = clean.p[i];
        if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
            str_addf(out, "%%%02X", (unsigned)c);
        else
            str_addc(out, c);
    }
    str_release(&clean);
}

static const char *command_of(enum level l)
{
    return l == LEVEL_ERROR ? "error" : l == LEVEL_WARNING ? "warning" : "notice";
}

/* missing-field, missing-section: each rule once. */
static void add_rules(struct str *out, const struct annotation *a)
{
    bool named[RULE_COUNT] = {false};
    size_t before = out->n;
    for (size_t i = 0; i < a->n; i++)
        if (a->document[i].absence && a->document[i].level == a->f->level)
            named[a->document[i].rule] = true;
    for (enum rule r = 0; r < RULE_COUNT; r++)
        if (named[r])
            str_addf(out, "%s%s", out->n > before ? ", " : "", rule_name(r));
}

static void add_message(struct str *out, const struct annotation *a)
{
    struct printer p = {.out = out};
    if (a->n) {
        struct str hint = STR_INIT;
        unsigned said = 0;
        findings_print_absent(&p, a->document, a->n, a->f->level);
        findings_absent_hint(&hint, a->document, a->n, a->f->level, &said);
        str_addf(out, "%s%s", hint.n ? "\n" : "", hint.p);
        str_release(&hint);
        return;
    }
    if (a->f->before)
        str_addf(out, "line %u before the change: ", (unsigned)a->f->start.line);
    str_adds(out, a->f->message);
    if (a->f->hint.n)
        str_addf(out, "\nhint: " SLICE_FMT, SLICE_ARG(a->f->hint));
}

static void print_command(struct str *out, const struct annotation *a)
{
    struct str title = STR_INIT, message = STR_INIT;
    str_addf(out, "::%s file=", command_of(a->f->level));
    add_value(out, a->f->path, true);
    if (a->f->start.line && !a->f->before)
        str_addf(out, ",line=%u,col=%u", (unsigned)a->f->start.line, (unsigned)a->f->start.column);
    if (a->n)
        add_rules(&title, a);
    else
        str_addz(&title, rule_name(a->f->rule));
    str_addz(out, ",title=");
    add_value(out, str_slice(&title), true);
    add_message(&message, a);
    str_addz(out, "::");
    add_value(out, str_slice(&message), false);
    str_addc(out, '\n');
    str_release(&message);
    str_release(&title);
}

/* ---- all of them ---- */

static bool some_are_not_shown(const struct annotations *all)
{
    for (size_t i = SHOWN; i < all->n; i++)
        if (all->v[i - SHOWN].f->level == all->v[i].f->level)
            return true;
    return false;
}

static void add_count(struct str *out, size_t n, const char *what)
{
    str_addf(out, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

void render_findings_github(struct str *out, const struct findings *f, const struct check_total *t)
{
    struct annotations all = {NULL, 0, 0};
    collect(&all, f);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, worst_first);
    if (some_are_not_shown(&all)) {
        str_addf(out, "::%s title=pm check::", command_of(all.v[0].f->level));
        add_count(out, t->errors, "error");
        str_addz(out, " and ");
        add_count(out, t->warnings, "warning");
        str_addz(out, " in ");
        add_count(out, t->documents, "postmortem");
        str_addf(out, ": at most %d of a kind are shown, the log of this step has them all\n",
                 SHOWN);
    }
    for (size_t i = 0; i < all.n; i++)
        print_command(out, &all.v[i]);
    vec_release(&all);
}
