/* pm/glob.h - base: globs of the schema
 *
 * '*' and '?' never match '/', '**' matches any number of whole components, [a-z] a class, {a,b}
 * alternatives (not nested), '\' quotes. A pattern without '/' matches the base name at any depth.
 */
#ifndef PM_GLOB_H
#define PM_GLOB_H

#include "pm/alloc.h"
#include "pm/slice.h"

/* *why (why may be NULL) is only written where it is not valid: a constant. */
bool glob_valid(struct slice pattern, const char **why);

/* A pattern that glob_valid has passed (another one is a bug), made ready to be matched against many
 * paths; it lives in the arena, borrows nothing, and never changes, so that threads may share it.
 * fold: its small letters stand for great ones, too, but not those of classes. */
struct glob;
struct glob *glob_new(struct slice pattern, bool fold, struct arena *a);
/* Linear in path × pattern, whatever the pattern; some dozens of instructions a byte for usual ones. */
bool glob_match(const struct glob *g, struct slice path);

/* Matches a pattern against one path; one that is not valid matches nothing. */
bool glob_match_once(struct slice pattern, struct slice path);

#endif
