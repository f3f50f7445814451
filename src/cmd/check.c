#include "check_private.h"

#include <string.h>

#include "pm/caps.h"
#include "pm/document.h"
#include "pm/presence.h"

struct check_command {
    bool all, staged, strict, info, diff, fix, dry_run, write_baseline;
    struct opt_list rules;
    const char *format, *as, *stdin_path;
};

static const char *const formats[] = {"text", "json", "jsonl", "github", "sarif", NULL};
static const char *const statuses[] = {"review", NULL};

static const struct opt opts[] = {
    {.name = "all", .kind = OPT_FLAG, .offset = offsetof(struct check_command, all),
     .help = "every postmortem, not only what differs from HEAD"},
    {.name = "staged", .kind = OPT_FLAG, .offset = offsetof(struct check_command, staged),
     .help = "what is staged, as the next commit will have it"},
    {.name = "diff", .kind = OPT_FLAG, .offset = offsetof(struct check_command, diff),
     .help = "only findings on changed lines and about a document as a whole"},
    {.name = "fix", .kind = OPT_FLAG, .offset = offsetof(struct check_command, fix),
     .help = "mend what has one right answer, then check"},
    {.name = "dry-run", .kind = OPT_FLAG, .offset = offsetof(struct check_command, dry_run),
     .help = "with --fix: print a patch and write nothing"},
    {.name = "as", .kind = OPT_CHOICE, .argument = "STATUS", .choices = statuses,
     .offset = offsetof(struct check_command, as),
     .help = "hold drafts to the rules of another status"},
    {.name = "strict", .kind = OPT_FLAG, .offset = offsetof(struct check_command, strict),
     .help = "exit 1 for warnings too"},
    {.name = "info", .kind = OPT_FLAG, .offset = offsetof(struct check_command, info),
     .help = "list recommendations too"},
    {.name = "rule", .kind = OPT_LIST, .argument = "RULE",
     .offset = offsetof(struct check_command, rules), .help = "only the findings of this rule"},
    {.name = "write-baseline", .kind = OPT_FLAG,
     .offset = offsetof(struct check_command, write_baseline),
     .help = "accept what --all finds: write " BASELINE_PATH},
    {.name = "format", .letter = 'f', .kind = OPT_CHOICE, .argument = "FORMAT",
     .choices = formats, .offset = offsetof(struct check_command, format), .help = "how to print"},
    {.name = "stdin-path", .kind = OPT_STRING, .argument = "PATH",
     .offset = offsetof(struct check_command, stdin_path),
     .help = "the path that standard input ('-') would have"},
    {0},
};

/* By one thread. */
struct judged {
    struct kept_findings findings;
    struct findings claimed; /* holds what the claims borrow */
    struct claims claims, changed_ids, drafts, references;
    VEC(struct slice) ids;   /* that are stated */
    struct set_aside aside;
    struct str accepted; /* --write-baseline: the lines that accept what was found */
    size_t ndrafts;
    bool draft_helps; /* one with errors would have none as a draft */
};

struct checking {
    const struct check_command *options;
    struct choice choice;
    struct baseline baseline;
    bool has_baseline;
    bool broken_rules; /* there are mistakes in the files of .pm/ */
    struct checker *checker;
    struct presence *presence;
    struct promises promises;
    bool only[RULE_COUNT]; /* --rule */
    bool all;        /* every document was asked for */
    bool asks_draft; /* whether to be a draft would help */
    struct schema *pushed_schema;  /* of a push that is judged by other rules than its own: */
    struct checker *pushed_rules;  /* its own must be sound, too */
    struct judged judged[CORPUS_THREADS];
    struct kept_findings findings;
    struct set_aside aside;
    struct check_total total;
};

/* ---- what is said ---- */

static void count(struct checking *k)
{
    k->total.documents = k->choice.which.n + (k->choice.typed != NULL);
    k->total.errors = k->findings.count[LEVEL_ERROR];
    k->total.warnings = k->findings.count[LEVEL_WARNING];
    k->total.infos = k->findings.count[LEVEL_INFO];
    k->total.unlisted = k->findings.cut;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++)
        k->total.drafts += k->judged[thread].ndrafts;
    for (enum level l = LEVEL_INFO; l <= LEVEL_ERROR; l++) {
        k->total.inherited += k->aside.inherited[l];
        k->total.accepted += k->aside.accepted[l];
    }
}

/* Takes findings out of the list, from `first` on, that are to be accepted. */
static void accept(struct findings *f, size_t first, struct str *lines)
{
    for (size_t i = first; i < f->n; i++)
        if (f->v[i].level > LEVEL_INFO && rule_can_be_accepted(f->v[i].rule))
            baseline_add_line(lines, &f->v[i]);
    f->n = first;
}

static bool has_error(const struct findings *f, size_t first)
{
    for (size_t i = first; i < f->n; i++)
        if (f->v[i].level == LEVEL_ERROR)
            return true;
    return false;
}

/* Nobody makes a draft again of what was published. */
static bool could_be_draft(const struct postmortem *before, const struct postmortem *pm)
{
    return pm->status != STATUS_DRAFT && !(before && before->status == STATUS_PUBLISHED);
}

static void judge_one(struct checking *k, struct judged *j, const struct postmortem *before,
                      const struct postmortem *pm)
{
    struct claim claim;
    struct findings *list = &j->findings.list;
    size_t first = list->n, nevents;
    const struct promise_event *const *events = promises_at(&k->promises, pm->path, &nevents);
    checker_change(k->checker, before, pm, list, &j->aside);
    checker_reopened(k->checker, pm, events, nevents, list);
    if (k->options->diff)
        diff_keep(list, first, before, pm);
    if (k->options->write_baseline)
        accept(list, first, &j->accepted);
    if (k->asks_draft && !j->draft_helps)
        j->draft_helps = could_be_draft(before, pm) && has_error(list, first) &&
                         would_pass_as_draft(k->checker, pm);
    kept_count(&j->findings, first);
    j->ndrafts += pm->status == STATUS_DRAFT && !k->options->as;
    if (checker_claim(k->checker, before, pm, &j->claimed, &claim))
        vec_push(&j->claims, claim);
    if (checker_changed_id(k->checker, before, pm, &j->claimed, &claim))
        vec_push(&j->changed_ids, claim);
    if (checker_draft(k->checker, pm, &j->claimed, &claim))
        vec_push(&j->drafts, claim);
    for (size_t at = 0; checker_reference(k->checker, before, pm, &at, &j->claimed, &claim);)
        vec_push(&j->references, claim);
    if (pm->id_from == ID_STATED)
        vec_push(&j->ids, arena_dup(&j->claimed.arena, pm->id));
}

static void judge_document(void *ctx, unsigned thread, size_t place, struct postmortem *before,
                           struct postmortem *pm)
{
    struct checking *k = ctx;
    (void)place;
    judge_one(k, &k->judged[thread], before, pm);
    postmortem_free(before);
    postmortem_free(pm);
}

static void take_claims(struct claims *out, struct claims *from)
{
    for (size_t i = 0; i < from->n; i++)
        vec_push(out, from->v[i]);
    vec_release(from);
}

/* What each document said, about all of them together. */
static int judge_claims(struct context *c, struct checking *k, struct err *e)
{
    struct judged *first = &k->judged[0];
    struct findings *all = &k->findings.list;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        struct judged *j = &k->judged[thread];
        arena_take(&all->arena, &j->claimed.arena);
        if (j == first)
            continue;
        take_claims(&first->claims, &j->claims);
        take_claims(&first->changed_ids, &j->changed_ids);
        take_claims(&first->drafts, &j->drafts);
        take_claims(&first->references, &j->references);
        for (size_t i = 0; i < j->ids.n; i++)
            vec_push(&first->ids, j->ids.v[i]);
    }
    struct claims *ids = &first->claims, *changed = &first->changed_ids, *drafts = &first->drafts;
    if (claims_of_others(c, &k->choice, k->checker, ids, &all->arena, e))
        return -1;
    checker_claims(ids->v, ids->n, all);
    if (check_changed_ids(c, &k->choice, changed->v, changed->n, all, e) ||
        check_drafts(c, &k->choice, drafts->v, drafts->n, all, e))
        return -1;
    return check_references(c, &k->choice, k->checker, &first->references, first->ids.v,
                            first->ids.n, all, e);
}

static void find_unmerged(const struct checking *k, struct map *paths)
{
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        const struct findings *f = &k->judged[thread].findings.list;
        for (size_t i = 0; i < f->n; i++)
            if (f->v[i].rule == RULE_CONFLICT_MARKER)
                map_put(paths, f->v[i].path, paths);
    }
}

/* Between conflict markers no item can be read: whether one is gone is seen without them. */
static void drop_unmerged(const struct checking *k, struct findings *f)
{
    struct map paths = MAP_INIT;
    size_t n = 0;
    find_unmerged(k, &paths);
    for (size_t i = 0; i < f->n; i++)
        if (f->v[i].rule != RULE_ACTION_DROPPED || !map_get(&paths, f->v[i].path))
            f->v[n++] = f->v[i];
    f->n = n;
    map_release(&paths);
}

static void gather(struct checking *k)
{
    struct findings *all = &k->findings.list;
    drop_unmerged(k, all);
    checker_settle(k->checker, all, &k->aside);
    if (k->options->write_baseline)
        accept(all, 0, &k->judged[0].accepted);
    for (size_t i = 0; i < all->n; i++)
        k->findings.count[all->v[i].level]++;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        kept_take(&k->findings, &k->judged[thread].findings);
        for (enum level l = LEVEL_INFO; l <= LEVEL_ERROR; l++) {
            k->aside.inherited[l] += k->judged[thread].aside.inherited[l];
            k->aside.accepted[l] += k->judged[thread].aside.accepted[l];
        }
    }
    kept_finish(&k->findings);
}

/* A rule that is asked for by name is listed, whatever its level. */
static bool lists_infos(const struct checking *k)
{
    return k->options->info || k->options->rules.n;
}

/* What lists no recommendations need not hold them. */
static void prepare(struct checking *k)
{
    const char *format = k->options->format;
    bool json = format && (strcmp(format, "json") == 0 || strcmp(format, "jsonl") == 0);
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        str_init(&k->judged[thread].accepted);
        k->judged[thread].findings.without_infos = !json && !lists_infos(k);
    }
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

static int make_checker(struct context *c, struct checking *k, struct err *e)
{
    struct check_options options = {.today = c->today, .now = c->now};
    options.only = k->options->rules.n ? k->only : NULL;
    options.as_review = k->options->as && strcmp(k->options->as, "review") == 0;
    int found = baseline_read(&k->baseline, c->repo, &k->choice.state, e);
    if (found < 0)
        return -1;
    k->has_baseline = found;
    options.baseline = k->options->write_baseline ? NULL : &k->baseline;
    struct document *template = NULL;
    if (template_document(&template, c, &k->choice.state, e))
        return -1;
    options.template = template;
    if (!k->choice.typed || k->options->stdin_path) {
        k->presence = presence_new(&k->choice.state, c->repo);
        options.there = presence_has;
        options.there_ctx = k->presence;
    }
    k->checker = checker_new(k->choice.state.schema, &options);
    document_free(template);
    return 0;
}

static int judge(struct context *c, struct checking *k, struct err *e)
{
    struct choice *choice = &k->choice;
    const struct change_visitor visitor = {
        .visit = judge_document, .ctx = k,
        .formers = choice->compared ? choice->former.v : NULL};
    prepare(k);
    checker_schema(k->pushed_rules ? k->pushed_rules : k->checker, &k->findings.list);
    k->broken_rules = k->findings.list.n > 0;
    if (choice->typed)
        judge_one(k, &k->judged[0], NULL, choice->typed);
    int failed = check_read_promises(&k->promises, c, choice, k->checker, e) ||
                 check_dropped(c, choice, k->checker, &k->promises, &k->findings.list, e);
    if (!failed && choice->which.n)
        failed = corpus_each_change(c->repo, &choice->state, choice->which.v, choice->which.n,
                                    &visitor, e);
    if (!failed)
        failed = check_unseen(c, choice, k->all, k->checker, &k->findings.list, e);
    if (!failed && choice->state.selection.root && choice->which.n)
        say("no folder is named like one of postmortems, so the Markdown files at the top are "
            "taken for them ('documents' in .pm/schema.yaml says otherwise)");
    if (!failed && k->presence && presence_failure(k->presence))
        say("not every link was followed: %s", presence_failure(k->presence));
    failed = failed || judge_claims(c, k, e);
    gather(k);
    count(k);
    return failed ? -1 : 0;
}

/* What a change did not add is told by its number, and how to see it. */
static void print_inherited(struct context *c, const struct checking *k)
{
    const size_t *by_level = k->aside.inherited;
    size_t n = by_level[LEVEL_ERROR] + by_level[LEVEL_WARNING];
    if (lists_infos(k))
        n += by_level[LEVEL_INFO];
    if (n)
        str_addf(&c->out,
                 "%zu finding%s stood there before and %s not counted: 'pm check %s' lists %s\n", n,
                 n == 1 ? "" : "s", n == 1 ? "is" : "are", k->choice.of_commit ? "REV" : "PATH",
                 n == 1 ? "it" : "them");
}

/* " (2 accepted, 3 recommendations: --info)" */
static void print_rest(struct context *c, const struct check_total *t, size_t infos)
{
    const char *between = " (";
    if (t->accepted) {
        str_addf(&c->out, "%s%zu accepted", between, t->accepted);
        between = ", ";
    }
    if (t->drafts) {
        str_addf(&c->out, "%s%zu draft%s: --as review", between, t->drafts, t->drafts == 1 ? "" : "s");
        between = ", ";
    }
    if (infos) {
        str_addf(&c->out, "%s%zu recommendation%s: --info", between, infos, infos == 1 ? "" : "s");
        between = ", ";
    }
    str_addz(&c->out, *between == ',' ? ")" : "");
}

static void print_unlisted(struct context *c, const struct checking *k)
{
    size_t n = k->total.unlisted;
    if (n)
        str_addf(&c->out, "%zu more finding%s not listed: at most %u are\n", n,
                 n == 1 ? " is" : "s are", CAP_RUN_FINDINGS);
}

static void print_total(struct context *c, const struct checking *k)
{
    const struct check_total *t = &k->total;
    if (k->findings.list.n && (t->errors || t->warnings || lists_infos(k)))
        str_addc(&c->out, '\n');
    print_unlisted(c, k);
    const char *s = t->documents == 1 ? "" : "s";
    if (k->choice.state.schema->broken)
        str_addf(&c->out, "%zu postmortem%s not judged until the schema can be read: ",
                 t->documents, s);
    else
        str_addf(&c->out, "%zu postmortem%s checked: ", t->documents, s);
    if (!t->errors && !t->warnings)
        str_addz(&c->out, "no errors, no warnings");
    else
        str_addf(&c->out, "%zu error%s, %zu warning%s", t->errors, t->errors == 1 ? "" : "s",
                 t->warnings, t->warnings == 1 ? "" : "s");
    print_rest(c, t, lists_infos(k) ? 0 : t->infos);
    str_addc(&c->out, '\n');
    print_inherited(c, k);
}

static void say_unlisted(const struct checking *k)
{
    size_t n = k->total.unlisted;
    if (n)
        say("%zu more finding%s not listed: at most %u are", n, n == 1 ? " is" : "s are",
            CAP_RUN_FINDINGS);
}

/* What code hosts show at the lines of a change, maybe to everybody. */
static void print_for_hosts(struct context *c, struct checking *k, bool sarif)
{
    size_t private = findings_drop_private(&k->findings.list);
    if (private)
        say("%zu finding%s for the author and the reviewers only: --format text lists %s", private,
            private == 1 ? " is" : "s are", private == 1 ? "it" : "them");
    if (!lists_infos(k))
        findings_drop_infos(&k->findings.list, 0);
    if (sarif) {
        render_findings_sarif(&c->out, &k->findings.list);
        say_unlisted(k);
    } else {
        render_findings_github(&c->out, &k->findings.list, &k->total);
        print_total(c, k);
    }
}

static void print_findings(struct context *c, struct checking *k)
{
    const char *format = k->options->format ? k->options->format : "text";
    if (strcmp(format, "json") == 0) {
        render_findings_json(&c->out, &k->findings.list, &k->total);
    } else if (strcmp(format, "jsonl") == 0) {
        render_findings_jsonl(&c->out, &k->findings.list);
        say_unlisted(k);
    } else if (strcmp(format, "text") == 0) {
        render_findings_text(&c->printer, &k->findings.list, lists_infos(k));
        if (k->total.documents || k->findings.list.n)
            print_total(c, k);
    } else {
        print_for_hosts(c, k, strcmp(format, "sarif") == 0);
    }
}

/* Where there is nothing to check, say why: silence would look like "all is well". */
static int say_if_none(struct context *c, const struct checking *k, struct err *e)
{
    if (k->choice.typed || state_count(&k->choice.state) ||
        (repo_is_bare(c->repo) && !k->choice.of_commit))
        return 0;
    return say_none_found(c, &k->choice.state, k->choice.of_commit ? &k->choice.commit : NULL, e);
}

static void checking_release(struct checking *k)
{
    checker_free(k->checker);
    presence_free(k->presence);
    promises_release(&k->promises);
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++) {
        struct judged *j = &k->judged[thread];
        vec_release(&j->claims);
        vec_release(&j->changed_ids);
        vec_release(&j->drafts);
        vec_release(&j->references);
        vec_release(&j->ids);
        findings_release(&j->claimed);
        str_release(&j->accepted);
    }
    findings_release(&k->findings.list);
    baseline_release(&k->baseline);
    checker_free(k->pushed_rules);
    schema_free(k->pushed_schema);
    choice_release(&k->choice);
}

/* --fix. *done: that is all, and the exit code is that of the command; -1: an error. */
static int mend(struct context *c, struct checking *k, bool *done, struct err *e)
{
    const struct check_command *o = k->options;
    const struct fix_options how = {k->checker, o->dry_run, !o->rules.n};
    size_t n;
    if (fix_allowed(c, &k->choice, e) || fix_documents(c, &k->choice, &how, &n, e))
        return -1;
    if (!n && !k->choice.typed)
        say("there is nothing that can be fixed");
    *done = o->dry_run || k->choice.typed;
    return o->dry_run && n ? PM_NO : PM_YES;
}

static int accept_all(struct context *c, struct checking *k, const struct operands *operands,
                      struct err *e)
{
    const struct choice_options wanted = {.all = true};
    const struct check_command *o = k->options;
    struct str *lines = &k->judged[0].accepted;
    if (operands->n || o->staged || o->rules.n || o->diff || o->fix || c->global.at)
        return err_usage(e, "'--write-baseline' accepts what '--all' finds in the worktree: give "
                            "neither names, nor '--staged', '--rule', '--diff', '--fix' or '--at'");
    if (context_worktree(c, "'--write-baseline'", e) ||
        choice_make(&k->choice, c, &wanted, operands, e) || say_if_none(c, k, e) ||
        make_checker(c, k, e) || judge(c, k, e))
        return -1;
    if (k->broken_rules)
        return err_set(e, "there are mistakes in .pm/schema.yaml or .pm/tags.yaml: mend them "
                          "first, 'pm check' tells where");
    for (unsigned thread = 1; thread < CORPUS_THREADS; thread++)
        str_adds(lines, str_slice(&k->judged[thread].accepted));
    return baseline_write(c, &k->baseline, k->has_baseline, lines, e) ? -1 : PM_YES;
}

static int check(struct context *c, struct checking *k, const struct operands *operands,
                 struct err *e)
{
    const struct check_command *o = k->options;
    const struct choice_options wanted = {o->all, o->staged, o->stdin_path};
    if (o->dry_run && !o->fix)
        return err_usage(e, "'--dry-run' says what '--fix' would do: give both");
    if (choose_rules(o, k->only, e) || choice_make(&k->choice, c, &wanted, operands, e) ||
        say_if_none(c, k, e) || make_checker(c, k, e))
        return -1;
    if (o->diff && !k->choice.compared)
        return err_usage(e, "'--diff' compares what changed: give A..B or '--staged', or nothing "
                            "for the worktree");
    if (o->fix) {
        bool done;
        int code = mend(c, k, &done, e);
        if (code < 0 || done)
            return code;
    }
    if (judge(c, k, e))
        return -1;
    print_findings(c, k);
    return k->total.errors || (o->strict && k->total.warnings) ? PM_NO : PM_YES;
}

static bool draft_helps_any(const struct checking *k)
{
    bool helps = false;
    for (unsigned thread = 0; thread < CORPUS_THREADS; thread++)
        helps |= k->judged[thread].draft_helps;
    return helps;
}

int check_staged(struct context *c, bool *draft_helps, struct err *e)
{
    struct check_command options = {.staged = true};
    struct checking k = {.options = &options, .asks_draft = true};
    int code = check(c, &k, &(struct operands){0}, e);
    *draft_helps = draft_helps_any(&k);
    checking_release(&k);
    return code;
}

/* Mistakes in the rules that apply are not of this push; but where they cannot be read at all, nothing
 * could be judged. */
static int read_pushed_rules(struct context *c, struct checking *k, const struct pushed *p,
                             struct err *e)
{
    const struct check_options options = {.today = c->today, .now = c->now};
    if (!p->rules)
        return 0;
    if (k->choice.state.schema->broken)
        return err_set(e, "the rules that pm.rulesFrom names cannot be read");
    if (schema_of_commit(&k->pushed_schema, c->repo, &p->head, e))
        return -1;
    k->pushed_rules = checker_new(k->pushed_schema, &options);
    return 0;
}

int check_pushed(struct context *c, const struct pushed *p, bool *draft_helps, struct err *e)
{
    struct check_command options = {.all = false};
    struct checking k = {.options = &options, .asks_draft = true};
    int code = -1;
    if (choice_of_push(&k.choice, c, p, e) == 0 && make_checker(c, &k, e) == 0 &&
        read_pushed_rules(c, &k, p, e) == 0 && judge(c, &k, e) == 0) {
        code = k.total.errors ? PM_NO : PM_YES;
        if (k.total.errors) {
            render_findings_text(&c->printer, &k.findings.list, false);
            print_unlisted(c, &k);
        }
        *draft_helps = draft_helps_any(&k);
    }
    checking_release(&k);
    return code;
}

static int cmd_check(struct context *c, void *options, const struct operands *operands,
                     struct err *e)
{
    const struct check_command *wanted = options;
    struct checking k = {.options = wanted, .all = wanted->all || wanted->write_baseline};
    int code = k.options->write_baseline ? accept_all(c, &k, operands, e)
                                         : check(c, &k, operands, e);
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
