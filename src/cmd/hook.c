#include "hook_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/caps.h"
#include "pm/file.h"

enum { HOOK_BYTES = 1024 * 1024 };

static const char marker[] = "# Written by 'pm hook install'; 'pm hook uninstall' restores.";

/* The hooks that a repository can have, and what installing one changes. */
struct hook {
    const char *name, *effect;
    bool of_server; /* it is given what is pushed, on standard input */
};
static const struct hook before_commit = {
    "pre-commit", "A commit with an incomplete postmortem is now rejected", false};
static const struct hook before_receive = {
    "pre-receive", "A push that adds errors to postmortems is now rejected", true};

/* The one that applies: commits are made in a worktree, and pushed to a bare repository. */
static const struct hook *hook_of(struct context *c, struct err *e)
{
    if (!repo_is_bare(c->repo))
        return &before_commit;
    if (repo_config_bool(c->repo, "core.bare", true))
        return &before_receive;
    context_worktree(c, "the pre-commit hook", e);
    return NULL;
}

/* Where git looks for its hooks: core.hooksPath is honoured by asking git. */
static int hook_path(struct context *c, const char *name, struct str *out, struct err *e)
{
    const char *argv[] = {"rev-parse", "--git-path", "hooks", NULL};
    struct str folder = STR_INIT;
    int failed = repo_ask(c->repo, argv, &folder, e);
    struct slice path = slice_trim(str_slice(&folder));
    if (!failed && path.n && path.p[0] != '/')
        str_addz(out, repo_is_bare(c->repo) ? repo_git_dir(c->repo) : repo_worktree(c->repo));
    str_addf(out, SLICE_FMT "/%s", SLICE_ARG(path), name);
    str_release(&folder);
    return failed;
}

static void previous_path(struct str *out, const struct str *hook)
{
    str_addf(out, "%s.before-pm", hook->p);
}

/* As people read it: below the worktree without the way there. */
static const char *shown(struct context *c, const struct str *path)
{
    const char *top = repo_worktree(c->repo);
    return top && slice_starts(str_slice(path), slice_of(top)) ? path->p + strlen(top) : path->p;
}

static bool is_ours(const char *path)
{
    struct str text = STR_INIT;
    bool ours = file_read(&text, path, HOOK_BYTES, NULL, NULL) == 0 &&
                slice_find(str_slice(&text), slice_of(marker), 0) != SIZE_MAX;
    str_release(&text);
    return ours;
}

static void add_quoted(struct str *out, const char *text)
{
    str_addc(out, '\'');
    for (; *text; text++)
        if (*text == '\'')
            str_addz(out, "'\\''");
        else
            str_addc(out, *text);
    str_addc(out, '\'');
}

/* Up to the quote that ends it. */
static void add_unquoted(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (strncmp(text, "'\\''", 4) == 0)
            text += 3;
        else if (*text == '\'')
            return;
        str_addc(out, *text);
    }
}

/* ---- install ---- */

/* A hook that stood there before runs first, and its refusal stands; not where 'pm hook status' only
 * asks whether pm is reached. Where pm is gone, a commit is not the place to insist: it says so and
 * lets the commit pass. */
static const char commit_script[] =
    "\nprevious=\"$0.before-pm\"\n"
    "if [ -x \"$previous\" ] && [ -z \"$PM_HOOK_PROBE\" ]; then\n"
    "  \"$previous\" \"$@\" || exit\n"
    "fi\n"
    "if [ ! -x \"$pm\" ]; then\n"
    "  echo \"pm: '$pm' is gone, postmortems are not checked ('pm hook install' writes "
    "this hook anew)\" >&2\n"
    "  exit 0\n"
    "fi\n"
    "exec \"$pm\" hook run pre-commit \"$@\"\n";

/* A gate that is not there must not stand open. What is pushed comes on standard input, once, and
 * both read it. */
static const char receive_script[] =
    "\nprevious=\"$0.before-pm\"\n"
    "if [ ! -x \"$pm\" ]; then\n"
    "  echo \"pm: rejected: '$pm' is gone, so postmortems cannot be checked\" >&2\n"
    "  echo \"pm: 'pm hook install' on the server writes this hook anew\" >&2\n"
    "  exit 1\n"
    "fi\n"
    "if [ ! -x \"$previous\" ]; then\n"
    "  exec \"$pm\" hook run pre-receive \"$@\"\n"
    "fi\n"
    "pushed=$(cat; echo .)\n"
    "if [ \"$pushed\" != . ]; then\n"
    "  printf %s \"${pushed%.}\" 2>/dev/null | \"$previous\" \"$@\" || exit\n"
    "fi\n"
    "printf %s \"${pushed%.}\" 2>/dev/null | \"$pm\" hook run pre-receive \"$@\"\n";

static void write_script(struct str *out, const char *pm, const struct hook *hook)
{
    str_addf(out, "#!/bin/sh\n%s\npm=", marker);
    add_quoted(out, pm);
    str_addz(out, hook->of_server ? receive_script : commit_script);
}

/* 1: there was one. */
static int keep_previous(const struct str *path, const struct str *previous, struct err *e)
{
    if (!file_exists(path->p) || is_ours(path->p))
        return 0;
    if (file_exists(previous->p))
        return err_set(e, "'%s' exists already: a hook was replaced behind pm's back; move one of "
                          "the two away", previous->p);
    if (rename(path->p, previous->p))
        return err_errno(e, "cannot keep the hook that is there as '%s'", previous->p);
    return 1;
}

/* The hook that was there stays in force where ours cannot be written. */
static int write_hook(const struct str *path, struct slice script, struct err *e)
{
    struct str previous = STR_INIT;
    previous_path(&previous, path);
    int kept = keep_previous(path, &previous, e);
    int result = kept < 0 ? -1 : file_write(path->p, script, 0755, e);
    if (kept > 0 && result == 0)
        say("the hook that was there is kept as '%s' and runs first", previous.p);
    else if (kept > 0 && rename(previous.p, path->p))
        err_set(e, "the hook cannot be written, and the one that was there is now '%s'",
                previous.p);
    str_release(&previous);
    return result;
}

static int install(struct context *c, struct err *e)
{
    const struct hook *hook = hook_of(c, e);
    struct str path = STR_INIT, script = STR_INIT, pm = STR_INIT;
    int result = -1;
    if (!hook || context_program(c, &pm, e) || hook_path(c, hook->name, &path, e) ||
        file_make_dirs(path.p, e))
        goto out;
    write_script(&script, pm.p, hook);
    if (write_hook(&path, str_slice(&script), e))
        goto out;
    printer_fmt(&c->printer, TINT_NONE, "installed: %s", shown(c, &path));
    str_addf(&c->out, "\n%s; 'pm hook status' proves it.\n", hook->effect);
    result = PM_YES;
out:
    str_release(&pm);
    str_release(&script);
    str_release(&path);
    return result;
}

/* ---- status and uninstall ---- */

/* What can be told without running it; NULL: nothing. */
static const char *why_not(const char *path)
{
    struct stat st;
    struct str text = STR_INIT, program = STR_INIT;
    const char *why = NULL;
    if (stat(path, &st))
        return "there is no such file";
    if (access(path, X_OK))
        return "it is not executable, so git ignores it";
    file_read(&text, path, HOOK_BYTES, NULL, NULL);
    size_t ours = slice_find(str_slice(&text), SLICE("\npm='"), 0);
    if (ours != SIZE_MAX && is_ours(path)) {
        add_unquoted(&program, text.p + ours + strlen("\npm='"));
        if (access(program.p, X_OK))
            why = "the pm that it names is gone: 'pm hook install' writes it anew";
    } else if (slice_find(str_slice(&text), SLICE("hook run"), 0) == SIZE_MAX) {
        why = "it does not run pm"; /* and who knows what it does */
    }
    str_release(&program);
    str_release(&text);
    return why;
}

/* Proof, not belief: git runs the hook, and the pm at its end, which finds PM_HOOK_PROBE in its
 * environment, writes its own path into the file of that name. */
static int probe(struct context *c, const struct hook *hook, struct str *reached, struct err *e)
{
    const char *argv[] = {"hook", "run", hook->name, NULL};
    const char *folder = getenv("TMPDIR");
    struct str path = STR_INIT, ignored = STR_INIT;
    struct err why = ERR_INIT;
    str_addf(&path, "%s/pm-hook-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = mkstemp(path.p), result = -1;
    if (fd < 0 || setenv(PROBE_VARIABLE, path.p, 1)) {
        err_errno(e, "cannot write '%s'", path.p);
        goto out;
    }
    /* Whatever a hook of somebody else answers: what counts is whether pm was reached. */
    (void)!repo_ask(c->repo, argv, &ignored, &why);
    unsetenv(PROBE_VARIABLE);
    result = file_read(reached, path.p, CAP_PATH_BYTES, NULL, e);
out:
    if (fd >= 0) {
        close(fd);
        unlink(path.p);
    }
    str_release(&ignored);
    str_release(&path);
    return result;
}

static int status(struct context *c, struct err *e)
{
    const struct hook *hook = hook_of(c, e);
    struct str path = STR_INIT, reached = STR_INIT;
    const char *why = NULL;
    int code = -1;
    if (!hook || hook_path(c, hook->name, &path, e))
        goto out;
    why = why_not(path.p);
    if (!why && probe(c, hook, &reached, e))
        goto out;
    if (!why && !reached.n)
        why = "git runs it, and it does not come to pm";
    str_addf(&c->out, "%s: %s\n", hook->name, why ? "not active" : "active");
    printer_fmt(&c->printer, TINT_NONE, "  %s%s%s", shown(c, &path), why ? ": " : " runs ",
                why ? why : reached.p);
    str_addc(&c->out, '\n');
    code = why ? PM_NO : PM_YES;
out:
    str_release(&reached);
    str_release(&path);
    return code;
}

static int uninstall(struct context *c, struct err *e)
{
    const struct hook *hook = hook_of(c, e);
    struct str path = STR_INIT, previous = STR_INIT;
    int code = -1;
    if (!hook || hook_path(c, hook->name, &path, e))
        goto out;
    previous_path(&previous, &path);
    if (!file_exists(path.p) || !is_ours(path.p)) {
        printer_fmt(&c->printer, TINT_NONE, "nothing to do: '%s' is not pm's", shown(c, &path));
        str_addc(&c->out, '\n');
    } else if (file_exists(previous.p) ? rename(previous.p, path.p) : unlink(path.p)) {
        err_errno(e, "cannot remove '%s'", path.p);
        goto out;
    } else {
        printer_fmt(&c->printer, TINT_NONE, "removed: %s%s", shown(c, &path),
                    file_exists(path.p) ? " (the hook from before is back)" : "");
        str_addc(&c->out, '\n');
    }
    code = PM_YES;
out:
    str_release(&previous);
    str_release(&path);
    return code;
}

/* ---- run ---- */

int hook_answer_probe(struct context *c, struct err *e)
{
    const char *name = getenv(PROBE_VARIABLE);
    struct str program = STR_INIT;
    if (!name || !*name)
        return 0;
    if (context_program(c, &program, e))
        return -1;
    int fd = open(name, O_WRONLY | O_NOFOLLOW);
    int result = fd < 0 || file_write_fd(fd, str_slice(&program))
                     ? err_errno(e, "cannot write '%s'", name)
                     : 1;
    if (fd >= 0)
        close(fd);
    str_release(&program);
    return result;
}

static int run_pre_commit(struct context *c, struct err *e)
{
    int probed = hook_answer_probe(c, e);
    bool finished;
    if (probed)
        return probed < 0 ? -1 : PM_YES;
    int code = check_staged(c, &finished, e);
    if (code == PM_NO)
        str_addf(&c->out, "Not committed.%s\n",
                 finished ? " Unfinished? Set `status: draft`: a draft needs only a summary." : "");
    else if (code == PM_YES)
        str_clear(&c->out);
    return code;
}

static int run(struct context *c, const char *name, struct err *e)
{
    if (strcmp(name, before_commit.name) == 0)
        return run_pre_commit(c, e);
    if (strcmp(name, before_receive.name) == 0)
        return hook_pre_receive(c, e);
    return err_usage(e, "pm has no hook '%s': it runs pre-commit and pre-receive", name);
}

static int cmd_hook(struct context *c, void *options, const struct operands *operands,
                    struct err *e)
{
    (void)options;
    const char *what = operands->n ? operands->v[0] : "";
    bool running = strcmp(what, "run") == 0;
    if (running && operands->n >= 2)
        return run(c, operands->v[1], e);
    if (operands->n == 1 && strcmp(what, "install") == 0)
        return install(c, e);
    if (operands->n == 1 && strcmp(what, "status") == 0)
        return status(c, e);
    if (operands->n == 1 && strcmp(what, "uninstall") == 0)
        return uninstall(c, e);
    return err_usage(e, "'pm hook' takes one of install, status, uninstall, run NAME");
}

const struct command command_hook = {
    .name = "hook",
    .run = cmd_hook,
    .needs = NEEDS_REPO,
    .usage = "install\nstatus\nuninstall\nrun NAME",
    .summary = "the git hooks that keep incomplete postmortems out",
};
