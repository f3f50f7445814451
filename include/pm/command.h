/* pm/command.h - cmd: what every command is given, and the table of commands
 *
 * src/main.c reads the global options, finds the command, opens what it needs, runs it, and writes
 * what it put into `out` to stdout, where write errors are checked once for all commands.
 */
#ifndef PM_COMMAND_H
#define PM_COMMAND_H

#include "pm/checker.h"
#include "pm/index.h"
#include "pm/opt.h"
#include "pm/people.h"
#include "pm/render.h"
#include "pm/rowtext.h"
#include "pm/zone.h"

/* Exit codes, as grep has them: yes, no, and what is neither. */
enum { PM_YES = 0, PM_NO = 1, PM_TROUBLE = 2 };

enum command_needs {
    NEEDS_NOTHING = 0,
    NEEDS_REPO = 1,     /* a repository; else exit 2 */
    NEEDS_WORKTREE = 2, /* one that is not bare */
    USES_PAGER = 4      /* long answers: a pager on a terminal */
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
    const char *argv0;      /* as pm was started */
    const struct command *command;
    const char *topic;      /* whose manual explains the usage error; NULL: the command's */
    struct global_options global;
    struct repo *repo;      /* NULL unless the command needs one */
    int64_t now;            /* PM_NOW, else the clock */
    struct date today;      /* of now in the display zone; of --at where that is given */
    struct zone *zone;      /* display: TZ, else the system's */
    bool terminal;          /* stdout is one: nothing goes there raw */
    struct str out;         /* the answer, for stdout */
    struct printer printer; /* prints into out, as wide and coloured as stdout is */
};

/* options is the command's own struct, filled by its table; operands are what is left. Returns an
 * exit code, or -1 with an error (exit 2). */
typedef int command_run(struct context *c, void *options, const struct operands *operands,
                        struct err *e);

struct command {
    const char *name;
    command_run *run;
    int needs;
    const char *usage;      /* what follows the name: "[QUERY]" */
    const char *summary;    /* one line */
    const struct opt *opts; /* its own options; NULL: none */
    size_t options_size;    /* of the struct that they fill; zeroed before */
    int opt_flags;          /* of opt_parse */
};
/* In the order of `pm help`; NULL ends it. The first is pm itself, without a command: its name is
 * "". */
extern const struct command *const commands[];
const struct command *command_find(struct slice name);

extern const struct command command_dashboard, command_init, command_new, command_check,
    command_explain, command_schema, command_search, command_tags, command_actions, command_show,
    command_hook, command_index, command_complete, command_help,
    command_version;

/* ---- what several commands do ---- */

/* A line on stderr, escaped: pm: TEXT. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* -1 with a sentence about `what` ("'pm new'") where there is no worktree: a bare repository, or the
 * inside of a git directory. */
int context_worktree(const struct context *c, const char *what, struct err *e);
/* What -h prints: usage, summary, options; for pm itself the list of commands. */
void usage_print(struct printer *p, const struct command *cmd);

/* Appends .pm/template.md of a state, or the built-in template where there is none. */
int template_read(struct context *c, const struct state *state, struct str *out, struct err *e);
int template_document(struct document **out, struct context *c, const struct state *state,
                   struct err *e);

/* The commit that reading commands read: --at, else HEAD. 1, or 0 on an unborn branch. With --at,
 * today becomes that commit's day, or the day given. */
int context_tip(struct context *c, struct oid *tip, struct err *e);
/* Opens the state that reading commands read: of the tip, or of the worktree with --worktree, or
 * nothing on an unborn branch (*born false). Says on stderr where the schema has mistakes and where
 * no postmortem is found. */
struct reading {
    struct state state;
    struct oid tip;
    bool born, history;
    struct question *pending; /* what differs from HEAD in the worktree: git looks meanwhile */
};
int context_reading(struct context *c, struct reading *out, struct err *e);
/* For what is answered from history: see state_of_history. */
int context_history(struct context *c, struct reading *out, struct err *e);
/* Is there anything to be told of action items? False before the first commit, without --worktree. */
bool reading_has_ledger(const struct context *c, const struct reading *r);
/* Says that documents in the worktree differ from HEAD, frees, and returns the command's code, or -1
 * where git could not tell. Every reading that was opened is finished. */
int reading_finish(struct context *c, struct reading *r, int code, struct err *e);
/* Says that a state holds no postmortem, and which folder looks as if it did. commit: NULL for the
 * worktree. */
int say_none_found(struct context *c, const struct state *s, const struct oid *commit,
                   struct err *e);
/* Opens the index of what is read and brings `parts` (of INDEX_*) up to date, with progress on a
 * terminal's stderr after half a second. In memory for --at; the ledger with what is not committed
 * for --worktree, where that is born or not. */
int context_index(struct context *c, const struct reading *r, int parts, struct index **out,
                  struct err *e);
/* Shows how far long work is, as git does: on a terminal's stderr, after half a second. The call is
 * NULL elsewhere; its context is the struct. */
struct long_work {
    int64_t start; /* milliseconds */
    size_t percent;
    bool shown;
};
chronicle_progress *long_work_begin(struct long_work *work);
void long_work_end(struct long_work *work);
/* A..B: what B has done since it left A; A alone is A..HEAD, and an empty end is HEAD, as git has it.
 * base is where they parted, if they are related. */
struct range {
    struct oid base, head;
    bool related;
};
int range_resolve(struct context *c, const char *text, struct range *out, struct err *e);
/* Says what the ledger cannot know: unreadable documents, a shallow clone. */
void say_ledger_limits(const struct index_limits *limits);

/* The flags that stand for the commonest terms of a query. */
struct query_flags {
    struct opt_list cause, service, severity, owner;
    const char *since, *until;
};
#define QUERY_FLAG(type, member, flag, what, word, text)                                           \
    {.name = flag, .kind = what, .argument = word, .offset = offsetof(type, member), .help = text}
#define QUERY_FLAGS(type, member)                                                                  \
    QUERY_FLAG(type, member.cause, "cause", OPT_LIST, "TAG", "as cause:TAG in the query"),         \
        QUERY_FLAG(type, member.service, "service", OPT_LIST, "NAME", "as service:NAME"),          \
        QUERY_FLAG(type, member.severity, "severity", OPT_LIST, "SEV", "as severity:SEV"),         \
        QUERY_FLAG(type, member.owner, "owner", OPT_LIST, "NAME", "as owner:NAME"),                \
        QUERY_FLAG(type, member.since, "since", OPT_STRING, "DATE",                                \
                   "postmortems from DATE on (actions: opened)"),                                  \
        QUERY_FLAG(type, member.until, "until", OPT_STRING, "DATE", "up to DATE, included")

/* Where nothing was found: a term of the query whose value nobody states, as it may have been meant
 * ("services:checkout"; names come from the cache as it stands). False: there is none. */
bool query_meant(struct str *out, struct context *c, const struct schema *s, const struct query *q);
/* Where nothing was found: says so when the query has 'or' as a word between others. */
void say_lower_or(struct slice query);

/* How this run prints paths: relative to the folder it was started in. */
struct path_view context_paths(const struct context *c);

/* Joins operands by blanks to one query, adds the terms of the flags, and parses it into the arena.
 * qc->schema and qc->items are set by the caller. *text is the query's text. */
int context_query(struct context *c, const struct operands *o, const struct query_flags *flags,
                  struct query_context *qc, struct arena *a, struct query **q, struct slice *text,
                  struct err *e);

/* A usage error: there is no rule of this name. */
int err_no_rule(struct err *e, const char *name);

bool format_among(const char *format, const char *const *names); /* NULL-terminated */
/* How a list is printed: one of the command's formats, or a template. */
struct row_format {
    const char *name;
    struct template *template; /* NULL: none */
    char end;                  /* of a row: NUL with -z */
};
/* text: NULL for the table. A template that is none, and -z with a format that is not a line a row,
 * are usage errors. template_free(out->template) when done. */
int row_format_parse(struct row_format *out, const char *text, bool nul, const char *const *fields,
                     struct err *e);
/* Prints the formats that are a line a row; false: it is another. */
bool row_format_print(struct context *c, const struct row_format *f, const struct rows_view *rows);

/* Appends the absolute path of the running pm, links resolved: what a hook can run later. */
int context_program(struct context *c, struct str *out, struct err *e);
/* Opens a file in the user's editor (GIT_EDITOR, core.editor, VISUAL, EDITOR, vi) when standard
 * input and output are a terminal; otherwise does nothing. */
int context_edit(struct context *c, const char *path, struct err *e);

/* Writes the answer to stdout, through a pager where that is asked for. -1: it could not be written;
 * a reader that went away is no error. */
int context_finish(struct context *c, struct err *e);

/* What `pm check --staged` does: for the pre-commit hook. *draft_helps: a postmortem with errors would
 * have none as a draft. */
int check_staged(struct context *c, bool *draft_helps, struct err *e);

/* What render shows of a row: ages and delays as of today, names by .mailmap, pings avoided. */
struct action_view action_view_of(const struct context *c, const struct schema *s,
                                  const struct people *people, const struct action_row *row,
                                  struct arena *a);
struct event_view event_view_of(const struct context *c, const struct people *people,
                                const struct event_row *row, struct arena *a);

#endif
