/* unit.h - what every unit test includes, in the order that cmocka asks for, and slices compared
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pm/slice.h"

#define assert_slice(actual, expected)                                                             \
    do {                                                                                           \
        struct slice unit_actual_ = (actual);                                                      \
        size_t unit_length_ = strlen(expected);                                                    \
        if (!slice_eqz(unit_actual_, (expected)))                                                  \
            fail_msg("'" SLICE_FMT "' (%zu bytes) is not '%s' (%zu)", SLICE_ARG(unit_actual_),     \
                     unit_actual_.n, (expected), unit_length_);                                    \
    } while (0)

#endif
