/* The programs around pm: itself on disk, the user's editor and pager. */
#include "pm/command.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pm/file.h"

/* ---- itself ---- */

static bool resolve_program(struct str *out, const char *path)
{
    char *real = access(path, X_OK) == 0 ? realpath(path, NULL) : NULL;
    if (real)
        str_addz(out, real);
    free(real);
    return real != NULL;
}

int context_program(struct context *c, struct str *out, struct err *e)
{
    const char *folders = getenv("PATH");
    struct slice rest = slice_of(folders ? folders : ""), folder;
    bool found = strchr(c->argv0, '/') && resolve_program(out, c->argv0);
    while (!found && !strchr(c->argv0, '/') && slice_split(&rest, ':', &folder)) {
        struct str path = STR_INIT;
        str_addf(&path, SLICE_FMT "/%s", SLICE_ARG(folder), c->argv0);
        found = resolve_program(out, path.p);
        str_release(&path);
    }
    return found ? 0 : err_set(e, "cannot tell where this pm is: start it by its whole path");
}

/* ---- others, by the shell, as git starts them ---- */

/* While an editor or a pager has the terminal, ^C and ^\\ are meant for it. */
struct signals {
    struct sigaction interrupt, quit;
};

static void ignore_signals(struct signals *before)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &ignore, &before->interrupt);
    sigaction(SIGQUIT, &ignore, &before->quit);
}

static void restore_signals(const struct signals *before)
{
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGQUIT, &before->quit, NULL);
}

/* The exit code of a child; 127, the shell's word for "not found", also when it cannot be told. */
static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

/* From a repository of somebody else no program is taken. */
static const char *git_setting(struct context *c, const char *variable, const char *key,
                               struct str *buffer)
{
    const char *value = getenv(variable);
    if (!value && c->repo && repo_is_ours(c->repo) && repo_config(c->repo, key, buffer))
        value = buffer->p;
    return value;
}

static const char *editor_of(struct context *c, struct str *buffer)
{
    const char *editor = git_setting(c, "GIT_EDITOR", "core.editor", buffer);
    if (!editor)
        editor = getenv("VISUAL");
    if (!editor)
        editor = getenv("EDITOR");
    return editor && *editor ? editor : "vi";
}

int context_edit(struct context *c, const char *path, struct err *e)
{
    struct str buffer = STR_INIT, command = STR_INIT;
    struct signals signals;
    int result = 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return 0;
    const char *editor = editor_of(c, &buffer);
    str_addf(&command, "%s \"$@\"", editor);
    ignore_signals(&signals);
    pid_t child = fork();
    if (child == 0) {
        restore_signals(&signals);
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", command.p, editor, path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait_for(child) != 0)
        result = err_set(e, "the editor '%s' failed; the file is written: '%s'", editor, path);
    restore_signals(&signals);
    str_release(&command);
    str_release(&buffer);
    return result;
}

static const char *pager_of(struct context *c, struct str *buffer)
{
    if (c->global.no_pager || !(c->command->needs & USES_PAGER) || !isatty(STDOUT_FILENO))
        return NULL;
    const char *pager = git_setting(c, "GIT_PAGER", "core.pager", buffer);
    if (!pager)
        pager = getenv("PAGER");
    if (!pager)
        pager = "less";
    return *pager && strcmp(pager, "cat") != 0 ? pager : NULL;
}

/* Hands the answer to the pager. False: it could not be started, and nothing was shown. */
static bool page(const char *pager, struct slice answer)
{
    struct signals signals;
    int ends[2];
    if (pipe(ends))
        return false;
    ignore_signals(&signals);
    pid_t child = fork();
    if (child == 0) {
        restore_signals(&signals);
        signal(SIGPIPE, SIG_DFL);
        setenv("LESS", "FRX", 0);
        setenv("LV", "-c", 0);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    if (child > 0)
        (void)!file_write_fd(ends[1], answer); /* a pager left early is no error */
    close(ends[1]);
    bool shown = child > 0 && wait_for(child) != 127;
    restore_signals(&signals);
    return shown;
}

int context_finish(struct context *c, struct err *e)
{
    struct str buffer = STR_INIT;
    int result = 0;
    const char *pager = c->out.n ? pager_of(c, &buffer) : NULL;
    bool shown = !c->out.n || (pager && page(pager, str_slice(&c->out)));
    if (!shown && file_write_fd(STDOUT_FILENO, str_slice(&c->out)) && errno != EPIPE)
        result = err_errno(e, "cannot write to standard output");
    str_clear(&c->out);
    str_release(&buffer);
    return result;
}
