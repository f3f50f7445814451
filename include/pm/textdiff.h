/* pm/textdiff.h - git: two versions of a text, line by line, as git compares them
 *
 * libgit2 lives as long as a repository is open: one must be.
 */
#ifndef PM_TEXTDIFF_H
#define PM_TEXTDIFF_H

#include "pm/str.h"

/* A run of lines of the later version, counted from 1. */
struct line_range {
    uint32_t first, last;
};
struct line_ranges {
    struct line_range *v;
    size_t n, cap;
};

/* Appends the lines that are new or another, in order. Where lines were only taken away, those around
 * the gap, empty lines included, up to the next one with text. */
void text_changes(struct line_ranges *out, struct slice before, struct slice after);
bool line_ranges_meet(const struct line_ranges *r, uint32_t first, uint32_t last);
void line_ranges_release(struct line_ranges *r);

/* Appends a patch that `git apply` takes, from the top of the repository; nothing where both are
 * equal. */
void text_patch(struct str *out, struct slice path, struct slice before, struct slice after);

#endif
