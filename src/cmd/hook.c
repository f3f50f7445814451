#include "pm/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pm/file.h"

enum { HOOK_BYTES = 1024 * 1024 };

static const char marker[] = "# Written by 'pm hook install'; 'pm hook uninstall' restores.";

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

/* A hook that stood there before runs first, and its refusal stands. Where pm is gone, a commit is
 * not the place to insist: it says so and lets the commit pass. */
static void write_script(struct str *out, const char *pm, const char *name)
{
    str_addf(out, "#!/bin/sh\n%s\npm=", marker);
    add_quoted(out, pm);
    str_addf(out,
             "\nprevious=\"$0.before-pm\"\n"
             "if [ -x \"$previous\" ]; then\n"
             "  \"$previous\" \"$@\" || exit\n"
             "fi\n"
             "if [ ! -x \"$pm\" ]; then\n"
             "  echo \"pm: '$pm' is gone, postmortems are not checked ('pm hook install' writes "
             "this hook anew)\" >&2\n"
             "  exit 0\n"
             "fi\n"
             "exec \"$pm\" hook run %s \"$@\"\n",
             name);
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
    struct str path = STR_INIT, script = STR_INIT, pm = STR_INIT;
    int result = -1;
    if (context_worktree(c, "the pre-commit hook, the only one that pm installs,", e) ||
        context_program(c, &pm, e) || hook_path(c, "pre-commit", &path, e) ||
        file_make_dirs(path.p, e))
        goto out;
    write_script(&script, pm.p, "pre-commit");
    if (write_hook(&path, str_slice(&script), e))
        goto out;
    str_addf(&c->out, "installed: %s\nA commit with an incomplete postmortem is now rejected; "
                      "'pm hook status' proves it.\n", shown(c, &path));
    result = PM_YES;
out:
    str_release(&pm);
    str_release(&script);
    str_release(&path);
    return result;
}

/* ---- status and uninstall ---- */

/* Proof, not belief: is it the file that git would run, executable, and does it reach a pm? */
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
    } else if (slice_find(str_slice(&text), SLICE("pm hook run"), 0) == SIZE_MAX) {
        why = "it does not run pm";
    }
    str_release(&program);
    str_release(&text);
    return why;
}

static int status(struct context *c, struct err *e)
{
    struct str path = STR_INIT;
    int code = hook_path(c, "pre-commit", &path, e);
    if (code == 0) {
        const char *why = why_not(path.p);
        str_addf(&c->out, "pre-commit: %s\n", why ? "not active" : "active");
        str_addf(&c->out, "  %s%s%s\n", shown(c, &path), why ? ": " : "", why ? why : "");
        code = why ? PM_NO : PM_YES;
    }
    str_release(&path);
    return code;
}

static int uninstall(struct context *c, struct err *e)
{
    struct str path = STR_INIT, previous = STR_INIT;
    int code = -1;
    if (hook_path(c, "pre-commit", &path, e))
        goto out;
    previous_path(&previous, &path);
    if (!file_exists(path.p) || !is_ours(path.p)) {
        str_addf(&c->out, "nothing to do: '%s' is not pm's\n", shown(c, &path));
    } else if (file_exists(previous.p) ? rename(previous.p, path.p) : unlink(path.p)) {
        err_errno(e, "cannot remove '%s'", path.p);
        goto out;
    } else {
        str_addf(&c->out, "removed: %s%s\n", shown(c, &path),
                 file_exists(path.p) ? " (the hook from before is back)" : "");
    }
    code = PM_YES;
out:
    str_release(&previous);
    str_release(&path);
    return code;
}

/* ---- run ---- */

static int run(struct context *c, const char *name, struct err *e)
{
    if (strcmp(name, "pre-commit") != 0)
        return err_usage(e, "pm has no hook '%s': 'pre-commit' is the one it runs", name);
    bool finished;
    int code = check_staged(c, &finished, e);
    if (code == PM_NO)
        str_addf(&c->out, "Not committed.%s\n",
                 finished ? " Unfinished? Set `status: draft`: a draft needs only a summary." : "");
    else if (code == PM_YES)
        str_clear(&c->out);
    return code;
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
