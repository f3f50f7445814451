/* pm/command.h - cmd: what every command is given, and the table of commands
 *
 * src/main.c parses the global options, finds the command, opens what the command needs, runs it,
 * and writes what it put into `out` to stdout, checking for write errors once for all commands.
 */
#ifndef PM_COMMAND_H
#define PM_COMMAND_H

#include "pm/check.h"
#include "pm/index.h"
#include "pm/opt.h"
#include "pm/people.h"
#include "pm/render.h"

enum exit_code { EXIT_YES = 0, EXIT_NO = 1, EXIT_TROUBLE = 2 };

enum need_flags {
    NEED_NOTHING = 0,
    NEED_REPO = 1,     /* a repository; else exit 2 */
    NEED_WORKTREE = 2, /* not bare */
    NEED_PAGER = 4     /* long answers: a pager on a terminal */
};

struct global_options {
    const char *dir;     /* -C */
    const char *git_dir; /* --git-dir */
    const char *at;      /* --at */
    bool worktree;       /* --worktree */
    const char *color;   /* --color */
    bool no_pager;
    bool help, version;
};
extern const struct opt global_opts[];

struct context {
    const struct command *command;
    struct global_options global;
    struct repo *repo;         /* NULL without NEED_REPO */
    int64_t now;               /* PM_NOW, else the clock */
    struct date today;         /* of --at, else of now in the display zone */
    struct zone *zone;         /* display: TZ, else the system's */
    struct str out;            /* the answer */
    struct printer printer;    /* prints into out */
    bool err_color;
};

/* Returns an exit code, or -1 with an error (exit 2; usage errors name `pm help COMMAND`). argv[0]
 * is the command's name. */
typedef int command_run(struct context *c, int argc, char **argv, struct err *e);

struct command {
    const char *name;
    command_run *run;
    int needs;
    const char *usage;   /* after the name: [QUERY] */
    const char *summary; /* one line */
    const struct opt *opts;
};
extern const struct command commands[]; /* ends with a NULL name */
const struct command *command_find(const char *name);

/* ---- what several commands do ---- */

/* A line on stderr: "pm: " and the text, escaped. */
void say(struct context *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Writes what is in out now and empties it: for long answers. -1: stdout failed. */
int context_flush(struct context *c, struct err *e);
/* Parses a command's options and the global ones wherever they stand. */
int context_options(struct context *c, int argc, char **argv, void *options, int flags,
                    struct operands *operands, struct err *e);
/* The commit that reading commands read: --at, else HEAD. 1, or 0 on an unborn branch. Sets today
 * for --at. */
int context_tip(struct context *c, struct oid *out, struct err *e);
/* The state that reading commands read (tip, worktree or nothing), with the hint on stderr when it
 * holds no postmortem, and the line that says when the worktree differs. */
int context_state(struct context *c, struct state *out, struct oid *tip, bool *born, struct err *e);
/* Joins operands to one query text and parses it. */
int context_query(struct context *c, const struct operands *o, const struct schema *s, bool items,
                  struct query **q, struct query_context *qc, struct arena *a, struct err *e);
struct action_view action_view_of(const struct action_row *row, const struct context *c,
                                  const struct schema *s, const struct people *people,
                                  struct arena *a);

#endif
