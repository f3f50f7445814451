#include "pm/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "pm/json.h"
#include "pm/spell.h"
#include "pm/zone.h"

/* Descriptors 0 to 2 must exist, or the first file opened would take the place of stdout. A missing
 * stdout is opened for reading only, so that writing the answer fails as it should. */
static void open_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
            abort();
}

static int read_clock(int64_t *now, struct err *e)
{
    const char *text = getenv("PM_NOW");
    if (!text || !*text) {
        *now = (int64_t)time(NULL);
        return 0;
    }
    if (slice_i64(slice_of(text), 0, INT64_C(253402300799), now))
        return 0;
    struct moment m;
    if (moment_parse(slice_of(text), &m) && moment_resolve(&m, zone_utc(), NULL, NULL, now))
        return 0;
    return err_usage(e, "PM_NOW is '%s': write a time like 2026-03-17T12:00:00Z", text);
}

/* The system's own zone, where TZ does not name one: the name that /etc/localtime links to; where it
 * is a copy, as in many containers, the rules without the name. */
static struct zone *system_zone(void)
{
    char target[512];
    struct err why = ERR_INIT;
    struct zone *z = NULL;
    ssize_t n = readlink("/etc/localtime", target, sizeof target);
    if (n > 0) {
        struct slice link = {target, (size_t)n};
        size_t at = slice_find(link, SLICE("zoneinfo/"), 0);
        if (at != SIZE_MAX &&
            zone_load(&z, slice_sub(link, at + strlen("zoneinfo/"), link.n), NULL) == 0)
            return z;
    }
    if (access("/etc/localtime", F_OK) == 0) {
        if (zone_from_file(&z, "/etc/localtime", &why) == 0)
            return z;
        say("%s: times are shown in UTC", why.text);
    }
    return zone_fixed(0);
}

static struct zone *display_zone(void)
{
    const char *tz = getenv("TZ");
    struct zone *z = NULL;
    struct err why = ERR_INIT;
    if (!tz)
        return system_zone();
    if (*tz == ':')
        tz++;
    if (!*tz)
        return zone_fixed(0);
    if (zone_from_posix(&z, slice_of(tz), &why) == 0 ||
        (*tz == '/' ? zone_from_file(&z, tz, &why) : zone_load(&z, slice_of(tz), &why)) == 0)
        return z;
    say("TZ is '%s', which names no known zone: times are shown in UTC", tz);
    return zone_fixed(0);
}

/* A pipe gets every word: no width, nothing is cut. Shells do not export COLUMNS, so where it is in
 * the environment somebody wants that width, in a pipe too. */
static size_t terminal_width(void)
{
    int64_t columns;
    struct winsize size;
    const char *text = getenv("COLUMNS");
    if (text && slice_i64(slice_of(text), 20, 10000, &columns))
        return (size_t)columns;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

static bool wants_color(const char *when)
{
    if (when && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    const char *none = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(none && *none) && term && strcmp(term, "dumb") != 0;
}

/* What other tools call it. */
static const char *const other_names[][2] = {
    {"list", "pm search"},   {"ls", "pm search"},         {"find", "pm search"},
    {"grep", "pm search"},   {"query", "pm search"},      {"status", "pm"},
    {"summary", "pm"},       {"lint", "pm check"},        {"validate", "pm check"},
    {"log", "pm actions log"}, {"todo", "pm actions"},
    {"create", "pm new"},    {"add", "pm new"},           {"install", "pm hook install"},
    {"cat", "pm show --raw"}, {"view", "pm show"},        {"open", "pm show"},
};

static int unknown_command(const char *name, struct err *e)
{
    struct spell spell;
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcmp(name, other_names[i][0]) == 0)
            return err_usage(e, "there is no command '%s': '%s' does that", name,
                             other_names[i][1]);
    spell_init(&spell, slice_of(name));
    for (size_t i = 0; commands[i]; i++)
        spell_offer(&spell, slice_of(commands[i]->name));
    if (spell.best.n)
        return err_usage(e, "there is no command '%s': did you mean '" SLICE_FMT "'?", name,
                         SLICE_ARG(spell.best));
    return err_usage(e, "there is no command '%s': see 'pm help'", name);
}

/* Reads the global options in front of the command's name, finds the command, then reads its own
 * options and further global ones. Nothing is opened before the whole command line is understood. */
static int read_command_line(struct context *c, int argc, char **argv, void **options,
                             struct operands *operands, struct err *e)
{
    struct opt_set sets[2] = {{global_opts, &c->global}, {NULL, NULL}};
    struct operands words = VEC_INIT;
    int at = argc, result = -1;
    if (opt_parse(sets, 1, argc, argv, OPT_FIRST_OPERAND, &words, e))
        goto out;
    at -= (int)words.n;
    const char *name = c->global.version ? "version" : words.n ? words.v[0] : "";
    c->command = command_find(slice_of(name));
    if (!c->command) {
        unknown_command(name, e);
        goto out;
    }
    *options = xcalloc(1, c->command->options_size + 1);
    sets[1] = (struct opt_set){c->command->opts, *options};
    if (words.n)
        result = opt_parse(sets, c->command->opts ? 2 : 1, argc - at, argv + at,
                           c->command->opt_flags, operands, e);
    else
        result = 0;
out:
    operands_release(&words);
    return result;
}

static int open_repository(struct context *c, struct err *e)
{
    struct repo_where where = {c->global.dir, c->global.git_dir};
    if (!(c->command->needs & NEEDS_REPO))
        return 0;
    if (repo_open(&c->repo, &where, e))
        return -1;
    if (!(c->command->needs & NEEDS_WORKTREE))
        return 0;
    struct str what = STR_INIT;
    str_addf(&what, "'pm %s'", c->command->name);
    int failed = context_worktree(c, what.p, e);
    str_release(&what);
    return failed;
}

static int run(struct context *c, int argc, char **argv, struct err *e)
{
    void *options = NULL;
    struct operands operands = VEC_INIT;
    int code = -1;
    if (read_command_line(c, argc, argv, &options, &operands, e) || read_clock(&c->now, e))
        goto out;
    if (c->global.at && c->global.worktree) {
        err_usage(e, "--at reads a commit, and --worktree what is not committed: give one of them");
        goto out;
    }
    c->zone = display_zone();
    c->today = time_date_utc(c->now + zone_offset_at(c->zone, c->now));
    c->terminal = isatty(STDOUT_FILENO);
    c->printer = (struct printer){&c->out, wants_color(c->global.color), terminal_width()};
    if (c->global.help) {
        usage_print(&c->printer, c->command);
        code = PM_YES;
    } else if (open_repository(c, e) == 0) {
        code = c->command->run(c, options, &operands, e);
    }
    if (code >= 0 && context_finish(c, e))
        code = -1;
out:
    if (options)
        opt_release(c->command->opts, options);
    free(options);
    operands_release(&operands);
    return code;
}

int main(int argc, char **argv)
{
    struct context c = {.argv0 = argc ? argv[0] : "pm", .out = STR_INIT};
    struct err e = ERR_INIT;
    open_standard_files();
    signal(SIGPIPE, SIG_IGN);
    json_start();
    int code = run(&c, argc, argv, &e);
    if (code < 0) {
        say("%s", e.text);
        if (e.usage && c.command && *c.command->name)
            say("see 'pm help %s'", c.topic ? c.topic : c.command->name);
        code = PM_TROUBLE;
    }
    repo_free(c.repo);
    zone_free(c.zone);
    str_release(&c.out);
    return code;
}
