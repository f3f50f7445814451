/* For fuzz targets: who includes this stands where src/git/ask.c does, whose functions are taken from
 * here then, and answers in git's place.
 */
#ifndef PM_TEST_IN_GITS_PLACE_H
#define PM_TEST_IN_GITS_PLACE_H

#include "hostile.h"
#include "pm/repo.h"

/* What repo_ask promises; the target has it. */
static int git_answers(const char *const *argv, struct str *out, struct err *e);

struct question {
    int result;
    struct str answer;
    struct err why;
};

int repo_ask_begin(struct question **out, const struct repo *r, const char *const *argv,
                   struct err *e)
{
    struct question q = {.answer = STR_INIT, .why = ERR_INIT};
    (void)r, (void)e;
    check_that(argv[0] && argv[1], "git is asked something");
    q.result = git_answers(argv, &q.answer, &q.why);
    *out = xmemdup(&q, sizeof q);
    return 0;
}

void repo_ask_abandon(struct question *q)
{
    if (q)
        str_release(&q->answer);
    free(q);
}

int repo_ask_end(struct question *q, struct str *out, struct err *e)
{
    int result = q->result;
    if (result == 0)
        str_adds(out, str_slice(&q->answer));
    else
        err_set(e, "%s", q->why.text);
    repo_ask_abandon(q);
    return result;
}

int repo_ask(const struct repo *r, const char *const *argv, struct str *out, struct err *e)
{
    struct question *q = NULL;
    return repo_ask_begin(&q, r, argv, e) ? -1 : repo_ask_end(q, out, e);
}

#endif
