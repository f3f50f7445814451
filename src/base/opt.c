#include "pm/opt.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pm/alloc.h"
#include "pm/spell.h"

#define USAGE_WIDTH  80u
#define WIDEST_NAMES 30u /* of the left column; what is wider has its help on the next line */
#define LONG_BASE    256 /* getopt_long's value for the option i of all tables is LONG_BASE + i */

/* An option and the struct that it fills. */
struct bound {
    const struct opt *opt;
    void *into;
};

struct parser {
    VEC(struct bound) bound;
    VEC(struct option) longs;
    struct str letters; /* getopt's list of short options */
    struct operands operands;
    int argc;
    char **argv;
    int flags;
    struct err *e;
};

static const struct bound *find_letter(const struct parser *p, int letter)
{
    for (size_t i = 0; i < p->bound.n; i++)
        if (letter && p->bound.v[i].opt->letter == letter)
            return &p->bound.v[i];
    return NULL;
}

static const struct bound *find_name(const struct parser *p, struct slice name)
{
    for (size_t i = 0; i < p->bound.n; i++)
        if (slice_eqz(name, p->bound.v[i].opt->name))
            return &p->bound.v[i];
    return NULL;
}

static void declare(struct parser *p, const struct opt *opt, void *into)
{
    bool has_value = opt->kind != OPT_FLAG;

    if (opt->letter && !find_letter(p, opt->letter)) {
        str_addc(&p->letters, opt->letter);
        str_addz(&p->letters, has_value ? ":" : "");
    }
    if (!find_name(p, slice_of(opt->name)))
        vec_push(&p->longs, (struct option){opt->name, has_value ? required_argument : no_argument,
                                            NULL, LONG_BASE + (int)p->bound.n});
    vec_push(&p->bound, (struct bound){opt, into});
}

/* The dash makes getopt_long return operands in their order, as 1, on every system and whatever
 * POSIXLY_CORRECT says; the colon makes a missing value known from an unknown option. */
static void declare_all(struct parser *p, const struct opt_set *sets, size_t nsets)
{
    str_addz(&p->letters, "-:");
    for (size_t i = 0; i < nsets; i++)
        for (const struct opt *opt = sets[i].table; opt && opt->name; opt++)
            declare(p, opt, sets[i].into);
    vec_push(&p->longs, (struct option){NULL, 0, NULL, 0});
}

/* getopt_long keeps its place between calls; a parse that ended in the middle of "-ab" must not
 * leak into the next. */
static void reset_getopt(struct parser *p)
{
#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__NetBSD__)
    extern int optreset;
    optreset = 1;
    optind = 1;
#else
    optind = 0;
    getopt_long(1, p->argv, p->letters.p, p->longs.v, NULL); /* which sets optind to 1 */
#endif
    opterr = 0;
    (void)p;
}

static bool is_count(struct slice text, long *out)
{
    int64_t value;

    if (!slice_i64(text, 0, LONG_MAX, &value))
        return false;
    *out = (long)value;
    return true;
}

static const char *find_choice(const struct opt *opt, const char *text)
{
    for (const char *const *c = opt->choices; c && *c; c++)
        if (!strcmp(*c, text))
            return *c;
    return opt->kind == OPT_TEMPLATE && strchr(text, '%') ? text : NULL;
}

/* Whether arg ("-n5", "-vz", "-status:draft") reads as declared short options. */
static bool reads_as_options(const struct parser *p, const char *arg)
{
    long ignored;

    for (const char *letter = arg + 1; *letter; letter++) {
        const struct bound *b = find_letter(p, *letter);
        const char *value = letter + 1;
        if (!b)
            return false;
        if (b->opt->kind == OPT_FLAG)
            continue;
        if (*value && b->opt->kind == OPT_COUNT)
            return is_count(slice_of(value), &ignored);
        if (*value && (b->opt->kind == OPT_CHOICE || b->opt->kind == OPT_TEMPLATE))
            return find_choice(b->opt, value) != NULL;
        return true;
    }
    return true;
}

static bool is_term(const struct parser *p, const char *arg)
{
    return (p->flags & OPT_DASH_TERMS) && arg[0] == '-' && arg[1] && arg[1] != '-' &&
           !reads_as_options(p, arg);
}

/* ---- values -------------------------------------------------------------------------------- */

static int refuse_choice(const struct opt *opt, const char *text, struct err *e)
{
    struct spell spell;
    struct str list = STR_INIT;

    spell_init(&spell, slice_of(text));
    for (const char *const *c = opt->choices; c && *c; c++) {
        spell_offer(&spell, slice_of(*c));
        str_addf(&list, "%s%s", list.n ? ", " : "", *c);
    }
    if (spell.best.n)
        err_usage(e, "--%s cannot be '%s': did you mean '" SLICE_FMT "'?", opt->name, text,
                  SLICE_ARG(spell.best));
    else
        err_usage(e, "--%s cannot be '%s': it is %s%s", opt->name, text,
                  opt->choices[1] ? "one of " : "", list.p);
    str_release(&list);
    return -1;
}

static int store(const struct bound *b, const char *text, struct err *e)
{
    const struct opt *opt = b->opt;
    void *member = (char *)b->into + opt->offset;

    switch (opt->kind) {
    case OPT_FLAG:
        *(bool *)member = true;
        return 0;
    case OPT_STRING:
        *(const char **)member = text;
        return 0;
    case OPT_COUNT:
        if (is_count(slice_of(text), member))
            return 0;
        return err_usage(e, "--%s wants a whole number, not '%s'", opt->name, text);
    case OPT_CHOICE:
    case OPT_TEMPLATE: {
        const char *choice = find_choice(opt, text);
        if (!choice)
            return refuse_choice(opt, text, e);
        *(const char **)member = choice;
        return 0;
    }
    case OPT_LIST: {
        struct opt_list *list = member;
        vec_push(list, text);
        return 0;
    }
    }
    BUG("option '%s' is of no kind", opt->name);
}

/* ---- mistakes ------------------------------------------------------------------------------ */

static int refuse_long(const struct parser *p, struct slice name)
{
    struct spell spell;
    size_t matches = 0;

    spell_init(&spell, name);
    for (size_t i = 0; i + 1 < p->longs.n; i++) {
        struct slice known = slice_of(p->longs.v[i].name);
        matches += slice_starts(known, name);
        if (!p->bound.v[p->longs.v[i].val - LONG_BASE].opt->hidden)
            spell_offer(&spell, known);
    }
    if (find_name(p, name) || matches == 1)
        return err_usage(p->e, "option '--" SLICE_FMT "' takes no value", SLICE_ARG(name));
    if (matches > 1)
        return err_usage(p->e, "option '--" SLICE_FMT "' is ambiguous", SLICE_ARG(name));
    if (spell.best.n)
        return err_usage(p->e, "unknown option '--" SLICE_FMT "': did you mean '--" SLICE_FMT "'?",
                         SLICE_ARG(name), SLICE_ARG(spell.best));
    return err_usage(p->e, "unknown option '--" SLICE_FMT "'", SLICE_ARG(name));
}

static int refuse(const struct parser *p, const char *arg)
{
    struct slice whole = slice_of(arg);

    if (!slice_starts(whole, SLICE("--")))
        return err_usage(p->e, "unknown option '-%c'", optopt);
    size_t end = slice_chr(whole, '=', 0);
    return refuse_long(p, slice_sub(whole, 2, end == SIZE_MAX ? whole.n : end - 2));
}

/* ---- parsing ------------------------------------------------------------------------------- */

/* One result of getopt_long, which was reading arg. */
static int take(struct parser *p, int result, const char *arg)
{
    const struct bound *b;

    switch (result) {
    case 1:
        vec_push(&p->operands, optarg);
        return 0;
    case ':':
        if (slice_starts(slice_of(arg), SLICE("--")))
            return err_usage(p->e, "option '%s' wants a value", arg);
        return err_usage(p->e, "option '-%c' wants a value", optopt);
    case '?':
        return refuse(p, arg);
    default:
        b = result >= LONG_BASE ? &p->bound.v[result - LONG_BASE] : find_letter(p, result);
        if (!b)
            BUG("getopt_long returned %d", result);
        return store(b, optarg, p->e);
    }
}

static void take_rest(struct parser *p, int from)
{
    for (int i = from; i < p->argc; i++)
        vec_push(&p->operands, p->argv[i]);
}

static int parse(struct parser *p)
{
    int begun = 0; /* the argument that getopt_long is in: inside "-ab" optind stands still */

    reset_getopt(p);
    while (optind < p->argc) {
        const char *arg = p->argv[optind];
        if (optind > begun) {
            begun = optind;
            if (!strcmp(arg, "--")) {
                take_rest(p, optind + 1);
                return 0;
            }
            if (is_term(p, arg)) {
                vec_push(&p->operands, arg);
                optind++;
                continue;
            }
        }
        int result = getopt_long(p->argc, p->argv, p->letters.p, p->longs.v, NULL);
        if (result == -1)
            return 0;
        if (take(p, result, arg))
            return -1;
        if (result == 1 && (p->flags & OPT_FIRST_OPERAND)) {
            take_rest(p, optind);
            return 0;
        }
    }
    return 0;
}

int opt_parse(const struct opt_set *sets, size_t nsets, int argc, char **argv, int flags,
              struct operands *operands, struct err *e)
{
    struct parser p = {.letters = STR_INIT, .argc = argc, .argv = argv, .flags = flags, .e = e};

    declare_all(&p, sets, nsets);
    int result = parse(&p);
    if (result)
        operands_release(&p.operands);
    else
        *operands = p.operands;
    vec_release(&p.bound);
    vec_release(&p.longs);
    str_release(&p.letters);
    return result;
}

void operands_release(struct operands *o)
{
    vec_release(o);
}

void opt_list_release(struct opt_list *l)
{
    vec_release(l);
}

void opt_release(const struct opt *table, void *into)
{
    for (const struct opt *o = table; o && o->name; o++)
        if (o->kind == OPT_LIST)
            opt_list_release((struct opt_list *)(void *)((char *)into + o->offset));
}

/* ---- usage --------------------------------------------------------------------------------- */

static void add_names(struct str *out, const struct opt *opt)
{
    if (opt->letter)
        str_addf(out, "  -%c, --%s", opt->letter, opt->name);
    else
        str_addf(out, "      --%s", opt->name);
    if (opt->argument)
        str_addf(out, " %s", opt->argument);
}

static void add_help(struct str *out, const struct opt *opt)
{
    str_addz(out, opt->help);
    if (opt->kind != OPT_CHOICE && opt->kind != OPT_TEMPLATE)
        return;
    for (const char *const *c = opt->choices; c && *c; c++)
        str_addf(out, "%s%s", c == opt->choices ? ": " : ", ", *c);
}

/* Appends words, the first at column `at`, broken so that lines keep to USAGE_WIDTH. */
static void add_wrapped(struct str *out, struct slice words, size_t at)
{
    struct slice word;
    size_t column = at;

    while (slice_split(&words, ' ', &word)) {
        if (column > at && column + 1 + word.n > USAGE_WIDTH) {
            str_addc(out, '\n');
            str_pad(out, ' ', at);
            column = at;
        } else if (column > at) {
            str_addc(out, ' ');
            column++;
        }
        str_adds(out, word);
        column += word.n;
    }
    str_addc(out, '\n');
}

static size_t names_width(const struct opt *table)
{
    struct str names = STR_INIT;
    size_t widest = 0;

    for (const struct opt *opt = table; opt->name; opt++) {
        str_clear(&names);
        add_names(&names, opt);
        if (!opt->hidden && names.n > widest && names.n <= WIDEST_NAMES)
            widest = names.n;
    }
    str_release(&names);
    return widest;
}

void opt_usage(struct str *out, const struct opt *table)
{
    const size_t column = names_width(table) + 3;
    struct str help = STR_INIT;

    for (const struct opt *opt = table; opt->name; opt++) {
        if (opt->hidden)
            continue;
        size_t start = out->n;
        add_names(out, opt);
        size_t width = out->n - start;
        if (width + 3 > column) {
            str_addc(out, '\n');
            width = 0;
        }
        str_pad(out, ' ', column - width);
        str_clear(&help);
        add_help(&help, opt);
        add_wrapped(out, str_slice(&help), column);
    }
    str_release(&help);
}
