/* What a shell may offer for the last word of a command line. Everything comes from the tables that
 * also parse and print; names come from the cache as it stands. */
#include "complete_private.h"

#include <string.h>

#include "pm/embed.h"

void offer(struct completion *k, struct slice text, struct slice about)
{
    if (!slice_starts(text, k->word) || slice_chr(text, '\n', 0) != SIZE_MAX)
        return;
    str_adds(&k->context->out, k->before);
    utf8_add_visible(&k->context->out, text, false);
    if (about.n) {
        str_addc(&k->context->out, '\t');
        utf8_add_visible(&k->context->out, about, false);
    }
    str_addc(&k->context->out, '\n');
}

void offerz(struct completion *k, const char *text, const char *about)
{
    offer(k, slice_of(text), slice_of(about));
}

/* What stands before the part that is completed stays as it was typed. */
void completion_skip(struct completion *k, size_t n)
{
    k->before = slice_from(k->before.p ? k->before.p : k->word.p, k->before.n + n);
    k->word = slice_sub(k->word, n, k->word.n);
}

/* ---- reading what is there ---- */

static const struct opt *option_in(const struct opt *table, struct slice word, bool is_long)
{
    for (; table && table->name; table++)
        if (is_long ? slice_eqz(word, table->name) : word.n && word.p[0] == table->letter)
            return table;
    return NULL;
}

/* The option that a word is or begins with; NULL: none that is known. */
static const struct opt *option_of(const struct completion *k, struct slice word)
{
    bool is_long = slice_starts(word, SLICE("--"));
    struct slice name = slice_sub(word, is_long ? 2 : 1, word.n);
    size_t end = is_long ? slice_chr(name, '=', 0) : SIZE_MAX;
    const struct opt *own = NULL;
    name = slice_sub(name, 0, end);
    if (k->command && k->command->opts)
        own = option_in(k->command->opts, name, is_long);
    return own ? own : option_in(global_opts, name, is_long);
}

static bool takes_argument(const struct opt *o)
{
    return o && o->kind != OPT_FLAG;
}

/* Names come from the repository that the command line speaks of. */
static void note_place(struct completion *k, const struct opt *o, const char *argument)
{
    if (strcmp(o->name, "directory") == 0)
        k->context->global.dir = argument;
    else if (strcmp(o->name, "git-dir") == 0)
        k->context->global.git_dir = argument;
}

/* The words before the last one: which command, which operands, and whether the last word is the
 * argument of an option. */
static const struct opt *read_words(struct completion *k, const struct operands *words)
{
    const struct opt *waiting = NULL;
    for (size_t i = 0; i + 1 < words->n; i++) {
        struct slice word = slice_of(words->v[i]);
        if (waiting) {
            note_place(k, waiting, words->v[i]);
            waiting = NULL;
        } else if (k->only_operands || word.n < 2 || word.p[0] != '-') {
            if (k->command)
                vec_push(&k->operands, words->v[i]);
            else if (!(k->command = command_find(word)))
                k->unknown = true;
        } else if (slice_eqz(word, "--")) {
            k->only_operands = true;
        } else {
            const struct opt *o = option_of(k, word);
            bool apart = word.p[1] == '-' ? slice_chr(word, '=', 0) == SIZE_MAX : word.n == 2;
            if (takes_argument(o) && apart)
                waiting = o;
        }
    }
    return waiting;
}

/* ---- options ---- */

static void offer_options(struct completion *k, const struct opt *table)
{
    struct str name = STR_INIT;
    for (; table && table->name; table++) {
        str_clear(&name);
        str_addf(&name, "--%s%s", table->name, takes_argument(table) ? "=" : "");
        if (!table->hidden)
            offer(k, str_slice(&name), slice_of(table->help));
    }
    str_release(&name);
}

static void offer_rules(struct completion *k)
{
    for (enum rule r = 0; r < RULE_COUNT; r++)
        offerz(k, rule_name(r), rule_summary(r));
}

/* 1: nothing of ours, so files. */
static int offer_argument(struct completion *k, const struct opt *o)
{
    static const struct {
        const char *option, *field;
    } fields[] = {
        {"cause", "causes"}, {"owner", "owner"}, {"severity", "severity"}, {"service", "services"},
        {"section", "in"},
    };
    for (const char *const *choice = o->choices; choice && *choice; choice++)
        offerz(k, *choice, "");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(o->name, fields[i].option) == 0)
            offer_values(k, slice_of(fields[i].field));
    if (strcmp(o->name, "rule") == 0)
        offer_rules(k);
    if (strcmp(o->name, "at") == 0)
        offer_revisions(k);
    bool is_file = o->argument && (strcmp(o->argument, "DIR") == 0 || strcmp(o->argument, "PATH") == 0);
    return is_file ? PM_NO : PM_YES;
}

/* ---- operands ---- */

static void offer_commands(struct completion *k)
{
    for (size_t i = 0; commands[i]; i++)
        if (*commands[i]->name)
            offerz(k, commands[i]->name, commands[i]->summary);
}

static void offer_manuals(struct completion *k)
{
    offer_commands(k);
    for (const struct embedded *f = embedded_files; f->name; f++) {
        struct slice name = slice_of(f->name);
        size_t dot = slice_chr(name, '.', 0);
        if (slice_starts(name, SLICE("man/pm-")) && dot < name.n && name.p[dot + 1] != '1')
            offer(k, slice_sub(name, 7, dot - 7), SLICE("a manual"));
    }
}

/* The first operand of a command that has commands of its own, from its usage text. */
static void offer_verbs(struct completion *k)
{
    struct slice rest = slice_of(k->command->usage), line, verb;
    while (slice_split(&rest, '\n', &line))
        if (slice_split(&line, ' ', &verb) && verb.n && verb.p[0] >= 'a' && verb.p[0] <= 'z')
            offer(k, verb, slice_of(NULL));
}

static void offer_hooks(struct completion *k)
{
    offerz(k, "pre-commit", "what is staged");
    offerz(k, "pre-receive", "what is pushed");
}

static bool first_is(const struct completion *k, const char *verb)
{
    return k->operands.n && strcmp(k->operands.v[0], verb) == 0;
}

static int offer_operands(struct completion *k)
{
    const char *name = k->command->name;
    if (!k->operands.n)
        offer_verbs(k);
    if (strcmp(name, "explain") == 0)
        offer_rules(k);
    else if (strcmp(name, "help") == 0)
        offer_manuals(k);
    else if (strcmp(name, "show") == 0)
        offer_names(k, PEEK_IDS, slice_of(NULL));
    else if (strcmp(name, "tags") == 0 && k->operands.n)
        offer_values(k, SLICE("causes"));
    else if (strcmp(name, "actions") == 0 && first_is(k, "log"))
        offer_names(k, PEEK_REFS, slice_of(NULL));
    else if (strcmp(name, "actions") == 0 && first_is(k, "diff"))
        offer_revisions(k);
    else if (strcmp(name, "search") == 0 || strcmp(name, "actions") == 0)
        offer_query(k);
    else if (strcmp(name, "hook") == 0 && first_is(k, "run"))
        offer_hooks(k);
    else if (strcmp(name, "check") == 0 && !(k->word.n && offer_revisions(k)))
        return PM_NO;
    return PM_YES;
}

/* ---- the command ---- */

static int complete(struct completion *k, const struct operands *words)
{
    const struct opt *waiting = read_words(k, words);
    k->word = slice_of(words->n ? words->v[words->n - 1] : "");
    if (waiting)
        return offer_argument(k, waiting);
    if (k->unknown)
        return PM_YES;
    if (k->only_operands || !slice_starts(k->word, SLICE("-")))
        return k->command ? offer_operands(k) : (offer_commands(k), PM_YES);
    size_t sign = slice_chr(k->word, '=', 0);
    const struct opt *o = sign != SIZE_MAX ? option_of(k, k->word) : NULL;
    if (o) {
        completion_skip(k, sign + 1);
        return offer_argument(k, o);
    }
    if (k->command && k->command->opts)
        offer_options(k, k->command->opts);
    offer_options(k, global_opts);
    return PM_YES;
}

static int cmd_complete(struct context *c, void *options, const struct operands *operands,
                        struct err *e)
{
    struct completion k = {.context = c};
    (void)options;
    (void)e;
    int code = complete(&k, operands);
    completion_release(&k);
    return code;
}

const struct command command_complete = {
    .name = "complete",
    .run = cmd_complete,
    .needs = NEEDS_NOTHING,
    .usage = "-- WORD...",
    .summary = "what a shell may offer for the last word of a command line",
};
