#include "../../src/corpus/workers.h"

#include <stdatomic.h>
#include <time.h>

#include "../lib/sandbox.h"

enum { PIECES = 1000, BATCH_OF = 7 };

static struct repo *repository(void)
{
    struct repo_where where = {"r", NULL};
    struct err e = ERR_INIT;
    struct repo *r = NULL;
    sh("git init -q r");
    if (repo_open(&r, &where, &e))
        fail_msg("%s", e.text);
    return r;
}

static int count(void *ctx, const struct worker *w, size_t from, size_t to, struct err *e)
{
    atomic_uint *done = ctx;
    assert_true(w->repo && w->zones && w->number < CORPUS_THREADS);
    for (size_t i = from; i < to; i++)
        atomic_fetch_add(&done[i], 1);
    return 0;
}

static void each_piece_is_done_once(void **state)
{
    static atomic_uint done[PIECES];
    const struct work work = {count, done, PIECES, BATCH_OF, 1, 4};
    struct err e = ERR_INIT;
    struct repo *r = repository();
    assert_int_equal(work_share(&work, r, &e), 0);
    for (size_t i = 0; i < PIECES; i++)
        assert_int_equal(atomic_load(&done[i]), 1);
    repo_free(r);
}

/* The first piece waits for the second, if another thread does that, and fails after it. */
static int fail_late(void *ctx, const struct worker *w, size_t from, size_t to, struct err *e)
{
    static const struct timespec pause = {0, 1000000};
    atomic_bool *second = ctx;
    for (int waited = 0; from == 0 && !atomic_load(second) && waited < 2000; waited++)
        nanosleep(&pause, NULL);
    err_set(e, "piece %zu", from);
    if (from > 0)
        atomic_store(second, true);
    return -1;
}

static void the_first_of_all_that_fail_is_told(void **state)
{
    atomic_bool second = false;
    const struct work work = {fail_late, &second, 2, 1, 1, 2};
    struct err e = ERR_INIT;
    struct repo *r = repository();
    assert_int_equal(work_share(&work, r, &e), -1);
    assert_string_equal(e.text, "piece 0");
    repo_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_piece_is_done_once, sandbox_setup, sandbox_teardown),
        cmocka_unit_test_setup_teardown(the_first_of_all_that_fail_is_told, sandbox_setup,
                                        sandbox_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
