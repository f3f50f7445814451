#include "pm/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pm/caps.h"
#include "pm/file.h"
#include "pm/path.h"

struct check_command {
    bool all, staged, strict, info;
    struct opt_list rules;
    const char *format, *as, *stdin_path;
};

static const char *const formats[] = {"text", "json", "jsonl", NULL};
static const char *const statuses[] = {"review", NULL};

static const struct opt opts[] = {
    {.name = "all", .kind = OPT_FLAG, .offset = offsetof(struct check_command, all),
     .help = "every postmortem, not only what differs from HEAD"},
    {.name = "staged", .kind = OPT_FLAG, .offset = offsetof(struct check_command, staged),
     .help = "what is staged, as the next commit will have it"},
    {.name = "as", .kind = OPT_CHOICE, .argument = "STATUS", .choices = statuses,
     .offset = offsetof(struct check_command, as),
     .help = "review: hold drafts to the full rules too"},
    {.name = "strict", .kind = OPT_FLAG, .offset = offsetof(struct check_command, strict),
     .help = "exit 1 for warnings too"},
    {.name = "info", .kind = OPT_FLAG, .offset = offsetof(struct check_command, info),
     .help = "list recommendations too"},
    {.name = "rule", .kind = OPT_LIST, .argument = "RULE",
     .offset = offsetof(struct check_command, rules), .help = "only the findings of this rule"},
    {.name = "format", .letter = 'f', .kind = OPT_CHOICE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct check_command, format),
     .help = "text, json or jsonl"},
    {.name = "stdin-path", .kind = OPT_STRING, .argument = "PATH",
     .offset = offsetof(struct check_command, stdin_path),
     .help = "the path that standard input ('-') would have"},
    {0},
};

/* By one thread. */
struct judged {
    struct kept_findings findings;
    struct findings claimed; /* holds what the claims borrow */
    VEC(struct claim) claims;
    bool finished; /* one with errors is no draft */
};

struct checking {
    const struct check_command *options;
    struct state state;
    struct oid commit;        /* of the state; of_commit */
    bool of_commit;
    VEC(size_t) which;        /* indices into state.files */
    struct postmortem *typed; /* from standard input */
    struct checker *checker;
    struct judged judged[CORPUS_THREADS];
    struct kept_findings findings;
    struct check_total total;
};

/* ---- which documents ---- */

static void take_all(struct checking *k)
{
    for (size_t i = 0; i < state_count(&k->state); i++)
        vec_push(&k->which, i);
}

static void take_pending(struct checking *k, const struct pending_list *pending)
{
    for (size_t i = 0; i < pending->n; i++) {
        size_t found = snapshot_find(k->state.files, pending->v[i].path);
        if (found != SIZE_MAX)
            vec_push(&k->which, found);
    }
}

static int choose_staged(struct context *c, struct checking *k, struct err *e)
{
    struct pending_list pending = {0};
    if (state_of_index(&k->state, c->repo, e) || pending_staged(&pending, c->repo, e))
        return -1;
    take_pending(k, &pending);
    pending_release(&pending);
    return 0;
}

static int choose_changed(struct context *c, struct checking *k, struct err *e)
{
    struct pending_list pending = {0};
    if (state_of_worktree(&k->state, c->repo, e) || pending_worktree(&pending, c->repo, e))
        return -1;
    take_pending(k, &pending);
    pending_release(&pending);
    if (!k->which.n && state_count(&k->state))
        say("no postmortem in the worktree differs from HEAD: 'pm check --all' checks every one");
    return 0;
}

static int choose_all(struct context *c, struct checking *k, struct err *e)
{
    if (!repo_is_bare(c->repo) && !c->global.at) {
        if (state_of_worktree(&k->state, c->repo, e))
            return -1;
    } else {
        int born = context_tip(c, &k->commit, e);
        if (born < 0 || (born ? state_of_commit(&k->state, c->repo, &k->commit, e)
                              : state_of_nothing(&k->state, e)))
            return -1;
        k->of_commit = born;
    }
    take_all(k);
    return 0;
}

/* An operand as a path below the top of the repository: true, or false when it leads out of it. */
static bool repository_path(struct context *c, const char *operand, struct str *out)
{
    const char *top = repo_worktree(c->repo);
    struct slice path = slice_of(operand);
    if (top && slice_starts(path, slice_of(top)))
        return path_join(out, SLICE(""), slice_sub(path, strlen(top), path.n));
    return path.n && path.p[0] != '/' && path_join(out, slice_of(repo_prefix(c->repo)), path);
}

/* A file, or every postmortem below a folder. Returns how many postmortems that is. */
static size_t take_path(struct checking *k, struct slice path, bool *taken)
{
    size_t found = 0;
    for (size_t i = 0; i < state_count(&k->state); i++) {
        struct slice file = snapshot_file(k->state.files, i)->path;
        bool below = !path.n || (slice_starts(file, path) && file.n > path.n &&
                                 (file.p[path.n] == '/' || path.p[path.n - 1] == '/'));
        if (!below && !slice_eq(file, path))
            continue;
        found++;
        if (!taken[i])
            vec_push(&k->which, i);
        taken[i] = true;
    }
    return found;
}

static int choose_paths(struct context *c, struct checking *k, const struct operands *o,
                        struct err *e)
{
    bool inside = true;
    if (state_of_worktree(&k->state, c->repo, e))
        return -1;
    bool *taken = xcalloc(state_count(&k->state) + 1, sizeof *taken);
    for (size_t i = 0; i < o->n && inside; i++) {
        struct str path = STR_INIT;
        inside = repository_path(c, o->v[i], &path);
        if (!inside)
            err_usage(e, "'%s' is outside of this repository", o->v[i]);
        else if (!take_path(k, str_slice(&path), taken) && state_count(&k->state))
            say("'%s' is skipped: by 'documents' of the schema it is no postmortem and holds none",
                o->v[i]);
        str_release(&path);
    }
    free(taken);
    return inside ? 0 : -1;
}

static int choose_commit(struct context *c, struct checking *k, const char *name, struct err *e)
{
    if (commit_resolve(c->repo, c->zone, name, &k->commit, NULL, e) ||
        state_of_commit(&k->state, c->repo, &k->commit, e))
        return -1;
    k->of_commit = true;
    take_all(k);
    return 0;
}

static int take_change(void *ctx, const struct change *change)
{
    struct checking *k = ctx;
    size_t found = snapshot_find(k->state.files, change->path);
    if (!oid_is_zero(&change->after) && found != SIZE_MAX)
        vec_push(&k->which, found);
    return 0;
}

static bool change_wanted(void *ctx, struct slice path, bool folder)
{
    struct checking *k = ctx;
    return selection_wanted(&k->state.selection, path, folder);
}

static int tree_of(struct context *c, const struct oid *id, struct oid *tree, struct err *e)
{
    struct commit commit;
    if (commit_read(c->repo, id, &commit, e))
        return -1;
    *tree = commit.tree;
    commit_release(&commit);
    return 0;
}

static int choose_range(struct context *c, struct checking *k, const char *range, struct err *e)
{
    struct range r;
    struct oid before = {{0}}, after;
    struct differ *differ;
    if (range_resolve(c, range, &r, e) ||
        (r.related && tree_of(c, &r.base, &before, e)) || tree_of(c, &r.head, &after, e) ||
        state_of_commit(&k->state, c->repo, &r.head, e))
        return -1;
    differ = differ_new(c->repo);
    int result = differ_run(differ, &before, &after, change_wanted, take_change, k, e);
    differ_free(differ);
    k->commit = r.head;
    k->of_commit = true;
    if (result == 0 && !k->which.n && state_count(&k->state))
        say("no postmortem differs in '%s'", range);
    return result;
}

static int choose_stdin(struct context *c, struct checking *k, struct err *e)
{
    struct str text = STR_INIT;
    struct zones *zones;
    size_t n;
    bool too_large = false;
    const char *path = k->options->stdin_path ? k->options->stdin_path : "standard input";
    if (repo_is_bare(c->repo) ? choose_all(c, k, e) : state_of_worktree(&k->state, c->repo, e))
        return -1;
    vec_clear(&k->which);
    if (file_read_fd(&text, STDIN_FILENO, CAP_DOCUMENT_BYTES, &too_large, e) && !too_large)
        return -1;
    zones = zones_new();
    struct reader reader = {k->state.schema, zones_find, zones};
    char *bytes = str_detach(&text, &n);
    if (too_large) {
        free(bytes);
        k->typed = postmortem_too_large(&reader, slice_of(path));
    } else {
        k->typed = postmortem_read(&reader, bytes, n, slice_of(path));
    }
    zones_free(zones);
    return 0;
}

/* A..B and not ../file: git, too, takes dots between two slashes for a folder. */
static bool is_range(const char *operand)
{
    const char *dots = strstr(operand, "..");
    return dots && dots[2] != '/' && operand[2] != '\0';
}

/* Is there such a file or folder, in the worktree or, deleted there, in the staging index? What is
 * outside of the repository counts, so that it is refused as that. */
static int is_path(struct context *c, const char *operand, struct err *e)
{
    const char *argv[] = {"ls-files", "-z", "--", NULL, NULL};
    struct str path = STR_INIT, full = STR_INIT, listed = STR_INIT;
    int found = 1;
    if (!repository_path(c, operand, &path))
        goto out;
    str_addf(&full, "%s%s", repo_worktree(c->repo), path.n ? path.p : "");
    if (file_exists(full.p))
        goto out;
    argv[3] = path.p;
    found = repo_ask(c->repo, argv, &listed, e) ? -1 : listed.n > 0;
out:
    str_release(&listed);
    str_release(&full);
    str_release(&path);
    return found;
}

static int choose_named(struct context *c, struct checking *k, const struct operands *o,
                        struct err *e)
{
    size_t npaths = 0;
    const char *other = NULL; /* the first that is no path */
    for (size_t i = 0; i < o->n; i++) {
        int found = repo_is_bare(c->repo) ? 0 : is_path(c, o->v[i], e);
        if (found < 0)
            return -1;
        npaths += found > 0;
        if (!found && !other)
            other = o->v[i];
    }
    if (!other)
        return choose_paths(c, k, o, e);
    if (o->n == 2 && !npaths)
        return err_usage(e, "'%s' does not exist here; two revisions are written as '%s..%s'",
                         other, o->v[0], o->v[1]);
    if (o->n > 1)
        return err_usage(e, "'%s' does not exist here", other);
    if (is_range(other))
        return choose_range(c, k, other, e);
    struct err why = ERR_INIT;
    if (choose_commit(c, k, other, &why) == 0)
        return 0;
    return err_usage(e, "'%s' is neither a file here nor a revision", other);
}

static int choose(struct context *c, struct checking *k, const struct operands *o, struct err *e)
{
    if (k->options->all + k->options->staged + (o->n > 0) > 1)
        return err_usage(e, "'--all', '--staged' and names of files or revisions exclude each other");
    if (k->options->staged)
        return choose_staged(c, k, e);
    if (k->options->all || (!o->n && (repo_is_bare(c->repo) || c->global.at)))
        return choose_all(c, k, e);
    if (!o->n)
        return choose_changed(c, k, e);
    if (o->n == 1 && strcmp(o->v[0], "-") == 0)
        return choose_stdin(c, k, e);
    return choose_named(c, k, o, e);
}

/* ---- what is said ---- */

static void count(struct checking *k)
{
    k->total.documents = k->which.n + (k->typed != NULL);
    k->total.errors = k->findings.count[LEVEL_ERROR];
    k->total.warnings = k->findings.count[LEVEL_WARNING];
    k->total.infos = k->findings.count[LEVEL_INFO];
    k->total.unlisted = k->findings.cut;
}

static void judge_document(void *ctx, unsigned thread, size_t place, struct postmortem *pm)
{
    struct checking *k = ctx;
    struct judged *j = &k->judged[thread];
    struct claim claim;
    (void)place;
    struct findings *list = &j->findings.list;
    size_t first = list->n;
    checker_document(k->checker, pm, list);
    for (size_t i = first; i < list->n; i++)
        j->finished |= pm->status != STATUS_DRAFT && list->v[i].level == LEVEL_ERROR;
    kept_count(&j->findings, first);
    if (checker_claim(k->checker, pm, &j->claimed, &claim))
        vec_push(&j->claims, claim);
    postmortem_free(pm);
}

static void gather(struct checking *k)
{
    VEC(struct claim) claims = VEC_INIT;
    struct findings *all = &k->findings.list;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        struct judged *j = &k->judged[thread];
        arena_take(&all->arena, &j->claimed.arena);
        for (size_t i = 0; i < j->claims.n; i++)
            vec_push(&claims, j->claims.v[i]);
        vec_release(&j->claims);
    }
    checker_claims(claims.v, claims.n, all);
    vec_release(&claims);
    for (size_t i = 0; i < all->n; i++)
        k->findings.count[all->v[i].level]++;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++)
        kept_take(&k->findings, &k->judged[thread].findings);
    kept_finish(&k->findings);
}

/* A rule that is asked for by name is listed, whatever its level. */
static bool lists_infos(const struct checking *k)
{
    return k->options->info || k->options->rules.n;
}

/* Text that will not list recommendations need not hold them. */
static void prepare(struct checking *k)
{
    bool text = !k->options->format || strcmp(k->options->format, "text") == 0;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++)
        k->judged[thread].findings.without_infos = text && !lists_infos(k);
}

static int choose_rules(const struct check_command *options, bool *only, struct err *e)
{
    for (size_t i = 0; i < options->rules.n; i++) {
        enum rule rule;
        if (!rule_by_name(slice_of(options->rules.v[i]), &rule))
            return err_no_rule(e, options->rules.v[i]);
        only[rule] = true;
    }
    return 0;
}

static int judge(struct context *c, struct checking *k, struct err *e)
{
    const struct visitor visitor = {judge_document, k, 0};
    bool only[RULE_COUNT] = {false};
    struct check_options options = {.today = c->today, .now = c->now};
    if (choose_rules(k->options, only, e))
        return -1;
    options.only = k->options->rules.n ? only : NULL;
    options.as_review = k->options->as && strcmp(k->options->as, "review") == 0;
    k->checker = checker_new(k->state.schema, &options);
    prepare(k);
    checker_schema(k->checker, &k->findings.list);
    if (k->typed)
        checker_document(k->checker, k->typed, &k->findings.list);
    int failed = 0;
    if (k->which.n)
        failed = corpus_each(c->repo, &k->state, k->which.v, k->which.n, &visitor, e);
    if (!failed && k->state.selection.root && k->which.n)
        say("no folder is named like one of postmortems, so the Markdown files at the top are "
            "taken for them ('documents' in .pm/schema.yaml says otherwise)");
    gather(k);
    count(k);
    checker_free(k->checker);
    return failed;
}

static void print_total(struct context *c, const struct checking *k)
{
    const struct check_total *t = &k->total;
    if (k->findings.list.n && (t->errors || t->warnings || lists_infos(k)))
        str_addc(&c->out, '\n');
    if (t->unlisted)
        str_addf(&c->out, "%zu more finding%s not listed: at most %u are\n", t->unlisted,
                 t->unlisted == 1 ? " is" : "s are", CAP_RUN_FINDINGS);
    const char *s = t->documents == 1 ? "" : "s";
    if (k->state.schema->broken)
        str_addf(&c->out, "%zu postmortem%s not judged until the schema can be read: ",
                 t->documents, s);
    else
        str_addf(&c->out, "%zu postmortem%s checked: ", t->documents, s);
    if (!t->errors && !t->warnings)
        str_addz(&c->out, "no errors, no warnings");
    else
        str_addf(&c->out, "%zu error%s, %zu warning%s", t->errors, t->errors == 1 ? "" : "s",
                 t->warnings, t->warnings == 1 ? "" : "s");
    if (t->infos && !lists_infos(k))
        str_addf(&c->out, " (%zu recommendation%s: --info)", t->infos, t->infos == 1 ? "" : "s");
    str_addc(&c->out, '\n');
}

static void print_findings(struct context *c, const struct checking *k)
{
    const char *format = k->options->format ? k->options->format : "text";
    if (strcmp(format, "json") == 0) {
        render_findings_json(&c->out, &k->findings.list, &k->total);
    } else if (strcmp(format, "jsonl") == 0) {
        render_findings_jsonl(&c->out, &k->findings.list);
        if (k->total.unlisted)
            say("%zu more findings are not listed: at most %u are", k->total.unlisted,
                CAP_RUN_FINDINGS);
    } else {
        render_findings_text(&c->printer, &k->findings.list, lists_infos(k));
        if (k->total.documents || k->findings.list.n)
            print_total(c, k);
    }
}

/* Where there is nothing to check, say why: silence would look like "all is well". */
static int say_if_none(struct context *c, const struct checking *k, struct err *e)
{
    if (k->typed || state_count(&k->state) || (repo_is_bare(c->repo) && !k->of_commit))
        return 0;
    return say_none_found(c, &k->state, k->of_commit ? &k->commit : NULL, e);
}

static void checking_release(struct checking *k)
{
    findings_release(&k->findings.list);
    postmortem_free(k->typed);
    vec_release(&k->which);
    state_release(&k->state);
}

static int check(struct context *c, struct checking *k, const struct operands *operands,
                 struct err *e)
{
    if (choose(c, k, operands, e) || say_if_none(c, k, e) || judge(c, k, e))
        return -1;
    print_findings(c, k);
    return k->total.errors || (k->options->strict && k->total.warnings) ? PM_NO : PM_YES;
}

int check_staged(struct context *c, bool *finished, struct err *e)
{
    struct check_command options = {.staged = true};
    struct checking k = {.options = &options};
    int code = check(c, &k, &(struct operands){0}, e);
    *finished = false;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++)
        *finished |= k.judged[thread].finished;
    checking_release(&k);
    return code;
}

static int cmd_check(struct context *c, void *options, const struct operands *operands,
                     struct err *e)
{
    struct checking k = {.options = options};
    int code = check(c, &k, operands, e);
    checking_release(&k);
    return code;
}

const struct command command_check = {
    .name = "check",
    .run = cmd_check,
    .needs = NEEDS_REPO | USES_PAGER,
    .usage = "[PATH... | REV | A..B | -]",
    .summary = "what is missing or wrong in postmortems",
    .opts = opts,
    .options_size = sizeof(struct check_command),
};
