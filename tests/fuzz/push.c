/* What a push brings, of any bytes: the lines on standard input of the pre-receive hook, what
 * for-each-ref lists, the value of pm.rulesFrom; separated by 0xff. It is accepted, without a word, or
 * rejected, in lines that a pusher's terminal holds (but for long names), or cannot be judged, with a
 * sentence. A commit with an incomplete postmortem that nobody had is never accepted. */
#include "../../src/cmd/hook_private.h"
#include "pm/file.h"
#include "pm/zone.h"

#include "../lib/in_gits_place.h"
#include "../lib/scripted.h"

enum { WIDTH = 72 };

static struct {
    struct zone *zone;
    int input; /* becomes standard input */
    char bad[OID_HEX + 1];
} server;

static struct slice listed; /* of for-each-ref */

/* Objects without refs but main's, as those of a quarantine are. */
static const char script[] =
    "good() { printf -- '---\\nstatus: draft\\n---\\n# %s\\n\\n## Summary\\n\\nIt was %s.\\n' $1 $1 "
    ">postmortems/2026-01-02-$1.md; git add .; git commit -q -m $1; }\n"
    "good a; good b; git tag -m tag annotated; git tag of-a-blob HEAD:postmortems/2026-01-02-a.md\n"
    "git checkout -q -b side HEAD^; good c; git merge -q -m merge main; git tag merged\n"
    "git checkout -q --orphan other; good d; git tag other-d; git checkout -q main\n"
    "printf '# Bad\\n\\n- nothing\\n' >postmortems/2026-01-03-bad.md\n"
    "git add .; git commit -q -m bad; git rev-parse HEAD >bad; git tag -m tag annotated-bad\n"
    "git for-each-ref --format='%(objectname) %(refname)' >ids; git reset -q --hard HEAD^^\n"
    "git for-each-ref --format='delete %(refname)' refs/tags refs/heads/side refs/heads/other | "
    "git update-ref --stdin\n";

static int git_answers(const char *const *argv, struct str *out, struct err *e)
{
    if (strcmp(argv[0], "for-each-ref") != 0) /* rev-parse */
        return err_set(e, "git %s failed", argv[0]);
    str_adds(out, listed);
    return 0;
}

/* ---- the promise ---- */

static bool is_source(struct slice line)
{
    struct slice rest = slice_ltrim(line);
    while (rest.n && rest.p[0] >= '0' && rest.p[0] <= '9')
        rest = slice_sub(rest, 1, rest.n);
    rest = slice_ltrim(rest);
    return rest.n && rest.p[0] == '|';
}

static bool is_word(struct slice line)
{
    return slice_chr(line, ' ', 0) == SIZE_MAX;
}

static void check_said(int code, const struct str *out, const struct err *e)
{
    struct slice rest = str_slice(out), line;
    check_that(code == PM_YES || code == PM_NO || e->text[0], "a failure has its sentence");
    check_that(code != PM_YES || !out->n, "what is accepted is not talked about");
    check_that(code != PM_NO || slice_find(rest, SLICE("Not accepted."), 0) != SIZE_MAX,
               "what is rejected is told so");
    check_shown(rest);
    while (slice_split(&rest, '\n', &line))
        check_that(is_source(line) || utf8_width(line) <= WIDTH || is_word(slice_trim(line)),
                   "a pusher's terminal holds a line");
}

/* Nothing but what was listed was there. */
static void check_gate(int code, struct slice pushed)
{
    struct slice line;
    while (code == PM_YES && !listed.n && slice_split(&pushed, '\n', &line)) {
        struct slice ref = slice_sub(line, 2 * (OID_HEX + 1), line.n);
        bool bad = slice_eqz(slice_sub(line, OID_HEX + 1, OID_HEX), server.bad);
        check_that(!bad || !(slice_starts(ref, SLICE("refs/heads/")) ||
                             slice_starts(ref, SLICE("refs/tags/"))),
                   "no incomplete postmortem is accepted");
    }
}

static void give(struct slice input)
{
    check_that(ftruncate(server.input, 0) == 0 && lseek(server.input, 0, SEEK_SET) == 0 &&
                   file_write_fd(server.input, input) == 0 &&
                   lseek(server.input, 0, SEEK_SET) == 0,
               "there is standard input");
}

static void leave(void)
{
    zone_free(server.zone);
}

static void start(void)
{
    struct str path = STR_INIT, bad = STR_INIT;
    struct err e = ERR_INIT;
    scripted_make(script);
    atexit(leave);
    server.zone = zone_fixed(0);
    str_addf(&path, "%s/bad", scripted);
    check_that(file_read(&bad, path.p, 100, NULL, &e) == 0 && bad.n == OID_HEX + 1, "there is a commit");
    memcpy(server.bad, bad.p, OID_HEX);
    FILE *input = tmpfile();
    check_that(input && dup2(fileno(input), STDIN_FILENO) == STDIN_FILENO, "there is a file");
    fclose(input);
    server.input = STDIN_FILENO;
    str_release(&path);
    str_release(&bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_from((const char *)data, size), pushed = {0}, rules = {0};
    struct context c = {.argv0 = "pm", .out = STR_INIT, .now = 1773964800, .today = {2026, 3, 20}};
    struct err e = ERR_INIT;
    struct str value = STR_INIT;
    if (!server.zone)
        start();
    listed = (struct slice){0};
    if (slice_split(&rest, '\xff', &pushed) && slice_split(&rest, '\xff', &listed))
        slice_split(&rest, '\xff', &rules);
    str_adds(&value, slice_sub(rules, 0, slice_chr(rules, '\0', 0)));
    setenv("GIT_CONFIG_COUNT", value.n ? "1" : "0", 1);
    setenv("GIT_CONFIG_KEY_0", "pm.rulesFrom", 1);
    setenv("GIT_CONFIG_VALUE_0", value.p, 1);
    struct repo_where where = {scripted, NULL};
    check_that(repo_open(&c.repo, &where, &e) == 0, e.text);
    c.zone = server.zone;
    c.printer = (struct printer){.out = &c.out};
    give(pushed);
    int code = hook_pre_receive(&c, &e);
    check_said(code, &c.out, &e);
    check_gate(code, pushed);
    repo_free(c.repo);
    str_release(&c.out);
    str_release(&value);
    return 0;
}
