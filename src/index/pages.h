/* Pages that stand in for those of a file that is never changed itself: what came to it since, in a
 * file beside it. Both are read together; of a file that has been replaced nothing is left to say. */
#ifndef PM_INDEX_PAGES_H
#define PM_INDEX_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096, PAGE_SUM = 8 };

/* Of n bytes, a multiple of 8, that stand at a place in their file: what stands elsewhere than it
 * should is damage too. */
uint64_t page_checksum(const void *bytes, size_t n, uint64_t offset);

struct pages;

/* base: the checksum of the file's first page, which no two files share. */
struct pages *pages_new(uint64_t base, uint64_t total);
/* NULL: there are none, or they are those of another file, or they are damaged. */
struct pages *pages_read(const char *path, uint64_t base);
void pages_free(struct pages *p);

/* NULL: that of the file itself stands. Pages count from 0. */
const unsigned char *pages_find(const struct pages *p, uint64_t number);
/* Copied; false: there are too many to be held in memory. */
bool pages_put(struct pages *p, uint64_t number, const unsigned char *page);
size_t pages_count(const struct pages *p);
/* How many pages the whole has. */
uint64_t pages_total(const struct pages *p);
void pages_truncate(struct pages *p, uint64_t total);
/* Replaces the file at path: -1 with errno. */
int pages_write(const struct pages *p, const char *path);

#endif
