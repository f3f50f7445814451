#include "pm/repo.h"

#include "repo_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pm/alloc.h"

#define READ_BYTES     (64u * 1024u)
#define SENTENCE_BYTES 600u /* of what git says on stderr */

extern char **environ;

/* What pm sets for git itself, or takes away. */
static const char *const ours[] = {
    "GIT_DIR=",    "GIT_WORK_TREE=",      "GIT_COMMON_DIR=",
    "GIT_PREFIX=", "GIT_OPTIONAL_LOCKS=", "GIT_IMPLICIT_WORK_TREE=",
    "LC_ALL=",
};

struct strings {
    char **v;
    size_t n, cap;
};

static void add_variable(struct strings *to, const char *name, const char *value)
{
    struct str s = STR_INIT;
    str_addz(&s, name);
    str_addz(&s, value);
    vec_push(to, str_detach(&s, NULL));
}

static bool is_ours(const char *variable)
{
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (strncmp(variable, ours[i], strlen(ours[i])) == 0)
            return true;
    }
    return false;
}

/* The user's environment with our answers to what repository this is, so that git cannot come to
 * others. Its messages are to be read by programs: LC_ALL. */
static void make_environment(struct strings *out, const struct repo *r)
{
    for (char **p = environ; *p; p++) {
        if (!is_ours(*p))
            vec_push(out, xstrdup(*p));
    }
    add_variable(out, "GIT_DIR=", r->place.git_dir);
    if (place_is_linked(&r->place))
        add_variable(out, "GIT_COMMON_DIR=", r->place.common_dir);
    if (r->place.worktree)
        add_variable(out, "GIT_WORK_TREE=", r->place.worktree);
    else
        add_variable(out, "GIT_IMPLICIT_WORK_TREE=", "0");
    add_variable(out, "GIT_OPTIONAL_LOCKS=", "0");
    add_variable(out, "LC_ALL=", "C");
    vec_push(out, NULL);
}

/* git [-C top] --no-pager ARGV. Paths are then relative to the top. */
static void make_arguments(struct strings *out, const struct repo *r, const char *const *argv)
{
    vec_push(out, xstrdup("git"));
    vec_push(out, xstrdup("-C"));
    vec_push(out, xstrdup(r->place.worktree ? r->place.worktree : r->place.start));
    vec_push(out, xstrdup("--no-pager"));
    vec_push(out, xstrdup("--literal-pathspecs"));
    for (; *argv; argv++)
        vec_push(out, xstrdup(*argv));
    vec_push(out, NULL);
}

static void strings_release(struct strings *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->v[i]);
    vec_release(s);
}

struct pipes {
    int out[2], err[2];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_pipes(struct pipes *p)
{
    for (int i = 0; i < 2; i++) {
        close_end(&p->out[i]);
        close_end(&p->err[i]);
    }
}

static int open_pipes(struct pipes *p, struct err *e)
{
    *p = (struct pipes){{-1, -1}, {-1, -1}};
    bool ok = pipe(p->out) == 0 && pipe(p->err) == 0;
    for (int i = 0; ok && i < 2; i++)
        ok = fcntl(p->out[i], F_SETFD, FD_CLOEXEC) == 0 &&
             fcntl(p->err[i], F_SETFD, FD_CLOEXEC) == 0;
    if (ok)
        return 0;
    err_errno(e, "cannot run git");
    close_pipes(p);
    return -1;
}

static int start(pid_t *pid, struct pipes *p, char *const *argv, char *const *env)
{
    posix_spawn_file_actions_t actions;
    int number = posix_spawn_file_actions_init(&actions);
    if (number != 0)
        return number;
    if ((number = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)) == 0 &&
        (number = posix_spawn_file_actions_adddup2(&actions, p->out[1], 1)) == 0 &&
        (number = posix_spawn_file_actions_adddup2(&actions, p->err[1], 2)) == 0)
        number = posix_spawnp(pid, "git", &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    close_end(&p->out[1]);
    close_end(&p->err[1]);
    return number;
}

/* Reads what is there; at the end closes. */
static int drain(int *fd, struct str *into)
{
    str_reserve(into, READ_BYTES);
    ssize_t n = read(*fd, into->p + into->n, READ_BYTES);
    if (n < 0)
        return errno == EINTR ? 0 : -1;
    into->n += (size_t)n;
    into->p[into->n] = '\0';
    if (n == 0)
        close_end(fd);
    return 0;
}

/* Both at once: a git that fills one pipe must not wait for us to read the other. */
static int collect(struct pipes *p, struct str *out, struct str *said)
{
    while (p->out[0] >= 0 || p->err[0] >= 0) {
        struct pollfd fds[2] = {{p->out[0], POLLIN, 0}, {p->err[0], POLLIN, 0}};
        if (poll(fds, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        if (fds[0].revents && drain(&p->out[0], out) < 0)
            return -1;
        if (fds[1].revents && drain(&p->err[0], said) < 0)
            return -1;
    }
    return 0;
}

/* git's complaint as one line: its last, without "fatal: ". */
static struct slice complaint(const struct str *said)
{
    struct slice text = slice_trim(str_slice(said)), line = {0}, last = {0};
    while (slice_split(&text, '\n', &line)) {
        if (slice_starts(line, SLICE("fatal: ")) || slice_starts(line, SLICE("error: "))) {
            last = slice_sub(line, strlen("fatal: "), line.n);
            break;
        }
        last = line;
    }
    return slice_sub(slice_trim(last), 0, SENTENCE_BYTES);
}

static int judge(int status, const char *verb, const struct str *said, struct err *e)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    struct slice why = complaint(said);
    if (WIFSIGNALED(status))
        return err_set(e, "git %s was ended by signal %d", verb, WTERMSIG(status));
    if (why.n == 0)
        return err_set(e, "git %s failed with status %d", verb, WEXITSTATUS(status));
    return err_set(e, "git %s failed: " SLICE_FMT, verb, SLICE_ARG(why));
}

struct question {
    pid_t pid;
    struct pipes pipes;
    const char *verb;
};

int repo_ask_begin(struct question **out, const struct repo *r, const char *const *argv,
                   struct err *e)
{
    struct strings arguments = VEC_INIT, variables = VEC_INIT;
    struct question q = {.verb = argv[0]};
    if (open_pipes(&q.pipes, e) < 0)
        return -1;
    make_arguments(&arguments, r, argv);
    make_environment(&variables, r);
    int number = start(&q.pid, &q.pipes, arguments.v, variables.v);
    strings_release(&arguments);
    strings_release(&variables);
    if (number != 0) {
        close_pipes(&q.pipes);
        errno = number;
        return err_errno(e, "cannot run git");
    }
    *out = xmemdup(&q, sizeof q);
    return 0;
}

/* git's status, or -1 with errno. */
static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return status;
}

/* Reads all of the answer: git's status, or -1 with errno. */
static int finish(struct question *q, struct str *out, struct str *said)
{
    int number = collect(&q->pipes, out, said) < 0 ? errno : 0;
    close_pipes(&q->pipes); /* if we gave up, git must not wait for a reader */
    int status = wait_for(q->pid);
    if (number)
        errno = number;
    return number ? -1 : status;
}

/* git takes its lock files with it when it is told to end. */
void repo_ask_abandon(struct question *q)
{
    if (!q)
        return;
    kill(q->pid, SIGTERM);
    close_pipes(&q->pipes);
    wait_for(q->pid);
    free(q);
}

int repo_ask_end(struct question *q, struct str *out, struct err *e)
{
    struct str said = STR_INIT;
    const size_t before = out->n;
    int status = finish(q, out, &said);
    int result = status < 0 ? err_errno(e, "cannot run git") : judge(status, q->verb, &said, e);
    if (result < 0)
        str_truncate(out, before);
    str_release(&said);
    free(q);
    return result;
}

int repo_ask(const struct repo *r, const char *const *argv, struct str *out, struct err *e)
{
    struct question *q = NULL;
    return repo_ask_begin(&q, r, argv, e) < 0 ? -1 : repo_ask_end(q, out, e);
}
