/* What git prints for pm, of any bytes: status, diff-index, ls-files, diff-files. Each question
 * gets an answer or a sentence; what is listed is in order, each path once, was in what git said, and is
 * found again.
 *
 * Answers are separated by 0xff; the first is to the first question, the last to all that follow. */
#include <sys/stat.h>

#include "pm/snapshot.h"

#include "../lib/in_gits_place.h"
#include "../lib/scripted.h"

static struct repo *repo;

static const char script[] =
    "echo '# A' >postmortems/a.md; echo '# B' >postmortems/b.md; ln -s a.md postmortems/link.md\n"
    "mkdir .pm; echo 'fields: {}' >.pm/schema.yaml; : >postmortems/empty.md\n"
    "git add .; git commit -q -m all; echo '# C' >postmortems/c.md\n";

static struct slice answers;

static int git_answers(const char *const *argv, struct str *out, struct err *e)
{
    struct slice answer = answers;
    (void)argv, (void)e;
    if (slice_chr(answers, '\xff', 0) != SIZE_MAX)
        slice_split(&answers, '\xff', &answer);
    str_adds(out, answer);
    return 0;
}

/* ---- what differs ---- */

/* But for what is untracked, a path is as git said it. */
static void check_pending(int result, struct pending_list *list, struct slice said, struct err *e)
{
    check_that(result == 0 || e->text[0], "a failure has its sentence");
    for (size_t i = 0; result == 0 && i < list->n; i++) {
        const struct pending *p = &list->v[i];
        check_that(slice_find(said, p->path, 0) != SIZE_MAX, "a path is one that git said");
        check_that(i == 0 || slice_cmp(list->v[i - 1].path, p->path) < 0, "each path once, in order");
        check_that(!p->gone || !p->untracked, "what is untracked is there");
    }
    if (result == 0)
        pending_release(list);
    *e = (struct err)ERR_INIT;
}

static void ask_what_differs(struct slice said, const struct oid *commit)
{
    struct pending_list list;
    struct err e = ERR_INIT;
    int result = pending_worktree(&list, repo, &e);
    for (size_t i = 0; result == 0 && i < list.n; i++)
        check_that(!list.v[i].untracked || list.v[i].path.n, "what is untracked has a path");
    check_pending(result, &list, said, &e);
    answers = said;
    result = pending_staged(&list, repo, &e);
    check_pending(result, &list, said, &e);
    answers = said;
    result = pending_against(&list, repo, commit, false, &e);
    check_pending(result, &list, said, &e);
}

/* ---- what there is ---- */

static bool wants(void *ctx, struct slice path, bool folder)
{
    (void)ctx, (void)folder;
    return !slice_ends(path, SLICE(".txt"));
}

/* By the paths behind the tabs, up to the first answer's end. */
static bool is_sorted(struct slice said)
{
    struct slice record, last = {0};
    said = slice_sub(said, 0, slice_chr(said, '\xff', 0));
    while (slice_split(&said, '\0', &record)) {
        struct slice path = slice_sub(record, slice_chr(record, '\t', 0), record.n);
        if (last.p && slice_cmp(last, path) >= 0)
            return false;
        last = path;
    }
    return true;
}

/* sorted: git said it in order, as it does of the index, which is searched by that. */
static void check_snapshot(int result, struct snapshot *s, struct slice said, bool sorted,
                           struct err *e)
{
    struct str text = STR_INIT;
    bool too_large;
    check_that(result == 0 || e->text[0], "a failure has its sentence");
    if (result)
        return;
    for (size_t i = 0; i < snapshot_count(s); i++) {
        struct slice path = snapshot_file(s, i)->path;
        check_that(slice_find(said, path, 0) != SIZE_MAX, "a path is one that git said");
        check_that(wants(NULL, path, false), "no file is listed that nobody wants");
        check_that(snapshot_find(s, path) == i, "what is listed is found");
        check_that(snapshot_holds(s, repo, path, e) == 1 || !sorted, "what is listed is there");
        str_clear(&text);
        result = snapshot_read(s, repo, i, 100, &text, &too_large, e);
        check_that(result == 0 || e->text[0], "a failure has its sentence");
        *e = (struct err)ERR_INIT;
    }
    result = snapshot_read_path(s, repo, SLICE(".pm/schema.yaml"), 100, &text, &too_large, e);
    check_that(result >= 0 || e->text[0], "a failure has its sentence");
    snapshot_free(s);
    str_release(&text);
}

static void ask_what_is_there(struct slice said)
{
    struct snapshot *s = NULL;
    struct err e = ERR_INIT;
    int result = snapshot_of_index(&s, repo, NULL, wants, NULL, &e);
    check_snapshot(result, s, said, is_sorted(said), &e);
    answers = said;
    e = (struct err)ERR_INIT;
    result = snapshot_of_worktree(&s, repo, NULL, wants, NULL, &e);
    check_snapshot(result, s, said, true, &e);
}

static void leave(void)
{
    repo_free(repo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice said = slice_from((const char *)data, size);
    static struct oid commit;
    struct err e = ERR_INIT;
    if (!repo) {
        scripted_make(script);
        atexit(leave);
        struct repo_where where = {scripted, NULL};
        check_that(repo_open(&repo, &where, &e) == 0 && commit_head(repo, &commit, &e) == 1, e.text);
    }
    answers = said;
    ask_what_differs(said, &commit);
    answers = said;
    ask_what_is_there(said);
    return 0;
}
