/* pm/err.h - base: why something could not be done
 *
 * A function that can fail for a reason outside the program returns 0 or -1 and takes a
 * `struct err *`, which it fills only on failure, with one complete sentence: lower case, no full
 * stop, the subject quoted: cannot read 'postmortems/x.md': permission denied. Callers add what
 * they know in front with err_prefix. What a user wrote wrongly is not an err but a finding
 * (pm/problem.h); a bug of ours is BUG().
 */
#ifndef PM_ERR_H
#define PM_ERR_H

#include <stdarg.h>
#include <stdbool.h>

struct err {
    char text[1024]; /* cut, never overrun; "" when nothing failed */
    bool usage;      /* the command line was wrong, not the environment */
};
#define ERR_INIT {{0}, false}

/* All return -1, so that `return err_set(e, ...)` reads well. e may be NULL. */
int err_set(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_usage(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int err_errno(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* adds ": strerror" in lower case */
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
