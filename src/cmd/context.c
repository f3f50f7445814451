#include "pm/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pm/file.h"
#include "pm/utf8.h"

void say(const char *fmt, ...)
{
    struct str text = STR_INIT, line = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&text, fmt, ap);
    va_end(ap);
    str_addz(&line, "pm: ");
    utf8_add_visible(&line, str_slice(&text), true);
    str_addc(&line, '\n');
    /* A stderr that cannot be written to leaves nobody to tell. */
    (void)!file_write_fd(STDERR_FILENO, str_slice(&line));
    str_release(&line);
    str_release(&text);
}

int context_worktree(const struct context *c, const char *what, struct err *e)
{
    if (!repo_is_bare(c->repo))
        return 0;
    bool inside = !repo_config_bool(c->repo, "core.bare", true);
    return err_set(e, "%s needs a worktree, and '%s' is a %s", what, repo_git_dir(c->repo),
                   inside ? "git directory: start it in the worktree" : "bare repository");
}

/* ---- what is read ---- */

static bool reads_worktree(const struct context *c)
{
    return c->global.worktree && !repo_is_bare(c->repo);
}

/* With --at, "today" is the day asked about: that of the date, or of the commit. */
static int today_of(struct context *c, const struct oid *tip, bool by_date, struct err *e)
{
    struct commit commit;
    if (by_date && date_parse(slice_of(c->global.at), &c->today))
        return 0;
    if (commit_read(c->repo, tip, &commit, e))
        return -1;
    c->now = commit.committer.when;
    c->today = time_date_utc(c->now + zone_offset_at(c->zone, c->now));
    commit_release(&commit);
    return 0;
}

int context_tip(struct context *c, struct oid *tip, struct err *e)
{
    bool by_date = false;
    if (!c->global.at)
        return commit_head(c->repo, tip, e);
    if (commit_resolve(c->repo, c->zone, c->global.at, tip, &by_date, e) ||
        today_of(c, tip, by_date, e))
        return -1;
    struct date named;
    if (!by_date && date_parse(slice_of(c->global.at), &named))
        say("'%s' is the name of a revision here: it is taken as that, not as a date",
            c->global.at);
    return 1;
}

/* The worktree is what people look at while they write: when it holds other postmortems than the
 * commit that is read, say so once. */
static int say_pending(struct context *c, struct reading *r, struct err *e)
{
    struct pending_list pending = {0};
    size_t n = 0;
    if (!r->pending)
        return 0;
    int failed = pending_worktree_end(&pending, r->pending, c->repo, e);
    r->pending = NULL;
    for (size_t i = 0; i < pending.n; i++)
        n += selection_wanted(&r->state.selection, pending.v[i].path, false);
    if (n && state_count(&r->state))
        say("%zu postmortem%s in the worktree differ%s from HEAD, which is what is read (--worktree "
            "includes %s)", n, n == 1 ? "" : "s", n == 1 ? "s" : "", n == 1 ? "it" : "them");
    pending_release(&pending);
    return failed;
}

int say_none_found(struct context *c, const struct state *s, const struct oid *commit,
                   struct err *e)
{
    struct str folder = STR_INIT;
    size_t files;
    int found = state_hint(c->repo, s, commit, &folder, &files, e);
    if (found > 0)
        say("no postmortems found, but '%s' holds %zu Markdown file%s like one:\n"
            "    name %s in .pm/schema.yaml:  documents: [\"%s*.md\"]",
            folder.p, files, files == 1 ? " that looks" : "s that look", files == 1 ? "it" : "them",
            folder.p);
    else if (found == 0)
        say("no postmortems found: 'pm new' writes the first, 'pm help format' says where they "
            "are looked for");
    str_release(&folder);
    return found < 0 ? -1 : 0;
}

/* What HEAD has not, the worktree may have: postmortems, or a .pm/ that says where they are, that
 * nobody has committed yet. */
static int say_none_read(struct context *c, const struct reading *r, bool ask, struct err *e)
{
    struct state worktree;
    size_t n = 0;
    if (ask) {
        if (state_of_worktree(&worktree, c->repo, e))
            return -1;
        n = state_count(&worktree);
        state_release(&worktree);
    }
    if (!n)
        return say_none_found(c, &r->state, r->born && !reads_worktree(c) ? &r->tip : NULL, e);
    say("no postmortems at HEAD, which is what is read, but %zu in the worktree: commit %s and "
        ".pm/, or give --worktree", n, n == 1 ? "it" : "them");
    return 0;
}

static void say_mistakes(const char *file, size_t n)
{
    if (n)
        say("%s has %zu mistake%s, defaults apply there: 'pm check' tells %s", file, n,
            n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

static int read_state(struct context *c, struct reading *r, struct err *e)
{
    if (reads_worktree(c))
        return state_of_worktree(&r->state, c->repo, e);
    if (!r->born)
        return state_of_nothing(&r->state, e);
    return r->history ? state_of_history(&r->state, c->repo, &r->tip, e)
                      : state_of_commit(&r->state, c->repo, &r->tip, e);
}

static int begin_reading(struct context *c, struct reading *out, bool history, struct err *e)
{
    struct reading r = {.history = history};
    bool ask = !c->global.worktree && !c->global.at && !repo_is_bare(c->repo);
    int born = context_tip(c, &r.tip, e);
    if (born < 0 || (ask && pending_worktree_begin(&r.pending, c->repo, e)))
        return -1;
    r.born = born;
    int failed = read_state(c, &r, e);
    if (!failed) {
        say_mistakes(".pm/schema.yaml", r.state.schema->problems.n);
        say_mistakes(".pm/tags.yaml", r.state.schema->tag_problems.n);
        if (!state_count(&r.state))
            failed = say_none_read(c, &r, ask, e);
    }
    if (failed)
        return reading_finish(c, &r, -1, NULL);
    *out = r;
    return 0;
}

int context_reading(struct context *c, struct reading *out, struct err *e)
{
    return begin_reading(c, out, false, e);
}

int context_history(struct context *c, struct reading *out, struct err *e)
{
    return begin_reading(c, out, true, e);
}

bool reading_has_ledger(const struct context *c, const struct reading *r)
{
    return r->born || reads_worktree(c);
}

int reading_finish(struct context *c, struct reading *r, int code, struct err *e)
{
    if (code < 0) /* the tree that we could not read may keep git busy for ever */
        repo_ask_abandon(r->pending);
    else if (say_pending(c, r, e))
        code = -1;
    state_release(&r->state);
    return code;
}

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void show_progress(void *ctx, const char *what, size_t done, size_t total)
{
    struct long_work *work = ctx;
    size_t percent = total ? done * 100 / total : 0;
    if (milliseconds() - work->start < 500 || (work->shown && percent == work->percent))
        return;
    work->shown = true;
    work->percent = percent;
    fprintf(stderr, total ? "\r%s: %zu%%\033[K" : "\r%s: %zu\033[K", what, total ? percent : done);
}

chronicle_progress *long_work_begin(struct long_work *work)
{
    *work = (struct long_work){.start = milliseconds()};
    return isatty(STDERR_FILENO) ? show_progress : NULL;
}

void long_work_end(struct long_work *work)
{
    if (work->shown)
        fputs("\r\033[K", stderr);
}

/* With what is not committed. */
static int open_uncommitted(struct context *c, const struct reading *r, struct index **out,
                            chronicle_progress *progress, void *ctx, struct err *e)
{
    struct pending_list pending = {0};
    struct oid *heads = NULL;
    size_t nheads = 0;
    int failed = pending_worktree(&pending, c->repo, e) ||
                 pending_merge(&heads, &nheads, c->repo, e);
    if (!failed) {
        struct uncommitted step = {&pending, r->state.files, heads, nheads, c->now};
        failed = index_open_uncommitted(out, c->repo, &r->state, &r->tip, &step, progress, ctx, e);
    }
    pending_release(&pending);
    free(heads);
    return failed;
}

int context_index(struct context *c, const struct reading *r, int parts, struct index **out,
                  struct err *e)
{
    struct long_work work;
    chronicle_progress *progress = long_work_begin(&work);
    int failed = reads_worktree(c) && parts == INDEX_LEDGER
                     ? open_uncommitted(c, r, out, progress, &work, e)
                     : index_open(out, c->repo, &r->state, &r->tip, parts,
                                  c->global.at || c->global.worktree, progress, &work, e);
    long_work_end(&work);
    return failed;
}

void say_ledger_limits(const struct index_limits *limits)
{
    if (limits->unreadable)
        say("%zu postmortem%s cannot be read: what the last readable version says stands "
            "('pm check --all' says why)",
            limits->unreadable, limits->unreadable == 1 ? "" : "s");
    if (limits->shallow)
        say("this clone is shallow: items at its edge were opened on or before that day "
            "('git fetch --unshallow' gets the rest)");
}

/* One term: any of the values, or of those between the commas of each. */
static void add_term(struct str *text, const char *field, const char **values, size_t n)
{
    const char *between = ":";
    if (!n)
        return;
    str_addf(text, "%s%s", text->n ? " " : "", field);
    for (size_t i = 0; i < n; i++) {
        struct slice rest = slice_of(values[i]), value;
        while (slice_split(&rest, ',', &value)) {
            str_addz(text, between);
            query_add_quoted(text, slice_trim(value));
            between = ",";
        }
    }
}

/* A term for each: all of them must hold. */
static void add_terms(struct str *text, const char *field, const struct opt_list *values)
{
    for (size_t i = 0; i < values->n; i++)
        add_term(text, field, values->v + i, 1);
}

/* It goes into the query as it is, which reads many ways to write a date; but as one word. */
static bool is_one_date(const char *text)
{
    return !text || (*text && !strpbrk(text, " \t\r\n,()\"\\<>=") && !strstr(text, ".."));
}

int context_query(struct context *c, const struct operands *o, const struct query_flags *flags,
                  struct query_context *qc, struct arena *a, struct query **q, struct slice *text,
                  struct err *e)
{
    if (!is_one_date(flags->since) || !is_one_date(flags->until))
        return err_usage(e, "'--since' and '--until' take one date, such as 2026-03-17 or 2026-Q1");
    struct str joined = STR_INIT;
    const char *date = qc->items ? "opened" : "date";
    for (size_t i = 0; i < o->n; i++)
        str_addf(&joined, "%s%s", i ? " " : "", o->v[i]);
    bool several = joined.n && (flags->cause.n || flags->service.n || flags->severity.n ||
                                flags->owner.n || flags->since || flags->until);
    if (several) { /* a b OR c --cause x: the flags narrow all of it */
        char *plain = str_detach(&joined, NULL);
        str_addf(&joined, "(%s)", plain);
        free(plain);
    }
    add_terms(&joined, "cause", &flags->cause);
    add_terms(&joined, "service", &flags->service);
    add_term(&joined, "severity", flags->severity.v, flags->severity.n); /* each has but one */
    add_terms(&joined, "owner", &flags->owner);
    if (flags->since || flags->until)
        str_addf(&joined, "%s%s:%s..%s", joined.n ? " " : "", date,
                 flags->since ? flags->since : "", flags->until ? flags->until : "");
    *text = arena_dup(a, str_slice(&joined));
    str_release(&joined);
    qc->today = c->today;
    qc->now = c->now;
    if (query_parse(q, *text, qc, a, e) == 0)
        return 0;
    c->topic = "query";
    return -1;
}

void say_lower_or(struct slice query)
{
    struct slice word;
    bool quoted = false, found = false;
    for (size_t n = 0; slice_split(&query, ' ', &word); n++) {
        found = found || (n && query.n && !quoted && slice_eqz(word, "or"));
        for (size_t i = 0; i < word.n; i++)
            quoted ^= word.p[i] == '"';
    }
    if (found)
        say("'or' was looked for as a word: between alternatives it is written OR");
}

/* ---- rows as they are shown ---- */

struct path_view context_paths(const struct context *c)
{
    return (struct path_view){repo_prefix(c->repo), c->terminal, false};
}

static struct moment_view moment_view_of(const struct context *c, const struct people *people,
                                         const struct stamp *s, struct arena *a)
{
    struct moment_view v = {.known = s->known, .uncommitted = s->uncommitted, .at = s->at};
    if (s->known || s->uncommitted)
        v.day = time_date_utc(s->at + zone_offset_at(c->zone, s->at));
    if (!s->known)
        return v;
    char *hex = arena_alloc(a, OID_HEX + 1);
    oid_hex(&s->commit, hex);
    v.commit = hex;
    people_resolve(people, s->author, s->email, &v.author, &v.email);
    return v;
}

struct action_view action_view_of(const struct context *c, const struct schema *s,
                                  const struct people *people, const struct action_row *row,
                                  struct arena *a)
{
    struct action_view v = {
        .ref = row->ref, .postmortem = row->postmortem, .path = row->path, .text = row->text,
        .reason = row->reason, .owners = row->owners, .type = row->type,
        .priority = row->priority, .tracker = row->tracker, .links = row->links,
        .line = row->line, .gone = row->gone, .state = row->state, .due = row->due, .slips = row->slips,
        .slipped_days = row->slipped_days,
        .severity = row->severity, .services = row->services, .causes = row->causes,
        .date = row->date,
        .opened = moment_view_of(c, people, &row->opened, a),
        .closed = moment_view_of(c, people, &row->closed, a),
    };
    int64_t today = date_days(c->today);
    v.has_age = action_row_age(row, c->zone, c->today, &v.age_days);
    /* What has a ticket is followed up there, unless the schema says that the document decides. */
    bool elsewhere = row->tracker.n && !s->actions.authority_document;
    v.elsewhere = elsewhere;
    if (row->due.year && item_unresolved(row->state) && !elsewhere) {
        v.has_overdue = true;
        v.overdue_days = today - date_days(row->due);
    }
    return v;
}

struct event_view event_view_of(const struct context *c, const struct people *people,
                                const struct event_row *row, struct arena *a)
{
    return (struct event_view){
        .ref = row->ref, .kind = row->kind, .before = row->before, .after = row->after,
        .days = row->days, .change = moment_view_of(c, people, &row->change, a),
        .landing = moment_view_of(c, people, &row->landing, a),
    };
}
