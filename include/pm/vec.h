/* pm/vec.h - base: growable arrays of any type
 *
 *     VEC(struct finding) findings = VEC_INIT;
 *     vec_push(&findings, f);
 *     for (size_t i = 0; i < findings.n; i++) use(&findings.v[i]);
 *     vec_release(&findings);
 *
 * Pointers into v hold until the next push. What the elements own is the caller's to free.
 */
#ifndef PM_VEC_H
#define PM_VEC_H

#include <stddef.h>
#include <stdlib.h> /* free and qsort, for the macros */
#include <string.h> /* memset */

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, cap;                                                                             \
    }
#define VEC_INIT {NULL, 0, 0}

/* Grows an array of *cap elements so that need of them fit, by half at least; returns it and updates
 * *cap. */
void *vec_grow(void *v, size_t *cap, size_t need, size_t size);

#define vec_reserve(vec, need)                                                                     \
    ((need) > (vec)->cap                                                                           \
         ? (void)((vec)->v = vec_grow((vec)->v, &(vec)->cap, (need), sizeof *(vec)->v))            \
         : (void)0)
#define vec_push(vec, ...)                                                                         \
    do {                                                                                           \
        vec_reserve((vec), (vec)->n + 1);                                                          \
        (vec)->v[(vec)->n++] = (__VA_ARGS__);                                                      \
    } while (0)
/* Appends a zeroed element and gives its address. */
#define vec_add(vec)                                                                               \
    (vec_reserve((vec), (vec)->n + 1), memset(&(vec)->v[(vec)->n], 0, sizeof *(vec)->v),           \
     &(vec)->v[(vec)->n++])
#define vec_clear(vec) ((void)((vec)->n = 0))
#define vec_release(vec) (free((vec)->v), (void)((vec)->v = NULL, (vec)->n = (vec)->cap = 0))
#define vec_sort(vec, cmp)                                                                         \
    ((vec)->n > 1 ? qsort((vec)->v, (vec)->n, sizeof *(vec)->v, (cmp)) : (void)0)

#endif
